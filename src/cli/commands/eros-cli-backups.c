/* eros-cli-backups.c: eros-deploy backups
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-backups.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-backup-choice.h"
#include "eros-cli-commands.h"
#include "eros-cli-progress.h"

GPtrArray *
eros_cli_list_backups (ErosController *controller, GError **trouble, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  GPtrArray *backups;

  eros_backup_store_list_async (eros_controller_get_backups (controller), eros_cli_get_interruption (),
                                eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  backups = eros_backup_store_list_finish (eros_controller_get_backups (controller), result, trouble, error);
  if (backups != NULL && *trouble != NULL)
    eros_cli_complain ("eros-deploy: %s\n", (*trouble)->message);
  return backups;
}

char *
eros_cli_parse_backup (const char *text, GError **error)
{
  g_autoptr (GRegex) regex =
    g_regex_new ("^(backup_|before_rollback_)?([0-9]{4})-?([0-9]{2})-?([0-9]{2})_([0-9]{6})$",
                 G_REGEX_DOLLAR_ENDONLY, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *kind = NULL;
  g_autofree char *stamp = NULL;

  if (!g_utf8_validate (text, -1, NULL) || !g_regex_match (regex, text, 0, &match))
    {
      g_autofree char *shown = g_utf8_make_valid (text, -1);

      g_set_error (
        error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
        _ ("“%s” is not a backup’s time. Write it as “eros-deploy backups” shows it: 20251031_143022 or "
           "2025-10-31_143022."),
        shown);
      return NULL;
    }
  kind = g_match_info_fetch (match, 1);
  stamp = g_match_info_expand_references (match, "\\2\\3\\4_\\5", NULL);
  return g_strconcat (*kind != '\0' ? kind : "backup_", stamp, NULL);
}

ErosStoredBackup *
eros_cli_find_backup (GPtrArray *backups, const char *name, const GError *trouble, GError **error)
{
  for (guint i = 0; i < backups->len; i++)
    if (g_str_equal (((ErosStoredBackup *) backups->pdata[i])->name, name))
      return backups->pdata[i];
  if (trouble != NULL && eros_cli_exit_of_error (trouble) == EROS_EXIT_UNAVAILABLE)
    g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE,
                 _ ("Whether there is a backup %s is not known: not all could be looked at. Try again."),
                 name);
  else
    g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                 _ ("There is no backup %s. “eros-deploy backups” shows those that there are."), name);
  return NULL;
}

static char *
format_age (gint64 time)
{
  gint64 minutes = (g_get_real_time () - time) / G_TIME_SPAN_MINUTE;

  if (minutes < 120)
    return g_strdup_printf (ngettext ("%d minute", "%d minutes", MAX (minutes, 0)), (int) MAX (minutes, 0));
  if (minutes < 48 * 60)
    return g_strdup_printf (_ ("%d hours"), (int) (minutes / 60));
  return g_strdup_printf (_ ("%d days"), (int) (minutes / 60 / 24));
}

/* What can be done with it. */
static const char *
get_state (const ErosStoredBackup *backup)
{
  if (backup->complete && backup->verified)
    return _ ("verified");
  if (backup->unread && !backup->before_rollback)
    return _ ("not known whether it was verified");
  if (backup->complete)
    return backup->before_rollback ? _ ("taken before a rollback") : _ ("not verified");
  return backup->location != NULL ? _ ("export only") : _ ("incomplete");
}

void
eros_cli_print_backup (const ErosStoredBackup *backup)
{
  g_autofree char *taken = eros_time_text (backup->taken);
  g_autofree char *age = format_age (backup->taken);

  /* Translators: name, time, “3 hours”, “verified”. */
  eros_cli_print (_ ("%s: taken %s, %s ago; %s\n"), backup->name, taken, age, get_state (backup));
  for (guint i = 0; i < backup->tables->len; i++)
    {
      const ErosStoredTable *table = backup->tables->pdata[i];

      if (table->n_rows >= 0 && table->live_rows >= 0)
        eros_cli_print (_ ("  %s: %" PRId64 " rows in the backup, %" PRId64 " now\n"), table->table,
                        table->n_rows, table->live_rows);
      else if (table->n_rows >= 0)
        eros_cli_print (_ ("  %s: %" PRId64 " rows\n"), table->table, table->n_rows);
      else
        eros_cli_print ("  %s\n", table->table);
    }
}

