/* eros-report-state.c: a deployment as it is at one moment, copied, so that another thread can lay it out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-state.h"

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-timeline.h"
#include "eros-watch.h"

static const ErosReportItem untouched = { .note = (char *) "" };
static const ErosReportValue blank = { .text = (char *) "", .shown = (char *) "" };

static void
item_free (gpointer data)
{
  ErosReportItem *item = data;

  g_free (item->actor);
  g_free (item->note);
  g_free (item->reason);
  g_free (item->summary);
  g_clear_pointer (&item->evidence, json_node_unref);
  g_free (item);
}

static void
value_free (gpointer data)
{
  ErosReportValue *value = data;

  g_free (value->text);
  g_free (value->shown);
  g_free (value->actor);
  g_free (value->measured);
  g_free (value->reason);
  g_free (value);
}

static void
decision_free (gpointer data)
{
  ErosReportDecision *decision = data;

  g_free (decision->target);
  g_free (decision->title);
  g_free (decision->name);
  g_free (decision->reason);
  g_free (decision->actor);
  g_free (decision->withdrawn_by);
  g_free (decision->withdrawn_reason);
  g_strfreev (decision->through);
  g_strfreev (decision->contradictions);
  g_free (decision);
}

static void
progress_free (gpointer data)
{
  ErosReportProgress *progress = data;

  g_clear_object (&progress->phase);
  g_free (progress);
}

static void
state_clear (gpointer data)
{
  ErosReportState *self = data;

  g_clear_object (&self->runbook);
  g_free (self->id);
  g_free (self->name);
  g_free (self->window);
  g_free (self->lead);
  g_free (self->project);
  g_free (self->dataset);
  g_free (self->location);
  g_free (self->bucket);
  g_free (self->phase_reached);
  g_free (self->head);
  g_hash_table_unref (self->items);
  g_hash_table_unref (self->jobs);
  g_hash_table_unref (self->values);
  g_hash_table_unref (self->subjects);
  g_hash_table_unref (self->rounds);
  g_ptr_array_unref (self->decisions);
  g_ptr_array_unref (self->criteria);
  g_free (self->signed_status);
  g_free (self->signed_id);
  g_strfreev (self->contradictions);
  g_strfreev (self->shared);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_ptr_array_unref (self->progress);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->comparisons);
  eros_report_story_free (self->story);
}

static void
copy_setup (ErosReportState *self, const ErosDeploymentSetup *setup)
{
  g_autofree char *start = eros_time_text_of (setup->window_start);
  g_autofree char *end = eros_time_text_of (setup->window_end);
  const char *lead[4] = { NULL };
  const char *parts[] = { setup->lead_name, setup->lead_email, setup->lead_phone };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (*parts[i] != '\0')
        lead[n++] = parts[i];
    }
  self->name = g_strdup (setup->name);
  self->lead = g_strjoinv (", ", (char **) lead);
  if (*start != '\0' || *end != '\0')
    /* Translators: from one time to another */
    self->window = g_strdup_printf (_ ("%s to %s"), start, end);
  else
    self->window = g_strdup ("");
  self->environment = setup->environment;
  self->project = g_strdup (setup->project);
  self->dataset = g_strdup (setup->dataset);
  self->location = g_strdup (setup->location);
  self->bucket = g_strdup (setup->bucket);
}

static void
copy_values (ErosReportState *self, ErosDeployment *deployment, GListModel *fields)
{
  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      ErosReportValue *value = g_new0 (ErosReportValue, 1);
      const char *measured = NULL;

      value->text = g_strdup (eros_deployment_get_value (deployment, eros_field_get_id (field)));
      value->shown = eros_field_format (field, value->text);
      value->actor = g_strdup (eros_deployment_get_value_actor (deployment, eros_field_get_id (field),
                                                                &value->is_machine, &value->time));
      measured = eros_deployment_get_measured (deployment, eros_field_get_id (field), &value->measured_time);
      value->measured = measured != NULL ? eros_field_format (field, measured) : NULL;
      value->reason = g_strdup (eros_deployment_get_value_reason (deployment, eros_field_get_id (field)));
      g_hash_table_insert (self->values, (gpointer) eros_field_get_id (field), value);
    }
}

