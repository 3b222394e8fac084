/* eros-conductor-boxes.c: what a rehearsal does with check boxes and sign-offs
 *
 * What the machine can check it checks; what only a person can do is ticked by a stand-in who says so; what
 * this version does not do is left out, with the reason. Nothing is pretended.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-conductor-private.h"

#include <glib/gi18n-lib.h>

#include "eros-criteria.h"
#include "eros-problem.h"
#include "eros-stand-in.h"
#include "eros-timeline.h"
#include "eros-watch.h"

#define NO_ROLLBACK N_ ("No rollback was needed in this rehearsal.")
#define AT_ONCE     N_ ("Everything is deployed again at once in this rehearsal.")
#define ROLLED_BACK N_ ("It was rolled back in this rehearsal: what is open stays open.")
#define DEPLOYED_AGAIN                                                                                       \
  N_ ("Of a stand-in: the way back was rehearsed, and everything deployed again. Nobody has weighed what "   \
      "else says otherwise.")
#define UNWEIGHED N_ ("Of a stand-in: nobody has weighed what says otherwise.")

static gboolean
is_untimely (ErosConductor *self, const char *id)
{
  ErosElement *element = eros_item_get_element (eros_deployment_get_item (self->deployment, id));
  g_autofree char *why =
    eros_watch_describe_untimely (self->deployment, element, eros_timeline_get_now (self->deployment));

  return why != NULL;
}

/* Where a box is about somebody. */
static gboolean
name_stand_in (ErosConductor *self, const char *id, GError **error)
{
  ErosElement *element = eros_item_get_element (eros_deployment_get_item (self->deployment, id));
  const char *person = eros_element_get_person (element);

  return person == NULL || *eros_deployment_get_value (self->deployment, person) != '\0' ||
         eros_deployment_set_value (self->deployment, person, _ ("The rehearsal, for a person"), error);
}

static gboolean
leave_unsigned (ErosConductor *self, ErosElement *element, const char *reason)
{
  eros_conductor_tell (self, EROS_CONDUCTED_OPEN, eros_element_get_label (element), reason);
  return TRUE;
}

/* The first check that fails, what was taken back aside. (nullable) (transfer full) */
static char *
find_failing (ErosConductor *self)
{
  g_autoptr (GPtrArray) problems =
    eros_problem_list (self->deployment, eros_timeline_get_now (self->deployment), NULL);

  if (eros_deployment_get_result (self->deployment) == EROS_RESULT_ROLLED_BACK)
    return NULL;
  for (guint i = 0; i < problems->len; i++)
    if (eros_problem_get_kind (problems->pdata[i]) == EROS_PROBLEM_CHECK_FAILED)
      return g_strdup (eros_problem_get_text (problems->pdata[i]));
  return NULL;
}

/* What has been found says that it is not well: (nullable) (transfer full). How a contingency goes nothing
 * contradicts. */
static char *
describe_evidence (ErosConductor *self)
{
  g_auto (GStrv) reached = eros_criteria_list_reached (self->deployment);
  g_autofree char *failing = NULL;

  if (eros_phase_is_contingency (self->phase))
    return NULL;
  if (reached[0] != NULL)
    return g_strdup_printf (
      /* Translators: a criterion, and what is known of it */
      _ ("No stand-in vouches for anything while a criterion to roll back by is reached: %s"), reached[0]);
  failing = find_failing (self);
  if (failing == NULL)
    return NULL;
  /* Translators: “a check box” fails: what the machine found */
  return g_strdup_printf (_ ("No stand-in vouches for anything while a check fails: %s"), failing);
}

/* What rounds or work have not shown well is no stand-in's to decide. */
static gboolean
stand_in (ErosConductor *self, const char *id, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *evidence = describe_evidence (self);

  if (evidence != NULL)
    return leave_unsigned (self, eros_item_get_element (eros_deployment_get_item (self->deployment, id)),
                           evidence);
  if (!eros_deployment_set_note (self->deployment, id, _ ("Of a stand-in: nobody has looked at this."),
                                 error))
    return FALSE;
  if (!name_stand_in (self, id, error))
    return FALSE;
  /* On a server whose clock cannot be set. */
  if (eros_deployment_tick_by_decision (
        self->deployment, id, is_untimely (self, id) ? _ ("Nobody waits for it in this rehearsal.") : "",
        &problem))
    return TRUE;
  if (!g_error_matches (problem, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NEEDS_REASON))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return leave_unsigned (self, eros_item_get_element (eros_deployment_get_item (self->deployment, id)),
                         problem->message);
}

static gboolean
leave_out (ErosConductor *self, const char *id, const char *reason, GError **error)
{
  return eros_deployment_set_not_applicable (self->deployment, id, reason, error);
}

