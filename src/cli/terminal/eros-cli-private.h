/* eros-cli-private.h: what the commands share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-output.h"
#include "eros-deployment.h"
#include "eros-time-text.h"

G_BEGIN_DECLS

/* What a command returns to the shell. */
typedef enum
{
  EROS_EXIT_DONE = 0,
  EROS_EXIT_FAILED = 1,      /* a check or a verification failed, or something could not be read or written */
  EROS_EXIT_USAGE = 2,       /* wrong usage */
  EROS_EXIT_NOT_ALLOWED = 3, /* by a gate or another rule of the deployment */
  EROS_EXIT_UNAVAILABLE = 4, /* a service could not be reached or used */
  EROS_EXIT_UNDECIDED = 5,   /* nothing failed, and there was not enough to say of something that was looked at */
  EROS_EXIT_INTERRUPTED = 130,
} ErosExit;
/* Of checks and rounds: the worst of what they have come to. */
ErosExit eros_cli_exit_of (gboolean has_failed, gboolean has_error, gboolean is_undecided);
ErosExit eros_cli_exit_of_error (const GError *error);

#define EROS_CLI_ERROR (eros_cli_error_quark ())
typedef enum
{
  EROS_CLI_ERROR_USAGE,
  EROS_CLI_ERROR_NOT_ALLOWED, /* by a gate */
} ErosCliError;
GQuark eros_cli_error_quark (void);

/* Options. PARAMETERS: what follows them, "ID ITEM…". N_LEAST and N_MOST (-1: any number): how many of those. */
gboolean eros_cli_parse (int                *argc,
                         char             ***argv,
                         const GOptionEntry *entries,
                         const char         *parameters,
                         const char         *summary,
                         int                 n_least,
                         int                 n_most,
                         GError            **error) G_GNUC_WARN_UNUSED_RESULT;

/* Where ERROR wants a reason: says with which option it is given. */
void eros_cli_name_option (const char *option, GError **error);

/* A time such as 2025-10-31T14:00:00Z, or an error. */
gboolean eros_cli_check_time (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A path that goes on record, and still means the same elsewhere. *PATH may be NULL. */
gboolean eros_cli_make_absolute (char **path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The file of a deployment that is named by its id, by the unique beginning of one, or by its path. */
GFile          *eros_cli_find_file (const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ErosDeployment *eros_cli_open (const char *id, ErosJournalMode mode, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Keeps a deployment open that a command writes to, until it is taken. */
void            eros_cli_keep_written (ErosDeployment *deployment);
ErosDeployment *eros_cli_take_written (void); /* (transfer full) (nullable): the last one */

/* Adds a member, null where there is no text. */
void eros_cli_set_text (JsonObject *object, const char *name, const char *text);

const char *eros_cli_environment_text (ErosEnvironment environment); /* for machines, and for people */
const char *eros_cli_result_text (ErosResult result);
const char *eros_cli_phase_state_text (ErosPhaseState state);
const char *eros_cli_mark_text (ErosItemMark mark);

/* Work that takes its time: RESULT arrives in eros_cli_wait_cb (), given as callback with WAIT as its data.
 */
typedef struct
{
  GAsyncResult *result;
} ErosCliWait;
void eros_cli_wait_cb (GObject *source, GAsyncResult *result, gpointer wait);
/* Runs the main context until it is there. (transfer full) */
GAsyncResult *eros_cli_wait (ErosCliWait *wait);
/* Cancelled by Ctrl+C and by SIGTERM. (transfer none) */
GCancellable *eros_cli_get_interruption (void);

G_END_DECLS
