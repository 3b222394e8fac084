/* eros-job-files.c: the files of EXPORT DATA and LOAD DATA
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-export.h"
#include "eros-json-reader.h"
#include "eros-objects.h"
#include "eros-schema.h"
#include "eros-service-private.h"
#include "eros-table-resource.h"

typedef struct
{
  ErosExport *export;
  GCancellable *cancellable;
  GError **error;
  gboolean failed;
} Rows;

static gboolean
row_cb (const ErosSqlValue *values, guint n_values, gpointer user_data)
{
  Rows *rows = user_data;

  rows->failed = g_cancellable_set_error_if_cancelled (rows->cancellable, rows->error) ||
                 !eros_export_row (rows->export, values, rows->error);
  return !rows->failed;
}

/* Nothing of somebody else's is written over unless that was asked for. */
static gboolean
check_free (ErosExport *export, gboolean overwrite, GError **error)
{
  g_autofree char *prefix = g_strndup (export->name, strcspn (export->name, "*"));
  g_autoptr (GPtrArray) found = NULL;

  if (overwrite)
    return TRUE;
  found = eros_object_list (export->store, export->bucket, prefix, NULL, 1, error);
  if (found == NULL)
    return FALSE;
  if (found->len == 0)
    return TRUE;
  g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
               "The destination gs://%s/%s is not empty: empty it, or set overwrite = TRUE.", export->bucket,
               prefix);
  return FALSE;
}

static gboolean
export_rows (ErosJob *job, ErosEngineFiles *files, GError **error)
{
  g_auto (ErosExport) export = { 0 };
  Rows rows = { &export, job->cancellable, error, FALSE };
  gboolean overwrite = eros_json_get_bool (files->options, "overwrite", FALSE);

  if (!eros_export_init (&export, job, files->options, error) || !check_free (&export, overwrite, error) ||
      !eros_export_begin (&export, eros_store_result_get_columns (files->rows), error) ||
      !eros_store_result_foreach (files->rows, 0, G_MAXINT64, row_cb, &rows, error) || rows.failed ||
      !eros_export_end (&export, error))
    return FALSE;
  files->n_files = export.n_files;
  files->n_rows = export.n_rows;
  return TRUE;
}

static void
write_properties (ErosStoreTable *table, ErosJsonWriter *writer)
{
  eros_json_open (writer, "destinationTableProperties", '{');
  eros_json_string (writer, "friendlyName", table->friendly_name);
  eros_json_string (writer, "description", table->description);
  eros_json_labels (writer, "labels", table->labels);
  eros_json_close (writer, '}');
}

/* A job that loads says the same in other words. */
static JsonObject *
load_configuration (ErosEngineFiles *files)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  ErosStoreTable *table = files->table;
  JsonObject *configuration;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  ErosJsonWriter writer;

  eros_json_writer_init (&writer, text);
  eros_json_open (&writer, NULL, '{');
  eros_table_write_place (table, "destinationTable", &writer);
  write_properties (table, &writer);
  if (table->columns->len > 0)
    eros_schema_write (table->columns, &writer);
  eros_json_bool (&writer, "autodetect", table->columns->len == 0 && !files->exists);
  eros_json_close (&writer, '}');
  node = json_from_string (text->str, NULL);
  configuration = json_node_dup_object (node);
  json_object_iter_init (&iter, files->options);
  while (json_object_iter_next (&iter, &name, &value))
    json_object_set_member (configuration, name, json_node_copy (value));
  return configuration;
}

/**
 * eros_job_files:
 * @files: what EXPORT DATA or LOAD DATA asks for; its counts are filled in
 * @job: the #ErosJob, in its thread
 * @error: return location for a #GError
 *
 * Returns: whether it has been done
 */
gboolean
eros_job_files (ErosEngineFiles *files, gpointer job, GError **error)
{
  g_autoptr (JsonObject) configuration = NULL;

  if (files->rows != NULL)
    return export_rows (job, files, error);
  configuration = load_configuration (files);
  return eros_job_load_files (job, configuration, files, error);
}
