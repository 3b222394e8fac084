/* eros-deployment-values.c: what stands in the fields, who says so, and what may be entered
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment-private.h"
#include "eros-text.h"
#include "eros-timeline.h"

#include <glib/gi18n-lib.h>

/**
 * eros_deployment_get_value:
 * @self: a deployment
 * @field_id: a field of its runbook
 *
 * Returns: what stands in the field, in the form of eros_field_normalize(); ""
 *   when it is blank. A field that nobody has filled in shows what its source
 *   gives. Valid until the field changes.
 */
const char *
eros_deployment_get_value (ErosDeployment *self, const char *field_id)
{
  ErosFieldState *state;
  const char *sourced;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);
  g_return_val_if_fail (field_id != NULL, NULL);

  state = g_hash_table_lookup (self->fields, field_id);
  if (state != NULL && state->event != NULL)
    return state->value;
  sourced = g_hash_table_lookup (self->sourced, field_id);
  return sourced != NULL ? sourced : "";
}

/**
 * eros_deployment_get_value_actor:
 * @self: a deployment
 * @field_id: a field of its runbook
 * @machine: (out) (optional): whether the machine filled it in
 * @time: (out) (optional): when, in microseconds since 1970 UTC; 0 when nobody
 *   has
 *
 * Returns: (nullable): who filled it in; %NULL when it is blank or shows what
 *   its source gives
 */
const char *
eros_deployment_get_value_actor (ErosDeployment *self, const char *field_id, gboolean *machine, gint64 *time)
{
  ErosFieldState *state;
  ErosEvent *event;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);
  g_return_val_if_fail (field_id != NULL, NULL);

  state = g_hash_table_lookup (self->fields, field_id);
  event = state != NULL ? state->event : NULL;
  if (machine != NULL)
    *machine = event != NULL && eros_event_is (event, EROS_EVENT_FIELD_RECORDED);
  if (time != NULL)
    *time = event != NULL ? eros_event_get_time (event) : 0;
  return event != NULL ? eros_event_get_actor (event) : NULL;
}

/**
 * eros_deployment_get_measured:
 * @self: a deployment
 * @field_id: a field of its runbook
 * @time: (out) (optional): when, in microseconds since 1970 UTC
 *
 * Returns: (nullable): what the machine had measured, where a person has put
 *   something else in its place since
 */
const char *
eros_deployment_get_measured (ErosDeployment *self, const char *field_id, gint64 *time)
{
  ErosFieldState *state;
  const char *measured;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);
  g_return_val_if_fail (field_id != NULL, NULL);

  state = g_hash_table_lookup (self->fields, field_id);
  if (state == NULL || state->measured == NULL || state->measured == state->event)
    return NULL;
  measured = eros_event_get_string (state->measured, EROS_MEMBER_VALUE);
  if (g_strcmp0 (measured, state->value) == 0)
    return NULL;
  if (time != NULL)
    *time = eros_event_get_time (state->measured);
  return measured;
}

/**
 * eros_deployment_get_value_reason:
 * @self: a deployment
 * @field_id: a field of its runbook
 *
 * Returns: why what stands there is not what was measured; "" where no reason
 *   was given
 */
const char *
eros_deployment_get_value_reason (ErosDeployment *self, const char *field_id)
{
  ErosFieldState *state;
  const char *reason;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), "");
  g_return_val_if_fail (field_id != NULL, "");

  state = g_hash_table_lookup (self->fields, field_id);
  reason =
    state != NULL && state->event != NULL ? eros_event_get_string (state->event, EROS_MEMBER_REASON) : NULL;
  return reason != NULL ? reason : "";
}

char *
eros_deployment_normalize (ErosDeployment *self, const char *field_id, const char *text, GError **error)
{
  ErosField *field = eros_runbook_find_field (self->runbook, field_id);
  g_autoptr (GError) problem = NULL;
  char *value = eros_field_normalize (field, text, &problem);

  if (value == NULL)
    g_set_error_literal (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID, problem->message);
  return value;
}

/* ABSENT when there is none. */
static gint64
time_of (const char *text, gint64 absent)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : absent;
}

/* Whether a date, or a time of one, belongs to this deployment: a year before it was made or begins, at most,
 * and a year after what it is about. */
static gboolean
is_of_its_time (ErosDeployment *self, ErosFieldType type, const char *value)
{
  const GTimeSpan year = 366 * G_TIME_SPAN_DAY;
  g_autoptr (ErosEvent) created = g_list_model_get_item (G_LIST_MODEL (self->journal), 0);
  g_autofree char *text =
    type == EROS_FIELD_DATE ? g_strconcat (value, "T00:00:00Z", NULL) : g_strdup (value);
  gint64 made = eros_event_get_time (created);
  gint64 now = eros_timeline_get_now (self);
  gint64 first = MIN (made, time_of (self->setup->window_start, made));
  gint64 last = MAX (now, time_of (self->setup->window_end, now));
  gint64 time = time_of (text, first);

  return (type != EROS_FIELD_DATE && type != EROS_FIELD_TIMESTAMP) ||
         (time >= first - year && time <= last + year);
}

