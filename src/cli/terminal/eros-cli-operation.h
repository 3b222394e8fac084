/* eros-cli-operation.h: running an operation from the terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-service.h"
#include "eros-unfinished.h"

G_BEGIN_DECLS

/* From now on: a line for each step of whatever the controller runs. */
void eros_cli_watch_operations (ErosController *controller);

/* Goes on with one of KIND that has not ended well, if it was asked for the same and begun since NOT_BEFORE (µs), and
 * says so; otherwise makes a new plan. (transfer none) */
ErosOperation *eros_cli_take_up (ErosCliService *service,
                                 const char     *kind,
                                 GHashTable     *arguments,
                                 gint64          not_before,
                                 GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* Runs it, and the end of a command: prints what came out (JSON, if the service is asked for it). */
int eros_cli_finish_operation (ErosCliService *service, ErosOperation *operation, GError **error);
/* Prints the plan with what it will read, by dry runs. Runs nothing. */
int eros_cli_forecast (ErosCliService *service, ErosOperation *operation, GError **error);

G_END_DECLS
