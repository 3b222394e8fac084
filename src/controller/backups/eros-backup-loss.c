/* eros-backup-loss.c: the backups that there are, and what going back to one would undo
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-backup-loss.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-backup-choice.h"
#include "eros-backup-name.h"
#include "eros-backup-store-private.h"
#include "eros-controller-error.h"
#include "eros-sql-text.h"

/* More tables than a runbook names. */
#define MAX_ROWS 500

struct _ErosBackup
{
  GObject parent_instance;

  char *name;
  gint64 time;
  gint64 n_rows;
  gint64 bytes;
  gboolean verified;
  gboolean unread;
  char *why_chosen; /* (nullable): it is not what a rollback goes back to */
};

G_DEFINE_FINAL_TYPE (ErosBackup, eros_backup, G_TYPE_OBJECT)

static void
eros_backup_finalize (GObject *object)
{
  g_free (EROS_BACKUP (object)->name);
  g_free (EROS_BACKUP (object)->why_chosen);
  G_OBJECT_CLASS (eros_backup_parent_class)->finalize (object);
}

static void
eros_backup_class_init (ErosBackupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_backup_finalize;
}

static void
eros_backup_init (ErosBackup *self)
{
}

struct _ErosLoss
{
  GObject parent_instance;

  char *table;
  gint64 n_now;
  gint64 n_then;
  gint64 n_lost;
};

G_DEFINE_FINAL_TYPE (ErosLoss, eros_loss, G_TYPE_OBJECT)

static void
eros_loss_finalize (GObject *object)
{
  g_free (EROS_LOSS (object)->table);
  G_OBJECT_CLASS (eros_loss_parent_class)->finalize (object);
}

static void
eros_loss_class_init (ErosLossClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_loss_finalize;
}

static void
eros_loss_init (ErosLoss *self)
{
}

/* ---- a query that only reads --------------------------------------------------------------------------- */

/* Makes an object of a row of the answer; NULL: the row is none. */
typedef gpointer (*FromRow) (GHashTable *row);

typedef struct
{
  GType type;
  FromRow from_row;
} Reading;

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ErosPage) page =
    eros_big_query_query_finish (EROS_BIG_QUERY (source), result, NULL, NULL, &error);
  GListStore *list;

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  list = g_list_store_new (reading->type);
  for (guint i = 0; page != NULL && i < eros_page_get_n_rows (page); i++)
    {
      g_autoptr (GHashTable) row = eros_page_dup_row (page, i);
      g_autoptr (GObject) object = reading->from_row (row);

      if (object != NULL)
        g_list_store_append (list, object);
    }
  g_task_return_pointer (task, list, g_object_unref);
}

/* Takes task. */
static void
read_rows (GTask *task, const char *sql, GType type, FromRow from_row)
{
  g_autoptr (GTask) owned = task;
  ErosBackupStore *self = g_task_get_source_object (task);
  Reading *reading = g_new (Reading, 1);
  g_autofree char *id = eros_job_request_make_id ("eros-backups");
  g_autoptr (ErosJobRequest) request = NULL;
  GError *error = NULL;
  g_autofree char *filled = eros_sql_text_fill (sql, "backups", self->connection, &error);

  reading->type = type;
  reading->from_row = from_row;
  g_task_set_task_data (task, reading, g_free);
  if (filled == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  request = eros_job_request_new_query (id, filled);
  eros_job_request_set_use_cache (request, FALSE);
  eros_big_query_query_async (self->big_query, request, MAX_ROWS, g_task_get_cancellable (task), answered_cb,
                              g_steal_pointer (&owned));
}

static gint64
number_in (GHashTable *row, const char *name)
{
  const char *text = g_hash_table_lookup (row, name);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

/* The tables that the runbook's rollback is for. */
static const char *const *
tables_of (ErosBackupStore *self, GError **error)
{
  const char *name = eros_operation_kind_get_name (EROS_OPERATION_KIND_ROLLBACK);
  ErosElement *element = eros_runbook_find_operation (eros_deployment_get_runbook (self->deployment), name);
  const char *const *tables = element != NULL ? eros_element_get_tables (element) : NULL;

  if (tables == NULL)
    g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED,
                 _ ("The runbook names no tables for “%s”."), name);
  return tables;
}

/* ---- the list ------------------------------------------------------------------------------------------ */

static ErosBackup *
backup_from_stored (const ErosStoredBackup *stored)
{
  ErosBackup *self = g_object_new (EROS_TYPE_BACKUP, NULL);

  self->name = g_strdup (stored->name);
  self->time = stored->taken;
  self->verified = stored->verified;
  self->unread = stored->unread;
  for (guint i = 0; i < stored->tables->len; i++)
    {
      const ErosStoredTable *table = g_ptr_array_index (stored->tables, i);

      self->n_rows += MAX (0, table->n_rows);
      self->bytes += MAX (0, table->bytes);
    }
  return self;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) trouble = NULL;
  GError *error = NULL;
  g_autoptr (GPtrArray) stored =
    eros_backup_store_list_finish (EROS_BACKUP_STORE (source), result, &trouble, &error);
  g_autofree char *why = NULL;
  const ErosStoredBackup *chosen =
    stored != NULL ? eros_backup_store_choose (EROS_BACKUP_STORE (source), stored, &why) : NULL;
  GListStore *list;

  if (stored == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  list = g_list_store_new (EROS_TYPE_BACKUP);
  for (guint i = 0; i < stored->len; i++)
    {
      const ErosStoredBackup *one = g_ptr_array_index (stored, i);
      g_autoptr (ErosBackup) backup =
        one->complete || one->verified || one->unread ? backup_from_stored (one) : NULL;

      if (backup == NULL)
        continue;
      if (one == chosen)
        backup->why_chosen = g_strdup (why);
      g_list_store_append (list, backup);
    }
  if (trouble != NULL && g_list_model_get_n_items (G_LIST_MODEL (list)) == 0)
    {
      g_object_unref (list);
      g_task_return_error (task, g_steal_pointer (&trouble));
      return;
    }
  g_task_return_pointer (task, list, g_object_unref);
}

/**
 * eros_backup_store_list_usable_async:
 * @self: a store of backups
 * @cancellable: (nullable): a cancellable
 * @callback: called when the list is there
 * @user_data: for @callback
 *
 * Looks which backups there are. One in which a table is missing, and which was never compared, is left out.
 * That there is none is said only where all could be looked at.
 */
void
eros_backup_store_list_usable_async (ErosBackupStore *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_backup_store_list_usable_async);
  eros_backup_store_list_async (self, cancellable, listed_cb, task);
}

