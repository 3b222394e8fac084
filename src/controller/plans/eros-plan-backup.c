/* eros-plan-backup.c: snapshots of the critical tables, exported and compared
 *
 * All tables are taken as they were at one instant of the server's clock, so that they fit each other. A
 * backup counts only when each snapshot has been compared with its table as it was at that instant, row by
 * row through a fingerprint.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <inttypes.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-json.h"
#include "eros-json-text.h"
#include "eros-plan-fitness.h"
#include "eros-plan-parts.h"
#include "eros-storage.h"

enum
{
  GROUP_BEFORE,
  GROUP_PREVIOUS,
  GROUP_SNAPSHOT,
  GROUP_COMPARE,
  GROUP_OBJECTS,
  GROUP_SIZES,
  GROUP_LOAD,
  GROUP_INVENTORY = GROUP_LOAD + EROS_PLAN_N_LOAD_GROUPS,
  GROUP_METADATA,
};

static ErosConnection *
connection_of (ErosWork *work)
{
  return eros_big_query_get_connection (eros_work_get_big_query (work));
}

static const char *
table_of (ErosWorkStep *step)
{
  return step->data;
}

static char *
snapshot_name (ErosWork *work, const char *table)
{
  return g_strdup_printf ("%s_backup_%s", table, eros_work_get_value (work, "clock.stamp"));
}

/* ---- before -------------------------------------------------------------------------------------------- */

typedef struct
{
  ErosWork *work;
  ErosWorkStep *step;
} Pending;

static void
send (ErosWork *work,
      ErosWorkStep *step,
      ErosRequest *request,
      GCancellable *cancellable,
      GAsyncReadyCallback callback)
{
  Pending *pending = g_new (Pending, 1);

  pending->work = work;
  pending->step = step;
  eros_http_send_async (eros_big_query_get_http (eros_work_get_big_query (work)), request, cancellable,
                        callback, pending);
}

static char *
quoted_list (const char *const *tables)
{
  g_autofree char *inside = g_strjoinv ("', '", (char **) tables);

  return g_strdup_printf ("'%s'", inside);
}

static void
add_space (ErosWork *work, const char *const *tables)
{
  ErosWorkStep *step = eros_work_add (work, GROUP_BEFORE, "space", _ ("How much there is to back up"));
  g_autofree char *list = quoted_list (tables);
  static const ErosExpectation sufficient[] = { { (char *) "missing", (char *) "=", (char *) "0" },
                                                { (char *) "quota", (char *) "=", (char *) "true" } };

  step->sql =
    g_strdup_printf ("SELECT COUNT(*) AS n_tables, %u - COUNT(*) AS missing,\n"
                     "  IFNULL(SUM(row_count), 0) AS n_rows, IFNULL(SUM(size_bytes), 0) AS size_bytes,\n"
                     "  -- no query tells a quota\n"
                     "  CAST(NULL AS BOOL) AS quota\n"
                     "FROM `${project}.${dataset}.__TABLES__`\n"
                     "WHERE table_id IN (%s)",
                     g_strv_length ((char **) tables), list);
  step->one_row = TRUE;
  step->summary =
    g_strdup (_ ("${n_tables} tables with ${n_rows} rows, ${size_bytes} bytes to back up; a snapshot "
                 "takes space only for what changes later"));
  step->expectations = (ErosExpectation *) sufficient;
  step->n_expectations = G_N_ELEMENTS (sufficient);
  step->may_be_undecided = TRUE;
}

