/* test-hostile.c: bad requests get an error in Google's shape, and leave the server as it was
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "test-utils.h"

static Server *server;

static void
assert_alive (void)
{
  g_autofree char *value = server_query_value (server, "SELECT 1");

  g_assert_cmpstr (value, ==, "1");
}

static void
assert_refused (const char *method, const char *path, const char *body, guint status, const char *reason)
{
  g_autoptr (JsonObject) answer = server_json (server, method, path, body, status);
  JsonObject *error = json_object_get_object_member (answer, "error");
  JsonArray *errors = json_object_get_array_member (error, "errors");

  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (errors, 0), "reason"), ==,
                   reason);
  assert_alive ();
}

static void
test_broken_json (void)
{
  assert_refused ("POST", PROJECT "/jobs", "{", 400, "parseError");
  assert_refused ("POST", PROJECT "/jobs", "[1]", 400, "parseError");
  assert_refused ("POST", PROJECT "/jobs", "nonsense", 400, "parseError");
  assert_refused ("POST", PROJECT "/jobs", "{\"a\":\"\xff\xfe\"}", 400, "parseError");
  assert_refused ("POST", PROJECT "/queries", "{\"query\":1e999999}", 400, "invalid");
}

/* Who takes a mistyped member for none does something else than was asked, and says that all is well. */
static void
test_unknown_members (void)
{
  static const struct
  {
    const char *method;
    const char *path;
    const char *body;
  } requests[] = {
    { "POST", "/jobs", "{\"configuratoin\":{\"query\":{\"query\":\"SELECT 1\",\"useLegacySql\":false}}}" },
    { "POST", "/jobs", "{\"configuration\":{\"query\":{\"query\":\"SELECT 1\",\"useLegacySQL\":false}}}" },
    { "POST", "/jobs", "{\"configuration\":{\"copy\":{\"sourceTabel\":{}}}}" },
    { "POST", "/queries", "{\"query\":\"SELECT 1\",\"useLegacySql\":false,\"dryrun\":true}" },
    { "POST", "/queries",
      "{\"query\":\"SELECT @x\",\"useLegacySql\":false,\"queryParameters\":[{\"nam\":\"x\"}]}" },
    { "POST", "/datasets", "{\"datasetReference\":{\"datasetID\":\"d\"}}" },
    { "POST", "/datasets/d/tables", "{\"tableReference\":{\"tableId\":\"t\"},\"expiration\":\"1\"}" },
    { "PATCH", "/datasets/d", "{\"discription\":\"x\"}" },
    { "PATCH", "/datasets/d/tables/t", "{\"schema\":{\"field\":[]}}" },
    { "POST", "/datasets/d/routines", "{\"routineReference\":{},\"body\":\"1\"}" },
    { "POST", "/datasets/d/tables/t/insertAll", "{\"rows\":[{\"JSON\":{}}]}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autofree char *path = g_strconcat (PROJECT, requests[i].path, NULL);
      g_autoptr (JsonObject) answer = server_json (server, requests[i].method, path, requests[i].body, 400);
      JsonObject *error = json_object_get_object_member (answer, "error");

      g_test_message ("%s", json_object_get_string_member (error, "message"));
      g_assert_nonnull (strstr (json_object_get_string_member (error, "message"), "Unknown name \""));
    }
  assert_refused ("PATCH", "/v1/projects/eros-rehearsal/locations/us/transferConfigs/x?updateMask=disabled",
                  "{\"disablee\":true}", 400, "badRequest");
}

static void
test_deep_json (void)
{
  g_autofree char *brackets = g_strnfill (1000000, '[');
  g_autofree char *body = g_strconcat ("{\"configuration\":", brackets, NULL);

  assert_refused ("POST", PROJECT "/jobs", body, 400, "parseError");
}

static void
test_large_body (void)
{
  g_autofree char *spaces = g_strnfill (11 * 1024 * 1024, ' ');
  g_autofree char *words = g_strnfill (9 * 1024 * 1024, 'x');
  g_autofree char *body = g_strconcat ("{\"query\":\"SELECT ", words, "\",\"useLegacySql\":false}", NULL);

  assert_refused ("POST", PROJECT "/queries", spaces, 413, "uploadTooLarge");
  assert_refused ("POST", PROJECT "/queries", body, 400, "invalid");
}

static void
test_wrong_types (void)
{
  assert_refused ("POST", PROJECT "/queries", "{\"query\":[],\"useLegacySql\":false}", 400, "invalid");
  assert_refused ("POST", PROJECT "/queries", "{\"query\":\"SELECT 1\",\"useLegacySql\":\"no\"}", 400,
                  "invalid");
  assert_refused ("POST", PROJECT "/queries",
                  "{\"query\":\"SELECT 1\",\"useLegacySql\":false,\"maxResults\":\"many\"}", 400, "invalid");
  assert_refused ("POST", PROJECT "/queries",
                  "{\"query\":\"SELECT @x\",\"useLegacySql\":false,\"queryParameters\":[{\"name\":\"x\"}]}",
                  400, "invalid");
  assert_refused (
    "POST", PROJECT "/queries",
    "{\"query\":\"SELECT @x\",\"useLegacySql\":false,\"queryParameters\":[{\"name\":\"x\",\"parameterType\":"
    "{\"type\":\"INT64\"},\"parameterValue\":{\"value\":\"9223372036854775808\"}}]}",
    400, "invalid");
  assert_refused ("POST", PROJECT "/jobs",
                  "{\"configuration\":{\"query\":{\"query\":\"SELECT 1\"},\"copy\":{}}}", 400, "invalid");
  assert_refused ("POST", PROJECT "/jobs", "{\"configuration\":7}", 400, "invalid");
  assert_refused ("POST", PROJECT "/jobs", "{}", 400, "required");
  assert_refused ("POST", PROJECT "/datasets", "{\"datasetReference\":{\"datasetId\":5}}", 400, "invalid");
  assert_refused ("POST", PROJECT "/datasets", "{\"datasetReference\":{\"datasetId\":\"a b\"}}", 400,
                  "invalid");
  assert_refused ("GET", PROJECT "/jobs?maxResults=-1", NULL, 400, "invalid");
  assert_refused ("GET", PROJECT "/datasets?pageToken=xyz", NULL, 400, "invalid");
}

static void
test_bad_sql (void)
{
  g_autofree char *parentheses = g_strnfill (10000, '(');
  g_autofree char *deep = g_strconcat ("SELECT ", parentheses, "1", NULL);
  g_autofree char *unary = g_strnfill (20000, '-');
  g_autofree char *many = g_strconcat ("SELECT ", unary, "1", NULL);
  g_autoptr (JsonObject) one = server_query (server, deep, 400);
  g_autoptr (JsonObject) two = server_query (server, "SELECT 'open", 400);
  g_autoptr (JsonObject) three = server_query (server, "SELECT 99999999999999999999999999", 400);
  g_autoptr (JsonObject) four = server_query (server, "SELECT 9223372036854775807 + 1", 400);
  g_autoptr (JsonObject) five = server_query (server, ";;", 400);
  guint status;
  g_autofree char *answer = server_call (server, "POST", PROJECT "/queries", many, &status);

  g_assert_cmpuint (status, ==, 400);
  assert_alive ();
}

static void
test_unknown_routes (void)
{
  assert_refused ("GET", "/nothing", NULL, 404, "notFound");
  assert_refused ("GET", PROJECT "/datasets/a/b/c/d", NULL, 404, "notFound");
  assert_refused ("GET", PROJECT "/datasets/%00", NULL, 404, "notFound");
  assert_refused ("GET", PROJECT "/datasets/..%2f..%2fetc", NULL, 404, "notFound");
  assert_refused ("DELETE", PROJECT "/datasets", NULL, 405, "httpMethodNotAllowed");
  assert_refused ("PUT", PROJECT "/queries", "{}", 405, "httpMethodNotAllowed");
  assert_refused ("GET", "/storage/v1/b/none", NULL, 404, "notFound");
}

static void
test_upload (void)
{
  assert_refused ("POST", "/upload/storage/v1/b/none/o?uploadType=media&name=x", "x", 404, "notFound");
  assert_refused ("POST", "/upload/storage/v1/b/none/o?uploadType=strange&name=x", "x", 400, "invalid");
  assert_refused ("POST", "/upload/storage/v1/b/none/o?uploadType=multipart&name=x", "x", 400, "badContent");
  assert_refused ("PUT", "/upload/storage/v1/b/none/o?upload_id=nothing", "x", 404, "notFound");
}

static void
test_other_host (void)
{
  g_autoptr (SoupMessage) message = NULL;
  g_autofree char *url = g_strconcat (server->url, PROJECT "/datasets", NULL);
  g_autoptr (GBytes) answer = NULL;

  message = soup_message_new ("GET", url);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Host", "evil.example");
  answer = soup_session_send_and_read (server->session, message, NULL, NULL);
  g_assert_cmpuint (soup_message_get_status (message), ==, 403);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  server = server_start (NULL);
  g_test_add_func ("/hostile/broken-json-is-refused", test_broken_json);
  g_test_add_func ("/hostile/a-member-that-nobody-knows-is-refused", test_unknown_members);
  g_test_add_func ("/hostile/a-million-brackets-are-refused", test_deep_json);
  g_test_add_func ("/hostile/a-body-that-is-too-large-is-refused", test_large_body);
  g_test_add_func ("/hostile/values-of-another-type-are-refused", test_wrong_types);
  g_test_add_func ("/hostile/sql-that-makes-no-sense-is-refused", test_bad_sql);
  g_test_add_func ("/hostile/unknown-paths-and-methods-are-refused", test_unknown_routes);
  g_test_add_func ("/hostile/strange-uploads-are-refused", test_upload);
  g_test_add_func ("/hostile/another-host-name-is-refused", test_other_host);
  result = g_test_run ();
  g_assert_cmpint (server_stop (server), ==, 0);
  server_free (server);
  return result;
}
