/* eros-inventory-diff.c: what has changed between two inventories
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-inventory-diff.h"

#include <string.h>
#include <glib/gi18n-lib.h>

const char *
eros_change_kind_get_word (ErosChangeKind change)
{
  static const char *const words[] = { "added", "changed", "removed" };

  return words[change];
}

/* ---- objects ------------------------------------------------------------------------------------------- */

static void
add_change (GPtrArray *changes, const ErosInventoryObject *before, const ErosInventoryObject *after)
{
  const ErosInventoryObject *one = before != NULL ? before : after;
  ErosInventoryChange *change;

  if (one->is_ours || (before != NULL && after != NULL && g_str_equal (before->digest, after->digest)))
    return;
  change = g_new0 (ErosInventoryChange, 1);
  change->change = before == NULL  ? EROS_CHANGE_ADDED
                   : after == NULL ? EROS_CHANGE_REMOVED
                                   : EROS_CHANGE_CHANGED;
  change->kind = one->kind;
  change->name = one->name;
  change->before = before;
  change->after = after;
  g_ptr_array_add (changes, change);
}

static int
compare (const ErosInventoryObject *a, const ErosInventoryObject *b)
{
  int order = a == NULL || b == NULL ? (a == NULL) - (b == NULL) : strcmp (a->kind, b->kind);

  return order != 0 || a == NULL ? order : strcmp (a->name, b->name);
}

static const ErosInventoryObject *
object_at (const ErosInventory *inventory, guint place)
{
  return place < eros_inventory_get_n_objects (inventory) ? eros_inventory_get_object (inventory, place)
                                                          : NULL;
}

static gboolean
is_known (const ErosInventory *before, const ErosInventory *after, const ErosInventoryObject *object)
{
  return eros_inventory_knows (before, object->kind) && eros_inventory_knows (after, object->kind);
}

/**
 * eros_inventory_diff:
 * @before: an inventory
 * @after: another one, of the same data set or not
 *
 * Returns: (transfer container) (element-type ErosInventoryChange): what is different
 */
GPtrArray *
eros_inventory_diff (const ErosInventory *before, const ErosInventory *after)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func (g_free);
  guint i = 0;
  guint j = 0;

  while (TRUE)
    {
      const ErosInventoryObject *left = object_at (before, i);
      const ErosInventoryObject *right = object_at (after, j);
      int order;

      if (left == NULL && right == NULL)
        return changes;
      order = compare (left, right);
      i += order <= 0;
      j += order >= 0;
      if (is_known (before, after, order <= 0 ? left : right))
        add_change (changes, order <= 0 ? left : NULL, order >= 0 ? right : NULL);
    }
}

char *
eros_inventory_summarize_changes (GPtrArray *changes)
{
  static const char *const words[] = { N_ ("added"), N_ ("changed"), N_ ("removed") };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint kind = 0; kind < G_N_ELEMENTS (words); kind++)
    {
      guint n = 0;

      for (guint i = 0; i < changes->len; i++)
        {
          const ErosInventoryChange *change = changes->pdata[i];

          if (change->change != kind)
            continue;
          if (n++ == 0)
            g_string_append_printf (text, "%s%s: ", text->len > 0 ? "; " : "", _ (words[kind]));
          g_string_append_printf (text, "%s%s %s", n > 1 ? ", " : "", change->kind, change->name);
        }
    }
  if (text->len == 0)
    g_string_append (text, _ ("no object has changed"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
list_gaps (GPtrArray *list, const ErosInventory *inventory)
{
  for (guint i = 0; i < eros_inventory_get_n_gaps (inventory); i++)
    {
      const ErosInventoryGap *gap = eros_inventory_get_gap (inventory, i);
      g_autofree char *line = g_strdup_printf ("%s: %s", gap->what, gap->why);

      if (!g_ptr_array_find_with_equal_func (list, line, g_str_equal, NULL))
        g_ptr_array_add (list, g_steal_pointer (&line));
    }
}

GPtrArray *
eros_inventory_list_unknown (const ErosInventory *before, const ErosInventory *after)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  list_gaps (list, before);
  list_gaps (list, after);
  return list;
}

/* ---- lines --------------------------------------------------------------------------------------------- */

static GArray *
split (const char *text)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (ErosDiffLine));

  while (*text != '\0')
    {
      const char *end = text + strcspn (text, "\n");
      ErosDiffLine line = { ' ', text, end - text };

      g_array_append_val (lines, line);
      text = *end == '\n' ? end + 1 : end;
    }
  return lines;
}

static gboolean
is_same (GArray *a, guint i, GArray *b, guint j)
{
  const ErosDiffLine *left = &g_array_index (a, ErosDiffLine, i);
  const ErosDiffLine *right = &g_array_index (b, ErosDiffLine, j);

  return left->length == right->length && memcmp (left->text, right->text, left->length) == 0;
}

static void
append (GArray *result, GArray *lines, guint place, char mark)
{
  ErosDiffLine line = g_array_index (lines, ErosDiffLine, place);

  line.mark = mark;
  g_array_append_val (result, line);
}

/* More than this in the middle would take too long; then all of it is shown as exchanged. */
#define MOST_CELLS (4 * 1000 * 1000)

/* The longest common subsequence of what is between first and the last lines that differ. */
static void
compare_middle (GArray *a, GArray *b, guint first, guint end_a, guint end_b, GArray *result)
{
  gsize n = end_a - first;
  gsize m = end_b - first;
  gboolean too_long = n * m > MOST_CELLS;
  g_autofree guint32 *lengths = too_long ? NULL : g_new0 (guint32, (n + 1) * (m + 1));
  gsize i = 0;
  gsize j = 0;

  for (gsize k = n; !too_long && k-- > 0;)
    for (gsize l = m; l-- > 0;)
      lengths[k * (m + 1) + l] = is_same (a, first + k, b, first + l)
                                   ? lengths[(k + 1) * (m + 1) + l + 1] + 1
                                   : MAX (lengths[(k + 1) * (m + 1) + l], lengths[k * (m + 1) + l + 1]);
  while (i < n || j < m)
    if (!too_long && i < n && j < m && is_same (a, first + i, b, first + j))
      {
        append (result, a, first + i++, ' ');
        j++;
      }
    else if (i < n && (too_long || j == m || lengths[(i + 1) * (m + 1) + j] >= lengths[i * (m + 1) + j + 1]))
      append (result, a, first + i++, '-');
    else
      append (result, b, first + j++, '+');
}

/**
 * eros_diff_lines:
 * @before: a text
 * @after: another one
 *
 * Returns: (transfer full) (element-type ErosDiffLine): the lines of both
 */
GArray *
eros_diff_lines (const char *before, const char *after)
{
  g_autoptr (GArray) a = split (before);
  g_autoptr (GArray) b = split (after);
  GArray *result = g_array_new (FALSE, FALSE, sizeof (ErosDiffLine));
  guint first = 0;
  guint end_a = a->len;
  guint end_b = b->len;

  while (first < a->len && first < b->len && is_same (a, first, b, first))
    append (result, a, first++, ' ');
  while (end_a > first && end_b > first && is_same (a, end_a - 1, b, end_b - 1))
    end_a--, end_b--;
  compare_middle (a, b, first, end_a, end_b, result);
  for (guint i = end_a; i < a->len; i++)
    append (result, a, i, ' ');
  return result;
}
