/* eros-carry-over.c: the next deployment from one that was: settings, contacts, lessons, open follow-ups
 *
 * What a person has filled in or noted goes on; what was measured, ticked or signed does not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-carry-over.h"

#include "eros-deployment-private.h"

#include <glib/gi18n-lib.h>

static void
take (char **text, const char *other)
{
  if (*text == NULL)
    *text = g_strdup (other);
}

void
eros_carry_over_setup (ErosDeployment *from, ErosDeploymentSetup *setup)
{
  const ErosDeploymentSetup *other = eros_deployment_get_setup (from);

  take (&setup->project, other->project);
  take (&setup->dataset, other->dataset);
  take (&setup->location, other->location);
  take (&setup->bucket, other->bucket);
  take (&setup->lead_name, other->lead_name);
  take (&setup->lead_email, other->lead_email);
  take (&setup->lead_phone, other->lead_phone);
}

/* What the other runbook has no field for, or fills in by itself, stays behind. */
static gboolean
carry_fields (ErosDeployment *from, ErosDeployment *to, ErosElement *element, GError **error)
{
  GListModel *fields = eros_element_get_fields (element);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const char *id = eros_field_get_id (field);
      const char *value = eros_deployment_get_value (from, id);

      if (*value == '\0' || eros_runbook_find_field (to->runbook, id) == NULL ||
          g_str_equal (value, eros_deployment_get_value (to, id)))
        continue;
      if (!eros_deployment_set_value (to, id, value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
carry_contacts (ErosDeployment *from, ErosDeployment *to, GError **error)
{
  GListModel *sections = eros_runbook_get_appendix (from->runbook);

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);

          if (eros_element_get_kind (element) == EROS_ELEMENT_FORM &&
              !carry_fields (from, to, element, error))
            return FALSE;
        }
    }
  return TRUE;
}

static char *
describe (ErosDeployment *from, ErosItem *item)
{
  const char *name = from->setup->name;
  const char *note = eros_item_get_note (item) != NULL ? eros_item_get_note (item) : "";

  if (eros_item_get_mark (item) == EROS_ITEM_OPEN)
    return *note != '\0'
             /* Translators: name of an earlier deployment; a note */
             ? g_strdup_printf (_ ("Open since “%s”: %s"), name, note)
             : g_strdup_printf (_ ("Open since “%s”"), name);
  /* Translators: name of an earlier deployment; a note */
  return *note != '\0' ? g_strdup_printf (_ ("From “%s”: %s"), name, note) : NULL;
}

static gboolean
carry_item (ErosDeployment *from, ErosDeployment *to, ErosElement *element, guint *n, GError **error)
{
  ErosItem *item = eros_deployment_get_item (from, eros_element_get_id (element));
  const char *id = eros_element_get_id (element);
  g_autofree char *note = NULL;

  if (eros_element_get_kind (element) != EROS_ELEMENT_CHECK || eros_deployment_get_item (to, id) == NULL)
    return TRUE;
  note = describe (from, item);
  if (note == NULL)
    return TRUE;
  (*n)++;
  return (eros_item_get_mark (item) != EROS_ITEM_OPEN || carry_fields (from, to, element, error)) &&
         eros_deployment_set_note (to, id, note, error);
}

/* The last that is no contingency: what is to be done after a deployment. (transfer full) (nullable) */
static ErosPhase *
find_last_phase (ErosRunbook *runbook)
{
  GListModel *phases = eros_runbook_get_phases (runbook);

  for (guint i = g_list_model_get_n_items (phases); i > 0; i--)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i - 1);

      if (!eros_phase_is_contingency (phase))
        return g_steal_pointer (&phase);
    }
  return NULL;
}

static gboolean
carry_follow_ups (ErosDeployment *from, ErosDeployment *to, guint *n, GError **error)
{
  g_autoptr (ErosPhase) phase = find_last_phase (from->runbook);
  GListModel *sections = phase != NULL ? eros_phase_get_sections (phase) : NULL;

  for (guint i = 0; sections != NULL && i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);

          if (!carry_item (from, to, element, n, error))
            return FALSE;
        }
    }
  return TRUE;
}

/**
 * eros_carry_over:
 * @from: a deployment that was
 * @to: the next one, just made
 * @n: (out): how many notes and open follow-ups were carried over
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Carries over what people need to know again: the contacts, and of the last phase what is open, whose it is
 * and until when, and what was noted, such as lessons. Ticks, signatures and measurements are of the other
 * one.
 *
 * Returns: whether all is stored
 */
gboolean
eros_carry_over (ErosDeployment *from, ErosDeployment *to, guint *n, GError **error)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT (from) && EROS_IS_DEPLOYMENT (to) && n != NULL, FALSE);

  *n = 0;
  return carry_contacts (from, to, error) && carry_follow_ups (from, to, n, error);
}
