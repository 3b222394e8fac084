/* test-sign-in.c: tokens are got, shared, renewed and refused as they should be
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "eros-big-query.h"
#include "eros-sign-in.h"
#include "fake-google.h"
#include "fake-keyring.h"

#define SCOPE "https://www.googleapis.com/auth/bigquery https://www.googleapis.com/auth/devstorage.read_write"

typedef struct
{
  FakeKeyring *keyring;
  FakeGoogle *google;
  ErosConnection *connection;
  char *folder;
  char *pem;
  GAsyncResult *result;
} Fixture;

static char *shared_pem;

static void
keep_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_null (fixture->result);
  fixture->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Fixture *fixture)
{
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&fixture->result);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->keyring = fake_keyring_new ();
  fixture->google = fake_google_new ();
  fixture->folder = g_dir_make_tmp ("eros-sign-in-XXXXXX", &error);
  g_assert_no_error (error);
  if (shared_pem == NULL)
    shared_pem = fake_google_make_pem (2048);
  fixture->pem = shared_pem;
  fixture->connection =
    g_object_new (EROS_TYPE_CONNECTION, "name", "staging", "endpoint", fixture->google->address, "project",
                  "eros-staging", "dataset", "eros_platform", "sign-in", EROS_SIGN_IN_SERVICE_ACCOUNT, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  g_clear_object (&fixture->connection);
  fake_google_free (fixture->google);
  fake_keyring_free (fixture->keyring);
  g_unsetenv ("GOOGLE_APPLICATION_CREDENTIALS");
  g_unsetenv ("CLOUDSDK_CONFIG");
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static GFile *
write_file (Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return g_file_new_for_path (path);
}

static gboolean
sign_in_with_text (Fixture *fixture, const char *text, GError **error)
{
  g_autoptr (GFile) file = write_file (fixture, "key.json", text);
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *account = NULL;
  g_autofree char *path = g_file_get_path (file);
  gboolean good;

  eros_sign_in_with_key_async (fixture->connection, file, NULL, keep_result_cb, fixture);
  result = wait_for (fixture);
  good = eros_sign_in_with_key_finish (result, &account, error);
  if (good)
    g_assert_cmpstr (account, ==, "eros@eros-staging.iam.gserviceaccount.com");
  g_unlink (path);
  return good;
}

static void
sign_in (Fixture *fixture)
{
  g_autofree char *text = fake_google_key_file (fixture->google, fixture->pem);
  g_autoptr (GError) error = NULL;

  g_assert_true (sign_in_with_text (fixture, text, &error));
  g_assert_no_error (error);
}

static ErosRequest *
make_request (void)
{
  return eros_request_new (EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets", "eros-staging");
}

static gboolean
call (Fixture *fixture, GError **error)
{
  g_autoptr (ErosHttp) http = eros_http_new (fixture->connection);
  g_autoptr (ErosRequest) request = make_request ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (JsonNode) answer = NULL;

  eros_http_set_deadline (http, 20);
  eros_http_send_async (http, request, NULL, keep_result_cb, fixture);
  result = wait_for (fixture);
  answer = eros_http_json_finish (http, result, error);
  return answer != NULL;
}

static void
test_a_key_signs_in (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *who = NULL;

  sign_in (fixture);
  g_assert_cmpuint (fake_keyring_count (fixture->keyring), ==, 1);
  g_assert_true (call (fixture, &error));
  g_assert_no_error (error);
  fake_google_assert_jwt (fixture->google, g_hash_table_lookup (fixture->google->last_form, "assertion"),
                          fixture->pem, SCOPE);
  eros_sign_in_describe_async (fixture->connection, NULL, keep_result_cb, fixture);
  result = wait_for (fixture);
  who = eros_sign_in_describe_finish (result, &error);
  g_assert_cmpstr (who, ==, "eros@eros-staging.iam.gserviceaccount.com (key 01234567)");
}

typedef struct
{
  guint waiting;
  guint good;
} Crowd;

static void
crowd_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Crowd *crowd = user_data;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, NULL);

  crowd->waiting--;
  crowd->good += answer != NULL;
}

static void
test_many_calls_share_one_token (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Crowd crowd = { 0 };

  sign_in (fixture);
  fixture->google->hold_tokens = 1;
  for (guint i = 0; i < 50; i++)
    {
      /* Each with a transport of its own: what they share is the connection. */
      g_autoptr (ErosHttp) http = eros_http_new (fixture->connection);
      g_autoptr (ErosRequest) request = make_request ();

      crowd.waiting++;
      eros_http_send_async (http, request, i == 7 ? cancellable : NULL, crowd_cb, &crowd);
    }
  while (fixture->google->held->len == 0)
    g_main_context_iteration (NULL, TRUE);
  /* One of them gives up, and does not wait for the others' token. */
  g_cancellable_cancel (cancellable);
  while (crowd.waiting == 50)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (crowd.waiting, ==, 49);
  fake_google_release (fixture->google);
  while (crowd.waiting > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (crowd.good, ==, 49);
  g_assert_cmpuint (fixture->google->n_token_requests, ==, 1);
}

