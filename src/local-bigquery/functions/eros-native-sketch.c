/* eros-native-sketch.c: HLL_COUNT and KLL_QUANTILES
 *
 * What BigQuery estimates is exact here, which is within what it promises. A sketch is BYTES: 'H' and the
 * sorted digests of all different values, or 'K' and all values; it is not BigQuery's own and is never as
 * small.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

#define DIGEST 16

/* ---- HLL_COUNT ----------------------------------------------------------------------------------------- */

typedef struct
{
  GHashTable *digests; /* GBytes */
  gboolean any;
} Digests;

static void
add_digest (Digests *state, const guint8 *digest)
{
  if (state->digests == NULL)
    state->digests =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  g_hash_table_add (state->digests, g_bytes_new (digest, DIGEST));
}

/* (value, [precision]) */
static void
hll_init_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Digests *state = data;
  g_autoptr (GChecksum) checksum = NULL;
  guint8 digest[DIGEST];
  gsize size = DIGEST;
  gsize length = 0;
  const char *bytes = NULL;
  gint64 integer = sqlite3_value_int64 (values[0]);
  gint64 precision = n > 1 ? sqlite3_value_int64 (values[1]) : 15;

  if (precision < 10 || precision > 24)
    {
      eros_native_fail (context, "HLL++ precision must be between 10 and 24");
      return;
    }
  if (eros_arg_is_null (values[0]))
    return;
  state->any = TRUE;
  checksum = g_checksum_new (G_CHECKSUM_MD5);
  if (sqlite3_value_type (values[0]) == SQLITE_INTEGER)
    g_checksum_update (checksum, (const guchar *) &integer, sizeof integer);
  else
    {
      bytes = eros_arg_data (values[0], &length);
      g_checksum_update (checksum, (const guchar *) bytes, (gssize) length);
    }
  g_checksum_get_digest (checksum, digest, &size);
  add_digest (state, digest);
}

static gboolean
check_sketch (sqlite3_context *context, sqlite3_value *value, char mark, const char **data, gsize *size)
{
  *data = eros_arg_data (value, size);
  if (*size > 0 && **data == mark)
    return TRUE;
  eros_native_fail (context, "Invalid or incompatible sketch in %s",
                    mark == 'H' ? "HLL_COUNT" : "KLL_QUANTILES");
  return FALSE;
}

static void
hll_merge_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Digests *state = data;
  gsize size = 0;
  const char *bytes = NULL;

  if (eros_arg_is_null (values[0]) || !check_sketch (context, values[0], 'H', &bytes, &size))
    return;
  state->any = TRUE;
  for (gsize at = 1; at + DIGEST <= size; at += DIGEST)
    add_digest (state, (const guint8 *) bytes + at);
}

static int
compare_bytes (gconstpointer a, gconstpointer b)
{
  return g_bytes_compare (*(gconstpointer const *) a, *(gconstpointer const *) b);
}

static void
hll_sketch_result (sqlite3_context *context, gpointer data)
{
  const Digests *state = data;
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer digest = NULL;
  GString *bytes = NULL;

  if (!state->any)
    {
      sqlite3_result_null (context);
      return;
    }
  if (state->digests != NULL)
    {
      g_hash_table_iter_init (&iter, state->digests);
      while (g_hash_table_iter_next (&iter, &digest, NULL))
        g_ptr_array_add (sorted, digest);
    }
  g_ptr_array_sort (sorted, compare_bytes);
  bytes = g_string_new ("H");
  for (guint i = 0; i < sorted->len; i++)
    g_string_append_len (bytes, g_bytes_get_data (sorted->pdata[i], NULL), DIGEST);
  eros_result_take_blob (context, bytes);
}

static void
hll_count_result (sqlite3_context *context, gpointer data)
{
  const Digests *state = data;

  sqlite3_result_int64 (context, state->digests != NULL ? g_hash_table_size (state->digests) : 0);
}

static void
hll_clear (gpointer data)
{
  g_clear_pointer (&((Digests *) data)->digests, g_hash_table_unref);
}

static void
hll_extract (sqlite3_context *context, int n, sqlite3_value **values)
{
  gsize size = 0;
  const char *bytes = NULL;

  if (eros_arg_is_null (values[0]))
    sqlite3_result_int64 (context, 0);
  else if (check_sketch (context, values[0], 'H', &bytes, &size))
    sqlite3_result_int64 (context, (gint64) ((size - 1) / DIGEST));
}

/* ---- KLL_QUANTILES -------------------------------------------------------------------------------------- */

