/* eros-json-path.c: finding a value in JSON text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-json-private.h"

#include "eros-sql-type.h"

#include <string.h>

typedef struct
{
  GString *name; /* NULL: an array's element */
  gint64 index;
} Step;

struct _ErosJsonPath
{
  GArray *steps;
};

static void
step_clear (gpointer data)
{
  Step *step = data;

  if (step->name != NULL)
    g_string_free (step->name, TRUE);
}

void
eros_json_path_free (ErosJsonPath *path)
{
  g_array_unref (path->steps);
  g_free (path);
}

static gboolean
fail (const char *at, const char *end, GError **error)
{
  g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE, "Invalid token in JSONPath at: %.*s",
               (int) (end - at), at);
  return FALSE;
}

/* A quoted name; a backslash keeps the quote. */
static gboolean
read_quoted (const char **next, const char *end, GString *name)
{
  char quote = *(*next)++;

  for (; *next < end && **next != quote; (*next)++)
    {
      if (**next == '\\' && *next + 1 < end && (*next)[1] == quote)
        (*next)++;
      g_string_append_c (name, **next);
    }
  if (*next == end)
    return FALSE;
  (*next)++;
  return TRUE;
}

static gboolean
read_member (const char **next, const char *end, gboolean legacy, Step *step)
{
  step->name = g_string_new (NULL);
  (*next)++;
  if (*next < end && **next == '"' && !legacy)
    return read_quoted (next, end, step->name);
  for (; *next < end && **next != '.' && **next != '['; (*next)++)
    {
      if (strchr ("]\"'$ ", **next) != NULL)
        return FALSE;
      g_string_append_c (step->name, **next);
    }
  return step->name->len > 0;
}

static gboolean
read_subscript (const char **next, const char *end, gboolean legacy, Step *step)
{
  gsize n_digits = 0;

  (*next)++;
  if (*next < end && **next == '\'' && legacy)
    {
      step->name = g_string_new (NULL);
      if (!read_quoted (next, end, step->name))
        return FALSE;
    }
  else
    {
      for (; *next < end && g_ascii_isdigit (**next) && n_digits < 18; (*next)++, n_digits++)
        step->index = step->index * 10 + (**next - '0');
      if (n_digits == 0 && *next < end && **next == '-')
        {
          /* A negative index is well-formed and finds nothing. */
          step->index = -1;
          for ((*next)++; *next < end && g_ascii_isdigit (**next); (*next)++)
            n_digits++;
        }
      if (n_digits == 0)
        return FALSE;
    }
  if (*next == end || **next != ']')
    return FALSE;
  (*next)++;
  return TRUE;
}

/**
 * eros_json_path_new:
 * @text: a JSONPath
 * @size: its length
 * @legacy: whether names are quoted as `['name']` (JSON_EXTRACT …) and not as `."name"` (JSON_QUERY …)
 * @error: return location for %EROS_SQL_ERROR_INVALID_VALUE
 *
 * Returns: (transfer full): the path
 */
ErosJsonPath *
eros_json_path_new (const char *text, gsize size, gboolean legacy, GError **error)
{
  g_autoptr (ErosJsonPath) path = g_new0 (ErosJsonPath, 1);
  const char *end = text + size;
  const char *next = text + 1;

  path->steps = g_array_new (FALSE, TRUE, sizeof (Step));
  g_array_set_clear_func (path->steps, step_clear);
  if (size == 0 || text[0] != '$')
    {
      g_set_error_literal (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE,
                           "JSONPath must start with '$'");
      return NULL;
    }
  while (next < end)
    {
      const char *at = next;
      Step step = { NULL, 0 };
      gboolean valid = FALSE;

      if (legacy && *next == '.' && next + 1 == end)
        break;
      if (*next == '.')
        valid = read_member (&next, end, legacy, &step);
      else if (*next == '[')
        valid = read_subscript (&next, end, legacy, &step);
      g_array_append_val (path->steps, step);
      if (!valid)
        {
          fail (at, end, error);
          return NULL;
        }
    }
  return g_steal_pointer (&path);
}

guint
eros_json_path_get_n_steps (const ErosJsonPath *path)
{
  return path->steps->len;
}

/**
 * eros_json_path_get_step:
 * @path: a path
 * @index: which step
 * @name: (out): an object's member
 * @size: (out): its length
 * @element: (out): an array's element, where the step is no member
 *
 * Returns: whether the step is to an object's member
 */
gboolean
eros_json_path_get_step (const ErosJsonPath *path,
                         guint index,
                         const char **name,
                         gsize *size,
                         gint64 *element)
{
  const Step *step = &g_array_index (path->steps, Step, index);

  *name = step->name != NULL ? step->name->str : NULL;
  *size = step->name != NULL ? step->name->len : 0;
  *element = step->index;
  return step->name != NULL;
}

/* ---- Iteration ----------------------------------------------------------------------------------------- */

/**
 * eros_json_iter_init:
 * @iter: (out): the iterator
 * @json: JSON text
 *
 * Returns: whether @json is an array or an object
 */
