/* eros-import-table.c: tables: boxes, sign-offs, a comparison, blanks, or a table to read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-import-private.h"

#include <string.h>

#include "eros-blank.h"

/* What a runbook’s table has at most. */
#define MAX_COLUMNS 8

/* The cells of a row. (transfer full) */
static char **
read_row (cmark_node *row, guint n)
{
  g_autoptr (GStrvBuilder) cells = g_strv_builder_new ();
  guint i = 0;

  for (cmark_node *cell = cmark_node_first_child (row); cell != NULL && i < n;
       cell = cmark_node_next (cell), i++)
    {
      g_autofree char *text = eros_markdown_get_line (cell);

      g_strv_builder_add (cells, text);
    }
  for (; i < n; i++)
    g_strv_builder_add (cells, "");
  return g_strv_builder_end (cells);
}

/* The first row is the head. (transfer full): of char ** */
static GPtrArray *
read_rows (cmark_node *table)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  cmark_node *row = cmark_node_first_child (table);
  guint n = 0;

  for (cmark_node *cell = cmark_node_first_child (row); cell != NULL; cell = cmark_node_next (cell))
    n++;
  for (; row != NULL; row = cmark_node_next (row))
    g_ptr_array_add (rows, read_row (row, n));
  return rows;
}

static gboolean
is_blank (const char *cell)
{
  return *cell == '\0' || g_regex_match_simple ("^[_\\s]+$", cell, 0, 0);
}

static gboolean
is_box (const char *cell)
{
  return eros_import_is_box (cell, NULL) || g_regex_match_simple ("^(?:\\[[ xX_]?\\]|[☐☑☒])$", cell, 0, 0);
}

static gboolean
has_cell (GPtrArray *rows, gboolean (*matches) (const char *cell))
{
  for (guint i = 1; i < rows->len; i++)
    for (char **cell = rows->pdata[i]; *cell != NULL; cell++)
      if (matches (*cell))
        return TRUE;
  return FALSE;
}

static gboolean
has_blank (const char *cell)
{
  return eros_blank_count (cell) > 0;
}

/* The words of a row, without its boxes and its number; a blank has its column’s name before it. (transfer
 * full) */
static char *
join_row (char **head, char **row)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; row[i] != NULL; i++)
    if (!is_box (row[i]) && *row[i] != '\0' &&
        (i > 0 || !g_regex_match_simple ("^#?\\d+[.)]?$", row[i], 0, 0)))
      g_string_append_printf (text, "%s%s%s%s", text->len > 0 ? " – " : "", has_blank (row[i]) ? head[i] : "",
                              has_blank (row[i]) ? ": " : "", row[i]);
  return g_string_free (text, FALSE);
}

static guint
count_boxes (char **row)
{
  guint n = 0;

  for (guint i = 0; row[i] != NULL; i++)
    n += is_box (row[i]) ? 1 : 0;
  return n;
}

/* A box for each cell that is one: “Restart the web tier – Staging”. */
static void
add_boxes (ErosImportState *self, char **head, char **row, guint line)
{
  g_autofree char *words = join_row (head, row);
  guint n = count_boxes (row);

  for (guint i = 0; row[i] != NULL; i++)
    if (is_box (row[i]))
      {
        const char *rest = "";
        g_autofree char *text = NULL;

        eros_import_is_box (row[i], &rest);
        if (*rest != '\0')
          text = *words != '\0' ? g_strdup_printf ("%s – %s", words, rest) : g_strdup (rest);
        else if (n > 1 || *words == '\0')
          text = *words != '\0' ? g_strdup_printf ("%s – %s", words, head[i]) : g_strdup (head[i]);
        else
          text = g_strdup (words);
        eros_import_add_box (self, *text != '\0' ? text : "…", line, line);
      }
}

static void
read_boxes (ErosImportState *self, GPtrArray *rows, guint first)
{
  g_autofree char *head = g_strjoinv (" | ", rows->pdata[0]);

  eros_import_flush_label (self);
  eros_import_note_lines (self, first, first + 1, EROS_IMPORT_LABEL, head);
  for (guint i = 1; i < rows->len; i++)
    {
      g_autofree char *words = join_row (rows->pdata[0], rows->pdata[i]);

      if (count_boxes (rows->pdata[i]) > 0)
        add_boxes (self, rows->pdata[0], rows->pdata[i], first + 1 + i);
      else if (*words != '\0')
        {
          eros_import_add (self, "text", words);
          eros_import_note_lines (self, first + 1 + i, first + 1 + i, EROS_IMPORT_TEXT, words);
        }
      else
        eros_import_note_lines (self, first + 1 + i, first + 1 + i, EROS_IMPORT_LEFT_OUT, "");
    }
}

