/* eros-problem.c: what is wrong with a deployment, in one list for whoever shows it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-problem.h"

#include "eros-authority.h"
#include "eros-criteria.h"
#include "eros-deployment-private.h"
#include "eros-message.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-unfinished.h"
#include "eros-watch.h"
#include "eros-window.h"

#include <glib/gi18n-lib.h>

struct _ErosProblem
{
  GObject parent_instance;

  ErosProblemKind kind;
  char *target;
  char *place;
  char *text;
};

G_DEFINE_FINAL_TYPE (ErosProblem, eros_problem, G_TYPE_OBJECT)

static const struct
{
  const char *text;
  gboolean is_grave;
} kinds[] = {
  [EROS_PROBLEM_CRITERION_REACHED] = { "criterion-reached", TRUE },
  [EROS_PROBLEM_ROLLED_BACK] = { "rolled-back", FALSE },
  [EROS_PROBLEM_OPERATION_FAILED] = { "operation-failed", TRUE },
  [EROS_PROBLEM_CHECK_FAILED] = { "check-failed", TRUE },
  [EROS_PROBLEM_OPERATION_CUT_OFF] = { "operation-cut-off", TRUE },
  [EROS_PROBLEM_OPERATION_OWED] = { "operation-owed", TRUE },
  [EROS_PROBLEM_OPERATION_STOPPED] = { "operation-stopped", TRUE },
  [EROS_PROBLEM_REFUSED] = { "refused", TRUE },
  [EROS_PROBLEM_OFFLINE] = { "offline", FALSE },
  [EROS_PROBLEM_WINDOW_OVER] = { "window-over", FALSE },
  [EROS_PROBLEM_OUTSIDE_WINDOW] = { "outside-window", FALSE },
  [EROS_PROBLEM_NOT_ANNOUNCED] = { "not-announced", FALSE },
  [EROS_PROBLEM_NAMES_NOBODY] = { "names-nobody", FALSE },
  [EROS_PROBLEM_OTHER_PERSON] = { "other-person", FALSE },
  [EROS_PROBLEM_MESSAGE_DUE] = { "message-due", FALSE },
  [EROS_PROBLEM_OVERDUE] = { "overdue", FALSE },
  [EROS_PROBLEM_ROUND_LATE] = { "round-late", FALSE },
  [EROS_PROBLEM_ROUND_MISSED] = { "round-missed", FALSE },
  [EROS_PROBLEM_OVERRIDDEN] = { "overridden", FALSE },
  [EROS_PROBLEM_DECIDED] = { "decided", FALSE },
};

/**
 * eros_problem_kind_to_text:
 * @kind: a kind
 *
 * Returns: its name for other programs
 */
const char *
eros_problem_kind_to_text (ErosProblemKind kind)
{
  return kinds[kind].text;
}

static void
eros_problem_finalize (GObject *object)
{
  ErosProblem *self = EROS_PROBLEM (object);

  g_free (self->target);
  g_free (self->place);
  g_free (self->text);

  G_OBJECT_CLASS (eros_problem_parent_class)->finalize (object);
}

static void
eros_problem_class_init (ErosProblemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_problem_finalize;
}

static void
eros_problem_init (ErosProblem *self)
{
}

/**
 * eros_problem_new:
 * @kind: of which kind
 * @target: (nullable): what it is about: a kind of operation, an element, a gate, a criterion
 * @place: (nullable): the element where something can be done about it
 * @text: a sentence
 *
 * Returns: (transfer full): a problem
 */
ErosProblem *
eros_problem_new (ErosProblemKind kind, const char *target, const char *place, const char *text)
{
  ErosProblem *self = g_object_new (EROS_TYPE_PROBLEM, NULL);

  self->kind = kind;
  self->target = g_strdup (target);
  self->place = g_strdup (place);
  self->text = g_strdup (text);
  return self;
}

ErosProblemKind
eros_problem_get_kind (ErosProblem *self)
{
  return self->kind;
}

const char *
eros_problem_get_target (ErosProblem *self)
{
  return self->target;
}

const char *
eros_problem_get_place (ErosProblem *self)
{
  return self->place;
}

