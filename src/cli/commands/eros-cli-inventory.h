/* eros-cli-inventory.h: what a data set is, for the commands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-service.h"
#include "eros-inventory.h"

G_BEGIN_DECLS

ErosInventory *eros_cli_read_inventory (ErosController *controller, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
