/* eros-item.c: where one element stands: ticked, filled in, not applicable, by whom and when
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment-private.h"

#include <string.h>

struct _ErosItem
{
  GObject parent_instance;
  ErosElement *element;
  ErosItemState state; /* its texts are copies */
};

enum
{
  PROP_ELEMENT = 1,
  PROP_MARK,
  PROP_ACTOR,
  PROP_TIME,
  PROP_NOTE,
  PROP_REASON,
  PROP_OUTCOME,
  PROP_SUMMARY,
  PROP_EVIDENCE,
  PROP_RETRACTED,
  PROP_FAILING,
  PROP_DECIDED,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (ErosItem, eros_item, G_TYPE_OBJECT)

static void
clear_state (ErosItemState *state)
{
  g_free ((char *) state->actor);
  g_free ((char *) state->note);
  g_free ((char *) state->reason);
  g_free ((char *) state->summary);
  g_clear_pointer (&state->evidence, json_node_unref);
}

static void
copy_state (ErosItemState *to, const ErosItemState *from)
{
  *to = *from;
  to->actor = g_strdup (from->actor);
  to->note = g_strdup (from->note);
  to->reason = g_strdup (from->reason);
  to->summary = g_strdup (from->summary);
  to->evidence = from->evidence != NULL ? json_node_ref (from->evidence) : NULL;
}

static gboolean
is_failing (const ErosItemState *state)
{
  return state->failed;
}

static gboolean
is_decided (const ErosItemState *state)
{
  return state->decided;
}

static void
eros_item_finalize (GObject *object)
{
  ErosItem *self = EROS_ITEM (object);

  g_clear_object (&self->element);
  clear_state (&self->state);
  G_OBJECT_CLASS (eros_item_parent_class)->finalize (object);
}

static void
eros_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  ErosItem *self = EROS_ITEM (object);

