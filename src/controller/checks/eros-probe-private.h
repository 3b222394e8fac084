/* eros-probe-private.h: what the probes share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-json.h"
#include "eros-probe.h"

G_BEGIN_DECLS

/* Roles by the name under which an administrator finds them; verified in Google's IAM reference. */
#define ROLE_JOBS  "BigQuery Job User"
#define ROLE_LIST  "BigQuery Resource Viewer"
#define ROLE_DATA  "BigQuery Data Owner" /* the least that may delete a snapshot */
#define ROLE_ADMIN "BigQuery Admin"      /* the least that may change a scheduled query */

/* Google's services as the console of the cloud calls them, and the roles for what a probe does itself. */
typedef struct
{
  const char *api;
  const char *role;
  enum
  {
    ON_PROJECT,
    ON_DATASET,
    ON_BUCKET
  } where;
  gboolean is_network;
} Need;

/* A probe under way: the data of its task. */
typedef struct
{
  const Need        *need;
  ErosBigQuery      *big_query;
  ErosDeployment    *deployment; /* (nullable): of a connection that is tested by itself */
  ErosProbeResult   *result;
  const char *const *tables; /* (nullable): of the deployment, looked at one after the other */
  guint              n_looked_at;
  GHashTable        *record;     /* (nullable): what the steps of the last backup have found: step → JsonObject */
  GString           *missing;    /* of them */
  gboolean           is_granted; /* all that the probe wants */
  gint64             begun;
  GError            *refusal;           /* (nullable): why the project could not be asked for permissions */
  gboolean           looks_for_command; /* when it is signed in */
} Probe;

ErosProbeResult *eros_probe_result_new (void);
Probe           *eros_probe_of (GTask *task);
ErosConnection  *eros_probe_connection (GTask *task);
char            *eros_probe_place (GTask *task); /* (transfer full): “project eros-production” */
/* Takes message and advice. */
void      eros_probe_add (GTask *task, const char *what, ErosOutcome outcome, char *message, char *advice);
void      eros_probe_done (GTask *task);
void      eros_probe_get (GTask *task, ErosRequest *request, GAsyncReadyCallback callback);
JsonNode *eros_probe_got (GObject *source, GAsyncResult *result, GError **error);
/* Whether the probe goes on: without an answer it ends, with a finding or, when it was cancelled, with that;
 * takes error. */
gboolean eros_probe_answered (GTask *task, const char *what, JsonNode *answer, GError *error);
gboolean eros_probe_contains (JsonArray *array, const char *text);

void         eros_probe_remember (GTask *task, const char *name, const char *value);
ErosRequest *eros_probe_request_dataset (GTask *task); /* (transfer full) */

void eros_probe_start_backup (GTask *task);
void eros_probe_start_bucket (GTask *task);
void eros_probe_start_dataset (GTask *task);
void eros_probe_start_permissions (GTask *task);
void eros_probe_start_schedules (GTask *task);
void eros_probe_look_for_command (GTask *task);

G_END_DECLS
