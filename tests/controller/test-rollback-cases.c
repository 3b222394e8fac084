/* test-rollback-cases.c: data sets with every kind of object, changed by a deployment in every way, and
 * rolled back
 *
 * Each case is drawn: what there is, what the deployment does with it, what somebody else does meanwhile.
 * After the rollback the inventory is the backup's, but for what somebody else has done. A few cases run by
 * themselves; the variable EROS_CASES says how many there are to be, EROS_FIRST_CASE which is the first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "controller-test.h"
#include "eros-inventory-diff.h"
#include "eros-inventory-read.h"

#define D "`eros-rehearsal.eros_platform."

typedef struct
{
  const char *kind;
  const char *drop;
  const char *make;    /* %1$s: its name */
  const char *replace; /* what a deployment puts in its place */
  const char *alter;   /* (nullable) how it is changed otherwise */
} Kind;

/* Each statement has the name at every %s. */
static const Kind kinds[] = {
  { "table", "DROP TABLE " D "%s`;",
    "CREATE TABLE " D
    "%s` (id INT64 NOT NULL, `order` STRING DEFAULT 'x' OPTIONS (description = 'o'), stamp TIMESTAMP, "
    "nested STRUCT<a INT64, b ARRAY<STRING>>) PARTITION BY DATE(stamp) CLUSTER BY id OPTIONS (description = "
    "'T', labels "
    "= [('team', 'a')]);",
    "CREATE OR REPLACE TABLE " D "%s` (id STRING, other FLOAT64);",
    "ALTER TABLE " D "%s` ADD COLUMN more INT64, SET OPTIONS (description = 'changed');" },
  { "keyed table", "DROP TABLE " D "%s`;",
    "CREATE TABLE " D "%s` (a INT64, b NUMERIC(9, 2), c BYTES(4), PRIMARY KEY (a) NOT ENFORCED);",
    "CREATE OR REPLACE TABLE " D "%s` (a INT64) OPTIONS (description = 'smaller');",
    "ALTER TABLE " D "%s` DROP PRIMARY KEY, DROP COLUMN c;" },
  { "view", "DROP VIEW " D "%s`;",
    "CREATE VIEW " D "%s` OPTIONS (description = 'V') AS SELECT 1 AS one, 'a' AS two;",
    "CREATE OR REPLACE VIEW " D "%s` AS SELECT 2 AS two;",
    "ALTER VIEW " D "%s` SET OPTIONS (description = 'other', labels = [('x', 'y')]);" },
  { "view of a view", "DROP VIEW " D "%s`;",
    "CREATE OR REPLACE VIEW " D "%s_base` AS SELECT 1 AS one; CREATE VIEW " D
    "%s` AS SELECT one + 1 AS two FROM " D "%s_base`;",
    "CREATE OR REPLACE VIEW " D "%s` AS SELECT 2 AS three; DROP VIEW " D "%s_base`;", NULL },
  { "materialized view", "DROP MATERIALIZED VIEW " D "%s`;",
    "CREATE MATERIALIZED VIEW " D "%s` OPTIONS (enable_refresh = FALSE) AS SELECT id FROM " D "untouched`;",
    "CREATE OR REPLACE MATERIALIZED VIEW " D "%s` AS SELECT COUNT(*) AS n FROM " D "untouched`;", NULL },
  { "snapshot", "DROP SNAPSHOT TABLE " D "%s`;",
    "CREATE SNAPSHOT TABLE " D "%s` CLONE " D "untouched` OPTIONS (description = 'S');",
    "DROP SNAPSHOT TABLE " D "%s`; CREATE SNAPSHOT TABLE " D "%s` CLONE " D "untouched_too`;", NULL },
  { "function", "DROP FUNCTION " D "%s`;",
    "CREATE FUNCTION " D
    "%s`(a INT64, b STRING) RETURNS STRING OPTIONS (description = 'F') AS (CONCAT(b, CAST(a AS "
    "STRING)));",
    "CREATE OR REPLACE FUNCTION " D "%s`(a INT64) AS (a + 1);", NULL },
  { "function of a function", "DROP FUNCTION " D "%s`;",
    "CREATE OR REPLACE FUNCTION " D "%s_inner`() AS (1); CREATE FUNCTION " D "%s`() AS (" D
    "%s_inner`() + 1);",
    "CREATE OR REPLACE FUNCTION " D "%s`() AS (5); DROP FUNCTION " D "%s_inner`;", NULL },
  { "procedure", "DROP PROCEDURE " D "%s`;",
    "CREATE PROCEDURE " D "%s`(a INT64, OUT b STRING) OPTIONS (strict_mode = FALSE) BEGIN SET b = 'x;'; END;",
    "CREATE OR REPLACE PROCEDURE " D "%s`() BEGIN SELECT 1; END;", NULL },
};

static const char *const critical[] = { "caption_bank", "caption_bandit_stats",
                                        "active_caption_assignments" };

