/* eros-report-content.c: the first page, and the order of the others
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-content.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

void
eros_report_foreach_element (ErosReportState *state, ErosReportElementFunc func, gpointer user_data)
{
  GListModel *phases = eros_runbook_get_phases (state->runbook);

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

              func (state, element, user_data);
            }
        }
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
add_place (ErosReportState *state, ErosLayout *layout)
{
  g_autoptr (GString) place = g_string_new (NULL);

  if (*state->project != '\0' || *state->dataset != '\0')
    g_string_append_printf (place, "%s.%s", state->project, state->dataset);
  if (*state->location != '\0')
    g_string_append_printf (place, " (%s)", state->location);
  if (*state->bucket != '\0')
    /* Translators: a bucket: “gs://…” */
    g_string_append_printf (place, _ ("; backups in %s%s"), "gs://", state->bucket);
  eros_report_compose_pair (layout, _ ("Where"), place->str);
}

/* When it was done, beside when it was to be done and when that was written down. */
static void
add_times (ErosReportState *state, ErosLayout *layout)
{
  const ErosReportOperation *first_deploy = eros_report_story_find (state->story, "deploy-", TRUE);
  const ErosReportOperation *last_deploy = eros_report_story_find (state->story, "deploy-", FALSE);
  g_autofree char *first = eros_time_text (eros_report_state_first (state));
  g_autofree char *last = eros_time_text (eros_report_state_last (state));
  g_autofree char *recorded = g_strdup_printf (_ ("%s to %s"), first, last);
  g_autofree char *deployed = NULL;

  if (first_deploy != NULL)
    {
      g_autofree char *start = eros_time_text (first_deploy->started);
      g_autofree char *end = last_deploy->ended != 0 ? eros_time_text (last_deploy->ended) : g_strdup ("…");

      deployed = g_strdup_printf (_ ("%s to %s"), start, end);
    }
  eros_report_compose_pair (layout, _ ("Deployed"), deployed != NULL ? deployed : _ ("not yet"));
  eros_report_compose_pair (layout, _ ("Window"), state->window);
  eros_report_compose_pair (layout, _ ("Recorded"), recorded);
}

static char *
describe_signature (ErosReportState *state, ErosElement *element)
{
  const char *id = eros_element_get_id (element);
  const ErosReportDecision *signature = eros_report_find_signature (state, id);
  g_autofree char *time = signature != NULL ? eros_time_text (signature->time) : NULL;

  if (signature != NULL)
    return g_strdup_printf ("%s\n%s", signature->name, time);
  return g_strdup (eros_report_state_item (state, id)->is_signed ? _ ("signed") : _ ("not signed"));
}

static void
add_box (ErosReportState *state, ErosElement *element, gpointer user_data)
{
  GArray *boxes = user_data;
  const char *id = eros_element_get_id (element);
  ErosBox box = { .title = eros_element_get_label (element) };
  const ErosReportDecision *signature;

  if (!eros_element_wants_signature (element))
    return;
  signature = eros_report_find_signature (state, id);
  if (signature != NULL)
    box.title = signature->title;
  box.text = describe_signature (state, element);
  g_array_append_val (boxes, box);
}

static void
clear_box (gpointer data)
{
  g_free ((char *) ((ErosBox *) data)->text);
}

static void
add_signatures (ErosReportState *state, ErosLayout *layout)
{
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (ErosBox));

  g_array_set_clear_func (boxes, clear_box);
  eros_report_foreach_element (state, add_box, boxes);
  if (boxes->len == 0)
    return;
  eros_layout_heading (layout, EROS_TEXT_HEADING_2, _ ("Who has signed"), NULL);
  eros_layout_boxes (layout, (const ErosBox *) (gpointer) boxes->data, boxes->len, 3);
  eros_layout_text (
    layout, EROS_TEXT_SMALL,
    _ ("A name is what stands in the record. Signatures with a certificate are part of this file: "
       "whatever shows PDFs lists and checks them."));
}

