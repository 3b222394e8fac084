/* eros-sql-array.c: the binary form of ARRAY and STRUCT
 *
 *   'A' or 'S', number of elements (varint), elements
 *   an element: 0 NULL | 1 INTEGER (8 bytes) | 2 REAL (8 bytes) | 3 TEXT (size as varint, bytes) | 4 BLOB
 * (same)
 *
 * Numbers are in this machine's order: the file is no exchange format. Equal values have equal bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-sql-value.h"

#include <math.h>
#include <string.h>

static void
append_varint (GString *bytes, guint64 number)
{
  for (; number >= 0x80; number >>= 7)
    g_string_append_c (bytes, (char) (number | 0x80));
  g_string_append_c (bytes, (char) number);
}

/**
 * eros_sql_builder_init:
 * @builder: (out): a builder
 * @kind: EROS_SQL_ARRAY or EROS_SQL_STRUCT
 *
 * Begins a value. End it with eros_sql_builder_end(), or drop it with eros_sql_builder_clear().
 */
void
eros_sql_builder_init (ErosSqlBuilder *builder, ErosSqlKind kind)
{
  builder->bytes = g_string_sized_new (64);
  builder->n_elements = 0;
  g_string_append_c (builder->bytes, kind == EROS_SQL_ARRAY ? 'A' : 'S');
}

void
eros_sql_builder_clear (ErosSqlBuilder *builder)
{
  if (builder->bytes != NULL)
    g_string_free (builder->bytes, TRUE);
  builder->bytes = NULL;
}

void
eros_sql_builder_add_null (ErosSqlBuilder *builder)
{
  builder->n_elements++;
  g_string_append_c (builder->bytes, EROS_SQL_STORAGE_NULL);
}

void
eros_sql_builder_add_integer (ErosSqlBuilder *builder, gint64 integer)
{
  builder->n_elements++;
  g_string_append_c (builder->bytes, EROS_SQL_STORAGE_INTEGER);
  g_string_append_len (builder->bytes, (const char *) &integer, 8);
}

void
eros_sql_builder_add_real (ErosSqlBuilder *builder, double real)
{
  if (isnan (real))
    {
      eros_sql_builder_add_blob (builder, "N", 1);
      return;
    }
  builder->n_elements++;
  g_string_append_c (builder->bytes, EROS_SQL_STORAGE_REAL);
  g_string_append_len (builder->bytes, (const char *) &real, 8);
}

static void
add_data (ErosSqlBuilder *builder, ErosSqlStorage storage, const char *data, gsize size)
{
  builder->n_elements++;
  g_string_append_c (builder->bytes, (char) storage);
  append_varint (builder->bytes, size);
  g_string_append_len (builder->bytes, data, (gssize) size);
}

void
eros_sql_builder_add_text (ErosSqlBuilder *builder, const char *data, gsize size)
{
  add_data (builder, EROS_SQL_STORAGE_TEXT, data, size);
}

void
eros_sql_builder_add_blob (ErosSqlBuilder *builder, const char *data, gsize size)
{
  add_data (builder, EROS_SQL_STORAGE_BLOB, data, size);
}

void
eros_sql_builder_add (ErosSqlBuilder *builder, const ErosSqlValue *value)
{
  if (value->is_null)
    eros_sql_builder_add_null (builder);
  else if (value->type == eros_sql_type (EROS_SQL_FLOAT64))
    eros_sql_builder_add_real (builder, value->real);
  else if (eros_sql_type_is (value->type, EROS_SQL_STRING) || eros_sql_type_is (value->type, EROS_SQL_JSON))
    eros_sql_builder_add_text (builder, value->data, value->size);
  else if (eros_sql_value_has_data (value))
    eros_sql_builder_add_blob (builder, value->data, value->size);
  else
    eros_sql_builder_add_integer (builder, value->integer);
}

/**
 * eros_sql_builder_end:
 * @builder: a builder, which is cleared
 * @size: (out): how many bytes
 *
 * Returns: (transfer full): the value's bytes
 */
char *
eros_sql_builder_end (ErosSqlBuilder *builder, gsize *size)
{
  GString *bytes = g_steal_pointer (&builder->bytes);
  g_autoptr (GString) count = g_string_new (NULL);

  append_varint (count, builder->n_elements);
  g_string_insert_len (bytes, 1, count->str, (gssize) count->len);
  *size = bytes->len;
  return g_string_free (bytes, FALSE);
}

