/* eros-plan-bucket.c: what a backup looks at in its bucket: the rules there, the backup before, and its own
 * objects
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <inttypes.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-backup-name.h"
#include "eros-bucket.h"
#include "eros-json.h"
#include "eros-plan-parts.h"
#include "eros-storage.h"

#define RECOMMENDED_DAYS 90

typedef struct
{
  ErosWork *work;
  ErosWorkStep *step;
  GCancellable *cancellable;
  GHashTable *answer; /* column → text; NULL: SQL NULL */
} Pending;

static Pending *
pending_new (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  Pending *pending = g_new0 (Pending, 1);

  pending->work = work;
  pending->step = step;
  pending->cancellable = cancellable;
  pending->answer = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return pending;
}

static void
pending_free (Pending *pending)
{
  g_hash_table_unref (pending->answer);
  g_free (pending);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pending, pending_free)

static void
put (Pending *pending, const char *column, char *value)
{
  g_hash_table_insert (pending->answer, g_strdup (column), value);
}

static ErosHttp *
http_of (ErosWork *work)
{
  return eros_big_query_get_http (eros_work_get_big_query (work));
}

static const char *
bucket_of (ErosWork *work)
{
  const char *bucket =
    eros_connection_get_bucket (eros_big_query_get_connection (eros_work_get_big_query (work)));

  return bucket != NULL ? bucket : "";
}

gint64
eros_plan_get_retention_days (ErosWork *work)
{
  gint64 value = 0;

  return g_ascii_string_to_signed (eros_work_get_argument (work, "retention_days"), 10, 1, 3650, &value, NULL)
           ? value
           : RECOMMENDED_DAYS;
}

/* ---- the bucket ---------------------------------------------------------------------------------------- */

/* What is known to be deleted too early is no backup. */
static gboolean
judge_retention (Pending *pending, JsonObject *bucket, GError **error)
{
  const char *name = bucket_of (pending->work);
  gint64 days = eros_plan_get_retention_days (pending->work);
  g_autofree char *folder = eros_plan_get_folder (pending->work);
  g_autofree char *object = g_strdup_printf ("%s/*.json.gz", folder);
  g_autofree char *why = NULL;
  ErosBucketKeeping keeping = eros_bucket_judge_keeping (bucket, object, days, &why);

  if (keeping == EROS_BUCKET_DELETES)
    {
      g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                   /* Translators: %1$s: a bucket, %2$s: a condition as JSON, %3$: days */
                   _ ("gs://%1$s deletes objects by the rule %2$s, and backups are to be kept for "
                      "%3$" PRId64 " days. Change the bucket's life cycle, or keep backups for less long."),
                   name, why, days);
      return FALSE;
    }
  put (pending, "days", g_strdup_printf ("%" G_GINT64_FORMAT, days));
  put (pending, "kept", keeping == EROS_BUCKET_KEEPS ? g_strdup ("true") : NULL);
  put (pending, "found",
       keeping == EROS_BUCKET_KEEPS
         ? g_strdup_printf (_ ("gs://%1$s keeps backups for %2$" PRId64 " days"), name, days)
         /* Translators: %1$s: a bucket, %2$s: a condition as JSON, %3$: days */
         : g_strdup_printf (_ ("gs://%1$s may delete objects by the rule %2$s within the %3$" PRId64
                               " days that backups are to be kept"),
                            name, why, days));
  return TRUE;
}

static void
judge_place (Pending *pending, JsonObject *bucket)
{
  const char *location = eros_json_string (bucket, "location");
  const char *dataset =
    eros_connection_get_location (eros_big_query_get_connection (eros_work_get_big_query (pending->work)));
  ErosPlace place = eros_bucket_judge_place (location != NULL ? location : "?", dataset);

  put (pending, "same_place", g_strdup (place == EROS_PLACE_SAME ? "true" : "false"));
  put (pending, "found",
       /* Translators: %1$s: a bucket; %2$s, %3$s: locations */
       g_strdup_printf (_ ("gs://%1$s is there, in %2$s; the data set is in %3$s"), bucket_of (pending->work),
                        location != NULL ? location : "?", dataset));
}

static void
bucket_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Pending) pending = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  if (answer == NULL)
    {
      g_prefix_error (&error, _ ("The bucket gs://%s cannot be used: "), bucket_of (pending->work));
      eros_work_step_failed (pending->work, pending->step, error);
      return;
    }
  if (!g_str_equal (pending->step->id, "retention"))
    judge_place (pending, json_node_get_object (answer));
  else if (!judge_retention (pending, json_node_get_object (answer), &error))
    {
      eros_work_step_failed (pending->work, pending->step, error);
      return;
    }
  eros_work_step_judged (pending->work, pending->step, pending->answer);
}

