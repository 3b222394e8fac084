/* eros-reason.h: a question that wants a reason
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* WIDGET: what asked; REASON is not empty. */
typedef void (*ErosReasonFunc) (GtkWidget *widget, const char *reason);

void eros_reason_ask (GtkWidget     *widget,
                      const char    *heading,
                      const char    *body,
                      const char    *response,
                      const char    *label,
                      ErosReasonFunc given);

G_END_DECLS
