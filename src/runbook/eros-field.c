/* eros-field.c: a blank on the paper, with a type
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-runbook-private.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-vocabulary.h"

G_DEFINE_FINAL_TYPE (ErosField, eros_field, G_TYPE_OBJECT)

static const char *const type_names[] = { "text",     "identifier", "project", "dataset", "table",
                                          "location", "bucket",     "number",  "count",   "bytes",
                                          "money",    "percentage", "date",    "time",    "timestamp",
                                          "choice",   "email",      "phone",   NULL };

static const char *const detail_names[] = { "name",       "environment",  "project",    "dataset",
                                            "location",   "bucket",       "lead-name",  "lead-email",
                                            "lead-phone", "window-start", "window-end", "date",
                                            "start-time", "end-time",     NULL };

static const char *const now_names[] = { "date", "time", "timestamp", NULL };

static void
eros_field_finalize (GObject *object)
{
  ErosField *self = EROS_FIELD (object);

  g_free (self->id);
  g_free (self->label);
  g_free (self->unit);
  g_free (self->placeholder);
  g_free (self->source);
  g_strfreev (self->choices);
  G_OBJECT_CLASS (eros_field_parent_class)->finalize (object);
}

static void
eros_field_class_init (ErosFieldClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_field_finalize;
}

static void
eros_field_init (ErosField *self)
{
}

static gboolean
is_numeric (ErosFieldType type)
{
  return type == EROS_FIELD_NUMBER || type == EROS_FIELD_COUNT || type == EROS_FIELD_BYTES ||
         type == EROS_FIELD_MONEY || type == EROS_FIELD_PERCENTAGE;
}

/* Unlike what the program can do, these are part of the format itself. */
static void
know_name (ErosCursor *self,
           const char *member,
           const char *source,
           const char *name,
           const char *const *known)
{
  g_autofree char *all = g_strjoinv (", ", (char **) known);

  if (!g_strv_contains (known, name))
    eros_cursor_fail (self, member, -1, _ ("“%1$s” is not a source; known are: %2$s"), source, all);
}

/* A source of docs/runbook.md: "detail:NAME", "field:ID", "operation:NAME.ARGUMENT", "now:NAME" or "ticked".
 */
void
eros_cursor_source (ErosCursor *self, const char *member, char **source)
{
  const char *name;

  *source = eros_cursor_maybe (self, member);
  if (*source == NULL)
    return;
  name = strchr (*source, ':') != NULL ? strchr (*source, ':') + 1 : "";
  if (g_str_has_prefix (*source, "field:"))
    eros_cursor_refer (self, member, -1, name, EROS_ID_FIELD | EROS_ID_NUMERIC_FIELD);
  else if (g_str_has_prefix (*source, "operation:") && strchr (name, '.') != NULL)
    {
      g_autofree char *operation = g_strndup (name, strchr (name, '.') - name);

      eros_cursor_refer (self, member, -1, operation, EROS_ID_OPERATION);
      eros_cursor_know (self, member, -1, strchr (name, '.') + 1, eros_vocabulary_get_arguments (operation),
                        _ ("an argument of that operation"));
    }
  else if (g_str_has_prefix (*source, "detail:"))
    know_name (self, member, *source, name, detail_names);
  else if (g_str_has_prefix (*source, "now:"))
    know_name (self, member, *source, name, now_names);
  else if (!g_str_equal (*source, "ticked"))
    eros_cursor_fail (self, member, -1,
                      _ ("“%s” is not a source: detail:NAME, field:ID, operation:NAME.ARGUMENT, now:NAME, "
                         "ticked"),
                      *source);
}

/* The field at the cursor; unusable when the reader has failed. */
ErosField *
eros_field_read (ErosCursor *cursor)
{
  ErosField *self = g_object_new (EROS_TYPE_FIELD, NULL);

  self->type = eros_cursor_choice (cursor, "type", type_names);
  self->id = eros_cursor_id (cursor, is_numeric (self->type) ? EROS_ID_NUMERIC_FIELD : EROS_ID_FIELD);
  self->label = eros_cursor_string (cursor, "label");
  self->placeholder = eros_cursor_maybe (cursor, "placeholder");
  eros_cursor_source (cursor, "source", &self->source);
  if (self->type == EROS_FIELD_NUMBER || self->type == EROS_FIELD_COUNT)
    self->unit = eros_cursor_maybe (cursor, "unit");
  if (self->type == EROS_FIELD_CHOICE)
    {
      self->choices = eros_cursor_strings (cursor, "choices");
      if (self->choices == NULL)
        eros_cursor_fail (cursor, "choices", -1, _ ("this member is missing (a list)"));
    }
  return self;
}

/**
 * eros_field_get_id:
 * @self: a field
 *
 * Returns: its id, which is never changed once a runbook is in use
 */
const char *
eros_field_get_id (ErosField *self)
{
  g_return_val_if_fail (EROS_IS_FIELD (self), NULL);

  return self->id;
}

/**
 * eros_field_get_label:
 * @self: a field
 *
 * Returns: what stands beside the entry
 */
const char *
eros_field_get_label (ErosField *self)
{
  g_return_val_if_fail (EROS_IS_FIELD (self), NULL);

  return self->label;
}

/**
 * eros_field_get_field_type:
 * @self: a field
 *
 * Returns: what kind of value it holds
 */
ErosFieldType
eros_field_get_field_type (ErosField *self)
{
  g_return_val_if_fail (EROS_IS_FIELD (self), EROS_FIELD_TEXT);

  return self->type;
}

/**
 * eros_field_get_unit:
 * @self: a field
 *
 * Returns: (nullable): the unit of a number: “s”, “rows”
 */
const char *
eros_field_get_unit (ErosField *self)
{
  g_return_val_if_fail (EROS_IS_FIELD (self), NULL);

  return self->unit;
}

/**
 * eros_field_get_placeholder:
 * @self: a field
 *
 * Returns: (nullable): an example of a value, to show in the empty entry
 */
const char *
eros_field_get_placeholder (ErosField *self)
{
  g_return_val_if_fail (EROS_IS_FIELD (self), NULL);

  return self->placeholder;
}

/**
 * eros_field_get_choices:
 * @self: a field
 *
 * Returns: (nullable): the values that an %EROS_FIELD_CHOICE can have
 */
const char *const *
eros_field_get_choices (ErosField *self)
{
  g_return_val_if_fail (EROS_IS_FIELD (self), NULL);

  return (const char *const *) self->choices;
}

/**
 * eros_field_get_source:
 * @self: a field
 *
 * Returns: (nullable): what stands for a blank until somebody fills it in, as docs/runbook.md lists it
 */
const char *
eros_field_get_source (ErosField *self)
{
  g_return_val_if_fail (EROS_IS_FIELD (self), NULL);

  return self->source;
}
