/* test-sql-text.c: identifiers become part of SQL in one place only
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-controller.h"
#include "eros-sql-text.h"

static char *
fill (const char *sql, const char *project, const char *dataset, GError **error)
{
  g_autoptr (ErosConnection) connection =
    g_object_new (EROS_TYPE_CONNECTION, "project", project, "dataset", dataset, "location", "US", NULL);

  return eros_sql_text_fill (sql, "test.sql", connection, error);
}

static void
test_identifiers_are_filled_in (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = fill ("SELECT '${dataset}', $1, '${' FROM `${project}`.`region-${location}`.x",
                               "eros-rehearsal", "d_1", &error);

  /* What is not closed is no placeholder. */
  g_assert_null (sql);
  g_assert_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  sql = fill ("SELECT '${dataset}' FROM `${project}`.`region-${location}`.x -- ${", "eros-rehearsal", "d_1",
              &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sql, ==, "SELECT 'd_1' FROM `eros-rehearsal`.`region-us`.x -- ${");
}

static void
test_hostile_identifiers_are_refused (void)
{
  static const char *hostile[] = { "",    "d`", "d'; DROP TABLE x; --", "d\n", "d.e",
                                   "d\\", "ä",  "${project}",           "d e" };

  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *sql = fill ("SELECT `${dataset}`", "eros-rehearsal", hostile[i], &error);

      g_assert_null (sql);
      g_assert_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED);
    }
}

static void
test_an_unknown_placeholder_is_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = fill ("SELECT ${user}", "eros-rehearsal", "d", &error);

  g_assert_null (sql);
  g_assert_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/controller/sql-text/identifiers-are-filled-in", test_identifiers_are_filled_in);
  g_test_add_func ("/controller/sql-text/hostile-identifiers-are-refused",
                   test_hostile_identifiers_are_refused);
  g_test_add_func ("/controller/sql-text/an-unknown-placeholder-is-refused",
                   test_an_unknown_placeholder_is_refused);
  return g_test_run ();
}
