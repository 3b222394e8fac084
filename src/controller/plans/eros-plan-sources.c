/* eros-plan-sources.c: where the rows of a backup come from when its snapshots are not there any more
 *
 * What is gone is made again, from time travel or, where that does not reach or has other rows, from the
 * export in the bucket; a data set that was dropped is brought back first, or made anew. What comes of it is
 * compared with what was written down of the backup before it counts as its snapshot: until then nothing of
 * the data set has been changed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-plan-sources.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-definition.h"
#include "eros-json-text.h"
#include "eros-json.h"
#include "eros-storage.h"
#include "eros-timeline.h"

#define STEP_DATASET "dataset"
#define STEP_UNDROP  "dataset/undrop"
#define STEP_MAKE    "dataset/make"
#define TRAVEL_HOURS 168 /* unless the data set says otherwise */
#define KEPT_DAYS    90

/* Places of the steps in the groups that are free for them. */
enum
{
  PLACE_DATASET,
  PLACE_UNDROP,
  PLACE_MAKE,
  PLACE_LOOK,
  PLACE_TRAVEL,
  PLACE_TRAVELLED,
  PLACE_EXPORT,
  PLACE_CHECK,
  PLACE_SNAPSHOT,
  PLACE_REMOVE,
  N_PLACES,
};
G_STATIC_ASSERT (N_PLACES <= EROS_PLAN_N_SOURCE_GROUPS);

static ErosConnection *
connection_of (ErosWork *work)
{
  return eros_big_query_get_connection (eros_work_get_big_query (work));
}

/* (nullable): a value of a step for a table */
static const char *
value_of (ErosWork *work, const char *what, const char *table)
{
  g_autofree char *key = g_strdup_printf ("%s/%s", what, table);

  return eros_work_get_value (work, key);
}

static char *
stage_of (ErosWork *work, const char *table)
{
  return g_strdup_printf ("eros_source_%s_%s", eros_work_get_argument (work, "backup"), table);
}

static char *
snapshot_of (ErosWork *work, const char *table)
{
  return g_strdup_printf ("%s_%s", table, eros_work_get_argument (work, "backup"));
}

static void
set_nothing (ErosWorkStep *step, const char *why)
{
  g_free (step->sql);
  step->sql = g_strdup ("SELECT 1");
  step->one_row = FALSE;
  g_free (step->summary);
  step->summary = g_strdup (why);
}

static gboolean
is_true (ErosWork *work, const char *name)
{
  return g_strcmp0 (eros_work_get_value (work, name), "true") == 0;
}

static gboolean
note_done (ErosWork *work, ErosWorkStep *step, ErosJob *job, GError **error)
{
  eros_work_set_value (work, step, "done",
                       step->configuration != NULL || strcmp (step->sql, "SELECT 1") != 0 ? "true" : "false");
  return TRUE;
}

ErosDataSetLoss
eros_plan_get_loss (ErosWork *work)
{
  if (!is_true (work, STEP_DATASET ".gone"))
    return EROS_DATA_SET_THERE;
  return is_true (work, STEP_MAKE ".done") ? EROS_DATA_SET_MADE_ANEW : EROS_DATA_SET_BROUGHT_BACK;
}

/* ---- the data set -------------------------------------------------------------------------------------- */

typedef struct
{
  ErosWork *work;
  ErosWorkStep *step;
  GCancellable *cancellable;
  guint next; /* table */
  GString *missing;
} Look;

static Look *
look_new (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  Look *look = g_new0 (Look, 1);

  look->work = work;
  look->step = step;
  look->cancellable = cancellable;
  look->missing = g_string_new (NULL);
  return look;
}

