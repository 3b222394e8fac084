/* eros-inventory-lists.h: the parts of an inventory that no query gives
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"
#include "eros-inventory.h"

G_BEGIN_DECLS

/* The data set's own options and access entries. */
void eros_inventory_list_dataset_async (ErosBigQuery       *big_query,
                                        ErosInventory      *inventory,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
/* The row access policies of these tables. names: (element-type utf8) */
void eros_inventory_list_policies_async (ErosBigQuery       *big_query,
                                         ErosInventory      *inventory,
                                         GPtrArray          *names,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
/* The scheduled queries that name the data set. */
void eros_inventory_list_schedules_async (ErosBigQuery       *big_query,
                                          ErosInventory      *inventory,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
/* What an access entry is called in an inventory. (transfer full) */
char *eros_inventory_name_access (JsonNode *entry, const char *project, const char *dataset);
/* Of all three: they have been added to the inventory, which must live so long. gap: what is missing otherwise. */
gboolean eros_inventory_list_finish (GAsyncResult *result, const char **gap, GError **error);

G_END_DECLS
