/* eros-native-geography-text.c: GEOGRAPHY as text and bytes, and in arrays and aggregates
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <eros-geography.h>
#include <eros-json.h>

#include "eros-native-geography-private.h"

#define MAX_GEOHASH 20

/* ---- to text ------------------------------------------------------------------------------------------- */

static void
as_text (sqlite3_context *context, int n, sqlite3_value **values)
{
  GString *text = g_string_new (NULL);
  gsize size = 0;
  const char *data = eros_arg_data (values[0], &size);

  eros_geography_append_text (data, size, text);
  eros_result_take_text (context, text);
}

static void
as_json (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);
  GString *text = NULL;

  if (geo == NULL)
    return;
  text = g_string_new (NULL);
  eros_geo_append_json (geo, text);
  eros_result_take_text (context, text);
}

/* The words of WKT, as ST_GEOMETRYTYPE spells them */
static void
geometry_type (sqlite3_context *context, int n, sqlite3_value **values)
{
  static const struct
  {
    const char *wkt;
    const char *type;
  } types[] = {
    { "POINT(", "ST_Point" },
    { "LINESTRING(", "ST_LineString" },
    { "POLYGON(", "ST_Polygon" },
    { "MULTIPOINT(", "ST_MultiPoint" },
    { "MULTILINESTRING(", "ST_MultiLineString" },
    { "MULTIPOLYGON(", "ST_MultiPolygon" },
  };
  g_autoptr (GString) text = g_string_new (NULL);
  gsize size = 0;
  const char *data = eros_arg_data (values[0], &size);

  eros_geography_append_text (data, size, text);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_prefix (text->str, types[i].wkt))
      {
        eros_result_text (context, types[i].type, strlen (types[i].type));
        return;
      }
  eros_result_text (context, "ST_GeometryCollection", strlen ("ST_GeometryCollection"));
}

/* ---- from text ----------------------------------------------------------------------------------------- */

static gboolean
is_set (int n, sqlite3_value **values, int index)
{
  return n > index && sqlite3_value_int (values[index]) != 0;
}

/* (text, oriented, planar, make_valid) */
guint
eros_geo_flags_of (int n, sqlite3_value **values)
{
  return (is_set (n, values, 1) ? EROS_GEO_ORIENTED : 0u) | (is_set (n, values, 2) ? EROS_GEO_PLANAR : 0u) |
         (is_set (n, values, 3) ? EROS_GEO_MAKE_VALID : 0u);
}

void
eros_result_geo_text (sqlite3_context *context, const char *function, const char *text, guint flags)
{
  g_autofree char *problem = NULL;
  ErosGeo *geo = eros_geo_new_from_text (text, flags, &problem);

  eros_result_take_geo (context, function, geo, problem);
}

static void
from_text (sqlite3_context *context, int n, sqlite3_value **values)
{
  eros_result_geo_text (context, "ST_GeogFromText", (const char *) sqlite3_value_text (values[0]),
                        eros_geo_flags_of (n, values));
}

/* [1, 2] as 1 2; lists of those in as many brackets as they lie in */
static gboolean
append_coordinates (ErosJsonText json, guint depth, GString *text)
{
  ErosJsonIter iter;
  ErosJsonText key, item;
  gboolean good = TRUE;
  gboolean place = FALSE;
  guint n = 0;

  if (depth > 4 || eros_json_get_kind (json) != EROS_JSON_ARRAY || !eros_json_iter_init (&iter, json))
    return FALSE;
  while (good && eros_json_iter_next (&iter, &key, &item))
    {
      gboolean number = eros_json_get_kind (item) == EROS_JSON_NUMBER;

      if (n == 0)
        place = number;
      if (place != number)
        return FALSE;
      if (n > 0)
        g_string_append (text, place ? " " : ", ");
      else if (!place)
        g_string_append_c (text, '(');
      if (!place)
        good = append_coordinates (item, depth + 1, text);
      else if (n < 2)
        g_string_append_len (text, item.data, (gssize) item.size);
      n++;
    }
  if (!place)
    g_string_append (text, n > 0 ? ")" : " EMPTY");
  return good && !iter.malformed && (!place || n >= 2);
}

