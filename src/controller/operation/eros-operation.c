/* eros-operation.c: a piece of work under way or done, as a page shows it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-operation-private.h"

struct _ErosOperation
{
  GObject parent_instance;

  char *id;
  char *kind;
  char *title;
  char *message;
  char *error;
  ErosState state;
  double progress;
  gboolean interrupted;
  gint64 started;
  gint64 ended;
  GListStore *steps;
  GCancellable *cancellable;
  GCancellable *parent;
  gulong parent_handler;
};

G_DEFINE_FINAL_TYPE (ErosOperation, eros_operation, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_KIND,
  PROP_TITLE,
  PROP_STATE,
  PROP_PROGRESS,
  PROP_MESSAGE,
  PROP_ERROR,
  PROP_STARTED,
  PROP_ENDED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
notify (ErosOperation *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
stop_following (ErosOperation *self)
{
  if (self->parent != NULL)
    g_cancellable_disconnect (self->parent, self->parent_handler);
  self->parent_handler = 0;
  g_clear_object (&self->parent);
}

static void
eros_operation_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ErosOperation *self = EROS_OPERATION (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_KIND:
      g_value_set_string (value, self->kind);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    case PROP_STARTED:
      g_value_set_int64 (value, self->started);
      break;
    case PROP_ENDED:
      g_value_set_int64 (value, self->ended);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
eros_operation_dispose (GObject *object)
{
  ErosOperation *self = EROS_OPERATION (object);

  stop_following (self);
  g_clear_object (&self->steps);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (eros_operation_parent_class)->dispose (object);
}

static void
eros_operation_finalize (GObject *object)
{
  ErosOperation *self = EROS_OPERATION (object);

  g_free (self->id);
  g_free (self->kind);
  g_free (self->title);
  g_free (self->message);
  g_free (self->error);
  G_OBJECT_CLASS (eros_operation_parent_class)->finalize (object);
}

static void
eros_operation_class_init (ErosOperationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = eros_operation_get_property;
  object_class->dispose = eros_operation_dispose;
  object_class->finalize = eros_operation_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, EROS_TYPE_STATE, EROS_STATE_PLANNED, flags);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, flags);
  properties[PROP_STARTED] = g_param_spec_int64 ("started", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_ENDED] = g_param_spec_int64 ("ended", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
eros_operation_init (ErosOperation *self)
{
  self->steps = g_list_store_new (EROS_TYPE_STEP);
  self->cancellable = g_cancellable_new ();
}

ErosOperation *
eros_operation_new (const char *id, const char *kind, const char *title)
{
  ErosOperation *self = g_object_new (EROS_TYPE_OPERATION, NULL);

  self->id = g_strdup (id);
  self->kind = g_strdup (kind);
  self->title = g_strdup (title);
  return self;
}

GCancellable *
eros_operation_get_cancellable (ErosOperation *self)
{
  return self->cancellable;
}

static void
parent_cancelled_cb (GCancellable *parent, GCancellable *own)
{
  g_cancellable_cancel (own);
}

void
eros_operation_follow (ErosOperation *self, GCancellable *parent)
{
  stop_following (self);
  g_cancellable_reset (self->cancellable);
  if (parent == NULL)
    return;
  self->parent = g_object_ref (parent);
  self->parent_handler = g_cancellable_connect (parent, G_CALLBACK (parent_cancelled_cb),
                                                g_object_ref (self->cancellable), g_object_unref);
}

void
eros_operation_add_step (ErosOperation *self, guint place, ErosStep *step)
{
  g_list_store_insert (self->steps, MIN (place, g_list_model_get_n_items (G_LIST_MODEL (self->steps))), step);
}

void
eros_operation_remove_step (ErosOperation *self, ErosStep *step)
{
  guint place;

  if (g_list_store_find (self->steps, step, &place))
    g_list_store_remove (self->steps, place);
}

void
eros_operation_start (ErosOperation *self)
{
  if (self->error != NULL)
    {
      g_clear_pointer (&self->error, g_free);
      notify (self, PROP_ERROR);
    }
  self->interrupted = FALSE;
  self->started = g_get_real_time ();
  self->state = EROS_STATE_RUNNING;
  notify (self, PROP_STARTED);
  notify (self, PROP_STATE);
}

void
eros_operation_restore (ErosOperation *self,
                        ErosState state,
                        gint64 started,
                        gint64 ended,
                        const char *message,
                        const char *error,
                        gboolean interrupted)
{
  self->state = state;
  self->started = started;
  self->ended = ended;
  self->interrupted = interrupted;
  g_free (self->message);
  self->message = g_strdup (message);
  g_free (self->error);
  self->error = g_strdup (error);
  eros_operation_step_ended (self);
}

void
eros_operation_set_message (ErosOperation *self, const char *message)
{
  if (g_strcmp0 (self->message, message) == 0)
    return;
  g_free (self->message);
  self->message = g_strdup (message);
  notify (self, PROP_MESSAGE);
}

void
eros_operation_step_ended (ErosOperation *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->steps));
  guint ended = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (G_LIST_MODEL (self->steps), i);

      if (eros_step_get_state (step) >= EROS_STATE_SUCCEEDED)
        ended++;
    }
  self->progress = n > 0 ? (double) ended / n : 0;
  notify (self, PROP_PROGRESS);
}

void
eros_operation_end (ErosOperation *self, const GError *error)
{
  stop_following (self);
  self->ended = g_get_real_time ();
  if (error == NULL)
    self->state = EROS_STATE_SUCCEEDED;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->state = EROS_STATE_CANCELLED;
  else
    self->state = EROS_STATE_FAILED;
  if (self->state == EROS_STATE_FAILED)
    {
      g_free (self->error);
      self->error = g_strdup (error->message);
      notify (self, PROP_ERROR);
    }
  if (self->state == EROS_STATE_SUCCEEDED)
    {
      self->progress = 1;
      notify (self, PROP_PROGRESS);
    }
  notify (self, PROP_ENDED);
  notify (self, PROP_STATE);
}

const char *
eros_operation_get_id (ErosOperation *self)
{
  return self->id;
}

const char *
eros_operation_get_kind (ErosOperation *self)
{
  return self->kind;
}

const char *
eros_operation_get_title (ErosOperation *self)
{
  return self->title;
}

ErosState
eros_operation_get_state (ErosOperation *self)
{
  return self->state;
}

double
eros_operation_get_progress (ErosOperation *self)
{
  return self->progress;
}

const char *
eros_operation_get_message (ErosOperation *self)
{
  return self->message;
}

const char *
eros_operation_get_error (ErosOperation *self)
{
  return self->error;
}

gint64
eros_operation_get_started (ErosOperation *self)
{
  return self->started;
}

gint64
eros_operation_get_ended (ErosOperation *self)
{
  return self->ended;
}

/**
 * eros_operation_get_steps:
 * @self: an operation
 *
 * Returns: (transfer none): its #ErosStep rows, in the order they begin
 */
