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

  char *id;
  JsonObject *configuration;
  gint64 timeout_ms; /* 0: the connection's */
  ErosHttpRetry retry;
  gpointer retry_data;
};

JsonNode *eros_job_request_to_json (ErosJobRequest *self, ErosConnection *connection);

G_END_DECLS
