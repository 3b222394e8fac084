/* eros-job-copy.c: copy jobs: copies, snapshots, clones, restored tables
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-clock.h"
#include "eros-destination.h"
#include "eros-json-reader.h"
#include "eros-service-private.h"
#include "eros-store-partition.h"

typedef enum
{
  COPY,
  SNAPSHOT,
  CLONE,
  RESTORE,
} Operation;

typedef struct
{
  ErosJob *job;
  ErosStoreConnection *connection;
  Operation operation;
  const char *disposition;
  gboolean create_never;
  gint64 expiration;
  char *source_partition; /* NULL: the whole table */
  ErosDestination destination;
  gint64 rows;
  gint64 bytes;
} Copy;

static gboolean
fail (GError **error, ErosServiceError code, const char *message)
{
  g_set_error_literal (error, EROS_SERVICE_ERROR, code, message);
  return FALSE;
}

static gboolean
read_operation (Copy *copy, JsonObject *configuration, GError **error)
{
  static const char *const NAMES[] = { "COPY", "SNAPSHOT", "CLONE", "RESTORE" };
  const char *name = eros_json_get_string (configuration, "operationType");
  const char *expiration = eros_json_get_string (configuration, "destinationExpirationTime");

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (NAMES); i++)
    if (strcmp (name, NAMES[i]) == 0)
      {
        copy->operation = i;
        name = NULL;
      }
  if (name != NULL && strcmp (name, "OPERATION_TYPE_UNSPECIFIED") != 0)
    return fail (error, EROS_SERVICE_ERROR_INVALID, "Invalid value for operationType");
  copy->disposition = eros_json_get_string (configuration, "writeDisposition");
  if (copy->disposition == NULL)
    copy->disposition = "WRITE_EMPTY";
  copy->create_never =
    g_strcmp0 (eros_json_get_string (configuration, "createDisposition"), "CREATE_NEVER") == 0;
  if (expiration != NULL)
    {
      g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
      g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (expiration, utc);

      if (time == NULL)
        return fail (error, EROS_SERVICE_ERROR_INVALID, "Invalid value for destinationExpirationTime");
      copy->expiration = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
    }
  return TRUE;
}

static ErosStoreTable *
find_source (Copy *copy, JsonObject *reference, GError **error)
{
  return eros_job_find_source (copy->job, copy->connection, reference, "bigquery.tables.getData",
                               &copy->source_partition, error);
}

static gboolean
check_kinds (Copy *copy, ErosStoreTable *source, GError **error)
{
  gboolean snapshot = source->kind == EROS_STORE_SNAPSHOT;

  if (source->storage == 0)
    return fail (error, EROS_SERVICE_ERROR_INVALID, "Cannot copy a view.");
  if (copy->operation == RESTORE && !snapshot)
    return fail (error, EROS_SERVICE_ERROR_INVALID, "The source of a RESTORE must be a table snapshot.");
  if (copy->operation == SNAPSHOT && snapshot)
    return fail (error, EROS_SERVICE_ERROR_INVALID, "The source of a SNAPSHOT must be a table.");
  if (copy->operation == SNAPSHOT && !eros_job_check_permission (copy->job, "bigquery.tables.createSnapshot",
                                                                 source->dataset, source->name, error))
    return FALSE;
  return copy->operation != RESTORE ||
         eros_job_check_permission (copy->job, "bigquery.tables.restoreSnapshot", source->dataset,
                                    source->name, error);
}

static ErosStoreTable *
make_target (Copy *copy, ErosStoreTable *source, JsonObject *reference, GError **error)
{
  const char *project = eros_json_get_string (reference, "projectId");
  const char *dataset = eros_json_get_string (reference, "datasetId");
  const char *name = copy->destination.name;
  ErosStoreTableKind kind = copy->operation == SNAPSHOT  ? EROS_STORE_SNAPSHOT
                            : copy->operation == RESTORE ? EROS_STORE_TABLE
                                                         : source->kind;
  ErosStoreTable *table;

  if (dataset == NULL || name == NULL)
    {
      fail (error, EROS_SERVICE_ERROR_REQUIRED, "Required parameter is missing: destinationTable");
      return NULL;
    }
  if (!eros_job_check_permission (copy->job, "bigquery.tables.create", dataset, name, error))
    return NULL;
  table = eros_store_table_new (project != NULL ? project : copy->job->record->project, dataset, name, kind);
  table->expiration = copy->expiration;
  if (copy->operation == SNAPSHOT || copy->operation == CLONE)
    eros_store_table_set_base (table, source, eros_clock_get_now ());
  return table;
}

static gboolean
append_rows (Copy *copy, ErosStoreTable *source, ErosStoreTable *target, GError **error)
{
  g_autofree char *name =
    eros_store_prepare_write (copy->connection, target, EROS_STORE_INSERT, copy->job->cancellable, error);
  g_autofree char *from = name != NULL ? eros_store_table_source (copy->connection, source, error) : NULL;
  g_autoptr (GString) into = g_string_new (NULL);
  g_autoptr (GString) columns = g_string_new (NULL);
  g_autofree char *condition = NULL;
  g_autofree char *sql = NULL;
  sqlite3 *db = eros_store_connection_get_db (copy->connection);

  if (from == NULL)
    return FALSE;
  for (guint i = 0; i < source->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (source->columns, i);
      ErosStoreColumn *other = eros_store_table_find_column (target, column->name, NULL);

      if (other == NULL || other->type != column->type)
        {
          g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                       "Provided Schema does not match Table %s:%s.%s. Field %s", target->project,
                       target->dataset, target->name, column->name);
          return FALSE;
        }
      g_string_append_printf (into, "%sc%u", i > 0 ? ", " : "", other->physical);
      g_string_append_printf (columns, "%sc%u", i > 0 ? ", " : "", column->physical);
    }
  condition = copy->source_partition != NULL
                ? eros_store_partition_condition (source, copy->source_partition, error)
                : g_strdup ("TRUE");
  if (condition == NULL)
    return FALSE;
  sql = g_strdup_printf ("INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s", name, into->str, columns->str,
                         from, condition);
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  eros_store_set_error (error, db);
  return FALSE;
}

