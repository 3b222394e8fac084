/* eros-finding.h: one thing that a connection test looked at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* Properties: what, outcome, message, advice. */
#define EROS_TYPE_FINDING (eros_finding_get_type ())
G_DECLARE_FINAL_TYPE (ErosFinding, eros_finding, EROS, FINDING, GObject)

/* Takes message and advice (nullable). */
ErosFinding *eros_finding_new (const char *what, ErosOutcome outcome, char *message, char *advice);
const char  *eros_finding_get_what (ErosFinding *self); /* "Data set eros_platform" */
ErosOutcome  eros_finding_get_outcome (ErosFinding *self);
const char  *eros_finding_get_message (ErosFinding *self);
const char  *eros_finding_get_advice (ErosFinding *self); /* (nullable) what to do, whom to ask for what */

G_END_DECLS
