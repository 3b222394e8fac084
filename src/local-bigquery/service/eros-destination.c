/* eros-destination.c: the table that a load, a query or a copy writes to: made, emptied, widened, as the job
 * says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-destination.h"

#include <string.h>

#include "eros-json-reader.h"
#include "eros-service-private.h"
#include "eros-store-partition.h"
#include "eros-table-resource.h"

static gboolean
fail (GError **error, ErosServiceError code, const char *message)
{
  g_set_error_literal (error, EROS_SERVICE_ERROR, code, message);
  return FALSE;
}

static gboolean
check_options (JsonObject *configuration, const char *disposition, gboolean partition, GError **error)
{
  JsonArray *options = eros_json_get_array (configuration, "schemaUpdateOptions");

  for (guint i = 0; options != NULL && i < json_array_get_length (options); i++)
    {
      JsonNode *node = json_array_get_element (options, i);
      const char *option = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
                             ? json_node_get_string (node)
                             : "";

      if (strcmp (option, "ALLOW_FIELD_ADDITION") != 0 && strcmp (option, "ALLOW_FIELD_RELAXATION") != 0)
        return fail (error, EROS_SERVICE_ERROR_INVALID,
                     "Invalid value for schemaUpdateOptions: ALLOW_FIELD_ADDITION or ALLOW_FIELD_RELAXATION "
                     "is expected.");
      if (strcmp (disposition, "WRITE_APPEND") != 0 &&
          !(strcmp (disposition, "WRITE_TRUNCATE") == 0 && partition))
        return fail (error, EROS_SERVICE_ERROR_INVALID,
                     "Schema update options should only be specified with WRITE_APPEND disposition, or with "
                     "WRITE_TRUNCATE disposition on a table partition.");
    }
  return TRUE;
}

/**
 * eros_destination_init:
 * @destination: a destination
 * @job: the job; must outlive it
 * @configuration: what the job says of it
 * @disposition: the write disposition when the job says none
 * @error: return location for a #GError
 *
 * Returns: whether what it says makes sense
 */
gboolean
eros_destination_init (ErosDestination *destination,
                       ErosJob *job,
                       JsonObject *configuration,
                       const char *disposition,
                       GError **error)
{
  JsonObject *table = eros_json_get_object (configuration, "destinationTable");
  const char *project = eros_json_get_string (table, "projectId");
  const char *name = eros_json_get_string (table, "tableId");

  destination->job = job;
  destination->configuration = configuration;
  destination->disposition = eros_json_get_string (configuration, "writeDisposition");
  if (destination->disposition == NULL || *destination->disposition == '\0')
    destination->disposition = disposition;
  if (eros_json_get_string (table, "datasetId") == NULL || name == NULL)
    return fail (error, EROS_SERVICE_ERROR_REQUIRED, "Required parameter is missing: destinationTable");
  destination->project = g_strdup (project != NULL ? project : job->record->project);
  destination->dataset = g_strdup (eros_json_get_string (table, "datasetId"));
  eros_store_partition_split (name, &destination->name, &destination->partition);
  return check_options (configuration, destination->disposition, destination->partition != NULL, error);
}

/**
 * eros_destination_clear:
 * @destination: a destination
 */
void
eros_destination_clear (ErosDestination *destination)
{
  g_free (destination->project);
  g_free (destination->dataset);
  g_free (destination->name);
  g_free (destination->partition);
}

/**
 * eros_destination_find:
 * @destination: a destination
 * @connection: a connection with a transaction
 *
 * Returns: (transfer full) (nullable): the table as it is
 */
ErosStoreTable *
eros_destination_find (ErosDestination *destination, ErosStoreConnection *connection)
{
  return eros_store_get_table (connection, destination->project, destination->dataset, destination->name,
                               NULL);
}

static gboolean
has_option (ErosDestination *destination, const char *option)
{
  JsonArray *options = eros_json_get_array (destination->configuration, "schemaUpdateOptions");

  for (guint i = 0; options != NULL && i < json_array_get_length (options); i++)
    if (g_strcmp0 (json_array_get_string_element (options, i), option) == 0)
      return TRUE;
  return FALSE;
}

