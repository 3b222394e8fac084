/* eros-shape.h: a rehearsal's data set, made from the inventory of another
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-connection.h"
#include "eros-deployment.h"
#include "eros-inventory.h"

G_BEGIN_DECLS

/* An object that is not in the rehearsal's data set. */
typedef struct
{
  char    *kind;
  char    *name;
  char    *why;      /* for people */
  gboolean is_meant; /* no rehearsal has it: who may do what, scheduled queries */
} ErosShapeGap;

/* Keeps the inventory in the folder of a rehearsal's data: its BigQuery then starts without any data. */
gboolean eros_shape_prepare (GFile *data, const ErosInventory *inventory, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_shape_is_prepared (GFile *data);

/* Makes bucket, data set, tables, views and routines, as far as the BigQuery at CONNECTION can hold them. */
void eros_shape_make_async (ErosConnection      *connection,
                            const ErosInventory *inventory,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data);
/* (transfer full) (nullable) (element-type ErosShapeGap): what it is without; NULL: an error */
GPtrArray *eros_shape_make_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes down what the rehearsal is like. */
gboolean eros_shape_record (ErosDeployment *deployment, const ErosInventory *inventory, GPtrArray *gaps, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) (nullable): whether DEPLOYMENT's data set, as far as it is on record, still is what the operation was
 * rehearsed on, as a sentence. NULL: nobody has rehearsed it on a data set made like another, or it is not known what
 * it is now. */
char *eros_shape_describe_drift (ErosDeployment *deployment, const char *operation);

G_END_DECLS
