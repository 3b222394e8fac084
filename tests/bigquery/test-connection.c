/* test-connection.c: what may be sent where
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-connection.h"

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
  g_test_add_func ("/bigquery/connection/a-property-is-notified-when-it-changes",
                   test_a_property_is_notified_when_it_changes);
  return g_test_run ();
}
