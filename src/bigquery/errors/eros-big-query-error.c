/* eros-big-query-error.c: what Google answered, in a form a program can act upon and a person can read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-big-query-error.h"

#include <glib/gi18n-lib.h>

#include "eros-error-kind-private.h"
#include "eros-role.h"
#include "eros-sentences.h"
#include "eros-sign-in-error.h"

typedef struct
{
  char *reason;
  char *said;
  char *advice;
  ErosErrorKind kind;
} ErosBigQueryErrorPrivate;

static void
eros_big_query_error_private_init (ErosBigQueryErrorPrivate *priv)
{
  /* An error of this program's own: only no answer at all is a passing one. */
}

static void
eros_big_query_error_private_copy (const ErosBigQueryErrorPrivate *from, ErosBigQueryErrorPrivate *to)
{
  to->reason = g_strdup (from->reason);
  to->said = g_strdup (from->said);
  to->advice = g_strdup (from->advice);
  to->kind = from->kind;
}

static void
eros_big_query_error_private_clear (ErosBigQueryErrorPrivate *priv)
{
  g_free (priv->reason);
  g_free (priv->said);
  g_free (priv->advice);
}

G_DEFINE_EXTENDED_ERROR (ErosBigQueryError, eros_big_query_error)

/* (transfer full) */
static char *
advice_of (const ErosErrorKind *kind, const char *message)
{
  const char *role = kind->cause == EROS_BIG_QUERY_CAUSE_ROLE ? eros_error_kind_role (message) : NULL;

  if (role == NULL && kind->advice == NULL)
    role = EROS_ROLE_USAGE;
  /* Translators: %s: a role, such as “BigQuery Job User” */
  return role != NULL ? g_strdup_printf (_ ("Ask the project's administrator for the role “%s”."), role)
                      : g_strdup (_ (kind->advice));
}

/**
 * eros_big_query_error_new:
 * @status: the HTTP status, or 0 for a job that failed
 * @reason: (nullable): Google's word for it
 * @message: Google's sentence
 *
 * Returns: (transfer full): an %EROS_BIG_QUERY_ERROR that says what happened and what to do
 */
GError *
eros_big_query_error_new (guint status, const char *reason, const char *message)
{
  ErosErrorKind kind = eros_error_kind_of (status, reason, message);
  g_autofree char *advice = advice_of (&kind, message);
  GError *error = g_error_new_literal (EROS_BIG_QUERY_ERROR, kind.code, message);
  ErosBigQueryErrorPrivate *priv = eros_big_query_error_get_private (error);

  priv->reason = g_strcmp0 (reason, EROS_REASON_PAGE) != 0 ? g_strdup (reason) : NULL;
  priv->said = g_strdup (message);
  priv->kind = kind;
  eros_big_query_error_advise (error, advice);
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
 * @error: an error of this domain
 * @advice: a sentence: what to do about it
 *
 * Puts a better advice in the place of the one that the error has.
 */
void
eros_big_query_error_advise (GError *error, const char *advice)
{
  ErosBigQueryErrorPrivate *priv = eros_big_query_error_get_private (error);

  if (priv->said == NULL)
    priv->said = g_strdup (error->message);
  g_free (priv->advice);
  priv->advice = g_strdup (advice);
  g_free (error->message);
  error->message = eros_sentences_join (priv->said, advice);
}

const char *
eros_big_query_error_get_said (const GError *error)
{
  const char *said =
    error->domain == EROS_BIG_QUERY_ERROR ? eros_big_query_error_get_private (error)->said : NULL;

  return said != NULL ? said : error->message;
}

const char *
eros_big_query_error_get_advice (const GError *error)
{
  return error->domain == EROS_BIG_QUERY_ERROR ? eros_big_query_error_get_private (error)->advice : NULL;
}

ErosBigQueryCause
eros_big_query_error_get_cause (const GError *error)
{
  return error->domain == EROS_BIG_QUERY_ERROR ? eros_big_query_error_get_private (error)->kind.cause
                                               : EROS_BIG_QUERY_CAUSE_NONE;
}

const char *
eros_big_query_error_get_role (const GError *error)
{
  return eros_big_query_error_get_cause (error) == EROS_BIG_QUERY_CAUSE_ROLE
           ? eros_error_kind_role (eros_big_query_error_get_said (error))
           : NULL;
}

/* Whether no answer came. */
static gboolean
is_no_answer (const GError *error)
{
  if (error->domain == G_IO_ERROR)
    return error->code != G_IO_ERROR_CANCELLED;
  /* A connection that was cut, which before it is encrypted is told as if the server did not encrypt. */
  if (error->domain == G_TLS_ERROR)
    return error->code == G_TLS_ERROR_MISC || error->code == G_TLS_ERROR_NOT_TLS ||
           error->code == G_TLS_ERROR_EOF;
  return error->domain == G_RESOLVER_ERROR;
}

/**
 * eros_big_query_error_is_transient:
 * @error: an error of a request
 *
 * What Google's own clients send again: 408, 429, 5xx and the rate limits; and everything that means that no
 * answer came. A quota that is used up for the day is not cured by waiting a minute; one for a rate is. What
 * says that a job has failed will say so again.
 *
 * Returns: whether sending it again may help
 */
gboolean
eros_big_query_error_is_transient (const GError *error)
{
  if (error->domain == EROS_BIG_QUERY_ERROR)
    return eros_big_query_error_get_private (error)->kind.again == AGAIN_REQUEST;
  return is_no_answer (error);
}

/**
 * eros_big_query_error_may_pass:
 * @error: an error of a request or of a job
 *
 * Returns: whether it is no verdict about what was asked for
 */
gboolean
eros_big_query_error_may_pass (const GError *error)
{
  return error->domain == EROS_BIG_QUERY_ERROR
           ? error->code == EROS_BIG_QUERY_ERROR_UNAVAILABLE ||
               eros_big_query_error_get_private (error)->kind.again != AGAIN_NEVER
           : is_no_answer (error);
}

gboolean
eros_big_query_error_was_too_soon (const GError *error)
{
  return g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_CONFLICT) ||
         (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_QUOTA) &&
          eros_big_query_error_may_pass (error));
}

gboolean
eros_big_query_error_is_sign_in (const GError *error)
{
  return error->domain == EROS_SIGN_IN_ERROR ||
         g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_SIGN_IN);
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
