/* eros-environment.c: what other people's tools need to be told to work with this server
 *
 * Google's command-line programs read their settings from files whose names stand in variables, its libraries
 * read variables alone. None of them is to find an account of the user's, nor to ask Google for anything.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-environment.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>

struct _ErosEnvironment
{
  char *folder;
  GPtrArray *names;
  GPtrArray *values; /* NULL: the variable must not be there */
};

/* bq takes a query for legacy SQL, and a view's, unless it is told otherwise; the server has none. */
static const char BIGQUERYRC[] = "project_id = %s\n"
                                 "api = %s/\n"
                                 "%s"
                                 "[query]\n"
                                 "use_legacy_sql = false\n"
                                 "[mk]\n"
                                 "use_legacy_sql = false\n"
                                 "[update]\n"
                                 "use_legacy_sql = false\n";

/* gsutil itself speaks https only; as a front of `gcloud storage` it goes where that goes. */
static const char BOTO[] = "[GSUtil]\n"
                           "use_gcloud_storage = True\n"
                           "default_project_id = %s\n";

/* A server that asks for no token does not look at it, but the programs want to have one. */
#define ANY_TOKEN "local"

static void
set (ErosEnvironment *self, const char *name, const char *value)
{
  g_ptr_array_add (self->names, g_strdup (name));
  g_ptr_array_add (self->values, g_strdup (value));
}

static gboolean
write_file (ErosEnvironment *self, const char *variable, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  set (self, variable, path);
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, error);
}

