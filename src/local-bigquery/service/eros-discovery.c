/* eros-discovery.c: what there is to ask for, in the form in which Google's clients read it
 *
 * Google's own descriptions, less every method that no route answers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-service-private.h"

#include "eros-discovery-documents.h"

static const struct
{
  const char *name;
  const char *version;
  const char *document;
} APIS[] = {
  { "bigquery", "v2", BIGQUERY },
  { "bigquerydatatransfer", "v1", DATATRANSFER },
  { "storage", "v1", STORAGE },
};

/* {+datasetId} may be anything: x stands for it. */
static char *
example_path (const char *service_path, const char *path)
{
  GString *example = g_string_new ("/");

  g_string_append (example, service_path);
  for (const char *at = path; *at != '\0'; at++)
    if (*at == '{')
      {
        g_string_append_c (example, 'x');
        at = strchr (at, '}');
      }
    else
      g_string_append_c (example, *at);
  return g_string_free (example, FALSE);
}

static gboolean
is_there (JsonObject *method, const char *service_path)
{
  const char *http_method = json_object_get_string_member (method, "httpMethod");
  const char *path = json_object_has_member (method, "flatPath")
                       ? json_object_get_string_member (method, "flatPath")
                       : json_object_get_string_member (method, "path");
  g_autofree char *example = example_path (service_path, path);
  JsonObject *upload = eros_json_get_object (method, "mediaUpload");
  const char *simple = eros_json_get_string (
    eros_json_get_object (eros_json_get_object (upload, "protocols"), "simple"), "path");
  g_autofree char *upload_example = simple != NULL ? example_path ("", simple + 1) : NULL;

  return eros_route_exists (http_method, example) ||
         (upload_example != NULL && eros_route_exists (http_method, upload_example));
}

static void
keep_methods (JsonObject *resource, const char *service_path)
{
  JsonObject *methods =
    json_object_has_member (resource, "methods") ? json_object_get_object_member (resource, "methods") : NULL;
  JsonObject *resources = json_object_has_member (resource, "resources")
                            ? json_object_get_object_member (resource, "resources")
                            : NULL;
  g_autoptr (GList) names = methods != NULL ? json_object_get_members (methods) : NULL;
  g_autoptr (GList) inner = resources != NULL ? json_object_get_members (resources) : NULL;

  for (GList *l = names; l != NULL; l = l->next)
    if (!is_there (json_object_get_object_member (methods, l->data), service_path))
      json_object_remove_member (methods, l->data);
  for (GList *l = inner; l != NULL; l = l->next)
    {
      JsonObject *child = json_object_get_object_member (resources, l->data);

      keep_methods (child, service_path);
      if ((!json_object_has_member (child, "methods") ||
           json_object_get_size (json_object_get_object_member (child, "methods")) == 0) &&
          (!json_object_has_member (child, "resources") ||
           json_object_get_size (json_object_get_object_member (child, "resources")) == 0))
        json_object_remove_member (resources, l->data);
    }
}

static void
reply_document (ErosCall *call, guint api)
{
  g_autoptr (JsonNode) node = json_from_string (APIS[api].document, NULL);
  JsonObject *document = json_node_get_object (node);
  g_autofree char *service_path = g_strdup (json_object_get_string_member (document, "servicePath"));
  g_autofree char *root = g_strconcat (call->service->url, "/", NULL);
  g_autofree char *base = g_strconcat (root, service_path, NULL);
  g_autofree char *base_path = g_strconcat ("/", service_path, NULL);

  keep_methods (document, service_path);
  json_object_set_string_member (document, "rootUrl", root);
  json_object_set_string_member (document, "baseUrl", base);
  json_object_set_string_member (document, "basePath", base_path);
  eros_json_node (eros_call_reply (call), NULL, node);
}

/**
 * eros_handle_discovery:
 * @call: GET `/$discovery/rest?version=…`, `/discovery/v1/apis/{api}/{version}/rest`
 *
 * Answers with one API's description. Without the API's name, `version` tells which one is meant, as Google's
 * hosts do.
 */
void
eros_handle_discovery (ErosCall *call)
{
  const char *api = eros_call_param (call, "api");
  const char *version = api != NULL ? eros_call_param (call, "version") : eros_call_query (call, "version");

  for (guint i = 0; i < G_N_ELEMENTS (APIS); i++)
    if ((api == NULL || strcmp (api, APIS[i].name) == 0) &&
        g_strcmp0 (version != NULL ? version : "v2", APIS[i].version) == 0)
      {
        reply_document (call, i);
        return;
      }
  eros_call_fail (call, 404, "notFound", "The local server has no API %s %s.",
                  api != NULL ? api : "of version", version);
}

/**
 * eros_handle_discovery_list:
 * @call: GET `/discovery/v1/apis`
 *
 * Answers with the list of the APIs that the server has.
 */
void
eros_handle_discovery_list (ErosCall *call)
{
  ErosJsonWriter *writer = eros_call_reply (call);

  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "discovery#directoryList");
  eros_json_string (writer, "discoveryVersion", "v1");
  eros_json_open (writer, "items", '[');
  for (guint i = 0; i < G_N_ELEMENTS (APIS); i++)
    {
      g_autofree char *id = g_strdup_printf ("%s:%s", APIS[i].name, APIS[i].version);
      g_autofree char *url = g_strdup_printf ("%s/discovery/v1/apis/%s/%s/rest", call->service->url,
                                              APIS[i].name, APIS[i].version);

      eros_json_open (writer, NULL, '{');
      eros_json_string (writer, "kind", "discovery#directoryItem");
      eros_json_string (writer, "id", id);
      eros_json_string (writer, "name", APIS[i].name);
      eros_json_string (writer, "version", APIS[i].version);
      eros_json_string (writer, "discoveryRestUrl", url);
      eros_json_bool (writer, "preferred", TRUE);
      eros_json_close (writer, '}');
    }
  eros_json_close (writer, ']');
  eros_json_close (writer, '}');
}
