/* test-layout.c: every page in every state at every size: the four answers stand, nothing is clipped or too
 * wide
 *
 * Judged by the widgets' own allocations. At the narrowest size all states are looked at; at the others two
 * of them, or all with EROS_LAYOUT=full. With EROS_SHOTS=FOLDER a picture of each is left there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <math.h>
#include <string.h>

#include "app-test.h"

#include "eros-now-bar.h"
#include "eros-plan-dialog.h"
#include "eros-window.h"

/* 300 letters without a break. */
#define WORD  "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"
#define WORDS WORD WORD WORD WORD

static const struct
{
  int width;
  int height;
} sizes[] = { { 720, 560 }, { 1180, 800 }, { 1920, 1080 } };

static const char *const pages[] = { "now",        "overview",   "preparation", "backup",
                                     "validation", "deployment", "monitoring",  "rollback",
                                     "sign-off",   "follow-up",  "contacts" };

/* ---- states -------------------------------------------------------------------------------------------- */

static void
record (ErosSession *session, const char *kind, const char *json)
{
  g_autoptr (JsonNode) body = json_from_string (json, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (body);
  eros_deployment_record (eros_session_get_deployment (session), kind, body, &error);
  g_assert_no_error (error);
}

static void
operate (ErosSession *session, const char *operation, const char *outcome)
{
  g_autofree char *begun =
    g_strdup_printf ("{\"id\":\"%s\",\"operation\":\"%s\",\"title\":\"Work on %s\",\"arguments\":{}}",
                     operation, operation, operation);
  g_autofree char *ended =
    g_strdup_printf ("{\"id\":\"%s\",\"operation\":\"%s\",\"outcome\":\"%s\",\"error\":\"no quota is left\"}",
                     operation, operation, outcome);

  record (session, "operation.started", begun);
  if (outcome[0] != '\0')
    record (session, "operation.ended", ended);
}

static void
fail_check (ErosSession *session, const char *element, const char *summary)
{
  g_autoptr (GError) error = NULL;

  eros_deployment_record_check (eros_session_get_deployment (session), element, EROS_OUTCOME_FAIL, summary,
                                NULL, &error);
  g_assert_no_error (error);
}

static void
make_empty (ErosSession *session)
{
}

static void
make_failed (ErosSession *session)
{
  fail_check (session, "preparation.environment.network", "no route to bigquery.googleapis.com");
  operate (session, "backup", "error");
}

static void
make_stopped (ErosSession *session)
{
  operate (session, "backup", "pass");
  operate (session, "deploy-phase1", "cancelled");
}

static void
make_rolled_back (ErosSession *session)
{
  operate (session, "deploy-phase1", "pass");
  operate (session, "rollback", "pass");
}

static void
make_long (ErosSession *session)
{
  ErosDeployment *deployment = eros_session_get_deployment (session);
  g_autoptr (GError) error = NULL;

  fail_check (session, "preparation.environment.network", WORDS);
  eros_deployment_set_note (deployment, "preparation.environment.client", WORDS, &error);
  g_assert_no_error (error);
  eros_deployment_set_value (deployment, "contacts.technical-lead.name", WORDS, &error);
  g_assert_no_error (error);
  eros_deployment_set_value (deployment, "details.backup-location", "gs://b/" WORDS "/", &error);
  g_assert_no_error (error);
  eros_deployment_override (deployment, "gate.backup", WORD, WORDS, &error);
  g_assert_no_error (error);
  eros_deployment_tick_by_decision (deployment, "preparation.environment.network", WORDS, &error);
  g_assert_no_error (error);
}

static const struct
{
  const char *name;
  void (*make) (ErosSession *session);
  gboolean read_only;
} states[] = {
  { "empty", make_empty, FALSE },
  { "long", make_long, FALSE },
  { "failed", make_failed, FALSE },
  { "stopped", make_stopped, FALSE },
  { "rolled-back", make_rolled_back, FALSE },
  { "read-only", make_stopped, TRUE },
};

/* ---- what is looked at --------------------------------------------------------------------------------- */

typedef struct
{
  GtkWidget *window;
  const char *state;
  const char *page;
  int width;
  GString *wrong;
} Look;

/* Whatever is wider than what shows of it can be scrolled to, or is a text that is edited. */
static gboolean
scrolls_sideways (GtkWidget *widget)
{
  GtkPolicyType policy = GTK_POLICY_NEVER;
  GtkWidget *scroller = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);

  if (GTK_IS_TEXT (widget) || gtk_widget_get_ancestor (widget, GTK_TYPE_TEXT) != NULL)
    return TRUE;
  for (; scroller != NULL;
       scroller = gtk_widget_get_parent (scroller) != NULL
                    ? gtk_widget_get_ancestor (gtk_widget_get_parent (scroller), GTK_TYPE_SCROLLED_WINDOW)
                    : NULL)
    {
      gtk_scrolled_window_get_policy (GTK_SCROLLED_WINDOW (scroller), &policy, NULL);
      if (policy != GTK_POLICY_NEVER && scroller != widget)
        return TRUE;
    }
  return FALSE;
}