/* What is blank in a row, by the head of its column. (transfer full) */
static JsonArray *
read_blank_cells (char **head, char **row)
{
  JsonArray *fields = json_array_new ();

  for (guint i = 0; row[i] != NULL; i++)
    if (is_blank (row[i]) && *head[i] != '\0')
      eros_blank_add (fields, head[i], eros_blank_guess_type (head[i]), NULL);
  return fields;
}

/* A row for each who signs: role, name, date, signature. */
static gboolean
read_sign_offs (ErosImportState *self, GPtrArray *rows, guint first)
{
  g_autofree char *above = NULL;
  g_autofree char *head = g_strjoinv (" | ", rows->pdata[0]);

  for (guint i = 1; i < rows->len; i++)
    {
      g_autoptr (JsonArray) fields = read_blank_cells (rows->pdata[0], rows->pdata[i]);

      if (!eros_import_is_sign_off (fields))
        return FALSE;
    }
  if (rows->len < 2)
    return FALSE;
  above = eros_import_take_label (self);
  eros_import_note_lines (self, first, first + 1, EROS_IMPORT_LABEL, head);
  for (guint i = 1; i < rows->len; i++)
    {
      g_autoptr (JsonArray) fields = read_blank_cells (rows->pdata[0], rows->pdata[i]);
      g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
      g_auto (GStrv) said = NULL;
      g_autofree char *role = NULL, *found = NULL, *note = NULL;

      for (char **cell = rows->pdata[i]; *cell != NULL; cell++)
        if (!is_blank (*cell))
          g_strv_builder_add (words, *cell);
      said = g_strv_builder_end (words);
      role = said[0] != NULL ? g_strjoinv (" – ", said) : g_strdup (above);
      eros_import_add_sign_off (self, role, role, fields);
      found = eros_import_describe_fields (fields);
      note = g_strconcat (role, found, NULL);
      eros_import_note_lines (self, first + 1 + i, first + 1 + i, EROS_IMPORT_SIGN_OFF, note);
    }
  return TRUE;
}

static int
find_column (char **head, const char *pattern)
{
  for (int i = 1; head[0] != NULL && head[i] != NULL; i++)
    if (g_regex_match_simple (pattern, head[i], G_REGEX_CASELESS, 0))
      return i;
  return -1;
}

/* “Avg Query Time – Before”, a number with its unit. */
static void
add_measured (JsonArray *fields, char **row, char **head, int column)
{
  g_autofree char *label = g_strdup_printf ("%s – %s", row[0], head[column]);
  JsonObject *field;

  eros_blank_read (row[column], label, fields);
  field = json_array_get_object_element (fields, json_array_get_length (fields) - 1);
  json_object_set_string_member (field, "label", label);
  if (g_str_equal (json_object_get_string_member (field, "type"), "text"))
    json_object_set_string_member (field, "type", "number");
}

/* The unit is that of the newest field; most that is measured is better when there is less of it. */
static void
set_measure (JsonObject *metric, JsonArray *fields)
{
  JsonObject *field = json_array_get_object_element (fields, json_array_get_length (fields) - 1);
  const char *unit = json_object_get_string_member_with_default (field, "unit", NULL);

  if (unit != NULL)
    json_object_set_string_member (metric, "unit", unit);
  else if (g_str_equal (json_object_get_string_member (field, "type"), "money"))
    json_object_set_string_member (metric, "unit", "$");
  json_object_set_boolean_member (
    metric, "lower_is_better",
    !g_regex_match_simple (
      "success|throughput|effective|accuracy|score|uptime|availab|conversion|hit rate|coverage",
      json_object_get_string_member (metric, "title"), G_REGEX_CASELESS, 0));
}

