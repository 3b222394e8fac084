/* eros-step.c: one row of an operation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-operation-private.h"

#include <glib/gi18n-lib.h>

#include "eros-big-query-error.h"
#include "eros-time-text.h"

struct _ErosStep
{
  GObject parent_instance;

  char *element_id;
  char *title;
  char *detail;
  char *job_id;
  char *error;
  char *sql;
  char *sql_source;
  ErosState state;
  gboolean undecided;
  gboolean warned;
  ErosForecast forecast;
  guint attempt;
  gint64 again; /* when it is tried again, by the monotonic clock; 0: it does not wait for that */
  gint64 started;
  gint64 ended;
  gint64 bytes_processed;
  gint64 bytes_billed;
  gint64 slot_ms;
  gint64 n_rows;
  GListModel *children; /* (nullable) */
  guint line;           /* of the mistake; 0: not known */
  guint column;
  char *line_text;
  GStrv tables;
};

G_DEFINE_FINAL_TYPE (ErosStep, eros_step, G_TYPE_OBJECT)

enum
{
  PROP_ELEMENT_ID = 1,
  PROP_TITLE,
  PROP_DETAIL,
  PROP_STATE,
  PROP_STARTED,
  PROP_ENDED,
  PROP_BYTES_PROCESSED,
  PROP_BYTES_BILLED,
  PROP_SLOT_MS,
  PROP_N_ROWS,
  PROP_JOB_ID,
  PROP_ATTEMPT,
  PROP_ERROR,
  PROP_CHILDREN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ENUM_TYPE (ErosState,
                    eros_state,
                    G_DEFINE_ENUM_VALUE (EROS_STATE_PLANNED, "planned"),
                    G_DEFINE_ENUM_VALUE (EROS_STATE_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (EROS_STATE_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (EROS_STATE_SUCCEEDED, "succeeded"),
                    G_DEFINE_ENUM_VALUE (EROS_STATE_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (EROS_STATE_CANCELLED, "cancelled"))

static void
set_text (ErosStep *self, char **text, const char *value, guint property)
{
  if (g_strcmp0 (*text, value) == 0)
    return;
  g_free (*text);
  *text = g_strdup (value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_number (ErosStep *self, gint64 *number, gint64 value, guint property)
{
  if (*number == value)
    return;
  *number = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_state (ErosStep *self, ErosState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
eros_step_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ErosStep *self = EROS_STEP (object);

  switch (id)
    {
    case PROP_ELEMENT_ID:
      g_value_set_string (value, self->element_id);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_STARTED:
      g_value_set_int64 (value, self->started);
      break;
    case PROP_ENDED:
      g_value_set_int64 (value, self->ended);
      break;
    case PROP_BYTES_PROCESSED:
      g_value_set_int64 (value, self->bytes_processed);
      break;
    case PROP_BYTES_BILLED:
      g_value_set_int64 (value, self->bytes_billed);
      break;
    case PROP_SLOT_MS:
      g_value_set_int64 (value, self->slot_ms);
      break;
    case PROP_N_ROWS:
      g_value_set_int64 (value, self->n_rows);
      break;
    case PROP_JOB_ID:
      g_value_set_string (value, self->job_id);
      break;
    case PROP_ATTEMPT:
      g_value_set_uint (value, self->attempt);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    case PROP_CHILDREN:
      g_value_set_object (value, self->children);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
eros_step_finalize (GObject *object)
{
  ErosStep *self = EROS_STEP (object);

  g_free (self->element_id);
  g_free (self->title);
  g_free (self->detail);
  g_free (self->job_id);
  g_free (self->error);
  g_free (self->sql);
  g_free (self->sql_source);
  g_free (self->line_text);
  g_strfreev (self->tables);
  g_clear_object (&self->children);
  G_OBJECT_CLASS (eros_step_parent_class)->finalize (object);
}

static void
eros_step_class_init (ErosStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = eros_step_get_property;
  object_class->finalize = eros_step_finalize;

  properties[PROP_ELEMENT_ID] = g_param_spec_string ("element-id", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, EROS_TYPE_STATE, EROS_STATE_PLANNED, flags);
  properties[PROP_STARTED] = g_param_spec_int64 ("started", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_ENDED] = g_param_spec_int64 ("ended", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_BYTES_PROCESSED] =
    g_param_spec_int64 ("bytes-processed", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_BYTES_BILLED] = g_param_spec_int64 ("bytes-billed", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_SLOT_MS] = g_param_spec_int64 ("slot-ms", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_N_ROWS] = g_param_spec_int64 ("n-rows", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_JOB_ID] = g_param_spec_string ("job-id", NULL, NULL, NULL, flags);
  properties[PROP_ATTEMPT] = g_param_spec_uint ("attempt", NULL, NULL, 1, G_MAXUINT, 1, flags);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, flags);
  properties[PROP_CHILDREN] = g_param_spec_object ("children", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
eros_step_init (ErosStep *self)
{
  self->attempt = 1;
  self->bytes_processed = self->bytes_billed = self->slot_ms = self->n_rows = -1;
}

ErosStep *
eros_step_new (const char *title)
{
  ErosStep *self = g_object_new (EROS_TYPE_STEP, NULL);

  self->title = g_strdup (title);
  return self;
}

void
eros_step_start (ErosStep *self)
{
  set_number (self, &self->started, g_get_real_time (), PROP_STARTED);
  self->forecast = EROS_FORECAST_NONE;
  eros_step_set_trouble (self, 0, 0, NULL);
  eros_step_set_children (self, NULL);
  set_text (self, &self->detail, NULL, PROP_DETAIL);
  set_text (self, &self->error, NULL, PROP_ERROR);
  set_state (self, EROS_STATE_RUNNING);
}

void
eros_step_end (ErosStep *self, ErosState state, const char *error)
{
  if (self->started != 0)
    set_number (self, &self->ended, g_get_real_time (), PROP_ENDED);
  set_text (self, &self->error, error, PROP_ERROR);
  set_state (self, state);
}

void
eros_step_restore (ErosStep *self, ErosState state, gint64 started, gint64 ended, const char *error)
{
  set_number (self, &self->started, started, PROP_STARTED);
  set_number (self, &self->ended, ended, PROP_ENDED);
  set_text (self, &self->error, error, PROP_ERROR);
  set_state (self, state);
}

void
eros_step_set_sql (ErosStep *self, const char *sql, const char *source)
{
  g_free (self->sql);
  g_free (self->sql_source);
  self->sql = g_strdup (sql);
  self->sql_source = g_strdup (source);
}

void
eros_step_set_children (ErosStep *self, GListModel *children)
{
  if (g_set_object (&self->children, children))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHILDREN]);
}

/**
 * eros_step_get_children:
 * @self: a step
 *
 * Returns: (transfer none) (nullable) (element-type ErosStep): the statements of its script, in the order in
 * which they ran or, before it runs, stand; %NULL when it is no script, or nothing is known of them
 */
GListModel *
eros_step_get_children (ErosStep *self)
{
  return self->children;
}

/* ---- where the mistake is ------------------------------------------------------------------------------ */

void
eros_step_set_trouble (ErosStep *self, guint line, guint column, const char *text)
{
  self->line = line;
  self->column = column;
  g_free (self->line_text);
  self->line_text = g_strdup (text);
}

/**
 * eros_step_get_trouble:
 * @self: a step
 * @line: (out): a line of what it sends, from 1
 * @column: (out): a character of that line, from 1; 0 when only the line is known
 * @text: (out) (optional) (nullable) (transfer none): the line
 *
 * Says where the mistake is, after the step has failed or a dry run has said that it would.
 *
 * Returns: whether that is known
 */
gboolean
eros_step_get_trouble (ErosStep *self, guint *line, guint *column, const char **text)
{
  *line = self->line;
  *column = self->column;
  if (text != NULL)
    *text = self->line_text;
  return self->line > 0;
}

void
eros_step_set_forecast (ErosStep *self, ErosForecast forecast, gint64 bytes, GStrv tables, const char *text)
{
  gboolean fails = forecast == EROS_FORECAST_FAILS;

  self->forecast = forecast;
  if (self->tables != tables)
    {
      g_strfreev (self->tables);
      self->tables = g_strdupv (tables);
    }
  set_number (self, &self->bytes_processed, bytes, PROP_BYTES_PROCESSED);
  set_text (self, &self->detail, fails ? NULL : text, PROP_DETAIL);
  set_text (self, &self->error, fails ? text : NULL, PROP_ERROR);
}

void
eros_step_copy_forecast (ErosStep *self, ErosStep *other)
{
  eros_step_set_trouble (self, other->line, other->column, other->line_text);
  eros_step_set_children (self, other->children);
  eros_step_set_forecast (self, other->forecast, other->bytes_processed, other->tables,
                          other->error != NULL ? other->error : other->detail);
}

/**
 * eros_step_get_forecast:
 * @self: a step, or a statement of one
 *
 * Returns: what was found out about it before it runs
 */
ErosForecast
eros_step_get_forecast (ErosStep *self)
{
  return self->forecast;
}

/**
 * eros_step_is_undecided:
 * @self: a step
 *
 * Returns: whether it has done what it was to do, and what it found proves nothing
 */
gboolean
eros_step_is_undecided (ErosStep *self)
{
  return self->undecided && self->state == EROS_STATE_SUCCEEDED;
}

/**
 * eros_step_is_warned:
 * @self: a step
 *
 * Returns: whether it has done what it was to do, and found what should not be: the work has gone on
 */
gboolean
eros_step_is_warned (ErosStep *self)
{
  return self->warned && self->state == EROS_STATE_SUCCEEDED;
}

void
eros_step_set_warned (ErosStep *self, gboolean warned)
{
  self->warned = warned;
}

void
eros_step_set_undecided (ErosStep *self, gboolean undecided)
{
  self->undecided = undecided;
}

/**
 * eros_step_get_tables:
 * @self: a step
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): the tables that it reads, by a dry run;
 * %NULL when there was none
 */
const char *const *
eros_step_get_tables (ErosStep *self)
{
  return (const char *const *) self->tables;
}

void
eros_step_set_element_id (ErosStep *self, const char *element_id)
{
  set_text (self, &self->element_id, element_id, PROP_ELEMENT_ID);
}

void
eros_step_set_detail (ErosStep *self, const char *detail)
{
  set_text (self, &self->detail, detail, PROP_DETAIL);
}

static void
eros_step_set_waiting (ErosStep *self, const char *why)
{
  set_text (self, &self->detail, why, PROP_DETAIL);
  set_state (self, why != NULL ? EROS_STATE_WAITING : EROS_STATE_RUNNING);
}

void
eros_step_set_job_id (ErosStep *self, const char *job_id)
{
  set_text (self, &self->job_id, job_id, PROP_JOB_ID);
}

static void
eros_step_set_attempt (ErosStep *self, guint attempt)
{
  if (self->attempt == attempt)
    return;
  self->attempt = attempt;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ATTEMPT]);
}

void
eros_step_note_attempt (ErosStep *self, guint attempt, const GError *why, guint wait_ms)
{
  gint64 next = g_get_real_time () + wait_ms * G_TIME_SPAN_MILLISECOND;
  g_autofree char *time = eros_time_format (next, EROS_TIME_CLOCK " UTC");
  g_autofree char *detail = NULL;

  self->again = why != NULL ? g_get_monotonic_time () + wait_ms * G_TIME_SPAN_MILLISECOND : 0;
  eros_step_set_attempt (self, attempt);
  if (why == NULL)
    {
      eros_step_set_waiting (self, NULL);
      return;
    }
  /* Translators: %1$u: number of the attempt, %2$s: a time, %3$s: what went wrong */
  detail = g_strdup_printf (_ ("attempt %1$u at %2$s, because: %3$s"), attempt, time, why->message);
  if (eros_big_query_error_is_offline (why))
    eros_step_set_waiting (self, detail);
  else
    eros_step_set_detail (self, detail);
}

/**
 * eros_step_describe_retry:
 * @self: a step
 *
 * What “detail” says of it is what was so when it was set; this counts down.
 *
 * Returns: (transfer full) (nullable): in how many seconds from now it is tried again, and why; %NULL when it
 * is not under way, or does not wait for that
 */
char *
eros_step_describe_retry (ErosStep *self)
{
  gint64 left = self->again - g_get_monotonic_time ();

  g_return_val_if_fail (EROS_IS_STEP (self), NULL);

  if (self->again == 0 || (self->state != EROS_STATE_RUNNING && self->state != EROS_STATE_WAITING))
    return NULL;
  if (left <= 0 || self->detail == NULL)
    return g_strdup (self->detail);
  /* Translators: which attempt comes when and why; in how many seconds that is */
  return g_strdup_printf (_ ("%1$s (in %2$d s)"), self->detail,
                          (int) ((left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC));
}

void
eros_step_set_statistics (ErosStep *self,
                          gint64 bytes_processed,
                          gint64 bytes_billed,
                          gint64 slot_ms,
                          gint64 n_rows)
{
  set_number (self, &self->bytes_processed, bytes_processed, PROP_BYTES_PROCESSED);
  set_number (self, &self->bytes_billed, bytes_billed, PROP_BYTES_BILLED);
  set_number (self, &self->slot_ms, slot_ms, PROP_SLOT_MS);
  set_number (self, &self->n_rows, n_rows, PROP_N_ROWS);
}

const char *
eros_step_get_element_id (ErosStep *self)
{
  return self->element_id;
}

const char *
eros_step_get_title (ErosStep *self)
{
  return self->title;
}

const char *
eros_step_get_detail (ErosStep *self)
{
  return self->detail;
}

ErosState
eros_step_get_state (ErosStep *self)
{
  return self->state;
}

gint64
eros_step_get_started (ErosStep *self)
{
  return self->started;
}

gint64
eros_step_get_ended (ErosStep *self)
{
  return self->ended;
}

gint64
eros_step_get_bytes_processed (ErosStep *self)
{
  return self->bytes_processed;
}

gint64
eros_step_get_bytes_billed (ErosStep *self)
{
  return self->bytes_billed;
}

gint64
eros_step_get_slot_ms (ErosStep *self)
{
  return self->slot_ms;
}

gint64
eros_step_get_n_rows (ErosStep *self)
{
  return self->n_rows;
}

const char *
eros_step_get_job_id (ErosStep *self)
{
  return self->job_id;
}

guint
eros_step_get_attempt (ErosStep *self)
{
  return self->attempt;
}

const char *
eros_step_get_error (ErosStep *self)
{
  return self->error;
}

/**
 * eros_step_get_sql:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): the statements that it sends, with every name filled in; %NULL when it
 * sends none, or when they depend on what the steps before it find
 */
const char *
eros_step_get_sql (ErosStep *self)
{
  return self->sql;
}

/**
 * eros_step_get_sql_source:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): the file its statements come from
 */
const char *
eros_step_get_sql_source (ErosStep *self)
{
  return self->sql_source;
}
