/* eros-element.c: one thing on a page of the runbook
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-runbook-private.h"

G_DEFINE_FINAL_TYPE (ErosElement, eros_element, G_TYPE_OBJECT)

static void
free_expectations (ErosExpectation *expectations, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_free (expectations[i].column);
      g_free (expectations[i].op);
      g_free (expectations[i].value);
    }
  g_free (expectations);
}

static void
check_free (ErosCheckBinding *check)
{
  free_expectations (check->expectations, check->n_expectations);
  free_expectations (check->enough, check->n_enough);
  g_free (check->id);
  g_free (check->builtin);
  g_free (check->sql);
  g_free (check->sql_source);
  g_free (check->summary);
  g_strfreev (check->fills);
  g_strfreev (check->parameters);
  g_free (check);
}

static void
clear_placeholder (gpointer data)
{
  ErosPlaceholder *placeholder = data;

  g_free (placeholder->name);
  g_free (placeholder->source);
  g_free (placeholder->label);
  g_strfreev (placeholder->choices);
}

static void
clear_criterion (gpointer data)
{
  ErosCriterion *criterion = data;

  g_free (criterion->id);
  g_free (criterion->text);
  g_free (criterion->metric);
  g_free (criterion->op);
  g_free (criterion->threshold);
  g_free (criterion->unit);
  g_free (criterion->check);
  g_free (criterion->fact);
}

static void
clear_entry (gpointer data)
{
  ErosScheduleEntry *entry = data;

  g_free (entry->id);
  g_free (entry->text);
  g_free (entry->check);
}

static void
clear_metric (gpointer data)
{
  ErosMetricRow *row = data;

  g_free (row->id);
  g_free (row->title);
  g_free (row->before);
  g_free (row->after);
  g_free (row->unit);
}

static GArray *
new_array (guint size, GDestroyNotify clear)
{
  GArray *array = g_array_new (FALSE, TRUE, size);

  g_array_set_clear_func (array, clear);
  return array;
}

static void
eros_element_finalize (GObject *object)
{
  ErosElement *self = EROS_ELEMENT (object);

  g_free (self->id);
  g_free (self->text);
  g_free (self->label);
  g_free (self->hint);
  g_free (self->operation);
  g_free (self->language);
  g_free (self->subject);
  g_strfreev (self->recipients);
  g_free (self->until);
  g_free (self->sent_at);
  g_free (self->sent_to);
  g_free (self->role);
  g_strfreev (self->proves);
  g_strfreev (self->watched);
  g_free (self->sum);
  g_strfreev (self->sum_of);
  g_strfreev (self->tables);
  g_free (self->authority);
  g_free (self->person);
  g_strfreev (self->fills);
  g_strfreev (self->items);
  g_strfreev (self->columns);
  g_ptr_array_unref (self->rows);
  g_object_unref (self->fields);
  g_clear_pointer (&self->check, check_free);
  g_array_unref (self->placeholders);
  g_array_unref (self->criteria);
  g_array_unref (self->schedule);
  g_free (self->after);
  g_array_unref (self->metrics);
  G_OBJECT_CLASS (eros_element_parent_class)->finalize (object);
}

static void
eros_element_class_init (ErosElementClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_element_finalize;
}

static void
eros_element_init (ErosElement *self)
{
  self->fields = g_list_store_new (EROS_TYPE_FIELD);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->placeholders = new_array (sizeof (ErosPlaceholder), clear_placeholder);
  self->criteria = new_array (sizeof (ErosCriterion), clear_criterion);
  self->schedule = new_array (sizeof (ErosScheduleEntry), clear_entry);
  self->metrics = new_array (sizeof (ErosMetricRow), clear_metric);
}

/**
 * eros_element_get_id:
 * @self: an element
 *
 * Returns: its id, which is never changed once a runbook is in use
 */
const char *
eros_element_get_id (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return self->id;
}

/**
 * eros_element_get_kind:
 * @self: an element
 *
 * Returns: what it is
 */
