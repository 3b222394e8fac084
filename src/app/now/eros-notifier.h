/* eros-notifier.h: tells the desktop what is wrong and what has ended, while nobody looks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-situation.h"

G_BEGIN_DECLS

#define EROS_TYPE_NOTIFIER (eros_notifier_get_type ())
G_DECLARE_FINAL_TYPE (ErosNotifier, eros_notifier, EROS, NOTIFIER, GObject)

ErosNotifier *eros_notifier_new (ErosSituation *situation);
/* Whether somebody looks at the deployment: what has ended is seen then. */
void eros_notifier_set_watched (ErosNotifier *self, gboolean is_watched);

G_END_DECLS
