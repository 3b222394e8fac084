/* eros-template-row.h: a message to send, its placeholders filled in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_TYPE_TEMPLATE_ROW (eros_template_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosTemplateRow, eros_template_row, EROS, TEMPLATE_ROW, GtkListBoxRow)

GtkWidget *eros_template_row_new (ErosDeployment *deployment, ErosElement *element);
char      *eros_template_row_get_text (ErosTemplateRow *self, char **subject);

G_END_DECLS