/* Whether an operation of this phase that has not been done would prove the box. */
static gboolean
is_unproven (ErosConductor *self, const char *id)
{
  guint first = self->work == EROS_CONDUCTOR_GOES_ON || self->next == 0 ? self->next : self->next - 1;

  for (guint i = first; i < self->operations->len; i++)
    {
      const char *const *proves = eros_element_get_proves (self->operations->pdata[i]);

      if (proves != NULL && g_strv_contains (proves, id))
        return TRUE;
    }
  return FALSE;
}

static gboolean
conduct_open_check (ErosConductor *self, ErosElement *element, GError **error)
{
  const char *id = eros_element_get_id (element);
  gboolean unproven = is_unproven (self, id);
  g_autofree char *reason = NULL;

  if (eros_phase_is_contingency (self->phase) && eros_conductor_needs_no_way_back (self))
    return leave_out (self, id, _ (NO_ROLLBACK), error);
  if (self->course == EROS_CONDUCTOR_PRACTISES && is_untimely (self, id))
    return leave_out (self, id, _ (AT_ONCE), error);
  if (self->work == EROS_CONDUCTOR_MISSING)
    return leave_out (self, id, self->missing, error);
  if (self->work == EROS_CONDUCTOR_GOES_ON && !unproven && eros_element_get_check_binding (element) != NULL &&
      !eros_controller_can_run (self->controller, id, &reason))
    return leave_out (self, id, reason, error);
  if (self->work == EROS_CONDUCTOR_GOES_ON && !unproven &&
      eros_deployment_allows (self->deployment, "tick", id, &reason, NULL))
    return stand_in (self, id, error);

  eros_conductor_tell (self, EROS_CONDUCTED_OPEN, eros_element_get_label (element),
                       reason != NULL ? reason : self->missing);
  return TRUE;
}

/* Whether it follows from what only an emergency makes anybody do. */
static gboolean
is_of_emergency (ErosConductor *self, ErosElement *element)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (self->deployment);
  const char *const *of = eros_element_get_sum_of (element);

  for (guint i = 0; of != NULL && of[i] != NULL; i++)
    {
      ErosPhase *phase = eros_runbook_phase_of (runbook, of[i]);

      if (phase != NULL && eros_phase_is_contingency (phase))
        return TRUE;
    }
  return FALSE;
}

/* What follows from others is there by itself, now or later: it is counted at the end. Where it says
 * otherwise, a person would have to decide; nobody is there, and it is not ticked. */
gboolean
eros_conductor_settle_sum (ErosConductor *self, ErosItem *item, GError **error)
{
  const char *id = eros_element_get_id (eros_item_get_element (item));
  const char *found = eros_item_get_summary (item);
  g_autofree char *evidence = describe_evidence (self);
  g_autofree char *reason = NULL;

  if (eros_item_get_mark (item) == EROS_ITEM_OPEN && is_of_emergency (self, eros_item_get_element (item)) &&
      eros_conductor_needs_no_way_back (self))
    return eros_deployment_set_not_applicable (self->deployment, id, _ (NO_ROLLBACK), error);
  /* Left out when it was not so yet. */
  if (eros_item_get_mark (item) == EROS_ITEM_NOT_APPLICABLE &&
      eros_item_get_outcome (item) == EROS_OUTCOME_PASS)
    return eros_deployment_withdraw (
      self->deployment, id, found != NULL ? found : eros_element_get_label (eros_item_get_element (item)),
      error);
  if (self->work != EROS_CONDUCTOR_GOES_ON || self->course == EROS_CONDUCTOR_BACK ||
      eros_item_get_outcome (item) == EROS_OUTCOME_NONE || eros_item_get_mark (item) != EROS_ITEM_OPEN ||
      evidence != NULL)
    return TRUE;
  /* Translators: what was found */
  reason = g_strdup_printf (_ ("Not ticked in this rehearsal: nobody is there to weigh what was found: %s"),
                            found != NULL ? found : "");
  return leave_out (self, id, reason, error);
}

gboolean
eros_conductor_check (ErosConductor *self, ErosElement *element, GError **error)
{
  ErosItem *item = eros_deployment_get_item (self->deployment, eros_element_get_id (element));

  if (eros_element_get_sum (element) != NULL)
    return eros_conductor_settle_sum (self, item, error);
  /* The machine has looked, and does not say yes: nobody ticks that away. */
  if (eros_item_get_mark (item) != EROS_ITEM_OPEN || eros_item_is_failing (item) ||
      eros_item_get_outcome (item) == EROS_OUTCOME_ERROR ||
      eros_item_get_outcome (item) == EROS_OUTCOME_NOT_LOOKED)
    return TRUE;
  return conduct_open_check (self, element, error);
}

/* The first choice is the good one, and whatever contradicts it keeps it from being signed; the second one
 * says that it was rolled back. */
static GHashTable *
choose_all (ErosConductor *self, ErosElement *element)
{
  gboolean is_good = self->course != EROS_CONDUCTOR_BACK;
  GListModel *fields = eros_element_get_fields (element);
  GHashTable *values = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const char *const *choices = eros_field_get_choices (field);

      if (choices != NULL)
        g_hash_table_insert (values, (gpointer) eros_field_get_id (field),
                             (gpointer) choices[is_good || choices[1] == NULL ? 0 : 1]);
    }
  return values;
}

