/* eros-carry-over.h: the next deployment from one that was: settings, contacts, lessons, open follow-ups
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* Fills in what SETUP leaves open, but for the name and the window. */
void eros_carry_over_setup (ErosDeployment *from, ErosDeploymentSetup *setup);
/* Contacts, and of the last phase what is still open, with owner and date, and what was noted. N: (out): how many of
 * these */
gboolean eros_carry_over (ErosDeployment *from, ErosDeployment *to, guint *n, GError **error);

G_END_DECLS