static void
look_free (Look *look)
{
  g_string_free (look->missing, TRUE);
  g_free (look);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

/* What the data set was: (transfer full) (nullable) */
static JsonObject *
dup_options (ErosWork *work)
{
  g_autoptr (ErosInventory) backup = eros_plan_get_inventory (work, EROS_PLAN_BACKUP_RECORD);
  g_autoptr (JsonNode) node = NULL;

  for (guint i = 0; backup != NULL && i < eros_inventory_get_n_objects (backup) && node == NULL; i++)
    {
      const ErosInventoryObject *object = eros_inventory_get_object (backup, i);

      if (g_str_equal (object->kind, EROS_INVENTORY_OPTIONS))
        node = eros_json_text_parse (object->definition);
    }
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_object_ref (json_node_get_object (node)) : NULL;
}

/* (nullable): why nobody knows what is in the bucket */
static const char *
unread_of (ErosWork *work)
{
  const char *unread = eros_work_get_value (work, STEP_DATASET ".unread");

  return unread != NULL ? unread : eros_work_get_value (work, EROS_PLAN_BACKUP_RECORD ".unread");
}

static gboolean
prepare_make (ErosWork *work, ErosWorkStep *step, GError **error)
{
  g_autoptr (JsonObject) options = dup_options (work);
  const char *location = options != NULL ? eros_json_string (options, "location") : NULL;
  const char *unexported = eros_work_get_value (work, STEP_DATASET ".unexported");

  unexported = unexported != NULL ? unexported : "";
  if (is_true (work, STEP_UNDROP ".done"))
    {
      set_nothing (step, _ ("it came back with all that was in it"));
      return TRUE;
    }
  if (unread_of (work) != NULL)
    {
      g_set_error (
        error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
        /* Translators: %s: “gs://BUCKET may not be read, …” */
        _ ("Nothing has been changed; go on when the bucket may be read. The data set was dropped and "
           "cannot be brought back, and %s"),
        unread_of (work));
      return FALSE;
    }
  if (*unexported != '\0')
    {
      g_set_error (
        error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
        /* Translators: tables */
        _ ("The data set was dropped and cannot be brought back, and of these tables the bucket has no "
           "export of this backup: %s. Nothing has been changed. Choose another backup."),
        unexported);
      return FALSE;
    }
  if (location == NULL || !g_regex_match_simple ("^[A-Za-z0-9-]+\\z", location, 0, 0))
    {
      g_autofree char *unknown = eros_plan_say_unknown_inventory (work);

      g_set_error (
        error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
        /* Translators: %s: “this backup has no inventory” */
        _ ("The data set was dropped, cannot be brought back, and nobody says what was in it: %s. Make the "
           "data set and its tables by hand, then go on."),
        unknown);
      return FALSE;
    }
  g_free (step->sql);
  step->sql = g_strdup_printf (
    "CREATE SCHEMA IF NOT EXISTS `${project}.${dataset}` OPTIONS (location = '%s')", location);
  g_free (step->summary);
  step->summary = g_strdup (_ ("made anew: what is in it is made from the backup's inventory and export"));
  return TRUE;
}

/* Before a job can be sent somebody has to know where to. */
static void
add_dataset_steps (ErosWork *work, ErosWorkStep *look)
{
  guint group = look->group - PLACE_DATASET;
  g_autoptr (JsonObject) options = dup_options (work);
  const char *location = options != NULL ? eros_json_string (options, "location") : NULL;
  ErosWorkStep *step;

  eros_work_drop_steps (work, group + PLACE_UNDROP, group + PLACE_LOOK); /* those of a forecast */
  if (!is_true (work, STEP_DATASET ".gone"))
    return;
  if (eros_connection_get_location (connection_of (work)) == NULL && location != NULL)
    g_object_set (connection_of (work), "location", location, NULL);
  step = eros_work_add (work, group + PLACE_UNDROP, STEP_UNDROP, _ ("Bring the dropped data set back"));
  step->sql = g_strdup ("UNDROP SCHEMA `${project}.${dataset}`");
  step->may_fail = TRUE;
  step->is_attempt = TRUE;
  step->job_done = note_done;
  step = eros_work_add (work, group + PLACE_MAKE, STEP_MAKE,
                        _ ("Make the data set anew, if it did not come back"));
  step->prepare = prepare_make;
  step->job_done = note_done;
}

/* Which tables have nothing in the bucket: known before anything is made anew. (transfer full) */
static char *
list_unexported (ErosWork *work, GPtrArray *objects)
{
  const char *const *tables = eros_plan_get_tables (work, NULL);
  const char *folder = eros_work_get_value (work, EROS_PLAN_BACKUP_RECORD ".folder");
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; tables[i] != NULL; i++)
    {
      g_autofree char *prefix = g_strdup_printf ("%s/%s-", folder != NULL ? folder : "", tables[i]);
      gboolean is_there = FALSE;

      for (guint k = 0; objects != NULL && k < objects->len; k++)
        is_there |= g_str_has_prefix (((const ErosObject *) objects->pdata[k])->name, prefix);
      if (!is_there)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", tables[i]);
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

/* A bucket that may not be read has nothing for us; the data set may come back without it. Where nobody has
 * answered, nobody knows what the bucket has: it is asked again. */
static void
exports_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Look) look = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) objects = eros_storage_list_finish (result, &error);
  g_autofree char *unexported = NULL;
  g_autofree char *summary = NULL;

  if (error != NULL && eros_plan_is_no_verdict (error))
    {
      eros_work_step_failed (look->work, look->step, error);
      return;
    }
  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_DENIED))
    {
      g_autofree char *unread =
        eros_plan_say_unread (eros_connection_get_bucket (connection_of (look->work)), error);

      eros_work_set_value (look->work, look->step, "unread", unread);
    }
  g_clear_error (&error);
  unexported = list_unexported (look->work, objects);
  eros_work_set_value (look->work, look->step, "gone", "true");
  eros_work_set_value (look->work, look->step, "unexported", unexported);
  add_dataset_steps (look->work, look->step);
  summary = unread_of (look->work) == NULL
              ? g_strdup (_ ("it is gone: it is brought back as it was within the time that BigQuery keeps "
                             "it, or else made anew from the backup's inventory and export"))
              : g_strdup_printf (
                  /* Translators: %s: “gs://BUCKET may not be read, …” */
                  _ ("it is gone: it is brought back as it was within the time that BigQuery keeps it, and "
                     "else cannot be made anew: %s"),
                  unread_of (look->work));
  eros_work_step_done (look->work, look->step, summary);
}