static gboolean append_geojson (ErosJsonText json, guint depth, GString *text);

static gboolean
append_geometries (ErosJsonText json, guint depth, GString *text)
{
  ErosJsonIter iter;
  ErosJsonText key, item;
  gboolean first = TRUE;

  if (!eros_json_iter_init (&iter, json) || iter.object)
    return FALSE;
  while (eros_json_iter_next (&iter, &key, &item))
    {
      g_string_append (text, first ? "(" : ", ");
      first = FALSE;
      if (!append_geojson (item, depth + 1, text))
        return FALSE;
    }
  g_string_append (text, first ? " EMPTY" : ")");
  return TRUE;
}

/* GeoJSON as WKT */
static gboolean
append_geojson (ErosJsonText json, guint depth, GString *text)
{
  ErosJsonText type, content;
  g_autoptr (GString) name = g_string_new (NULL);
  gboolean collection = FALSE;

  if (depth > 16 || eros_json_get_kind (json) != EROS_JSON_OBJECT ||
      !eros_json_find_member (json, "type", 4, &type) || !eros_json_append_unescaped (type, name))
    return FALSE;
  collection = g_str_equal (name->str, "GeometryCollection");
  if (collection ? !eros_json_find_member (json, "geometries", 10, &content)
                 : !eros_json_find_member (json, "coordinates", 11, &content))
    return FALSE;
  g_string_ascii_up (name);
  g_string_append (text, name->str);
  if (collection)
    return append_geometries (content, depth, text);
  if (g_str_equal (name->str, "POINT"))
    {
      gboolean good = FALSE;

      g_string_append_c (text, '(');
      good = append_coordinates (content, 4, text);
      g_string_append_c (text, ')');
      return good;
    }
  return append_coordinates (content, 0, text);
}

/* (text, make_valid) */
static void
from_json (sqlite3_context *context, int n, sqlite3_value **values)
{
  gsize size = 0;
  const char *data = eros_arg_data (values[0], &size);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) compact = g_string_new (NULL);

  if (eros_json_append_compact ((ErosJsonText){ data, size }, compact) &&
      append_geojson ((ErosJsonText){ compact->str, compact->len }, 0, text))
    eros_result_geo_text (context, "ST_GeogFromGeoJSON", text->str,
                          EROS_GEO_PLANAR | (is_set (n, values, 1) ? EROS_GEO_MAKE_VALID : 0u));
  else
    eros_native_fail (context, "ST_GeogFromGeoJSON failed: Invalid GeoJSON");
}

/* WKT or GeoJSON; bytes are WKB */
static void
from_any (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);

  if (text != NULL && *(text + strspn (text, " \t\r\n")) == '{')
    from_json (context, 1, values);
  else
    from_text (context, 1, values);
}

/* ---- geohash ------------------------------------------------------------------------------------------- */

static const char geohash_digits[] = "0123456789bcdefghjkmnpqrstuvwxyz";

/* (point, [length]) */
static void
geohash (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);
  gint64 length = n > 1 ? sqlite3_value_int64 (values[1]) : MAX_GEOHASH;
  double place[2];
  double low[2] = { -180, -90 };
  double high[2] = { 180, 90 };
  char text[MAX_GEOHASH + 1] = "";

  if (geo == NULL)
    return;
  if (!eros_geo_get_point (geo, &place[0], &place[1]))
    {
      eros_native_fail (context, "ST_GeoHash failed: the argument must be a single point");
      return;
    }
  length = CLAMP (length, 1, MAX_GEOHASH);
  for (guint bit = 0; bit < 5 * (guint) length; bit++)
    {
      guint axis = bit % 2;
      double middle = (low[axis] + high[axis]) / 2;
      gboolean upper = place[axis] >= middle;

      text[bit / 5] = (char) ((text[bit / 5] << 1) | upper);
      (upper ? low : high)[axis] = middle;
    }
  for (guint i = 0; i < (guint) length; i++)
    text[i] = geohash_digits[(guint) text[i]];
  eros_result_text (context, text, (gsize) length);
}

