/* eros-geo-text.cc: geography from WKT, and as GeoJSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-geo-private.hh"

#include <cstring>

#include <s2/s2builder.h>
#include <s2/s2builderutil_s2polygon_layer.h>
#include <s2/s2edge_tessellator.h>
#include <s2/s2error.h>
#include <s2/s2latlng.h>
#include <s2/s2projections.h>

#define TOLERANCE S1Angle::Radians (10 / EROS_GEO_RADIUS) /* of edges drawn straight on the map */
#define MAX_DEPTH 64

/* ---- WKT ----------------------------------------------------------------------------------------------- */

namespace
{

class Reader
{
public:
  Reader (const char *text, guint flags) : next (text), flags (flags)
  {
  }

  bool
  at_end ()
  {
    skip ();
    return *next == '\0';
  }

  bool read_shape (ErosGeo *geo, int depth);

  std::vector<std::unique_ptr<S2Loop>> loops;
  std::string problem;

private:
  void
  skip ()
  {
    while (g_ascii_isspace (*next))
      next++;
  }

  bool
  accept (char c)
  {
    skip ();
    if (*next != c)
      return false;
    next++;
    return true;
  }

  std::string
  word ()
  {
    std::string word;

    skip ();
    while (g_ascii_isalpha (*next))
      word += g_ascii_toupper (*next++);
    return word;
  }

  bool
  fail (const std::string &why)
  {
    if (problem.empty ())
      problem = why;
    return false;
  }

  bool read_number (double *number);
  bool read_place (R2Point *place);
  bool read_places (std::vector<R2Point> *places);
  std::vector<S2Point> unproject (const std::vector<R2Point> &places);
  bool read_multipoint (ErosGeo *geo);
  bool read_line (ErosGeo *geo);
  bool read_polygon ();
  template <typename Read> bool read_list (Read read);

  const char *next;
  guint flags;
};

bool
Reader::read_number (double *number)
{
  char *end = nullptr;

  skip ();
  *number = g_ascii_strtod (next, &end);
  if (end == next)
    return fail ("a number is expected at: " + std::string (next).substr (0, 20));
  next = end;
  return true;
}

bool
Reader::read_place (R2Point *place)
{
  double x = 0;
  double y = 0;

  if (!read_number (&x) || !read_number (&y))
    return false;
  if (!(y >= -90 && y <= 90))
    return fail ("Latitude must be between -90 and 90 degrees.");
  *place = R2Point (x, y);
  return true;
}

template <typename Read>
bool
Reader::read_list (Read read)
{
  if (!accept ('('))
    return fail ("\"(\" is expected at: " + std::string (next).substr (0, 20));
  do
    if (!read ())
      return false;
  while (accept (','));
  return accept (')') || fail ("\")\" is expected at: " + std::string (next).substr (0, 20));
}

bool
Reader::read_places (std::vector<R2Point> *places)
{
  return read_list ([&] {
    R2Point place;

    if (!read_place (&place))
      return false;
    places->push_back (place);
    return true;
  });
}

std::vector<S2Point>
Reader::unproject (const std::vector<R2Point> &places)
{
  S2::PlateCarreeProjection projection (180);
  S2EdgeTessellator tessellator (&projection, TOLERANCE);
  std::vector<S2Point> vertices;

  if (!(flags & EROS_GEO_PLANAR))
    for (const R2Point &place : places)
      vertices.push_back (S2LatLng::FromDegrees (place.y (), place.x ()).ToPoint ());
  else
    for (size_t i = 0; i + 1 < places.size (); i++)
      tessellator.AppendUnprojected (places[i], places[i + 1], &vertices);
  return vertices;
}

/* (1 2, 3 4) or ((1 2), (3 4)) */
bool
Reader::read_multipoint (ErosGeo *geo)
{
  return read_list ([&] {
    R2Point place;
    bool bracket = accept ('(');

    if (!read_place (&place) || (bracket && !accept (')')))
      return fail ("a point is expected at: " + std::string (next).substr (0, 20));
    geo->points.push_back (S2LatLng::FromDegrees (place.y (), place.x ()).ToPoint ());
    return true;
  });
}

bool
Reader::read_line (ErosGeo *geo)
{
  std::vector<R2Point> places;

  if (!read_places (&places))
    return false;
  if (places.size () < 2)
    return fail ("a linestring needs at least two points");
  eros_geo_add_line (geo, unproject (places));
  return true;
}

bool
Reader::read_polygon ()
{
  return read_list ([&] {
    std::vector<R2Point> places;
    auto loop = std::make_unique<S2Loop> ();

    if (!read_places (&places))
      return false;
    if (places.size () < 4 || places.front () != places.back ())
      return fail ("Invalid polygon loop: a loop must have at least four points, and end where it begins");
    std::vector<S2Point> vertices = unproject (places);
    vertices.pop_back ();
    vertices.erase (std::unique (vertices.begin (), vertices.end ()), vertices.end ());
    loop->set_s2debug_override (S2Debug::DISABLE);
    loop->Init (vertices);
    loops.push_back (std::move (loop));
    return true;
  });
}

bool
Reader::read_shape (ErosGeo *geo, int depth)
{
  std::string name = word ();
  const char *before = next;

  if (depth > MAX_DEPTH)
    return fail ("collections lie too deep in each other");
  if (word () == "EMPTY")
    return true;
  next = before;
  if (name == "POINT" || name == "MULTIPOINT")
    return read_multipoint (geo);
  if (name == "LINESTRING")
    return read_line (geo);
  if (name == "MULTILINESTRING")
    return read_list ([&] { return read_line (geo); });
  if (name == "POLYGON")
    return read_polygon ();
  if (name == "MULTIPOLYGON")
    return read_list ([&] { return read_polygon (); });
  if (name == "GEOMETRYCOLLECTION")
    return read_list ([&] { return read_shape (geo, depth + 1); });
  return fail ("Invalid WKT: " + name);
}

} // namespace

