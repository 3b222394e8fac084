/* eros-geo-measure.cc: lengths, areas, distances, and what lies in what
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-geo-private.hh"

#include <cmath>

#include <s2/s2boolean_operation.h>
#include <s2/s2cell_id.h>
#include <s2/s2closest_edge_query.h>
#include <s2/s2furthest_edge_query.h>
#include <s2/s2latlng.h>
#include <s2/s2latlng_rect.h>

using PolygonModel = S2BooleanOperation::PolygonModel;
using PolylineModel = S2BooleanOperation::PolylineModel;

/* ---- measures ------------------------------------------------------------------------------------------ */

static double
distance_between (const ErosGeo *a, const ErosGeo *b)
{
  MutableS2ShapeIndex from;
  MutableS2ShapeIndex to;

  if (a->points.size () == 1 && b->points.size () == 1 && a->n_kinds () == 1 && b->n_kinds () == 1)
    return S1Angle (a->points[0], b->points[0]).radians ();
  eros_geo_add_index (a, &from);
  eros_geo_add_index (b, &to);
  S2ClosestEdgeQuery query (&from);
  S2ClosestEdgeQuery::ShapeIndexTarget target (&to);
  return query.GetDistance (&target).ToAngle ().radians ();
}

static double
max_distance_between (const ErosGeo *a, const ErosGeo *b)
{
  MutableS2ShapeIndex from;
  MutableS2ShapeIndex to;

  eros_geo_add_index (a, &from);
  eros_geo_add_index (b, &to);
  S2FurthestEdgeQuery query (&from);
  S2FurthestEdgeQuery::ShapeIndexTarget target (&to);
  return query.GetDistance (&target).ToAngle ().radians ();
}

/* How far the point of @a is away that lies farthest from @b; of points only. */
static double
directed_hausdorff (const ErosGeo *a, const ErosGeo *b)
{
  double farthest = 0;

  for (const S2Point &point : eros_geo_list_points (a))
    {
      double nearest = M_PI;

      for (const S2Point &other : eros_geo_list_points (b))
        nearest = std::min (nearest, S1Angle (point, other).radians ());
      farthest = std::max (farthest, nearest);
    }
  return farthest;
}

static double
perimeter_of (const S2Polygon &polygon)
{
  double length = 0;

  for (int i = 0; i < polygon.num_loops (); i++)
    for (int j = 0; j < polygon.loop (i)->num_vertices (); j++)
      length += S1Angle (polygon.loop (i)->vertex (j), polygon.loop (i)->vertex (j + 1)).radians ();
  return length;
}

/* In metres or square metres. */
double
eros_geo_measure (const ErosGeo *self, ErosGeoMeasure what, const ErosGeo *other)
{
  double length = 0;

  switch (what)
    {
    case EROS_GEO_AREA:
      return self->polygon.GetArea () * EROS_GEO_RADIUS * EROS_GEO_RADIUS;
    case EROS_GEO_LENGTH:
      for (const auto &line : self->lines)
        length += line->GetLength ().radians ();
      break;
    case EROS_GEO_PERIMETER:
      length = perimeter_of (self->polygon);
      break;
    case EROS_GEO_DISTANCE:
      length = distance_between (self, other);
      break;
    case EROS_GEO_MAX_DISTANCE:
      length = max_distance_between (self, other);
      break;
    case EROS_GEO_HAUSDORFF:
    default:
      length = std::max (directed_hausdorff (self, other), directed_hausdorff (other, self));
      break;
    }
  return length * EROS_GEO_RADIUS;
}

/* In radians, clockwise from north; NaN where there is none. */
double
eros_geo_get_azimuth (const ErosGeo *from, const ErosGeo *to)
{
  S2LatLng a (from->points[0]);
  S2LatLng b (to->points[0]);
  double delta = b.lng ().radians () - a.lng ().radians ();
  double y = std::sin (delta) * std::cos (b.lat ().radians ());
  double x = std::cos (a.lat ().radians ()) * std::sin (b.lat ().radians ()) -
             std::sin (a.lat ().radians ()) * std::cos (b.lat ().radians ()) * std::cos (delta);
  double azimuth = std::atan2 (y, x);

  if (from->points[0] == to->points[0])
    return NAN;
  return azimuth < 0 ? azimuth + 2 * M_PI : azimuth;
}

/* The cell of @level in which a point lies, as S2 numbers them. */
gint64
eros_geo_get_cell (const ErosGeo *self, int level)
{
  return (gint64) S2CellId (self->points[0]).parent (level).id ();
}

/* ---- relations ----------------------------------------------------------------------------------------- */

static S2BooleanOperation::Options
options_of (bool closed)
{
  S2BooleanOperation::Options options;

  options.set_polygon_model (closed ? PolygonModel::CLOSED : PolygonModel::OPEN);
  options.set_polyline_model (closed ? PolylineModel::CLOSED : PolylineModel::OPEN);
  options.set_polyline_loops_have_boundaries (false);
  return options;
}

