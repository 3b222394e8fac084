/* eros-deployment-gates.c: what has to wait for what, and what is missing
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

#define MAX_NAMED 4 /* of the things that are missing, in one sentence */

static void
add_missing_phase (ErosDeployment *self, ErosPhase *phase, GPtrArray *missing)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->progress));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ErosPhaseProgress) progress = g_list_model_get_item (G_LIST_MODEL (self->progress), i);

      if (eros_phase_progress_get_phase (progress) == phase &&
          eros_phase_progress_get_state (progress) != EROS_PHASE_COMPLETE)
        g_ptr_array_add (
          missing, g_strdup_printf (
                     /* Translators: a phase; how many of its checks are done, and how many there are. */
                     _ ("phase “%s” (%u of %u)"), eros_phase_get_short_title (phase),
                     eros_phase_progress_get_done (progress), eros_phase_progress_get_total (progress)));
    }
}

static void
add_missing_item (ErosItem *item, GPtrArray *missing)
{
  const char *label = eros_deployment_label_of (eros_item_get_element (item));
  const char *summary = eros_item_get_summary (item);

  if (eros_item_is_settled (item))
    return;
  if (eros_item_is_failing (item))
    g_ptr_array_add (missing, g_strdup_printf (
                                /* Translators: a check box; what the machine found. */
                                _ ("“%s”, whose check fails (%s)"), label, summary != NULL ? summary : ""));
  else if (eros_item_get_mark (item) == EROS_ITEM_TICKED)
    /* Translators: a check box about a person: “Product Owner approval received” */
    g_ptr_array_add (missing, g_strdup_printf (_ ("“%s”, which names nobody"), label));
  else
    g_ptr_array_add (missing, g_strdup_printf (_ ("“%s”"), label));
}

ErosElement *
eros_deployment_find_operation (ErosDeployment *self, const char *name)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    if (g_strcmp0 (eros_element_get_operation (eros_item_get_element (item)), name) == 0)
      return eros_item_get_element (item);
  return NULL;
}

/* Whether this operation has ended well in another deployment, which was no production, with the SQL it has
 * now. */
static gboolean
is_rehearsed (ErosDeployment *self, const char *operation)
{
  GListModel *journal = G_LIST_MODEL (self->journal);

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);

      if (eros_event_is (event, EROS_EVENT_REHEARSAL_LOOKED_FOR) &&
          eros_event_says (event, EROS_MEMBER_OPERATION, operation))
        return eros_event_has_passed (event);
    }
  return FALSE;
}

/**
 * eros_deployment_wants_rehearsal:
 * @self: a deployment
 *
 * Returns: whether what is deployed must have been seen to work elsewhere before: where it is for real
 */
gboolean
eros_deployment_wants_rehearsal (ErosDeployment *self)
{
  return self->setup->environment == EROS_ENVIRONMENT_PRODUCTION;
}

static void
add_not_rehearsed (ErosDeployment *self, const char *operation, GPtrArray *missing)
{
  ErosElement *element = eros_deployment_find_operation (self, operation);

  if (!eros_deployment_wants_rehearsal (self) || is_rehearsed (self, operation))
    return;
  g_ptr_array_add (missing, g_strdup_printf (
                              /* Translators: an operation, such as “Deploy phase 1” */
                              _ ("“%s” with the same SQL in a rehearsal or in staging"),
                              element != NULL ? eros_deployment_label_of (element) : operation));
}

static void
add_not_proved (ErosDeployment *self, const char *operation, GPtrArray *missing)
{
  ErosElement *element = eros_deployment_find_operation (self, operation);

  if (!eros_way_back_is_proved (self, operation))
    g_ptr_array_add (missing, g_strdup_printf (
                                /* Translators: an operation, such as “Deploy phase 1” */
                                _ ("the way back from “%s” with the same SQL, proved on a copy"),
                                element != NULL ? eros_deployment_label_of (element) : operation));
}

/* Whether an operation has ended well within the last HOURS, the last time that it ended. */
static gboolean
is_recent (ErosDeployment *self, const char *operation, guint hours)
{
  GListModel *journal = G_LIST_MODEL (self->journal);

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);

      if (eros_event_is (event, EROS_EVENT_OPERATION_ENDED) &&
          eros_event_says (event, EROS_MEMBER_OPERATION, operation))
        return eros_event_has_passed (event) &&
               eros_timeline_get_now (self) - eros_event_get_time (event) < hours * G_TIME_SPAN_HOUR;
    }
  return FALSE;
}

