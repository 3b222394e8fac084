/* eros-import-code.c: blocks of code: a message, a command, a query that checks a box, blanks, or text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-import-private.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-blank.h"
#include "eros-vocabulary.h"

#define IS_SQL                                                                                               \
  "^(?:\\s*(?:--[^\\n]*|/\\*.*?\\*/"                                                                         \
  ")?\\n?)*\\s*(?:SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP)\\b"
#define IS_SHELL                                                                                             \
  "^(?:\\s*#[^\\n]*\\n)*\\s*(?:\\$ "                                                                         \
  "|\\./|(?:sudo|cd|git|gh|kubectl|docker|bq|gcloud|gsutil|psql|mysql|curl|ssh|scp|"                         \
  "rsync|systemctl|journalctl|npm|npx|make|terraform|helm|ansible-playbook|aws|az|pg_dump|pg_restore|bash|"  \
  "sh|"                                                                                                      \
  "python3?|export|cp|mv|rm|tar|dig|openssl)\\s)"

/* What the well-known blanks of a message are filled in from. */
static const struct
{
  const char *name;
  const char *source;
} sources[] = {
  { "DATE", "detail:date" },
  { "DEPLOYMENT_DATE", "detail:date" },
  { "START_TIME", "detail:start-time" },
  { "END_TIME", "detail:end-time" },
  { "DEPLOYMENT_LEAD", "detail:lead-name" },
  { "DEPLOYMENT_LEAD_NAME", "detail:lead-name" },
  { "PROJECT", "detail:project" },
  { "DATASET", "detail:dataset" },
  { "ENVIRONMENT", "detail:environment" },
};

static void
add_placeholder (JsonArray *placeholders, const char *name)
{
  JsonObject *placeholder = json_object_new ();
  g_autofree char *label = g_strdelimit (g_ascii_strdown (name, -1), "_", ' ');

  *label = g_ascii_toupper (*label);
  json_object_set_string_member (placeholder, "name", name);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    if (g_str_equal (sources[i].name, name))
      json_object_set_string_member (placeholder, "source", sources[i].source);
  json_object_set_string_member (placeholder, "label", label);
  json_array_add_object_element (placeholders, placeholder);
}