void
eros_sql_builder_end_value (ErosSqlBuilder *builder, const ErosSqlType *type, ErosSqlValue *value)
{
  gsize size = 0;
  char *data = eros_sql_builder_end (builder, &size);

  eros_sql_value_take_data (value, type, data, (gssize) size);
}

static gboolean
read_varint (ErosSqlReader *reader, guint64 *number)
{
  *number = 0;
  for (guint shift = 0; shift < 63 && reader->next < reader->end; shift += 7)
    {
      guint8 byte = *reader->next++;

      *number |= (guint64) (byte & 0x7f) << shift;
      if (byte < 0x80)
        return TRUE;
    }
  return FALSE;
}

/**
 * eros_sql_reader_init:
 * @reader: (out): a reader
 * @data: (nullable): the bytes of an ARRAY or a STRUCT; must outlive the reader
 * @size: how many
 *
 * Returns: whether @data begins like such a value
 */
gboolean
eros_sql_reader_init (ErosSqlReader *reader, const char *data, gsize size)
{
  guint64 n_elements = 0;

  *reader = (ErosSqlReader){ (const guint8 *) data, (const guint8 *) data + size, 0, 0 };
  if (size < 2 || (data[0] != 'A' && data[0] != 'S'))
    return FALSE;
  reader->next++;
  if (!read_varint (reader, &n_elements) || n_elements > size)
    return FALSE;
  reader->n_elements = (guint) n_elements;
  return TRUE;
}

/**
 * eros_sql_reader_next:
 * @reader: a reader
 * @element: (out): the next element as it lies in SQLite; borrows from the reader's bytes
 *
 * Returns: whether there was one
 */
gboolean
eros_sql_reader_next (ErosSqlReader *reader, ErosSqlElement *element)
{
  guint64 size = 0;

  if (reader->index >= reader->n_elements || reader->next >= reader->end)
    return FALSE;
  element->storage = *reader->next++;
  reader->index++;
  switch (element->storage)
    {
    case EROS_SQL_STORAGE_NULL:
      return TRUE;
    case EROS_SQL_STORAGE_INTEGER:
    case EROS_SQL_STORAGE_REAL:
      if (reader->end - reader->next < 8)
        return FALSE;
      memcpy (&element->integer, reader->next, 8);
      reader->next += 8;
      return TRUE;
    case EROS_SQL_STORAGE_TEXT:
    case EROS_SQL_STORAGE_BLOB:
      if (!read_varint (reader, &size) || size > (guint64) (reader->end - reader->next))
        return FALSE;
      element->data = (const char *) reader->next;
      element->size = size;
      reader->next += size;
      return TRUE;
    default:
      return FALSE;
    }
}

/**
 * eros_sql_reader_next_value:
 * @reader: a reader
 * @type: the next element's type
 * @value: (out): the element, borrowing from the reader's bytes
 *
 * Returns: whether there was one
 */
gboolean
eros_sql_reader_next_value (ErosSqlReader *reader, const ErosSqlType *type, ErosSqlValue *value)
{
  ErosSqlElement element;
  gboolean real = eros_sql_type_is (type, EROS_SQL_FLOAT64);

  if (!eros_sql_reader_next (reader, &element))
    return FALSE;
  *value = (ErosSqlValue) EROS_SQL_VALUE_INIT;
  value->type = type;
  value->is_null = element.storage == EROS_SQL_STORAGE_NULL;
  if (value->is_null)
    return TRUE;
  if (real)
    value->real = element.storage == EROS_SQL_STORAGE_REAL      ? element.real
                  : element.storage == EROS_SQL_STORAGE_INTEGER ? (double) element.integer
                                                                : NAN;
  else if (eros_sql_value_has_data (value))
    {
      gboolean has_data =
        element.storage == EROS_SQL_STORAGE_TEXT || element.storage == EROS_SQL_STORAGE_BLOB;

      value->data = has_data ? element.data : "";
      value->size = has_data ? element.size : 0;
    }
  else
    value->integer = element.storage == EROS_SQL_STORAGE_INTEGER ? element.integer : 0;
  return TRUE;
}