GListModel *
eros_backup_store_list_usable_finish (ErosBackupStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- what would be lost -------------------------------------------------------------------------------- */

static gpointer
loss_from_row (GHashTable *row)
{
  ErosLoss *self = g_object_new (EROS_TYPE_LOSS, NULL);

  self->table = g_strdup (g_hash_table_lookup (row, "table_name"));
  self->n_now = number_in (row, "n_now");
  self->n_then = number_in (row, "n_then");
  self->n_lost = number_in (row, "n_lost");
  return self;
}

/* Rows are the same when their JSON is: a row that was changed since counts as one that will be lost. */
static char *
weigh_sql (const char *const *tables, const char *backup)
{
  GString *sql = g_string_new (NULL);

  for (guint i = 0; tables[i] != NULL; i++)
    {
      const char *table = tables[i];

      g_string_append_printf (
        sql,
        "%sSELECT %u AS place, '%s' AS table_name,\n"
        "  (SELECT COUNT(*) FROM `${project}.${dataset}.%s`) AS n_now,\n"
        "  (SELECT COUNT(*) FROM `${project}.${dataset}.%s_%s`) AS n_then,\n"
        "  (SELECT COUNT(*) FROM `${project}.${dataset}.%s` AS live\n"
        "   WHERE FARM_FINGERPRINT(TO_JSON_STRING(live)) NOT IN (\n"
        "     SELECT FARM_FINGERPRINT(TO_JSON_STRING(kept)) FROM `${project}.${dataset}.%s_%s` AS kept)) "
        "AS n_lost",
        i > 0 ? "\nUNION ALL\n" : "", i, table, table, table, backup, table, table, backup);
    }
  g_string_append (sql, "\nORDER BY place");
  return g_string_free (sql, FALSE);
}

/**
 * eros_backup_store_weigh_async:
 * @self: a store of backups
 * @backup: its name
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Finds out what of each table would be lost by going back to @backup: rows that were added or changed since.
 */
void
eros_backup_store_weigh_async (ErosBackupStore *self,
                               const char *backup,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;
  const char *const *tables = tables_of (self, &error);
  g_autofree char *sql = NULL;

  g_task_set_source_tag (task, eros_backup_store_weigh_async);
  if (tables == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (!eros_backup_name_is_valid (backup))
    {
      g_task_return_new_error (task, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                               _ ("“%s” is not the name of a backup."), backup);
      return;
    }
  sql = weigh_sql (tables, backup);
  read_rows (g_steal_pointer (&task), sql, EROS_TYPE_LOSS, loss_from_row);
}

GListModel *
eros_backup_store_weigh_finish (ErosBackupStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- what a row says ----------------------------------------------------------------------------------- */

const char *
eros_backup_get_name (ErosBackup *self)
{
  return self->name;
}

gint64
eros_backup_get_time (ErosBackup *self)
{
  return self->time;
}

gint64
eros_backup_get_n_rows (ErosBackup *self)
{
  return self->n_rows;
}

gint64
eros_backup_get_bytes (ErosBackup *self)
{
  return self->bytes;
}

gboolean
eros_backup_is_verified (ErosBackup *self)
{
  return self->verified;
}

gboolean
eros_backup_is_unread (ErosBackup *self)
{
  return self->unread;
}

const char *
eros_backup_get_why_chosen (ErosBackup *self)
{
  return self->why_chosen;
}

gboolean
eros_backup_is_before_rollback (ErosBackup *self)
{
  return g_str_has_prefix (self->name, "before_rollback_");
}

const char *
eros_loss_get_table (ErosLoss *self)
{
  return self->table;
}

gint64
eros_loss_get_n_now (ErosLoss *self)
{
  return self->n_now;
}

gint64
eros_loss_get_n_then (ErosLoss *self)
{
  return self->n_then;
}

gint64
eros_loss_get_n_lost (ErosLoss *self)
{
  return self->n_lost;
}
