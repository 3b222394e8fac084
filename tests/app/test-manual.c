/* test-manual.c: the manual says what there is, leads where it says, and opens where help was asked for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "app-test.h"

#include "eros-deployment-view.h"
#include "eros-manual.h"
#include "eros-manual-page.h"

static GtkStack *
pages_of (GtkWindow *manual)
{
  return GTK_STACK (app_test_find (GTK_WIDGET (manual), GTK_TYPE_STACK, NULL, NULL));
}

static char *
read_page (const char *name)
{
  g_autofree char *path = g_strconcat (EROS_RESOURCE_BASE "/manual/", name, ".md", NULL);
  g_autoptr (GBytes) text = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert_nonnull (text);
  return g_strdup (g_bytes_get_data (text, NULL));
}

static void
collect (GtkWidget *widget, GString *words)
{
  if (GTK_IS_LABEL (widget))
    g_string_append_printf (words, "%s\n", gtk_label_get_text (GTK_LABEL (widget)));
  if (GTK_IS_TEXT_VIEW (widget))
    {
      g_autofree char *text = NULL;

      g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget)), "text", &text, NULL);
      g_string_append_printf (words, "%s\n", text);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, words);
}

/* Each word of it, whatever marks it up. */
static void
assert_shows_all (GtkWidget *page, const char *markdown)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autoptr (GRegex) link = g_regex_new ("\\]\\([^)]*\\)", 0, 0, NULL);
  g_autofree char *source = g_regex_replace_literal (link, markdown, -1, 0, " ", 0, NULL);
  g_auto (GStrv) words = g_strsplit_set (source, " \n#*`[]|<>", -1);

  collect (page, shown);
  for (guint i = 0; words[i] != NULL; i++)
    if (g_str_has_prefix (words[i], "--") && strspn (words[i], "-") == strlen (words[i]))
      continue;
    else if (strcmp (words[i], "-") != 0 && strcmp (words[i], "sh") != 0 && strcmp (words[i], "json") != 0 &&
             !g_regex_match_simple ("^\\d+\\.$", words[i], 0, 0))
      g_assert_nonnull (strstr (shown->str, words[i]));
}

static void
follow (GtkWidget *widget, GtkStack *pages, guint *n_links)
{
  const char *markup = GTK_IS_LABEL (widget) ? gtk_label_get_label (GTK_LABEL (widget)) : "";
  g_autoptr (GRegex) link = g_regex_new ("href=\"([^\"]*)\"", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  for (g_regex_match (link, markup, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *uri = g_match_info_fetch (match, 1);
      gboolean handled = FALSE;

      g_signal_emit_by_name (widget, "activate-link", uri, &handled);
      g_assert_true (handled);
      g_assert_true (g_str_has_prefix (uri, gtk_stack_get_visible_child_name (pages)));
      (*n_links)++;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    follow (child, pages, n_links);
}

static void
test_pages (void)
{
  GtkWindow *manual = eros_manual_new (NULL, "start");
  GtkStack *pages = pages_of (manual);
  g_autoptr (GListModel) list = G_LIST_MODEL (gtk_stack_get_pages (pages));
  guint n_links = 0;

  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 9);
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (list, i);
      GtkStackPage *one = GTK_STACK_PAGE (item);
      g_autofree char *markdown = read_page (gtk_stack_page_get_name (one));

      gtk_stack_set_visible_child_name (pages, gtk_stack_page_get_name (one));
      assert_shows_all (gtk_stack_page_get_child (one), markdown);
      g_assert_true (g_str_has_prefix (markdown + 2, gtk_stack_page_get_title (one)));
      follow (gtk_stack_page_get_child (one), pages, &n_links);
    }
  g_assert_cmpuint (n_links, >=, 5);
  gtk_window_destroy (manual);
}

static const char *
visible (GtkWindow *manual)
{
  return gtk_stack_get_visible_child_name (pages_of (manual));
}

static void
test_help_is_about_the_page (void)
{
  static const char *const places[][2] = { { "now", "conducting" },
                                           { "preparation", "connecting" },
                                           { "deployment", "conducting" },
                                           { "rollback", "going-back" },
                                           { "report", "signing" } };
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);
  GtkWidget *view = app_test_find (GTK_WIDGET (window), EROS_TYPE_DEPLOYMENT_VIEW, NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      GtkWindow *manual;

      eros_deployment_view_set_page (EROS_DEPLOYMENT_VIEW (view), places[i][0]);
      manual = eros_manual_new (GTK_WINDOW (window), eros_window_get_page (window));
      g_assert_cmpstr (visible (manual), ==, places[i][1]);
      gtk_window_destroy (manual);
    }
  app_test_close_window (window);
}

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);
  g_test_add_func ("/app/manual/each-page-shows-all-its-words-and-leads-where-it-says", test_pages);
  g_test_add_func ("/app/manual/help-opens-at-what-the-page-is-about", test_help_is_about_the_page);
  return g_test_run ();
}
