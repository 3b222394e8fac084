/* test-malformed.c: a runbook that is wrong is refused with file, JSON path and reason
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "eros-runbook.h"

typedef struct
{
  const char *name;
  const char *from; /* in minimal.json */
  const char *to;
  const char *message;
} Case;

static char *
read_minimal (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "runbook", "minimal.json", NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static char *
replace_once (const char *text, const char *from, const char *to)
{
  g_autoptr (GString) changed = g_string_new (text);

  g_assert_nonnull (strstr (text, from));
  g_string_replace (changed, from, to, 1);
  return g_string_free (g_steal_pointer (&changed), FALSE);
}

static void
assert_message_contains (const GError *error, const char *part)
{
  if (strstr (error->message, part) == NULL)
    g_test_message ("“%s” does not say “%s”", error->message, part), g_test_fail ();
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *minimal = read_minimal ();
  g_autofree char *text = replace_once (minimal, c->from, c->to);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = eros_runbook_parse (text, -1, "bad.json", &error);

  g_assert_null (runbook);
  g_assert_true (error->domain == EROS_RUNBOOK_ERROR);
  g_assert_true (g_str_has_prefix (error->message, "bad.json:"));
  assert_message_contains (error, c->message);
}

static const Case cases[] = {
  /* JSON itself */
  { "comment", "{\n", "{ // no\n", "bad.json:1:3: a member" },
  { "trailing-comma", "\"b\"]", "\"b\",]", ": a value was expected here" },
  { "single-quotes", "\"Lead\"", "'Lead'", "bad.json:7:47: a value was expected here" },
  { "assignment", "{\n", "var x = {\n", "bad.json:1:1: a value was expected" },
  { "unclosed", "\"may_override\": true}]\n}", "\"may_override\": true}]\n", "was expected here" },
  { "unclosed-string", "\"may_override\": true}]\n}", "\"may", " inside a string" },
  { "text-after-the-end", "\"may_override\": true}]\n}", "\"may_override\": true}]\n} 1",
    "goes on after the end" },
  { "member-twice", "\"version\": \"1\",", "\"version\": \"1\", \"version\": \"2\",",
    "bad.json:5:19: this member is there twice" },
  { "escaped-member-name", "\"version\"", "\"v\\u0065rsion\"", "without escapes" },
  { "raw-newline-in-a-string", "Read this.", "Read\nthis.", "control character" },
  { "half-a-surrogate-pair", "Read this.", "\\ud800 this", "half of a surrogate pair" },
  { "zero-character", "Read this.", "\\u0000", "U+0000" },
  { "unknown-escape", "Read this.", "\\q", "unknown escape" },
  { "leading-zero", "\"number\": 1", "\"number\": 01", "must not begin with 0" },
  { "endless-number", "\"number\": 1", "\"number\": 11111111111111111111", "more than 15 digits" },
  { "not-utf8", "Read this.", "Read \xff this.", "bad.json:19:64: the text is not UTF-8" },
  /* Members */
  { "unknown-member-at-the-top", "\"format\": 1,", "\"format\": 1, \"colour\": 1,",
    "$.colour: this member is not known" },
  { "unknown-member-of-a-phase", "\"short_title\": \"One\",", "\"short_title\": \"One\", \"icon\": \"x\",",
    "$.phases[0].icon: this member is not known here" },
  { "unknown-member-of-a-kind", "\"kind\": \"text\",", "\"kind\": \"text\", \"items\": [],",
    "$.phases[0].sections[0].elements[0].items: this member is not known here" },
  { "unknown-member-of-a-field", "\"unit\": \"rows\"", "\"unit\": \"rows\", \"colour\": 1",
    "$.phases[0].sections[0].elements[3].fields[0].colour" },
  { "unit-of-a-text", "\"type\": \"email\"", "\"type\": \"email\", \"unit\": \"s\"",
    "fields[0].unit: this member is not known here" },
  { "missing-title", "\"title\": \"First\",", "", "$.phases[0].title: this member is missing" },
  { "missing-phases", "\"phases\": [", "\"x\": [", "$.phases: this member is missing" },
  { "missing-kind", "\"kind\": \"list\", ", "",
    "$.phases[0].sections[0].elements[1].kind: this member is missing" },
  { "missing-choices", ", \"choices\": [\"YES\", \"NO\"]", "", "fields[0].choices: this member is missing" },
  { "missing-check-work", "\"sql\": \"SELECT 1 AS n\",", "", "elements[3].check: a check needs" },
  { "empty-text", "\"Read this.\"", "\"\"", "elements[0].text: the text is empty" },
  { "empty-list", "[\"a\", \"b\"]", "[]", "elements[1].items: the list is empty" },
  { "another-format", "\"format\": 1", "\"format\": 2", "$.format: this program reads format 1" },
  { "a-list-at-the-top", "{\n", "[{\n", "bad.json:" },
  /* Types */
  { "number-for-a-text", "\"Read this.\"", "7", "elements[0].text: a text was expected" },
  { "null-for-a-text", "\"Read this.\"", "null", "elements[0].text: a text was expected" },
  { "text-for-a-number", "\"number\": 1", "\"number\": \"1\"",
    "$.phases[1].number: a whole number was expected" },
  { "fraction-for-a-number", "\"number\": 1", "\"number\": 1.5",
    "$.phases[1].number: a whole number was expected" },
  { "negative-number", "\"number\": 1", "\"number\": -1", "$.phases[1].number: a whole number from 0" },
  { "text-for-a-boolean", "\"numbered\": true", "\"numbered\": \"true\"",
    "elements[1].numbered: true or false was expected" },
  { "object-for-a-list", "[\"a\", \"b\"]", "{}", "elements[1].items: a list was expected" },
  { "number-in-a-list-of-texts", "[\"a\", \"b\"]", "[\"a\", 1]",
    "elements[1].items[1]: a text was expected" },
  { "text-for-an-element", "{\"id\": \"first.text\", \"kind\": \"text\", \"text\": \"Read this.\"}", "\"x\"",
    "$.phases[0].sections[0].elements[0]: an object was expected" },
  { "unknown-kind", "\"kind\": \"list\"", "\"kind\": \"lists\"",
    "elements[1].kind: “lists” is none of text, list," },
  { "unknown-field-type", "\"type\": \"email\"", "\"type\": \"mail\"", "fields[0].type: “mail” is none of" },
  { "unknown-operator", "\"op\": \"=\"", "\"op\": \"==\"", "check.expectations[1].op: “==” is none of" },
  { "row-of-another-width", "[\"1\", \"today\"]", "[\"1\"]",
    "elements[4].rows[0]: a list of 2 texts was expected" },
  { "too-many-columns", "[\"Version\", \"Date\"]",
    "[\"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\", \"8\", \"9\"]",
    "elements[4].columns: a table has at most 8 columns" },
  { "threshold-that-is-no-number", "\"95\"", "\"many\"", "criteria[0].threshold: “many” is not a number" },
  { "range-that-is-no-range", "\"0..1.5\"", "\"0-1\"", "expectations[0].value: “0-1” is not a range" },
  { "bound-that-is-no-number", "\"0..1.5\"", "\"0..x\"", "expectations[0].value: “x” is neither a number" },
  /* Ids and references */
  { "duplicate-element-id", "\"id\": \"first.list\"", "\"id\": \"first.text\"",
    "elements[1].id: “first.text” is already the id of $.phases[0].sections[0].elements[0]" },
  { "duplicate-field-id", "\"id\": \"first.contact.email\"", "\"id\": \"details.lead\"",
    "is already the id of $.details[0]" },
  { "duplicate-operation", "\"kind\": \"text\", \"text\": \"The end.\"",
    "\"kind\": \"operation\", \"text\": \"x\", \"operation\": \"backup\"",
    "$.appendix[0].elements[0].operation: “backup” is already the operation of" },
  { "id-with-a-space", "\"id\": \"first.list\"", "\"id\": \"first list\"",
    "elements[1].id: “first list” is not an id" },
  { "gate-requires-nothing-known", "\"requires\": [\"first.measured\"]", "\"requires\": [\"first.gone\"]",
    "$.gates[0].requires[0]: “first.gone” is not the id of a check box" },
  { "gate-requires-another-kind", "\"requires\": [\"first.measured\"]", "\"requires\": [\"first.text\"]",
    "$.gates[0].requires[0]: “first.text” is not the id of a check box" },
  { "gate-guards-nothing-known", "\"guards\": [\"backup\", \"second\"]",
    "\"guards\": [\"backup\", \"third\"]",
    "$.gates[0].guards[1]: “third” is not the id of a phase, an element or an operation" },
  { "gate-that-waits-for-itself", "\"guards\": [\"backup\", \"second\"]", "\"guards\": [\"first.measured\"]",
    "$.gates[0].requires[0]: “first.measured” would wait for itself" },
  { "gate-without-guards", "\"guards\": [\"backup\", \"second\"], ", "",
    "$.gates[0].guards: this member is missing" },
  { "metric-of-an-unknown-field", "\"after\": \"second.after\"", "\"after\": \"second.gone\"",
    "metrics[0].after: “second.gone” is not the id of" },
  { "metric-of-a-text", "\"after\": \"second.after\"", "\"after\": \"details.lead\"",
    "metrics[0].after: “details.lead” is not the id of a field that holds a number" },
  { "expectation-of-an-unknown-field", "${first.measured.rows}", "${first.gone}",
    "expectations[1].value: “first.gone” is not the id" },
  { "check-fills-an-unknown-field", "\"fills\": {\"first.measured.rows\": \"median_ms\"}",
    "\"fills\": {\"first.gone\": \"median_ms\"}",
    "check.fills.first.gone: “first.gone” is not the id of a field" },
  { "operation-proves-an-unknown-check", "\"proves\": [\"first.plain\"]", "\"proves\": [\"first.gone\"]",
    "proves[0]: “first.gone” is not" },
  { "criterion-of-an-unknown-check", "\"unit\": \"%\", \"check\": \"first.plain\"",
    "\"check\": \"first.text\"", "criteria[0].check: “first.text” is not" },
  { "placeholder-source-of-an-unknown-field", "field:details.lead", "field:details.gone",
    "placeholders[1].source: “details.gone” is not the id of a field" },
  { "unknown-source", "detail:date", "detail:weather",
    "placeholders[0].source: “detail:weather” is not a source" },
  { "unknown-moment", "detail:date", "now:weather",
    "placeholders[0].source: “now:weather” is not a source; known are: date, time, timestamp" },
  { "argument-of-an-unknown-operation", "detail:date", "operation:rollback.reason",
    "placeholders[0].source: “rollback” is not" },
  { "unknown-argument", "detail:date", "operation:backup.reasons",
    "placeholders[0].source: “reasons” is not an argument of that operation; known are: retention_days" },
  { "gate-waits-for-an-unknown-operation", "\"may_override\": true", "\"recent\": {\"operation\": \"bakup\"}",
    "$.gates[0].recent.operation: “bakup” is not an operation of this runbook; known are: backup" },
  { "schedule-after-an-unknown-operation", "\"text\": \"Look\"", "\"text\": \"Look\", \"after\": \"rolback\"",
    ".after: “rolback” is not an operation of this runbook; known are: backup" },
  { "row-that-the-comparison-calls-otherwise",
    "\"kind\": \"table\", \"text\": \"History\", \"columns\": [\"Version\", \"Date\"], \"rows\": [[\"1\", "
    "\"today\"]]",
    "\"kind\": \"operation\", \"text\": \"x\", \"operation\": \"comparison\", \"fills\": {\"second.after\": "
    "\"after.daily-cost\"}",
    "metrics[0]: by its id “after.metric” would stand in it, and the comparison fills in "
    "“after.daily-cost”" },
  /* What this program can do */
  { "unknown-builtin", "\"sql\": \"SELECT 1 AS n\",", "\"builtin\": \"connection.projekt\",",
    "elements[3].check.builtin: “connection.projekt” is not a built-in check; known are: connection.network, "
    "connection.client, connection.project," },
  { "unknown-metric", "\"metric\": \"query-success-rate\"", "\"metric\": \"sucess\"",
    "criteria[0].metric: “sucess” is not a metric; known are: query-failure-rate, query-success-rate," },
  { "unknown-unit-of-a-metric", "\"unit\": \"%\"", "\"unit\": \"percent\"",
    "criteria[0].unit: “percent” is not a unit of that metric; known are: %" },
  { "unit-that-is-not-that-of-its-fields", "\"after\": \"second.after\", \"lower_is_better\"",
    "\"after\": \"second.after\", \"unit\": \"ms\", \"lower_is_better\"",
    "metrics[0]: “ms” is not the unit of its field “first.measured.rows”; that is: rows" },
  { "unknown-operation", "\"operation\": \"backup\"", "\"operation\": \"back-up\"",
    ".operation: “back-up” is not an operation of this program; known are: backup, deploy-phase1," },
  { "unknown-result-of-an-operation", "rows.a_table", "row.a_table",
    "fills.first.measured.rows: “row.a_table” is not a result; known are: started, started-time, ended, "
    "timestamp," },
  { "rows-of-another-table", "rows.a_table", "rows.b_table", "“rows.b_table” is not a result" },
  { "worth-that-is-no-number", "\"overview\":", "\"worths\": {\"premium\": \"much\"}, \"overview\":",
    "$.worths.premium: a decimal number" },
  { "worth-below-nothing", "\"overview\":", "\"worths\": {\"premium\": \"-1\"}, \"overview\":",
    "$.worths.premium: a decimal number" },
  { "unknown-language", "\"language\": \"sh\"", "\"language\": \"bash\"",
    "language: “bash” is not a language; known are: sh, sql" },
  { "unknown-placeholder-in-sql", "SELECT 1 AS n", "SELECT 1 AS n FROM `${projekt}.x.y`",
    "check.sql: “projekt” is not a placeholder here; known are: project, dataset, location" },
  { "unclosed-placeholder-in-sql", "SELECT 1 AS n", "SELECT 1 AS n FROM `${project",
    "check.sql: “${project” is not closed" },
  { "unknown-column-of-a-benchmark", "{\"column\": \"median_ms\", \"op\": \"=\"",
    "{\"column\": \"mean_ms\", \"op\": \"=\"",
    "check.expectations[1]: “mean_ms” is not a column of a benchmark; known are: median_ms, minimum_ms, "
    "maximum_ms, runs" },
  { "unknown-column-in-the-summary-of-a-benchmark", "${median_ms} rows", "${ms} rows",
    "check.summary: “ms” is not a placeholder" },
  { "unknown-result-of-a-benchmark", "{\"first.measured.rows\": \"median_ms\"}",
    "{\"first.measured.rows\": \"ms\"}", "fills.first.measured.rows: “ms” is not a result" },
  { "source-without-a-kind", "detail:date", "date", "placeholders[0].source: “date” is not a source" },
  { "undeclared-placeholder", "By [LEAD]", "By [LEAD] at [TIME UTC]",
    "placeholders: the text has [TIME UTC], which is not declared" },
  { "unused-placeholder", "By [LEAD]", "By them", "placeholders[1]: [LEAD] is not in the text" },
  { "placeholder-twice", "\"name\": \"A/B\"", "\"name\": \"LEAD\"", "[A/B], which is not declared" },
  { "blank-without-a-field", "Somebody has looked\"}", "Somebody: ____\", \"label\": \"Somebody\"}",
    "elements[2].fields: the text has 1 blanks" },
  { "blank-without-a-label", "\"label\": \"Rows\",\n              \"hint\"", "\"hint\"",
    "elements[3].label: a text with blanks needs a label" },
  { "phases-out-of-order", "\"number\": 1", "\"number\": 0",
    "$.phases[1].number: phases stand in the order" },
  /* Schedules */
  { "schedule-that-ends-before-it-starts", "\"start_s\": 0, \"end_s\": 7200",
    "\"start_s\": 7200, \"end_s\": 7200", "schedule[0].end_s: a repeated entry must end" },
  { "schedule-of-two-rhythms", "\"every_s\": 900", "\"every_s\": 900, \"time_of_day_s\": 1",
    "schedule[0].time_of_day_s: an entry is either" },
  { "schedule-with-a-senseless-end", "\"start_s\": 86400", "\"start_s\": 86400, \"end_s\": 90000",
    "schedule[2].end_s: an entry that is not repeated" },
  { "schedule-every-second", "\"every_s\": 900", "\"every_s\": 1",
    "schedule[0].every_s: a whole number from 60" },
  { "time-of-day-after-midnight", "\"time_of_day_s\": 32400", "\"time_of_day_s\": 86400",
    "schedule[1].time_of_day_s: a whole number from 0" },
  /* Files that it names */
  { "sql-file-that-is-not-there", "\"sql\": \"SELECT 1 AS n\"", "\"sql_file\": \"sql/health/gone.sql\"",
    "check.sql_file: there is no file “sql/health/gone.sql”" },
  { "sql-file-above-the-folder", "\"sql\": \"SELECT 1 AS n\"", "\"sql_file\": \"../x.sql\"",
    "check.sql_file: “../x.sql” is not a path" },
  { "sql-file-further-above", "\"sql\": \"SELECT 1 AS n\"", "\"sql_file\": \"a/../../x.sql\"",
    "check.sql_file: “a/../../x.sql” is not a path" },
  { "absolute-sql-file", "\"sql\": \"SELECT 1 AS n\"", "\"sql_file\": \"/etc/x.sql\"",
    "check.sql_file: “/etc/x.sql” is not a path" },
  { "sql-twice", "\"sql\": \"SELECT 1 AS n\"",
    "\"sql\": \"SELECT 1\", \"sql_file\": \"sql/health/orphans.sql\"",
    "check.sql_file: the query is there twice" },
};

static void
test_minimal_is_fine (void)
{
  g_autofree char *text = read_minimal ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = eros_runbook_parse (text, -1, "minimal.json", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (eros_runbook_get_id (runbook), ==, "minimal");
}

/* As deep as a stack would have to be to break a parser that follows the text. */
static void
test_deep_nesting (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = NULL;

  for (guint i = 0; i < 1000000; i++)
    g_string_append_c (text, '[');
  runbook = eros_runbook_parse (text->str, (gssize) text->len, "deep.json", &error);
  g_assert_null (runbook);
  g_assert_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_NOT_JSON);
  g_assert_cmpstr (error->message, ==, "deep.json:1:33: nested too deeply");
}

static void
test_zero_byte (void)
{
  static const char text[] = "{\"format\": \0 1}";
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = eros_runbook_parse (text, sizeof text - 1, "zero.json", &error);

  g_assert_null (runbook);
  g_assert_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_NOT_JSON);
}

