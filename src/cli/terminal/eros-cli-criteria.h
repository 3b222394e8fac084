/* eros-cli-criteria.h: how the criteria stand, on a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-private.h"

G_BEGIN_DECLS

/* A line each, once something is known of one. */
void eros_cli_print_criteria (ErosDeployment *deployment);
/* Names those to roll back by that are reached, unless it is to be QUIET; FALSE: there is none. */
gboolean   eros_cli_print_reached (ErosDeployment *deployment, gboolean quiet);
JsonArray *eros_cli_criteria_to_json (ErosDeployment *deployment);

G_END_DECLS
