/* eros-report-deeds.c: what people have done, event by event, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-story.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

/* What happened, in words; an event of a kind that is not known here keeps its name. */
static const char *
name_event (const char *kind)
{
  static const struct
  {
    const char *kind, *name;
  } names[] = {
    { "deployment.created", N_ ("Created") },
    { "item.ticked", N_ ("Ticked") },
    { "item.unticked", N_ ("Unticked") },
    { "item.not-applicable", N_ ("Not applicable") },
    { "note.set", N_ ("Note") },
    { "field.set", N_ ("Filled in") },
    { "field.recorded", N_ ("Measured") },
    { "sign-off.signed", N_ ("Signed") },
    { "sign-off.withdrawn", N_ ("Withdrawn") },
    { "gate.overridden", N_ ("Overridden") },
    { "override.withdrawn", N_ ("Override withdrawn") },
    { "decision.withdrawn", N_ ("Decision withdrawn") },
    { "check.finished", N_ ("Checked") },
    { "event.undone", N_ ("Taken back") },
    { "operation.started", N_ ("Work started") },
    { "operation.ended", N_ ("Work ended") },
    { "job.planned", N_ ("Job sent") },
    { "job.ended", N_ ("Job ended") },
    { "step.started", N_ ("Step started") },
    { "step.repeated", N_ ("Step repeated") },
    { "step.ended", N_ ("Step ended") },
    { "signer.changed", N_ ("Signing key changed") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_str_equal (names[i].kind, kind))
        return _ (names[i].name);
    }
  return kind;
}

static char *
describe_field (ErosRunbook *runbook, ErosEvent *event, const char *id)
{
  ErosField *field = eros_runbook_find_field (runbook, id);
  const char *value = eros_event_get_string (event, "value");
  g_autofree char *shown =
    field != NULL && value != NULL ? eros_field_format (field, value) : g_strdup (value != NULL ? value : "");

  return g_strdup_printf ("%s: %s", field != NULL ? eros_field_get_label (field) : id, shown);
}

static char *
describe_element (ErosRunbook *runbook, ErosEvent *event, const char *id)
{
  static const char *const words[] = { "name", "reason", "summary", "text" };
  ErosElement *element = eros_runbook_find_element (runbook, id);
  const char *label = element != NULL ? eros_element_get_label (element) : id;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const char *more = eros_event_get_string (event, words[i]);

      if (more != NULL && *more != '\0')
        return g_strdup_printf ("%s: %s", label, more);
    }
  return g_strdup (label);
}

static char *
describe_gate (ErosRunbook *runbook, ErosEvent *event, const char *id)
{
  GListModel *gates = eros_runbook_get_gates (runbook);
  const char *reason = eros_event_get_string (event, "reason");
  const char *title = id;

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      if (g_str_equal (eros_gate_get_id (gate), id))
        title = eros_gate_get_title (gate);
    }
  return g_strdup_printf ("%s: %s", title, reason != NULL ? reason : "");
}

static char *
describe_operation (ErosEvent *event)
{
  const char *operation = eros_event_get_string (event, "operation");
  const char *outcome = eros_event_get_string (event, "outcome");

  return outcome != NULL ? g_strdup_printf ("%s: %s", operation, outcome) : g_strdup (operation);
}

static char *
describe_job (ErosRunbook *runbook, ErosEvent *event)
{
  const char *step = eros_event_get_string (event, "step");
  const char *outcome = eros_event_get_string (event, "outcome");
  ErosElement *element = step != NULL ? eros_runbook_find_element (runbook, step) : NULL;
  const char *more = element != NULL ? eros_element_get_label (element) : step != NULL ? step : outcome;

  return g_strdup_printf (more != NULL ? "%s: %s" : "%s", eros_event_get_string (event, "job_id"), more);
}

/* The first words of a body that is not known here: what is attached has it all. */
static char *
describe_body (ErosEvent *event)
{
  g_autofree char *body = eros_event_dup_body_text (event);
  g_autofree char *start = g_utf8_substring (body, 0, MIN (g_utf8_strlen (body, -1), 160));

  return strlen (start) < strlen (body) ? g_strconcat (start, "…", NULL) : g_steal_pointer (&start);
}

static char *
describe_event (ErosRunbook *runbook, ErosEvent *event)
{
  const char *element = eros_event_get_string (event, "element");
  const char *field = eros_event_get_string (event, "field");
  const char *gate = eros_event_get_string (event, "gate");

  if (g_str_equal (eros_event_get_kind (event), "deployment.created"))
    return g_strdup (eros_runbook_get_title (runbook));
  if (element != NULL)
    return describe_element (runbook, event, element);
  if (field != NULL)
    return describe_field (runbook, event, field);
  if (gate != NULL)
    return describe_gate (runbook, event, gate);
  if (g_str_equal (eros_event_get_kind (event), "event.undone"))
    /* Translators: the number of an event that was taken back */
    return g_strdup_printf (_ ("No. %" G_GINT64_FORMAT), eros_event_get_int (event, "sequence"));
  if (eros_event_get_string (event, "job_id") != NULL)
    return describe_job (runbook, event);
  if (eros_event_get_string (event, "operation") != NULL)
    return describe_operation (event);
  return describe_body (event);
}

/* Of very many the first and the last half is kept; all of them are attached. */
void
eros_report_story_add_deed (ErosReportStory *self, ErosRunbook *runbook, ErosEvent *event)
{
  ErosReportDeed *deed = g_new0 (ErosReportDeed, 1);

  deed->sequence = eros_event_get_sequence (event);
  deed->time = eros_event_get_time (event);
  deed->actor = g_strdup (eros_event_get_actor (event));
  deed->what = g_strdup (name_event (eros_event_get_kind (event)));
  deed->text = describe_event (runbook, event);
  g_ptr_array_add (self->deeds, deed);
  self->n_deeds++;
  if (self->deeds->len > EROS_REPORT_MOST_DEEDS)
    g_ptr_array_remove_index (self->deeds, EROS_REPORT_MOST_DEEDS / 2);
}
