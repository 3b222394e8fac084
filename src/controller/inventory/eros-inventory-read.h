/* eros-inventory-read.h: reads what a data set is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"
#include "eros-inventory.h"

G_BEGIN_DECLS

/* tables: (nullable): the critical ones, whose rows are counted and fingerprinted too. Changes nothing. */
void           eros_inventory_read_async (ErosBigQuery       *big_query,
                                          const char *const  *tables,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
ErosInventory *eros_inventory_read_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* SQL that gives rows, checksum, and total of a table, as one row: two tables are equal when all three are. reference:
 * a table with its quotes; as_of: (nullable): the text of a timestamp. (transfer full) */
char *eros_fingerprint_sql (const char *reference, const char *as_of);

G_END_DECLS
