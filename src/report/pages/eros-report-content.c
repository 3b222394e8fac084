/* eros-report-content.c: title page, summary, phases, record
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-content.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

static const char *
describe_phase_state (ErosPhaseState state)
{
  switch (state)
    {
    case EROS_PHASE_IN_PROGRESS:
      return _ ("In progress");
    case EROS_PHASE_COMPLETE:
      return _ ("Complete");
    case EROS_PHASE_FAILED:
      return _ ("A check has failed");
    case EROS_PHASE_NOT_STARTED:
    default:
      return _ ("Not started");
    }
}

static void
add_environment (ErosReportState *state, ErosLayout *layout)
{
  switch (state->environment)
    {
    case EROS_ENVIRONMENT_PRODUCTION:
      eros_layout_banner (layout, EROS_TONE_DANGER, _ ("PRODUCTION"));
      break;
    case EROS_ENVIRONMENT_STAGING:
      eros_layout_banner (layout, EROS_TONE_CAUTION, _ ("STAGING"));
      break;
    case EROS_ENVIRONMENT_REHEARSAL:
    default:
      eros_layout_banner (layout, EROS_TONE_CALM,
                          _ ("REHEARSAL: on a BigQuery of its own, nothing of this happened in production"));
      break;
    }
}

static void
add_connection (ErosReportState *state, ErosLayout *layout)
{
  g_autofree char *bucket =
    *state->bucket != '\0' ? g_strdup_printf ("gs://%s", state->bucket) : g_strdup ("");

  eros_report_compose_pair (layout, _ ("Project"), state->project);
  eros_report_compose_pair (layout, _ ("Data set"), state->dataset);
  eros_report_compose_pair (layout, _ ("Location"), state->location);
  eros_report_compose_pair (layout, _ ("Backup bucket"), bucket);
}

static void
add_title_page (ErosReportState *state, ErosLayout *layout)
{
  g_autofree char *done =
    g_strdup_printf (_ ("%u of %u check boxes and sign-offs"), state->done, state->total);
  g_autofree char *first = eros_time_text (eros_report_state_first (state));
  g_autofree char *last = eros_time_text (eros_report_state_last (state));
  g_autofree char *span = g_strdup_printf (_ ("%s to %s"), first, last);
  g_autofree char *runbook = g_strdup_printf (_ ("%s, version %s"), eros_runbook_get_title (state->runbook),
                                              eros_runbook_get_version (state->runbook));
  g_autofree char *events = g_strdup_printf ("%u", state->events->len);

  eros_layout_text (layout, EROS_TEXT_SMALL, _ ("DEPLOYMENT REPORT"));
  eros_layout_text (layout, EROS_TEXT_TITLE, state->name);
  eros_layout_space (layout, 10);
  add_environment (state, layout);
  eros_report_compose_outcome (state, layout);
  eros_report_compose_pair (layout, _ ("Done"), done);
  eros_report_compose_pair (layout, _ ("Phase reached"),
                            state->phase_reached != NULL ? state->phase_reached : "");
  eros_report_compose_pair (layout, _ ("Window"), state->window);
  eros_report_compose_pair (layout, _ ("Deployment lead"), state->lead);
  eros_layout_space (layout, 6);
  add_connection (state, layout);
  eros_layout_space (layout, 6);
  eros_report_compose_pair (layout, _ ("Runbook"), runbook);
  eros_layout_code_pair (layout, _ ("Runbook’s SHA-256"), eros_runbook_get_sha256 (state->runbook));
  eros_report_compose_pair (layout, _ ("Recorded"), span);
  eros_report_compose_pair (layout, _ ("Events"), events);
  eros_layout_code_pair (layout, _ ("Hash of the last event"), state->head);
}

static void
add_progress (ErosReportState *state, ErosLayout *layout)
{
  static const double weights[] = { 4.5, 1.4, 3.3 };
  const char *titles[] = { _ ("Phase"), _ ("Done"), _ ("State"), NULL };

  eros_layout_heading (layout, EROS_TEXT_HEADING_1, _ ("Phases"));
  eros_layout_table_begin (layout, weights, titles, 3);
  for (guint i = 0; i < state->progress->len; i++)
    {
      const ErosReportProgress *progress = g_ptr_array_index (state->progress, i);
      g_autofree char *title = g_strdup_printf ("%u  %s", eros_phase_get_number (progress->phase),
                                                eros_phase_get_title (progress->phase));
      g_autofree char *done = g_strdup_printf (_ ("%u of %u"), progress->done, progress->total);
      const char *state_text = describe_phase_state (progress->state);
      g_autofree char *decided =
        /* Translators: how a phase stands; how many of its boxes were marked over a check that fails */
        progress->decided > 0 ? g_strdup_printf (_ ("%s, %u by decision"), state_text, progress->decided)
                              : NULL;
      gboolean is_unused =
        eros_phase_is_contingency (progress->phase) && progress->state == EROS_PHASE_NOT_STARTED;
      const char *cells[] = { title, is_unused ? "–" : done,
                              is_unused         ? _ ("Not needed")
                              : decided != NULL ? decided
                                                : state_text,
                              NULL };

      eros_layout_table_row (layout, cells);
    }
  eros_layout_table_end (layout);
}

