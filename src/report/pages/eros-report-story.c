/* eros-report-story.c: what a journal tells beside the state that it leads to: work, changes, texts, curves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-story.h"

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-measure.h"
#include "eros-time-text.h"

/* What an operation has found stands at length in its own chapter. */
#define MOST_OF_SUMMARY 160

/* ---- what is freed ------------------------------------------------------------------------------------- */

static void
operation_free (gpointer data)
{
  ErosReportOperation *self = data;

  g_free (self->kind);
  g_free (self->id);
  g_free (self->title);
  g_free (self->actor);
  g_free (self->outcome);
  g_free (self->summary);
  g_free (self->reason);
  g_free (self->authority);
  g_free (self->backup);
  g_free (self);
}

static void
milestone_free (gpointer data)
{
  ErosReportMilestone *self = data;

  g_free (self->what);
  g_free (self->actor);
  g_free (self);
}

static void
change_free (gpointer data)
{
  ErosReportChange *self = data;

  g_free (self->kind);
  g_free (self->name);
  g_free (self->before);
  g_free (self->after);
  g_free (self);
}

static void
inventory_free (gpointer data)
{
  ErosReportInventory *self = data;

  g_free (self->file);
  g_free (self->text);
  g_free (self->digest);
  g_free (self->title);
  g_free (self);
}

static void
sql_free (gpointer data)
{
  ErosReportSql *self = data;

  g_free (self->name);
  g_free (self->file);
  g_free (self->text);
  g_free (self->sha256);
  g_free (self->general);
  g_free (self);
}

static void
curve_free (gpointer data)
{
  g_array_unref (((ErosReportCurve *) data)->points);
  g_free (data);
}

static void
step_free (gpointer data)
{
  ErosReportStep *self = data;

  g_free (self->title);
  g_free (self->outcome);
  g_free (self->summary);
  g_free (self);
}

static void
deed_free (gpointer data)
{
  ErosReportDeed *self = data;

  g_free (self->actor);
  g_free (self->what);
  g_free (self->text);
  g_free (self);
}

void
eros_report_story_free (ErosReportStory *self)
{
  g_hash_table_unref (self->by_text);
  g_hash_table_unref (self->found);
  g_ptr_array_unref (self->deeds);
  g_ptr_array_unref (self->steps);
  g_ptr_array_unref (self->curves);
  g_ptr_array_unref (self->sql);
  g_ptr_array_unref (self->inventories);
  g_ptr_array_unref (self->changes);
  g_ptr_array_unref (self->milestones);
  g_ptr_array_unref (self->operations);
  g_free (self->rehearsed);
  g_free (self->created_by);
  g_free (self);
}

/* ---- work ---------------------------------------------------------------------------------------------- */

typedef struct
{
  ErosReportStory *story;
  ErosDeployment *deployment;
  ErosRunbook *runbook;
  GHashTable *by_id;          /* id of an operation → it */
  GHashTable *step_titles;    /* "ID STEP" → title, of rollbacks */
  ErosReportMilestone *watch; /* (nullable): of the rounds that follow one another */
  guint n_rounds, n_failed_rounds;
  gint64 watch_end;
  guint n_missed; /* rounds, from the first one on */
  gint64 first_missed;
} Reader;

static ErosReportMilestone *
add_milestone (Reader *reader, gint64 time, const char *actor, char *what)
{
  ErosReportMilestone *milestone = g_new0 (ErosReportMilestone, 1);

  milestone->time = time;
  milestone->actor = g_strdup (actor);
  milestone->what = what;
  g_ptr_array_add (reader->story->milestones, milestone);
  return milestone;
}

static const char *
get_argument (ErosEvent *event, const char *name)
{
  JsonNode *arguments = json_object_get_member (eros_event_get_body (event), EROS_MEMBER_ARGUMENTS);

  return arguments != NULL && JSON_NODE_HOLDS_OBJECT (arguments)
           ? json_object_get_string_member_with_default (json_node_get_object (arguments), name, NULL)
           : NULL;
}

