/* eros-deployment-decide.c: what people decide: overrides, signatures, marks over a check that failed, and
 * that they withdraw them
 *
 * None of it is ever undone. It is withdrawn where it stands, with a reason, and both stay in the record.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment-private.h"
#include "eros-text.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-watch.h"

#include <string.h>
#include <glib/gi18n-lib.h>

static const char *
target_of (const ErosDecision *decision)
{
  const char *gate = eros_event_get_string (decision->event, EROS_MEMBER_GATE);

  return gate != NULL ? gate : eros_event_get_string (decision->event, EROS_MEMBER_ELEMENT);
}

ErosDecision *
eros_deployment_find_decision (ErosDeployment *self, const char *target_id)
{
  for (guint i = self->decisions->len; i > 0; i--)
    {
      ErosDecision *decision = self->decisions->pdata[i - 1];

      if (decision->withdrawal == NULL && g_str_equal (target_of (decision), target_id))
        return decision;
    }
  return NULL;
}

/**
 * eros_deployment_get_decisions:
 * @self: a deployment
 *
 * Returns: (transfer none) (element-type ErosDecision): all overrides,
 *   signatures and marks over a check that failed, in the order in which they
 *   were made, the withdrawn ones too. Grows with the deployment
 */
GPtrArray *
eros_deployment_get_decisions (ErosDeployment *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);
  return self->decisions;
}

/**
 * eros_deployment_get_decision_title:
 * @self: a deployment
 * @decision: one of its decisions
 *
 * Returns: (transfer none): what the gate or element is called
 */
const char *
eros_deployment_get_decision_title (ErosDeployment *self, const ErosDecision *decision)
{
  return eros_deployment_label_thing (self, decision->kind == EROS_DECISION_OVERRIDE ? "gate" : "element",
                                      target_of (decision));
}

/**
 * eros_deployment_describe_decision:
 * @self: a deployment
 * @decision: one of its decisions
 *
 * Returns: (transfer full): what was decided, in a few words, without who and
 *   why
 */
char *
eros_deployment_describe_decision (ErosDeployment *self, const ErosDecision *decision)
{
  static const char *const texts[] = {
    [EROS_DECISION_OVERRIDE] = N_ ("Override of “%s”"),
    [EROS_DECISION_SIGNATURE] = N_ ("Signature of “%s”"),
    [EROS_DECISION_TICK] = N_ ("“%s” ticked over a check that failed"),
    [EROS_DECISION_NOT_APPLICABLE] = N_ ("“%s” set to not applicable over a check that failed"),
  };
  gboolean is_computed = eros_event_has (decision->event, EROS_MEMBER_COMPUTED);
  g_autoptr (GString) text = g_string_new (_ (texts[decision->kind]));

  if (eros_event_get_string (decision->event, EROS_MEMBER_UNPROVEN) != NULL)
    g_string_assign (text, _ ("“%s” ticked although the program has not done it"));
  else if (eros_event_get_string (decision->event, EROS_MEMBER_UNTIMELY) != NULL)
    g_string_assign (text, _ ("“%s” ticked before all of its rounds were made"));
  else if (is_computed && decision->kind == EROS_DECISION_TICK)
    g_string_assign (text, _ ("“%s” ticked although what it follows from says otherwise"));
  else if (is_computed)
    g_string_assign (text, _ ("“%s” set to not applicable although what it follows from says otherwise"));

  g_string_replace (text, "%s", eros_deployment_get_decision_title (self, decision), 1);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * eros_decision_get_target:
 * @decision: a decision
 *
 * Returns: (transfer none): the id of the gate or element
 */
const char *
eros_decision_get_target (const ErosDecision *decision)
{
  return target_of (decision);
}

/**
 * eros_decision_get_name:
 * @decision: a decision
 *
 * Returns: (transfer none): who takes the responsibility for it
 */
const char *
eros_decision_get_name (const ErosDecision *decision)
{
  const char *name = eros_event_get_line (decision->event, EROS_MEMBER_NAME);

  return name != NULL ? name : eros_event_get_actor (decision->event);
}

/**
 * eros_decision_get_reason:
 * @decision: a decision
 *
 * Returns: (transfer none): why, "" where none was asked for
 */
const char *
eros_decision_get_reason (const ErosDecision *decision)
{
  const char *reason = eros_event_get_string (decision->event, EROS_MEMBER_REASON);

  return reason != NULL ? reason : "";
}

/**
 * eros_decision_get_withdrawal_reason:
 * @decision: a decision that was withdrawn
 *
 * Returns: (transfer none): why, "" where none was asked for
 */
const char *
eros_decision_get_withdrawal_reason (const ErosDecision *decision)
{
  const char *reason =
    decision->withdrawal != NULL ? eros_event_get_string (decision->withdrawal, EROS_MEMBER_REASON) : NULL;

  return reason != NULL ? reason : "";
}

/**
 * eros_deployment_list_contradictions_of:
 * @self: a deployment
 * @decision: a signature of it
 *
 * Returns: (transfer full): what was named to whoever signed as speaking
 *   against it, a sentence each
 */
GStrv
eros_deployment_list_contradictions_of (ErosDeployment *self, const ErosDecision *decision)
{
  JsonNode *node = json_object_get_member (eros_event_get_body (decision->event), EROS_MEMBER_CONTRADICTIONS);

  return eros_deployment_say_contradictions (
    self, node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL);
}

static gboolean
is_guarded (ErosGate *gate, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);

  if (g_str_equal (kind, EROS_EVENT_OPERATION_STARTED))
    return eros_deployment_guards (gate, eros_event_get_string (event, EROS_MEMBER_OPERATION));
  if (g_str_equal (kind, EROS_EVENT_ITEM_TICKED) || g_str_equal (kind, EROS_EVENT_SIGN_OFF_SIGNED))
    return eros_deployment_guards (gate, eros_event_get_string (event, EROS_MEMBER_ELEMENT));
  return FALSE;
}

