/* eros-sum.c: boxes that are sums: what they say follows from other boxes, from operations and from criteria
 *
 * Nothing of it is an event. It is computed from the state whenever that has changed, so that it is never
 * older than what it is about.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-comparison.h"
#include "eros-criteria.h"
#include "eros-deployment-private.h"
#include "eros-text.h"
#include "eros-way-back.h"

#include <glib/gi18n-lib.h>

#define MAX_NAMED 3 /* of what speaks against it, in one sentence */

/* What an operation has left in the record since it was last begun. */
typedef struct
{
  char *id;
  guint n_begun;
  guint n_steps;
  GPtrArray *errors; /* of char *: a step, and what it said */
} Log;

/* A sum under way. */
typedef struct
{
  ErosDeployment *self;
  ErosElement *element;
  const char *const *of;
  ErosSum *sum;
  GPtrArray *for_it; /* of char * */
  GPtrArray *open;   /* what is not there yet, of char * */
  GPtrArray *false_; /* what says otherwise, of char * */
} Adding;

static void
log_free (gpointer data)
{
  Log *log = data;

  g_free (log->id);
  g_ptr_array_unref (log->errors);
  g_free (log);
}

static void
sum_free (gpointer data)
{
  ErosSum *sum = data;

  g_free (sum->summary);
  g_strfreev (sum->against);
  g_free (sum);
}

/* TEXT, taken over, into LIST; CODE, if it is none that speaks for it, to what a decision is about. */
static void
say (Adding *adding, GPtrArray *list, const char *code, char *text)
{
  g_autofree char *taken = text;

  g_ptr_array_add (list, eros_text_show_line (taken));
  if (list != adding->for_it)
    {
      guint n = g_strv_length (adding->sum->against);

      adding->sum->against = g_renew (char *, adding->sum->against, n + 2);
      adding->sum->against[n] = g_strdup_printf ("%s:%s", list == adding->false_ ? "false" : "open", code);
      adding->sum->against[n + 1] = NULL;
    }
}

static void
happened (Adding *adding, gint64 time)
{
  adding->sum->time = MAX (adding->sum->time, time);
}

static const char *
found_of (ErosItem *item)
{
  return eros_item_get_summary (item) != NULL ? eros_item_get_summary (item) : "";
}

/* ---- each kind ----------------------------------------------------------------------------------------- */

/* A test that a person has ticked, or set aside, is none that has passed. */
static void
add_passed (Adding *adding, const char *id)
{
  ErosItem *item = eros_deployment_get_item (adding->self, id);
  const char *label = eros_deployment_label_of (eros_item_get_element (item));

  if (eros_item_is_failing (item))
    say (adding, adding->false_, id, g_strdup_printf (_ ("“%s” fails (%s)"), label, found_of (item)));
  else if (eros_item_get_mark (item) == EROS_ITEM_OPEN)
    say (adding, adding->open, id, g_strdup_printf (_ ("“%s” is open"), label));
  else if (eros_item_get_outcome (item) != EROS_OUTCOME_PASS)
    say (adding, adding->open, id, g_strdup_printf (_ ("“%s” was not seen to pass"), label));
  else
    say (adding, adding->for_it, id, g_strdup_printf (_ ("“%s”"), label));
  happened (adding, eros_item_get_time (item));
}

/* That the machine could look at all: what it found is that box's own. */
static void
add_looked (Adding *adding, const char *id)
{
  ErosItem *item = eros_deployment_get_item (adding->self, id);
  const char *label = eros_deployment_label_of (eros_item_get_element (item));
  ErosEvent *word = eros_deployment_find_first_word (adding->self, id);

  if (word == NULL)
    say (adding, adding->open, id, g_strdup_printf (_ ("“%s” has not been looked at"), label));
  else
    {
      say (adding, adding->for_it, id, g_strdup_printf (_ ("“%s”"), label));
      happened (adding, eros_event_get_time (word));
    }
}

/* Whether the last of OPERATION has ended well; otherwise says so. */
static gboolean
add_operation (Adding *adding, const char *operation, const char *label)
{
  ErosEvent *last = g_hash_table_lookup (adding->self->operations, operation);
  const char *outcome = last != NULL ? eros_event_get_string (last, EROS_MEMBER_OUTCOME) : NULL;

  if (last == NULL)
    say (adding, adding->open, operation, g_strdup_printf (_ ("“%s” has not been begun"), label));
  else if (outcome == NULL)
    say (adding, adding->open, operation, g_strdup_printf (_ ("“%s” has not ended"), label));
  else if (!g_str_equal (outcome, "pass") && !g_str_equal (outcome, "warning"))
    say (adding, adding->false_, operation, g_strdup_printf (_ ("“%s” has not ended well"), label));
  else
    {
      happened (adding, eros_event_get_time (last));
      return TRUE;
    }
  return FALSE;
}

