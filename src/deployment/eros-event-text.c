/* eros-event-text.c: what an event says, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-event-text.h"

#include <inttypes.h>
#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

/* What happened, in words; an event of a kind that is not known here keeps its name. */
static const char *
name_kind (const char *kind)
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
    { "operation.resumed", N_ ("Work gone on with") },
    { "step.noted", N_ ("Step found") },
    { "criterion.decided", N_ ("Criterion decided") },
    { "message.sent", N_ ("Message sent") },
    { "criterion.continued", N_ ("Gone on with over a criterion") },
    { "watch.missed", N_ ("Round missed") },
    { "clock.advanced", N_ ("Clock set ahead") },
    { "service.waited-for", N_ ("No answer") },
    { "service.answered", N_ ("Answered again") },
    { "rehearsal.looked-for", N_ ("Rehearsal looked for") },
    { "rehearsal.shaped", N_ ("Rehearsal shaped") },
    { "way-back.proved", N_ ("Way back proved") },
    { "way-back.looked-for", N_ ("Proof of the way back looked for") },
    { "copy.removed", N_ ("Copy removed") },
    { "backup.removed", N_ ("Backup removed") },
    { "journal.witnessed", N_ ("Witnessed") },
    { "window.moved", N_ ("Window moved") },
    { "escalation.made", N_ ("Escalated") },
    { "signer.changed", N_ ("Signing key changed") },
    { "signer.countersigned", N_ ("Countersigned elsewhere") },
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

/* "Backup: pass"; what went wrong, where that is said. */
static char *
describe_work (ErosEvent *event)
{
  static const char *const names[] = { "title", "step", "operation", "id" };
  static const char *const words[] = { "error", "summary", "outcome" };
  const char *name = NULL;
  const char *more = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names) && name == NULL; i++)
    name = eros_event_get_string (event, names[i]);
  for (guint i = 0; i < G_N_ELEMENTS (words) && more == NULL; i++)
    more = eros_event_get_string (event, words[i]);
  if (name != NULL && eros_operation_kind_of (name) > EROS_OPERATION_KIND_DEPLOY)
    name = eros_operation_kind_get_title (eros_operation_kind_of (name));
  return more != NULL ? g_strdup_printf ("%s: %s", name, more) : g_strdup (name);
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

/* Where a kind has a text of its own that says it all. */
static const char *
find_text (ErosEvent *event)
{
  static const char *const members[] = { "why",     "reason",    "criterion", "backup",
                                         "dataset", "authority", "person" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *text = eros_event_get_string (event, members[i]);

      if (text != NULL && *text != '\0')
        return text;
    }
  return NULL;
}

static char *
describe_undo (ErosEvent *event)
{
  /* Translators: the number of an event that was taken back */
  return g_strdup_printf (_ ("No. %" PRId64), eros_event_get_int (event, "sequence"));
}

const char *
eros_event_text_get_kind (ErosEvent *event)
{
  return name_kind (eros_event_get_kind (event));
}

char *
eros_event_text_describe (ErosRunbook *runbook, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);
  const char *element = eros_event_get_string (event, "element");
  const char *field = eros_event_get_string (event, "field");
  const char *gate = eros_event_get_string (event, "gate");

  if (g_str_equal (kind, "deployment.created"))
    return g_strdup (eros_runbook_get_title (runbook));
  if (element != NULL)
    return describe_element (runbook, event, element);
  if (field != NULL)
    return describe_field (runbook, event, field);
  if (gate != NULL)
    return describe_gate (runbook, event, gate);
  if (g_str_equal (kind, "event.undone"))
    return describe_undo (event);
  if (eros_event_get_string (event, "job_id") != NULL)
    return describe_job (runbook, event);
  if (g_str_has_prefix (kind, "operation.") || g_str_has_prefix (kind, "step."))
    return describe_work (event);
  if (find_text (event) != NULL)
    return g_strdup (find_text (event));
  return describe_body (event);
}

char *
eros_event_text_make_sentence (ErosRunbook *runbook, ErosEvent *event)
{
  g_autofree char *about = eros_event_text_describe (runbook, event);

  if (about[0] == '\0' || g_str_equal (about, "{}"))
    return g_strdup (eros_event_text_get_kind (event));
  /* Translators: what was done, and to what: “Ticked: Database Administrator notified” */
  return g_strdup_printf (_ ("%s: %s"), eros_event_text_get_kind (event), about);
}

const char *
eros_event_text_get_place (ErosRunbook *runbook, ErosEvent *event)
{
  static const char *const members[] = { "element", "step" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *id = eros_event_get_string (event, members[i]);

      if (id != NULL && eros_runbook_find_element (runbook, id) != NULL)
        return id;
    }
  return NULL;
}

gboolean
eros_event_text_is_trouble (ErosEvent *event)
{
  static const char *const kinds[] = { "gate.overridden",   "watch.missed",        "service.waited-for",
                                       "criterion.decided", "criterion.continued", NULL };
  static const char *const outcomes[] = { "fail", "error", "warning", "cancelled", NULL };
  const char *kind = eros_event_get_kind (event);
  const char *outcome;

  if (g_strv_contains (kinds, kind) || g_str_has_suffix (kind, ".withdrawn"))
    return TRUE;
  if (g_str_equal (kind, "item.ticked"))
    return eros_event_has (event, "reason");
  outcome = eros_event_has (event, "outcome") ? eros_event_get_string (event, "outcome") : NULL;
  return outcome != NULL && g_strv_contains (outcomes, outcome);
}
