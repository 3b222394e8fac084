/* eros-another-person.c: who prepared a deployment does not approve it alone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-deployment-private.h"

#include <string.h>

#include "eros-config.h"
#include "eros-time-text.h"
#include <glib/gi18n-lib.h>

#define REVIEW_HOURS 48

/* "Ada" of "Ada <ada@example.com>", in one form whatever the blanks and capitals. (transfer full) */
static char *
fold_person (const char *actor)
{
  const char *address = strstr (actor, " <");
  g_autofree char *name = address != NULL ? g_strndup (actor, (gsize) (address - actor)) : g_strdup (actor);

  return eros_deployment_fold_name (name);
}

/* Whoever made the deployment, and whoever leads it. */
static gboolean
has_prepared (ErosDeployment *self, const char *name)
{
  g_autoptr (ErosEvent) created = g_list_model_get_item (G_LIST_MODEL (self->journal), 0);
  g_autofree char *person = fold_person (name);
  g_autofree char *maker = fold_person (eros_event_get_actor (created));
  g_autofree char *lead = fold_person (self->setup->lead_name != NULL ? self->setup->lead_name : "");

  return g_str_equal (person, maker) || g_str_equal (person, lead);
}

/* Whether a certificate belongs to somebody who has prepared the deployment, whatever name they sign with. */
static gboolean
is_key_of_preparer (ErosDeployment *self, const char *fingerprint)
{
  GListModel *events = G_LIST_MODEL (self->journal);

  for (guint i = 0; fingerprint != NULL && i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (events, i);

      if (eros_event_is (event, EROS_EVENT_SIGNER_CHANGED) &&
          eros_event_says (event, EROS_MEMBER_FINGERPRINT, fingerprint) &&
          has_prepared (self, eros_event_get_string (event, EROS_MEMBER_PERSON)))
        return TRUE;
    }
  return FALSE;
}

/* The certificate behind a signature that holds, as it was put on record after it. (transfer full) (nullable)
 */
static char *
find_certificate (ErosDeployment *self, const ErosDecision *decision)
{
  GListModel *events = G_LIST_MODEL (self->journal);
  const char *target = eros_decision_get_target (decision);

  for (guint i = g_list_model_get_n_items (events); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (events, i - 1);

      if (eros_event_get_sequence (event) <= eros_event_get_sequence (decision->event))
        return NULL;
      if (eros_event_is (event, EROS_EVENT_SIGNER_COUNTERSIGNED) &&
          eros_event_says (event, EROS_MEMBER_ELEMENT, target))
        return g_strdup (eros_event_get_string (event, EROS_MEMBER_FINGERPRINT));
    }
  return NULL;
}

/* (transfer full) (nullable): what is missing until somebody else has signed the sign-off. */
static char *
describe_missing (ErosDeployment *self, const char *sign_off)
{
  const ErosDecision *decision = eros_deployment_find_decision (self, sign_off);
  ErosElement *element = eros_runbook_find_element (self->runbook, sign_off);
  const char *label = element != NULL ? eros_deployment_label_of (element) : sign_off;
  g_autofree char *certificate = NULL;

  if (decision == NULL)
    return g_strdup_printf (_ ("“%s”, signed by somebody who has not prepared the deployment"), label);
  certificate = find_certificate (self, decision);
  if (!has_prepared (self, eros_decision_get_name (decision)) && !is_key_of_preparer (self, certificate))
    return NULL;
  /* Translators: a sign-off; a person */
  return g_strdup_printf (
    _ ("“%s”, signed by somebody else than %s, who has prepared or leads the deployment"), label,
    eros_decision_get_name (decision));
}

void
eros_deployment_add_not_another (ErosDeployment *self, const char *sign_off, GPtrArray *missing)
{
  char *text = describe_missing (self, sign_off);

  if (text != NULL)
    g_ptr_array_add (missing, text);
}

/* (transfer full): what is to be done about a gate of two persons that was opened by decision. */
static char *
describe_review (ErosGate *gate, gint64 opened, gint64 now)
{
  gint64 due = opened + REVIEW_HOURS * G_TIME_SPAN_HOUR;
  g_autofree char *time = eros_time_text (due);

  /* Translators: a gate; a time */
  return g_strdup_printf (now < due
                            ? _ ("“%s” was opened by decision: somebody else reviews and signs it until %s")
                            : _ ("“%s” was opened by decision: somebody else should have reviewed and signed "
                                 "it until %s"),
                          eros_gate_get_title (gate), time);
}

/**
 * eros_deployment_list_reviews:
 * @self: a deployment
 *
 * In an emergency nobody waits for another person: the gate is opened by decision, and the review is made up
 * for within 48 hours.
 *
 * Returns: (transfer full): a sentence for each review that is due, until somebody else has signed
 */
GStrv
eros_deployment_list_reviews (ErosDeployment *self)
{
  GListModel *gates;
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);

  gates = eros_runbook_get_gates (self->runbook);
  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);
      g_autofree char *sentence = NULL;
      ErosOverride override;

      if (eros_gate_get_kind (gate) != EROS_GATE_ANOTHER_PERSON ||
          !eros_deployment_get_override (self, eros_gate_get_id (gate), &override) ||
          eros_deployment_gate_is_open (self, gate, NULL))
        continue;
      sentence = describe_review (gate, override.time, g_get_real_time ());
      g_strv_builder_add (list, sentence);
    }
  return g_strv_builder_end (list);
}
