/* eros-deployment-actions.c: what people do and what the machine finds, each as one event
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment-private.h"
#include "eros-text.h"
#include "eros-timeline.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#define MAX_TEXT 65536 /* bytes of a note or reason */

/* Pairs of names and texts; pairs without a text are left out. */
JsonObject *
eros_deployment_body_new (const char *name, const char *value, ...)
{
  JsonObject *body = json_object_new ();
  va_list pairs;

  va_start (pairs, value);
  while (name != NULL)
    {
      if (value != NULL)
        json_object_set_string_member (body, name, value);
      name = va_arg (pairs, const char *);
      value = name != NULL ? va_arg (pairs, const char *) : NULL;
    }
  va_end (pairs);
  return body;
}

/* Whether a person would pass for the program: what it has found stands under its own name. */
static gboolean
is_the_machine (const char *name)
{
  static const char *const names[] = { EROS_ACTOR_MACHINE, "the " EROS_ACTOR_MACHINE };
  const char *address = strchr (name, '<');
  g_autofree char *alone = g_strndup (name, address != NULL ? (gsize) (address - name) : strlen (name));
  g_autofree char *folded = g_utf8_casefold (g_strstrip (alone), -1);

  return g_str_equal (folded, names[0]) || g_str_equal (folded, names[1]);
}

/* Of whoever acts, or takes a responsibility: a name as it may stand on record. */
gboolean
eros_deployment_check_person (const char *name, GError **error)
{
  if (!eros_text_is_line (name))
    return eros_deployment_refuse_value (error, _ ("A name is one line of text."));
  if (is_the_machine (name))
    return eros_deployment_refuse_value (
      error, _ ("“machine” stands for what the program itself has found. Enter a person's name."));
  return eros_deployment_check_text (name, error);
}

/* Takes over BODY. The deployment folds what the journal has stored. */
static ErosEvent *
store (ErosDeployment *self, const char *actor, const char *kind, JsonObject *body, GError **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, body);
  return eros_journal_append (self->journal, actor, kind, node, error);
}

gboolean
eros_deployment_act (ErosDeployment *self, const char *kind, JsonObject *body, GError **error)
{
  if (eros_deployment_check_person (self->actor, error))
    return store (self, self->actor, kind, body, error) != NULL;
  json_object_unref (body);
  return FALSE;
}

gboolean
eros_deployment_refuse_value (GError **error, const char *text)
{
  g_set_error_literal (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID, text);
  return FALSE;
}

char *
eros_deployment_tidy (const char *text)
{
  return g_strstrip (g_strdup (text));
}

gboolean
eros_deployment_check_text (const char *text, GError **error)
{
  if (!g_utf8_validate (text, -1, NULL))
    return eros_deployment_refuse_value (error, _ ("The text is not valid UTF-8."));
  if (strlen (text) > MAX_TEXT)
    return eros_deployment_refuse_value (
      error, _ ("The text is too long: shorten it to 64 kB, or put it into a document and name that."));
  return TRUE;
}

/**
 * eros_deployment_tick:
 * @self: a deployment
 * @element_id: a check box
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Ticks a box in the name of whoever acts. One whose machine check fails wants
 * a reason: see eros_deployment_tick_by_decision().
 *
 * Returns: whether it is stored
 */
gboolean
eros_deployment_tick (ErosDeployment *self, const char *element_id, GError **error)
{
  return eros_deployment_tick_by_decision (self, element_id, "", error);
}

/**
 * eros_deployment_untick:
 * @self: a deployment
 * @element_id: a check box
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Makes it open again, whether it was ticked or did not apply, and whoever had
 * said so. A signature and a mark over a check that failed are withdrawn
 * instead: see eros_deployment_withdraw().
 *
 * Returns: whether it is stored
 */
gboolean
eros_deployment_untick (ErosDeployment *self, const char *element_id, GError **error)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (element_id != NULL, FALSE);

  return eros_deployment_check_action (self, "untick", element_id, NULL, error) &&
         eros_deployment_act (self, EROS_EVENT_ITEM_UNTICKED,
                              eros_deployment_body_new (EROS_MEMBER_ELEMENT, element_id, NULL), error);
}

/**
 * eros_deployment_set_not_applicable:
 * @self: a deployment
 * @element_id: a check box
 * @reason: why, for the report
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Returns: whether it is stored
 */
