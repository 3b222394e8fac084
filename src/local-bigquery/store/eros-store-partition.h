/* eros-store-partition.h: one partition of a table, as `table$20251031` names it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-store.h"

G_BEGIN_DECLS

/* `name$id`: TRUE, and both parts; otherwise @table is the whole name. */
gboolean eros_store_partition_split (const char *name, char **table, char **id);

/* SQL that is true of the rows of a partition, in the columns of eros_store_table_source(). */
char *eros_store_partition_condition (ErosStoreTable *table, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean eros_store_partition_count (ErosStoreConnection *connection,
                                     ErosStoreTable      *table,
                                     const char          *id,
                                     gint64              *n_rows,
                                     GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_partition_delete (ErosStoreConnection *connection,
                                      ErosStoreTable      *table,
                                      const char          *id,
                                      GCancellable        *cancellable,
                                      GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether all that the running transaction has written lies in it. */
gboolean eros_store_partition_check (ErosStoreConnection *connection,
                                     ErosStoreTable      *table,
                                     const char          *id,
                                     GError             **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
