/* eros-contact-row.h: somebody who can be asked: who, and how to reach them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_TYPE_CONTACT_ROW (eros_contact_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosContactRow, eros_contact_row, EROS, CONTACT_ROW, AdwActionRow)

/* Whether it is a form with an e-mail address or a telephone number. */
gboolean   eros_contact_row_is_for (ErosElement *element);
GtkWidget *eros_contact_row_new (ErosDeployment *deployment, ErosElement *element);

G_END_DECLS
