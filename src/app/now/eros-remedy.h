/* eros-remedy.h: the button that does something about what is wrong, or about what is next
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-situation.h"

G_BEGIN_DECLS

/* Hidden where there is none. */
void        eros_remedy_offer (GtkButton *button, ErosProblem *problem);
void        eros_remedy_offer_other (GtkButton *button, ErosProblem *problem);
void        eros_remedy_offer_next (GtkButton *button, const ErosNext *next);
void        eros_remedy_lead_to (GtkButton *button, const char *place);
const char *eros_remedy_get_icon (ErosProblem *problem);
const char *eros_remedy_get_style (ErosProblem *problem);
char       *eros_remedy_describe_next (const ErosNext *next);

G_END_DECLS