/* What a reader should not have to search for. NULL: nothing. */
static const char *
find_deviation (const ErosReportItem *item)
{
  if (item->is_retracted)
    return _ ("The machine has taken its tick back: the check fails now");
  if (item->is_decided && !item->is_failing)
    return _ ("Ticked by decision before its time");
  if (item->is_decided)
    return item->mark == EROS_ITEM_TICKED
             ? _ ("Ticked by decision although the machine check failed")
             : _ ("Set to not applicable by decision although the machine check failed");
  if (item->is_failing)
    return _ ("The machine check failed");
  if (item->outcome == EROS_OUTCOME_ERROR || item->outcome == EROS_OUTCOME_NOT_LOOKED)
    return _ ("The machine check could not be made");
  if (item->outcome == EROS_OUTCOME_NOT_ENOUGH)
    return item->mark == EROS_ITEM_TICKED
             ? _ ("Ticked by a person; for the machine there was not enough to say")
             : _ ("The machine check: not enough to say");
  if (item->outcome == EROS_OUTCOME_WARNING)
    return _ ("The machine check warns");
  if (item->mark == EROS_ITEM_NOT_APPLICABLE)
    return _ ("Not applicable");
  return NULL;
}

static void
add_deviation (ErosReportState *state, ErosLayout *layout, ErosElement *element, guint *n)
{
  static const double weights[] = { 4, 5 };
  const char *titles[] = { _ ("Check box"), _ ("What"), NULL };
  const ErosReportItem *item = eros_report_state_item (state, eros_element_get_id (element));
  const char *what = find_deviation (item);
  const char *why = item->mark == EROS_ITEM_NOT_APPLICABLE ? item->reason : item->summary;
  g_autofree char *text =
    what != NULL && why != NULL ? g_strdup_printf ("%s: %s", what, why) : g_strdup (what);
  const char *cells[] = { eros_element_get_label (element), text, NULL };

  if (what == NULL)
    return;
  if ((*n)++ == 0)
    eros_layout_table_begin (layout, weights, titles, 2);
  eros_layout_table_row (layout, cells);
}

/* (transfer full) (nullable): a measured value in whose place somebody has typed another */
static char *
describe_replaced (ErosField *field, const ErosReportValue *value)
{
  const char *label = eros_field_get_label (field);

  if (value->measured == NULL)
    return NULL;
  if (*value->reason == '\0')
    /* Translators: a field; a value; a person; another value */
    return g_strdup_printf (_ ("“%s” was measured as “%s”; %s has put “%s” in its place"), label,
                            value->measured, value->actor, value->shown);
  /* Translators: a field; a value; a person; another value; the reason */
  return g_strdup_printf (_ ("“%s” was measured as “%s”; by decision %s has put “%s” in its place: %s"),
                          label, value->measured, value->actor, value->shown, value->reason);
}

