/* eros-mail.h: an e-mail that is begun here and sent by whoever reads it over
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void eros_mail_compose (GtkWidget *widget, const char *subject, const char *body, GFile *attachment);

G_END_DECLS
