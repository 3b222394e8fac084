/* eros-plan-rights.c: who may see what, looked at again after each step that may have lost it
 *
 * A table that is created or replaced has no row access policies and no policy tags any more, and a view that
 * was authorized is another one: nothing says so, and everybody may see what only some should. Where a data
 * set has such rights, each step that may have lost one is followed by a look; what the step's own SQL takes
 * away by name is meant.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-plan-parts.h"

#define SUFFIX "/rights"

/* A step's SQL that may lose what it does not name. */
#define MAY_LOSE "\\b(?:CREATE\\s+OR\\s+REPLACE|DROP|ALTER|REVOKE|EXECUTE|CALL)\\b"
#define TAG_LINE "-- policy tag of "

static void
add (GHashTable *rights, char *what, const char *value)
{
  g_hash_table_insert (rights, what, g_strdup (value));
}

static void
add_tags (GHashTable *rights, const ErosInventoryObject *object)
{
  g_auto (GStrv) lines = g_strsplit (object->definition, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *column = g_str_has_prefix (lines[i], TAG_LINE) ? lines[i] + strlen (TAG_LINE) : NULL;
      const char *colon = column != NULL ? strchr (column, ':') : NULL;

      if (colon != NULL)
        add (rights, g_strdup_printf ("policy tag of %s.%.*s", object->name, (int) (colon - column), column),
             colon);
    }
}

/* "row access policy TABLE.POLICY", "policy tag of TABLE.COLUMN", "access view {…}" → what it says. */
static GHashTable *
find_rights (const ErosInventory *inventory)
{
  GHashTable *rights = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < eros_inventory_get_n_objects (inventory); i++)
    {
      const ErosInventoryObject *object = eros_inventory_get_object (inventory, i);

      if (g_str_equal (object->kind, EROS_INVENTORY_ROW_POLICY) ||
          g_str_equal (object->kind, EROS_INVENTORY_ACCESS))
        add (rights, g_strdup_printf ("%s %s", object->kind, object->name), object->digest);
      else if (eros_inventory_is_relation (object->kind))
        add_tags (rights, object);
    }
  return rights;
}

/* What a person has been given is lost by nothing but REVOKE, which says so. */
static gboolean
can_be_lost (const char *right)
{
  return !g_regex_match_simple ("^" EROS_INVENTORY_ACCESS " (?!view|routine|dataset)", right, 0, 0);
}

static gboolean
have_some (GHashTable *rights)
{
  GHashTableIter iter;
  gpointer right;

  g_hash_table_iter_init (&iter, rights);
  while (g_hash_table_iter_next (&iter, &right, NULL))
    if (can_be_lost (right))
      return TRUE;
  return FALSE;
}

/* A step's SQL names what it takes away on purpose: the policy, or that it is about tags. */
static gboolean
is_meant (const char *sql, const char *right)
{
  const char *dot = strrchr (right, '.');
  g_autofree char *name = g_regex_escape_string (dot != NULL ? dot + 1 : right, -1);
  g_autofree char *policy = g_strdup_printf ("ACCESS\\s+POLICY\\b[^;]*\\b%s\\b", name);

  if (g_str_has_prefix (right, EROS_INVENTORY_ROW_POLICY))
    return g_regex_match_simple (policy, sql, G_REGEX_CASELESS, 0) ||
           g_regex_match_simple ("DROP\\s+ALL\\s+ROW\\s+ACCESS\\s+POLICIES", sql, G_REGEX_CASELESS, 0);
  if (g_str_has_prefix (right, EROS_INVENTORY_ACCESS))
    return g_regex_match_simple ("\\b(?:REVOKE|GRANT)\\b", sql, G_REGEX_CASELESS, 0);
  return g_regex_match_simple ("\\bpolicy_tags\\b", sql, G_REGEX_CASELESS, 0);
}

/* ---- the look ------------------------------------------------------------------------------------------ */

typedef struct
{
  ErosWork *work;
  ErosWorkStep *step;
} Pending;

/* As the look before has left them, so that each loss is said once, of the step that it is due to: lines of
 * "RIGHT\tVALUE". (transfer full) */
static GHashTable *
get_before (ErosWork *work, ErosWorkStep *step)
{
  g_autoptr (ErosInventory) before = eros_plan_get_inventory (work, EROS_PLAN_INVENTORY_BEFORE);
  g_auto (GStrv) lines = NULL;
  const char *last = NULL;
  ErosWorkStep *other;
  GHashTable *rights;

  for (guint i = 0; (other = eros_work_get_step (work, i)) != NULL && other != step; i++)
    {
      g_autofree char *name = g_strconcat (other->id, ".rights", NULL);
      const char *text = g_str_has_suffix (other->id, SUFFIX) ? eros_work_get_value (work, name) : NULL;

      last = text != NULL ? text : last;
    }
  if (last == NULL)
    return find_rights (before);
  rights = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  lines = g_strsplit (last, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *tab = strchr (lines[i], '\t');

      if (tab != NULL)
        add (rights, g_strndup (lines[i], tab - lines[i]), tab + 1);
    }
  return rights;
}

static void
keep (ErosWork *work, ErosWorkStep *step, GHashTable *rights)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (rights), (GCompareFunc) strcmp);
  g_autoptr (GString) text = g_string_new (NULL);

  for (GList *at = names; at != NULL; at = at->next)
    g_string_append_printf (text, "%s%s\t%s", text->len > 0 ? "\n" : "", (const char *) at->data,
                            (const char *) g_hash_table_lookup (rights, at->data));
  eros_work_set_value (work, step, "rights", text->str);
}

