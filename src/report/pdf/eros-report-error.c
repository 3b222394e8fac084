/* eros-report-error.c: the error domain of reports
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-error.h"

#include "eros-error-domain.h"

EROS_DEFINE_ERROR_DOMAIN (report)
