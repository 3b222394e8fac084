/* eros-big-query-error.c: what Google answered, in a form a program can act upon and a person can read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-big-query-error.h"

typedef struct
{
  char *reason;
} ErosBigQueryErrorPrivate;

static void
eros_big_query_error_private_init (ErosBigQueryErrorPrivate *priv)
{
  priv->reason = NULL;
}

static void
eros_big_query_error_private_copy (const ErosBigQueryErrorPrivate *from, ErosBigQueryErrorPrivate *to)
{
  to->reason = g_strdup (from->reason);
}

static void
eros_big_query_error_private_clear (ErosBigQueryErrorPrivate *priv)
{
  g_free (priv->reason);
}

G_DEFINE_EXTENDED_ERROR (ErosBigQueryError, eros_big_query_error)

/* https://cloud.google.com/bigquery/docs/error-messages */
static const struct
{
  const char *reason;
  ErosBigQueryError code;
} reasons[] = {
  { "accessDenied", EROS_BIG_QUERY_ERROR_DENIED },
  { "authError", EROS_BIG_QUERY_ERROR_SIGN_IN },
  { "backendError", EROS_BIG_QUERY_ERROR_UNAVAILABLE },
  { "billingNotEnabled", EROS_BIG_QUERY_ERROR_DENIED },
  { "billingTierLimitExceeded", EROS_BIG_QUERY_ERROR_BUDGET },
  { "blocked", EROS_BIG_QUERY_ERROR_DENIED },
  { "bytesBilledLimitExceeded", EROS_BIG_QUERY_ERROR_BUDGET },
  { "conditionNotMet", EROS_BIG_QUERY_ERROR_CHANGED },
  { "duplicate", EROS_BIG_QUERY_ERROR_DUPLICATE },
  { "internalError", EROS_BIG_QUERY_ERROR_UNAVAILABLE },
  { "invalid", EROS_BIG_QUERY_ERROR_INVALID },
  { "invalidQuery", EROS_BIG_QUERY_ERROR_INVALID },
  { "badRequest", EROS_BIG_QUERY_ERROR_INVALID },
  { "required", EROS_BIG_QUERY_ERROR_INVALID },
  { "jobBackendError", EROS_BIG_QUERY_ERROR_UNAVAILABLE },
  { "jobInternalError", EROS_BIG_QUERY_ERROR_UNAVAILABLE },
  { "jobRateLimitExceeded", EROS_BIG_QUERY_ERROR_QUOTA },
  { "notFound", EROS_BIG_QUERY_ERROR_NOT_FOUND },
  { "quotaExceeded", EROS_BIG_QUERY_ERROR_QUOTA },
  { "RATE_LIMIT_EXCEEDED", EROS_BIG_QUERY_ERROR_QUOTA },
  { "rateLimitExceeded", EROS_BIG_QUERY_ERROR_QUOTA },
  { "userRateLimitExceeded", EROS_BIG_QUERY_ERROR_QUOTA },
  { "stopped", EROS_BIG_QUERY_ERROR_STOPPED },
  { "timeout", EROS_BIG_QUERY_ERROR_STOPPED },
  { "tableUnavailable", EROS_BIG_QUERY_ERROR_UNAVAILABLE },
};

static ErosBigQueryError
code_of_status (guint status)
{
  switch (status)
    {
    case 400:
      return EROS_BIG_QUERY_ERROR_INVALID;
    case 401:
      return EROS_BIG_QUERY_ERROR_SIGN_IN;
    case 403:
      return EROS_BIG_QUERY_ERROR_DENIED;
    case 404:
    case 410:
      return EROS_BIG_QUERY_ERROR_NOT_FOUND;
    case 409:
      return EROS_BIG_QUERY_ERROR_DUPLICATE;
    case 412:
      return EROS_BIG_QUERY_ERROR_CHANGED;
    case 429:
      return EROS_BIG_QUERY_ERROR_QUOTA;
    default:
      return status == 408 || status >= 500 ? EROS_BIG_QUERY_ERROR_UNAVAILABLE : EROS_BIG_QUERY_ERROR_FAILED;
    }
}

static ErosBigQueryError
code_of (guint status, const char *reason)
{
  for (guint i = 0; reason != NULL && i < G_N_ELEMENTS (reasons); i++)
    if (g_str_equal (reasons[i].reason, reason))
      return reasons[i].code;
  return code_of_status (status);
}

