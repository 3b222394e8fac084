/* eros-sql-step.h: a change to the data set, as SQL that deploys, verifies and reverts it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "eros-element.h"
#include "eros-step-files.h"

G_BEGIN_DECLS

/* One query of verify.sql and what its row must be; or, of a step that only looks, what else the row of one must be. */
typedef struct
{
  char            *name;
  char            *sql;     /* NULL: it judges the row of another */
  char            *of;      /* (nullable): the name of that */
  char            *title;   /* (nullable): the step's */
  char           **proves;  /* (nullable): check boxes of its own */
  char            *summary; /* (nullable) */
  ErosExpectation *expectations;
  guint            n_expectations;
  ErosExpectation *enough; /* what must hold before anything can be said */
  guint            n_enough;
} ErosSqlVerify;

typedef struct
{
  char      *id; /* "phase1/10-wilson-score" */
  char      *title;
  char      *changes;
  gint64     timeout_ms;
  char     **proves; /* ids of check boxes */
  char      *deploy; /* the texts, before identifiers are filled in */
  char      *revert;
  char      *restored; /* (nullable): after a rollback has restored the critical tables; @backup_time: to when */
  char     **keeps;    /* the tables that it reads as they were kept with the backup: `TABLE_kept_${stamp}` */
  GPtrArray *verifies; /* of ErosSqlVerify, in the order of verify.sql */
  char      *sha256;   /* of deploy.sql, verify.sql, revert.sql and step.json: what “this very text” means */
} ErosSqlStep;
void eros_sql_step_free (ErosSqlStep *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosSqlStep, eros_sql_step_free)

/* The steps of a set ("phase1") in their order. Returns: (transfer full) (element-type ErosSqlStep) */
GPtrArray *eros_sql_steps_load (ErosStepFiles *files, const char *set, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Steps of a set ("monitoring") that only look; deploy and revert are NULL. (transfer full); empty when there are none.
 */
GPtrArray *eros_sql_looks_load (ErosStepFiles *files, const char *set, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