/* The newest backup of each table before this one: have the tables lost much since, or more than doubled? */
static void
add_previous (ErosWork *work, const char *const *tables)
{
  ErosWorkStep *step =
    eros_work_add (work, GROUP_BEFORE, "previous", _ ("Compare sizes with the previous backup"));
  g_autofree char *list = quoted_list (tables);
  static const ErosExpectation alike = { (char *) "differing", (char *) "=", (char *) "0" };
  static const ErosExpectation compared = { (char *) "n_previous", (char *) ">", (char *) "0" };

  step->sql = g_strdup_printf (
    "WITH backups AS (\n"
    "  SELECT REGEXP_REPLACE(table_id, r'_backup_[0-9]{8}_[0-9]{6}$', '') AS base, table_id, row_count,\n"
    "    ROW_NUMBER() OVER (\n"
    "      PARTITION BY REGEXP_REPLACE(table_id, r'_backup_[0-9]{8}_[0-9]{6}$', '') ORDER BY table_id DESC) "
    "AS age\n"
    "  FROM `${project}.${dataset}.__TABLES__`\n"
    "  WHERE REGEXP_CONTAINS(table_id, r'_backup_[0-9]{8}_[0-9]{6}$')\n"
    ")\n"
    "SELECT\n"
    "  COUNT(backups.table_id) AS n_previous,\n"
    "  COUNTIF(live.row_count < backups.row_count * 0.7 OR live.row_count > backups.row_count * 2 + 100) AS "
    "differing,\n"
    "  IFNULL(STRING_AGG(CONCAT(live.table_id, ': ', CAST(live.row_count AS STRING), ' rows',\n"
    "    IFNULL(CONCAT(', before ', CAST(backups.row_count AS STRING)), ' (its first backup)')),\n"
    "    '; ' ORDER BY live.table_id), '') AS sizes,\n"
    "  MAX(REGEXP_EXTRACT(backups.table_id, r'_backup_([0-9]{8}_[0-9]{6})$')) AS stamp\n"
    "FROM `${project}.${dataset}.__TABLES__` AS live\n"
    "LEFT JOIN backups ON backups.base = live.table_id AND backups.age = 1\n"
    "WHERE live.table_id IN (%s)",
    list);
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->summary = g_strdup ("${sizes}");
  step->expectations = (ErosExpectation *) &alike;
  step->n_expectations = 1;
  step->enough = (ErosExpectation *) &compared;
  step->n_enough = 1;
  step->goes_on = TRUE;
}

/* ---- the tables ---------------------------------------------------------------------------------------- */

static gboolean
prepare_snapshot (ErosWork *work, ErosWorkStep *step, GError **error)
{
  const char *table = table_of (step);
  const char *now = eros_work_get_value (work, "clock.now");
  g_autofree char *name = snapshot_name (work, table);

  g_free (step->sql);
  step->sql = g_strdup_printf (
    "CREATE SNAPSHOT TABLE IF NOT EXISTS `${project}.${dataset}.%s`\n"
    "CLONE `${project}.${dataset}.%s` FOR SYSTEM_TIME AS OF TIMESTAMP '%s'\n"
    "OPTIONS (expiration_timestamp = TIMESTAMP_ADD(TIMESTAMP '%s', INTERVAL %" G_GINT64_FORMAT " DAY))",
    name, table, now, now, eros_plan_get_retention_days (work));
  g_free (step->summary);
  step->summary =
    g_strdup_printf (_ ("%s, kept for %" PRId64 " days"), name, eros_plan_get_retention_days (work));
  return TRUE;
}

static gboolean
prepare_compare (ErosWork *work, ErosWorkStep *step, GError **error)
{
  const char *table = table_of (step);
  g_autofree char *name = snapshot_name (work, table);
  g_autofree char *snapshot = g_strdup_printf ("`${project}.${dataset}.%s`", name);
  g_autofree char *source = g_strdup_printf ("`${project}.${dataset}.%s`", table);
  g_autofree char *snapshot_sql = eros_fingerprint_sql (snapshot, NULL);
  g_autofree char *source_sql = eros_fingerprint_sql (source, eros_work_get_value (work, "clock.now"));

  g_free (step->sql);
  step->sql = g_strdup_printf ("SELECT backup.n_rows, backup.checksum, backup.total,\n"
                               "  backup.n_rows = source.n_rows AND backup.checksum = source.checksum\n"
                               "    AND backup.total = source.total AS same\n"
                               "FROM (%s) AS backup\n"
                               "CROSS JOIN (%s) AS source",
                               snapshot_sql, source_sql);
  return TRUE;
}

