/* eros-json-edit.c: JSON text with something set, put in, or taken out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-json-edit.h"

#include <string.h>

#include "eros-json-private.h"

#define MAX_PADDED 10000 /* elements that may come to be before one that is set */

typedef struct
{
  ErosJsonEdit edit;
  const ErosJsonPath *path;
  ErosJsonText value;
  guint n_steps;
} Work;

static void rewrite (const Work *work, ErosJsonText json, guint depth, GString *out);

static void
copy (ErosJsonText json, GString *out)
{
  g_string_append_len (out, json.data, (gssize) json.size);
}

static void
separate (GString *out)
{
  char last = out->str[out->len - 1];

  if (last != '[' && last != '{')
    g_string_append_c (out, ',');
}

/* What stands where nothing was: the value, in as many objects and arrays as the path goes on. */
static void
append_new (const Work *work, guint depth, GString *out)
{
  const char *name = NULL;
  gsize size = 0;
  gint64 index = 0;

  if (depth == work->n_steps)
    {
      copy (work->value, out);
      return;
    }
  if (eros_json_path_get_step (work->path, depth, &name, &size, &index))
    {
      g_string_append_c (out, '{');
      eros_json_append_string (name, size, FALSE, out);
      g_string_append_c (out, ':');
      append_new (work, depth + 1, out);
      g_string_append_c (out, '}');
      return;
    }
  g_string_append_c (out, '[');
  for (gint64 i = 0; i < MIN (index, MAX_PADDED); i++)
    g_string_append (out, "null,");
  append_new (work, depth + 1, out);
  g_string_append_c (out, ']');
}

static void
rewrite_object (const Work *work, ErosJsonText json, guint depth, const char *name, gsize size, GString *out)
{
  ErosJsonIter iter;
  ErosJsonText key, member;
  gboolean found = FALSE;

  eros_json_iter_init (&iter, json);
  g_string_append_c (out, '{');
  while (eros_json_iter_next (&iter, &key, &member))
    {
      g_autoptr (GString) plain = g_string_new (NULL);
      gboolean here = FALSE;

      eros_json_append_unescaped (key, plain);
      here = plain->len == size && memcmp (plain->str, name, size) == 0;
      found = found || here;
      if (here && work->edit == EROS_JSON_EDIT_REMOVE && depth + 1 == work->n_steps)
        continue;
      separate (out);
      copy (key, out);
      g_string_append_c (out, ':');
      if (here)
        rewrite (work, member, depth + 1, out);
      else
        copy (member, out);
    }
  if (!found && work->edit == EROS_JSON_EDIT_SET)
    {
      separate (out);
      eros_json_append_string (name, size, FALSE, out);
      g_string_append_c (out, ':');
      append_new (work, depth + 1, out);
    }
  g_string_append_c (out, '}');
}

static void
rewrite_array (const Work *work, ErosJsonText json, guint depth, gint64 index, GString *out)
{
  ErosJsonIter iter;
  ErosJsonText key, element;
  gboolean last = depth + 1 == work->n_steps;
  gint64 n = 0;

  eros_json_iter_init (&iter, json);
  g_string_append_c (out, '[');
  for (; eros_json_iter_next (&iter, &key, &element); n++)
    {
      if (n == index && last && work->edit == EROS_JSON_EDIT_REMOVE)
        continue;
      separate (out);
      if (n == index && last && work->edit == EROS_JSON_EDIT_INSERT)
        {
          copy (work->value, out);
          g_string_append_c (out, ',');
        }
      if (n == index && !(last && work->edit == EROS_JSON_EDIT_INSERT))
        rewrite (work, element, depth + 1, out);
      else
        copy (element, out);
    }
  if (index >= n && (work->edit == EROS_JSON_EDIT_SET || (last && work->edit == EROS_JSON_EDIT_INSERT)))
    {
      for (gint64 i = n; i < MIN (index, n + MAX_PADDED); i++)
        {
          separate (out);
          g_string_append (out, "null");
        }
      separate (out);
      append_new (work, depth + 1, out);
    }
  g_string_append_c (out, ']');
}

