/* eros-authority.c: who may order an operation, as it was agreed beforehand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-authority.h"

#include <glib/gi18n-lib.h>

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
  ErosElement *element = eros_runbook_find_operation (eros_deployment_get_runbook (deployment), operation);
  const char *field = element != NULL ? eros_element_get_authority (element) : NULL;
  const char *name = field != NULL ? eros_deployment_get_value (deployment, field) : NULL;

  return name != NULL && *name != '\0' ? name : NULL;
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
