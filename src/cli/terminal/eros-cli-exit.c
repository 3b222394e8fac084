/* eros-cli-exit.c: what an error is to the shell
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-big-query-error.h"
#include "eros-cli-private.h"
#include "eros-controller-error.h"
#include "eros-sign-in.h"

/* The connection itself. */
static gboolean
is_of_network (const GError *error)
{
  static const GIOErrorEnum codes[] = {
    G_IO_ERROR_CONNECTION_REFUSED, G_IO_ERROR_CONNECTION_CLOSED,   G_IO_ERROR_HOST_NOT_FOUND,
    G_IO_ERROR_HOST_UNREACHABLE,   G_IO_ERROR_NETWORK_UNREACHABLE, G_IO_ERROR_TIMED_OUT,
    G_IO_ERROR_PROXY_FAILED,       G_IO_ERROR_PROXY_AUTH_FAILED,   G_IO_ERROR_PROXY_NEED_AUTH,
    G_IO_ERROR_PROXY_NOT_ALLOWED,
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, G_IO_ERROR, (int) codes[i]))
      return TRUE;
  return error->domain == G_RESOLVER_ERROR || error->domain == G_TLS_ERROR;
}

/* It did not answer, or would not let us in: nothing is wrong with what was asked. */
static gboolean
is_of_service (const GError *error)
{
  static const ErosBigQueryError codes[] = {
    EROS_BIG_QUERY_ERROR_SIGN_IN, EROS_BIG_QUERY_ERROR_DENIED,      EROS_BIG_QUERY_ERROR_QUOTA,
    EROS_BIG_QUERY_ERROR_BUDGET,  EROS_BIG_QUERY_ERROR_UNAVAILABLE, EROS_BIG_QUERY_ERROR_MALFORMED,
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, EROS_BIG_QUERY_ERROR, codes[i]))
      return TRUE;
  return error->domain == EROS_SIGN_IN_ERROR || is_of_network (error);
}

ErosExit
eros_cli_exit_of_error (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return EROS_EXIT_INTERRUPTED;
  if (g_error_matches (error, EROS_CLI_ERROR, EROS_CLI_ERROR_NOT_ALLOWED))
    return EROS_EXIT_NOT_ALLOWED;
  if (error->domain == EROS_CLI_ERROR || error->domain == G_OPTION_ERROR ||
      g_error_matches (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID))
    return EROS_EXIT_USAGE;
  if (g_error_matches (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NOT_ALLOWED) ||
      g_error_matches (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NEEDS_REASON) ||
      g_error_matches (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED))
    return EROS_EXIT_NOT_ALLOWED;
  if (g_error_matches (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE) ||
      is_of_service (error))
    return EROS_EXIT_UNAVAILABLE;
  return EROS_EXIT_FAILED;
}