ErosElementKind
eros_element_get_kind (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), EROS_ELEMENT_TEXT);

  return self->kind;
}

/**
 * eros_element_get_text:
 * @self: an element
 *
 * Returns: the exact wording of the paper, blanks and back-quotes included; for a command, template or text
 *   its text
 */
const char *
eros_element_get_text (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return self->text;
}

/**
 * eros_element_get_label:
 * @self: an element
 *
 * Returns: what a page shows: the text without its blanks, or what is written on an operation’s button
 */
const char *
eros_element_get_label (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return self->label;
}

/**
 * eros_element_get_hint:
 * @self: an element
 *
 * Returns: (nullable): a sentence that helps: what the program does in place of a script that the paper names
 */
const char *
eros_element_get_hint (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return self->hint;
}

/**
 * eros_element_get_fields:
 * @self: an element
 *
 * Returns: (transfer none): its blanks, of #ErosField; empty when there are none
 */
GListModel *
eros_element_get_fields (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return G_LIST_MODEL (self->fields);
}

/**
 * eros_element_get_check_binding:
 * @self: an element
 *
 * Returns: (nullable): what the machine does to tick a check box
 */
const ErosCheckBinding *
eros_element_get_check_binding (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return self->check;
}

/**
 * eros_element_get_operation:
 * @self: an element
 *
 * Returns: (nullable): an operation’s name for the controller
 */
const char *
eros_element_get_operation (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return self->operation;
}

/**
 * eros_element_get_watched:
 * @self: an element
 *
 * Returns: (nullable): ids of the entries of schedules in whose rounds a check box is seen to be true
 */
const char *const *
eros_element_get_watched (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return (const char *const *) self->watched;
}

/**
 * eros_element_get_sum:
 * @self: an element
 *
 * Returns: (nullable): what kind of sum a check box is: "passed", "looked-at", "log", "improvements",
 * "phases" or "issues"; %NULL if it is none
 */
const char *
eros_element_get_sum (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return self->sum;
}

/**
 * eros_element_get_sum_of:
 * @self: an element
 *
 * Returns: (nullable): ids of the elements that it is the sum of
 */
const char *const *
eros_element_get_sum_of (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return (const char *const *) self->sum_of;
}

/**
 * eros_element_get_proves:
 * @self: an element
 *
 * Returns: (nullable): ids of the check boxes that an operation ticks when it proves them
 */
const char *const *
eros_element_get_proves (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return (const char *const *) self->proves;
}

/**
 * eros_element_get_tables:
 * @self: an element
 *
 * Returns: (nullable): names of the tables that an operation backs up or restores, in the runbook's order
 */
const char *const *
eros_element_get_tables (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return (const char *const *) self->tables;
}

/**
 * eros_element_get_authority:
 * @self: an element
 *
 * Returns: (nullable) (transfer none): the id of the field in which stands who may order an operation, or who
 * is expected to sign
 */
const char *
eros_element_get_authority (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return self->authority;
}

/**
 * eros_element_get_person:
 * @self: an element
 *
 * Returns: (nullable) (transfer none): of a check box about a person, the id of the field in which the name
 * stands
 */
const char *
eros_element_get_person (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return self->person;
}

/**
 * eros_element_get_fills:
 * @self: an element
 *
 * Returns: (nullable): pairs of a field’s id and the name of the operation’s result that fills it in
 */
const char *const *
eros_element_get_fills (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return (const char *const *) self->fills;
}

/**
 * eros_element_get_items:
 * @self: an element
 *
 * Returns: (nullable): the texts of a list
 */
const char *const *
eros_element_get_items (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return (const char *const *) self->items;
}

/**
 * eros_element_get_is_numbered:
 * @self: an element
 *
 * Returns: whether a list’s order means something
 */
gboolean
eros_element_get_is_numbered (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), FALSE);

  return self->is_numbered;
}

/**
 * eros_element_get_language:
 * @self: an element
 *
 * Returns: (nullable): a command’s language: “sh”, “sql”
 */
const char *
eros_element_get_language (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return self->language;
}

