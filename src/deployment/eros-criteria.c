/* eros-criteria.c: how each criterion of the runbook stands, measured or decided
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-criteria.h"

#include <math.h>
#include <glib/gi18n-lib.h>

#include "eros-deployment-private.h"
#include "eros-time-text.h"

static const struct
{
  const char *text;
  const char *label;
} verdicts[] = {
  [EROS_CRITERION_NOT_ENOUGH] = { "not-enough-data", N_ ("Not enough data yet") },
  [EROS_CRITERION_NOT_DECIDED] = { "not-decided", N_ ("Not decided yet") },
  [EROS_CRITERION_MET] = { "met", N_ ("Met") },
  [EROS_CRITERION_NOT_MET] = { "not-met", N_ ("Not met") },
  [EROS_CRITERION_NOT_MET_THOUGH_MARKED] = { "not-met-though-marked", N_ ("Not met, although it is marked") },
  [EROS_CRITERION_NOT_APPLICABLE] = { "not-applicable", N_ ("Not applicable") },
  [EROS_CRITERION_REACHED] = { "reached", N_ ("Reached: roll back") },
  [EROS_CRITERION_NOT_REACHED] = { "not-reached", N_ ("Not reached") },
};

/**
 * eros_criterion_verdict_to_text:
 * @verdict: a verdict
 *
 * Returns: (transfer none): its name for programs
 */
const char *
eros_criterion_verdict_to_text (ErosCriterionVerdict verdict)
{
  return verdicts[verdict].text;
}

/**
 * eros_criterion_verdict_to_label:
 * @verdict: a verdict
 *
 * Returns: (transfer none): it in the user's language
 */
const char *
eros_criterion_verdict_to_label (ErosCriterionVerdict verdict)
{
  return _ (verdicts[verdict].label);
}

/**
 * eros_criterion_verdict_get_symbol:
 * @verdict: a verdict
 *
 * Returns: (transfer none): what stands before its label where there is no colour: "✔ ", "✘ " or ""
 */
const char *
eros_criterion_verdict_get_symbol (ErosCriterionVerdict verdict)
{
  switch (verdict)
    {
    case EROS_CRITERION_MET:
    case EROS_CRITERION_NOT_REACHED:
      return "✔ ";
    case EROS_CRITERION_NOT_MET:
    case EROS_CRITERION_NOT_MET_THOUGH_MARKED:
    case EROS_CRITERION_REACHED:
      return "✘ ";
    case EROS_CRITERION_NOT_ENOUGH:
    case EROS_CRITERION_NOT_DECIDED:
    case EROS_CRITERION_NOT_APPLICABLE:
    default:
      return "";
    }
}

/* ---- what the runbook has ------------------------------------------------------------------------------ */

/* How the error is shared among those that are estimated is known when all are there: the last one sees to
 * it. */
void
eros_deployment_add_criteria (ErosDeployment *self, ErosElement *element)
{
  guint n, n_estimated = 0;
  const ErosCriterion *criteria = eros_element_get_criteria (element, &n);

  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (self->all_criteria, (gpointer) &criteria[i]);
      if (criteria[i].check != NULL && criteria[i].metric != NULL)
        g_hash_table_insert (self->criteria, criteria[i].check, (gpointer) &criteria[i]);
    }
  for (guint i = 0; i < self->all_criteria->len; i++)
    if (eros_measure_is_estimated (((const ErosCriterion *) self->all_criteria->pdata[i])->metric))
      n_estimated++;
  self->error = EROS_MEASURE_ERROR / MAX (n_estimated, 1);
}

/**
 * eros_criterion_is_to_roll_back_by:
 * @criterion: of a runbook
 *
 * A criterion of success has a box that repeats it; one that has none says when to go back.
 *
 * Returns: whether it is one to roll back by
 */
gboolean
eros_criterion_is_to_roll_back_by (const ErosCriterion *criterion)
{
  return criterion->check == NULL;
}

/**
 * eros_criterion_may_be_decided:
 * @criterion: of a runbook
 *
 * Returns: whether a person decides on it with eros_criterion_decide(): it is not measured, and has no box
 */
