/* eros-plan-touched.c: which objects a deployment has touched, from its record
 *
 * Each phase has an inventory before and one after it. What differs between them is the deployment's, if its
 * statements name it: somebody else may have been at work at the same time. A phase that has not ended has no
 * inventory after it; what is there now stands for it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>

#include "eros-inventory-diff.h"
#include "eros-plan-objects.h"
#include "eros-plan-parts.h"

typedef struct
{
  char *kind; /* of the operation */
  ErosInventory *before;
  ErosInventory *after; /* (nullable) */
  GString *statements;  /* that it has run */
} Phase;

static void
phase_free (gpointer data)
{
  Phase *phase = data;

  g_free (phase->kind);
  g_clear_pointer (&phase->before, eros_inventory_unref);
  g_clear_pointer (&phase->after, eros_inventory_unref);
  g_string_free (phase->statements, TRUE);
  g_free (phase);
}

static void
take_statements (Phase *phase, JsonObject *body)
{
  JsonNode *node = json_object_get_member (body, "statements");
  JsonArray *statements = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; statements != NULL && i < json_array_get_length (statements); i++)
    {
      g_string_append (phase->statements, json_object_get_string_member_with_default (
                                            json_array_get_object_element (statements, i), "text", ""));
      g_string_append_c (phase->statements, '\n');
    }
}

static void
take_inventory (ErosInventory **inventory, ErosEvent *ended)
{
  ErosInventory *read = eros_plan_read_recorded_inventory (ended);

  if (read == NULL)
    return;
  g_clear_pointer (inventory, eros_inventory_unref);
  *inventory = read;
}

static void
take_event (GHashTable *phases, GPtrArray *order, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);
  const char *id = eros_event_get_string (event, EROS_MEMBER_ID);
  const char *step = eros_event_get_string (event, EROS_MEMBER_STEP);
  Phase *phase = id != NULL ? g_hash_table_lookup (phases, id) : NULL;

  if (g_str_equal (kind, EROS_EVENT_OPERATION_STARTED) && id != NULL && phase == NULL)
    {
      phase = g_new0 (Phase, 1);
      phase->kind = g_strdup (eros_event_get_string (event, EROS_MEMBER_OPERATION));
      phase->statements = g_string_new (NULL);
      g_hash_table_insert (phases, g_strdup (id), phase);
      g_ptr_array_add (order, phase);
    }
  else if (g_str_equal (kind, EROS_EVENT_STEP_ENDED) && phase != NULL && step != NULL)
    {
      if (g_str_equal (step, EROS_PLAN_INVENTORY_BEFORE))
        take_inventory (&phase->before, event);
      else if (g_str_equal (step, EROS_PLAN_INVENTORY_AFTER))
        take_inventory (&phase->after, event);
      else
        take_statements (phase, eros_event_get_body (event));
    }
}

/* The texts that a deployment's steps may have run: what is not in them was somebody else. */
static void
add_texts (ErosWork *work, const char *set, GString *texts)
{
  g_autoptr (GPtrArray) steps = eros_plan_load_steps (work, set, NULL);

  for (guint i = 0; steps != NULL && i < steps->len; i++)
    {
      const ErosSqlStep *step = steps->pdata[i];

      g_string_append_printf (texts, "%s\n%s\n", step->deploy != NULL ? step->deploy : "",
                              step->revert != NULL ? step->revert : "");
    }
}

static gboolean
has_word (const char *text, const char *word)
{
  g_autofree char *escaped = g_regex_escape_string (word, -1);
  g_autofree char *pattern = g_strdup_printf ("(?<![A-Za-z0-9_])%s(?![A-Za-z0-9_])", escaped);

  return g_regex_match_simple (pattern, text, G_REGEX_RAW | G_REGEX_CASELESS, 0);
}

