/* eros-evidence-row.h: what the machine did to answer a check
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-check-row.h"
#include "eros-session.h"

G_BEGIN_DECLS

GtkWidget *eros_evidence_row_new (ErosSession *session, ErosCheckRow *check);

G_END_DECLS
