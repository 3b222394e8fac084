/* eros-element-read.c: an element from its JSON; each kind has members of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-runbook-private.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-decimal.h"
#include "eros-strict-json.h"
#include "eros-vocabulary.h"

/* Ten years: nobody watches longer. */
#define MAX_SECONDS (G_GINT64_CONSTANT (10) * 366 * 86400)

/* More do not fit on paper. */
#define MAX_COLUMNS 8

static const char *const kind_names[] = { "text",     "list",       "check",    "form",     "sign-off",
                                          "template", "comparison", "schedule", "criteria", "operation",
                                          "command",  "table",      NULL };

/* What the record may say beside a criterion that a person judges. */
static const char *const facts[] = { "failed-deployment", NULL };

static const char *const operators[] = { "=", "!=", "<", "<=", ">", ">=", "between", NULL };

static gboolean
is_decimal (const char *text)
{
  g_autofree char *decimal = eros_decimal_parse (text, FALSE);

  return g_strcmp0 (decimal, text) == 0;
}

static void
read_field (ErosCursor *cursor, gpointer user_data)
{
  g_autoptr (ErosField) field = eros_field_read (cursor);

  g_list_store_append (user_data, field);
}

static void
read_fields (ErosCursor *cursor, ErosElement *self, gboolean required)
{
  eros_cursor_array (cursor, "fields", required, read_field, self->fields);
}

/* Each run of "____" on the paper is a blank, and a blank is a field. */
static void
check_blanks (ErosCursor *cursor, ErosElement *self)
{
  guint blanks = 0;

  for (const char *p = self->text; p != NULL && (p = strstr (p, "____")) != NULL; blanks++)
    p += strspn (p, "_");
  if (blanks > g_list_model_get_n_items (G_LIST_MODEL (self->fields)))
    eros_cursor_fail (cursor, "fields", -1, _ ("the text has %u blanks, each of which needs a field"),
                      blanks);
  if (blanks > 0 && g_strcmp0 (self->label, self->text) == 0)
    eros_cursor_fail (cursor, "label", -1, _ ("a text with blanks needs a label without them"));
}

static void
check_bound (ErosCursor *cursor, const char *bound)
{
  if (g_str_has_prefix (bound, "${") && g_str_has_suffix (bound, "}"))
    {
      g_autofree char *id = g_strndup (bound + 2, strlen (bound) - 3);

      eros_cursor_refer (cursor, "value", -1, id, EROS_ID_NUMERIC_FIELD);
    }
  else if (!is_decimal (bound))
    eros_cursor_fail (cursor, "value", -1, _ ("“%s” is neither a number nor ${FIELD}"), bound);
}

static void
read_expectation (ErosCursor *cursor, gpointer user_data)
{
  ErosExpectation expectation = {
    .column = eros_cursor_string (cursor, "column"),
    .op = g_strdup (operators[eros_cursor_choice (cursor, "op", operators)]),
    .value = eros_cursor_string (cursor, "value"),
  };

  g_array_append_val (user_data, expectation);
  if (expectation.value == NULL)
    return;
  if (g_str_equal (expectation.op, "between"))
    {
      g_auto (GStrv) bounds = g_strsplit (expectation.value, "..", -1);

      if (g_strv_length (bounds) != 2)
        eros_cursor_fail (cursor, "value", -1, _ ("“%s” is not a range, such as 0..1"), expectation.value);
      for (guint i = 0; bounds[i] != NULL; i++)
        check_bound (cursor, bounds[i]);
    }
  else
    check_bound (cursor, expectation.value);
}

/* An object whose members are fields: id → name of a result or of a parameter, as pairs. */
static char **
read_names (ErosCursor *cursor, const char *name, ErosIdKind fields, const char *missing)
{
  JsonNode *node = eros_cursor_node (cursor, name, FALSE, JSON_TYPE_OBJECT, _ ("an object"));
  g_autoptr (GStrvBuilder) pairs = g_strv_builder_new ();
  g_autoptr (GList) members = NULL;
  JsonObject *object;

  if (node == NULL)
    return NULL;
  object = json_node_get_object (node);
  members = json_object_get_members (object);
  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonNode *value = json_object_get_member (object, l->data);
      g_autofree char *member = g_strdup_printf ("%s.%s", name, (char *) l->data);

      eros_cursor_refer (cursor, member, -1, l->data, fields);
      if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_STRING ||
          *json_node_get_string (value) == '\0')
        {
          eros_cursor_fail (cursor, member, -1, "%s", missing);
          return NULL;
        }
      g_strv_builder_add_many (pairs, l->data, json_node_get_string (value), NULL);
    }
  return g_strv_builder_end (pairs);
}