typedef struct
{
  GArray *numbers; /* of guint64: an INT64 or the bits of a FLOAT64, and which in the mark's second byte */
  gint64 wanted;
  double phi;
  gboolean real;
} Numbers;

static void
add_number (Numbers *state, gconstpointer bits)
{
  if (state->numbers == NULL)
    state->numbers = g_array_new (FALSE, FALSE, 8);
  g_array_append_vals (state->numbers, bits, 1);
}

/* (value, [precision]) */
static void
kll_init_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Numbers *state = data;
  gint64 integer = sqlite3_value_int64 (values[0]);
  double real = eros_arg_real (values[0]);

  if (eros_arg_is_null (values[0]))
    return;
  state->real = sqlite3_value_type (values[0]) != SQLITE_INTEGER;
  add_number (state, state->real ? (gconstpointer) &real : (gconstpointer) &integer);
}

static void
add_sketch (Numbers *state, const char *bytes, gsize size)
{
  state->real = size > 1 && bytes[1] == 'F';
  for (gsize at = 2; at + 8 <= size; at += 8)
    add_number (state, bytes + at);
}

/* (sketch, [number]) */
static void
kll_merge_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Numbers *state = data;
  gsize size = 0;
  const char *bytes = NULL;

  if (n > 1)
    {
      state->wanted = sqlite3_value_int64 (values[1]);
      state->phi = eros_arg_real (values[1]);
    }
  if (!eros_arg_is_null (values[0]) && check_sketch (context, values[0], 'K', &bytes, &size))
    add_sketch (state, bytes, size);
}