/* (transfer full): what was done, and when */
char *
eros_deployment_describe_done (ErosDeployment *self, ErosEvent *event)
{
  const char *title = eros_event_get_string (event, EROS_MEMBER_TITLE);
  const char *element = eros_event_get_string (event, EROS_MEMBER_ELEMENT);
  g_autofree char *time = eros_time_text (eros_event_get_time (event));

  if (element != NULL)
    title = eros_deployment_label_thing (self, "element", element);
  else if (title == NULL)
    title = eros_event_get_string (event, EROS_MEMBER_OPERATION);
  /* Translators: what was done; when */
  return g_strdup_printf (_ ("%s, %s"), title, time);
}

/* (element-type ErosEvent): what was done behind the gate while its override held; all of it, or the first */
static GPtrArray *
find_done_through (ErosDeployment *self, const ErosDecision *decision, gboolean all)
{
  GListModel *journal = G_LIST_MODEL (self->journal);
  ErosGate *gate = eros_runbook_find_gate (self->runbook, target_of (decision));
  guint end = decision->withdrawal != NULL ? (guint) eros_event_get_sequence (decision->withdrawal)
                                           : g_list_model_get_n_items (journal);
  GPtrArray *done = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = (guint) eros_event_get_sequence (decision->event);
       gate != NULL && i < end && (all || done->len == 0); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (is_guarded (gate, event))
        g_ptr_array_add (done, g_steal_pointer (&event));
    }
  return done;
}

/* (nullable) (transfer full): the first that was done behind the gate while its override held */
ErosEvent *
eros_deployment_find_done_through (ErosDeployment *self, const ErosDecision *decision)
{
  g_autoptr (GPtrArray) done = find_done_through (self, decision, FALSE);

  return done->len > 0 ? g_object_ref (done->pdata[0]) : NULL;
}

/**
 * eros_deployment_list_done_through:
 * @self: a deployment
 * @decision: one of its decisions
 *
 * Returns: (transfer full): what was begun, ticked or signed behind the gate
 *   while its override held; empty for other decisions
 */
GStrv
eros_deployment_list_done_through (ErosDeployment *self, const ErosDecision *decision)
{
  g_autoptr (GPtrArray) done = find_done_through (self, decision, TRUE);
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  for (guint i = 0; i < done->len; i++)
    {
      g_autofree char *text = eros_deployment_describe_done (self, done->pdata[i]);

      g_strv_builder_add (list, text);
    }
  return g_strv_builder_end (list);
}

/* Takes over MESSAGE, in which what people and servers wrote breaks no line. */
static gboolean
want_reason (GError **error, char *message)
{
  g_autofree char *taken = message;

  g_set_error_literal (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NEEDS_REASON, taken);
  return FALSE;
}

/* Marks */

/* Whether a sum is not what the box says. */
static gboolean
is_otherwise (ErosDeployment *self, const char *element_id)
{
  const ErosSum *sum = eros_deployment_find_sum (self, element_id);

  return sum != NULL && sum->outcome != EROS_OUTCOME_PASS;
}

