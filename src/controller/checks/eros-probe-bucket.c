/* eros-probe-bucket.c: is the bucket there, where the data is, and may backups be written to it?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-probe-private.h"

#include <glib/gi18n-lib.h>

#include "eros-bucket.h"

/* What backups do with the bucket. */
static const char *const bucket_permissions[] = {
  "storage.objects.create",
  "storage.objects.delete",
  "storage.objects.get",
  "storage.objects.list",
};

/* Where BigQuery can export to is where a backup can be. */
static void
judge_place (GTask *task, const char *what, const char *dataset_location)
{
  const char *bucket = eros_connection_get_bucket (eros_probe_connection (task));
  const char *location = g_hash_table_lookup (eros_probe_of (task)->result->values, "location");
  ErosPlace place = location != NULL ? eros_bucket_judge_place (location, dataset_location) : EROS_PLACE_SAME;

  if (place == EROS_PLACE_REFUSED)
    eros_probe_add (
      task, what, EROS_OUTCOME_FAIL,
      /* Translators: %1$s: a bucket; %2$s, %3$s: locations */
      g_strdup_printf (_ ("Bucket gs://%1$s is in %2$s, and the data set in %3$s: BigQuery does "
                          "not export to it."),
                       bucket, location, dataset_location),
      g_strdup_printf (_ ("Use a bucket in %s."), dataset_location));
  else if (place == EROS_PLACE_ALLOWED)
    eros_probe_add (
      task, what, EROS_OUTCOME_WARNING,
      /* Translators: %1$s: a bucket; %2$s, %3$s: locations */
      g_strdup_printf (_ ("Bucket gs://%1$s is in %2$s, and the data set in %3$s: with a backup "
                          "the data leaves its location."),
                       bucket, location, dataset_location),
      g_strdup_printf (_ ("Use a bucket in %s."), dataset_location));
  else if (eros_probe_of (task)->is_granted)
    eros_probe_add (task, what, EROS_OUTCOME_PASS,
                    /* Translators: %1$s: a bucket; %2$s, %3$s: locations */
                    g_strdup_printf (_ ("Bucket gs://%1$s is there, in %2$s; the data set is in %3$s"),
                                     bucket, location != NULL ? location : "?", dataset_location),
                    NULL);
}

static void
located_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ErosBigQuery *big_query = EROS_BIG_QUERY (source);
  const char *bucket = eros_connection_get_bucket (eros_probe_connection (task));
  g_autofree char *what = g_strdup_printf (_ ("Bucket gs://%s"), bucket);
  GError *error = NULL;

  if (!eros_big_query_locate_finish (big_query, result, &error))
    {
      eros_probe_answered (task, what, NULL, error);
      return;
    }
  judge_place (task, what, eros_connection_get_location (eros_probe_connection (task)));
  eros_probe_done (task);
}

static void
bucket_permissions_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_probe_got (source, result, &error);
  const char *bucket = eros_connection_get_bucket (eros_probe_connection (task));
  g_autofree char *what = g_strdup_printf (_ ("Bucket gs://%s"), bucket);
  g_autofree char *place = eros_probe_place (task);
  JsonArray *granted;
  guint missing = 0;

  if (!eros_probe_answered (task, what, answer, error))
    return;
  granted = eros_json_array (json_node_get_object (answer), "permissions");
  for (guint i = 0; i < G_N_ELEMENTS (bucket_permissions); i++)
    {
      if (eros_probe_contains (granted, bucket_permissions[i]))
        continue;
      missing++;
      eros_probe_add (
        task, bucket_permissions[i], EROS_OUTCOME_FAIL,
        /* Translators: %1$s: a permission, %2$s: a bucket */
        g_strdup_printf (_ ("Permission %1$s is missing on bucket gs://%2$s; it is needed for backing up."),
                         bucket_permissions[i], bucket),
        g_strdup_printf (_ ("Ask the project's administrator for the role “%1$s” on %2$s."),
                         eros_probe_of (task)->need->role, place));
    }
  eros_probe_of (task)->is_granted = missing == 0;
  eros_big_query_locate_async (eros_probe_of (task)->big_query, NULL, NULL, g_task_get_cancellable (task),
                               located_cb, g_object_ref (task));
}

static void
bucket_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_probe_got (source, result, &error);
  const char *bucket = eros_connection_get_bucket (eros_probe_connection (task));
  g_autofree char *what = g_strdup_printf (_ ("Bucket gs://%s"), bucket);
  g_autoptr (ErosRequest) request = NULL;

  if (!eros_probe_answered (task, what, answer, error))
    return;
  eros_probe_remember (task, "bucket", bucket);
  eros_probe_remember (task, "location", eros_json_string (json_node_get_object (answer), "location"));
  request = eros_request_new (EROS_SERVICE_STORAGE, "GET", "storage/v1/b/%s/iam/testPermissions", bucket);
  for (guint i = 0; i < G_N_ELEMENTS (bucket_permissions); i++)
    eros_request_add_query (request, "permissions", bucket_permissions[i]);
  eros_probe_get (task, request, bucket_permissions_cb);
}

void
eros_probe_start_bucket (GTask *task)
{
  const char *bucket = eros_connection_get_bucket (eros_probe_connection (task));
  g_autoptr (ErosRequest) request = NULL;

  if (bucket == NULL || *bucket == '\0')
    {
      eros_probe_add (
        task, _ ("Bucket"), EROS_OUTCOME_FAIL, g_strdup (_ ("The connection names no bucket for backups.")),
        g_strdup (
          _ ("Enter one in the connection; the project's administrator knows it, or can create it.")));
      eros_probe_done (task);
      return;
    }
  request = eros_request_new (EROS_SERVICE_STORAGE, "GET", "storage/v1/b/%s", bucket);
  eros_probe_get (task, request, bucket_cb);
}
