/* eros-job.h: a job as the server describes it, immutable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define EROS_TYPE_JOB (eros_job_get_type ())
G_DECLARE_FINAL_TYPE (ErosJob, eros_job, EROS, JOB, GObject)

ErosJob    *eros_job_new_from_json (JsonNode *resource, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *eros_job_get_id (ErosJob *self);
const char *eros_job_get_location (ErosJob *self); /* (nullable) */
gboolean    eros_job_is_done (ErosJob *self);
/* (transfer full) (nullable): why it failed */
GError     *eros_job_dup_error (ErosJob *self);
const char *eros_job_get_job_type (ErosJob *self);       /* (nullable): "QUERY", "COPY" … */
const char *eros_job_get_statement_type (ErosJob *self); /* (nullable): "SELECT", "SCRIPT" … */
const char *eros_job_get_parent (ErosJob *self);         /* (nullable): the script it is a child of */
guint       eros_job_get_n_children (ErosJob *self);
gint64      eros_job_get_created (ErosJob *self); /* microseconds since 1970; 0: not known */
gint64      eros_job_get_started (ErosJob *self);
gint64      eros_job_get_ended (ErosJob *self);
gint64      eros_job_get_bytes_processed (ErosJob *self); /* -1: not known */
gint64      eros_job_get_bytes_billed (ErosJob *self);    /* -1: not known */
gint64      eros_job_get_slot_ms (ErosJob *self);         /* -1: not known */
gint64      eros_job_get_affected_rows (ErosJob *self);   /* -1: no DML */
/* Of a child: where in the text of the whole script it stands, from 1; 0: not known. */
void        eros_job_get_position (ErosJob *self, guint *line, guint *column);
const char *eros_job_get_statement (ErosJob *self); /* (nullable): its text; of a child, that part of the script */
const char *eros_job_get_procedure (ErosJob *self); /* (nullable): of a child, the procedure that it stands in */
/* (transfer full): "dataset.table" of each table that it reads, with the project before it when that is another */
GStrv       eros_job_dup_referenced_tables (ErosJob *self);
JsonObject *eros_job_get_resource (ErosJob *self); /* the whole of it */

G_END_DECLS