static void
say (Look *look, GtkWidget *widget, const char *what)
{
  g_autofree char *text =
    GTK_IS_LABEL (widget) ? g_strndup (gtk_label_get_text (GTK_LABEL (widget)), 40) : g_strdup ("");

  if (look->wrong->len < 4000)
    g_string_append_printf (look->wrong, "%s, %s, %d: %s %s “%s”\n", look->state, look->page, look->width,
                            what, G_OBJECT_TYPE_NAME (widget), text);
}

/* Cut off where the whole stands elsewhere, and is heard: with a tooltip. */
static void
look_at_label (Look *look, GtkWidget *label)
{
  int height = 0;

  if (pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))) &&
      gtk_widget_get_tooltip_text (label) == NULL)
    say (look, label, "cut off:");
  pango_layout_get_pixel_size (gtk_label_get_layout (GTK_LABEL (label)), NULL, &height);
  if (gtk_widget_get_height (label) < height)
    say (look, label, "too low:");
}

static void
look_at (Look *look, GtkWidget *widget)
{
  graphene_rect_t bounds;

  /* A screen reader says its class. */
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
      *gtk_label_get_text (GTK_LABEL (widget)) == '\0')
    say (look, gtk_widget_get_parent (widget), "nothing to hear in");
  /* A gizmo is a shade that nobody sees. */
  if (!gtk_widget_get_mapped (widget) || gtk_widget_get_width (widget) == 0 ||
      strcmp (G_OBJECT_TYPE_NAME (widget), "GtkGizmo") == 0)
    return;
  if (gtk_widget_compute_bounds (widget, look->window, &bounds) && !scrolls_sideways (widget) &&
      (floorf (bounds.origin.x) < -1 ||
       ceilf (bounds.origin.x + bounds.size.width) > gtk_widget_get_width (look->window) + 1))
    {
      say (look, widget, "too wide:");
      return;
    }
  if (GTK_IS_LABEL (widget))
    look_at_label (look, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    look_at (look, child);
}

static gboolean
is_seen (GtkWidget *widget, const char *text)
{
  return gtk_widget_get_mapped (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
}

/* Where am I, what is next, what is wrong, how do I get back. */
static void
look_for_answers (Look *look, gboolean is_wrong)
{
  GtkWidget *bar = app_test_find (look->window, EROS_TYPE_NOW_BAR, NULL, NULL);

  if (app_test_find (look->window, GTK_TYPE_LABEL, is_seen, "STAGING") == NULL ||
      app_test_find (look->window, GTK_TYPE_LABEL, is_seen, "eros-staging") == NULL)
    say (look, look->window, "does not say where:");
  if (app_test_find (bar, GTK_TYPE_LABEL, is_seen, "Next: ") == NULL)
    say (look, look->window, "does not say what is next:");
  if (app_test_find (bar, GTK_TYPE_LABEL, is_seen, "Roll Back…") == NULL)
    say (look, look->window, "has no way back:");
  /* The window of the test is over on some days and not on others. */
  if (strcmp (look->state, "long") == 0 &&
      app_test_find (bar, GTK_TYPE_LABEL, is_seen, "window ended") != NULL)
    return;
  if (is_wrong != (app_test_find (bar, GTK_TYPE_LABEL, is_seen,
                                  strcmp (look->state, "rolled-back") == 0 ? "Rolled back at "
                                  : strcmp (look->state, "long") == 0      ? "overridden"
                                  : strcmp (look->state, "failed") == 0    ? "Work on backup"
                                                                        : "Work on deploy-phase1") != NULL))
    say (look, look->window, "does not say what is wrong:");
}

static void
take_picture (Look *look)
{
  const char *folder = g_getenv ("EROS_SHOTS");
  g_autofree char *path = NULL;
  const char *argv[] = { "import", "-window", "root", NULL, NULL };

  if (folder == NULL)
    return;
  path = g_strdup_printf ("%s/%d-%s-%s.png", folder, look->width, look->state, look->page);
  argv[3] = path;
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

static gboolean
has_drawn (gpointer counter)
{
  return *(guint *) counter > 2;
}

static gboolean
count_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer counter)
{
  (*(guint *) counter)++;
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

/* Until what was changed is laid out. */
static void
wait_for_frames (GtkWidget *window)
{
  guint frames = 0;
  guint id = gtk_widget_add_tick_callback (window, count_frame, &frames, NULL);

  app_test_wait (has_drawn, &frames);
  gtk_widget_remove_tick_callback (window, id);
}

static void
look_at_window (guint state, guint size)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (ErosSession) reader = NULL;
  ErosWindow *window = g_object_new (EROS_TYPE_WINDOW, NULL);
  Look look = { GTK_WIDGET (window), states[state].name, NULL, sizes[size].width, g_string_new (NULL) };

  states[state].make (session);
  reader = states[state].read_only ? app_test_reopen (session) : g_object_ref (session);
  gtk_window_set_default_size (GTK_WINDOW (window), sizes[size].width, sizes[size].height);
  eros_window_show (window, reader);
  gtk_window_present (GTK_WINDOW (window));
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      look.page = pages[i];
      gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", pages[i]);
      wait_for_frames (GTK_WIDGET (window));
      if (gtk_widget_get_width (GTK_WIDGET (window)) > sizes[size].width)
        say (&look, GTK_WIDGET (window), "grown:");
      look_at (&look, gtk_widget_get_first_child (GTK_WIDGET (window)));
      look_for_answers (&look, state != 0);
      take_picture (&look);
    }
  gtk_window_destroy (GTK_WINDOW (window));
  app_test_settle ();
  if (look.wrong->len > 0)
    {
      g_test_message ("%s", look.wrong->str);
      g_test_fail ();
    }
  g_string_free (look.wrong, TRUE);
}

