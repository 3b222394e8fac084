/* eros-backup-choice.c: which backup a rollback goes back to when nobody names one
 *
 * A backup that was taken while something was deployed may hold what the deployment did: whoever wants that
 * one has to name it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-backup-choice.h"

#include <glib/gi18n-lib.h>

#include "eros-backup-store-private.h"
#include "eros-operation-kind.h"
#include "eros-time-text.h"

/* From the beginning of a deployment to the end of the rollback that took all of it back. µs since 1970 */
typedef struct
{
  gint64 begun;
  gint64 ended; /* G_MAXINT64: it has not been */
} Deployed;

static void
note_operation (GArray *periods, ErosEvent *event)
{
  const char *name = eros_event_get_string (event, EROS_MEMBER_OPERATION);
  ErosOperationKind kind = name != NULL ? eros_operation_kind_of (name) : EROS_OPERATION_KIND_UNKNOWN;
  Deployed *last = periods->len > 0 ? &g_array_index (periods, Deployed, periods->len - 1) : NULL;
  gboolean is_open = last != NULL && last->ended == G_MAXINT64;

  if (eros_event_is (event, EROS_EVENT_OPERATION_STARTED) && kind == EROS_OPERATION_KIND_DEPLOY && !is_open)
    {
      const Deployed deployed = { eros_event_get_time (event), G_MAXINT64 };

      g_array_append_val (periods, deployed);
    }
  else if (eros_event_is (event, EROS_EVENT_OPERATION_ENDED) && kind == EROS_OPERATION_KIND_ROLLBACK &&
           is_open && eros_event_has_passed (event))
    last->ended = eros_event_get_time (event);
}

/* The server's clock names a backup, this computer's stands in the record. */
static void
note_clock (GHashTable *taken, ErosEvent *event)
{
  JsonNode *values = json_object_get_member (eros_event_get_body (event), EROS_MEMBER_VALUES);
  gint64 time = eros_event_get_time (event);
  const char *stamp;

  if (!eros_event_says (event, EROS_MEMBER_STEP, "clock") || values == NULL ||
      !JSON_NODE_HOLDS_OBJECT (values))
    return;
  stamp = json_object_get_string_member_with_default (json_node_get_object (values), "stamp", NULL);
  if (stamp != NULL)
    g_hash_table_insert (taken, g_strconcat ("backup_", stamp, NULL), g_memdup2 (&time, sizeof time));
}

/* (nullable): the deployment during which it was taken */
static const Deployed *
find_deployed (GArray *periods, GHashTable *taken, const ErosStoredBackup *backup)
{
  const gint64 *recorded = g_hash_table_lookup (taken, backup->name);
  gint64 time = recorded != NULL ? *recorded : backup->taken;

  for (guint i = 0; i < periods->len; i++)
    {
      const Deployed *period = &g_array_index (periods, Deployed, i);

      if (time >= period->begun && time < period->ended)
        return period;
    }
  return NULL;
}

static gboolean
is_way_back (const ErosStoredBackup *backup)
{
  return backup->verified && !backup->before_rollback; /* snapshots that are gone are made again */
}

typedef struct
{
  const ErosStoredBackup *chosen;
  const ErosStoredBackup *newest; /* that is verified */
  const ErosStoredBackup *unread; /* the newest before the chosen one of which nobody knows whether it is */
} Choice;

static char *
say_why (const Deployed *last, const Choice *choice)
{
  const ErosStoredBackup *chosen = choice->chosen;
  const ErosStoredBackup *newest = choice->newest;
  g_autofree char *begun = last != NULL ? eros_time_text (last->begun) : NULL;

  if (chosen == NULL && choice->unread != NULL)
    return g_strdup_printf (
      _ ("Whether %s is a verified backup could not be read from the bucket, and no other is known to be one "
         "that holds nothing of the deployment. Try again, or name it."),
      choice->unread->name);
  if (chosen != NULL && choice->unread != NULL)
    return g_strdup_printf (
      _ ("the newest that is known to be a verified backup from before the deployment; whether %s, which is "
         "newer, is one could not be read from the bucket: to go back to it, name it"),
      choice->unread->name);
  if (newest == NULL)
    return g_strdup (
      _ ("No verified backup to go back to is known. “eros-deploy backups” shows what there is; one "
         "that is not verified has to be named."));
  if (chosen == NULL)
    return g_strdup_printf (
      _ ("There is no verified backup from before the deployment, which began at %1$s. %2$s was "
         "taken after that, and may hold what the deployment did: to go back to it, name it."),
      begun, newest->name);
  if (newest != chosen)
    return g_strdup_printf (
      _ ("the newest verified backup from before the deployment, which began at %1$s; %2$s was "
         "taken after that, and may hold what the deployment did: to go back to it, name it"),
      begun, newest->name);
  if (last != NULL && last->ended == G_MAXINT64)
    return g_strdup_printf (_ ("the newest verified backup, from before the deployment, which began at %s"),
                            begun);
  return g_strdup (_ ("the newest verified backup"));
}

/**
 * eros_backup_store_choose:
 * @store: a store of backups
 * @backups: (element-type ErosStoredBackup): its list, newest first
 * @why: (out) (optional) (transfer full): why this one, or why none, for people
 *
 * Finds the newest verified backup that was not taken while anything of the deployment was deployed.
 *
 * Returns: (transfer none) (nullable): one of @backups
 */
ErosStoredBackup *
eros_backup_store_choose (ErosBackupStore *store, GPtrArray *backups, char **why)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (store->deployment));
  g_autoptr (GArray) periods = g_array_new (FALSE, FALSE, sizeof (Deployed));
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  ErosStoredBackup *chosen = NULL;
  Choice choice = { NULL };
  const Deployed *skipped = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      note_operation (periods, event);
      note_clock (taken, event);
    }
  for (guint i = 0; i < backups->len && chosen == NULL; i++)
    {
      ErosStoredBackup *backup = backups->pdata[i];
      const Deployed *deployed = find_deployed (periods, taken, backup);

      if (choice.unread == NULL && backup->unread && !backup->before_rollback && deployed == NULL)
        choice.unread = backup;
      if (!is_way_back (backup))
        continue;
      choice.newest = choice.newest != NULL ? choice.newest : backup;
      skipped = skipped != NULL ? skipped : deployed;
      chosen = deployed == NULL ? backup : NULL;
    }
  if (skipped == NULL && periods->len > 0)
    skipped = &g_array_index (periods, Deployed, periods->len - 1);
  if (why != NULL)
    {
      choice.chosen = chosen;
      *why = say_why (skipped, &choice);
    }
  return chosen;
}
