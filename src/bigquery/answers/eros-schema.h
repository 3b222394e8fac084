/* eros-schema.h: the columns of a table or an answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  EROS_COLUMN_STRING,
  EROS_COLUMN_BYTES, /* base64 */
  EROS_COLUMN_INT64,
  EROS_COLUMN_FLOAT64,
  EROS_COLUMN_BOOL,
  EROS_COLUMN_NUMERIC,   /* BIGNUMERIC too: exact decimal text */
  EROS_COLUMN_TIMESTAMP, /* microseconds since 1970, UTC */
  EROS_COLUMN_DATE,
  EROS_COLUMN_TIME,
  EROS_COLUMN_DATETIME,
  EROS_COLUMN_JSON,
  EROS_COLUMN_OTHER, /* GEOGRAPHY, INTERVAL, RANGE …: BigQuery's text */
  EROS_COLUMN_STRUCT,
} ErosColumnType;

/* Immutable, reference-counted. */
typedef struct _ErosSchema ErosSchema;
ErosSchema                *eros_schema_new_from_json (JsonObject *schema,
                                                      GError    **error) G_GNUC_WARN_UNUSED_RESULT; /* {"fields": […]} */
ErosSchema                *eros_schema_ref (ErosSchema *self);
void                       eros_schema_unref (ErosSchema *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosSchema, eros_schema_unref)
guint          eros_schema_get_n_columns (const ErosSchema *self);
const char    *eros_schema_get_name (const ErosSchema *self, guint column);
ErosColumnType eros_schema_get_column_type (const ErosSchema *self, guint column);
gboolean       eros_schema_is_repeated (const ErosSchema *self, guint column);
/* Of an ARRAY column that holds no STRUCTs: a schema of one column, of the element's type. (transfer full) */
ErosSchema *eros_schema_new_element (const ErosSchema *self, guint column);
/* Of a STRUCT column; NULL for others. */
const ErosSchema *eros_schema_get_struct (const ErosSchema *self, guint column);

G_END_DECLS
