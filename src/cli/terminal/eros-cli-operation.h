/* eros-cli-operation.h: running an operation from the terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-service.h"

G_BEGIN_DECLS

/* One that was begun, and has not ended well. */
typedef struct
{
  char          *id;
  char          *kind;
  char          *outcome; /* (nullable): of its last attempt; NULL: that was cut off */
  gint64         begun;
  JsonObject    *arguments;
  ErosOperation *operation; /* (nullable): NULL: this program cannot go on with it */
} ErosCliUnfinished;
void eros_cli_unfinished_free (ErosCliUnfinished *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosCliUnfinished, eros_cli_unfinished_free)

/* The newest of KIND (NULL: of any), if it has not ended well. (transfer full) (nullable) */
ErosCliUnfinished *eros_cli_find_unfinished (ErosController *controller, const char *kind);

/* Goes on with one of this kind that has not ended well, or plans one, and runs it: a line for each step. */
gboolean eros_cli_run_operation (ErosController *controller,
                                 const char     *kind,
                                 GError        **error) G_GNUC_WARN_UNUSED_RESULT;

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