/**
 * eros_big_query_error_new:
 * @status: the HTTP status, or 0 for a job that failed
 * @reason: (nullable): Google's word for it
 * @message: Google's sentence
 *
 * Returns: (transfer full): an %EROS_BIG_QUERY_ERROR
 */
GError *
eros_big_query_error_new (guint status, const char *reason, const char *message)
{
  GError *error = g_error_new_literal (EROS_BIG_QUERY_ERROR, code_of (status, reason), message);

  eros_big_query_error_get_private (error)->reason = g_strdup (reason);
  return error;
}

/**
 * eros_big_query_error_get_reason:
 * @error: any error
 *
 * Returns: (nullable): Google's own word for it
 */
const char *
eros_big_query_error_get_reason (const GError *error)
{
  return error->domain == EROS_BIG_QUERY_ERROR ? eros_big_query_error_get_private (error)->reason : NULL;
}

/**
 * eros_big_query_error_advise:
 * @error: an error
 * @advice: a sentence: what to do about it
 *
 * Adds a sentence to what the server said.
 */
void
eros_big_query_error_advise (GError *error, const char *advice)
{
  char *message =
    g_strconcat (error->message, g_str_has_suffix (error->message, ".") ? " " : ". ", advice, NULL);

  g_free (error->message);
  error->message = message;
}

/* “… exceeded quota for tabledata.list bytes per second per project” */
static gboolean
names_rate (const char *message)
{
  return g_regex_match_simple ("\\b(?:rates?|concurrent|per (?:second|minute|[0-9]+ seconds))\\b", message,
                               G_REGEX_CASELESS, 0);
}

/**
 * eros_big_query_error_is_transient:
 * @error: an error of a request
 *
 * What Google's own clients send again: 408, 429, 5xx and the rate limits; and everything that means that no
 * answer came. A quota that is used up for the day is not cured by waiting a minute; one for a rate is.
 *
 * Returns: whether sending it again may help
 */
gboolean
eros_big_query_error_is_transient (const GError *error)
{
  if (error->domain == EROS_BIG_QUERY_ERROR)
    return error->code == EROS_BIG_QUERY_ERROR_UNAVAILABLE ||
           (error->code == EROS_BIG_QUERY_ERROR_QUOTA &&
            (g_strcmp0 (eros_big_query_error_get_reason (error), "quotaExceeded") != 0 ||
             names_rate (error->message)));
  if (error->domain == G_IO_ERROR)
    return error->code != G_IO_ERROR_CANCELLED;
  /* A connection that was cut, which before it is encrypted is told as if the server did not encrypt. */
  if (error->domain == G_TLS_ERROR)
    return error->code == G_TLS_ERROR_MISC || error->code == G_TLS_ERROR_NOT_TLS ||
           error->code == G_TLS_ERROR_EOF;
  return error->domain == G_RESOLVER_ERROR;
}

/**
 * eros_big_query_error_is_offline:
 * @error: an error of a request
 *
 * Returns: whether no server could be reached at all: the request has not been heard
 */
gboolean
eros_big_query_error_is_offline (const GError *error)
{
  return error->domain == G_RESOLVER_ERROR ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

/**
 * eros_big_query_error_get_position:
 * @error: why a query failed
 * @line: (out): its line, from 1; 0 when it is not known
 * @column: (out): its column, from 1; likewise
 *
 * Returns: whether the message says where
 */
gboolean
eros_big_query_error_get_position (const GError *error, guint *line, guint *column)
{
  /* Of several, the last: it is the one in the text that was sent. */
  g_autoptr (GRegex) regex = g_regex_new ("^.*\\bat \\[(\\d{1,9}):(\\d{1,9})\\]", G_REGEX_DOTALL, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  *line = *column = 0;
  if (error->domain == EROS_BIG_QUERY_ERROR && g_regex_match (regex, error->message, 0, &match))
    {
      g_autofree char *line_text = g_match_info_fetch (match, 1);
      g_autofree char *column_text = g_match_info_fetch (match, 2);

      *line = (guint) g_ascii_strtoull (line_text, NULL, 10);
      *column = (guint) g_ascii_strtoull (column_text, NULL, 10);
    }
  return *line > 0;
}
