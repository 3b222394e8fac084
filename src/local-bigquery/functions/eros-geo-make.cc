/* eros-geo-make.cc: geography made of geography
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-geo-private.hh"

#include <cmath>

#include <s2/s2boolean_operation.h>
#include <s2/s2buffer_operation.h>
#include <s2/s2builderutil_closed_set_normalizer.h>
#include <s2/s2builderutil_s2point_vector_layer.h>
#include <s2/s2builderutil_s2polygon_layer.h>
#include <s2/s2builderutil_s2polyline_vector_layer.h>
#include <s2/s2builderutil_snap_functions.h>
#include <s2/s2closest_edge_query.h>
#include <s2/s2convex_hull_query.h>
#include <s2/s2latlng.h>

using OpType = S2BooleanOperation::OpType;

/* ---- sets ---------------------------------------------------------------------------------------------- */

static ErosGeo *
combine (const ErosGeo *self, OpType operation, const ErosGeo *other, char **problem)
{
  auto result = std::make_unique<ErosGeo> ();
  MutableS2ShapeIndex a;
  MutableS2ShapeIndex b;
  S2BooleanOperation::Options options;
  s2builderutil::LayerVector layers (3);
  S2Error error;

  eros_geo_add_index (self, &a);
  eros_geo_add_index (other, &b);
  layers[0] = std::make_unique<s2builderutil::S2PointVectorLayer> (&result->points);
  layers[1] = std::make_unique<s2builderutil::S2PolylineVectorLayer> (&result->lines);
  layers[2] = std::make_unique<s2builderutil::S2PolygonLayer> (&result->polygon);
  options.set_polygon_model (S2BooleanOperation::PolygonModel::CLOSED);
  S2BooleanOperation work (operation, s2builderutil::NormalizeClosedSet (std::move (layers)), options);
  if (work.Build (a, b, &error))
    return result.release ();
  *problem = g_strdup (error.text ().c_str ());
  return nullptr;
}

/* All of @parts as one. */
ErosGeo *
eros_geo_new_union (GPtrArray *parts)
{
  auto sum = std::make_unique<ErosGeo> ();

  for (guint i = 0; i < parts->len; i++)
    {
      g_autofree char *problem = nullptr;
      ErosGeo *next =
        combine (sum.get (), OpType::UNION, static_cast<const ErosGeo *> (parts->pdata[i]), &problem);

      if (next != nullptr)
        sum.reset (next);
    }
  return sum.release ();
}

/* ---- parts and outlines -------------------------------------------------------------------------------- */

static ErosGeo *
boundary_of (const ErosGeo *self)
{
  ErosGeo *geo = new ErosGeo;

  for (int i = 0; i < self->polygon.num_loops (); i++)
    {
      std::vector<S2Point> vertices = eros_geo_list_vertices (self->polygon.loop (i));

      vertices.push_back (vertices.front ());
      eros_geo_add_line (geo, vertices);
    }
  for (const auto &line : self->lines)
    if (line->vertex (0) != line->vertex (line->num_vertices () - 1))
      {
        geo->points.push_back (line->vertex (0));
        geo->points.push_back (line->vertex (line->num_vertices () - 1));
      }
  return geo;
}

/* Of what has most dimensions. */
static ErosGeo *
centroid_of (const ErosGeo *self)
{
  ErosGeo *geo = new ErosGeo;
  S2Point sum;

  if (self->is_empty ())
    return geo;
  if (!self->polygon.is_empty ())
    sum = self->polygon.GetCentroid ();
  else if (!self->lines.empty ())
    for (const auto &line : self->lines)
      sum += line->GetCentroid ();
  else
    for (const S2Point &point : self->points)
      sum += point;
  geo->points.push_back (sum.Normalize ());
  return geo;
}

static ErosGeo *
convex_hull_of (const ErosGeo *self)
{
  ErosGeo *geo = new ErosGeo;
  S2ConvexHullQuery query;
  std::vector<S2Point> points = eros_geo_list_points (self);

  std::sort (points.begin (), points.end ());
  points.erase (std::unique (points.begin (), points.end ()), points.end ());
  if (points.size () < 3)
    {
      eros_geo_add_line (geo, points);
      return geo;
    }
  for (const S2Point &point : points)
    query.AddPoint (point);
  geo->polygon.Init (query.GetConvexHull ());
  return geo;
}

static ErosGeo *
end_of (const ErosGeo *self, bool last)
{
  ErosGeo *geo = nullptr;

  if (!self->is_single_line ())
    return nullptr;
  geo = new ErosGeo;
  geo->points.push_back (self->lines[0]->vertex (last ? self->lines[0]->num_vertices () - 1 : 0));
  return geo;
}

static ErosGeo *
outer_ring_of (const ErosGeo *self)
{
  ErosGeo *geo = nullptr;
  std::vector<S2Point> vertices;

  if (self->n_kinds () != 1 || eros_geo_count (self, EROS_GEO_N_GEOMETRIES) != 1 || self->polygon.is_empty ())
    return nullptr;
  geo = new ErosGeo;
  vertices = eros_geo_list_vertices (self->polygon.loop (0));
  vertices.push_back (vertices.front ());
  eros_geo_add_line (geo, vertices);
  return geo;
}

