/* eros-stand-in.c: who does in a rehearsal what only a person can do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-stand-in.h"

#include <glib/gi18n-lib.h>

char *
eros_stand_in_name_signer (ErosElement *element)
{
  const char *role = eros_element_get_role (element);

  return g_strdup_printf (_ ("%s stand-in (rehearsal)"),
                          role != NULL ? role : eros_element_get_label (element));
}

gboolean
eros_stand_in_is (ErosElement *element, const char *actor)
{
  g_autofree char *signer = eros_stand_in_name_signer (element);

  return g_strcmp0 (actor, EROS_STAND_IN_ACTOR) == 0 || g_strcmp0 (actor, signer) == 0;
}