static void
start_operation (Reader *reader, ErosEvent *event)
{
  ErosReportOperation *self = g_new0 (ErosReportOperation, 1);
  const char *id = eros_event_get_string (event, EROS_MEMBER_ID);
  const char *kind = eros_event_get_string (event, EROS_MEMBER_OPERATION);
  const char *title = eros_event_get_string (event, EROS_MEMBER_TITLE);

  self->kind = g_strdup (kind != NULL ? kind : "");
  self->id = g_strdup (id != NULL ? id : "");
  self->title = g_strdup (title != NULL ? title : self->kind);
  self->actor = g_strdup (eros_event_get_actor (event));
  self->started = eros_event_get_happened (event);
  self->sequence = eros_event_get_sequence (event);
  self->reason = g_strdup (get_argument (event, "reason"));
  self->authority = g_strdup (get_argument (event, "authority"));
  self->backup = g_strdup (get_argument (event, "backup"));
  g_ptr_array_add (reader->story->operations, self);
  g_hash_table_insert (reader->by_id, self->id, self);
}

static ErosReportOperation *
operation_of (Reader *reader, ErosEvent *event)
{
  const char *id = eros_event_get_string (event, EROS_MEMBER_ID);

  return id != NULL ? g_hash_table_lookup (reader->by_id, id) : NULL;
}

static void
end_operation (Reader *reader, ErosEvent *event)
{
  ErosReportOperation *self = operation_of (reader, event);
  const char *summary = eros_event_get_string (event, EROS_MEMBER_SUMMARY);

  if (self == NULL)
    return;
  g_free (self->outcome);
  g_free (self->summary);
  self->outcome = g_strdup (eros_event_get_string (event, EROS_MEMBER_OUTCOME));
  self->summary = g_strdup (summary != NULL ? summary : eros_event_get_string (event, EROS_MEMBER_ERROR));
  self->ended = eros_event_get_happened (event);
}

const char *
eros_report_operation_describe (const ErosReportOperation *operation)
{
  static const struct
  {
    const char *outcome, *text;
  } words[] = {
    { "pass", N_ ("ended well") },
    { "warning", N_ ("ended well, with a warning") },
    { "not-enough-to-say", N_ ("ended well; not all can be said") },
    { "fail", N_ ("failed") },
    { "error", N_ ("could not be done") },
    { "cancelled", N_ ("was cancelled") },
  };

  if (operation->outcome == NULL)
    return _ ("has not ended");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].outcome, operation->outcome))
      return _ (words[i].text);
  return operation->outcome;
}

