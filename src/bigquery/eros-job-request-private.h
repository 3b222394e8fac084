/* eros-job-request-private.h: what is sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"

G_BEGIN_DECLS

struct _ErosJobRequest
{
  GObject parent_instance;

  char         *id;
  JsonObject   *configuration;
  gint64        timeout_ms; /* 0: the connection's */
  gboolean      sent_before;
  ErosHttpRetry retry;
  gpointer      retry_data;
};

/* How long the server may wait before it answers “not yet”: less than we wait before we call the answer lost.
 */
guint eros_job_request_poll_ms (ErosConnection *connection);
/* The first decisive member of what was sent that the server has not taken as it was sent, by the
 * configuration of its answer: (nullable) (transfer full). */
char *eros_job_request_find_difference (ErosJobRequest *self, JsonObject *configuration);
/* A Job, to be inserted, and a QueryRequest, to be answered at once: (transfer full). */
JsonNode *eros_job_request_to_json (ErosJobRequest *self, ErosConnection *connection);
JsonNode *eros_job_request_to_query_json (ErosJobRequest *self, ErosConnection *connection, guint max_rows);

G_END_DECLS
