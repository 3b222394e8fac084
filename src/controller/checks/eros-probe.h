/* eros-probe.h: checks that are built in: is what a deployment needs there, and may we use it?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"
#include "eros-controller-error.h"
#include "eros-deployment.h"
#include "eros-finding.h"

G_BEGIN_DECLS

/* What a probe found: at least one finding; values that fields may be filled with; evidence for the record.
 */
typedef struct
{
  GListStore *findings; /* of ErosFinding */
  GHashTable *values;   /* name → text: "project", "dataset", "location" … */
  JsonObject *evidence;
  GError     *error;        /* (nullable): why it could not look, where it could not */
  gboolean    tells_of_all; /* whether no answer to it is none to the others either */
} ErosProbeResult;
void eros_probe_result_free (ErosProbeResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosProbeResult, eros_probe_result_free)
/* The worst outcome of all findings, and their messages in one sentence. */
ErosOutcome eros_probe_result_summarize (ErosProbeResult *self, char **summary);

/* Names: see eros-vocabulary.h. */
gboolean           eros_probe_is_known (const char *name);
const char *const *eros_probe_get_connection_names (void);
/* Fails only when it is cancelled: what does not work is a finding. deployment: (nullable): whose tables and backups
 * are meant. */
void             eros_probe_run_async (const char         *name,
                                       ErosBigQuery       *big_query,
                                       ErosDeployment     *deployment,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
ErosProbeResult *eros_probe_run_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
