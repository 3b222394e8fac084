/* eros-cli-connect.h: the BigQuery that a command works with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-private.h"
#include "eros-controller.h"
#include "eros-rehearsal.h"

G_BEGIN_DECLS

/* The server that was named by --endpoint or by BIGQUERY_EMULATOR_HOST, as an address; NULL when none was. */
char *eros_cli_find_endpoint (const char *given);
/* What --captions was given: 0 is as many as the server likes. */
gboolean eros_cli_check_captions (int captions, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The BigQuery in the box, unless ENDPOINT is another server. DATA: (nullable): where it keeps what it holds.
 */
ErosRehearsal *eros_cli_start_rehearsal (guint captions, const char *endpoint, GFile *data, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Whether its data belong to the deployment. */
gboolean eros_cli_check_rehearsal (ErosRehearsal  *rehearsal,
                                   ErosDeployment *deployment,
                                   GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* “default”, “service-account”, “google”, “none” */
gboolean eros_cli_parse_sign_in (const char *text, ErosSignIn *sign_in, GError **error);
/* What --budget, --timeout and --price were given, in this order; without a CONNECTION they are looked at
 * only. */
gboolean eros_cli_set_limits (ErosConnection *connection, char **limits, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Where DEPLOYMENT works. REHEARSAL: (out): what must live as long as the connection is used; NULL elsewhere.
 */
ErosConnection *eros_cli_connect (ErosDeployment *deployment,
                                  guint           captions,
                                  const char     *endpoint,
                                  const char     *sign_in,
                                  ErosRehearsal **rehearsal,
                                  GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* A connection that was set up in the window under this name; ENDPOINT and SIGN_IN: (nullable): another way in.
 * (transfer full) (nullable): without an ERROR none has that name */
ErosConnection *eros_cli_connect_by_name (const char *name, const char *endpoint, const char *sign_in, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
