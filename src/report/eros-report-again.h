/* eros-report-again.h: whether a report says what the record makes that it carries
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-report-record.h"

G_BEGIN_DECLS

/* Makes the report again of the RECORD that it carries. SAME: (out): whether its pages and what is attached come out
 * byte for byte. Fails with EROS_REPORT_ERROR_OTHER_RECORD when something is attached that the record does not make, or
 * is not, that it does. */
gboolean eros_report_make_again (GFile *report, ErosReportRecord *record, gboolean *same, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