const char *
eros_problem_get_text (ErosProblem *self)
{
  return self->text;
}

gboolean
eros_problem_is_grave (ErosProblem *self)
{
  return kinds[self->kind].is_grave;
}

/* ---- the list ------------------------------------------------------------------------------------------ */

static void
add (GPtrArray *list, ErosProblemKind kind, const char *target, const char *place, const char *text)
{
  g_ptr_array_add (list, eros_problem_new (kind, target, place, text));
}

/* (nullable): where an operation is started */
static const char *
place_of (ErosDeployment *self, const char *operation)
{
  ErosElement *element = eros_runbook_find_operation (self->runbook, operation);

  return element != NULL ? eros_element_get_id (element) : NULL;
}

static gboolean
has_criterion (ErosElement *element, const char *id)
{
  guint n;
  const ErosCriterion *criteria = eros_element_get_criteria (element, &n);

  for (guint i = 0; i < n; i++)
    if (g_str_equal (criteria[i].id, id))
      return TRUE;
  return FALSE;
}

/* (nullable): where a criterion stands */
static const char *
find_criteria (ErosDeployment *self, const char *id)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    if (has_criterion (eros_item_get_element (item), id))
      return eros_element_get_id (eros_item_get_element (item));
  return NULL;
}

static char *
describe_criterion (const ErosCriterionState *state)
{
  if (state->continued != NULL)
    /* Translators: a criterion; what is known of it; a person; why */
    return g_strdup_printf (
      _ ("A criterion to roll back by is reached: %s (%s); %s goes on all the same: %s"),
      state->criterion->text, state->text, eros_event_get_string (state->continued, EROS_MEMBER_NAME),
      eros_event_get_string (state->continued, EROS_MEMBER_REASON));
  /* Translators: a criterion; what is known of it */
  return g_strdup_printf (_ ("Roll back: a criterion for it is reached: %s (%s)"), state->criterion->text,
                          state->text);
}

static void
add_criteria (ErosDeployment *self, GPtrArray *list)
{
  g_autoptr (GPtrArray) states = eros_criteria_list (self);

  for (guint i = 0; i < states->len; i++)
    {
      const ErosCriterionState *state = states->pdata[i];
      g_autofree char *text = NULL;

      if (state->verdict != EROS_CRITERION_REACHED ||
          eros_deployment_get_result (self) == EROS_RESULT_ROLLED_BACK)
        continue;
      text = describe_criterion (state);
      add (list, state->continued != NULL ? EROS_PROBLEM_DECIDED : EROS_PROBLEM_CRITERION_REACHED,
           state->criterion->id, find_criteria (self, state->criterion->id), text);
    }
}

static void
add_rolled_back (ErosDeployment *self, GPtrArray *list)
{
  const char *rollback = eros_operation_kind_get_name (EROS_OPERATION_KIND_ROLLBACK);
  g_autofree char *time = NULL;
  g_autofree char *text = NULL;

  if (eros_deployment_get_result (self) != EROS_RESULT_ROLLED_BACK)
    return;
  time = eros_time_text (eros_event_get_time (self->rollback));
  text = g_strdup_printf (_ ("Rolled back at %s"), time);
  add (list, EROS_PROBLEM_ROLLED_BACK, rollback, place_of (self, rollback), text);
}

/* (transfer full): why an operation has failed, as far as that is on record */
static char *
describe_failure (ErosDeployment *self, const ErosUnfinished *unfinished)
{
  ErosEvent *last = g_hash_table_lookup (self->operations, unfinished->kind);
  const char *why = last != NULL ? eros_event_get_string (last, EROS_MEMBER_ERROR) : NULL;

  if (why == NULL && last != NULL)
    why = eros_event_get_string (last, EROS_MEMBER_SUMMARY);
  if (why == NULL)
    /* Translators: an operation, such as “Backup” */
    return g_strdup_printf (_ ("“%s” failed"), unfinished->title);
  /* Translators: an operation, such as “Backup”; why it failed */
  return g_strdup_printf (_ ("“%s” failed: %s"), unfinished->title, why);
}