static void
from_geohash (sqlite3_context *context, int n, sqlite3_value **values)
{
  gsize size = 0;
  const char *data = eros_arg_data (values[0], &size);
  double low[2] = { -180, -90 };
  double high[2] = { 180, 90 };

  for (guint bit = 0; bit < 5 * size; bit++)
    {
      const char *digit = strchr (geohash_digits, g_ascii_tolower (data[bit / 5]));
      guint axis = bit % 2;

      if (digit == NULL || *digit == '\0')
        {
          eros_native_fail (context, "ST_GeogPointFromGeoHash failed: Invalid geohash: %.*s", (int) size,
                            data);
          return;
        }
      (((digit - geohash_digits) >> (4 - bit % 5)) & 1 ? low : high)[axis] = (low[axis] + high[axis]) / 2;
    }
  eros_result_take_geo (context, "", eros_geo_new_point ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2),
                        NULL);
}

/* ---- lists --------------------------------------------------------------------------------------------- */

static void
result_list (sqlite3_context *context, GPtrArray *list)
{
  ErosSqlBuilder builder;

  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  for (guint i = 0; i < list->len; i++)
    {
      GString *bytes = eros_geo_store (list->pdata[i]);

      eros_sql_builder_add_blob (&builder, bytes->str, bytes->len);
      g_string_free (bytes, TRUE);
    }
  eros_result_builder (context, &builder);
  g_ptr_array_unref (list);
}

static void
dump (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);

  if (geo != NULL)
    result_list (context, eros_geo_dump (geo, n > 1 ? sqlite3_value_int (values[1]) : -1));
}

static void
dump_points (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);

  if (geo != NULL)
    result_list (context, eros_geo_dump_points (geo));
}

static void
interior_rings (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);

  if (geo != NULL)
    result_list (context, eros_geo_dump_holes (geo));
}

/* (line, index from 1, or from the end when negative) */
static void
point_n (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);
  g_autoptr (GPtrArray) points = geo != NULL ? eros_geo_dump_points (geo) : NULL;
  gint64 index = sqlite3_value_int64 (values[1]);

  if (points == NULL)
    return;
  index = index < 0 ? index + points->len : index - 1;
  if (eros_geo_count (geo, EROS_GEO_DIMENSION) == 1 && eros_geo_count (geo, EROS_GEO_N_GEOMETRIES) == 1 &&
      index >= 0 && index < points->len)
    eros_result_geo (context, points->pdata[index]);
}

static void
add_array (GPtrArray *list, sqlite3_value *value)
{
  ErosSqlReader reader;
  ErosSqlElement element;
  gsize size = 0;
  const char *data = eros_arg_data (value, &size);

  if (!eros_sql_reader_init (&reader, data, size))
    return;
  while (eros_sql_reader_next (&reader, &element))
    {
      ErosGeo *geo =
        element.storage == EROS_SQL_STORAGE_BLOB ? eros_geo_new (element.data, element.size) : NULL;

      if (geo != NULL)
        g_ptr_array_add (list, geo);
    }
}

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) eros_geo_free);
}

static void
union_array (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (GPtrArray) list = new_list ();

  add_array (list, values[0]);
  if (list->len > 0)
    eros_result_take_geo (context, "ST_Union", eros_geo_new_union (list), NULL);
}

/* (array) or (a, b) */
static void
make_line (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (GPtrArray) list = new_list ();
  g_autofree char *problem = NULL;
  ErosGeo *line = NULL;

  if (n == 1)
    add_array (list, values[0]);
  for (int i = 0; n > 1 && i < n; i++)
    {
      ErosGeo *geo = eros_arg_geo (context, values[i]);

      if (geo == NULL)
        return;
      g_ptr_array_add (list, geo);
    }
  line = eros_geo_new_line (list, &problem);
  eros_result_take_geo (context, "ST_MakeLine", line, problem);
}