static char **
read_fills (ErosCursor *cursor)
{
  return read_names (cursor, "fills", EROS_ID_FIELD | EROS_ID_NUMERIC_FIELD,
                     _ ("the name of a result was expected"));
}

/* Replaces "sql_file" by "sql" and "sql_source", so that the runbook is whole in itself. */
static void
inline_sql (ErosCursor *cursor)
{
  g_autofree char *path = eros_cursor_string (cursor, "sql_file");
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = NULL;

  if (path == NULL)
    return;
  if (eros_cursor_has (cursor, "sql"))
    {
      eros_cursor_fail (cursor, "sql_file", -1, _ ("the query is there twice, as “sql” and as “sql_file”"));
      return;
    }
  sql = eros_reader_load_sql (cursor->reader, path, &error);
  if (sql == NULL)
    {
      eros_cursor_fail (cursor, "sql_file", -1, "%s", error->message);
      return;
    }
  json_object_remove_member (cursor->object, "sql_file");
  json_object_set_string_member (cursor->object, "sql", sql);
  json_object_set_string_member (cursor->object, "sql_source", path);
}

/* The names of results that FILLS takes must be among KNOWN. */
static void
know_fills (ErosCursor *cursor, char **fills, const char *const *known)
{
  for (guint i = 0; fills != NULL && fills[i] != NULL; i += 2)
    {
      g_autofree char *member = g_strdup_printf ("fills.%s", fills[i]);

      eros_cursor_know (cursor, member, -1, fills[i + 1], known, _ ("a result"));
    }
}

/* ${NAME} in the text of MEMBER must be among KNOWN. */
static void
know_placeholders (ErosCursor *cursor, const char *member, const char *text, const char *const *known)
{
  const char *rest = text;
  const char *open;

  while (rest != NULL && (open = strstr (rest, "${")) != NULL)
    {
      const char *close = strchr (open, '}');
      g_autofree char *name = close != NULL ? g_strndup (open + 2, close - open - 2) : NULL;

      eros_cursor_know (cursor, member, -1, name, known, _ ("a placeholder here"));
      if (close == NULL)
        eros_cursor_fail (cursor, member, -1, _ ("“%.20s” is not closed"), open);
      rest = close;
    }
}

/* What a query answers is known when it runs only; the rest is known now. */
static void
check_names (ErosCursor *cursor, const ErosCheckBinding *check)
{
  const char *const *columns = eros_vocabulary_get_benchmark_columns ();

  if (check->builtin != NULL)
    {
      know_fills (cursor, check->fills, eros_vocabulary_get_results (EROS_WORD_BUILTIN, check->builtin));
      return;
    }
  know_placeholders (cursor, "sql", check->sql, eros_vocabulary_get_sql_placeholders ());
  if (check->runs == 0)
    return;
  know_fills (cursor, check->fills, columns);
  know_placeholders (cursor, "summary", check->summary, columns);
  for (guint i = 0; i < check->n_expectations; i++)
    eros_cursor_know (cursor, "expectations", (int) i, check->expectations[i].column, columns,
                      _ ("a column of a benchmark"));
  for (guint i = 0; i < check->n_enough; i++)
    eros_cursor_know (cursor, "enough", (int) i, check->enough[i].column, columns,
                      _ ("a column of a benchmark"));
}

