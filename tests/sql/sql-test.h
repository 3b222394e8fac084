/* sql-test.h: the SQL that is deployed, run on a local BigQuery as the product runs it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"
#include "eros-deployment.h"
#include "eros-sql-step.h"

G_BEGIN_DECLS

typedef struct _SqlTest SqlTest;

/* sample: (nullable): "eros:2000"; NULL: the tables of the sample without a row, so that a test plants its
 * own. history_days: of made-up job history */
SqlTest *sql_test_new (const char *sample, guint history_days);
void     sql_test_free (SqlTest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SqlTest, sql_test_free)

/* A value of a query parameter for all that follows. */
void sql_test_set (SqlTest *self, const char *name, const char *type, const char *value);

/* sql: with ${project}, ${dataset} and ${location}. Runs it as a job, a script too. */
gboolean sql_test_try (SqlTest *self, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void     sql_test_run (SqlTest *self, const char *sql);
/* (transfer full): what the last query of sql gave: all rows as one page each of at most some thousand */
GPtrArray *sql_test_pages (SqlTest *self, const char *sql);
/* (transfer full): the rows as “a|b” lines; NULL is “NULL” */
char  *sql_test_rows (SqlTest *self, const char *sql);
gint64 sql_test_integer (SqlTest *self, const char *sql);
/* The only row of a query as column → text. */
GHashTable *sql_test_row (SqlTest *self, const char *sql);

/* As many jobs at once as there are texts. Returns: (element-type ErosJob): in their order, all done */
GPtrArray *sql_test_run_at_once (SqlTest *self, const char *const *sqls);
/* The first cell of a job's answer. (transfer full) (nullable) */
char *sql_test_job_cell (SqlTest *self, ErosJob *job);

/* A file of sql/: “health/orphans.sql”. (transfer full) */
char *sql_test_file (const char *path);
/* The same with the view of the jobs replaced by ROWS. (transfer full) */
char *sql_test_plant_jobs (const char *file, const char *rows);
/* (transfer full): the steps of phase1 and phase2, in their order */
GPtrArray *sql_test_steps (void);
/* Deploys the steps up to and including this one (“phase1/20-caption-locking”); NULL: all. */
void sql_test_deploy (SqlTest *self, const char *last_id);
/* What the first of the step's verify queries that does not give what step.json expects says, and why. */
ErosOutcome sql_test_verify (SqlTest *self, ErosSqlStep *step, char **why);

G_END_DECLS
