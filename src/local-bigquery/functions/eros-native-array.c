/* eros-native-array.c: arrays and structs: making them, taking them apart
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

#define MAX_GENERATED 1048575

static gboolean
read_array (sqlite3_value *value, ErosSqlReader *reader)
{
  gsize size = 0;
  const char *data = eros_arg_data (value, &size);

  return eros_sql_reader_init (reader, data, size);
}

static void
make (sqlite3_context *context, int n, sqlite3_value **values, ErosSqlKind kind)
{
  ErosSqlBuilder builder;

  eros_sql_builder_init (&builder, kind);
  for (int i = 0; i < n; i++)
    eros_builder_add_arg (&builder, values[i]);
  eros_result_builder (context, &builder);
}

static void
make_array (sqlite3_context *context, int n, sqlite3_value **values)
{
  make (context, n, values, EROS_SQL_ARRAY);
}

static void
make_struct (sqlite3_context *context, int n, sqlite3_value **values)
{
  make (context, n, values, EROS_SQL_STRUCT);
}

/* FALSE when there is no such element. */
static gboolean
get_element (sqlite3_value *value, gint64 offset, ErosSqlElement *element)
{
  ErosSqlReader reader;

  if (!read_array (value, &reader) || offset < 0 || offset >= reader.n_elements)
    return FALSE;
  for (gint64 i = 0; i <= offset; i++)
    if (!eros_sql_reader_next (&reader, element))
      return FALSE;
  return TRUE;
}

/* (struct, index from 0) */
static void
get_field (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosSqlElement element;

  if (get_element (values[0], sqlite3_value_int64 (values[1]), &element))
    eros_result_element (context, &element);
}

static void
subscript (sqlite3_context *context, sqlite3_value **values, gint64 first, gboolean safe)
{
  gint64 index = sqlite3_value_int64 (values[1]);
  ErosSqlElement element;

  if (index >= first && get_element (values[0], index - first, &element))
    eros_result_element (context, &element);
  else if (!safe)
    eros_native_fail (context, "Array index %" G_GINT64_FORMAT " is out of bounds", index);
}

static void
array_offset (sqlite3_context *context, int n, sqlite3_value **values)
{
  subscript (context, values, 0, FALSE);
}

static void
array_ordinal (sqlite3_context *context, int n, sqlite3_value **values)
{
  subscript (context, values, 1, FALSE);
}

static void
array_safe_offset (sqlite3_context *context, int n, sqlite3_value **values)
{
  subscript (context, values, 0, TRUE);
}

static void
array_safe_ordinal (sqlite3_context *context, int n, sqlite3_value **values)
{
  subscript (context, values, 1, TRUE);
}

static void
array_length (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosSqlReader reader;

  read_array (values[0], &reader);
  sqlite3_result_int64 (context, reader.n_elements);
}

static void
array_concat (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosSqlBuilder builder;

  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  for (int i = 0; i < n; i++)
    {
      gsize size = 0;
      const char *data = eros_arg_data (values[i], &size);

      eros_sql_builder_add_all (&builder, data, size);
    }
  eros_result_builder (context, &builder);
}

static void
add_element (ErosSqlBuilder *builder, const ErosSqlElement *element)
{
  switch (element->storage)
    {
    case EROS_SQL_STORAGE_INTEGER:
      eros_sql_builder_add_integer (builder, element->integer);
      break;
    case EROS_SQL_STORAGE_REAL:
      eros_sql_builder_add_real (builder, element->real);
      break;
    case EROS_SQL_STORAGE_TEXT:
      eros_sql_builder_add_text (builder, element->data, element->size);
      break;
    case EROS_SQL_STORAGE_BLOB:
      eros_sql_builder_add_blob (builder, element->data, element->size);
      break;
    case EROS_SQL_STORAGE_NULL:
    default:
      eros_sql_builder_add_null (builder);
    }
}

static void
array_reverse (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosSqlReader reader;
  ErosSqlBuilder builder;
  ErosSqlElement element;
  g_autoptr (GArray) elements = g_array_new (FALSE, FALSE, sizeof (ErosSqlElement));

  read_array (values[0], &reader);
  while (eros_sql_reader_next (&reader, &element))
    g_array_append_val (elements, element);
  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  for (guint i = elements->len; i-- > 0;)
    add_element (&builder, &g_array_index (elements, ErosSqlElement, i));
  eros_result_builder (context, &builder);
}