gboolean
eros_criterion_may_be_decided (const ErosCriterion *criterion)
{
  return criterion->metric == NULL && criterion->check == NULL;
}

/* ---- how it stands ------------------------------------------------------------------------------------- */

void
eros_criterion_state_free (ErosCriterionState *self)
{
  g_free (self->text);
  g_free (self->fact);
  g_free (self);
}

/* (nullable): the last word of this kind on it */
static ErosEvent *
find_word (ErosDeployment *self, const char *criterion_id, const char *kind)
{
  g_autofree char *key = g_strconcat ("criterion:", criterion_id, NULL);
  GPtrArray *history = g_hash_table_lookup (self->histories, key);

  for (guint i = history != NULL ? history->len : 0; i > 0; i--)
    if (g_str_equal (eros_event_get_kind (history->pdata[i - 1]), kind))
      return history->pdata[i - 1];
  return NULL;
}

static gboolean
says_yes (ErosEvent *decision)
{
  return eros_event_says (decision, EROS_MEMBER_DECISION, "yes");
}

static char *
describe_decision (ErosEvent *decision)
{
  const char *note = eros_event_get_string (decision, EROS_MEMBER_NOTE);
  g_autofree char *time = eros_time_text (eros_event_get_time (decision));
  const char *answer = says_yes (decision) ? _ ("Yes") : _ ("No");

  if (note == NULL || *note == '\0')
    /* Translators: “Yes” or “No”; a person; a time */
    return g_strdup_printf (_ ("%s, said %s at %s"), answer, eros_event_get_actor (decision), time);
  /* Translators: “Yes” or “No”; what was said; a person; a time */
  return g_strdup_printf (_ ("%s: %s (%s at %s)"), answer, note, eros_event_get_actor (decision), time);
}

/* (transfer full) (nullable): a deployment of a phase that failed, and nobody went on with */
static char *
find_failed_deployment (ErosDeployment *self)
{
  GHashTableIter iter;
  gpointer operation, event;

  g_hash_table_iter_init (&iter, self->operations);
  while (g_hash_table_iter_next (&iter, &operation, &event))
    {
      const char *outcome = eros_event_get_string (event, EROS_MEMBER_OUTCOME);
      g_autofree char *time = eros_time_text (eros_event_get_time (event));

      if (eros_operation_kind_of (operation) == EROS_OPERATION_KIND_DEPLOY && outcome != NULL &&
          !g_str_equal (outcome, "pass") && !g_str_equal (outcome, "warning"))
        /* Translators: an operation, such as “deploy-phase1”; a time */
        return g_strdup_printf (_ ("“%s” did not end well at %s and was not resumed."),
                                (const char *) operation, time);
    }
  return NULL;
}

static ErosCriterionVerdict
judge_to_roll_back_by (const ErosCriterionState *state, ErosOutcome outcome)
{
  if (state->decision != NULL)
    return says_yes (state->decision) ? EROS_CRITERION_REACHED : EROS_CRITERION_NOT_REACHED;
  if (state->criterion->metric == NULL)
    return EROS_CRITERION_NOT_DECIDED;
  if (outcome == EROS_OUTCOME_PASS)
    return EROS_CRITERION_REACHED;
  return outcome == EROS_OUTCOME_FAIL ? EROS_CRITERION_NOT_REACHED : EROS_CRITERION_NOT_ENOUGH;
}

/* Nobody's mark makes what the machine has measured good; where it has not, a person's counts. */
static ErosCriterionVerdict
judge_to_be_met (const ErosCriterionState *state, ErosOutcome outcome, ErosItem *box)
{
  ErosItemMark mark = eros_item_get_mark (box);
  gboolean fails = eros_item_is_failing (box) || outcome == EROS_OUTCOME_FAIL;

  if (fails)
    return mark != EROS_ITEM_OPEN ? EROS_CRITERION_NOT_MET_THOUGH_MARKED : EROS_CRITERION_NOT_MET;
  if (mark == EROS_ITEM_NOT_APPLICABLE)
    return EROS_CRITERION_NOT_APPLICABLE;
  if (mark == EROS_ITEM_TICKED || outcome == EROS_OUTCOME_PASS)
    return EROS_CRITERION_MET;
  return state->criterion->metric != NULL ? EROS_CRITERION_NOT_ENOUGH : EROS_CRITERION_NOT_DECIDED;
}

