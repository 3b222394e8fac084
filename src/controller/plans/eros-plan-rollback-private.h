/* eros-plan-rollback-private.h: what a rollback and a part of one have in common
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-plan-objects.h"
#include "eros-plan-parts.h"
#include "eros-plan-sources.h"

G_BEGIN_DECLS

enum
{
  GROUP_BACKUP,
  GROUP_SOURCES,
  GROUP_CLOCK = GROUP_SOURCES + EROS_PLAN_N_SOURCE_GROUPS,
  GROUP_BEFORE,
  GROUP_PAUSE,
  GROUP_SNAPSHOT,
  GROUP_CLEAR,
  GROUP_REVERT,
  GROUP_PLAN = 1000, /* after the steps that are reverted, one group each */
  GROUP_RESTORE,
  GROUP_OBJECTS,
  GROUP_RESTORED = 1000000, /* after the objects, one group each */
  GROUP_COMPARE,
  GROUP_JUDGE,
  GROUP_BOXES,
};

/* The argument of a part: a set of steps, or objects by their names, a line each. */
#define EROS_PLAN_ONLY "only"
/* (transfer none) (nullable): the set that a part is about */
const char *eros_plan_get_only_set (ErosWork *work);
/* (transfer full): the objects that it is about; none when it is about a set, or is no part */
char **eros_plan_get_only_objects (ErosWork *work);

gboolean eros_plan_check_rollback (ErosWork *work, GError **error);
/* The tables' snapshots as they are now, and what depends on them. */
gboolean eros_plan_add_before_rollback (ErosWork *work, const char *const *tables, GError **error);
/* Its steps in the opposite order, a group each. */
gboolean eros_plan_add_reverts (ErosWork *work, const char *set, guint *group, GError **error);
/* Opens what a deployment of the set has proved. n: how many boxes, added up */
gboolean eros_plan_take_set_back (ErosWork *work, const char *deployment, guint *n, GError **error);
/* Steps that find out what else has to come back, then do that; and one that looks whether it has. */
void eros_plan_add_object_planning (ErosWork *work);
void eros_plan_add_judge (ErosWork *work);
/* What is planned. (transfer full) (element-type ErosReturn) */
GPtrArray *eros_plan_get_returns (ErosWork *work);

G_END_DECLS
