/* eros-cli-key.h: with which key the terminal signs where no deployment says it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-private.h"
#include "eros-signer.h"

G_BEGIN_DECLS

/* KEY: (nullable): path of a PKCS #12 or PEM file, or the URL of one on a token; NULL: the key of ACTOR in the keyring,
 * which is made when there is none. PASSWORD_FILE: (nullable): whose first line opens KEY; NULL: the terminal is asked
 * where it wants one. */
ErosSigner *eros_cli_find_signer (const char *key, const char *password_file, const char *actor, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