static char *
describe_operation (const ErosReportOperation *operation)
{
  g_autofree char *end = eros_time_text (operation->ended);
  g_autoptr (GString) text = g_string_new (operation->title);

  g_string_append_printf (text, ": %s", eros_report_operation_describe (operation));
  if (operation->ended != 0)
    g_string_append_printf (text, ", %s", end);
  if (operation->reason != NULL)
    /* Translators: why something was done */
    g_string_append_printf (text, _ (". Reason: %s"), operation->reason);
  if (operation->authority != NULL)
    /* Translators: a person */
    g_string_append_printf (text, _ (". Decided by %s"), operation->authority);
  if (operation->summary != NULL && g_utf8_strlen (operation->summary, -1) <= MOST_OF_SUMMARY)
    g_string_append_printf (text, ". %s", operation->summary);
  else if (operation->summary != NULL)
    {
      g_autofree char *start = g_utf8_substring (operation->summary, 0, MOST_OF_SUMMARY);

      g_string_append_printf (text, ". %s …", start);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* ---- milestones ---------------------------------------------------------------------------------------- */

static void
end_watch (Reader *reader)
{
  g_autofree char *end = eros_time_text (reader->watch_end);
  g_autoptr (GString) text = g_string_new (NULL);

  if (reader->watch == NULL)
    return;
  g_string_append_printf (
    text,
    g_dngettext (GETTEXT_PACKAGE, "%u round of monitoring", "%u rounds of monitoring", reader->n_rounds),
    reader->n_rounds);
  /* Translators: follows “7 rounds of monitoring”; a time */
  g_string_append_printf (text, _ (", the last at %s"), end);
  if (reader->n_failed_rounds == 0)
    g_string_append (text, _ ("; all ended well"));
  else
    g_string_append_printf (text, _ ("; %u did not end well"), reader->n_failed_rounds);
  reader->watch->what = g_string_free (g_steal_pointer (&text), FALSE);
  reader->watch = NULL;
  reader->n_rounds = reader->n_failed_rounds = 0;
}

/* Rounds that follow one another are one line. */
static void
add_round (Reader *reader, const ErosReportOperation *operation)
{
  if (reader->watch == NULL)
    reader->watch = add_milestone (reader, operation->started, operation->actor, NULL);
  reader->n_rounds++;
  reader->n_failed_rounds +=
    g_strcmp0 (operation->outcome, "pass") != 0 && g_strcmp0 (operation->outcome, "warning") != 0;
  reader->watch_end = operation->started;
}

static void
add_operations (Reader *reader)
{
  GPtrArray *operations = reader->story->operations;

  for (guint i = 0; i < operations->len; i++)
    {
      const ErosReportOperation *operation = operations->pdata[i];

      if (g_str_equal (operation->kind, "monitoring"))
        add_round (reader, operation);
      else if (!g_str_equal (operation->kind, "checks"))
        {
          end_watch (reader);
          add_milestone (reader, operation->started, operation->actor, describe_operation (operation));
        }
    }
  end_watch (reader);
}

static void
add_missed (Reader *reader)
{
  if (reader->n_missed > 0)
    add_milestone (
      reader, reader->first_missed, "",
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u round of monitoring was missed",
                                    "From here on %u rounds of monitoring were missed", reader->n_missed),
                       reader->n_missed));
}

static void
add_decision (Reader *reader, const ErosDecision *decision)
{
  g_autofree char *what = eros_deployment_describe_decision (reader->deployment, decision);
  ErosEvent *withdrawal = decision->withdrawal;

  add_milestone (reader, eros_event_get_time (decision->event), eros_decision_get_name (decision),
                 g_strdup (what));
  if (withdrawal != NULL)
    add_milestone (
      reader, eros_event_get_time (withdrawal), eros_event_get_actor (withdrawal),
      /* Translators: a decision that somebody has withdrawn; why */
      g_strdup_printf (_ ("Withdrawn: %s (%s)"), what, eros_decision_get_withdrawal_reason (decision)));
}

static int
compare_milestones (gconstpointer a, gconstpointer b)
{
  const ErosReportMilestone *const *first = a;
  const ErosReportMilestone *const *second = b;

  return ((*first)->time > (*second)->time) - ((*first)->time < (*second)->time);
}

/* (transfer full) (nullable): from when until when; NULL: the event does not say it */
static char *
describe_window (ErosEvent *event, const char *start, const char *end)
{
  g_autofree char *from = eros_time_text_of (eros_event_get_line (event, start));
  g_autofree char *until = eros_time_text_of (eros_event_get_line (event, end));

  return *from != '\0' && *until != '\0' ? g_strdup_printf ("%s – %s", from, until) : NULL;
}

