/* eros-plan-backup-record.c: what is on record of a backup: its inventory, and the fingerprints that were
 * compared
 *
 * First in this deployment's journal, which nobody can have changed; then in the bucket, beside the export.
 * Whoever may write there may have written an inventory too, and its definitions would be run: those of one
 * that is not on record here are left alone, unless somebody has named its digest.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-backup-name.h"
#include "eros-json.h"
#include "eros-plan-parts.h"

typedef struct
{
  ErosWork *work;
  ErosWorkStep *step;
  GCancellable *cancellable;
  char *bucket;  /* (nullable) */
  char *folder;  /* of its export */
  char *why_not; /* (nullable): why there is no inventory */
} Pending;

static void
pending_free (Pending *pending)
{
  g_free (pending->bucket);
  g_free (pending->folder);
  g_free (pending->why_not);
  g_free (pending);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pending, pending_free)

/* "20251031_143022" */
static const char *
stamp_of (ErosWork *work)
{
  const char *backup = eros_work_get_argument (work, "backup");

  return backup + strlen (backup) - strlen ("20251031_143022");
}

static void
keep_fingerprint (ErosWork *work,
                  ErosWorkStep *step,
                  const char *table,
                  const char *n_rows,
                  const char *checksum,
                  const char *total)
{
  g_autofree char *name = g_strconcat ("fingerprint/", table, NULL);
  g_autofree char *value = NULL;

  if (n_rows == NULL || checksum == NULL || total == NULL)
    return;
  value = g_strdup_printf ("%s %s %s", n_rows, checksum, total);
  eros_work_set_value (work, step, name, value);
}

static void
keep_layout (ErosWork *work, ErosWorkStep *step, const char *table, const char *layout)
{
  g_autofree char *name = g_strconcat ("layout/", table, NULL);

  if (layout != NULL)
    eros_work_set_value (work, step, name, layout);
}

/* ---- the journal --------------------------------------------------------------------------------------- */

/* (nullable) (transfer none): of an event that ended a step */
static JsonObject *
values_of (ErosEvent *ended)
{
  JsonNode *values = json_object_get_member (eros_event_get_body (ended), EROS_MEMBER_VALUES);

  return values != NULL && JSON_NODE_HOLDS_OBJECT (values) ? json_node_get_object (values) : NULL;
}

static const char *
text_in (JsonObject *object, const char *member)
{
  return object != NULL ? json_object_get_string_member_with_default (object, member, NULL) : NULL;
}

/* The operation whose clock said so. (transfer full) (nullable) */
static char *
find_operation (GListModel *journal, const char *stamp)
{
  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (eros_event_is (event, EROS_EVENT_STEP_ENDED) &&
          eros_event_says (event, EROS_MEMBER_STEP, "clock") &&
          g_strcmp0 (text_in (values_of (event), "stamp"), stamp) == 0)
        return g_strdup (eros_event_get_string (event, EROS_MEMBER_ID));
    }
  return NULL;
}

static void
take_event (ErosWork *work, ErosWorkStep *step, ErosEvent *event)
{
  const char *name = eros_event_get_string (event, EROS_MEMBER_STEP);
  JsonObject *values = values_of (event);

  if (name == NULL || values == NULL)
    return;
  if (g_str_equal (name, "clock"))
    eros_work_set_value (work, step, "time", text_in (values, "now"));
  else if (g_str_equal (name, EROS_PLAN_INVENTORY) || g_str_equal (name, EROS_PLAN_INVENTORY_BEFORE))
    {
      if (text_in (values, "inventory") != NULL)
        eros_work_set_value (work, step, "inventory", text_in (values, "inventory"));
    }
  else if (g_str_equal (name, "objects") && text_in (values, "objects") != NULL)
    {
      const char *objects = text_in (values, "objects");
      g_autofree char *folder = g_strndup (objects, strcspn (objects, "/"));

      eros_work_set_value (work, step, "folder", folder);
    }
  else if (g_str_has_prefix (name, "describe/"))
    keep_layout (work, step, name + strlen ("describe/"), text_in (values, "layout"));
  else if (g_str_has_prefix (name, "compare/"))
    keep_fingerprint (work, step, name + strlen ("compare/"), text_in (values, "n_rows"),
                      text_in (values, "checksum"), text_in (values, "total"));
}

