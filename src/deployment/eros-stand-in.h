/* eros-stand-in.h: who does in a rehearsal what only a person can do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* In whose name all is put on record. */
#define EROS_STAND_IN_ACTOR "Rehearsal"

/* The name with which it signs ELEMENT. (transfer full) */
char *eros_stand_in_name_signer (ErosElement *element);
/* Whether ACTOR, by whom ELEMENT is marked, is it. (nullable): ACTOR */
gboolean eros_stand_in_is (ErosElement *element, const char *actor);

G_END_DECLS