/* A day alone, in the blank of any other box than a sign-off, may be about anything, such as until when a
 * certificate is good. */
static gboolean
tells_of_it (ErosDeployment *self, ErosField *field)
{
  ErosItem *owner = g_hash_table_lookup (self->owners, eros_field_get_id (field));

  return owner == NULL || eros_field_get_field_type (field) != EROS_FIELD_DATE ||
         eros_element_get_kind (eros_item_get_element (owner)) == EROS_ELEMENT_SIGN_OFF;
}

/**
 * eros_deployment_check_value:
 * @self: a deployment
 * @field_id: a field
 * @text: what a person typed
 * @error: return location for %EROS_DEPLOYMENT_ERROR_INVALID: a sentence that says what is expected
 *
 * As eros_field_normalize(), for a field of this deployment: a time, and a day of it or of a signature, lies
 * in its own time.
 *
 * Returns: (transfer full): the value as it is stored, or %NULL
 */
char *
eros_deployment_check_value (ErosDeployment *self, const char *field_id, const char *text, GError **error)
{
  g_autofree char *value = eros_deployment_normalize (self, field_id, text, error);
  ErosField *field = value != NULL ? eros_runbook_find_field (self->runbook, field_id) : NULL;

  if (value == NULL || *value == '\0' || !tells_of_it (self, field) ||
      is_of_its_time (self, eros_field_get_field_type (field), value))
    return g_steal_pointer (&value);
  g_set_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID,
               _ ("“%s” lies more than a year from this deployment. Please look at the year."), value);
  return NULL;
}

/**
 * eros_deployment_set_value:
 * @self: a deployment
 * @field_id: a field
 * @text: what a person typed; "" makes it blank
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Stores the field’s value in the form of eros_field_normalize(), unless that
 * needs a decision: see eros_deployment_set_value_by_decision().
 *
 * Returns: whether it is stored; nothing is, and %TRUE returned, when that
 *   stands there already
 */
gboolean
eros_deployment_set_value (ErosDeployment *self, const char *field_id, const char *text, GError **error)
{
  return eros_deployment_set_value_by_decision (self, field_id, text, "", error);
}

/* Whether the value is none that the machine has measured, where it has measured one. */
static gboolean
replaces_measured (ErosDeployment *self, const char *field_id, const char *value)
{
  ErosFieldState *state = g_hash_table_lookup (self->fields, field_id);

  return state != NULL && state->measured != NULL &&
         !eros_event_says (state->measured, EROS_MEMBER_VALUE, value);
}

static gboolean
want_reason (ErosDeployment *self, const char *field_id, GError **error)
{
  ErosField *field = eros_runbook_find_field (self->runbook, field_id);
  ErosFieldState *state = g_hash_table_lookup (self->fields, field_id);
  g_autofree char *measured =
    eros_field_format (field, eros_event_get_string (state->measured, EROS_MEMBER_VALUE));

  g_set_error (
    error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NEEDS_REASON,
    /* Translators: a field, what was measured */
    _ ("“%s” was measured as “%s”. Leave it, measure it again, or give a reason why something else "
       "stands there: the report shows both, and that it was your decision."),
    eros_field_get_label (field), measured);
  return FALSE;
}

/**
 * eros_deployment_set_value_by_decision:
 * @self: a deployment
 * @field_id: a field
 * @text: what a person typed; "" makes it blank
 * @reason: why it stands in the place of what was measured; "" if nothing was
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * As eros_deployment_set_value(). In the place of a measured value it is a
 * decision: it wants a reason, and stands in the report beside what was
 * measured.
 *
 * Returns: whether it is stored
 */
gboolean
eros_deployment_set_value_by_decision (ErosDeployment *self,
                                       const char *field_id,
                                       const char *text,
                                       const char *reason,
                                       GError **error)
{
  g_autofree char *value = NULL;
  g_autofree char *tidied = NULL;
  gboolean replaces;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (field_id != NULL && text != NULL && reason != NULL, FALSE);

  tidied = eros_deployment_tidy (reason);
  if (!eros_deployment_check_action (self, "set", field_id, NULL, error) ||
      !eros_deployment_check_text (tidied, error))
    return FALSE;
  value = eros_deployment_check_value (self, field_id, text, error);
  if (value == NULL)
    return FALSE;
  if (g_str_equal (value, eros_deployment_get_value (self, field_id)))
    return TRUE;
  replaces = replaces_measured (self, field_id, value);
  if (replaces && *tidied == '\0')
    return want_reason (self, field_id, error);
  return eros_deployment_act (self, EROS_EVENT_FIELD_SET,
                              eros_deployment_body_new (EROS_MEMBER_FIELD, field_id, EROS_MEMBER_VALUE, value,
                                                        EROS_MEMBER_REASON, replaces ? tidied : NULL, NULL),
                              error);
}
