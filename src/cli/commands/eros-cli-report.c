/* eros-cli-report.c: eros-deploy report
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-report.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-commands.h"
#include "eros-cli-key.h"
#include "eros-identity.h"
#include "eros-file-verdict.h"

typedef struct
{
  char *person;
  ErosSigner *signer;
  gboolean is_kept; /* in the keyring */
  gboolean is_made; /* now, and not found */
  gboolean is_file; /* it was named */
} Identity;

/* Which key. */
typedef struct
{
  char *key; /* (nullable): path of a file */
  char *password_file;
  gboolean new_key;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->key);
  g_free (options->password_file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
identity_clear (Identity *identity)
{
  g_free (identity->person);
  g_clear_object (&identity->signer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Identity, identity_clear)

static gboolean
make_key (Identity *identity, gboolean keep, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  eros_identity_make_async (identity->person, keep, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  identity->signer = eros_identity_make_finish (result, error);
  identity->is_kept = keep;
  identity->is_made = TRUE;
  return identity->signer != NULL;
}

/* A key never takes another's place unasked: one that was known here and has gone is made anew only when
 * NEW_KEY says so. */
static gboolean
find_key (ErosDeployment *deployment, gboolean new_key, Identity *identity, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *why = NULL;
  ErosIdentityState state;

  identity->person = eros_identity_get_person (eros_deployment_get_actor (deployment));
  eros_identity_find_async (identity->person, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  if (!eros_identity_find_finish (result, &state, &identity->signer, &why, error))
    return FALSE;
  identity->is_kept = state == EROS_IDENTITY_KEPT;
  if (state == EROS_IDENTITY_UNKNOWN || state == EROS_IDENTITY_NO_KEYRING)
    {
      /* Translators: why the keyring could not be asked */
      eros_cli_complain (_ ("eros-deploy: Signed with a key for this report alone, not with yours: %s\n"),
                         why);
      return make_key (identity, FALSE, error);
    }
  if (state == EROS_IDENTITY_KEPT || new_key ||
      (state == EROS_IDENTITY_NONE && eros_identity_get_recorded (deployment, identity->person) == NULL))
    return identity->signer != NULL || make_key (identity, TRUE, error);
  g_set_error (
    error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
    /* Translators: why the key cannot be used, a sentence */
    _ ("%s Reports were signed with it before. Add --new-key to make another, which whoever compares "
       "fingerprints will notice."),
    why);
  return FALSE;
}

/* Another key than before is told, and stands in the journal before the report is written, so that it stands
 * in the report. */
static gboolean
tell_of_change (ErosDeployment **deployment, const Identity *identity, GError **error)
{
  const char *recorded = eros_identity_get_recorded (*deployment, identity->person);
  g_autoptr (ErosDeployment) writer = NULL;
  g_autoptr (GError) problem = NULL;

  if (!eros_identity_is_new (*deployment, identity->person, identity->signer, identity->is_kept))
    return TRUE;
  if (recorded != NULL)
    eros_cli_complain (_ ("eros-deploy: %s signs with another key than before: certificate %s, before %s\n"),
                       identity->person, eros_signer_get_fingerprint (identity->signer), recorded);
  else
    eros_cli_complain (
      identity->is_file
        ? _ ("eros-deploy: %s signs a report of this deployment for the first time, with a key from a file: "
             "certificate %s\n")
      : identity->is_made
        ? _ ("eros-deploy: %s signs with a new key, which is kept in the keyring: certificate %s\n")
        : _ ("eros-deploy: %s signs a report of this deployment for the first time, with the key of the "
             "keyring: certificate %s\n"),
      identity->person, eros_signer_get_fingerprint (identity->signer));
  writer = eros_deployment_open (eros_journal_get_file (eros_deployment_get_journal (*deployment)),
                                 EROS_JOURNAL_WRITE, &problem);
  if (writer == NULL)
    {
      eros_cli_complain (_ ("eros-deploy: That could not be put on record: %s\n"), problem->message);
      return TRUE;
    }
  eros_deployment_set_actor (writer, eros_deployment_get_actor (*deployment));
  if (!eros_identity_record (writer, identity->person, identity->signer, error))
    return FALSE;
  g_set_object (deployment, writer);
  return TRUE;
}

static gboolean
write_report (ErosDeployment *deployment, GFile *output, ErosSigner *signer, ErosPaper paper, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  eros_report_write_async (deployment, output, signer, paper, eros_cli_get_interruption (), eros_cli_wait_cb,
                           &wait);
  result = eros_cli_wait (&wait);
  return eros_report_write_finish (result, error);
}

/* (transfer full): the signatures as they are found in the file that was written; NULL with an error when it
 * is not written, or, unless SIGNER is NULL, not validly signed. */
static GPtrArray *
write_and_verify (ErosDeployment *deployment,
                  GFile *output,
                  ErosSigner *signer,
                  ErosPaper paper,
                  GError **error)
{
  gboolean is_written = write_report (deployment, output, signer, paper, error);

  eros_cli_complain_of_time (signer);
  if (!is_written)
    return NULL;
  return signer == NULL ? g_ptr_array_new () : eros_report_verify (output, NULL, error);
}

GPtrArray *
eros_cli_write_report (ErosDeployment *deployment, GFile *output, gboolean is_unsigned, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ErosSigner) signer = NULL;

  if (is_unsigned)
    return write_and_verify (deployment, output, NULL, EROS_PAPER_A4, error);
  eros_signer_new_self_made_async (eros_deployment_get_actor (deployment), eros_cli_get_interruption (),
                                   eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  signer = eros_signer_new_self_made_finish (result, error);
  return signer != NULL ? write_and_verify (deployment, output, signer, EROS_PAPER_A4, error) : NULL;
}

/* The key in a file that was named, which is whoever acts's own. */
static gboolean
read_key (ErosDeployment *deployment, const Options *options, Identity *identity, GError **error)
{
  const char *actor = eros_deployment_get_actor (deployment);

  identity->person = eros_identity_get_person (actor);
  identity->signer = eros_cli_find_signer (options->key, options->password_file, actor, error);
  identity->is_kept = TRUE;
  identity->is_file = TRUE;
  return identity->signer != NULL;
}

/* Signed with the key of whoever acts. */
static GPtrArray *
write_signed (ErosDeployment **deployment,
              GFile *output,
              const Options *options,
              ErosPaper paper,
              GError **error)
{
  g_auto (Identity) identity = { NULL };

  if (!(options->key != NULL ? read_key (*deployment, options, &identity, error)
                             : find_key (*deployment, options->new_key, &identity, error)) ||
      !tell_of_change (deployment, &identity, error))
    return NULL;
  return write_and_verify (*deployment, output, identity.signer, paper, error);
}

static gboolean
read_paper (const char *name, ErosPaper *paper, GError **error)
{
  *paper = g_strcmp0 (name, "letter") == 0 ? EROS_PAPER_LETTER : EROS_PAPER_A4;
  if (name == NULL || g_str_equal (name, "a4") || g_str_equal (name, "letter"))
    return TRUE;
  g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE, _ ("--paper is “a4” or “letter”, and not “%s”."),
               name);
  return FALSE;
}

int
eros_cli_report (int argc, char **argv, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *actor = NULL;
  g_autofree char *sheet = NULL;
  gboolean is_unsigned = FALSE;
  g_auto (Options) options = { NULL };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_ ("Where to write it, if not to ID.pdf here"),
      N_ ("PDF") },
    { "actor", 'a', 0, G_OPTION_ARG_STRING, &actor, N_ ("Who signs it: “Ada <ada@example.com>”, if not you"),
      N_ ("WHO") },
    { "unsigned", 0, 0, G_OPTION_ARG_NONE, &is_unsigned, N_ ("Do not sign it"), NULL },
    { "key", 'k', 0, G_OPTION_ARG_FILENAME, &options.key,
      N_ (
        "Sign with the key in this PKCS #12 or PEM file or on a token (“pkcs11:…”), not with yours from the "
        "keyring"),
      N_ ("FILE") },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &options.password_file,
      N_ ("The key’s password is the first line of this file"), N_ ("FILE") },
    { "new-key", 0, 0, G_OPTION_ARG_NONE, &options.new_key,
      N_ ("Make another key if the one that was used is gone"), NULL },
    { "paper", 0, 0, G_OPTION_ARG_STRING, &sheet, N_ ("On which paper it is laid out: “a4”, “letter” (a4)"),
      N_ ("SIZE") },
    G_OPTION_ENTRY_NULL,
  };
  ErosPaper paper;
  g_autoptr (ErosDeployment) deployment = NULL;
  g_autoptr (GPtrArray) signatures = NULL;
  g_autoptr (GFile) output = NULL;

  if (!eros_cli_parse (&argc, &argv, entries, "ID",
                       _ ("Writes a deployment’s record as PDF, signed with your key from the keyring (the "
                          "first time one is made), and "
                          "verifies it."),
                       1, 1, error))
    return EROS_EXIT_USAGE;
  if (!read_paper (sheet, &paper, error))
    return EROS_EXIT_USAGE;
  if (options.key != NULL && (is_unsigned || options.new_key))
    {
      g_set_error_literal (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                           _ ("--key goes with neither --unsigned nor --new-key."));
      return EROS_EXIT_USAGE;
    }
  deployment = eros_cli_open (argv[1], EROS_JOURNAL_READ, error);
  if (deployment == NULL)
    return EROS_EXIT_FAILED;
  if (actor != NULL)
    eros_deployment_set_actor (deployment, actor);
  if (path == NULL)
    path = g_strconcat (eros_deployment_get_id (deployment), ".pdf", NULL);

  output = g_file_new_for_commandline_arg (path);
  signatures = is_unsigned ? write_and_verify (deployment, output, NULL, paper, error)
                           : write_signed (&deployment, output, &options, paper, error);
  if (signatures == NULL)
    return EROS_EXIT_FAILED;
  eros_cli_print ("%s\n", g_file_peek_path (output));
  eros_cli_print_signatures (signatures);
  return EROS_EXIT_DONE;
}

void
eros_cli_complain_of_time (ErosSigner *signer)
{
  const char *remark = signer != NULL ? eros_signer_get_remark (signer) : NULL;

  if (remark != NULL)
    /* Translators: why there is no time stamp */
    eros_cli_complain (
      _ ("eros-deploy: Signed without a time stamp, at the time of this computer’s clock: %s\n"), remark);
}

void
eros_cli_print_verdict (GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    {
      g_autofree char *text = eros_verdict_line_to_text (lines->pdata[i]);

      eros_cli_print ("%s\n", text);
    }
}

void
eros_cli_print_signatures (GPtrArray *signatures)
{
  g_autoptr (GPtrArray) lines = eros_file_verdict_describe_signatures (signatures);

  eros_cli_print_verdict (lines);
}
