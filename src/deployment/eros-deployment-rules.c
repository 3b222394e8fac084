/* eros-deployment-rules.c: what is allowed now, and if not, what to do about it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment-private.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-way-back.h"
#include "eros-window.h"

#include <string.h>
#include <glib/gi18n-lib.h>

const char *
eros_deployment_label_of (ErosElement *element)
{
  const char *label = eros_element_get_label (element);

  return label != NULL && *label != '\0' ? label : eros_element_get_id (element);
}

gboolean
eros_deployment_refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NOT_ALLOWED, format, arguments);
  va_end (arguments);
  return FALSE;
}

static gboolean misfit (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
misfit (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID, format, arguments);
  va_end (arguments);
  return FALSE;
}

/* One function an action. */

typedef struct
{
  ErosDeployment *self;
  const char *id;
  ErosItem *item; /* NULL when the id is no element’s */
  ErosGate **gate;
} Request;

static gboolean
check_element (const Request *request, GError **error)
{
  return request->item != NULL || misfit (error, _ ("The runbook has no element “%s”."), request->id);
}

static gboolean
check_box (const Request *request, GError **error)
{
  ErosElement *element;

  if (!check_element (request, error))
    return FALSE;
  element = eros_item_get_element (request->item);
  if (eros_element_get_kind (element) == EROS_ELEMENT_CHECK)
    return TRUE;
  if (eros_element_get_kind (element) == EROS_ELEMENT_SIGN_OFF)
    return eros_deployment_refuse (error, _ ("“%s” is a sign-off: sign it instead."),
                                   eros_deployment_label_of (element));
  return misfit (error, _ ("“%s” is not a check box."), eros_deployment_label_of (element));
}

static gboolean
allow_tick (const Request *request, GError **error)
{
  g_autofree char *time = NULL;

  if (!check_box (request, error))
    return FALSE;
  if (eros_element_wants_signature (eros_item_get_element (request->item)) &&
      eros_deployment_lacks_name (request->self, eros_item_get_element (request->item)))
    return eros_deployment_refuse (error,
                                   _ ("“%s” is signed with a name, and none is there: sign it instead."),
                                   eros_deployment_label_of (eros_item_get_element (request->item)));
  /* Whoever ticks a check that fails takes the responsibility for it. */
  if (eros_item_get_mark (request->item) == EROS_ITEM_TICKED &&
      (!eros_item_is_failing (request->item) || eros_item_is_decided (request->item)))
    {
      time = eros_time_text (eros_item_get_time (request->item));
      return eros_deployment_refuse (error, _ ("“%s” is ticked already, by %s at %s."),
                                     eros_deployment_label_of (eros_item_get_element (request->item)),
                                     eros_item_get_actor (request->item), time);
    }
  return eros_deployment_check_gates (request->self, eros_item_get_element (request->item), NULL,
                                      request->gate, error);
}

static gboolean
allow_untick (const Request *request, GError **error)
{
  ErosElement *element;

  if (!check_element (request, error))
    return FALSE;
  element = eros_item_get_element (request->item);
  if (eros_deployment_find_decision (request->self, request->id) != NULL)
    return eros_deployment_refuse (
      error,
      eros_item_is_signed (request->item)
        ? _ ("“%s” is signed. A signature is withdrawn, with a reason, and stays in the report.")
        : _ ("“%s” was marked by decision. That is withdrawn, with a reason, and stays in the report."),
      eros_deployment_label_of (element));
  if (eros_deployment_find_sum (request->self, request->id) != NULL &&
      g_strcmp0 (eros_item_get_actor (request->item), EROS_ACTOR_MACHINE) == 0)
    return eros_deployment_refuse (
      error, _ ("“%s” follows from others: it is open again by itself as soon as one of them is not so."),
      eros_deployment_label_of (element));
  if (eros_item_get_mark (request->item) != EROS_ITEM_OPEN)
    return TRUE;
  if (eros_element_get_kind (element) == EROS_ELEMENT_SIGN_OFF)
    return eros_deployment_refuse (error, _ ("“%s” is not signed, so there is nothing to take back."),
                                   eros_deployment_label_of (element));
  return eros_deployment_refuse (error, _ ("“%s” is not ticked, so there is nothing to take back."),
                                 eros_deployment_label_of (element));
}