static void
described_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Pending *pending = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  static const char *kept[] = { "schema",     "timePartitioning", "rangePartitioning",
                                "clustering", "description",      "labels" };
  g_autoptr (JsonObject) layout = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  g_autofree char *bytes = NULL;
  JsonObject *table;

  if (answer == NULL)
    {
      eros_work_step_failed (pending->work, pending->step, error);
      return;
    }
  table = json_node_get_object (answer);
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    if (json_object_has_member (table, kept[i]))
      json_object_set_member (layout, kept[i], json_node_copy (json_object_get_member (table, kept[i])));
  json_node_set_object (node, layout);
  text = json_to_string (node, FALSE);
  bytes = g_strdup_printf ("%" G_GINT64_FORMAT, eros_json_int64 (table, "numBytes", 0));
  eros_work_set_value (pending->work, pending->step, "layout", text);
  eros_work_set_value (pending->work, pending->step, "bytes", bytes);
  eros_work_step_done (pending->work, pending->step, NULL);
}

static void
describe (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  ErosConnection *connection = connection_of (work);
  g_autofree char *name = snapshot_name (work, table_of (step));
  g_autoptr (ErosRequest) request = eros_request_new (
    EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets/%s/tables/%s",
    eros_connection_get_project (connection), eros_connection_get_dataset (connection), name);

  send (work, step, request, cancellable, described_cb);
}

static void
add_snapshot (ErosWork *work, const char *table)
{
  ErosWorkStep *step =
    eros_plan_add_for_table (work, GROUP_SNAPSHOT, "snapshot", _ ("Snapshot of %s"), table);

  step->prepare = prepare_snapshot;
  step = eros_plan_add_for_table (work, GROUP_COMPARE, "compare",
                                  _ ("Compare the snapshot of %s with the table"), table);
  step->prepare = prepare_compare;
  step->answered = eros_plan_sees_all_rows;
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->timeout_ms = 600000;
  step->expectations = (ErosExpectation *) eros_plan_expect_same ();
  step->n_expectations = 1;
  step->summary = g_strdup (_ ("${n_rows} rows, fingerprint ${checksum}"));
}

static void
add_export (ErosWork *work, const char *table)
{
  ErosWorkStep *step;

  eros_plan_add_export (work, GROUP_COMPARE, table);
  step = eros_plan_add_for_table (work, GROUP_COMPARE, "describe", _ ("Note the layout of %s"), table);
  step->call = describe;
  eros_plan_add_load_test (work, GROUP_LOAD, table);
}

/* ---- is a backup restorable? --------------------------------------------------------------------------- */

static const char *
value_for (ErosWork *work, const char *what, const char *table, const char *name)
{
  g_autofree char *key = g_strdup_printf ("%s/%s.%s", what, table, name);

  return eros_work_get_value (work, key);
}

/* As the description of the previous backup says; of this one, what was compared. NULL: nobody knows. */
static const char *
recorded (ErosWork *work, const char *table, const char *previous, const char *own)
{
  g_autofree char *key = g_strdup_printf (EROS_PLAN_PREVIOUS_RECORD ".%s/%s", previous, table);

  return eros_work_get_value (work, EROS_PLAN_PREVIOUS_RECORD ".stamp") != NULL
           ? eros_work_get_value (work, key)
           : value_for (work, "compare", table, own);
}

/* (transfer full): what it is compared with, as a condition */
static char *
recorded_condition (ErosWork *work, const char *table)
{
  const char *n_rows = recorded (work, table, "rows", "n_rows");
  const char *checksum = recorded (work, table, "checksum", "checksum");
  const char *total = recorded (work, table, "total", "total");

  if (n_rows == NULL || checksum == NULL || total == NULL ||
      !g_ascii_string_to_signed (n_rows, 10, 0, G_MAXINT64, NULL, NULL) ||
      !g_ascii_string_to_signed (checksum, 10, G_MININT64, G_MAXINT64, NULL, NULL) ||
      !g_ascii_string_to_signed (total, 10, G_MININT64, G_MAXINT64, NULL, NULL))
    return g_strdup ("CAST(NULL AS BOOL)");
  return g_strdup_printf ("v_rows = %s AND v_checksum = %s AND v_total = %s", n_rows, checksum, total);
}

