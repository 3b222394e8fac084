/* eros-json.h: reading answers that may lack anything and may lie about types
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* An object, or EROS_BIG_QUERY_ERROR_MALFORMED. What is too deep or has too many values for any answer is refused
 * before a tree is made of it: json-glib's parser is recursive, and a node takes a hundred times the room of its text.
 */
JsonNode *eros_json_parse (const char *text, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Each goes down a dotted path of objects; NULL, or the default, when something is missing or of another type. */
JsonObject *eros_json_object (JsonObject *object, const char *path);
JsonArray  *eros_json_array (JsonObject *object, const char *path);
const char *eros_json_string (JsonObject *object, const char *path);
/* A number, or the text of one, as Google writes 64-bit integers. */
gint64   eros_json_int64 (JsonObject *object, const char *path, gint64 otherwise);
gboolean eros_json_bool (JsonObject *object, const char *path);

G_END_DECLS
