/* eros-cursor.c: reads a runbook's JSON strictly: every member known, typed, and every id that is named there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-cursor.h"

#include "eros-config.h"
#include <inttypes.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-runbook.h"
#include "eros-operation-kind.h"
#include "eros-vocabulary.h"

typedef struct
{
  char *path;
  ErosIdKind kind;
} Known;

typedef struct
{
  char *path;
  char *id;
  ErosIdKind kinds;
} Reference;

static void
known_free (gpointer data)
{
  Known *known = data;

  g_free (known->path);
  g_free (known);
}

static void
reference_free (gpointer data)
{
  Reference *reference = data;

  g_free (reference->path);
  g_free (reference->id);
  g_free (reference);
}

/* "$.phases[2].sections[0].elements[3].kind" */
static void
append_path (GString *path, const ErosCursor *self)
{
  if (self->parent == NULL)
    {
      g_string_append_c (path, '$');
      return;
    }
  append_path (path, self->parent);
  g_string_append_printf (path, ".%s", self->member);
  if (self->index >= 0)
    g_string_append_printf (path, "[%d]", self->index);
}

static char *
path_of (const ErosCursor *self, const char *member, int index)
{
  GString *path = g_string_new (NULL);

  append_path (path, self);
  if (member != NULL)
    g_string_append_printf (path, ".%s", member);
  if (index >= 0)
    g_string_append_printf (path, "[%d]", index);
  return g_string_free (path, FALSE);
}

static void
fail_at (ErosReader *self, const char *path, const char *reason)
{
  if (self->error == NULL)
    self->error =
      g_error_new (EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_INVALID, "%s: %s: %s", self->name, path, reason);
}

void
eros_cursor_fail (ErosCursor *self, const char *member, int index, const char *format, ...)
{
  g_autofree char *path = path_of (self, member, index);
  g_autofree char *reason = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  fail_at (self->reader, path, reason);
}

void
eros_reader_init (ErosReader *self, const char *name, GFile *folder, GCancellable *cancellable)
{
  *self = (ErosReader){
    .name = name,
    .folder = folder,
    .cancellable = cancellable,
    .ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_free),
    .operations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
    .references = g_ptr_array_new_with_free_func (reference_free),
    .steps = eros_step_files_ref (eros_step_files_get_default ()),
  };
}

void
eros_reader_clear (ErosReader *self)
{
  g_hash_table_unref (self->ids);
  g_hash_table_unref (self->operations);
  g_ptr_array_unref (self->references);
  eros_step_files_unref (self->steps);
  g_clear_error (&self->error);
}

static void
enter (ErosCursor *self, ErosCursorFunc func, gpointer user_data)
{
  self->seen = g_hash_table_new (g_str_hash, g_str_equal);
  func (self, user_data);
  if (self->reader->error == NULL)
    {
      g_autoptr (GList) members = json_object_get_members (self->object);

      for (GList *l = members; l != NULL && self->reader->error == NULL; l = l->next)
        {
          if (!g_hash_table_contains (self->seen, l->data))
            eros_cursor_fail (self, l->data, -1, _ ("this member is not known here"));
        }
    }
  g_hash_table_unref (self->seen);
}

/* Reads the object at the top of the document. */
void
eros_reader_read (ErosReader *self, JsonNode *root, ErosCursorFunc func, gpointer user_data)
{
  ErosCursor cursor = { .reader = self, .index = -1 };

  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      eros_cursor_fail (&cursor, NULL, -1, _ ("an object was expected"));
      return;
    }
  cursor.object = json_node_get_object (root);
  enter (&cursor, func, user_data);
}

static const char *
name_of_kinds (ErosIdKind kinds)
{
  if (kinds & EROS_ID_ELEMENT)
    return _ ("a phase, an element or an operation");
  if (kinds & EROS_ID_ENTRY)
    return _ ("an entry of a schedule");
  if (kinds & EROS_ID_FIELD)
    return _ ("a field");
  if (kinds & EROS_ID_NUMERIC_FIELD)
    return _ ("a field that holds a number");
  if (kinds & EROS_ID_CHECK)
    return _ ("a check box");
  if (kinds & EROS_ID_SIGN_OFF)
    return _ ("a sign-off");
  if (kinds & EROS_ID_OPERATION_ELEMENT)
    return _ ("an element of kind operation");
  return _ ("a phase");
}

