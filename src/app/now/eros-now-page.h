/* eros-now-page.h: the first page: what is next, what is wrong, how far it is, who can be asked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-situation.h"

G_BEGIN_DECLS

#define EROS_TYPE_NOW_PAGE (eros_now_page_get_type ())
G_DECLARE_FINAL_TYPE (ErosNowPage, eros_now_page, EROS, NOW_PAGE, AdwBin)

GtkWidget *eros_now_page_new (ErosSituation *situation);

G_END_DECLS
