/* eros-cli-inventory.h: what a data set is, for commands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-service.h"
#include "eros-inventory.h"

G_BEGIN_DECLS

/* WHAT: a file with an inventory, or a deployment, which SERVICE then has open. (transfer full) */
ErosInventory *eros_cli_read_inventory (ErosCliService *service,
                                        const char     *what,
                                        GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* tables: (nullable): those whose rows are looked at too */
ErosInventory *eros_cli_read_inventory_over (ErosConnection    *connection,
                                             const char *const *tables,
                                             GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
