/* eros-authority.c: who may order an operation and who is expected to sign, as it was agreed beforehand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-authority.h"

#include <glib/gi18n-lib.h>

#include "eros-deployment-private.h"

/* (nullable) */
static const char *
find_name (ErosDeployment *deployment, ErosElement *element)
{
  const char *field = element != NULL ? eros_element_get_authority (element) : NULL;
  const char *name = field != NULL ? eros_deployment_get_value (deployment, field) : NULL;

  return name != NULL && *name != '\0' ? name : NULL;
}

/**
 * eros_authority_get_designated:
 * @deployment: a deployment
 * @operation: its name, as in the runbook
 *
 * Returns: (nullable) (transfer none): who was designated to order it
 */
const char *
eros_authority_get_designated (ErosDeployment *deployment, const char *operation)
{
  return find_name (deployment,
                    eros_runbook_find_operation (eros_deployment_get_runbook (deployment), operation));
}

/* However it is written. */
static gboolean
is_same_name (const char *a, const char *b)
{
  g_autofree char *folded_a = g_utf8_casefold (a, -1);
  g_autofree char *folded_b = g_utf8_casefold (b, -1);

  return g_utf8_collate (g_strstrip (folded_a), g_strstrip (folded_b)) == 0;
}

/**
 * eros_authority_describe_deviation:
 * @deployment: a deployment
 * @operation: its name, as in the runbook
 * @name: who orders it
 *
 * Returns: (nullable) (transfer full): that it is not the one who was designated; %NULL: it is, or nobody was
 */
char *
eros_authority_describe_deviation (ErosDeployment *deployment, const char *operation, const char *name)
{
  const char *designated = eros_authority_get_designated (deployment, operation);

  if (designated == NULL || is_same_name (designated, name))
    return NULL;
  /* Translators: persons */
  return g_strdup_printf (_ ("%1$s was designated for this, and %2$s orders it: that goes on record"),
                          designated, name);
}

/**
 * eros_authority_describe_signer:
 * @deployment: a deployment
 * @item: of its items
 *
 * Returns: (nullable) (transfer full): that somebody else has signed it than who was expected to; %NULL: it
 * is not signed, nobody in particular was expected, or it was that person
 */
char *
eros_authority_describe_signer (ErosDeployment *deployment, ErosItem *item)
{
  ErosElement *element = eros_item_get_element (item);
  const char *expected = find_name (deployment, element);

  if (expected == NULL || !eros_item_is_signed (item) || is_same_name (expected, eros_item_get_actor (item)))
    return NULL;
  /* Translators: a sign-off; persons */
  return g_strdup_printf (_ ("“%1$s” was signed by %2$s; %3$s was expected to"),
                          eros_element_get_label (element), eros_item_get_actor (item), expected);
}

const char *
eros_deployment_get_name_beside (ErosDeployment *self, ErosElement *element)
{
  GListModel *fields = eros_element_get_fields (element);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);

      if (eros_field_get_field_type (field) == EROS_FIELD_TEXT)
        return eros_deployment_get_value (self, eros_field_get_id (field));
    }
  return "";
}

gboolean
eros_deployment_lacks_name (ErosDeployment *self, ErosElement *element)
{
  const char *person = eros_element_get_person (element);

  if (person != NULL)
    return *eros_deployment_get_value (self, person) == '\0';
  return eros_element_get_kind (element) == EROS_ELEMENT_CHECK && eros_element_wants_signature (element) &&
         *eros_deployment_get_name_beside (self, element) == '\0';
}
