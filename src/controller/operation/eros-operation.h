/* eros-operation.h: a piece of work under way or done, as a page shows it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  EROS_STATE_PLANNED,
  EROS_STATE_WAITING, /* for a turn, or for the network */
  EROS_STATE_RUNNING,
  EROS_STATE_SUCCEEDED,
  EROS_STATE_FAILED,
  EROS_STATE_CANCELLED,
} ErosState;
GType eros_state_get_type (void);
#define EROS_TYPE_STATE (eros_state_get_type ())

/* What is known of a statement before it runs. */
typedef enum
{
  EROS_FORECAST_NONE,      /* nobody has asked */
  EROS_FORECAST_CHECKED,   /* a dry run finds nothing wrong */
  EROS_FORECAST_UNCHECKED, /* it cannot be said before it runs, or not of all its statements; the detail says why */
  EROS_FORECAST_FAILS,     /* the error says why */
  EROS_N_FORECASTS,
} ErosForecast;

/* One row of an operation. Properties, all notified: element-id, title, detail, state, started, ended (µs since 1970,
 * 0: not yet), bytes-processed, bytes-billed, slot-ms, n-rows, job-id, attempt (from 1), error, children (of a script:
 * its statements, as steps of their own). */
#define EROS_TYPE_STEP (eros_step_get_type ())
G_DECLARE_FINAL_TYPE (ErosStep, eros_step, EROS, STEP, GObject)
const char  *eros_step_get_element_id (ErosStep *self); /* (nullable) the check box it works for */
const char  *eros_step_get_title (ErosStep *self);
const char  *eros_step_get_detail (ErosStep *self); /* (nullable) what it found or is doing */
ErosState    eros_step_get_state (ErosStep *self);
gboolean     eros_step_is_undecided (ErosStep *self); /* it has succeeded, and there was not enough to say */
gboolean     eros_step_is_warned (ErosStep *self);    /* it has succeeded, and found something wrong */
ErosForecast eros_step_get_forecast (ErosStep *self);
gint64       eros_step_get_started (ErosStep *self);
gint64       eros_step_get_ended (ErosStep *self);
gint64       eros_step_get_bytes_processed (ErosStep *self); /* -1: not known */
gint64       eros_step_get_bytes_billed (ErosStep *self);    /* -1: not known */
gint64       eros_step_get_slot_ms (ErosStep *self);         /* -1: not known */
gint64       eros_step_get_n_rows (ErosStep *self);          /* -1: not known */
const char  *eros_step_get_job_id (ErosStep *self);          /* (nullable) */
guint        eros_step_get_attempt (ErosStep *self);
char        *eros_step_describe_retry (ErosStep *self); /* (nullable) counts down */
const char  *eros_step_get_error (ErosStep *self);      /* (nullable) for people */
/* (nullable) (element-type ErosStep) of a script: its statements, with what a dry run says of each before it runs and
 * their own statistics afterwards */
GListModel *eros_step_get_children (ErosStep *self);
/* Where in what it sends the mistake is, from 1; FALSE: not known. text: (out) (optional) (transfer none): that line */
gboolean           eros_step_get_trouble (ErosStep *self, guint *line, guint *column, const char **text);
const char *const *eros_step_get_tables (
  ErosStep *self);                              /* (nullable) "dataset.table", what a dry run says that it reads */
const char *eros_step_get_sql (ErosStep *self); /* (nullable) what it sends, when that is known before */
const char *eros_step_get_sql_source (ErosStep *self); /* (nullable) the file it comes from */

/* Properties, all notified: id, kind, title, state, progress (0…1), message, error, started, ended. */
#define EROS_TYPE_OPERATION (eros_operation_get_type ())
G_DECLARE_FINAL_TYPE (ErosOperation, eros_operation, EROS, OPERATION, GObject)
const char *eros_operation_get_id (ErosOperation *self);   /* as in the journal */
const char *eros_operation_get_kind (ErosOperation *self); /* "checks", "backup", "deploy-phase1" … */
const char *eros_operation_get_title (ErosOperation *self);
ErosState   eros_operation_get_state (ErosOperation *self);
double      eros_operation_get_progress (ErosOperation *self);
const char *eros_operation_get_message (
  ErosOperation *self);                                     /* (nullable) one line: what it is doing or what came out */
const char *eros_operation_get_error (ErosOperation *self); /* (nullable) for people */
gint64      eros_operation_get_started (ErosOperation *self);
gint64      eros_operation_get_ended (ErosOperation *self);
GListModel *eros_operation_get_steps (ErosOperation *self); /* of ErosStep */
/* How many of its steps have failed or, before it runs, would fail by the forecast. */
guint eros_operation_count_failing (ErosOperation *self);
/* How many of its statements are forecast so. */
guint    eros_operation_count_forecasts (ErosOperation *self, ErosForecast forecast);
gboolean eros_operation_is_interrupted (ErosOperation *self); /* cut off by the end of the program; it can go on */
gboolean eros_operation_is_active (ErosOperation *self);      /* waiting or running */
/* Asks it to stop: the state becomes CANCELLED once the server has confirmed, FAILED when it does not or cannot be
 * reached. */
void eros_operation_cancel (ErosOperation *self);

G_END_DECLS