/**
 * eros_sql_builder_add_all:
 * @builder: a builder
 * @data: the bytes of an ARRAY or a STRUCT
 * @size: how many
 *
 * Adds all elements of another value.
 */
void
eros_sql_builder_add_all (ErosSqlBuilder *builder, const char *data, gsize size)
{
  ErosSqlReader reader;

  if (!eros_sql_reader_init (&reader, data, size))
    return;
  g_string_append_len (builder->bytes, (const char *) reader.next, reader.end - reader.next);
  builder->n_elements += reader.n_elements;
}

/**
 * eros_sql_type_has_array:
 * @type: a type
 *
 * Returns: whether it is an ARRAY, or a STRUCT with one in it
 */
gboolean
eros_sql_type_has_array (const ErosSqlType *type)
{
  if (eros_sql_type_is (type, EROS_SQL_ARRAY))
    return TRUE;
  for (guint i = 0; eros_sql_type_is (type, EROS_SQL_STRUCT) && i < eros_sql_type_get_n_fields (type); i++)
    if (eros_sql_type_has_array (eros_sql_type_get_field (type, i)->type))
      return TRUE;
  return FALSE;
}

/**
 * eros_sql_value_has_null_element:
 * @value: a value
 *
 * Returns: whether one of its ARRAYs has an element that is NULL
 */
gboolean
eros_sql_value_has_null_element (const ErosSqlValue *value)
{
  gboolean is_array = eros_sql_type_is (value->type, EROS_SQL_ARRAY);
  ErosSqlReader reader;
  ErosSqlValue part = EROS_SQL_VALUE_INIT;

  if (value->is_null || !eros_sql_type_has_array (value->type) ||
      !eros_sql_reader_init (&reader, value->data, value->size))
    return FALSE;
  for (guint i = 0; i < reader.n_elements; i++)
    {
      const ErosSqlType *type =
        is_array ? eros_sql_type_get_element (value->type) : eros_sql_type_get_field (value->type, i)->type;

      if (!eros_sql_reader_next_value (&reader, type, &part))
        return FALSE;
      if ((is_array && part.is_null) || eros_sql_value_has_null_element (&part))
        return TRUE;
    }
  return FALSE;
}

static gboolean
lacks_array (const ErosSqlValue *value)
{
  gboolean is_array = eros_sql_type_is (value->type, EROS_SQL_ARRAY);
  ErosSqlReader reader;
  ErosSqlValue part = EROS_SQL_VALUE_INIT;

  if (value->is_null)
    return is_array;
  if (!eros_sql_type_has_array (value->type) ||
      (is_array && !eros_sql_type_has_array (eros_sql_type_get_element (value->type))) ||
      !eros_sql_reader_init (&reader, value->data, value->size))
    return FALSE;
  for (guint i = 0; i < reader.n_elements; i++)
    {
      const ErosSqlType *type =
        is_array ? eros_sql_type_get_element (value->type) : eros_sql_type_get_field (value->type, i)->type;

      if (!eros_sql_reader_next_value (&reader, type, &part))
        return FALSE;
      if (lacks_array (&part))
        return TRUE;
    }
  return FALSE;
}

/**
 * eros_sql_value_fill_arrays:
 * @value: a value that is to be in a table
 *
 * Makes each of its ARRAYs that is NULL an empty one: a table knows no difference.
 */
void
eros_sql_value_fill_arrays (ErosSqlValue *value)
{
  gboolean is_array = eros_sql_type_is (value->type, EROS_SQL_ARRAY);
  ErosSqlBuilder builder;
  ErosSqlReader reader;

  if (!lacks_array (value))
    return;
  eros_sql_builder_init (&builder, is_array ? EROS_SQL_ARRAY : EROS_SQL_STRUCT);
  if (!value->is_null && eros_sql_reader_init (&reader, value->data, value->size))
    for (guint i = 0; i < reader.n_elements; i++)
      {
        const ErosSqlType *type =
          is_array ? eros_sql_type_get_element (value->type) : eros_sql_type_get_field (value->type, i)->type;
        g_auto (ErosSqlValue) part = EROS_SQL_VALUE_INIT;

        if (!eros_sql_reader_next_value (&reader, type, &part))
          break;
        eros_sql_value_fill_arrays (&part);
        eros_sql_builder_add (&builder, &part);
      }
  eros_sql_builder_end_value (&builder, value->type, value);
}