static bool
relates (const ErosGeo *self, ErosGeoTest what, const ErosGeo *other)
{
  MutableS2ShapeIndex a;
  MutableS2ShapeIndex b;
  S2BooleanOperation::Options closed = options_of (true);
  S2BooleanOperation::Options open = options_of (false);

  if (what != EROS_GEO_EQUALS && (self->is_empty () || other->is_empty ()))
    return false;
  eros_geo_add_index (self, &a);
  eros_geo_add_index (other, &b);
  switch ((int) what)
    {
    case EROS_GEO_COVERS:
      return S2BooleanOperation::Contains (a, b, closed);
    case EROS_GEO_CONTAINS:
      return S2BooleanOperation::Contains (a, b, closed) && S2BooleanOperation::Intersects (a, b, open);
    case EROS_GEO_TOUCHES:
      return S2BooleanOperation::Intersects (a, b, closed) && !S2BooleanOperation::Intersects (a, b, open);
    case EROS_GEO_EQUALS:
      return S2BooleanOperation::Equals (a, b, closed);
    case EROS_GEO_INTERSECTS:
    default:
      return S2BooleanOperation::Intersects (a, b, closed);
    }
}

/* Points, and lines whose ends meet. */
static bool
is_closed (const ErosGeo *self)
{
  if (self->is_empty () || !self->polygon.is_empty ())
    return false;
  for (const auto &line : self->lines)
    if (line->vertex (0) != line->vertex (line->num_vertices () - 1))
      return false;
  return true;
}

static bool
is_ring (const ErosGeo *self)
{
  std::vector<S2Point> vertices;
  S2Error error;
  S2Loop loop;

  if (!self->is_single_line () || !is_closed (self))
    return false;
  vertices = eros_geo_list_points (self);
  vertices.pop_back ();
  loop.set_s2debug_override (S2Debug::DISABLE);
  loop.Init (vertices);
  return vertices.size () >= 3 && !loop.FindValidationError (&error);
}

gboolean
eros_geo_test (const ErosGeo *self, ErosGeoTest what, const ErosGeo *other)
{
  switch (what)
    {
    case EROS_GEO_IS_EMPTY:
      return self->is_empty ();
    case EROS_GEO_IS_CLOSED:
      return is_closed (self);
    case EROS_GEO_IS_RING:
      return is_ring (self);
    case EROS_GEO_IS_COLLECTION:
      return eros_geo_count (self, EROS_GEO_N_GEOMETRIES) > 1;
    case EROS_GEO_COVERS:
    case EROS_GEO_CONTAINS:
    case EROS_GEO_INTERSECTS:
    case EROS_GEO_TOUCHES:
    case EROS_GEO_EQUALS:
    default:
      return relates (self, what, other);
    }
}

/* ---- boxes --------------------------------------------------------------------------------------------- */

static S2LatLngRect
bounds_of (const ErosGeo *self)
{
  S2LatLngRect bounds = self->polygon.is_empty () ? S2LatLngRect::Empty () : self->polygon.GetRectBound ();

  for (const auto &line : self->lines)
    bounds = bounds.Union (line->GetRectBound ());
  for (const S2Point &point : self->points)
    bounds.AddPoint (point);
  return bounds;
}

/* West, south, east, north in degrees; east of the date line it goes on beyond 180. */
gboolean
eros_geo_get_bounds (const ErosGeo *self, double box[4])
{
  S2LatLngRect bounds = bounds_of (self);

  if (self->is_empty ())
    return FALSE;
  box[0] = bounds.lng_lo ().degrees ();
  box[1] = bounds.lat_lo ().degrees ();
  box[2] = bounds.lng_hi ().degrees () + (bounds.lng ().is_inverted () ? 360 : 0);
  box[3] = bounds.lat_hi ().degrees ();
  return TRUE;
}

/* Points exactly, anything else where the two come within a millimetre. */
gboolean
eros_geo_intersects_box (const ErosGeo *self, const double box[4])
{
  S2LatLngRect rect =
    S2LatLngRect (S2LatLng::FromDegrees (box[1], box[0]).Normalized (),
                  S2LatLng::FromDegrees (box[3], box[2] - (box[2] > 180 ? 360 : 0)).Normalized ());

  for (const S2Point &point : eros_geo_list_points (self))
    if (rect.Contains (S2LatLng (point)))
      return TRUE;
  if (self->lines.empty () && self->polygon.is_empty ())
    return FALSE;
  for (int k = 0; k < 4; k++)
    if (self->polygon.Contains (rect.GetVertex (k).ToPoint ()))
      return TRUE;
  g_autofree char *text = nullptr;
  g_autofree char *problem = nullptr;
  char number[4][G_ASCII_DTOSTR_BUF_SIZE];
  for (int k = 0; k < 4; k++)
    g_ascii_dtostr (number[k], sizeof number[k], box[k]);
  text = g_strdup_printf ("POLYGON((%s %s, %s %s, %s %s, %s %s, %s %s))", number[0], number[1], number[2],
                          number[1], number[2], number[3], number[0], number[3], number[0], number[1]);
  g_autoptr (ErosGeo) area = eros_geo_new_from_text (text, EROS_GEO_PLANAR, &problem);
  return area != nullptr && relates (self, EROS_GEO_INTERSECTS, area);
}
