/* eros-function.h: the catalogue of GoogleSQL's functions and operators
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <eros-sql-type.h>
#include <eros-sql-value.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct _ErosFunction  ErosFunction;  /* a name with its signatures */
typedef struct _ErosSignature ErosSignature; /* one of them, with what does the work in SQLite */

typedef enum
{
  EROS_FUNCTION_SCALAR,
  EROS_FUNCTION_AGGREGATE, /* with OVER too, where EROS_FUNCTION_WINDOW is set */
  EROS_FUNCTION_ANALYTIC,  /* with OVER only */
} ErosFunctionKind;

typedef enum
{
  EROS_FUNCTION_NEEDS_TYPES = 1 << 0,   /* native arguments are followed by each value argument's type name, as text */
  EROS_FUNCTION_VOLATILE = 1 << 1,      /* RAND, GENERATE_UUID: not the same twice, never fold or repeat */
  EROS_FUNCTION_CAN_FAIL = 1 << 2,      /* has a twin "bq_safe_…" (for SAFE.), NULL where it would fail */
  EROS_FUNCTION_STRICT = 1 << 3,        /* NULL if any argument is */
  EROS_FUNCTION_DISTINCT = 1 << 4,      /* aggregates: f(DISTINCT x) */
  EROS_FUNCTION_ORDER_BY = 1 << 5,      /* f(x ORDER BY y) */
  EROS_FUNCTION_LIMIT = 1 << 6,         /* f(x LIMIT 3) */
  EROS_FUNCTION_NULLS = 1 << 7,         /* f(x IGNORE NULLS), RESPECT NULLS */
  EROS_FUNCTION_HAVING = 1 << 8,        /* f(x HAVING MAX y) */
  EROS_FUNCTION_WINDOW = 1 << 9,        /* aggregates: OVER is allowed */
  EROS_FUNCTION_FRAME = 1 << 10,        /* OVER may have ROWS/RANGE */
  EROS_FUNCTION_NEEDS_ORDER = 1 << 11,  /* OVER must have ORDER BY */
  EROS_FUNCTION_NO_ORDER = 1 << 12,     /* OVER must not have ORDER BY (PERCENTILE_CONT) */
  EROS_FUNCTION_BUILTIN = 1 << 13,      /* the native name is SQLite's own function (count, rank, lead …) */
  EROS_FUNCTION_CONTEXT = 1 << 14,      /* CURRENT_TIMESTAMP: one value for a whole statement */
  EROS_FUNCTION_IS_AGGREGATE = 1 << 15, /* see eros_function_get_kind() */
  EROS_FUNCTION_ANALYTIC_ONLY = 1 << 16,
  EROS_FUNCTION_IGNORES_NULLS = 1 << 17, /* unless RESPECT NULLS says otherwise */
  EROS_FUNCTION_SKIPS_NULLS = 1 << 18,   /* always: LIMIT does not count them */
  EROS_FUNCTION_ASSOCIATIVE = 1 << 19,   /* f (a, b, c) is f (f (a, b), c) */
  EROS_FUNCTION_ALTERNATIVES = 1 << 20,  /* f (x, a, b) is f (x, a) OR f (x, b) */
} ErosFunctionFlags;

/* Lookup. Names are case-insensitive, dotted ones ("NET.HOST") included. Operators have names of their own:
 *
 *   $add $subtract $multiply $divide $unary_minus $concat (||) $bitwise_not $bitwise_and $bitwise_or $bitwise_xor
 *   $shift_left $shift_right $equal $not_equal $less $less_or_equal $greater $greater_or_equal $like $not_like
 *   $between $in (x, list…) $in_array (x, array) $is_true $is_false $is_distinct_from $is_null $and $or $not $case
 *   $array_offset $array_ordinal $array_safe_offset $array_safe_ordinal $extract (x, PART[, zone]) $make_array
 * $make_struct $get_field (struct, index)
 */
const ErosFunction  *eros_function_lookup (const char *name);
GError              *eros_function_missing (const char *name);
const char          *eros_function_get_name (const ErosFunction *self);
ErosFunctionKind     eros_function_get_kind (const ErosFunction *self);
ErosFunctionFlags    eros_function_get_flags (const ErosFunction *self);
guint                eros_function_get_n_signatures (const ErosFunction *self);
const ErosSignature *eros_function_get_signature (const ErosFunction *self, guint index);
void                 eros_function_foreach (GFunc callback, gpointer user_data);

