/* eros-probe-backup.c: is the last backup still what it was when it was taken?
 *
 * What it was is in the record: its snapshots' fingerprints, and its objects with size and checksum.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-probe-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "eros-inventory-read.h"
#include "eros-storage.h"

static const char *
text_in (JsonObject *values, const char *member)
{
  return values != NULL ? json_object_get_string_member_with_default (values, member, NULL) : NULL;
}

/* What the steps of the last backup that ended well have found: step → JsonObject. (transfer full) (nullable)
 */
static GHashTable *
read_record (ErosDeployment *deployment)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  const char *backup = eros_operation_kind_get_name (EROS_OPERATION_KIND_BACKUP);
  GHashTable *found = NULL;
  g_autofree char *id = NULL;

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);
      const char *kind = eros_event_get_kind (event);
      JsonNode *values = json_object_get_member (eros_event_get_body (event), EROS_MEMBER_VALUES);

      if (id == NULL && g_str_equal (kind, EROS_EVENT_OPERATION_ENDED) &&
          eros_event_says (event, EROS_MEMBER_OPERATION, backup) && eros_event_has_passed (event))
        {
          id = g_strdup (eros_event_get_string (event, EROS_MEMBER_ID));
          found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_object_unref);
        }
      else if (id != NULL && g_str_equal (kind, EROS_EVENT_STEP_ENDED) &&
               eros_event_says (event, EROS_MEMBER_ID, id) && values != NULL &&
               JSON_NODE_HOLDS_OBJECT (values) &&
               !g_hash_table_contains (found, eros_event_get_string (event, EROS_MEMBER_STEP)))
        g_hash_table_insert (found, g_strdup (eros_event_get_string (event, EROS_MEMBER_STEP)),
                             json_object_ref (json_node_get_object (values)));
    }
  return found;
}

/* ---- objects ------------------------------------------------------------------------------------------- */

static char *
describe_object (const ErosObject *object)
{
  return g_strdup_printf ("%s %" G_GUINT64_FORMAT " %08x", object->name, object->size,
                          object->has_crc32c ? object->crc32c : 0);
}

static void
objects_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Probe *probe = eros_probe_of (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) objects = eros_storage_list_finish (result, &error);
  g_autoptr (GHashTable) there = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) recorded =
    g_strsplit (text_in (g_hash_table_lookup (probe->record, "objects"), "objects"), "\n", -1);
  const char *bucket = eros_connection_get_bucket (eros_probe_connection (task));
  guint n_missing = 0;

  if (objects == NULL)
    {
      eros_probe_answered (task, _ ("The backup's files"), NULL, error);
      return;
    }
  for (guint i = 0; i < objects->len; i++)
    g_hash_table_add (there, describe_object (objects->pdata[i]));
  for (guint i = 0; recorded[i] != NULL; i++)
    n_missing += !g_hash_table_contains (there, recorded[i]);
  if (n_missing > 0)
    eros_probe_add (
      task, _ ("The backup's files"), EROS_OUTCOME_FAIL,
      /* Translators: %1$u, %2$u: how many files, %3$s: a bucket */
      g_strdup_printf (
        _ ("%1$u of the backup's %2$u files in gs://%3$s are gone, or others than were written."), n_missing,
        g_strv_length (recorded), bucket),
      g_strdup (_ ("Take another backup.")));
  else
    eros_probe_add (task, _ ("The backup's files"), EROS_OUTCOME_PASS,
                    /* Translators: %1$s: what was found of the snapshots, %2$u: how many files */
                    g_strdup_printf (_ ("%1$s; its %2$u files are there as they were written"),
                                     probe->missing->str, g_strv_length (recorded)),
                    NULL);
  eros_probe_done (task);
}

/* ---- snapshots ----------------------------------------------------------------------------------------- */

static void
look_at_objects (GTask *task)
{
  Probe *probe = eros_probe_of (task);
  const char *recorded = text_in (g_hash_table_lookup (probe->record, "objects"), "objects");
  g_autofree char *prefix = g_strndup (recorded, strcspn (recorded, "/") + 1);

  eros_storage_list_async (eros_big_query_get_http (probe->big_query),
                           eros_connection_get_bucket (eros_probe_connection (task)), prefix,
                           g_task_get_cancellable (task), objects_cb, g_object_ref (task));
}

