/* eros-service-private.h: what the service's own files share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-auth.h"
#include "eros-call.h"
#include "eros-faults.h"
#include "eros-jobs.h"
#include "eros-permissions.h"
#include "eros-sessions.h"
#include "eros-service.h"
#include "eros-upload.h"

G_BEGIN_DECLS

/* Who calls a server that asks for no token */
#define EROS_GATE_NOBODY "rehearsal@eros-rehearsal.iam.gserviceaccount.com"
/* Google has a number for each project; there is one project here. */
#define EROS_PROJECT_NUMBER "100000000001"

struct _ErosService
{
  SoupServer      *server;
  GMainContext    *context;
  char            *url;
  char            *project;
  char            *user; /* who calls without a token */
  ErosEngine      *engine;
  ErosStore       *store;
  GThreadPool     *threads;  /* one a call that is being handled */
  gint             n_calls;  /* that have not been answered yet */
  gboolean         stopping; /* no new calls */
  guint            prune_source;
  ErosFaults      *faults;
  ErosAuth        *auth;
  ErosPermissions *permissions;
  ErosJobs        *jobs;
  ErosUploads     *uploads;
  ErosSessions    *sessions;
  guint            idle_source;
};

/* What may stand in a route */
typedef struct
{
  const char *method;
  const char *pattern; /* projects/{projectId}/datasets */
  ErosHandler handler;
  const char *permission; /* NULL: none needed */
  const char *schema;     /* of its body; NULL: Google takes what it knows of it */
} ErosRoute;

/* @found is set when the path exists with another method. */
const ErosRoute *eros_route_find (ErosCall *call, gboolean *found);

gboolean eros_route_exists (const char *method, const char *path);

/* Stands for the ETag of a list until all of it is known. */
#define EROS_ETAG_OF_ALL "list"

/* What is done to every call, before and after its handler */
gboolean eros_call_decode (ErosCall *call);
void     eros_call_finish (ErosCall *call);
GBytes  *eros_bytes_convert (GBytes *bytes, GConverter *converter);

/* Whether each parameter of its query is heeded; if not, the call has failed. */
gboolean eros_call_check_parameters (ErosCall *call, const ErosRoute *route);

/* Whether the caller may do it; if not, the call has failed. */
gboolean eros_call_is_permitted (ErosCall *call, const char *permission);
gboolean eros_call_may (ErosCall *call, const char *permission, const char *kind, const char *resource);

/* Whether no row access policy hides rows of @table from @email. */
gboolean eros_sees_all (ErosStoreTable *table, const char *email, GError **error);

/* Opens a connection and a transaction; NULL when the call has failed. */
ErosStoreConnection *eros_call_begin (ErosCall *call, ErosStoreMode mode);
gboolean             eros_call_commit (ErosCall *call, ErosStoreConnection *connection);

void eros_handle_clock_get (ErosCall *call);
void eros_handle_clock_post (ErosCall *call);
void eros_handle_projects_list (ErosCall *call);
void eros_handle_service_account (ErosCall *call);
void eros_handle_test_project_permissions (ErosCall *call);
void eros_handle_test_table_permissions (ErosCall *call);
void eros_handle_project_get (ErosCall *call);

void eros_handle_datasets_list (ErosCall *call);
void eros_handle_datasets_insert (ErosCall *call);
void eros_handle_datasets_get (ErosCall *call);
void eros_handle_datasets_patch (ErosCall *call);
void eros_handle_datasets_update (ErosCall *call);
void eros_handle_datasets_delete (ErosCall *call);
void eros_handle_datasets_undelete (ErosCall *call);
void eros_handle_dataset_policy (ErosCall *call);
void eros_handle_table_policy (ErosCall *call);
void eros_handle_routine_policy (ErosCall *call);
void eros_handle_models_list (ErosCall *call);
void eros_handle_models_get (ErosCall *call);

