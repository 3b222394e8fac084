/* eros-situation.h: what is wrong with an open deployment and what is next, kept up to date
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-next.h"
#include "eros-problem.h"
#include "eros-session.h"

G_BEGIN_DECLS

/* Signal: "changed". */
#define EROS_TYPE_SITUATION (eros_situation_get_type ())
G_DECLARE_FINAL_TYPE (ErosSituation, eros_situation, EROS, SITUATION, GObject)

ErosSituation *eros_situation_new (ErosSession *session);
ErosSession   *eros_situation_get_session (ErosSituation *self);
GPtrArray     *eros_situation_get_problems (ErosSituation *self); /* (transfer none) of ErosProblem, the worst first */
GPtrArray     *eros_situation_get_next (ErosSituation *self);     /* (transfer none) of ErosNext, the first first */

G_END_DECLS