/* (transfer full) (nullable) */
static char *
describe_move (ErosEvent *event)
{
  g_autofree char *old = describe_window (event, EROS_MEMBER_FROM_START, EROS_MEMBER_FROM_END);
  g_autofree char *new = describe_window (event, EROS_MEMBER_WINDOW_START, EROS_MEMBER_WINDOW_END);
  const char *reason = eros_event_get_line (event, EROS_MEMBER_REASON);

  if (new == NULL)
    return NULL;
  if (reason == NULL)
    reason = "";
  return old != NULL
           /* Translators: the old window, “2026-11-24 14:30:00 UTC – 2026-11-24 16:30:00 UTC”; the new one;
              why */
           ? g_strdup_printf (_ ("The window was moved: from %s to %s (%s)"), old, new, reason)
           /* Translators: the new window, “2026-11-24 14:30:00 UTC – 2026-11-24 16:30:00 UTC”; why */
           : g_strdup_printf (_ ("The window was moved to %s (%s)"), new, reason);
}

/* What is neither work nor a decision. */
static void
add_other_milestone (Reader *reader, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);
  char *what = NULL;

  if (g_str_equal (kind, EROS_EVENT_DEPLOYMENT_CREATED))
    what = g_strdup (_ ("The deployment was prepared: its record begins"));
  else if (g_str_equal (kind, EROS_EVENT_CRITERION_DECIDED))
    what = g_strdup_printf (eros_event_says (event, EROS_MEMBER_DECISION, "yes")
                              ? _ ("Said to be reached: criterion “%s”")
                              : _ ("Said not to be reached: criterion “%s”"),
                            eros_event_get_line (event, EROS_MEMBER_CRITERION));
  else if (g_str_equal (kind, EROS_EVENT_CRITERION_CONTINUED))
    /* Translators: a criterion; a person; why */
    what = g_strdup_printf (_ ("Gone on with although criterion “%s” is reached: %s, %s"),
                            eros_event_get_line (event, EROS_MEMBER_CRITERION),
                            eros_event_get_line (event, EROS_MEMBER_NAME),
                            eros_event_get_line (event, EROS_MEMBER_REASON));
  else if (g_str_equal (kind, EROS_EVENT_BACKUP_REMOVED))
    what = g_strdup_printf (_ ("Backup %s was removed"), eros_event_get_line (event, EROS_MEMBER_BACKUP));
  else if (g_str_equal (kind, EROS_EVENT_SIGNER_CHANGED) &&
           eros_event_get_string (event, EROS_MEMBER_PREVIOUS) != NULL)
    what = g_strdup_printf (_ ("%s signs with another key from here on"),
                            eros_event_get_line (event, EROS_MEMBER_PERSON));
  else if (g_str_equal (kind, EROS_EVENT_WINDOW_MOVED))
    what = describe_move (event);
  else if (g_str_equal (kind, EROS_EVENT_ESCALATION_MADE))
    what = g_strdup_printf (_ ("Escalated to %s: %s"), eros_event_get_line (event, EROS_MEMBER_TO),
                            eros_event_get_line (event, EROS_MEMBER_REASON));
  else if (g_str_equal (kind, EROS_EVENT_REHEARSAL_LOOKED_FOR) && reader->story->rehearsed != NULL)
    what = g_strdup (reader->story->rehearsed);
  if (what != NULL)
    add_milestone (reader, eros_event_get_time (event), eros_event_get_actor (event), what);
}

static void
note_rehearsal (Reader *reader, ErosEvent *event)
{
  const char *deployment = eros_event_get_line (event, EROS_MEMBER_DEPLOYMENT);
  const char *environment = eros_event_get_line (event, EROS_MEMBER_ENVIRONMENT);
  const char *ended = eros_event_get_line (event, EROS_MEMBER_ENDED);

  g_clear_pointer (&reader->story->rehearsed, g_free);
  if (eros_event_has_passed (event))
    reader->story->rehearsed =
      /* Translators: what was deployed; “staging”, “rehearsal”; name of a deployment; a time */
      g_strdup_printf (_ ("The very SQL of %s was deployed well in %s before: “%s”, %s"),
                       eros_event_get_line (event, EROS_MEMBER_OPERATION),
                       environment != NULL ? environment : "–", deployment != NULL ? deployment : "–",
                       ended != NULL ? ended : "–");
}