static void
look_at_bucket (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  g_autoptr (ErosRequest) request =
    eros_request_new (EROS_SERVICE_STORAGE, "GET", "storage/v1/b/%s", bucket_of (work));

  eros_http_send_async (http_of (work), request, cancellable, bucket_cb,
                        pending_new (work, step, cancellable));
}

void
eros_plan_add_bucket (ErosWork *work, guint group, guint group_with_clock)
{
  static const ErosExpectation same_place = { (char *) "same_place", (char *) "=", (char *) "true" };
  static const ErosExpectation kept[] = { { (char *) "kept", (char *) "=", (char *) "true" },
                                          { (char *) "days",
                                            (char *) ">=", (char *) G_STRINGIFY (RECOMMENDED_DAYS) } };
  ErosWorkStep *step = eros_work_add (work, group, "bucket", _ ("Look at the backup location"));

  step->call = look_at_bucket;
  step->summary = g_strdup ("${found}");
  step->expectations = (ErosExpectation *) &same_place;
  step->n_expectations = 1;
  step->goes_on = TRUE;
  step = eros_work_add (work, group_with_clock, "retention",
                        _ ("Look how long the backup location keeps objects"));
  step->call = look_at_bucket;
  step->summary = g_strdup ("${found}");
  step->expectations = (ErosExpectation *) kept;
  step->n_expectations = G_N_ELEMENTS (kept);
  step->may_be_undecided = TRUE;
  step->goes_on = TRUE;
}

/* ---- objects ------------------------------------------------------------------------------------------- */

/* "2025-10-31_143022/caption_bank-000000000000.json.gz" is of the backup 20251031_143022, and of that table.
 */
static gboolean
is_of (const ErosObject *object, const char *stamp, const char *table)
{
  g_autofree char *its = eros_backup_name_read_object (object->name);
  g_autofree char *prefix = g_strconcat (table, "-", NULL);

  return g_strcmp0 (its, stamp) == 0 && g_str_has_prefix (strchr (object->name, '/') + 1, prefix) &&
         g_str_has_suffix (object->name, ".json.gz");
}

/* -1: there is none. */
static gint64
size_of (GPtrArray *objects, const char *stamp, const char *table)
{
  gint64 size = -1;

  for (guint i = 0; i < objects->len; i++)
    if (is_of (objects->pdata[i], stamp, table))
      size = MAX (size, 0) + (gint64) ((const ErosObject *) objects->pdata[i])->size;
  return size;
}

/* A value "size/TABLE" of the step for each table that has objects; those without, by name. (transfer full)
 */
static char *
keep_sizes (Pending *pending, GPtrArray *objects, const char *stamp)
{
  const char *const *tables = eros_plan_get_tables (pending->work, NULL);
  g_autoptr (GString) missing = g_string_new (NULL);

  for (guint i = 0; tables[i] != NULL; i++)
    {
      gint64 size = size_of (objects, stamp, tables[i]);
      g_autofree char *name = g_strconcat ("size/", tables[i], NULL);
      g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT, size);

      if (size > 0)
        eros_work_set_value (pending->work, pending->step, name, value);
      else
        g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "", tables[i]);
    }
  return g_string_free (g_steal_pointer (&missing), FALSE);
}

static void
list (ErosWork *work,
      ErosWorkStep *step,
      const char *prefix,
      GCancellable *cancellable,
      GAsyncReadyCallback callback)
{
  eros_storage_list_async (http_of (work), bucket_of (work), prefix, cancellable, callback,
                           pending_new (work, step, cancellable));
}

/* ---- the backup before --------------------------------------------------------------------------------- */

/* The newest before this one of which something is left, in the data set or in the bucket. (transfer full)
 * (nullable) */
static char *
find_previous (ErosWork *work, GPtrArray *objects)
{
  const char *own = eros_work_get_value (work, "clock.stamp");
  char *newest = g_strdup (eros_work_get_value (work, "previous.stamp"));

  for (guint i = 0; i < objects->len; i++)
    {
      g_autofree char *stamp = eros_backup_name_read_object (((const ErosObject *) objects->pdata[i])->name);

      if (stamp == NULL || strcmp (stamp, own) >= 0 || (newest != NULL && strcmp (stamp, newest) <= 0))
        continue;
      g_free (newest);
      newest = g_steal_pointer (&stamp);
    }
  return newest;
}