void
eros_deployment_add_otherwise (ErosDeployment *self, const char *element_id, JsonObject *body)
{
  const ErosSum *sum = eros_deployment_find_sum (self, element_id);
  JsonArray *codes;

  if (!is_otherwise (self, element_id))
    return;
  codes = json_array_new ();
  for (guint i = 0; sum->against[i] != NULL; i++)
    json_array_add_string_element (codes, sum->against[i]);
  json_object_set_array_member (body, EROS_MEMBER_COMPUTED, codes);
}

/* (nullable): the operation that would have proved the box, and has not been done well */
static ErosElement *
find_unproven (ErosDeployment *self, const char *element_id)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    {
      ErosElement *element = eros_item_get_element (item);
      const char *const *proves = eros_element_get_proves (element);
      const char *operation = eros_element_get_operation (element);
      ErosEvent *last = operation != NULL ? g_hash_table_lookup (self->operations, operation) : NULL;
      const char *outcome = last != NULL ? eros_event_get_string (last, EROS_MEMBER_OUTCOME) : NULL;

      if (proves != NULL && g_strv_contains (proves, element_id) && g_strcmp0 (outcome, "pass") != 0 &&
          g_strcmp0 (outcome, "warning") != 0)
        return element;
    }
  return NULL;
}

/**
 * eros_deployment_tick_by_decision:
 * @self: a deployment
 * @element_id: a check box
 * @reason: why it is ticked although its check fails; "" if it does not
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Ticks a box. Over a check that fails that is a decision: it wants a reason,
 * stands in the report, and the item stays a failure of the machine. A box
 * with a name and a time beside it is signed in the name that stands there.
 *
 * Returns: whether it is stored
 */
gboolean
eros_deployment_tick_by_decision (ErosDeployment *self,
                                  const char *element_id,
                                  const char *reason,
                                  GError **error)
{
  g_autofree char *tidied = NULL;
  g_autofree char *untimely = NULL;
  ErosElement *unproven;
  ErosItem *item;
  JsonObject *body;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (element_id != NULL && reason != NULL, FALSE);

  tidied = eros_deployment_tidy (reason);
  if (!eros_deployment_check_action (self, "tick", element_id, NULL, error) ||
      !eros_deployment_check_text (tidied, error))
    return FALSE;
  item = eros_deployment_get_item (self, element_id);
  if (eros_element_wants_signature (eros_item_get_element (item)))
    return eros_deployment_sign_with (self, element_id,
                                      eros_deployment_get_name_beside (self, eros_item_get_element (item)),
                                      NULL, tidied, error);
  if (*tidied == '\0' && eros_item_is_failing (item))
    return want_reason (
      error,
      eros_text_format (
        /* Translators: a check box; what the machine found. */
        _ (
          "The check of “%s” fails (%s). Put that right, or give a reason why it is ticked all the same: the "
          "report shows both, and that it was your decision."),
        eros_deployment_label_of (eros_item_get_element (item)),
        eros_item_get_summary (item) != NULL ? eros_item_get_summary (item) : ""));
  if (*tidied == '\0' && is_otherwise (self, element_id))
    return want_reason (
      error,
      eros_text_format (
        /* Translators: a check box; what is open or says otherwise. */
        _ ("“%s” is ticked by itself when all that it follows from is so, and it is not yet: %s. Do that "
           "first, or give a reason why it is ticked all the same: the report shows both, and that it "
           "was your decision."),
        eros_deployment_label_of (eros_item_get_element (item)),
        eros_deployment_find_sum (self, element_id)->summary));
  untimely = eros_watch_describe_untimely (self, eros_item_get_element (item), eros_timeline_get_now (self));
  if (*tidied == '\0' && untimely != NULL)
    return want_reason (
      error, eros_text_format (
               /* Translators: a check box; why it is not time: “its time comes at …” */
               _ ("“%s” cannot be ticked yet: %s. Wait until then, or give a reason why it is ticked all the "
                  "same: the report shows that it was your decision."),
               eros_deployment_label_of (eros_item_get_element (item)), untimely));
  unproven = find_unproven (self, element_id);
  if (*tidied == '\0' && unproven != NULL)
    return want_reason (
      error,
      eros_text_format (
        /* Translators: a check box; an operation */
        _ ("“%s” is ticked by “%s”, which this program has not done well here. Do it, or say how it was "
           "done otherwise: the report shows that it was your decision."),
        eros_deployment_label_of (eros_item_get_element (item)), eros_deployment_label_of (unproven)));
  body = eros_deployment_body_new (EROS_MEMBER_ELEMENT, element_id, EROS_MEMBER_REASON,
                                   *tidied != '\0' ? tidied : NULL, EROS_MEMBER_UNTIMELY, untimely, NULL);
  eros_deployment_add_otherwise (self, element_id, body);
  if (unproven != NULL)
    json_object_set_string_member (body, EROS_MEMBER_UNPROVEN, eros_element_get_id (unproven));
  return eros_deployment_act (self, EROS_EVENT_ITEM_TICKED, body, error);
}