static void
look_at_exports (Look *look)
{
  ErosBigQuery *big_query = eros_work_get_big_query (look->work);
  const char *folder = eros_work_get_value (look->work, EROS_PLAN_BACKUP_RECORD ".folder");
  const char *bucket = eros_connection_get_bucket (eros_big_query_get_connection (big_query));
  g_autofree char *prefix = g_strdup_printf ("%s/", folder != NULL ? folder : "");

  eros_storage_list_async (eros_big_query_get_http (big_query), bucket != NULL ? bucket : "", prefix,
                           look->cancellable, exports_cb, look);
}

static void
dataset_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Look) look = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      look_at_exports (g_steal_pointer (&look));
    }
  else if (error != NULL)
    eros_work_step_failed (look->work, look->step, error);
  else
    {
      eros_work_set_value (look->work, look->step, "gone", "false");
      add_dataset_steps (look->work, look->step);
      eros_work_step_done (look->work, look->step, NULL);
    }
}

static void
look_at_dataset (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  g_autoptr (ErosRequest) request = eros_request_new (
    EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets/%s",
    eros_connection_get_project (connection_of (work)), eros_connection_get_dataset (connection_of (work)));

  eros_http_send_async (eros_big_query_get_http (eros_work_get_big_query (work)), request, cancellable,
                        dataset_cb, look_new (work, step, cancellable));
}

/* ---- a table ------------------------------------------------------------------------------------------- */

