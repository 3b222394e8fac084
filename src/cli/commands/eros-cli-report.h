/* eros-cli-report.h: writing a report from the terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-private.h"
#include "eros-report.h"

G_BEGIN_DECLS

GPtrArray *eros_cli_write_report (ErosDeployment *deployment, GFile *output, gboolean is_unsigned, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Where the signature has no time stamp although one was asked for: why. SIGNER: (nullable). */
void eros_cli_complain_of_time (ErosSigner *signer);
void eros_cli_print_verdict (GPtrArray *lines);         /* of ErosVerdictLine */
void eros_cli_print_signatures (GPtrArray *signatures); /* of ErosReportSignature */

G_END_DECLS
