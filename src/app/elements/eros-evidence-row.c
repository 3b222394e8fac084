/* eros-evidence-row.c: what the machine did to answer a check
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-evidence-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-code-view.h"
#include "eros-format.h"
#include "eros-grid.h"
#include "eros-result-window.h"

static const struct
{
  const char *member;
  const char *label;
} known[] = {
  { "job_id", N_ ("Job") },
  { "started", N_ ("Started") },
  { "ended", N_ ("Ended") },
  { "duration", N_ ("Took") },
  { "bytes", N_ ("Bytes processed") },
  { "bytes_billed", N_ ("Bytes billed") },
  { "slot_ms", N_ ("Slot time, ms") },
  { "location", N_ ("Location") },
  { "expected", N_ ("Expected") },
  { "error", N_ ("Error") },
};

static const char *
label_of (const char *member)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i].member, member))
      return _ (known[i].label);
  return member;
}

/* One value of the evidence, as people read it; structures stay JSON. */
static char *
format_value (const char *member, JsonNode *node)
{
  gboolean is_integer = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64;

  if (is_integer && g_str_has_prefix (member, "bytes"))
    return g_format_size_full (json_node_get_int (node), G_FORMAT_SIZE_LONG_FORMAT);
  if (is_integer && (g_str_equal (member, "started") || g_str_equal (member, "ended")))
    return eros_format_time (json_node_get_int (node));
  if (is_integer)
    return g_strdup_printf ("%'" G_GINT64_FORMAT, json_node_get_int (node));
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  if (JSON_NODE_HOLDS_NULL (node))
    /* Translators: a value that BigQuery knows nothing about */
    return g_strdup (_ ("none"));
  return json_to_string (node, FALSE);
}

static gboolean
is_table (JsonNode *node)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  array = json_node_get_array (node);
  return json_array_get_length (array) > 0 && JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, 0));
}

static void
add_table (GtkBox *box, JsonArray *rows)
{
  JsonObject *first = json_array_get_object_element (rows, 0);
  g_autoptr (GList) members = json_object_get_members (first);
  g_autoptr (ErosGrid) grid = eros_grid_new ();

  for (GList *l = members; l != NULL; l = l->next)
    eros_grid_add_column (grid, l->data);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonNode *row = json_array_get_element (rows, i);

      eros_grid_begin_row (grid);
      for (GList *l = members; l != NULL; l = l->next)
        {
          JsonNode *cell = JSON_NODE_HOLDS_OBJECT (row)
                             ? json_object_get_member (json_node_get_object (row), l->data)
                             : NULL;
          g_autofree char *text = cell != NULL ? format_value (l->data, cell) : g_strdup ("");

          eros_grid_add_text (grid, text);
        }
    }
  gtk_box_append (box, eros_grid_end (grid));
}

/* Of a query that found something: what changes data, copies or fails has no rows. */
static void
add_rows_button (GtkBox *box, JsonObject *job, const char *title)
{
  const char *job_id = json_object_get_string_member_with_default (job, "job_id", NULL);

  if (job_id != NULL && !json_object_has_member (job, "affected_rows") &&
      !json_object_has_member (job, "error"))
    gtk_box_append (box,
                    eros_result_window_make_button (
                      job_id, json_object_get_string_member_with_default (job, "location", NULL), title));
}

static void
add_job (GtkBox *box, JsonObject *job, const char *title)
{
  g_autoptr (GList) members = json_object_get_members (job);
  g_autoptr (ErosGrid) facts = eros_grid_new ();
  JsonArray *table = NULL;

  if (json_object_has_member (job, "sql"))
    gtk_box_append (box,
                    eros_code_view_new (json_object_get_string_member_with_default (job, "sql", ""), "sql"));
  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonNode *node = json_object_get_member (job, l->data);
      g_autofree char *text = NULL;

      if (g_str_equal (l->data, "sql"))
        continue;
      if (is_table (node))
        {
          table = json_node_get_array (node);
          continue;
        }
      text = format_value (l->data, node);
      eros_grid_begin_row (facts);
      eros_grid_add_heading (facts, label_of (l->data));
      eros_grid_add_text (facts, text);
    }
  gtk_box_append (box, eros_grid_end (facts));
  if (table != NULL)
    add_table (box, table);
  add_rows_button (box, job, title);
}

static void
fill (GtkListBoxRow *row, JsonNode *evidence, const char *title)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_widget_add_css_class (box, "eros-content");
  if (JSON_NODE_HOLDS_OBJECT (evidence))
    add_job (GTK_BOX (box), json_node_get_object (evidence), title);
  else if (JSON_NODE_HOLDS_ARRAY (evidence))
    {
      JsonArray *array = json_node_get_array (evidence);

      for (guint i = 0; i < json_array_get_length (array); i++)
        if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, i)))
          add_job (GTK_BOX (box), json_array_get_object_element (array, i), title);
    }
  gtk_list_box_row_set_child (row, box);
}

/* Filled only while it shows: most evidence is never looked at. */
static void
update (ErosCheckRow *check, GParamSpec *pspec, GtkListBoxRow *row)
{
  ErosItem *item = eros_check_row_get_item (check);
  JsonNode *evidence = eros_item_get_evidence (item);
  g_autofree char *title = eros_format_plain (eros_element_get_label (eros_item_get_element (item)));
  gboolean expanded;

  g_object_get (check, "expanded", &expanded, NULL);
  expanded = expanded && evidence != NULL;
  gtk_list_box_row_set_child (row, NULL);
  if (expanded)
    fill (row, evidence, title);
  gtk_widget_set_visible (GTK_WIDGET (row), expanded);
}

static void
evidence_changed_cb (ErosItem *item, GParamSpec *pspec, GtkListBoxRow *row)
{
  update (g_object_get_data (G_OBJECT (row), "check"), NULL, row);
}

/**
 * eros_evidence_row_new:
 * @session: the open deployment
 * @check: the row of a check box
 *
 * Makes the row that stands under @check while that is expanded: the statements, their jobs, and what they
 * answered.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_evidence_row_new (ErosSession *session, ErosCheckRow *check)
{
  GtkWidget *row = gtk_list_box_row_new ();
  ErosItem *item = eros_check_row_get_item (check);

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_add_css_class (row, "eros-nested");
  eros_accessible_set_name (row, _ ("Evidence"));
  g_object_set_data (G_OBJECT (row), "check", check);
  eros_result_window_add_action (row, session);
  g_signal_connect_object (check, "notify::expanded", G_CALLBACK (update), row, 0);
  g_signal_connect_object (item, "notify::evidence", G_CALLBACK (evidence_changed_cb), row, 0);
  update (check, NULL, GTK_LIST_BOX_ROW (row));
  return row;
}