/* A copy that is not of a whole table to a whole table is a copy of rows. */
static gboolean
put_rows (Copy *copy, ErosStoreTable *source, GError **error)
{
  g_autoptr (ErosStoreTable) target = NULL;
  g_autoptr (ErosStoreTable) present = eros_destination_find (&copy->destination, copy->connection);

  if (copy->operation != COPY)
    return fail (error, EROS_SERVICE_ERROR_INVALID, "A partition can only be copied.");
  if (present == NULL && copy->destination.partition == NULL && !copy->create_never)
    {
      target = eros_store_table_copy (source);
      g_free (target->project);
      g_free (target->dataset);
      g_free (target->name);
      target->project = g_strdup (copy->destination.project);
      target->dataset = g_strdup (copy->destination.dataset);
      target->name = g_strdup (copy->destination.name);
      target->kind = EROS_STORE_TABLE;
      if (!eros_store_insert_table (copy->connection, target, FALSE, error))
        return FALSE;
    }
  else
    target = eros_destination_open (&copy->destination, copy->connection, source->columns, error);
  return target != NULL && append_rows (copy, source, target, error) &&
         eros_destination_close (&copy->destination, copy->connection, target, error);
}

static gboolean
put_target (Copy *copy, ErosStoreTable *source, ErosStoreTable *target, GError **error)
{
  g_autoptr (ErosStoreTable) present =
    eros_store_get_table (copy->connection, target->project, target->dataset, target->name, NULL);
  gboolean replace = strcmp (copy->disposition, "WRITE_TRUNCATE") == 0;
  g_auto (ErosStoreStats) stats = { 0 };

  if (present == NULL && copy->create_never)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND, "Not found: Table %s:%s.%s",
                   target->project, target->dataset, target->name);
      return FALSE;
    }
  if (present != NULL && strcmp (copy->disposition, "WRITE_APPEND") == 0)
    return append_rows (copy, source, present, error);
  if (present != NULL && !replace && present->kind == EROS_STORE_TABLE)
    {
      if (!eros_store_get_stats (copy->connection, present, &stats, error))
        return FALSE;
      replace = stats.rows == 0;
    }
  return eros_store_clone_table (copy->connection, source, target, replace, error);
}

static gboolean
copy_one (Copy *copy, JsonObject *from, JsonObject *to, GError **error)
{
  g_autoptr (ErosStoreTable) source = find_source (copy, from, error);
  g_autoptr (ErosStoreTable) target = NULL;
  g_auto (ErosStoreStats) stats = { 0 };

  if (source == NULL || !check_kinds (copy, source, error))
    return FALSE;
  if (copy->source_partition != NULL || copy->destination.partition != NULL)
    return put_rows (copy, source, error);
  target = make_target (copy, source, to, error);
  if (target == NULL || !eros_store_get_stats (copy->connection, source, &stats, error))
    return FALSE;
  copy->rows += stats.rows;
  copy->bytes += stats.bytes;
  return put_target (copy, source, target, error);
}

static gboolean
copy_all (Copy *copy, JsonObject *configuration, GError **error)
{
  JsonArray *sources = eros_json_get_array (configuration, "sourceTables");
  JsonObject *target = eros_json_get_object (configuration, "destinationTable");

  if (sources == NULL)
    return copy_one (copy, eros_json_get_object (configuration, "sourceTable"), target, error);
  for (guint i = 0; i < json_array_get_length (sources); i++)
    {
      JsonNode *node = json_array_get_element (sources, i);

      if (!copy_one (copy, JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL, target, error))
        return FALSE;
      copy->destination.disposition = copy->disposition =
        "WRITE_APPEND"; /* the others are added to the first */
    }
  return TRUE;
}

/**
 * eros_job_run_copy:
 * @job: a copy job, in its thread
 *
 * Runs it.
 */
void
eros_job_run_copy (ErosJob *job)
{
  JsonObject *configuration = eros_job_get_configuration (job, "copy");
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreConnection) connection = eros_store_acquire (job->service->store, &error);
  Copy copy = { .job = job, .connection = connection };
  GString *statistics;

  if (connection == NULL || !read_operation (&copy, configuration, &error) ||
      !eros_destination_init (&copy.destination, job, configuration, "WRITE_EMPTY", &error) ||
      !eros_store_begin (connection, EROS_STORE_WRITE, job->cancellable, &error) ||
      !copy_all (&copy, configuration, &error))
    {
      eros_job_set_error (job, error);
      eros_destination_clear (&copy.destination);
      g_free (copy.source_partition);
      return;
    }
  eros_destination_clear (&copy.destination);
  g_free (copy.source_partition);
  statistics = g_string_new (NULL);
  g_string_printf (statistics,
                   "\"copy\":{\"copiedRows\":\"%" G_GINT64_FORMAT
                   "\",\"copiedLogicalBytes\":\"%" G_GINT64_FORMAT "\"}",
                   copy.rows, copy.bytes);
  if (!eros_job_commit (job, connection, statistics, &error))
    eros_job_set_error (job, error);
}
