/* eros-signature-check.h: what holds of one signature, whoever has made it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cms.h"
#include "eros-pdf-file.h"
#include "eros-report-verify.h"

G_BEGIN_DECLS

/* What a signature covers: everything up to the end of a revision but the very string that holds it. */
GBytes *eros_signature_covered (ErosPdfFile *file, const ErosPdfObject *dictionary, int *revision, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* The time that it claims. (transfer full) (nullable) */
GDateTime *eros_signature_time (const ErosPdfObject *string);
/* Fills in who signed, when, and who vouches for it; FALSE when the times cannot be. */
gboolean eros_signature_describe (ErosReportSignature *self,
                                  const ErosCms       *cms,
                                  gint64               claimed,
                                  const ErosTrust     *trust,
                                  GError             **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
