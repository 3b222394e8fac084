/* eros-plan.h: which steps an operation has
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-sql-step.h"
#include "eros-work.h"

G_BEGIN_DECLS

/* id: (nullable): of an operation on record. The arguments are checked; a wrong one is an error and nothing is made. */
ErosWork *eros_plan_make (ErosController *controller,
                          ErosBigQuery   *big_query,
                          const char     *id,
                          const char     *kind,
                          JsonObject     *arguments,
                          GError        **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  eros_plan_is_known (const char *kind);

/* For the plans. */
gboolean eros_plan_deploy (ErosWork *work, const char *phase, GError **error);
gboolean eros_plan_backup (ErosWork *work, GError **error);
gboolean eros_plan_revert (ErosWork *work, GError **error);
gboolean eros_plan_rollback (ErosWork *work, GError **error);
gboolean eros_plan_comparison (ErosWork *work, GError **error);
gboolean eros_plan_monitoring (ErosWork *work, GError **error);
gboolean eros_plan_resume_schedules (ErosWork *work, GError **error);
/* The runbook's element for this kind of operation; (nullable). */
ErosElement *eros_plan_find_element (ErosController *controller, const char *kind);
/* The tables it names; an error when there are none. */
const char *const *eros_plan_get_tables (ErosWork *work, GError **error);
/* The server's time, before anything else: STEP "clock": "clock.now" (TIMESTAMP text), "clock.stamp" (20251031_143022).
 */
void eros_plan_add_clock (ErosWork *work, guint group);
/* A step WHAT/TABLE; the %s of title becomes the table, which is also the step's data. */
ErosWorkStep *eros_plan_add_for_table (ErosWork   *work,
                                       guint       group,
                                       const char *what,
                                       const char *title,
                                       const char *table);
/* SQL that gives rows, checksum, and total of a table, as one row: two tables are equal when all three are. reference:
 * a table with its quotes; as_of: (nullable): the text of a timestamp. (transfer full) */
char *eros_plan_fingerprint_sql (const char *reference, const char *as_of);
/* The parameter @price_per_tib, as the connection has it. */
void eros_plan_add_price (ErosWork *work, ErosWorkStep *step);
/* "backup_20251031_143022", "before_rollback_20251031_143022" */
gboolean eros_plan_is_backup_name (const char *name);
/* A query from sql/: (transfer full) */
char *eros_plan_load_sql (const char *path, GError **error);
/* The SQL steps of a phase, from the folder of the argument "sql" if there is one. (transfer full) */
GPtrArray *eros_plan_load_steps (ErosWork *work, const char *phase, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A step "pause", which keeps what it pauses as "pause.names". */
void eros_plan_add_pause (ErosWork *work, guint group);
/* The id of the step that takes this SQL step back. (transfer full) */
char *eros_plan_revert_id (const char *sql_step_id);
void  eros_plan_add_revert (ErosWork *work, guint group, const ErosSqlStep *sql_step);
/* What the operation is found to have done, for the fields of its element: "timestamp", "rows.caption_bank" … */
void eros_plan_set_result (ErosWork *work, const char *name, const char *value);
/* The usual expectation that the column "same" is true. */
const ErosExpectation *eros_plan_expect_same (void);

G_END_DECLS
