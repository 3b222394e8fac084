/* eros-table-resource.c: tables as the REST API writes them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-table-resource.h"
#include "eros-clock.h"

#include <string.h>

#include "eros-json-reader.h"
#include "eros-schema.h"
#include "eros-service-private.h"
#include "eros-stamp.h"

static const ErosJsonMember MEMBERS[] = {
  { "tableReference", 'o' },
  { "projectId", 's' },
  { "datasetId", 's' },
  { "tableId", 's' },
  { "friendlyName", 's' },
  { "description", 's' },
  { "labels", 'o' },
  { "schema", 'o' },
  { "expirationTime", 'i' },
  { "view", 'o' },
  { "materializedView", 'o' },
  { "query", 's' },
  { "timePartitioning", 'o' },
  { "rangePartitioning", 'o' },
  { "clustering", 'o' },
  { "fields", 'a' },
  { "type", 's' },
  { "field", 's' },
  { "expirationMs", 'i' },
  { "range", 'o' },
  { "start", 'i' },
  { "end", 'i' },
  { "interval", 'i' },
  { "requirePartitionFilter", 'b' },
};

static const char *const PARTITIONS[] = { NULL, "HOUR", "DAY", "MONTH", "YEAR" };

/**
 * eros_call_table_body:
 * @call: a call
 *
 * Returns: (transfer none) (nullable): the table in its body; when %NULL the call has failed
 */
JsonObject *
eros_call_table_body (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  const char *wrong = body != NULL ? eros_json_check (body, MEMBERS, G_N_ELEMENTS (MEMBERS)) : NULL;

  if (wrong == NULL)
    return body;
  eros_call_fail (call, 400, "invalid", "Invalid value at 'table.%s'", wrong);
  return NULL;
}

/**
 * eros_table_kind_name:
 * @kind: a kind of table
 *
 * Returns: what the API calls it
 */
const char *
eros_table_kind_name (ErosStoreTableKind kind)
{
  static const char *const NAMES[] = { "TABLE", "VIEW", "MATERIALIZED_VIEW", "SNAPSHOT" };

  return NAMES[kind];
}

static void
write_reference (const char *name,
                 const char *project,
                 const char *dataset,
                 const char *table,
                 ErosJsonWriter *writer)
{
  eros_json_open (writer, name, '{');
  eros_json_string (writer, "projectId", project);
  eros_json_string (writer, "datasetId", dataset);
  eros_json_string (writer, "tableId", table);
  eros_json_close (writer, '}');
}

static void
write_layout (ErosStoreTable *table, ErosJsonWriter *writer)
{
  if (table->partition == EROS_STORE_PARTITION_RANGE)
    {
      eros_json_open (writer, "rangePartitioning", '{');
      eros_json_string (writer, "field", table->partition_field);
      eros_json_open (writer, "range", '{');
      eros_json_int_string (writer, "start", table->range_start);
      eros_json_int_string (writer, "end", table->range_end);
      eros_json_int_string (writer, "interval", table->range_interval);
      eros_json_close (writer, '}');
      eros_json_close (writer, '}');
    }
  else if (table->partition != EROS_STORE_PARTITION_NONE)
    {
      eros_json_open (writer, "timePartitioning", '{');
      eros_json_string (writer, "type", PARTITIONS[table->partition]);
      eros_json_string (writer, "field", table->partition_field);
      if (table->partition_expiration != 0)
        eros_json_int_string (writer, "expirationMs", table->partition_expiration);
      eros_json_close (writer, '}');
    }
  if (table->clustering == NULL)
    return;
  eros_json_open (writer, "clustering", '{');
  eros_json_open (writer, "fields", '[');
  for (guint i = 0; table->clustering[i] != NULL; i++)
    eros_json_string (writer, NULL, table->clustering[i]);
  eros_json_close (writer, ']');
  eros_json_close (writer, '}');
}

/**
 * eros_table_write_place:
 * @table: a table
 * @name: the member that names it
 * @writer: inside an object
 *
 * Writes which table it is, and how its rows are divided.
 */
