/* eros-grant.c: what entitles us to tokens: a service account's key, a person's refresh token, or
 * impersonation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-grant.h"

#include <glib/gi18n-lib.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#include "eros-address.h"
#include "eros-json.h"
#include "eros-secret.h"

#define FILE_LIMIT        (64 * 1024)
#define DEFAULT_TOKEN_URI "https://oauth2.googleapis.com/token"

ErosGrant *
eros_grant_ref (ErosGrant *self)
{
  g_ref_count_inc (&self->references);
  return self;
}

void
eros_grant_unref (ErosGrant *self)
{
  if (!g_ref_count_dec (&self->references))
    return;
  g_free (self->token_uri);
  g_free (self->quota_project);
  g_free (self->email);
  g_free (self->key_id);
  eros_secret_free (self->private_key);
  g_free (self->client_id);
  eros_secret_free (self->client_secret);
  eros_secret_free (self->refresh_token);
  g_free (self->impersonation_uri);
  g_strfreev (self->delegates);
  g_clear_pointer (&self->source, eros_grant_unref);
  g_free (self);
}

static ErosGrant *
grant_new (ErosGrantKind kind)
{
  ErosGrant *self = g_new0 (ErosGrant, 1);

  g_ref_count_init (&self->references);
  self->kind = kind;
  return self;
}

/* ---- reading ------------------------------------------------------------------------------------------- */

static gboolean
invalid (GError **error, const char *name, const char *what)
{
  g_set_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_INVALID_FILE,
               /* Translators: %1$s: a file, %2$s: what is wrong with it */
               _ ("%1$s cannot be used to sign in: %2$s"), name, what);
  return FALSE;
}

static gboolean
take (JsonObject *object, const char *member, char **target, const char *name, GError **error)
{
  const char *text = eros_json_string (object, member);
  g_autofree char *what = NULL;

  if (text != NULL && *text != '\0' && strlen (text) < FILE_LIMIT)
    {
      *target = g_strdup (text);
      return TRUE;
    }
  what = g_strdup_printf (_ ("it has no “%s”. Download it anew."), member);
  return invalid (error, name, what);
}

static gboolean
take_address (JsonObject *object, const char *member, char **target, const char *name, GError **error)
{
  const char *text = eros_json_string (object, member);
  g_autofree char *what = NULL;

  *target = g_strdup (text != NULL ? text : DEFAULT_TOKEN_URI);
  if (eros_address_is_safe (*target))
    return TRUE;
  what = g_strdup_printf (_ ("its “%s” is not an https address. Do not use this file."), member);
  return invalid (error, name, what);
}

/* Whether it is a private RSA key that is long enough (RFC 7518, 3.3: at least 2,048 bits). */
static gboolean
check_private_key (const char *pem, const char *name, GError **error)
{
  BIO *bio = BIO_new_mem_buf (pem, -1);
  /* An empty password, so that nobody is asked for one on the terminal. */
  EVP_PKEY *key = PEM_read_bio_PrivateKey (bio, NULL, NULL, (gpointer) "");
  gboolean is_rsa = key != NULL && EVP_PKEY_get_base_id (key) == EVP_PKEY_RSA;
  gboolean is_long = is_rsa && EVP_PKEY_get_bits (key) >= 2048;

  EVP_PKEY_free (key);
  BIO_free (bio);
  if (!is_rsa)
    return invalid (error, name, _ ("its “private_key” is not an RSA key. Download it anew."));
  return is_long || invalid (error, name, _ ("its “private_key” has fewer than 2,048 bits. Make a new key."));
}

static ErosGrant *
parse_service_account (JsonObject *object, const char *name, GError **error)
{
  g_autoptr (ErosGrant) self = grant_new (EROS_GRANT_SERVICE_ACCOUNT);

  if (!take (object, "client_email", &self->email, name, error) ||
      !take (object, "private_key_id", &self->key_id, name, error) ||
      !take (object, "private_key", &self->private_key, name, error) ||
      !take_address (object, "token_uri", &self->token_uri, name, error) ||
      !check_private_key (self->private_key, name, error))
    return NULL;
  return g_steal_pointer (&self);
}

