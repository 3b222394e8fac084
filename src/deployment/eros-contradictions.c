/* eros-contradictions.c: what speaks against a success, and who signed for whom
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-criteria.h"
#include "eros-deployment-private.h"
#include "eros-text.h"

#include <glib/gi18n-lib.h>

/* Adds what eros_deployment_say_contradiction () has a sentence for: its code, and pairs of name and text, up
 * to NULL. Returns: (transfer none): for what is no text */
static JsonObject *
add (JsonArray *list, const char *code, ...)
{
  JsonObject *object = json_object_new ();
  const char *name;
  va_list rest;

  json_object_set_string_member (object, "code", code);
  va_start (rest, code);
  while ((name = va_arg (rest, const char *)) != NULL)
    json_object_set_string_member (object, name, va_arg (rest, const char *));
  va_end (rest);
  json_array_add_object_element (list, object);
  return object;
}

static void
add_with_time (JsonArray *list, const char *code, ErosEvent *event)
{
  json_object_set_int_member (add (list, code, NULL), "time", eros_event_get_time (event));
}

typedef void (*EachElement) (ErosDeployment *self, ErosElement *element, JsonArray *list);

static void
each_element (ErosDeployment *self, ErosPhase *phase, EachElement function, JsonArray *list)
{
  GListModel *sections = eros_phase_get_sections (phase);

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);

          function (self, element, list);
        }
    }
}

/* Whether a phase is none that may be left aside: one for emergencies that nobody has begun. */
static gboolean
counts (ErosPhaseProgress *progress)
{
  return !eros_phase_is_contingency (eros_phase_progress_get_phase (progress)) ||
         eros_phase_progress_get_state (progress) != EROS_PHASE_NOT_STARTED;
}

static void
add_rollbacks (ErosDeployment *self, JsonArray *list)
{
  ErosEvent *last = g_hash_table_lookup (self->operations, "rollback");

  if (self->rollback != NULL)
    add_with_time (list, "rolled-back", self->rollback);
  if (last != NULL && !eros_event_has_passed (last))
    add_with_time (list, "rollback-not-ended-well", last);
}

/* Steps that were taken back one by one, with nothing deployed since. */
static void
add_reverts (ErosDeployment *self, JsonArray *list)
{
  ErosEvent *last = g_hash_table_lookup (self->operations, "revert");

  if (last != NULL &&
      (self->deployed == NULL || eros_event_get_sequence (self->deployed) <= eros_event_get_sequence (last)))
    add_with_time (list, "step-taken-back", last);
}

/* The last word of an operation. */
static void
add_operation_that_is_begun (ErosDeployment *self, ErosElement *element, JsonArray *list)
{
  const char *operation = eros_element_get_operation (element);
  ErosEvent *last = operation != NULL ? g_hash_table_lookup (self->operations, operation) : NULL;
  const char *outcome = last != NULL ? eros_event_get_string (last, EROS_MEMBER_OUTCOME) : NULL;

  if (last == NULL || g_str_equal (operation, "rollback") || g_strcmp0 (outcome, "pass") == 0 ||
      g_strcmp0 (outcome, "warning") == 0)
    return;
  add (list, outcome == NULL ? "not-ended" : "not-ended-well", "element", eros_element_get_id (element),
       NULL);
}

static void
add_open_box (ErosDeployment *self, ErosElement *element, JsonArray *list)
{
  ErosItem *item = eros_deployment_get_item (self, eros_element_get_id (element));

  if (eros_element_get_kind (element) == EROS_ELEMENT_CHECK && !eros_item_is_done (item))
    add (list, "open", "element", eros_element_get_id (element), NULL);
}

static void
add_failure (ErosDeployment *self, ErosElement *element, JsonArray *list)
{
  ErosItem *item = eros_deployment_get_item (self, eros_element_get_id (element));
  const char *id = eros_element_get_id (element);
  const char *summary = eros_item_get_summary (item) != NULL ? eros_item_get_summary (item) : "";
  const char *reason = eros_item_get_reason (item) != NULL ? eros_item_get_reason (item) : "";

  if (!eros_item_is_failing (item))
    return;
  if (eros_item_is_decided (item))
    add (list, "fails-by-decision", "element", id, "found", summary, "name", eros_item_get_actor (item),
         "reason", reason, NULL);
  else
    add (list, "fails", "element", id, "found", summary, NULL);
}

static void
add_replaced_values (ErosDeployment *self, ErosElement *element, JsonArray *list)
{
  GListModel *fields = eros_element_get_fields (element);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const char *id = eros_field_get_id (field);
      const char *measured = eros_deployment_get_measured (self, id, NULL);
      const char *reason = eros_deployment_get_value_reason (self, id);

      if (measured != NULL)
        add (list, *reason != '\0' ? "replaced-by-decision" : "replaced", "element",
             eros_element_get_id (element), "field", id, "measured", measured, "value",
             eros_deployment_get_value (self, id), "name",
             eros_deployment_get_value_actor (self, id, NULL, NULL), "reason", reason, NULL);
    }
}