/* The newest backup before this one; the first time, the one that has just been taken. The table that is made
 * goes by itself when this is cut off. */
static gboolean
prepare_restore (ErosWork *work, ErosWorkStep *step, GError **error)
{
  const char *table = table_of (step);
  const char *previous = eros_work_get_value (work, EROS_PLAN_PREVIOUS_RECORD ".stamp");
  const char *stamp = eros_work_get_value (work, "clock.stamp");
  g_autofree char *backup = g_strdup_printf ("%s_backup_%s", table, previous != NULL ? previous : stamp);
  g_autofree char *made = g_strdup_printf ("`${project}.${dataset}.eros_restore_test_%s_%s`", stamp, table);
  g_autofree char *fingerprint = eros_fingerprint_sql (made, NULL);
  g_autofree char *condition = recorded_condition (work, table);

  g_free (step->sql);
  step->sql = g_strdup_printf (
    "BEGIN\n"
    "  DECLARE v_rows, v_checksum, v_total INT64 DEFAULT NULL;\n"
    "  CREATE TABLE IF NOT EXISTS %1$s\n"
    "  CLONE `${project}.${dataset}.%2$s`\n"
    "  OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY));\n"
    "  SET (v_rows, v_checksum, v_total) = (SELECT AS STRUCT n_rows, checksum, total FROM (%3$s));\n"
    "  DROP TABLE %1$s;\n"
    "  SELECT '%2$s' AS backup, v_rows AS n_rows, %4$s AS is_previous, %5$s AS same;\n"
    "END",
    made, backup, fingerprint, previous != NULL ? "TRUE" : "CAST(NULL AS BOOL)", condition);
  return TRUE;
}

static void
add_restore_test (ErosWork *work, const char *table)
{
  static const ErosExpectation restorable[] = { { (char *) "same", (char *) "=", (char *) "true" },
                                                { (char *) "is_previous", (char *) "=", (char *) "true" } };
  ErosWorkStep *step = eros_plan_add_for_table (work, GROUP_SIZES, "restore-test",
                                                _ ("Restore the previous backup of %s beside it"), table);

  step->prepare = prepare_restore;
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->timeout_ms = 600000;
  step->expectations = (ErosExpectation *) restorable;
  step->n_expectations = G_N_ELEMENTS (restorable);
  step->may_be_undecided = TRUE;
  step->may_fail = TRUE;
  step->goes_on = TRUE;
  step->summary = g_strdup (_ ("${backup} was restored, ${n_rows} rows, as its description says: ${same}"));
}

/* ---- metadata ------------------------------------------------------------------------------------------ */

static JsonObject *
describe_table (ErosWork *work, const char *table)
{
  JsonObject *object = json_object_new ();
  g_autofree char *name = snapshot_name (work, table);
  g_autoptr (JsonNode) layout = eros_json_text_parse (value_for (work, "describe", table, "layout"));

  json_object_set_string_member (object, "table", table);
  json_object_set_string_member (object, "snapshot", name);
  json_object_set_string_member (object, "rows", value_for (work, "compare", table, "n_rows"));
  json_object_set_string_member (object, "checksum", value_for (work, "compare", table, "checksum"));
  json_object_set_string_member (object, "total", value_for (work, "compare", table, "total"));
  json_object_set_string_member (object, "bytes", value_for (work, "describe", table, "bytes"));
  if (layout != NULL)
    json_object_set_member (object, "layout", g_steal_pointer (&layout));
  return object;
}

