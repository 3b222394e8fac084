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
#include "eros-stand-in.h"
#include "eros-timeline.h"
#include "eros-watch.h"

#define NO_ROLLBACK N_ ("No rollback was needed in this rehearsal.")
#define UNWEIGHED   N_ ("Of a stand-in: nobody has weighed what says otherwise.")

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
  self->tally.open++;
  eros_conductor_tell (self, EROS_CONDUCTED_OPEN, eros_element_get_label (element), reason);
  return TRUE;
}

/* What has been found says that it is not well: (nullable) (transfer full). How a contingency goes nothing
 * contradicts. */
static char *
describe_evidence (ErosConductor *self)
{
  g_auto (GStrv) reached = eros_criteria_list_reached (self->deployment);

  if (eros_phase_is_contingency (self->phase) || reached[0] == NULL)
    return NULL;
  return g_strdup_printf (
    /* Translators: a criterion, and what is known of it */
    _ ("No stand-in vouches for anything while a criterion to roll back by is reached: %s"), reached[0]);
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
  self->tally.stand_ins++;
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
  self->tally.stand_ins--;
  return leave_unsigned (self, eros_item_get_element (eros_deployment_get_item (self->deployment, id)),
                         problem->message);
}

static gboolean
leave_out (ErosConductor *self, const char *id, const char *reason, GError **error)
{
  self->tally.left_out++;
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

  if (eros_phase_is_contingency (self->phase))
    return leave_out (self, id, _ (NO_ROLLBACK), error);
  if (self->work == EROS_CONDUCTOR_MISSING)
    return leave_out (self, id, self->missing, error);
  if (self->work == EROS_CONDUCTOR_GOES_ON && !unproven && eros_element_get_check_binding (element) != NULL &&
      !eros_controller_can_run (self->controller, id, &reason))
    return leave_out (self, id, reason, error);
  if (self->work == EROS_CONDUCTOR_GOES_ON && !unproven &&
      eros_deployment_allows (self->deployment, "tick", id, &reason, NULL))
    return stand_in (self, id, error);

  self->tally.open++;
  eros_conductor_tell (self, EROS_CONDUCTED_OPEN, eros_element_get_label (element),
                       reason != NULL ? reason : self->missing);
  return TRUE;
}

/* By the machine just now, or in an earlier part of this rehearsal. */
void
eros_conductor_count (ErosConductor *self, ErosItem *item)
{
  const char *actor = eros_item_get_actor (item);

  if (eros_item_get_mark (item) == EROS_ITEM_NOT_APPLICABLE)
    self->tally.left_out++;
  else if (actor == NULL || g_str_equal (actor, "machine"))
    self->tally.machine++;
  else if (eros_stand_in_is (eros_item_get_element (item), actor))
    self->tally.stand_ins++;
  else
    self->tally.people++;
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
 * otherwise, a person would have to decide. */
gboolean
eros_conductor_settle_sum (ErosConductor *self, ErosItem *item, GError **error)
{
  const char *id = eros_element_get_id (eros_item_get_element (item));
  g_autofree char *evidence = describe_evidence (self);

  if (eros_item_get_mark (item) == EROS_ITEM_OPEN && is_of_emergency (self, eros_item_get_element (item)))
    return eros_deployment_set_not_applicable (self->deployment, id, _ (NO_ROLLBACK), error);
  return self->work != EROS_CONDUCTOR_GOES_ON || eros_item_get_outcome (item) == EROS_OUTCOME_NONE ||
         eros_item_get_mark (item) != EROS_ITEM_OPEN || evidence != NULL ||
         (eros_deployment_set_note (self->deployment, id, _ (UNWEIGHED), error) &&
          eros_deployment_tick_by_decision (self->deployment, id, _ (UNWEIGHED), error));
}

void
eros_conductor_count_sums (ErosConductor *self, ErosElement *element)
{
  ErosItem *item = eros_deployment_get_item (self->deployment, eros_element_get_id (element));

  if (eros_element_get_sum (element) == NULL || eros_element_wants_signature (element))
    return;
  if (eros_item_get_mark (item) != EROS_ITEM_OPEN)
    eros_conductor_count (self, item);
  else
    {
      self->tally.open++;
      eros_conductor_tell (self, EROS_CONDUCTED_OPEN, eros_element_get_label (element),
                           eros_item_get_summary (item));
    }
}

gboolean
eros_conductor_check (ErosConductor *self, ErosElement *element, GError **error)
{
  ErosItem *item = eros_deployment_get_item (self->deployment, eros_element_get_id (element));

  if (eros_element_get_sum (element) != NULL)
    return eros_conductor_settle_sum (self, item, error);
  if (eros_item_get_mark (item) != EROS_ITEM_OPEN)
    {
      eros_conductor_count (self, item);
      return TRUE;
    }
  /* The machine has looked, and does not say yes: nobody ticks that away. */
  if (eros_item_is_failing (item) || eros_item_get_outcome (item) == EROS_OUTCOME_ERROR ||
      eros_item_get_outcome (item) == EROS_OUTCOME_NOT_LOOKED)
    {
      self->tally.open++;
      return TRUE;
    }
  return conduct_open_check (self, element, error);
}

/* The first choice is the good one; whatever contradicts it keeps it from being signed. */
static GHashTable *
choose_all (ErosElement *element)
{
  GListModel *fields = eros_element_get_fields (element);
  GHashTable *values = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const char *const *choices = eros_field_get_choices (field);

      if (choices != NULL)
        g_hash_table_insert (values, (gpointer) eros_field_get_id (field), (gpointer) choices[0]);
    }
  return values;
}

/* A stand-in gives no reason why it would be a success all the same, but where sums alone say otherwise. */
static gboolean
stand_in_for_signer (ErosConductor *self, ErosElement *element, GError **error)
{
  const char *id = eros_element_get_id (element);
  g_autofree char *name = eros_stand_in_name_signer (element);
  g_autoptr (GHashTable) values = choose_all (element);
  g_autoptr (GError) problem = NULL;

  if (eros_deployment_sign_with (
        self->deployment, id, name, values,
        eros_deployment_is_contradicted_by_sums (self->deployment, id) ? _ (UNWEIGHED) : "", &problem))
    {
      self->tally.stand_ins++;
      return eros_deployment_set_note (
        self->deployment, id,
        _ ("Signed by the rehearsal, which stands in for a person: nobody vouches for this."), error);
    }
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
    {
      eros_conductor_count (self, eros_deployment_get_item (self->deployment, id));
      return TRUE;
    }
  if (self->work != EROS_CONDUCTOR_GOES_ON && eros_element_get_kind (element) == EROS_ELEMENT_CHECK)
    return leave_unsigned (self, element, self->missing);
  if (!eros_deployment_allows (self->deployment, "sign", id, &reason, &gate) && gate != NULL)
    return leave_unsigned (self, element, reason);
  return stand_in_for_signer (self, element, error);
}
