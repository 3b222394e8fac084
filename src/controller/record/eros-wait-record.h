/* eros-wait-record.h: that work waits for a server, on record
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-connection.h"
#include "eros-deployment.h"

G_BEGIN_DECLS

typedef struct _ErosWaitRecord ErosWaitRecord;

/* Until it is freed. */
ErosWaitRecord *eros_wait_record_new (ErosDeployment *deployment, ErosConnection *connection);
void            eros_wait_record_free (ErosWaitRecord *self);

G_END_DECLS