static void
add_log (Adding *adding, const char *id)
{
  ErosElement *element = eros_runbook_find_element (adding->self->runbook, id);
  const char *operation = eros_element_get_operation (element);
  Log *log = operation != NULL ? g_hash_table_lookup (adding->self->logs, operation) : NULL;

  for (guint i = 0; log != NULL && i < log->errors->len; i++)
    say (adding, adding->false_, log->errors->pdata[i], g_strdup (log->errors->pdata[i]));
  if (operation == NULL || !add_operation (adding, operation, eros_deployment_label_of (element)) ||
      log == NULL || log->errors->len > 0)
    return;
  say (adding, adding->for_it, id,
       /* Translators: an operation; how many steps, and how often it was begun or resumed */
       g_strdup_printf (_ ("“%s”: %u steps, begun %u times, no error"), eros_deployment_label_of (element),
                        log->n_steps, log->n_begun));
}

static void
add_improvements (Adding *adding, const char *id)
{
  ErosDeployment *self = adding->self;
  ErosElement *element = eros_runbook_find_element (self->runbook, id);
  const char *operation = eros_element_get_operation (element);
  g_autoptr (GPtrArray) list = NULL;
  guint n_better = 0;

  if (operation == NULL || !add_operation (adding, operation, eros_deployment_label_of (element)))
    return;
  if (self->deployed != NULL && eros_event_get_sequence (self->deployed) >
                                  eros_event_get_sequence (g_hash_table_lookup (self->operations, operation)))
    {
      say (
        adding, adding->open, "before",
        g_strdup_printf (_ ("“%s” was done before the last deployment"), eros_deployment_label_of (element)));
      return;
    }
  list = eros_comparison_list (G_LIST_MODEL (self->journal));
  for (guint i = 0; i < list->len; i++)
    {
      const ErosComparison *comparison = list->pdata[i];
      g_autofree char *verdict = eros_comparison_describe_verdict (comparison);
      gboolean is_better = comparison->verdict == EROS_VERDICT_BETTER;

      n_better += is_better;
      if (is_better || comparison->verdict == EROS_VERDICT_WORSE)
        say (adding, is_better ? adding->for_it : adding->false_, comparison->metric,
             g_strdup_printf ("%s: %s", comparison->name, verdict));
    }
  if (n_better == 0)
    say (adding, adding->open, "none", g_strdup (_ ("nothing is shown to be better than before")));
}

/* (transfer full) (nullable): the last word on whether OPERATION was done elsewhere, where it is no
 * production */
static ErosEvent *
find_rehearsal (ErosDeployment *self, const char *operation)
{
  GListModel *journal = G_LIST_MODEL (self->journal);

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);

      if (eros_event_is (event, EROS_EVENT_REHEARSAL_LOOKED_FOR) &&
          eros_event_says (event, EROS_MEMBER_OPERATION, operation))
        return g_steal_pointer (&event);
    }
  return NULL;
}

/* Whether a rollback of all that is deployed was done on a copy of the data set. */
static gboolean
is_proved_on_copy (Adding *adding, const char *operation)
{
  GListModel *gates = eros_runbook_get_gates (adding->self->runbook);
  gboolean is_proved = eros_operation_kind_of (operation) == EROS_OPERATION_KIND_ROLLBACK;
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);
      const char *const *guards = eros_gate_get_guards (gate);

      for (guint k = 0; guards[k] != NULL; k++)
        if (eros_operation_kind_of (guards[k]) == EROS_OPERATION_KIND_DEPLOY)
          {
            is_proved = is_proved && eros_way_back_is_proved (adding->self, guards[k]);
            n++;
          }
    }
  return is_proved && n > 0;
}