static void
copy_columns (ErosStoreTable *table, GPtrArray *columns)
{
  g_ptr_array_set_size (table->columns, 0);
  for (guint i = 0; i < columns->len; i++)
    {
      ErosStoreColumn *column = eros_store_column_copy (g_ptr_array_index (columns, i));

      column->physical = EROS_STORE_NEW_COLUMN;
      g_ptr_array_add (table->columns, column);
    }
}

static void
take_properties (ErosDestination *destination, ErosStoreTable *table)
{
  JsonObject *properties = eros_json_get_object (destination->configuration, "destinationTableProperties");

  if (properties == NULL)
    return;
  if (eros_json_get_string (properties, "friendlyName") != NULL)
    table->friendly_name = g_strdup (eros_json_get_string (properties, "friendlyName"));
  if (eros_json_get_string (properties, "description") != NULL)
    table->description = g_strdup (eros_json_get_string (properties, "description"));
  eros_labels_take (properties, FALSE, table->labels);
}

static ErosStoreTable *
make_table (ErosDestination *destination, ErosStoreConnection *connection, GPtrArray *columns, GError **error)
{
  g_autoptr (ErosStoreTable) table =
    eros_store_table_new (destination->project, destination->dataset, destination->name, EROS_STORE_TABLE);

  if (g_strcmp0 (eros_json_get_string (destination->configuration, "createDisposition"), "CREATE_NEVER") == 0)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND, "Not found: Table %s:%s.%s",
                   table->project, table->dataset, table->name);
      return NULL;
    }
  if (!eros_job_check_permission (destination->job, "bigquery.tables.create", table->dataset, table->name,
                                  error))
    return NULL;
  copy_columns (table, columns);
  take_properties (destination, table);
  if (!eros_table_take_layout (table, destination->configuration, error) ||
      !eros_table_check_layout (table, error) || !eros_store_insert_table (connection, table, FALSE, error))
    return NULL;
  return g_steal_pointer (&table);
}

/* What describes the table stays; its rows go, and its columns are others. */
static ErosStoreTable *
replace_table (ErosStoreConnection *connection, ErosStoreTable *old, GPtrArray *columns, GError **error)
{
  g_autoptr (ErosStoreTable) table = eros_store_table_copy (old);

  copy_columns (table, columns);
  if (table->partition_field != NULL &&
      eros_store_table_find_column (table, table->partition_field, NULL) == NULL)
    {
      table->partition = EROS_STORE_PARTITION_NONE;
      table->require_partition_filter = FALSE;
      g_clear_pointer (&table->partition_field, g_free);
    }
  for (guint i = 0; table->clustering != NULL && table->clustering[i] != NULL; i++)
    if (eros_store_table_find_column (table, table->clustering[i], NULL) == NULL)
      {
        g_clear_pointer (&table->clustering, g_strfreev);
        break;
      }
  if (!eros_table_check_layout (table, error) || !eros_store_insert_table (connection, table, TRUE, error))
    return NULL;
  return g_steal_pointer (&table);
}

/* ---- columns that are not the table's ------------------------------------------------------------------ */

static gboolean
mismatch (ErosStoreTable *table, const char *what, const char *field, GError **error)
{
  g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
               "Provided Schema does not match Table %s:%s.%s. %s (field: %s)", table->project,
               table->dataset, table->name, what, field);
  return FALSE;
}

/* Adds and relaxes what @columns have and the job allows. */
static gboolean
widen (ErosDestination *destination,
       ErosStoreTable *table,
       GPtrArray *columns,
       gboolean *changed,
       GError **error)
{
  for (guint i = 0; i < columns->len; i++)
    {
      ErosStoreColumn *given = g_ptr_array_index (columns, i);
      ErosStoreColumn *have = eros_store_table_find_column (table, given->name, NULL);

      if (have == NULL && !has_option (destination, "ALLOW_FIELD_ADDITION"))
        return mismatch (table, "Cannot add fields", given->name, error);
      if (have == NULL)
        {
          ErosStoreColumn *column = eros_store_column_copy (given);

          if (column->required)
            {
              eros_store_column_free (column);
              return mismatch (table, "Cannot add required fields to an existing schema.", given->name,
                               error);
            }
          column->physical = EROS_STORE_NEW_COLUMN;
          g_ptr_array_add (table->columns, column);
          *changed = TRUE;
        }
      else if (have->type != given->type)
        return mismatch (table, "Field has changed type", given->name, error);
      else if (have->required && !given->required && has_option (destination, "ALLOW_FIELD_RELAXATION"))
        {
          have->required = FALSE;
          *changed = TRUE;
        }
    }
  return TRUE;
}

