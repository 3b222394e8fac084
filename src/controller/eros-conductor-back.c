/* eros-conductor-back.c: the way back of a rehearsal
 *
 * Once everything is deployed a rehearsal goes back, and deploys again: what is to be relied on in an
 * emergency has been done once. Where production is to fare badly, it goes back when a criterion is reached,
 * and that is its end. How far it has come is read from the record.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-conductor-private.h"

#include <glib/gi18n-lib.h>

#include "eros-criteria.h"

typedef gboolean (*IsSuch) (ErosElement *element);

static gboolean
deploys (ErosElement *element)
{
  return eros_operation_kind_of (eros_element_get_operation (element)) == EROS_OPERATION_KIND_DEPLOY;
}

static gboolean
deploys_or_watches (ErosElement *element)
{
  return deploys (element) || (eros_element_get_kind (element) == EROS_ELEMENT_SCHEDULE &&
                               eros_element_get_after (element) == NULL);
}

static GListModel *
get_phases (ErosConductor *self)
{
  return eros_runbook_get_phases (eros_deployment_get_runbook (self->deployment));
}

static gboolean
has_such (ErosPhase *phase, IsSuch is_such)
{
  GListModel *sections = eros_phase_get_sections (phase);

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);

          if (is_such (element))
            return TRUE;
        }
    }
  return FALSE;
}

/* Of the phases: the first that has such an element, or the last one; their number if none has. */
static guint
find_phase (ErosConductor *self, IsSuch is_such, gboolean want_last)
{
  GListModel *phases = get_phases (self);
  guint n = g_list_model_get_n_items (phases);
  guint found = n;

  for (guint i = 0; i < n && (want_last || found == n); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      if (has_such (phase, is_such))
        found = i;
    }
  return found;
}

/* How many have ended well. */
static guint
count_rollbacks (ErosConductor *self)
{
  const char *name = eros_operation_kind_get_name (EROS_OPERATION_KIND_ROLLBACK);
  GListModel *operations = eros_controller_get_operations (self->controller);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr (ErosOperation) operation = g_list_model_get_item (operations, i);

      n += g_str_equal (eros_operation_get_kind (operation), name) &&
           eros_operation_get_state (operation) == EROS_STATE_SUCCEEDED;
    }
  return n;
}

static gboolean
is_rolled_back (ErosConductor *self)
{
  return eros_deployment_get_result (self->deployment) == EROS_RESULT_ROLLED_BACK;
}

/* Where production fares badly there is a rollback to come. */
static gboolean
practises (ErosConductor *self)
{
  return g_str_equal (self->scenario, eros_conductor_list_scenarios ()[0]);
}

static gboolean
is_all_deployed (ErosConductor *self)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (self->deployment);
  g_auto (GStrv) names = eros_runbook_list_deployments (runbook);

  for (guint i = 0; names[i] != NULL; i++)
    if (!eros_conductor_is_done (self, eros_runbook_find_operation (runbook, names[i])))
      return FALSE;
  return names[0] != NULL;
}

/* What is watched already is not taken back for practice. */
static gboolean
is_watched (ErosConductor *self)
{
  return eros_controller_find_operation (
           self->controller, eros_operation_kind_get_name (EROS_OPERATION_KIND_MONITORING)) != NULL;
}

/* Finds it, and whether this rehearsal was rolled back for good in an earlier part. */
void
eros_conductor_find_way_back (ErosConductor *self)
{
  const char *name = eros_operation_kind_get_name (EROS_OPERATION_KIND_ROLLBACK);
  ErosRunbook *runbook = eros_deployment_get_runbook (self->deployment);
  ErosElement *element = eros_runbook_find_operation (runbook, name);
  gboolean is_known =
    element != NULL && eros_controller_knows (name) &&
    eros_phase_is_contingency (eros_runbook_phase_of (runbook, eros_element_get_id (element)));

  self->way_back = is_known ? element : NULL;
  self->course = EROS_CONDUCTOR_ONWARD;
  self->was_back = FALSE;
  if (is_known && is_rolled_back (self) && count_rollbacks (self) > (practises (self) ? 1 : 0))
    eros_conductor_begin_way_back (self, EROS_CONDUCTOR_BACK);
}

gboolean
eros_conductor_is_to_practise (ErosConductor *self)
{
  if (self->way_back == NULL || self->was_back || self->course != EROS_CONDUCTOR_ONWARD ||
      !practises (self) || self->work != EROS_CONDUCTOR_GOES_ON ||
      self->n_phases <= find_phase (self, deploys, FALSE))
    return FALSE;
  return is_rolled_back (self) ||
         (count_rollbacks (self) == 0 && !is_watched (self) && is_all_deployed (self));
}

/* Any one of the criteria is enough. */
gboolean
eros_conductor_has_to_go_back (ErosConductor *self)
{
  g_auto (GStrv) reached = eros_criteria_list_reached (self->deployment);

  if (self->way_back == NULL || self->course != EROS_CONDUCTOR_ONWARD || reached[0] == NULL)
    return FALSE;
  g_free (self->reason);
  self->reason = g_strdup (reached[0]);
  return TRUE;
}

/* What is left of the phase under way has nothing to look at any more. */
void
eros_conductor_begin_way_back (ErosConductor *self, ErosConductorCourse course)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (self->deployment);
  ErosPhase *phase = eros_runbook_phase_of (runbook, eros_element_get_id (self->way_back));

  self->course = course;
  self->was_back = FALSE;
  self->n_elements = self->elements->len;
  if (!g_list_store_find (G_LIST_STORE (get_phases (self)), phase, &self->n_phases))
    g_assert_not_reached ();
}

gboolean
eros_conductor_is_way_back_over (ErosConductor *self)
{
  return self->course != EROS_CONDUCTOR_ONWARD && !self->was_back && self->phase != NULL &&
         eros_phase_is_contingency (self->phase);
}

/* What was deployed is deployed again; or what comes after it all is what is left to do. */
ErosConductorAct
eros_conductor_end_way_back (ErosConductor *self)
{
  guint own = self->n_phases;

  self->was_back = TRUE;
  if (self->course == EROS_CONDUCTOR_PRACTISES)
    {
      self->course = EROS_CONDUCTOR_ONWARD;
      self->n_phases = find_phase (self, deploys, FALSE);
    }
  else
    self->n_phases = find_phase (self, deploys_or_watches, TRUE) + 1;
  if (self->n_phases == own - 1)
    self->n_phases++;
  return self->work == EROS_CONDUCTOR_GOES_ON ? eros_conductor_resume_schedules (self) : EROS_CONDUCTOR_DONE;
}

/* Whether the emergency's turn has come, and there was none: what was stopped has not come to where there
 * might be one. */
gboolean
eros_conductor_needs_no_way_back (ErosConductor *self)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (self->deployment);
  guint place = 0;

  if (self->course != EROS_CONDUCTOR_ONWARD || self->work == EROS_CONDUCTOR_STOPPED ||
      count_rollbacks (self) > 0)
    return FALSE;
  return self->way_back == NULL ||
         (g_list_store_find (G_LIST_STORE (get_phases (self)),
                             eros_runbook_phase_of (runbook, eros_element_get_id (self->way_back)), &place) &&
          self->n_phases > place);
}
