/* eros-controller.h: the work of a deployment, asynchronous, cancellable, resumable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-backup-store.h"
#include "eros-connection-test.h"
#include "eros-connection.h"
#include "eros-controller-error.h"
#include "eros-deployment.h"
#include "eros-finding.h"
#include "eros-history.h"
#include "eros-operation.h"

G_BEGIN_DECLS

/* Properties, notified: busy. */
#define EROS_TYPE_CONTROLLER (eros_controller_get_type ())
G_DECLARE_FINAL_TYPE (ErosController, eros_controller, EROS, CONTROLLER, GObject)

ErosController  *eros_controller_new (ErosDeployment *deployment, ErosConnection *connection);
ErosDeployment  *eros_controller_get_deployment (ErosController *self);
ErosConnection  *eros_controller_get_connection (ErosController *self);
ErosBackupStore *eros_controller_get_backups (ErosController *self);
gboolean         eros_controller_get_busy (ErosController *self);
GListModel      *eros_controller_get_operations (ErosController *self); /* of ErosOperation, newest last */
/* The newest operation of this kind, or NULL. (transfer none) */
ErosOperation *eros_controller_find_operation (ErosController *self, const char *kind);
/* (nullable): by its id */
ErosOperation *eros_controller_get_operation (ErosController *self, const char *id);

/* Whether the machine can do this check element (it has a binding this version knows) or this operation now.
 * reason: (out) (optional): what it needs, as a sentence for people. */
gboolean eros_controller_can_run (ErosController *self, const char *element_id, char **reason);

/* Runs the machine checks of these elements, sections or phases (ids; NULL-terminated), each result bound to its check
 * box with its evidence. The operation, of kind "checks", is in the list as soon as this returns. A check that fails is
 * not an error; finish returns whether all passed and sets error only when the work could not be done or was cancelled.
 */
void     eros_controller_run_checks_async (ErosController     *self,
                                           const char *const  *ids,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
gboolean eros_controller_run_checks_finish (ErosController *self, GAsyncResult *result, GError **error);

/* What the queries of these checks would read, by dry runs. bytes: (out): what is billed for at least. */
void     eros_controller_forecast_checks_async (ErosController     *self,
                                                const char *const  *ids,
                                                GCancellable       *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer            user_data);
gboolean eros_controller_forecast_checks_finish (GAsyncResult *result, guint *n_queries, gint64 *bytes, GError **error);

/* Operations: "backup", "deploy-phase1", "deploy-phase2", "revert", "comparison", "monitoring", "rollback",
 * "resume-schedules". */
gboolean eros_controller_knows (const char *kind);
/* Makes the plan, and nothing else: an operation that is PLANNED, with all its steps. arguments: (nullable)
 * (element-type utf8 utf8): what it is asked for (docs/operations.md); wrong ones are an error. (transfer none) */
ErosOperation *eros_controller_plan (ErosController *self, const char *kind, GHashTable *arguments, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* The one that was begun and has not ended well, to go on with; else one that is planned. (transfer none) */
ErosOperation *eros_controller_take_up (ErosController *self,
                                        const char     *kind,
                                        GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* Drops a plan that nobody wants to run. */
void eros_controller_forget (ErosController *self, ErosOperation *operation);
/* What it is expected to read, by dry runs: into its steps, and as a whole, in bytes. What a step before it makes is
 * not there yet, and counts as nothing. */
void     eros_controller_forecast_async (ErosController     *self,
                                         ErosOperation      *operation,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
gboolean eros_controller_forecast_finish (ErosController *self, GAsyncResult *result, gint64 *bytes, GError **error);
/* Runs a planned operation; one that has failed, was cancelled or cut off goes on with what has not ended well. Refused
 * with EROS_CONTROLLER_ERROR_NOT_ALLOWED while a gate is closed, and BUSY while another runs. */
void     eros_controller_start_async (ErosController     *self,
                                      ErosOperation      *operation,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
gboolean eros_controller_start_finish (ErosController *self, GAsyncResult *result, GError **error);

/* The argument "step" for "revert", to take back the step at which a deployment has stopped. (nullable) (transfer full)
 */
char *eros_controller_get_step_to_revert (ErosController *self, ErosOperation *operation);

/* After a crash: looks up every job that is in the journal as planned and not as ended, and brings the record up to
 * date. Runs nothing a second time. */
void     eros_controller_resume_async (ErosController     *self,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
gboolean eros_controller_resume_finish (ErosController *self, GAsyncResult *result, GError **error);

G_END_DECLS