static void
set_results (ErosWork *work, const char *const *tables)
{
  const char *now = eros_work_get_value (work, "clock.now");
  g_autofree char *timestamp = g_strdup_printf ("%.10sT%.8sZ", now, now + 11);
  g_autofree char *folder = eros_plan_get_folder (work);
  g_autofree char *location =
    g_strdup_printf ("gs://%s/%s/", eros_connection_get_bucket (connection_of (work)), folder);
  g_autofree char *message = NULL;
  g_autofree char *total = NULL;
  gint64 bytes = 0;

  for (guint i = 0; tables[i] != NULL; i++)
    {
      g_autofree char *name = g_strdup_printf ("rows.%s", tables[i]);
      g_autofree char *key = g_strdup_printf ("objects.size/%s", tables[i]);
      const char *size = eros_work_get_value (work, key);

      eros_work_set_result (work, name, value_for (work, "compare", tables[i], "n_rows"));
      bytes += g_ascii_strtoll (size, NULL, 10);
    }
  total = g_strdup_printf ("%" G_GINT64_FORMAT, bytes);
  eros_work_set_result (work, "timestamp", timestamp);
  eros_work_set_result (work, "stamp", eros_work_get_value (work, "clock.stamp"));
  eros_work_set_result (work, "location", location);
  eros_work_set_result (work, "bytes", total);
  message = g_strdup_printf (ngettext ("%1$u table in %2$s, compared with its source",
                                       "%1$u tables in %2$s, compared with their sources",
                                       g_strv_length ((char **) tables)),
                             g_strv_length ((char **) tables), location);
  eros_operation_set_message (eros_work_get_operation (work), message);
}

static JsonNode *describe_backup (ErosWork *work);

/* Whose it is that is there already: an earlier attempt's, whose answer was lost, or that of another data
 * set. */
static void
metadata_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Pending *pending = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  g_autoptr (JsonNode) own = describe_backup (pending->work);

  if (answer != NULL && !json_node_equal (answer, own))
    g_set_error (
      &error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
      _ ("Another backup was written into the same place of the bucket gs://%s, in the same second. Neither "
         "can be relied on: back up again."),
      eros_connection_get_bucket (connection_of (pending->work)));
  if (error != NULL)
    {
      eros_work_step_failed (pending->work, pending->step, error);
      return;
    }
  set_results (pending->work, eros_plan_get_tables (pending->work, NULL));
  eros_work_step_done (pending->work, pending->step, NULL);
}

static void
metadata_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Pending *pending = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_CHANGED))
    {
      g_autofree char *folder = eros_plan_get_folder (pending->work);
      g_autofree char *name = g_strdup_printf ("%s/metadata.json", folder);
      g_autoptr (ErosRequest) request =
        eros_request_new (EROS_SERVICE_STORAGE, "GET", "storage/v1/b/%s/o/%s",
                          eros_connection_get_bucket (connection_of (pending->work)), name);

      g_error_free (error);
      eros_request_add_query (request, "alt", "media");
      send (pending->work, pending->step, request,
            eros_operation_get_cancellable (eros_work_get_operation (pending->work)), metadata_read_cb);
      return;
    }
  if (error != NULL)
    {
      eros_work_step_failed (pending->work, pending->step, error);
      return;
    }
  set_results (pending->work, eros_plan_get_tables (pending->work, NULL));
  eros_work_step_done (pending->work, pending->step, NULL);
}

static JsonNode *
describe_backup (ErosWork *work)
{
  const char *const *tables = eros_plan_get_tables (work, NULL);
  JsonNode *root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *list = json_array_new ();

  json_object_set_string_member (object, "format", "eros-backup-1");
  json_object_set_int_member (object, "retention_days", eros_plan_get_retention_days (work));
  json_object_set_string_member (object, "taken_at", eros_work_get_value (work, "clock.now"));
  json_object_set_string_member (object, "inventory_digest",
                                 eros_work_get_value (work, EROS_PLAN_INVENTORY ".digest"));
  json_object_set_string_member (object, "project", eros_connection_get_project (connection_of (work)));
  json_object_set_string_member (object, "dataset", eros_connection_get_dataset (connection_of (work)));
  for (guint i = 0; tables[i] != NULL; i++)
    json_array_add_object_element (list, describe_table (work, tables[i]));
  json_object_set_array_member (object, "tables", list);
  json_node_take_object (root, object);
  return root;
}

