/* eros-plan-objects.c: what has to be done so that a data set is again what its inventory says
 *
 * The difference of two inventories says what, the record says whose: an object that neither the deployment
 * nor this rollback has touched is somebody else's, and stays as it is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-plan-objects.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-definition-columns.h"
#include "eros-inventory-diff.h"

static void
return_free (gpointer data)
{
  ErosReturn *one = data;

  g_free (one->kind);
  g_free (one->name);
  g_free (one->definition);
  g_free (one);
}

static GPtrArray *
returns_new (void)
{
  return g_ptr_array_new_with_free_func (return_free);
}

static ErosReturn *
add (GPtrArray *returns, ErosWay way, const char *kind, const char *name, const ErosInventoryObject *target)
{
  ErosReturn *one = g_new0 (ErosReturn, 1);

  one->way = way;
  one->kind = g_strdup (kind);
  one->name = g_strdup (name);
  one->definition = target != NULL ? g_strdup (target->definition) : NULL;
  g_ptr_array_add (returns, one);
  return one;
}

/* ---- whose it is --------------------------------------------------------------------------------------- */

typedef struct
{
  const ErosInventory *backup;
  const ErosInventory *before;
  const ErosInventory *now;
  GHashTable *touched;
  const char *const *critical;
  ErosDataSetLoss loss;
} Plan;

static char *
key_of (const char *kind, const char *name)
{
  return g_strdup_printf ("%s\n%s", kind, name);
}

static const char *
digest_in (const ErosInventory *inventory, const char *kind, const char *name)
{
  const ErosInventoryObject *object = eros_inventory_find (inventory, kind, name);

  return object != NULL ? object->digest : NULL;
}

static const ErosTouch *
find_touch (const Plan *plan, const char *kind, const char *name)
{
  g_autofree char *key = key_of (kind, name);

  return g_hash_table_lookup (plan->touched, key);
}

static gboolean
is_critical (const Plan *plan, const char *kind, const char *name)
{
  return g_str_equal (kind, EROS_INVENTORY_TABLE) && g_strv_contains (plan->critical, name);
}

/* Of what has the name of a critical table nothing can stay. */
static gboolean
is_in_the_way (const Plan *plan, const char *kind, const char *name)
{
  return eros_inventory_is_relation (kind) && g_strv_contains (plan->critical, name);
}

/* The deployment has touched it, or what this rollback has done since it began. */
static gboolean
is_our_doing (const Plan *plan, const char *kind, const char *name)
{
  if (plan->loss != EROS_DATA_SET_THERE && eros_inventory_find (plan->now, kind, name) == NULL)
    return TRUE;
  return find_touch (plan, kind, name) != NULL ||
         g_strcmp0 (digest_in (plan->before, kind, name), digest_in (plan->now, kind, name)) != 0;
}

/* ---- ways ---------------------------------------------------------------------------------------------- */

/* The rows that a table has now are more than those of then: they stay where its columns allow it. */
static void
add_table (const Plan *plan, GPtrArray *returns, const ErosInventoryChange *change)
{
  const ErosTouch *touch = find_touch (plan, change->kind, change->name);
  ErosReturn *one;

  if (change->after != NULL &&
      eros_definition_has_columns_of (change->after->definition, change->before->definition))
    {
      add (returns, EROS_WAY_RESHAPE, change->kind, change->name, change->before);
      return;
    }
  if (plan->loss == EROS_DATA_SET_MADE_ANEW)
    {
      add (returns, EROS_WAY_MAKE, change->kind, change->name, change->before);
      return;
    }
  one = add (returns, EROS_WAY_TRAVEL, change->kind, change->name, change->before);
  one->time = touch != NULL ? touch->time : eros_inventory_get_time (plan->before);
}

static void
add_change (const Plan *plan, GPtrArray *returns, const ErosInventoryChange *change)
{
  if (is_critical (plan, change->kind, change->name))
    add (returns, EROS_WAY_SNAPSHOT, change->kind, change->name, change->before);
  else if (is_in_the_way (plan, change->kind, change->name))
    add (returns, EROS_WAY_DROP, change->kind, change->name, NULL);
  else if (!is_our_doing (plan, change->kind, change->name) ||
           g_str_equal (change->kind, EROS_INVENTORY_SCHEDULE))
    add (returns, EROS_WAY_KEEP, change->kind, change->name, NULL);
  else if (g_str_equal (change->kind, EROS_INVENTORY_OPTIONS) ||
           g_str_equal (change->kind, EROS_INVENTORY_ACCESS))
    add (returns, EROS_WAY_PATCH, change->kind, change->name, change->before);
  else if (change->change == EROS_CHANGE_ADDED)
    add (returns, EROS_WAY_DROP, change->kind, change->name, NULL);
  else if (g_str_equal (change->kind, EROS_INVENTORY_TABLE))
    add_table (plan, returns, change);
  else
    {
      if (change->after != NULL && g_str_equal (change->kind, EROS_INVENTORY_SNAPSHOT))
        add (returns, EROS_WAY_DROP, change->kind, change->name, change->before); /* cannot be replaced */
      add (returns, EROS_WAY_MAKE, change->kind, change->name, change->before);
    }
}