static void
array_end (sqlite3_context *context, sqlite3_value *value, const char *name, gboolean last)
{
  ErosSqlReader reader;
  ErosSqlElement element;

  read_array (value, &reader);
  if (reader.n_elements == 0)
    eros_native_fail (context, "%s cannot get the %s element of an empty array", name,
                      last ? "last" : "first");
  else if (get_element (value, last ? reader.n_elements - 1 : 0, &element))
    eros_result_element (context, &element);
}

static void
array_first (sqlite3_context *context, int n, sqlite3_value **values)
{
  array_end (context, values[0], "ARRAY_FIRST", FALSE);
}

static void
array_last (sqlite3_context *context, int n, sqlite3_value **values)
{
  array_end (context, values[0], "ARRAY_LAST", TRUE);
}

/* Both ends are included; negative ones count from the end. */
static void
array_slice (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosSqlReader reader;
  ErosSqlBuilder builder;
  ErosSqlElement element;
  gint64 start = sqlite3_value_int64 (values[1]);
  gint64 end = sqlite3_value_int64 (values[2]);

  read_array (values[0], &reader);
  if (start < 0)
    start = MAX (0, start + reader.n_elements);
  if (end < 0)
    end += reader.n_elements;
  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  for (gint64 i = 0; i <= end && eros_sql_reader_next (&reader, &element); i++)
    if (i >= start)
      add_element (&builder, &element);
  eros_result_builder (context, &builder);
}

/* (array, separator, [text for NULL]) */
static GString *
join (int n, sqlite3_value **values)
{
  GString *text = g_string_new (NULL);
  ErosSqlReader reader;
  ErosSqlElement element;
  gsize separator_size = 0;
  gsize null_size = 0;
  const char *separator = eros_arg_data (values[1], &separator_size);
  const char *null_text = n > 2 ? eros_arg_data (values[2], &null_size) : NULL;
  gboolean first = TRUE;

  read_array (values[0], &reader);
  while (eros_sql_reader_next (&reader, &element))
    {
      gboolean is_null = element.storage == EROS_SQL_STORAGE_NULL;

      if (is_null && null_text == NULL)
        continue;
      if (!first)
        g_string_append_len (text, separator, (gssize) separator_size);
      g_string_append_len (text, is_null ? null_text : element.data,
                           (gssize) (is_null ? null_size : element.size));
      first = FALSE;
    }
  return text;
}

static void
array_to_string (sqlite3_context *context, int n, sqlite3_value **values)
{
  eros_result_take_text (context, join (n, values));
}

static void
array_to_bytes (sqlite3_context *context, int n, sqlite3_value **values)
{
  eros_result_take_blob (context, join (n, values));
}

/* (array, array type) */
static void
array_is_distinct (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (GHashTable) seen =
    g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  ErosSqlReader reader;
  ErosSqlElement element;
  gboolean distinct = TRUE;

  read_array (values[0], &reader);
  while (distinct)
    {
      const guint8 *start = reader.next;

      if (!eros_sql_reader_next (&reader, &element))
        break;
      distinct = g_hash_table_add (seen, g_bytes_new (start, (gsize) (reader.next - start)));
    }
  sqlite3_result_int (context, distinct);
}

/* ---- GENERATE_ARRAY ------------------------------------------------------------------------------------ */

static gboolean
check_step (sqlite3_context *context, gboolean zero)
{
  if (zero)
    eros_native_fail (context, "Sequence step cannot be 0.");
  return !zero;
}

static gboolean
check_length (sqlite3_context *context, ErosSqlBuilder *builder)
{
  if (builder->n_elements <= MAX_GENERATED)
    return TRUE;
  eros_sql_builder_clear (builder);
  eros_native_fail (context, "Cannot generate arrays with more than %d elements.", MAX_GENERATED);
  return FALSE;
}