void
eros_table_write_place (ErosStoreTable *table, const char *name, ErosJsonWriter *writer)
{
  write_reference (name, table->project, table->dataset, table->name, writer);
  write_layout (table, writer);
}

/* What lists and single answers have in common. */
static void
write_common (ErosStoreTable *table, ErosJsonWriter *writer)
{
  g_autofree char *id = eros_store_table_get_full_name (table);

  eros_json_string (writer, "kind", "bigquery#table");
  eros_json_string (writer, "id", id);
  write_reference ("tableReference", table->project, table->dataset, table->name, writer);
  eros_json_string (writer, "type", eros_table_kind_name (table->kind));
  eros_json_string (writer, "friendlyName", table->friendly_name);
  eros_json_labels (writer, "labels", table->labels);
  eros_json_int_string (writer, "creationTime", table->created / 1000);
  if (table->expiration != 0)
    eros_json_int_string (writer, "expirationTime", table->expiration / 1000);
  write_layout (table, writer);
}

/* A materialized view is always fresh here; how often it is refreshed elsewhere is kept for that. */
static JsonObject *
read_extra (ErosStoreTable *table)
{
  g_autoptr (JsonNode) node = table->extra != NULL ? json_from_string (table->extra, NULL) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : json_object_new ();
}

static void
take_refresh (ErosStoreTable *table, JsonObject *view)
{
  static const char *const NAMES[] = { "enableRefresh", "refreshIntervalMs" };
  g_autoptr (JsonObject) extra = read_extra (table);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), extra);

  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    if (json_object_has_member (view, NAMES[i]))
      json_object_set_member (extra, NAMES[i], json_object_dup_member (view, NAMES[i]));
  g_free (table->extra);
  table->extra = json_object_get_size (extra) > 0 ? json_to_string (node, FALSE) : NULL;
}

static void
write_view (ErosStoreTable *table, gboolean whole, ErosJsonWriter *writer)
{
  if (table->kind == EROS_STORE_VIEW)
    {
      eros_json_open (writer, "view", '{');
      if (whole)
        eros_json_string (writer, "query", table->query);
      eros_json_bool (writer, "useLegacySql", FALSE);
      eros_json_close (writer, '}');
    }
  else if (table->kind == EROS_STORE_MATERIALIZED_VIEW && whole)
    {
      g_autoptr (JsonObject) options = read_extra (table);

      eros_json_open (writer, "materializedView", '{');
      eros_json_string (writer, "query", table->query);
      eros_json_bool (writer, "enableRefresh", eros_json_get_bool (options, "enableRefresh", TRUE));
      eros_json_int_string (writer, "refreshIntervalMs",
                            eros_json_get_int (options, "refreshIntervalMs", 30 * 60 * 1000));
      eros_json_close (writer, '}');
    }
}

/* Keys are kept and told, and never enforced, as in BigQuery. */
static void
write_constraints (ErosStoreTable *table, ErosJsonWriter *writer)
{
  g_autoptr (JsonObject) extra = read_extra (table);

  if (json_object_has_member (extra, "tableConstraints"))
    eros_json_node (writer, "tableConstraints", json_object_get_member (extra, "tableConstraints"));
}

static void
take_constraints (ErosStoreTable *table, JsonObject *body, gboolean replace)
{
  g_autoptr (JsonObject) extra = read_extra (table);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), extra);
  JsonObject *given = eros_json_get_object (body, "tableConstraints");

  if (!replace && !json_object_has_member (body, "tableConstraints"))
    return;
  if (given != NULL && json_object_get_size (given) > 0)
    json_object_set_object_member (extra, "tableConstraints", json_object_ref (given));
  else
    json_object_remove_member (extra, "tableConstraints");
  g_free (table->extra);
  table->extra = json_object_get_size (extra) > 0 ? json_to_string (node, FALSE) : NULL;
}