static void
snapshots_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Probe *probe = eros_probe_of (task);
  GError *error = NULL;
  g_autoptr (ErosPage) page =
    eros_big_query_query_finish (EROS_BIG_QUERY (source), result, NULL, NULL, &error);
  g_autofree char *wrong = NULL;

  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    {
      eros_probe_add (task, _ ("The backup's snapshots"), EROS_OUTCOME_FAIL,
                      g_strdup_printf (_ ("A snapshot of the backup is gone: %s"), error->message),
                      g_strdup (_ ("Take another backup.")));
      g_clear_error (&error);
      eros_probe_done (task);
      return;
    }
  if (page == NULL || eros_page_get_n_rows (page) != 1)
    {
      eros_probe_answered (task, _ ("The backup's snapshots"), NULL, error);
      return;
    }
  g_string_assign (probe->missing, eros_page_get_text (page, 0, 0));
  wrong = eros_page_dup_text (page, 0, 1);
  if (wrong != NULL && *wrong != '\0')
    {
      eros_probe_add (task, _ ("The backup's snapshots"), EROS_OUTCOME_FAIL,
                      /* Translators: %s: tables, each with what is wrong */
                      g_strdup_printf (_ ("The backup's snapshots are not what was taken: %s."), wrong),
                      g_strdup (_ ("Take another backup.")));
      eros_probe_done (task);
      return;
    }
  look_at_objects (task);
}

/* One row for each snapshot: what it is, and whether that is what it was and stays so for a week. */
static gboolean
add_table (GTask *task, GString *sql, const char *table)
{
  Probe *probe = eros_probe_of (task);
  g_autofree char *step = g_strconcat ("compare/", table, NULL);
  JsonObject *values = g_hash_table_lookup (probe->record, step);
  const char *stamp = text_in (g_hash_table_lookup (probe->record, "clock"), "stamp");
  const char *n_rows = text_in (values, "n_rows");
  const char *checksum = text_in (values, "checksum");
  const char *total = text_in (values, "total");
  const char *project = eros_connection_get_project (eros_probe_connection (task));
  const char *dataset = eros_connection_get_dataset (eros_probe_connection (task));
  g_autofree char *reference =
    g_strdup_printf ("`%s.%s.%s_backup_%s`", project, dataset, table, stamp != NULL ? stamp : "");
  g_autofree char *fingerprint = eros_fingerprint_sql (reference, NULL);

  if (stamp == NULL || n_rows == NULL || checksum == NULL || total == NULL)
    return FALSE;
  g_string_append_printf (
    sql,
    "%sSELECT '%s' AS name, n_rows, n_rows = %s AND checksum = %s AND total = %s AS same, IFNULL((\n"
    "  SELECT SAFE_CAST(REGEXP_EXTRACT(option_value, r'\"(.*)\"') AS TIMESTAMP)\n"
    "  FROM `%s.%s.INFORMATION_SCHEMA.TABLE_OPTIONS`\n"
    "  WHERE table_name = '%s_backup_%s' AND option_name = 'expiration_timestamp'\n"
    ") > TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL %u HOUR), TRUE) AS stays\nFROM (%s)",
    sql->len > 0 ? "\nUNION ALL\n" : "", table, n_rows, checksum, total, project, dataset, table, stamp, 24u,
    fingerprint);
  return TRUE;
}

void
eros_probe_start_backup (GTask *task)
{
  Probe *probe = eros_probe_of (task);
  g_autofree char *id = eros_job_request_make_id ("eros-probe");
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (ErosJobRequest) request = NULL;
  g_autofree char *whole = NULL;
  gboolean is_recorded = FALSE;

  probe->record = probe->deployment != NULL ? read_record (probe->deployment) : NULL;
  is_recorded = probe->record != NULL && probe->tables != NULL &&
                text_in (g_hash_table_lookup (probe->record, "objects"), "objects") != NULL;
  for (guint i = 0; is_recorded && probe->tables[i] != NULL; i++)
    is_recorded = add_table (task, sql, probe->tables[i]);
  if (!is_recorded)
    {
      eros_probe_add (task, _ ("Backup"), EROS_OUTCOME_NOT_ENOUGH,
                      g_strdup (_ ("This deployment has taken no backup that could be looked at.")), NULL);
      eros_probe_done (task);
      return;
    }
  whole = g_strdup_printf (
    "SELECT STRING_AGG(CONCAT(name, ': ', CAST(n_rows AS STRING), ' rows, same fingerprint'), ', ' ORDER BY "
    "name) AS found,\n"
    "  STRING_AGG(CASE WHEN NOT same THEN CONCAT(name, ' has ', CAST(n_rows AS STRING), ' rows, and another "
    "fingerprint')\n"
    "    WHEN NOT stays THEN CONCAT(name, ' expires within a day') END, ', ' ORDER BY name) AS wrong\n"
    "FROM (\n%s\n)",
    sql->str);
  request = eros_job_request_new_query (id, whole);
  eros_job_request_set_use_cache (request, FALSE);
  eros_big_query_query_async (probe->big_query, request, 1, g_task_get_cancellable (task), snapshots_cb,
                              g_object_ref (task));
}