static void
add_replaced_values (ErosReportState *state, ErosLayout *layout, ErosElement *element, guint *n)
{
  static const double weights[] = { 4, 5 };
  const char *titles[] = { _ ("Check box"), _ ("What"), NULL };
  GListModel *fields = eros_element_get_fields (element);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const ErosReportValue *value = eros_report_state_value (state, eros_field_get_id (field));
      g_autofree char *text = describe_replaced (field, value);
      const char *cells[] = { eros_element_get_label (element), text, NULL };

      if (text == NULL)
        continue;
      if ((*n)++ == 0)
        eros_layout_table_begin (layout, weights, titles, 2);
      eros_layout_table_row (layout, cells);
    }
}

static void
add_deviations (ErosReportState *state, ErosLayout *layout)
{
  GListModel *phases = eros_runbook_get_phases (state->runbook);
  guint n = 0;

  eros_layout_heading (layout, EROS_TEXT_HEADING_1, _ ("What needs attention"));
  for (guint p = 0; p < g_list_model_get_n_items (phases); p++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, p);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint s = 0; s < g_list_model_get_n_items (sections); s++)
        {
          g_autoptr (ErosSection) section = g_list_model_get_item (sections, s);
          GListModel *elements = eros_section_get_elements (section);

          for (guint e = 0; e < g_list_model_get_n_items (elements); e++)
            {
              g_autoptr (ErosElement) element = g_list_model_get_item (elements, e);

              add_deviation (state, layout, element, &n);
              add_replaced_values (state, layout, element, &n);
            }
        }
    }
  if (n > 0)
    eros_layout_table_end (layout);
  else
    eros_layout_text (layout, EROS_TEXT_BODY,
                      _ ("Nothing: no machine check has failed, and no check box was set aside."));
}

static void
add_phase (ErosReportState *state, ErosLayout *layout, ErosPhase *phase)
{
  /* Translators: number and title of a phase */
  g_autofree char *title =
    g_strdup_printf (_ ("Phase %u: %s"), eros_phase_get_number (phase), eros_phase_get_title (phase));

  eros_layout_heading (layout, EROS_TEXT_HEADING_1, title);
  if (eros_phase_is_contingency (phase))
    eros_layout_text (layout, EROS_TEXT_SMALL, _ ("Only conducted when it is needed."));
  eros_report_compose_elements (state, layout, eros_phase_get_sections (phase));
}

static void
add_details (ErosReportState *state, ErosLayout *layout)
{
  GListModel *details = eros_runbook_get_details (state->runbook);

  eros_layout_heading (layout, EROS_TEXT_HEADING_1, eros_runbook_get_title (state->runbook));
  eros_layout_text (layout, EROS_TEXT_BODY, eros_runbook_get_overview (state->runbook));
  eros_layout_space (layout, 4);
  for (guint i = 0; i < g_list_model_get_n_items (details); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (details, i);

      eros_report_compose_pair (layout, eros_field_get_label (field),
                                eros_report_state_value (state, eros_field_get_id (field))->shown);
    }
}

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
describe_field (ErosReportState *state, ErosEvent *event, const char *id)
{
  ErosField *field = eros_runbook_find_field (state->runbook, id);
  const char *value = eros_event_get_string (event, "value");
  g_autofree char *shown =
    field != NULL && value != NULL ? eros_field_format (field, value) : g_strdup (value != NULL ? value : "");

  return g_strdup_printf ("%s: %s", field != NULL ? eros_field_get_label (field) : id, shown);
}