static void
read_check (ErosCursor *cursor, gpointer user_data)
{
  ErosElement *self = user_data;
  g_autoptr (GArray) expectations = g_array_new (TRUE, TRUE, sizeof (ErosExpectation));
  g_autoptr (GArray) enough = g_array_new (TRUE, TRUE, sizeof (ErosExpectation));
  ErosCheckBinding *check = g_new0 (ErosCheckBinding, 1);

  self->check = check;
  if (eros_cursor_has (cursor, "sql_file"))
    inline_sql (cursor);
  check->id = eros_cursor_id (cursor, EROS_ID_PART);
  check->builtin = eros_cursor_maybe (cursor, "builtin");
  eros_cursor_know (cursor, "builtin", -1, check->builtin, eros_vocabulary_get_names (EROS_WORD_BUILTIN),
                    _ ("a built-in check"));
  if (check->builtin == NULL)
    {
      check->sql = eros_cursor_maybe (cursor, "sql");
      check->sql_source = eros_cursor_maybe (cursor, "sql_source");
      check->summary = eros_cursor_maybe (cursor, "summary");
      check->runs = (guint) eros_cursor_integer (cursor, "runs", 0, 1, 1000);
      eros_cursor_array (cursor, "expectations", FALSE, read_expectation, expectations);
      eros_cursor_array (cursor, "enough", FALSE, read_expectation, enough);
      check->parameters =
        read_names (cursor, "parameters", EROS_ID_NUMERIC_FIELD, _ ("the name of a parameter was expected"));
      if (check->sql == NULL)
        eros_cursor_fail (cursor, NULL, -1, _ ("a check needs “builtin”, “sql” or “sql_file”"));
    }
  check->fills = read_fills (cursor);
  check->n_expectations = expectations->len;
  check->n_enough = enough->len;
  check->enough = (ErosExpectation *) (gpointer) g_array_free (g_steal_pointer (&enough), FALSE);
  check->expectations = (ErosExpectation *) (gpointer) g_array_free (g_steal_pointer (&expectations), FALSE);
  check_names (cursor, check);
}

/* Those kinds that are sums of boxes, of operations, and of what stands before them. */
static void
read_sum (ErosCursor *cursor, gpointer user_data)
{
  static const char *const kinds[] = { "passed", "looked-at", "log",       "improvements",
                                       "issues", "phases",    "rehearsed", NULL };
  ErosElement *self = user_data;
  int kind = eros_cursor_choice (cursor, "kind", kinds);

  self->sum = g_strdup (kinds[kind]);
  self->sum_of = eros_cursor_references (cursor, "of", kind < 2 ? EROS_ID_CHECK : EROS_ID_OPERATION_ELEMENT);
  if (self->sum_of == NULL && !g_str_equal (self->sum, "phases"))
    eros_cursor_fail (cursor, "of", -1, _ ("this member is missing (a list)"));
}

static void
read_placeholder (ErosCursor *cursor, gpointer user_data)
{
  ErosPlaceholder placeholder = { .name = eros_cursor_string (cursor, "name") };

  eros_cursor_source (cursor, "source", &placeholder.source);
  placeholder.label = eros_cursor_string (cursor, "label");
  placeholder.choices = eros_cursor_strings (cursor, "choices");
  g_array_append_val (user_data, placeholder);
}

static gboolean
is_declared (ErosElement *self, const char *name)
{
  for (guint i = 0; i < self->placeholders->len; i++)
    {
      if (g_strcmp0 (g_array_index (self->placeholders, ErosPlaceholder, i).name, name) == 0)
        return TRUE;
    }
  return FALSE;
}

/* What stands between brackets in capitals is a placeholder: declared, and declared once. */
static void
check_placeholders (ErosCursor *cursor, ErosElement *self)
{
  g_autofree char *whole = g_strconcat (self->subject, "\n", self->text, NULL);
  g_autoptr (GRegex) regex = g_regex_new ("\\[([A-Z][A-Z0-9_/ ]*)\\]", 0, 0, NULL);
  g_autoptr (GHashTable) used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) declared = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GMatchInfo) match = NULL;

  for (g_regex_match (regex, whole, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      char *name = g_match_info_fetch (match, 1);

      if (!is_declared (self, name))
        eros_cursor_fail (cursor, "placeholders", -1, _ ("the text has [%s], which is not declared"), name);
      g_hash_table_add (used, name);
    }
  for (guint i = 0; i < self->placeholders->len; i++)
    {
      const char *name = g_array_index (self->placeholders, ErosPlaceholder, i).name;

      if (!g_hash_table_contains (used, name))
        eros_cursor_fail (cursor, "placeholders", (int) i, _ ("[%s] is not in the text"), name);
      if (!g_hash_table_add (declared, (gpointer) name))
        eros_cursor_fail (cursor, "placeholders", (int) i, _ ("[%s] is declared twice"), name);
    }
}

static ErosMoment
read_moment (ErosCursor *cursor)
{
  static const char *const moments[] = { "", "before-window", "rollback-begun", "rollback-goes-on",
                                         "completed" };
  g_autofree char *text = eros_cursor_maybe (cursor, "due");

  for (guint i = EROS_MOMENT_NONE + 1; text != NULL && i < G_N_ELEMENTS (moments); i++)
    if (g_str_equal (moments[i], text))
      return i;
  if (text != NULL)
    eros_cursor_fail (cursor, "due", -1,
                      _ ("“%s” is none of before-window, rollback-begun, rollback-goes-on, completed"), text);
  return EROS_MOMENT_NONE;
}