/* (transfer full): operations have names, and there are few. */
static char *
describe_missing (ErosReader *self, const Reference *reference)
{
  g_autoptr (GList) names = NULL;
  g_autoptr (GString) all = NULL;

  if (reference->kinds != EROS_ID_OPERATION)
    return g_strdup_printf (_ ("“%s” is not the id of %s"), reference->id, name_of_kinds (reference->kinds));
  names = g_list_sort (g_hash_table_get_keys (self->operations), (GCompareFunc) strcmp);
  all = g_string_new (NULL);
  for (GList *name = names; name != NULL; name = name->next)
    g_string_append_printf (all, "%s%s", all->len > 0 ? ", " : "", (char *) name->data);
  return g_strdup_printf (_ ("“%1$s” is not %2$s; known are: %3$s"), reference->id,
                          _ ("an operation of this runbook"), all->len > 0 ? all->str : _ ("none"));
}

/* Whether each id that is named somewhere is there, and is of the kind that was meant. */
gboolean
eros_reader_resolve (ErosReader *self)
{
  for (guint i = 0; i < self->references->len && self->error == NULL; i++)
    {
      const Reference *reference = g_ptr_array_index (self->references, i);
      const Known *known = g_hash_table_lookup (self->ids, reference->id);
      g_autofree char *reason = NULL;

      if (known != NULL && (known->kind & reference->kinds) != 0)
        continue;
      if ((reference->kinds & EROS_ID_OPERATION) && g_hash_table_contains (self->operations, reference->id))
        continue;
      reason = describe_missing (self, reference);
      fail_at (self, reference->path, reason);
    }
  return self->error == NULL;
}

gboolean
eros_cursor_has (ErosCursor *self, const char *member)
{
  return json_object_has_member (self->object, member);
}

/* The member, of the given type (a value's, or JSON_TYPE_OBJECT, JSON_TYPE_ARRAY); NULL when absent or on
 * failure. */
JsonNode *
eros_cursor_node (ErosCursor *self, const char *member, gboolean required, GType type, const char *what)
{
  JsonNode *node = NULL;

  if (self->reader->error != NULL)
    return NULL;
  g_hash_table_add (self->seen, (gpointer) member);
  node = json_object_get_member (self->object, member);
  if (node == NULL)
    {
      if (required)
        eros_cursor_fail (self, member, -1, _ ("this member is missing (%s)"), what);
      return NULL;
    }
  if (JSON_NODE_TYPE (node) == JSON_NODE_NULL || json_node_get_value_type (node) != type)
    {
      eros_cursor_fail (self, member, -1, _ ("%s was expected"), what);
      return NULL;
    }
  return node;
}

static char *
text_of (ErosCursor *self, const char *member, int index, JsonNode *node)
{
  const char *text = json_node_get_string (node);

  if (*text == '\0')
    {
      eros_cursor_fail (self, member, index, _ ("the text is empty"));
      return NULL;
    }
  return g_strdup (text);
}

static char *
read_string (ErosCursor *self, const char *member, gboolean required)
{
  JsonNode *node = eros_cursor_node (self, member, required, G_TYPE_STRING, _ ("a text"));

  return node != NULL ? text_of (self, member, -1, node) : NULL;
}

/* A text that must be there and not empty. */
char *
eros_cursor_string (ErosCursor *self, const char *member)
{
  return read_string (self, member, TRUE);
}

/* A text that may be absent, but not empty. */
char *
eros_cursor_maybe (ErosCursor *self, const char *member)
{
  return read_string (self, member, FALSE);
}

