/* eros-json-reader.h: members of a request's JSON, of the type they ought to have
 *
 * A member that is missing, null, or of another type reads as nothing; eros_json_check() tells the last from
 * the first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

const char *eros_json_get_string (JsonObject *object, const char *name);
gint64      eros_json_get_int (JsonObject *object, const char *name, gint64 fallback);
gboolean    eros_json_get_bool (JsonObject *object, const char *name, gboolean fallback);
JsonObject *eros_json_get_object (JsonObject *object, const char *name);
JsonArray  *eros_json_get_array (JsonObject *object, const char *name);
gboolean    eros_json_is_null (JsonObject *object, const char *name);

typedef struct
{
  const char *name;
  char        type; /* s string, b boolean, i integer (also as a string), o object, a list */
} ErosJsonMember;

/* Looks at the members of @object that @members names, and at those of the objects inside it, at most four
 * deep. */
const char *eros_json_check (JsonObject *object, const ErosJsonMember *members, guint n_members);

void eros_json_merge (JsonObject *target, JsonObject *patch);

G_END_DECLS