/* In staging and in a rehearsal it is this deployment that shows it; for real, an earlier one of those. */
static void
add_rehearsed (Adding *adding, const char *id)
{
  ErosElement *element = eros_runbook_find_element (adding->self->runbook, id);
  const char *label = eros_deployment_label_of (element);
  const char *operation = eros_element_get_operation (element);
  g_autoptr (ErosEvent) elsewhere = operation != NULL ? find_rehearsal (adding->self, operation) : NULL;

  if (operation == NULL)
    return;
  if (is_proved_on_copy (adding, operation))
    /* Translators: an operation, such as “Roll Back” */
    say (adding, adding->for_it, id,
         g_strdup_printf (_ ("“%s” was proved on a copy of the data set"), label));
  else if (!eros_deployment_wants_rehearsal (adding->self))
    {
      if (add_operation (adding, operation, label))
        say (adding, adding->for_it, id, g_strdup_printf (_ ("“%s” has ended well here"), label));
    }
  else if (elsewhere != NULL && eros_event_has_passed (elsewhere))
    {
      /* Translators: an operation; a deployment; a time */
      say (adding, adding->for_it, id,
           g_strdup_printf (_ ("“%1$s” has ended well in “%2$s”, at %3$s"), label,
                            eros_event_get_string (elsewhere, EROS_MEMBER_DEPLOYMENT),
                            eros_event_get_string (elsewhere, EROS_MEMBER_ENDED)));
      happened (adding, eros_event_get_time (elsewhere));
    }
  else
    say (adding, adding->open, id,
         g_strdup_printf (
           _ ("no staging deployment and no rehearsal on this computer has done “%s” well as it is now"),
           label));
}

static gboolean
is_later (ErosDeployment *self, ErosPhase *phase, ErosElement *element)
{
  return eros_phase_get_number (phase) >=
         eros_phase_get_number (eros_runbook_phase_of (self->runbook, eros_element_get_id (element)));
}

typedef void (*EachItem) (Adding *adding, ErosItem *item);

/* Of the phases before the sum's own that are no matter of an emergency, unless that has begun. */
static void
each_phase (Adding *adding, void (*of_phase) (Adding *adding, ErosPhaseProgress *progress), EachItem of_item)
{
  GListModel *progress = G_LIST_MODEL (adding->self->progress);

  for (guint i = 0; i < g_list_model_get_n_items (progress); i++)
    {
      g_autoptr (ErosPhaseProgress) one = g_list_model_get_item (progress, i);
      ErosPhase *phase = eros_phase_progress_get_phase (one);
      GPtrArray *items = g_hash_table_lookup (adding->self->placed, phase);

      if (is_later (adding->self, phase, adding->element) || eros_phase_is_contingency (phase))
        continue;
      if (of_phase != NULL)
        of_phase (adding, one);
      for (guint j = 0; j < items->len; j++)
        of_item (adding, items->pdata[j]);
    }
}

static void
add_phase (Adding *adding, ErosPhaseProgress *progress)
{
  ErosPhase *phase = eros_phase_progress_get_phase (progress);
  gboolean is_complete = eros_phase_progress_get_state (progress) == EROS_PHASE_COMPLETE;

  say (adding, is_complete ? adding->for_it : adding->open, eros_phase_get_id (phase),
       /* Translators: a phase; how many of its boxes are done; how many there are */
       g_strdup_printf (_ ("%s %u of %u"), eros_phase_get_short_title (phase),
                        eros_phase_progress_get_done (progress), eros_phase_progress_get_total (progress)));
}

static void
add_failure (Adding *adding, ErosItem *item)
{
  const char *id = eros_element_get_id (eros_item_get_element (item));

  if (eros_item_is_failing (item))
    say (adding, adding->false_, id,
         g_strdup_printf (_ ("“%s” fails (%s)"), eros_deployment_label_of (eros_item_get_element (item)),
                          found_of (item)));
}

static void
add_deployment (Adding *adding, ErosItem *item)
{
  const char *operation = eros_element_get_operation (eros_item_get_element (item));

  happened (adding, eros_item_get_time (item));
  if (operation != NULL && eros_operation_kind_get_set (operation) != NULL)
    add_operation (adding, operation, eros_deployment_label_of (eros_item_get_element (item)));
}

static void
add_rollback (Adding *adding)
{
  if (eros_deployment_get_result (adding->self) == EROS_RESULT_ROLLED_BACK)
    say (adding, adding->false_, "rolled-back", g_strdup (_ ("it was rolled back")));
}

static void
add_phases (Adding *adding, const char *id)
{
  add_rollback (adding);
  each_phase (adding, add_phase, add_deployment);
}

static void
add_criteria (Adding *adding)
{
  g_auto (GStrv) reached = eros_criteria_list_reached (adding->self);

  for (guint i = 0; reached[i] != NULL; i++)
    say (adding, adding->false_, reached[i], g_strdup (reached[i]));
}