gboolean
eros_plan_may_have_done (const char *texts, const char *kind, const char *name)
{
  const char *dot = strchr (name, '.');

  if (g_str_equal (kind, EROS_INVENTORY_OPTIONS))
    return has_word (texts, "ALTER SCHEMA");
  if (g_str_equal (kind, EROS_INVENTORY_ACCESS))
    return has_word (texts, "GRANT") || has_word (texts, "REVOKE");
  if (g_str_equal (kind, EROS_INVENTORY_ROW_POLICY) && dot != NULL)
    return has_word (texts, dot + 1);
  return has_word (texts, name);
}

static void
add_differences (GHashTable *touched, const Phase *phase, const ErosInventory *after, const char *texts)
{
  g_autoptr (GPtrArray) changes = eros_inventory_diff (phase->before, after);

  for (guint i = 0; i < changes->len; i++)
    {
      const ErosInventoryChange *change = changes->pdata[i];
      char *key = g_strdup_printf ("%s\n%s", change->kind, change->name);
      ErosTouch touch = { eros_inventory_get_time (phase->before),
                          change->before != NULL ? EROS_WHOSE_SHARED : EROS_WHOSE_OURS };

      if (g_hash_table_contains (touched, key) ||
          (texts != NULL && !eros_plan_may_have_done (texts, change->kind, change->name)))
        g_free (key);
      else
        g_hash_table_insert (touched, key, g_memdup2 (&touch, sizeof touch));
    }
}

static void
add_phase (ErosWork *work, GHashTable *touched, const Phase *phase, const ErosInventory *now)
{
  const ErosInventory *after = phase->after != NULL ? phase->after : now;
  g_autoptr (GString) texts = g_string_new (phase->statements->str);

  if (g_str_has_prefix (phase->kind, "rollback") && phase->after != NULL)
    {
      add_differences (touched, phase, after, NULL);
      return;
    }
  if (eros_operation_kind_get_set (phase->kind) == NULL)
    return;
  add_texts (work, eros_operation_kind_get_set (phase->kind), texts);
  add_differences (touched, phase, after, texts->str);
}

/* All operations on record, in order. (transfer full) (element-type Phase) */
static GPtrArray *
list_phases (ErosWork *work)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (eros_work_get_deployment (work)));
  g_autoptr (GHashTable) phases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *order = g_ptr_array_new_with_free_func (phase_free);

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      take_event (phases, order, event);
    }
  return order;
}

static gboolean
is_since (const Phase *phase, gint64 since)
{
  return phase->kind != NULL && phase->before != NULL && eros_inventory_get_time (phase->before) >= since;
}

GHashTable *
eros_plan_find_touched (ErosWork *work, gint64 since, const char *only, const ErosInventory *now)
{
  GHashTable *touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) phases = list_phases (work);

  for (guint i = 0; i < phases->len; i++)
    {
      const Phase *phase = phases->pdata[i];

      if (is_since (phase, since) &&
          (only == NULL || g_strcmp0 (eros_operation_kind_get_set (phase->kind), only) == 0))
        add_phase (work, touched, phase, now);
    }
  return touched;
}

/* After a whole rollback nothing is deployed: what shall be is what was backed up, until the set is deployed
 * again. */
ErosInventory *
eros_plan_find_before_set (ErosWork *work, ErosInventory *backup, const char *set)
{
  gint64 since = eros_inventory_get_time (backup);
  g_autoptr (GPtrArray) phases = list_phases (work);
  ErosInventory *before = NULL;

  for (guint i = 0; i < phases->len; i++)
    {
      const Phase *phase = phases->pdata[i];

      if (!is_since (phase, since))
        continue;
      if (g_strcmp0 (eros_operation_kind_get_set (phase->kind), set) == 0 &&
          (before == NULL || before == backup))
        before = phase->before;
      else if (eros_operation_kind_of (phase->kind) == EROS_OPERATION_KIND_ROLLBACK && phase->after != NULL &&
               before != NULL)
        before = backup;
    }
  return before != NULL ? eros_inventory_ref (before) : NULL;
}