static void
test_every_prefix (void)
{
  g_autofree char *text = read_minimal ();
  gsize length = strlen (g_strchomp (text));

  for (gsize i = 0; i < length; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ErosRunbook) runbook = eros_runbook_parse (text, (gssize) i, "cut.json", &error);

      g_assert_null (runbook);
      g_assert_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_NOT_JSON);
    }
}

/* Whatever the bytes are: a runbook, or an error that names the file. */
static void
test_noise (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autofree char *text = read_minimal ();
  gsize length = strlen (text);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *copy = g_memdup2 (text, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (ErosRunbook) runbook = NULL;

      for (gint n = g_rand_int_range (rand, 1, 6); n > 0; n--)
        copy[g_rand_int_range (rand, 0, (gint32) length)] =
          "{}[]\",:0-. \\u\n\xff"[g_rand_int_range (rand, 0, 16)];
      runbook = eros_runbook_parse (copy, (gssize) length, "noise.json", &error);
      g_assert_true ((runbook == NULL) == (error != NULL));
      g_assert_true (error == NULL || g_str_has_prefix (error->message, "noise.json:"));
    }
}

/* What is written down opens, also where another version knew other names. */
static void
test_recorded_names_stay (void)
{
  static const char *const names[] = { "unknown-metric", "unknown-unit-of-a-metric",
                                       "unit-that-is-not-that-of-its-fields", "unknown-language", NULL };
  g_autofree char *minimal = read_minimal ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (g_strv_contains ((const char *const *) names, cases[i].name))
      {
        g_autofree char *text = replace_once (minimal, cases[i].from, cases[i].to);
        g_autoptr (GError) error = NULL;
        g_autoptr (ErosRunbook) runbook = eros_runbook_parse_recorded (text, "recorded", &error);

        g_assert_no_error (error);
        g_assert_nonnull (runbook);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runbook/the-minimal-one-is-fine", test_minimal_is_fine);
  g_test_add_func ("/runbook/malformed/nested-a-million-times", test_deep_nesting);
  g_test_add_func ("/runbook/malformed/zero-byte", test_zero_byte);
  g_test_add_func ("/runbook/malformed/cut-anywhere", test_every_prefix);
  g_test_add_func ("/runbook/malformed/noise", test_noise);
  g_test_add_func ("/runbook/malformed/recorded-names-stay", test_recorded_names_stay);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/runbook/malformed/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