gboolean
eros_json_iter_init (ErosJsonIter *iter, ErosJsonText json)
{
  ErosJsonScanner scanner = { json.data, json.data + json.size, 0, NULL };

  *iter = (ErosJsonIter){ 0 };
  eros_json_skip_space (&scanner);
  if (scanner.next == scanner.end || (*scanner.next != '[' && *scanner.next != '{'))
    return FALSE;
  iter->object = *scanner.next == '{';
  iter->next = scanner.next + 1;
  iter->end = scanner.end;
  return TRUE;
}

static gboolean
stop (ErosJsonIter *iter, gboolean malformed)
{
  iter->malformed = malformed;
  iter->next = iter->end;
  return FALSE;
}

/* At the next element's first character; FALSE at the end. */
static gboolean
advance (ErosJsonIter *iter, ErosJsonScanner *scanner)
{
  if (eros_json_accept (scanner, iter->object ? '}' : ']'))
    return stop (iter, FALSE);
  if (iter->started && !eros_json_accept (scanner, ','))
    return stop (iter, TRUE);
  iter->started = TRUE;
  return TRUE;
}

static gboolean
read_key (ErosJsonScanner *scanner, ErosJsonText *key)
{
  return eros_json_scan_string (scanner, key) && eros_json_accept (scanner, ':');
}

/**
 * eros_json_iter_next:
 * @iter: an iterator
 * @key: (out): an object's member's name, as a JSON string
 * @value: (out): the value
 *
 * Returns: whether there was another one
 */
gboolean
eros_json_iter_next (ErosJsonIter *iter, ErosJsonText *key, ErosJsonText *value)
{
  ErosJsonScanner scanner = { iter->next, iter->end, 0, NULL };

  if (!advance (iter, &scanner))
    return FALSE;
  if ((iter->object && !read_key (&scanner, key)) || !eros_json_scan_value (&scanner, value))
    return stop (iter, TRUE);
  iter->next = scanner.next;
  return TRUE;
}

/* Finding. What lies before the value is checked as it is passed, what lies after it is not even looked at,
 * so that the value's own end is found only when the whole path is walked. */

static gboolean
key_is (ErosJsonText key, const char *name, gsize size)
{
  g_autoptr (GString) plain = NULL;

  if (memchr (key.data, '\\', key.size) == NULL)
    return key.size - 2 == size && memcmp (key.data + 1, name, size) == 0;
  plain = g_string_new (NULL);
  eros_json_append_unescaped (key, plain);
  return plain->len == size && memcmp (plain->str, name, size) == 0;
}

/* From the value at *json to the text that begins at the member or element; its end stays that of *json. */
static gboolean
walk (ErosJsonText *json, const char *name, gsize size, gint64 index)
{
  ErosJsonIter iter;
  ErosJsonText key = { NULL, 0 };

  if (!eros_json_iter_init (&iter, *json) || iter.object != (name != NULL))
    return FALSE;
  for (gint64 i = 0;; i++)
    {
      ErosJsonScanner scanner = { iter.next, iter.end, 0, NULL };
      ErosJsonText value;

      if (!advance (&iter, &scanner) || (iter.object && !read_key (&scanner, &key)))
        return FALSE;
      if (name != NULL ? key_is (key, name, size) : i == index)
        {
          json->data = scanner.next;
          json->size = (gsize) (iter.end - scanner.next);
          return TRUE;
        }
      if (!eros_json_scan_value (&scanner, &value))
        return FALSE;
      iter.next = scanner.next;
    }
}

static gboolean
cut (ErosJsonText json, ErosJsonText *found)
{
  ErosJsonScanner scanner = { json.data, json.data + json.size, 0, NULL };

  return eros_json_scan_value (&scanner, found);
}

/**
 * eros_json_find:
 * @json: any text
 * @path: a path
 * @found: (out): the piece of @json that @path leads to
 *
 * Returns: whether it leads to a valid value
 */
gboolean
eros_json_find (ErosJsonText json, const ErosJsonPath *path, ErosJsonText *found)
{
  for (guint i = 0; i < path->steps->len; i++)
    {
      const Step *step = &g_array_index (path->steps, Step, i);

      if (!walk (&json, step->name != NULL ? step->name->str : NULL, step->name != NULL ? step->name->len : 0,
                 step->index))
        return FALSE;
    }
  return cut (json, found);
}

gboolean
eros_json_find_member (ErosJsonText json, const char *name, gsize size, ErosJsonText *found)
{
  return walk (&json, name, size, 0) && cut (json, found);
}

gboolean
eros_json_find_element (ErosJsonText json, gint64 index, ErosJsonText *found)
{
  return walk (&json, NULL, 0, index) && cut (json, found);
}

/**
 * eros_json_get_kind:
 * @json: a value that was checked before
 *
 * Returns: what it is
 */
ErosJsonKind
eros_json_get_kind (ErosJsonText json)
{
  switch (json.size > 0 ? json.data[0] : 'n')
    {
    case '{':
      return EROS_JSON_OBJECT;
    case '[':
      return EROS_JSON_ARRAY;
    case '"':
      return EROS_JSON_STRING;
    case 't':
    case 'f':
      return EROS_JSON_BOOL;
    case 'n':
      return EROS_JSON_NULL;
    default:
      return EROS_JSON_NUMBER;
    }
}
