/* local-server.h: eros-bigquery-local, started for a test
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

#include "eros-connection.h"

typedef struct _LocalServer LocalServer;
/* arguments: (nullable): more of them, NULL-terminated */
LocalServer *local_server_new (const char *const *arguments);
void         local_server_free (LocalServer *self);
const char  *local_server_endpoint (LocalServer *self);
/* (transfer full): not signed in, and of little patience */
ErosConnection *local_server_connect (LocalServer *self);
/* The test itself, where the server has issued a key. */
void local_server_sign_in (LocalServer *self, const char *key_file);
/* rule: JSON: {"path":"/jobs$","action":"503"} */
void local_server_fault (LocalServer *self, const char *rule);
void local_server_no_faults (LocalServer *self);
/* How many requests have arrived with a path that matches. */
guint local_server_count (LocalServer *self, const char *method, const char *path_pattern);
/* Any request: (transfer full): its answer */
JsonNode *local_server_call (LocalServer *self, const char *method, const char *path, const char *body);