static gboolean
prepare_travel (ErosWork *work, ErosWorkStep *step, GError **error)
{
  const char *text = eros_work_get_value (work, EROS_PLAN_BACKUP_RECORD ".time");
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  g_autofree char *then = NULL;
  g_autofree char *stage = stage_of (work, step->data);
  JsonObject *copy;

  if (time == NULL || eros_plan_get_loss (work) == EROS_DATA_SET_MADE_ANEW)
    {
      set_nothing (step, _ ("time travel does not reach there"));
      return TRUE;
    }
  then = g_strdup_printf ("%s@%" G_GINT64_FORMAT, (const char *) step->data,
                          g_date_time_to_unix (time) * 1000 + g_date_time_get_microsecond (time) / 1000);
  copy = json_object_new ();
  json_object_set_object_member (copy, "sourceTable", eros_plan_table_reference (work, then));
  json_object_set_object_member (copy, "destinationTable", eros_plan_table_reference (work, stage));
  json_object_set_string_member (copy, "writeDisposition", "WRITE_TRUNCATE");
  eros_plan_set_job (step, "copy", copy);
  return TRUE;
}

static gboolean
prepare_fingerprint (ErosWork *work, ErosWorkStep *step, GError **error)
{
  g_autofree char *stage = stage_of (work, step->data);
  g_autofree char *reference = g_strdup_printf ("`${project}.${dataset}.%s`", stage);
  g_autofree char *done = g_strdup_printf ("source/travel/%s.done", (const char *) step->data);

  if (g_str_has_prefix (step->id, "source/travelled/") && !is_true (work, done))
    {
      set_nothing (step, _ ("there is nothing to compare"));
      return TRUE;
    }
  g_free (step->sql);
  step->sql = eros_fingerprint_sql (reference, NULL);
  step->one_row = TRUE;
  return TRUE;
}

static gboolean
is_recorded_fingerprint (ErosWork *work, const char *table, GHashTable *answer)
{
  const char *recorded = value_of (work, EROS_PLAN_BACKUP_RECORD ".fingerprint", table);
  g_autofree char *found = g_strdup_printf ("%s %s %s", (const char *) g_hash_table_lookup (answer, "n_rows"),
                                            (const char *) g_hash_table_lookup (answer, "checksum"),
                                            (const char *) g_hash_table_lookup (answer, "total"));

  return g_strcmp0 (recorded, found) == 0;
}

static gboolean
note_travelled (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error)
{
  eros_work_set_value (work, step, "same",
                       is_recorded_fingerprint (work, step->data, answer) ? "true" : "false");
  return TRUE;
}

static gboolean
prepare_export (ErosWork *work, ErosWorkStep *step, GError **error)
{
  const char *table = step->data;
  const char *layout = value_of (work, EROS_PLAN_BACKUP_RECORD ".layout", table);
  const char *folder = eros_work_get_value (work, EROS_PLAN_BACKUP_RECORD ".folder");
  g_autofree char *same = g_strdup_printf ("source/travelled/%s.same", table);
  g_autofree char *stage = stage_of (work, table);
  JsonObject *load;

  if (is_true (work, same))
    {
      set_nothing (step, _ ("not needed: time travel has the backup's rows"));
      return TRUE;
    }
  load = eros_plan_make_load (eros_plan_table_reference (work, stage), table, layout,
                              eros_connection_get_bucket (connection_of (work)), folder);
  if (load == NULL && unread_of (work) != NULL)
    {
      g_set_error (
        error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
        /* Translators: %1$s: a table, %2$s: “gs://BUCKET may not be read, …” */
        _ ("Nothing has been changed; go on when the bucket may be read. The snapshot of %1$s is gone, "
           "time travel does not have its rows, and %2$s"),
        table, unread_of (work));
      return FALSE;
    }
  if (load == NULL)
    {
      g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                   _ ("The rows of %s are lost with this backup: its snapshot is gone, time travel does not "
                      "have them, and "
                      "there is no export of them. Nothing has been changed. Choose another backup."),
                   table);
      return FALSE;
    }
  eros_plan_set_job (step, "load", load);
  g_free (step->summary);
  step->summary = g_strdup_printf ("gs://%s/%s/%s-*.json.gz",
                                   eros_connection_get_bucket (connection_of (work)), folder, table);
  return TRUE;
}