/* What a deployment, or an accident, does to a critical table. */
static const char *const accidents[] = {
  "",
  "DELETE FROM " D "%s` WHERE TRUE;",
  "ALTER TABLE " D "%s` ADD COLUMN surplus INT64;",
  "ALTER TABLE " D "%s` SET OPTIONS (description = 'changed', labels = [('a', 'b')]);",
  "DROP TABLE " D "%s`;",
  "CREATE OR REPLACE TABLE " D "%s` (caption_id STRING);",
  "DROP TABLE " D "%s`; CREATE VIEW " D "%s` AS SELECT 1 AS one;",
  "ALTER TABLE " D "%s` ALTER COLUMN caption_id SET OPTIONS (description = 'other');",
};

typedef enum
{
  LEAVE,
  ADD,
  REPLACE,
  ALTER,
  DROP,
  N_CHANGES,
} Change;

typedef struct
{
  GRand *rand;
  GString *before; /* what there is */
  GString *deploy;
  GString *meanwhile; /* what somebody else does, after the deployment */
  GHashTable *theirs; /* "kind name" of what that is */
} Case;

static void
say (GString *sql, const char *statement, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (statement, "%s", -1);
  g_autofree char *text = g_strjoinv (name, parts);

  g_string_append (sql, text);
  g_string_append_c (sql, '\n');
}

static void
draw_object (Case *self, const Kind *kind, const char *name)
{
  Change change = g_rand_int_range (self->rand, 0, N_CHANGES);

  if (change != ADD)
    say (self->before, kind->make, name);
  if (change == ADD)
    say (self->deploy, kind->make, name);
  else if (change == REPLACE)
    say (self->deploy, kind->replace, name);
  else if (change == ALTER && kind->alter != NULL)
    say (self->deploy, kind->alter, name);
  else if (change == DROP)
    say (self->deploy, kind->drop, name);
}

static void
note_theirs (Case *self, const Kind *kind, const char *name, gboolean whole)
{
  const char *word = g_str_has_suffix (kind->kind, "view of a view") ? "view"
                     : g_str_has_prefix (kind->kind, "function")     ? "function"
                     : g_str_has_suffix (kind->kind, "table")        ? "table"
                                                                     : kind->kind;

  g_hash_table_add (self->theirs, g_strdup_printf ("%s %s", word, name));
  if (whole && strstr (kind->make, "%s_base") != NULL)
    g_hash_table_add (self->theirs, g_strdup_printf ("view %s_base", name));
  if (whole && strstr (kind->make, "%s_inner") != NULL)
    g_hash_table_add (self->theirs, g_strdup_printf ("function %s_inner", name));
}

/* Somebody else makes one, and changes or drops another that was there. */
static void
draw_theirs (Case *self, const Kind *kind, guint place)
{
  g_autofree char *made = g_strdup_printf ("theirs_made_%u", place);
  g_autofree char *changed = g_strdup_printf ("theirs_changed_%u", place);

  if (g_rand_boolean (self->rand))
    {
      say (self->meanwhile, kind->make, made);
      note_theirs (self, kind, made, TRUE);
    }
  say (self->before, kind->make, changed);
  if (g_rand_int_range (self->rand, 0, 3) == 0)
    {
      gboolean replaced = g_rand_boolean (self->rand);

      say (self->meanwhile, replaced ? kind->replace : kind->drop, changed);
      note_theirs (self, kind, changed, replaced);
    }
}

static void
draw (Case *self, guint seed)
{
  self->rand = g_rand_new_with_seed (seed);
  self->before = g_string_new (NULL);
  self->deploy = g_string_new (NULL);
  self->meanwhile = g_string_new (NULL);
  self->theirs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_string_append (self->before, "CREATE TABLE " D "untouched` (id INT64); CREATE TABLE " D
                                 "untouched_too` (id INT64, more STRING);\n");
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      for (guint j = 0; j < 2; j++)
        {
          g_autofree char *name = g_strdup_printf ("thing_%u_%u", i, j);

          draw_object (self, &kinds[i], name);
        }
      draw_theirs (self, &kinds[i], i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (critical); i++)
    say (self->deploy, accidents[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (accidents))], critical[i]);
  if (g_rand_boolean (self->rand))
    g_string_append (self->deploy, "ALTER SCHEMA `eros-rehearsal.eros_platform`"
                                   " SET OPTIONS (description = 'deployed', labels = [('phase', 'one')]);\n");
  g_string_append (self->deploy, "SELECT 1;\n");
  g_string_append (self->meanwhile, "SELECT 1;\n");
}

static void
clear (Case *self)
{
  g_rand_free (self->rand);
  g_string_free (self->before, TRUE);
  g_string_free (self->deploy, TRUE);
  g_string_free (self->meanwhile, TRUE);
  g_hash_table_unref (self->theirs);
}

/* ---- running it ---------------------------------------------------------------------------------------- */

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

