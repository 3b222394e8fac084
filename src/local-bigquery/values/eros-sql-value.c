/* eros-sql-value.c: GoogleSQL values
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-sql-value.h"

#include <math.h>
#include <string.h>

/**
 * eros_sql_value_has_data:
 * @value: a value with a type
 *
 * Returns: whether its type is one that lies in SQLite as text or blob (FLOAT64's NaN apart)
 */
gboolean
eros_sql_value_has_data (const ErosSqlValue *value)
{
  switch (eros_sql_type_get_kind (value->type))
    {
    case EROS_SQL_STRING:
    case EROS_SQL_BYTES:
    case EROS_SQL_NUMERIC:
    case EROS_SQL_BIGNUMERIC:
    case EROS_SQL_JSON:
    case EROS_SQL_INTERVAL:
    case EROS_SQL_GEOGRAPHY:
    case EROS_SQL_RANGE:
    case EROS_SQL_ARRAY:
    case EROS_SQL_STRUCT:
      return TRUE;
    case EROS_SQL_INT64:
    case EROS_SQL_FLOAT64:
    case EROS_SQL_BOOL:
    case EROS_SQL_DATE:
    case EROS_SQL_TIME:
    case EROS_SQL_DATETIME:
    case EROS_SQL_TIMESTAMP:
    default:
      return FALSE;
    }
}

gboolean
eros_sql_is_utf8 (const char *data, gsize size)
{
  const char *end = data + size;
  const char *valid_end = NULL;

  while (!g_utf8_validate_len (data, (gsize) (end - data), &valid_end))
    {
      if (*valid_end != '\0')
        return FALSE;
      data = valid_end + 1;
    }
  return TRUE;
}

void
eros_sql_value_clear (ErosSqlValue *value)
{
  g_clear_pointer (&value->owned, g_free);
  value->is_null = TRUE;
}

/**
 * eros_sql_value_copy:
 * @value: a value
 * @copy: (out): a copy that owns its data; its former content is not cleared
 */
void
eros_sql_value_copy (const ErosSqlValue *value, ErosSqlValue *copy)
{
  *copy = *value;
  copy->owned = NULL;
  if (value->is_null || value->type == NULL || !eros_sql_value_has_data (value))
    return;
  copy->owned = g_malloc (value->size + 1);
  memcpy (copy->owned, value->data, value->size);
  copy->owned[value->size] = '\0';
  copy->data = copy->owned;
}

void
eros_sql_value_set_null (ErosSqlValue *value, const ErosSqlType *type)
{
  *value = (ErosSqlValue) EROS_SQL_VALUE_INIT;
  value->type = type;
}

void
eros_sql_value_set_integer (ErosSqlValue *value, const ErosSqlType *type, gint64 integer)
{
  eros_sql_value_set_null (value, type);
  value->is_null = FALSE;
  value->integer = integer;
}

void
eros_sql_value_set_real (ErosSqlValue *value, double real)
{
  eros_sql_value_set_null (value, eros_sql_type (EROS_SQL_FLOAT64));
  value->is_null = FALSE;
  value->real = real;
}

/**
 * eros_sql_value_set_data:
 * @value: (out): a value; its former content is not cleared
 * @type: its type
 * @data: its data, which is borrowed
 * @size: how many bytes, or -1 for a NUL-terminated text
 */
void
eros_sql_value_set_data (ErosSqlValue *value, const ErosSqlType *type, const char *data, gssize size)
{
  eros_sql_value_set_null (value, type);
  value->is_null = FALSE;
  value->data = data;
  value->size = size < 0 ? strlen (data) : (gsize) size;
}

void
eros_sql_value_take_data (ErosSqlValue *value, const ErosSqlType *type, char *data, gssize size)
{
  eros_sql_value_set_data (value, type, data, size);
  value->owned = data;
}

