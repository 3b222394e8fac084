/* eros-cli-service.h: a deployment together with the BigQuery that it works with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-connect.h"

G_BEGIN_DECLS

/* What every command that works with BigQuery can be told, and what it then has. */
typedef struct
{
  char    *endpoint;
  char    *sign_in;
  char    *limits[3]; /* (nullable): as they were written */
  char    *actor;
  int      captions;
  gboolean json;

  ErosDeployment *deployment;
  ErosRehearsal  *rehearsal; /* (nullable) */
  ErosConnection *connection;
  ErosController *controller;
  gboolean        is_watched; /* each event has its line */
} ErosCliService;

void eros_cli_service_clear (ErosCliService *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ErosCliService, eros_cli_service_clear)

/* clang-format off */
/* Budget, time and price: see eros_cli_set_limits (). */
#define EROS_CLI_LIMITS_ENTRIES(limits)                                                                                \
  { "budget", 0, 0, G_OPTION_ARG_STRING, &(limits)[0],                                                                 \
    N_ ("Most that a query may bill, in MiB, GiB or TiB: “50 GiB” (no limit)"), N_ ("SIZE") },                         \
  { "timeout", 0, 0, G_OPTION_ARG_STRING, &(limits)[1],                                                                \
    N_ ("Longest that a job may take, in seconds, unless its step says otherwise (60)"), N_ ("SECONDS") },             \
  { "price", 0, 0, G_OPTION_ARG_STRING, &(limits)[2],                                                                  \
    N_ ("What a TiB that is billed costs, in US dollars (6.25)"), N_ ("DOLLARS") }

#define EROS_CLI_SERVICE_ENTRIES(service)                                                                              \
  { "endpoint", 0, 0, G_OPTION_ARG_STRING, &(service).endpoint,                                                        \
    N_ ("Use this server; also BIGQUERY_EMULATOR_HOST. A rehearsal starts one of its own without it"), N_ ("URL") },   \
  { "sign-in", 0, 0, G_OPTION_ARG_STRING, &(service).sign_in,                                                          \
    N_ ("“default” (application default credentials), “service-account”, “google” (in the keyring), “none”"),          \
    N_ ("HOW") },                                                                                                      \
  EROS_CLI_LIMITS_ENTRIES ((service).limits),                                                                          \
  { "captions", 0, 0, G_OPTION_ARG_INT, &(service).captions,                                                           \
    N_ ("Size of a rehearsal’s sample data, when it is made (100,000)"), N_ ("N") },                                   \
  { "actor", 'a', 0, G_OPTION_ARG_STRING, &(service).actor,                                                            \
    N_ ("Who does it: “Ada <ada@example.com>”, if not you"), N_ ("WHO") }
/* clang-format on */

/* Opens the deployment, … */
gboolean eros_cli_service_open_deployment (ErosCliService *self, const char *id, ErosJournalMode mode, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* … connects, and makes a controller. */
gboolean eros_cli_service_connect (ErosCliService *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Both. */
gboolean eros_cli_service_open (ErosCliService *self, const char *id, ErosJournalMode mode, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
