/* eros-native-geography-binary.c: GEOGRAPHY as WKB
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <eros-geography.h>

#include "eros-native-geography-private.h"

/* ---- WKB: little-endian out, both in -------------------------------------------------------------------- */

static void
put_guint32 (GString *bytes, guint32 number)
{
  number = GUINT32_TO_LE (number);
  g_string_append_len (bytes, (const char *) &number, sizeof number);
}

static void
put_double (GString *bytes, double number)
{
  guint64 bits = 0;

  memcpy (&bits, &number, sizeof bits);
  bits = GUINT64_TO_LE (bits);
  g_string_append_len (bytes, (const char *) &bits, sizeof bits);
}

static void
put_header (GString *bytes, guint32 type)
{
  g_string_append_c (bytes, 1);
  put_guint32 (bytes, type);
}

static void
put_path (GString *bytes, ErosGeographyReader *reader, gboolean ring)
{
  guint n = eros_geography_read_length (reader);
  double first[2] = { 0 };
  double point[3];

  put_guint32 (bytes, n + ring);
  for (guint i = 0; i < n && eros_geography_read_point (reader, point); i++)
    {
      double place[2];

      eros_geography_get_degrees (point, &place[0], &place[1]);
      if (i == 0)
        memcpy (first, place, sizeof first);
      put_double (bytes, place[0]);
      put_double (bytes, place[1]);
    }
  if (ring)
    {
      put_double (bytes, first[0]);
      put_double (bytes, first[1]);
    }
}

/* @type: 1 point, 2 line, 3 polygon */
static void
put_shape (GString *bytes, ErosGeographyReader *reader, guint type)
{
  double point[3];
  double place[2];

  put_header (bytes, type);
  if (type == 1 && eros_geography_read_point (reader, point))
    {
      eros_geography_get_degrees (point, &place[0], &place[1]);
      put_double (bytes, place[0]);
      put_double (bytes, place[1]);
    }
  else if (type == 2)
    put_path (bytes, reader, FALSE);
  else if (type == 3)
    {
      guint n_rings = eros_geography_read_length (reader);

      put_guint32 (bytes, n_rings);
      for (guint i = 0; i < n_rings && reader->next < reader->end; i++)
        put_path (bytes, reader, TRUE);
    }
}

static void
as_binary (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);
  guint n_parts = geo != NULL ? (guint) eros_geo_count (geo, EROS_GEO_N_GEOMETRIES) : 0;
  GString *bytes = NULL;
  gsize size = 0;
  const char *data = eros_arg_data (values[0], &size);
  ErosGeographyReader reader;
  guint total = 0;

  if (geo == NULL || !eros_geography_reader_init (&reader, data, size))
    return;
  bytes = g_string_new (NULL);
  for (guint type = 1; type <= 3; type++)
    {
      guint length = eros_geography_read_length (&reader);

      if (total == 0 && n_parts != 1 && length > 0)
        {
          put_header (bytes, length == n_parts ? type + 3 : 7);
          put_guint32 (bytes, n_parts);
        }
      for (guint i = 0; i < length && reader.next < reader.end; i++)
        put_shape (bytes, &reader, type);
      total += length;
    }
  if (n_parts == 0)
    {
      put_header (bytes, 7);
      put_guint32 (bytes, 0);
    }
  eros_result_take_blob (context, bytes);
}

typedef struct
{
  const guint8 *next;
  const guint8 *end;
  gboolean big;
  GString *text;
} WkbReader;

static gboolean
take_guint32 (WkbReader *reader, guint32 *number)
{
  if (reader->end - reader->next < 4)
    return FALSE;
  memcpy (number, reader->next, 4);
  *number = reader->big ? GUINT32_FROM_BE (*number) : GUINT32_FROM_LE (*number);
  reader->next += 4;
  return TRUE;
}

