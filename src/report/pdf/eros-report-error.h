/* eros-report-error.h: why there is no report, or none that can be trusted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define EROS_REPORT_ERROR (eros_report_error_quark ())
typedef enum
{
  EROS_REPORT_ERROR_FAILED,    /* could not be laid out or written */
  EROS_REPORT_ERROR_NOT_A_PDF, /* or one that we do not read */
  EROS_REPORT_ERROR_NOT_SIGNED,
  EROS_REPORT_ERROR_BAD_SIGNATURE, /* message says which signature and why */
  EROS_REPORT_ERROR_NO_RECORD,     /* it does not carry its deployment's events */
  EROS_REPORT_ERROR_OTHER_RECORD,  /* they are not those of the journal; message says from where on */
} ErosReportError;
GQuark eros_report_error_quark (void);

G_END_DECLS
