/* fake-google.h: Google's sign-in and a BigQuery that asks for its tokens, on loopback
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

typedef struct
{
  SoupServer *server;
  char       *address;    /* "http://127.0.0.1:PORT" */
  char       *last_token; /* the only one that BigQuery accepts */
  GHashTable *last_form;  /* of the last request for a token */
  char       *last_quota_project;
  char       *last_scopes; /* of an impersonation */
  guint       n_token_requests;
  guint       n_api_requests;
  guint       n_unauthorized;
  guint       n_revoked;
  /* how to behave */
  guint       expires_in;
  guint       token_status; /* 0: 200 */
  const char *token_error;
  gint64      clock_offset_s; /* of the Date header */
  guint       reject_next;    /* this many API requests are not authorized */
  guint       hold_tokens;    /* answers wait until released */
  GPtrArray  *held;
  const char *token_text;    /* (nullable): a strange one */
  const char *refresh_token; /* (nullable): given out for a code */
  const char *granted;       /* (nullable): the scopes that a code is good for */
  char       *challenge;     /* that the browser showed */
} FakeGoogle;

FakeGoogle *fake_google_new (void);
void        fake_google_free (FakeGoogle *self);
void        fake_google_release (FakeGoogle *self);
/* A fresh 2,048 bit key: (transfer full) */
char *fake_google_make_pem (guint bits);
/* A key file of the service account: (transfer full) */
char *fake_google_key_file (FakeGoogle *self, const char *pem);
/* Whether an RS256 token is signed with the key and says who: */
void fake_google_assert_jwt (FakeGoogle *self, const char *jwt, const char *pem, const char *scope);
