/* eros-report.h: the record of one deployment on paper: laid out, signed, verified
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-paper.h"
#include "eros-report-document.h"
#include "eros-report-verify.h"
#include "eros-signer.h"

G_BEGIN_DECLS

/* Writes the PDF with journal and runbook attached, and signs it when there is a signer (NULL: unsigned). output is
 * replaced as a whole, or left as it was. A report can be written at any time: it says how far the deployment is. */
void     eros_report_write_async (ErosDeployment     *deployment,
                                  GFile              *output,
                                  ErosSigner         *signer,
                                  ErosPaper           paper,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
gboolean eros_report_write_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