static void
generate_int64 (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 value = sqlite3_value_int64 (values[0]);
  gint64 end = sqlite3_value_int64 (values[1]);
  gint64 step = n > 2 ? sqlite3_value_int64 (values[2]) : 1;
  ErosSqlBuilder builder;

  if (!check_step (context, step == 0))
    return;
  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  while (step > 0 ? value <= end : value >= end)
    {
      eros_sql_builder_add_integer (&builder, value);
      if (!check_length (context, &builder))
        return;
      if (__builtin_add_overflow (value, step, &value))
        break;
    }
  eros_result_builder (context, &builder);
}

static void
generate_float64 (sqlite3_context *context, int n, sqlite3_value **values)
{
  double start = eros_arg_real (values[0]);
  double end = eros_arg_real (values[1]);
  double step = n > 2 ? eros_arg_real (values[2]) : 1;
  ErosSqlBuilder builder;

  if (!check_step (context, step == 0))
    return;
  if (isnan (start) || isnan (end) || isnan (step))
    {
      eros_native_fail (context, "Sequence start, end, and step cannot be NaN.");
      return;
    }
  if (isinf (step))
    {
      eros_native_fail (context, "Sequence step cannot be +/-inf.");
      return;
    }
  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  for (gint64 i = 0;; i++)
    {
      double value = start + (double) i * step;

      if (step > 0 ? value > end : value < end)
        break;
      eros_sql_builder_add_real (&builder, value);
      if (!check_length (context, &builder))
        return;
    }
  eros_result_builder (context, &builder);
}

static void
generate_decimal (sqlite3_context *context, int n, sqlite3_value **values, ErosSqlKind kind)
{
  ErosWide value, end, step;
  char data[EROS_NUMERIC_MAX_SIZE];
  ErosSqlBuilder builder;

  eros_numeric_from_int64 (kind, 1, &step);
  if (!eros_arg_numeric (values[0], kind, &value) || !eros_arg_numeric (values[1], kind, &end) ||
      (n > 2 && !eros_arg_numeric (values[2], kind, &step)) ||
      !check_step (context, eros_wide_is_zero (&step)))
    return;
  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  while (step.negative ? eros_wide_compare (&value, &end) >= 0 : eros_wide_compare (&value, &end) <= 0)
    {
      eros_numeric_store (kind, &value, data);
      eros_sql_builder_add_blob (&builder, data, eros_numeric_get_size (kind));
      if (!check_length (context, &builder))
        return;
      if (!eros_numeric_add (kind, &value, &step, &value))
        break;
    }
  eros_result_builder (context, &builder);
}

static void
generate_numeric (sqlite3_context *context, int n, sqlite3_value **values)
{
  generate_decimal (context, n, values, EROS_SQL_NUMERIC);
}

static void
generate_bignumeric (sqlite3_context *context, int n, sqlite3_value **values)
{
  generate_decimal (context, n, values, EROS_SQL_BIGNUMERIC);
}

/* RANGE_BUCKET: (point, ascending array, types): how many elements are not greater than the point */
static void
range_bucket (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosSqlType *type = eros_arg_type (context, values, 2);
  ErosSqlReader reader;
  ErosSqlValue point, element, previous;
  gint64 bucket = 0;

  if (type == NULL || eros_arg_is_null (values[0]) || eros_arg_is_null (values[1]))
    return;
  eros_sql_value_load (&point, type, values[0]);
  if (eros_sql_type_is (type, EROS_SQL_FLOAT64) && isnan (point.real))
    return;
  read_array (values[1], &reader);
  for (guint i = 0; eros_sql_reader_next_value (&reader, type, &element); i++)
    {
      if (eros_sql_type_is (type, EROS_SQL_FLOAT64) && !element.is_null && isnan (element.real))
        {
          eros_native_fail (
            context,
            "Elements in input array to RANGE_BUCKET cannot be NaN. NaN element found at position %u", i + 1);
          return;
        }
      if (i > 0 && eros_sql_value_compare (&previous, &element) > 0)
        {
          eros_native_fail (
            context,
            "Elements in input array to RANGE_BUCKET must be in ascending order. Nonconforming elements "
            "found at position %u and %u",
            i, i + 1);
          return;
        }
      bucket += eros_sql_value_compare (&element, &point) <= 0;
      previous = element;
    }
  sqlite3_result_int64 (context, bucket);
}