/**
 * eros_criterion_state_new:
 * @deployment: a deployment
 * @criterion: of its runbook
 *
 * Returns: (transfer full): how it stands now
 */
ErosCriterionState *
eros_criterion_state_new (ErosDeployment *deployment, const ErosCriterion *criterion)
{
  ErosCriterionState *self = g_new0 (ErosCriterionState, 1);
  ErosItem *box = criterion->check != NULL ? eros_deployment_get_item (deployment, criterion->check) : NULL;
  ErosOutcome outcome = eros_measure_judge (deployment, criterion, &self->reading);

  self->criterion = criterion;
  self->continued = find_word (deployment, criterion->id, EROS_EVENT_CRITERION_CONTINUED);
  self->is_measured = outcome != EROS_OUTCOME_NONE;
  if (eros_criterion_may_be_decided (criterion))
    self->decision = find_word (deployment, criterion->id, EROS_EVENT_CRITERION_DECIDED);
  if (self->is_measured)
    self->text = eros_measure_describe (&self->reading, criterion);
  else if (self->decision != NULL)
    self->text = describe_decision (self->decision);
  if (g_strcmp0 (criterion->fact, "failed-deployment") == 0)
    self->fact = find_failed_deployment (deployment);
  self->verdict = box != NULL ? judge_to_be_met (self, outcome, box) : judge_to_roll_back_by (self, outcome);
  return self;
}

/**
 * eros_criteria_list:
 * @deployment: a deployment
 *
 * Returns: (transfer full) (element-type ErosCriterionState): all criteria of its runbook, in its order
 */
GPtrArray *
eros_criteria_list (ErosDeployment *deployment)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_criterion_state_free);

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (deployment), list);

  for (guint i = 0; i < deployment->all_criteria->len; i++)
    g_ptr_array_add (list, eros_criterion_state_new (deployment, deployment->all_criteria->pdata[i]));
  return list;
}

/**
 * eros_criteria_list_reached:
 * @deployment: a deployment
 *
 * Any one of them is enough to roll back. Once that has been done, and nothing deployed since, there is none.
 *
 * Returns: (transfer full): a line for each criterion to roll back by that is reached: what it says, and what
 *   is known of it
 */
GStrv
eros_criteria_list_reached (ErosDeployment *deployment)
{
  g_autoptr (GPtrArray) list = eros_criteria_list (deployment);
  g_autoptr (GStrvBuilder) reached = g_strv_builder_new ();

  for (guint i = 0; i < list->len; i++)
    {
      const ErosCriterionState *state = list->pdata[i];
      g_autofree char *line = NULL;

      if (state->verdict != EROS_CRITERION_REACHED ||
          eros_deployment_get_result (deployment) == EROS_RESULT_ROLLED_BACK)
        continue;
      /* Translators: a criterion; what is known of it */
      line = g_strdup_printf (_ ("%s (%s)"), state->criterion->text, state->text);
      g_strv_builder_add (reached, line);
    }
  return g_strv_builder_end (reached);
}

/* ---- a person decides ---------------------------------------------------------------------------------- */

/* (nullable) */
static const ErosCriterion *
find_criterion (ErosDeployment *self, const char *id, GError **error)
{
  g_autoptr (GStrvBuilder) decidable = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;
  g_autofree char *all = NULL;

  for (guint i = 0; i < self->all_criteria->len; i++)
    {
      const ErosCriterion *criterion = self->all_criteria->pdata[i];

      if (g_str_equal (criterion->id, id))
        return criterion;
      if (eros_criterion_may_be_decided (criterion))
        g_strv_builder_add (decidable, criterion->id);
    }
  names = g_strv_builder_end (decidable);
  all = g_strjoinv (", ", names);
  g_set_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID,
               /* Translators: an id; a list of ids */
               _ ("The runbook has no criterion “%s”. A person decides on these: %s."), id,
               *all != '\0' ? all : _ ("none"));
  return NULL;
}

