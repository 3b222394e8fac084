/* eros-geo-private.hh: what the files about geography share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <memory>
#include <vector>

#include <s2/mutable_s2shape_index.h>
#include <s2/s2polygon.h>
#include <s2/s2polyline.h>

#include "eros-geo-private.h"

#define EROS_GEO_RADIUS 6371010.0 /* the earth's, in metres */

/* Points, lines and polygons that lie beside each other. */
struct _ErosGeo
{
  std::vector<S2Point> points;
  std::vector<std::unique_ptr<S2Polyline>> lines;
  S2Polygon polygon;

  bool
  is_empty () const
  {
    return points.empty () && lines.empty () && polygon.is_empty ();
  }

  int n_kinds () const;
  bool is_single_line () const;
};

void eros_geo_add_line (ErosGeo *self, std::vector<S2Point> vertices);
void eros_geo_add_index (const ErosGeo *self, MutableS2ShapeIndex *index);
bool eros_geo_set_loops (ErosGeo *self,
                         std::vector<std::unique_ptr<S2Loop>> loops,
                         bool oriented,
                         char **problem);
std::vector<S2Point> eros_geo_list_points (const ErosGeo *self);
std::vector<S2Point> eros_geo_list_vertices (const S2Loop *loop);