static gboolean
has_strings (JsonNode *node, const char *const *names)
{
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  for (guint i = 0; names[i] != NULL; i++)
    if (eros_json_get_string (object, names[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
is_primary_key (JsonNode *node)
{
  JsonArray *columns =
    JSON_NODE_HOLDS_OBJECT (node) ? eros_json_get_array (json_node_get_object (node), "columns") : NULL;
  gboolean good = columns != NULL;

  for (guint i = 0; good && i < json_array_get_length (columns); i++)
    good = json_node_get_value_type (json_array_get_element (columns, i)) == G_TYPE_STRING;
  return good;
}

static gboolean
is_foreign_key (JsonNode *node)
{
  static const char *const TABLE[] = { "projectId", "datasetId", "tableId", NULL };
  static const char *const PAIR[] = { "referencingColumn", "referencedColumn", NULL };
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonArray *pairs = eros_json_get_array (object, "columnReferences");
  gboolean good = pairs != NULL && has_strings (json_object_get_member (object, "referencedTable"), TABLE);

  for (guint i = 0; good && i < json_array_get_length (pairs); i++)
    good = has_strings (json_array_get_element (pairs, i), PAIR);
  return good;
}

/* Whether the keys can be read back as what they are. */
static gboolean
check_keys (JsonObject *body, GError **error)
{
  JsonObject *given = eros_json_get_object (body, "tableConstraints");
  JsonArray *foreign = eros_json_get_array (given, "foreignKeys");
  gboolean good = given != NULL || !json_object_has_member (body, "tableConstraints") ||
                  eros_json_is_null (body, "tableConstraints");

  if (given != NULL && json_object_has_member (given, "primaryKey"))
    good = is_primary_key (json_object_get_member (given, "primaryKey"));
  if (given != NULL && json_object_has_member (given, "foreignKeys"))
    good = good && foreign != NULL;
  for (guint i = 0; good && foreign != NULL && i < json_array_get_length (foreign); i++)
    good = is_foreign_key (json_array_get_element (foreign, i));
  if (!good)
    g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                         "Invalid value at 'table.tableConstraints'");
  return good;
}

/* Whether each column of the keys is one of the table's; of another table's nothing is known here. */
static gboolean
check_constraints (ErosStoreTable *table, JsonObject *body, GError **error)
{
  JsonObject *given = eros_json_get_object (body, "tableConstraints");
  JsonArray *primary = eros_json_get_array (eros_json_get_object (given, "primaryKey"), "columns");
  JsonArray *foreign = eros_json_get_array (given, "foreignKeys");
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; primary != NULL && i < json_array_get_length (primary); i++)
    g_ptr_array_add (names, (gpointer) json_array_get_string_element (primary, i));
  for (guint i = 0; foreign != NULL && i < json_array_get_length (foreign); i++)
    {
      JsonArray *pairs = eros_json_get_array (json_array_get_object_element (foreign, i), "columnReferences");

      for (guint k = 0; pairs != NULL && k < json_array_get_length (pairs); k++)
        g_ptr_array_add (names, (gpointer) eros_json_get_string (json_array_get_object_element (pairs, k),
                                                                 "referencingColumn"));
    }
  for (guint i = 0; i < names->len; i++)
    if (names->pdata[i] == NULL || eros_store_table_find_column (table, names->pdata[i], NULL) == NULL)
      {
        g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                     "Invalid value for tableConstraints: the table has no column %s",
                     names->pdata[i] != NULL ? (char *) names->pdata[i] : "without a name");
        return FALSE;
      }
  return TRUE;
}

/**
 * eros_table_write_listed:
 * @table: a table
 * @writer: inside a list
 *
 * Writes an entry of tables.list.
 */
void
eros_table_write_listed (ErosStoreTable *table, ErosJsonWriter *writer)
{
  eros_json_open (writer, NULL, '{');
  write_common (table, writer);
  write_view (table, FALSE, writer);
  eros_json_close (writer, '}');
}

static void
write_base (ErosStoreTable *table, ErosJsonWriter *writer)
{
  gboolean snapshot = table->kind == EROS_STORE_SNAPSHOT;
  g_autofree char *stamp = NULL;

  if (table->base_name == NULL)
    return;
  stamp = eros_stamp_text (table->base_time, 6);
  eros_json_open (writer, snapshot ? "snapshotDefinition" : "cloneDefinition", '{');
  write_reference ("baseTableReference", table->base_project, table->base_dataset, table->base_name, writer);
  eros_json_string (writer, snapshot ? "snapshotTime" : "cloneTime", stamp);
  eros_json_close (writer, '}');
}

/**
 * eros_table_write:
 * @call: a call
 * @table: a table
 * @stats: its statistics
 * @location: where its data set is
 * @writer: where to write the Table resource
 */
void
eros_table_write (ErosCall *call,
                  ErosStoreTable *table,
                  const ErosStoreStats *stats,
                  const char *location,
                  ErosJsonWriter *writer)
{
  g_autofree char *link = g_strdup_printf ("%s/bigquery/v2/projects/%s/datasets/%s/tables/%s",
                                           call->service->url, table->project, table->dataset, table->name);

  eros_json_open (writer, NULL, '{');
  write_common (table, writer);
  eros_json_string (writer, "etag", table->etag);
  eros_json_string (writer, "selfLink", link);
  eros_json_string (writer, "description", table->description);
  eros_json_string (writer, "location", location);
  eros_json_int_string (writer, "lastModifiedTime", table->modified / 1000);
  if (table->require_partition_filter)
    eros_json_bool (writer, "requirePartitionFilter", TRUE);
  if (table->columns->len > 0)
    eros_schema_write (table->columns, writer);
  write_view (table, TRUE, writer);
  write_base (table, writer);
  write_constraints (table, writer);
  eros_json_int_string (writer, "numRows", stats->rows);
  eros_json_int_string (writer, "numBytes", stats->bytes);
  eros_json_int_string (writer, "numLongTermBytes", 0);
  eros_json_int_string (writer, "numTotalLogicalBytes", stats->bytes);
  eros_json_int_string (writer, "numActiveLogicalBytes", stats->bytes);
  eros_json_int_string (writer, "numLongTermLogicalBytes", 0);
  eros_json_close (writer, '}');
}

static gboolean
invalid (GError **error, const char *format, const char *detail)
{
  g_autoptr (GString) text = g_string_new (format);

  g_string_replace (text, "%s", detail, 1);
  g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID, text->str);
  return FALSE;
}