static void
add_unfinished (ErosDeployment *self, const char *running, GPtrArray *list)
{
  g_autoptr (GPtrArray) unfinished = eros_unfinished_list (self);

  for (guint i = 0; i < unfinished->len; i++)
    {
      const ErosUnfinished *one = unfinished->pdata[i];
      ErosProblemKind kind = EROS_PROBLEM_OPERATION_FAILED;
      g_autofree char *text = NULL;

      if (g_strcmp0 (one->id, running) == 0)
        continue;
      if (one->owed != NULL)
        {
          kind = EROS_PROBLEM_OPERATION_OWED;
          /* Translators: an operation, such as “Rollback”; titles of steps */
          text =
            g_strdup_printf (_ ("“%s” is done, but for what is still to be done: %s"), one->title, one->owed);
        }
      else if (one->outcome == NULL)
        {
          kind = EROS_PROBLEM_OPERATION_CUT_OFF;
          text = g_strdup_printf (_ ("“%s” was begun, and its end is not on record"), one->title);
        }
      else if (g_str_equal (one->outcome, "cancelled"))
        {
          kind = EROS_PROBLEM_OPERATION_STOPPED;
          text = g_strdup_printf (_ ("“%s” was stopped; what was done before is on record"), one->title);
        }
      else
        text = describe_failure (self, one);
      add (list, kind, one->kind, place_of (self, one->kind), text);
    }
}

typedef void (*EachItem) (ErosDeployment *self, ErosItem *item, GPtrArray *list);

static void
each_item (ErosDeployment *self, EachItem function, GPtrArray *list)
{
  GListModel *phases = eros_runbook_get_phases (self->runbook);

  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint j = 0; j < g_list_model_get_n_items (sections); j++)
        {
          g_autoptr (ErosSection) section = g_list_model_get_item (sections, j);
          GListModel *elements = eros_section_get_elements (section);

          for (guint k = 0; k < g_list_model_get_n_items (elements); k++)
            {
              g_autoptr (ErosElement) element = g_list_model_get_item (elements, k);

              function (self, g_hash_table_lookup (self->items, eros_element_get_id (element)), list);
            }
        }
    }
}

static void
add_failing (ErosDeployment *self, ErosItem *item, GPtrArray *list)
{
  ErosElement *element = eros_item_get_element (item);
  const char *summary = eros_item_get_summary (item) != NULL ? eros_item_get_summary (item) : "";
  const char *id = eros_element_get_id (element);
  g_autofree char *text = NULL;

  /* What follows from others fails with one of them, which is said by itself. */
  if (!eros_item_is_failing (item) || eros_item_is_decided (item) || eros_element_get_sum (element) != NULL)
    return;
  /* Translators: a check box; what the machine found */
  text = g_strdup_printf (_ ("“%s” fails: %s"), eros_deployment_label_of (element), summary);
  add (list, EROS_PROBLEM_CHECK_FAILED, id, id, text);
}

static void
add_decided (ErosDeployment *self, ErosItem *item, GPtrArray *list)
{
  ErosElement *element = eros_item_get_element (item);
  const char *id = eros_element_get_id (element);
  const char *reason = eros_item_get_reason (item) != NULL ? eros_item_get_reason (item) : "";
  gboolean left_out = eros_item_get_mark (item) == EROS_ITEM_NOT_APPLICABLE;
  gboolean fails = eros_item_is_failing (item);
  g_autofree char *text = NULL;

  if (!eros_item_is_decided (item))
    return;
  text = g_strdup_printf (
    /* Translators: a check box; a person; the reason */
    fails && left_out ? _ ("“%s” fails, and was left out by decision of %s: %s")
    : fails           ? _ ("“%s” fails, and was marked by decision of %s: %s")
    : left_out        ? _ ("“%s” was left out by decision of %s: %s")
                      : _ ("“%s” was marked before its time by decision of %s: %s"),
    eros_deployment_label_of (element), eros_item_get_actor (item), reason);
  add (list, EROS_PROBLEM_DECIDED, id, id, text);
}