/* Rings that cross themselves or each other, cut up where they do. */
static bool
mend (ErosGeo *geo, const std::vector<std::unique_ptr<S2Loop>> &loops, char **problem)
{
  s2builderutil::S2PolygonLayer::Options options;
  S2Builder::Options builder_options;
  S2Error error;

  builder_options.set_split_crossing_edges (true);
  options.set_edge_type (S2Builder::EdgeType::UNDIRECTED);
  S2Builder builder (builder_options);
  builder.StartLayer (std::make_unique<s2builderutil::S2PolygonLayer> (&geo->polygon, options));
  for (const auto &loop : loops)
    builder.AddLoop (*loop);
  if (builder.Build (&error))
    return true;
  *problem = g_strdup (error.text ().c_str ());
  return false;
}

/* NULL with @problem set if @text is no WKT, or not of something that there can be. */
ErosGeo *
eros_geo_new_from_text (const char *text, guint flags, char **problem)
{
  Reader reader (text, flags);
  auto geo = std::make_unique<ErosGeo> ();

  geo->polygon.set_s2debug_override (S2Debug::DISABLE);
  if (!reader.read_shape (geo.get (), 0) || !reader.at_end ())
    {
      *problem = g_strdup (reader.problem.empty () ? "Invalid WKT" : reader.problem.c_str ());
      return nullptr;
    }
  if (reader.loops.empty ())
    return geo.release ();
  if (flags & EROS_GEO_MAKE_VALID)
    return mend (geo.get (), reader.loops, problem) ? geo.release () : nullptr;
  if (!eros_geo_set_loops (geo.get (), std::move (reader.loops), (flags & EROS_GEO_ORIENTED) != 0, problem))
    return nullptr;
  return geo.release ();
}

/* ---- GeoJSON ------------------------------------------------------------------------------------------- */

static void
append_place (const R2Point &place, GString *text)
{
  char x[G_ASCII_DTOSTR_BUF_SIZE];
  char y[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (text, "[%s, %s]", g_ascii_formatd (x, sizeof x, "%.15g", place.x ()),
                          g_ascii_formatd (y, sizeof y, "%.15g", place.y ()));
}

static void
append_point (const S2Point &point, GString *text)
{
  S2LatLng place (point);

  append_place (R2Point (place.lng ().degrees (), place.lat ().degrees ()), text);
}

/* As many points as it takes for edges that are straight on the map to follow those on the sphere. */
static void
append_path (const std::vector<S2Point> &vertices, GString *text)
{
  S2::PlateCarreeProjection projection (180);
  S2EdgeTessellator tessellator (&projection, TOLERANCE);
  std::vector<R2Point> places;

  for (size_t i = 0; i + 1 < vertices.size (); i++)
    tessellator.AppendProjected (vertices[i], vertices[i + 1], &places);
  g_string_append (text, "[ ");
  for (size_t i = 0; i < places.size (); i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      append_place (places[i], text);
    }
  g_string_append (text, " ]");
}

static void
append_line (const S2Polyline &line, GString *text)
{
  append_path (std::vector<S2Point> (line.vertices_span ().begin (), line.vertices_span ().end ()), text);
}

static void
append_polygon (const S2Polygon &polygon, GString *text)
{
  g_string_append (text, "[ ");
  for (int i = 0; i < polygon.num_loops (); i++)
    {
      std::vector<S2Point> vertices = eros_geo_list_vertices (polygon.loop (i));

      vertices.push_back (vertices.front ());
      if (i > 0)
        g_string_append (text, ", ");
      append_path (vertices, text);
    }
  g_string_append (text, " ]");
}

static const char *const json_names[] = { "Point", "LineString", "Polygon" };

static void
append_coordinates (const ErosGeo *part, GString *text)
{
  if (!part->points.empty ())
    append_point (part->points[0], text);
  else if (!part->lines.empty ())
    append_line (*part->lines[0], text);
  else
    append_polygon (part->polygon, text);
}

/* Parts of one kind are a Multi…, others a collection. */
void
eros_geo_append_json (const ErosGeo *self, GString *text)
{
  GPtrArray *parts = eros_geo_dump (self, -1);
  bool collection = self->n_kinds () != 1;
  bool multiple = !collection && parts->len > 1;

  if (collection)
    g_string_append (text, "{ \"type\": \"GeometryCollection\", \"geometries\": [ ");
  else
    g_string_append_printf (text, "{ \"type\": \"%s%s\", \"coordinates\": %s", multiple ? "Multi" : "",
                            json_names[eros_geo_count (self, EROS_GEO_DIMENSION)], multiple ? "[ " : "");
  for (guint i = 0; i < parts->len; i++)
    {
      const ErosGeo *part = static_cast<const ErosGeo *> (parts->pdata[i]);

      if (i > 0)
        g_string_append (text, ", ");
      if (collection)
        eros_geo_append_json (part, text);
      else
        append_coordinates (part, text);
    }
  g_string_append (text, collection || multiple ? " ] } " : " } ");
  g_ptr_array_unref (parts);
}