static void
add_front (ErosReportState *state, ErosLayout *layout)
{
  g_autofree char *done =
    g_strdup_printf (_ ("%u of %u check boxes and sign-offs"), state->done, state->total);
  g_autofree char *runbook = g_strdup_printf (_ ("%s, version %s"), eros_runbook_get_title (state->runbook),
                                              eros_runbook_get_version (state->runbook));
  g_autofree char *events = g_strdup_printf ("%'u", state->events->len);

  eros_layout_text (layout, EROS_TEXT_SMALL, _ ("DEPLOYMENT REPORT"));
  eros_layout_text (layout, EROS_TEXT_TITLE, state->name);
  eros_layout_space (layout, 6);
  add_environment (state, layout);
  eros_report_compose_outcome (state, layout);
  eros_report_compose_pair (layout, _ ("What"), runbook);
  if (*eros_runbook_get_overview (state->runbook) != '\0')
    eros_report_compose_pair (layout, "", eros_runbook_get_overview (state->runbook));
  add_place (state, layout);
  add_times (state, layout);
  eros_report_compose_pair (layout, _ ("Deployment lead"), state->lead);
  eros_report_compose_pair (layout, _ ("Done"), done);
  eros_report_compose_pair (layout, _ ("Phase reached"),
                            state->phase_reached != NULL ? state->phase_reached : "");
  add_signatures (state, layout);
  eros_report_compose_front_concerns (state, layout);
  eros_layout_heading (layout, EROS_TEXT_HEADING_2, _ ("What this rests on"), NULL);
  eros_layout_code_pair (layout, _ ("Runbook’s SHA-256"), eros_runbook_get_sha256 (state->runbook));
  eros_layout_code_pair (layout, _ ("Hash of the last event"), state->head);
  eros_report_compose_pair (layout, _ ("Events"), events);
}

static void
add_details (ErosReportState *state, ErosLayout *layout)
{
  GListModel *details = eros_runbook_get_details (state->runbook);

  eros_layout_heading (layout, EROS_TEXT_HEADING_1, eros_runbook_get_title (state->runbook), "items");
  for (guint i = 0; i < g_list_model_get_n_items (details); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (details, i);

      eros_report_compose_pair (layout, eros_field_get_label (field),
                                eros_report_state_value (state, eros_field_get_id (field))->shown);
    }
}

static void
add_phase (ErosReportState *state, ErosLayout *layout, ErosPhase *phase)
{
  /* Translators: number and title of a phase */
  g_autofree char *title =
    g_strdup_printf (_ ("Phase %u: %s"), eros_phase_get_number (phase), eros_phase_get_title (phase));

  eros_layout_heading (layout, EROS_TEXT_HEADING_1, title, eros_phase_get_id (phase));
  if (eros_phase_is_contingency (phase))
    eros_layout_text (layout, EROS_TEXT_SMALL, _ ("Only conducted when it is needed."));
  eros_report_compose_elements (state, layout, eros_phase_get_sections (phase));
}

gboolean
eros_report_compose (ErosReportState *state,
                     GPtrArray *attachments,
                     ErosLayout *layout,
                     GCancellable *cancellable,
                     GError **error)
{
  GListModel *phases = eros_runbook_get_phases (state->runbook);
  g_autofree char *foot =
    g_strdup_printf (_ ("%'u events, last one %.16s…"), state->events->len, state->head);

  eros_layout_set_running (layout, state->name, foot);
  add_front (state, layout);
  eros_layout_new_page (layout);
  eros_report_compose_questions (state, layout);
  eros_report_compose_phases (state, layout);
  eros_report_compose_timeline (state, layout);
  eros_report_compose_decisions (state, layout);
  eros_report_compose_concerns (state, layout);
  eros_report_compose_rollback (state, layout);
  eros_report_compose_changes (state, layout);
  eros_report_compose_comparisons (state, layout);
  eros_report_compose_criteria (state, layout);
  add_details (state, layout);
  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      add_phase (state, layout, phase);
    }
  eros_report_compose_appendix (state, attachments, layout);
  eros_layout_finish (layout);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
