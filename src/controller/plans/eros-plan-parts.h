/* eros-plan-parts.h: what several plans are made of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-inventory-read.h"
#include "eros-sql-step.h"
#include "eros-work.h"

G_BEGIN_DECLS

/* One function a kind. */
gboolean eros_plan_deploy (ErosWork *work, GError **error);
gboolean eros_plan_backup (ErosWork *work, GError **error);
gboolean eros_plan_revert (ErosWork *work, GError **error);
gboolean eros_plan_rollback (ErosWork *work, GError **error);
gboolean eros_plan_rollback_part (ErosWork *work, GError **error);
gboolean eros_plan_restore (ErosWork *work, GError **error);
gboolean eros_plan_comparison (ErosWork *work, GError **error);
gboolean eros_plan_monitoring (ErosWork *work, GError **error);
gboolean eros_plan_resume_schedules (ErosWork *work, GError **error);
gboolean eros_plan_prove (ErosWork *work, GError **error);
gboolean eros_plan_verify_steps (ErosWork *work, GError **error);
gboolean eros_plan_pause_schedules (ErosWork *work, GError **error);
/* No kind of its own: a backup's snapshots alone. */
gboolean eros_plan_snapshots (ErosWork *work, GError **error);
/* The argument of work that is done on a copy of the data set, which nothing but the data set itself may notice. */
#define EROS_PLAN_ON_COPY "on_copy"
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
/* The parameter @price_per_tib, as the connection has it. */
void eros_plan_add_price (ErosWork *work, ErosWorkStep *step);
/* A query from sql/: (transfer full) */
char *eros_plan_load_sql (const char *path, GError **error);
/* The SQL steps of a set, from the folder of the argument "sql" if there is one. (transfer full) */
GPtrArray *eros_plan_load_steps (ErosWork *work, const char *set, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Steps that read what the data set is, and keep it as "ID.inventory" and "ID.digest"; before and after an operation.
 */
#define EROS_PLAN_INVENTORY        "inventory"
#define EROS_PLAN_INVENTORY_BEFORE "inventory/before"
#define EROS_PLAN_INVENTORY_AFTER  "inventory/after"
/* What to do with it: an error ends the step. */
typedef gboolean (*ErosPlanInventoryRead) (ErosWork            *work,
                                           ErosWorkStep        *step,
                                           const ErosInventory *inventory,
                                           GError             **error);
/* What to say of it, instead of how much there is. (transfer full) */
typedef char *(*ErosPlanInventorySay) (ErosWork *work, const ErosInventory *inventory);
/* read, say: (nullable) */
ErosWorkStep *eros_plan_add_inventory (ErosWork             *work,
                                       guint                 group,
                                       const char           *id,
                                       const char           *title,
                                       ErosPlanInventoryRead read,
                                       ErosPlanInventorySay  say);
/* (transfer full) (nullable): what that step has found */
ErosInventory *eros_plan_get_inventory (ErosWork *work, const char *step_id);
gboolean eros_plan_keep_inventory (ErosWork *work, ErosWorkStep *step, const ErosInventory *inventory, GError **error);
/* Of a deployment and a rollback: keeps what has changed, as "ID.changes" (docs/journal.md). */
void eros_plan_note_changes (ErosWork *work, ErosWorkStep *step, const ErosInventory *now);
/* When READ, an inventory before, has ended: adds a step ID/rights, in the next group, after each that runs a
 * deploy.sql or revert.sql which may lose rights that there are. */
void eros_plan_watch_rights (ErosWork *work, ErosWorkStep *read);
/* Of an event that ended such a step. (transfer full) (nullable) */
ErosInventory *eros_plan_read_recorded_inventory (ErosEvent *ended);
/* Where a backup under way puts its export: "2025-10-31_143022". (transfer full) */
char *eros_plan_get_folder (ErosWork *work);
/* What a backup looks at in its bucket; eros-plan-bucket.c says what each keeps. */
#define EROS_PLAN_PREVIOUS_RECORD "previous-record"
void   eros_plan_add_bucket (ErosWork *work, guint group, guint group_with_clock);
void   eros_plan_add_previous_record (ErosWork *work, guint group);
void   eros_plan_add_objects (ErosWork *work, guint group); /* and the next group */
gint64 eros_plan_get_retention_days (ErosWork *work);
/* A step that exports the table as it was at the backup's instant, and those that load it once and compare. */
#define EROS_PLAN_N_LOAD_GROUPS 4
void eros_plan_add_export (ErosWork *work, guint group, const char *table);
void eros_plan_add_load_test (ErosWork *work, guint group, const char *table);
/* A load job of an export with this layout (JSON) into a table. Takes destination. (transfer full) (nullable): layout
 * or bucket is not known */
JsonObject *eros_plan_make_load (JsonObject *destination,
                                 const char *table,
                                 const char *layout,
                                 const char *bucket,
                                 const char *folder);
/* A table of the data set, as jobs name it. (transfer full) */
JsonObject *eros_plan_table_reference (ErosWork *work, const char *name);
/* Makes the step a job that is no query. Takes configuration. */
void eros_plan_set_job (ErosWorkStep *step, const char *kind, JsonObject *configuration);
/* A call of the step of that id, for the argument "backup", or "from" (gs://BUCKET/FOLDER), which also keeps "tables"
 * (a line each): keeps "time" (TIMESTAMP text), "inventory", "folder" (of the export), and for each table
 * "fingerprint/TABLE" ("ROWS CHECKSUM TOTAL") and "layout/TABLE" (JSON), as far as known. */
#define EROS_PLAN_BACKUP_RECORD "inventory/backup"
/* (transfer full): why its inventory is not known, for people */
char *eros_plan_say_unknown_inventory (ErosWork *work);
/* (transfer full): that the bucket may not be read, so that nobody knows what is there. error: DENIED */
char *eros_plan_say_unread (const char *bucket, const GError *error);
void  eros_plan_read_backup_record (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable);
/* Steps "keep/TABLE": snapshots, TABLE_kept_STAMP, of what else comes back with the tables, as it was at "clock.now".
 */
gboolean eros_plan_add_keeps (ErosWork *work, guint group, GError **error);
/* Of a rollback: steps "STEP/restored", which bring that back. */
gboolean eros_plan_add_restored (ErosWork *work, guint group, GError **error);
/* A step "pause", which keeps what it pauses as "pause.names". */
void eros_plan_add_pause (ErosWork *work, guint group);
/* The id of the step that takes this SQL step back. (transfer full) */
char         *eros_plan_revert_id (const char *sql_step_id);
ErosWorkStep *eros_plan_add_revert (ErosWork *work, guint group, const ErosSqlStep *sql_step);
/* The usual expectation that the column "same" is true. */
const ErosExpectation *eros_plan_expect_same (void);

/* Whether nobody has said anything about what was asked for: what is concluded from it may be wrong. */
gboolean eros_plan_is_no_verdict (const GError *error);

G_END_DECLS