/* A list of texts, at least one; NULL when absent. */
char **
eros_cursor_strings (ErosCursor *self, const char *member)
{
  JsonNode *node = eros_cursor_node (self, member, FALSE, JSON_TYPE_ARRAY, _ ("a list"));
  g_autoptr (GStrvBuilder) builder = NULL;
  JsonArray *array;

  if (node == NULL)
    return NULL;
  array = json_node_get_array (node);
  if (json_array_get_length (array) == 0)
    eros_cursor_fail (self, member, -1, _ ("the list is empty"));

  builder = g_strv_builder_new ();
  for (guint i = 0; i < json_array_get_length (array) && self->reader->error == NULL; i++)
    {
      JsonNode *item = json_array_get_element (array, i);
      g_autofree char *text = NULL;

      if (!JSON_NODE_HOLDS_VALUE (item) || json_node_get_value_type (item) != G_TYPE_STRING)
        eros_cursor_fail (self, member, (int) i, _ ("a text was expected"));
      else
        text = text_of (self, member, (int) i, item);
      if (text != NULL)
        g_strv_builder_add (builder, text);
    }
  return self->reader->error == NULL ? g_strv_builder_end (builder) : NULL;
}

gboolean
eros_cursor_boolean (ErosCursor *self, const char *member)
{
  JsonNode *node = eros_cursor_node (self, member, FALSE, G_TYPE_BOOLEAN, _ ("true or false"));

  return node != NULL && json_node_get_boolean (node);
}

gint64
eros_cursor_integer (ErosCursor *self, const char *member, gint64 absent, gint64 minimum, gint64 maximum)
{
  JsonNode *node = eros_cursor_node (self, member, FALSE, G_TYPE_INT64, _ ("a whole number"));
  gint64 value;

  if (node == NULL)
    return absent;
  value = json_node_get_int (node);
  if (value < minimum || value > maximum)
    eros_cursor_fail (self, member, -1, _ ("a whole number from %" PRId64 " to %" PRId64 " was expected"),
                      minimum, maximum);
  return value;
}

/* One of NAMES: its position. */
int
eros_cursor_choice (ErosCursor *self, const char *member, const char *const *names)
{
  g_autofree char *text = eros_cursor_string (self, member);
  g_autofree char *all = NULL;

  if (text == NULL)
    return 0;
  for (int i = 0; names[i] != NULL; i++)
    {
      if (g_str_equal (names[i], text))
        return i;
    }
  all = g_strjoinv (", ", (char **) names);
  eros_cursor_fail (self, member, -1, _ ("“%s” is none of %s"), text, all);
  return 0;
}

/* A deployment opens with the runbook that it was made with, also where another version could do more. */
void
eros_cursor_know (ErosCursor *self,
                  const char *member,
                  int index,
                  const char *name,
                  const char *const *known,
                  const char *what)
{
  g_autofree char *all = NULL;

  if (name == NULL || self->reader->is_recorded || g_strv_contains (known, name))
    return;
  all = g_strjoinv (", ", (char **) known);
  /* Translators: %2$s: “a built-in check” or the like, %3$s: a list of names */
  eros_cursor_fail (self, member, index, _ ("“%1$s” is not %2$s; known are: %3$s"), name, what,
                    *all != '\0' ? all : _ ("none"));
}