/* (transfer full) (nullable): what an operation that waits for the gate lacks of what the machine has to have
 * done */
char *
eros_deployment_describe_not_recent (ErosDeployment *self, ErosGate *gate)
{
  guint hours;
  const char *operation = eros_gate_get_recent (gate, &hours);
  ErosElement *element = operation != NULL ? eros_deployment_find_operation (self, operation) : NULL;

  if (operation == NULL || is_recent (self, operation, hours))
    return NULL;
  if (eros_operation_kind_of (operation) == EROS_OPERATION_KIND_BACKUP)
    return g_strdup_printf (
      ngettext ("This program has taken no backup in the last %u hour that it has verified. Take one. If "
                "there is another, override the gate with a name and a reason.",
                "This program has taken no backup in the last %u hours that it has verified. Take one. If "
                "there is another, override the gate with a name and a reason.",
                hours),
      hours);
  return g_strdup_printf (
    /* Translators: an operation, such as “Compare” */
    ngettext ("This program has not done “%s” well in the last %u hour. Do it. If it was done otherwise, "
              "override the gate with a name and a reason.",
              "This program has not done “%s” well in the last %u hours. Do it. If it was done otherwise, "
              "override the gate with a name and a reason.",
              hours),
    element != NULL ? eros_deployment_label_of (element) : operation, hours);
}

/* When a person or the machine has last said yes to it; 0: nobody has. */
static gint64
find_last_yes (ErosDeployment *self, const char *id)
{
  g_autofree char *key = g_strdup_printf ("element:%s", id);
  GPtrArray *history = g_hash_table_lookup (self->histories, key);

  for (guint i = history != NULL ? history->len : 0; i > 0; i--)
    {
      ErosEvent *event = history->pdata[i - 1];
      const char *kind = eros_event_get_kind (event);

      if (g_str_equal (kind, EROS_EVENT_ITEM_TICKED) || g_str_equal (kind, EROS_EVENT_ITEM_NOT_APPLICABLE) ||
          (g_str_equal (kind, EROS_EVENT_CHECK_FINISHED) && eros_event_has_passed (event)))
        return eros_event_get_time (event);
    }
  return 0;
}

/* What is done, and too long ago for the gate. */
static void
add_outdated_item (ErosDeployment *self, ErosGate *gate, ErosItem *item, GPtrArray *missing)
{
  const char *label = eros_deployment_label_of (eros_item_get_element (item));
  guint hours = 0;
  gint64 age = g_get_real_time () - find_last_yes (self, eros_element_get_id (eros_item_get_element (item)));

  if (eros_gate_get_recent (gate, &hours) != NULL || hours == 0 || !eros_item_is_settled (item) ||
      age < hours * G_TIME_SPAN_HOUR)
    return;
  g_ptr_array_add (missing, g_strdup_printf (
                              /* Translators: %1$s: a check box; %2$u, %3$u: hours */
                              _ ("“%1$s”, which was done %2$u hours ago (at most %3$u)"), label,
                              (guint) (age / G_TIME_SPAN_HOUR), hours));
}

static void
add_missing (ErosDeployment *self, ErosGate *gate, const char *id, GPtrArray *missing)
{
  ErosPhase *phase = eros_runbook_find_phase (self->runbook, id);
  ErosItem *item = g_hash_table_lookup (self->items, id);

  if (eros_gate_get_kind (gate) == EROS_GATE_REHEARSED)
    add_not_rehearsed (self, id, missing);
  else if (eros_gate_get_kind (gate) == EROS_GATE_PROVED)
    add_not_proved (self, id, missing);
  else if (eros_gate_get_kind (gate) == EROS_GATE_ANOTHER_PERSON)
    eros_deployment_add_not_another (self, id, missing);
  else if (eros_gate_get_kind (gate) == EROS_GATE_ANNOUNCED)
    eros_window_add_unannounced (self, gate, id, missing);
  else if (phase != NULL)
    add_missing_phase (self, phase, missing);
  else if (item != NULL)
    {
      add_missing_item (item, missing);
      add_outdated_item (self, gate, item, missing);
    }
}