gboolean
eros_deployment_set_not_applicable (ErosDeployment *self,
                                    const char *element_id,
                                    const char *reason,
                                    GError **error)
{
  g_autofree char *tidied = NULL;
  JsonObject *body;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (element_id != NULL && reason != NULL, FALSE);

  tidied = eros_deployment_tidy (reason);
  if (!eros_deployment_check_action (self, "not-applicable", element_id, NULL, error) ||
      !eros_deployment_check_text (tidied, error))
    return FALSE;
  if (*tidied == '\0')
    return eros_deployment_refuse_value (error,
                                         _ ("Say why it does not apply: the report shows the reason."));
  body = eros_deployment_body_new (EROS_MEMBER_ELEMENT, element_id, EROS_MEMBER_REASON, tidied, NULL);
  eros_deployment_add_otherwise (self, element_id, body);
  return eros_deployment_act (self, EROS_EVENT_ITEM_NOT_APPLICABLE, body, error);
}

/**
 * eros_deployment_set_note:
 * @self: a deployment
 * @element_id: any element
 * @text: the note; "" takes it away
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Returns: whether it is stored; nothing is, and %TRUE returned, when the note
 *   is that already
 */
gboolean
eros_deployment_set_note (ErosDeployment *self, const char *element_id, const char *text, GError **error)
{
  g_autofree char *tidied = NULL;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (element_id != NULL && text != NULL, FALSE);

  tidied = eros_deployment_tidy (text);
  if (!eros_deployment_check_action (self, "note", element_id, NULL, error) ||
      !eros_deployment_check_text (tidied, error))
    return FALSE;
  if (g_str_equal (tidied, eros_item_get_note (eros_deployment_get_item (self, element_id))))
    return TRUE;
  return eros_deployment_act (
    self, EROS_EVENT_NOTE_SET,
    eros_deployment_body_new (EROS_MEMBER_ELEMENT, element_id, EROS_MEMBER_TEXT, tidied, NULL), error);
}

/**
 * eros_deployment_can_undo:
 * @self: a deployment
 * @what: (out) (optional) (nullable): what would be taken back, for a menu
 *
 * Returns: whether eros_deployment_undo() has something to take back
 */
gboolean
eros_deployment_can_undo (ErosDeployment *self, char **what)
{
  gboolean can;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);

  can = eros_deployment_check_action (self, "undo", NULL, NULL, NULL);
  if (what != NULL)
    *what = can ? eros_deployment_describe_act (self, eros_deployment_find_undoable (self)) : NULL;
  return can;
}

/**
 * eros_deployment_undo:
 * @self: a deployment
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Takes back the last thing that a person did and that has not been taken back
 * yet. Both stay in the journal. What the machine has found is not undone.
 *
 * Returns: whether it is stored
 */
gboolean
eros_deployment_undo (ErosDeployment *self, GError **error)
{
  ErosEvent *last;
  JsonObject *body;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);

  if (!eros_deployment_check_action (self, "undo", NULL, NULL, error))
    return FALSE;
  last = eros_deployment_find_undoable (self);
  body = eros_deployment_body_new (EROS_MEMBER_KIND, eros_event_get_kind (last), NULL);
  json_object_set_int_member (body, EROS_MEMBER_SEQUENCE, eros_event_get_sequence (last));
  return eros_deployment_act (self, EROS_EVENT_EVENT_UNDONE, body, error);
}

static gboolean
check_writable (ErosDeployment *self, GError **error)
{
  if (eros_journal_is_writable (self->journal))
    return TRUE;
  g_set_error (
    error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NOT_ALLOWED,
    _ ("This deployment is open for reading only. Close it where it is being written, and open it again."));
  return FALSE;
}

/**
 * eros_deployment_record_check:
 * @self: a deployment
 * @element_id: a check box
 * @outcome: how its check ended
 * @summary: what was found, in a sentence for people
 * @evidence: (nullable) (transfer none): what that rests on
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Stores what a machine check has found. %EROS_OUTCOME_PASS ticks an open box;
 * %EROS_OUTCOME_FAIL takes a tick of the machine back, but never a person’s.
 *
 * Returns: whether it is stored
 */
