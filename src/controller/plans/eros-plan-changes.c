/* eros-plan-changes.c: what has changed in the data set while something was done, and before it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-inventory-diff.h"
#include "eros-plan-objects.h"
#include "eros-plan-parts.h"

/* The newest that the record has, of another operation than this one. (transfer full) (nullable) */
static ErosInventory *
find_earlier (ErosWork *work)
{
  const char *own = eros_operation_get_id (eros_work_get_operation (work));
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (eros_work_get_deployment (work)));

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);
      ErosInventory *inventory =
        eros_event_is (event, EROS_EVENT_STEP_ENDED) && !eros_event_says (event, EROS_MEMBER_ID, own)
          ? eros_plan_read_recorded_inventory (event)
          : NULL;

      if (inventory != NULL)
        return inventory;
    }
  return NULL;
}

/* What a script has put together when it ran. */
static void
append_statements (GString *texts, ErosEvent *ended)
{
  JsonNode *node = json_object_get_member (eros_event_get_body (ended), EROS_MEMBER_STATEMENTS);
  JsonArray *statements = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; statements != NULL && i < json_array_get_length (statements); i++)
    g_string_append_printf (
      texts, "%s\n",
      json_object_get_string_member_with_default (json_array_get_object_element (statements, i), "text", ""));
}

/* All that this work sends and has sent. (transfer full) */
static char *
collect_texts (ErosWork *work)
{
  const char *own = eros_operation_get_id (eros_work_get_operation (work));
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (eros_work_get_deployment (work)));
  GString *texts = g_string_new (NULL);
  ErosWorkStep *step;

  for (guint i = 0; (step = eros_work_get_step (work, i)) != NULL; i++)
    if (step->sql != NULL)
      g_string_append_printf (texts, "%s\n", step->sql);
  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (eros_event_is (event, EROS_EVENT_STEP_ENDED) && eros_event_says (event, EROS_MEMBER_ID, own))
        append_statements (texts, event);
    }
  return g_string_free (texts, FALSE);
}

/* A rollback gives the data set its options and entries back without a statement. */
static gboolean
is_own (ErosWork *work, const char *texts, const ErosInventoryChange *change)
{
  ErosOperationKind kind = eros_operation_kind_of (eros_operation_get_kind (eros_work_get_operation (work)));

  if (kind == EROS_OPERATION_KIND_ROLLBACK && (g_str_equal (change->kind, EROS_INVENTORY_OPTIONS) ||
                                               g_str_equal (change->kind, EROS_INVENTORY_ACCESS)))
    return TRUE;
  return eros_plan_may_have_done (texts, change->kind, change->name);
}

static JsonArray *
lines_of (const ErosInventoryChange *change)
{
  g_autoptr (GArray) lines = eros_diff_lines (change->before != NULL ? change->before->definition : "",
                                              change->after != NULL ? change->after->definition : "");
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < lines->len; i++)
    {
      const ErosDiffLine *line = &g_array_index (lines, ErosDiffLine, i);
      g_autofree char *text = g_strdup_printf ("%c%.*s", line->mark, (int) line->length, line->text);

      json_array_add_string_element (array, text);
    }
  return array;
}

/* texts: (nullable): what this work sends; NULL: it has not been at work yet */
static char *
to_text (ErosWork *work, GPtrArray *changes, const char *texts)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  json_node_take_array (node, array);
  for (guint i = 0; i < changes->len; i++)
    {
      const ErosInventoryChange *change = changes->pdata[i];
      JsonObject *entry = json_object_new ();
      gboolean is_ours = texts != NULL && is_own (work, texts, change);

      json_object_set_string_member (entry, "change", eros_change_kind_get_word (change->change));
      json_object_set_string_member (entry, "kind", change->kind);
      json_object_set_string_member (entry, "name", change->name);
      json_object_set_string_member (entry, "by", is_ours ? "operation" : "others");
      json_object_set_array_member (entry, "lines", lines_of (change));
      json_array_add_object_element (array, entry);
    }
  return json_to_string (node, FALSE);
}

/* Before: what has become of the data set since the record last saw it; after: what has changed meanwhile. */
void
eros_plan_note_changes (ErosWork *work, ErosWorkStep *step, const ErosInventory *now)
{
  ErosOperationKind kind = eros_operation_kind_of (eros_operation_get_kind (eros_work_get_operation (work)));
  gboolean is_after = g_str_equal (step->id, EROS_PLAN_INVENTORY_AFTER);
  g_autoptr (ErosInventory) earlier = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *texts = NULL;
  g_autofree char *text = NULL;

  if ((kind != EROS_OPERATION_KIND_DEPLOY && kind != EROS_OPERATION_KIND_ROLLBACK &&
       kind != EROS_OPERATION_KIND_ROLLBACK_PART) ||
      (!is_after && !g_str_equal (step->id, EROS_PLAN_INVENTORY_BEFORE)))
    return;
  earlier = is_after ? eros_plan_get_inventory (work, EROS_PLAN_INVENTORY_BEFORE) : find_earlier (work);
  if (earlier == NULL)
    return;
  changes = eros_inventory_diff (earlier, now);
  texts = is_after ? collect_texts (work) : NULL;
  text = to_text (work, changes, texts);
  eros_work_set_value (work, step, "changes", text);
}
