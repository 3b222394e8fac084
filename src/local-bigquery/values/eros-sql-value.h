/* eros-sql-value.h: GoogleSQL values, and the binary form of ARRAY and STRUCT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-sql-type.h"

G_BEGIN_DECLS

/* A value is held as it lies in SQLite (see DESIGN.md), so that looking at one costs nothing:
 *
 *   integer  INT64, BOOL, DATE (days), TIME, DATETIME, TIMESTAMP (microseconds)
 *   real     FLOAT64
 *   data     STRING and JSON (UTF-8), BYTES, NUMERIC, BIGNUMERIC, INTERVAL, ARRAY, STRUCT (binary); not NUL-terminated
 *
 * Most values borrow their data (from a SQLite row, an array): those need no eros_sql_value_clear(). */
typedef struct
{
  const ErosSqlType *type;
  gboolean           is_null;
  union
  {
    gint64 integer;
    double real;
    struct
    {
      const char *data;
      gsize       size;
    };
  };
  char *owned; /* what eros_sql_value_clear() frees */
} ErosSqlValue;

#define EROS_SQL_VALUE_INIT                                                                                            \
  {                                                                                                                    \
    NULL, TRUE, { 0 }, NULL                                                                                            \
  }

gboolean eros_sql_value_has_data (const ErosSqlValue *value);
void     eros_sql_value_clear (ErosSqlValue *value);
void     eros_sql_value_copy (const ErosSqlValue *value, ErosSqlValue *copy);
void     eros_sql_value_set_null (ErosSqlValue *value, const ErosSqlType *type);
void     eros_sql_value_set_integer (ErosSqlValue *value, const ErosSqlType *type, gint64 integer);
void     eros_sql_value_set_real (ErosSqlValue *value, double real);
void     eros_sql_value_set_data (ErosSqlValue *value, const ErosSqlType *type, const char *data, gssize size);
void     eros_sql_value_take_data (ErosSqlValue *value, const ErosSqlType *type, char *data, gssize size);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ErosSqlValue, eros_sql_value_clear)

gboolean eros_sql_value_equal (const ErosSqlValue *a, const ErosSqlValue *b);
int      eros_sql_value_compare (const ErosSqlValue *a, const ErosSqlValue *b);
guint64  eros_sql_value_get_logical_size (const ErosSqlValue *value);

/* Unlike g_utf8_validate(), NUL is a character like any other. */
gboolean eros_sql_is_utf8 (const char *data, gsize size);

/* Text forms. Each appends to @text. */
void eros_sql_value_append_cast (const ErosSqlValue *value, GString *text);
void eros_sql_value_append_t (const ErosSqlValue *value, GString *text);
void eros_sql_value_append_literal (const ErosSqlValue *value, GString *text);
void eros_sql_value_append_json (const ErosSqlValue *value, gboolean pretty, guint indent, GString *text);

typedef enum
{
  EROS_SQL_REST_DEFAULT = 0,
  EROS_SQL_REST_INT64_TIMESTAMP = 1 << 0, /* formatOptions.useInt64Timestamp */
} ErosSqlRestFlags;

/* {"v":…} without the braces: a JSON string, null, a list of {"v":…} or {"f":[…]} */
void eros_sql_value_append_rest (const ErosSqlValue *value, ErosSqlRestFlags flags, GString *text);

/* Parsing. @text is a parameter's or an insertAll row's value, or what CAST takes. */
gboolean eros_sql_value_from_text (const ErosSqlType *type,
                                   const char        *text,
                                   gssize             size,
                                   ErosSqlValue      *value,
                                   GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* The binary form of ARRAY and STRUCT: elements one after another, each with its storage class. */
typedef struct
{
  GString *bytes;
  guint    n_elements;
} ErosSqlBuilder;

void  eros_sql_builder_init (ErosSqlBuilder *builder, ErosSqlKind kind);
void  eros_sql_builder_clear (ErosSqlBuilder *builder);
void  eros_sql_builder_add_null (ErosSqlBuilder *builder);
void  eros_sql_builder_add_integer (ErosSqlBuilder *builder, gint64 integer);
void  eros_sql_builder_add_real (ErosSqlBuilder *builder, double real);
void  eros_sql_builder_add_text (ErosSqlBuilder *builder, const char *data, gsize size);
void  eros_sql_builder_add_blob (ErosSqlBuilder *builder, const char *data, gsize size);
void  eros_sql_builder_add (ErosSqlBuilder *builder, const ErosSqlValue *value);
void  eros_sql_builder_add_all (ErosSqlBuilder *builder, const char *data, gsize size);
char *eros_sql_builder_end (ErosSqlBuilder *builder, gsize *size);
void  eros_sql_builder_end_value (ErosSqlBuilder *builder, const ErosSqlType *type, ErosSqlValue *value);

typedef enum
{
  EROS_SQL_STORAGE_NULL,
  EROS_SQL_STORAGE_INTEGER,
  EROS_SQL_STORAGE_REAL,
  EROS_SQL_STORAGE_TEXT,
  EROS_SQL_STORAGE_BLOB,
} ErosSqlStorage;

typedef struct
{
  ErosSqlStorage storage;
  union
  {
    gint64 integer;
    double real;
    struct
    {
      const char *data;
      gsize       size;
    };
  };
} ErosSqlElement;

typedef struct
{
  const guint8 *next;
  const guint8 *end;
  guint         n_elements;
  guint         index;
} ErosSqlReader;

/* A reader never reads outside its bytes, whatever they are: what is malformed reads as too few elements. */
gboolean eros_sql_reader_init (ErosSqlReader *reader, const char *data, gsize size);
gboolean eros_sql_reader_next (ErosSqlReader *reader, ErosSqlElement *element);
gboolean eros_sql_reader_next_value (ErosSqlReader *reader, const ErosSqlType *type, ErosSqlValue *value);

/* What BigQuery keeps nowhere: a NULL in an ARRAY, at any depth */
gboolean eros_sql_type_has_array (const ErosSqlType *type);
gboolean eros_sql_value_has_null_element (const ErosSqlValue *value);
void     eros_sql_value_fill_arrays (ErosSqlValue *value);

G_END_DECLS
