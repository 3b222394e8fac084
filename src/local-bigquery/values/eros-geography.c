/* eros-geography.c: the text form of a GEOGRAPHY
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-geography.h"

#include <math.h>
#include <string.h>

#define DEGREES (180 / G_PI)

/**
 * eros_geography_reader_init:
 * @reader: (out): a reader, which never reads outside @data
 * @data: a GEOGRAPHY's bytes
 * @size: how many
 *
 * Returns: whether they begin as a GEOGRAPHY does
 */
gboolean
eros_geography_reader_init (ErosGeographyReader *reader, const char *data, gsize size)
{
  reader->next = data + 1;
  reader->end = data + size;
  return size > 0 && *data == EROS_GEOGRAPHY_MARK;
}

/**
 * eros_geography_read_length:
 * @reader: a reader
 *
 * Returns: the length of the list that follows, 0 at the end
 */
guint
eros_geography_read_length (ErosGeographyReader *reader)
{
  guint32 length = 0;

  if (reader->end - reader->next < (gssize) sizeof length)
    return 0;
  memcpy (&length, reader->next, sizeof length);
  reader->next += sizeof length;
  return length;
}

gboolean
eros_geography_read_point (ErosGeographyReader *reader, double point[3])
{
  if (reader->end - reader->next < (gssize) (3 * sizeof *point))
    return FALSE;
  memcpy (point, reader->next, 3 * sizeof *point);
  reader->next += 3 * sizeof *point;
  return TRUE;
}

void
eros_geography_get_degrees (const double point[3], double *longitude, double *latitude)
{
  *longitude = atan2 (point[1], point[0]) * DEGREES;
  *latitude = atan2 (point[2], sqrt (point[0] * point[0] + point[1] * point[1])) * DEGREES;
}

/* ---- WKT ----------------------------------------------------------------------------------------------- */

static void
append_number (double number, GString *text)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, g_ascii_formatd (buffer, sizeof buffer, "%.15g", number == 0 ? 0 : number));
}

static void
append_point (const double point[3], GString *text)
{
  double longitude = 0;
  double latitude = 0;

  eros_geography_get_degrees (point, &longitude, &latitude);
  append_number (longitude, text);
  g_string_append_c (text, ' ');
  append_number (latitude, text);
}

/* (a, b, c), and a again if it is a ring */
static void
append_path (ErosGeographyReader *reader, gboolean ring, GString *text)
{
  guint n = eros_geography_read_length (reader);
  double first[3] = { 0 };
  double point[3];

  g_string_append_c (text, '(');
  for (guint i = 0; i < n && eros_geography_read_point (reader, point); i++)
    {
      if (i == 0)
        memcpy (first, point, sizeof first);
      else
        g_string_append (text, ", ");
      append_point (point, text);
    }
  if (ring)
    {
      g_string_append (text, ", ");
      append_point (first, text);
    }
  g_string_append_c (text, ')');
}

static void
append_lone_point (ErosGeographyReader *reader, GString *text)
{
  double point[3];

  if (eros_geography_read_point (reader, point))
    append_point (point, text);
}

static void
append_bracketed_point (ErosGeographyReader *reader, GString *text)
{
  g_string_append_c (text, '(');
  append_lone_point (reader, text);
  g_string_append_c (text, ')');
}

static void
append_line (ErosGeographyReader *reader, GString *text)
{
  append_path (reader, FALSE, text);
}

static void
append_polygon (ErosGeographyReader *reader, GString *text)
{
  guint n = eros_geography_read_length (reader);

  g_string_append_c (text, '(');
  for (guint i = 0; i < n && reader->next < reader->end; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      append_path (reader, TRUE, text);
    }
  g_string_append_c (text, ')');
}

typedef struct
{
  const char *name;
  void (*append) (ErosGeographyReader *reader, GString *text);             /* with its brackets */
  void (*append_in_multiple) (ErosGeographyReader *reader, GString *text); /* inside MULTI… */
} ErosShape;

static const ErosShape shapes[] = {
  { "POINT", append_bracketed_point, append_lone_point },
  { "LINESTRING", append_line, append_line },
  { "POLYGON", append_polygon, append_polygon },
};

/* One list: POINT(…), MULTIPOINT(…), or, in a collection, POINT(…), POINT(…) */
static void
append_list (ErosGeographyReader *reader,
             const ErosShape *shape,
             guint n,
             gboolean in_collection,
             GString *text)
{
  gboolean multiple = n > 1 && !in_collection;

  if (multiple)
    g_string_append_printf (text, "MULTI%s(", shape->name);
  for (guint i = 0; i < n && reader->next < reader->end; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      if (!multiple)
        g_string_append (text, shape->name);
      (multiple ? shape->append_in_multiple : shape->append) (reader, text);
    }
  if (multiple)
    g_string_append_c (text, ')');
}

static void
skip (ErosGeographyReader *reader, guint depth)
{
  double point[3];

  if (depth == 0)
    {
      (void) eros_geography_read_point (reader, point);
      return;
    }
  for (guint n = eros_geography_read_length (reader); n > 0 && reader->next < reader->end; n--)
    skip (reader, depth - 1);
}

static guint
count_kinds (ErosGeographyReader reader)
{
  guint n_kinds = 0;

  for (guint kind = 0; kind < G_N_ELEMENTS (shapes); kind++)
    {
      guint n = eros_geography_read_length (&reader);

      n_kinds += n > 0;
      for (; n > 0 && reader.next < reader.end; n--)
        skip (&reader, kind);
    }
  return n_kinds;
}

/**
 * eros_geography_append_text:
 * @data: a GEOGRAPHY's bytes
 * @size: how many
 * @text: where to append
 *
 * Appends it as WKT, as ST_ASTEXT gives it.
 */
void
eros_geography_append_text (const char *data, gsize size, GString *text)
{
  ErosGeographyReader reader;
  guint n_kinds = 0;
  gboolean first = TRUE;

  if (!eros_geography_reader_init (&reader, data, size) || (n_kinds = count_kinds (reader)) == 0)
    {
      g_string_append (text, "GEOMETRYCOLLECTION EMPTY");
      return;
    }
  if (n_kinds > 1)
    g_string_append (text, "GEOMETRYCOLLECTION(");
  for (guint kind = 0; kind < G_N_ELEMENTS (shapes); kind++)
    {
      guint n = eros_geography_read_length (&reader);

      if (n == 0)
        continue;
      if (!first)
        g_string_append (text, ", ");
      first = FALSE;
      append_list (&reader, &shapes[kind], n, n_kinds > 1, text);
    }
  if (n_kinds > 1)
    g_string_append_c (text, ')');
}
