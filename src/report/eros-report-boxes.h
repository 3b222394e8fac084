/* eros-report-boxes.h: whose signatures a report has room for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-pdf-boxes.h"
#include "eros-runbook.h"
#include "eros-signer.h"

G_BEGIN_DECLS

/* Reserves a box for each sign-off of the runbook, and signs in the first, which is the report's own. */
GBytes *eros_report_sign_first (GBytes *pdf, ErosRunbook *runbook, ErosSigner *signer, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* The sign-off that a box is for. (transfer none) (nullable) */
ErosElement *eros_report_find_sign_off (ErosRunbook *runbook, const char *box);

/* In a worker thread: verifies REPORT, signs in the box that ROLE names (by its name, or by its title with hyphens:
 * "technical-lead"), and writes OUTPUT, which may be the same file. */
void     eros_report_countersign_async (GFile              *report,
                                        ErosSigner         *signer,
                                        const char         *role,
                                        GFile              *output,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
gboolean eros_report_countersign_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
