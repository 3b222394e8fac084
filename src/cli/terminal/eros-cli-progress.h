/* eros-cli-progress.h: a line for each thing that happens
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-private.h"

G_BEGIN_DECLS

/* "10:31:07 ✔ TEXT: DETAIL"; DETAIL may be NULL. */
void eros_cli_progress_line (const char *symbol, const char *text, const char *detail);
/* From here on, a line for each mark, signature and finding that DEPLOYMENT has stored: what is printed is on disk. */
void eros_cli_progress_watch (ErosDeployment *deployment);

G_END_DECLS
