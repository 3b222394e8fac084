/* eros-countersignature.c: sign-offs behind which a certificate stands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-countersignature.h"

#include <glib/gi18n-lib.h>

gboolean
eros_identity_is_taken (ErosDeployment *deployment, const ErosCountersignature *signature)
{
  GListModel *events = G_LIST_MODEL (eros_deployment_get_journal (deployment));

  for (guint i = g_list_model_get_n_items (events); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (events, i - 1);

      if (eros_event_is (event, EROS_EVENT_SIGNER_COUNTERSIGNED) &&
          eros_event_says (event, EROS_MEMBER_ELEMENT, signature->element) &&
          eros_event_says (event, EROS_MEMBER_FINGERPRINT, signature->fingerprint) &&
          eros_event_says (event, EROS_MEMBER_TIME, signature->time))
        return TRUE;
    }
  return FALSE;
}

/* The signature of the sign-off that nobody has withdrawn. */
static const ErosDecision *
find_signature (ErosDeployment *deployment, const char *element)
{
  GPtrArray *decisions = eros_deployment_get_decisions (deployment);

  for (guint i = decisions->len; i > 0; i--)
    {
      const ErosDecision *decision = decisions->pdata[i - 1];

      if (decision->kind == EROS_DECISION_SIGNATURE && decision->withdrawal == NULL &&
          g_str_equal (eros_decision_get_target (decision), element))
        return decision;
    }
  return NULL;
}

/* The act is the signer's, whoever brings the file. */
static gboolean
sign (ErosDeployment *deployment, const ErosCountersignature *signature, const char *reason, GError **error)
{
  g_autofree char *actor = g_strdup (eros_deployment_get_actor (deployment));
  gboolean fine;

  if (!eros_deployment_check_name (signature->name, error))
    return FALSE;
  eros_deployment_set_actor (deployment, signature->name);
  fine = eros_deployment_sign_with (deployment, signature->element, signature->name, NULL, reason, error);
  eros_deployment_set_actor (deployment, actor);
  return fine;
}

gboolean
eros_identity_take (ErosDeployment *deployment,
                    const ErosCountersignature *signature,
                    const char *reason,
                    GError **error)
{
  const ErosDecision *held = find_signature (deployment, signature->element);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *body;

  if (held != NULL && g_strcmp0 (eros_decision_get_name (held), signature->name) != 0)
    {
      g_set_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NOT_ALLOWED,
                   /* Translators: an item, who has signed it, who has signed the report */
                   _ ("“%s” is signed already, by %s, and the report by %s. Withdraw that signature first."),
                   signature->element, eros_decision_get_name (held), signature->name);
      return FALSE;
    }
  if (held == NULL && !sign (deployment, signature, reason, error))
    return FALSE;
  body = json_object_new ();
  json_object_set_string_member (body, EROS_MEMBER_ELEMENT, signature->element);
  json_object_set_string_member (body, EROS_MEMBER_NAME, signature->name);
  json_object_set_string_member (body, EROS_MEMBER_FINGERPRINT, signature->fingerprint);
  json_object_set_string_member (body, EROS_MEMBER_TIME, signature->time);
  json_object_set_boolean_member (body, EROS_MEMBER_SELF_MADE, signature->is_self_made);
  json_object_set_string_member (body, EROS_MEMBER_REPORT, signature->report);
  json_node_take_object (node, body);
  return eros_deployment_record (deployment, EROS_EVENT_SIGNER_COUNTERSIGNED, node, error) != NULL;
}

const char *
eros_identity_get_certificate (ErosDeployment *deployment, const char *element)
{
  GListModel *events = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  const ErosDecision *held = find_signature (deployment, element);
  gint64 since = held != NULL ? eros_event_get_sequence (held->event) : G_MAXINT64;

  for (guint i = g_list_model_get_n_items (events); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (events, i - 1);

      if (eros_event_get_sequence (event) <= since)
        return NULL;
      if (eros_event_is (event, EROS_EVENT_SIGNER_COUNTERSIGNED) &&
          eros_event_says (event, EROS_MEMBER_ELEMENT, element))
        return eros_event_get_string (event, EROS_MEMBER_FINGERPRINT); /* the journal keeps it */
    }
  return NULL;
}
