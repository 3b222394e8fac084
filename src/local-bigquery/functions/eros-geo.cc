/* eros-geo.cc: geography as it lies in SQLite, and as S2 has it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-geo-private.hh"

#include <algorithm>
#include <cstring>

#include <s2/s2builder.h>
#include <s2/s2builderutil_s2polygon_layer.h>
#include <s2/s2error.h>
#include <s2/s2latlng.h>
#include <s2/s2point_vector_shape.h>

#include <eros-geography.h>

/* ---- from bytes ---------------------------------------------------------------------------------------- */

static bool
read_path (ErosGeographyReader *reader, std::vector<S2Point> *vertices)
{
  guint n = eros_geography_read_length (reader);
  double point[3];

  for (guint i = 0; i < n; i++)
    {
      if (!eros_geography_read_point (reader, point))
        return false;
      vertices->emplace_back (point[0], point[1], point[2]);
    }
  return true;
}

static std::unique_ptr<S2Loop>
new_loop (const std::vector<S2Point> &vertices)
{
  auto loop = std::make_unique<S2Loop> ();

  loop->set_s2debug_override (S2Debug::DISABLE);
  loop->Init (vertices);
  return loop;
}

static bool
read_polygons (ErosGeographyReader *reader, ErosGeo *geo)
{
  std::vector<std::unique_ptr<S2Loop>> loops;

  for (guint n = eros_geography_read_length (reader); n > 0; n--)
    for (guint n_rings = eros_geography_read_length (reader); n_rings > 0; n_rings--)
      {
        std::vector<S2Point> vertices;

        if (!read_path (reader, &vertices))
          return false;
        loops.push_back (new_loop (vertices));
      }
  if (!loops.empty ())
    geo->polygon.InitOriented (std::move (loops));
  return true;
}

static bool
read_all (ErosGeographyReader *reader, ErosGeo *geo)
{
  double point[3];

  for (guint n = eros_geography_read_length (reader); n > 0; n--)
    {
      if (!eros_geography_read_point (reader, point))
        return false;
      geo->points.emplace_back (point[0], point[1], point[2]);
    }
  for (guint n = eros_geography_read_length (reader); n > 0; n--)
    {
      std::vector<S2Point> vertices;

      if (!read_path (reader, &vertices))
        return false;
      geo->lines.push_back (std::make_unique<S2Polyline> (vertices, S2Debug::DISABLE));
    }
  return read_polygons (reader, geo);
}

/* NULL if the bytes are no geography. */
ErosGeo *
eros_geo_new (const char *data, gsize size)
{
  ErosGeographyReader reader;
  auto geo = std::make_unique<ErosGeo> ();

  geo->polygon.set_s2debug_override (S2Debug::DISABLE);
  if (!eros_geography_reader_init (&reader, data, size) || !read_all (&reader, geo.get ()))
    return nullptr;
  return geo.release ();
}

void
eros_geo_free (ErosGeo *self)
{
  delete self;
}

/* ---- to bytes ------------------------------------------------------------------------------------------ */

static void
put_length (GString *bytes, size_t length)
{
  guint32 number = (guint32) length;

  g_string_append_len (bytes, (const char *) &number, sizeof number);
}

static void
put_point (GString *bytes, const S2Point &point)
{
  const double axes[3] = { point.x (), point.y (), point.z () };

  g_string_append_len (bytes, (const char *) axes, sizeof axes);
}

static void
put_path (GString *bytes, const std::vector<S2Point> &vertices)
{
  put_length (bytes, vertices.size ());
  for (const S2Point &vertex : vertices)
    put_point (bytes, vertex);
}

/* From where the vertices go round with the inside on their left: holes clockwise. */
std::vector<S2Point>
eros_geo_list_vertices (const S2Loop *loop)
{
  std::vector<S2Point> vertices;

  for (int i = 0; i < loop->num_vertices (); i++)
    vertices.push_back (loop->oriented_vertex (i));
  return vertices;
}

GString *
eros_geo_store (const ErosGeo *self)
{
  GString *bytes = g_string_new (nullptr);
  std::vector<int> shells;

  g_string_append_c (bytes, EROS_GEOGRAPHY_MARK);
  put_path (bytes, self->points);
  put_length (bytes, self->lines.size ());
  for (const auto &line : self->lines)
    put_path (bytes, std::vector<S2Point> (line->vertices_span ().begin (), line->vertices_span ().end ()));
  for (int i = 0; i < self->polygon.num_loops (); i++)
    if (!self->polygon.loop (i)->is_hole ())
      shells.push_back (i);
  put_length (bytes, shells.size ());
  for (int shell : shells)
    {
      int last = self->polygon.GetLastDescendant (shell);
      std::vector<int> rings = { shell };

      for (int i = shell + 1; i <= last; i++)
        if (self->polygon.loop (i)->depth () == self->polygon.loop (shell)->depth () + 1)
          rings.push_back (i);
      put_length (bytes, rings.size ());
      for (int ring : rings)
        put_path (bytes, eros_geo_list_vertices (self->polygon.loop (ring)));
    }
  return bytes;
}

