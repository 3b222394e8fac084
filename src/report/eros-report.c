/* eros-report.c: the report is written, whole or not at all
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report.h"

G_DEFINE_QUARK (eros - report - error - quark, eros_report_error)