static gboolean
take_time_partitioning (ErosStoreTable *table, JsonObject *partitioning, GError **error)
{
  const char *type = eros_json_get_string (partitioning, "type");

  table->partition = EROS_STORE_PARTITION_NONE;
  for (guint i = 1; type != NULL && i < G_N_ELEMENTS (PARTITIONS); i++)
    if (strcmp (type, PARTITIONS[i]) == 0)
      table->partition = i;
  if (table->partition == EROS_STORE_PARTITION_NONE)
    return invalid (error, "Invalid value for timePartitioning.type: %s is not a valid value",
                    type != NULL ? type : "");
  g_free (table->partition_field);
  table->partition_field = g_strdup (eros_json_get_string (partitioning, "field"));
  table->partition_expiration = eros_json_get_int (partitioning, "expirationMs", 0);
  if (json_object_has_member (partitioning, "requirePartitionFilter"))
    table->require_partition_filter = eros_json_get_bool (partitioning, "requirePartitionFilter", FALSE);
  return TRUE;
}

static void
take_range_partitioning (ErosStoreTable *table, JsonObject *partitioning)
{
  JsonObject *range = eros_json_get_object (partitioning, "range");

  table->partition = EROS_STORE_PARTITION_RANGE;
  g_free (table->partition_field);
  table->partition_field = g_strdup (eros_json_get_string (partitioning, "field"));
  table->range_start = eros_json_get_int (range, "start", 0);
  table->range_end = eros_json_get_int (range, "end", 0);
  table->range_interval = eros_json_get_int (range, "interval", 0);
}