/* ---- making one ---------------------------------------------------------------------------------------- */

ErosGeo *
eros_geo_new_point (double longitude, double latitude)
{
  ErosGeo *geo = new ErosGeo;

  geo->points.push_back (S2LatLng::FromDegrees (latitude, longitude).ToPoint ());
  return geo;
}

/* A line that goes nowhere is a point. */
void
eros_geo_add_line (ErosGeo *self, std::vector<S2Point> vertices)
{
  vertices.erase (std::unique (vertices.begin (), vertices.end ()), vertices.end ());
  if (vertices.size () == 1)
    self->points.push_back (vertices[0]);
  else if (!vertices.empty ())
    self->lines.push_back (std::make_unique<S2Polyline> (vertices, S2Debug::DISABLE));
}

void
eros_geo_add_index (const ErosGeo *self, MutableS2ShapeIndex *index)
{
  if (!self->points.empty ())
    index->Add (std::make_unique<S2PointVectorShape> (self->points));
  for (const auto &line : self->lines)
    index->Add (std::make_unique<S2Polyline::Shape> (line.get ()));
  if (!self->polygon.is_empty ())
    index->Add (std::make_unique<S2Polygon::Shape> (&self->polygon));
}

/* Unless they are oriented, each ring goes round the smaller side. */
bool
eros_geo_set_loops (ErosGeo *self,
                    std::vector<std::unique_ptr<S2Loop>> loops,
                    bool oriented,
                    char **problem)
{
  S2Error error;

  for (auto &loop : loops)
    {
      if (loop->FindValidationError (&error))
        {
          *problem = g_strdup_printf ("Invalid polygon loop: %s", error.text ().c_str ());
          return false;
        }
      if (!oriented)
        loop->Normalize ();
    }
  self->polygon.set_s2debug_override (S2Debug::DISABLE);
  if (oriented)
    self->polygon.InitOriented (std::move (loops));
  else
    self->polygon.InitNested (std::move (loops));
  if (!self->polygon.FindValidationError (&error))
    return true;
  *problem = g_strdup_printf ("Invalid polygon: %s", error.text ().c_str ());
  return false;
}

/* Points and lines of @parts, one after the other, as one line. */
ErosGeo *
eros_geo_new_line (GPtrArray *parts, char **problem)
{
  auto geo = std::make_unique<ErosGeo> ();
  std::vector<S2Point> vertices;

  for (guint i = 0; i < parts->len; i++)
    {
      const ErosGeo *part = static_cast<const ErosGeo *> (parts->pdata[i]);

      if (!part->polygon.is_empty () || part->points.size () + part->lines.size () > 1)
        {
          *problem = g_strdup ("each input must be a point or a linestring");
          return nullptr;
        }
      for (const S2Point &point : eros_geo_list_points (part))
        vertices.push_back (point);
    }
  eros_geo_add_line (geo.get (), vertices);
  return geo.release ();
}

ErosGeo *
eros_geo_new_polygon (GPtrArray *rings, gboolean oriented, char **problem)
{
  auto geo = std::make_unique<ErosGeo> ();
  std::vector<std::unique_ptr<S2Loop>> loops;

  for (guint i = 0; i < rings->len; i++)
    {
      const ErosGeo *ring = static_cast<const ErosGeo *> (rings->pdata[i]);
      std::vector<S2Point> vertices;

      if (!ring->is_single_line ())
        {
          *problem = g_strdup ("each ring must be a linestring");
          return nullptr;
        }
      vertices = eros_geo_list_points (ring);
      if (vertices.front () == vertices.back ())
        vertices.pop_back ();
      if (vertices.size () < 3)
        {
          *problem = g_strdup ("a ring must have at least three distinct points");
          return nullptr;
        }
      loops.push_back (new_loop (vertices));
    }
  if (!eros_geo_set_loops (geo.get (), std::move (loops), oriented, problem))
    return nullptr;
  return geo.release ();
}

/* ---- looking at one ------------------------------------------------------------------------------------ */