static void
rewrite_target (const Work *work, ErosJsonText json, GString *out)
{
  ErosJsonKind kind = eros_json_get_kind (json);

  if (work->edit == EROS_JSON_EDIT_SET || work->edit == EROS_JSON_EDIT_REPLACE)
    copy (work->value, out);
  else if (work->edit == EROS_JSON_EDIT_APPEND && kind == EROS_JSON_ARRAY)
    {
      g_string_append_len (out, json.data, (gssize) json.size - 1);
      separate (out);
      copy (work->value, out);
      g_string_append_c (out, ']');
    }
  else if (work->edit == EROS_JSON_EDIT_APPEND && kind == EROS_JSON_NULL)
    {
      g_string_append_c (out, '[');
      copy (work->value, out);
      g_string_append_c (out, ']');
    }
  else
    copy (json, out);
}

static void
rewrite (const Work *work, ErosJsonText json, guint depth, GString *out)
{
  ErosJsonKind kind = eros_json_get_kind (json);
  const char *name = NULL;
  gsize size = 0;
  gint64 index = 0;
  gboolean member = FALSE;

  if (depth == work->n_steps)
    {
      rewrite_target (work, json, out);
      return;
    }
  member = eros_json_path_get_step (work->path, depth, &name, &size, &index);
  if (kind == EROS_JSON_OBJECT && member)
    rewrite_object (work, json, depth, name, size, out);
  else if (kind == EROS_JSON_ARRAY && !member)
    rewrite_array (work, json, depth, index, out);
  else if (kind == EROS_JSON_NULL &&
           (work->edit == EROS_JSON_EDIT_SET ||
            (work->edit == EROS_JSON_EDIT_INSERT && !member && depth + 1 == work->n_steps)))
    append_new (work, depth, out);
  else
    copy (json, out);
}

/**
 * eros_json_edit:
 * @json: canonical JSON
 * @edit: what to do
 * @path: where
 * @value: canonical JSON to put there; of no meaning with %EROS_JSON_EDIT_REMOVE
 * @out: where to append the whole, which is not canonical where members were added
 *
 * Where @path leads nowhere, @json stays as it is, unless @edit makes what is missing.
 */
void
eros_json_edit (ErosJsonText json,
                ErosJsonEdit edit,
                const ErosJsonPath *path,
                ErosJsonText value,
                GString *out)
{
  Work work = { edit, path, value, eros_json_path_get_n_steps (path) };

  rewrite (&work, json, 0, out);
}

/* ---- without nulls ------------------------------------------------------------------------------------- */

/* FALSE: nothing is left of it. */
static gboolean
append_stripped (ErosJsonText json, gboolean arrays, gboolean remove_empty, GString *out)
{
  ErosJsonKind kind = eros_json_get_kind (json);
  ErosJsonIter iter;
  ErosJsonText key, item;
  gboolean any = FALSE;

  if (kind == EROS_JSON_NULL)
    return FALSE;
  if (kind != EROS_JSON_OBJECT && kind != EROS_JSON_ARRAY)
    {
      copy (json, out);
      return TRUE;
    }
  eros_json_iter_init (&iter, json);
  g_string_append_c (out, iter.object ? '{' : '[');
  while (eros_json_iter_next (&iter, &key, &item))
    {
      g_autoptr (GString) inner = g_string_new (NULL);
      gboolean left = append_stripped (item, arrays, remove_empty, inner);

      if (!left && (iter.object || arrays))
        continue;
      separate (out);
      if (iter.object)
        {
          copy (key, out);
          g_string_append_c (out, ':');
        }
      g_string_append (out, left ? inner->str : "null");
      any = TRUE;
    }
  g_string_append_c (out, kind == EROS_JSON_OBJECT ? '}' : ']');
  return any || !remove_empty || (kind == EROS_JSON_ARRAY && !arrays);
}

/**
 * eros_json_strip_nulls:
 * @json: canonical JSON
 * @arrays: whether elements of arrays go, too
 * @remove_empty: whether objects and arrays go in which nothing is left
 * @out: where to append the rest; `null` if there is none
 */
void
eros_json_strip_nulls (ErosJsonText json, gboolean arrays, gboolean remove_empty, GString *out)
{
  gsize start = out->len;

  if (!append_stripped (json, arrays, remove_empty, out))
    {
      g_string_truncate (out, start);
      g_string_append (out, "null");
    }
}