static int
compare_data (const ErosSqlValue *a, const ErosSqlValue *b)
{
  int order = memcmp (a->data, b->data, MIN (a->size, b->size));

  return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

static int
compare_reals (double a, double b)
{
  if (isnan (a) || isnan (b))
    return !!isnan (b) - !!isnan (a);
  return (a > b) - (a < b);
}

static const ErosSqlType *
element_type (const ErosSqlType *type, guint index)
{
  if (eros_sql_type_is (type, EROS_SQL_ARRAY))
    return eros_sql_type_get_element (type);
  return index < eros_sql_type_get_n_fields (type) ? eros_sql_type_get_field (type, index)->type : NULL;
}

static int
compare_elements (const ErosSqlValue *a, const ErosSqlValue *b)
{
  ErosSqlReader x, y;
  ErosSqlValue left, right;

  eros_sql_reader_init (&x, a->data, a->size);
  eros_sql_reader_init (&y, b->data, b->size);
  for (guint i = 0; i < x.n_elements && i < y.n_elements; i++)
    {
      const ErosSqlType *type = element_type (a->type, i);
      int order = 0;

      if (type == NULL || !eros_sql_reader_next_value (&x, type, &left) ||
          !eros_sql_reader_next_value (&y, type, &right))
        break;
      order = eros_sql_value_compare (&left, &right);
      if (order != 0)
        return order;
    }
  return (x.n_elements > y.n_elements) - (x.n_elements < y.n_elements);
}

/**
 * eros_sql_value_compare:
 * @a: a value
 * @b: another of the same type
 *
 * A total order, as ORDER BY has it: NULL first, NaN before all other numbers; an ARRAY or STRUCT by its
 * elements.
 *
 * Returns: negative, 0 or positive
 */
int
eros_sql_value_compare (const ErosSqlValue *a, const ErosSqlValue *b)
{
  if (a->is_null || b->is_null)
    return (a->is_null ? 0 : 1) - (b->is_null ? 0 : 1);
  if (eros_sql_type_is (a->type, EROS_SQL_FLOAT64))
    return compare_reals (a->real, b->real);
  if (eros_sql_type_is (a->type, EROS_SQL_ARRAY) || eros_sql_type_is (a->type, EROS_SQL_STRUCT))
    return compare_elements (a, b);
  if (eros_sql_value_has_data (a))
    return compare_data (a, b);
  return (a->integer > b->integer) - (a->integer < b->integer);
}

/**
 * eros_sql_value_equal:
 * @a: a value
 * @b: another
 *
 * Returns: whether they are the same, as GROUP BY sees it: NULL is NULL, and NaN is NaN
 */
gboolean
eros_sql_value_equal (const ErosSqlValue *a, const ErosSqlValue *b)
{
  return a->type == b->type && (a->type == NULL || eros_sql_value_compare (a, b) == 0);
}

/**
 * eros_sql_value_get_logical_size:
 * @value: a value
 *
 * Returns: the bytes BigQuery bills for it (“Data type sizes” in its pricing page)
 */
guint64
eros_sql_value_get_logical_size (const ErosSqlValue *value)
{
  ErosSqlReader reader;
  ErosSqlValue element;
  guint64 size = 0;

  if (value->is_null)
    return 0;
  switch (eros_sql_type_get_kind (value->type))
    {
    case EROS_SQL_BOOL:
      return 1;
    case EROS_SQL_INT64:
    case EROS_SQL_FLOAT64:
    case EROS_SQL_DATE:
    case EROS_SQL_TIME:
    case EROS_SQL_DATETIME:
    case EROS_SQL_TIMESTAMP:
      return 8;
    case EROS_SQL_NUMERIC:
    case EROS_SQL_INTERVAL:
    case EROS_SQL_RANGE:
      return 16;
    case EROS_SQL_BIGNUMERIC:
      return 32;
    case EROS_SQL_STRING:
    case EROS_SQL_BYTES:
      return value->size + 2;
    case EROS_SQL_JSON:
    case EROS_SQL_GEOGRAPHY:
      return value->size;
    case EROS_SQL_ARRAY:
    case EROS_SQL_STRUCT:
    default:
      break;
    }
  eros_sql_reader_init (&reader, value->data, value->size);
  for (guint i = 0; i < reader.n_elements; i++)
    {
      const ErosSqlType *type = element_type (value->type, i);

      if (type == NULL || !eros_sql_reader_next_value (&reader, type, &element))
        break;
      size += eros_sql_value_get_logical_size (&element);
    }
  return size;
}
