/* eros-sql-type.h: GoogleSQL types
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EROS_SQL_ERROR (eros_sql_error_quark ())

typedef enum
{
  EROS_SQL_ERROR_INVALID_TYPE,  /* a type's text form is malformed */
  EROS_SQL_ERROR_INVALID_VALUE, /* a value's text or binary form is malformed or out of range */
  EROS_SQL_ERROR_NO_FUNCTION,   /* no function of that name */
  EROS_SQL_ERROR_NO_SIGNATURE,  /* a function, but not for these arguments */
  EROS_SQL_ERROR_UNSUPPORTED,   /* BigQuery has it, the local engine does not */
} ErosSqlError;

GQuark eros_sql_error_quark (void);

typedef enum
{
  EROS_SQL_INT64,
  EROS_SQL_FLOAT64,
  EROS_SQL_BOOL,
  EROS_SQL_STRING,
  EROS_SQL_BYTES,
  EROS_SQL_NUMERIC,
  EROS_SQL_BIGNUMERIC,
  EROS_SQL_DATE,
  EROS_SQL_TIME,
  EROS_SQL_DATETIME,
  EROS_SQL_TIMESTAMP,
  EROS_SQL_JSON,
  EROS_SQL_INTERVAL,
  EROS_SQL_GEOGRAPHY,
  EROS_SQL_RANGE, /* of DATE, DATETIME or TIMESTAMP */
  EROS_SQL_ARRAY,
  EROS_SQL_STRUCT,
} ErosSqlKind;

#define EROS_SQL_N_SCALAR_KINDS EROS_SQL_RANGE

/* Types are interned and live as long as the process: equal types are the same pointer, nothing is owned, and they
 * may be shared between threads. */
typedef struct _ErosSqlType ErosSqlType;

typedef struct
{
  const char        *name; /* "" for a field without a name */
  const ErosSqlType *type;
} ErosSqlField;

const ErosSqlType  *eros_sql_type (ErosSqlKind kind);
const ErosSqlType  *eros_sql_type_array (const ErosSqlType *element);
const ErosSqlType  *eros_sql_type_range (const ErosSqlType *element);
const ErosSqlType  *eros_sql_type_struct (const ErosSqlField *fields, guint n_fields);
const ErosSqlType  *eros_sql_type_parse (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ErosSqlKind         eros_sql_type_get_kind (const ErosSqlType *type);
const char         *eros_sql_type_get_name (const ErosSqlType *type);
const ErosSqlType  *eros_sql_type_get_element (const ErosSqlType *type);
guint               eros_sql_type_get_n_fields (const ErosSqlType *type);
const ErosSqlField *eros_sql_type_get_field (const ErosSqlType *type, guint index);
gboolean eros_sql_type_find_field (const ErosSqlType *type, const char *name, guint *index, gboolean *ambiguous);

const char *eros_sql_kind_get_name (ErosSqlKind kind);
gboolean    eros_sql_kind_from_name (const char *name, ErosSqlKind *kind);

gboolean eros_sql_type_is (const ErosSqlType *type, ErosSqlKind kind);
gboolean eros_sql_type_is_numeric (const ErosSqlType *type);
gboolean eros_sql_type_is_orderable (const ErosSqlType *type);
gboolean eros_sql_type_is_groupable (const ErosSqlType *type);
gboolean eros_sql_type_is_comparable (const ErosSqlType *type);

/* What an expression is made of decides what it may silently become. */
typedef enum
{
  EROS_SQL_FORM_EXPRESSION,
  EROS_SQL_FORM_LITERAL, /* 1, 'text', DATE '2025-01-01': a STRING one may become DATE …, an INT64 one FLOAT64 … */
  EROS_SQL_FORM_NULL,    /* NULL without a type: becomes anything */
  EROS_SQL_FORM_EMPTY_ARRAY, /* [] without a type: becomes any ARRAY */
  EROS_SQL_FORM_PARAMETER,   /* @name: coerces as a literal does, except that its value is not known */
  EROS_SQL_FORM_PART,        /* DAY, WEEK(MONDAY): functions only; type is NULL, part is the text */
  EROS_SQL_FORM_INTERVAL,    /* INTERVAL n DAY as a function's argument: functions only; type is that of n */
} ErosSqlForm;

typedef struct
{
  const ErosSqlType *type; /* of NULL: INT64, of []: ARRAY<INT64>, as BigQuery names them */
  ErosSqlForm        form;
  const char        *part; /* upper case, with EROS_SQL_FORM_PART and EROS_SQL_FORM_INTERVAL */
  const char        *name; /* of a named argument (name => …), or NULL */
} ErosSqlArgument;

gboolean           eros_sql_type_coerces (const ErosSqlType *from, ErosSqlForm form, const ErosSqlType *to);
gboolean           eros_sql_type_casts (const ErosSqlType *from, const ErosSqlType *to);
const ErosSqlType *eros_sql_type_supertype (const ErosSqlArgument *arguments, guint n_arguments);

G_END_DECLS
