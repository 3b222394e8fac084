/* eros-definition.h: an object's definition, whatever its data set is called
 *
 * A definition is kept with ${project} and ${dataset} where it names its own, as the texts below sql/ are written: so
 * the same object has the same definition, and the same digest, in staging and in production.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *eros_definition_generalize (const char *text, const char *project, const char *dataset);
char *eros_definition_specialize (const char *definition, const char *project, const char *dataset);

G_END_DECLS
