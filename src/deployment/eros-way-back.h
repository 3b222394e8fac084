/* eros-way-back.h: the way back, proved on a copy of the data set before it is needed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* Events of the journal (docs/journal.md). */

/* What the last proof says; lives as long as its event. */
typedef struct
{
  gint64      time;             /* µs since 1970 */
  const char *inventory_digest; /* of the data set that was copied */
  gint64      rollback_ms;      /* how long the way back took on the copy */
} ErosWayBack;

/* FALSE: there is none since the last deployment began, or the steps that were deployed are not those of the proof. */
gboolean eros_way_back_find (ErosDeployment *deployment, ErosWayBack *way_back);
/* (nullable) (transfer full): a sentence: how long the way back will take, and how one knows. */
char *eros_way_back_describe (ErosDeployment *deployment);
/* Whether the way back from this operation has been proved, and nobody has found since that its steps are others. */
gboolean eros_way_back_is_proved (ErosDeployment *deployment, const char *operation);
/* Before the operation begins: writes down whether the proof was of the steps that it has. */
gboolean eros_way_back_look_for (ErosDeployment *deployment,
                                 const char     *operation,
                                 const char     *sql_sha256,
                                 GError        **error);

G_END_DECLS
