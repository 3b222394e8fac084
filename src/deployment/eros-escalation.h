/* eros-escalation.h: that a problem was handed on along the escalation path
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* Puts on record that it was escalated to somebody, and why. */
gboolean eros_escalation_make (ErosDeployment *self, const char *to, const char *why, GError **error);
/* (transfer full): a sentence for each, the first one first: to whom, by whom, when, why */
GStrv eros_escalation_list (ErosDeployment *self);

G_END_DECLS
