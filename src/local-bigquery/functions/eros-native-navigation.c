/* eros-native-navigation.c: navigation, numbering and percentiles
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

/* ---- FIRST_VALUE, LAST_VALUE, NTH_VALUE with IGNORE NULLS; otherwise SQLite's own do ------------------- */

typedef struct
{
  sqlite3_value *value;
  gint64 n;
} Position;

static void
keep (Position *state, sqlite3_value *value)
{
  sqlite3_value_free (state->value);
  state->value = sqlite3_value_dup (value);
}

static void
first_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Position *state = data;

  if (state->n++ == 0)
    keep (state, values[0]);
}

static void
last_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  keep (data, values[0]);
}

static void
nth_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Position *state = data;

  if (++state->n == sqlite3_value_int64 (values[1]))
    keep (state, values[0]);
}

static void
position_result (sqlite3_context *context, gpointer data)
{
  const Position *state = data;

  if (state->value != NULL)
    sqlite3_result_value (context, state->value);
  else
    sqlite3_result_null (context);
}

static void
position_clear (gpointer data)
{
  g_clear_pointer (&((Position *) data)->value, sqlite3_value_free);
}

static const ErosAggregate first_value = { sizeof (Position), first_step, NULL, position_result,
                                           position_clear };
static const ErosAggregate last_value = { sizeof (Position), last_step, NULL, position_result,
                                          position_clear };
static const ErosAggregate nth_value = { sizeof (Position), nth_step, NULL, position_result, position_clear };

/* ---- PERCENTILE_CONT, PERCENTILE_DISC ------------------------------------------------------------------ */

typedef struct
{
  GPtrArray *values; /* of sqlite3_value */
  gboolean sorted;
  double at;
  gboolean bad;
} Percentile;

static void
value_free (gpointer value)
{
  sqlite3_value_free (value);
}

static void
percentile_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Percentile *state = data;

  if (state->values == NULL)
    state->values = g_ptr_array_new_with_free_func (value_free);
  /* NULLs are ignored, unless RESPECT NULLS says otherwise: then there is a third argument. */
  if (n > 2 || !eros_arg_is_null (values[0]))
    g_ptr_array_add (state->values, sqlite3_value_dup (values[0]));
  state->sorted = FALSE;
  state->at = eros_arg_real (values[1]);
  state->bad = eros_arg_is_null (values[1]) || !(state->at >= 0 && state->at <= 1);
}

static int
compare_values (gconstpointer a, gconstpointer b)
{
  sqlite3_value *x = *(sqlite3_value *const *) a;
  sqlite3_value *y = *(sqlite3_value *const *) b;

  if (eros_arg_is_null (x) || eros_arg_is_null (y))
    return (int) eros_arg_is_null (y) - (int) eros_arg_is_null (x);
  return eros_compare_args (x, y);
}

/* FALSE when the call has ended. */
static gboolean
prepare_percentile (sqlite3_context *context, Percentile *state, const char *name)
{
  if (state->bad)
    {
      eros_native_fail (context, "Argument 2 to %s must be between 0 and 1", name);
      return FALSE;
    }
  if (state->values == NULL || state->values->len == 0)
    {
      sqlite3_result_null (context);
      return FALSE;
    }
  if (!state->sorted)
    g_ptr_array_sort (state->values, compare_values);
  state->sorted = TRUE;
  return TRUE;
}

static void
percentile_cont_result (sqlite3_context *context, gpointer data)
{
  Percentile *state = data;
  double index = 0;
  sqlite3_value *low = NULL;
  sqlite3_value *high = NULL;
  double fraction = 0;

  if (!prepare_percentile (context, state, "PERCENTILE_CONT"))
    return;
  index = state->at * (double) (state->values->len - 1);
  fraction = index - floor (index);
  low = state->values->pdata[(guint) floor (index)];
  high = state->values->pdata[(guint) ceil (index)];
  /* Between NULL and a number the number counts. */
  if (eros_arg_is_null (low) || eros_arg_is_null (high) || fraction == 0)
    sqlite3_result_value (context, fraction == 0 ? low : high);
  else
    eros_result_real (context, eros_arg_real (low) * (1 - fraction) + eros_arg_real (high) * fraction);
}

static void
percentile_disc_result (sqlite3_context *context, gpointer data)
{
  Percentile *state = data;
  double index = 0;

  if (!prepare_percentile (context, state, "PERCENTILE_DISC"))
    return;
  index = ceil (state->at * (double) state->values->len) - 1;
  sqlite3_result_value (context,
                        state->values->pdata[(guint) CLAMP (index, 0, (double) (state->values->len - 1))]);
}

static void
percentile_clear (gpointer data)
{
  g_clear_pointer (&((Percentile *) data)->values, g_ptr_array_unref);
}

static const ErosAggregate percentile_cont = { sizeof (Percentile), percentile_step, NULL,
                                               percentile_cont_result, percentile_clear };
static const ErosAggregate percentile_disc = { sizeof (Percentile), percentile_step, NULL,
                                               percentile_disc_result, percentile_clear };

#define ANALYTIC   (EROS_FUNCTION_ANALYTIC_ONLY | EROS_FUNCTION_WINDOW)
#define BUILTIN    (ANALYTIC | EROS_FUNCTION_BUILTIN | EROS_FUNCTION_NEEDS_ORDER)
#define VALUE      (BUILTIN | EROS_FUNCTION_FRAME | EROS_FUNCTION_NULLS)
#define PERCENTILE (ANALYTIC | EROS_FUNCTION_NO_ORDER | EROS_FUNCTION_NULLS | EROS_FUNCTION_IGNORES_NULLS)

const ErosNative eros_native_navigation[] = {
  { "FIRST_VALUE", "(T) -> T", "first_value", VALUE, NULL, &first_value },
  { "LAST_VALUE", "(T) -> T", "last_value", VALUE, NULL, &last_value },
  { "NTH_VALUE", "(T, INT64) -> T", "nth_value", VALUE, NULL, &nth_value },
  { "LEAD", "(T, [INT64], [T]) -> T", "lead", BUILTIN, NULL, NULL },
  { "LAG", "(T, [INT64], [T]) -> T", "lag", BUILTIN, NULL, NULL },
  { "PERCENTILE_CONT", "(FLOAT64, FLOAT64) -> FLOAT64", "bq_percentile_cont", PERCENTILE, NULL,
    &percentile_cont },
  { "PERCENTILE_DISC", "(T:orderable, FLOAT64) -> T", "bq_percentile_disc", PERCENTILE, NULL,
    &percentile_disc },
  { "ROW_NUMBER", "() -> INT64", "row_number", ANALYTIC | EROS_FUNCTION_BUILTIN, NULL, NULL },
  { "RANK", "() -> INT64", "rank", BUILTIN, NULL, NULL },
  { "DENSE_RANK", "() -> INT64", "dense_rank", BUILTIN, NULL, NULL },
  { "PERCENT_RANK", "() -> FLOAT64", "percent_rank", BUILTIN, NULL, NULL },
  { "CUME_DIST", "() -> FLOAT64", "cume_dist", BUILTIN, NULL, NULL },
  { "NTILE", "(INT64) -> INT64", "ntile", BUILTIN, NULL, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