static void
store_metadata (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  g_autofree char *folder = eros_plan_get_folder (work);
  g_autofree char *name = g_strdup_printf ("%s/metadata.json", folder);
  g_autoptr (ErosRequest) request =
    eros_request_new (EROS_SERVICE_STORAGE, "POST", "upload/storage/v1/b/%s/o",
                      eros_connection_get_bucket (connection_of (work)));
  g_autoptr (JsonNode) root = describe_backup (work);

  eros_request_add_query (request, "uploadType", "media");
  eros_request_add_query (request, "name", name);
  eros_request_add_query (request, "ifGenerationMatch", "0");
  eros_request_set_json (request, root);
  send (work, step, request, cancellable, metadata_stored_cb);
}

static void
inventory_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Pending *pending = user_data;
  GError *error = NULL;
  g_autoptr (ErosObject) object = eros_storage_write_finish (result, &error);

  if (object == NULL)
    eros_work_step_failed (pending->work, pending->step, error);
  else
    eros_work_step_done (pending->work, pending->step, object->name);
}

static void
store_inventory (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  const char *text = eros_work_get_value (work, EROS_PLAN_INVENTORY ".inventory");
  g_autofree char *folder = eros_plan_get_folder (work);
  g_autofree char *name = g_strdup_printf ("%s/inventory.json", folder);
  g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));
  Pending *pending = g_new (Pending, 1);

  pending->work = work;
  pending->step = step;
  eros_storage_write_async (eros_big_query_get_http (eros_work_get_big_query (work)),
                            eros_connection_get_bucket (connection_of (work)), name, "application/json",
                            content, cancellable, inventory_stored_cb, pending);
}

/**
 * eros_plan_backup:
 * @work: an operation without steps; its argument "retention_days" is how long the snapshots live (90)
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * Returns: whether the plan was made
 */
gboolean
eros_plan_backup (ErosWork *work, GError **error)
{
  const char *const *tables = eros_plan_get_tables (work, error);
  ErosWorkStep *step;

  if (tables == NULL)
    return FALSE;
  eros_plan_add_clock (work, GROUP_BEFORE);
  eros_plan_add_bucket (work, GROUP_BEFORE, GROUP_PREVIOUS);
  if (!eros_plan_add_fitness (work, GROUP_BEFORE, tables, error))
    return FALSE;
  add_space (work, tables);
  add_previous (work, tables);
  eros_plan_add_previous_record (work, GROUP_PREVIOUS);
  for (guint i = 0; tables[i] != NULL; i++)
    {
      add_snapshot (work, tables[i]);
      add_export (work, tables[i]);
    }
  if (!eros_plan_add_keeps (work, GROUP_SNAPSHOT, error))
    return FALSE;
  eros_plan_add_objects (work, GROUP_OBJECTS);
  for (guint i = 0; tables[i] != NULL; i++)
    add_restore_test (work, tables[i]);
  eros_plan_add_inventory (work, GROUP_SNAPSHOT, EROS_PLAN_INVENTORY, _ ("Note what the data set is"), NULL,
                           NULL);
  step =
    eros_work_add (work, GROUP_INVENTORY, "store-inventory", _ ("Store the inventory beside the backup"));
  step->call = store_inventory;
  step = eros_work_add (work, GROUP_METADATA, "metadata", _ ("Store the backup's description beside it"));
  step->call = store_metadata;
  step->always = TRUE; /* it also says what the operation has found */
  return TRUE;
}

/**
 * eros_plan_snapshots:
 * @work: an operation without steps
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * What of a backup lies in the data set: enough for a rollback, and gone with it.
 *
 * Returns: whether the plan was made
 */
gboolean
eros_plan_snapshots (ErosWork *work, GError **error)
{
  const char *const *tables = eros_plan_get_tables (work, error);

  eros_plan_add_clock (work, GROUP_BEFORE);
  for (guint i = 0; tables != NULL && tables[i] != NULL; i++)
    add_snapshot (work, tables[i]);
  eros_plan_add_inventory (work, GROUP_SNAPSHOT, EROS_PLAN_INVENTORY, _ ("Note what the data set is"), NULL,
                           NULL);
  return tables != NULL && eros_plan_add_keeps (work, GROUP_SNAPSHOT, error);
}
