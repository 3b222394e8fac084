/* app-test.h: a deployment to show, and waiting for what a window does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-session.h"
#include "eros-window.h"

G_BEGIN_DECLS

void         app_test_init (int *argc, char ***argv);
ErosSession *app_test_new_session (void);
ErosSession *app_test_reopen (ErosSession *session);
GFile       *app_test_get_file (ErosSession *session);

ErosWindow *app_test_open_window (ErosSession *session);
void        app_test_close_window (ErosWindow *window);

typedef gboolean (*AppTestCondition) (gpointer data);
/* Lets the window work until the condition holds; fails after ten seconds. */
void app_test_wait (AppTestCondition condition, gpointer data);
/* Lets the window work off what is pending. */
void app_test_settle (void);

/* The first widget of a type under (or at) a widget, in the order of the page, for which MATCHES says so. */
typedef gboolean (*AppTestMatch) (GtkWidget *widget, const char *detail);
GtkWidget *app_test_find (GtkWidget *root, GType type, AppTestMatch matches, const char *detail);
/* The row of a check box, the entry of a field, a button with this text. */
GtkWidget *app_test_find_check (GtkWidget *root, const char *element_id);
GtkWidget *app_test_find_field (GtkWidget *root, const char *field_id);
/* Whether a label, or code, contains this. */
gboolean app_test_has_label (GtkWidget *root, const char *text);
/* The question that is open, or NULL; and its answer. */
GtkWidget *app_test_get_question (void);
void       app_test_answer (const char *response);

G_END_DECLS
