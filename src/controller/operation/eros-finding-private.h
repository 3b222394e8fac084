/* eros-finding-private.h: how a finding is made
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-controller.h"

G_BEGIN_DECLS

/* Takes message and advice (nullable). */
ErosFinding *eros_finding_new (const char *what, ErosOutcome outcome, char *message, char *advice);

G_END_DECLS
