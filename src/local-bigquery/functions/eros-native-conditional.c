/* eros-native-conditional.c: IF, COALESCE, GREATEST … and ERROR
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

/* NaN wins over every number; SQLite's min() would take the number, its max() takes the blob. */
static void
float64_least (sqlite3_context *context, int n, sqlite3_value **values)
{
  double least = INFINITY;

  for (int i = 0; i < n; i++)
    {
      double x = eros_arg_real (values[i]);

      if (isnan (x))
        {
          eros_result_real (context, NAN);
          return;
        }
      least = MIN (least, x);
    }
  eros_result_real (context, least);
}

static void
float64_nullif (sqlite3_context *context, int n, sqlite3_value **values)
{
  if (eros_arg_is_null (values[0]) ||
      (!eros_arg_is_null (values[1]) && eros_arg_real (values[0]) == eros_arg_real (values[1])))
    return;
  sqlite3_result_value (context, values[0]);
}

static void
error (sqlite3_context *context, int n, sqlite3_value **values)
{
  gsize size = 0;
  const char *message = eros_arg_data (values[0], &size);

  if (eros_arg_is_null (values[0]))
    message = "ERROR() called with NULL";
  eros_native_fail (context, "%.*s", eros_arg_is_null (values[0]) ? (int) strlen (message) : (int) size,
                    message);
}

/* A scalar subquery's guard: (value, number of rows). */
static void
single_row (sqlite3_context *context, int n, sqlite3_value **values)
{
  if (sqlite3_value_int64 (values[1]) > 1)
    eros_native_fail (context, "Scalar subquery produced more than one element");
  else
    sqlite3_result_value (context, values[0]);
}

#define NUMERIC_ZERO    "x'80000000000000000000000000000000'"
#define BIGNUMERIC_ZERO "x'8000000000000000000000000000000000000000000000000000000000000000'"

const ErosNative eros_native_conditional[] = {
  { "ZEROIFNULL", "(INT64) -> INT64", "(ifnull(?1, 0))", 0, NULL, NULL },
  { "ZEROIFNULL", "(FLOAT64) -> FLOAT64", "(ifnull(?1, 0.0))", 0, NULL, NULL },
  { "ZEROIFNULL", "(NUMERIC) -> NUMERIC", "(ifnull(?1, " NUMERIC_ZERO "))", 0, NULL, NULL },
  { "ZEROIFNULL", "(BIGNUMERIC) -> BIGNUMERIC", "(ifnull(?1, " BIGNUMERIC_ZERO "))", 0, NULL, NULL },
  { "NULLIFZERO", "(INT64) -> INT64", "(nullif(?1, 0))", 0, NULL, NULL },
  { "NULLIFZERO", "(FLOAT64) -> FLOAT64", "(nullif(?1, 0.0))", 0, NULL, NULL },
  { "NULLIFZERO", "(NUMERIC) -> NUMERIC", "(nullif(?1, " NUMERIC_ZERO "))", 0, NULL, NULL },
  { "NULLIFZERO", "(BIGNUMERIC) -> BIGNUMERIC", "(nullif(?1, " BIGNUMERIC_ZERO "))", 0, NULL, NULL },
  { "IF", "(BOOL, T, T) -> T", "(CASE WHEN ?1 THEN ?2 ELSE ?3 END)", 0, NULL, NULL },
  { "IFNULL", "(T, T) -> T", "(ifnull(?1, ?2))", 0, NULL, NULL },
  { "COALESCE", "(T) -> T", "(?1)", 0, NULL, NULL },
  { "COALESCE", "(T, T, T...) -> T", "(coalesce(?1, ?*))", EROS_FUNCTION_ASSOCIATIVE, NULL, NULL },
  { "NULLIF", "(FLOAT64, FLOAT64) -> FLOAT64", "bq_float64_nullif", 0, float64_nullif, NULL },
  { "NULLIF", "(T:scalar:comparable, T) -> T", "(nullif(?1, ?2))", 0, NULL, NULL },
  { "GREATEST", "(T:orderable) -> T", "(?1)", 0, NULL, NULL },
  { "GREATEST", "(T:orderable, T, T...) -> T", "(max(?1, ?*))", EROS_FUNCTION_ASSOCIATIVE, NULL, NULL },
  { "LEAST", "(T:orderable) -> T", "(?1)", 0, NULL, NULL },
  { "LEAST", "(FLOAT64, FLOAT64, FLOAT64...) -> FLOAT64", "bq_float64_least",
    NULLS_STRICT | EROS_FUNCTION_ASSOCIATIVE, float64_least, NULL },
  { "LEAST", "(T:orderable, T, T...) -> T", "(min(?1, ?*))", EROS_FUNCTION_ASSOCIATIVE, NULL, NULL },
  { "ERROR", "(STRING) -> INT64", "bq_error", CAN_FAIL | EROS_FUNCTION_VOLATILE, error, NULL },
  { NULL, NULL, "bq_single_row", CAN_FAIL, single_row, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