const ErosNative eros_native_array[] = {
  { NULL, NULL, "bq_array", 0, make_array, NULL },
  { NULL, NULL, "bq_struct", 0, make_struct, NULL },
  { NULL, NULL, "bq_get_field", NULLS_STRICT, get_field, NULL },
  { "$array_offset", "(ARRAY<T>, INT64) -> T", "bq_array_offset", STRICT_FAIL, array_offset, NULL },
  { "$array_offset", "(JSON, INT64) -> JSON", "bq_json_subscript", NULLS_STRICT, NULL, NULL },
  { "$array_offset", "(JSON, STRING) -> JSON", "bq_json_subscript", NULLS_STRICT, NULL, NULL },
  { "$array_ordinal", "(ARRAY<T>, INT64) -> T", "bq_array_ordinal", STRICT_FAIL, array_ordinal, NULL },
  { "$array_safe_offset", "(ARRAY<T>, INT64) -> T", "bq_array_safe_offset", NULLS_STRICT, array_safe_offset,
    NULL },
  { "$array_safe_ordinal", "(ARRAY<T>, INT64) -> T", "bq_array_safe_ordinal", NULLS_STRICT,
    array_safe_ordinal, NULL },
  { "ARRAY_LENGTH", "(ARRAY<T>) -> INT64", "bq_array_length", NULLS_STRICT, array_length, NULL },
  { "ARRAY_CONCAT", "(ARRAY<T>, ARRAY<T>...) -> ARRAY<T>", "bq_array_concat",
    NULLS_STRICT | EROS_FUNCTION_ASSOCIATIVE, array_concat, NULL },
  { "ARRAY_REVERSE", "(ARRAY<T>) -> ARRAY<T>", "bq_array_reverse", NULLS_STRICT, array_reverse, NULL },
  { "ARRAY_FIRST", "(ARRAY<T>) -> T", "bq_array_first", STRICT_FAIL, array_first, NULL },
  { "ARRAY_LAST", "(ARRAY<T>) -> T", "bq_array_last", STRICT_FAIL, array_last, NULL },
  { "ARRAY_SLICE", "(ARRAY<T>, INT64, INT64) -> ARRAY<T>", "bq_array_slice", NULLS_STRICT, array_slice,
    NULL },
  { "ARRAY_TO_STRING", "(ARRAY<STRING>, STRING, [STRING]) -> STRING", "bq_array_to_string", NULLS_STRICT,
    array_to_string, NULL },
  { "ARRAY_TO_STRING", "(ARRAY<BYTES>, BYTES, [BYTES]) -> BYTES", "bq_array_to_bytes", NULLS_STRICT,
    array_to_bytes, NULL },
  { "ARRAY_IS_DISTINCT", "(ARRAY<T:groupable>) -> BOOL", "bq_array_is_distinct", NULLS_STRICT,
    array_is_distinct, NULL },
  { "RANGE_BUCKET", "(T:orderable, ARRAY<T>) -> INT64", "bq_range_bucket",
    CAN_FAIL | EROS_FUNCTION_NEEDS_TYPES, range_bucket, NULL },
  { "GENERATE_ARRAY", "(INT64, INT64, [INT64]) -> ARRAY<INT64>", "bq_generate_int64_array", STRICT_FAIL,
    generate_int64, NULL },
  { "GENERATE_ARRAY", "(NUMERIC, NUMERIC, [NUMERIC]) -> ARRAY<NUMERIC>", "bq_generate_numeric_array",
    STRICT_FAIL, generate_numeric, NULL },
  { "GENERATE_ARRAY", "(BIGNUMERIC, BIGNUMERIC, [BIGNUMERIC]) -> ARRAY<BIGNUMERIC>",
    "bq_generate_bignumeric_array", STRICT_FAIL, generate_bignumeric, NULL },
  { "GENERATE_ARRAY", "(FLOAT64, FLOAT64, [FLOAT64]) -> ARRAY<FLOAT64>", "bq_generate_float64_array",
    STRICT_FAIL, generate_float64, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
