/* eros-json-edit.h: JSON text with something set, put in, or taken out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-json.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_JSON_EDIT_SET,     /* what is missing comes to be */
  EROS_JSON_EDIT_REPLACE, /* only what is there */
  EROS_JSON_EDIT_REMOVE,
  EROS_JSON_EDIT_APPEND, /* at the end of an array */
  EROS_JSON_EDIT_INSERT, /* before an array's element */
} ErosJsonEdit;

void eros_json_edit (ErosJsonText json, ErosJsonEdit edit, const ErosJsonPath *path, ErosJsonText value, GString *out);
void eros_json_strip_nulls (ErosJsonText json, gboolean arrays, gboolean remove_empty, GString *out);

G_END_DECLS
