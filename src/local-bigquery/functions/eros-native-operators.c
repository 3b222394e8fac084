/* eros-native-operators.c: arithmetic, comparison and bit operators
 *
 * INT64 overflow is an error, NaN is carried as a blob, and comparing with NaN is false: three things in
 * which SQLite's own operators differ.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

/* ---- INT64 --------------------------------------------------------------------------------------------- */

#define DEFINE_INT64(name, builtin, symbol)                                                                  \
  static void int64_##name (sqlite3_context *context, int n, sqlite3_value **values)                         \
  {                                                                                                          \
    gint64 a = sqlite3_value_int64 (values[0]);                                                              \
    gint64 b = sqlite3_value_int64 (values[1]);                                                              \
    gint64 result = 0;                                                                                       \
                                                                                                             \
    if (builtin (a, b, &result))                                                                             \
      eros_native_fail (context, "int64 overflow: %" G_GINT64_FORMAT " " symbol " %" G_GINT64_FORMAT, a, b); \
    else                                                                                                     \
      sqlite3_result_int64 (context, result);                                                                \
  }

DEFINE_INT64 (add, __builtin_add_overflow, "+")
DEFINE_INT64 (subtract, __builtin_sub_overflow, "-")
DEFINE_INT64 (multiply, __builtin_mul_overflow, "*")

static void
int64_negate (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 a = sqlite3_value_int64 (values[0]);

  if (a == G_MININT64)
    eros_native_fail (context, "int64 overflow: -%" G_GINT64_FORMAT, a);
  else
    sqlite3_result_int64 (context, -a);
}

/* ---- FLOAT64 ------------------------------------------------------------------------------------------- */

