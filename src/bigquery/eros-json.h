/* eros-json.h: reading answers that may lack anything and may lie about types
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Each goes down a dotted path of objects; NULL, or the default, when something is missing or of another type. */
JsonObject *eros_json_object (JsonObject *object, const char *path);
JsonArray  *eros_json_array  (JsonObject *object, const char *path);
const char *eros_json_string (JsonObject *object, const char *path);
/* A number, or the text of one, as Google writes 64-bit integers. */
gint64      eros_json_int64  (JsonObject *object, const char *path, gint64 otherwise);
gboolean    eros_json_bool   (JsonObject *object, const char *path);

G_END_DECLS