/* Overrides */

/**
 * eros_deployment_check_name:
 * @name: of a person who takes a responsibility
 * @error: return location for %EROS_DEPLOYMENT_ERROR
 *
 * Returns: whether it is a name as it may stand on record: one line of text, and not the program's own
 */
gboolean
eros_deployment_check_name (const char *name, GError **error)
{
  if (*name == '\0')
    return eros_deployment_refuse_value (error,
                                         _ ("Enter the name of the person who takes the responsibility."));
  return eros_deployment_check_person (name, error);
}

/**
 * eros_deployment_override:
 * @self: a deployment
 * @gate_id: a gate of its runbook
 * @name: who takes the responsibility
 * @reason: why
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Opens a gate although not all is done that it requires. It stands in the
 * report, also when it is withdrawn.
 *
 * Returns: whether it is stored
 */
gboolean
eros_deployment_override (ErosDeployment *self,
                          const char *gate_id,
                          const char *name,
                          const char *reason,
                          GError **error)
{
  g_autofree char *tidied_name = NULL;
  g_autofree char *tidied_reason = NULL;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (gate_id != NULL && name != NULL && reason != NULL, FALSE);

  tidied_name = eros_deployment_tidy (name);
  tidied_reason = eros_deployment_tidy (reason);
  if (!eros_deployment_check_action (self, "override", gate_id, NULL, error) ||
      !eros_deployment_check_name (tidied_name, error) || !eros_deployment_check_text (tidied_reason, error))
    return FALSE;
  if (*tidied_reason == '\0')
    return eros_deployment_refuse_value (error, _ ("Say why it must not wait: the report shows the reason."));
  return eros_deployment_act (self, EROS_EVENT_GATE_OVERRIDDEN,
                              eros_deployment_body_new (EROS_MEMBER_GATE, gate_id, EROS_MEMBER_NAME,
                                                        tidied_name, EROS_MEMBER_REASON, tidied_reason, NULL),
                              error);
}

/* Signatures */

/* A sign-off that is being signed: nothing of it is recorded before it is whole. */
typedef struct
{
  ErosDeployment *self;
  ErosElement *element;
  const char *name;
  GHashTable *given; /* (nullable) field id → text */
  JsonObject *values;
  gboolean is_success;
  JsonArray *contradictions; /* (nullable): of objects with a code, once it is prepared */
} Signing;

static void
signing_clear (Signing *signing)
{
  g_clear_pointer (&signing->contradictions, json_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Signing, signing_clear)

/* The name into the first text, the moment into dates and times that are blank; otherwise what was given, and
 * where nothing was, what stands there. NULL with an error. */
static char *
fill_in (Signing *signing, ErosField *field, gboolean *named, GError **error)
{
  const char *id = eros_field_get_id (field);
  const char *given = signing->given != NULL ? g_hash_table_lookup (signing->given, id) : NULL;
  ErosFieldType type = eros_field_get_field_type (field);
  gint64 now = eros_timeline_get_now (signing->self);
  g_autofree char *value = NULL;

  if (type == EROS_FIELD_TEXT && !*named)
    {
      *named = TRUE;
      return g_strdup (signing->name);
    }
  value = given != NULL ? eros_deployment_check_value (signing->self, id, given, error)
                        : g_strdup (eros_deployment_get_value (signing->self, id));
  if (value == NULL || *value != '\0')
    return g_steal_pointer (&value);
  if (type == EROS_FIELD_DATE)
    return eros_time_format (now, EROS_TIME_DAY);
  if (type == EROS_FIELD_TIME)
    return eros_time_format (now, EROS_TIME_CLOCK);
  if (type == EROS_FIELD_TIMESTAMP)
    return eros_time_format (now, EROS_TIME_ISO);
  return g_steal_pointer (&value);
}

/* The first choice means success. */
static gboolean
look_at_choice (Signing *signing, ErosField *field, const char *value, GError **error)
{
  const char *const *choices = eros_field_get_choices (field);
  g_autofree char *list = NULL;

  if (eros_field_get_field_type (field) != EROS_FIELD_CHOICE)
    return TRUE;
  signing->is_success |= choices[0] != NULL && g_str_equal (value, choices[0]);
  if (*value != '\0')
    return TRUE;
  list = g_strjoinv (" / ", (char **) choices);
  return eros_deployment_refuse (error, _ ("“%s” cannot be signed yet: choose %s in “%s” first."),
                                 eros_deployment_label_of (signing->element), list,
                                 eros_field_get_label (field));
}

static gboolean
fill_in_all (Signing *signing, GError **error)
{
  GListModel *fields = eros_element_get_fields (signing->element);
  gboolean named = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      g_autofree char *value = fill_in (signing, field, &named, error);

      if (value == NULL || !look_at_choice (signing, field, value, error))
        return FALSE;
      json_object_set_string_member (signing->values, eros_field_get_id (field), value);
    }
  return TRUE;
}

