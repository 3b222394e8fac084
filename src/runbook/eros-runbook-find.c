/* eros-runbook-find.c: walks a runbook in the order of its pages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-runbook.h"

static ErosElement *
find_in_sections (GListModel *sections, ErosElementPredicate matches, gpointer user_data)
{
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);

          if (matches (element, user_data))
            return element; /* the runbook keeps it alive */
        }
    }
  return NULL;
}

static ErosElement *
eros_runbook_search (ErosRunbook *self, ErosElementPredicate matches, gpointer user_data)
{
  GListModel *phases = eros_runbook_get_phases (self);

  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);
      ErosElement *element = find_in_sections (eros_phase_get_sections (phase), matches, user_data);

      if (element != NULL)
        return element;
    }
  return NULL;
}

static gboolean
is_operation (ErosElement *element, gpointer kind)
{
  return eros_element_get_kind (element) == EROS_ELEMENT_OPERATION &&
         g_strcmp0 (eros_element_get_operation (element), kind) == 0;
}

/**
 * eros_runbook_find_operation:
 * @self: a runbook
 * @kind: what the operation is called: "backup" …
 *
 * Returns: (transfer none) (nullable): the first element that asks for it
 */
ErosElement *
eros_runbook_find_operation (ErosRunbook *self, const char *kind)
{
  return eros_runbook_search (self, is_operation, (gpointer) kind);
}

static gboolean
add_deployment (ErosElement *element, gpointer builder)
{
  if (eros_operation_kind_get_set (eros_element_get_operation (element)) != NULL)
    g_strv_builder_add (builder, eros_element_get_operation (element));
  return FALSE;
}

/**
 * eros_runbook_list_deployments:
 * @self: a runbook
 *
 * Returns: (transfer full): the operations that deploy something, in the order of the pages
 */
char **
eros_runbook_list_deployments (ErosRunbook *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  eros_runbook_search (self, add_deployment, builder);
  return g_strv_builder_end (builder);
}

/**
 * eros_runbook_find_gate:
 * @self: a runbook
 * @id: of a gate
 *
 * Returns: (transfer none) (nullable): the gate
 */
ErosGate *
eros_runbook_find_gate (ErosRunbook *self, const char *id)
{
  GListModel *gates = eros_runbook_get_gates (self);

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      if (g_str_equal (eros_gate_get_id (gate), id))
        return gate; /* the runbook keeps it alive */
    }
  return NULL;
}