static void
test_a_token_is_renewed_before_it_ends (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sign_in (fixture);
  fixture->google->expires_in = 1; /* renewed after three quarters of a second */
  g_assert_true (call (fixture, &error));
  g_assert_true (call (fixture, &error));
  g_assert_cmpuint (fixture->google->n_token_requests, ==, 1);
  g_usleep (800 * 1000);
  fixture->google->expires_in = 3600;
  g_assert_true (call (fixture, &error));
  g_assert_true (call (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->google->n_token_requests, ==, 2);
  g_assert_cmpuint (fixture->google->n_unauthorized, ==, 0);
}

static void
test_one_refused_token_is_replaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sign_in (fixture);
  fixture->google->reject_next = 1;
  g_assert_true (call (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->google->n_token_requests, ==, 2);
  g_assert_cmpuint (fixture->google->n_api_requests, ==, 2);

  fixture->google->reject_next = 9;
  g_assert_false (call (fixture, &error));
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_SIGN_IN);
  g_assert_cmpuint (fixture->google->n_token_requests, ==, 3);
  g_assert_cmpuint (fixture->google->n_api_requests, ==, 4);
}

static void
test_a_wrong_clock_is_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sign_in (fixture);
  fixture->google->token_status = 400;
  fixture->google->token_error = "invalid_grant";
  fixture->google->clock_offset_s = -3600;
  g_assert_false (call (fixture, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_CLOCK);
  g_assert_nonnull (strstr (error->message, "60 minutes ahead"));
  g_clear_error (&error);
  fixture->google->clock_offset_s = 720;
  g_assert_false (call (fixture, &error));
  g_assert_nonnull (strstr (error->message, "minutes behind"));
  g_clear_error (&error);
  /* With the right time it is the key. */
  fixture->google->clock_offset_s = 0;
  g_assert_false (call (fixture, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "eros@eros-staging.iam.gserviceaccount.com"));
}

static void
test_a_refusal_is_not_asked_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sign_in (fixture);
  fixture->google->token_status = 401;
  fixture->google->token_error = "invalid_client";
  g_assert_false (call (fixture, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_REFUSED);
  g_assert_cmpuint (fixture->google->n_token_requests, ==, 1);
  g_clear_error (&error);
  /* What passes by itself is. */
  fixture->google->token_status = 503;
  fixture->google->token_error = "unavailable";
  g_assert_false (call (fixture, &error));
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_UNAVAILABLE);
}

static void
test_a_strange_token_is_not_sent (Fixture *fixture, gconstpointer data)
{
  static const char *tokens[] = { "", "a b", "a\\r\\nX-Evil: 1", "\\u00e4" };

  sign_in (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    {
      g_autoptr (GError) error = NULL;

      fixture->google->token_text = tokens[i];
      g_assert_false (call (fixture, &error));
      g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED);
    }
  g_assert_cmpuint (fixture->google->n_api_requests, ==, 0);
}