#define DEFINE_FLOAT64(name, symbol)                                                                         \
  static void float64_##name (sqlite3_context *context, int n, sqlite3_value **values)                       \
  {                                                                                                          \
    double a = eros_arg_real (values[0]);                                                                    \
    double b = eros_arg_real (values[1]);                                                                    \
    double result = a symbol b;                                                                              \
                                                                                                             \
    if (isinf (result) && isfinite (a) && isfinite (b))                                                      \
      eros_native_fail (context, "double overflow: %g " #symbol " %g", a, b);                                \
    else                                                                                                     \
      eros_result_real (context, result);                                                                    \
  }

DEFINE_FLOAT64 (add, +)
DEFINE_FLOAT64 (subtract, -)
DEFINE_FLOAT64 (multiply, *)

static void
float64_divide (sqlite3_context *context, int n, sqlite3_value **values)
{
  double a = eros_arg_real (values[0]);
  double b = eros_arg_real (values[1]);
  double result = a / b;

  if (b == 0)
    eros_native_fail (context, "division by zero: %g / %g", a, b);
  else if (isinf (result) && isfinite (a))
    eros_native_fail (context, "double overflow: %g / %g", a, b);
  else
    eros_result_real (context, result);
}

static void
float64_negate (sqlite3_context *context, int n, sqlite3_value **values)
{
  eros_result_real (context, -eros_arg_real (values[0]));
}

#define DEFINE_COMPARISON(name, symbol)                                                                      \
  static void float64_##name (sqlite3_context *context, int n, sqlite3_value **values)                       \
  {                                                                                                          \
    sqlite3_result_int (context, eros_arg_real (values[0]) symbol eros_arg_real (values[1]));                \
  }

DEFINE_COMPARISON (equal, ==)
DEFINE_COMPARISON (not_equal, !=)
DEFINE_COMPARISON (less, <)
DEFINE_COMPARISON (less_or_equal, <=)
DEFINE_COMPARISON (greater, >)
DEFINE_COMPARISON (greater_or_equal, >=)

/* Three-valued: x ≥ a AND x ≤ b, where either may be NULL. */
static void
float64_between (sqlite3_context *context, int n, sqlite3_value **values)
{
  double x = eros_arg_real (values[0]);
  gboolean low_null = eros_arg_is_null (values[1]);
  gboolean high_null = eros_arg_is_null (values[2]);

  if (eros_arg_is_null (values[0]))
    return;
  if ((!low_null && !(x >= eros_arg_real (values[1]))) || (!high_null && !(x <= eros_arg_real (values[2]))))
    sqlite3_result_int (context, FALSE);
  else if (!low_null && !high_null)
    sqlite3_result_int (context, TRUE);
}

/* x IN (list): TRUE if one is equal, else NULL if one is NULL, else FALSE. */
static void
float64_in (sqlite3_context *context, int n, sqlite3_value **values)
{
  double x = eros_arg_real (values[0]);
  gboolean unknown = FALSE;

  if (eros_arg_is_null (values[0]))
    return;
  for (int i = 1; i < n; i++)
    if (eros_arg_is_null (values[i]))
      unknown = TRUE;
    else if (x == eros_arg_real (values[i]))
      {
        sqlite3_result_int (context, TRUE);
        return;
      }
  if (!unknown)
    sqlite3_result_int (context, FALSE);
}

/* A key that sorts and groups as GoogleSQL does: NULL, NaN, −∞ … ∞. */
static void
float64_key (sqlite3_context *context, int n, sqlite3_value **values)
{
  double x = eros_arg_real (values[0]);
  gint64 bits = 0;

  if (x == 0)
    x = 0;
  memcpy (&bits, &x, sizeof bits);
  if (isnan (x))
    sqlite3_result_int64 (context, G_MININT64);
  else
    sqlite3_result_int64 (context, bits < 0 ? (gint64) (G_MININT64 - bits) : bits);
}

/* ---- Any type ------------------------------------------------------------------------------------------ */

typedef enum
{
  FALSE_,
  TRUE_,
  UNKNOWN,
} Truth;

static Truth equal_values (const ErosSqlValue *a, const ErosSqlValue *b);

static Truth
equal_elements (const ErosSqlValue *a, const ErosSqlValue *b)
{
  gboolean array = eros_sql_type_is (a->type, EROS_SQL_ARRAY);
  ErosSqlReader x, y;
  ErosSqlValue left, right;
  Truth truth = TRUE_;

  eros_sql_reader_init (&x, a->data, a->size);
  eros_sql_reader_init (&y, b->data, b->size);
  if (x.n_elements != y.n_elements)
    return FALSE_;
  for (guint i = 0; i < x.n_elements; i++)
    {
      const ErosSqlType *type =
        array ? eros_sql_type_get_element (a->type) : eros_sql_type_get_field (a->type, i)->type;
      Truth element = UNKNOWN;

      if (!eros_sql_reader_next_value (&x, type, &left) || !eros_sql_reader_next_value (&y, type, &right))
        return FALSE_;
      element = equal_values (&left, &right);
      if (element == FALSE_)
        return FALSE_;
      if (element == UNKNOWN)
        truth = UNKNOWN;
    }
  return truth;
}

static Truth
equal_values (const ErosSqlValue *a, const ErosSqlValue *b)
{
  if (a->is_null || b->is_null)
    return UNKNOWN;
  if (eros_sql_type_is (a->type, EROS_SQL_ARRAY) || eros_sql_type_is (a->type, EROS_SQL_STRUCT))
    return equal_elements (a, b);
  if (eros_sql_type_is (a->type, EROS_SQL_FLOAT64))
    return a->real == b->real ? TRUE_ : FALSE_;
  return eros_sql_value_compare (a, b) == 0 ? TRUE_ : FALSE_;
}

static void
result_truth (sqlite3_context *context, Truth truth)
{
  if (truth != UNKNOWN)
    sqlite3_result_int (context, truth == TRUE_);
}

/* (a, b, type, type) */
static Truth
compare_arguments (sqlite3_context *context, sqlite3_value **values)
{
  const ErosSqlType *type = eros_arg_type (context, values, 2);
  ErosSqlValue a, b;

  if (type == NULL)
    return UNKNOWN;
  eros_sql_value_load (&a, type, values[0]);
  eros_sql_value_load (&b, type, values[1]);
  return equal_values (&a, &b);
}

static void
any_equal (sqlite3_context *context, int n, sqlite3_value **values)
{
  result_truth (context, compare_arguments (context, values));
}

static void
any_not_equal (sqlite3_context *context, int n, sqlite3_value **values)
{
  Truth truth = compare_arguments (context, values);

  result_truth (context, truth == UNKNOWN ? UNKNOWN : truth == TRUE_ ? FALSE_ : TRUE_);
}

static void
any_distinct (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosSqlType *type = eros_arg_type (context, values, 2);
  ErosSqlValue a, b;

  if (type == NULL)
    return;
  eros_sql_value_load (&a, type, values[0]);
  eros_sql_value_load (&b, type, values[1]);
  sqlite3_result_int (context, eros_sql_value_compare (&a, &b) != 0);
}

/* (x, list …, types …) */
static void
any_in (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosSqlType *type = eros_arg_type (context, values, n / 2);
  Truth truth = FALSE_;
  ErosSqlValue x, element;

  if (type == NULL)
    return;
  eros_sql_value_load (&x, type, values[0]);
  for (int i = 1; i < n / 2 && truth != TRUE_; i++)
    {
      Truth equal = UNKNOWN;

      eros_sql_value_load (&element, type, values[i]);
      equal = equal_values (&x, &element);
      truth = equal == FALSE_ ? truth : equal;
    }
  result_truth (context, x.is_null ? UNKNOWN : truth);
}

/* (x, array, type, array type): x IN UNNEST (array); a NULL array is an empty one */
static void
in_array (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosSqlType *type = eros_arg_type (context, values, 2);
  Truth truth = FALSE_;
  ErosSqlReader reader;
  ErosSqlValue x, element;
  gsize size = 0;
  const char *data = eros_arg_data (values[1], &size);

  if (type == NULL)
    return;
  eros_sql_value_load (&x, type, values[0]);
  eros_sql_reader_init (&reader, data, size);
  while (truth != TRUE_ && eros_sql_reader_next_value (&reader, type, &element))
    {
      Truth equal = equal_values (&x, &element);

      truth = equal == FALSE_ ? truth : equal;
    }
  result_truth (context, truth);
}

/* ---- Bits ---------------------------------------------------------------------------------------------- */

static void
int64_shift (sqlite3_context *context, sqlite3_value **values, gboolean left)
{
  guint64 a = (guint64) sqlite3_value_int64 (values[0]);
  gint64 bits = sqlite3_value_int64 (values[1]);

  if (bits < 0)
    eros_native_fail (context, "Bitwise shift by negative offset.");
  else if (bits > 63)
    sqlite3_result_int64 (context, 0);
  else
    sqlite3_result_int64 (context, (gint64) (left ? a << bits : a >> bits));
}

static void
int64_shift_left (sqlite3_context *context, int n, sqlite3_value **values)
{
  int64_shift (context, values, TRUE);
}

static void
int64_shift_right (sqlite3_context *context, int n, sqlite3_value **values)
{
  int64_shift (context, values, FALSE);
}

static void
int64_xor (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_int64 (context, sqlite3_value_int64 (values[0]) ^ sqlite3_value_int64 (values[1]));
}

static void
bytes_bitwise (sqlite3_context *context, sqlite3_value **values, char operation)
{
  gsize a_size = 0;
  gsize b_size = 0;
  const char *a = eros_arg_data (values[0], &a_size);
  const char *b = eros_arg_data (values[1], &b_size);
  g_autoptr (GString) result = NULL;

  if (a_size != b_size)
    {
      eros_native_fail (
        context,
        "Bitwise binary operator for BYTES requires equal length of the inputs. Got %" G_GSIZE_FORMAT
        " bytes on the left hand side and %" G_GSIZE_FORMAT " bytes on the right hand side.",
        a_size, b_size);
      return;
    }
  result = g_string_sized_new (a_size);
  for (gsize i = 0; i < a_size; i++)
    g_string_append_c (result, (char) (operation == '&'   ? a[i] & b[i]
                                       : operation == '|' ? a[i] | b[i]
                                                          : a[i] ^ b[i]));
  eros_result_take_blob (context, g_steal_pointer (&result));
}

static void
bytes_and (sqlite3_context *context, int n, sqlite3_value **values)
{
  bytes_bitwise (context, values, '&');
}

static void
bytes_or (sqlite3_context *context, int n, sqlite3_value **values)
{
  bytes_bitwise (context, values, '|');
}

static void
bytes_xor (sqlite3_context *context, int n, sqlite3_value **values)
{
  bytes_bitwise (context, values, '^');
}

static void
bytes_not (sqlite3_context *context, int n, sqlite3_value **values)
{
  gsize size = 0;
  const char *a = eros_arg_data (values[0], &size);
  g_autoptr (GString) result = g_string_sized_new (size);

  for (gsize i = 0; i < size; i++)
    g_string_append_c (result, (char) ~a[i]);
  eros_result_take_blob (context, g_steal_pointer (&result));
}

static void
bytes_shift (sqlite3_context *context, sqlite3_value **values, gboolean left)
{
  gsize size = 0;
  const char *a = eros_arg_data (values[0], &size);
  gint64 bits = sqlite3_value_int64 (values[1]);
  g_autoptr (GString) result = g_string_sized_new (size);

  if (bits < 0)
    {
      eros_native_fail (context, "Bitwise shift by negative offset.");
      return;
    }
  for (gsize i = 0; i < size; i++)
    {
      guint8 byte = 0;

      for (guint bit = 0; bit < 8 && bits < (gint64) size * 8; bit++)
        {
          /* bit 0 is the most significant one of the first byte */
          gint64 from = (gint64) (i * 8 + bit) + (left ? bits : -bits);

          if (from >= 0 && from < (gint64) size * 8 && ((guint8) a[from / 8] >> (7 - from % 8) & 1))
            byte |= (guint8) (1u << (7 - bit));
        }
      g_string_append_c (result, (char) byte);
    }
  eros_result_take_blob (context, g_steal_pointer (&result));
}

static void
bytes_shift_left (sqlite3_context *context, int n, sqlite3_value **values)
{
  bytes_shift (context, values, TRUE);
}

static void
bytes_shift_right (sqlite3_context *context, int n, sqlite3_value **values)
{
  bytes_shift (context, values, FALSE);
}

#define TYPES EROS_FUNCTION_NEEDS_TYPES

/* The FLOAT64 comparisons become operators where their arguments are plain: see eros-function-sql.c.
 * Intervals are equal when their first eight bytes, the total, are. */
const ErosNative eros_native_operators[] = {
  { "$add", "(INT64, INT64) -> INT64", "bq_int64_add", STRICT_FAIL, int64_add, NULL },
  { "$add", "(FLOAT64, FLOAT64) -> FLOAT64", "bq_float64_add", STRICT_FAIL, float64_add, NULL },
  { "$subtract", "(INT64, INT64) -> INT64", "bq_int64_subtract", STRICT_FAIL, int64_subtract, NULL },
  { "$subtract", "(FLOAT64, FLOAT64) -> FLOAT64", "bq_float64_subtract", STRICT_FAIL, float64_subtract,
    NULL },
  { "$multiply", "(INT64, INT64) -> INT64", "bq_int64_multiply", STRICT_FAIL, int64_multiply, NULL },
  { "$multiply", "(FLOAT64, FLOAT64) -> FLOAT64", "bq_float64_multiply", STRICT_FAIL, float64_multiply,
    NULL },
  { "$divide", "(FLOAT64, FLOAT64) -> FLOAT64", "bq_float64_divide", STRICT_FAIL, float64_divide, NULL },
  { "$unary_minus", "(INT64) -> INT64", "bq_int64_negate", STRICT_FAIL, int64_negate, NULL },
  { "$unary_minus", "(FLOAT64) -> FLOAT64", "bq_float64_negate", NULLS_STRICT, float64_negate, NULL },

  { "$equal", "(INTERVAL, INTERVAL) -> BOOL", "(substr(?1, 1, 8) = substr(?2, 1, 8))", 0, NULL, NULL },
  { "$equal", "(FLOAT64, FLOAT64) -> BOOL", "bq_float64_equal", NULLS_STRICT, float64_equal, NULL },
  { "$equal", "(T:scalar:comparable, T) -> BOOL", "(?1 = ?2)", 0, NULL, NULL },
  { "$equal", "(T:comparable, T) -> BOOL", "bq_equal", TYPES, any_equal, NULL },
  { "$not_equal", "(INTERVAL, INTERVAL) -> BOOL", "(substr(?1, 1, 8) <> substr(?2, 1, 8))", 0, NULL, NULL },
  { "$not_equal", "(FLOAT64, FLOAT64) -> BOOL", "bq_float64_not_equal", NULLS_STRICT, float64_not_equal,
    NULL },
  { "$not_equal", "(T:scalar:comparable, T) -> BOOL", "(?1 <> ?2)", 0, NULL, NULL },
  { "$not_equal", "(T:comparable, T) -> BOOL", "bq_not_equal", TYPES, any_not_equal, NULL },
  { "$less", "(INTERVAL, INTERVAL) -> BOOL", "(substr(?1, 1, 8) < substr(?2, 1, 8))", 0, NULL, NULL },
  { "$less", "(FLOAT64, FLOAT64) -> BOOL", "bq_float64_less", NULLS_STRICT, float64_less, NULL },
  { "$less", "(T:orderable, T) -> BOOL", "(?1 < ?2)", 0, NULL, NULL },
  { "$less_or_equal", "(INTERVAL, INTERVAL) -> BOOL", "(substr(?1, 1, 8) <= substr(?2, 1, 8))", 0, NULL,
    NULL },
  { "$less_or_equal", "(FLOAT64, FLOAT64) -> BOOL", "bq_float64_less_or_equal", NULLS_STRICT,
    float64_less_or_equal, NULL },
  { "$less_or_equal", "(T:orderable, T) -> BOOL", "(?1 <= ?2)", 0, NULL, NULL },
  { "$greater", "(INTERVAL, INTERVAL) -> BOOL", "(substr(?1, 1, 8) > substr(?2, 1, 8))", 0, NULL, NULL },
  { "$greater", "(FLOAT64, FLOAT64) -> BOOL", "bq_float64_greater", NULLS_STRICT, float64_greater, NULL },
  { "$greater", "(T:orderable, T) -> BOOL", "(?1 > ?2)", 0, NULL, NULL },
  { "$greater_or_equal", "(INTERVAL, INTERVAL) -> BOOL", "(substr(?1, 1, 8) >= substr(?2, 1, 8))", 0, NULL,
    NULL },
  { "$greater_or_equal", "(FLOAT64, FLOAT64) -> BOOL", "bq_float64_greater_or_equal", NULLS_STRICT,
    float64_greater_or_equal, NULL },
  { "$greater_or_equal", "(T:orderable, T) -> BOOL", "(?1 >= ?2)", 0, NULL, NULL },
  { "$between", "(FLOAT64, FLOAT64, FLOAT64) -> BOOL", "bq_float64_between", 0, float64_between, NULL },
  { "$between", "(T:orderable, T, T) -> BOOL", "(?1 BETWEEN ?2 AND ?3)", 0, NULL, NULL },
  { "$in", "(FLOAT64, FLOAT64, FLOAT64...) -> BOOL", "bq_float64_in", EROS_FUNCTION_ALTERNATIVES, float64_in,
    NULL },
  { "$in", "(T:scalar:comparable, T, T...) -> BOOL", "(?1 IN (?*))", 0, NULL, NULL },
  { "$in", "(T:comparable, T, T...) -> BOOL", "bq_in", TYPES | EROS_FUNCTION_ALTERNATIVES, any_in, NULL },
  { "$in_array", "(T:comparable, ARRAY<T>) -> BOOL", "bq_in_array", TYPES, in_array, NULL },
  { "$is_distinct_from", "(T:scalar:groupable, T) -> BOOL", "(?1 IS NOT ?2)", 0, NULL, NULL },
  { "$is_distinct_from", "(T:groupable, T) -> BOOL", "bq_distinct", TYPES, any_distinct, NULL },
  { "$is_true", "(BOOL) -> BOOL", "(?1 IS TRUE)", 0, NULL, NULL },
  { "$is_false", "(BOOL) -> BOOL", "(?1 IS FALSE)", 0, NULL, NULL },
  { "$is_null", "(ANY) -> BOOL", "(?1 IS NULL)", 0, NULL, NULL },
  { "$and", "(BOOL, BOOL) -> BOOL", "(?1 AND ?2)", 0, NULL, NULL },
  { "$or", "(BOOL, BOOL) -> BOOL", "(?1 OR ?2)", 0, NULL, NULL },
  { "$not", "(BOOL) -> BOOL", "(NOT ?1)", 0, NULL, NULL },

  { "$bitwise_not", "(INT64) -> INT64", "(~?1)", 0, NULL, NULL },
  { "$bitwise_not", "(BYTES) -> BYTES", "bq_bytes_not", NULLS_STRICT, bytes_not, NULL },
  { "$bitwise_and", "(INT64, INT64) -> INT64", "(?1 & ?2)", 0, NULL, NULL },
  { "$bitwise_and", "(BYTES, BYTES) -> BYTES", "bq_bytes_and", STRICT_FAIL, bytes_and, NULL },
  { "$bitwise_or", "(INT64, INT64) -> INT64", "(?1 | ?2)", 0, NULL, NULL },
  { "$bitwise_or", "(BYTES, BYTES) -> BYTES", "bq_bytes_or", STRICT_FAIL, bytes_or, NULL },
  { "$bitwise_xor", "(INT64, INT64) -> INT64", "bq_int64_xor", NULLS_STRICT, int64_xor, NULL },
  { "$bitwise_xor", "(BYTES, BYTES) -> BYTES", "bq_bytes_xor", STRICT_FAIL, bytes_xor, NULL },
  { "$shift_left", "(INT64, INT64) -> INT64", "bq_int64_shift_left", STRICT_FAIL, int64_shift_left, NULL },
  { "$shift_left", "(BYTES, INT64) -> BYTES", "bq_bytes_shift_left", STRICT_FAIL, bytes_shift_left, NULL },
  { "$shift_right", "(INT64, INT64) -> INT64", "bq_int64_shift_right", STRICT_FAIL, int64_shift_right, NULL },
  { "$shift_right", "(BYTES, INT64) -> BYTES", "bq_bytes_shift_right", STRICT_FAIL, bytes_shift_right, NULL },

  { NULL, NULL, "bq_float64_key", NULLS_STRICT, float64_key, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
