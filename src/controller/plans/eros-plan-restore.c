/* eros-plan-restore.c: what a backup has in a bucket, loaded into another data set and compared
 *
 * What stands in a bucket may have been changed by whoever may write there: nothing of it is run as SQL, and
 * what comes of it is compared with the fingerprints beside it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-json.h"
#include "eros-json-text.h"
#include "eros-plan-parts.h"

#define STEP_TARGET "target"

enum
{
  GROUP_RECORD,
  GROUP_TARGET,
  GROUP_MAKE,
  GROUP_LOAD,
  GROUP_COMPARE,
  GROUP_END,
};

static ErosConnection *
connection_of (ErosWork *work)
{
  return eros_big_query_get_connection (eros_work_get_big_query (work));
}

/* {PROJECT, DATASET} (transfer full) */
static char **
target_of (ErosWork *work)
{
  const char *to = eros_work_get_argument (work, "to");
  const char *dot = strrchr (to, '.');
  char **parts = g_new0 (char *, 3);

  parts[0] = dot != NULL ? g_strndup (to, dot - to) : g_strdup ("");
  parts[1] = g_strdup (dot != NULL ? dot + 1 : to);
  return parts;
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED, message);
  return FALSE;
}

static gboolean
check_arguments (ErosWork *work, GError **error)
{
  g_auto (GStrv) target = target_of (work);

  if (!g_regex_match_simple ("^gs://[^/]+/[^*?]*[^/*?]$", eros_work_get_argument (work, "from"),
                             G_REGEX_DOLLAR_ENDONLY, 0))
    return refuse (error, _ ("Name the folder of an exported backup, such as "
                             "gs://backups/2025-10-31_143022. “eros-deploy backups” shows them."));
  if (!g_regex_match_simple ("^[a-z0-9.:-]+$", target[0], G_REGEX_DOLLAR_ENDONLY, 0) ||
      !g_regex_match_simple ("^[A-Za-z0-9_]{1,1024}$", target[1], G_REGEX_DOLLAR_ENDONLY, 0))
    return refuse (error, _ ("Name the data set to restore into as PROJECT.DATASET."));
  if (g_strcmp0 (target[0], eros_connection_get_project (connection_of (work))) == 0 &&
      g_strcmp0 (target[1], eros_connection_get_dataset (connection_of (work))) == 0)
    return refuse (error,
                   _ ("That is the deployment's own data set: “eros-deploy rollback” restores there."));
  return TRUE;
}

/* (transfer full): the tables of the backup */
static char **
list_tables (ErosWork *work)
{
  const char *names = eros_work_get_value (work, EROS_PLAN_BACKUP_RECORD ".tables");

  return g_strsplit (names != NULL ? names : "", "\n", -1);
}

static const char *
record_of (ErosWork *work, const char *what, const char *table)
{
  g_autofree char *key = g_strdup_printf (EROS_PLAN_BACKUP_RECORD ".%s/%s", what, table);

  return eros_work_get_value (work, key);
}

static JsonObject *
reference_of (ErosWork *work, const char *table)
{
  g_auto (GStrv) target = target_of (work);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "projectId", target[0]);
  json_object_set_string_member (object, "datasetId", target[1]);
  json_object_set_string_member (object, "tableId", table);
  return object;
}

/* ---- a table ------------------------------------------------------------------------------------------- */

