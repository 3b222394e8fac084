/* test-field.c: what may be written into a blank, and how it is shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <locale.h>
#include <string.h>

#include "eros-runbook.h"

static ErosRunbook *runbook;

/* One field of each type, made as a runbook makes it. */
static ErosField *
field (const char *type)
{
  g_autofree char *id = g_strdup_printf ("details.%s", type);

  return eros_runbook_find_field (runbook, id);
}

static void
make_runbook (void)
{
  static const char *const types[] = { "text",   "identifier", "project",   "dataset", "table", "location",
                                       "bucket", "number",     "count",     "bytes",   "money", "percentage",
                                       "date",   "time",       "timestamp", "email",   "phone", NULL };
  g_autoptr (GString) json = g_string_new ("{\"format\": 1, \"id\": \"x\", \"title\": \"x\", \"version\": "
                                           "\"1\", \"overview\": \"x\", \"details\": [");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; types[i] != NULL; i++)
    g_string_append_printf (json, "{\"id\": \"details.%s\", \"label\": \"x\", \"type\": \"%s\"},", types[i],
                            types[i]);
  g_string_append (
    json,
    "{\"id\": \"details.rows\", \"label\": \"x\", \"type\": \"number\", \"unit\": \"rows\"},"
    "{\"id\": \"details.choice\", \"label\": \"x\", \"type\": \"choice\", \"choices\": [\"SUCCESS\", "
    "\"ROLLBACK REQUIRED\"]}],"
    "\"phases\": [{\"id\": \"p\", \"number\": 0, \"title\": \"x\", \"short_title\": \"x\", \"sections\": ["
    "{\"id\": \"s\", \"title\": \"x\", \"elements\": [{\"id\": \"e\", \"kind\": \"text\", \"text\": "
    "\"x\"}]}]}]}");
  runbook = eros_runbook_parse (json->str, -1, "fields.json", &error);
  g_assert_no_error (error);
}

typedef struct
{
  const char *type;
  const char *typed;
  const char *stored; /* NULL: refused */
  const char *shown;  /* NULL: as stored */
} Case;