static GPtrArray *
list_missing (ErosDeployment *self, ErosGate *gate)
{
  GPtrArray *missing = g_ptr_array_new_with_free_func (g_free);
  const char *const *required = eros_gate_get_requires (gate);

  /* It is one window, whatever is to be done in it. */
  if (eros_gate_get_kind (gate) == EROS_GATE_WINDOW)
    eros_window_add_outside (self, missing);
  for (guint i = 0; eros_gate_get_kind (gate) != EROS_GATE_WINDOW && required != NULL && required[i] != NULL;
       i++)
    add_missing (self, gate, required[i], missing);
  return missing;
}

static char *
join_missing (GPtrArray *missing)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < missing->len && i < MAX_NAMED; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (const char *) missing->pdata[i]);
  if (missing->len > MAX_NAMED)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, ngettext ("and %u more", "and %u more", missing->len - MAX_NAMED),
                              missing->len - MAX_NAMED);
    }
  return g_string_free (text, FALSE);
}

/**
 * eros_deployment_gate_is_open:
 * @self: a deployment
 * @gate: a gate of its runbook
 * @missing: (out) (optional) (nullable): the things that are not done, named
 *   in one line; %NULL when all are
 *
 * Says nothing of overrides: see eros_deployment_get_override().
 *
 * Returns: whether everything is done that the gate requires
 */
gboolean
eros_deployment_gate_is_open (ErosDeployment *self, ErosGate *gate, char **missing)
{
  g_autoptr (GPtrArray) list = NULL;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (EROS_IS_GATE (gate), FALSE);

  list = list_missing (self, gate);
  if (missing != NULL)
    *missing = list->len > 0 ? join_missing (list) : NULL;
  return list->len == 0;
}

gboolean
eros_deployment_guards (ErosGate *gate, const char *id)
{
  const char *const *guarded = eros_gate_get_guards (gate);

  return id != NULL && guarded != NULL && g_strv_contains (guarded, id);
}

/* OPERATION: (nullable): what waits is work of the machine. */
static gboolean
check_gate (ErosDeployment *self, ErosGate *gate, const char *what, const char *operation, GError **error)
{
  g_autofree char *missing = NULL;
  g_autofree char *not_recent = NULL;

  if (eros_deployment_get_override (self, eros_gate_get_id (gate), NULL))
    return TRUE;
  if (eros_deployment_gate_is_open (self, gate, &missing))
    {
      not_recent = operation != NULL ? eros_deployment_describe_not_recent (self, gate) : NULL;
      return not_recent == NULL || eros_deployment_refuse (error, "%s", not_recent);
    }
  if (eros_gate_may_override (gate))
    return eros_deployment_refuse (
      error,
      /* Translators: what was tried; a condition; what is not done yet. */
      _ ("“%s” has to wait until this is true: “%s”. Still open: %s. Do that first, or override it with "
         "your name and a reason."),
      what, eros_gate_get_title (gate), missing);
  return eros_deployment_refuse (
    error, _ ("“%s” has to wait until this is true: “%s”. Still open: %s. Do that first."), what,
    eros_gate_get_title (gate), missing);
}

void
eros_obstacle_free (ErosObstacle *self)
{
  g_free (self->missing);
  g_strfreev (self->elements);
  g_free (self);
}

/* Whether the gate stands before the element: it knows it by its id, its operation's name or its phase. */
static gboolean
is_before (ErosDeployment *self, ErosGate *gate, ErosElement *element)
{
  ErosPhase *phase = eros_runbook_phase_of (self->runbook, eros_element_get_id (element));

  return eros_deployment_guards (gate, eros_element_get_id (element)) ||
         eros_deployment_guards (gate, eros_element_get_operation (element)) ||
         eros_deployment_guards (gate, phase != NULL ? eros_phase_get_id (phase) : NULL);
}

static const char *
page_id_of (ErosDeployment *self, const char *id)
{
  ErosElement *element = eros_deployment_find_operation (self, id);

  return element != NULL ? eros_element_get_id (element) : id;
}