/* ---- steps and curves ---------------------------------------------------------------------------------- */

static char *
step_key (ErosEvent *event)
{
  return g_strconcat (eros_event_get_string (event, EROS_MEMBER_ID), " ",
                      eros_event_get_string (event, EROS_MEMBER_STEP), NULL);
}

static gboolean
is_rollback (const ErosReportOperation *operation)
{
  return g_str_equal (operation->kind, "rollback") || g_str_equal (operation->kind, "revert");
}

static void
end_step (Reader *reader, ErosEvent *event, ErosReportOperation *operation)
{
  gboolean passed = eros_event_has_passed (event);
  g_autofree char *key = step_key (event);
  const char *title = key != NULL ? g_hash_table_lookup (reader->step_titles, key) : NULL;
  ErosReportStep *step;

  operation->n_steps++;
  operation->n_failed += !passed;
  if (!is_rollback (operation))
    return;
  step = g_new0 (ErosReportStep, 1);
  step->operation = operation;
  step->time = eros_event_get_time (event);
  step->title = g_strdup (title != NULL ? title : eros_event_get_string (event, EROS_MEMBER_STEP));
  step->outcome = g_strdup (passed ? _ ("done") : eros_event_get_string (event, EROS_MEMBER_OUTCOME));
  step->summary = g_strdup (eros_event_get_string (event, passed ? "summary" : "error"));
  g_ptr_array_add (reader->story->steps, step);
}

static void
add_points (Reader *reader, ErosEvent *event)
{
  for (guint i = 0; i < reader->story->curves->len; i++)
    {
      ErosReportCurve *curve = reader->story->curves->pdata[i];
      ErosReading reading;

      if (eros_measure_judge_event (event, curve->criterion, eros_measure_get_error (reader->deployment),
                                    &reading) != EROS_OUTCOME_NONE)
        g_array_append_vals (curve->points,
                             &(ErosChartPoint){ (double) reading.when / G_USEC_PER_SEC, reading.value,
                                                reading.low, reading.high },
                             1);
    }
}

static gboolean
add_curves (ErosElement *element, GPtrArray *curves)
{
  guint n;
  const ErosCriterion *criteria = eros_element_get_criteria (element, &n);

  for (guint i = 0; i < n; i++)
    {
      ErosReportCurve *curve;

      if (criteria[i].metric == NULL)
        continue;
      curve = g_new0 (ErosReportCurve, 1);
      curve->criterion = &criteria[i];
      curve->points = g_array_new (FALSE, FALSE, sizeof (ErosChartPoint));
      g_ptr_array_add (curves, curve);
    }
  return FALSE;
}

static void
find_curves (Reader *reader)
{
  GListModel *phases = eros_runbook_get_phases (reader->runbook);

  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint s = 0; s < g_list_model_get_n_items (sections); s++)
        {
          g_autoptr (ErosSection) section = g_list_model_get_item (sections, s);
          GListModel *elements = eros_section_get_elements (section);

          for (guint e = 0; e < g_list_model_get_n_items (elements); e++)
            {
              g_autoptr (ErosElement) element = g_list_model_get_item (elements, e);

              add_curves (element, reader->story->curves);
            }
        }
    }
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

static void
read_step (Reader *reader, ErosEvent *event, const char *kind)
{
  ErosReportOperation *operation = operation_of (reader, event);

  if (operation == NULL || eros_event_get_string (event, EROS_MEMBER_STEP) == NULL)
    return;
  if (g_str_equal (kind, EROS_EVENT_STEP_STARTED))
    {
      const char *title = eros_event_get_string (event, EROS_MEMBER_TITLE);

      if (is_rollback (operation) && title != NULL)
        g_hash_table_insert (reader->step_titles, step_key (event), g_strdup (title));
      return;
    }
  end_step (reader, event, operation);
  eros_report_story_add_inventory (reader->story, event, operation);
  if (g_str_equal (operation->kind, "monitoring"))
    add_points (reader, event);
}

