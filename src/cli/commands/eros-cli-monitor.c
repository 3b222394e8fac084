/* eros-cli-monitor.c: eros-deploy monitor, eros-deploy compare
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-big-query-error.h"
#include "eros-cli-commands.h"
#include "eros-cli-criteria.h"
#include "eros-cli-loud.h"
#include "eros-cli-operation.h"
#include "eros-cli-progress.h"
#include "eros-rounds.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-watch.h"

#define DEFAULT_EVERY  15
#define DEFAULT_DURING 120
#define NOT_SAID       G_MININT

typedef struct
{
  ErosCliService service;
  GHashTable *arguments;
  int every; /* minutes */
  int during;
  gboolean once;
  char *since;
  char **merged; /* (nullable): files */
  gboolean is_asking;
  ErosCliLoud loud;
} Monitor;

static void
monitor_clear (Monitor *self)
{
  eros_cli_service_clear (&self->service);
  g_clear_pointer (&self->arguments, g_hash_table_unref);
  g_free (self->since);
  g_strfreev (self->merged);
  eros_cli_loud_clear (&self->loud);
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

static void
set_text (char **text, const char *value)
{
  char *copy = g_strdup (value);

  g_free (*text);
  *text = copy;
}

static int
ask (Monitor *self, GError **error)
{
  ErosOperation *operation = eros_controller_plan (
    self->service.controller, eros_operation_kind_get_name (EROS_OPERATION_KIND_MONITORING), self->arguments,
    error);
  int status;

  self->is_asking = TRUE;
  status =
    operation != NULL ? eros_cli_finish_operation (&self->service, operation, error) : EROS_EXIT_FAILED;
  self->is_asking = FALSE;
  return status;
}

/* What an earlier round had not enough to say of is for a later one. */
static int
add_round (int worst, int status)
{
  gboolean has_failed = worst == EROS_EXIT_FAILED || status == EROS_EXIT_FAILED;
  gboolean has_error = worst == EROS_EXIT_UNAVAILABLE || status == EROS_EXIT_UNAVAILABLE;

  return (int) eros_cli_exit_of (has_failed, has_error, status == EROS_EXIT_UNDECIDED);
}

/* One round. Any criterion to roll back by is enough to say so. */
static int
look (Monitor *self, GError **error)
{
  GError *problem = NULL;
  int status = ask (self, &problem);
  gboolean is_reached = eros_cli_print_reached (self->service.deployment, self->service.json);
  gboolean is_told;

  /* What was found wrong stands in the record. */
  is_told =
    eros_cli_loud_tell (&self->loud, self->service.deployment,
                        problem != NULL && eros_big_query_error_may_pass (problem) ? problem->message : NULL);
  if (problem != NULL)
    g_propagate_error (error, problem);
  return is_reached || !is_told ? EROS_EXIT_FAILED : status;
}

/* A threshold that is passed is what one watches for: it ends nothing. FALSE: interrupted. PROBLEM: (out):
 * why it could not look. */
static gboolean
look_again (Monitor *self, int *worst, char **problem)
{
  g_autoptr (GError) error = NULL;
  int status = look (self, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  if (error != NULL)
    eros_cli_progress_line ("⚠", error->message, NULL);
  set_text (problem, error != NULL && eros_big_query_error_may_pass (error) ? error->message : NULL);
  *worst = add_round (*worst, status);
  return TRUE;
}

static int
end_watch (GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The watch has been ended."));
  return EROS_EXIT_INTERRUPTED;
}

/* Every so many minutes, whatever the runbook's schedule. */
static int
watch_evenly (Monitor *self, GError **error)
{
  gint64 begun = g_get_monotonic_time ();
  int every = self->every != NOT_SAID ? self->every : DEFAULT_EVERY;
  gint64 end = begun + (self->during != NOT_SAID ? self->during : DEFAULT_DURING) * G_TIME_SPAN_MINUTE;
  int worst = EROS_EXIT_DONE;
  g_autofree char *problem = NULL;

  for (gint64 next = begun; next <= end; next += every * G_TIME_SPAN_MINUTE)
    if (!wait_until (next) || !look_again (self, &worst, &problem))
      return end_watch (error);
  return worst;
}

/* ---- the runbook's schedule ---- */

typedef struct
{
  Monitor *monitor;
  int worst;
  gboolean is_over;
  char *unreached; /* (nullable): why nobody could be asked the last time */
  GError *error;   /* (nullable): what went by could not be put on record */
} Watch;

/* Rounds get late and are missed while nothing happens. One that is being made looks as if it were cut off.
 */
static gboolean
tell_cb (gpointer user_data)
{
  Watch *watch = user_data;

  if (!watch->monitor->is_asking)
    eros_cli_loud_tell (&watch->monitor->loud, watch->monitor->service.deployment, watch->unreached);
  return G_SOURCE_CONTINUE;
}

static gboolean
is_loud (const ErosCliLoud *loud)
{
  return loud->command != NULL || loud->prometheus != NULL;
}

static void
waiting_cb (ErosRounds *rounds, const ErosSlot *next, gpointer user_data)
{
  g_autofree char *time = eros_time_text (next->due);
  g_autofree char *text = g_strdup_printf (
    /* Translators: a time; what is to be looked at then */
    _ ("Next round at %s: %s"), time, eros_element_get_label (next->element));

  eros_cli_progress_line ("◷", text, NULL);
}

/* What was missed is read of the job history, as far as that knows: the trend has no hole then, and the round
 * stays one that was missed. */
static void
missed_cb (ErosRounds *rounds, const ErosSlot *slot, gpointer user_data)
{
  Watch *watch = user_data;
  g_autofree char *until = eros_time_iso (slot->due);
  g_autoptr (GError) error = NULL;
  int status;

  eros_rounds_set_held (rounds, TRUE);
  g_hash_table_insert (watch->monitor->arguments, (gpointer) "until", until);
  status = ask (watch->monitor, &error);
  g_hash_table_remove (watch->monitor->arguments, "until");
  eros_rounds_set_held (rounds, FALSE);
  /* A runbook need not have a query that can be asked of what is over. */
  if (g_error_matches (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL)
    eros_cli_progress_line ("⚠", error->message, NULL);
  watch->worst = add_round (watch->worst, status);
}

static void
due_cb (ErosRounds *rounds, gpointer user_data)
{
  Watch *watch = user_data;
  g_autofree char *problem = NULL;

  eros_rounds_set_held (rounds, TRUE);
  eros_rounds_set_reason (rounds, _ ("The watch was at work on something else."));
  if (look_again (watch->monitor, &watch->worst, &problem) && problem != NULL)
    eros_rounds_set_reason (rounds, problem);
  set_text (&watch->unreached, problem);
  eros_rounds_set_held (rounds, FALSE);
}

static void
over_cb (ErosRounds *rounds, gpointer user_data)
{
  ((Watch *) user_data)->is_over = TRUE;
}

static void
failed_cb (ErosRounds *rounds, const GError *error, gpointer user_data)
{
  Watch *watch = user_data;

  if (watch->error == NULL)
    watch->error = g_error_copy (error);
}

static gboolean
has_schedule (ErosDeployment *deployment, GError **error)
{
  g_autoptr (GPtrArray) slots = eros_watch_list (deployment, NULL, eros_timeline_get_now (deployment));

  if (slots->len > 0)
    return TRUE;
  g_set_error (
    error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
    _ ("There is nothing to watch yet: the runbook's schedule counts from the end of the deployment. "
       "Deploy first; “--once” looks all the same."));
  return FALSE;
}

/* In the slots of the runbook's schedule, until the last is over. */
static int
watch_schedule (Monitor *self, GError **error)
{
  GCancellable *interruption = eros_cli_get_interruption ();
  Watch watch = { .monitor = self, .worst = EROS_EXIT_DONE };
  g_autoptr (ErosRounds) rounds = NULL;
  guint timer;

  if (!has_schedule (self->service.deployment, error))
    return EROS_EXIT_FAILED;
  rounds =
    eros_rounds_new (self->service.deployment, _ ("Nobody watched: “eros-deploy monitor” was not running."));
  g_signal_connect (rounds, "waiting", G_CALLBACK (waiting_cb), &watch);
  g_signal_connect (rounds, "due", G_CALLBACK (due_cb), &watch);
  g_signal_connect (rounds, "missed", G_CALLBACK (missed_cb), &watch);
  g_signal_connect (rounds, "over", G_CALLBACK (over_cb), &watch);
  g_signal_connect (rounds, "failed", G_CALLBACK (failed_cb), &watch);
  timer = is_loud (&self->loud) ? g_timeout_add_seconds (60, tell_cb, &watch) : 0;
  while (!watch.is_over && watch.error == NULL && !g_cancellable_is_cancelled (interruption))
    g_main_context_iteration (NULL, TRUE);
  g_clear_handle_id (&timer, g_source_remove);
  if (watch.is_over)
    tell_cb (&watch);
  g_free (watch.unreached);
  if (watch.error == NULL)
    return watch.is_over ? watch.worst : end_watch (error);
  g_propagate_error (error, watch.error);
  return EROS_EXIT_FAILED;
}

/* Rounds that other machines made, each in its copy of the deployment. */
static int
merge (Monitor *self, const char *id, GError **error)
{
  gboolean is_told;

  if (!eros_cli_service_open_deployment (&self->service, id, EROS_JOURNAL_WRITE, error))
    return EROS_EXIT_FAILED;
  for (guint i = 0; self->merged[i] != NULL; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (self->merged[i]);
      g_autofree char *text = NULL;
      guint n;

      if (!eros_watch_take_rounds (self->service.deployment, file, &n, error))
        return EROS_EXIT_FAILED;
      text = g_strdup_printf (ngettext ("%u round taken over", "%u rounds taken over", n), n);
      eros_cli_progress_line ("✔", self->merged[i], text);
    }
  is_told = eros_cli_loud_tell (&self->loud, self->service.deployment, NULL);
  return eros_cli_print_reached (self->service.deployment, FALSE) || !is_told ? EROS_EXIT_FAILED
                                                                              : EROS_EXIT_DONE;
}

/* Who is to be told hears as well that nobody can be asked at all. */
static gboolean
connect_to (Monitor *self, const char *id, GError **error)
{
  GError *problem = NULL;

  if (!eros_cli_service_open_deployment (&self->service, id, EROS_JOURNAL_WRITE, error))
    return FALSE;
  if (eros_cli_service_connect (&self->service, &problem))
    return TRUE;
  if (g_error_matches (problem, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE))
    eros_cli_loud_tell (&self->loud, self->service.deployment, problem->message);
  g_propagate_error (error, problem);
  return FALSE;
}

static gboolean
check_alone (Monitor *self, GError **error)
{
  if (self->once && (self->every != NOT_SAID || self->during != NOT_SAID))
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                   _ ("--once looks once: leave --every and --for out."));
      return FALSE;
    }
  if (self->merged == NULL ||
      (!self->once && self->every == NOT_SAID && self->during == NOT_SAID && self->since == NULL))
    return TRUE;
  g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
               _ ("--merge only takes rounds over, and does not look: leave the other options out."));
  return FALSE;
}