static gboolean
check_rows (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error)
{
  if (is_recorded_fingerprint (work, step->data, answer))
    return TRUE;
  g_set_error (
    error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
    _ (
      "What is left of the backup of %s has other rows than were backed up. Nothing has been changed. Choose "
      "another backup."),
    (const char *) step->data);
  return FALSE;
}

static gboolean
prepare_snapshot (ErosWork *work, ErosWorkStep *step, GError **error)
{
  g_autofree char *stage = stage_of (work, step->data);
  g_autofree char *snapshot = snapshot_of (work, step->data);

  g_free (step->sql);
  step->sql =
    g_strdup_printf ("CREATE SNAPSHOT TABLE IF NOT EXISTS `${project}.${dataset}.%s`\n"
                     "CLONE `${project}.${dataset}.%s`\n"
                     "OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL %d DAY))",
                     snapshot, stage, KEPT_DAYS);
  return TRUE;
}

static gboolean
prepare_remove (ErosWork *work, ErosWorkStep *step, GError **error)
{
  g_autofree char *stage = stage_of (work, step->data);

  g_free (step->sql);
  step->sql = g_strdup_printf ("DROP TABLE IF EXISTS `${project}.${dataset}.%s`", stage);
  return TRUE;
}

/* Whether the backup's time is within the time travel that the data set had. */
static gboolean
can_travel (ErosWork *work)
{
  const char *text = eros_work_get_value (work, EROS_PLAN_BACKUP_RECORD ".time");
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  g_autoptr (JsonObject) options = dup_options (work);
  gint64 hours =
    options != NULL ? eros_json_int64 (options, "maxTimeTravelHours", TRAVEL_HOURS) : TRAVEL_HOURS;

  return time != NULL && eros_timeline_get_now (eros_work_get_deployment (work)) <
                           g_date_time_to_unix (time) * G_USEC_PER_SEC + hours * G_TIME_SPAN_HOUR;
}

static void
add_way (ErosWork *work, guint group, const char *table)
{
  static const struct
  {
    const char *what;
    const char *title;
    ErosWorkPrepare prepare;
    ErosWorkAnswered answered;
    gboolean is_attempt;
  } steps[] = {
    { "source/travel", N_ ("Look for the rows of %s in time travel"), prepare_travel, NULL, TRUE },
    { "source/travelled", N_ ("Compare what time travel has of %s"), prepare_fingerprint, note_travelled,
      TRUE },
    { "source/export", N_ ("Load %s from the backup's export"), prepare_export, NULL, FALSE },
    { "source/check", N_ ("Compare the rows of %s with those that were backed up"), prepare_fingerprint,
      check_rows, FALSE },
    { "source/snapshot", N_ ("Make the snapshot of %s again"), prepare_snapshot, NULL, FALSE },
    { "source/remove", N_ ("Remove the copy of %s"), prepare_remove, NULL, FALSE },
  };

  for (guint i = can_travel (work) ? 0 : 2; i < G_N_ELEMENTS (steps); i++)
    {
      ErosWorkStep *step =
        eros_plan_add_for_table (work, group + PLACE_TRAVEL + i, steps[i].what, _ (steps[i].title), table);

      step->prepare = steps[i].prepare;
      step->answered = steps[i].answered;
      step->may_fail = step->is_attempt = steps[i].is_attempt;
      step->no_cache = steps[i].prepare == prepare_fingerprint; /* the others are no queries */
      step->timeout_ms = 600000;
      if (i == 0)
        step->job_done = note_done;
      if (!can_travel (work) && i == 2 && value_of (work, EROS_PLAN_BACKUP_RECORD ".layout", table) == NULL)
        step->impossible =
          unread_of (work) != NULL
            /* Translators: %1$s: a table, %2$s: “gs://BUCKET may not be read, …” */
            ? g_strdup_printf (_ ("the snapshot of %1$s is gone, its time is further back than time travel "
                                  "reaches, and %2$s"),
                               table, unread_of (work))
            : g_strdup_printf (
                _ ("the snapshot of %s is gone, its time is further back than time travel reaches, and no "
                   "export is on record: choose another backup"),
                table);
    }
}

