/* eros-cli-connect.c: the BigQuery that a command works with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-connect.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-connections.h"
#include "eros-limits.h"
#include "eros-rehearsal-clock.h"
#include "eros-timeline.h"

#define ANSWER_TIMEOUT_S 10

char *
eros_cli_find_endpoint (const char *given)
{
  const char *named = given != NULL ? given : g_getenv ("BIGQUERY_EMULATOR_HOST");

  if (named == NULL || *named == '\0')
    return NULL;
  /* Google's own clients take the variable's value with and without a scheme. */
  return strstr (named, "://") != NULL ? g_strdup (named) : g_strconcat ("http://", named, NULL);
}

static gboolean
is_address (const char *endpoint)
{
  g_autoptr (GUri) uri = g_uri_parse (endpoint, G_URI_FLAGS_NONE, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0' &&
         (g_str_equal (g_uri_get_scheme (uri), "http") || g_str_equal (g_uri_get_scheme (uri), "https"));
}

/* The client waits long for a network that comes back; whoever mistypes an address should not. */
static gboolean
check_answers (const char *endpoint, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) problem = NULL;

  if (is_address (endpoint))
    address = g_network_address_parse_uri (endpoint, 80, NULL);
  if (address == NULL)
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                   _ ("“%s” is not the address of a server: write it as http://localhost:9050."), endpoint);
      return FALSE;
    }
  g_socket_client_set_timeout (client, ANSWER_TIMEOUT_S);
  g_socket_client_connect_async (client, address, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  connection = g_socket_client_connect_finish (client, result, &problem);
  if (connection != NULL)
    return TRUE;
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE,
                 _ ("Nothing answers at %s (%s). Start the server there, or correct the address."), endpoint,
                 problem->message);
  return FALSE;
}

gboolean
eros_cli_check_captions (int captions, GError **error)
{
  if (captions >= 0)
    return TRUE;
  g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE, _ ("--captions must be a number above 0."));
  return FALSE;
}

ErosRehearsal *
eros_cli_start_rehearsal (guint captions, const char *endpoint, GFile *data, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  ErosRehearsal *rehearsal;
  GError *problem = NULL;

  if (endpoint != NULL && !check_answers (endpoint, error))
    return NULL;
  eros_rehearsal_start_async (captions, endpoint, data, eros_cli_get_interruption (), eros_cli_wait_cb,
                              &wait);
  result = eros_cli_wait (&wait);
  rehearsal = eros_rehearsal_start_finish (result, &problem);
  /* Whatever kept it from starting, the service is not there. */
  if (rehearsal == NULL && !g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE, problem->message);
      g_error_free (problem);
    }
  else if (rehearsal == NULL)
    g_propagate_error (error, problem);
  return rehearsal;
}

gboolean
eros_cli_parse_sign_in (const char *text, ErosSignIn *sign_in, GError **error)
{
  static const struct
  {
    const char *name;
    ErosSignIn sign_in;
  } names[] = {
    { "none", EROS_SIGN_IN_NONE },
    { "service-account", EROS_SIGN_IN_SERVICE_ACCOUNT },
    { "google", EROS_SIGN_IN_GOOGLE_ACCOUNT },
    { "default", EROS_SIGN_IN_APPLICATION_DEFAULT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].name, text))
      {
        *sign_in = names[i].sign_in;
        return TRUE;
      }
  g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
               _ ("There is no sign-in “%s”: use “default”, “service-account”, “google” or “none”."), text);
  return FALSE;
}

gboolean
eros_cli_set_limits (ErosConnection *connection, char **limits, GError **error)
{
  static const struct
  {
    const char *option;
    const char *property;
  } known[] = {
    { "--budget", "budget-bytes" },
    { "--timeout", "timeout-ms" },
    { "--price", "cents-per-tib" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autoptr (GError) problem = NULL;
      gint64 value;

      if (limits[i] == NULL)
        continue;
      if (!eros_limits_parse (known[i].property, limits[i], &value, &problem))
        {
          /* Translators: %1$s: “--budget”, %2$s: what was given, %3$s: a sentence: how it is written */
          g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE, _ ("%1$s “%2$s”: %3$s"), known[i].option,
                       limits[i], problem->message);
          return FALSE;
        }
      if (connection != NULL)
        g_object_set (connection, known[i].property, value, NULL);
    }
  return TRUE;
}