static void
read_template (ErosCursor *cursor, ErosElement *self)
{
  self->subject = eros_cursor_string (cursor, "subject");
  self->moment = read_moment (cursor);
  self->recipients = eros_cursor_references (cursor, "recipients", EROS_ID_FIELD);
  self->sent_at = eros_cursor_reference (cursor, "sent_at", FALSE, EROS_ID_FIELD);
  self->sent_to = eros_cursor_reference (cursor, "sent_to", FALSE, EROS_ID_FIELD);
  eros_cursor_array (cursor, "placeholders", FALSE, read_placeholder, self->placeholders);
  if (cursor->reader->error == NULL)
    check_placeholders (cursor, self);
}

static void
read_metric (ErosCursor *cursor, gpointer user_data)
{
  ErosMetricRow row = {
    .id = eros_cursor_id (cursor, EROS_ID_PART),
    .title = eros_cursor_string (cursor, "title"),
    .before = eros_cursor_reference (cursor, "before", TRUE, EROS_ID_NUMERIC_FIELD),
    .after = eros_cursor_reference (cursor, "after", TRUE, EROS_ID_NUMERIC_FIELD),
    .unit = eros_cursor_maybe (cursor, "unit"),
    .lower_is_better = eros_cursor_boolean (cursor, "lower_is_better"),
  };

  if (row.unit == NULL)
    row.unit = g_strdup ("");
  g_array_append_val (user_data, row);
}

static void
read_entry (ErosCursor *cursor, gpointer user_data)
{
  ErosScheduleEntry entry = {
    .id = eros_cursor_id (cursor, EROS_ID_ENTRY),
    .text = eros_cursor_maybe (cursor, "text"),
    .start_s = eros_cursor_integer (cursor, "start_s", 0, 0, MAX_SECONDS),
    .end_s = eros_cursor_integer (cursor, "end_s", 0, 1, MAX_SECONDS),
    .every_s = eros_cursor_integer (cursor, "every_s", 0, 60, MAX_SECONDS),
    .time_of_day_s = (int) eros_cursor_integer (cursor, "time_of_day_s", -1, 0, 86399),
    .check = eros_cursor_reference (cursor, "check", FALSE, EROS_ID_CHECK),
  };
  gboolean repeats = entry.every_s > 0 || entry.time_of_day_s >= 0;

  g_array_append_val (user_data, entry);
  if (entry.every_s > 0 && entry.time_of_day_s >= 0)
    eros_cursor_fail (cursor, "time_of_day_s", -1,
                      _ ("an entry is either repeated (“every_s”) or at a time of day"));
  else if (repeats && entry.end_s <= entry.start_s)
    eros_cursor_fail (cursor, "end_s", -1, _ ("a repeated entry must end after it starts"));
  else if (!repeats && entry.end_s != 0)
    eros_cursor_fail (cursor, "end_s", -1, _ ("an entry that is not repeated has no end"));
  else if (entry.every_s > 0 && (entry.end_s - entry.start_s) / entry.every_s > 10000)
    eros_cursor_fail (cursor, "every_s", -1, _ ("that is more than 10,000 times"));
}

static void
read_criterion (ErosCursor *cursor, gpointer user_data)
{
  ErosCriterion criterion = {
    .id = eros_cursor_id (cursor, EROS_ID_PART),
    .text = eros_cursor_string (cursor, "text"),
    .metric = eros_cursor_maybe (cursor, "metric"),
    .check = eros_cursor_reference (cursor, "check", FALSE, EROS_ID_CHECK),
    .fact = eros_cursor_maybe (cursor, "fact"),
  };

  if (criterion.metric != NULL)
    {
      eros_cursor_know (cursor, "metric", -1, criterion.metric, eros_vocabulary_get_names (EROS_WORD_METRIC),
                        _ ("a metric"));
      criterion.op = g_strdup (operators[eros_cursor_choice (cursor, "op", operators)]);
      criterion.threshold = eros_cursor_string (cursor, "threshold");
      criterion.unit = eros_cursor_maybe (cursor, "unit");
      eros_cursor_know (cursor, "unit", -1, criterion.unit,
                        eros_vocabulary_get_results (EROS_WORD_METRIC, criterion.metric),
                        _ ("a unit of that metric"));
    }
  else if (criterion.fact != NULL)
    eros_cursor_know (cursor, "fact", -1, criterion.fact, facts, _ ("a fact"));
  g_array_append_val (user_data, criterion);
  if (criterion.threshold != NULL &&
      (!is_decimal (criterion.threshold) || g_str_equal (criterion.op, "between")))
    eros_cursor_fail (cursor, "threshold", -1, _ ("“%s” is not a number"), criterion.threshold);
}

