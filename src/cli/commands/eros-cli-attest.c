/* eros-cli-attest.c: eros-deploy attest
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-attestation.h"
#include "eros-cli-commands.h"
#include "eros-cli-key.h"
#include "eros-dsse.h"
#include "eros-whole-file.h"

static gboolean
write_envelope (JsonNode *envelope, const char *path, GError **error)
{
  g_autofree char *text = json_to_string (envelope, TRUE);
  g_autofree char *lines = g_strconcat (text, "\n", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static (lines, strlen (lines));
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);

  return eros_whole_file_write (file, bytes, eros_cli_get_interruption (), error);
}

int
eros_cli_attest (int argc, char **argv, GError **error)
{
  g_autofree char *actor = NULL;
  g_autofree char *key = NULL;
  g_autofree char *password_file = NULL;
  g_autofree char *path = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_ ("Where to write it, if not to ID.intoto.json here"),
      N_ ("FILE") },
    { "actor", 'a', 0, G_OPTION_ARG_STRING, &actor, N_ ("Who signs it: “Ada <ada@example.com>”, if not you"),
      N_ ("WHO") },
    { "key", 'k', 0, G_OPTION_ARG_FILENAME, &key,
      N_ (
        "Sign with the key in this PKCS #12 or PEM file or on a token (“pkcs11:…”), not with yours from the "
        "keyring"),
      N_ ("FILE") },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file,
      N_ ("The key’s password is the first line of this file"), N_ ("FILE") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ErosDeployment) deployment = NULL;
  g_autoptr (ErosSigner) signer = NULL;
  g_autoptr (JsonNode) envelope = NULL;
  g_autofree char *statement = NULL;

  if (!eros_cli_parse (
        &argc, &argv, entries, "ID",
        _ ("Writes what was deployed, by whom, approved by whom, tested how and with what outcome "
           "as an in-toto statement in a signed DSSE envelope, for programs that keep such."),
        1, 1, error))
    return EROS_EXIT_USAGE;
  deployment = eros_cli_open (argv[1], EROS_JOURNAL_READ, error);
  if (deployment == NULL)
    return EROS_EXIT_FAILED;
  if (actor != NULL)
    eros_deployment_set_actor (deployment, actor);
  if (path == NULL)
    path = g_strconcat (eros_deployment_get_id (deployment), ".intoto.json", NULL);
  statement = eros_attestation_make (deployment, error);
  signer = statement != NULL
             ? eros_cli_find_signer (key, password_file, eros_deployment_get_actor (deployment), error)
             : NULL;
  envelope = signer != NULL ? eros_dsse_sign (signer, EROS_ATTESTATION_TYPE, statement, error) : NULL;
  if (envelope == NULL || !write_envelope (envelope, path, error))
    return EROS_EXIT_FAILED;
  eros_cli_print ("%s\n", path);
  /* Translators: a name; a fingerprint */
  eros_cli_print (_ ("  signed by %s\n  certificate %s\n"), eros_signer_get_name (signer),
                  eros_signer_get_fingerprint (signer));
  return EROS_EXIT_DONE;
}
