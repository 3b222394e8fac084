/* eros-grant.h: what entitles us to tokens: a service account's key, a person's refresh token, or impersonation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-sign-in.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_GRANT_SERVICE_ACCOUNT,
  EROS_GRANT_USER,
  EROS_GRANT_IMPERSONATED,
} ErosGrantKind;

/* Immutable, reference-counted; wiped when the last reference goes. */
typedef struct _ErosGrant
{
  /*< private >*/
  grefcount references;
  /*< public >*/
  ErosGrantKind      kind;
  char              *token_uri;
  char              *quota_project;     /* (nullable): who is charged for the calls */
  char              *email;             /* SERVICE_ACCOUNT, IMPERSONATED */
  char              *key_id;            /* SERVICE_ACCOUNT */
  char              *private_key;       /* SERVICE_ACCOUNT: PEM */
  char              *client_id;         /* USER */
  char              *client_secret;     /* USER, (nullable) */
  char              *refresh_token;     /* USER */
  char              *impersonation_uri; /* IMPERSONATED */
  char             **delegates;         /* IMPERSONATED, (nullable) */
  struct _ErosGrant *source;            /* IMPERSONATED: who impersonates */
} ErosGrant;

/* Google's credential files: service_account, authorized_user, impersonated_service_account. name: for errors. */
ErosGrant *eros_grant_parse (const char *text, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ErosGrant *eros_grant_new_user (const char *client_id,
                                const char *client_secret,
                                const char *token_uri,
                                const char *refresh_token);
ErosGrant *eros_grant_ref (ErosGrant *self);
void       eros_grant_unref (ErosGrant *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosGrant, eros_grant_unref)
/* The same in the same format, with nothing in it that is not needed: (transfer full), eros_secret_free () */
char *eros_grant_to_json (ErosGrant *self);
/* “eros@x.iam.gserviceaccount.com (key 1a2b3c)”: (transfer full) */
char *eros_grant_describe (ErosGrant *self);

/* A small text file: a credential file or an OAuth client. */
void  eros_grant_read_file_async (GFile              *file,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
char *eros_grant_read_file_finish (GAsyncResult *result,
                                   GError      **error) G_GNUC_WARN_UNUSED_RESULT; /* eros_secret_free () */
/* Where Google's tools look for application default credentials; NULL: there are none. (transfer full) */
GFile *eros_grant_find_default_file (GError **error);

G_END_DECLS