static void
read_table (ErosCursor *cursor, ErosElement *self)
{
  JsonNode *node = eros_cursor_node (cursor, "rows", TRUE, JSON_TYPE_ARRAY, _ ("a list of lists"));
  JsonArray *rows = node != NULL ? json_node_get_array (node) : NULL;

  self->columns = eros_cursor_strings (cursor, "columns");
  if (self->columns == NULL)
    eros_cursor_fail (cursor, "columns", -1, _ ("this member is missing (a list)"));
  else if (g_strv_length (self->columns) > MAX_COLUMNS)
    eros_cursor_fail (cursor, "columns", -1, _ ("a table has at most %d columns"), MAX_COLUMNS);
  for (guint i = 0; rows != NULL && cursor->reader->error == NULL && i < json_array_get_length (rows); i++)
    {
      JsonNode *row = json_array_get_element (rows, i);
      g_autoptr (GStrvBuilder) cells = g_strv_builder_new ();
      guint n = JSON_NODE_HOLDS_ARRAY (row) ? json_array_get_length (json_node_get_array (row)) : 0;

      if (n != g_strv_length (self->columns))
        eros_cursor_fail (cursor, "rows", (int) i, _ ("a list of %u texts was expected"),
                          g_strv_length (self->columns));
      for (guint k = 0; k < n && cursor->reader->error == NULL; k++)
        {
          JsonNode *cell = json_array_get_element (json_node_get_array (row), k);

          if (!JSON_NODE_HOLDS_VALUE (cell) || json_node_get_value_type (cell) != G_TYPE_STRING)
            eros_cursor_fail (cursor, "rows", (int) i, _ ("a list of texts was expected"));
          else
            g_strv_builder_add (cells, json_node_get_string (cell));
        }
      g_ptr_array_add (self->rows, g_strv_builder_end (cells));
    }
}

/* (transfer full): what the steps of an operation measure, by the member "metric" of each step.json */
static char **
list_metrics (ErosStepFiles *steps, const char *operation)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = eros_step_files_list (steps, operation);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s/step.json", operation, names[i]);
      const char *text = eros_step_files_get (steps, path);
      /* One that cannot be read says so when its operation is planned. */
      g_autoptr (JsonNode) root =
        text != NULL ? eros_strict_json_parse (text, strlen (text), path, NULL) : NULL;
      JsonNode *metric = root != NULL && JSON_NODE_HOLDS_OBJECT (root)
                           ? json_object_get_member (json_node_get_object (root), "metric")
                           : NULL;

      if (metric != NULL && JSON_NODE_HOLDS_VALUE (metric) &&
          json_node_get_value_type (metric) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (metric));
    }
  return g_strv_builder_end (builder);
}

/* RESULT itself, or, where it ends with WORD, one for each of NAMES. */
static void
add_results (GStrvBuilder *builder, const char *result, const char *word, const char *const *names)
{
  int head = (int) (strlen (result) - strlen (word));

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *of_name = g_strdup_printf ("%.*s%s", head, result, names[i]);

      g_strv_builder_add (builder, of_name);
    }
}

/* "rows.TABLE" is a result for each of the operation's tables, "after.METRIC" for what its steps measure. */
static void
know_operation_fills (ErosCursor *cursor, ErosElement *self)
{
  const char *const *results = eros_vocabulary_get_results (EROS_WORD_OPERATION, self->operation);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) metrics =
    self->operation != NULL ? list_metrics (cursor->reader->steps, self->operation) : NULL;
  g_auto (GStrv) known = NULL;

  for (guint i = 0; results[i] != NULL; i++)
    if (g_str_has_suffix (results[i], "TABLE"))
      add_results (builder, results[i], "TABLE", (const char *const *) self->tables);
    else if (g_str_has_suffix (results[i], "METRIC"))
      add_results (builder, results[i], "METRIC", (const char *const *) metrics);
    else
      g_strv_builder_add (builder, results[i]);
  known = g_strv_builder_end (builder);
  know_fills (cursor, self->fills, (const char *const *) known);
}

