/* eros-window.h: the deployment's window: what has to be announced before it, and what lies outside of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* What is missing until the field says that it was announced in time, and until it is within the window. missing:
 * (element-type utf8) */
void eros_window_add_unannounced (ErosDeployment *self, ErosGate *gate, const char *field, GPtrArray *missing);
void eros_window_add_outside (ErosDeployment *self, GPtrArray *missing);

/* Adds what is wrong with it now. list: (element-type ErosProblem) */
void eros_window_list_problems (ErosDeployment *self, gint64 now, GPtrArray *list);

/* Sets it to another time, with a reason; what was announced before counts no more. */
gboolean eros_window_move (ErosDeployment *self,
                           const char     *start,
                           const char     *end,
                           const char     *reason,
                           GError        **error);
/* What EVENT tells of that. */
void eros_window_note (ErosDeployment *self, ErosEvent *event);

G_END_DECLS
