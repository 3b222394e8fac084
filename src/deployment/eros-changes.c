/* eros-changes.c: what has changed in the data set, as far as the record says
 *
 * Each deployment and each rollback looks what the data set is before and after it, and writes down the
 * difference (docs/journal.md).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-changes.h"
#include "eros-json-text.h"

#include <glib/gi18n-lib.h>

static void
change_free (gpointer data)
{
  ErosObjectChange *change = data;

  g_free (change->operation);
  g_free (change->change);
  g_free (change->kind);
  g_free (change->name);
  g_strfreev (change->lines);
  g_free (change->source);
  g_free (change);
}

static JsonArray *
array_in (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static char **
read_lines (JsonObject *entry)
{
  JsonArray *array = array_in (entry, "lines");
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_strv_builder_add (lines, json_array_get_string_element (array, i));
  return g_strv_builder_end (lines);
}

static void
take_change (GPtrArray *list, JsonNode *node, ErosEvent *event, const char *operation, const char *source)
{
  JsonObject *entry = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  ErosObjectChange *change;

  if (entry == NULL)
    return;
  change = g_new0 (ErosObjectChange, 1);
  change->time = eros_event_get_time (event);
  change->source = g_strdup (source);
  change->operation = g_strdup (operation);
  change->change = g_strdup (json_object_get_string_member_with_default (entry, "change", ""));
  change->kind = g_strdup (json_object_get_string_member_with_default (entry, "kind", ""));
  change->name = g_strdup (json_object_get_string_member_with_default (entry, "name", ""));
  change->by_others = g_str_equal (json_object_get_string_member_with_default (entry, "by", ""), "others");
  change->lines = read_lines (entry);
  g_ptr_array_add (list, change);
}

/* (transfer full) (nullable): an array */
static JsonNode *
find_changes (ErosEvent *event)
{
  JsonNode *values = eros_event_mentions (event, EROS_MEMBER_CHANGES)
                       ? json_object_get_member (eros_event_get_body (event), EROS_MEMBER_VALUES)
                       : NULL;
  const char *text =
    values != NULL && JSON_NODE_HOLDS_OBJECT (values)
      ? json_object_get_string_member_with_default (json_node_get_object (values), "changes", NULL)
      : NULL;
  JsonNode *node = text != NULL ? eros_json_text_parse (text) : NULL;

  if (node == NULL || JSON_NODE_HOLDS_ARRAY (node))
    return node;
  json_node_unref (node);
  return NULL;
}

/* A step that looks again says it all again. */
static void
forget (GPtrArray *list, const char *source)
{
  for (guint i = list->len; i > 0; i--)
    if (g_str_equal (((ErosObjectChange *) list->pdata[i - 1])->source, source))
      g_ptr_array_remove_index (list, i - 1);
}

static void
take_event (GPtrArray *list, ErosEvent *event, const char *operation)
{
  g_autoptr (JsonNode) node = find_changes (event);
  JsonArray *changes = node != NULL ? json_node_get_array (node) : NULL;
  g_autofree char *source = g_strdup_printf ("%s %s", eros_event_get_string (event, EROS_MEMBER_ID),
                                             eros_event_get_string (event, EROS_MEMBER_STEP));

  if (changes != NULL)
    forget (list, source);
  for (guint i = 0; changes != NULL && i < json_array_get_length (changes); i++)
    take_change (list, json_array_get_element (changes, i), event, operation, source);
}

GPtrArray *
eros_changes_list (ErosDeployment *deployment)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  GPtrArray *list = g_ptr_array_new_with_free_func (change_free);
  g_autoptr (GHashTable) operations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);
      gboolean is_start = eros_event_is (event, EROS_EVENT_OPERATION_STARTED);
      gboolean is_end = eros_event_is (event, EROS_EVENT_STEP_ENDED);
      const char *id = is_start || is_end ? eros_event_get_string (event, EROS_MEMBER_ID) : NULL;

      if (id != NULL && is_start)
        g_hash_table_insert (operations, g_strdup (id),
                             g_strdup (eros_event_get_string (event, EROS_MEMBER_OPERATION)));
      else if (id != NULL)
        take_event (list, event, g_hash_table_lookup (operations, id));
    }
  return list;
}

const char *
eros_changes_get_word (const ErosObjectChange *change)
{
  static const char *const words[] = { N_ ("added"), N_ ("changed"), N_ ("removed") };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i], change->change))
      return _ (words[i]);
  return change->change;
}