/* Ticked, and of whom it is does not stand there. */
static void
add_nameless (ErosDeployment *self, ErosItem *item, GPtrArray *list)
{
  ErosElement *element = eros_item_get_element (item);
  const char *id = eros_element_get_id (element);
  g_autofree char *text = NULL;

  if (eros_element_get_person (element) == NULL || eros_item_get_mark (item) != EROS_ITEM_TICKED ||
      eros_item_is_done (item))
    return;
  /* Translators: a check box about a person: “Product Owner approval received” */
  text = g_strdup_printf (_ ("“%s” is ticked and names nobody: enter who it was"),
                          eros_deployment_label_of (element));
  add (list, EROS_PROBLEM_NAMES_NOBODY, id, id, text);
}

static void
add_other_person (ErosDeployment *self, ErosItem *item, GPtrArray *list)
{
  const char *id = eros_element_get_id (eros_item_get_element (item));
  g_autofree char *text = eros_authority_describe_signer (self, item);

  /* In a rehearsal a stand-in signs for everybody. */
  if (text != NULL && self->setup->environment != EROS_ENVIRONMENT_REHEARSAL)
    add (list, EROS_PROBLEM_OTHER_PERSON, id, id, text);
}

/* To be done until a day that is over. */
static void
add_overdue (ErosDeployment *self, ErosItem *item, gint64 now, GPtrArray *list)
{
  ErosElement *element = eros_item_get_element (item);
  const char *until = eros_element_get_until (element);
  const char *day = until != NULL ? eros_deployment_get_value (self, until) : "";
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *end = g_strconcat (day, "T23:59:59Z", NULL);
  g_autoptr (GDateTime) over = *day != '\0' ? g_date_time_new_from_iso8601 (end, utc) : NULL;
  g_autofree char *text = NULL;

  if (over == NULL || now / G_USEC_PER_SEC <= g_date_time_to_unix (over) ||
      eros_item_get_mark (item) != EROS_ITEM_OPEN)
    return;
  /* Translators: a check box; a date */
  text = g_strdup_printf (_ ("“%s” was to be done until %s"), eros_deployment_label_of (element), day);
  add (list, EROS_PROBLEM_OVERDUE, eros_element_get_id (element), eros_element_get_id (element), text);
}

static void
add_all_overdue (ErosDeployment *self, gint64 now, GPtrArray *list)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    add_overdue (self, item, now, list);
}

/* That the announcement is due says the window. */
static void
add_messages (ErosDeployment *self, gint64 now, GPtrArray *list)
{
  g_autoptr (GPtrArray) messages = eros_message_list (self, now);

  for (guint i = 0; i < messages->len; i++)
    {
      const ErosMessage *message = messages->pdata[i];
      const char *id = eros_element_get_id (message->element);
      g_autofree char *time = eros_time_text (message->due);
      g_autofree char *text = NULL;

      if (!message->is_due || eros_element_get_moment (message->element) == EROS_MOMENT_BEFORE_WINDOW)
        continue;
      /* Translators: a message; a time */
      text = g_strdup_printf (_ ("“%s” is to be sent, since %s"), eros_deployment_label_of (message->element),
                              time);
      add (list, EROS_PROBLEM_MESSAGE_DUE, id, id, text);
    }
}

static void
add_round (const ErosSlot *slot, guint n_missed, GPtrArray *list)
{
  const char *id = eros_element_get_id (slot->element);
  g_autofree char *time = eros_time_text (slot->due);
  g_autofree char *text = NULL;

  if (slot->state == EROS_SLOT_LATE)
    text = g_strdup_printf (_ ("The round of %s is late"), time);
  else if (slot->reason != NULL)
    text = g_strdup_printf (
      /* Translators: of rounds of monitoring; the time of the first; why */
      ngettext ("%u round was missed, that of %s: %s", "%u rounds were missed, the first at %s: %s",
                n_missed),
      n_missed, time, slot->reason);
  else
    text = g_strdup_printf (
      ngettext ("%u round was missed, that of %s", "%u rounds were missed, the first at %s", n_missed),
      n_missed, time);
  add (list, slot->state == EROS_SLOT_LATE ? EROS_PROBLEM_ROUND_LATE : EROS_PROBLEM_ROUND_MISSED, id, id,
       text);
}

