/* eros-report-private.h: what the files of this room share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-report-document-private.h"
#include "eros-report-record.h"

G_BEGIN_DECLS

/* Pages and attachments, as they are before anybody signs. (transfer full) */
GBytes *eros_report_make_pdf (ErosReportDocument *document,
                              GCancellable       *cancellable,
                              GError            **error) G_GNUC_WARN_UNUSED_RESULT;
/* The events that a report carries, in a deployment made of them, which is gone with it. (transfer full) */
ErosDeployment *eros_report_record_open (ErosReportRecord *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The SHA-256 of each file that PDF carries. (transfer full): a set */
GHashTable *eros_report_digest_attached (GBytes *pdf, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
