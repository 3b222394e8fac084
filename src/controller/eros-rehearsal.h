/* eros-rehearsal.h: the BigQuery in the box, started on demand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-connection.h"
#include "eros-deployment.h"

G_BEGIN_DECLS

/* A running eros-bigquery-local with the EROS sample data. It ends when this is disposed, and when this
 * process ends, however that happens. Property "running"; signal "died" (message) when it ends by itself. */
#define EROS_TYPE_REHEARSAL (eros_rehearsal_get_type ())
G_DECLARE_FINAL_TYPE (ErosRehearsal, eros_rehearsal, EROS, REHEARSAL, GObject)

/* captions: 0 for the default of 100,000. endpoint: (nullable): use this server instead of starting one.
 * data: (nullable): a folder that keeps the server's data between starts. */
void           eros_rehearsal_start_async (guint               captions,
                                           const char         *endpoint,
                                           GFile              *data,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
ErosRehearsal *eros_rehearsal_start_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A file for a fresh one among the other deployments, and the folder in which the BigQuery of the deployment
 * in FILE keeps its data. (transfer full) */
GFile          *eros_rehearsal_new_file (void);
GFile          *eros_rehearsal_get_data_folder (GFile *file);
ErosConnection *eros_rehearsal_get_connection (ErosRehearsal *self);
/* Whether the rehearsal's BigQuery holds what DEPLOYMENT has on record as done. */
void     eros_rehearsal_check_data_async (ErosRehearsal      *self,
                                          ErosDeployment     *deployment,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
gboolean eros_rehearsal_check_data_finish (ErosRehearsal *self,
                                           GAsyncResult  *result,
                                           GError       **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same by another runbook than the one that comes with the program. */
ErosDeployment *eros_rehearsal_create_deployment_by (ErosRehearsal *self,
                                                     ErosRunbook   *runbook,
                                                     GFile         *file,
                                                     const char    *actor,
                                                     GError       **error) G_GNUC_WARN_UNUSED_RESULT;
/* A fresh deployment in FILE (NULL: eros_rehearsal_new_file ()), environment rehearsal, with lead and window
 * filled in. */
ErosDeployment *eros_rehearsal_create_deployment (ErosRehearsal *self, GFile *file, const char *actor, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
