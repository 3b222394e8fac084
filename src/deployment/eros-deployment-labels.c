/* eros-deployment-labels.c: what the things of a runbook are called, so that each is told from the others
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char *id;
  const char *label;
  char *section; /* (nullable): the title of the section that it is in */
  guint n_alike;
} Labelled;

static void
look_for_alike (ErosSection *section, Labelled *labelled)
{
  GListModel *elements = eros_section_get_elements (section);

  for (guint i = 0; i < g_list_model_get_n_items (elements); i++)
    {
      g_autoptr (ErosElement) element = g_list_model_get_item (elements, i);

      labelled->n_alike += g_str_equal (eros_deployment_label_of (element), labelled->label);
      if (labelled->section == NULL && g_str_equal (eros_element_get_id (element), labelled->id))
        labelled->section = g_strdup (eros_section_get_title (section));
    }
}

/* A “Deployment Lead” signs more than once, and which it is says the section. */
static const char *
make_label (ErosDeployment *self, ErosElement *element)
{
  Labelled labelled = { eros_element_get_id (element), eros_deployment_label_of (element), NULL, 0 };
  GListModel *phases = eros_runbook_get_phases (self->runbook);
  g_autofree char *section = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint j = 0; j < g_list_model_get_n_items (sections); j++)
        {
          g_autoptr (ErosSection) one = g_list_model_get_item (sections, j);

          look_for_alike (one, &labelled);
        }
    }
  section = labelled.section;
  if (labelled.n_alike < 2 || section == NULL)
    return labelled.label;
  /* Translators: a box, and the section of the runbook that it is in */
  text = g_strdup_printf (_ ("%s (%s)"), labelled.label, section);
  return g_string_chunk_insert_const (self->texts, text);
}

static const char *
label_element (ErosDeployment *self, ErosElement *element)
{
  const char *label = g_hash_table_lookup (self->labels, element);

  if (label == NULL)
    {
      label = make_label (self, element);
      g_hash_table_insert (self->labels, element, (gpointer) label);
    }
  return label;
}

const char *
eros_deployment_label_thing (ErosDeployment *self, const char *thing, const char *id)
{
  GListModel *gates = eros_runbook_get_gates (self->runbook);
  ErosElement *element = eros_runbook_find_element (self->runbook, id);
  ErosField *field = eros_runbook_find_field (self->runbook, id);

  if (g_str_equal (thing, "element"))
    return element != NULL ? label_element (self, element) : id;
  if (g_str_equal (thing, "field"))
    return field != NULL ? eros_field_get_label (field) : id;
  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      if (g_str_equal (eros_gate_get_id (gate), id))
        return eros_gate_get_title (gate);
    }
  return id;
}
