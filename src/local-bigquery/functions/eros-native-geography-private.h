/* eros-native-geography-private.h: GEOGRAPHY as an argument and as a result
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-geo-private.h"
#include "eros-native-private.h"

G_BEGIN_DECLS

ErosGeo *eros_arg_geo (sqlite3_context *context, sqlite3_value *value);
void     eros_result_geo (sqlite3_context *context, const ErosGeo *geo);
void     eros_result_take_geo (sqlite3_context *context, const char *function, ErosGeo *geo, const char *problem);

guint eros_geo_flags_of (int n, sqlite3_value **values);
void  eros_result_geo_text (sqlite3_context *context, const char *function, const char *text, guint flags);

/* The signatures of what reads text or bytes; see eros_geo_flags_of (). */
#define EROS_GEO_OPTIONS "[oriented => BOOL], [planar => BOOL], [make_valid => BOOL]"

G_END_DECLS