const char       *eros_signature_get_text (const ErosSignature *self);
const char       *eros_signature_get_native (const ErosSignature *self);
ErosFunctionFlags eros_signature_get_flags (const ErosSignature *self);

/* The result of choosing a signature for a call. */
typedef struct
{
  const ErosFunction  *function;
  const ErosSignature *signature;
  const ErosSqlType   *result;
  GPtrArray  *argument_types; /* of const ErosSqlType, one an argument: what it has to be coerced to; NULL for a part */
  GPtrArray  *parts;          /* of char *, one an argument: its part (DAY), or NULL */
  GArray     *places;         /* of guint, one an argument: which parameter it is for; they differ for name => value */
  const char *native;         /* a function's name, or an expression with ?1, ?2 … when it begins with "(" */
  ErosFunctionFlags flags;
} ErosFunctionCall;

void eros_function_call_clear (ErosFunctionCall *call);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ErosFunctionCall, eros_function_call_clear)

gboolean eros_function_resolve (const ErosFunction    *self,
                                const ErosSqlArgument *arguments,
                                guint                  n_arguments,
                                ErosFunctionCall      *call,
                                GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/* SQL for a call: @arguments are SQL texts, one an argument, already coerced; see eros_function_append_call(). */
void eros_function_append_call (const ErosFunctionCall *call,
                                gboolean                safe,
                                const char *const      *arguments,
                                GString                *sql);

/* FLOAT64 arithmetic of several operations is one call of bq_formula; see eros-native-formula.c. */
const char *eros_function_get_formula_code (const char *native, gboolean *is_comparison);

/* An aggregate's DISTINCT, ORDER BY, LIMIT, IGNORE/RESPECT NULLS and HAVING. */
typedef enum
{
  EROS_NULLS_DEFAULT,
  EROS_NULLS_IGNORE,
  EROS_NULLS_RESPECT,
} ErosNulls;

typedef struct
{
  const char        *sql;
  gboolean           descending;
  gboolean           nulls_last; /* what is meant, also when it is the default (ascending: first) */
  const ErosSqlType *type;
} ErosOrderKey;

typedef struct
{
  gboolean            distinct;
  ErosNulls           nulls;
  const ErosOrderKey *keys;
  guint               n_keys;
  gint64              limit;  /* -1 without one */
  const char         *having; /* SQL of the expression, or NULL */
  gboolean            having_max;
  gboolean            window; /* OVER (…) follows */
} ErosAggregateModifiers;

/* SQL for an aggregate's or analytic function's call, without OVER (…). */
void eros_function_append_aggregate (const ErosFunctionCall       *call,
                                     const ErosAggregateModifiers *modifiers,
                                     const char *const            *arguments,
                                     GString                      *sql);

/* SQL that turns @sql of type @from into @to: the text itself where nothing is to be done. @format and @zone (SQL
 * texts) may be NULL; there is no zone without a format. */
void eros_function_append_cast (const char        *sql,
                                const ErosSqlType *from,
                                const ErosSqlType *to,
                                gboolean           safe,
                                const char        *format,
                                const char        *zone,
                                GString           *out);

/* What the functions know of the world. Fill it before each statement; it must outlive the connection. */
typedef struct
{
  gint64      now;       /* microseconds since 1970, the statement's one instant */
  const char *time_zone; /* NULL: UTC */
  const char *session_user;
} ErosFunctionContext;

gboolean eros_functions_register (sqlite3             *database,
                                  ErosFunctionContext *context,
                                  GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* A value and SQLite. Loaded values borrow from the row or the statement. */
void eros_sql_value_load (ErosSqlValue *value, const ErosSqlType *type, sqlite3_value *from);
void eros_sql_value_load_column (ErosSqlValue *value, const ErosSqlType *type, sqlite3_stmt *statement, int column);
/* A GEOGRAPHY written as WKT, as a client writes it; problem: (transfer full) */
gboolean eros_sql_value_read_geography (ErosSqlValue *value, const char *text, char **problem);
int      eros_sql_value_bind (const ErosSqlValue *value, sqlite3_stmt *statement, int index);

G_END_DECLS