/* What makes the same table again, but for what would let rows go or keep them from being read. */
static void
add_layout (JsonObject *load, const char *layout)
{
  g_autoptr (JsonNode) node = eros_json_text_parse (layout);
  JsonObject *object = json_node_get_object (node);
  JsonObject *partitioning = eros_json_object (object, "timePartitioning");
  JsonObject *properties = json_object_new ();
  static const char *const laid_out[] = { "rangePartitioning", "clustering" };
  static const char *const described[] = { "description", "labels" };

  if (partitioning != NULL)
    {
      json_object_remove_member (partitioning, "expirationMs");
      json_object_remove_member (partitioning, "requirePartitionFilter");
      json_object_set_object_member (load, "timePartitioning", json_object_ref (partitioning));
    }
  for (guint i = 0; i < G_N_ELEMENTS (laid_out); i++)
    if (json_object_has_member (object, laid_out[i]))
      json_object_set_member (load, laid_out[i],
                              json_node_copy (json_object_get_member (object, laid_out[i])));
  for (guint i = 0; i < G_N_ELEMENTS (described); i++)
    if (json_object_has_member (object, described[i]))
      json_object_set_member (properties, described[i],
                              json_node_copy (json_object_get_member (object, described[i])));
  json_object_set_object_member (load, "destinationTableProperties", properties);
}

static gboolean
prepare_load (ErosWork *work, ErosWorkStep *step, GError **error)
{
  const char *table = step->data;
  const char *layout = record_of (work, "layout", table);
  g_auto (GStrv) parts = g_strsplit (eros_work_get_argument (work, "from") + strlen ("gs://"), "/", 2);
  JsonObject *load = eros_plan_make_load (reference_of (work, table), table, layout, parts[0], parts[1]);

  if (load == NULL)
    {
      g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                   _ ("metadata.json does not say which columns %s has: without them its export cannot be "
                      "loaded."),
                   table);
      return FALSE;
    }
  add_layout (load, layout);
  json_object_set_string_member (load, "writeDisposition", "WRITE_EMPTY");
  eros_plan_set_job (step, "load", load);
  return TRUE;
}

static gboolean
compare_with_record (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error)
{
  const char *table = step->data;
  const char *recorded = record_of (work, "fingerprint", table);
  g_autofree char *found = g_strdup_printf ("%s %s %s", (const char *) g_hash_table_lookup (answer, "n_rows"),
                                            (const char *) g_hash_table_lookup (answer, "checksum"),
                                            (const char *) g_hash_table_lookup (answer, "total"));

  if (g_strcmp0 (recorded, found) == 0)
    return TRUE;
  g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
               /* Translators: a table; rows and fingerprints, twice */
               _ ("What was loaded of %1$s is not what was backed up: metadata.json says %2$s, and it is "
                  "%3$s. It stays where it was loaded, for looking; do not rely on it."),
               table, recorded != NULL ? recorded : "", found);
  return FALSE;
}

static void
add_table (ErosWork *work, const char *table)
{
  g_auto (GStrv) target = target_of (work);
  g_autofree char *reference = g_strdup_printf ("`%s.%s.%s`", target[0], target[1], table);
  ErosWorkStep *step = eros_plan_add_for_table (work, GROUP_LOAD, "load", _ ("Load the export of %s"), table);

  step->prepare = prepare_load;
  step->timeout_ms = 600000;
  step = eros_plan_add_for_table (work, GROUP_COMPARE, "compare",
                                  _ ("Compare what was loaded of %s with what was backed up"), table);
  step->sql = eros_fingerprint_sql (reference, NULL);
  step->is_verbatim = TRUE;
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->timeout_ms = 600000;
  step->answered = compare_with_record;
  step->summary = g_strdup (_ ("${n_rows} rows, fingerprint ${checksum}"));
}

/* ---- where to ------------------------------------------------------------------------------------------ */

typedef struct
{
  ErosWork *work;
  ErosWorkStep *step;
  GCancellable *cancellable;
  char **tables; /* of the backup */
  guint next;
} Look;

static void
add_steps (ErosWork *work, ErosWorkStep *step)
{
  g_auto (GStrv) tables = list_tables (work);
  g_auto (GStrv) target = target_of (work);
  const char *location = eros_connection_get_location (connection_of (work));

  eros_work_drop_steps (work, GROUP_MAKE, GROUP_END);
  if (g_strcmp0 (eros_work_get_value (work, STEP_TARGET ".gone"), "true") == 0)
    {
      ErosWorkStep *make = eros_work_add (work, GROUP_MAKE, "target/make", _ ("Make the data set"));

      make->sql = location != NULL && g_regex_match_simple ("^[A-Za-z0-9-]+\\z", location, 0, 0)
                    ? g_strdup_printf ("CREATE SCHEMA IF NOT EXISTS `%s.%s` OPTIONS (location = '%s')",
                                       target[0], target[1], location)
                    : g_strdup_printf ("CREATE SCHEMA IF NOT EXISTS `%s.%s`", target[0], target[1]);
      make->is_verbatim = TRUE;
    }
  for (guint i = 0; tables[i] != NULL; i++)
    add_table (work, tables[i]);
}