static gboolean
read_journal (ErosWork *work, ErosWorkStep *step)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (eros_work_get_deployment (work)));
  g_autofree char *id = find_operation (journal, stamp_of (work));
  gboolean of_backup = g_str_has_prefix (eros_work_get_argument (work, "backup"), "backup_");

  for (guint i = 0; id != NULL && i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (!eros_event_is (event, EROS_EVENT_STEP_ENDED) || !eros_event_says (event, EROS_MEMBER_ID, id))
        continue;
      /* What a rollback compares are the tables after it, and not the snapshots before. */
      if (of_backup || eros_event_says (event, EROS_MEMBER_STEP, EROS_PLAN_INVENTORY_BEFORE) ||
          eros_event_says (event, EROS_MEMBER_STEP, "clock"))
        take_event (work, step, event);
    }
  return id != NULL;
}

/* Whether any step has found an inventory of that digest. */
static gboolean
is_on_record (ErosWork *work, const char *digest)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (eros_work_get_deployment (work)));

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (eros_event_is (event, EROS_EVENT_STEP_ENDED) &&
          g_strcmp0 (text_in (values_of (event), "digest"), digest) == 0)
        return TRUE;
    }
  return FALSE;
}

char *
eros_plan_say_unknown_inventory (ErosWork *work)
{
  const char *unread = eros_work_get_value (work, EROS_PLAN_BACKUP_RECORD ".unread");
  const char *foreign = eros_work_get_value (work, EROS_PLAN_BACKUP_RECORD ".foreign");

  if (unread != NULL)
    return g_strdup (unread);
  if (foreign != NULL)
    /* Translators: %1$s, %2$s: the digest of an inventory */
    return g_strdup_printf (
      _ ("the inventory beside this backup in the bucket, digest %1$s, is not on record here: whoever may "
         "write there may have written it, and none of its definitions is run. Look at it; to trust it, add "
         "--inventory %2$s to “eros-deploy rollback”"),
      foreign, foreign);
  return g_strdup (_ ("this backup has no inventory"));
}

/* ---- the bucket ---------------------------------------------------------------------------------------- */

static void
end (Pending *pending)
{
  g_autoptr (ErosInventory) inventory = eros_plan_get_inventory (pending->work, pending->step->id);
  g_autofree char *unknown = NULL;
  g_autofree char *summary = NULL;

  if (inventory == NULL && pending->why_not == NULL)
    unknown = eros_plan_say_unknown_inventory (pending->work);
  if (unknown != NULL)
    /* Translators: %s: why not more */
    summary = g_strdup_printf (_ ("only the tables can be compared: %s"), unknown);
  else if (inventory != NULL)
    {
      guint n = eros_inventory_count_digested (inventory);

      summary =
        g_strdup_printf (ngettext ("%u object in its inventory", "%u objects in its inventory", n), n);
    }
  else
    summary = g_strdup_printf (_ ("it has no inventory: only the tables can be compared. %s"),
                               pending->why_not != NULL ? pending->why_not : "");
  eros_work_step_done (pending->work, pending->step, summary);
}

static void
take_metadata (Pending *pending, JsonObject *metadata)
{
  JsonArray *tables = eros_json_array (metadata, "tables");
  g_autoptr (GString) names = g_string_new (NULL);

  eros_work_set_value (pending->work, pending->step, "folder", pending->folder);
  eros_work_set_value (pending->work, pending->step, "time", eros_json_string (metadata, "taken_at"));
  for (guint i = 0; tables != NULL && i < json_array_get_length (tables); i++)
    {
      JsonNode *node = json_array_get_element (tables, i);
      JsonObject *table = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = table != NULL ? eros_json_string (table, "table") : NULL;

      JsonNode *layout = table != NULL ? json_object_get_member (table, "layout") : NULL;
      g_autofree char *text = layout != NULL ? json_to_string (layout, FALSE) : NULL;

      if (name == NULL)
        continue;
      g_string_append_printf (names, "%s%s", names->len > 0 ? "\n" : "", name);
      keep_layout (pending->work, pending->step, name, text);
      keep_fingerprint (pending->work, pending->step, name, eros_json_string (table, "rows"),
                        eros_json_string (table, "checksum"), eros_json_string (table, "total"));
    }
  eros_work_set_value (pending->work, pending->step, "tables", names->str);
}