/* What a box rests on is told once, at the first that rests on it. */
static void
note_jobs (ErosReportState *self, ErosElement *element, JsonNode *evidence)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (evidence) ? json_node_get_array (evidence) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *job =
        JSON_NODE_HOLDS_OBJECT (node)
          ? json_object_get_string_member_with_default (json_node_get_object (node), "job_id", NULL)
          : NULL;

      if (job != NULL && !g_hash_table_contains (self->jobs, job))
        g_hash_table_insert (self->jobs, g_strdup (job), element);
    }
}

static void
copy_item (ErosReportState *self, ErosItem *from)
{
  ErosReportItem *item = g_new0 (ErosReportItem, 1);
  JsonNode *evidence = eros_item_get_evidence (from);

  item->mark = eros_item_get_mark (from);
  item->actor = g_strdup (eros_item_get_actor (from));
  item->time = eros_item_get_time (from);
  item->note = g_strdup (eros_item_get_note (from));
  item->reason = g_strdup (eros_item_get_reason (from));
  item->summary = g_strdup (eros_item_get_summary (from));
  item->outcome = eros_item_get_outcome (from);
  item->evidence = evidence != NULL ? json_node_copy (evidence) : NULL;
  if (evidence != NULL)
    note_jobs (self, eros_item_get_element (from), evidence);
  item->is_retracted = eros_item_is_retracted (from);
  item->is_failing = eros_item_is_failing (from);
  item->is_decided = eros_item_is_decided (from);
  item->is_signed = eros_item_is_signed (from);
  g_hash_table_insert (self->items, (gpointer) eros_element_get_id (eros_item_get_element (from)), item);
}

static void
copy_rounds (ErosReportState *self, ErosDeployment *deployment, ErosElement *element)
{
  guint n;
  const ErosScheduleEntry *entries = eros_element_get_schedule (element, &n);
  g_autoptr (GPtrArray) slots =
    n > 0 ? eros_watch_list (deployment, element, eros_timeline_get_now (deployment)) : NULL;

  for (guint i = 0; i < n; i++)
    {
      char *made = eros_watch_describe (slots, &entries[i]);

      if (made != NULL)
        g_hash_table_insert (self->rounds, (gpointer) &entries[i], made);
    }
}

static void
copy_sections (ErosReportState *self, ErosDeployment *deployment, GListModel *sections)
{
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint k = 0; k < g_list_model_get_n_items (elements); k++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, k);
          const char *id = eros_element_get_id (element);
          ErosItem *item = eros_deployment_get_item (deployment, id);

          copy_values (self, deployment, eros_element_get_fields (element));
          if (item != NULL)
            copy_item (self, item);
          copy_rounds (self, deployment, element);
          if (eros_element_get_kind (element) == EROS_ELEMENT_TEMPLATE)
            g_hash_table_insert (self->subjects, (gpointer) id,
                                 eros_deployment_fill_subject (deployment, id));
        }
    }
}

static ErosReportDecision *
copy_decision (ErosDeployment *deployment, const ErosDecision *from)
{
  ErosReportDecision *decision = g_new0 (ErosReportDecision, 1);

  decision->kind = from->kind;
  decision->target = g_strdup (eros_decision_get_target (from));
  decision->title = g_strdup (eros_deployment_get_decision_title (deployment, from));
  decision->name = g_strdup (eros_decision_get_name (from));
  decision->reason = g_strdup (eros_decision_get_reason (from));
  decision->actor = g_strdup (eros_event_get_actor (from->event));
  decision->time = eros_event_get_time (from->event);
  decision->through = eros_deployment_list_done_through (deployment, from);
  decision->contradictions = eros_deployment_list_contradictions_of (deployment, from);
  if (from->withdrawal != NULL)
    {
      decision->withdrawn_by = g_strdup (eros_event_get_actor (from->withdrawal));
      decision->withdrawn_reason = g_strdup (eros_decision_get_withdrawal_reason (from));
      decision->withdrawn_time = eros_event_get_time (from->withdrawal);
    }
  return decision;
}

/* The same record makes the same report, whenever it is written. */
static gint64
get_last_time (ErosDeployment *deployment)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  g_autoptr (ErosEvent) last = g_list_model_get_item (journal, g_list_model_get_n_items (journal) - 1);

  return eros_event_get_time (last);
}