  switch (id)
    {
    case PROP_ELEMENT:
      g_value_set_object (value, self->element);
      break;
    case PROP_MARK:
      g_value_set_int (value, self->state.mark);
      break;
    case PROP_ACTOR:
      g_value_set_string (value, self->state.actor);
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->state.time);
      break;
    case PROP_NOTE:
      g_value_set_string (value, eros_item_get_note (self));
      break;
    case PROP_REASON:
      g_value_set_string (value, self->state.reason);
      break;
    case PROP_OUTCOME:
      g_value_set_int (value, self->state.outcome);
      break;
    case PROP_SUMMARY:
      g_value_set_string (value, self->state.summary);
      break;
    case PROP_EVIDENCE:
      g_value_set_boxed (value, self->state.evidence);
      break;
    case PROP_RETRACTED:
      g_value_set_boolean (value, self->state.retracted);
      break;
    case PROP_FAILING:
      g_value_set_boolean (value, is_failing (&self->state));
      break;
    case PROP_DECIDED:
      g_value_set_boolean (value, is_decided (&self->state));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
eros_item_class_init (ErosItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = eros_item_finalize;
  object_class->get_property = eros_item_get_property;

  properties[PROP_ELEMENT] = g_param_spec_object ("element", NULL, NULL, EROS_TYPE_ELEMENT, flags);
  properties[PROP_MARK] = g_param_spec_int ("mark", NULL, NULL, 0, EROS_ITEM_NOT_APPLICABLE, 0, flags);
  properties[PROP_ACTOR] = g_param_spec_string ("actor", NULL, NULL, NULL, flags);
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_NOTE] = g_param_spec_string ("note", NULL, NULL, "", flags);
  properties[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, flags);
  properties[PROP_OUTCOME] = g_param_spec_int ("outcome", NULL, NULL, 0, EROS_OUTCOME_NOT_LOOKED, 0, flags);
  properties[PROP_SUMMARY] = g_param_spec_string ("summary", NULL, NULL, NULL, flags);
  properties[PROP_EVIDENCE] = g_param_spec_boxed ("evidence", NULL, NULL, JSON_TYPE_NODE, flags);
  properties[PROP_RETRACTED] = g_param_spec_boolean ("retracted", NULL, NULL, FALSE, flags);
  properties[PROP_FAILING] = g_param_spec_boolean ("failing", NULL, NULL, FALSE, flags);
  properties[PROP_DECIDED] = g_param_spec_boolean ("decided", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
eros_item_init (ErosItem *self)
{
}

ErosItem *
eros_item_new (ErosElement *element)
{
  ErosItem *self = g_object_new (EROS_TYPE_ITEM, NULL);

  self->element = g_object_ref (element);
  return self;
}

static gboolean
same_node (JsonNode *a, JsonNode *b)
{
  return a == b || (a != NULL && b != NULL && json_node_equal (a, b));
}

static void
notify_if (ErosItem *self, gboolean changed, guint property)
{
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
eros_item_publish (ErosItem *self, const ErosItemState *state)
{
  g_autoptr (ErosItem) keep = g_object_ref (self);
  ErosItemState old = self->state;
  const ErosItemState *new = &self->state;

  copy_state (&self->state, state);
  g_object_freeze_notify (G_OBJECT (self));
  notify_if (self, old.mark != new->mark, PROP_MARK);
  notify_if (self, g_strcmp0 (old.actor, new->actor) != 0, PROP_ACTOR);
  notify_if (self, old.time != new->time, PROP_TIME);
  notify_if (self, g_strcmp0 (old.note != NULL ? old.note : "", eros_item_get_note (self)) != 0, PROP_NOTE);
  notify_if (self, g_strcmp0 (old.reason, new->reason) != 0, PROP_REASON);
  notify_if (self, old.outcome != new->outcome, PROP_OUTCOME);
  notify_if (self, g_strcmp0 (old.summary, new->summary) != 0, PROP_SUMMARY);
  notify_if (self, !same_node (old.evidence, new->evidence), PROP_EVIDENCE);
  notify_if (self, old.retracted != new->retracted, PROP_RETRACTED);
  notify_if (self, is_failing (&old) != is_failing (new), PROP_FAILING);
  notify_if (self, is_decided (&old) != is_decided (new), PROP_DECIDED);
  g_object_thaw_notify (G_OBJECT (self));
  clear_state (&old);
}

gboolean
eros_item_counts (ErosItem *self)
{
  ErosElementKind kind = eros_element_get_kind (self->element);

  return kind == EROS_ELEMENT_CHECK || kind == EROS_ELEMENT_SIGN_OFF;
}

gboolean
eros_item_is_done (ErosItem *self)
{
  return self->state.mark != EROS_ITEM_OPEN &&
         !(self->state.mark == EROS_ITEM_TICKED && self->state.nameless);
}

gboolean
eros_item_is_settled (ErosItem *self)
{
  return eros_item_is_done (self) && (!is_failing (&self->state) || is_decided (&self->state));
}

void
eros_item_set_nameless (ErosItem *self, gboolean nameless)
{
  self->state.nameless = nameless;
}

/**
 * eros_item_get_element:
 * @self: an item
 *
 * Returns: (transfer none): what it is the state of
 */
ErosElement *
eros_item_get_element (ErosItem *self)
{
  g_return_val_if_fail (EROS_IS_ITEM (self), NULL);
  return self->element;
}

/**
 * eros_item_get_mark:
 * @self: an item
 *
 * Returns: whether it is open, ticked (or signed), or does not apply
 */
ErosItemMark
eros_item_get_mark (ErosItem *self)
{
  g_return_val_if_fail (EROS_IS_ITEM (self), EROS_ITEM_OPEN);
  return self->state.mark;
}

/**
 * eros_item_get_actor:
 * @self: an item
 *
 * Returns: (nullable): who set the mark; %NULL when it is open
 */
const char *
eros_item_get_actor (ErosItem *self)
{
  g_return_val_if_fail (EROS_IS_ITEM (self), NULL);
  return self->state.actor;
}

/**
 * eros_item_get_time:
 * @self: an item
 *
 * Returns: when the mark was set, in microseconds since 1970 UTC; 0 when it is
 *   open
 */
gint64
eros_item_get_time (ErosItem *self)
{
  g_return_val_if_fail (EROS_IS_ITEM (self), 0);
  return self->state.time;
}

/**
 * eros_item_get_note:
 * @self: an item
 *
 * Returns: what people wrote beside it, "" when nothing
 */
const char *
eros_item_get_note (ErosItem *self)
{
  g_return_val_if_fail (EROS_IS_ITEM (self), NULL);
  return self->state.note != NULL ? self->state.note : "";
}

/**
 * eros_item_get_reason:
 * @self: an item
 *
 * Returns: (nullable): why it does not apply, is ticked although its check
 *   failed, or is signed as a success although something contradicts that
 */
const char *
eros_item_get_reason (ErosItem *self)
{
  g_return_val_if_fail (EROS_IS_ITEM (self), NULL);
  return self->state.reason;
}

/**
 * eros_item_get_outcome:
 * @self: an item
 *
 * Returns: how the machine check ended when it last ran
 */
ErosOutcome
eros_item_get_outcome (ErosItem *self)
{
  g_return_val_if_fail (EROS_IS_ITEM (self), EROS_OUTCOME_NONE);
  return self->state.outcome;
}

/**
 * eros_item_get_summary:
 * @self: an item
 *
 * Returns: (nullable): what the machine found, in a sentence
 */
const char *
eros_item_get_summary (ErosItem *self)
{
  g_return_val_if_fail (EROS_IS_ITEM (self), NULL);
  return self->state.summary;
}

/**
 * eros_item_get_evidence:
 * @self: an item
 *
 * Returns: (nullable) (transfer none): what the machine’s finding rests on:
 *   SQL, job ids, times, numbers
 */
JsonNode *
eros_item_get_evidence (ErosItem *self)
{
  g_return_val_if_fail (EROS_IS_ITEM (self), NULL);
  return self->state.evidence;
}

/**
 * eros_item_is_retracted:
 * @self: an item
 *
 * Returns: whether the machine had ticked it and took that back because the
 *   check has failed since
 */
gboolean
eros_item_is_retracted (ErosItem *self)
{
  g_return_val_if_fail (EROS_IS_ITEM (self), FALSE);
  return self->state.retracted;
}

/**
 * eros_item_is_failing:
 * @self: an item
 *
 * Returns: whether the machine’s last word is that its check fails; whatever
 *   mark a person has set, and also when it could not look again since
 */
gboolean
eros_item_is_failing (ErosItem *self)
{
  g_return_val_if_fail (EROS_IS_ITEM (self), FALSE);
  return is_failing (&self->state);
}

/**
 * eros_item_is_decided:
 * @self: an item
 *
 * Returns: whether it fails and a person has marked it all the same since: see
 *   eros_item_get_actor() and eros_item_get_reason()
 */
gboolean
eros_item_is_decided (ErosItem *self)
{
  g_return_val_if_fail (EROS_IS_ITEM (self), FALSE);
  return is_decided (&self->state);
}

/**
 * eros_item_is_signed:
 * @self: the item of a sign-off
 *
 * Returns: whether it is signed
 */
gboolean
eros_item_is_signed (ErosItem *self)
{
  g_return_val_if_fail (EROS_IS_ITEM (self), FALSE);
  return self->state.is_signed;
}
