/* test-utils.h: a real server process, and a client that waits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

typedef struct
{
  GSubprocess *process;
  SoupSession *session;
  char        *url;
} Server;

Server *server_start (const char *const *arguments);
int     server_stop (Server *server);
void    server_kill (Server *server);
void    server_free (Server *server);

/* Sends @body (NULL for none) and returns the answer's text; when the connection broke, @status is 0 and the text says
 * how. */
char       *server_call (Server *server, const char *method, const char *path, const char *body, guint *status);
JsonObject *server_json (Server *server, const char *method, const char *path, const char *body, guint expected_status);

/* Runs a query as job @id (NULL: any) and returns its JSON, whatever came of it. */
JsonObject *server_query (Server *server, const char *query, guint expected_status);
char       *server_query_value (Server *server, const char *query);
char       *make_folder (void);
void        remove_folder (const char *folder);

#define PROJECT "/bigquery/v2/projects/eros-rehearsal"