static void
copy_outcome (ErosReportState *self, ErosDeployment *deployment)
{
  GPtrArray *decisions = eros_deployment_get_decisions (deployment);
  const char *status = NULL;
  ErosItem *verdict = eros_deployment_get_verdict (deployment, &status);

  for (guint i = 0; i < decisions->len; i++)
    g_ptr_array_add (self->decisions, copy_decision (deployment, decisions->pdata[i]));
  self->result = eros_deployment_get_result (deployment);
  self->rolled_back = eros_deployment_get_operation_end (deployment, "rollback");
  self->signed_status = g_strdup (status);
  if (verdict != NULL)
    self->signed_id = g_strdup (eros_element_get_id (eros_item_get_element (verdict)));
  self->contradictions = eros_deployment_list_contradictions (deployment, NULL);
  self->shared = eros_deployment_list_shared_signatures (deployment);
  self->problems = eros_problem_list (deployment, get_last_time (deployment), NULL);
}

static void
copy_progress (ErosReportState *self, ErosDeployment *deployment)
{
  GListModel *model = eros_deployment_get_progress (deployment);
  ErosPhase *reached = eros_deployment_get_phase_reached (deployment);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (ErosPhaseProgress) from = g_list_model_get_item (model, i);
      ErosReportProgress *progress = g_new0 (ErosReportProgress, 1);

      progress->phase = g_object_ref (eros_phase_progress_get_phase (from));
      progress->done = eros_phase_progress_get_done (from);
      progress->total = eros_phase_progress_get_total (from);
      progress->decided = eros_phase_progress_get_decided (from);
      progress->state = eros_phase_progress_get_state (from);
      g_ptr_array_add (self->progress, progress);
    }
  self->phase_reached = reached != NULL ? g_strdup (eros_phase_get_title (reached)) : NULL;
  eros_deployment_get_overall (deployment, &self->done, &self->total);
}

/* Copies what the report says; on the thread that the deployment lives on. */
ErosReportState *
eros_report_state_new (ErosDeployment *deployment)
{
  ErosReportState *self = g_atomic_rc_box_new0 (ErosReportState);
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  GListModel *phases;

  self->runbook = g_object_ref (eros_deployment_get_runbook (deployment));
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, item_free);
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, value_free);
  self->jobs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->subjects = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->rounds = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->decisions = g_ptr_array_new_with_free_func (decision_free);
  self->progress = g_ptr_array_new_with_free_func (progress_free);
  self->events = g_ptr_array_new_with_free_func (g_object_unref);
  self->id = g_strdup (eros_deployment_get_id (deployment));
  self->head = g_strdup (eros_journal_get_head (eros_deployment_get_journal (deployment)));
  copy_setup (self, eros_deployment_get_setup (deployment));
  copy_values (self, deployment, eros_runbook_get_details (self->runbook));
  phases = eros_runbook_get_phases (self->runbook);
  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      copy_sections (self, deployment, eros_phase_get_sections (phase));
    }
  copy_sections (self, deployment, eros_runbook_get_appendix (self->runbook));
  copy_outcome (self, deployment);
  copy_progress (self, deployment);
  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    g_ptr_array_add (self->events, g_list_model_get_item (journal, i));
  self->comparisons = eros_comparison_list (journal);
  self->criteria = eros_criteria_list (deployment);
  self->story = eros_report_story_new (deployment);
  return self;
}

ErosReportState *
eros_report_state_ref (ErosReportState *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
eros_report_state_unref (ErosReportState *self)
{
  g_atomic_rc_box_release_full (self, state_clear);
}

const ErosReportItem *
eros_report_state_item (ErosReportState *self, const char *element_id)
{
  const ErosReportItem *item = g_hash_table_lookup (self->items, element_id);

  return item != NULL ? item : &untouched;
}

const ErosReportValue *
eros_report_state_value (ErosReportState *self, const char *field_id)
{
  const ErosReportValue *value = g_hash_table_lookup (self->values, field_id);

  return value != NULL ? value : &blank;
}

gint64
eros_report_state_first (ErosReportState *self)
{
  return self->events->len > 0 ? eros_event_get_time (g_ptr_array_index (self->events, 0)) : 0;
}

gint64
eros_report_state_last (ErosReportState *self)
{
  return self->events->len > 0 ? eros_event_get_time (g_ptr_array_index (self->events, self->events->len - 1))
                               : 0;
}