/* A stand-in gives no reason why it would be a success all the same, but where sums alone say otherwise, or
 * that it has practised. (nullable) */
static const char *
find_excuse (ErosConductor *self, const char *id)
{
  if (!eros_deployment_is_contradicted_lightly (self->deployment, id))
    return "";
  return self->was_back ? _ (DEPLOYED_AGAIN) : _ (UNWEIGHED);
}
/* A stand-in gives no reason why it would be a success all the same, but where sums alone say otherwise. */
static gboolean
stand_in_for_signer (ErosConductor *self, ErosElement *element, GError **error)
{
  const char *id = eros_element_get_id (element);
  g_autofree char *name = eros_stand_in_name_signer (element);
  g_autoptr (GHashTable) values = choose_all (self, element);
  g_autoptr (GError) problem = NULL;

  if (eros_deployment_sign_with (self->deployment, id, name, values, find_excuse (self, id), &problem))
    return eros_deployment_set_note (
      self->deployment, id,
      _ ("Signed by the rehearsal, which stands in for a person: nobody vouches for this."), error);
  if (g_error_matches (problem, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NEEDS_REASON))
    return leave_unsigned (self, element, problem->message);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

gboolean
eros_conductor_sign_off (ErosConductor *self, ErosElement *element, GError **error)
{
  const char *id = eros_element_get_id (element);
  g_autofree char *reason = NULL;
  ErosGate *gate = NULL;

  if (eros_item_get_mark (eros_deployment_get_item (self->deployment, id)) != EROS_ITEM_OPEN)
    return TRUE;
  if (self->work != EROS_CONDUCTOR_GOES_ON && eros_element_get_kind (element) == EROS_ELEMENT_CHECK)
    return leave_unsigned (self, element, self->missing);
  if (!eros_deployment_allows (self->deployment, "sign", id, &reason, &gate) && gate != NULL)
    return leave_unsigned (self, element, reason);
  return stand_in_for_signer (self, element, error);
}

/* Whoever signs that it was rolled back cannot wait for what is not there any more. */
static gboolean
open_gate (ErosConductor *self, ErosElement *element, GError **error)
{
  g_autofree char *name = eros_stand_in_name_signer (element);
  ErosGate *gate = NULL;

  return eros_element_get_kind (element) != EROS_ELEMENT_SIGN_OFF ||
         eros_deployment_allows (self->deployment, "sign", eros_element_get_id (element), NULL, &gate) ||
         gate == NULL || !eros_gate_may_override (gate) ||
         eros_deployment_override (self->deployment, eros_gate_get_id (gate), name, _ (ROLLED_BACK), error);
}

gboolean
eros_conductor_open_sign_offs (ErosConductor *self, GError **error)
{
  for (guint i = 0; self->course == EROS_CONDUCTOR_BACK && i < self->elements->len; i++)
    if (!open_gate (self, self->elements->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* ---- at the end ---------------------------------------------------------------------------------------- */

static void
count_item (ErosConductor *self, ErosItem *item)
{
  ErosElement *element = eros_item_get_element (item);
  const char *actor = eros_item_get_actor (item);

  if (eros_item_get_mark (item) == EROS_ITEM_OPEN)
    self->tally.open++;
  else if (eros_item_get_mark (item) == EROS_ITEM_NOT_APPLICABLE)
    self->tally.left_out++;
  else if (actor == NULL || g_str_equal (actor, "machine"))
    self->tally.machine++;
  else if (eros_stand_in_is (element, actor))
    self->tally.stand_ins++;
  else
    self->tally.people++;
  /* What follows from others has not been named before. */
  if (eros_item_get_mark (item) == EROS_ITEM_OPEN && eros_element_get_sum (element) != NULL &&
      !eros_element_wants_signature (element))
    eros_conductor_tell (self, EROS_CONDUCTED_OPEN, eros_element_get_label (element),
                         eros_item_get_summary (item));
}

static void
count_section (ErosConductor *self, ErosSection *section)
{
  GListModel *elements = eros_section_get_elements (section);

  for (guint i = 0; i < g_list_model_get_n_items (elements); i++)
    {
      g_autoptr (ErosElement) element = g_list_model_get_item (elements, i);

      if (eros_element_get_kind (element) == EROS_ELEMENT_CHECK || eros_element_wants_signature (element))
        count_item (self, eros_deployment_get_item (self->deployment, eros_element_get_id (element)));
    }
}

/* By whom each box was ticked, in whichever part of this rehearsal. */
void
eros_conductor_count (ErosConductor *self)
{
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (self->deployment));

  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint k = 0; k < g_list_model_get_n_items (sections); k++)
        {
          g_autoptr (ErosSection) section = g_list_model_get_item (sections, k);

          count_section (self, section);
        }
    }
}