/* (outer ring, [array of holes]) */
static void
make_polygon (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (GPtrArray) list = new_list ();
  g_autofree char *problem = NULL;
  ErosGeo *geo = eros_arg_geo (context, values[0]);

  if (geo == NULL)
    return;
  g_ptr_array_add (list, geo);
  if (n > 1)
    add_array (list, values[1]);
  geo = eros_geo_new_polygon (list, FALSE, &problem);
  eros_result_take_geo (context, "ST_MakePolygon", geo, problem);
}

static void
make_oriented_polygon (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (GPtrArray) list = new_list ();
  g_autofree char *problem = NULL;
  ErosGeo *geo = NULL;

  add_array (list, values[0]);
  geo = eros_geo_new_polygon (list, TRUE, &problem);
  eros_result_take_geo (context, "ST_MakePolygonOriented", geo, problem);
}

static void
bounding_box (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);
  ErosSqlBuilder builder;
  double box[4];

  if (geo == NULL || !eros_geo_get_bounds (geo, box))
    return;
  eros_sql_builder_init (&builder, EROS_SQL_STRUCT);
  for (guint i = 0; i < 4; i++)
    eros_sql_builder_add_real (&builder, box[i]);
  eros_result_builder (context, &builder);
}

static void
cell_of_point (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (ErosGeo) geo = eros_arg_geo (context, values[0]);
  gint64 level = n > 1 ? sqlite3_value_int64 (values[1]) : 30;
  double unused = 0;

  if (geo != NULL && eros_geo_get_point (geo, &unused, &unused) && level >= 0 && level <= 30)
    sqlite3_result_int64 (context, eros_geo_get_cell (geo, (int) level));
  else if (geo != NULL)
    eros_native_fail (context,
                      "S2_CellIdFromPoint failed: the argument must be a single point, the level 0 to 30");
}

/* ---- aggregates ---------------------------------------------------------------------------------------- */

typedef struct
{
  GPtrArray *list;
} Collected;

static void
collect_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Collected *state = data;
  ErosGeo *geo = eros_arg_is_null (values[0]) ? NULL : eros_arg_geo (context, values[0]);

  if (state->list == NULL)
    state->list = new_list ();
  if (geo != NULL)
    g_ptr_array_add (state->list, geo);
}

static void
collect_clear (gpointer data)
{
  g_clear_pointer (&((Collected *) data)->list, g_ptr_array_unref);
}

static void
union_result (sqlite3_context *context, gpointer data)
{
  const Collected *state = data;

  if (state->list != NULL && state->list->len > 0)
    eros_result_take_geo (context, "ST_Union_Agg", eros_geo_new_union (state->list), NULL);
}

static void
centroid_result (sqlite3_context *context, gpointer data)
{
  const Collected *state = data;
  g_autofree char *problem = NULL;
  g_autoptr (ErosGeo) sum = NULL;

  if (state->list == NULL || state->list->len == 0)
    return;
  sum = eros_geo_new_union (state->list);
  eros_result_take_geo (context, "ST_Centroid_Agg", eros_geo_make (sum, EROS_GEO_CENTROID, NULL, 0, &problem),
                        problem);
}

static const ErosAggregate union_agg = { sizeof (Collected), collect_step, NULL, union_result,
                                         collect_clear };
static const ErosAggregate centroid_agg = { sizeof (Collected), collect_step, NULL, centroid_result,
                                            collect_clear };

#define BOX "STRUCT<xmin FLOAT64, ymin FLOAT64, xmax FLOAT64, ymax FLOAT64>"

