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
  EROS_BIG_QUERY_ERROR_DENIED,      /* 403: a permission or a setting */
  EROS_BIG_QUERY_ERROR_NOT_FOUND,   /* 404 */
  EROS_BIG_QUERY_ERROR_DUPLICATE,   /* 409 */
  EROS_BIG_QUERY_ERROR_CHANGED,     /* 412: somebody was faster */
  EROS_BIG_QUERY_ERROR_QUOTA,       /* 403, 429: rate or quota */
  EROS_BIG_QUERY_ERROR_BUDGET,      /* the query would bill more than the connection's budget */
  EROS_BIG_QUERY_ERROR_STOPPED,     /* cancelled or timed out on the server */
  EROS_BIG_QUERY_ERROR_UNAVAILABLE, /* no answer, or 5xx, until the deadline */
  EROS_BIG_QUERY_ERROR_MALFORMED,   /* an answer that cannot be one, or is larger than it may be */
} ErosBigQueryError;
GQuark      eros_big_query_error_quark      (void);

/* Google's own word for it: "accessDenied", "invalidQuery" …; NULL when there was none, or for another domain. */
const char *eros_big_query_error_get_reason (const GError *error);
/* An error of ours made of Google's: status is the HTTP status, 0 for a job that failed. */
GError     *eros_big_query_error_new        (guint         status,
                                             const char   *reason,
                                             const char   *message);
/* Adds what to do about it. */
void        eros_big_query_error_advise     (GError       *error,
                                             const char   *advice);
/* Whether the same request may be sent again and may then succeed. */
gboolean    eros_big_query_error_is_transient (const GError *error);

gboolean eros_big_query_error_is_offline (const GError *error);
/* Where in the statement the mistake is, from 1, when its message says so: “… at [12:3]”. */
gboolean eros_big_query_error_get_position (const GError *error, guint *line, guint *column);

G_END_DECLS
