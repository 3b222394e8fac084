/* eros-cli-loud.h: who else is told what is wrong: a command of the user's, and whoever reads a file of numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* Zeroed, and what the user has said. */
typedef struct
{
  char       *command;    /* (nullable): for the shell: runs once a problem, which it reads as JSON */
  char       *prometheus; /* (nullable): a path */
  guint       limit_s;    /* how long COMMAND may take; 0: half a minute */
  gboolean    once;       /* there is no next time */
  gboolean    is_telling;
  GHashTable *told; /* key of a problem → ErosProblem that COMMAND knows of */
} ErosCliLoud;
void eros_cli_loud_clear (ErosCliLoud *self);

/* Tells what has begun and what is over since the last time. UNREACHED: (nullable): why nobody could be asked. What
 * could not be told is said on the terminal, and told the next time. The main loop runs meanwhile; who comes then is
 * told the next time.
 * Returns: whether the file of numbers was written, if one is wanted, and what has no next time was told */
gboolean eros_cli_loud_tell (ErosCliLoud *self, ErosDeployment *deployment, const char *unreached);

G_END_DECLS