/* ---- printing ------------------------------------------------------------------------------------------ */

static void
set_number (JsonObject *object, const char *name, gint64 value)
{
  if (value >= 0)
    json_object_set_int_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

static JsonObject *
backup_to_json (const ErosStoredBackup *backup)
{
  JsonObject *object = json_object_new ();
  JsonArray *tables = json_array_new ();
  g_autofree char *taken = eros_time_iso (backup->taken);
  g_autofree char *expires = eros_time_iso (backup->expires);

  eros_cli_set_text (object, "name", backup->name);
  eros_cli_set_text (object, "taken", taken);
  eros_cli_set_text (object, "keep_until", expires);
  json_object_set_boolean_member (object, "past_retention",
                                  eros_stored_backup_is_expired (backup, g_get_real_time ()));
  json_object_set_boolean_member (object, "before_rollback", backup->before_rollback);
  if (backup->unread)
    json_object_set_null_member (object, "verified");
  else
    json_object_set_boolean_member (object, "verified", backup->verified);
  json_object_set_boolean_member (object, "complete", backup->complete);
  eros_cli_set_text (object, "location", backup->location);
  json_object_set_int_member (object, "export_bytes", backup->export_bytes);
  for (guint i = 0; i < backup->tables->len; i++)
    {
      const ErosStoredTable *table = backup->tables->pdata[i];
      JsonObject *entry = json_object_new ();

      eros_cli_set_text (entry, "table", table->table);
      eros_cli_set_text (entry, "snapshot", table->snapshot);
      set_number (entry, "rows", table->n_rows);
      set_number (entry, "bytes", table->bytes);
      set_number (entry, "live_rows", table->live_rows);
      eros_cli_set_text (entry, "checksum", table->checksum);
      json_array_add_object_element (tables, entry);
    }
  json_object_set_array_member (object, "tables", tables);
  return object;
}

static void
print_json (GPtrArray *backups)
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < backups->len; i++)
    json_array_add_object_element (array, backup_to_json (backups->pdata[i]));
  json_node_take_array (node, array);
  eros_cli_print_json (node);
}

static void
print_list (GPtrArray *backups)
{
  for (guint i = 0; i < backups->len; i++)
    {
      const ErosStoredBackup *backup = backups->pdata[i];
      g_autofree char *until = eros_time_text (backup->expires);

      eros_cli_print_backup (backup);
      if (backup->location != NULL)
        {
          g_autofree char *size = g_format_size (backup->export_bytes);

          eros_cli_print ("  %s, %s\n", backup->location, size);
        }
      if (eros_stored_backup_is_expired (backup, g_get_real_time ()))
        eros_cli_print (_ ("  need not be kept since %s\n"), until);
      else if (backup->expires > 0)
        eros_cli_print (_ ("  is kept until %s\n"), until);
    }
  if (backups->len == 0)
    eros_cli_print (_ ("There are no backups. “eros-deploy backup ID” makes one.\n"));
}

/* One backup, with what its tables were found to be. */
static void
inspect (const ErosStoredBackup *backup)
{
  g_autofree char *until = eros_time_text (backup->expires);

  eros_cli_print_backup (backup);
  if (backup->expires > 0)
    eros_cli_print (_ ("  is kept until %s\n"), until);
  for (guint i = 0; i < backup->tables->len; i++)
    {
      const ErosStoredTable *table = backup->tables->pdata[i];
      g_autofree char *size = table->bytes >= 0 ? g_format_size (table->bytes) : g_strdup ("");

      eros_cli_print ("  %s\n    %s\n    %s\n    %s\n", table->table,
                      table->snapshot != NULL ? table->snapshot : _ ("its snapshot has gone"), size,
                      table->checksum != NULL ? table->checksum : _ ("no fingerprint on record"));
    }
  for (guint i = 0; i < backup->objects->len; i++)
    eros_cli_print (
      "  %s%s\n", backup->location,
      strchr (backup->objects->pdata[i], '/') != NULL ? strchr (backup->objects->pdata[i], '/') + 1 : "");
}

/* ---- removing ------------------------------------------------------------------------------------------ */

