/* eros-cli-monitor.c: eros-deploy monitor, eros-deploy compare
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-commands.h"
#include "eros-cli-criteria.h"
#include "eros-cli-operation.h"
#include "eros-cli-progress.h"
#include "eros-text.h"
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

static void
set_text (char **text, const char *value)
{
  char *copy = g_strdup (value);

  g_free (*text);
  *text = copy;
}

/* One round. Any criterion to roll back by is enough to say so. */
static int
look (Monitor *self, GError **error)
{
  int status;
  ErosOperation *operation = eros_controller_plan (
    self->service.controller, eros_operation_kind_get_name (EROS_OPERATION_KIND_MONITORING), self->arguments,
    error);

  if (operation == NULL)
    return EROS_EXIT_FAILED;
  status = eros_cli_finish_operation (&self->service, operation, error);
  return eros_cli_print_reached (self->service.deployment, self->service.json)
           ? MAX (status, EROS_EXIT_FAILED)
           : status;
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
  set_text (problem, error != NULL ? error->message : NULL);
  *worst = MAX (*worst, status);
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

static ErosDeployment *
get_deployment (Monitor *self)
{
  return self->service.deployment;
}

static gboolean
record_missed (Monitor *self, const char *reason, GError **error)
{
  return eros_watch_record_missed (get_deployment (self), eros_timeline_get_now (get_deployment (self)),
                                   reason, error);
}

/* Looks at the clock once a minute, so that neither sleep nor a clock that is set is overslept. TRUE: it is
 * time; FALSE: interrupted. */
static gboolean
wait_for (Monitor *self, gint64 due, char **reason)
{
  for (;;)
    {
      gint64 before = eros_timeline_get_now (get_deployment (self));
      gint64 left = due - before;
      gint64 passed;

      if (left <= 0)
        return TRUE;
      left = MIN (left, G_TIME_SPAN_MINUTE);
      if (!wait_until (g_get_monotonic_time () + left))
        return FALSE;
      passed = eros_timeline_get_now (get_deployment (self)) - before;
      if (passed > left + G_TIME_SPAN_MINUTE)
        set_text (reason, _ ("This computer slept, or its clock was set ahead."));
    }
}

static void
announce (const ErosSlot *next)
{
  g_autofree char *time = eros_time_text (next->due);
  g_autofree char *text = g_strdup_printf (
    /* Translators: a time; what is to be looked at then */
    _ ("Next round at %s: %s"), time, eros_element_get_label (next->element));

  eros_cli_progress_line ("◷", text, NULL);
}

/* (transfer full) (nullable) (element-type ErosSlot): with one to look at or to wait for, SLOT; what has gone
 * by is on record */
static GPtrArray *
find_next (Monitor *self, const char *reason, const ErosSlot **slot, GError **error)
{
  if (!record_missed (self, reason, error))
    return NULL;
  {
    g_autoptr (GPtrArray) slots =
      eros_watch_list (get_deployment (self), NULL, eros_timeline_get_now (get_deployment (self)));

    *slot = eros_watch_find_next (slots);
    if (slots->len > 0)
      return g_steal_pointer (&slots);
  }
  g_set_error (
    error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
    _ ("There is nothing to watch yet: the runbook's schedule counts from the end of the deployment. "
       "Deploy first; “--once” looks all the same."));
  return NULL;
}

/* In the slots of the runbook's schedule, until the last is over. One in which it could not look is tried
 * again each minute. */
static int
watch_schedule (Monitor *self, GError **error)
{
  int worst = EROS_EXIT_DONE;
  gint64 looked = 0; /* in the slot that was due then */
  g_autofree char *reason = g_strdup (_ ("Nobody watched: “eros-deploy monitor” was not running."));

  for (;;)
    {
      const ErosSlot *next;
      g_autoptr (GPtrArray) slots = find_next (self, reason, &next, error);
      g_autofree char *problem = NULL;
      gboolean is_waiting;

      if (slots == NULL)
        return EROS_EXIT_FAILED;
      if (next == NULL)
        return worst;
      is_waiting = next->state == EROS_SLOT_COMING;
      if (is_waiting)
        announce (next);
      set_text (&reason, _ ("The watch was at work on something else."));
      if (!wait_for (self, next->due, &reason))
        return end_watch (error);
      if (is_waiting)
        continue;
      if (next->due == looked && !wait_until (g_get_monotonic_time () + G_TIME_SPAN_MINUTE))
        return end_watch (error);
      if (!look_again (self, &worst, &problem))
        return end_watch (error);
      if (problem != NULL)
        set_text (&reason, problem);
      looked = next->due;
    }
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
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.service.json, N_ ("Print JSON, for each round"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!eros_cli_parse (
        &argc, &argv, entries, "ID",
        _ ("Asks what the runbook says is to be watched, and compares it with the runbook’s "
           "thresholds: in the rounds of its schedule until the last is over, "
           "unless it is told otherwise. A round that nobody made in its time is put on record "
           "as missed. The status is 1 when a threshold was passed, or a "
           "criterion to roll back by is reached."),
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