static void
test_narrow (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    look_at_window (i, 0);
}

/* ---- other eyes, other languages ----------------------------------------------------------------------- */

/* Every text a third longer, as in many a language. */
static gboolean
lengthen_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer user_data)
{
  GObject *widget = g_value_get_object (values);
  const char *text = GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : "";
  glong n = g_utf8_strlen (text, -1);
  g_autoptr (GString) longer = g_string_new (text);

  if (n < 3 || gtk_label_get_use_markup (GTK_LABEL (widget)) || g_object_get_data (widget, "longer") != NULL)
    return TRUE;
  g_object_set_data (widget, "longer", widget);
  for (glong i = 0; i < (n + 2) / 3; i++)
    g_string_append (longer, i % 7 == 0 ? " " : "m");
  gtk_label_set_text (GTK_LABEL (widget), longer->str);
  return TRUE;
}

static void
set_dark (gboolean on)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      on ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_DEFAULT);
}

static void
set_contrast (gboolean on)
{
  g_object_set (gtk_settings_get_default (), "gtk-theme-name", on ? "Adwaita-hc" : "Adwaita-empty", NULL);
}

static void
set_large_text (gboolean on)
{
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", (on ? 192 : 96) * 1024, NULL);
}

static void
set_right_to_left (gboolean on)
{
  gtk_widget_set_default_direction (on ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
}

static void
set_longer (gboolean on)
{
  static gulong hook = 0;

  if (on)
    hook =
      g_signal_add_emission_hook (g_signal_lookup ("realize", GTK_TYPE_WIDGET), 0, lengthen_cb, NULL, NULL);
  else
    g_signal_remove_emission_hook (g_signal_lookup ("realize", GTK_TYPE_WIDGET), hook);
}

static const struct
{
  const char *name;
  void (*set) (gboolean on);
  guint size;
} variants[] = {
  { "dark", set_dark, 1 },
  { "high contrast", set_contrast, 1 },
  { "text of 200 %", set_large_text, 1 },
  { "right to left", set_right_to_left, 0 },
  { "a third longer", set_longer, 1 },
};

/* One state at one size each; all of them with EROS_LAYOUT=full. */
static void
test_variants (void)
{
  gboolean full = g_strcmp0 (g_getenv ("EROS_LAYOUT"), "full") == 0;

  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_test_message ("%s", variants[i].name);
      variants[i].set (TRUE);
      for (guint state = full ? 0 : 3; state < (full ? G_N_ELEMENTS (states) : 4); state++)
        for (guint size = full ? 0 : variants[i].size; size <= (full ? 2 : variants[i].size); size++)
          look_at_window (state, size);
      variants[i].set (FALSE);
    }
}

static void
test_wide (void)
{
  guint n = g_strcmp0 (g_getenv ("EROS_LAYOUT"), "full") == 0 ? G_N_ELEMENTS (states) : 2;

  for (guint i = 0; i < n; i++)
    {
      look_at_window (i, 1);
      look_at_window (i, 2);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GtkCssProvider) style = gtk_css_provider_new ();

  app_test_init (&argc, &argv);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  /* As the application has it. */
  gtk_css_provider_load_from_resource (style, EROS_RESOURCE_BASE "/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (style),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    EROS_RESOURCE_BASE "/icons");
  g_test_add_func ("/app/layout/every-page-at-the-narrowest", test_narrow);
  g_test_add_func ("/app/layout/every-page-wide", test_wide);
  g_test_add_func ("/app/layout/every-page-for-other-eyes-and-languages", test_variants);
  return g_test_run ();
}