static gboolean
check_decision (const ErosCriterion *criterion, gboolean is_reached, const char *note, GError **error)
{
  if (criterion->check != NULL)
    return eros_deployment_refuse (error, _ ("“%s” has a box of its own: tick “%s”."), criterion->text,
                                   criterion->check);
  if (criterion->metric != NULL)
    return eros_deployment_refuse (error, _ ("“%s” is measured by the monitoring: nobody decides on it."),
                                   criterion->text);
  if (is_reached && *note == '\0')
    return eros_deployment_refuse_value (error, _ ("Say what was found: the report shows it."));
  return eros_deployment_check_text (note, error);
}

/**
 * eros_criterion_decide:
 * @deployment: a deployment
 * @criterion_id: a criterion that is not measured and has no box
 * @is_reached: whether it is so
 * @note: what was found, or why not; may be empty for what is not reached
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Records a person's word on a criterion to roll back by. One case is enough; a later word takes its place,
 * and both stay in the record.
 *
 * Returns: whether it is stored
 */
gboolean
eros_criterion_decide (ErosDeployment *deployment,
                       const char *criterion_id,
                       gboolean is_reached,
                       const char *note,
                       GError **error)
{
  g_autofree char *tidied = NULL;
  const ErosCriterion *criterion;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (deployment), FALSE);
  g_return_val_if_fail (criterion_id != NULL && note != NULL, FALSE);

  tidied = eros_deployment_tidy (note);
  criterion = find_criterion (deployment, criterion_id, error);
  if (criterion == NULL || !check_decision (criterion, is_reached, tidied, error))
    return FALSE;
  return eros_deployment_act (deployment, EROS_EVENT_CRITERION_DECIDED,
                              eros_deployment_body_new (EROS_MEMBER_CRITERION, criterion_id,
                                                        EROS_MEMBER_DECISION, is_reached ? "yes" : "no",
                                                        EROS_MEMBER_NOTE, tidied, NULL),
                              error);
}

static gboolean
is_reached (ErosDeployment *deployment, const ErosCriterion *criterion)
{
  g_autoptr (ErosCriterionState) state = eros_criterion_state_new (deployment, criterion);

  return state->verdict == EROS_CRITERION_REACHED;
}

/**
 * eros_criterion_continue:
 * @deployment: a deployment
 * @criterion_id: a criterion to roll back by that is reached
 * @name: who decides it
 * @reason: why it is not rolled back
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Records that the deployment goes on although @criterion_id says that it is to be rolled back. It stays
 * reached, and that it was gone on with stays in the list of what must not be forgotten.
 *
 * Returns: whether it is stored
 */
gboolean
eros_criterion_continue (ErosDeployment *deployment,
                         const char *criterion_id,
                         const char *name,
                         const char *reason,
                         GError **error)
{
  g_autofree char *tidied = NULL;
  const ErosCriterion *criterion;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (deployment), FALSE);
  g_return_val_if_fail (criterion_id != NULL && name != NULL && reason != NULL, FALSE);

  tidied = eros_deployment_tidy (reason);
  criterion = find_criterion (deployment, criterion_id, error);
  if (criterion == NULL || !eros_deployment_check_name (name, error) ||
      !eros_deployment_check_text (tidied, error))
    return FALSE;
  if (*tidied == '\0')
    return eros_deployment_refuse_value (error, _ ("Say why it is not rolled back: the report shows it."));
  if (!eros_criterion_is_to_roll_back_by (criterion) || !is_reached (deployment, criterion))
    return eros_deployment_refuse (error, _ ("“%s” is not reached: there is nothing to go on over."),
                                   criterion->text);
  return eros_deployment_act (deployment, EROS_EVENT_CRITERION_CONTINUED,
                              eros_deployment_body_new (EROS_MEMBER_CRITERION, criterion_id, EROS_MEMBER_NAME,
                                                        name, EROS_MEMBER_REASON, tidied, NULL),
                              error);
}