static gboolean
remove_backup (ErosController *controller, const ErosStoredBackup *backup, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  eros_backup_store_remove_async (eros_controller_get_backups (controller), backup,
                                  eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  return eros_backup_store_remove_finish (eros_controller_get_backups (controller), result, error);
}

/* The newest verified one stays, however old it is, and so does the one that a rollback goes back to: they
 * are the only ways back. One of which nobody knows whether it was verified may be that. */
static int
prune (ErosController *controller, GPtrArray *backups, gboolean dry_run, GError **error)
{
  const ErosStoredBackup *newest = eros_backup_store_find_newest (backups);
  const ErosStoredBackup *chosen =
    eros_backup_store_choose (eros_controller_get_backups (controller), backups, NULL);
  gint64 now = g_get_real_time ();
  guint n = 0;

  for (guint i = 0; i < backups->len; i++)
    {
      const ErosStoredBackup *backup = backups->pdata[i];

      if (backup == newest || backup == chosen || backup->unread ||
          !eros_stored_backup_is_expired (backup, now))
        continue;
      if (!dry_run && !remove_backup (controller, backup, error))
        {
          g_prefix_error (error, _ ("%s could not be removed: "), backup->name);
          return EROS_EXIT_FAILED;
        }
      eros_cli_progress_line (dry_run ? "–" : "✔", backup->name,
                              dry_run ? _ ("would be removed") : _ ("removed"));
      n++;
    }
  eros_cli_print (
    ngettext ("%u of %u backups is past its retention.\n", "%u of %u backups are past their retention.\n", n),
    n, backups->len);
  return EROS_EXIT_DONE;
}

typedef struct
{
  ErosCliService service;
  gboolean prune;
  gboolean dry_run;
} Backups;

static void
backups_clear (Backups *self)
{
  eros_cli_service_clear (&self->service);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Backups, backups_clear)

static int
show (Backups *self, GPtrArray *backups, const char *name, const GError *trouble, GError **error)
{
  ErosStoredBackup *one = name != NULL ? eros_cli_find_backup (backups, name, trouble, error) : NULL;

  if (name != NULL && one == NULL)
    return EROS_EXIT_USAGE;
  if (self->service.json && one != NULL)
    {
      JsonNode *node = json_node_new (JSON_NODE_OBJECT);

      json_node_take_object (node, backup_to_json (one));
      eros_cli_print_json (node);
    }
  else if (self->service.json)
    print_json (backups);
  else if (one != NULL)
    inspect (one);
  else
    print_list (backups);
  return EROS_EXIT_DONE;
}

int
eros_cli_backups (int argc, char **argv, GError **error)
{
  g_auto (Backups) self = { 0 };
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (self.service),
    { "prune", 0, 0, G_OPTION_ARG_NONE, &self.prune,
      N_ ("Remove what is past its retention, and nothing else"), NULL },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &self.dry_run, N_ ("With --prune: only say what would be removed"),
      NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.service.json, N_ ("Print JSON"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GPtrArray) backups = NULL;
  g_autofree char *name = NULL;
  gboolean writes;

  if (!eros_cli_parse (
        &argc, &argv, entries, "ID [TIMESTAMP]",
        _ ("Lists the backups of the data set and the bucket, newest first, or shows one of them "
           "more closely."),
        1, 2, error))
    return EROS_EXIT_USAGE;
  if ((self.dry_run && !self.prune) || (self.prune && (argc > 2 || self.service.json)))
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                   _ ("--prune goes with --dry-run, and with nothing else; --dry-run goes with --prune."));
      return EROS_EXIT_USAGE;
    }
  if (argc > 2 && (name = eros_cli_parse_backup (argv[2], error)) == NULL)
    return EROS_EXIT_USAGE;
  writes = self.prune && !self.dry_run;
  if (!eros_cli_service_open (&self.service, argv[1], writes ? EROS_JOURNAL_WRITE : EROS_JOURNAL_READ, error))
    return EROS_EXIT_FAILED;
  backups = eros_cli_list_backups (self.service.controller, &trouble, error);
  if (backups == NULL)
    return EROS_EXIT_FAILED;
  return self.prune ? prune (self.service.controller, backups, self.dry_run, error)
                    : show (&self, backups, name, trouble, error);
}
