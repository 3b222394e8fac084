/* eros-plan-sources.h: where the rows of a backup come from when its snapshots are not there any more
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-plan-objects.h"
#include "eros-plan-parts.h"

G_BEGIN_DECLS

#define EROS_PLAN_N_SOURCE_GROUPS 16
/* Steps in that many groups, after the one that reads what is on record of the backup: when they have ended well, there
 * is a data set, and a snapshot of each table. */
void eros_plan_add_sources (ErosWork *work, guint group);
/* What these steps have found, and done. */
ErosDataSetLoss eros_plan_get_loss (ErosWork *work);

G_END_DECLS