static void
test_what_is_no_key_says_so (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    ErosSignInError code;
    const char *said;
  } cases[] = {
    { "", EROS_SIGN_IN_ERROR_INVALID_FILE, "not a JSON file" },
    { "[]", EROS_SIGN_IN_ERROR_INVALID_FILE, "not a JSON file" },
    { "{}", EROS_SIGN_IN_ERROR_INVALID_FILE, "“type”" },
    { "{\"type\":\"external_account\"}", EROS_SIGN_IN_ERROR_UNSUPPORTED, "external_account" },
    { "{\"type\":\"service_account\"}", EROS_SIGN_IN_ERROR_INVALID_FILE, "client_email" },
    { "{\"type\":\"service_account\",\"client_email\":7}", EROS_SIGN_IN_ERROR_INVALID_FILE, "client_email" },
    { "{\"type\":\"service_account\",\"client_email\":\"a@b\",\"private_key_id\":\"1\",\"private_key\":\"x\","
      "\"token_uri\":\"http://evil.example/token\"}",
      EROS_SIGN_IN_ERROR_INVALID_FILE, "https" },
    { "{\"type\":\"service_account\",\"client_email\":\"a@b\",\"private_key_id\":\"1\",\"private_key\":"
      "\"x\"}",
      EROS_SIGN_IN_ERROR_INVALID_FILE, "not an RSA key" },
    { "{\"type\":\"authorized_user\",\"client_id\":\"1\",\"client_secret\":\"2\",\"refresh_token\":\"3\"}",
      EROS_SIGN_IN_ERROR_INVALID_FILE, "service account" },
    { "{\"type\":\"impersonated_service_account\",\"service_account_impersonation_url\":\"https://x/y:z\","
      "\"source_credentials\":{\"type\":\"impersonated_service_account\"}}",
      EROS_SIGN_IN_ERROR_UNSUPPORTED, "impersonated_service_account" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (sign_in_with_text (fixture, cases[i].text, &error));
      g_assert_error (error, EROS_SIGN_IN_ERROR, (int) cases[i].code);
      if (strstr (error->message, cases[i].said) == NULL)
        g_error ("case %u: %s", i, error->message);
    }
  g_assert_cmpuint (fake_keyring_count (fixture->keyring), ==, 0);
}

static void
test_a_huge_or_deep_file_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *huge = g_strnfill (1024 * 1024, ' ');
  g_autofree char *deep = g_strnfill (60000, '[');
  g_autoptr (GError) error = NULL;

  g_assert_false (sign_in_with_text (fixture, huge, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_INVALID_FILE);
  g_clear_error (&error);
  g_assert_false (sign_in_with_text (fixture, deep, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_INVALID_FILE);
}

static void
test_a_short_key_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *pem = fake_google_make_pem (1024);
  g_autofree char *text = fake_google_key_file (fixture->google, pem);
  g_autoptr (GError) error = NULL;

  g_assert_false (sign_in_with_text (fixture, text, &error));
  g_assert_nonnull (strstr (error->message, "2,048"));
}

/* ---- application default credentials ------------------------------------------------------------------- */

static void
use_default (Fixture *fixture, const char *text)
{
  g_autoptr (GFile) file = write_file (fixture, "adc.json", text);

  g_setenv ("GOOGLE_APPLICATION_CREDENTIALS", g_file_peek_path (file), TRUE);
  g_object_set (fixture->connection, "sign-in", EROS_SIGN_IN_APPLICATION_DEFAULT, NULL);
}

