/* eros-sql-set.h: what a runbook's texts say of the operations whose steps the program makes: which boxes, what is
 * cleared
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-step-files.h"

G_BEGIN_DECLS

/* SQL that a rollback runs before tables are restored: SET/NAME/clear.sql, and step.json with its id and title. */
typedef struct
{
  char *id;
  char *title;
  char *sql;
  char *source;
} ErosSqlClear;
void eros_sql_clear_free (ErosSqlClear *self);

/* The same thing, done in the old way or the new one. */
typedef struct
{
  const char *name; /* "before", "after" */
  char       *title;
  char       *sql;
  char       *source;
} ErosSqlWay;

/* What is measured: SET/NAME/step.json with its id, metric and name; and in turns, how often, and both ways; or by the
 * hour, and the text that answers for a span of time with a row as baseline/workload.sql does. */
typedef struct
{
  char      *id;
  char      *metric; /* what is found of it are the results "before.METRIC" and "after.METRIC" */
  char      *name;   /* for people */
  guint      runs;   /* 0: by the hour */
  ErosSqlWay before;
  ErosSqlWay after;
  ErosSqlWay hourly;
  char      *column; /* of the answer by the hour; COLUMN_spread and COLUMN_hours belong to it */
  char      *unit;
  gboolean   lower_is_better;
} ErosSqlBenchmark;
void eros_sql_benchmark_free (ErosSqlBenchmark *self);
/* (transfer full) (element-type ErosSqlBenchmark): of a set, in order; empty when it has none. */
GPtrArray *eros_sql_set_load_benchmarks (ErosStepFiles *files,
                                         const char    *set,
                                         GError       **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) (element-type ErosSqlClear): of a set, in order; empty when it has none. */
GPtrArray *eros_sql_set_load_clears (ErosStepFiles *files, const char *set, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The check boxes that the steps of an operation prove, by SET/step.json: a step's id, or what stands before its slash
 * → GStrv. (transfer full); empty when there is no such file. */
GHashTable *eros_sql_set_load_boxes (ErosStepFiles *files, const char *set, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) (transfer none) */
char **eros_sql_set_find_boxes (GHashTable *boxes, const char *step_id);

G_END_DECLS