static gboolean
is_id (const char *text)
{
  return g_regex_match_simple ("^[a-z0-9]+([.-][a-z0-9]+)*$", text, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* The object's "id", which no other one may have. */
char *
eros_cursor_id (ErosCursor *self, ErosIdKind kind)
{
  g_autofree char *id = eros_cursor_string (self, "id");
  const Known *other;
  Known *known;

  if (id == NULL)
    return NULL;
  if (!is_id (id))
    {
      eros_cursor_fail (self, "id", -1,
                        _ ("“%s” is not an id: small letters and digits, with “.” or “-” between them"), id);
      return NULL;
    }
  other = g_hash_table_lookup (self->reader->ids, id);
  if (other != NULL)
    {
      eros_cursor_fail (self, "id", -1, _ ("“%s” is already the id of %s"), id, other->path);
      return NULL;
    }
  known = g_new0 (Known, 1);
  known->path = path_of (self, NULL, -1);
  known->kind = kind;
  g_hash_table_insert (self->reader->ids, g_strdup (id), known);
  return g_steal_pointer (&id);
}

/* An operation's name for the controller, which only one element may have. */
char *
eros_cursor_operation (ErosCursor *self, const char *member)
{
  g_autofree char *name = eros_cursor_string (self, member);
  g_auto (GStrv) known = eros_operation_kind_list_names (self->reader->steps);
  const char *other;

  if (name == NULL)
    return NULL;
  other = g_hash_table_lookup (self->reader->operations, name);
  if (!is_id (name))
    eros_cursor_fail (self, member, -1, _ ("“%s” is not the name of an operation"), name);
  else if (other != NULL)
    eros_cursor_fail (self, member, -1, _ ("“%s” is already the operation of %s"), name, other);
  else
    g_hash_table_insert (self->reader->operations, g_strdup (name), path_of (self, NULL, -1));
  eros_cursor_know (self, member, -1, name, (const char *const *) known, _ ("an operation of this program"));
  return g_steal_pointer (&name);
}

/* What is wrong shows only when all was read. */
void
eros_reader_fail_id (ErosReader *self, const char *id, const char *reason)
{
  const Known *known = g_hash_table_lookup (self->ids, id);

  fail_at (self, known->path, reason);
}

/* Remembers that ID was named here, to be resolved at the end. */
void
eros_cursor_refer (ErosCursor *self, const char *member, int index, const char *id, ErosIdKind kinds)
{
  Reference *reference = g_new0 (Reference, 1);

  reference->path = path_of (self, member, index);
  reference->id = g_strdup (id);
  reference->kinds = kinds;
  g_ptr_array_add (self->reader->references, reference);
}

char *
eros_cursor_reference (ErosCursor *self, const char *member, gboolean required, ErosIdKind kinds)
{
  char *id = read_string (self, member, required);

  if (id != NULL)
    eros_cursor_refer (self, member, -1, id, kinds);
  return id;
}

char **
eros_cursor_references (ErosCursor *self, const char *member, ErosIdKind kinds)
{
  char **ids = eros_cursor_strings (self, member);

  for (int i = 0; ids != NULL && ids[i] != NULL; i++)
    eros_cursor_refer (self, member, i, ids[i], kinds);
  return ids;
}

/* Calls FUNC on the object that is the member; does nothing when it is absent. */
void
eros_cursor_object (ErosCursor *self, const char *member, ErosCursorFunc func, gpointer user_data)
{
  JsonNode *node = eros_cursor_node (self, member, FALSE, JSON_TYPE_OBJECT, _ ("an object"));
  ErosCursor child = { .reader = self->reader, .parent = self, .member = member, .index = -1 };

  if (node == NULL)
    return;
  child.object = json_node_get_object (node);
  enter (&child, func, user_data);
}

/* Calls FUNC on each object of the list that is the member. Returns how many there are. */
guint
eros_cursor_array (ErosCursor *self,
                   const char *member,
                   gboolean required,
                   ErosCursorFunc func,
                   gpointer user_data)
{
  JsonNode *node = eros_cursor_node (self, member, required, JSON_TYPE_ARRAY, _ ("a list of objects"));
  JsonArray *array;

  if (node == NULL)
    return 0;
  array = json_node_get_array (node);
  if (json_array_get_length (array) == 0)
    eros_cursor_fail (self, member, -1, _ ("the list is empty"));
  for (guint i = 0; i < json_array_get_length (array) && self->reader->error == NULL; i++)
    {
      ErosCursor child = { .reader = self->reader, .parent = self, .member = member, .index = (int) i };
      JsonNode *item = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (item))
        {
          eros_cursor_fail (self, member, (int) i, _ ("an object was expected"));
          break;
        }
      child.object = json_node_get_object (item);
      enter (&child, func, user_data);
    }
  return json_array_get_length (array);
}
