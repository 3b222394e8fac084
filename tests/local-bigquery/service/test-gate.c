/* test-gate.c: programs on this machine come in, and pages in a browser do not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "test-utils.h"

static Server *server;

#define QUERY  "{\"query\":\"CREATE SCHEMA IF NOT EXISTS stolen\",\"useLegacySql\":false}"
#define OBJECT "/storage/v1/b/gate/o/"
#define UPLOAD "/upload/storage/v1/b/gate/o?uploadType=media&name="

/* headers: name, value, …, NULL. (transfer full) */
static SoupMessage *
send_with (Server *to,
           const char *method,
           const char *path,
           const char *type,
           const char *body,
           const char *const *headers)
{
  g_autofree char *url = g_strconcat (to->url, path, NULL);
  SoupMessage *message = soup_message_new (method, url);
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, type, bytes);
    }
  for (guint i = 0; headers != NULL && headers[i] != NULL; i += 2)
    soup_message_headers_replace (soup_message_get_request_headers (message), headers[i], headers[i + 1]);
  answer = soup_session_send_and_read (to->session, message, NULL, &error);
  g_assert_no_error (error);
  return message;
}

static guint
status_with (const char *method,
             const char *path,
             const char *type,
             const char *body,
             const char *name,
             const char *value)
{
  const char *headers[] = { name, value, NULL };
  g_autoptr (SoupMessage) message =
    send_with (server, method, path, type, body, name != NULL ? headers : NULL);

  return soup_message_get_status (message);
}

static gboolean
is_there (const char *path)
{
  guint status;
  g_autofree char *answer = server_call (server, "GET", path, NULL, &status);

  return status == 200;
}

/* Routes of every kind that change something or run SQL. */
static const struct
{
  const char *method;
  const char *path;
  const char *body;
} changing[] = {
  { "POST", PROJECT "/queries", QUERY },
  { "POST", PROJECT "/jobs", "{\"configuration\":{\"query\":" QUERY "}}" },
  { "POST", PROJECT "/jobs/none/cancel", "{}" },
  { "POST", PROJECT "/datasets", "{\"datasetReference\":{\"datasetId\":\"stolen\"}}" },
  { "PATCH", PROJECT "/datasets/kept", "{\"friendlyName\":\"stolen\"}" },
  { "PUT", PROJECT "/datasets/kept", "{\"friendlyName\":\"stolen\"}" },
  { "DELETE", PROJECT "/datasets/kept?deleteContents=true", NULL },
  { "POST", PROJECT "/datasets/kept/tables", "{\"tableReference\":{\"tableId\":\"stolen\"}}" },
  { "POST", PROJECT "/datasets/kept/tables/t/insertAll", "{\"rows\":[]}" },
  { "DELETE", PROJECT "/datasets/kept/tables/t", NULL },
  { "POST", "/storage/v1/b?project=eros-rehearsal", "{\"name\":\"stolen\"}" },
  { "DELETE", "/storage/v1/b/gate", NULL },
  { "PATCH", OBJECT "note", "{\"contentType\":\"text/html\"}" },
  { "DELETE", OBJECT "note", NULL },
  { "POST", OBJECT "note/copyTo/b/gate/o/stolen", "" },
  { "POST", UPLOAD "stolen", "x" },
  { "POST", "/_local/faults", "{\"path\":\".*\",\"action\":\"503\",\"times\":9}" },
  { "DELETE", "/_local/faults", NULL },
  { "POST", "/_local/permissions", "{\"deny\":[\"bigquery.jobs.create\"]}" },
  { "POST", "/token", "{\"grant_type\":\"refresh_token\",\"refresh_token\":\"x\"}" },
};

