/* eros-now-bar.h: on every page: what is wrong, what is next, and the way back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-situation.h"

G_BEGIN_DECLS

#define EROS_TYPE_NOW_BAR (eros_now_bar_get_type ())
G_DECLARE_FINAL_TYPE (ErosNowBar, eros_now_bar, EROS, NOW_BAR, AdwBin)

void eros_now_bar_set_situation (ErosNowBar *self, ErosSituation *situation);

G_END_DECLS
