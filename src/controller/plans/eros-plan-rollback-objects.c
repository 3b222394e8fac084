/* eros-plan-rollback-objects.c: every object on its way back, and whether it has come back
 *
 * What is different from the inventory that shall be is planned when the steps have taken back what they know
 * of themselves. That inventory is the judge: the rollback has ended well when nothing is left of the
 * deployment; of a part, when nothing is left of what was asked for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-inventory-diff.h"
#include "eros-json-text.h"
#include "eros-plan-rollback-private.h"

#define STEP_PLAN "inventory/plan"

static JsonNode *
planned (ErosWork *work)
{
  const char *text = eros_work_get_value (work, STEP_PLAN ".returns");

  return text != NULL ? eros_json_text_parse (text) : NULL;
}

GPtrArray *
eros_plan_get_returns (ErosWork *work)
{
  g_autoptr (JsonNode) node = planned (work);

  return eros_plan_returns_from_json (node);
}

/* In every run of the same rollback the same steps. */
static void
add_object_steps (ErosWork *work, ErosWorkStep *step)
{
  g_autoptr (GPtrArray) returns = eros_plan_get_returns (work);

  eros_work_drop_steps (work, GROUP_OBJECTS, GROUP_RESTORED); /* those of a forecast */
  eros_plan_add_returns (work, GROUP_OBJECTS, returns, eros_work_get_argument (work, "backup"));
}

/* What shall be: what was when it was backed up, or before the set was deployed. (transfer full) (nullable)
 */
static ErosInventory *
get_target (ErosWork *work)
{
  g_autoptr (ErosInventory) backup = eros_plan_get_inventory (work, EROS_PLAN_BACKUP_RECORD);
  const char *set = eros_plan_get_only_set (work);

  return backup == NULL || set == NULL ? g_steal_pointer (&backup)
                                       : eros_plan_find_before_set (work, backup, set);
}

/* In a part: objects that somebody has named come back whoever has changed them. */
static GHashTable *
find_touched (ErosWork *work, const ErosInventory *target, const ErosInventory *before)
{
  g_autoptr (GHashTable) touched =
    eros_plan_find_touched (work, eros_inventory_get_time (target), eros_plan_get_only_set (work), before);
  g_auto (GStrv) names = eros_plan_get_only_objects (work);
  g_autoptr (GPtrArray) changes = eros_inventory_diff (target, before);
  const ErosTouch asked = { eros_inventory_get_time (target), EROS_WHOSE_OTHERS };

  for (guint i = 0; i < changes->len; i++)
    {
      const ErosInventoryChange *change = changes->pdata[i];
      g_autofree char *key = g_strdup_printf ("%s\n%s", change->kind, change->name);

      if (g_strv_contains ((const char *const *) names, change->name) &&
          !g_hash_table_contains (touched, key))
        g_hash_table_insert (touched, g_steal_pointer (&key), g_memdup2 (&asked, sizeof asked));
    }
  return g_steal_pointer (&touched);
}

static gboolean
is_meant (ErosWork *work, GHashTable *touched, const char *kind, const char *name)
{
  g_auto (GStrv) names = eros_plan_get_only_objects (work);
  g_autofree char *key = g_strdup_printf ("%s\n%s", kind, name);

  if (*names != NULL)
    return g_strv_contains ((const char *const *) names, name);
  return eros_plan_get_only_set (work) == NULL || g_hash_table_contains (touched, key);
}

