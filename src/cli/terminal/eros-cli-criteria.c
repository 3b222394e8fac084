/* eros-cli-criteria.c: how the criteria stand, on a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-criteria.h"

#include <math.h>
#include <glib/gi18n-lib.h>

#include "eros-criteria.h"
#include "eros-time-text.h"

static void
print_criterion (const ErosCriterionState *state)
{
  eros_cli_print ("  %s\n    %s%s%s%s\n", state->criterion->text,
                  eros_criterion_verdict_get_symbol (state->verdict),
                  eros_criterion_verdict_to_label (state->verdict), state->text != NULL ? ": " : "",
                  state->text != NULL ? state->text : "");
  if (state->fact != NULL)
    eros_cli_print ("    %s\n", state->fact);
  if (eros_criterion_may_be_decided (state->criterion))
    eros_cli_print ("    %s\n", state->criterion->id);
}

void
eros_cli_print_criteria (ErosDeployment *deployment)
{
  g_autoptr (GPtrArray) list = eros_criteria_list (deployment);
  gboolean is_known = FALSE;

  for (guint i = 0; i < list->len; i++)
    {
      const ErosCriterionState *state = list->pdata[i];

      is_known |= state->text != NULL || state->fact != NULL;
    }
  if (!is_known)
    return;
  eros_cli_print (_ ("\nCriteria:\n"));
  for (guint i = 0; i < list->len; i++)
    print_criterion (list->pdata[i]);
}

gboolean
eros_cli_print_reached (ErosDeployment *deployment, gboolean quiet)
{
  g_auto (GStrv) reached = eros_criteria_list_reached (deployment);

  for (guint i = 0; !quiet && reached[i] != NULL; i++)
    /* Translators: a criterion, and what is known of it */
    eros_cli_print (_ ("✘ Roll back: a criterion for it is reached: %s\n"), reached[i]);
  return reached[0] != NULL;
}

/* A number that is none, or has no end, is null. */
static void
set_number (JsonObject *object, const char *name, double value)
{
  if (isfinite (value))
    json_object_set_double_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

static JsonObject *
reading_to_json (const ErosReading *reading)
{
  g_autofree char *when = eros_time_iso (reading->when);
  JsonObject *object = json_object_new ();

  set_number (object, "estimate", reading->value);
  set_number (object, "low", reading->low);
  set_number (object, "high", reading->high);
  json_object_set_int_member (object, "n", reading->n);
  json_object_set_int_member (object, "n_before", reading->n_before);
  eros_cli_set_text (object, "measured", when);
  return object;
}

static JsonObject *
criterion_to_json (const ErosCriterionState *state)
{
  const ErosCriterion *criterion = state->criterion;
  JsonObject *object = json_object_new ();

  eros_cli_set_text (object, "id", criterion->id);
  eros_cli_set_text (object, "text", criterion->text);
  json_object_set_boolean_member (object, "to_roll_back_by", eros_criterion_is_to_roll_back_by (criterion));
  eros_cli_set_text (object, "verdict", eros_criterion_verdict_to_text (state->verdict));
  eros_cli_set_text (object, "metric", criterion->metric);
  eros_cli_set_text (object, "op", criterion->op);
  eros_cli_set_text (object, "threshold", criterion->threshold);
  eros_cli_set_text (object, "unit", criterion->unit);
  eros_cli_set_text (object, "known", state->text);
  eros_cli_set_text (object, "fact", state->fact);
  if (state->is_measured)
    json_object_set_object_member (object, "reading", reading_to_json (&state->reading));
  else
    json_object_set_null_member (object, "reading");
  return object;
}

JsonArray *
eros_cli_criteria_to_json (ErosDeployment *deployment)
{
  g_autoptr (GPtrArray) list = eros_criteria_list (deployment);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < list->len; i++)
    json_array_add_object_element (array, criterion_to_json (list->pdata[i]));
  return array;
}
