/* eros-cli-changes.h: what has changed in the data set, on the terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* Nothing, when nothing is on record. */
void       eros_cli_print_changes (ErosDeployment *deployment);
JsonArray *eros_cli_changes_to_json (ErosDeployment *deployment);

G_END_DECLS