static ErosConnection *
connect_to (ErosDeployment *deployment, const char *endpoint, const char *sign_in, GError **error)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (deployment);
  ErosSignIn kind = endpoint != NULL ? EROS_SIGN_IN_NONE : EROS_SIGN_IN_APPLICATION_DEFAULT;
  g_autoptr (ErosConnection) connection = NULL;

  if (sign_in != NULL && !eros_cli_parse_sign_in (sign_in, &kind, error))
    return NULL;
  if (endpoint != NULL && !check_answers (endpoint, error))
    return NULL;
  /* The profile's name is what the keyring knows the secret by. */
  connection = g_object_new (
    EROS_TYPE_CONNECTION, "name", *setup->profile != '\0' ? setup->profile : setup->name, "environment",
    eros_cli_environment_text (setup->environment), "endpoint", endpoint, "project", setup->project,
    "dataset", setup->dataset, "location", setup->location, "bucket", setup->bucket, "sign-in", kind, NULL);
  return eros_connection_validate (connection, error) ? g_steal_pointer (&connection) : NULL;
}

ErosConnection *
eros_cli_connect_by_name (const char *name, const char *endpoint, const char *sign_in, GError **error)
{
  g_autoptr (ErosConnection) connection = eros_connections_find (name);
  ErosSignIn kind;

  if (connection == NULL)
    return NULL;
  kind = endpoint != NULL ? EROS_SIGN_IN_NONE : eros_connection_get_sign_in (connection);
  if (sign_in != NULL && !eros_cli_parse_sign_in (sign_in, &kind, error))
    return NULL;
  if (endpoint != NULL)
    g_object_set (connection, "endpoint", endpoint, NULL);
  g_object_set (connection, "sign-in", kind, NULL);
  if (!eros_connection_validate (connection, error))
    return NULL;
  if (eros_connection_get_endpoint (connection) != NULL &&
      !check_answers (eros_connection_get_endpoint (connection), error))
    return NULL;
  return g_steal_pointer (&connection);
}

/* A server that has just been started knows nothing of the days that were passed over. */
static gboolean
set_clock (ErosRehearsal *rehearsal, ErosDeployment *deployment, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  if (eros_timeline_get_ahead (deployment) == 0)
    return TRUE;
  eros_rehearsal_advance_async (rehearsal, deployment, eros_timeline_get_now (deployment), NULL,
                                eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  return eros_rehearsal_advance_finish (rehearsal, result, error);
}

gboolean
eros_cli_check_rehearsal (ErosRehearsal *rehearsal, ErosDeployment *deployment, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  if (!set_clock (rehearsal, deployment, error))
    return FALSE;
  eros_rehearsal_check_data_async (rehearsal, deployment, eros_cli_get_interruption (), eros_cli_wait_cb,
                                   &wait);
  result = eros_cli_wait (&wait);
  return eros_rehearsal_check_data_finish (rehearsal, result, error);
}

/* What somebody else's server holds is where the deployment says; a server of our own has its sample's
 * places. */
static void
use_places (ErosConnection *connection, const ErosDeploymentSetup *setup)
{
  const struct
  {
    const char *property;
    const char *value;
  } places[] = { { "project", setup->project },
                 { "dataset", setup->dataset },
                 { "location", setup->location },
                 { "bucket", setup->bucket } };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (places[i].value != NULL && *places[i].value != '\0')
      g_object_set (connection, places[i].property, places[i].value, NULL);
}

ErosConnection *
eros_cli_connect (ErosDeployment *deployment,
                  guint captions,
                  const char *endpoint,
                  const char *sign_in,
                  ErosRehearsal **rehearsal,
                  GError **error)
{
  g_autoptr (GFile) data = NULL;

  *rehearsal = NULL;
  if (eros_deployment_get_setup (deployment)->environment != EROS_ENVIRONMENT_REHEARSAL)
    return connect_to (deployment, endpoint, sign_in, error);

  /* A rehearsal of several commands goes on where the one before has stopped. */
  data = eros_rehearsal_get_data_folder (eros_journal_get_file (eros_deployment_get_journal (deployment)));
  *rehearsal = eros_cli_start_rehearsal (captions, endpoint, data, error);
  if (*rehearsal == NULL)
    return NULL;
  if (endpoint != NULL)
    use_places (eros_rehearsal_get_connection (*rehearsal), eros_deployment_get_setup (deployment));
  return eros_cli_check_rehearsal (*rehearsal, deployment, error)
           ? g_object_ref (eros_rehearsal_get_connection (*rehearsal))
           : NULL;
}
