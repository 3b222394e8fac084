/* eros-phase-progress.c: how far a phase is: its boxes counted, and the state that follows from them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment-private.h"

struct _ErosPhaseProgress
{
  GObject parent_instance;
  ErosPhase *phase;
  GPtrArray *items; /* of ErosItem: checks and sign-offs */
  guint done;
  guint decided;
  ErosPhaseState state;
};

enum
{
  PROP_PHASE = 1,
  PROP_DONE,
  PROP_TOTAL,
  PROP_STATE,
  PROP_DECIDED,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (ErosPhaseProgress, eros_phase_progress, G_TYPE_OBJECT)

static void
eros_phase_progress_finalize (GObject *object)
{
  ErosPhaseProgress *self = EROS_PHASE_PROGRESS (object);

  g_clear_object (&self->phase);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  G_OBJECT_CLASS (eros_phase_progress_parent_class)->finalize (object);
}

static void
eros_phase_progress_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  ErosPhaseProgress *self = EROS_PHASE_PROGRESS (object);

  switch (id)
    {
    case PROP_PHASE:
      g_value_set_object (value, self->phase);
      break;
    case PROP_DONE:
      g_value_set_uint (value, self->done);
      break;
    case PROP_TOTAL:
      g_value_set_uint (value, self->items->len);
      break;
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_DECIDED:
      g_value_set_uint (value, self->decided);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
eros_phase_progress_class_init (ErosPhaseProgressClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = eros_phase_progress_finalize;
  object_class->get_property = eros_phase_progress_get_property;

  properties[PROP_PHASE] = g_param_spec_object ("phase", NULL, NULL, EROS_TYPE_PHASE, flags);
  properties[PROP_DONE] = g_param_spec_uint ("done", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_TOTAL] = g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, EROS_PHASE_FAILED, 0, flags);
  properties[PROP_DECIDED] = g_param_spec_uint ("decided", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
eros_phase_progress_init (ErosPhaseProgress *self)
{
}

ErosPhaseProgress *
eros_phase_progress_new (ErosPhase *phase, GPtrArray *items)
{
  ErosPhaseProgress *self = g_object_new (EROS_TYPE_PHASE_PROGRESS, NULL);

  self->phase = g_object_ref (phase);
  self->items = g_ptr_array_ref (items);
  return self;
}

static ErosPhaseState
find_state (ErosPhaseProgress *self, guint done)
{
  gboolean started = FALSE, is_failing = FALSE;

  for (guint i = 0; i < self->items->len; i++)
    {
      ErosItem *item = self->items->pdata[i];

      is_failing |= eros_item_is_failing (item) && !eros_item_is_decided (item);
      /* What follows from other phases begins none. */
      if (eros_element_get_sum (eros_item_get_element (item)) == NULL)
        started |=
          eros_item_get_mark (item) != EROS_ITEM_OPEN || eros_item_get_outcome (item) != EROS_OUTCOME_NONE;
    }
  if (!started)
    return EROS_PHASE_NOT_STARTED;
  if (is_failing)
    return EROS_PHASE_FAILED;
  return done == self->items->len ? EROS_PHASE_COMPLETE : EROS_PHASE_IN_PROGRESS;
}

void
eros_phase_progress_update (ErosPhaseProgress *self)
{
  guint done = 0, decided = 0;
  ErosPhaseState state;

  for (guint i = 0; i < self->items->len; i++)
    {
      done += eros_item_is_done (self->items->pdata[i]);
      decided += eros_item_is_decided (self->items->pdata[i]);
    }
  state = find_state (self, done);

  g_object_freeze_notify (G_OBJECT (self));
  if (self->done != done)
    {
      self->done = done;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DONE]);
    }
  if (self->decided != decided)
    {
      self->decided = decided;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DECIDED]);
    }
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * eros_phase_progress_get_phase:
 * @self: a phase’s progress
 *
 * Returns: (transfer none): the phase
 */
ErosPhase *
eros_phase_progress_get_phase (ErosPhaseProgress *self)
{
  g_return_val_if_fail (EROS_IS_PHASE_PROGRESS (self), NULL);
  return self->phase;
}

/**
 * eros_phase_progress_get_done:
 * @self: a phase’s progress
 *
 * Returns: how many checks and sign-offs are ticked, signed, or do not apply
 */
guint
eros_phase_progress_get_done (ErosPhaseProgress *self)
{
  g_return_val_if_fail (EROS_IS_PHASE_PROGRESS (self), 0);
  return self->done;
}

/**
 * eros_phase_progress_get_decided:
 * @self: a phase’s progress
 *
 * Returns: how many of its checks fail and were marked by decision all the
 *   same
 */
guint
eros_phase_progress_get_decided (ErosPhaseProgress *self)
{
  g_return_val_if_fail (EROS_IS_PHASE_PROGRESS (self), 0);
  return self->decided;
}

/**
 * eros_phase_progress_get_total:
 * @self: a phase’s progress
 *
 * Returns: how many checks and sign-offs there are
 */
guint
eros_phase_progress_get_total (ErosPhaseProgress *self)
{
  g_return_val_if_fail (EROS_IS_PHASE_PROGRESS (self), 0);
  return self->items->len;
}

/**
 * eros_phase_progress_get_state:
 * @self: a phase’s progress
 *
 * Returns: how the phase stands
 */
ErosPhaseState
eros_phase_progress_get_state (ErosPhaseProgress *self)
{
  g_return_val_if_fail (EROS_IS_PHASE_PROGRESS (self), EROS_PHASE_NOT_STARTED);
  return self->state;
}
