/* eros-manual.c: the manual, in a window of its own
 *
 * Its pages are those of docs/manual/, in the program's resources.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-manual.h"

#include "eros-manual-page.h"

#define PAGES EROS_RESOURCE_BASE "/manual/"

struct _ErosManual
{
  AdwWindow parent_instance;
  GtkStack *pages;
};

G_DEFINE_FINAL_TYPE (ErosManual, eros_manual, ADW_TYPE_WINDOW)

/* In the order in which they are listed. */
static const char *const names[] = { "first-rehearsal", "connecting",     "conducting",
                                     "going-wrong",     "going-back",     "signing",
                                     "runbooks",        "local-bigquery", "security" };

/* Which page tells of which page of a deployment; of the others, how one is conducted. */
static const struct
{
  const char *about;
  const char *page;
} subjects[] = {
  { "start", "first-rehearsal" }, { "preparation", "connecting" }, { "monitoring", "going-wrong" },
  { "rollback", "going-back" },   { "contacts", "going-wrong" },   { "sign-off", "signing" },
  { "report", "signing" },
};

static gboolean
link_cb (GtkLabel *label, const char *uri, ErosManual *self)
{
  g_autofree char *name = g_str_has_suffix (uri, ".md") ? g_strndup (uri, strlen (uri) - 3) : NULL;

  if (name == NULL || gtk_stack_get_child_by_name (self->pages, name) == NULL)
    return GDK_EVENT_PROPAGATE;
  gtk_stack_set_visible_child_name (self->pages, name);
  return GDK_EVENT_STOP;
}

static void
follow_links (ErosManual *self, GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    g_signal_connect_object (widget, "activate-link", G_CALLBACK (link_cb), self, 0);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    follow_links (self, child);
}

static GBytes *
read_page (const char *name)
{
  g_autofree char *path = g_strconcat (PAGES, name, ".md", NULL);

  return g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

/* A page is made when it is first looked at. */
static void
visible_cb (ErosManual *self)
{
  GtkWidget *scrolled = gtk_stack_get_visible_child (self->pages);
  const char *name = gtk_stack_get_visible_child_name (self->pages);
  g_autoptr (GBytes) text = NULL;
  GtkWidget *clamp, *page;

  if (scrolled == NULL || gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (scrolled)) != NULL)
    return;
  text = read_page (name);
  page = eros_manual_page_new (g_bytes_get_data (text, NULL));
  follow_links (self, page);
  clamp = g_object_new (ADW_TYPE_CLAMP, "maximum-size", 760, "child", page, "margin-top", 18, "margin-bottom",
                        36, "margin-start", 24, "margin-end", 24, NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
}

static void
eros_manual_class_init (ErosManualClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/manual.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosManual, pages);
  gtk_widget_class_bind_template_callback (widget_class, visible_cb);
}

static void
eros_manual_init (ErosManual *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GBytes) text = read_page (names[i]);
      g_autofree char *title = eros_manual_page_find_title (g_bytes_get_data (text, NULL));
      GtkWidget *scrolled =
        g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER, "hexpand", TRUE, NULL);

      gtk_stack_add_titled (self->pages, scrolled, names[i], title);
    }
}

/**
 * eros_manual_new:
 * @parent: the window it belongs to
 * @about: (nullable): the page of a deployment for which help is asked, “start” for the first window
 *
 * Makes the window with the manual, at the page that tells of @about.
 *
 * Returns: (transfer none): the window
 */
GtkWindow *
eros_manual_new (GtkWindow *parent, const char *about)
{
  ErosManual *self = g_object_new (EROS_TYPE_MANUAL, "transient-for", parent, NULL);
  const char *page = "conducting";

  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++)
    if (g_strcmp0 (about, subjects[i].about) == 0)
      page = subjects[i].page;
  gtk_stack_set_visible_child_name (self->pages, page);
  return GTK_WINDOW (self);
}