static void
ask (Pending *pending, const char *file, GAsyncReadyCallback callback)
{
  ErosBigQuery *big_query = eros_work_get_big_query (pending->work);
  g_autofree char *name = g_strdup_printf ("%s/%s", pending->folder, file);
  g_autoptr (ErosRequest) request = eros_request_new (EROS_SERVICE_STORAGE, "GET", "storage/v1/b/%s/o/%s",
                                                      pending->bucket != NULL ? pending->bucket : "", name);

  eros_request_add_query (request, "alt", "media");
  eros_http_send_async (eros_big_query_get_http (big_query), request, pending->cancellable, callback,
                        pending);
}

/* Somebody has named the folder: no other is meant. */
static gboolean
is_named (ErosWork *work)
{
  return *eros_work_get_argument (work, "from") != '\0';
}

/* That it may not be read says nothing about what is there. */
static void
note_unread (Pending *pending, const GError *error)
{
  g_autofree char *unread = NULL;

  if (!g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_DENIED))
    return;
  unread = eros_plan_say_unread (pending->bucket, error);
  eros_work_set_value (pending->work, pending->step, "unread", unread);
}

/* FALSE: it could not be kept. */
static gboolean
keep_if_trusted (Pending *pending, ErosInventory *inventory, GError **error)
{
  const char *digest = eros_inventory_get_digest (inventory);

  /* Nothing of it is run there. */
  if (is_named (pending->work) || is_on_record (pending->work, digest) ||
      g_str_equal (eros_work_get_argument (pending->work, "inventory"), digest))
    return eros_plan_keep_inventory (pending->work, pending->step, inventory, error);
  eros_work_set_value (pending->work, pending->step, "foreign", digest);
  return TRUE;
}

static void
inventory_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Pending) pending = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  g_autoptr (ErosInventory) inventory = answer != NULL ? eros_inventory_new_from_json (answer, &error) : NULL;

  if ((error != NULL && eros_plan_is_no_verdict (error)) ||
      (inventory != NULL && !keep_if_trusted (pending, inventory, &error)))
    {
      eros_work_step_failed (pending->work, pending->step, g_steal_pointer (&error));
      return;
    }
  note_unread (pending, error);
  if (error != NULL && !g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_DENIED))
    pending->why_not = g_strdup (error->message);
  end (pending);
}

static void
metadata_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Pending) pending = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  if (error != NULL && (eros_plan_is_no_verdict (error) || is_named (pending->work)))
    {
      if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_DENIED))
        g_prefix_error (&error, _ ("gs://%s may not be read: "), pending->bucket);
      eros_work_step_failed (pending->work, pending->step, error);
      return;
    }
  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND) &&
      !g_str_equal (pending->folder, stamp_of (pending->work)))
    {
      /* As it was written before. */
      g_clear_error (&error);
      g_free (pending->folder);
      pending->folder = g_strdup (stamp_of (pending->work));
      ask (g_steal_pointer (&pending), "metadata.json", metadata_cb);
      return;
    }
  note_unread (pending, error);
  g_clear_error (&error);
  if (answer != NULL)
    take_metadata (pending, json_node_get_object (answer));
  ask (g_steal_pointer (&pending), "inventory.json", inventory_cb);
}

/* A call: keeps "inventory", and "fingerprint/TABLE" for each table, as far as anybody knows. "unread": why
 * the bucket may not be read; "foreign": the digest of an inventory that is not trusted. */
void
eros_plan_read_backup_record (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  g_autoptr (Pending) pending = g_new0 (Pending, 1);

  pending->work = work;
  pending->step = step;
  pending->cancellable = cancellable;
  if (is_named (work))
    {
      g_auto (GStrv) parts = g_strsplit (eros_work_get_argument (work, "from") + strlen ("gs://"), "/", 2);

      pending->bucket = g_strdup (parts[0]);
      pending->folder = g_strdup (parts[1]);
      ask (g_steal_pointer (&pending), "metadata.json", metadata_cb);
      return;
    }
  pending->bucket =
    g_strdup (eros_connection_get_bucket (eros_big_query_get_connection (eros_work_get_big_query (work))));
  pending->folder = eros_backup_name_get_folder (stamp_of (work));
  if (read_journal (work, step) || g_str_has_prefix (eros_work_get_argument (work, "backup"), "before_"))
    end (pending);
  else
    ask (g_steal_pointer (&pending), "metadata.json", metadata_cb);
}
