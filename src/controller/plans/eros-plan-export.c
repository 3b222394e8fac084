/* eros-plan-export.c: what of a backup lies in its bucket: written, and loaded once to see that it can be
 *
 * What was exported is loaded into a table of its own and compared with what was backed up: an export that
 * has never been loaded is a hope. That table has an end of its own, should this be cut off.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-json.h"
#include "eros-json-text.h"
#include "eros-plan-parts.h"

static ErosConnection *
connection_of (ErosWork *work)
{
  return eros_big_query_get_connection (eros_work_get_big_query (work));
}

static const char *
value_for (ErosWork *work, const char *what, const char *table, const char *name)
{
  g_autofree char *key = g_strdup_printf ("%s/%s.%s", what, table, name);

  return eros_work_get_value (work, key);
}

/* The table that it is loaded into. (transfer full) */
static char *
stage_of (ErosWork *work, const char *table)
{
  return g_strdup_printf ("eros_load_test_%s_%s", eros_work_get_value (work, "clock.stamp"), table);
}

JsonObject *
eros_plan_table_reference (ErosWork *work, const char *name)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "projectId", eros_connection_get_project (connection_of (work)));
  json_object_set_string_member (object, "datasetId", eros_connection_get_dataset (connection_of (work)));
  json_object_set_string_member (object, "tableId", name);
  return object;
}

void
eros_plan_set_job (ErosWorkStep *step, const char *kind, JsonObject *configuration)
{
  g_clear_pointer (&step->sql, g_free);
  g_clear_pointer (&step->configuration, json_object_unref);
  step->configuration = json_object_new ();
  json_object_set_object_member (step->configuration, kind, configuration);
}

/* ---- writing ------------------------------------------------------------------------------------------- */

static JsonArray *
one_uri (const char *uri)
{
  JsonArray *uris = json_array_new ();

  json_array_add_string_element (uris, uri);
  return uris;
}

/* Of the table as it was, and not of its snapshot, which is no source of an export. The backup's instant is a
 * whole millisecond. */
static gboolean
prepare_export (ErosWork *work, ErosWorkStep *step, GError **error)
{
  const char *table = step->data;
  const char *now = eros_work_get_value (work, "clock.now");
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (now, NULL);
  g_autofree char *folder = eros_plan_get_folder (work);
  g_autofree char *uri = g_strdup_printf ("gs://%s/%s/%s-*.json.gz",
                                          eros_connection_get_bucket (connection_of (work)), folder, table);
  g_autofree char *then =
    g_strdup_printf ("%s@%" G_GINT64_FORMAT, table,
                     g_date_time_to_unix (time) * 1000 + g_date_time_get_microsecond (time) / 1000);
  JsonObject *extract = json_object_new ();

  json_object_set_object_member (extract, "sourceTable", eros_plan_table_reference (work, then));
  json_object_set_array_member (extract, "destinationUris", one_uri (uri));
  json_object_set_string_member (extract, "destinationFormat", "NEWLINE_DELIMITED_JSON");
  json_object_set_string_member (extract, "compression", "GZIP");
  eros_plan_set_job (step, "extract", extract);
  g_free (step->summary);
  step->summary = g_steal_pointer (&uri);
  return TRUE;
}

void
eros_plan_add_export (ErosWork *work, guint group, const char *table)
{
  ErosWorkStep *step = eros_plan_add_for_table (work, group, "export", _ ("Export %s"), table);

  step->prepare = prepare_export;
  step->timeout_ms = 600000;
}

/* ---- loading ------------------------------------------------------------------------------------------- */

/* NULL is not written, and a column's default would take its place. */
static JsonNode *
without_defaults (JsonNode *schema)
{
  g_autofree char *text = json_to_string (schema, FALSE);
  JsonNode *copy = eros_json_text_parse (text);
  JsonArray *fields =
    JSON_NODE_HOLDS_OBJECT (copy) ? eros_json_array (json_node_get_object (copy), "fields") : NULL;

  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      JsonNode *field = json_array_get_element (fields, i);

      if (JSON_NODE_HOLDS_OBJECT (field))
        json_object_remove_member (json_node_get_object (field), "defaultValueExpression");
    }
  return copy;
}