/* OF: the operation that watches. */
static void
add_issues (Adding *adding, const char *id)
{
  ErosElement *element = eros_runbook_find_element (adding->self->runbook, id);

  add_rollback (adding);
  add_criteria (adding);
  each_phase (adding, NULL, add_failure);
  if (eros_element_get_operation (element) != NULL &&
      add_operation (adding, eros_element_get_operation (element), eros_deployment_label_of (element)))
    say (
      adding, adding->for_it, id,
      g_strdup_printf (_ ("no check fails, no criterion to roll back by is reached, and the last “%s” ended "
                          "well"),
                       eros_deployment_label_of (element)));
}

static const struct
{
  const char *name;
  void (*add) (Adding *adding, const char *id);
} kinds[] = {
  { "passed", add_passed },
  { "looked-at", add_looked },
  { "log", add_log },
  { "improvements", add_improvements },
  { "phases", add_phases },
  { "issues", add_issues },
  { "rehearsed", add_rehearsed },
};

/* ---- the sum ------------------------------------------------------------------------------------------- */

static void
append_named (GString *text, GPtrArray *list)
{
  for (guint i = 0; i < list->len && i < MAX_NAMED; i++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", (const char *) list->pdata[i]);
  if (list->len > MAX_NAMED)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, ngettext ("and %u more", "and %u more", list->len - MAX_NAMED),
                              list->len - MAX_NAMED);
    }
}

static void
conclude (Adding *adding)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (adding->false_->len > 0)
    adding->sum->outcome = EROS_OUTCOME_FAIL;
  else if (adding->open->len == 0)
    adding->sum->outcome = EROS_OUTCOME_PASS;
  else
    /* Nothing of it is there yet. */
    adding->sum->outcome = adding->for_it->len > 0 ? EROS_OUTCOME_NOT_ENOUGH : EROS_OUTCOME_NONE;
  append_named (text, adding->false_);
  append_named (text, adding->open);
  if (text->len == 0)
    append_named (text, adding->for_it);
  adding->sum->summary = g_string_free (g_steal_pointer (&text), FALSE);
}

static ErosSum *
add_up (ErosDeployment *self, ErosElement *element)
{
  g_autoptr (GPtrArray) for_it = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) open = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) false_ = g_ptr_array_new_with_free_func (g_free);
  Adding adding = { self, element, eros_element_get_sum_of (element), g_new0 (ErosSum, 1), for_it,
                    open, false_ };

  adding.sum->against = g_new0 (char *, 1);
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    if (g_str_equal (kinds[k].name, eros_element_get_sum (element)))
      for (guint i = 0; i == 0 || (adding.of != NULL && adding.of[i] != NULL); i++)
        kinds[k].add (&adding, adding.of != NULL ? adding.of[i] : NULL);
  conclude (&adding);
  return adding.sum;
}

static gboolean
is_same (const ErosSum *a, const ErosSum *b)
{
  return a != NULL && a->outcome == b->outcome && a->time == b->time &&
         g_str_equal (a->summary, b->summary) &&
         g_strv_equal ((const char *const *) a->against, (const char *const *) b->against);
}

/* One sum may be part of another: until nothing changes, and no longer than there are sums. */
void
eros_deployment_add_up (ErosDeployment *self)
{
  gboolean has_changed = TRUE;

  for (guint pass = 0; has_changed && pass <= self->summed->len; pass++)
    {
      has_changed = FALSE;
      for (guint i = 0; i < self->summed->len; i++)
        {
          const char *id = eros_element_get_id (self->summed->pdata[i]);
          ErosSum *sum = add_up (self, self->summed->pdata[i]);

          if (is_same (g_hash_table_lookup (self->sums, id), sum))
            {
              sum_free (sum);
              continue;
            }
          g_hash_table_insert (self->sums, (gpointer) id, sum);
          eros_deployment_refold_item (self, id);
          has_changed = TRUE;
        }
    }
}

void
eros_deployment_init_sums (ErosDeployment *self)
{
  self->summed = g_ptr_array_new ();
  self->sums = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, sum_free);
  self->logs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, log_free);
}

const ErosSum *
eros_deployment_find_sum (ErosDeployment *self, const char *element_id)
{
  return g_hash_table_lookup (self->sums, element_id);
}

