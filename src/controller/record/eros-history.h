/* eros-history.h: operations as the journal tells of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"
#include "eros-operation.h"

G_BEGIN_DECLS

/* Folds events into one operation, whose steps may be known already or are added as they come. */
typedef struct _ErosHistory ErosHistory;
ErosHistory                *eros_history_new (ErosOperation *operation);
void                        eros_history_free (ErosHistory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosHistory, eros_history_free)
void eros_history_know_step (ErosHistory *self, const char *id, ErosStep *step);
void eros_history_fold (ErosHistory *self, ErosEvent *event);
/* After the last event. writable: nobody else runs it, so what has not ended has been cut off. */
void eros_history_end (ErosHistory *self, gboolean writable);

/* The operations on record, newest last, as their last run left them: from the journal alone, without a service.
 * (transfer full) of ErosOperation */
GListModel *eros_history_read (ErosDeployment *deployment);

G_END_DECLS
