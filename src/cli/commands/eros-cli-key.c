/* eros-cli-key.c: with which key the terminal signs where no deployment says it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-key.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>

#include "eros-identity.h"
#include "eros-secret.h"

/* The first line of the terminal's input, which does not show. (transfer full): to be freed with
 * eros_secret_free () */
static char *
ask_password (const char *question)
{
  FILE *terminal = fopen ("/dev/tty", "r+");
  struct termios before, silent;
  char line[1024] = "";

  if (terminal == NULL)
    return NULL;
  fputs (question, terminal);
  fflush (terminal);
  if (tcgetattr (fileno (terminal), &before) == 0)
    {
      silent = before;
      silent.c_lflag &= (tcflag_t) ~ECHO;
      tcsetattr (fileno (terminal), TCSAFLUSH, &silent);
      if (fgets (line, sizeof line, terminal) == NULL)
        *line = '\0';
      tcsetattr (fileno (terminal), TCSAFLUSH, &before);
    }
  fputc ('\n', terminal);
  fclose (terminal);
  line[strcspn (line, "\n")] = '\0';
  return g_strdup (line);
}

static char *
read_password (const char *path, GError **error)
{
  char *text;

  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  text[strcspn (text, "\r\n")] = '\0';
  return text;
}

/* Without a password first: many keys have none. */
static ErosSigner *
open_key (const char *key, const char *password_file, GError **error)
{
  g_autoptr (GError) problem = NULL;
  char *password = password_file != NULL ? read_password (password_file, error) : NULL;
  ErosSigner *signer = NULL;

  if (password_file != NULL && password == NULL)
    return NULL;
  signer = eros_signer_open (key, password, &problem);
  if (g_error_matches (problem, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_PASSWORD) && password == NULL)
    {
      password =
        ask_password (eros_signer_is_on_token (key) ? _ ("PIN of the token: ") : _ ("Password of the key: "));
      if (password != NULL)
        {
          g_clear_error (&problem);
          signer = eros_signer_open (key, password, &problem);
        }
    }
  eros_secret_free (password);
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return signer;
}

static ErosSigner *
make_key (const char *person, gboolean keep, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  ErosSigner *signer;

  eros_identity_make_async (person, keep, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  signer = eros_identity_make_finish (result, error);
  if (signer != NULL && keep)
    eros_cli_complain (
      _ ("eros-deploy: %s signs with a new key, which is kept in the keyring: certificate %s\n"), person,
      eros_signer_get_fingerprint (signer));
  return signer;
}

static ErosSigner *
ask_keyring (const char *person, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ErosSigner) signer = NULL;
  g_autofree char *why = NULL;
  ErosIdentityState state;

  eros_identity_find_async (person, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  if (!eros_identity_find_finish (result, &state, &signer, &why, error))
    return NULL;
  switch (state)
    {
    case EROS_IDENTITY_KEPT:
      return g_steal_pointer (&signer);
    case EROS_IDENTITY_NONE:
      return make_key (person, TRUE, error);
    case EROS_IDENTITY_UNUSABLE:
      /* Translators: why the key cannot be used, a sentence */
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE, _ ("%s Sign with another one: --key FILE."),
                   why);
      return NULL;
    case EROS_IDENTITY_UNKNOWN:
    case EROS_IDENTITY_NO_KEYRING:
    default:
      /* Translators: why the keyring could not be asked */
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                   _ ("There is no key of %s to sign with: %s Name a file with one: --key FILE."), person,
                   why);
      return NULL;
    }
}

ErosSigner *
eros_cli_find_signer (const char *key, const char *password_file, const char *actor, GError **error)
{
  g_autofree char *person = NULL;

  if (key != NULL)
    return open_key (key, password_file, error);
  person = eros_identity_get_person (actor);
  return ask_keyring (person, error);
}
