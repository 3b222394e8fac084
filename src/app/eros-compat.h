/* eros-compat.h: the few things that GTK 4.8 and its successors do differently
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;    /* "Deployments" */
  const char *pattern; /* "*.erosdeploy"; several with spaces between them */
} ErosFileFilter;

void   eros_compat_open_file_async (GtkWindow            *parent,
                                    const char           *title,
                                    const ErosFileFilter *filter,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
void   eros_compat_save_file_async (GtkWindow            *parent,
                                    const char           *title,
                                    const char           *file_name,
                                    const ErosFileFilter *filter,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
GFile *eros_compat_choose_file_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#if GTK_CHECK_VERSION(4, 12, 0)
  #define EROS_COMPAT_ALIGN_BASELINE GTK_ALIGN_BASELINE_FILL
#else
  #define EROS_COMPAT_ALIGN_BASELINE GTK_ALIGN_BASELINE
#endif

GdkRGBA eros_compat_get_color (GtkWidget *widget);
void    eros_compat_show_uri (GtkWidget *widget, const char *uri);
void    eros_compat_expander_row_add_suffix (AdwExpanderRow *row, GtkWidget *suffix);

/* A question in the middle of the window. Emits "response" (char *id); an answer closes it. */
GtkWidget *eros_compat_question_new (const char *heading, const char *body);
void       eros_compat_question_add (GtkWidget            *question,
                                     const char           *response,
                                     const char           *label,
                                     AdwResponseAppearance appearance);
void       eros_compat_question_set_child (GtkWidget *question, GtkWidget *child);
void       eros_compat_question_set_enabled (GtkWidget *question, const char *response, gboolean enabled);
void       eros_compat_question_present (GtkWidget *question, GtkWidget *parent);

typedef struct
{
  const char        *name;
  const char        *icon;
  const char        *version;
  const char        *developer;
  const char        *comments;
  const char        *website;
  const char        *debug_info;
  const char *const *developers;
} ErosAbout;

void eros_compat_show_about (GtkWindow *parent, const ErosAbout *about);

G_END_DECLS
