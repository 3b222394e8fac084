/* eros-job-private.h: what the client adds to a job before it hands it out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-job.h"

G_BEGIN_DECLS

/* advice: (transfer full) (nullable): a sentence to follow the server's own */
void eros_job_set_advice (ErosJob *self, char *advice);

G_END_DECLS
