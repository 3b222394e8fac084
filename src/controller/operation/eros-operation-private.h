/* eros-operation-private.h: how the controller moves an operation along
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-operation.h"

G_BEGIN_DECLS

ErosStep *eros_step_new (const char *title);
void      eros_step_start (ErosStep *self);
/* Ends it in a final state; error: (nullable). */
void eros_step_end (ErosStep *self, ErosState state, const char *error);
/* The check box that it works for, so that its row can show that it runs. Before the step is added. */
/* Before it ends. */
void eros_step_set_undecided (ErosStep *self, gboolean undecided);
void eros_step_set_warned (ErosStep *self, gboolean warned);
void eros_step_set_element_id (ErosStep *self, const char *element_id);
/* As the journal has it. */
void eros_step_restore (ErosStep *self, ErosState state, gint64 started, gint64 ended, const char *error);
void eros_step_set_sql (ErosStep *self, const char *sql, const char *source);
/* children: (nullable) (element-type ErosStep): see eros_script_show () */
void eros_step_set_children (ErosStep *self, GListModel *children);
/* Where the mistake is; line 0: nowhere. text: (nullable): that line of what was sent. */
void eros_step_set_trouble (ErosStep *self, guint line, guint column, const char *text);
/* What a dry run says. bytes: -1 where it is not known; tables: (nullable); text: (nullable): why it would fail, or
 * else what there is to say. */
void eros_step_set_forecast (ErosStep *self, ErosForecast forecast, gint64 bytes, GStrv tables, const char *text);
/* Of a step that sends the same. */
void eros_step_copy_forecast (ErosStep *self, ErosStep *other);
void eros_step_set_detail (ErosStep *self, const char *detail);
void eros_step_set_job_id (ErosStep *self, const char *job_id);
/* A request of its is sent again in a while, or (why NULL) has its answer after all. Without a network it waits. */
void eros_step_note_attempt (ErosStep *self, guint attempt, const GError *why, guint wait_ms);
/* -1 where it is not known. */
void eros_step_set_statistics (ErosStep *self,
                               gint64    bytes_processed,
                               gint64    bytes_billed,
                               gint64    slot_ms,
                               gint64    n_rows);

ErosOperation *eros_operation_new (const char *id, const char *kind, const char *title);
/* Cancelled when the person asks for it, or when parent is. */
GCancellable *eros_operation_get_cancellable (ErosOperation *self);
void          eros_operation_follow (ErosOperation *self, GCancellable *parent);
/* place: G_MAXUINT: at the end */
void eros_operation_add_step (ErosOperation *self, guint place, ErosStep *step);
void eros_operation_remove_step (ErosOperation *self, ErosStep *step);
/* As the journal has it. */
void eros_operation_restore (ErosOperation *self,
                             ErosState      state,
                             gint64         started,
                             gint64         ended,
                             const char    *message,
                             const char    *error,
                             gboolean       interrupted);
void eros_operation_start (ErosOperation *self);
void eros_operation_set_message (ErosOperation *self, const char *message);
/* Progress is the share of its steps that have ended; call it after each. */
void eros_operation_step_ended (ErosOperation *self);
/* The final state: SUCCEEDED without an error, CANCELLED or FAILED by what the error says. */
void eros_operation_end (ErosOperation *self, const GError *error);

G_END_DECLS