const ErosNative eros_native_geography_text[] = {
  { "ST_ASTEXT", "(GEOGRAPHY) -> STRING", "bq_st_astext", NULLS_STRICT, as_text, NULL },
  { "ST_ASGEOJSON", "(GEOGRAPHY) -> STRING", "bq_st_asgeojson", NULLS_STRICT, as_json, NULL },
  { "ST_GEOMETRYTYPE", "(GEOGRAPHY) -> STRING", "bq_st_geometrytype", NULLS_STRICT, geometry_type, NULL },
  { "ST_GEOGFROMTEXT", "(STRING, " EROS_GEO_OPTIONS ") -> GEOGRAPHY", "bq_st_geogfromtext", STRICT_FAIL,
    from_text, NULL },
  { "ST_GEOGFROMGEOJSON", "(STRING, [make_valid => BOOL]) -> GEOGRAPHY", "bq_st_geogfromgeojson", STRICT_FAIL,
    from_json, NULL },
  { "ST_GEOGFROM", "(STRING) -> GEOGRAPHY", "bq_st_geogfrom", STRICT_FAIL, from_any, NULL },
  { "ST_GEOGFROM", "(BYTES) -> GEOGRAPHY", "bq_st_geogfromwkb", STRICT_FAIL, NULL, NULL },
  { "ST_GEOHASH", "(GEOGRAPHY, [INT64]) -> STRING", "bq_st_geohash", STRICT_FAIL, geohash, NULL },
  { "ST_GEOGPOINTFROMGEOHASH", "(STRING) -> GEOGRAPHY", "bq_st_geogpointfromgeohash", STRICT_FAIL,
    from_geohash, NULL },
  { "ST_DUMP", "(GEOGRAPHY, [INT64]) -> ARRAY<GEOGRAPHY>", "bq_st_dump", NULLS_STRICT, dump, NULL },
  { "ST_DUMPPOINTS", "(GEOGRAPHY) -> ARRAY<GEOGRAPHY>", "bq_st_dumppoints", NULLS_STRICT, dump_points, NULL },
  { "ST_INTERIORRINGS", "(GEOGRAPHY) -> ARRAY<GEOGRAPHY>", "bq_st_interiorrings", NULLS_STRICT,
    interior_rings, NULL },
  { "ST_POINTN", "(GEOGRAPHY, INT64) -> GEOGRAPHY", "bq_st_pointn", NULLS_STRICT, point_n, NULL },
  { "ST_UNION", "(ARRAY<GEOGRAPHY>) -> GEOGRAPHY", "bq_st_union_array", STRICT_FAIL, union_array, NULL },
  { "ST_MAKELINE", "(GEOGRAPHY, GEOGRAPHY) -> GEOGRAPHY", "bq_st_makeline", STRICT_FAIL, make_line, NULL },
  { "ST_MAKELINE", "(ARRAY<GEOGRAPHY>) -> GEOGRAPHY", "bq_st_makeline", STRICT_FAIL, make_line, NULL },
  { "ST_MAKEPOLYGON", "(GEOGRAPHY, [ARRAY<GEOGRAPHY>]) -> GEOGRAPHY", "bq_st_makepolygon", STRICT_FAIL,
    make_polygon, NULL },
  { "ST_MAKEPOLYGONORIENTED", "(ARRAY<GEOGRAPHY>) -> GEOGRAPHY", "bq_st_makepolygonoriented", STRICT_FAIL,
    make_oriented_polygon, NULL },
  { "ST_BOUNDINGBOX", "(GEOGRAPHY) -> " BOX, "bq_st_boundingbox", NULLS_STRICT, bounding_box, NULL },
  { "S2_CELLIDFROMPOINT", "(GEOGRAPHY, [level => INT64]) -> INT64", "bq_s2_cellidfrompoint", STRICT_FAIL,
    cell_of_point, NULL },
  { "ST_UNION_AGG", "(GEOGRAPHY) -> GEOGRAPHY", "bq_st_union_agg", EROS_FUNCTION_IS_AGGREGATE, NULL,
    &union_agg },
  { "ST_CENTROID_AGG", "(GEOGRAPHY) -> GEOGRAPHY", "bq_st_centroid_agg", EROS_FUNCTION_IS_AGGREGATE, NULL,
    &centroid_agg },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
