/* eros-native-approximate.c: APPROX_QUANTILES, APPROX_COUNT_DISTINCT, APPROX_TOP_COUNT
 *
 * All three are exact here, which is within what BigQuery promises.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

#define MAX_QUANTILES 100000

/* ---- APPROX_QUANTILES ---------------------------------------------------------------------------------- */

typedef struct
{
  GPtrArray *values; /* of sqlite3_value */
  gint64 number;
} Quantiles;

static void
value_free (gpointer value)
{
  sqlite3_value_free (value);
}

static void
quantiles_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Quantiles *state = data;

  if (state->values == NULL)
    state->values = g_ptr_array_new_with_free_func (value_free);
  state->number = sqlite3_value_int64 (values[1]);
  /* NULLs are ignored, unless RESPECT NULLS says otherwise: then there is a third argument. */
  if (n > 2 || !eros_arg_is_null (values[0]))
    g_ptr_array_add (state->values, sqlite3_value_dup (values[0]));
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

static void
quantiles_result (sqlite3_context *context, gpointer data)
{
  Quantiles *state = data;
  ErosSqlBuilder builder;

  if (state->values == NULL || state->values->len == 0)
    {
      sqlite3_result_null (context);
      return;
    }
  if (state->number < 1 || state->number > MAX_QUANTILES)
    {
      eros_native_fail (context, "The second argument to APPROX_QUANTILES must be between 1 and %d",
                        MAX_QUANTILES);
      return;
    }
  g_ptr_array_sort (state->values, compare_values);
  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  for (gint64 i = 0; i <= state->number; i++)
    {
      double at = (double) i / (double) state->number * (double) (state->values->len - 1);

      eros_builder_add_arg (&builder, state->values->pdata[(guint) ceil (at - 0.5)]);
    }
  eros_result_builder (context, &builder);
}

static void
quantiles_clear (gpointer data)
{
  g_clear_pointer (&((Quantiles *) data)->values, g_ptr_array_unref);
}

static const ErosAggregate quantiles = { sizeof (Quantiles), quantiles_step, NULL, quantiles_result,
                                         quantiles_clear };

/* ---- Counting different values ------------------------------------------------------------------------- */

typedef struct
{
  sqlite3_value *value;
  gint64 count;
  double weight;
  guint position;
} Entry;

typedef struct
{
  GHashTable *entries; /* GBytes → Entry */
  gint64 number;
} Entries;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  sqlite3_value_free (entry->value);
  g_free (entry);
}

static GBytes *
value_key (sqlite3_value *value)
{
  ErosSqlBuilder builder;
  gsize size = 0;
  char *data = NULL;

  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  if (sqlite3_value_type (value) == SQLITE_FLOAT && sqlite3_value_double (value) == 0)
    eros_sql_builder_add_real (&builder, 0);
  else
    eros_builder_add_arg (&builder, value);
  data = eros_sql_builder_end (&builder, &size);
  return g_bytes_new_take (data, size);
}

static Entry *
find_entry (Entries *state, sqlite3_value *value)
{
  g_autoptr (GBytes) key = value_key (value);
  Entry *entry = NULL;

  if (state->entries == NULL)
    state->entries =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, entry_free);
  entry = g_hash_table_lookup (state->entries, key);
  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      entry->value = sqlite3_value_dup (value);
      entry->position = g_hash_table_size (state->entries);
      g_hash_table_insert (state->entries, g_steal_pointer (&key), entry);
    }
  return entry;
}

static void
distinct_step (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  if (!eros_arg_is_null (values[0]))
    find_entry (state, values[0]);
}

static void
distinct_result (sqlite3_context *context, gpointer data)
{
  const Entries *state = data;

  sqlite3_result_int64 (context, state->entries == NULL ? 0 : g_hash_table_size (state->entries));
}

static void
entries_clear (gpointer data)
{
  g_clear_pointer (&((Entries *) data)->entries, g_hash_table_unref);
}

static void
top_count_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Entries *state = data;

  find_entry (state, values[0])->count++;
  state->number = sqlite3_value_int64 (values[1]);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *x = *(Entry *const *) a;
  const Entry *y = *(Entry *const *) b;

  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  return (x->position > y->position) - (x->position < y->position);
}

/* ARRAY<STRUCT<value, count>> */
static void
top_count_result (sqlite3_context *context, gpointer data)
{
  Entries *state = data;
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer entry = NULL;
  ErosSqlBuilder array;

  if (state->entries == NULL)
    {
      sqlite3_result_null (context);
      return;
    }
  g_hash_table_iter_init (&iter, state->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    g_ptr_array_add (entries, entry);
  g_ptr_array_sort (entries, compare_entries);
  eros_sql_builder_init (&array, EROS_SQL_ARRAY);
  for (guint i = 0; i < entries->len && (gint64) i < state->number; i++)
    {
      const Entry *found = entries->pdata[i];
      ErosSqlBuilder pair;
      g_autofree char *bytes = NULL;
      gsize size = 0;

      eros_sql_builder_init (&pair, EROS_SQL_STRUCT);
      eros_builder_add_arg (&pair, found->value);
      eros_sql_builder_add_integer (&pair, found->count);
      bytes = eros_sql_builder_end (&pair, &size);
      eros_sql_builder_add_blob (&array, bytes, size);
    }
  eros_result_builder (context, &array);
}

static const ErosAggregate count_distinct = { sizeof (Entries), distinct_step, NULL, distinct_result,
                                              entries_clear };
static const ErosAggregate top_count = { sizeof (Entries), top_count_step, NULL, top_count_result,
                                         entries_clear };

#define FLAGS (EROS_FUNCTION_IS_AGGREGATE | EROS_FUNCTION_HAVING)

const ErosNative eros_native_approximate[] = {
  { "APPROX_QUANTILES", "(T:orderable, INT64) -> ARRAY<T>", "bq_approx_quantiles",
    FLAGS | EROS_FUNCTION_DISTINCT | EROS_FUNCTION_NULLS | EROS_FUNCTION_IGNORES_NULLS, NULL, &quantiles },
  { "APPROX_COUNT_DISTINCT", "(ANY) -> INT64", "bq_approx_count_distinct",
    FLAGS | EROS_FUNCTION_WINDOW | EROS_FUNCTION_FRAME, NULL, &count_distinct },
  { "APPROX_TOP_COUNT", "(T:groupable, INT64) -> COUNTS<T>", "bq_approx_top_count", FLAGS, NULL, &top_count },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
