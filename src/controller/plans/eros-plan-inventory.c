/* eros-plan-inventory.c: steps that read what the data set is, and keep it on record
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-plan-parts.h"

typedef struct
{
  ErosPlanInventoryRead read; /* (nullable) */
  ErosPlanInventorySay say;   /* (nullable) */
} Use;

typedef struct
{
  ErosWork *work;
  ErosWorkStep *step;
} Pending;

/* What a step has found stays readable, also when another process goes on with the work. */
gboolean
eros_plan_keep_inventory (ErosWork *work, ErosWorkStep *step, const ErosInventory *inventory, GError **error)
{
  g_autofree char *text = eros_inventory_to_text (inventory, error);

  if (text == NULL)
    return FALSE;
  eros_work_set_value (work, step, "inventory", text);
  eros_work_set_value (work, step, "digest", eros_inventory_get_digest (inventory));
  return TRUE;
}

ErosInventory *
eros_plan_get_inventory (ErosWork *work, const char *step_id)
{
  g_autofree char *name = g_strconcat (step_id, ".inventory", NULL);
  const char *text = eros_work_get_value (work, name);

  return text != NULL ? eros_inventory_new_from_text (text, strlen (text), NULL) : NULL;
}

ErosInventory *
eros_plan_read_recorded_inventory (ErosEvent *ended)
{
  JsonNode *values = json_object_get_member (eros_event_get_body (ended), EROS_MEMBER_VALUES);
  const char *text =
    values != NULL && JSON_NODE_HOLDS_OBJECT (values)
      ? json_object_get_string_member_with_default (json_node_get_object (values), "inventory", NULL)
      : NULL;

  return text != NULL ? eros_inventory_new_from_text (text, strlen (text), NULL) : NULL;
}

static char *
summarize (const ErosInventory *inventory)
{
  guint n = eros_inventory_count_digested (inventory);
  guint n_gaps = eros_inventory_get_n_gaps (inventory);
  g_autofree char *objects =
    g_strdup_printf (ngettext ("%1$u object, digest %2$.12s", "%1$u objects, digest %2$.12s", n), n,
                     eros_inventory_get_digest (inventory));
  g_autoptr (GString) text = g_string_new (objects);

  for (guint i = 0; i < n_gaps; i++)
    {
      const ErosInventoryGap *gap = eros_inventory_get_gap (inventory, i);

      /* Translators: what of a data set could not be read, and why */
      g_string_append_printf (text, _ ("; not read: %s: %s"), gap->what, gap->why);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What it is not enough for is not proved, where the step says so. */
static void
end_read (Pending *pending, const char *summary)
{
  g_autoptr (GHashTable) answer = NULL;

  if (pending->step->n_enough == 0)
    {
      eros_work_step_done (pending->work, pending->step, summary);
      return;
    }
  answer = eros_work_get_answer (pending->work, pending->step->id);
  g_hash_table_insert (answer, (gpointer) "found", (gpointer) summary);
  eros_work_step_judged (pending->work, pending->step, answer);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Pending *pending = user_data;
  const Use *use = pending->step->data;
  GError *error = NULL;
  g_autoptr (ErosInventory) inventory = eros_inventory_read_finish (result, &error);
  g_autofree char *summary = NULL;

  if (inventory == NULL || !eros_plan_keep_inventory (pending->work, pending->step, inventory, &error) ||
      (use->read != NULL && !use->read (pending->work, pending->step, inventory, &error)))
    {
      eros_work_step_failed (pending->work, pending->step, error);
      return;
    }
  eros_plan_note_changes (pending->work, pending->step, inventory);
  summary = use->say != NULL ? use->say (pending->work, inventory) : summarize (inventory);
  end_read (pending, summary);
}

static void
read_inventory (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (eros_work_get_deployment (work));
  ErosElement *element = eros_runbook_find_operation (runbook, "backup");
  Pending *pending = g_new (Pending, 1);

  pending->work = work;
  pending->step = step;
  eros_inventory_read_async (eros_work_get_big_query (work),
                             element != NULL ? eros_element_get_tables (element) : NULL, cancellable, read_cb,
                             pending);
}

ErosWorkStep *
eros_plan_add_inventory (ErosWork *work,
                         guint group,
                         const char *id,
                         const char *title,
                         ErosPlanInventoryRead read,
                         ErosPlanInventorySay say)
{
  ErosWorkStep *step = eros_work_add (work, group, id, title);
  Use *use = g_new0 (Use, 1);

  use->read = read;
  use->say = say;
  step->call = read_inventory;
  step->data = use;
  step->data_free = g_free;
  return step;
}
