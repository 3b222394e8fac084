/* eros-deployment-number.h: the number of a deployment among those of this user, so that a missing one shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* Makes the journal of a deployment, with the next number if it is kept among the others. */
ErosJournal *eros_numbering_create (GFile *file, const char *actor, JsonNode *body, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* The last number that was taken; 0: none was. */
gint64 eros_numbering_get_last (void);
/* 0: it has none. */
gint64 eros_deployment_get_number (ErosDeployment *deployment);

G_END_DECLS
