/* eros-metadata.c: what Google's machines tell the programs on them: project, service account, token
 *
 * https://cloud.google.com/compute/docs/metadata/overview. A program that asks has to say so in a header, so
 * that nobody is led here by a link. A server that has issued a key tells nothing without a token, this
 * included.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-service-private.h"

#define SCOPES                                                                                               \
  "https://www.googleapis.com/auth/cloud-platform\nhttps://www.googleapis.com/auth/userinfo.email\n"

static void
reply_text (ErosCall *call, const char *type, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  eros_call_reply_bytes (call, 200, type, bytes);
}

static char *
account_json (const char *email)
{
  return g_strdup_printf ("{\"aliases\":[\"default\"],\"email\":\"%s\",\"scopes\":["
                          "\"https://www.googleapis.com/auth/cloud-platform\","
                          "\"https://www.googleapis.com/auth/userinfo.email\"]}",
                          email);
}

/* (transfer full) (nullable) */
static char *
find_value (ErosCall *call, const char *path, const char **type)
{
  const char *const prefix = "instance/service-accounts/";
  const char *rest, *member;

  *type = "application/text";
  if (strcmp (path, "") == 0)
    return g_strdup ("instance/\nproject/\nuniverse/\n");
  if (strcmp (path, "instance") == 0)
    return g_strdup ("id\nservice-accounts/\nzone\n");
  if (strcmp (path, "project") == 0)
    return g_strdup ("numeric-project-id\nproject-id\n");
  if (strcmp (path, "project/project-id") == 0)
    return g_strdup (call->service->project);
  if (strcmp (path, "project/numeric-project-id") == 0)
    return g_strdup (EROS_PROJECT_NUMBER);
  if (strcmp (path, "instance/zone") == 0)
    return g_strdup ("projects/" EROS_PROJECT_NUMBER "/zones/us-central1-a");
  if (strcmp (path, "instance/id") == 0)
    return g_strdup ("1");
  if (strcmp (path, "universe/universe-domain") == 0 || strcmp (path, "universe/universe_domain") == 0)
    return g_strdup ("googleapis.com");
  if (strcmp (path, "instance/service-accounts") == 0)
    return g_strdup_printf ("default/\n%s/\n", call->service->user);
  if (!g_str_has_prefix (path, prefix))
    return NULL;
  rest = path + strlen (prefix);
  member = strchr (rest, '/');
  if (strncmp (rest, "default", strcspn (rest, "/")) != 0 &&
      strncmp (rest, call->service->user, strcspn (rest, "/")) != 0)
    return NULL;
  if (member != NULL && strcmp (member, "/email") == 0)
    return g_strdup (call->service->user);
  if (member != NULL && strcmp (member, "/scopes") == 0)
    return g_strdup (SCOPES);
  *type = "application/json";
  if (member != NULL && strcmp (member, "/token") == 0)
    return g_strdup_printf ("{\"access_token\":\"local\",\"expires_in\":%d,\"token_type\":\"Bearer\"}",
                            EROS_AUTH_LIFETIME);
  return member == NULL ? account_json (call->service->user) : NULL;
}

/**
 * eros_handle_metadata:
 * @call: GET `/computeMetadata/v1/…`
 *
 * Answers as a metadata server.
 */
void
eros_handle_metadata (ErosCall *call)
{
  g_autofree char *path = g_strdup (eros_call_param (call, "path"));
  g_autofree char *value = NULL;
  const char *type;
  gsize length;

  eros_call_add_header (call, "Metadata-Flavor", "Google");
  if (g_strcmp0 (eros_call_header (call, "Metadata-Flavor"), "Google") != 0)
    {
      eros_call_fail (call, 403, "forbidden", "Missing Metadata-Flavor:Google header.");
      return;
    }
  length = path != NULL ? strlen (path) : 0;
  if (length > 0 && path[length - 1] == '/')
    path[length - 1] = '\0';
  value = find_value (call, path != NULL ? path : "", &type);
  if (value != NULL)
    reply_text (call, type, value);
  else
    eros_call_fail (call, 404, "notFound", "The local server's metadata has no %s.", path);
}

/**
 * eros_handle_root:
 * @call: GET `/`
 *
 * Tells who wants to know whether this is a machine of Google's, and nobody else.
 */
void
eros_handle_root (ErosCall *call)
{
  eros_call_add_header (call, "Metadata-Flavor", "Google");
  reply_text (call, "application/text", "computeMetadata/\n");
}