/* First the data set, then one table after the other. */
static void
ask (Look *look, const char *table, GAsyncReadyCallback callback)
{
  ErosHttp *http = eros_big_query_get_http (eros_work_get_big_query (look->work));
  g_auto (GStrv) target = target_of (look->work);
  g_autoptr (ErosRequest) request =
    table != NULL
      ? eros_request_new (EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets/%s/tables/%s",
                          target[0], target[1], table)
      : eros_request_new (EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets/%s", target[0],
                          target[1]);

  eros_http_send_async (http, request, look->cancellable, callback, look);
}

static void
end_look (Look *look, GError *error)
{
  if (error != NULL)
    eros_work_step_failed (look->work, look->step, error);
  else
    {
      add_steps (look->work, look->step);
      eros_work_step_done (look->work, look->step, NULL);
    }
  g_strfreev (look->tables);
  g_free (look);
}

static void
table_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Look *look = user_data;
  const char *table = look->tables[look->next];
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  if (answer != NULL)
    g_set_error (&error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED,
                 _ ("%1$s has a table %2$s already, and nothing is overwritten. Name another data set, which "
                    "is made."),
                 eros_work_get_argument (look->work, "to"), table);
  else if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    g_clear_error (&error);
  look->next++;
  if (error != NULL || look->tables[look->next] == NULL)
    end_look (look, error);
  else
    ask (look, look->tables[look->next], table_cb);
}

static gboolean
check_tables (Look *look, GError **error)
{
  for (guint i = 0; look->tables[i] != NULL; i++)
    if (!g_regex_match_simple ("^[A-Za-z0-9_]{1,1024}$", look->tables[i], G_REGEX_DOLLAR_ENDONLY, 0))
      return refuse (error,
                     _ ("metadata.json names what cannot be a table. It is not the one that was written "
                        "with the backup."));
  return look->tables[0] != NULL || refuse (error, _ ("This backup has no tables."));
}

static void
dataset_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Look *look = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  gboolean is_gone = g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND);

  if (is_gone)
    g_clear_error (&error);
  eros_work_set_value (look->work, look->step, "gone", is_gone ? "true" : "false");
  if (error != NULL || !check_tables (look, &error) || is_gone)
    end_look (look, error);
  else
    ask (look, look->tables[0], table_cb);
}

static void
look_at_target (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  Look *look = g_new0 (Look, 1);

  look->work = work;
  look->step = step;
  look->cancellable = cancellable;
  look->tables = list_tables (work);
  ask (look, NULL, dataset_cb);
}

/**
 * eros_plan_restore:
 * @work: an operation without steps. Arguments: "from" (gs://BUCKET/FOLDER) and "to" (PROJECT.DATASET)
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * Returns: whether the arguments allow it and the plan was made
 */
gboolean
eros_plan_restore (ErosWork *work, GError **error)
{
  ErosWorkStep *step;

  if (!check_arguments (work, error))
    return FALSE;
  eros_work_keep_in_order (work);
  step =
    eros_work_add (work, GROUP_RECORD, EROS_PLAN_BACKUP_RECORD, _ ("Look what the backup says of itself"));
  step->call = eros_plan_read_backup_record;
  step->look = eros_plan_read_backup_record;
  step = eros_work_add (work, GROUP_TARGET, STEP_TARGET, _ ("Look what is there already"));
  step->call = look_at_target;
  step->look = look_at_target;
  step->restored = add_steps;
  return TRUE;
}