static void
test_no_page_changes_anything (void)
{
  static const char *const signs[][2] = {
    { "Origin", "http://evil.example" },  { "Origin", "null" },
    { "Origin", "http://localhost:1" },   { "Sec-Fetch-Site", "cross-site" },
    { "Sec-Fetch-Site", "same-site" },    { "Sec-Fetch-Site", "same-origin" },
    { "Sec-Fetch-Site", "none" },         { "Host", "evil.example" },
    { "Host", "127.0.0.1.evil.example" }, { "Host", "localhost.evil.example:80" },
    { "Host", "evil.example#localhost" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (changing); i++)
    for (guint j = 0; j < G_N_ELEMENTS (signs); j++)
      g_assert_cmpuint (status_with (changing[i].method, changing[i].path, "application/json",
                                     changing[i].body, signs[j][0], signs[j][1]),
                        ==, 403);
  g_assert_false (is_there (PROJECT "/datasets/stolen"));
  g_assert_false (is_there ("/storage/v1/b/stolen"));
  g_assert_true (is_there (PROJECT "/datasets/kept"));
  g_assert_true (is_there (OBJECT "note"));
}

static void
test_no_page_reads_anything (void)
{
  g_assert_cmpuint (status_with ("GET", OBJECT "note?alt=media", NULL, NULL, "Origin", "http://evil.example"),
                    ==, 403);
  g_assert_cmpuint (status_with ("GET", PROJECT "/datasets", NULL, NULL, "Sec-Fetch-Site", "cross-site"), ==,
                    403);
  g_assert_cmpuint (status_with ("OPTIONS", PROJECT "/queries", NULL, NULL, "Origin", "http://evil.example"),
                    ==, 403);
  /* Whoever types an address may look. */
  g_assert_cmpuint (status_with ("GET", PROJECT "/datasets", NULL, NULL, "Sec-Fetch-Site", "none"), ==, 200);
  /* Node's fetch says how, and not from where. */
  g_assert_cmpuint (status_with ("POST", PROJECT "/queries", "application/json",
                                 "{\"query\":\"SELECT 1\",\"useLegacySql\":false}", "Sec-Fetch-Mode", "cors"),
                    ==, 200);
  g_assert_cmpuint (status_with ("GET", PROJECT "/datasets", NULL, NULL, "Host", "LOCALHOST:80"), ==, 200);
}

/* An old browser says nothing of the page, but a form cannot say that it sends JSON. */
static void
test_no_form_changes_anything (void)
{
  static const char *const types[] = { "text/plain",
                                       "text/plain;charset=UTF-8",
                                       "application/x-www-form-urlencoded",
                                       "multipart/form-data; boundary=x",
                                       "TEXT/PLAIN",
                                       NULL };

  for (guint i = 0; i < G_N_ELEMENTS (changing); i++)
    for (guint j = 0; j < G_N_ELEMENTS (types); j++)
      {
        gboolean is_content = strstr (changing[i].path, "uploadType=media") != NULL;
        gboolean is_form = strcmp (changing[i].path, "/token") == 0;

        if (changing[i].body == NULL || *changing[i].body == '\0' || is_content || is_form)
          continue;
        g_assert_cmpuint (
          status_with (changing[i].method, changing[i].path, types[j], changing[i].body, NULL, NULL), ==,
          415);
      }
  g_assert_cmpuint (status_with ("POST", "/upload/storage/v1/b/gate/o?uploadType=multipart&name=stolen",
                                 "multipart/form-data; boundary=x",
                                 "--x\r\n\r\n{}\r\n--x\r\n\r\ny\r\n--x--\r\n", NULL, NULL),
                    ==, 415);
  g_assert_cmpuint (status_with ("POST", "/upload/storage/v1/b/gate/o?uploadType=resumable&name=stolen",
                                 "text/plain", "{}", NULL, NULL),
                    ==, 415);
  g_assert_cmpuint (status_with ("POST", "/token", "text/plain", "grant_type=x", NULL, NULL), ==, 415);
  g_assert_cmpuint (
    status_with ("POST", "/token", "application/x-www-form-urlencoded", "grant_type=x", NULL, NULL), ==, 400);
  g_assert_false (is_there (PROJECT "/datasets/stolen"));
  g_assert_false (is_there (OBJECT "stolen"));
}

static const char *
header_of (SoupMessage *message, const char *name)
{
  const char *value = soup_message_headers_get_one (soup_message_get_response_headers (message), name);

  return value != NULL ? value : "";
}

static void
assert_passive (SoupMessage *message)
{
  g_assert_cmpstr (header_of (message, "X-Content-Type-Options"), ==, "nosniff");
  g_assert_nonnull (strstr (header_of (message, "Content-Security-Policy"), "sandbox"));
  g_assert_nonnull (strstr (header_of (message, "Content-Security-Policy"), "default-src 'none'"));
}

static void
test_what_is_stored_never_runs (void)
{
  static const char *const types[][2] = {
    { "text/html", "application/octet-stream" },
    { "Text/HTML; charset=utf-8", "application/octet-stream" },
    { "application/xhtml+xml", "application/octet-stream" },
    { "image/svg+xml", "application/octet-stream" },
    { "text/xml", "application/octet-stream" },
    { "text/javascript", "application/octet-stream" },
    { "application/pdf", "application/octet-stream" },
    { "text/css", "application/octet-stream" },
    { "multipart/x-mixed-replace", "application/octet-stream" },
    { "some/thing", "application/octet-stream" },
    { "text/csv", "text/csv" },
    { "application/json", "application/json" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      static const char *const paths[] = { OBJECT "page?alt=media",
                                           "/download/storage/v1/b/gate/o/page?alt=media",
                                           "/b/gate/o/page?alt=media" };

      g_assert_cmpuint (
        status_with ("POST", UPLOAD "page", types[i][0], "<script>alert (1)</script>", NULL, NULL), ==, 200);
      for (guint j = 0; j < G_N_ELEMENTS (paths); j++)
        {
          g_autoptr (SoupMessage) message = send_with (server, "GET", paths[j], NULL, NULL, NULL);

          g_assert_cmpuint (soup_message_get_status (message), ==, 200);
          assert_passive (message);
          g_assert_cmpstr (header_of (message, "Content-Disposition"), ==, "attachment");
          g_assert_cmpstr (header_of (message, "Content-Type"), ==, types[i][1]);
        }
    }
  {
    g_autoptr (SoupMessage) error =
      send_with (server, "GET", "/<script>alert(1)<%2Fscript>", NULL, NULL, NULL);

    assert_passive (error);
    g_assert_true (g_str_has_prefix (header_of (error, "Content-Type"), "application/json"));
  }
}

/* Nothing of a caller's begins a line of its own. */
static void
test_no_value_begins_another_header (void)
{
  static const char *const types[] = { "text/plain\\r\\nX-Evil: yes", "text/plain\\nX-Evil: yes", "a\\u0001b",
                                       "a\\u2028b" };
  guint status;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *patch = g_strdup_printf ("{\"contentType\":\"%s\"}", types[i]);
      g_autofree char *compose = g_strdup_printf (
        "{\"sourceObjects\":[{\"name\":\"note\"}],\"destination\":{\"contentType\":\"%s\"}}", types[i]);
      g_autofree char *upload = g_strdup_printf (
        "--x\r\nContent-Type: application/json\r\n\r\n{\"contentType\":\"%s\"}\r\n--x\r\n\r\ny\r\n--x--\r\n",
        types[i]);
      g_autofree char *patched = server_call (server, "PATCH", OBJECT "note", patch, &status);
      g_autofree char *composed = NULL;
      g_autoptr (SoupMessage) message = NULL;

      g_assert_cmpuint (status, ==, 400);
      composed = server_call (server, "POST", OBJECT "whole/compose", compose, &status);
      g_assert_cmpuint (status, ==, 400);
      g_assert_cmpuint (status_with ("POST", "/upload/storage/v1/b/gate/o?uploadType=multipart&name=evil",
                                     "multipart/related; boundary=x", upload, NULL, NULL),
                        ==, 400);
      message = send_with (server, "GET", OBJECT "note?alt=media", NULL, NULL, NULL);
      g_assert_cmpuint (soup_message_get_status (message), ==, 200);
      g_assert_cmpstr (header_of (message, "X-Evil"), ==, "");
    }
  {
    g_autoptr (SoupMessage) message =
      send_with (server, "POST", "/upload/storage/v1/b/gate/o?uploadType=resumable&name=a%0d%0aX-Evil:%20yes",
                 "application/json", "{}", NULL);

    g_assert_cmpuint (soup_message_get_status (message), ==, 200);
    g_assert_cmpstr (header_of (message, "X-Evil"), ==, "");
    g_assert_nonnull (strstr (header_of (message, "Location"), "upload_id="));
  }
}

/* ---- with keys ----------------------------------------------------------------------------------------- */

typedef struct
{
  Server *server;
  char *folder;
  JsonObject *key;
} Keyed;

static void
keyed_set_up (Keyed *keyed, gconstpointer data)
{
  g_autofree char *file = NULL;
  g_autofree char *option = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();

  keyed->folder = make_folder ();
  file = g_build_filename (keyed->folder, "key.json", NULL);
  option = g_strconcat ("--issue-key=", file, NULL);
  {
    const char *arguments[] = { option, NULL };

    keyed->server = server_start (arguments);
  }
  g_assert_true (json_parser_load_from_file (parser, file, NULL));
  keyed->key = json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

static void
keyed_tear_down (Keyed *keyed, gconstpointer data)
{
  server_free (keyed->server);
  json_object_unref (keyed->key);
  remove_folder (keyed->folder);
  g_free (keyed->folder);
}

/* (transfer full) (nullable) */
static char *
refresh (Keyed *keyed, const char *token)
{
  g_autofree char *body =
    g_strdup_printf ("{\"grant_type\":\"refresh_token\",\"refresh_token\":\"%s\"}", token);
  guint status;
  g_autofree char *text = server_call (keyed->server, "POST", "/token", body, &status);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return status == 200
           ? g_strdup (json_object_get_string_member (json_node_get_object (node), "access_token"))
           : NULL;
}

static void
test_only_the_token_path_needs_no_token (Keyed *keyed, gconstpointer data)
{
  static const char *const paths[][2] = {
    { "GET", "/storage/v1/b/gate/o/priv.token" },
    { "GET", "/storage/v1/b/gate/o/priv%2Ftoken" },
    { "GET", "/storage/v1/b/gate/o/token" },
    { "DELETE", "/storage/v1/b/gate/o/priv.token" },
    { "DELETE", "/storage/v1/b/gate/o/a/token" },
    { "GET", PROJECT "/datasets/token" },
    { "POST", PROJECT "/datasets/d/tables/token" },
    { "GET", "/token" },
    { "POST", "/x/token" },
    { "POST", "/bigquery/v2/token" },
    { "GET", "/_local/requests" },
    { "POST", "/_local/faults" },
    { "DELETE", "/_local/faults" },
    { "POST", "/_local/permissions" },
    { "DELETE", "/_local/permissions" },
    { "GET", "/_local/../_local/requests" },
    { "GET", "/nothing" },
  };
  g_autofree char *token = refresh (keyed, json_object_get_string_member (keyed->key, "refresh_token"));
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  const char *signed_in[] = { "Authorization", bearer, NULL };
  g_autoptr (SoupMessage) message = NULL;
  guint status;

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *answer = server_call (keyed->server, paths[i][0], paths[i][1], NULL, &status);

      if (status != 401)
        g_error ("%s %s: %u %s", paths[i][0], paths[i][1], status, answer);
    }
  g_assert_nonnull (token);
  message = send_with (keyed->server, "GET", "/_local/requests", NULL, NULL, signed_in);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
}

static void
test_a_refresh_token_cannot_be_guessed (Keyed *keyed, gconstpointer data)
{
  const char *real = json_object_get_string_member (keyed->key, "refresh_token");
  const char *id = json_object_get_string_member (keyed->key, "private_key_id");
  g_autofree char *derived = g_strconcat ("refresh-", id, NULL);
  g_autofree char *by_id = refresh (keyed, id);
  g_autofree char *by_derivation = refresh (keyed, derived);
  g_autofree char *by_nothing = refresh (keyed, "");
  g_autofree char *by_right = refresh (keyed, real);

  g_assert_null (by_id);
  g_assert_null (by_derivation);
  g_assert_null (by_nothing);
  g_assert_nonnull (by_right);
  g_assert_cmpuint (strlen (real), >=, 32);
  g_assert_null (strstr (real, id));
  g_assert_null (strstr (id, real));
}

/* ---- a real browser ------------------------------------------------------------------------------------ */

/* (nullable) (transfer full) */
static char *
find_browser (void)
{
  static const char *const names[] = { "chromium", "chromium-browser", "google-chrome" };
  char *path = NULL;

  for (guint i = 0; path == NULL && i < G_N_ELEMENTS (names); i++)
    path = g_find_program_in_path (names[i]);
  return path;
}

#define PAGE                                                                                                 \
  "<!DOCTYPE html><title>evil</title><body><script>\n"                                                       \
  "const at = '%s', project = at + '/bigquery/v2/projects/eros-rehearsal';\n"                                \
  "const sql = name => JSON.stringify ({ query: `CREATE SCHEMA ${name}`, useLegacySql: false });\n"          \
  "const tries = [\n"                                                                                        \
  "  () => fetch (project + '/queries', { method: 'POST', mode: 'no-cors', body: sql ('evil_plain') }),\n"   \
  "  () => fetch (project + '/queries', { method: 'POST', mode: 'no-cors', body: new Blob ([sql "            \
  "('evil_blob')]) }),\n"                                                                                    \
  "  () => fetch (project + '/queries', { method: 'POST', headers: { 'Content-Type': 'application/json' "    \
  "},\n"                                                                                                     \
  "                                       body: sql ('evil_json') }),\n"                                     \
  "  () => navigator.sendBeacon (project + '/queries', sql ('evil_beacon')),\n"                              \
  "  () => fetch (at + '/upload/storage/v1/b/gate/o?uploadType=media&name=evil.html',\n"                     \
  "               { method: 'POST', mode: 'no-cors', body: '<p>evil' }),\n"                                  \
  "  () => fetch (at + '/storage/v1/b/gate/o/note?alt=media').then (() => document.title = 'read it'),\n"    \
  "  () => { const form = document.createElement ('form'); form.method = 'POST'; form.enctype = "            \
  "'text/plain';\n"                                                                                          \
  "          form.action = project + '/queries'; form.target = 'frame'; const field = "                      \
  "document.createElement ('input');\n"                                                                      \
  "          field.name = '{\"query\":\"CREATE SCHEMA evil_form\",\"useLegacySql\":false,\"a\":\"'; "        \
  "field.value = '\"}';\n"                                                                                   \
  "          form.append (field); document.body.append (form); form.submit (); },\n"                         \
  "  () => fetch ('/done') ];\n"                                                                             \
  "(async () => { for (const one of tries) try { await one (); } catch (error) {} })();\n"                   \
  "</script><iframe name=frame></iframe>"

typedef struct
{
  char *page;
  gboolean loaded;
  gboolean done;
  gboolean ran;
} Site;

static void
site_cb (SoupServer *soup,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
  Site *site = user_data;
  gboolean is_page = strcmp (path, "/") == 0;

  site->loaded |= is_page;
  site->done |= strcmp (path, "/done") == 0;
  site->ran |= strcmp (path, "/ran") == 0;
  soup_server_message_set_status (message, 200, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "Access-Control-Allow-Origin", "*");
  soup_server_message_set_response (message, "text/html", SOUP_MEMORY_COPY, is_page ? site->page : "",
                                    is_page ? strlen (site->page) : 0);
}

static gboolean
too_long_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Whether it went as far as flag; it may take so many seconds. */
static gboolean
browse (const char *browser, const char *address, const gboolean *flag, guint seconds)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *profile = g_strconcat ("--user-data-dir=", folder, NULL);
  g_autoptr (GSubprocess) process = g_subprocess_new (
    G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL, browser, "--headless=new",
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-dev-shm-usage",
    "--remote-debugging-port=0", profile, address, NULL);
  gboolean too_long = FALSE;
  guint timer = g_timeout_add_seconds (seconds, too_long_cb, &too_long);

  g_assert_nonnull (process);
  while (!*flag && !too_long)
    g_main_context_iteration (NULL, TRUE);
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
  if (!too_long)
    g_source_remove (timer);
  remove_folder (folder);
  return *flag;
}

