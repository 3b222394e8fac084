/* eros-sql-text.c: the one place where identifiers become part of SQL text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-sql-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "eros-controller-error.h"
#include "eros-name-rules.h"

/* What stands in the text for which name, and what that may consist of. */
static const struct
{
  const char *name;
  const char *pattern;
  const char *rule;
} identifiers[] = {
  { "project", EROS_PROJECT_PATTERN,
    N_ ("6 to 30 lower-case letters, digits and hyphens, beginning with a letter") },
  { "dataset", EROS_DATASET_PATTERN, N_ ("letters, digits and underscores, at most 1,024") },
  { "location", EROS_LOCATION_PATTERN, N_ ("letters, digits and hyphens, at most 64") },
};

static char *
value_of (guint i, ErosConnection *connection, GError **error)
{
  const char *values[] = { eros_connection_get_project (connection), eros_connection_get_dataset (connection),
                           eros_connection_get_location (connection) };
  const char *value = values[i] != NULL ? values[i] : "";

  if (!eros_name_is (value, identifiers[i].pattern))
    {
      g_set_error (
        error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
        /* Translators: %1$s: “project”, “dataset” or “location”, %2$s: what was entered, %3$s: the rule */
        _ ("The connection's %1$s, “%2$s”, cannot be one: %3$s are allowed. Nothing was sent. Correct the "
           "connection."),
        identifiers[i].name, value, _ (identifiers[i].rule));
      return NULL;
    }
  /* `region-us`: INFORMATION_SCHEMA wants locations in lower case */
  return g_str_equal (identifiers[i].name, "location") ? g_ascii_strdown (value, -1) : g_strdup (value);
}

static char *
fill_one (const char *name, gsize length, const char *source, ErosConnection *connection, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (identifiers); i++)
    if (strlen (identifiers[i].name) == length && strncmp (identifiers[i].name, name, length) == 0)
      return value_of (i, connection, error);
  g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED,
               _ ("%s has a placeholder that this version does not know: ${%.*s}"), source, (int) length,
               name);
  return NULL;
}

/**
 * eros_sql_text_fill:
 * @sql: SQL text with `${project}`, `${dataset}` and `${location}`
 * @source: where it came from, for errors
 * @connection: whose identifiers stand in for them
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * Every other value belongs into a query parameter. An identifier that is not well-formed is an error, and so
 * is a placeholder of another name.
 *
 * Returns: (transfer full): the statement's text as it is sent, or %NULL
 */
char *
eros_sql_text_fill (const char *sql, const char *source, ErosConnection *connection, GError **error)
{
  g_autoptr (GString) filled = g_string_new (NULL);
  const char *rest = sql;
  const char *open;

  while ((open = strstr (rest, "${")) != NULL)
    {
      const char *close = strchr (open, '}');
      g_autofree char *value = NULL;

      if (close == NULL)
        break;
      g_string_append_len (filled, rest, open - rest);
      value = fill_one (open + 2, close - open - 2, source, connection, error);
      if (value == NULL)
        return NULL;
      g_string_append (filled, value);
      rest = close + 1;
    }
  g_string_append (filled, rest);
  return g_string_free (g_steal_pointer (&filled), FALSE);
}

/**
 * eros_sql_text_sha256:
 * @sql: SQL text before anything is filled in
 *
 * The same text has the same digest in every environment, which is what “tested in staging” means.
 *
 * Returns: (transfer full): lower-case hexadecimal
 */
char *
eros_sql_text_sha256 (const char *sql)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, sql, -1);
}
