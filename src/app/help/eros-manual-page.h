/* eros-manual-page.h: a page of the manual, written in Markdown, as widgets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

GtkWidget *eros_manual_page_new (const char *markdown);
/* What stands in its first heading. (transfer full) */
char *eros_manual_page_find_title (const char *markdown);

G_END_DECLS
