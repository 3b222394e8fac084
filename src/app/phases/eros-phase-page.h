/* eros-phase-page.h: a page of the runbook
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-session.h"

G_BEGIN_DECLS

#define EROS_TYPE_PHASE_PAGE (eros_phase_page_get_type ())
G_DECLARE_FINAL_TYPE (ErosPhasePage, eros_phase_page, EROS, PHASE_PAGE, AdwBin)

GtkWidget *eros_phase_page_new (ErosSession *session, ErosPhase *phase);
GtkWidget *eros_phase_page_new_appendix (ErosSession *session);
GtkWidget *eros_phase_page_new_overview (ErosSession *session);

G_END_DECLS