void eros_handle_tables_list (ErosCall *call);
void eros_handle_tables_insert (ErosCall *call);
void eros_handle_tables_get (ErosCall *call);
void eros_handle_row_policies_list (ErosCall *call);
void eros_handle_row_policies_get (ErosCall *call);
void eros_handle_row_policy_policy (ErosCall *call);
void eros_handle_row_policies_insert (ErosCall *call);
void eros_handle_row_policies_update (ErosCall *call);
void eros_handle_row_policies_delete (ErosCall *call);
void eros_handle_row_policies_delete_batch (ErosCall *call);
void eros_handle_tables_patch (ErosCall *call);
void eros_handle_tables_update (ErosCall *call);
void eros_handle_tables_delete (ErosCall *call);
void eros_handle_tabledata_list (ErosCall *call);
void eros_handle_tabledata_insert_all (ErosCall *call);

void eros_handle_routines_list (ErosCall *call);
void eros_handle_routines_get (ErosCall *call);
void eros_handle_routines_insert (ErosCall *call);
void eros_handle_routines_update (ErosCall *call);
void eros_handle_routines_delete (ErosCall *call);

void eros_handle_jobs_list (ErosCall *call);
void eros_handle_jobs_insert (ErosCall *call);
void eros_handle_jobs_upload (ErosCall *call);
void eros_handle_jobs_get (ErosCall *call);
void eros_handle_jobs_cancel (ErosCall *call);
void eros_handle_jobs_delete (ErosCall *call);
void eros_handle_jobs_query (ErosCall *call);
void eros_handle_query_results (ErosCall *call);

void eros_handle_buckets_list (ErosCall *call);
void eros_handle_buckets_insert (ErosCall *call);
void eros_handle_buckets_get (ErosCall *call);
void eros_handle_buckets_patch (ErosCall *call);
void eros_handle_buckets_delete (ErosCall *call);
void eros_handle_buckets_update (ErosCall *call);
void eros_handle_bucket_permissions (ErosCall *call);
void eros_handle_bucket_layout (ErosCall *call);
void eros_handle_bucket_policy (ErosCall *call);
void eros_handle_bucket_empty_list (ErosCall *call);
void eros_handle_bucket_refused (ErosCall *call);
void eros_handle_set_policy (ErosCall *call);
void eros_handle_acl (ErosCall *call);
void eros_handle_storage_account (ErosCall *call);
void eros_handle_objects_xml (ErosCall *call);
void eros_handle_objects_update (ErosCall *call);
void eros_handle_objects_move (ErosCall *call);
void eros_handle_objects_list (ErosCall *call);
void eros_handle_objects_get (ErosCall *call);
void eros_handle_objects_patch (ErosCall *call);
void eros_handle_objects_delete (ErosCall *call);
void eros_handle_objects_copy (ErosCall *call);
void eros_handle_objects_rewrite (ErosCall *call);
void eros_handle_objects_compose (ErosCall *call);
void eros_handle_objects_upload (ErosCall *call);

void eros_handle_transfers_list (ErosCall *call);
void eros_handle_transfers_get (ErosCall *call);
void eros_handle_transfers_patch (ErosCall *call);
void eros_handle_transfers_create (ErosCall *call);
void eros_handle_transfers_delete (ErosCall *call);
void eros_handle_transfer_start (ErosCall *call);
void eros_handle_transfer_schedule (ErosCall *call);
void eros_handle_transfer_runs_list (ErosCall *call);
void eros_handle_transfer_runs_get (ErosCall *call);
void eros_handle_transfer_runs_delete (ErosCall *call);
void eros_handle_transfer_logs (ErosCall *call);
void eros_handle_sources_list (ErosCall *call);
void eros_handle_sources_get (ErosCall *call);
void eros_handle_sources_check (ErosCall *call);

void eros_handle_token (ErosCall *call);
void eros_handle_root (ErosCall *call);
void eros_handle_metadata (ErosCall *call);
void eros_handle_discovery (ErosCall *call);
void eros_handle_discovery_list (ErosCall *call);
void eros_handle_batch (ErosCall *call);
void eros_handle_faults_post (ErosCall *call);
void eros_handle_faults_delete (ErosCall *call);
void eros_handle_requests (ErosCall *call);
void eros_handle_permissions_post (ErosCall *call);
void eros_handle_permissions_delete (ErosCall *call);

G_END_DECLS