static void
read_event (Reader *reader, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);

  if (g_str_equal (kind, EROS_EVENT_JOB_PLANNED) || g_str_equal (kind, EROS_EVENT_JOB_ENDED))
    return;
  if (g_str_equal (kind, EROS_EVENT_OPERATION_STARTED))
    start_operation (reader, event);
  else if (g_str_equal (kind, EROS_EVENT_OPERATION_ENDED))
    end_operation (reader, event);
  else if (g_str_equal (kind, EROS_EVENT_STEP_STARTED) || g_str_equal (kind, EROS_EVENT_STEP_ENDED))
    read_step (reader, event, kind);
  else if (g_str_equal (kind, EROS_EVENT_WATCH_MISSED))
    {
      if (reader->n_missed++ == 0)
        reader->first_missed = eros_event_get_time (event);
    }
  else if (g_str_equal (kind, EROS_EVENT_CHECK_FINISHED) &&
           eros_event_get_string (event, EROS_MEMBER_ELEMENT) != NULL)
    g_hash_table_insert (reader->story->found, g_strdup (eros_event_get_string (event, EROS_MEMBER_ELEMENT)),
                         g_memdup2 (&(gint64){ eros_event_get_sequence (event) }, sizeof (gint64)));
  else if (g_str_equal (kind, EROS_EVENT_REHEARSAL_LOOKED_FOR))
    note_rehearsal (reader, event);
  eros_report_story_add_sql (reader->story, event);
  add_other_milestone (reader, event);
  if (!g_str_equal (eros_event_get_actor (event), "machine"))
    eros_report_story_add_deed (reader->story, reader->runbook, event);
}

/* Reads the journal once; on the thread that the deployment lives on. */
ErosReportStory *
eros_report_story_new (ErosDeployment *deployment)
{
  ErosReportStory *self = g_new0 (ErosReportStory, 1);
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  GPtrArray *decisions = eros_deployment_get_decisions (deployment);
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Reader reader = { self, deployment, eros_deployment_get_runbook (deployment), by_id, titles };

  self->operations = g_ptr_array_new_with_free_func (operation_free);
  self->milestones = g_ptr_array_new_with_free_func (milestone_free);
  self->changes = g_ptr_array_new_with_free_func (change_free);
  self->inventories = g_ptr_array_new_with_free_func (inventory_free);
  self->sql = g_ptr_array_new_with_free_func (sql_free);
  self->curves = g_ptr_array_new_with_free_func (curve_free);
  self->steps = g_ptr_array_new_with_free_func (step_free);
  self->deeds = g_ptr_array_new_with_free_func (deed_free);
  self->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->by_text = g_hash_table_new (g_str_hash, g_str_equal);
  find_curves (&reader);
  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (i == 0)
        self->created_by = g_strdup (eros_event_get_actor (event));
      read_event (&reader, event);
    }
  eros_report_story_number_sql (self);
  add_operations (&reader);
  add_missed (&reader);
  for (guint i = 0; i < decisions->len; i++)
    add_decision (&reader, decisions->pdata[i]);
  g_ptr_array_sort (self->milestones, compare_milestones);
  return self;
}

const ErosReportOperation *
eros_report_story_find (ErosReportStory *self, const char *prefix, gboolean first)
{
  const ErosReportOperation *found = NULL;

  for (guint i = 0; i < self->operations->len; i++)
    {
      const ErosReportOperation *operation = self->operations->pdata[i];

      if (g_str_has_prefix (operation->kind, prefix) && (found == NULL || !first))
        found = operation;
    }
  return found;
}

const ErosReportSql *
eros_report_story_find_sql (ErosReportStory *self, const char *text)
{
  return g_hash_table_lookup (self->by_text, text);
}