/* Whether whoever decided knew of all that speaks against it now. */
static gboolean
was_known (ErosEvent *event, const ErosSum *sum)
{
  JsonNode *node = json_object_get_member (eros_event_get_body (event), EROS_MEMBER_COMPUTED);
  JsonArray *known = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; sum->against[i] != NULL; i++)
    {
      gboolean is_there = FALSE;

      for (guint k = 0; known != NULL && k < json_array_get_length (known); k++)
        is_there |= g_strcmp0 (json_array_get_string_element (known, k), sum->against[i]) == 0;
      if (!is_there)
        return FALSE;
    }
  return TRUE;
}

void
eros_sum_apply (const ErosSum *sum, ErosItemState *state, ErosEvent *marked)
{
  state->outcome = sum->outcome;
  state->summary = sum->outcome != EROS_OUTCOME_NONE ? sum->summary : NULL;
  state->failed = sum->outcome == EROS_OUTCOME_FAIL;
  if (state->mark == EROS_ITEM_OPEN && sum->outcome == EROS_OUTCOME_PASS)
    {
      state->mark = EROS_ITEM_TICKED;
      state->by_machine = TRUE;
      state->actor = EROS_ACTOR_MACHINE;
      state->time = sum->time;
    }
  state->decided = sum->outcome != EROS_OUTCOME_PASS && state->mark != EROS_ITEM_OPEN && marked != NULL &&
                   was_known (marked, sum);
}

/* ---- what operations leave in the record ---------------------------------------------------------------- */

static Log *
find_log (ErosDeployment *self, const char *id)
{
  GHashTableIter iter;
  gpointer log;

  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &log))
    if (g_strcmp0 (((Log *) log)->id, id) == 0)
      return log;
  return NULL;
}

/* What somebody has stopped is no error: it has to end well all the same before anything follows from it. */
static void
note_end (Log *log, ErosEvent *event, const char *what)
{
  static const char *const fine[] = { "pass", "warning", "cancelled", NULL };
  const char *outcome = eros_event_get_string (event, EROS_MEMBER_OUTCOME);
  const char *error = eros_event_get_string (event, EROS_MEMBER_ERROR);

  if (outcome != NULL && g_strv_contains (fine, outcome))
    return;
  /* Translators: a step; what went wrong */
  g_ptr_array_add (log->errors, g_strdup_printf (_ ("%s: %s"), what, error != NULL ? error : outcome));
}

void
eros_deployment_note_log (ErosDeployment *self, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);
  gboolean is_end = g_str_equal (kind, EROS_EVENT_STEP_ENDED);
  gboolean is_operation = g_str_has_prefix (kind, EROS_EVENTS_OPERATION);
  const char *operation = is_operation ? eros_event_get_string (event, EROS_MEMBER_OPERATION) : NULL;
  const char *id = is_operation || is_end ? eros_event_get_string (event, EROS_MEMBER_ID) : NULL;
  const char *step = is_end ? eros_event_get_string (event, EROS_MEMBER_STEP) : NULL;
  Log *log = id != NULL ? find_log (self, id) : NULL;

  if (g_str_equal (kind, EROS_EVENT_OPERATION_STARTED) && operation != NULL && id != NULL)
    {
      log = g_new0 (Log, 1);
      log->id = g_strdup (id);
      log->errors = g_ptr_array_new_with_free_func (g_free);
      log->n_begun = 1;
      g_hash_table_insert (self->logs, g_strdup (operation), log);
    }
  else if (log != NULL && g_str_equal (kind, EROS_EVENT_OPERATION_RESUMED))
    log->n_begun++;
  else if (log != NULL && is_end)
    {
      log->n_steps++;
      note_end (log, event, step != NULL ? step : "?");
    }
  /* A failure that no step has had: the plan could not be made. */
  else if (log != NULL && g_str_equal (kind, EROS_EVENT_OPERATION_ENDED) && log->errors->len == 0)
    note_end (log, event, operation != NULL ? operation : "?");
}

/* Whether what EVENT tells may change a sum: not each job and step of the work, which are many. */
gboolean
eros_deployment_touches_sums (ErosDeployment *self, ErosEvent *event)
{
  static const char *const prefixes[] = { "item.",      "check.", "sign-off.",  "decision.", "operation.",
                                          "criterion.", "event.", "rehearsal.", "way-back." };

  for (guint i = 0; self->summed->len > 0 && i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (eros_event_get_kind (event), prefixes[i]))
      return TRUE;
  return FALSE;
}
