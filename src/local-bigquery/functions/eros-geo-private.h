/* eros-geo-private.h: geography on the sphere, S2 from C
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

#ifdef __cplusplus
extern "C"
{
#endif

  typedef struct _ErosGeo ErosGeo;

  ErosGeo *eros_geo_new (const char *data, gsize size);
  ErosGeo *eros_geo_new_point (double longitude, double latitude);
  ErosGeo *eros_geo_new_union (GPtrArray *parts);
  ErosGeo *eros_geo_new_line (GPtrArray *parts, char **problem);
  ErosGeo *eros_geo_new_polygon (GPtrArray *rings, gboolean oriented, char **problem);
  void     eros_geo_free (ErosGeo *self);
  GString *eros_geo_store (const ErosGeo *self);

  typedef enum
  {
    EROS_GEO_ORIENTED = 1 << 0,   /* a ring's inside is on its left, however large that is */
    EROS_GEO_PLANAR = 1 << 1,     /* edges are straight on the map, not on the sphere */
    EROS_GEO_MAKE_VALID = 1 << 2, /* mend rings that cross themselves */
  } ErosGeoTextFlags;

  ErosGeo *eros_geo_new_from_text (const char *text, guint flags, char **problem);

  typedef enum
  {
    EROS_GEO_AREA,
    EROS_GEO_LENGTH,
    EROS_GEO_PERIMETER,
    EROS_GEO_DISTANCE,
    EROS_GEO_MAX_DISTANCE,
    EROS_GEO_HAUSDORFF,
  } ErosGeoMeasure;

  double eros_geo_measure (const ErosGeo *self, ErosGeoMeasure what, const ErosGeo *other);

  typedef enum
  {
    EROS_GEO_N_POINTS,
    EROS_GEO_N_GEOMETRIES,
    EROS_GEO_DIMENSION, /* -1: empty */
  } ErosGeoCount;

  int eros_geo_count (const ErosGeo *self, ErosGeoCount what);

  typedef enum
  {
    EROS_GEO_COVERS,
    EROS_GEO_CONTAINS,
    EROS_GEO_INTERSECTS,
    EROS_GEO_TOUCHES,
    EROS_GEO_EQUALS,
    EROS_GEO_IS_EMPTY,
    EROS_GEO_IS_CLOSED,
    EROS_GEO_IS_RING,
    EROS_GEO_IS_COLLECTION,
  } ErosGeoTest;

  gboolean eros_geo_test (const ErosGeo *self, ErosGeoTest what, const ErosGeo *other);
  gboolean eros_geo_intersects_box (const ErosGeo *self, const double box[4]);

  typedef enum
  {
    EROS_GEO_UNION,
    EROS_GEO_INTERSECTION,
    EROS_GEO_DIFFERENCE,
    EROS_GEO_BOUNDARY,
    EROS_GEO_CENTROID,
    EROS_GEO_CONVEX_HULL,
    EROS_GEO_START_POINT,
    EROS_GEO_END_POINT,
    EROS_GEO_EXTERIOR_RING,
    EROS_GEO_CLOSEST_POINT,
    EROS_GEO_SIMPLIFIED, /* @number: tolerance in metres */
    EROS_GEO_SNAPPED,    /* @number: the grid's width in degrees */
  } ErosGeoMake;

  /* NULL: there is none, or, with @problem set, it cannot be done. */
  ErosGeo *eros_geo_make (const ErosGeo *self, ErosGeoMake what, const ErosGeo *other, double number, char **problem);

  typedef struct
  {
    double   radius; /* metres */
    double   segments_per_circle;
    gboolean flat_caps;
    int      side; /* 0: both, -1: left, 1: right */
  } ErosGeoBuffer;

  ErosGeo *eros_geo_new_buffer (const ErosGeo *self, const ErosGeoBuffer *buffer, char **problem);

  /* (transfer full): the single parts, those of @dimension or, with -1, all; their points; their holes */
  GPtrArray *eros_geo_dump (const ErosGeo *self, int dimension);
  GPtrArray *eros_geo_dump_points (const ErosGeo *self);
  GPtrArray *eros_geo_dump_holes (const ErosGeo *self);

  gboolean eros_geo_get_point (const ErosGeo *self, double *longitude, double *latitude);
  gboolean eros_geo_get_bounds (const ErosGeo *self, double box[4]);
  double   eros_geo_get_azimuth (const ErosGeo *from, const ErosGeo *to);
  void     eros_geo_append_json (const ErosGeo *self, GString *text);
  gint64   eros_geo_get_cell (const ErosGeo *self, int level);

  G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosGeo, eros_geo_free)

#ifdef __cplusplus
}
#endif
