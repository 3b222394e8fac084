/* eros-cli-monitor.c: eros-deploy monitor, eros-deploy compare
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-commands.h"
#include "eros-cli-operation.h"
#include "eros-cli-progress.h"

typedef struct
{
  ErosCliService service;
  GHashTable *arguments;
  int every; /* minutes */
  int during;
  gboolean once;
  char *since;
} Monitor;

static void
monitor_clear (Monitor *self)
{
  eros_cli_service_clear (&self->service);
  g_clear_pointer (&self->arguments, g_hash_table_unref);
  g_free (self->since);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Monitor, monitor_clear)

static gboolean
wait_over_cb (gpointer over)
{
  *(gboolean *) over = TRUE;
  return G_SOURCE_CONTINUE;
}

/* FALSE: interrupted. */
static gboolean
wait_until (gint64 monotonic)
{
  gboolean over = FALSE;
  gint64 left = MAX (0, monotonic - g_get_monotonic_time ());
  guint timer = g_timeout_add (left / 1000, wait_over_cb, &over);

  while (!over && !g_cancellable_is_cancelled (eros_cli_get_interruption ()))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  return over;
}

/* One round. */
static int
look (Monitor *self, GError **error)
{
  ErosOperation *operation = eros_controller_plan (
    self->service.controller, eros_operation_kind_get_name (EROS_OPERATION_KIND_MONITORING), self->arguments,
    error);

  return operation != NULL ? eros_cli_finish_operation (&self->service, operation, error) : EROS_EXIT_FAILED;
}

/* A threshold that is passed is what one watches for: it ends nothing. What cannot be looked at does, in the
 * end. */
static int
watch (Monitor *self, GError **error)
{
  gint64 begun = g_get_monotonic_time ();
  gint64 end = begun + self->during * G_TIME_SPAN_MINUTE;
  int worst = EROS_EXIT_DONE;

  for (gint64 next = begun;; next += self->every * G_TIME_SPAN_MINUTE)
    {
      g_autoptr (GError) problem = NULL;
      int status;

      if (next > end)
        return worst;
      if (!wait_until (next))
        break;
      status = look (self, &problem);
      if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        break;
      if (problem != NULL)
        eros_cli_progress_line ("⚠", problem->message, NULL);
      worst = MAX (worst, status);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The watch has been ended."));
  return EROS_EXIT_INTERRUPTED;
}

static gboolean
check_arguments (Monitor *self, GError **error)
{
  if (self->every < 1 || self->every > 7 * 24 * 60 || self->during < 0 || self->during > 30 * 24 * 60)
    {
      g_set_error (
        error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
        _ ("--every and --for are numbers of minutes, from 1 and from 0 on, up to a week and to a month."));
      return FALSE;
    }
  return TRUE;
}

int
eros_cli_monitor (int argc, char **argv, GError **error)
{
  g_auto (Monitor) self = { .every = 15, .during = 120 };
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (self.service),
    { "once", '1', 0, G_OPTION_ARG_NONE, &self.once, N_ ("Look once, and say by the status what was seen"),
      NULL },
    { "every", 0, 0, G_OPTION_ARG_INT, &self.every, N_ ("How often to look (15)"), N_ ("MINUTES") },
    { "for", 0, 0, G_OPTION_ARG_INT, &self.during, N_ ("How long (120)"), N_ ("MINUTES") },
    { "since", 0, 0, G_OPTION_ARG_STRING, &self.since,
      N_ ("When the deployment ended, if not as it is on record: 2025-10-31T14:00:00Z"), N_ ("TIME") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.service.json, N_ ("Print JSON, for each round"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!eros_cli_parse (&argc, &argv, entries, "ID",
                       _ ("Looks at queries, errors, captions, locks, cost and data, and compares them with "
                          "the thresholds: every 15 minutes for two hours, unless it is told otherwise. The "
                          "status is 1 when a threshold was passed."),
                       1, 1, error) ||
      !check_arguments (&self, error))
    return EROS_EXIT_USAGE;
  self.arguments = g_hash_table_new (g_str_hash, g_str_equal);
  if (self.since != NULL)
    {
      if (!eros_cli_check_time (self.since, error))
        return EROS_EXIT_USAGE;
      g_hash_table_insert (self.arguments, (gpointer) "since", self.since);
    }
  if (!eros_cli_service_open (&self.service, argv[1], EROS_JOURNAL_WRITE, error))
    return EROS_EXIT_FAILED;
  return self.once ? look (&self, error) : watch (&self, error);
}

int
eros_cli_compare (int argc, char **argv, GError **error)
{
  g_auto (ErosCliService) service = { 0 };
  g_autofree char *since = NULL;
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (service),
    { "since", 0, 0, G_OPTION_ARG_STRING, &since,
      N_ ("When the deployment ended, if not as it is on record: 2025-10-31T14:00:00Z"), N_ ("TIME") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &service.json, N_ ("Print JSON when it has ended"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GHashTable) arguments = g_hash_table_new (g_str_hash, g_str_equal);
  ErosOperation *operation;

  if (!eros_cli_parse (
        &argc, &argv, entries, "ID",
        _ ("Measures the old and the new way in turns, and says whether it is better, worse, the same "
           "within a margin, or whether there is not enough data to say."),
        1, 1, error) ||
      (since != NULL && !eros_cli_check_time (since, error)))
    return EROS_EXIT_USAGE;
  if (since != NULL)
    g_hash_table_insert (arguments, (gpointer) "since", since);
  if (!eros_cli_service_open (&service, argv[1], EROS_JOURNAL_WRITE, error))
    return EROS_EXIT_FAILED;
  operation = eros_controller_plan (
    service.controller, eros_operation_kind_get_name (EROS_OPERATION_KIND_COMPARISON), arguments, error);
  return operation != NULL ? eros_cli_finish_operation (&service, operation, error) : EROS_EXIT_FAILED;
}
