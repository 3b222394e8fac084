/* eros-native-geography.c: GEOGRAPHY made, measured, compared and combined
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-geography-private.h"

/* NULL with an error set if the bytes are none, which only a damaged file has. */
ErosGeo *
eros_arg_geo (sqlite3_context *context, sqlite3_value *value)
{
  gsize size = 0;
  const char *data = eros_arg_data (value, &size);
  ErosGeo *geo = eros_geo_new (data, size);

  if (geo == NULL)
    eros_native_fail (context, "Invalid GEOGRAPHY value");
  return geo;
}

void
eros_result_geo (sqlite3_context *context, const ErosGeo *geo)
{
  eros_result_take_blob (context, eros_geo_store (geo));
}

/* Takes @geo; NULL with a problem is an error, NULL without one is NULL. */
void
eros_result_take_geo (sqlite3_context *context, const char *function, ErosGeo *geo, const char *problem)
{
  if (geo != NULL)
    eros_result_geo (context, geo);
  else if (problem != NULL)
    eros_native_fail (context, "%s failed: %s", function, problem);
  g_clear_pointer (&geo, eros_geo_free);
}

/* ---- points -------------------------------------------------------------------------------------------- */

static void
geog_point (sqlite3_context *context, int n, sqlite3_value **values)
{
  double longitude = eros_arg_real (values[0]);
  double latitude = eros_arg_real (values[1]);

  if (!isfinite (longitude) || !isfinite (latitude))
    eros_native_fail (context, "ST_GeogPoint failed: Longitude and latitude must be finite.");
  else if (latitude < -90 || latitude > 90)
    eros_native_fail (context,
                      "ST_GeogPoint failed: Latitude must be between -90 and 90 degrees. Actual value: %g",
                      latitude);
  else
    eros_result_take_geo (context, "ST_GeogPoint", eros_geo_new_point (longitude, latitude), NULL);
}

static void
coordinate (sqlite3_context *context, sqlite3_value **values, gboolean latitude)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);
  double place[2];

  if (geo == NULL || eros_geo_test (geo, EROS_GEO_IS_EMPTY, NULL))
    return;
  if (eros_geo_get_point (geo, &place[0], &place[1]))
    eros_result_real (context, place[latitude]);
  else
    eros_native_fail (context, "%s failed: the argument must be a single point", latitude ? "ST_Y" : "ST_X");
}

static void
x_of (sqlite3_context *context, int n, sqlite3_value **values)
{
  coordinate (context, values, FALSE);
}

static void
y_of (sqlite3_context *context, int n, sqlite3_value **values)
{
  coordinate (context, values, TRUE);
}

/* ---- what there is one function of each kind for -------------------------------------------------------- */

static void
measure (sqlite3_context *context, int n, sqlite3_value **values, ErosGeoMeasure what)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);
  g_autoptr (ErosGeo) other = geo != NULL && n > 1 ? eros_arg_geo (context, values[1]) : NULL;
  gboolean needs_two = what >= EROS_GEO_DISTANCE;

  if (geo == NULL || (needs_two && other == NULL))
    return;
  if (needs_two &&
      (eros_geo_test (geo, EROS_GEO_IS_EMPTY, NULL) || eros_geo_test (other, EROS_GEO_IS_EMPTY, NULL)))
    return;
  eros_result_real (context, eros_geo_measure (geo, what, other));
}

static void
count (sqlite3_context *context, sqlite3_value **values, ErosGeoCount what)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);

  if (geo != NULL)
    sqlite3_result_int (context, eros_geo_count (geo, what));
}

/* @swapped: ST_WITHIN (a, b) is ST_CONTAINS (b, a) */
static void
test (sqlite3_context *context, int n, sqlite3_value **values, ErosGeoTest what, gboolean swapped)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);
  g_autoptr (ErosGeo) other = geo != NULL && n > 1 ? eros_arg_geo (context, values[1]) : NULL;

  if (geo != NULL && (n < 2 || other != NULL))
    sqlite3_result_int (context,
                        swapped ? eros_geo_test (other, what, geo) : eros_geo_test (geo, what, other));
}

static void
make (sqlite3_context *context, int n, sqlite3_value **values, const char *function, ErosGeoMake what)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);
  gboolean number = what == EROS_GEO_SIMPLIFIED || what == EROS_GEO_SNAPPED;
  g_autoptr (ErosGeo) other = geo != NULL && n > 1 && !number ? eros_arg_geo (context, values[1]) : NULL;
  g_autofree char *problem = NULL;
  double real = number ? eros_arg_real (values[1]) : 0;
  ErosGeo *made = NULL;

  if (geo == NULL || (n > 1 && !number && other == NULL))
    return;
  if (number && !(real >= 0 && isfinite (real)))
    {
      eros_native_fail (context, "%s failed: the second argument must be a number that is not negative",
                        function);
      return;
    }
  if (what == EROS_GEO_SNAPPED && real == 0)
    {
      eros_result_geo (context, geo);
      return;
    }
  made = eros_geo_make (geo, what, other, real, &problem);
  eros_result_take_geo (context, function, made, problem);
}

