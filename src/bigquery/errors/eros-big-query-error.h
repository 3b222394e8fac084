/* eros-big-query-error.h: what Google answered, in a form a program can act upon and a person can read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define EROS_BIG_QUERY_ERROR (eros_big_query_error_quark ())
typedef enum
{
  EROS_BIG_QUERY_ERROR_FAILED,      /* anything else */
  EROS_BIG_QUERY_ERROR_INVALID,     /* 400: our mistake; a query's message ends in “at [line:column]” */
  EROS_BIG_QUERY_ERROR_SIGN_IN,     /* 401 */
  EROS_BIG_QUERY_ERROR_DENIED,      /* 403: a permission, a scope or a setting */
  EROS_BIG_QUERY_ERROR_NOT_FOUND,   /* 404 */
  EROS_BIG_QUERY_ERROR_DUPLICATE,   /* 409 */
  EROS_BIG_QUERY_ERROR_CHANGED,     /* 412: somebody was faster */
  EROS_BIG_QUERY_ERROR_QUOTA,       /* 403, 429: rate or quota */
  EROS_BIG_QUERY_ERROR_BUDGET,      /* the query would bill more than the connection's budget */
  EROS_BIG_QUERY_ERROR_STOPPED,     /* cancelled or timed out on the server */
  EROS_BIG_QUERY_ERROR_UNAVAILABLE, /* no answer, or 5xx, until the deadline */
  EROS_BIG_QUERY_ERROR_MALFORMED,   /* an answer that cannot be one, or is larger than it may be */
  EROS_BIG_QUERY_ERROR_CONFLICT,    /* somebody changed the same table at the same moment; nothing was done */
} ErosBigQueryError;
GQuark eros_big_query_error_quark (void);

/* What is missing where something is refused. */
typedef enum
{
  EROS_BIG_QUERY_CAUSE_NONE,
  EROS_BIG_QUERY_CAUSE_ROLE,    /* a permission */
  EROS_BIG_QUERY_CAUSE_SCOPE,   /* the sign-in's own reach */
  EROS_BIG_QUERY_CAUSE_API_OFF, /* the service is not enabled */
  EROS_BIG_QUERY_CAUSE_BILLING,
  EROS_BIG_QUERY_CAUSE_CLOCK, /* the right time */
  EROS_BIG_QUERY_CAUSE_OTHER, /* a policy, a lock, a block: no role helps */
} ErosBigQueryCause;

/* Google's own word for it: "accessDenied", "invalidQuery" …; NULL when there was none, or for another domain. */
const char *eros_big_query_error_get_reason (const GError *error);
/* An error of ours made of Google's: status is the HTTP status, 0 for a job that failed. Its message is what Google
 * said, and what to do about it. */
GError *eros_big_query_error_new (guint status, const char *reason, const char *message);
/* The same, read from an answer whatever its form; authenticate: (nullable): its header WWW-Authenticate. */
GError *eros_big_query_error_of_answer (guint status, const char *authenticate, const char *body, gsize length);
/* Somebody knows better what to do: replaces the advice. */
void eros_big_query_error_advise (GError *error, const char *advice);
/* The two parts of the message. Of an error from elsewhere: all of it, and NULL. */
const char       *eros_big_query_error_get_said (const GError *error);
const char       *eros_big_query_error_get_advice (const GError *error);
ErosBigQueryCause eros_big_query_error_get_cause (const GError *error);
/* (nullable): the role that has the permission which is missing by what Google says. */
const char *eros_big_query_error_get_role (const GError *error);
/* Whether the same request may be sent again and may then succeed. */
gboolean eros_big_query_error_is_transient (const GError *error);
/* Whether it says nothing about what was asked for: it passes, or the same work may succeed as another job. */
gboolean eros_big_query_error_may_pass (const GError *error);
/* Of a job: whether it has lost to somebody else's change of the same table, or came sooner than the rate allows at
 * which a table may be changed: its statement has done nothing, and may succeed a little later. */
gboolean eros_big_query_error_was_too_soon (const GError *error);
/* Whether it is about who is signed in: nothing else works either until that is mended. */
gboolean eros_big_query_error_is_sign_in (const GError *error);

gboolean eros_big_query_error_is_offline (const GError *error);
/* Where in the statement the mistake is, from 1, when its message says so: “… at [12:3]”. */
gboolean eros_big_query_error_get_position (const GError *error, guint *line, guint *column);

G_END_DECLS