static void
add_whose (const Plan *plan, GPtrArray *returns)
{
  for (guint i = 0; i < returns->len; i++)
    {
      ErosReturn *one = returns->pdata[i];
      const ErosTouch *touch = find_touch (plan, one->kind, one->name);

      one->whose = touch != NULL ? touch->whose : EROS_WHOSE_OURS;
    }
}

static gboolean
is_rebuilt (GPtrArray *returns, const char *table)
{
  for (guint i = 0; i < returns->len; i++)
    {
      const ErosReturn *one = returns->pdata[i];

      if (one->way >= EROS_WAY_RESHAPE && one->way <= EROS_WAY_SNAPSHOT && g_str_equal (one->name, table))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_planned (GPtrArray *returns, const ErosInventoryObject *object)
{
  for (guint i = 0; i < returns->len; i++)
    {
      const ErosReturn *one = returns->pdata[i];

      if (g_str_equal (one->kind, object->kind) && g_str_equal (one->name, object->name))
        return TRUE;
    }
  return FALSE;
}

/* A table that is made anew has no row access policies any more. */
static void
add_policies (const Plan *plan, GPtrArray *returns)
{
  for (guint i = 0; i < eros_inventory_get_n_objects (plan->backup); i++)
    {
      const ErosInventoryObject *object = eros_inventory_get_object (plan->backup, i);
      g_autofree char *table = NULL;

      if (!g_str_equal (object->kind, EROS_INVENTORY_ROW_POLICY) || is_planned (returns, object))
        continue;
      table = g_strndup (object->name, strcspn (object->name, "."));
      if (is_rebuilt (returns, table))
        add (returns, EROS_WAY_MAKE, object->kind, object->name, object);
    }
}

/* ---- order --------------------------------------------------------------------------------------------- */

/* Drops, tables, what depends on them, and what hangs on all that. */
static int
stage_of (const ErosReturn *one)
{
  gboolean is_table =
    g_str_equal (one->kind, EROS_INVENTORY_TABLE) || g_str_equal (one->kind, EROS_INVENTORY_SNAPSHOT);

  if (one->way == EROS_WAY_DROP)
    return is_table ? 1 : 0;
  if (one->way == EROS_WAY_SNAPSHOT)
    return 3;
  if (is_table)
    return 2;
  if (one->way == EROS_WAY_MAKE && !g_str_equal (one->kind, EROS_INVENTORY_ROW_POLICY))
    return 4;
  return 5;
}

static int
compare_stages (gconstpointer a, gconstpointer b)
{
  const ErosReturn *first = *(ErosReturn *const *) a;
  const ErosReturn *second = *(ErosReturn *const *) b;
  int order = stage_of (first) - stage_of (second);

  if (order == 0)
    order = strcmp (first->kind, second->kind);
  return order != 0 ? order : strcmp (first->name, second->name);
}

static gboolean
mentions (const char *text, const char *name)
{
  g_autofree char *escaped = g_regex_escape_string (name, -1);
  g_autofree char *pattern = g_strdup_printf ("(?<![A-Za-z0-9_])%s(?![A-Za-z0-9_])", escaped);

  return g_regex_match_simple (pattern, text, G_REGEX_RAW, 0);
}

/* A view of a view comes after it; two routines that call each other come in any order. */
static void
place (GPtrArray *rest, guint which, GPtrArray *ordered, GHashTable *seen)
{
  ErosReturn *one = rest->pdata[which];

  if (!g_hash_table_add (seen, one))
    return;
  for (guint i = 0; i < rest->len; i++)
    {
      const ErosReturn *other = rest->pdata[i];

      if (other != one && one->definition != NULL && stage_of (other) == stage_of (one) &&
          mentions (one->definition, other->name))
        place (rest, i, ordered, seen);
    }
  g_ptr_array_add (ordered, one);
}

static GPtrArray *
in_order (GPtrArray *returns)
{
  GPtrArray *ordered = returns_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  g_ptr_array_sort (returns, compare_stages);
  for (guint i = 0; i < returns->len; i++)
    {
      ErosReturn *one = returns->pdata[i];

      if (one->definition != NULL && (one->way == EROS_WAY_MAKE))
        place (returns, i, ordered, seen);
      else if (g_hash_table_add (seen, one))
        g_ptr_array_add (ordered, one);
    }
  g_ptr_array_set_free_func (returns, NULL); /* they are ordered's now */
  return ordered;
}

GPtrArray *
eros_plan_returns (const ErosInventory *backup,
                   const ErosInventory *before,
                   const ErosInventory *now,
                   GHashTable *touched,
                   const char *const *critical,
                   ErosDataSetLoss loss)
{
  Plan plan = { backup, before, now, touched, critical, loss };
  g_autoptr (GPtrArray) changes = eros_inventory_diff (backup, now);
  g_autoptr (GPtrArray) returns = returns_new ();

  for (guint i = 0; i < changes->len; i++)
    add_change (&plan, returns, changes->pdata[i]);
  add_policies (&plan, returns);
  add_whose (&plan, returns);
  return in_order (returns);
}

/* ---- for people ---------------------------------------------------------------------------------------- */

static const char *
say_removed (const ErosReturn *one)
{
  if (one->definition != NULL)
    return _ ("is removed first: it cannot be replaced");
  if (one->whose == EROS_WHOSE_SHARED)
    return _ (
      "is removed, whoever made it: it was not there when the backup was taken, but it was there before "
      "the deployment changed it");
  if (one->whose == EROS_WHOSE_OTHERS)
    return _ ("is removed, as it was asked for by name: it was not there when the backup "
              "was taken, and the deployment has not touched it");
  return _ ("is removed: it was not there when the backup was taken");
}

char *
eros_plan_describe_return (const ErosReturn *one)
{
  const char *const texts[] = {
    [EROS_WAY_KEEP] = _ ("stays as it is: the deployment has not touched it"),
    [EROS_WAY_DROP] = say_removed (one),
    [EROS_WAY_MAKE] = _ ("is made again from its definition"),
    [EROS_WAY_RESHAPE] = _ ("gets its columns and options back, and keeps its rows"),
    [EROS_WAY_TRAVEL] =
      one->whose == EROS_WHOSE_OTHERS
        ? _ ("comes back from time travel, with the rows that it had when the backup was taken")
        : _ ("comes back from time travel, with the rows that it had before the deployment"),
    [EROS_WAY_SNAPSHOT] =
      _ ("is made anew, with the rows of the backup: its columns have changed, or it is gone"),
    [EROS_WAY_PATCH] = _ ("gets back what it was"),
  };

  if (one->way == EROS_WAY_MAKE && g_str_equal (one->kind, EROS_INVENTORY_TABLE))
    return g_strdup_printf (_ ("table %s is made again without rows: nothing has kept them"), one->name);
  if (one->way == EROS_WAY_MAKE && g_str_equal (one->kind, EROS_INVENTORY_MATERIALIZED_VIEW))
    return g_strdup_printf (
      _ ("materialized view %s is made again from its definition: until BigQuery has filled it "
         "anew it reads its tables, which is slower"),
      one->name);
  /* Translators: kind and name of an object; what becomes of it */
  return g_strdup_printf (_ ("%1$s %2$s %3$s"), one->kind, one->name, texts[one->way]);
}

/* ---- as JSON, for the record --------------------------------------------------------------------------- */

static const char *const ways[] = { "keep", "drop", "make", "reshape", "travel", "snapshot", "patch" };
static const char *const owners[] = { "deployment", "shared", "others" };

JsonNode *
eros_plan_returns_to_json (GPtrArray *returns)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < returns->len; i++)
    {
      const ErosReturn *one = returns->pdata[i];
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "way", ways[one->way]);
      json_object_set_string_member (entry, "kind", one->kind);
      json_object_set_string_member (entry, "name", one->name);
      json_object_set_string_member (entry, "whose", owners[one->whose]);
      if (one->definition != NULL)
        json_object_set_string_member (entry, "definition", one->definition);
      if (one->time != 0)
        json_object_set_int_member (entry, "time", one->time);
      json_array_add_object_element (array, entry);
    }
  json_node_take_array (node, array);
  return node;
}

static ErosWay
way_of (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_str_equal (ways[i], word))
      return i;
  return EROS_WAY_KEEP;
}

static ErosWhose
whose_of (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (owners); i++)
    if (g_str_equal (owners[i], word))
      return i;
  return EROS_WHOSE_OURS;
}

GPtrArray *
eros_plan_returns_from_json (JsonNode *node)
{
  GPtrArray *returns = returns_new ();
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *entry = json_array_get_object_element (array, i);
      ErosReturn *one = add (returns, way_of (json_object_get_string_member_with_default (entry, "way", "")),
                             json_object_get_string_member_with_default (entry, "kind", ""),
                             json_object_get_string_member_with_default (entry, "name", ""), NULL);

      one->definition = g_strdup (json_object_get_string_member_with_default (entry, "definition", NULL));
      one->whose = whose_of (json_object_get_string_member_with_default (entry, "whose", ""));
      one->time = json_object_get_int_member_with_default (entry, "time", 0);
    }
  return returns;
}