gboolean
eros_deployment_record_check (ErosDeployment *self,
                              const char *element_id,
                              ErosOutcome outcome,
                              const char *summary,
                              JsonNode *evidence,
                              GError **error)
{
  const ErosCheckBinding *binding;
  ErosItem *item;
  JsonObject *body;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (element_id != NULL && summary != NULL, FALSE);
  g_return_val_if_fail (outcome != EROS_OUTCOME_NONE, FALSE);

  item = eros_deployment_get_item (self, element_id);
  if (item == NULL || eros_element_get_kind (eros_item_get_element (item)) != EROS_ELEMENT_CHECK)
    {
      g_set_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID,
                   _ ("The runbook has no check box “%s”."), element_id);
      return FALSE;
    }
  if (!check_writable (self, error))
    return FALSE;

  binding = eros_element_get_check_binding (eros_item_get_element (item));
  body = eros_deployment_body_new (EROS_MEMBER_ELEMENT, element_id, EROS_MEMBER_OUTCOME,
                                   eros_outcome_to_text (outcome), EROS_MEMBER_SUMMARY, summary,
                                   EROS_MEMBER_CHECK, binding != NULL ? binding->id : NULL, NULL);
  if (evidence != NULL)
    json_object_set_member (body, EROS_MEMBER_EVIDENCE, json_node_copy (evidence));
  return store (self, EROS_ACTOR_MACHINE, EROS_EVENT_CHECK_FINISHED, body, error) != NULL;
}

/**
 * eros_deployment_record_value:
 * @self: a deployment
 * @field_id: a field
 * @value: what was measured
 * @evidence: (nullable) (transfer none): what that rests on
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Fills in a field with what the machine knows, over what stands there; a
 * signed sign-off’s fields stay as they are.
 *
 * Returns: whether it is stored
 */
gboolean
eros_deployment_record_value (ErosDeployment *self,
                              const char *field_id,
                              const char *value,
                              JsonNode *evidence,
                              GError **error)
{
  g_autofree char *normalized = NULL;
  JsonObject *body;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (field_id != NULL && value != NULL, FALSE);

  if (!eros_deployment_check_action (self, "set", field_id, NULL, error))
    return FALSE;
  normalized = eros_deployment_normalize (self, field_id, value, error);
  if (normalized == NULL)
    return FALSE;
  body = eros_deployment_body_new (EROS_MEMBER_FIELD, field_id, EROS_MEMBER_VALUE, normalized, NULL);
  if (evidence != NULL)
    json_object_set_member (body, EROS_MEMBER_EVIDENCE, json_node_copy (evidence));
  return store (self, EROS_ACTOR_MACHINE, EROS_EVENT_FIELD_RECORDED, body, error) != NULL;
}

/* What somebody starts, goes on with or removes is theirs; the steps and jobs in between are the machine's.
 */
static gboolean
is_by_person (const char *kind)
{
  return g_str_has_prefix (kind, EROS_EVENTS_OPERATION) || g_str_has_prefix (kind, EROS_EVENTS_BACKUP) ||
         g_str_has_prefix (kind, EROS_EVENTS_SIGNER);
}

/* The times of the record never go back. Where the clock was set back, it says what the clock says. */
static void
add_happened (ErosDeployment *self, JsonNode *body)
{
  GListModel *journal = G_LIST_MODEL (self->journal);
  g_autoptr (ErosEvent) last = g_list_model_get_item (journal, g_list_model_get_n_items (journal) - 1);
  gint64 now = eros_timeline_get_now (self);

  if (last != NULL && now < eros_event_get_time (last) && JSON_NODE_HOLDS_OBJECT (body) &&
      !json_object_has_member (json_node_get_object (body), EROS_MEMBER_HAPPENED))
    json_object_set_int_member (json_node_get_object (body), EROS_MEMBER_HAPPENED, now);
}

/**
 * eros_deployment_record:
 * @self: a deployment
 * @kind: an event’s kind that is not this room’s: "operation.started",
 *   "job.planned" …
 * @body: a JSON object without floating-point numbers
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Stores an event that others fold (docs/journal.md). Operations are started
 * and ended in the name of whoever acts, everything else in the machine’s.
 *
 * Returns: (transfer none): the event
 */
ErosEvent *
eros_deployment_record (ErosDeployment *self, const char *kind, JsonNode *body, GError **error)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);
  g_return_val_if_fail (kind != NULL && body != NULL, NULL);

  if (eros_deployment_owns_kind (kind))
    {
      g_set_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID,
                   _ ("Events of kind “%s” are stored by their own functions."), kind);
      return NULL;
    }
  if (!check_writable (self, error) ||
      (is_by_person (kind) && !eros_deployment_check_person (self->actor, error)))
    return NULL;
  add_happened (self, body);
  return eros_journal_append (self->journal, is_by_person (kind) ? self->actor : EROS_ACTOR_MACHINE, kind,
                              body, error);
}
