/* eros-session-private.h: what the files of a session share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-session.h"

G_BEGIN_DECLS

struct _ErosSession
{
  GObject parent_instance;

  ErosDeployment *deployment;
  ErosRehearsal  *rehearsal;   /* (nullable): not a rehearsal, or not started yet */
  ErosController *controller;  /* (nullable): no work yet */
  ErosOperation  *operation;   /* (nullable): the one that runs, or has run last in this session */
  GListModel     *history;     /* (nullable): of ErosOperation, from the journal; not read yet */
  GPtrArray      *preparing;   /* (nullable): of GTask that wait for the machine to be ready */
  GCancellable   *cancellable; /* of the work under way */
  GHashTable     *running;     /* set of element ids */
  char           *status;
  gboolean        working; /* an operation runs, or is about to */
  gboolean        busy;
  gboolean        all_passed; /* of the last run */
};

/* FALSE when it may not work now. */
gboolean eros_session_begin_work (ErosSession *self);
void     eros_session_end_work (ErosSession *self, const GError *error);
void     eros_session_set_status (ErosSession *self, const char *status);
void     eros_session_set_operation (ErosSession *self, ErosOperation *operation);

G_END_DECLS