static void
take_clustering (ErosStoreTable *table, JsonObject *clustering)
{
  JsonArray *fields = eros_json_get_array (clustering, "fields");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      JsonNode *node = json_array_get_element (fields, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (node));
    }
  g_strfreev (table->clustering);
  table->clustering = g_strv_builder_end (builder);
  if (table->clustering[0] == NULL)
    g_clear_pointer (&table->clustering, g_strfreev);
}

/**
 * eros_table_take_layout:
 * @table: a table
 * @body: what may say how it is partitioned and clustered: Table resource, load or query configuration
 * @error: return location for a #GError
 *
 * Returns: whether @body makes sense
 */
gboolean
eros_table_take_layout (ErosStoreTable *table, JsonObject *body, GError **error)
{
  JsonObject *time = eros_json_get_object (body, "timePartitioning");
  JsonObject *range = eros_json_get_object (body, "rangePartitioning");
  JsonObject *clustering = eros_json_get_object (body, "clustering");

  if (time != NULL && range != NULL)
    return invalid (error, "Only one of timePartitioning and rangePartitioning should be specified%s", "");
  if (time != NULL && !take_time_partitioning (table, time, error))
    return FALSE;
  if (range != NULL)
    take_range_partitioning (table, range);
  if (clustering != NULL)
    take_clustering (table, clustering);
  else if (eros_json_is_null (body, "clustering"))
    g_clear_pointer (&table->clustering, g_strfreev);
  if (json_object_has_member (body, "requirePartitionFilter"))
    table->require_partition_filter = eros_json_get_bool (body, "requirePartitionFilter", FALSE);
  return TRUE;
}

static void
take_text (JsonObject *body, const char *name, gboolean replace, char **text)
{
  const char *value = eros_json_get_string (body, name);

  if (value == NULL && !replace && !eros_json_is_null (body, name))
    return;
  g_free (*text);
  *text = g_strdup (value);
}

/**
 * eros_table_take:
 * @table: a table
 * @body: Table resource, or a patch of one
 * @replace: whether what @body does not say goes away
 * @error: return location for a #GError
 *
 * Returns: whether @body makes sense
 */
gboolean
eros_table_take (ErosStoreTable *table, JsonObject *body, gboolean replace, GError **error)
{
  JsonObject *view = eros_json_get_object (body, "view");

  if (view == NULL)
    view = eros_json_get_object (body, "materializedView");
  take_text (body, "friendlyName", replace, &table->friendly_name);
  take_text (body, "description", replace, &table->description);
  eros_labels_take (body, replace, table->labels);
  if (replace || json_object_has_member (body, "expirationTime"))
    table->expiration = eros_json_get_int (body, "expirationTime", 0) * 1000;
  if (table->expiration != 0 && table->expiration < eros_clock_get_now () &&
      json_object_has_member (body, "expirationTime"))
    return invalid (error, "Invalid value for expirationTime: the time is in the past%s", "");
  if (view != NULL && json_object_has_member (view, "useLegacySql") &&
      eros_json_get_bool (view, "useLegacySql", FALSE))
    return invalid (
      error, "Legacy SQL is not supported by the local server: a view's useLegacySql must be false%s", "");
  if (table->kind == EROS_STORE_MATERIALIZED_VIEW && view != NULL)
    take_refresh (table, view);
  if (!check_keys (body, error) || (table->columns->len > 0 && !check_constraints (table, body, error)))
    return FALSE;
  take_constraints (table, body, replace);
  if (view != NULL && eros_json_get_string (view, "query") != NULL)
    {
      g_free (table->query);
      table->query = g_strdup (eros_json_get_string (view, "query"));
    }
  return eros_table_take_layout (table, body, error);
}

/**
 * eros_table_complete:
 * @table: a table as it is
 * @patch: a patch of its resource
 *
 * A patch may change a part of a nested object; whoever reads one wants all of it.
 *
 * Returns: (transfer full): @patch, with the rest of the objects that it changes
 */