static gboolean
check_arguments (Monitor *self, GError **error)
{
  if ((self->every != NOT_SAID && (self->every < 1 || self->every > 7 * 24 * 60)) ||
      (self->during != NOT_SAID && (self->during < 0 || self->during > 30 * 24 * 60)))
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
  g_auto (Monitor) self = { .every = NOT_SAID, .during = NOT_SAID };
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (self.service),
    { "once", '1', 0, G_OPTION_ARG_NONE, &self.once, N_ ("Look once, and say by the status what was seen"),
      NULL },
    { "every", 0, 0, G_OPTION_ARG_INT, &self.every,
      N_ ("How often to look, in place of the runbook’s schedule (15)"), N_ ("MINUTES") },
    { "for", 0, 0, G_OPTION_ARG_INT, &self.during, N_ ("How long, in place of the runbook’s schedule (120)"),
      N_ ("MINUTES") },
    { "since", 0, 0, G_OPTION_ARG_STRING, &self.since,
      N_ ("When the deployment ended, if not as it is on record: 2025-10-31T14:00:00Z"), N_ ("TIME") },
    { "merge", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self.merged,
      N_ (
        "Take over the rounds that another machine made in its copy of the deployment; may be given several "
        "times"),
      N_ ("FILE") },
    { "notify", 0, 0, G_OPTION_ARG_STRING, &self.loud.command,
      N_ (
        "A command for the shell, run for each problem that begins or is over, which it reads as JSON; with "
        "--once and --merge for each that there is"),
      N_ ("COMMAND") },
    { "prometheus", 0, 0, G_OPTION_ARG_FILENAME, &self.loud.prometheus,
      N_ ("Write how it stands into this file after each round, in Prometheus’ text format"), N_ ("FILE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.service.json, N_ ("Print JSON, a line for each round"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!eros_cli_parse (
        &argc, &argv, entries, "ID",
        _ ("Asks what the runbook says is to be watched, and compares it with the runbook’s "
           "thresholds: in the rounds of its schedule until the last is over, "
           "unless it is told otherwise. A round that nobody made in its time is put on record "
           "as missed. The status is 1 when a threshold was passed, or a "
           "criterion to roll back by is reached, and 5 when neither is so, "
           "but the last round had not enough to say of something."),
        1, 1, error) ||
      !check_arguments (&self, error) || !check_alone (&self, error))
    return EROS_EXIT_USAGE;
  self.loud.once = self.once || self.merged != NULL;
  if (self.merged != NULL)
    return merge (&self, argv[1], error);
  if (!self.once)
    eros_cli_set_json_lines ();
  self.arguments = g_hash_table_new (g_str_hash, g_str_equal);
  if (self.since != NULL)
    {
      if (!eros_cli_check_time (self.since, error))
        return EROS_EXIT_USAGE;
      g_hash_table_insert (self.arguments, (gpointer) "since", self.since);
    }
  if (!connect_to (&self, argv[1], error))
    return EROS_EXIT_FAILED;
  if (self.once)
    return look (&self, error);
  return self.every == NOT_SAID && self.during == NOT_SAID ? watch_schedule (&self, error)
                                                           : watch_evenly (&self, error);
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
