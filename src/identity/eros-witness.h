/* eros-witness.h: an authority's word for how far a journal was, and when
 *
 * A chain whose writer holds the file can be written anew as a whole, with every key in hand. What cannot be written
 * anew is somebody else's time stamp on its head.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"
#include "eros-trust.h"

G_BEGIN_DECLS

/* Whether an authority is configured (eros_time_stamp_get_authority ()), and since the journal was last witnessed the
 * deployment was created, an operation has ended, or somebody has signed. */
gboolean eros_witness_is_due (ErosDeployment *deployment);
/* Asks the authority for a time stamp on the journal's head, and keeps it as an event. */
void     eros_witness_async (ErosDeployment     *deployment,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data);
gboolean eros_witness_finish (ErosDeployment *deployment,
                              GAsyncResult   *result,
                              GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* From now on does so whenever it is due, until the deployment is closed. What cannot be witnessed is tried again at
 * the next milestone. */
void eros_witness_watch (ErosDeployment *deployment);

/* What is witnessed of a journal. */
typedef struct
{
  guint    n_events;  /* the first that many … */
  gint64   time;      /* … were there at this time, in seconds since 1970 */
  char    *authority; /* as this authority says */
  gboolean is_trusted;
} ErosWitnessed;
void eros_witnessed_free (ErosWitnessed *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosWitnessed, eros_witnessed_free)
/* Checks every time stamp that EVENTS (of ErosEvent, whose chain is whole) hold, offline. *WITNESSED: (out) (nullable):
 * the newest, of an authority that is trusted if there is one; NULL: there is none. Returns FALSE when one is wrong. */
gboolean eros_witness_check (GListModel *events, const ErosTrust *trust, ErosWitnessed **witnessed, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