JsonObject *
eros_table_complete (ErosStoreTable *table, JsonObject *patch)
{
  static const char *const NESTED[] = { "timePartitioning", "rangePartitioning" };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  JsonObject *whole = json_object_new ();
  g_autoptr (GList) names = json_object_get_members (patch);
  ErosJsonWriter writer;

  eros_json_writer_init (&writer, text);
  eros_json_open (&writer, NULL, '{');
  write_layout (table, &writer);
  eros_json_close (&writer, '}');
  node = json_from_string (text->str, NULL);
  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_member (whole, l->data, json_object_dup_member (patch, l->data));
  for (guint i = 0; i < G_N_ELEMENTS (NESTED); i++)
    {
      JsonObject *old = eros_json_get_object (json_node_get_object (node), NESTED[i]);
      JsonObject *given = eros_json_get_object (patch, NESTED[i]);

      if (old == NULL || given == NULL)
        continue;
      eros_json_merge (old, given);
      json_object_set_object_member (whole, NESTED[i], json_object_ref (old));
    }
  return whole;
}

static gboolean
partition_type_fits (ErosStoreTable *table, const ErosSqlType *type)
{
  if (table->partition == EROS_STORE_PARTITION_RANGE)
    return eros_sql_type_is (type, EROS_SQL_INT64);
  if (eros_sql_type_is (type, EROS_SQL_DATE))
    return table->partition != EROS_STORE_PARTITION_HOUR;
  return eros_sql_type_is (type, EROS_SQL_TIMESTAMP) || eros_sql_type_is (type, EROS_SQL_DATETIME);
}

/**
 * eros_table_check_layout:
 * @table: a table
 * @error: return location for a #GError
 *
 * Returns: whether it can be partitioned and clustered as it says
 */
gboolean
eros_table_check_layout (ErosStoreTable *table, GError **error)
{
  ErosStoreColumn *column;

  if (table->partition_field != NULL)
    {
      column = eros_store_table_find_column (table, table->partition_field, NULL);
      if (column == NULL)
        return invalid (error, "The field specified for partitioning cannot be found in the schema: %s",
                        table->partition_field);
      if (!partition_type_fits (table, column->type))
        return invalid (
          error,
          "The field specified for partitioning can only be of type DATE, TIMESTAMP, DATETIME or"
          " INTEGER, as the partitioning asks for: %s",
          table->partition_field);
    }
  else if (table->partition == EROS_STORE_PARTITION_RANGE)
    return invalid (error, "Field is required for range partitioning%s", "");
  if (table->partition == EROS_STORE_PARTITION_RANGE &&
      (table->range_interval <= 0 || table->range_end <= table->range_start))
    return invalid (error, "Invalid range for rangePartitioning of %s", table->partition_field);
  for (guint i = 0; table->clustering != NULL && table->clustering[i] != NULL; i++)
    {
      column = eros_store_table_find_column (table, table->clustering[i], NULL);
      if (i >= 4)
        return invalid (error, "Too many clustering fields: at most 4 are allowed%s", "");
      if (column == NULL)
        return invalid (
          error, "The field specified for clustering cannot be found in the schema. Invalid field: %s.",
          table->clustering[i]);
      if (!eros_sql_type_is_groupable (column->type) || eros_sql_type_is (column->type, EROS_SQL_FLOAT64))
        return invalid (error, "Field %s has a type that cannot be clustered by.", table->clustering[i]);
    }
  return TRUE;
}

static gboolean
merge_column (ErosStoreTable *table, ErosStoreColumn *old, ErosStoreColumn *wanted, GError **error)
{
  g_autofree char *name = NULL;

  if (wanted != NULL && wanted->type == old->type && (old->required || !wanted->required))
    {
      wanted->physical = old->physical;
      if (wanted->default_expression == NULL)
        wanted->default_expression = g_strdup (old->default_expression);
      return TRUE;
    }
  name = eros_store_table_get_full_name (table);
  g_set_error (
    error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
    wanted == NULL ? "Provided Schema does not match Table %s. Field %s is missing in new schema"
    : wanted->type != old->type
      ? "Provided Schema does not match Table %s. Field %s has changed type"
      : "Provided Schema does not match Table %s. Field %s has changed mode from NULLABLE to REQUIRED",
    name, old->name);
  return FALSE;
}