/* Where its objects are: "2025-10-31_143022", or as it was written before. (transfer full) */
static char *
find_folder (GPtrArray *objects, const char *stamp)
{
  for (guint i = 0; i < objects->len; i++)
    {
      const char *name = ((const ErosObject *) objects->pdata[i])->name;
      g_autofree char *its = eros_backup_name_read_object (name);

      if (g_strcmp0 (its, stamp) == 0)
        return g_strndup (name, strcspn (name, "/"));
    }
  return eros_backup_name_get_folder (stamp);
}

static void
take_metadata (Pending *pending, JsonObject *metadata)
{
  static const char *const members[] = { "rows", "checksum", "total" };
  JsonArray *tables = eros_json_array (metadata, "tables");

  for (guint i = 0; tables != NULL && i < json_array_get_length (tables); i++)
    {
      JsonNode *node = json_array_get_element (tables, i);
      JsonObject *table = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = table != NULL ? eros_json_string (table, "table") : NULL;

      for (guint k = 0; name != NULL && k < G_N_ELEMENTS (members); k++)
        {
          g_autofree char *value = g_strdup_printf ("%s/%s", members[k], name);

          eros_work_set_value (pending->work, pending->step, value, eros_json_string (table, members[k]));
        }
    }
}

static void
metadata_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Pending) pending = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  const char *missing = g_hash_table_lookup (pending->answer, "missing");
  const char *stamp = g_hash_table_lookup (pending->answer, "stamp");

  if (error != NULL && !g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    {
      eros_work_step_failed (pending->work, pending->step, g_steal_pointer (&error));
      return;
    }
  if (answer != NULL)
    take_metadata (pending, json_node_get_object (answer));
  eros_work_set_value (pending->work, pending->step, "stamp", stamp);
  put (pending, "has_metadata", g_strdup (answer != NULL ? "true" : "false"));
  put (pending, "is_whole", g_strdup (*missing == '\0' ? "true" : "false"));
  put (pending, "found",
       answer == NULL ? g_strdup_printf (_ ("the previous backup %s has no description any more"), stamp)
       : *missing != '\0'
         /* Translators: %1$s: a time stamp, %2$s: tables */
         ? g_strdup_printf (_ ("of the previous backup %1$s the exports of these tables are gone: %2$s"),
                            stamp, missing)
         : g_strdup_printf (_ ("of the previous backup %s description and exports are there"), stamp));
  eros_work_step_judged (pending->work, pending->step, pending->answer);
}

static void
all_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Pending) pending = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) objects = eros_storage_list_finish (result, &error);
  g_autofree char *stamp = objects != NULL ? find_previous (pending->work, objects) : NULL;
  g_autoptr (ErosRequest) request = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *name = NULL;
  ErosHttp *http = http_of (pending->work);
  GCancellable *cancellable = pending->cancellable;

  if (objects == NULL)
    {
      eros_work_step_failed (pending->work, pending->step, error);
      return;
    }
  put (pending, "stamp", g_strdup (stamp));
  if (stamp == NULL)
    {
      put (pending, "has_metadata", NULL);
      put (pending, "is_whole", NULL);
      put (pending, "found", g_strdup (_ ("there is no previous backup")));
      eros_work_step_judged (pending->work, pending->step, pending->answer);
      return;
    }
  put (pending, "missing", keep_sizes (pending, objects, stamp));
  folder = find_folder (objects, stamp);
  name = g_strdup_printf ("%s/metadata.json", folder);
  request =
    eros_request_new (EROS_SERVICE_STORAGE, "GET", "storage/v1/b/%s/o/%s", bucket_of (pending->work), name);
  eros_request_add_query (request, "alt", "media");
  eros_http_send_async (http, request, cancellable, metadata_cb, g_steal_pointer (&pending));
}

static void
look_at_previous (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  list (work, step, "", cancellable, all_listed_cb);
}

/* Keeps "stamp", and for each table "rows/TABLE", "checksum/TABLE", "total/TABLE", "size/TABLE", as far as
 * known. */
void
eros_plan_add_previous_record (ErosWork *work, guint group)
{
  static const ErosExpectation whole[] = { { (char *) "has_metadata", (char *) "=", (char *) "true" },
                                           { (char *) "is_whole", (char *) "=", (char *) "true" } };
  ErosWorkStep *step =
    eros_work_add (work, group, EROS_PLAN_PREVIOUS_RECORD, _ ("Look what is left of the previous backup"));

  step->call = look_at_previous;
  step->summary = g_strdup ("${found}");
  step->expectations = (ErosExpectation *) whole;
  step->n_expectations = G_N_ELEMENTS (whole);
  step->may_be_undecided = TRUE;
  step->goes_on = TRUE;
}

/* ---- what has been exported ---------------------------------------------------------------------------- */