static void
add_override (ErosDeployment *self, const ErosDecision *decision, JsonArray *list)
{
  const char *gate = eros_decision_get_target (decision);
  const char *name = eros_decision_get_name (decision);
  const char *reason = eros_decision_get_reason (decision);
  g_autoptr (ErosEvent) done = eros_deployment_find_done_through (self, decision);

  if (decision->withdrawal == NULL)
    add (list, "overridden", "gate", gate, "name", name, "reason", reason, NULL);
  else if (done != NULL)
    json_object_set_int_member (
      add (list, "overridden-until", "gate", gate, "name", name, "reason", reason, NULL), "event",
      eros_event_get_sequence (done));
}

static void
add_phase (ErosDeployment *self, ErosPhaseProgress *progress, gboolean is_of_sign_off, JsonArray *list)
{
  ErosPhase *phase = eros_phase_progress_get_phase (progress);
  guint done = eros_phase_progress_get_done (progress), total = eros_phase_progress_get_total (progress);

  each_element (self, phase, add_operation_that_is_begun, list);
  each_element (self, phase, add_failure, list);
  each_element (self, phase, add_replaced_values, list);
  if (is_of_sign_off)
    each_element (self, phase, add_open_box, list);
  else if (done < total)
    {
      JsonObject *object = add (list, "phase-open", "phase", eros_phase_get_id (phase), NULL);

      json_object_set_int_member (object, "done", done);
      json_object_set_int_member (object, "total", total);
    }
}

/* Any one of them is enough to roll back. */
static void
add_criteria (ErosDeployment *self, JsonArray *list)
{
  g_autoptr (GPtrArray) states = eros_criteria_list (self);

  for (guint i = 0; i < states->len; i++)
    {
      const ErosCriterionState *state = states->pdata[i];

      if (state->verdict == EROS_CRITERION_REACHED &&
          eros_deployment_get_result (self) != EROS_RESULT_ROLLED_BACK)
        add (list, "criterion-reached", "criterion", state->criterion->id, NULL);
    }
}

/* The signature that says how it ended, and the value with which it does: a field of type choice. */
static ErosItem *
find_verdict (ErosDeployment *self, const char **value, gboolean *is_success)
{
  GHashTableIter iter;
  gpointer id, owner;

  g_hash_table_iter_init (&iter, self->owners);
  while (g_hash_table_iter_next (&iter, &id, &owner))
    {
      const char *const *choices = eros_field_get_choices (eros_runbook_find_field (self->runbook, id));

      if (choices == NULL || choices[0] == NULL || !eros_item_is_signed (owner))
        continue;
      *value = eros_deployment_get_value (self, id);
      *is_success = g_str_equal (*value, choices[0]);
      return owner;
    }
  return NULL;
}

/* What speaks against calling it a success at the sign-off. (transfer full): of objects with a code */
static JsonArray *
find_contradictions (ErosDeployment *self, const char *element_id)
{
  ErosPhase *last = eros_runbook_phase_of (self->runbook, element_id);
  JsonArray *list = json_array_new ();

  add_rollbacks (self, list);
  add_reverts (self, list);
  add_criteria (self, list);
  for (guint i = 0; i < self->decisions->len; i++)
    if (((ErosDecision *) self->decisions->pdata[i])->kind == EROS_DECISION_OVERRIDE)
      add_override (self, self->decisions->pdata[i], list);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->progress)); i++)
    {
      g_autoptr (ErosPhaseProgress) progress = g_list_model_get_item (G_LIST_MODEL (self->progress), i);
      ErosPhase *phase = eros_phase_progress_get_phase (progress);

      if (counts (progress))
        add_phase (self, progress, phase == last, list);
      if (phase == last)
        break;
    }
  return list;
}

/* A deployment that should have ended well by now. */
static void
add_operation_that_deploys (ErosDeployment *self, ErosElement *element, JsonArray *list)
{
  const char *operation = eros_element_get_operation (element);

  if (operation == NULL || eros_operation_kind_get_set (operation) == NULL)
    return;
  if (g_hash_table_lookup (self->operations, operation) == NULL)
    add (list, "not-begun", "element", eros_element_get_id (element), NULL);
  else
    add_operation_that_is_begun (self, element, list);
}

/* What speaks against signing a box off that stands behind deployments of its phase. (transfer full):
 * likewise */
