/* eros-plan-objects.h: the objects of a data set on their way back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-inventory.h"
#include "eros-work.h"

G_BEGIN_DECLS

/* One object and what becomes of it. */
typedef enum
{
  EROS_WAY_KEEP,     /* somebody else's doing: it is shown, and stays */
  EROS_WAY_DROP,     /* it shall not be there; with a definition: it is made again after that */
  EROS_WAY_MAKE,     /* from its definition */
  EROS_WAY_RESHAPE,  /* a table: its definition, with the rows that it has */
  EROS_WAY_TRAVEL,   /* a table: its definition, with the rows that it had at a time */
  EROS_WAY_SNAPSHOT, /* a critical table: its definition, with the rows of the backup */
  EROS_WAY_PATCH,    /* what is no object of SQL: the data set's options, its access entries */
} ErosWay;

/* Whose work goes with it. */
typedef enum
{
  EROS_WHOSE_OURS,
  EROS_WHOSE_SHARED, /* the deployment has changed what was there already */
  EROS_WHOSE_OTHERS, /* the deployment has not touched it: somebody has asked for it by name */
} ErosWhose;

typedef struct
{
  ErosWay   way;
  char     *kind;
  char     *name;
  char     *definition; /* (nullable): what it shall be */
  gint64    time;       /* TRAVEL: µs since 1970 */
  ErosWhose whose;
} ErosReturn;

/* What is known of an object that is not only somebody else's. */
typedef struct
{
  gint64    time; /* before which the deployment had not touched it */
  ErosWhose whose;
} ErosTouch;

/* What became of the data set before the rollback. */
typedef enum
{
  EROS_DATA_SET_THERE,
  EROS_DATA_SET_BROUGHT_BACK, /* it was dropped: what is not in it is nobody's wish */
  EROS_DATA_SET_MADE_ANEW,    /* … and nothing has kept the rows of what was in it */
} ErosDataSetLoss;

/* Who has changed what, from the record: keys "KIND\nNAME" of objects that this deployment has touched since a time,
 * with an ErosTouch of the first time. only: (nullable): of this set of steps alone; now: what an
 * unfinished phase has left. (transfer full) */
GHashTable *eros_plan_find_touched (ErosWork *work, gint64 since, const char *only, const ErosInventory *now);
/* What there was before a set of steps was first deployed since a backup. (transfer full) (nullable): it was not */
ErosInventory *eros_plan_find_before_set (ErosWork *work, ErosInventory *backup, const char *set);

/* Whether statements of these texts can have changed it: they name it. */
gboolean eros_plan_may_have_done (const char *texts, const char *kind, const char *name);

/* The plan: backup is what shall be, before what was when the rollback began, now what is; critical: the tables that
 * come back from the backup's snapshots in any case. In the order in which it is done. (transfer full) (element-type
 * ErosReturn) */
GPtrArray *eros_plan_returns (const ErosInventory *backup,
                              const ErosInventory *before,
                              const ErosInventory *now,
                              GHashTable          *touched,
                              const char *const   *critical,
                              ErosDataSetLoss      loss);
/* "view a: is made again from its definition", for people. (transfer full) */
char      *eros_plan_describe_return (const ErosReturn *one);
JsonNode  *eros_plan_returns_to_json (GPtrArray *returns);
GPtrArray *eros_plan_returns_from_json (JsonNode *node);

/* Adds their steps, a group each. snapshot_suffix: "backup_20251031_143022". Returns: the next free group. */
guint eros_plan_add_returns (ErosWork *work, guint group, GPtrArray *returns, const char *snapshot_suffix);

G_END_DECLS