static void
test_a_real_browser_is_kept_out (void)
{
  static const char *const names[] = { "evil_plain", "evil_blob", "evil_json", "evil_beacon", "evil_form" };
  g_autofree char *browser = find_browser ();
  g_autoptr (SoupServer) soup = soup_server_new (NULL, NULL);
  Site site = { 0 };
  g_autofree char *address = NULL;
  g_autofree char *stored = NULL;
  g_autofree char *attack = NULL;
  GSList *uris;

  if (browser == NULL)
    {
      g_test_skip ("There is no browser here.");
      return;
    }
  soup_server_add_handler (soup, NULL, site_cb, &site, NULL);
  g_assert_true (soup_server_listen_local (soup, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (soup);
  address = g_strdup_printf ("http://localhost:%d/", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  site.page = g_strdup_printf (PAGE, server->url);
  if (!browse (browser, address, &site.done, 60))
    {
      if (site.loaded)
        g_test_fail_printf ("The page did not come to its end.");
      else
        g_test_skip ("The browser does not run here.");
      g_free (site.page);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strconcat (PROJECT "/datasets/", names[i], NULL);

      if (is_there (path))
        g_test_fail_printf ("A page made the data set %s.", names[i]);
    }
  g_assert_false (is_there (OBJECT "evil.html"));
  /* A page that was stored by somebody, opened by its address. */
  attack = g_strdup_printf ("<script>fetch ('%sran')</script><img src='%sran'>", address, address);
  g_assert_cmpuint (status_with ("POST", UPLOAD "page.html", "text/html", attack, NULL, NULL), ==, 200);
  stored = g_strconcat (server->url, OBJECT "page.html?alt=media", NULL);
  g_assert_false (browse (browser, stored, &site.ran, 5));
  g_free (site.page);
}

int
main (int argc, char **argv)
{
  g_autoptr (JsonObject) dataset = NULL;
  g_autoptr (JsonObject) bucket = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  server = server_start (NULL);
  dataset =
    server_json (server, "POST", PROJECT "/datasets", "{\"datasetReference\":{\"datasetId\":\"kept\"}}", 200);
  bucket = server_json (server, "POST", "/storage/v1/b?project=eros-rehearsal", "{\"name\":\"gate\"}", 200);
  g_assert_cmpuint (status_with ("POST", UPLOAD "note", "text/plain", "hello", NULL, NULL), ==, 200);
  g_test_add_func ("/service/gate/no-page-changes-anything", test_no_page_changes_anything);
  g_test_add_func ("/service/gate/no-page-reads-anything", test_no_page_reads_anything);
  g_test_add_func ("/service/gate/no-form-changes-anything", test_no_form_changes_anything);
  g_test_add_func ("/service/gate/what-is-stored-never-runs", test_what_is_stored_never_runs);
  g_test_add_func ("/service/gate/no-value-begins-another-header", test_no_value_begins_another_header);
  g_test_add ("/service/gate/only-the-token-path-needs-no-token", Keyed, NULL, keyed_set_up,
              test_only_the_token_path_needs_no_token, keyed_tear_down);
  g_test_add ("/service/gate/a-refresh-token-cannot-be-guessed", Keyed, NULL, keyed_set_up,
              test_a_refresh_token_cannot_be_guessed, keyed_tear_down);
  g_test_add_func ("/service/gate/a-real-browser-is-kept-out", test_a_real_browser_is_kept_out);
  result = g_test_run ();
  server_free (server);
  return result;
}