/* Before and after: the improvement is computed. */
static gboolean
read_comparison (ErosImportState *self, GPtrArray *rows, guint first, guint last)
{
  char **head = rows->pdata[0];
  int before = find_column (head, "^(?:before|baseline|old)\\b"),
      after = find_column (head, "^(?:after|new)\\b");
  g_autoptr (JsonArray) fields = json_array_new ();
  g_autofree char *label = NULL, *found = NULL, *note = NULL;
  JsonArray *metrics;
  JsonObject *comparison;

  if (before < 0 || after < 0 || rows->len < 2 || g_strv_length (head) > 4)
    return FALSE;
  for (guint i = 1; i < rows->len; i++)
    if (eros_blank_count (((char **) rows->pdata[i])[before]) != 1 ||
        eros_blank_count (((char **) rows->pdata[i])[after]) != 1 || *((char **) rows->pdata[i])[0] == '\0')
      return FALSE;
  label = eros_import_take_label (self);
  comparison = eros_import_add (self, "comparison", label);
  metrics = json_array_new ();
  for (guint i = 1; i < rows->len; i++)
    {
      char **row = rows->pdata[i];
      JsonObject *metric = json_object_new ();

      add_measured (fields, row, head, before);
      add_measured (fields, row, head, after);
      json_object_set_string_member (metric, "id", "");
      json_object_set_string_member (metric, "title", row[0]);
      /* Which fields: set when they have ids. */
      json_object_set_string_member (metric, "before", "");
      json_object_set_string_member (metric, "after", "");
      set_measure (metric, fields);
      json_array_add_object_element (metrics, metric);
    }
  eros_import_set_fields (comparison, fields);
  json_object_set_array_member (comparison, "metrics", metrics);
  found = eros_import_describe_fields (fields);
  note = g_strconcat (label, found, NULL);
  eros_import_note_lines (self, first, last, EROS_IMPORT_COMPARISON, note);
  return TRUE;
}

static JsonArray *
make_array (char **cells, const char *empty)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; cells[i] != NULL; i++)
    json_array_add_string_element (array, *cells[i] != '\0' ? cells[i] : empty);
  return array;
}

/* A table to read; one that is too wide is a list of its rows. */
static void
add_table (ErosImportState *self, GPtrArray *rows, const char *label)
{
  gboolean is_wide = g_strv_length (rows->pdata[0]) > MAX_COLUMNS || rows->len < 2;
  JsonObject *table = eros_import_add (self, is_wide ? "list" : "table", label);
  JsonArray *array = json_array_new ();

  if (!is_wide)
    json_object_set_array_member (table, "columns", make_array (rows->pdata[0], "–"));
  for (guint i = is_wide ? 0 : 1; i < rows->len; i++)
    if (is_wide)
      {
        g_autofree char *row = g_strjoinv (" | ", rows->pdata[i]);

        json_array_add_string_element (array, row);
      }
    else
      json_array_add_array_element (array, make_array (rows->pdata[i], ""));
  json_object_set_array_member (table, is_wide ? "items" : "rows", array);
}

/* The blanks of a table, a form below it: “Restart – Done at”. */
static void
add_table_blanks (ErosImportState *self, GPtrArray *rows, const char *label, JsonArray *fields)
{
  char **head = rows->pdata[0];

  for (guint i = 1; i < rows->len; i++)
    for (char **cell = rows->pdata[i]; *cell != NULL; cell++)
      if (has_blank (*cell))
        {
          const char *column = head[cell - (char **) rows->pdata[i]];
          char *first = ((char **) rows->pdata[i])[0];
          g_autofree char *name = has_blank (first) || *first == '\0'
                                    ? g_strdup (column)
                                    : g_strdup_printf ("%s – %s", first, column);

          eros_blank_read (*cell, name, fields);
        }
  if (json_array_get_length (fields) > 0)
    eros_import_add_form (self, label, fields);
}

void
eros_import_table (ErosImportState *self, cmark_node *table)
{
  g_autoptr (GPtrArray) rows = read_rows (table);
  guint last = (guint) cmark_node_get_end_line (table);
  guint first = last - rows->len;
  g_autoptr (JsonArray) fields = json_array_new ();
  g_autofree char *label = NULL, *found = NULL, *note = NULL;

  if (has_cell (rows, is_box))
    {
      read_boxes (self, rows, first);
      return;
    }
  if (read_sign_offs (self, rows, first) || read_comparison (self, rows, first, last))
    return;
  label = eros_import_take_label (self);
  add_table (self, rows, label);
  add_table_blanks (self, rows, label, fields);
  found = eros_import_describe_fields (fields);
  note = g_strconcat (label, found, NULL);
  eros_import_note_lines (self, first, last, EROS_IMPORT_TABLE, note);
}