/* Each [NAME] in capitals, once. (transfer full) */
static JsonArray *
read_placeholders (const char *subject, const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new ("\\[([A-Z][A-Z0-9_/ ]*)\\]", 0, 0, NULL);
  g_autofree char *whole = g_strconcat (subject, "\n", text, NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  JsonArray *placeholders = json_array_new ();

  for (g_regex_match (regex, whole, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      char *name = g_match_info_fetch (match, 1);

      if (!g_hash_table_contains (seen, name))
        add_placeholder (placeholders, name);
      g_hash_table_add (seen, name);
    }
  return placeholders;
}

gboolean
eros_import_message (ErosImportState *self, const char *text, guint first, guint last)
{
  g_autoptr (GRegex) regex = g_regex_new (
    "\\A((?:(?:To|From|Cc|Bcc|Reply-To|Date):[^\\n]*\\n)*)Subject:[ \\t]*(\\S[^\\n]*)\\n\\s*(.*\\S)\\s*\\z",
    G_REGEX_DOTALL | G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (JsonArray) placeholders = NULL;
  g_autofree char *head = NULL, *subject = NULL, *rest = NULL, *body = NULL, *label = NULL, *note = NULL;
  g_autofree char *shown = NULL;
  JsonObject *message;

  if (!g_regex_match (regex, text, 0, &match))
    return FALSE;
  head = g_match_info_fetch (match, 1);
  subject = g_match_info_fetch (match, 2);
  rest = g_match_info_fetch (match, 3);
  body = *head != '\0' ? g_strconcat (head, "\n", rest, NULL) : g_strdup (rest);
  label = eros_import_take_label (self);
  shown = eros_blank_trim (label);
  message = eros_import_add (self, "template", body);
  json_object_set_string_member (message, "label", *shown != '\0' ? shown : label);
  json_object_set_string_member (message, "subject", subject);
  placeholders = read_placeholders (subject, body);
  if (json_array_get_length (placeholders) > 0)
    json_object_set_array_member (message, "placeholders", json_array_ref (placeholders));
  note = g_strdup_printf (_ ("%s · %u placeholders"), subject, json_array_get_length (placeholders));
  eros_import_note_lines (self, first, last, EROS_IMPORT_TEMPLATE, note);
  return TRUE;
}

/* “sh”, “sql”, or NULL: neither */
static const char *
find_language (const char *info, const char *text)
{
  if (g_regex_match_simple ("^(?:sql|bigquery|googlesql|postgres(?:ql)?|mysql|plpgsql)\\b", info,
                            G_REGEX_CASELESS, 0))
    return "sql";
  if (g_regex_match_simple ("^(?:sh|bash|shell|zsh|console|shell-session|terminal)\\b", info,
                            G_REGEX_CASELESS, 0))
    return "sh";
  if (*info != '\0')
    return NULL;
  if (g_regex_match_simple (IS_SQL, text, G_REGEX_CASELESS | G_REGEX_DOTALL, 0))
    return "sql";
  return g_regex_match_simple (IS_SHELL, text, 0, 0) ? "sh" : NULL;
}

static gboolean
has_only_known_placeholders (const char *sql)
{
  g_autoptr (GRegex) regex = g_regex_new ("\\$\\{([^}]*)\\}?", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  for (g_regex_match (regex, sql, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *name = g_match_info_fetch (match, 1);

      if (!g_strv_contains (eros_vocabulary_get_sql_placeholders (), name))
        return FALSE;
    }
  return TRUE;
}

static void
add_expectation (JsonArray *expectations, const char *column, const char *op, const char *value)
{
  JsonObject *expectation = json_object_new ();

  json_object_set_string_member (expectation, "column", column);
  json_object_set_string_member (expectation, "op", g_str_equal (op, "==") ? "=" : op);
  json_object_set_string_member (expectation, "value", value);
  json_array_add_object_element (expectations, expectation);
}

/* What a query that changes nothing is expected to answer, as its comments say it: “-- expect: 0 rows”,
 * “-- expect: bad = 0”. *IS_EMPTY: no row at all. (transfer full) */
static JsonArray *
read_expectations (const char *sql, gboolean *is_empty)
{
  g_autoptr (GRegex) none = g_regex_new (
    "^\\s*--\\s*(?:expect(?:ed|s)?|should (?:return|be)|must (?:return|be))\\s*:?\\s*(?:0|no|zero) rows?\\b",
    G_REGEX_CASELESS | G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GRegex) some = g_regex_new (
    "^\\s*--\\s*expect(?:ed|s)?\\s*:\\s*([A-Za-z_]\\w*)\\s*(==?|!=|<=|>=|<|>)\\s*(-?\\d+(?:\\.\\d+)?)\\s*$",
    G_REGEX_CASELESS | G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  JsonArray *expectations = json_array_new ();

  *is_empty = g_regex_match (none, sql, 0, NULL);
  if (*is_empty)
    add_expectation (expectations, "found", "=", "0");
  else
    for (g_regex_match (some, sql, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
      {
        g_autofree char *column = g_match_info_fetch (match, 1);
        g_autofree char *op = g_match_info_fetch (match, 2);
        g_autofree char *value = g_match_info_fetch (match, 3);

        add_expectation (expectations, column, op, value);
      }
  return expectations;
}

/* One query, which only reads. (transfer full) (nullable): it, without its end */
static char *
get_query (const char *sql)
{
  g_autoptr (GRegex) comments = g_regex_new ("--[^\\n]*|/\\*.*?\\*/", G_REGEX_DOTALL, 0, NULL);
  g_autoptr (GRegex) end = g_regex_new (";\\s*\\z", 0, 0, NULL);
  g_autofree char *bare = g_regex_replace_literal (comments, sql, -1, 0, "", 0, NULL);
  g_autofree char *query = g_regex_replace_literal (end, g_strstrip (bare), -1, 0, "", 0, NULL);

  if (strchr (query, ';') != NULL ||
      !g_regex_match_simple ("^(?:SELECT|WITH)\\b", query, G_REGEX_CASELESS, 0))
    return NULL;
  return g_steal_pointer (&query);
}

/* The names that a WITH clause gives. (transfer full) */
static GHashTable *
list_named_queries (const char *query)
{
  g_autoptr (GRegex) regex =
    g_regex_new ("(?:\\bWITH(?:\\s+RECURSIVE)?|,)\\s*`?(\\w+)`?\\s+AS\\s*\\(", G_REGEX_CASELESS, 0, NULL);
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  for (g_regex_match (regex, query, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *name = g_match_info_fetch (match, 1);

      g_hash_table_add (names, g_utf8_casefold (name, -1));
    }
  return names;
}

static gboolean
qualify_one (const GMatchInfo *match, GString *result, gpointer named_queries)
{
  g_autofree char *whole = g_match_info_fetch (match, 0);
  g_autofree char *before = g_match_info_fetch (match, 1);
  g_autofree char *name = g_match_info_fetch (match, 3);
  g_autofree char *folded = name != NULL ? g_utf8_casefold (name, -1) : NULL;

  if (name == NULL || *name == '\0' || g_hash_table_contains (named_queries, folded))
    g_string_append (result, whole);
  else
    g_string_append_printf (result, "%s`${project}.${dataset}.%s`", before, name);
  return FALSE;
}

/* A table that is named alone is one of the deployment’s data set. Texts, and the FROM of EXTRACT, stay.
 * (transfer full) */
static char *
qualify (const char *query)
{
  g_autoptr (GHashTable) named_queries = list_named_queries (query);
  g_autoptr (GRegex) regex = g_regex_new ("'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|\\bEXTRACT\\s*\\("
                                          "\\s*[\\w()]+\\s+FROM\\b|\\bDISTINCT\\s+FROM\\b|"
                                          "(\\b(?:FROM|JOIN)\\s+)(`?)([A-Za-z_]\\w*)\\2(?![\\w.`(-])",
                                          G_REGEX_CASELESS, 0, NULL);

  return g_regex_replace_eval (regex, query, -1, 0, 0, qualify_one, named_queries, NULL);
}

/* The query ticks BOX when it answers what its comments expect; without that it proves nothing. */
static gboolean
add_check (JsonObject *box, const char *sql)
{
  gboolean is_empty;
  g_autoptr (JsonArray) expectations = read_expectations (sql, &is_empty);
  g_autofree char *bare = get_query (sql);
  g_autofree char *query = bare != NULL ? qualify (bare) : NULL;
  g_autofree char *counted = NULL;
  JsonObject *check;

  if (json_array_get_length (expectations) == 0 || query == NULL || json_object_has_member (box, "check") ||
      !has_only_known_placeholders (sql))
    return FALSE;
  counted = g_strdup_printf ("SELECT COUNT(*) AS found FROM (\n%s\n)", query);
  check = json_object_new ();
  json_object_set_string_member (check, "id", "");
  json_object_set_string_member (check, "sql", is_empty ? counted : query);
  if (is_empty)
    json_object_set_string_member (check, "summary", _ ("${found} rows found"));
  json_object_set_array_member (check, "expectations", json_array_ref (expectations));
  json_object_set_object_member (box, "check", check);
  return TRUE;
}

/* The blanks of a block: of the box that it explains, or a form. */
static void
add_blanks (ErosImportState *self, const char *text, JsonObject *box)
{
  g_autoptr (JsonArray) fields = json_array_new ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  if (box != NULL && json_object_has_member (box, "fields"))
    {
      json_array_unref (fields);
      fields = json_array_ref (json_object_get_array_member (box, "fields"));
    }
  for (guint i = 0; lines[i] != NULL; i++)
    eros_blank_read (lines[i], NULL, fields);
  if (box != NULL)
    eros_import_set_fields (box, fields);
  else if (eros_import_is_sign_off (fields))
    {
      g_autofree char *label = eros_import_take_label (self);

      eros_import_add_sign_off (self, label, label, fields);
    }
  else
    {
      eros_import_flush_label (self);
      eros_import_add_form (self, text, fields);
    }
}

static void
add_command (ErosImportState *self, const char *text, const char *language)
{
  g_autofree char *label = eros_import_take_label (self);
  g_autofree char *shown = eros_blank_trim (label);
  JsonObject *command = eros_import_add (self, "command", text);

  json_object_set_string_member (command, "label", *shown != '\0' ? shown : label);
  json_object_set_string_member (command, "language", language);
}

static ErosImportKind
read_code (ErosImportState *self, const char *info, const char *text, JsonObject *box)
{
  const char *language = find_language (info, text);
  JsonObject *before = box != NULL ? box : self->last_box;
  guint n_blanks = eros_blank_count (text);

  if (g_strcmp0 (language, "sql") == 0 && before != NULL && n_blanks == 0 && add_check (before, text))
    return EROS_IMPORT_CHECK;
  if (language != NULL)
    {
      add_command (self, text, language);
      if (n_blanks > 0)
        add_blanks (self, text, box);
      return EROS_IMPORT_COMMAND;
    }
  if (n_blanks > 0)
    {
      add_blanks (self, text, box);
      return EROS_IMPORT_FORM;
    }
  eros_import_flush_label (self);
  eros_import_add (self, "text", text);
  return EROS_IMPORT_TEXT;
}

void
eros_import_code (ErosImportState *self, cmark_node *block, JsonObject *box)
{
  g_autofree char *text = eros_markdown_get_literal (block);
  const char *info = cmark_node_get_fence_info (block);
  g_auto (GStrv) lines = NULL;
  ErosImportKind kind;

  g_strchomp (text);
  if (*text == '\0')
    {
      eros_import_note (self, block, EROS_IMPORT_LEFT_OUT, "");
      return;
    }
  if (eros_import_message (self, text, (guint) cmark_node_get_start_line (block),
                           (guint) cmark_node_get_end_line (block)))
    return;
  kind = read_code (self, info != NULL ? info : "", text, box);
  lines = g_strsplit (text, "\n", 2);
  eros_import_note (self, block, kind, lines[0]);
}
