/* eros-cli-metrics.c: how a deployment does, as numbers in Prometheus' exposition format
 *
 * The text format, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-metrics.h"

#include <math.h>
#include <string.h>

#include "eros-criteria.h"
#include "eros-problem.h"
#include "eros-timeline.h"
#include "eros-watch.h"

typedef struct
{
  ErosDeployment *deployment;
  GPtrArray *problems;
  GString *text;
} Metrics;

/* Backslash, quotation mark and line feed are escaped in a label's value, and nothing else. */
static void
append_label (GString *text, const char *name, const char *value)
{
  g_string_append_printf (text, "%s=\"", name);
  for (const char *at = value; *at != '\0'; at++)
    if (*at == '\n')
      g_string_append (text, "\\n");
    else
      {
        if (*at == '\\' || *at == '"')
          g_string_append_c (text, '\\');
        g_string_append_c (text, *at);
      }
  g_string_append_c (text, '"');
}

static void
begin (Metrics *self, const char *metric, const char *help)
{
  g_string_append_printf (self->text, "# HELP %s %s\n# TYPE %s gauge\n", metric, help, metric);
}

/* NAME: (nullable): of a second label */
static void
add (Metrics *self, const char *metric, const char *name, const char *value, double number)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (self->text, "%s{", metric);
  append_label (self->text, "deployment", eros_deployment_get_id (self->deployment));
  if (name != NULL)
    {
      g_string_append_c (self->text, ',');
      append_label (self->text, name, value);
    }
  g_string_append_printf (self->text, "} %s\n",
                          isnan (number)   ? "NaN"
                          : isinf (number) ? (number > 0 ? "+Inf" : "-Inf")
                                           : g_ascii_dtostr (digits, sizeof digits, number));
}

static void
add_problems (Metrics *self)
{
  guint n[EROS_PROBLEM_DECIDED + 1] = { 0 };

  for (guint i = 0; i < self->problems->len; i++)
    n[eros_problem_get_kind (self->problems->pdata[i])]++;
  begin (self, "eros_deploy_problems", "What is wrong, by kind.");
  for (guint i = 0; i < G_N_ELEMENTS (n); i++)
    add (self, "eros_deploy_problems", "kind", eros_problem_kind_to_text (i), n[i]);
}

typedef double (*Read) (const ErosCriterionState *state);

static double
is_reached (const ErosCriterionState *state)
{
  return state->verdict == EROS_CRITERION_REACHED;
}

static double
get_estimate (const ErosCriterionState *state)
{
  return state->reading.value;
}

static double
get_low (const ErosCriterionState *state)
{
  return state->reading.low;
}

static double
get_high (const ErosCriterionState *state)
{
  return state->reading.high;
}

static const struct
{
  const char *metric, *help;
  Read read;
  gboolean is_of_readings;
} of_criteria[] = {
  { "eros_deploy_criterion_reached", "Whether a criterion to roll back by is reached.", is_reached, FALSE },
  { "eros_deploy_criterion_estimate", "What monitoring has measured last, in percent or rows.", get_estimate,
    TRUE },
  { "eros_deploy_criterion_low", "Lower end of its interval over the whole watch.", get_low, TRUE },
  { "eros_deploy_criterion_high", "Upper end of its interval over the whole watch.", get_high, TRUE },
};

/* Of what nobody has decided, or could say, there is nothing that a number would say. */
static gboolean
is_said (const ErosCriterionState *state, gboolean is_reading)
{
  if (is_reading)
    return state->is_measured;
  return state->verdict == EROS_CRITERION_REACHED || state->verdict == EROS_CRITERION_NOT_REACHED;
}

static void
add_criteria (Metrics *self)
{
  g_autoptr (GPtrArray) list = eros_criteria_list (self->deployment);

  for (guint i = 0; i < G_N_ELEMENTS (of_criteria); i++)
    {
      begin (self, of_criteria[i].metric, of_criteria[i].help);
      for (guint k = 0; k < list->len; k++)
        {
          const ErosCriterionState *state = list->pdata[k];

          if (is_said (state, of_criteria[i].is_of_readings))
            add (self, of_criteria[i].metric, "criterion", state->criterion->id, of_criteria[i].read (state));
        }
    }
}

static void
add_rounds (Metrics *self)
{
  g_autoptr (GPtrArray) slots =
    eros_watch_list (self->deployment, NULL, eros_timeline_get_now (self->deployment));
  guint n[EROS_SLOT_DROPPED + 1] = { 0 };
  gint64 last = 0;

  for (guint i = 0; i < slots->len; i++)
    {
      const ErosSlot *slot = slots->pdata[i];

      n[slot->state]++;
      if (slot->round != NULL)
        last = MAX (last, eros_event_get_happened (slot->round));
    }
  begin (self, "eros_deploy_rounds", "Rounds of the schedule, by state.");
  for (guint i = 0; i < G_N_ELEMENTS (n); i++)
    add (self, "eros_deploy_rounds", "state", eros_slot_state_to_text (i), n[i]);
  begin (self, "eros_deploy_last_round_timestamp_seconds",
         "When the last round of the schedule ended; 0: none has.");
  add (self, "eros_deploy_last_round_timestamp_seconds", NULL, NULL, (double) (last / G_USEC_PER_SEC));
  begin (self, "eros_deploy_written_timestamp_seconds", "When this file was written.");
  add (self, "eros_deploy_written_timestamp_seconds", NULL, NULL,
       (double) (g_get_real_time () / G_USEC_PER_SEC));
}

gboolean
eros_cli_metrics_write (ErosDeployment *deployment, GPtrArray *problems, const char *path, GError **error)
{
  Metrics self = { deployment, problems, g_string_new (NULL) };
  g_autofree char *text = NULL;

  add_problems (&self);
  add_criteria (&self);
  add_rounds (&self);
  text = g_string_free (self.text, FALSE);
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
}