static void
add_rounds (ErosDeployment *self, gint64 now, GPtrArray *list)
{
  g_autoptr (GPtrArray) slots = eros_watch_list (self, NULL, now);
  const ErosSlot *missed = NULL;
  guint n_missed = 0;

  for (guint i = 0; i < slots->len; i++)
    {
      const ErosSlot *slot = slots->pdata[i];

      if (slot->state == EROS_SLOT_LATE)
        add_round (slot, 0, list);
      else if (slot->state == EROS_SLOT_MISSED && n_missed++ == 0)
        missed = slot;
    }
  if (missed != NULL)
    add_round (missed, n_missed, list);
}

static void
add_overrides (ErosDeployment *self, GPtrArray *list)
{
  GListModel *gates = eros_runbook_get_gates (self->runbook);

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);
      const char *id = eros_gate_get_id (gate);
      g_autofree char *text = NULL;
      ErosOverride override;

      if (!eros_deployment_get_override (self, id, &override))
        continue;
      text = g_strdup_printf (_ ("“%s” was overridden by %s: %s"), eros_gate_get_title (gate), override.name,
                              override.reason);
      add (list, EROS_PROBLEM_OVERRIDDEN, id, place_of (self, eros_gate_get_guards (gate)[0]), text);
    }
}

static int
compare_kinds (gconstpointer a, gconstpointer b)
{
  const ErosProblem *first = *(ErosProblem *const *) a;
  const ErosProblem *second = *(ErosProblem *const *) b;

  return (int) first->kind - (int) second->kind;
}

/**
 * eros_problem_list:
 * @deployment: a deployment
 * @now: the present, in microseconds since 1970
 * @running: (nullable): the id of an operation that is at work in this process
 *
 * Lists what is wrong, each cause once. Whoever is connected adds what only it knows: that nobody can be
 * reached, or that nobody is let in.
 *
 * Returns: (transfer full) (element-type ErosProblem): the worst first
 */
GPtrArray *
eros_problem_list (ErosDeployment *deployment, gint64 now, const char *running)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (deployment), list);

  add_criteria (deployment, list);
  add_rolled_back (deployment, list);
  add_unfinished (deployment, running, list);
  each_item (deployment, add_failing, list);
  eros_window_list_problems (deployment, now, list);
  each_item (deployment, add_nameless, list);
  each_item (deployment, add_other_person, list);
  add_messages (deployment, now, list);
  add_all_overdue (deployment, now, list);
  add_rounds (deployment, now, list);
  add_overrides (deployment, list);
  each_item (deployment, add_decided, list);
  /* Of one kind in the order of the pages: the sort leaves equal ones where they are. */
  g_ptr_array_sort (list, compare_kinds);
  return list;
}

/**
 * eros_problem_find_worst:
 * @list: (element-type ErosProblem): of eros_problem_list ()
 * @deployment: the deployment
 * @phase: a phase of its runbook
 *
 * Returns: (transfer none) (nullable): the worst one that belongs to @phase
 */
ErosProblem *
eros_problem_find_worst (GPtrArray *list, ErosDeployment *deployment, ErosPhase *phase)
{
  for (guint i = 0; i < list->len; i++)
    {
      ErosProblem *problem = list->pdata[i];

      if (problem->place != NULL && eros_runbook_phase_of (deployment->runbook, problem->place) == phase)
        return problem;
    }
  return NULL;
}

/**
 * eros_problem_is_taken_back:
 * @deployment: a deployment
 * @phase: a phase of its runbook
 *
 * Returns: whether a rollback has taken back what @phase has deployed, compared or watched, and nothing was
 * deployed since
 */
gboolean
eros_problem_is_taken_back (ErosDeployment *deployment, ErosPhase *phase)
{
  GListModel *sections = eros_phase_get_sections (phase);

  if (eros_phase_is_contingency (phase) || eros_deployment_get_result (deployment) != EROS_RESULT_ROLLED_BACK)
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);

          if (eros_deployment_was_taken_back (deployment, eros_element_get_operation (element)))
            return TRUE;
        }
    }
  return FALSE;
}
