/* eros-runbook-parts.c: the phases, sections and gates of a runbook
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-runbook-private.h"

G_DEFINE_FINAL_TYPE (ErosSection, eros_section, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (ErosPhase, eros_phase, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (ErosGate, eros_gate, G_TYPE_OBJECT)

static void
eros_section_finalize (GObject *object)
{
  ErosSection *self = EROS_SECTION (object);

  g_free (self->id);
  g_free (self->title);
  g_object_unref (self->elements);
  G_OBJECT_CLASS (eros_section_parent_class)->finalize (object);
}

static void
eros_section_class_init (ErosSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_section_finalize;
}

static void
eros_section_init (ErosSection *self)
{
  self->elements = g_list_store_new (EROS_TYPE_ELEMENT);
}

static void
eros_phase_finalize (GObject *object)
{
  ErosPhase *self = EROS_PHASE (object);

  g_free (self->id);
  g_free (self->title);
  g_free (self->short_title);
  g_object_unref (self->sections);
  G_OBJECT_CLASS (eros_phase_parent_class)->finalize (object);
}

static void
eros_phase_class_init (ErosPhaseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_phase_finalize;
}

static void
eros_phase_init (ErosPhase *self)
{
  self->sections = g_list_store_new (EROS_TYPE_SECTION);
}

static void
eros_gate_finalize (GObject *object)
{
  ErosGate *self = EROS_GATE (object);

  g_free (self->id);
  g_free (self->title);
  g_strfreev (self->guards);
  g_strfreev (self->requires);
  g_free (self->recent);
  G_OBJECT_CLASS (eros_gate_parent_class)->finalize (object);
}

static void
eros_gate_class_init (ErosGateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_gate_finalize;
}

static void
eros_gate_init (ErosGate *self)
{
}

/**
 * eros_section_get_id:
 * @self: a section
 *
 * Returns: its id
 */
const char *
eros_section_get_id (ErosSection *self)
{
  g_return_val_if_fail (EROS_IS_SECTION (self), NULL);

  return self->id;
}

/**
 * eros_section_get_title:
 * @self: a section
 *
 * Returns: its heading, as on paper
 */
const char *
eros_section_get_title (ErosSection *self)
{
  g_return_val_if_fail (EROS_IS_SECTION (self), NULL);

  return self->title;
}

/**
 * eros_section_get_elements:
 * @self: a section
 *
 * Returns: (transfer none): its elements, of #ErosElement, in the order of the page
 */
GListModel *
eros_section_get_elements (ErosSection *self)
{
  g_return_val_if_fail (EROS_IS_SECTION (self), NULL);

  return G_LIST_MODEL (self->elements);
}

/**
 * eros_phase_get_id:
 * @self: a phase
 *
 * Returns: its id
 */
const char *
eros_phase_get_id (ErosPhase *self)
{
  g_return_val_if_fail (EROS_IS_PHASE (self), NULL);

  return self->id;
}

/**
 * eros_phase_get_number:
 * @self: a phase
 *
 * Returns: its number on paper, from 0
 */
guint
eros_phase_get_number (ErosPhase *self)
{
  g_return_val_if_fail (EROS_IS_PHASE (self), 0);

  return self->number;
}

/**
 * eros_phase_get_title:
 * @self: a phase
 *
 * Returns: its title, as on paper
 */
const char *
eros_phase_get_title (ErosPhase *self)
{
  g_return_val_if_fail (EROS_IS_PHASE (self), NULL);

  return self->title;
}

/**
 * eros_phase_get_short_title:
 * @self: a phase
 *
 * Returns: its title in a sidebar
 */
const char *
eros_phase_get_short_title (ErosPhase *self)
{
  g_return_val_if_fail (EROS_IS_PHASE (self), NULL);

  return self->short_title;
}

/**
 * eros_phase_is_contingency:
 * @self: a phase
 *
 * Returns: whether it is only conducted when it is needed, and is no part of a deployment’s progress
 */
gboolean
eros_phase_is_contingency (ErosPhase *self)
{
  g_return_val_if_fail (EROS_IS_PHASE (self), FALSE);

  return self->is_contingency;
}

/**
 * eros_phase_get_sections:
 * @self: a phase
 *
 * Returns: (transfer none): its sections, of #ErosSection
 */
GListModel *
eros_phase_get_sections (ErosPhase *self)
{
  g_return_val_if_fail (EROS_IS_PHASE (self), NULL);

  return G_LIST_MODEL (self->sections);
}

/**
 * eros_gate_get_id:
 * @self: a gate
 *
 * Returns: its id
 */
const char *
eros_gate_get_id (ErosGate *self)
{
  g_return_val_if_fail (EROS_IS_GATE (self), NULL);

  return self->id;
}

/**
 * eros_gate_get_kind:
 * @self: a gate
 *
 * Returns: what its requirements are
 */
ErosGateKind
eros_gate_get_kind (ErosGate *self)
{
  g_return_val_if_fail (EROS_IS_GATE (self), EROS_GATE_ITEMS);

  return self->kind;
}

/**
 * eros_gate_get_title:
 * @self: a gate
 *
 * Returns: the condition, for people: “There is a verified backup”
 */
const char *
eros_gate_get_title (ErosGate *self)
{
  g_return_val_if_fail (EROS_IS_GATE (self), NULL);

  return self->title;
}

/**
 * eros_gate_get_guards:
 * @self: a gate
 *
 * Returns: ids of elements or phases, or names of operations, that have to wait
 */
const char *const *
eros_gate_get_guards (ErosGate *self)
{
  g_return_val_if_fail (EROS_IS_GATE (self), NULL);

  return (const char *const *) self->guards;
}

/**
 * eros_gate_get_requires:
 * @self: a gate
 *
 * Returns: ids of the elements or phases that must be done
 */
const char *const *
eros_gate_get_requires (ErosGate *self)
{
  g_return_val_if_fail (EROS_IS_GATE (self), NULL);

  return (const char *const *) self->requires;
}

/**
 * eros_gate_may_override:
 * @self: a gate
 *
 * Returns: whether somebody may go on without, with name and reason
 */
gboolean
eros_gate_may_override (ErosGate *self)
{
  g_return_val_if_fail (EROS_IS_GATE (self), FALSE);

  return self->may_override;
}

/**
 * eros_gate_looks_again:
 * @self: a gate
 *
 * Returns: whether the checks of what it requires are made again before an operation that waits for it begins
 */
gboolean
eros_gate_looks_again (ErosGate *self)
{
  g_return_val_if_fail (EROS_IS_GATE (self), FALSE);

  return self->looks_again;
}

/**
 * eros_gate_get_recent:
 * @self: a gate
 * @hours: (out): how old it may be; 0: any age
 *
 * Without an operation it is what the gate requires that may not be older.
 *
 * Returns: (nullable): the operation that must have ended well within the last @hours before an operation
 * that waits for the gate may run; what a person does by hand does not wait for it
 */
const char *
eros_gate_get_recent (ErosGate *self, guint *hours)
{
  g_return_val_if_fail (EROS_IS_GATE (self), NULL);

  *hours = self->recent_hours;
  return self->recent;
}

/**
 * eros_gate_get_hours_ahead:
 * @self: a gate
 *
 * Returns: of one that wants an announcement, how many hours before the window begins
 */
guint
eros_gate_get_hours_ahead (ErosGate *self)
{
  g_return_val_if_fail (EROS_IS_GATE (self), 0);

  return self->hours_ahead;
}