JsonObject *
eros_plan_make_load (JsonObject *destination,
                     const char *table,
                     const char *layout,
                     const char *bucket,
                     const char *folder)
{
  g_autoptr (JsonObject) into = destination;
  g_autoptr (JsonNode) node = layout != NULL ? eros_json_text_parse (layout) : NULL;
  g_autofree char *uri = NULL;
  JsonObject *load;
  JsonNode *schema = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
                       ? json_object_get_member (json_node_get_object (node), "schema")
                       : NULL;

  if (schema == NULL || folder == NULL || bucket == NULL)
    return NULL;
  uri = g_strdup_printf ("gs://%s/%s/%s-*.json.gz", bucket, folder, table);
  load = json_object_new ();
  json_object_set_array_member (load, "sourceUris", one_uri (uri));
  json_object_set_string_member (load, "sourceFormat", "NEWLINE_DELIMITED_JSON");
  json_object_set_string_member (load, "writeDisposition", "WRITE_TRUNCATE");
  json_object_set_object_member (load, "destinationTable", g_steal_pointer (&into));
  json_object_set_member (load, "schema", without_defaults (schema));
  return load;
}

static gboolean
prepare_place (ErosWork *work, ErosWorkStep *step, GError **error)
{
  g_autofree char *stage = stage_of (work, step->data);

  g_free (step->sql);
  step->sql =
    g_strdup_printf ("CREATE TABLE IF NOT EXISTS `${project}.${dataset}.%s` (nothing STRING)\n"
                     "OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY))",
                     stage);
  return TRUE;
}

static gboolean
prepare_load (ErosWork *work, ErosWorkStep *step, GError **error)
{
  const char *table = step->data;
  g_autofree char *stage = stage_of (work, table);
  g_autofree char *folder = eros_plan_get_folder (work);
  JsonObject *load = eros_plan_make_load (eros_plan_table_reference (work, stage), table,
                                          value_for (work, "describe", table, "layout"),
                                          eros_connection_get_bucket (connection_of (work)), folder);

  if (load == NULL)
    {
      g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                   _ ("Nobody knows which columns %s has: without them its export cannot be loaded."), table);
      return FALSE;
    }
  eros_plan_set_job (step, "load", load);
  return TRUE;
}

static gboolean
prepare_comparison (ErosWork *work, ErosWorkStep *step, GError **error)
{
  g_autofree char *stage = stage_of (work, step->data);
  g_autofree char *reference = g_strdup_printf ("`${project}.${dataset}.%s`", stage);

  g_free (step->sql);
  step->sql = eros_fingerprint_sql (reference, NULL);
  return TRUE;
}

static gboolean
compare_loaded (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error)
{
  static const char *const columns[] = { "n_rows", "checksum", "total" };
  const char *table = step->data;

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      const char *backed_up = value_for (work, "compare", table, columns[i]);
      const char *loaded = g_hash_table_lookup (answer, columns[i]);

      if (g_strcmp0 (backed_up, loaded) == 0)
        continue;
      g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                   /* Translators: %1$s: a table, %2$s: rows or a fingerprint, %3$s and %4$s: numbers */
                   _ ("The export of %1$s is no backup: loaded again, its %2$s is %3$s, and was %4$s. A "
                      "column has values that lines of JSON do not carry. The snapshot is good; keep a copy "
                      "of the table elsewhere, or turn such a column into text, then back up again."),
                   table, columns[i], loaded, backed_up);
      return FALSE;
    }
  return TRUE;
}

static gboolean
prepare_removal (ErosWork *work, ErosWorkStep *step, GError **error)
{
  g_autofree char *stage = stage_of (work, step->data);

  g_free (step->sql);
  step->sql = g_strdup_printf ("DROP TABLE IF EXISTS `${project}.${dataset}.%s`", stage);
  return TRUE;
}

void
eros_plan_add_load_test (ErosWork *work, guint group, const char *table)
{
  static const struct
  {
    const char *what;
    const char *title;
    ErosWorkPrepare prepare;
    ErosWorkAnswered answered;
  } steps[] = {
    { "load-place", N_ ("A place for what is loaded of %s"), prepare_place, NULL },
    { "load", N_ ("Load the export of %s"), prepare_load, NULL },
    { "load-test", N_ ("Compare what was loaded of %s with what was backed up"), prepare_comparison,
      compare_loaded },
    { "load-remove", N_ ("Remove what was loaded of %s"), prepare_removal, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      ErosWorkStep *step =
        eros_plan_add_for_table (work, group + i, steps[i].what, _ (steps[i].title), table);

      step->prepare = steps[i].prepare;
      step->answered = steps[i].answered;
      step->one_row = step->no_cache = steps[i].answered != NULL;
      step->timeout_ms = 600000;
      if (steps[i].answered != NULL)
        step->summary = g_strdup (_ ("${n_rows} rows, fingerprint ${checksum}"));
    }
}