static gboolean
allow_not_applicable (const Request *request, GError **error)
{
  if (!check_element (request, error))
    return FALSE;
  if (eros_element_wants_signature (eros_item_get_element (request->item)))
    return eros_deployment_refuse (
      error, _ ("“%s” is a sign-off and cannot be left out. Sign it, or override the gate that needs it."),
      eros_deployment_label_of (eros_item_get_element (request->item)));
  return check_box (request, error);
}

static gboolean
allow_note (const Request *request, GError **error)
{
  return check_element (request, error);
}

static gboolean
allow_set (const Request *request, GError **error)
{
  ErosItem *owner = g_hash_table_lookup (request->self->owners, request->id);

  if (!g_hash_table_contains (request->self->fields, request->id))
    return misfit (error, _ ("The runbook has no field “%s”."), request->id);
  if (owner != NULL && eros_item_is_signed (owner))
    return eros_deployment_refuse (
      error, _ ("“%s” is signed, so what stands in it cannot be changed. Withdraw the signature first."),
      eros_deployment_label_of (eros_item_get_element (owner)));
  return TRUE;
}

static gboolean
allow_sign (const Request *request, GError **error)
{
  g_autofree char *time = NULL;
  ErosElement *element;

  if (!check_element (request, error))
    return FALSE;
  element = eros_item_get_element (request->item);
  if (!eros_element_wants_signature (element))
    return misfit (error, _ ("“%s” is not a sign-off."), eros_deployment_label_of (element));
  if (eros_item_is_signed (request->item))
    {
      time = eros_time_text (eros_item_get_time (request->item));
      return eros_deployment_refuse (
        error, _ ("“%s” is signed already, by %s at %s. Withdraw that signature first."),
        eros_deployment_label_of (element), eros_item_get_actor (request->item), time);
    }
  return eros_deployment_check_gates (request->self, element, NULL, request->gate, error);
}

static gboolean
allow_override (const Request *request, GError **error)
{
  ErosGate *gate = eros_runbook_find_gate (request->self->runbook, request->id);
  g_autofree char *missing = NULL;
  g_autofree char *not_recent = NULL;
  ErosOverride override;

  if (gate == NULL)
    return misfit (error, _ ("The runbook has no gate “%s”."), request->id);
  if (eros_deployment_get_override (request->self, request->id, &override))
    return eros_deployment_refuse (error, _ ("“%s” has been overridden already, by %s: %s"),
                                   eros_gate_get_title (gate), override.name, override.reason);
  /* The work may want more than the boxes say, a backup of today for instance. */
  not_recent = eros_deployment_describe_not_recent (request->self, gate);
  if (eros_deployment_gate_is_open (request->self, gate, &missing) && not_recent == NULL)
    return eros_deployment_refuse (error, _ ("“%s” is true, so there is nothing to override."),
                                   eros_gate_get_title (gate));
  if (eros_gate_may_override (gate))
    return TRUE;
  return eros_deployment_refuse (error, _ ("“%s” cannot be overridden. Still open: %s. Do that first."),
                                 eros_gate_get_title (gate), missing != NULL ? missing : not_recent);
}

static gboolean
allow_withdraw (const Request *request, GError **error)
{
  if (request->item == NULL && eros_runbook_find_gate (request->self->runbook, request->id) == NULL)
    return misfit (error, _ ("The runbook has no element and no gate “%s”."), request->id);
  return eros_deployment_find_decision (request->self, request->id) != NULL ||
         eros_deployment_refuse (
           error,
           _ ("Nothing stands at “%s” that could be withdrawn: no override, no signature, and no mark "
              "over a check that failed."),
           eros_deployment_label_thing (request->self, request->item != NULL ? "element" : "gate",
                                        request->id));
}