const char *
eros_element_get_until (ErosElement *self)
{
  return self->until;
}

ErosMoment
eros_element_get_moment (ErosElement *self)
{
  return self->moment;
}

const char *const *
eros_element_get_recipients (ErosElement *self)
{
  return (const char *const *) self->recipients;
}

const char *
eros_element_get_sent_at (ErosElement *self)
{
  return self->sent_at;
}

const char *
eros_element_get_sent_to (ErosElement *self)
{
  return self->sent_to;
}

/**
 * eros_element_get_subject:
 * @self: an element
 *
 * Returns: (nullable): a message’s subject, with placeholders
 */
const char *
eros_element_get_subject (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return self->subject;
}

/**
 * eros_element_wants_signature:
 * @self: an element
 *
 * Returns: whether it is signed with a name: a sign-off, or a check box with a
 *   text and a time of day beside it, as in “QA: ______ Time: ____”
 */
gboolean
eros_element_wants_signature (ErosElement *self)
{
  gboolean has_text = FALSE, has_time = FALSE;

  g_return_val_if_fail (EROS_IS_ELEMENT (self), FALSE);

  if (self->kind == EROS_ELEMENT_SIGN_OFF)
    return TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (eros_element_get_fields (self)); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (eros_element_get_fields (self), i);

      has_text |= eros_field_get_field_type (field) == EROS_FIELD_TEXT;
      has_time |= eros_field_get_field_type (field) == EROS_FIELD_TIME;
    }
  return self->kind == EROS_ELEMENT_CHECK && has_text && has_time;
}

/**
 * eros_element_get_role:
 * @self: an element
 *
 * Returns: (nullable): who signs: “Deployment Lead”
 */
const char *
eros_element_get_role (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return self->role;
}

/**
 * eros_element_get_placeholders:
 * @self: an element
 * @n: (out): how many there are
 *
 * Returns: (array length=n): a message’s placeholders
 */
const ErosPlaceholder *
eros_element_get_placeholders (ErosElement *self, guint *n)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  *n = self->placeholders->len;
  return (const ErosPlaceholder *) (gpointer) self->placeholders->data;
}

/**
 * eros_element_get_criteria:
 * @self: an element
 * @n: (out): how many there are
 *
 * Returns: (array length=n): success or rollback criteria
 */
const ErosCriterion *
eros_element_get_criteria (ErosElement *self, guint *n)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  *n = self->criteria->len;
  return (const ErosCriterion *) (gpointer) self->criteria->data;
}

/**
 * eros_element_get_after:
 * @self: an element
 *
 * Returns: (nullable): for a schedule, the operation whose end it counts from; %NULL for the deployment's
 */
const char *
eros_element_get_after (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return self->after;
}

/**
 * eros_element_get_schedule:
 * @self: an element
 * @n: (out): how many there are
 *
 * Returns: (array length=n): when to look
 */
const ErosScheduleEntry *
eros_element_get_schedule (ErosElement *self, guint *n)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  *n = self->schedule->len;
  return (const ErosScheduleEntry *) (gpointer) self->schedule->data;
}

/**
 * eros_element_get_metrics:
 * @self: an element
 * @n: (out): how many there are
 *
 * Returns: (array length=n): the rows of the before/after table
 */
const ErosMetricRow *
eros_element_get_metrics (ErosElement *self, guint *n)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  *n = self->metrics->len;
  return (const ErosMetricRow *) (gpointer) self->metrics->data;
}

/**
 * eros_element_get_columns:
 * @self: an element
 *
 * Returns: (nullable): the headings of a table
 */
const char *const *
eros_element_get_columns (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return (const char *const *) self->columns;
}

/**
 * eros_element_get_rows:
 * @self: an element
 *
 * Returns: (transfer none): a table’s rows, of char **; empty when there are none
 */
GPtrArray *
eros_element_get_rows (ErosElement *self)
{
  g_return_val_if_fail (EROS_IS_ELEMENT (self), NULL);

  return self->rows;
}