/* Gone, or something else; n: (out) (transfer full): with commas */
static char *
list_lost (GHashTable *before, GHashTable *after, const char *sql, guint *n)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (before), (GCompareFunc) strcmp);
  g_autoptr (GString) lost = g_string_new (NULL);

  *n = 0;
  for (GList *at = names; at != NULL; at = at->next)
    if (g_strcmp0 (g_hash_table_lookup (before, at->data), g_hash_table_lookup (after, at->data)) != 0 &&
        !is_meant (sql, at->data))
      {
        (*n)++;
        g_string_append_printf (lost, "%s%s", lost->len > 0 ? ", " : "", (const char *) at->data);
      }
  return g_string_free (g_steal_pointer (&lost), FALSE);
}

/* (transfer full) (nullable): why nobody knows all rights */
static char *
say_gaps (const ErosInventory *inventory)
{
  static const char *const needed[] = { EROS_INVENTORY_GAP_POLICIES, EROS_INVENTORY_GAP_DATASET,
                                        EROS_INVENTORY_GAP_TABLES, EROS_INVENTORY_GAP_TAGS, NULL };

  for (guint i = 0; i < eros_inventory_get_n_gaps (inventory); i++)
    {
      const ErosInventoryGap *gap = eros_inventory_get_gap (inventory, i);

      if (g_strv_contains (needed, gap->what))
        return g_strdup_printf ("%s: %s", gap->what, gap->why);
    }
  return NULL;
}

static void
judge (Pending *pending, const ErosInventory *inventory)
{
  ErosWorkStep *step = pending->step;
  g_autoptr (GHashTable) before = get_before (pending->work, step);
  g_autoptr (GHashTable) after = find_rights (inventory);
  g_autoptr (GHashTable) answer = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  guint n = 0;
  g_autofree char *lost = list_lost (before, after, step->data, &n);
  g_autofree char *gaps = say_gaps (inventory);

  if (gaps != NULL)
    {
      g_hash_table_insert (answer, (gpointer) "lost", NULL);
      /* Translators: what of a data set could not be read, and why */
      g_hash_table_insert (answer, (gpointer) "found", g_strdup_printf (_ ("not read: %s"), gaps));
    }
  else
    {
      keep (pending->work, step, after);
      g_hash_table_insert (answer, (gpointer) "lost", g_strdup_printf ("%u", n));
      g_hash_table_insert (
        answer, (gpointer) "found",
        n == 0
          ? g_strdup (_ ("all are as they were, or as the step's SQL says"))
          /* Translators: rights, such as “row access policy orders.own_rows” */
          : g_strdup_printf (_ ("lost or changed by this step, whose SQL does not name it: %s. Who may see "
                                "what is another than before: give it back, or roll back"),
                             lost));
    }
  eros_work_step_judged (pending->work, step, answer);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Pending *pending = user_data;
  GError *error = NULL;
  g_autoptr (ErosInventory) inventory = eros_inventory_read_finish (result, &error);

  if (inventory == NULL)
    eros_work_step_failed (pending->work, pending->step, error);
  else
    judge (pending, inventory);
}

static void
look (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  Pending *pending = g_new (Pending, 1);

  pending->work = work;
  pending->step = step;
  eros_inventory_read_async (eros_work_get_big_query (work), NULL, cancellable, read_cb, pending);
}

/* ---- the steps ----------------------------------------------------------------------------------------- */

static void
add_look (ErosWork *work, const ErosWorkStep *of)
{
  static const ErosExpectation none = { (char *) "lost", (char *) "=", (char *) "0" };
  g_autofree char *id = g_strconcat (of->id, SUFFIX, NULL);
  g_autofree char *title = g_strdup_printf (_ ("Look who may see what after: %s"), of->title);
  ErosWorkStep *step = eros_work_add (work, of->group + 1, id, title);

  step->call = look;
  step->data = g_strdup (of->sql);
  step->data_free = g_free;
  step->summary = g_strdup ("${found}");
  step->expectations = (ErosExpectation *) &none;
  step->n_expectations = 1;
  step->may_be_undecided = TRUE;
  step->goes_on = TRUE;
  step->may_fail = TRUE;
  step->taken_back_by = g_strdup (of->taken_back_by);
}

static gboolean
is_known (ErosWork *work, const ErosWorkStep *of)
{
  g_autofree char *id = g_strconcat (of->id, SUFFIX, NULL);
  ErosWorkStep *step;

  for (guint i = 0; (step = eros_work_get_step (work, i)) != NULL; i++)
    if (g_str_equal (step->id, id))
      return TRUE;
  return FALSE;
}

static gboolean
may_lose (const ErosWorkStep *step)
{
  return step->sql != NULL && step->sql_source != NULL &&
         (g_str_has_suffix (step->sql_source, "/deploy.sql") ||
          g_str_has_suffix (step->sql_source, "/revert.sql")) &&
         g_regex_match_simple (MAY_LOSE, step->sql, G_REGEX_CASELESS, 0);
}

void
eros_plan_watch_rights (ErosWork *work, ErosWorkStep *read)
{
  g_autoptr (ErosInventory) before = eros_plan_get_inventory (work, read->id);
  g_autoptr (GHashTable) rights = before != NULL ? find_rights (before) : NULL;
  g_autoptr (GPtrArray) steps = g_ptr_array_new ();
  ErosWorkStep *step;

  if (rights == NULL || !have_some (rights))
    return;
  for (guint i = 0; (step = eros_work_get_step (work, i)) != NULL; i++)
    if (may_lose (step) && !is_known (work, step))
      g_ptr_array_add (steps, step);
  for (guint i = 0; i < steps->len; i++)
    add_look (work, steps->pdata[i]);
}