static gboolean
same_names (GStrv one, GStrv other)
{
  static const char *const none[] = { NULL };

  return g_strv_equal (one != NULL ? (const char *const *) one : none,
                       other != NULL ? (const char *const *) other : none);
}

static gboolean
check_same_layout (ErosDestination *destination, ErosStoreTable *table, GError **error)
{
  g_autoptr (ErosStoreTable) asked = eros_store_table_copy (table);

  if (!eros_table_take_layout (asked, destination->configuration, error))
    return FALSE;
  if (asked->partition != table->partition ||
      g_strcmp0 (asked->partition_field, table->partition_field) != 0 ||
      asked->range_start != table->range_start || asked->range_end != table->range_end ||
      asked->range_interval != table->range_interval)
    return fail (error, EROS_SERVICE_ERROR_INVALID,
                 "Incompatible table partitioning specification: the job's is not the table's.");
  if (same_names (asked->clustering, table->clustering))
    return TRUE;
  return fail (error, EROS_SERVICE_ERROR_INVALID,
               "Incompatible table clustering specification: the job's is not the table's.");
}

static gboolean
check_empty (ErosDestination *destination,
             ErosStoreConnection *connection,
             ErosStoreTable *table,
             GError **error)
{
  g_auto (ErosStoreStats) stats = { 0 };
  gint64 rows;

  if (destination->partition != NULL)
    {
      if (!eros_store_partition_count (connection, table, destination->partition, &rows, error))
        return FALSE;
    }
  else if (!eros_store_get_stats (connection, table, &stats, error))
    return FALSE;
  else
    rows = stats.rows;
  if (rows == 0)
    return TRUE;
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE, "Already Exists: Table %s:%s.%s%s%s",
               table->project, table->dataset, table->name, destination->partition != NULL ? "$" : "",
               destination->partition != NULL ? destination->partition : "");
  return FALSE;
}

/**
 * eros_destination_open:
 * @destination: a destination
 * @connection: a connection with a transaction that writes
 * @columns: (element-type ErosStoreColumn): those of the rows
 * @error: return location for a #GError
 *
 * Makes the table, or makes it ready.
 *
 * Returns: (transfer full) (nullable): the table, for rows to be added
 */
ErosStoreTable *
eros_destination_open (ErosDestination *destination,
                       ErosStoreConnection *connection,
                       GPtrArray *columns,
                       GError **error)
{
  g_autoptr (ErosStoreTable) table = eros_destination_find (destination, connection);
  gboolean truncate = strcmp (destination->disposition, "WRITE_TRUNCATE") == 0;
  gboolean changed = FALSE;

  if (table == NULL)
    return make_table (destination, connection, columns, error);
  if (!eros_job_check_permission (destination->job, "bigquery.tables.updateData", table->dataset, table->name,
                                  error) ||
      !check_same_layout (destination, table, error))
    return NULL;
  if (truncate && destination->partition == NULL)
    return replace_table (connection, table, columns, error);
  if (truncate && !eros_store_partition_delete (connection, table, destination->partition,
                                                destination->job->cancellable, error))
    return NULL;
  if (strcmp (destination->disposition, "WRITE_EMPTY") == 0 &&
      !check_empty (destination, connection, table, error))
    return NULL;
  if (!widen (destination, table, columns, &changed, error) ||
      (changed && !eros_store_update_table (connection, table, error)))
    return NULL;
  if (!changed)
    return g_steal_pointer (&table);
  return eros_store_get_table (connection, destination->project, destination->dataset, destination->name,
                               error);
}

/**
 * eros_destination_close:
 * @destination: a destination
 * @connection: the connection
 * @table: the table; its rows have been added
 * @error: return location for a #GError
 *
 * Returns: whether they lie where they ought to
 */
gboolean
eros_destination_close (ErosDestination *destination,
                        ErosStoreConnection *connection,
                        ErosStoreTable *table,
                        GError **error)
{
  return destination->partition == NULL ||
         eros_store_partition_check (connection, table, destination->partition, error);
}