#define MEASURE(function, what)                                                                              \
  static void function (sqlite3_context *context, int n, sqlite3_value **values)                             \
  {                                                                                                          \
    measure (context, n, values, what);                                                                      \
  }
#define COUNT(function, what)                                                                                \
  static void function (sqlite3_context *context, int n, sqlite3_value **values)                             \
  {                                                                                                          \
    count (context, values, what);                                                                           \
  }
#define TEST(function, what, swapped)                                                                        \
  static void function (sqlite3_context *context, int n, sqlite3_value **values)                             \
  {                                                                                                          \
    test (context, n, values, what, swapped);                                                                \
  }
#define MAKE(function, name, what)                                                                           \
  static void function (sqlite3_context *context, int n, sqlite3_value **values)                             \
  {                                                                                                          \
    make (context, n, values, name, what);                                                                   \
  }

MEASURE (area, EROS_GEO_AREA)
MEASURE (length, EROS_GEO_LENGTH)
MEASURE (perimeter, EROS_GEO_PERIMETER)
MEASURE (distance, EROS_GEO_DISTANCE)
MEASURE (max_distance, EROS_GEO_MAX_DISTANCE)
MEASURE (hausdorff, EROS_GEO_HAUSDORFF)
COUNT (n_points, EROS_GEO_N_POINTS)
COUNT (n_geometries, EROS_GEO_N_GEOMETRIES)
COUNT (dimension, EROS_GEO_DIMENSION)
TEST (covers, EROS_GEO_COVERS, FALSE)
TEST (covered_by, EROS_GEO_COVERS, TRUE)
TEST (contains, EROS_GEO_CONTAINS, FALSE)
TEST (within, EROS_GEO_CONTAINS, TRUE)
TEST (intersects, EROS_GEO_INTERSECTS, FALSE)
TEST (touches, EROS_GEO_TOUCHES, FALSE)
TEST (equals, EROS_GEO_EQUALS, FALSE)
TEST (is_empty, EROS_GEO_IS_EMPTY, FALSE)
TEST (is_closed, EROS_GEO_IS_CLOSED, FALSE)
TEST (is_ring, EROS_GEO_IS_RING, FALSE)
TEST (is_collection, EROS_GEO_IS_COLLECTION, FALSE)
MAKE (union_of, "ST_Union", EROS_GEO_UNION)
MAKE (intersection, "ST_Intersection", EROS_GEO_INTERSECTION)
MAKE (difference, "ST_Difference", EROS_GEO_DIFFERENCE)
MAKE (boundary, "ST_Boundary", EROS_GEO_BOUNDARY)
MAKE (centroid, "ST_Centroid", EROS_GEO_CENTROID)
MAKE (convex_hull, "ST_ConvexHull", EROS_GEO_CONVEX_HULL)
MAKE (start_point, "ST_StartPoint", EROS_GEO_START_POINT)
MAKE (end_point, "ST_EndPoint", EROS_GEO_END_POINT)
MAKE (exterior_ring, "ST_ExteriorRing", EROS_GEO_EXTERIOR_RING)
MAKE (closest_point, "ST_ClosestPoint", EROS_GEO_CLOSEST_POINT)
MAKE (simplify, "ST_Simplify", EROS_GEO_SIMPLIFIED)
MAKE (snap_to_grid, "ST_SnapToGrid", EROS_GEO_SNAPPED)

static void
disjoint (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);
  g_autoptr (ErosGeo) other = geo != NULL ? eros_arg_geo (context, values[1]) : NULL;

  if (other != NULL)
    sqlite3_result_int (context, !eros_geo_test (geo, EROS_GEO_INTERSECTS, other));
}

static void
within_distance (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);
  g_autoptr (ErosGeo) other = geo != NULL ? eros_arg_geo (context, values[1]) : NULL;

  if (other == NULL)
    return;
  sqlite3_result_int (context,
                      !eros_geo_test (geo, EROS_GEO_IS_EMPTY, NULL) &&
                        !eros_geo_test (other, EROS_GEO_IS_EMPTY, NULL) &&
                        eros_geo_measure (geo, EROS_GEO_DISTANCE, other) <= eros_arg_real (values[2]));
}

static void
intersects_box (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);
  double box[4];

  for (int i = 0; i < 4; i++)
    box[i] = eros_arg_real (values[i + 1]);
  if (geo != NULL)
    sqlite3_result_int (context, eros_geo_intersects_box (geo, box));
}