/* The critical tables' rows come back together, with what depends on them, or not at all. */
static gboolean
keep_what_is_meant (ErosWork *work, GPtrArray *returns, GHashTable *touched, GError **error)
{
  const char *const *critical = eros_plan_get_tables (work, NULL);

  for (guint i = returns->len; i > 0; i--)
    {
      const ErosReturn *one = returns->pdata[i - 1];

      if (!is_meant (work, touched, one->kind, one->name))
        g_ptr_array_remove_index (returns, i - 1);
      else if (one->way != EROS_WAY_RESHAPE && one->way != EROS_WAY_KEEP &&
               g_strv_contains (critical, one->name))
        {
          g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED,
                       _ ("%s cannot come back in part: its columns have changed, or it is gone, and the "
                          "critical tables come back together. Roll back as a whole."),
                       one->name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
is_part (ErosWork *work)
{
  return *eros_work_get_argument (work, EROS_PLAN_ONLY) != '\0';
}

static gboolean
plan_objects (ErosWork *work, ErosWorkStep *step, const ErosInventory *now, GError **error)
{
  static const char *const none[] = { NULL };
  g_autoptr (ErosInventory) target = get_target (work);
  g_autoptr (ErosInventory) before = eros_plan_get_inventory (work, EROS_PLAN_INVENTORY_BEFORE);
  g_autoptr (GHashTable) touched = NULL;
  g_autoptr (GPtrArray) returns = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (target == NULL && is_part (work))
    {
      g_autoptr (ErosInventory) backup = eros_plan_get_inventory (work, EROS_PLAN_BACKUP_RECORD);
      g_autofree char *unknown = backup == NULL ? eros_plan_say_unknown_inventory (work)
                                                : g_strdup (_ ("the steps were not deployed since"));

      g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED,
                   /* Translators: %s: why */
                   _ ("It is not on record what there was then: %s. Roll back as a whole."), unknown);
      return FALSE;
    }
  if (target == NULL || before == NULL)
    return TRUE; /* a backup of an earlier version: its tables come back, and nobody says more */
  touched = find_touched (work, target, before);
  returns =
    eros_plan_returns (target, before, now, touched,
                       is_part (work) ? none : eros_plan_get_tables (work, NULL), eros_plan_get_loss (work));
  if (is_part (work) && !keep_what_is_meant (work, returns, touched, error))
    return FALSE;
  node = eros_plan_returns_to_json (returns);
  text = json_to_string (node, FALSE);
  eros_work_set_value (work, step, "returns", text);
  add_object_steps (work, step);
  return TRUE;
}

static char *
say_only_rows (ErosWork *work, const char *format)
{
  g_autofree char *unknown = eros_plan_say_unknown_inventory (work);
  g_autoptr (GString) text = g_string_new (format);

  g_string_replace (text, "%s", unknown, 1);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Which way each object takes. */
static char *
say_what_is_planned (ErosWork *work, const ErosInventory *now)
{
  g_autoptr (ErosInventory) backup = eros_plan_get_inventory (work, EROS_PLAN_BACKUP_RECORD);
  g_autoptr (GPtrArray) returns = eros_plan_get_returns (work);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < returns->len; i++)
    {
      const ErosReturn *one = returns->pdata[i];
      g_autofree char *way = eros_plan_describe_return (one);

      g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", way);
    }
  if (text->len > 0)
    return g_string_free (g_steal_pointer (&text), FALSE);
  if (backup == NULL)
    return say_only_rows (work, _ ("nothing but the tables' rows: %s"));
  return g_strdup (is_part (work) ? _ ("nothing: it is what it was") : _ ("nothing but the tables' rows"));
}

/* In a forecast: what the steps would take back of themselves is still there, and is in the plan too. */
static void
look_at_objects (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  g_autoptr (ErosInventory) before = eros_plan_get_inventory (work, EROS_PLAN_INVENTORY_BEFORE);
  g_autofree char *summary = NULL;
  GError *error = NULL;

  if (before != NULL && !plan_objects (work, step, before, &error))
    {
      eros_work_step_failed (work, step, error);
      return;
    }
  summary = say_what_is_planned (work, before);
  eros_work_step_done (work, step, summary);
}

static gboolean
is_kept (GPtrArray *returns, const ErosInventoryChange *change)
{
  for (guint i = 0; i < returns->len; i++)
    {
      const ErosReturn *one = returns->pdata[i];

      if (one->way == EROS_WAY_KEEP && g_str_equal (one->kind, change->kind) &&
          g_str_equal (one->name, change->name))
        return TRUE;
    }
  return FALSE;
}

static void
append_object (GString *list, const ErosInventoryChange *change)
{
  g_string_append_printf (list, "%s%s %s", list->len > 0 ? ", " : "", change->kind, change->name);
}

static gboolean
judge_objects (ErosWork *work, ErosWorkStep *step, const ErosInventory *now, GError **error)
{
  g_autoptr (ErosInventory) target = get_target (work);
  g_autoptr (ErosInventory) before = eros_plan_get_inventory (work, EROS_PLAN_INVENTORY_BEFORE);
  g_autoptr (GPtrArray) changes = target != NULL ? eros_inventory_diff (target, now) : NULL;
  g_autoptr (GHashTable) touched =
    target != NULL && before != NULL ? find_touched (work, target, before) : NULL;
  g_autoptr (GPtrArray) returns = eros_plan_get_returns (work);
  g_autoptr (GString) wrong = g_string_new (NULL);
  g_autoptr (GString) kept = g_string_new (NULL);

  for (guint i = 0; changes != NULL && i < changes->len; i++)
    {
      const ErosInventoryChange *change = changes->pdata[i];
      gboolean is_others = is_part (work) && !is_meant (work, touched, change->kind, change->name);

      append_object (is_others || is_kept (returns, change) ? kept : wrong, change);
    }
  eros_work_set_value (work, step, "kept", kept->str);
  eros_work_set_value (work, step, "has_inventory", target != NULL ? "true" : "false");
  if (wrong->len == 0)
    return TRUE;
  g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
               /* Translators: a list of objects */
               _ ("The data set is not what it was when it was backed up: %s. “eros-deploy diff” shows each "
                  "line; going on with the rollback looks again."),
               wrong->str);
  return FALSE;
}

static char *
say_what_is_kept (ErosWork *work, const ErosInventory *now)
{
  const char *kept = eros_work_get_value (work, EROS_PLAN_INVENTORY_AFTER ".kept");
  g_autoptr (ErosInventory) backup = eros_plan_get_inventory (work, EROS_PLAN_BACKUP_RECORD);

  if (backup == NULL)
    return say_only_rows (work, _ ("only the tables' rows could be compared: %s"));
  if (is_part (work))
    return kept == NULL || *kept == '\0'
             ? g_strdup (_ ("in part: what was asked for is what it was, and nothing else is different"))
             : g_strdup_printf (
                 _ ("in part: what was asked for is what it was. Others are still different: %s"), kept);
  if (kept == NULL || *kept == '\0')
    return g_strdup (_ ("every object is what it was when it was backed up"));
  return g_strdup_printf (_ ("every object is what it was when it was backed up, but for what others have "
                             "made since, which is kept: %s"),
                          kept);
}

void
eros_plan_add_object_planning (ErosWork *work)
{
  ErosWorkStep *step =
    eros_plan_add_inventory (work, GROUP_PLAN, STEP_PLAN, _ ("Find out what else has to come back"),
                             plan_objects, say_what_is_planned);

  step->look = look_at_objects;
  step->restored = add_object_steps;
}

void
eros_plan_add_judge (ErosWork *work)
{
  static const ErosExpectation known = { (char *) "has_inventory", (char *) "=", (char *) "true" };
  ErosWorkStep *step = eros_plan_add_inventory (
    work, GROUP_JUDGE, EROS_PLAN_INVENTORY_AFTER,
    _ ("Compare the data set with what it was when it was backed up"), judge_objects, say_what_is_kept);

  step->always = TRUE;
  step->summary = g_strdup ("${found}");
  step->enough = (ErosExpectation *) &known;
  step->n_enough = 1;
}
