/* eros-watcher.h: makes the rounds of the watch when they are due, as long as the deployment is open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-session.h"

G_BEGIN_DECLS

#define EROS_TYPE_WATCHER (eros_watcher_get_type ())
G_DECLARE_FINAL_TYPE (ErosWatcher, eros_watcher, EROS, WATCHER, GObject)

ErosWatcher *eros_watcher_new (ErosSession *session);
/* One round, now. */
void eros_watcher_look (ErosSession *session);

G_END_DECLS