static gboolean
check_given (const Signing *signing, GError **error)
{
  GHashTableIter iter;
  gpointer id;

  if (signing->given == NULL)
    return TRUE;
  g_hash_table_iter_init (&iter, signing->given);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      ErosItem *owner = g_hash_table_lookup (signing->self->owners, id);

      if (owner != NULL && eros_item_get_element (owner) == signing->element)
        continue;
      g_set_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID, _ ("“%s” has no field “%s”."),
                   eros_deployment_label_of (signing->element), (const char *) id);
      return FALSE;
    }
  return TRUE;
}

static gboolean
name_contradictions (const Signing *signing, GError **error)
{
  g_auto (GStrv) sentences = eros_deployment_say_contradictions (signing->self, signing->contradictions);
  g_autofree char *list = g_strjoinv ("\n• ", sentences);
  g_autofree char *label = eros_text_show_line (eros_deployment_label_of (signing->element));

  if (!signing->is_success)
    return want_reason (
      error,
      g_strdup_printf (
        /* Translators: a box with a signature; a list of sentences, one a line. */
        _ ("“%s” would sign off what has not been done:\n• %s\nDo that first, or give a reason why it is "
           "signed off all the same: the report shows both beside the signature."),
        label, list));
  return want_reason (
    error,
    g_strdup_printf (
      /* Translators: a sign-off; a list of sentences, one a line. */
      _ (
        "“%s” would say that it is a success, and this says otherwise:\n• %s\nPut that right first, choose "
        "another status, or give a reason why it is a success all the same: the report shows both beside the "
        "signature."),
      label, list));
}

/* Fills in SIGNING, and names what speaks against it. */
static gboolean
prepare (Signing *signing, const char *element_id, GError **error)
{
  if (!eros_deployment_check_action (signing->self, "sign", element_id, NULL, error))
    return FALSE;
  signing->element = eros_runbook_find_element (signing->self->runbook, element_id);
  if (!check_given (signing, error) || !fill_in_all (signing, error) ||
      !eros_deployment_check_name (signing->name, error))
    return FALSE;
  signing->contradictions =
    eros_deployment_find_all_contradictions (signing->self, signing->element, signing->is_success);
  return TRUE;
}

/**
 * eros_deployment_preview_signature:
 * @self: a deployment
 * @element_id: a sign-off
 * @name: who would sign
 * @values: (nullable) (element-type utf8 utf8): as for eros_deployment_sign_with()
 * @contradictions: (out): what would have to be answered with a reason, a
 *   sentence each; empty when nothing
 * @error: return location for %EROS_DEPLOYMENT_ERROR
 *
 * Looks at a signature before it is given, and records nothing.
 *
 * Returns: whether it could be given
 */
gboolean
eros_deployment_preview_signature (ErosDeployment *self,
                                   const char *element_id,
                                   const char *name,
                                   GHashTable *values,
                                   GStrv *contradictions,
                                   GError **error)
{
  g_autofree char *tidied = NULL;
  g_autoptr (JsonObject) filled = json_object_new ();
  g_auto (Signing) signing = { self, NULL, NULL, values, filled, FALSE, NULL };

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (element_id != NULL && name != NULL && contradictions != NULL, FALSE);

  signing.name = tidied = eros_deployment_tidy (name);
  *contradictions = NULL;
  if (!prepare (&signing, element_id, error))
    return FALSE;
  *contradictions = eros_deployment_say_contradictions (self, signing.contradictions);
  return TRUE;
}

