/* eros-watch-private.h: what the parts of the watch share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-watch.h"

G_BEGIN_DECLS

/* As eros_watch_judge (), whenever that is: all of its rounds are counted, and none is under way. */
ErosOutcome eros_watch_judge_all (ErosDeployment *deployment, ErosElement *element, gint64 now, char **progress);

/* Whether any schedule knows ELEMENT: there may be no slots yet. */
gboolean eros_watch_knows (ErosDeployment *self, ErosElement *element);

G_END_DECLS