static void
test_default_credentials_of_a_service_account (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = fake_google_key_file (fixture->google, fixture->pem);
  g_autoptr (GError) error = NULL;

  use_default (fixture, text);
  g_assert_true (call (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fake_keyring_count (fixture->keyring), ==, 0);
}

static char *
user_file (Fixture *fixture)
{
  return g_strdup_printf (
    "{\"type\":\"authorized_user\",\"client_id\":\"cli\",\"client_secret\":\"se\","
    "\"refresh_token\":\"re\",\"quota_project_id\":\"eros-billing\",\"token_uri\":\"%s/token\"}",
    fixture->google->address);
}

static void
test_default_credentials_of_a_person (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = user_file (fixture);
  g_autoptr (GError) error = NULL;

  use_default (fixture, text);
  g_assert_true (call (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (g_hash_table_lookup (fixture->google->last_form, "refresh_token"), ==, "re");
  g_assert_cmpstr (fixture->google->last_quota_project, ==, "eros-billing");

  /* Revoked: nothing helps but to sign in again. */
  g_object_set (fixture->connection, "name", "another", NULL);
  fixture->google->token_status = 400;
  fixture->google->token_error = "invalid_grant";
  g_assert_false (call (fixture, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_NEEDED);
}

static gboolean
over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
test_default_credentials_that_impersonate (Fixture *fixture, gconstpointer data)
{
  gboolean over = FALSE;
  g_autofree char *user = user_file (fixture);
  g_autofree char *text = g_strdup_printf (
    "{\"type\":\"impersonated_service_account\",\"delegates\":[],\"service_account_impersonation_url\":"
    "\"%s/v1/projects/-/serviceAccounts/deploy@eros.iam.gserviceaccount.com:generateAccessToken\","
    "\"source_credentials\":%s}",
    fixture->google->address, user);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *who = NULL;

  use_default (fixture, text);
  g_assert_true (call (fixture, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (fixture->google->last_scopes, "auth/bigquery\""));
  eros_sign_in_describe_async (fixture->connection, NULL, keep_result_cb, fixture);
  result = wait_for (fixture);
  who = eros_sign_in_describe_finish (result, &error);
  g_assert_cmpstr (who, ==, "deploy@eros.iam.gserviceaccount.com (impersonated)");

  /* It tells the end by its clock; ours is two hours ahead. */
  fixture->google->clock_offset_s = -7200;
  g_object_set (fixture->connection, "name", "another", NULL);
  fixture->google->n_token_requests = 0;
  g_assert_true (call (fixture, &error));
  g_timeout_add (1100, over_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (call (fixture, &error));
  g_assert_cmpuint (fixture->google->n_token_requests, ==, 1);
}

static void
test_missing_default_credentials_are_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_setenv ("CLOUDSDK_CONFIG", fixture->folder, TRUE);
  g_object_set (fixture->connection, "sign-in", EROS_SIGN_IN_APPLICATION_DEFAULT, NULL);
  g_assert_false (call (fixture, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_NEEDED);
  g_assert_nonnull (strstr (error->message, fixture->folder));
  g_clear_error (&error);
  g_setenv ("GOOGLE_APPLICATION_CREDENTIALS", "/nonexistent.json", TRUE);
  g_assert_false (call (fixture, &error));
  /* At once: no waiting makes it appear. */
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_NEEDED);
  g_assert_nonnull (strstr (error->message, "/nonexistent.json"));
}

/* ---- the keyring --------------------------------------------------------------------------------------- */

static void
test_each_trouble_with_the_keyring_is_named (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = fake_google_key_file (fixture->google, fixture->pem);
  g_autoptr (GError) error = NULL;

  fake_keyring_set_mood (fixture->keyring, FAKE_KEYRING_DENIED);
  g_assert_false (sign_in_with_text (fixture, text, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_KEYRING_DENIED);
  g_clear_error (&error);
  fake_keyring_set_mood (fixture->keyring, FAKE_KEYRING_DISMISSED);
  g_assert_false (sign_in_with_text (fixture, text, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_KEYRING_LOCKED);
  g_clear_error (&error);

  /* The person opens it when asked. */
  fake_keyring_set_mood (fixture->keyring, FAKE_KEYRING_LOCKED);
  g_assert_true (sign_in_with_text (fixture, text, &error));
  g_assert_no_error (error);

  fake_keyring_set_mood (fixture->keyring, FAKE_KEYRING_DISMISSED);
  g_assert_false (call (fixture, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_KEYRING_LOCKED);
  g_clear_error (&error);
  fake_keyring_set_mood (fixture->keyring, FAKE_KEYRING_LOCKED);
  g_assert_true (call (fixture, &error));
  g_assert_no_error (error);
}

static void
test_a_mute_keyring_is_not_waited_for (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = fake_google_key_file (fixture->google, fixture->pem);
  g_autoptr (GError) error = NULL;
  gint64 begun = g_get_monotonic_time ();

  fake_keyring_set_mood (fixture->keyring, FAKE_KEYRING_MUTE);
  g_assert_false (sign_in_with_text (fixture, text, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_NO_KEYRING);
  g_assert_nonnull (strstr (error->message, "it has not answered for 10 seconds"));
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 20 * G_USEC_PER_SEC);
}

static void
test_a_deleted_item_means_sign_in_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (call (fixture, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_NEEDED);
  g_assert_nonnull (strstr (error->message, "staging"));
  g_clear_error (&error);
  sign_in (fixture);
  fake_keyring_delete (fixture->keyring, TRUE);
  g_assert_false (call (fixture, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_NEEDED);
  g_assert_cmpuint (fixture->google->n_token_requests, ==, 0);
}

static void
test_without_a_keyring_there_is_a_way_on (void)
{
  g_autoptr (ErosConnection) connection =
    g_object_new (EROS_TYPE_CONNECTION, "name", "staging", "sign-in", EROS_SIGN_IN_SERVICE_ACCOUNT, NULL);
  Fixture fixture = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *who = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  fake_keyring_use_private_bus ();
  eros_sign_in_describe_async (connection, NULL, keep_result_cb, &fixture);
  result = wait_for (&fixture);
  who = eros_sign_in_describe_finish (result, &error);
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_NO_KEYRING);
  g_assert_nonnull (strstr (error->message, "application default credentials"));
}

static void
sign_out (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  eros_sign_out_async (fixture->connection, NULL, keep_result_cb, fixture);
  result = wait_for (fixture);
  eros_sign_out_finish (result, error);
}

static void
test_signing_out_leaves_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sign_in (fixture);
  g_assert_true (call (fixture, &error));
  sign_out (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fake_keyring_count (fixture->keyring), ==, 0);
  /* Not even the token that was in memory. */
  g_assert_false (call (fixture, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_NEEDED);
  g_clear_error (&error);
  /* Twice is once. */
  sign_out (fixture, &error);
  g_assert_no_error (error);
}

static void
test_a_locked_keyring_is_not_signed_out_of (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sign_in (fixture);
  fake_keyring_set_mood (fixture->keyring, FAKE_KEYRING_DISMISSED);
  sign_out (fixture, &error);
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_KEYRING_LOCKED);
  g_assert_cmpuint (fake_keyring_count (fixture->keyring), ==, 1);
}

/* ---- in the browser ------------------------------------------------------------------------------------ */

typedef struct
{
  Fixture *fixture;
  const char *answer;  /* query of the redirect, with ${state} */
  const char *answer2; /* (nullable): another one after it */
  SoupSession *session;
} Browser;

static void
redirect (Browser *browser, GHashTable *query, const char *answer)
{
  g_autoptr (GString) text = g_string_new (answer);
  g_autofree char *address = NULL;
  g_autoptr (SoupMessage) message = NULL;

  g_string_replace (text, "${state}", g_hash_table_lookup (query, "state"), 0);
  address = g_strdup_printf ("%s/?%s", (const char *) g_hash_table_lookup (query, "redirect_uri"), text->str);
  message = soup_message_new ("GET", address);
  soup_session_send_async (browser->session, message, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}

static void
browse (const char *address, gpointer user_data)
{
  Browser *browser = user_data;
  g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GHashTable) query = soup_form_decode (g_uri_get_query (uri));

  g_assert_cmpstr (g_hash_table_lookup (query, "client_id"), ==, "cli.apps.googleusercontent.com");
  g_assert_cmpstr (g_hash_table_lookup (query, "code_challenge_method"), ==, "S256");
  g_assert_cmpstr (g_hash_table_lookup (query, "response_type"), ==, "code");
  g_assert_cmpstr (g_hash_table_lookup (query, "access_type"), ==, "offline");
  g_assert_cmpstr (g_hash_table_lookup (query, "scope"), ==, SCOPE);
  g_assert_true (g_str_has_prefix (g_hash_table_lookup (query, "redirect_uri"), "http://127.0.0.1:"));
  g_assert_cmpuint (strlen (g_hash_table_lookup (query, "state")), >=, 32);
  g_free (browser->fixture->google->challenge);
  browser->fixture->google->challenge = g_strdup (g_hash_table_lookup (query, "code_challenge"));
  redirect (browser, query, browser->answer);
  if (browser->answer2 != NULL)
    redirect (browser, query, browser->answer2);
}

static gboolean
sign_in_in_browser (Fixture *fixture, const char *answer, const char *answer2, GError **error)
{
  g_autofree char *client = g_strdup_printf (
    "{\"installed\":{\"client_id\":\"cli.apps.googleusercontent.com\",\"client_secret\":\"client-secret\","
    "\"auth_uri\":\"%s/auth\",\"token_uri\":\"%s/token\"}}",
    fixture->google->address, fixture->google->address);
  g_autoptr (GFile) file = write_file (fixture, "client.json", client);
  g_autoptr (GAsyncResult) result = NULL;
  Browser browser = { fixture, answer, answer2, soup_session_new () };
  gboolean good;

  g_object_set (fixture->connection, "sign-in", EROS_SIGN_IN_GOOGLE_ACCOUNT, NULL);
  eros_sign_in_with_google_async (fixture->connection, file, browse, &browser, NULL, keep_result_cb, fixture);
  result = wait_for (fixture);
  good = eros_sign_in_with_google_finish (result, error);
  g_object_unref (browser.session);
  return good;
}

static void
test_a_google_account_signs_in (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sign_in_in_browser (fixture, "code=4/abc&state=${state}", NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (g_hash_table_lookup (fixture->google->last_form, "code"), ==, "4/abc");
  g_assert_nonnull (strstr (fake_keyring_secret (fixture->keyring), "1//refresh-token"));
  g_assert_true (call (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (g_hash_table_lookup (fixture->google->last_form, "refresh_token"), ==, "1//refresh-token");
  sign_out (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->google->n_revoked, ==, 1);
  g_assert_cmpuint (fake_keyring_count (fixture->keyring), ==, 0);
}

static void
test_a_box_that_was_not_ticked_is_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->google->granted = "openid https://www.googleapis.com/auth/devstorage.read_write";
  g_assert_false (sign_in_in_browser (fixture, "code=4/abc&state=${state}", NULL, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "auth/bigquery"));
  g_assert_cmpuint (fake_keyring_count (fixture->keyring), ==, 0);
  g_clear_error (&error);
  fixture->google->granted = SCOPE;
  g_assert_true (sign_in_in_browser (fixture, "code=4/abc&state=${state}", NULL, &error));
  g_assert_no_error (error);
}

static void
test_an_answer_without_our_state_is_nobodys (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
    sign_in_in_browser (fixture, "code=4/evil&state=guessed", "code=4/good&state=${state}", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (g_hash_table_lookup (fixture->google->last_form, "code"), ==, "4/good");
}

static void
test_a_refusal_in_the_browser_changes_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (sign_in_in_browser (fixture, "error=access_denied&state=${state}", NULL, &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_REFUSED);
  g_assert_cmpuint (fake_keyring_count (fixture->keyring), ==, 0);
  g_assert_cmpuint (fixture->google->n_token_requests, ==, 0);
}

static void
never_mind (const char *address, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_waiting_for_the_browser_can_be_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autofree char *client = g_strdup_printf (
    "{\"installed\":{\"client_id\":\"cli\",\"auth_uri\":\"https://a/auth\",\"token_uri\":\"%s/token\"}}",
    fixture->google->address);
  g_autoptr (GFile) file = write_file (fixture, "client.json", client);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  eros_sign_in_with_google_async (fixture->connection, file, never_mind, cancellable, cancellable,
                                  keep_result_cb, fixture);
  result = wait_for (fixture);
  g_assert_false (eros_sign_in_with_google_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_no_core_is_dumped_once_there_is_a_secret (Fixture *fixture, gconstpointer data)
{
  struct rlimit limit;

  sign_in (fixture);
  g_assert_cmpint (getrlimit (RLIMIT_CORE, &limit), ==, 0);
  g_assert_cmpuint (limit.rlim_cur, ==, 1);
  g_assert_cmpuint (limit.rlim_max, ==, 1);
}

#define ADD(name, function) g_test_add ("/bigquery/sign-in/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-key-signs-in", test_a_key_signs_in);
  ADD ("many-calls-share-one-token", test_many_calls_share_one_token);
  ADD ("a-token-is-renewed-before-it-ends", test_a_token_is_renewed_before_it_ends);
  ADD ("one-refused-token-is-replaced", test_one_refused_token_is_replaced);
  ADD ("a-wrong-clock-is-named", test_a_wrong_clock_is_named);
  ADD ("a-refusal-is-not-asked-again", test_a_refusal_is_not_asked_again);
  ADD ("a-strange-token-is-not-sent", test_a_strange_token_is_not_sent);
  ADD ("what-is-no-key-says-so", test_what_is_no_key_says_so);
  ADD ("a-huge-or-deep-file-is-refused", test_a_huge_or_deep_file_is_refused);
  ADD ("a-short-key-is-refused", test_a_short_key_is_refused);
  ADD ("default-credentials-of-a-service-account", test_default_credentials_of_a_service_account);
  ADD ("default-credentials-of-a-person", test_default_credentials_of_a_person);
  ADD ("default-credentials-that-impersonate", test_default_credentials_that_impersonate);
  ADD ("missing-default-credentials-are-named", test_missing_default_credentials_are_named);
  ADD ("each-trouble-with-the-keyring-is-named", test_each_trouble_with_the_keyring_is_named);
  ADD ("a-mute-keyring-is-not-waited-for", test_a_mute_keyring_is_not_waited_for);
  ADD ("a-deleted-item-means-sign-in-again", test_a_deleted_item_means_sign_in_again);
  g_test_add_func ("/bigquery/sign-in/without-a-keyring-there-is-a-way-on",
                   test_without_a_keyring_there_is_a_way_on);
  ADD ("signing-out-leaves-nothing", test_signing_out_leaves_nothing);
  ADD ("a-locked-keyring-is-not-signed-out-of", test_a_locked_keyring_is_not_signed_out_of);
  ADD ("a-google-account-signs-in", test_a_google_account_signs_in);
  ADD ("a-box-that-was-not-ticked-is-named", test_a_box_that_was_not_ticked_is_named);
  ADD ("an-answer-without-our-state-is-nobodys", test_an_answer_without_our_state_is_nobodys);
  ADD ("a-refusal-in-the-browser-changes-nothing", test_a_refusal_in_the_browser_changes_nothing);
  ADD ("waiting-for-the-browser-can-be-cancelled", test_waiting_for_the_browser_can_be_cancelled);
  ADD ("no-core-is-dumped-once-there-is-a-secret", test_no_core_is_dumped_once_there_is_a_secret);
  return g_test_run ();
}
