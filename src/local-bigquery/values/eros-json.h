/* eros-json.h: JSON text: checking, compacting, finding
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  EROS_JSON_NULL,
  EROS_JSON_BOOL,
  EROS_JSON_NUMBER,
  EROS_JSON_STRING,
  EROS_JSON_ARRAY,
  EROS_JSON_OBJECT,
} ErosJsonKind;

/* A piece of JSON text. */
typedef struct
{
  const char *data;
  gsize       size;
} ErosJsonText;

/* The JSON type's own form: members sorted by name, the first of equals kept, numbers in shortest form, no space. */
gboolean eros_json_append_canonical (ErosJsonText json, gboolean round_numbers, GString *out, GError **error);

/* What JSON_QUERY makes of a STRING: no space, strings escaped alike, numbers and order of members as they are. */
gboolean eros_json_append_compact (ErosJsonText json, GString *out);
void     eros_json_append_pretty (ErosJsonText canonical, guint indent, GString *out);
void     eros_json_append_string (const char *data, gsize size, gboolean line_separators, GString *out);

/* A path such as $.a[0]."b c" (or, when @legacy, $.a[0]['b c']); immutable. */
typedef struct _ErosJsonPath ErosJsonPath;

ErosJsonPath *eros_json_path_new (const char *text, gsize size, gboolean legacy, GError **error);
void          eros_json_path_free (ErosJsonPath *path);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosJsonPath, eros_json_path_free)

guint    eros_json_path_get_n_steps (const ErosJsonPath *path);
gboolean eros_json_path_get_step (const ErosJsonPath *path,
                                  guint               index,
                                  const char        **name,
                                  gsize              *size,
                                  gint64             *element);

gboolean     eros_json_find (ErosJsonText json, const ErosJsonPath *path, ErosJsonText *found);
gboolean     eros_json_find_member (ErosJsonText json, const char *name, gsize size, ErosJsonText *found);
gboolean     eros_json_find_element (ErosJsonText json, gint64 index, ErosJsonText *found);
ErosJsonKind eros_json_get_kind (ErosJsonText json);
gboolean     eros_json_append_unescaped (ErosJsonText string, GString *out);

/* The elements of an array or the members of an object, in order; stops early where the text is malformed. */
typedef struct
{
  const char *next;
  const char *end;
  gboolean    object;
  gboolean    started;
  gboolean    malformed;
} ErosJsonIter;

gboolean eros_json_iter_init (ErosJsonIter *iter, ErosJsonText json);
gboolean eros_json_iter_next (ErosJsonIter *iter, ErosJsonText *key, ErosJsonText *value);

G_END_DECLS
