/* eros-definition-columns.c: the columns that a table's DDL names
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-definition-columns.h"

#include <string.h>

typedef struct
{
  char *name; /* without its back-quotes */
  char *type; /* "INT64", "STRUCT<a INT64>", without DEFAULT, NOT NULL and OPTIONS */
} ErosDefinitionColumn;

static void
column_free (gpointer data)
{
  ErosDefinitionColumn *column = data;

  g_free (column->name);
  g_free (column->type);
  g_free (column);
}

/* Past a text in quotes; at stands on the quote. */
static const char *
skip_quoted (const char *at)
{
  char quote = *at++;

  while (*at != '\0' && *at != quote)
    at += *at == '\\' && quote != '`' && at[1] != '\0' ? 2 : 1;
  return *at != '\0' ? at + 1 : at;
}

static gboolean
is_quote (char c)
{
  return c == '\'' || c == '"' || c == '`';
}

/* The end of what begins here: a comma, or the bracket that closes the list. */
static const char *
find_end (const char *at)
{
  int depth = 0;

  while (*at != '\0' && (depth > 0 || (*at != ',' && *at != ')')))
    if (is_quote (*at))
      at = skip_quoted (at);
    else
      {
        depth += *at == '(' || *at == '<' || *at == '[';
        depth -= *at == ')' || *at == '>' || *at == ']';
        at++;
      }
  return at;
}

static gboolean
begins_with_word (const char *at, const char *word)
{
  gsize length = strlen (word);

  return g_ascii_strncasecmp (at, word, length) == 0 && !g_ascii_isalnum (at[length]) && at[length] != '_';
}

static gboolean
is_key (const char *at)
{
  return begins_with_word (at, "PRIMARY KEY") || begins_with_word (at, "FOREIGN KEY") ||
         begins_with_word (at, "CONSTRAINT");
}

/* What follows the type: DEFAULT, NOT NULL, OPTIONS. */
static const char *
find_type_end (const char *at, const char *end)
{
  int depth = 0;

  while (at < end)
    if (is_quote (*at))
      at = skip_quoted (at);
    else if (depth == 0 && g_ascii_isspace (*at) &&
             (begins_with_word (at + 1, "DEFAULT") || begins_with_word (at + 1, "NOT") ||
              begins_with_word (at + 1, "OPTIONS") || begins_with_word (at + 1, "COLLATE")))
      return at;
    else
      {
        depth += *at == '(' || *at == '<';
        depth -= *at == ')' || *at == '>';
        at++;
      }
  return end;
}

static ErosDefinitionColumn *
read_column (const char *at, const char *end)
{
  ErosDefinitionColumn *column = g_new0 (ErosDefinitionColumn, 1);
  const char *name_end = at;

  if (*at == '`')
    {
      name_end = skip_quoted (at);
      column->name = g_strndup (at + 1, name_end - at - 2);
    }
  else
    {
      while (name_end < end && !g_ascii_isspace (*name_end))
        name_end++;
      column->name = g_strndup (at, name_end - at);
    }
  while (name_end < end && g_ascii_isspace (*name_end))
    name_end++;
  column->type = g_strndup (name_end, find_type_end (name_end, end) - name_end);
  g_strstrip (column->type);
  return column;
}

/* Of a CREATE TABLE statement as INFORMATION_SCHEMA has it, in their order: none when it has no list.
 * (transfer full) */
static GPtrArray *
list_columns (const char *ddl)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func (column_free);
  const char *at = strchr (ddl, '\n');

  while (at != NULL && g_ascii_isspace (*at))
    at++;
  if (at == NULL || *at != '(')
    return columns;
  do
    {
      const char *end;

      at++;
      while (g_ascii_isspace (*at))
        at++;
      end = find_end (at);
      if (end > at && !is_key (at))
        g_ptr_array_add (columns, read_column (at, end));
      at = end;
    }
  while (*at == ',');
  return columns;
}

static const char *
type_of (GPtrArray *columns, const char *name)
{
  for (guint i = 0; i < columns->len; i++)
    {
      const ErosDefinitionColumn *column = columns->pdata[i];

      if (g_ascii_strcasecmp (column->name, name) == 0)
        return column->type;
    }
  return NULL;
}

gboolean
eros_definition_has_columns_of (const char *ddl, const char *other)
{
  g_autoptr (GPtrArray) columns = list_columns (ddl);
  g_autoptr (GPtrArray) wanted = list_columns (other);

  for (guint i = 0; i < wanted->len; i++)
    {
      const ErosDefinitionColumn *column = wanted->pdata[i];

      if (g_strcmp0 (type_of (columns, column->name), column->type) != 0)
        return FALSE;
    }
  return wanted->len > 0;
}

char *
eros_definition_select_list (const char *ddl)
{
  g_autoptr (GPtrArray) columns = list_columns (ddl);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (list, "%s`%s`", i > 0 ? ", " : "",
                            ((ErosDefinitionColumn *) columns->pdata[i])->name);
  return g_string_free (g_steal_pointer (&list), FALSE);
}