static gboolean
allow_undo (const Request *request, GError **error)
{
  if (eros_deployment_find_undoable (request->self) != NULL)
    return TRUE;
  if (request->self->acts->len == 0)
    return eros_deployment_refuse (error, _ ("There is nothing to undo: no person has done anything yet."));
  return eros_deployment_refuse (
    error, _ ("There is nothing to undo: overrides, signatures and marks over a check that failed "
              "are not undone, but withdrawn where they stand, with a reason."));
}

static gboolean
allow_run (const Request *request, GError **error)
{
  ErosElement *element = request->item != NULL ? eros_item_get_element (request->item)
                                               : eros_deployment_find_operation (request->self, request->id);

  /* What no page asks for has no gates: to take a step back, to resume what a rollback paused. */
  if (element == NULL && eros_operation_kind_of (request->id) != EROS_OPERATION_KIND_UNKNOWN)
    return TRUE;
  if (element == NULL)
    return misfit (error, _ ("The runbook has no operation and no check “%s”."), request->id);
  if (eros_element_get_operation (element) == NULL && eros_element_get_check_binding (element) == NULL)
    return misfit (error, _ ("“%s” is for a person to do: there is nothing that could be run."),
                   eros_deployment_label_of (element));
  return eros_deployment_check_gates (request->self, element, eros_element_get_operation (element),
                                      request->gate, error);
}

static const struct
{
  const char *name;
  gboolean (*allow) (const Request *request, GError **error);
} actions[] = {
  { "tick", allow_tick },         { "untick", allow_untick },     { "not-applicable", allow_not_applicable },
  { "note", allow_note },         { "set", allow_set },           { "sign", allow_sign },
  { "undo", allow_undo },         { "override", allow_override }, { "run", allow_run },
  { "withdraw", allow_withdraw },
};

gboolean
eros_deployment_check_action (ErosDeployment *self,
                              const char *action,
                              const char *target_id,
                              ErosGate **gate,
                              GError **error)
{
  Request request = { self, target_id != NULL ? target_id : "", NULL, gate };

  if (gate != NULL)
    *gate = NULL;
  if (!eros_journal_is_writable (self->journal))
    return eros_deployment_refuse (
      error, _ ("This deployment is open for reading only. Close it where it is being written, and open it "
                "again."));
  request.item = g_hash_table_lookup (self->items, request.id);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].name, action))
      return actions[i].allow (&request, error);
  return misfit (error, _ ("There is no action “%s”."), action);
}

/**
 * eros_deployment_allows:
 * @self: a deployment
 * @action: "tick", "untick", "not-applicable", "note", "set", "sign",
 *   "override", "withdraw", "undo" or "run"
 * @target_id: (nullable): the element; for "set" the field, for "override" the
 *   gate, for "withdraw" an element or a gate; for "run" a check’s element, an operation’s element or its
 * name
 * @reason: (out) (optional) (nullable): a sentence for people: why not, and
 *   what to do
 * @gate: (out) (optional) (nullable) (transfer none): the gate in the way, if
 *   it is one
 *
 * The one place that decides what may be done now. What it does not look at
 * are values that come with an action: those are checked when it is taken.
 *
 * Returns: whether the action is allowed
 */
gboolean
eros_deployment_allows (ErosDeployment *self,
                        const char *action,
                        const char *target_id,
                        char **reason,
                        ErosGate **gate)
{
  g_autoptr (GError) error = NULL;
  gboolean allowed;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (action != NULL, FALSE);

  allowed = eros_deployment_check_action (self, action, target_id, gate, &error);
  if (reason != NULL)
    *reason = allowed ? NULL : g_strdup (error->message);
  return allowed;
}