static const Case cases[] = {
  { "text", "  Kyle\u00a0 ", "Kyle", NULL },
  { "text", "", "", NULL },
  { "text", "   ", "", NULL },
  { "text", "one line, العربية, 漢字", "one line, العربية, 漢字", NULL },
  { "text", "two\nlines", NULL, NULL },
  { "text", "two\u2028lines", NULL, NULL },
  { "text", "bell\a", NULL, NULL },
  { "identifier", "eros_platform", "eros_platform", NULL },
  { "identifier", "`eros-dev`", "eros-dev", NULL },
  { "identifier", "example.com:eros", "example.com:eros", NULL },
  { "identifier", "a b", NULL, NULL },
  { "identifier", "x`; DROP TABLE y", NULL, NULL },
  { "identifier", "a\nb", NULL, NULL },
  { "project", "eros-production", "eros-production", NULL },
  { "project", "`eros-dev`", "eros-dev", NULL },
  { "project", "example.com:team", "example.com:team", NULL },
  { "project", "sub.example.co.uk:eros-dev", "sub.example.co.uk:eros-dev", NULL },
  { "project", "p1", NULL, NULL },
  { "project", "Eros-Production", NULL, NULL },
  { "project", "1eros-dev", NULL, NULL },
  { "project", "eros-dev-", NULL, NULL },
  { "project", "eros_dev", NULL, NULL },
  { "project", "eros.dev", NULL, NULL },
  { "project", "com:team", NULL, NULL },
  { "project", ":eros-dev", NULL, NULL },
  { "project", "a.b:c:eros-dev", NULL, NULL },
  { "project", "example.com:", NULL, NULL },
  { "project", "..:eros-dev", NULL, NULL },
  { "project", "eros-dev`", "eros-dev", NULL },
  { "project", "eros-dev`.x", NULL, NULL },
  { "project", "this-project-id-is-31-letters-xx", NULL, NULL },
  { "dataset", "eros_platform", "eros_platform", NULL },
  { "dataset", "eros-platform", NULL, NULL },
  { "dataset", "a.b", NULL, NULL },
  { "table", "caption_bank", "caption_bank", NULL },
  { "table", "données 2025-10", "données 2025-10", NULL },
  { "table", "a.b", NULL, NULL },
  { "table", "a`b", NULL, NULL },
  { "location", "US", "US", NULL },
  { "location", "europe-west1", "europe-west1", NULL },
  { "location", "the moon", NULL, NULL },
  { "bucket", "eros-platform-backups", "eros-platform-backups", NULL },
  { "bucket", "gs://eros-backups/", "eros-backups", NULL },
  { "bucket", "Eros", NULL, NULL },
  { "bucket", "a", NULL, NULL },
  { "bucket", "a/b", NULL, NULL },
  { "count", "1250", "1250", NULL },
  { "count", "1,250", "1250", NULL },
  { "count", "12.00", "12", NULL },
  { "count", "0", "0", NULL },
  { "count", "-5", NULL, NULL },
  { "count", "1.999", NULL, NULL },
  { "count", "many", NULL, NULL },
  { "number", "12.50", "12.50", NULL },
  { "number", "007", "7", NULL },
  { "number", ".5", "0.5", NULL },
  { "number", "-0", "0", NULL },
  { "number", "-3.25", "-3.25", "−3.25" },
  { "number", "\u22123", "-3", "−3" },
  { "number", "+3", "3", NULL },
  { "number", "1,234", "1234", NULL },
  { "number", "1,234.5", "1234.5", NULL },
  { "number", "1.234,5", "1234.5", NULL },
  { "number", "1.234.567", "1234567", NULL },
  { "number", "1 234 567,5", "1234567.5", NULL },
  { "number", "1\u202f234", "1234", NULL },
  { "number", "1'234.5", "1234.5", NULL },
  { "number", "1.5e-4", "0.00015", NULL },
  { "number", "1.5E+3", "1500", NULL },
  { "number", "٣٫١٤", "3.14", NULL },
  { "number", "0.1234567890123456789012345678901234567", "0.1234567890123456789012345678901234567", NULL },
  { "number", "1,5", NULL, NULL },
  { "number", "0,123", NULL, NULL },
  { "number", "1,23,456", NULL, NULL },
  { "number", "12 34", NULL, NULL },
  { "number", "1.2.3", NULL, NULL },
  { "number", "NaN", NULL, NULL },
  { "number", "0x10", NULL, NULL },
  { "number", "1e999", NULL, NULL },
  { "number", "--1", NULL, NULL },
  { "number", "1-", NULL, NULL },
  { "number", "-", NULL, NULL },
  { "number", ".", NULL, NULL },
  { "number", "twelve", NULL, NULL },
  { "rows", "12 rows", "12", "12 rows" },
  { "rows", "12 ROWS", "12", "12 rows" },
  { "rows", "12 s", NULL, NULL },
  { "bytes", "1024", "1024", "1.0 kB" },
  { "bytes", "1.5 GB", "1500000000", "1.5 GB" },
  { "bytes", "12 MiB", "12582912", "12.6 MB" },
  { "bytes", "0.1 KiB", "102", "102 bytes" },
  { "bytes", "16 PB", "16000000000000000", "16.0 PB" },
  { "bytes", "20 PB", NULL, NULL },
  { "bytes", "1.5", NULL, NULL },
  { "bytes", "-1", NULL, NULL },
  { "bytes", "12 apples", NULL, NULL },
  { "money", "$12.5", "12.5", "$12.50" },
  { "money", "US$ 1,234.5678", "1234.5678", "$1234.5678" },
  { "money", "12 USD", "12", "$12.00" },
  { "money", "12 EUR", NULL, NULL },
  { "money", "-1", NULL, NULL },
  { "money", "$-0.01", NULL, NULL },
  { "percentage", "12.5%", "12.5", "12.5%" },
  { "percentage", "100.00", "100.00", "100.00%" },
  { "percentage", "0", "0", "0%" },
  { "percentage", "100.01", NULL, NULL },
  { "percentage", "101", NULL, NULL },
  { "percentage", "-1", NULL, NULL },
  { "date", "2025-10-31", "2025-10-31", "31 October 2025" },
  { "date", "2025-1-2", "2025-01-02", "2 January 2025" },
  { "date", "2024-02-29", "2024-02-29", "29 February 2024" },
  { "date", "2025-02-29", NULL, NULL },
  { "date", "31.10.2025", NULL, NULL },
  { "date", "10/31/2025", NULL, NULL },
  { "time", "9:05", "09:05:00", "09:05:00 UTC" },
  { "time", "14:30:22 UTC", "14:30:22", "14:30:22 UTC" },
  { "time", "14:30Z", "14:30:00", "14:30:00 UTC" },
  { "time", "24:00", NULL, NULL },
  { "time", "14.30", NULL, NULL },
  { "timestamp", "2025-10-31T14:30:22Z", "2025-10-31T14:30:22Z", "31 October 2025, 14:30:22 UTC" },
  { "timestamp", "2025-10-31 14:30", "2025-10-31T14:30:00Z", "31 October 2025, 14:30:00 UTC" },
  { "timestamp", "2025-10-31 14:30 UTC", "2025-10-31T14:30:00Z", "31 October 2025, 14:30:00 UTC" },
  { "timestamp", "2025-10-31T14:30:22.123456Z", "2025-10-31T14:30:22.123456Z",
    "31 October 2025, 14:30:22 UTC" },
  { "timestamp", "2025-10-31T01:30:00+02:00", "2025-10-30T23:30:00Z", "30 October 2025, 23:30:00 UTC" },
  { "timestamp", "2025-10-31", NULL, NULL },
  { "timestamp", "2025-10-31T25:00:00Z", NULL, NULL },
  { "timestamp", "now", NULL, NULL },
  { "choice", "success", "SUCCESS", NULL },
  { "choice", "ROLLBACK REQUIRED", "ROLLBACK REQUIRED", NULL },
  { "choice", "MAYBE", NULL, NULL },
  { "email", "kyle@example.com", "kyle@example.com", NULL },
  { "email", "kyle@localhost", "kyle@localhost", NULL },
  { "email", "kyle", NULL, NULL },
  { "email", "a@b@c", NULL, NULL },
  { "email", "a@b\nBcc: c@d", NULL, NULL },
  { "phone", "+1 (555) 0100 ext. 12", "+1 (555) 0100 ext. 12", NULL },
  { "phone", "call me", NULL, NULL },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *stored = eros_field_normalize (field (c->type), c->typed, &error);
  g_autofree char *again = NULL;
  g_autofree char *shown = NULL;
  g_autoptr (GString) plain = NULL;

  g_assert_cmpstr (stored, ==, c->stored);
  if (c->stored == NULL)
    {
      g_assert_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_INVALID);
      g_assert_true (g_str_has_suffix (error->message, "."));
      return;
    }
  g_assert_no_error (error);
  again = eros_field_normalize (field (c->type), stored, NULL);
  g_assert_cmpstr (again, ==, stored);
  shown = eros_field_format (field (c->type), stored);
  plain = g_string_new (shown);
  g_string_replace (plain, "\u00a0", " ", 0);
  g_assert_cmpstr (plain->str, ==, c->shown != NULL ? c->shown : c->stored);
}