static JsonArray *
find_phase_contradictions (ErosDeployment *self, const char *element_id)
{
  ErosPhase *phase = eros_runbook_phase_of (self->runbook, element_id);
  GListModel *sections = eros_phase_get_sections (phase);
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);

          if (g_str_equal (eros_element_get_id (element), element_id))
            return list;
          add_operation_that_deploys (self, element, list);
        }
    }
  return list;
}

static void
add_sum (ErosDeployment *self, const char *element_id, JsonArray *list)
{
  const ErosSum *sum = eros_deployment_find_sum (self, element_id);

  if (sum != NULL && sum->outcome != EROS_OUTCOME_PASS)
    add (list, "computed", "element", element_id, "found", sum->summary, NULL);
}

JsonArray *
eros_deployment_find_all_contradictions (ErosDeployment *self, ErosElement *element, gboolean is_success)
{
  const char *id = eros_element_get_id (element);
  JsonArray *list = NULL;

  if (is_success)
    list = find_contradictions (self, id);
  else if (eros_element_get_kind (element) == EROS_ELEMENT_CHECK)
    list = find_phase_contradictions (self, id);
  else
    list = json_array_new ();
  add_sum (self, id, list);
  return list;
}

/**
 * eros_deployment_was_taken_back:
 * @self: a deployment
 * @operation: its name
 *
 * Returns: whether what the last one has deployed, compared or watched was taken back by a rollback since
 */
gboolean
eros_deployment_was_taken_back (ErosDeployment *self, const char *operation)
{
  ErosOperationKind kind = eros_operation_kind_of (operation);
  ErosEvent *last = operation != NULL ? g_hash_table_lookup (self->operations, operation) : NULL;

  return last != NULL && self->rollback != NULL &&
         eros_event_get_sequence (last) < eros_event_get_sequence (self->rollback) &&
         (kind == EROS_OPERATION_KIND_DEPLOY || kind == EROS_OPERATION_KIND_COMPARISON ||
          kind == EROS_OPERATION_KIND_MONITORING);
}

/**
 * eros_deployment_is_contradicted_lightly:
 * @self: a deployment
 * @element_id: a sign-off, or a box that is signed
 *
 * Returns: whether something speaks against a success there, and nothing but boxes that are sums and a
 * rollback after which it was deployed again
 */
gboolean
eros_deployment_is_contradicted_lightly (ErosDeployment *self, const char *element_id)
{
  ErosElement *element = eros_runbook_find_element (self->runbook, element_id);
  g_autoptr (JsonArray) list = eros_deployment_find_all_contradictions (
    self, element, eros_element_get_kind (element) == EROS_ELEMENT_SIGN_OFF);

  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *object = json_array_get_object_element (list, i);
      const char *id = json_object_get_string_member_with_default (object, "element", "");
      ErosElement *one = eros_runbook_find_element (self->runbook, id);

      if (g_str_equal (json_object_get_string_member (object, "code"), "rolled-back") &&
          eros_deployment_get_result (self) != EROS_RESULT_ROLLED_BACK)
        continue;
      if (one == NULL || eros_element_get_sum (one) == NULL)
        return FALSE;
    }
  return json_array_get_length (list) > 0;
}

/**
 * eros_deployment_list_contradictions:
 * @self: a deployment
 * @element_id: (nullable): a sign-off that says how it ended; %NULL for the one
 *   that is signed
 *
 * What speaks against calling it a success there: a rollback, work that did
 * not end well, checks that fail, whoever decided over them, overrides, and
 * what is open in that phase and in those before it.
 *
 * Returns: (transfer full): a sentence each; empty when nothing does, and when
 *   what is signed does not say that it is one
 */
GStrv
eros_deployment_list_contradictions (ErosDeployment *self, const char *element_id)
{
  g_autoptr (JsonArray) list = NULL;
  gboolean is_success = FALSE;
  const char *value;
  ErosItem *verdict;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);

  if (element_id == NULL)
    {
      verdict = find_verdict (self, &value, &is_success);
      if (!is_success)
        return g_new0 (char *, 1);
      element_id = eros_element_get_id (eros_item_get_element (verdict));
    }
  list = find_contradictions (self, element_id);
  return eros_deployment_say_contradictions (self, list);
}

/**
 * eros_deployment_get_verdict:
 * @self: a deployment
 * @status: (out) (optional) (nullable): what was signed, "SUCCESS" for instance
 *
 * Returns: (transfer none) (nullable): the sign-off that is signed and says how
 *   it ended; %NULL while none is
 */
ErosItem *
eros_deployment_get_verdict (ErosDeployment *self, const char **status)
{
  const char *value = NULL;
  gboolean is_success;
  ErosItem *item;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);

  item = find_verdict (self, &value, &is_success);
  if (status != NULL)
    *status = value;
  return item;
}

