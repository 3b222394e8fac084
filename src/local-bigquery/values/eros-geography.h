/* eros-geography.h: GEOGRAPHY
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A GEOGRAPHY lies in SQLite as points, lines and polygons, in this order: 'G', then three lists, each its length and
 * its members. A point is three doubles on the unit sphere; a line is a list of points; a polygon is a list of rings,
 * which are lists of points without the first one again at the end: the outer one counter-clockwise, holes clockwise.
 * A length is a guint32. All are in this machine's order. */
#define EROS_GEOGRAPHY_MARK 'G'

typedef struct
{
  const char *next;
  const char *end;
} ErosGeographyReader;

gboolean eros_geography_reader_init (ErosGeographyReader *reader, const char *data, gsize size);
guint    eros_geography_read_length (ErosGeographyReader *reader);
gboolean eros_geography_read_point (ErosGeographyReader *reader, double point[3]);
void     eros_geography_get_degrees (const double point[3], double *longitude, double *latitude);
void     eros_geography_append_text (const char *data, gsize size, GString *text);

G_END_DECLS