static ErosGrant *
parse_user (JsonObject *object, const char *name, GError **error)
{
  g_autoptr (ErosGrant) self = grant_new (EROS_GRANT_USER);

  if (!take (object, "client_id", &self->client_id, name, error) ||
      !take (object, "refresh_token", &self->refresh_token, name, error) ||
      !take_address (object, "token_uri", &self->token_uri, name, error))
    return NULL;
  self->client_secret = g_strdup (eros_json_string (object, "client_secret"));
  self->quota_project = g_strdup (eros_json_string (object, "quota_project_id"));
  return g_steal_pointer (&self);
}

static ErosGrant *parse (JsonObject *object, gboolean is_source, const char *name, GError **error);

/* …/v1/projects/-/serviceAccounts/NAME@PROJECT.iam.gserviceaccount.com:generateAccessToken */
static char *
account_of_address (const char *address)
{
  const char *slash = strrchr (address, '/');
  const char *colon = slash != NULL ? strchr (slash, ':') : NULL;

  return colon != NULL ? g_strndup (slash + 1, colon - slash - 1) : g_strdup (address);
}

static ErosGrant *
parse_impersonated (JsonObject *object, const char *name, GError **error)
{
  g_autoptr (ErosGrant) self = grant_new (EROS_GRANT_IMPERSONATED);
  JsonObject *source = eros_json_object (object, "source_credentials");
  JsonArray *delegates = eros_json_array (object, "delegates");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (source == NULL)
    {
      invalid (error, name, _ ("it has no “source_credentials”."));
      return NULL;
    }
  if (!take (object, "service_account_impersonation_url", &self->impersonation_uri, name, error))
    return NULL;
  if (!eros_address_is_safe (self->impersonation_uri))
    {
      invalid (error, name, _ ("its impersonation address is not an https address. Do not use this file."));
      return NULL;
    }
  self->source = parse (source, TRUE, name, error);
  if (self->source == NULL)
    return NULL;
  for (guint i = 0; delegates != NULL && i < json_array_get_length (delegates); i++)
    {
      JsonNode *node = json_array_get_element (delegates, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (node));
    }
  self->delegates = g_strv_builder_end (builder);
  self->email = account_of_address (self->impersonation_uri);
  self->quota_project = g_strdup (eros_json_string (object, "quota_project_id"));
  self->token_uri = g_strdup (self->source->token_uri);
  return g_steal_pointer (&self);
}

static ErosGrant *
parse (JsonObject *object, gboolean is_source, const char *name, GError **error)
{
  const char *type = eros_json_string (object, "type");

  if (g_strcmp0 (type, "service_account") == 0)
    return parse_service_account (object, name, error);
  if (g_strcmp0 (type, "authorized_user") == 0)
    return parse_user (object, name, error);
  if (g_strcmp0 (type, "impersonated_service_account") == 0 && !is_source)
    return parse_impersonated (object, name, error);
  if (type == NULL)
    invalid (error, name, _ ("it does not say what “type” of credentials it holds."));
  else
    g_set_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_UNSUPPORTED,
                 _ ("%s holds credentials of the kind “%s”, which this program does not speak. Use a service "
                    "account's key, or run “gcloud auth application-default login”."),
                 name, type);
  return NULL;
}

/**
 * eros_grant_parse:
 * @text: the file's text
 * @name: what to call it in errors
 * @error: return location for %EROS_SIGN_IN_ERROR
 *
 * Returns: (transfer full): what it entitles to
 */
ErosGrant *
eros_grant_parse (const char *text, const char *name, GError **error)
{
  g_autoptr (JsonNode) root = NULL;

  eros_secret_protect ();
  /* The parser's error would quote the text. */
  root = eros_json_parse (text, -1, NULL);
  if (root == NULL)
    {
      invalid (error, name, _ ("it is not a JSON file as Google gives them out."));
      return NULL;
    }
  return parse (json_node_get_object (root), FALSE, name, error);
}

ErosGrant *
eros_grant_new_user (const char *client_id,
                     const char *client_secret,
                     const char *token_uri,
                     const char *refresh_token)
{
  ErosGrant *self = grant_new (EROS_GRANT_USER);

  self->client_id = g_strdup (client_id);
  self->client_secret = g_strdup (client_secret);
  self->token_uri = g_strdup (token_uri);
  self->refresh_token = g_strdup (refresh_token);
  return self;
}

/* ---- writing ------------------------------------------------------------------------------------------- */