/**
 * eros_deployment_get_result:
 * @self: a deployment
 *
 * A rollback that ended well is the result, whatever was signed before or
 * after it, until something has been deployed again.
 *
 * Returns: how it ended, as far as it has been said
 */
ErosResult
eros_deployment_get_result (ErosDeployment *self)
{
  const char *value;
  gboolean is_success;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), EROS_RESULT_UNDECIDED);

  if (self->rollback != NULL && (self->deployed == NULL || eros_event_get_sequence (self->deployed) <
                                                             eros_event_get_sequence (self->rollback)))
    return EROS_RESULT_ROLLED_BACK;
  if (find_verdict (self, &value, &is_success) == NULL)
    return EROS_RESULT_UNDECIDED;
  return is_success ? EROS_RESULT_SUCCESS : EROS_RESULT_ROLLBACK_REQUIRED;
}

/* Who signed for whom */

char *
eros_deployment_fold_name (const char *name)
{
  g_auto (GStrv) words = g_strsplit_set (name, " \t", -1);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *folded = NULL;

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", words[i]);
  folded = g_utf8_normalize (text->str, -1, G_NORMALIZE_ALL_COMPOSE);
  return g_utf8_casefold (folded != NULL ? folded : text->str, -1);
}

/* GROUPS: folded text → GPtrArray of ErosDecision, in the order of ORDER. */
static void
add_to_group (GHashTable *groups, GPtrArray *order, const char *text, ErosDecision *decision)
{
  g_autofree char *key = eros_deployment_fold_name (text);
  GPtrArray *group = g_hash_table_lookup (groups, key);

  if (group == NULL)
    {
      group = g_ptr_array_new ();
      g_hash_table_insert (groups, g_steal_pointer (&key), group);
      g_ptr_array_add (order, group);
    }
  g_ptr_array_add (group, decision);
}

/* The role that a sign-off is for: where the runbook names none, it is what the box is called. */
static const char *
get_role (ErosDeployment *self, const ErosDecision *decision)
{
  ErosElement *element = eros_runbook_find_element (self->runbook, eros_decision_get_target (decision));
  const char *role = element != NULL ? eros_element_get_role (element) : NULL;

  if (role != NULL && *role != '\0')
    return role;
  return element != NULL ? eros_deployment_label_of (element) : eros_decision_get_target (decision);
}

/* Each role, or each name, of a group once: (transfer full), NULL when there are not several. */
static char *
join_different (ErosDeployment *self, GPtrArray *group, gboolean names)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < group->len; i++)
    {
      const char *part = names ? eros_decision_get_name (group->pdata[i]) : get_role (self, group->pdata[i]);

      if (g_hash_table_add (seen, eros_deployment_fold_name (part)))
        g_string_append_printf (text, "%s“%s”", text->len > 0 ? ", " : "", part);
    }
  return g_hash_table_size (seen) > 1 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/* Takes over SENTENCE. What people wrote is in it, and breaks no line of a list. */
static void
take (GStrvBuilder *list, char *sentence)
{
  g_autofree char *taken = sentence;
  g_autofree char *line = eros_text_show_line (taken);

  g_strv_builder_add (list, line);
}

static void
add_shared (ErosDeployment *self, gboolean by_actor, GStrvBuilder *list)
{
  g_autoptr (GHashTable) groups =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();

  for (guint i = 0; i < self->decisions->len; i++)
    {
      ErosDecision *decision = self->decisions->pdata[i];

      if (decision->kind == EROS_DECISION_SIGNATURE && decision->withdrawal == NULL)
        add_to_group (groups, order,
                      by_actor ? eros_event_get_actor (decision->event) : eros_decision_get_name (decision),
                      decision);
    }
  for (guint i = 0; i < order->len; i++)
    {
      GPtrArray *group = order->pdata[i];
      ErosDecision *first = group->pdata[0];
      g_autofree char *several = join_different (self, group, by_actor);

      if (several == NULL)
        continue;
      if (by_actor)
        /* Translators: who was at the keyboard; a list of names */
        take (list, g_strdup_printf (_ ("%s has entered the signatures of several people: %s."),
                                     eros_event_get_actor (first->event), several));
      else
        /* Translators: a name; a list of roles */
        take (list, g_strdup_printf (_ ("%s has signed for several roles: %s."),
                                     eros_decision_get_name (first), several));
    }
}

/**
 * eros_deployment_list_shared_signatures:
 * @self: a deployment
 *
 * That one person signs for several roles is allowed, and said.
 *
 * Returns: (transfer full): a sentence for each person who has signed for
 *   several roles, or has entered the signatures of several people
 */
GStrv
eros_deployment_list_shared_signatures (ErosDeployment *self)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);

  add_shared (self, FALSE, list);
  add_shared (self, TRUE, list);
  return g_strv_builder_end (list);
}