static void
azimuth (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (ErosGeo) from = eros_arg_geo (context, values[0]);
  g_autoptr (ErosGeo) to = from != NULL ? eros_arg_geo (context, values[1]) : NULL;
  double unused = 0;
  double angle = 0;

  if (to == NULL)
    return;
  if (!eros_geo_get_point (from, &unused, &unused) || !eros_geo_get_point (to, &unused, &unused))
    {
      eros_native_fail (context, "ST_Azimuth failed: both arguments must be single points");
      return;
    }
  angle = eros_geo_get_azimuth (from, to);
  if (!isnan (angle))
    eros_result_real (context, angle);
}

/* (geography, radius, segments in a quarter of a circle, spheroid, end caps, side) */
static void
buffer (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);
  ErosGeoBuffer how = { eros_arg_real (values[1]), 32, FALSE, 0 };
  g_autofree char *problem = NULL;
  ErosGeo *made = NULL;

  if (geo == NULL)
    return;
  if (n > 2 && eros_arg_real (values[2]) != 0)
    how.segments_per_circle = 4 * eros_arg_real (values[2]);
  if (n > 3 && sqlite3_value_int (values[3]))
    {
      eros_native_fail (context, "ST_Buffer failed: use_spheroid must be FALSE");
      return;
    }
  if (n > 4)
    how.flat_caps = g_ascii_strcasecmp ((const char *) sqlite3_value_text (values[4]), "FLAT") == 0;
  if (n > 5)
    {
      const char *side = (const char *) sqlite3_value_text (values[5]);

      how.side = g_ascii_strcasecmp (side, "LEFT") == 0    ? -1
                 : g_ascii_strcasecmp (side, "RIGHT") == 0 ? 1
                                                           : 0;
    }
  if (!isfinite (how.radius) || !(how.segments_per_circle >= 4))
    {
      eros_native_fail (context, "ST_Buffer failed: the radius must be finite, and the segments at least 1");
      return;
    }
  made = eros_geo_new_buffer (geo, &how, &problem);
  eros_result_take_geo (context, "ST_Buffer", made, problem);
}