static void
set_endpoints (ErosEnvironment *self, const char *url, const char *project)
{
  static const char *const GCLOUD[][2] = {
    { "CLOUDSDK_API_ENDPOINT_OVERRIDES_BIGQUERY", "/" },
    { "CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE", "/storage/v1/" },
    { "CLOUDSDK_API_ENDPOINT_OVERRIDES_BIGQUERYDATATRANSFER", "/" },
    { "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER", "/" },
  };
  static const char *const PROJECT[] = { "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT" };
  const char *unproxied = g_getenv ("no_proxy");
  g_autofree char *local = g_strconcat (unproxied != NULL ? unproxied : "", unproxied != NULL ? "," : "",
                                        "127.0.0.1,localhost", NULL);

  set (self, "EROS_BIGQUERY_LOCAL_URL", url);
  set (self, "BIGQUERY_EMULATOR_HOST", url);
  set (self, "STORAGE_EMULATOR_HOST", url);
  for (guint i = 0; i < G_N_ELEMENTS (GCLOUD); i++)
    {
      g_autofree char *endpoint = g_strconcat (url, GCLOUD[i][1], NULL);

      set (self, GCLOUD[i][0], endpoint);
    }
  for (guint i = 0; i < G_N_ELEMENTS (PROJECT); i++)
    set (self, PROJECT[i], project);
  set (self, "CLOUDSDK_CORE_DISABLE_PROMPTS", "1");
  set (self, "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "1");
  set (self, "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "1");
  set (self, "no_proxy", local);
  set (self, "NO_PROXY", local);
}

/* Whoever asks finds a machine of Google's, whose service account this server is happy with. */
static gboolean
set_machine (ErosEnvironment *self, const char *url, GError **error)
{
  const char *host = strstr (url, "://") + 3;

  set (self, "GCE_METADATA_HOST", host);
  set (self, "GCE_METADATA_IP", host);
  set (self, "GCE_METADATA_ROOT", host);
  set (self, "GOOGLE_APPLICATION_CREDENTIALS", NULL);
  set (self, "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE", NULL);
  return write_file (self, "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", "token", ANY_TOKEN "\n", error);
}

/* gcloud asks Google for tokens whatever the key file says, unless it is told; gsutil wants to know who
 * calls. */
static gboolean
set_key (ErosEnvironment *self, const char *url, const char *key_file, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (key_file, NULL);
  g_autofree char *host = g_strconcat (url, "/token", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (!json_parser_load_from_file (parser, path, error))
    return FALSE;
  set (self, "CLOUDSDK_AUTH_TOKEN_HOST", host);
  set (self, "CLOUDSDK_CORE_ACCOUNT",
       json_object_get_string_member (json_node_get_object (json_parser_get_root (parser)), "client_email"));

  set (self, "GCE_METADATA_HOST", NULL);
  set (self, "GCE_METADATA_IP", NULL);
  set (self, "GCE_METADATA_ROOT", NULL);
  set (self, "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", NULL);
  set (self, "GOOGLE_APPLICATION_CREDENTIALS", path);
  set (self, "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE", path);
  return TRUE;
}

/**
 * eros_environment_new:
 * @url: where the server is
 * @project: its project
 * @key_file: (nullable): the key with which tokens are got; %NULL when none is needed
 * @error: return location for a #GError
 *
 * Writes the files, into a folder of their own that only this user can read.
 *
 * Returns: (transfer full) (nullable): the environment
 */
ErosEnvironment *
eros_environment_new (const char *url, const char *project, const char *key_file, GError **error)
{
  g_autoptr (ErosEnvironment) self = g_new0 (ErosEnvironment, 1);
  g_autofree char *rc = NULL;
  g_autofree char *boto = g_strdup_printf (BOTO, project);
  g_autofree char *gcloud = NULL;

  self->names = g_ptr_array_new_with_free_func (g_free);
  self->values = g_ptr_array_new_with_free_func (g_free);
  self->folder = g_dir_make_tmp ("eros-bigquery-local-XXXXXX", error);
  if (self->folder == NULL)
    return NULL;
  gcloud = g_build_filename (self->folder, "gcloud", NULL);
  rc = g_strdup_printf (BIGQUERYRC, project, url,
                        key_file == NULL ? "oauth_access_token = " ANY_TOKEN "\n" : "");
  set_endpoints (self, url, project);
  set (self, "CLOUDSDK_CONFIG", gcloud);
  if (!write_file (self, "BIGQUERYRC", "bigqueryrc", rc, error) ||
      !write_file (self, "BOTO_CONFIG", "boto", boto, error))
    return NULL;
  if (key_file != NULL ? !set_key (self, url, key_file, error) : !set_machine (self, url, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* gcloud fills its folder with files and folders of its own. */
static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/**
 * eros_environment_free:
 * @environment: (transfer full) (nullable): an environment
 *
 * Its files go, too.
 */
void
eros_environment_free (ErosEnvironment *environment)
{
  if (environment == NULL)
    return;
  if (environment->folder != NULL)
    remove_folder (environment->folder);
  g_free (environment->folder);
  g_ptr_array_unref (environment->names);
  g_ptr_array_unref (environment->values);
  g_free (environment);
}

/**
 * eros_environment_apply:
 * @environment: an environment
 * @variables: (transfer full): those of a process
 *
 * Returns: (transfer full): @variables, changed
 */
GStrv
eros_environment_apply (ErosEnvironment *environment, GStrv variables)
{
  for (guint i = 0; i < environment->names->len; i++)
    {
      const char *name = g_ptr_array_index (environment->names, i);
      const char *value = g_ptr_array_index (environment->values, i);

      variables = value != NULL ? g_environ_setenv (variables, name, value, TRUE)
                                : g_environ_unsetenv (variables, name);
    }
  return variables;
}

/**
 * eros_environment_to_shell:
 * @environment: an environment
 *
 * Returns: (transfer full): what a shell has to read; the process to end is in `EROS_BIGQUERY_LOCAL_PID`
 */
char *
eros_environment_to_shell (ErosEnvironment *environment)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < environment->names->len; i++)
    {
      const char *name = g_ptr_array_index (environment->names, i);
      const char *value = g_ptr_array_index (environment->values, i);
      g_autofree char *quoted = value != NULL ? g_shell_quote (value) : NULL;

      if (quoted != NULL)
        g_string_append_printf (text, "export %s=%s;\n", name, quoted);
      else
        g_string_append_printf (text, "unset %s;\n", name);
    }
  g_string_append_printf (text, "export EROS_BIGQUERY_LOCAL_PID=%d;\n", (int) getpid ());
  return g_string_free (text, FALSE);
}
