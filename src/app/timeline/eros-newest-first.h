/* eros-newest-first.h: a list from its end
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define EROS_TYPE_NEWEST_FIRST (eros_newest_first_get_type ())
G_DECLARE_FINAL_TYPE (ErosNewestFirst, eros_newest_first, EROS, NEWEST_FIRST, GObject)

GListModel *eros_newest_first_new (GListModel *model);

G_END_DECLS