static void
test_not_utf8 (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (eros_field_normalize (field ("text"), "\xff", &error));
  g_assert_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_INVALID);
}

static void
test_too_long (void)
{
  g_autofree char *text = g_strnfill (20000, 'x');
  g_autoptr (GError) error = NULL;

  g_assert_null (eros_field_normalize (field ("text"), text, &error));
  g_assert_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_INVALID);
}

static void
test_not_canonical (void)
{
  g_autofree char *shown = eros_field_format (field ("number"), "about 12");

  g_assert_cmpstr (shown, ==, "about 12");
}

static void
assert_shown (const char *type, const char *stored, const char *expected)
{
  g_autofree char *shown = eros_field_format (field (type), stored);

  g_assert_cmpstr (shown, ==, expected);
}

/* Runs with what is installed: the C locale groups nothing, so another one is wanted. */
static void
test_other_locale (void)
{
  g_autofree char *comma = NULL;
  const struct lconv *conventions;

  if (setlocale (LC_NUMERIC, "de_DE.UTF-8") == NULL)
    {
      g_test_skip ("no German locale");
      return;
    }
  conventions = localeconv ();
  g_assert_cmpstr (conventions->decimal_point, ==, ",");
  comma = eros_field_normalize (field ("number"), "1,5", NULL);
  g_assert_cmpstr (comma, ==, "1.5");
  assert_shown ("number", "1234567.25", "1.234.567,25");
  assert_shown ("money", "1234.5", "$1.234,50");
  setlocale (LC_NUMERIC, "C");
}

int
main (int argc, char **argv)
{
  int status;

  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  make_runbook ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/runbook/field/%s/%u", cases[i].type, i);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/runbook/field/what-is-not-utf8-is-refused", test_not_utf8);
  g_test_add_func ("/runbook/field/what-is-too-long-is-refused", test_too_long);
  g_test_add_func ("/runbook/field/what-is-not-canonical-is-shown-as-it-is", test_not_canonical);
  g_test_add_func ("/runbook/field/decimals-and-groups-of-the-locale", test_other_locale);
  status = g_test_run ();
  g_object_unref (runbook);
  return status;
}
