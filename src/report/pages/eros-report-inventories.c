/* eros-report-inventories.c: what a data set was before and after an operation, and what has changed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-story.h"

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-json-text.h"

static const char *
get_text (JsonObject *object, const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                          : NULL;
}

static JsonArray *
get_objects (JsonNode *inventory)
{
  JsonNode *node = inventory != NULL && JSON_NODE_HOLDS_OBJECT (inventory)
                     ? json_object_get_member (json_node_get_object (inventory), "objects")
                     : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* "KIND NAME" → digest. What this program itself keeps there, its snapshots, is left out. */
static GHashTable *
read_digests (const char *text)
{
  GHashTable *digests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (JsonNode) inventory = eros_json_text_parse (text);
  JsonArray *objects = get_objects (inventory);

  for (guint i = 0; objects != NULL && i < json_array_get_length (objects); i++)
    {
      JsonNode *node = json_array_get_element (objects, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (get_text (object, "kind") != NULL && get_text (object, "name") != NULL &&
          get_text (object, "digest") != NULL && !json_object_has_member (object, "made_by_this_program"))
        g_hash_table_replace (digests,
                              g_strconcat (get_text (object, "kind"), "\n", get_text (object, "name"), NULL),
                              g_strdup (get_text (object, "digest")));
    }
  return digests;
}

static void
add_change (ErosReportStory *self,
            const ErosReportOperation *operation,
            const char *key,
            const char *before,
            const char *after)
{
  g_auto (GStrv) parts = g_strsplit (key, "\n", 2);
  ErosReportChange *change = g_new0 (ErosReportChange, 1);

  change->operation = operation;
  change->kind = g_strdup (parts[0]);
  change->name = g_strdup (parts[1]);
  change->before = g_strdup (before);
  change->after = g_strdup (after);
  g_ptr_array_add (self->changes, change);
}

static void
add_changes (ErosReportStory *self,
             const ErosReportOperation *operation,
             const char *before,
             const char *after)
{
  g_autoptr (GHashTable) old = read_digests (before);
  g_autoptr (GHashTable) new = read_digests (after);
  g_autoptr (GHashTable) all = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GList) keys = NULL;
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, old);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_hash_table_add (all, key);
  g_hash_table_iter_init (&iter, new);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_hash_table_add (all, key);
  keys = g_list_sort (g_hash_table_get_keys (all), (GCompareFunc) g_strcmp0);
  for (GList *l = keys; l != NULL; l = l->next)
    {
      const char *was = g_hash_table_lookup (old, l->data), *is = g_hash_table_lookup (new, l->data);

      if (g_strcmp0 (was, is) != 0)
        add_change (self, operation, l->data, was, is);
    }
}

static const char *
find_before (ErosReportStory *self, const ErosReportOperation *operation)
{
  g_autofree char *part = g_strdup_printf ("-%" G_GINT64_FORMAT "-before.json", operation->sequence);

  for (guint i = self->inventories->len; i > 0; i--)
    {
      const ErosReportInventory *inventory = self->inventories->pdata[i - 1];

      if (g_str_has_suffix (inventory->file, part))
        return inventory->text;
    }
  return NULL;
}

/* An inventory in what a step has found; with the last one of an operation there is what it has changed. */
void
eros_report_story_add_inventory (ErosReportStory *self,
                                 ErosEvent *event,
                                 const ErosReportOperation *operation)
{
  JsonNode *values = json_object_get_member (eros_event_get_body (event), EROS_MEMBER_VALUES);
  JsonObject *found =
    values != NULL && JSON_NODE_HOLDS_OBJECT (values) ? json_node_get_object (values) : NULL;
  const char *text = get_text (found, "inventory");
  const char *step = eros_event_get_string (event, EROS_MEMBER_STEP);
  const char *slash = g_strrstr (step, "/");
  const char *before;
  ErosReportInventory *inventory;

  if (text == NULL)
    return;
  inventory = g_new0 (ErosReportInventory, 1);
  inventory->text = g_strdup (text);
  inventory->digest = g_strdup (get_text (found, "digest"));
  /* Translators: an operation; one of its steps: “Deploy phase 1: inventory/after” */
  inventory->title = g_strdup_printf (_ ("%s: %s"), operation->title, step);
  inventory->file = g_strdup_printf ("inventory-%s-%" G_GINT64_FORMAT "-%s.json", operation->kind,
                                     operation->sequence, slash != NULL ? slash + 1 : step);
  g_strcanon (inventory->file, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_-.", '-');
  before = slash != NULL && g_str_equal (slash, "/after") ? find_before (self, operation) : NULL;
  if (before != NULL)
    add_changes (self, operation, before, text);
  g_ptr_array_add (self->inventories, inventory);
}
