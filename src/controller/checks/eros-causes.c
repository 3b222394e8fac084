/* eros-causes.c: what keeps several checks from looking, said by one of them
 *
 * A key that is not good fails every check, and is one thing to mend. Whoever meets a cause first says it;
 * the others have not looked at what they are about, and say whom to look at instead.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-causes.h"

#include <glib/gi18n-lib.h>

#include "eros-big-query-error.h"

struct _ErosCauses
{
  char *said_by[EROS_NEED_PROJECT + 1]; /* (nullable) each */
  GHashTable *texts;                    /* what a service said → who has passed it on */
};

ErosCauses *
eros_causes_new (void)
{
  ErosCauses *self = g_new0 (ErosCauses, 1);

  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
eros_causes_free (ErosCauses *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->said_by); i++)
    g_free (self->said_by[i]);
  g_hash_table_unref (self->texts);
  g_free (self);
}

/**
 * eros_need_of_error:
 * @error: why something could not be looked at
 *
 * Returns: what it is that is missing
 */
ErosNeed
eros_need_of_error (const GError *error)
{
  if (eros_big_query_error_is_sign_in (error))
    return EROS_NEED_SIGN_IN;
  if (error->domain == G_IO_ERROR || error->domain == G_TLS_ERROR || error->domain == G_RESOLVER_ERROR)
    return EROS_NEED_NETWORK;
  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND) &&
      g_regex_match_simple ("^not found: project\\b", eros_big_query_error_get_said (error), G_REGEX_CASELESS,
                            0))
    return EROS_NEED_PROJECT;
  return EROS_NEED_NOTHING;
}

/* (transfer full) */
static char *
say_need (const char *who)
{
  /* Translators: %s: what was looked at and has failed: “Sign-in” */
  return g_strdup_printf (_ ("Not looked at (needs “%s”)"), who);
}

/**
 * eros_causes_meet:
 * @self: what has been met so far
 * @who: the check that has met it, as a person reads it
 * @tells_of_all: whether no answer to @who means that the others get none either
 * @error: why it could not look
 *
 * Returns: (transfer full) (nullable): when another one says it: a sentence that names it; %NULL when @who is
 * to say it
 */
char *
eros_causes_meet (ErosCauses *self, const char *who, gboolean tells_of_all, const GError *error)
{
  ErosNeed need = eros_need_of_error (error);
  const char *text = eros_big_query_error_get_said (error);
  const char *said_by = need != EROS_NEED_NOTHING ? self->said_by[need] : NULL;

  if (said_by != NULL)
    return say_need (said_by);
  if (need != EROS_NEED_NOTHING)
    {
      if (need != EROS_NEED_NETWORK || tells_of_all)
        self->said_by[need] = g_strdup (who);
      return NULL;
    }
  said_by = g_hash_table_lookup (self->texts, text);
  /* Translators: %s: another check, which has failed */
  if (said_by != NULL)
    return g_strdup_printf (_ ("Not looked at (for the same reason as “%s”)"), said_by);
  g_hash_table_insert (self->texts, g_strdup (text), g_strdup (who));
  return NULL;
}

/**
 * eros_causes_explain_block:
 * @self: what has been met so far
 *
 * Returns: (transfer full) (nullable): when nothing else can be looked at either: why
 */
char *
eros_causes_explain_block (ErosCauses *self)
{
  static const ErosNeed of_all[] = { EROS_NEED_NETWORK, EROS_NEED_SIGN_IN };

  for (guint i = 0; i < G_N_ELEMENTS (of_all); i++)
    if (self->said_by[of_all[i]] != NULL)
      return say_need (self->said_by[of_all[i]]);
  return NULL;
}