/* The point of @self that is nearest to @other. */
static ErosGeo *
closest_point (const ErosGeo *self, const ErosGeo *other)
{
  MutableS2ShapeIndex from;
  MutableS2ShapeIndex to;
  ErosGeo *geo = nullptr;

  if (self->is_empty () || other->is_empty ())
    return nullptr;
  eros_geo_add_index (self, &from);
  eros_geo_add_index (other, &to);
  S2ClosestEdgeQuery query (&from);
  S2ClosestEdgeQuery::ShapeIndexTarget target (&to);
  auto nearest = query.FindClosestEdge (&target);
  geo = new ErosGeo;
  if (nearest.is_interior ())
    {
      geo->points.push_back (eros_geo_list_points (other).front ());
      return geo;
    }
  auto edge = query.GetEdge (nearest);
  S2ClosestEdgeQuery back (&to);
  S2ClosestEdgeQuery::EdgeTarget back_target (edge.v0, edge.v1);
  auto there = back.FindClosestEdge (&back_target);
  if (there.is_interior ())
    geo->points.push_back (edge.v0);
  else
    {
      auto other_edge = back.GetEdge (there);
      auto pair = S2::GetEdgePairClosestPoints (edge.v0, edge.v1, other_edge.v0, other_edge.v1);

      geo->points.push_back (pair.first);
    }
  return geo;
}

/* ---- fewer points -------------------------------------------------------------------------------------- */

static ErosGeo *
simplify (const ErosGeo *self, double metres)
{
  ErosGeo *geo = new ErosGeo;
  S1Angle tolerance = S1Angle::Radians (metres / EROS_GEO_RADIUS);

  geo->points = self->points;
  for (const auto &line : self->lines)
    {
      std::vector<int> kept;
      std::vector<S2Point> vertices;

      line->SubsampleVertices (tolerance, &kept);
      for (int index : kept)
        vertices.push_back (line->vertex (index));
      eros_geo_add_line (geo, vertices);
    }
  if (!self->polygon.is_empty ())
    geo->polygon.InitToSimplified (self->polygon, s2builderutil::IdentitySnapFunction (tolerance));
  return geo;
}

static S2Point
snap (const S2Point &point, double width)
{
  S2LatLng place (point);

  return S2LatLng::FromDegrees (std::round (place.lat ().degrees () / width) * width,
                                std::round (place.lng ().degrees () / width) * width)
    .Normalized ()
    .ToPoint ();
}

static ErosGeo *
snap_all (const ErosGeo *self, double width, char **problem)
{
  auto geo = std::make_unique<ErosGeo> ();
  std::vector<std::unique_ptr<S2Loop>> loops;

  for (const S2Point &point : self->points)
    geo->points.push_back (snap (point, width));
  for (const auto &line : self->lines)
    {
      std::vector<S2Point> vertices;

      for (const S2Point &vertex : line->vertices_span ())
        vertices.push_back (snap (vertex, width));
      eros_geo_add_line (geo.get (), vertices);
    }
  for (int i = 0; i < self->polygon.num_loops (); i++)
    {
      std::vector<S2Point> vertices;
      auto loop = std::make_unique<S2Loop> ();

      for (const S2Point &vertex : eros_geo_list_vertices (self->polygon.loop (i)))
        if (vertices.empty () || snap (vertex, width) != vertices.back ())
          vertices.push_back (snap (vertex, width));
      if (vertices.size () > 1 && vertices.front () == vertices.back ())
        vertices.pop_back ();
      if (vertices.size () < 3)
        continue;
      loop->set_s2debug_override (S2Debug::DISABLE);
      loop->Init (vertices);
      loops.push_back (std::move (loop));
    }
  if (!loops.empty () && !eros_geo_set_loops (geo.get (), std::move (loops), false, problem))
    return nullptr;
  return geo.release ();
}

/* ---- all of them --------------------------------------------------------------------------------------- */

ErosGeo *
eros_geo_make (const ErosGeo *self, ErosGeoMake what, const ErosGeo *other, double number, char **problem)
{
  switch (what)
    {
    case EROS_GEO_UNION:
      return combine (self, OpType::UNION, other, problem);
    case EROS_GEO_INTERSECTION:
      return combine (self, OpType::INTERSECTION, other, problem);
    case EROS_GEO_DIFFERENCE:
      return combine (self, OpType::DIFFERENCE, other, problem);
    case EROS_GEO_BOUNDARY:
      return boundary_of (self);
    case EROS_GEO_CENTROID:
      return centroid_of (self);
    case EROS_GEO_CONVEX_HULL:
      return convex_hull_of (self);
    case EROS_GEO_START_POINT:
      return end_of (self, false);
    case EROS_GEO_END_POINT:
      return end_of (self, true);
    case EROS_GEO_EXTERIOR_RING:
      return outer_ring_of (self);
    case EROS_GEO_CLOSEST_POINT:
      return closest_point (self, other);
    case EROS_GEO_SIMPLIFIED:
      return simplify (self, number);
    case EROS_GEO_SNAPPED:
    default:
      return snap_all (self, number, problem);
    }
}

/* NULL with @problem set if it cannot be done. */
ErosGeo *
eros_geo_new_buffer (const ErosGeo *self, const ErosGeoBuffer *buffer, char **problem)
{
  auto geo = std::make_unique<ErosGeo> ();
  S2BufferOperation::Options options (S1Angle::Radians (buffer->radius / EROS_GEO_RADIUS));
  MutableS2ShapeIndex index;
  S2Error error;

  options.set_circle_segments (buffer->segments_per_circle);
  if (buffer->flat_caps)
    options.set_end_cap_style (S2BufferOperation::EndCapStyle::FLAT);
  if (buffer->side != 0)
    options.set_polyline_side (buffer->side < 0 ? S2BufferOperation::PolylineSide::LEFT
                                                : S2BufferOperation::PolylineSide::RIGHT);
  S2BufferOperation work (std::make_unique<s2builderutil::S2PolygonLayer> (&geo->polygon), options);
  eros_geo_add_index (self, &index);
  work.AddShapeIndex (index);
  if (work.Build (&error))
    return geo.release ();
  *problem = g_strdup (error.text ().c_str ());
  return nullptr;
}
