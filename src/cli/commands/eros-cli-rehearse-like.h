/* eros-cli-rehearse-like.h: a rehearsal on the shape of another data set
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-service.h"
#include "eros-inventory.h"

G_BEGIN_DECLS

/* What it is to be like, before anything is made. */
typedef struct
{
  ErosCliService service;   /* the deployment that was named, if it was one */
  ErosInventory *inventory; /* (nullable): the program's own data */
} ErosCliLike;

void eros_cli_like_clear (ErosCliLike *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ErosCliLike, eros_cli_like_clear)

gboolean eros_cli_like_read (ErosCliLike *self, const char *what, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In the place of the program's own: (nullable) */
ErosRunbook *eros_cli_like_get_runbook (ErosCliLike *self);
/* Makes the data set, and says what it is without. LEAVE_OUT: go on without what cannot be held. */
gboolean eros_cli_like_make (ErosCliLike    *self,
                             ErosDeployment *deployment,
                             ErosConnection *connection,
                             gboolean        leave_out,
                             GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
