/* eros-plan-copy.h: a copy of the data set, on which a deployment can be tried
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-inventory.h"
#include "eros-work.h"

G_BEGIN_DECLS

/* The steps that make a copy and remove it, as the journal names them; CREATE notes the data set's name before. */
#define EROS_PLAN_COPY_CREATE "copy/create"
#define EROS_PLAN_COPY_REMOVE "copy/remove"

/* A deployment of the copy, with a record of its own that is gone with it, and a client for the copy. */
typedef struct
{
  ErosDeployment *deployment;
  ErosBigQuery   *big_query;
} ErosCopy;

ErosCopy *eros_copy_new (ErosWork *work, const char *dataset, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void      eros_copy_free (ErosCopy *self);

/* Work with the copy: its tables as clones of those in SOURCE as they were at AS_OF (TIMESTAMP text), … */
ErosWork *eros_copy_make_tables (ErosCopy            *self,
                                 ErosConnection      *source_connection,
                                 const ErosInventory *source,
                                 const char          *as_of);
/* … and all that is made again from its definition. */
ErosWork *eros_copy_make_objects (ErosCopy *self, const ErosInventory *source);
/* What is not in the copy as it is in SOURCE. (transfer full) (element-type utf8) */
GPtrArray *eros_copy_list_differences (const ErosInventory *source, const ErosInventory *copy);

/* Makes the empty data set, which is OWNER's (the id of an operation) and whose tables expire. */
void     eros_copy_create_async (ErosBigQuery        *big_query,
                                 const ErosInventory *source,
                                 const char          *dataset,
                                 const char          *owner,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data);
gboolean eros_copy_create_finish (GAsyncResult *result, GError **error);
/* Removes every copy that this deployment has made and not removed: none that is not its own, none twice. */
void     eros_copy_remove_all_async (ErosDeployment     *deployment,
                                     ErosBigQuery       *big_query,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
gboolean eros_copy_remove_all_finish (GAsyncResult *result, guint *n_removed, GError **error);
/* Whether there is any, according to the record. */
gboolean eros_copy_is_left (ErosDeployment *deployment);

G_END_DECLS