static void
read_operation (ErosCursor *cursor, ErosElement *self)
{
  self->operation = eros_cursor_operation (cursor, "operation");
  self->proves = eros_cursor_references (cursor, "proves", EROS_ID_CHECK);
  self->fills = read_fills (cursor);
  self->tables = eros_cursor_strings (cursor, "tables");
  self->authority = eros_cursor_reference (cursor, "authority", FALSE, EROS_ID_FIELD);
  know_operation_fills (cursor, self);
}

static void
read_list (ErosCursor *cursor, ErosElement *self)
{
  self->is_numbered = eros_cursor_boolean (cursor, "numbered");
  self->items = eros_cursor_strings (cursor, "items");
  if (self->items == NULL)
    eros_cursor_fail (cursor, "items", -1, _ ("this member is missing (a list)"));
}

static void
read_members_of_kind (ErosCursor *cursor, ErosElement *self)
{
  switch (self->kind)
    {
    case EROS_ELEMENT_LIST:
      read_list (cursor, self);
      break;
    case EROS_ELEMENT_CHECK:
      read_fields (cursor, self, FALSE);
      check_blanks (cursor, self);
      eros_cursor_object (cursor, "check", read_check, self);
      eros_cursor_object (cursor, "sum", read_sum, self);
      self->watched = eros_cursor_references (cursor, "watched", EROS_ID_ENTRY);
      self->until = eros_cursor_reference (cursor, "until", FALSE, EROS_ID_FIELD);
      self->person = eros_cursor_reference (cursor, "person", FALSE, EROS_ID_FIELD);
      self->authority = eros_cursor_reference (cursor, "authority", FALSE, EROS_ID_FIELD);
      break;
    case EROS_ELEMENT_FORM:
      read_fields (cursor, self, TRUE);
      break;
    case EROS_ELEMENT_SIGN_OFF:
      self->role = eros_cursor_string (cursor, "role");
      self->authority = eros_cursor_reference (cursor, "authority", FALSE, EROS_ID_FIELD);
      read_fields (cursor, self, TRUE);
      break;
    case EROS_ELEMENT_TEMPLATE:
      read_template (cursor, self);
      break;
    case EROS_ELEMENT_COMPARISON:
      read_fields (cursor, self, FALSE);
      eros_cursor_array (cursor, "metrics", TRUE, read_metric, self->metrics);
      break;
    case EROS_ELEMENT_SCHEDULE:
      self->after = eros_cursor_maybe (cursor, "after");
      if (self->after != NULL)
        eros_cursor_refer (cursor, "after", -1, self->after, EROS_ID_OPERATION);
      eros_cursor_array (cursor, "schedule", TRUE, read_entry, self->schedule);
      break;
    case EROS_ELEMENT_CRITERIA:
      eros_cursor_array (cursor, "criteria", TRUE, read_criterion, self->criteria);
      break;
    case EROS_ELEMENT_OPERATION:
      read_operation (cursor, self);
      break;
    case EROS_ELEMENT_COMMAND:
      self->language = eros_cursor_string (cursor, "language");
      eros_cursor_know (cursor, "language", -1, self->language, eros_vocabulary_get_languages (),
                        _ ("a language"));
      break;
    case EROS_ELEMENT_TABLE:
      read_table (cursor, self);
      break;
    case EROS_ELEMENT_TEXT:
    default:
      break;
    }
}

/* The element at the cursor; unusable when the reader has failed. */
ErosElement *
eros_element_read (ErosCursor *cursor)
{
  ErosElement *self = g_object_new (EROS_TYPE_ELEMENT, NULL);
  ErosIdKind kind = EROS_ID_ELEMENT;

  self->kind = eros_cursor_choice (cursor, "kind", kind_names);
  if (self->kind == EROS_ELEMENT_CHECK)
    kind |= EROS_ID_CHECK;
  if (self->kind == EROS_ELEMENT_SIGN_OFF)
    kind |= EROS_ID_SIGN_OFF;
  if (self->kind == EROS_ELEMENT_OPERATION)
    kind |= EROS_ID_OPERATION_ELEMENT;
  self->id = eros_cursor_id (cursor, kind);
  self->text = eros_cursor_string (cursor, "text");
  self->label = eros_cursor_maybe (cursor, "label");
  if (self->label == NULL)
    self->label = g_strdup (self->text);
  self->hint = eros_cursor_maybe (cursor, "hint");
  if (cursor->reader->error == NULL)
    read_members_of_kind (cursor, self);
  return self;
}
