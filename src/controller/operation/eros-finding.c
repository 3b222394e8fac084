/* eros-finding.c: one thing that a connection test looked at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-finding.h"

struct _ErosFinding
{
  GObject parent_instance;

  char *what;
  ErosOutcome outcome;
  char *message;
  char *advice;
};

G_DEFINE_FINAL_TYPE (ErosFinding, eros_finding, G_TYPE_OBJECT)

enum
{
  PROP_WHAT = 1,
  PROP_OUTCOME,
  PROP_MESSAGE,
  PROP_ADVICE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
eros_finding_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ErosFinding *self = EROS_FINDING (object);

  switch (id)
    {
    case PROP_WHAT:
      g_value_set_string (value, self->what);
      break;
    case PROP_OUTCOME:
      g_value_set_int (value, self->outcome);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    case PROP_ADVICE:
      g_value_set_string (value, self->advice);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
eros_finding_finalize (GObject *object)
{
  ErosFinding *self = EROS_FINDING (object);

  g_free (self->what);
  g_free (self->message);
  g_free (self->advice);
  G_OBJECT_CLASS (eros_finding_parent_class)->finalize (object);
}

static void
eros_finding_class_init (ErosFindingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = eros_finding_get_property;
  object_class->finalize = eros_finding_finalize;
  properties[PROP_WHAT] = g_param_spec_string ("what", NULL, NULL, NULL, flags);
  properties[PROP_OUTCOME] = g_param_spec_int ("outcome", NULL, NULL, 0, EROS_OUTCOME_NOT_LOOKED, 0, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  properties[PROP_ADVICE] = g_param_spec_string ("advice", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
eros_finding_init (ErosFinding *self)
{
}

ErosFinding *
eros_finding_new (const char *what, ErosOutcome outcome, char *message, char *advice)
{
  ErosFinding *self = g_object_new (EROS_TYPE_FINDING, NULL);

  self->what = g_strdup (what);
  self->outcome = outcome;
  self->message = message;
  self->advice = advice;
  return self;
}

const char *
eros_finding_get_what (ErosFinding *self)
{
  return self->what;
}

ErosOutcome
eros_finding_get_outcome (ErosFinding *self)
{
  return self->outcome;
}

const char *
eros_finding_get_message (ErosFinding *self)
{
  return self->message;
}

const char *
eros_finding_get_advice (ErosFinding *self)
{
  return self->advice;
}
