/* eros-section-view.h: a section of the runbook as a boxed list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-session.h"

G_BEGIN_DECLS

#define EROS_TYPE_SECTION_VIEW (eros_section_view_get_type ())
G_DECLARE_FINAL_TYPE (ErosSectionView, eros_section_view, EROS, SECTION_VIEW, GtkBox)

GtkWidget *eros_section_view_new (ErosSession *session, ErosSection *section);

G_END_DECLS