/**
 * eros_deployment_sign:
 * @self: a deployment
 * @element_id: a sign-off
 * @name: who signs
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Signs with the values that stand in the sign-off’s fields: see
 * eros_deployment_sign_with().
 *
 * Returns: whether it is stored
 */
gboolean
eros_deployment_sign (ErosDeployment *self, const char *element_id, const char *name, GError **error)
{
  return eros_deployment_sign_with (self, element_id, name, NULL, "", error);
}

/**
 * eros_deployment_sign_with:
 * @self: a deployment
 * @element_id: a sign-off
 * @name: who signs
 * @values: (nullable) (element-type utf8 utf8): field id → text, where it is
 *   not what stands in the field
 * @reason: why it is a success although something contradicts that; "" if
 *   nothing does
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Signs. What stands in the sign-off’s fields cannot be changed from then on.
 * The name is filled in, and so are date and time where they are blank. Where
 * eros_deployment_list_contradictions() finds something against a success, it
 * is recorded with the signature, and @reason is wanted.
 *
 * Returns: whether it is stored
 */
gboolean
eros_deployment_sign_with (ErosDeployment *self,
                           const char *element_id,
                           const char *name,
                           GHashTable *values,
                           const char *reason,
                           GError **error)
{
  g_autofree char *tidied = NULL;
  g_autofree char *tidied_reason = NULL;
  g_autoptr (JsonObject) filled = json_object_new ();
  g_auto (Signing) signing = { self, NULL, NULL, values, filled, FALSE, NULL };
  JsonObject *body;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (element_id != NULL && name != NULL && reason != NULL, FALSE);

  signing.name = tidied = eros_deployment_tidy (name);
  tidied_reason = eros_deployment_tidy (reason);
  if (!prepare (&signing, element_id, error) || !eros_deployment_check_text (tidied_reason, error))
    return FALSE;
  if (json_array_get_length (signing.contradictions) > 0 && *tidied_reason == '\0')
    return name_contradictions (&signing, error);

  body = eros_deployment_body_new (EROS_MEMBER_ELEMENT, element_id, EROS_MEMBER_NAME, tidied,
                                   EROS_MEMBER_REASON, *tidied_reason != '\0' ? tidied_reason : NULL, NULL);
  json_object_set_object_member (body, EROS_MEMBER_VALUES, g_steal_pointer (&filled));
  if (json_array_get_length (signing.contradictions) > 0)
    json_object_set_array_member (body, EROS_MEMBER_CONTRADICTIONS,
                                  g_steal_pointer (&signing.contradictions));
  return eros_deployment_act (self, EROS_EVENT_SIGN_OFF_SIGNED, body, error);
}

/* Withdrawals */

/**
 * eros_deployment_withdraw:
 * @self: a deployment
 * @target_id: a gate that is overridden, a sign-off that is signed, or a box
 *   that was marked over a check that failed
 * @reason: why
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Withdraws a decision: it holds no longer, and both stay in the record and in
 * the report.
 *
 * Returns: whether it is stored
 */
gboolean
eros_deployment_withdraw (ErosDeployment *self, const char *target_id, const char *reason, GError **error)
{
  static const char *const kinds[] = {
    [EROS_DECISION_OVERRIDE] = EROS_EVENT_OVERRIDE_WITHDRAWN,
    [EROS_DECISION_SIGNATURE] = EROS_EVENT_SIGN_OFF_WITHDRAWN,
    [EROS_DECISION_TICK] = EROS_EVENT_DECISION_WITHDRAWN,
    [EROS_DECISION_NOT_APPLICABLE] = EROS_EVENT_DECISION_WITHDRAWN,
  };
  g_autofree char *tidied = NULL;
  ErosDecision *decision;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (target_id != NULL && reason != NULL, FALSE);

  tidied = eros_deployment_tidy (reason);
  if (!eros_deployment_check_action (self, "withdraw", target_id, NULL, error) ||
      !eros_deployment_check_text (tidied, error))
    return FALSE;
  if (*tidied == '\0')
    return eros_deployment_refuse_value (error, _ ("Say why it is withdrawn: the report shows the reason."));
  decision = eros_deployment_find_decision (self, target_id);
  return eros_deployment_act (self, kinds[decision->kind],
                              eros_deployment_body_new (decision->kind == EROS_DECISION_OVERRIDE
                                                          ? EROS_MEMBER_GATE
                                                          : EROS_MEMBER_ELEMENT,
                                                        target_id, EROS_MEMBER_REASON, tidied, NULL),
                              error);
}
