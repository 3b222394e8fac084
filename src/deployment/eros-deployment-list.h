/* eros-deployment-list.h: what is in the folder of deployments, for the start view and "list"
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* One file, read once: nothing here changes by itself. */
#define EROS_TYPE_DEPLOYMENT_SUMMARY (eros_deployment_summary_get_type ())
G_DECLARE_FINAL_TYPE (ErosDeploymentSummary, eros_deployment_summary, EROS, DEPLOYMENT_SUMMARY, GObject)

GFile      *eros_deployment_summary_get_file (ErosDeploymentSummary *self);
const char *eros_deployment_summary_get_id (ErosDeploymentSummary *self); /* the file's name without its suffix */
const char *eros_deployment_summary_get_error (
  ErosDeploymentSummary *self); /* (nullable) why it cannot be read; then name is the id and the rest unset */
const char     *eros_deployment_summary_get_name (ErosDeploymentSummary *self);
ErosEnvironment eros_deployment_summary_get_environment (ErosDeploymentSummary *self);
gint64 eros_deployment_summary_get_created (ErosDeploymentSummary *self); /* microseconds, UTC; 0 when unreadable */
gint64 eros_deployment_summary_get_modified (
  ErosDeploymentSummary *self); /* last event, or the file's own time when unreadable */
const char *eros_deployment_summary_get_phase (
  ErosDeploymentSummary *self); /* (nullable) short title of the phase reached */
ErosResult eros_deployment_summary_get_result (ErosDeploymentSummary *self);
guint      eros_deployment_summary_get_done (ErosDeploymentSummary *self);
guint      eros_deployment_summary_get_total (ErosDeploymentSummary *self);

/* Every .erosdeploy file in DIRECTORY, last modified first; broken ones too, with their error. Reads in a thread.
 * A missing folder is an empty list. Returns (transfer full): a GListModel of ErosDeploymentSummary. */
void        eros_deployment_list_async (GFile              *directory,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
GListModel *eros_deployment_list_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, waiting; for the command line. */
GListModel *eros_deployment_list (GFile        *directory,
                                  GCancellable *cancellable,
                                  GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