/* ---- which of them are gone ---------------------------------------------------------------------------- */

static void
add_source_steps (ErosWork *work, ErosWorkStep *look)
{
  g_autofree char *name = g_strdup_printf ("%s.missing", look->id);
  const char *missing = eros_work_get_value (work, name);
  g_auto (GStrv) tables = missing != NULL ? g_strsplit (missing, "\n", -1) : NULL;

  eros_work_drop_steps (work, look->group + 1, look->group + 1 + PLACE_REMOVE - PLACE_LOOK);
  for (guint i = 0; tables != NULL && tables[i] != NULL; i++)
    if (*tables[i] != '\0')
      add_way (work, look->group - PLACE_LOOK, tables[i]);
}

static void look_at_next (Look *look);

static void
snapshot_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Look *look = user_data;
  const char *table = eros_plan_get_tables (look->work, NULL)[look->next];
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  if (error != NULL && !g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    {
      eros_work_step_failed (look->work, look->step, error);
      look_free (look);
      return;
    }
  if (error != NULL)
    g_string_append_printf (look->missing, "%s%s", look->missing->len > 0 ? "\n" : "", table);
  g_clear_error (&error);
  look->next++;
  look_at_next (look);
}

static void
end_look (Look *look)
{
  g_auto (GStrv) tables = g_strsplit (look->missing->str, "\n", -1);
  g_autofree char *names = g_strjoinv (", ", tables);
  g_autofree char *summary =
    *names == '\0' ? g_strdup (_ ("all snapshots are there"))
    : can_travel (look->work)
      /* Translators: tables */
      ? g_strdup_printf (
          _ ("gone are those of %s: their rows come from time travel, or else from the export"), names)
      : g_strdup_printf (
          _ ("gone are those of %s: their rows come from the export, as the backup's time is further back "
             "than time travel reaches"),
          names);

  eros_work_set_value (look->work, look->step, "missing", look->missing->str);
  add_source_steps (look->work, look->step);
  eros_work_step_done (look->work, look->step, summary);
  look_free (look);
}

static void
look_at_next (Look *look)
{
  const char *table = eros_plan_get_tables (look->work, NULL)[look->next];
  g_autoptr (ErosRequest) request = NULL;
  g_autofree char *name = table != NULL ? snapshot_of (look->work, table) : NULL;

  if (table == NULL)
    {
      end_look (look);
      return;
    }
  request = eros_request_new (EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets/%s/tables/%s",
                              eros_connection_get_project (connection_of (look->work)),
                              eros_connection_get_dataset (connection_of (look->work)), name);
  eros_http_send_async (eros_big_query_get_http (eros_work_get_big_query (look->work)), request,
                        look->cancellable, snapshot_cb, look);
}

static void
look_at_snapshots (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  look_at_next (look_new (work, step, cancellable));
}

void
eros_plan_add_sources (ErosWork *work, guint group)
{
  ErosWorkStep *step;

  /* A copy has just been made, with its snapshots. */
  if (*eros_work_get_argument (work, EROS_PLAN_ON_COPY) != '\0')
    return;
  step = eros_work_add (work, group + PLACE_DATASET, STEP_DATASET, _ ("Look whether the data set is there"));
  step->call = look_at_dataset;
  step->look = look_at_dataset;
  step->restored = add_dataset_steps;
  step =
    eros_work_add (work, group + PLACE_LOOK, "sources", _ ("Look which snapshots of the backup are there"));
  step->call = look_at_snapshots;
  step->look = look_at_snapshots;
  step->restored = add_source_steps;
}