/* (transfer full): the elements and phases that a gate still waits for */
static char **
list_open (ErosDeployment *self, ErosGate *gate)
{
  g_autoptr (GStrvBuilder) open = g_strv_builder_new ();
  const char *const *required = eros_gate_get_requires (gate);
  guint hours;
  const char *recent = eros_gate_get_recent (gate, &hours);

  for (guint i = 0; required != NULL && required[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);

      add_missing (self, gate, required[i], missing);
      if (missing->len > 0)
        g_strv_builder_add (open, page_id_of (self, required[i]));
    }
  if (recent != NULL && !is_recent (self, recent, hours))
    g_strv_builder_add (open, page_id_of (self, recent));
  return g_strv_builder_end (open);
}

/* OPERATION: (nullable) the name by which a gate may know the element as well. */
gboolean
eros_deployment_check_gates (ErosDeployment *self,
                             ErosElement *element,
                             const char *operation,
                             ErosGate **closed,
                             GError **error)
{
  GListModel *gates = eros_runbook_get_gates (self->runbook);
  guint n = g_list_model_get_n_items (gates);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      if (!is_before (self, gate, element))
        continue;
      if (check_gate (self, gate, eros_deployment_label_of (element), operation, error))
        continue;
      /* The runbook keeps it. */
      if (closed != NULL)
        *closed = gate;
      return FALSE;
    }
  return TRUE;
}

/**
 * eros_deployment_list_to_look_at_again:
 * @self: a deployment
 * @operation: its name
 *
 * What an operation relies on may have changed since it was looked at. What a person has decided over, and
 * what waits at a gate that somebody has opened by decision, is not asked again.
 *
 * Returns: (transfer full): the elements whose checks are made again before it begins
 */
GStrv
eros_deployment_list_to_look_at_again (ErosDeployment *self, const char *operation)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();
  GListModel *gates = eros_runbook_get_gates (self->runbook);

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);
      const char *const *required = eros_gate_get_requires (gate);

      if (!eros_gate_looks_again (gate) || !eros_deployment_guards (gate, operation) ||
          eros_deployment_get_override (self, eros_gate_get_id (gate), NULL))
        continue;
      for (guint k = 0; required[k] != NULL; k++)
        {
          ErosItem *item = g_hash_table_lookup (self->items, required[k]);

          if (item != NULL && eros_element_get_check_binding (eros_item_get_element (item)) != NULL &&
              eros_item_get_mark (item) == EROS_ITEM_TICKED && !eros_item_is_decided (item))
            g_strv_builder_add (list, required[k]);
        }
    }
  return g_strv_builder_end (list);
}

static void
add_obstacle (ErosDeployment *self, ErosGate *gate, const char *operation, GPtrArray *obstacles)
{
  g_autoptr (GPtrArray) missing = list_missing (self, gate);
  g_autofree char *not_recent = operation != NULL ? eros_deployment_describe_not_recent (self, gate) : NULL;
  ErosObstacle *obstacle;

  if (eros_deployment_get_override (self, eros_gate_get_id (gate), NULL) ||
      (missing->len == 0 && not_recent == NULL))
    return;
  obstacle = g_new0 (ErosObstacle, 1);
  obstacle->gate = gate;
  obstacle->missing = missing->len > 0 ? join_missing (missing) : g_steal_pointer (&not_recent);
  obstacle->elements = list_open (self, gate);
  g_ptr_array_add (obstacles, obstacle);
}

/**
 * eros_deployment_list_obstacles:
 * @self: a deployment
 * @target_id: an element, or the name of an operation
 *
 * Lists all that stands in the way of it at once: each gate that is closed and not overridden, what is not
 * done, and where. eros_deployment_allows () gives the first of them.
 *
 * Returns: (transfer full) (element-type ErosObstacle): none when nothing does
 */
GPtrArray *
eros_deployment_list_obstacles (ErosDeployment *self, const char *target_id)
{
  ErosItem *item = g_hash_table_lookup (self->items, target_id);
  ErosElement *element =
    item != NULL ? eros_item_get_element (item) : eros_deployment_find_operation (self, target_id);
  GPtrArray *obstacles = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_obstacle_free);
  GListModel *gates = eros_runbook_get_gates (self->runbook);

  for (guint i = 0; element != NULL && i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      if (is_before (self, gate, element))
        add_obstacle (self, gate, eros_element_get_operation (element), obstacles);
    }
  return obstacles;
}