/* Where a comparison with the backup before says that something has happened to the data: as much as this
 * lost, or grown. */
#define LOST  0.7
#define GROWN 2.0
#define SMALL 4096 /* bytes that a compressed file may differ by anyway */

/* (transfer full): a sentence for each table; differing: (inout): how many are not as expected; compared:
 * likewise */
static char *
compare_sizes (Pending *pending, guint *differing, guint *compared)
{
  const char *const *tables = eros_plan_get_tables (pending->work, NULL);
  g_autoptr (GString) sizes = g_string_new (NULL);

  for (guint i = 0; tables[i] != NULL; i++)
    {
      g_autofree char *own = g_strdup_printf ("objects.size/%s", tables[i]);
      g_autofree char *other = g_strdup_printf (EROS_PLAN_PREVIOUS_RECORD ".size/%s", tables[i]);
      const char *now_text = eros_work_get_value (pending->work, own);
      const char *before_text = eros_work_get_value (pending->work, other);
      gint64 now = now_text != NULL ? g_ascii_strtoll (now_text, NULL, 10) : 0;
      gint64 before = before_text != NULL ? g_ascii_strtoll (before_text, NULL, 10) : 0;
      g_autofree char *now_size = g_format_size (now);
      g_autofree char *before_size = g_format_size (before);

      *compared += before > 0;
      *differing += before > 0 && (now + SMALL < before * LOST || now > before * GROWN + SMALL);
      g_string_append_printf (sizes, "%s%s: %s%s%s", i > 0 ? "; " : "", tables[i], now_size,
                              before > 0 ? _ (", before ") : "", before > 0 ? before_size : "");
    }
  return g_string_free (g_steal_pointer (&sizes), FALSE);
}

/* "NAME SIZE CRC32C", a line each. (transfer full) */
static char *
describe_objects (GPtrArray *objects)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; i < objects->len; i++)
    {
      const ErosObject *object = objects->pdata[i];

      g_string_append_printf (lines, "%s%s %" G_GUINT64_FORMAT " %08x", i > 0 ? "\n" : "", object->name,
                              object->size, object->has_crc32c ? object->crc32c : 0);
    }
  return g_string_free (g_steal_pointer (&lines), FALSE);
}

static void
own_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Pending) pending = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) objects = eros_storage_list_finish (result, &error);
  g_autofree char *missing = NULL;
  g_autofree char *lines = NULL;

  if (objects == NULL)
    {
      eros_work_step_failed (pending->work, pending->step, error);
      return;
    }
  missing = keep_sizes (pending, objects, eros_work_get_value (pending->work, "clock.stamp"));
  if (*missing != '\0')
    {
      eros_work_step_failed (pending->work, pending->step,
                             g_error_new (EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                                          _ ("These tables were exported, and their objects are not in "
                                             "gs://%1$s: %2$s. Look who deletes there, and back up again."),
                                          bucket_of (pending->work), missing));
      return;
    }
  lines = describe_objects (objects);
  eros_work_set_value (pending->work, pending->step, "objects", lines);
  eros_work_step_done (pending->work, pending->step, NULL);
}

static void
look_at_objects (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  g_autofree char *folder = eros_plan_get_folder (work);
  g_autofree char *prefix = g_strdup_printf ("%s/", folder);

  list (work, step, prefix, cancellable, own_listed_cb);
}

static void
judge_sizes (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  g_autoptr (Pending) pending = pending_new (work, step, cancellable);
  guint differing = 0, compared = 0;

  put (pending, "sizes", compare_sizes (pending, &differing, &compared));
  put (pending, "differing", g_strdup_printf ("%u", differing));
  put (pending, "compared", g_strdup_printf ("%u", compared));
  eros_work_step_judged (work, step, pending->answer);
}

/* "objects" keeps "size/TABLE" and "objects"; "sizes" compares them with those of the backup before. */
void
eros_plan_add_objects (ErosWork *work, guint group)
{
  static const ErosExpectation alike = { (char *) "differing", (char *) "=", (char *) "0" };
  static const ErosExpectation compared = { (char *) "compared", (char *) ">", (char *) "0" };
  ErosWorkStep *step = eros_work_add (work, group, "objects", _ ("Look at what has been exported"));

  step->call = look_at_objects;
  step = eros_work_add (work, group + 1, "sizes", _ ("Compare the files with those of the previous backup"));
  step->call = judge_sizes;
  step->summary = g_strdup ("${sizes}");
  step->expectations = (ErosExpectation *) &alike;
  step->n_expectations = 1;
  step->enough = (ErosExpectation *) &compared;
  step->n_enough = 1;
  step->goes_on = TRUE;
}