const ErosNative eros_native_geography[] = {
  { "ST_GEOGPOINT", "(FLOAT64, FLOAT64) -> GEOGRAPHY", "bq_st_geogpoint", STRICT_FAIL, geog_point, NULL },
  { "ST_X", "(GEOGRAPHY) -> FLOAT64", "bq_st_x", STRICT_FAIL, x_of, NULL },
  { "ST_Y", "(GEOGRAPHY) -> FLOAT64", "bq_st_y", STRICT_FAIL, y_of, NULL },
  { "ST_AREA", "(GEOGRAPHY) -> FLOAT64", "bq_st_area", NULLS_STRICT, area, NULL },
  { "ST_LENGTH", "(GEOGRAPHY) -> FLOAT64", "bq_st_length", NULLS_STRICT, length, NULL },
  { "ST_PERIMETER", "(GEOGRAPHY) -> FLOAT64", "bq_st_perimeter", NULLS_STRICT, perimeter, NULL },
  { "ST_DISTANCE", "(GEOGRAPHY, GEOGRAPHY) -> FLOAT64", "bq_st_distance", NULLS_STRICT, distance, NULL },
  { "ST_MAXDISTANCE", "(GEOGRAPHY, GEOGRAPHY) -> FLOAT64", "bq_st_maxdistance", NULLS_STRICT, max_distance,
    NULL },
  { "ST_HAUSDORFFDISTANCE", "(GEOGRAPHY, GEOGRAPHY) -> FLOAT64", "bq_st_hausdorffdistance", NULLS_STRICT,
    hausdorff, NULL },
  { "ST_NPOINTS", "(GEOGRAPHY) -> INT64", "bq_st_npoints", NULLS_STRICT, n_points, NULL },
  { "ST_NUMPOINTS", "(GEOGRAPHY) -> INT64", "bq_st_npoints", NULLS_STRICT, n_points, NULL },
  { "ST_NUMGEOMETRIES", "(GEOGRAPHY) -> INT64", "bq_st_numgeometries", NULLS_STRICT, n_geometries, NULL },
  { "ST_DIMENSION", "(GEOGRAPHY) -> INT64", "bq_st_dimension", NULLS_STRICT, dimension, NULL },
  { "ST_COVERS", "(GEOGRAPHY, GEOGRAPHY) -> BOOL", "bq_st_covers", NULLS_STRICT, covers, NULL },
  { "ST_COVEREDBY", "(GEOGRAPHY, GEOGRAPHY) -> BOOL", "bq_st_coveredby", NULLS_STRICT, covered_by, NULL },
  { "ST_CONTAINS", "(GEOGRAPHY, GEOGRAPHY) -> BOOL", "bq_st_contains", NULLS_STRICT, contains, NULL },
  { "ST_WITHIN", "(GEOGRAPHY, GEOGRAPHY) -> BOOL", "bq_st_within", NULLS_STRICT, within, NULL },
  { "ST_INTERSECTS", "(GEOGRAPHY, GEOGRAPHY) -> BOOL", "bq_st_intersects", NULLS_STRICT, intersects, NULL },
  { "ST_DISJOINT", "(GEOGRAPHY, GEOGRAPHY) -> BOOL", "bq_st_disjoint", NULLS_STRICT, disjoint, NULL },
  { "ST_TOUCHES", "(GEOGRAPHY, GEOGRAPHY) -> BOOL", "bq_st_touches", NULLS_STRICT, touches, NULL },
  { "ST_EQUALS", "(GEOGRAPHY, GEOGRAPHY) -> BOOL", "bq_st_equals", NULLS_STRICT, equals, NULL },
  { "ST_DWITHIN", "(GEOGRAPHY, GEOGRAPHY, FLOAT64) -> BOOL", "bq_st_dwithin", NULLS_STRICT, within_distance,
    NULL },
  { "ST_INTERSECTSBOX", "(GEOGRAPHY, FLOAT64, FLOAT64, FLOAT64, FLOAT64) -> BOOL", "bq_st_intersectsbox",
    NULLS_STRICT, intersects_box, NULL },
  { "ST_ISEMPTY", "(GEOGRAPHY) -> BOOL", "bq_st_isempty", NULLS_STRICT, is_empty, NULL },
  { "ST_ISCLOSED", "(GEOGRAPHY) -> BOOL", "bq_st_isclosed", NULLS_STRICT, is_closed, NULL },
  { "ST_ISRING", "(GEOGRAPHY) -> BOOL", "bq_st_isring", NULLS_STRICT, is_ring, NULL },
  { "ST_ISCOLLECTION", "(GEOGRAPHY) -> BOOL", "bq_st_iscollection", NULLS_STRICT, is_collection, NULL },
  { "ST_AZIMUTH", "(GEOGRAPHY, GEOGRAPHY) -> FLOAT64", "bq_st_azimuth", STRICT_FAIL, azimuth, NULL },
  { "ST_UNION", "(GEOGRAPHY, GEOGRAPHY) -> GEOGRAPHY", "bq_st_union", STRICT_FAIL, union_of, NULL },
  { "ST_INTERSECTION", "(GEOGRAPHY, GEOGRAPHY) -> GEOGRAPHY", "bq_st_intersection", STRICT_FAIL, intersection,
    NULL },
  { "ST_DIFFERENCE", "(GEOGRAPHY, GEOGRAPHY) -> GEOGRAPHY", "bq_st_difference", STRICT_FAIL, difference,
    NULL },
  { "ST_BOUNDARY", "(GEOGRAPHY) -> GEOGRAPHY", "bq_st_boundary", STRICT_FAIL, boundary, NULL },
  { "ST_CENTROID", "(GEOGRAPHY) -> GEOGRAPHY", "bq_st_centroid", STRICT_FAIL, centroid, NULL },
  { "ST_CONVEXHULL", "(GEOGRAPHY) -> GEOGRAPHY", "bq_st_convexhull", STRICT_FAIL, convex_hull, NULL },
  { "ST_STARTPOINT", "(GEOGRAPHY) -> GEOGRAPHY", "bq_st_startpoint", STRICT_FAIL, start_point, NULL },
  { "ST_ENDPOINT", "(GEOGRAPHY) -> GEOGRAPHY", "bq_st_endpoint", STRICT_FAIL, end_point, NULL },
  { "ST_EXTERIORRING", "(GEOGRAPHY) -> GEOGRAPHY", "bq_st_exteriorring", STRICT_FAIL, exterior_ring, NULL },
  { "ST_CLOSESTPOINT", "(GEOGRAPHY, GEOGRAPHY) -> GEOGRAPHY", "bq_st_closestpoint", STRICT_FAIL,
    closest_point, NULL },
  { "ST_SIMPLIFY", "(GEOGRAPHY, FLOAT64) -> GEOGRAPHY", "bq_st_simplify", STRICT_FAIL, simplify, NULL },
  { "ST_SNAPTOGRID", "(GEOGRAPHY, FLOAT64) -> GEOGRAPHY", "bq_st_snaptogrid", STRICT_FAIL, snap_to_grid,
    NULL },
  { "ST_BUFFER",
    "(GEOGRAPHY, FLOAT64, [num_seg_quarter_circle => FLOAT64], [use_spheroid => BOOL], [endcap => STRING], "
    "[side => STRING]) -> GEOGRAPHY",
    "bq_st_buffer", STRICT_FAIL, buffer, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