static ErosStoreColumn *
find_by_name (GPtrArray *columns, const char *name)
{
  for (guint i = 0; i < columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (columns, i);

      if (g_ascii_strcasecmp (column->name, name) == 0)
        return column;
    }
  return NULL;
}

/**
 * eros_table_change_schema:
 * @table: a stored table
 * @schema: TableSchema
 * @error: return location for a #GError
 *
 * Gives @table the columns of @schema: all the old ones, perhaps with another description and laxer, and new
 * ones that may be NULL.
 *
 * Returns: whether BigQuery would allow it
 */
gboolean
eros_table_change_schema (ErosStoreTable *table, JsonObject *schema, GError **error)
{
  g_autoptr (GPtrArray) columns = eros_schema_read (schema, error);

  if (columns == NULL)
    return FALSE;
  for (guint i = 0; i < table->columns->len; i++)
    {
      ErosStoreColumn *old = g_ptr_array_index (table->columns, i);

      if (!merge_column (table, old, find_by_name (columns, old->name), error))
        return FALSE;
    }
  for (guint i = 0; i < columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (columns, i);

      if (column->physical == EROS_STORE_NEW_COLUMN && column->required)
        return invalid (
          error, "Provided Schema does not match Table: cannot add required field %s to an existing schema",
          column->name);
    }
  g_ptr_array_unref (table->columns);
  table->columns = g_steal_pointer (&columns);
  return TRUE;
}

/**
 * eros_row_writer_init:
 * @writer: a writer
 * @connection: a connection with a transaction
 * @table: a table
 * @cancellable: (nullable): ends the waiting for other writers
 * @error: return location for a #GError
 *
 * Returns: whether rows can be added now
 */
gboolean
eros_row_writer_init (ErosRowWriter *writer,
                      ErosStoreConnection *connection,
                      ErosStoreTable *table,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autofree char *name = eros_store_prepare_write (connection, table, EROS_STORE_INSERT, cancellable, error);
  g_autoptr (GString) sql = g_string_new (NULL);
  sqlite3 *db = eros_store_connection_get_db (connection);

  writer->table = table;
  if (name == NULL)
    return FALSE;
  g_string_append_printf (sql, "INSERT INTO %s (", name);
  for (guint i = 0; i < table->columns->len; i++)
    g_string_append_printf (sql, "%sc%u", i > 0 ? ", " : "",
                            ((ErosStoreColumn *) g_ptr_array_index (table->columns, i))->physical);
  g_string_append (sql, ") VALUES (");
  for (guint i = 0; i < table->columns->len; i++)
    g_string_append (sql, i > 0 ? ", ?" : "?");
  g_string_append_c (sql, ')');
  if (sqlite3_prepare_v2 (db, sql->str, -1, &writer->statement, NULL) == SQLITE_OK)
    return TRUE;
  eros_store_set_error (error, db);
  return FALSE;
}

/**
 * eros_row_writer_add:
 * @writer: a writer
 * @values: one value for each column of its table; their arrays are filled in
 * @error: return location for a #GError
 *
 * Returns: whether the row was added
 */
gboolean
eros_row_writer_add (ErosRowWriter *writer, ErosSqlValue *values, GError **error)
{
  int result;

  for (guint i = 0; i < writer->table->columns->len; i++)
    {
      eros_sql_value_fill_arrays (&values[i]);
      eros_store_bind_value (writer->statement, i + 1, &values[i]);
    }
  result = sqlite3_step (writer->statement);
  sqlite3_reset (writer->statement);
  if (result == SQLITE_DONE)
    return TRUE;
  eros_store_set_error (error, sqlite3_db_handle (writer->statement));
  return FALSE;
}

/**
 * eros_row_writer_clear:
 * @writer: a writer
 */
void
eros_row_writer_clear (ErosRowWriter *writer)
{
  g_clear_pointer (&writer->statement, sqlite3_finalize);
}