GListModel *
eros_operation_get_steps (ErosOperation *self)
{
  return G_LIST_MODEL (self->steps);
}

guint
eros_operation_count_failing (ErosOperation *self)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->steps)); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (G_LIST_MODEL (self->steps), i);

      n += eros_step_get_error (step) != NULL;
    }
  return n;
}

static guint
count_statements (GListModel *steps, ErosForecast forecast)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);
      GListModel *statements = eros_step_get_children (step);

      n += statements != NULL ? count_statements (statements, forecast)
                              : eros_step_get_forecast (step) == forecast;
    }
  return n;
}

/**
 * eros_operation_count_forecasts:
 * @self: an operation
 * @forecast: what is known of a statement before it runs
 *
 * Returns: how many of its statements that is known of
 */
guint
eros_operation_count_forecasts (ErosOperation *self, ErosForecast forecast)
{
  return count_statements (eros_operation_get_steps (self), forecast);
}

/**
 * eros_operation_is_interrupted:
 * @self: an operation
 *
 * Returns: whether the program that ran it ended before it did. Starting it again goes on with it.
 */
gboolean
eros_operation_is_interrupted (ErosOperation *self)
{
  return self->interrupted;
}

gboolean
eros_operation_is_active (ErosOperation *self)
{
  return self->state == EROS_STATE_WAITING || self->state == EROS_STATE_RUNNING;
}

/**
 * eros_operation_cancel:
 * @self: an operation
 *
 * Asks it to stop. What has been sent to a server is cancelled there too; the state becomes
 * %EROS_STATE_CANCELLED once that is known.
 */
void
eros_operation_cancel (ErosOperation *self)
{
  if (eros_operation_is_active (self))
    g_cancellable_cancel (self->cancellable);
}