/* A folder of steps with one that does what the case says, and that does not know how to take it back. */
static char *
write_steps (ControllerTest *test, const char *deploy)
{
  g_autofree char *root = g_build_filename (test->folder, "steps", NULL);
  static const char *const phases[] = { "phase1", "phase2" };

  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      g_autofree char *folder = g_build_filename (root, phases[i], "10-step", NULL);

      g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
      write_file (folder, "deploy.sql", i == 0 ? deploy : "SELECT 1;");
      write_file (folder, "revert.sql", "SELECT 1;");
      write_file (folder, "verify.sql", "-- verify: one\nSELECT 1 AS one");
      write_file (
        folder, "step.json",
        "{\"title\": \"Step\", \"changes\": \"things\", \"timeout_seconds\": 60, \"proves\": [], "
        "\"verify\": {\"one\": {\"summary\": \"${one}\", \"expect\": [{\"column\": \"one\", \"op\": "
        "\"=\", \"value\": \"1\"}]}}}");
    }
  return g_steal_pointer (&root);
}

static ErosInventory *
read_inventory (ControllerTest *test)
{
  static const char *const tables[] = { "caption_bank", "caption_bandit_stats", "active_caption_assignments",
                                        NULL };
  g_autoptr (ErosBigQuery) client = eros_big_query_new (eros_rehearsal_get_connection (test->rehearsal));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  ErosInventory *inventory;

  eros_inventory_read_async (client, tables, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  inventory = eros_inventory_read_finish (result, &error);
  g_assert_no_error (error);
  return inventory;
}

static void
assert_same (Case *self, const ErosInventory *before, const ErosInventory *after)
{
  g_autoptr (GPtrArray) changes = eros_inventory_diff (before, after);

  for (guint i = 0; i < changes->len; i++)
    {
      const ErosInventoryChange *change = changes->pdata[i];
      g_autofree char *key = g_strdup_printf ("%s %s", change->kind, change->name);

      if (!g_hash_table_remove (self->theirs, key))
        g_error ("%s is %s:\n%s\n→\n%s", key, eros_change_kind_get_word (change->change),
                 change->before != NULL ? change->before->definition : "nothing",
                 change->after != NULL ? change->after->definition : "nothing");
    }
  if (g_hash_table_size (self->theirs) > 0)
    {
      g_autofree gpointer *lost = g_hash_table_get_keys_as_array (self->theirs, NULL);

      g_error ("What somebody else has done was undone: %s", (char *) lost[0]);
    }
  for (guint i = 0; i < eros_inventory_get_n_rows (before); i++)
    {
      const ErosInventoryRows *rows = eros_inventory_get_rows (before, i);
      const ErosInventoryRows *again = eros_inventory_find_rows (after, rows->table);

      g_assert_nonnull (again);
      g_assert_cmpint (again->n_rows, ==, rows->n_rows);
      g_assert_cmpstr (again->checksum, ==, rows->checksum);
      g_assert_cmpstr (again->total, ==, rows->total);
    }
}

static void
test_case (ControllerTest *test, gconstpointer data)
{
  Case self;
  g_autofree char *steps = NULL;
  g_autofree char *suffix = NULL;
  g_autoptr (GHashTable) arguments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (GHashTable) rollback = NULL;
  g_autoptr (ErosInventory) before = NULL;
  g_autoptr (ErosInventory) after = NULL;

  draw (&self, GPOINTER_TO_UINT (data));
  g_test_message ("There is:\n%s\nDeployed is:\n%s\nMeanwhile:\n%s", self.before->str, self.deploy->str,
                  self.meanwhile->str);
  g_free (controller_test_query (test, self.before->str));
  controller_test_run (test, "backup", NULL);
  before = read_inventory (test);
  suffix = controller_test_backup_suffix (test);
  steps = write_steps (test, self.deploy->str);
  g_hash_table_insert (arguments, (gpointer) "sql", g_strdup (steps));
  controller_test_open_gates (test);
  controller_test_run (test, "deploy-phase1", arguments);
  g_free (controller_test_query (test, self.meanwhile->str));
  rollback = controller_test_rollback_arguments (suffix);
  g_hash_table_insert (rollback, (gpointer) "sql", g_strdup (steps));
  controller_test_run (test, "rollback", rollback);
  after = read_inventory (test);
  assert_same (&self, before, after);
  controller_test_assert_ticked (test, "rollback.steps.restored");
  clear (&self);
}

int
main (int argc, char **argv)
{
  const char *wanted = g_getenv ("EROS_CASES");
  const char *first = g_getenv ("EROS_FIRST_CASE");
  guint n = wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : 6;
  guint from = first != NULL ? (guint) g_ascii_strtoull (first, NULL, 10) : 1;

  g_test_init (&argc, &argv, NULL);
  for (guint i = from; i < from + n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/rollback/case-%u", i);

      g_test_add (path, ControllerTest, GUINT_TO_POINTER (i), controller_test_set_up, test_case,
                  controller_test_tear_down);
    }
  return g_test_run ();
}