static void
put (JsonObject *object, const char *member, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, member, value);
}

char *
eros_grant_to_json (ErosGrant *self)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  g_return_val_if_fail (self->kind != EROS_GRANT_IMPERSONATED, NULL);
  put (object, "type", self->kind == EROS_GRANT_USER ? "authorized_user" : "service_account");
  put (object, "client_email", self->email);
  put (object, "private_key_id", self->key_id);
  put (object, "private_key", self->private_key);
  put (object, "client_id", self->client_id);
  put (object, "client_secret", self->client_secret);
  put (object, "refresh_token", self->refresh_token);
  put (object, "token_uri", self->token_uri);
  put (object, "quota_project_id", self->quota_project);
  json_node_take_object (root, object);
  return json_to_string (root, FALSE);
}

char *
eros_grant_describe (ErosGrant *self)
{
  switch (self->kind)
    {
    case EROS_GRANT_SERVICE_ACCOUNT:
      /* Translators: %1$s: an account's e-mail address, %2$.8s: the key's number */
      return g_strdup_printf (_ ("%1$s (key %2$.8s)"), self->email, self->key_id);
    case EROS_GRANT_IMPERSONATED:
      return g_strdup_printf (_ ("%s (impersonated)"), self->email);
    case EROS_GRANT_USER:
    default:
      return g_strdup (_ ("a Google account"));
    }
}

/* ---- files --------------------------------------------------------------------------------------------- */

typedef struct
{
  char *buffer; /* FILE_LIMIT + 1 and a NUL */
} FileRead;

static void
file_read_free (FileRead *read)
{
  explicit_bzero (read->buffer, FILE_LIMIT + 1);
  g_free (read->buffer);
  g_free (read);
}

static void
file_filled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  FileRead *read = g_task_get_task_data (task);
  GError *error = NULL;
  gsize length = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error))
    g_task_return_error (task, error);
  else if (length > FILE_LIMIT || !g_utf8_validate (read->buffer, length, NULL))
    g_task_return_new_error (task, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_INVALID_FILE,
                             _ ("This is not a JSON file as Google gives them out."));
  else
    g_task_return_pointer (task, g_strndup (read->buffer, length), (GDestroyNotify) eros_secret_free);
}

static void
file_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  FileRead *read = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read_finish (G_FILE (source), result, &error);

  if (stream == NULL)
    g_task_return_error (task, error);
  else
    g_input_stream_read_all_async (G_INPUT_STREAM (stream), read->buffer, FILE_LIMIT + 1, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), file_filled_cb, g_object_ref (task));
}

void
eros_grant_read_file_async (GFile *file,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  FileRead *read = g_new0 (FileRead, 1);

  g_task_set_source_tag (task, eros_grant_read_file_async);
  eros_secret_protect ();
  read->buffer = g_malloc0 (FILE_LIMIT + 2);
  g_task_set_task_data (task, read, (GDestroyNotify) file_read_free);
  g_file_read_async (file, G_PRIORITY_DEFAULT, cancellable, file_opened_cb, g_object_ref (task));
}

char *
eros_grant_read_file_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_grant_read_file_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * eros_grant_find_default_file:
 * @error: return location for %EROS_SIGN_IN_ERROR
 *
 * In Google's order: what `GOOGLE_APPLICATION_CREDENTIALS` names, then the file that gcloud writes.
 *
 * Returns: (transfer full): the file, which may turn out not to be readable
 */
GFile *
eros_grant_find_default_file (GError **error)
{
  const char *named = g_getenv ("GOOGLE_APPLICATION_CREDENTIALS");
  const char *folder = g_getenv ("CLOUDSDK_CONFIG");
  g_autofree char *path = NULL;

  if (named != NULL && *named != '\0')
    return g_file_new_for_path (named);
  path = folder != NULL && *folder != '\0'
           ? g_build_filename (folder, "application_default_credentials.json", NULL)
           : g_build_filename (g_get_home_dir (), ".config", "gcloud", "application_default_credentials.json",
                               NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_file_new_for_path (path);
  g_set_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_NEEDED,
               _ ("There are no application default credentials: GOOGLE_APPLICATION_CREDENTIALS is not set, "
                  "and %s is not there. Run “gcloud auth application-default login”."),
               path);
  return NULL;
}
