/* eros-field.h: a blank on the paper, with a type
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  EROS_FIELD_TEXT,
  EROS_FIELD_IDENTIFIER, /* a name of a project, data set or table, where it is not said of which */
  EROS_FIELD_PROJECT,    /* "eros-production", "example.com:team" */
  EROS_FIELD_DATASET,
  EROS_FIELD_TABLE,
  EROS_FIELD_LOCATION, /* "US", "europe-west1" */
  EROS_FIELD_BUCKET,
  EROS_FIELD_NUMBER,     /* decimal text, with a unit: "s", "ms", "slots" */
  EROS_FIELD_COUNT,      /* a whole number of things, 0 or more, with a unit: "rows" */
  EROS_FIELD_BYTES,      /* a number of bytes */
  EROS_FIELD_MONEY,      /* decimal text in US dollars */
  EROS_FIELD_PERCENTAGE, /* decimal text, 0 … 100 */
  EROS_FIELD_DATE,       /* "2025-10-31" */
  EROS_FIELD_TIME,       /* "14:30:00" UTC */
  EROS_FIELD_TIMESTAMP,  /* "2025-10-31T14:30:00Z" */
  EROS_FIELD_CHOICE,     /* one of the choices: SUCCESS, ROLLBACK REQUIRED */
  EROS_FIELD_EMAIL,
  EROS_FIELD_PHONE,
} ErosFieldType;

#define EROS_TYPE_FIELD (eros_field_get_type ())
G_DECLARE_FINAL_TYPE (ErosField, eros_field, EROS, FIELD, GObject)

const char        *eros_field_get_id (ErosField *self);
const char        *eros_field_get_label (ErosField *self);
ErosFieldType      eros_field_get_field_type (ErosField *self);
const char        *eros_field_get_unit (ErosField *self);        /* (nullable) */
const char        *eros_field_get_placeholder (ErosField *self); /* (nullable) an example of a value */
const char *const *eros_field_get_choices (ErosField *self);     /* (nullable) CHOICE only */
/* (nullable) What stands for a blank until somebody fills it in: "detail:lead-name" … as a placeholder's source. */
const char *eros_field_get_source (ErosField *self);
/* The same for what is asked outside of a runbook, by no less strict rules; of no unit, and no EROS_FIELD_CHOICE. */
char *eros_field_type_normalize (ErosFieldType type, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Turns what a person typed into the canonical text that is stored (see the enum), or says what is wrong with it.
 * An empty text is valid and means “blank”. Returns (transfer full). */
char *eros_field_normalize (ErosField *self, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A stored value as a person of this locale reads it, unit included. Returns (transfer full). */
char *eros_field_format (ErosField *self, const char *value);

G_END_DECLS