static char *
describe_element (ErosReportState *state, ErosEvent *event, const char *id)
{
  static const char *const words[] = { "name", "reason", "summary", "text" };
  ErosElement *element = eros_runbook_find_element (state->runbook, id);
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
describe_gate (ErosReportState *state, ErosEvent *event, const char *id)
{
  GListModel *gates = eros_runbook_get_gates (state->runbook);
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
describe_job (ErosReportState *state, ErosEvent *event)
{
  const char *step = eros_event_get_string (event, "step");
  const char *outcome = eros_event_get_string (event, "outcome");
  ErosElement *element = step != NULL ? eros_runbook_find_element (state->runbook, step) : NULL;
  const char *more = element != NULL ? eros_element_get_label (element) : step != NULL ? step : outcome;

  return g_strdup_printf (more != NULL ? "%s: %s" : "%s", eros_event_get_string (event, "job_id"), more);
}

/* The first words of a body that is not known here: what is attached has it all. */
static char *
describe_body (ErosEvent *event)
{
  const char *body = eros_event_get_body_text (event);
  g_autofree char *start = g_utf8_substring (body, 0, MIN (g_utf8_strlen (body, -1), 160));

  return strlen (start) < strlen (body) ? g_strconcat (start, "…", NULL) : g_steal_pointer (&start);
}

static char *
describe_event (ErosReportState *state, ErosEvent *event)
{
  const char *element = eros_event_get_string (event, "element");
  const char *field = eros_event_get_string (event, "field");
  const char *gate = eros_event_get_string (event, "gate");

  if (g_str_equal (eros_event_get_kind (event), "deployment.created"))
    return g_strdup (state->name);
  if (element != NULL)
    return describe_element (state, event, element);
  if (field != NULL)
    return describe_field (state, event, field);
  if (gate != NULL)
    return describe_gate (state, event, gate);
  if (g_str_equal (eros_event_get_kind (event), "event.undone"))
    /* Translators: the number of an event that was taken back */
    return g_strdup_printf (_ ("No. %" G_GINT64_FORMAT), eros_event_get_int (event, "sequence"));
  if (eros_event_get_string (event, "job_id") != NULL)
    return describe_job (state, event);
  if (eros_event_get_string (event, "operation") != NULL)
    return describe_operation (event);
  return describe_body (event);
}

static gboolean
add_record (ErosReportState *state, ErosLayout *layout, GCancellable *cancellable, GError **error)
{
  static const double weights[] = { 0.8, 2.2, 3.6, 2.2, 5 };
  const char *titles[] = { _ ("No."), _ ("Time (UTC)"), _ ("By"), _ ("Event"), _ ("What"), NULL };

  eros_layout_heading (layout, EROS_TEXT_HEADING_1, _ ("The record"));
  eros_layout_text (layout, EROS_TEXT_BODY,
                    _ ("Every event, in order. The whole record is attached to this file as journal.jsonl: "
                       "each event holds the "
                       "hash of the one before, and the hash of the last one stands on the first page."));
  eros_layout_space (layout, 4);
  eros_layout_table_begin (layout, weights, titles, 5);
  for (guint i = 0; i < state->events->len; i++)
    {
      ErosEvent *event = g_ptr_array_index (state->events, i);
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, eros_event_get_sequence (event));
      g_autofree char *time = eros_time_text (eros_event_get_time (event));
      g_autofree char *what = describe_event (state, event);
      const char *cells[] = {
        number, time, eros_event_get_actor (event), name_event (eros_event_get_kind (event)), what, NULL
      };

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      time[strcspn (time, "U")] = '\0';
      eros_layout_table_small_row (layout, cells);
    }
  eros_layout_table_end (layout);
  return TRUE;
}

gboolean
eros_report_compose (ErosReportState *state, ErosLayout *layout, GCancellable *cancellable, GError **error)
{
  GListModel *phases = eros_runbook_get_phases (state->runbook);
  g_autofree char *foot = g_strdup_printf (_ ("%u events, last one %.16s…"), state->events->len, state->head);

  eros_layout_set_running (layout, state->name, foot);
  add_title_page (state, layout);
  eros_report_compose_decisions (state, layout);
  add_progress (state, layout);
  add_deviations (state, layout);
  add_details (state, layout);
  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      add_phase (state, layout, phase);
    }
  if (g_list_model_get_n_items (eros_runbook_get_appendix (state->runbook)) > 0)
    {
      eros_layout_heading (layout, EROS_TEXT_HEADING_1, _ ("Appendix"));
      eros_report_compose_elements (state, layout, eros_runbook_get_appendix (state->runbook));
    }
  return add_record (state, layout, cancellable, error);
}