static int
compare_integers (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static int
compare_reals (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
sort_numbers (const Numbers *state)
{
  g_array_sort (state->numbers, state->real ? compare_reals : compare_integers);
}

static void
kll_sketch_result (sqlite3_context *context, gpointer data)
{
  const Numbers *state = data;
  GString *bytes = NULL;

  if (state->numbers == NULL)
    {
      sqlite3_result_null (context);
      return;
    }
  sort_numbers (state);
  bytes = g_string_new (state->real ? "KF" : "KI");
  g_string_append_len (bytes, state->numbers->data, (gssize) state->numbers->len * 8);
  eros_result_take_blob (context, bytes);
}

static gconstpointer
number_at (const Numbers *state, double phi)
{
  double at = ceil (phi * (double) (state->numbers->len - 1) - 0.5);

  return state->numbers->data + 8 * (gsize) CLAMP (at, 0, (double) (state->numbers->len - 1));
}

static void
kll_quantiles_result (sqlite3_context *context, gpointer data)
{
  const Numbers *state = data;
  ErosSqlBuilder builder;

  if (state->numbers == NULL)
    {
      sqlite3_result_null (context);
      return;
    }
  if (state->wanted < 1 || state->wanted > 100000)
    {
      eros_native_fail (context, "The number of quantiles must be between 1 and 100000");
      return;
    }
  sort_numbers (state);
  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  for (gint64 i = 0; i <= state->wanted; i++)
    {
      gconstpointer bits = number_at (state, (double) i / (double) state->wanted);

      if (state->real)
        eros_sql_builder_add_real (&builder, *(const double *) bits);
      else
        eros_sql_builder_add_integer (&builder, *(const gint64 *) bits);
    }
  eros_result_builder (context, &builder);
}

static void
kll_point_result (sqlite3_context *context, gpointer data)
{
  const Numbers *state = data;
  gconstpointer bits = NULL;

  if (state->numbers == NULL)
    {
      sqlite3_result_null (context);
      return;
    }
  if (!(state->phi >= 0 && state->phi <= 1))
    {
      eros_native_fail (context, "A quantile's place must be between 0 and 1");
      return;
    }
  sort_numbers (state);
  bits = number_at (state, state->phi);
  if (state->real)
    eros_result_real (context, *(const double *) bits);
  else
    sqlite3_result_int64 (context, *(const gint64 *) bits);
}

static void
kll_clear (gpointer data)
{
  g_clear_pointer (&((Numbers *) data)->numbers, g_array_unref);
}

static void
kll_extract (sqlite3_context *context, int n, sqlite3_value **values)
{
  Numbers state = { 0 };

  kll_merge_step (context, &state, n, values);
  kll_quantiles_result (context, &state);
  kll_clear (&state);
}

static void
kll_extract_point (sqlite3_context *context, int n, sqlite3_value **values)
{
  Numbers state = { 0 };

  kll_merge_step (context, &state, n, values);
  kll_point_result (context, &state);
  kll_clear (&state);
}

static const ErosAggregate hll_init = { sizeof (Digests), hll_init_step, NULL, hll_sketch_result, hll_clear };
static const ErosAggregate hll_partial = { sizeof (Digests), hll_merge_step, NULL, hll_sketch_result,
                                           hll_clear };
static const ErosAggregate hll_merge = { sizeof (Digests), hll_merge_step, NULL, hll_count_result,
                                         hll_clear };
static const ErosAggregate kll_init = { sizeof (Numbers), kll_init_step, NULL, kll_sketch_result, kll_clear };
static const ErosAggregate kll_partial = { sizeof (Numbers), kll_merge_step, NULL, kll_sketch_result,
                                           kll_clear };
static const ErosAggregate kll_merge = { sizeof (Numbers), kll_merge_step, NULL, kll_quantiles_result,
                                         kll_clear };
static const ErosAggregate kll_merge_point = { sizeof (Numbers), kll_merge_step, NULL, kll_point_result,
                                               kll_clear };

#define AGGREGATE EROS_FUNCTION_IS_AGGREGATE

const ErosNative eros_native_sketch[] = {
  { "HLL_COUNT.INIT", "(INT64, [INT64]) -> BYTES", "bq_hll_init", AGGREGATE, NULL, &hll_init },
  { "HLL_COUNT.INIT", "(NUMERIC, [INT64]) -> BYTES", "bq_hll_init", AGGREGATE, NULL, NULL },
  { "HLL_COUNT.INIT", "(BIGNUMERIC, [INT64]) -> BYTES", "bq_hll_init", AGGREGATE, NULL, NULL },
  { "HLL_COUNT.INIT", "(STRING, [INT64]) -> BYTES", "bq_hll_init", AGGREGATE, NULL, NULL },
  { "HLL_COUNT.INIT", "(BYTES, [INT64]) -> BYTES", "bq_hll_init", AGGREGATE, NULL, NULL },
  { "HLL_COUNT.MERGE", "(BYTES) -> INT64", "bq_hll_merge", AGGREGATE, NULL, &hll_merge },
  { "HLL_COUNT.MERGE_PARTIAL", "(BYTES) -> BYTES", "bq_hll_merge_partial", AGGREGATE, NULL, &hll_partial },
  { "HLL_COUNT.EXTRACT", "(BYTES) -> INT64", "bq_hll_extract", CAN_FAIL, hll_extract, NULL },
  { "KLL_QUANTILES.INIT_INT64", "(INT64, [INT64]) -> BYTES", "bq_kll_init", AGGREGATE, NULL, &kll_init },
  { "KLL_QUANTILES.INIT_FLOAT64", "(FLOAT64, [INT64]) -> BYTES", "bq_kll_init", AGGREGATE, NULL, NULL },
  { "KLL_QUANTILES.MERGE_PARTIAL", "(BYTES) -> BYTES", "bq_kll_merge_partial", AGGREGATE, NULL,
    &kll_partial },
  { "KLL_QUANTILES.MERGE_INT64", "(BYTES, INT64) -> ARRAY<INT64>", "bq_kll_merge", AGGREGATE, NULL,
    &kll_merge },
  { "KLL_QUANTILES.MERGE_FLOAT64", "(BYTES, INT64) -> ARRAY<FLOAT64>", "bq_kll_merge", AGGREGATE, NULL,
    NULL },
  { "KLL_QUANTILES.MERGE_POINT_INT64", "(BYTES, FLOAT64) -> INT64", "bq_kll_merge_point", AGGREGATE, NULL,
    &kll_merge_point },
  { "KLL_QUANTILES.MERGE_POINT_FLOAT64", "(BYTES, FLOAT64) -> FLOAT64", "bq_kll_merge_point", AGGREGATE, NULL,
    NULL },
  { "KLL_QUANTILES.EXTRACT_INT64", "(BYTES, INT64) -> ARRAY<INT64>", "bq_kll_extract", STRICT_FAIL,
    kll_extract, NULL },
  { "KLL_QUANTILES.EXTRACT_FLOAT64", "(BYTES, INT64) -> ARRAY<FLOAT64>", "bq_kll_extract", STRICT_FAIL, NULL,
    NULL },
  { "KLL_QUANTILES.EXTRACT_POINT_INT64", "(BYTES, FLOAT64) -> INT64", "bq_kll_extract_point", STRICT_FAIL,
    kll_extract_point, NULL },
  { "KLL_QUANTILES.EXTRACT_POINT_FLOAT64", "(BYTES, FLOAT64) -> FLOAT64", "bq_kll_extract_point", STRICT_FAIL,
    NULL, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
