/* eros-changes.h: what has changed in the data set, as far as the record says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* One object that was found changed when an operation began, or when it ended. */
typedef struct
{
  gint64   time;      /* when it was found, µs since 1970 */
  char    *operation; /* the one that found it: "deploy-phase1", "rollback" */
  char    *change;    /* "added", "changed", "removed" */
  char    *kind;      /* "view" … */
  char    *name;
  gboolean by_others; /* somebody else has done it, before the operation or beside it */
  char   **lines;     /* of its definition: '+', '-' or ' ', and the line */
  char    *source;    /* the step that found it; what that says again takes the place of what it said */
} ErosObjectChange;

/* In the order in which it was found. (transfer full) (element-type ErosObjectChange) */
GPtrArray *eros_changes_list (ErosDeployment *deployment);
/* "added", for people: (transfer none) */
const char *eros_changes_get_word (const ErosObjectChange *change);

G_END_DECLS
