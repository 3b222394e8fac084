/* eros-unfinished.h: which operations were begun, and have not ended well
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

typedef struct
{
  char       *id;
  char       *kind;
  char       *title;
  char       *outcome; /* (nullable): of its last attempt; NULL: its end is not on record */
  char       *owed;    /* (nullable): it has ended well, and this is still to be done */
  gint64      begun;   /* µs since 1970 */
  JsonObject *arguments;
} ErosUnfinished;
void eros_unfinished_unref (ErosUnfinished *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosUnfinished, eros_unfinished_unref)

/* (transfer full): of ErosUnfinished, newest first */
GPtrArray *eros_unfinished_list (ErosDeployment *deployment);
/* KIND: (nullable): any that is gone on with, and not made anew. (transfer full) (nullable): the newest */
ErosUnfinished *eros_unfinished_find (ErosDeployment *deployment, const char *kind);

G_END_DECLS