int
_ErosGeo::n_kinds () const
{
  return !points.empty () + !lines.empty () + !polygon.is_empty ();
}

bool
_ErosGeo::is_single_line () const
{
  return points.empty () && polygon.is_empty () && lines.size () == 1;
}

std::vector<S2Point>
eros_geo_list_points (const ErosGeo *self)
{
  std::vector<S2Point> points = self->points;

  for (const auto &line : self->lines)
    for (const S2Point &vertex : line->vertices_span ())
      points.push_back (vertex);
  for (int i = 0; i < self->polygon.num_loops (); i++)
    for (const S2Point &vertex : eros_geo_list_vertices (self->polygon.loop (i)))
      points.push_back (vertex);
  return points;
}

static int
count_shells (const ErosGeo *self)
{
  int n = 0;

  for (int i = 0; i < self->polygon.num_loops (); i++)
    n += !self->polygon.loop (i)->is_hole ();
  return n;
}

int
eros_geo_count (const ErosGeo *self, ErosGeoCount what)
{
  switch (what)
    {
    case EROS_GEO_N_POINTS: /* a ring's first point counts again as its last */
      return (int) eros_geo_list_points (self).size () + self->polygon.num_loops ();
    case EROS_GEO_N_GEOMETRIES:
      return (int) (self->points.size () + self->lines.size ()) + count_shells (self);
    case EROS_GEO_DIMENSION:
    default:
      return !self->polygon.is_empty () ? 2 : !self->lines.empty () ? 1 : self->points.empty () ? -1 : 0;
    }
}

gboolean
eros_geo_get_point (const ErosGeo *self, double *longitude, double *latitude)
{
  if (self->points.size () != 1 || !self->lines.empty () || !self->polygon.is_empty ())
    return FALSE;
  S2LatLng place (self->points[0]);
  *longitude = place.lng ().degrees ();
  *latitude = place.lat ().degrees ();
  return TRUE;
}

/* ---- taking one apart ---------------------------------------------------------------------------------- */

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ([] (gpointer geo) { eros_geo_free (static_cast<ErosGeo *> (geo)); });
}

static ErosGeo *
new_of_point (const S2Point &point)
{
  ErosGeo *geo = new ErosGeo;

  geo->points.push_back (point);
  return geo;
}

/* Shell @shell with its holes. */
static ErosGeo *
new_of_shell (const S2Polygon &polygon, int shell)
{
  ErosGeo *geo = new ErosGeo;
  std::vector<std::unique_ptr<S2Loop>> loops;

  for (int i = shell; i <= polygon.GetLastDescendant (shell); i++)
    if (i == shell || polygon.loop (i)->depth () == polygon.loop (shell)->depth () + 1)
      loops.push_back (new_loop (eros_geo_list_vertices (polygon.loop (i))));
  geo->polygon.InitOriented (std::move (loops));
  return geo;
}

GPtrArray *
eros_geo_dump (const ErosGeo *self, int dimension)
{
  GPtrArray *list = new_list ();

  if (dimension < 0 || dimension == 0)
    for (const S2Point &point : self->points)
      g_ptr_array_add (list, new_of_point (point));
  if (dimension < 0 || dimension == 1)
    for (const auto &line : self->lines)
      {
        ErosGeo *geo = new ErosGeo;

        geo->lines.emplace_back (line->Clone ());
        g_ptr_array_add (list, geo);
      }
  if (dimension < 0 || dimension == 2)
    for (int i = 0; i < self->polygon.num_loops (); i++)
      if (!self->polygon.loop (i)->is_hole ())
        g_ptr_array_add (list, new_of_shell (self->polygon, i));
  return list;
}

static void
add_ring (GPtrArray *list, const S2Loop *loop)
{
  ErosGeo *geo = new ErosGeo;
  std::vector<S2Point> vertices = eros_geo_list_vertices (loop);

  vertices.push_back (vertices.front ());
  eros_geo_add_line (geo, vertices);
  g_ptr_array_add (list, geo);
}

GPtrArray *
eros_geo_dump_points (const ErosGeo *self)
{
  GPtrArray *list = new_list ();

  for (const S2Point &point : eros_geo_list_points (self))
    g_ptr_array_add (list, new_of_point (point));
  return list;
}

GPtrArray *
eros_geo_dump_holes (const ErosGeo *self)
{
  GPtrArray *list = new_list ();

  for (int i = 0; i < self->polygon.num_loops (); i++)
    if (self->polygon.loop (i)->is_hole ())
      add_ring (list, self->polygon.loop (i));
  return list;
}
