/* test-connection.c: what may be sent where
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-connection.h"
#include "eros-limits.h"

static ErosConnection *
sound_connection (void)
{
  return g_object_new (EROS_TYPE_CONNECTION, "project", "eros-rehearsal", "dataset", "eros_platform",
                       "location", "US", "bucket", "eros-platform-backups", "endpoint",
                       "http://127.0.0.1:9050", NULL);
}

static void
assert_refused (const char *property, const char *value)
{
  g_autoptr (ErosConnection) connection = sound_connection ();
  g_autoptr (GError) error = NULL;

  g_object_set (connection, property, value, NULL);
  g_assert_false (eros_connection_validate (connection, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_what_cannot_be_is_refused (void)
{
  static const char *projects[] = { "",          "short", "UPPER-case", "eros`; DROP", "ends-with-hyphen-",
                                    "a\nproject" };
  static const char *datasets[] = { "", "with-hyphen", "a.b", "x`", "eros_platform\n" };
  static const char *endpoints[] = { "", "ftp://127.0.0.1", "127.0.0.1:9050", "http://",
                                     "https://host/path?x" };

  for (guint i = 0; i < G_N_ELEMENTS (projects); i++)
    assert_refused ("project", projects[i]);
  for (guint i = 0; i < G_N_ELEMENTS (datasets); i++)
    assert_refused ("dataset", datasets[i]);
  for (guint i = 0; i < G_N_ELEMENTS (endpoints); i++)
    assert_refused ("endpoint", endpoints[i]);
  assert_refused ("bucket", "Upper/case");
  assert_refused ("location", "us`");
}

static void
test_only_loopback_goes_without_encryption (void)
{
  static const char *refused[] = { "http://example.com", "http://10.0.0.1:9050",
                                   "http://127.0.0.1.example.com", "http://127.0.0.1@example.com",
                                   "http://0.0.0.0:80" };
  static const char *allowed[] = { "http://127.0.0.1:9050", "http://localhost:9050", "http://[::1]:9050",
                                   "https://bigquery.example.com" };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    assert_refused ("endpoint", refused[i]);
  for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
    {
      g_autoptr (ErosConnection) connection = sound_connection ();
      g_autoptr (GError) error = NULL;

      g_object_set (connection, "endpoint", allowed[i], NULL);
      eros_connection_validate (connection, &error);
      g_assert_no_error (error);
    }
}

static void
assert_limit (const char *property, const char *text, gint64 expected, const char *shown)
{
  g_autoptr (GError) error = NULL;
  gint64 value = -1;
  g_autofree char *formatted = NULL;

  eros_limits_parse (property, text, &value, &error);
  g_assert_no_error (error);
  g_assert_cmpint (value, ==, expected);
  formatted = eros_limits_format (property, value);
  g_assert_cmpstr (formatted, ==, shown);
}

static void
test_limits_are_read_as_people_write_them (void)
{
  assert_limit ("budget-bytes", "50 GiB", G_GINT64_CONSTANT (50) << 30, "50 GiB");
  assert_limit ("budget-bytes", " 1.5tib ", G_GINT64_CONSTANT (3) << 39, "1.5 TiB");
  assert_limit ("budget-bytes", "2048 MiB", G_GINT64_CONSTANT (2) << 30, "2 GiB");
  assert_limit ("budget-bytes", "7", G_GINT64_CONSTANT (7) << 30, "7 GiB");
  assert_limit ("budget-bytes", "100\u00a0MiB", G_GINT64_CONSTANT (100) << 20, "100 MiB");
  assert_limit ("budget-bytes", "1000 B", 1000, "1000 B");
  assert_limit ("budget-bytes", "1.1 GiB", 1181116006, "1.1 GiB");
  assert_limit ("budget-bytes", "0", 0, "");
  assert_limit ("budget-bytes", "0 TiB", 0, "");
  assert_limit ("budget-bytes", "", 0, "");
  assert_limit ("timeout-ms", "60", 60000, "60");
  assert_limit ("timeout-ms", "0.25 s", 250, "0.25");
  assert_limit ("timeout-ms", "100", 100000, "100");
  assert_limit ("timeout-ms", " ", 60000, "60");
  assert_limit ("cents-per-tib", "6.25", 625, "6.25");
  assert_limit ("cents-per-tib", "0", 0, "0.00");
  assert_limit ("cents-per-tib", "10000", 1000000, "10000.00");
  assert_limit ("cents-per-tib", "", 625, "6.25");
}

static void
test_limits_that_are_none_are_refused (void)
{
  static const char *wrong[][2] = {
    { "budget-bytes", "much" },      { "budget-bytes", "-1 GiB" },  { "budget-bytes", "5 GB" },
    { "budget-bytes", "1,5,0 GiB" }, { "budget-bytes", "GiB" },     { "budget-bytes", "9000000 TiB" },
    { "budget-bytes", "0.1 B" },     { "budget-bytes", "1e9 GiB" }, { "budget-bytes", "0x10 GiB" },
    { "budget-bytes", "nan" },       { "budget-bytes", "." },       { "budget-bytes", "1. GiB" },
    { "timeout-ms", "0" },           { "timeout-ms", "-5" },        { "timeout-ms", "1 h" },
    { "timeout-ms", "86401" },       { "timeout-ms", "inf" },       { "timeout-ms", "0.0001" },
    { "cents-per-tib", "6.255" },    { "cents-per-tib", "-1" },     { "cents-per-tib", "6 EUR" },
    { "cents-per-tib", "10000.01" }, { "cents-per-tib", "free" },   { "cents-per-tib", "6..2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 value = -1;

      if (eros_limits_parse (wrong[i][0], wrong[i][1], &value, &error))
        g_error ("%s “%s” was read as %" G_GINT64_FORMAT, wrong[i][0], wrong[i][1], value);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_cmpint (value, ==, -1);
    }
}

static void
count_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
test_a_property_is_notified_when_it_changes (void)
{
  g_autoptr (ErosConnection) connection = sound_connection ();
  guint notified = 0;

  g_signal_connect (connection, "notify::project", G_CALLBACK (count_cb), &notified);
  g_object_set (connection, "project", "eros-rehearsal", NULL);
  g_assert_cmpuint (notified, ==, 0);
  g_object_set (connection, "project", "eros-production", NULL);
  g_assert_cmpuint (notified, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bigquery/connection/what-cannot-be-is-refused", test_what_cannot_be_is_refused);
  g_test_add_func ("/bigquery/connection/only-loopback-goes-without-encryption",
                   test_only_loopback_goes_without_encryption);
  g_test_add_func ("/bigquery/connection/limits-are-read-as-people-write-them",
                   test_limits_are_read_as_people_write_them);
  g_test_add_func ("/bigquery/connection/limits-that-are-none-are-refused",
                   test_limits_that_are_none_are_refused);
  g_test_add_func ("/bigquery/connection/a-property-is-notified-when-it-changes",
                   test_a_property_is_notified_when_it_changes);
  return g_test_run ();
}