static gboolean
take_double (WkbReader *reader)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  guint64 bits = 0;
  double number = 0;

  if (reader->end - reader->next < 8)
    return FALSE;
  memcpy (&bits, reader->next, 8);
  bits = reader->big ? GUINT64_FROM_BE (bits) : GUINT64_FROM_LE (bits);
  memcpy (&number, &bits, 8);
  reader->next += 8;
  g_string_append (reader->text, g_ascii_dtostr (buffer, sizeof buffer, number));
  return isfinite (number);
}

static gboolean
take_place (WkbReader *reader)
{
  if (!take_double (reader))
    return FALSE;
  g_string_append_c (reader->text, ' ');
  return take_double (reader);
}

static gboolean take_shape (WkbReader *reader, guint depth);

static gboolean
take_path (WkbReader *reader)
{
  guint32 n = 0;
  gboolean good = take_guint32 (reader, &n);

  g_string_append_c (reader->text, '(');
  for (guint32 i = 0; i < n && good; i++)
    {
      g_string_append (reader->text, i > 0 ? ", " : "");
      good = take_place (reader);
    }
  g_string_append_c (reader->text, ')');
  return good && n > 0;
}

static gboolean
take_paths (WkbReader *reader)
{
  guint32 n = 0;
  gboolean good = take_guint32 (reader, &n);

  g_string_append_c (reader->text, '(');
  for (guint32 i = 0; i < n && good; i++)
    {
      g_string_append (reader->text, i > 0 ? ", " : "");
      good = take_path (reader);
    }
  g_string_append_c (reader->text, ')');
  return good;
}

static gboolean
take_parts (WkbReader *reader, guint depth)
{
  guint32 n = 0;
  gboolean good = take_guint32 (reader, &n);

  g_string_append (reader->text, n == 0 ? " EMPTY" : "(");
  for (guint32 i = 0; i < n && good; i++)
    {
      g_string_append (reader->text, i > 0 ? ", " : "");
      good = take_shape (reader, depth + 1);
    }
  g_string_append (reader->text, n == 0 ? "" : ")");
  return good;
}

/* Appends a shape as WKT; a MULTI… as a collection, which is the same. */
static gboolean
take_shape (WkbReader *reader, guint depth)
{
  guint32 type = 0;
  gboolean good = FALSE;

  if (depth > 16 || reader->next >= reader->end || *reader->next > 1)
    return FALSE;
  reader->big = *reader->next++ == 0;
  if (!take_guint32 (reader, &type))
    return FALSE;
  switch (type)
    {
    case 1:
      g_string_append (reader->text, "POINT(");
      good = take_place (reader);
      g_string_append_c (reader->text, ')');
      return good;
    case 2:
      g_string_append (reader->text, "LINESTRING");
      return take_path (reader);
    case 3:
      g_string_append (reader->text, "POLYGON");
      return take_paths (reader);
    case 4:
    case 5:
    case 6:
    case 7:
      g_string_append (reader->text, "GEOMETRYCOLLECTION");
      return take_parts (reader, depth);
    default:
      return FALSE;
    }
}

static void
from_binary (sqlite3_context *context, int n, sqlite3_value **values)
{
  gsize size = 0;
  const char *data = eros_arg_data (values[0], &size);
  g_autoptr (GString) text = g_string_new (NULL);
  WkbReader reader = { (const guint8 *) data, (const guint8 *) data + size, FALSE, text };

  if (take_shape (&reader, 0) && reader.next == reader.end)
    eros_result_geo_text (context, "ST_GeogFromWKB", text->str, eros_geo_flags_of (n, values));
  else
    eros_native_fail (context, "ST_GeogFromWKB failed: Invalid WKB");
}

const ErosNative eros_native_geography_binary[] = {
  { "ST_ASBINARY", "(GEOGRAPHY) -> BYTES", "bq_st_asbinary", NULLS_STRICT, as_binary, NULL },
  { "ST_GEOGFROMWKB", "(BYTES, " EROS_GEO_OPTIONS ") -> GEOGRAPHY", "bq_st_geogfromwkb", STRICT_FAIL,
    from_binary, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
