/* eros-cli-sign.c: eros-deploy sign, countersigned
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-commands.h"
#include "eros-cli-key.h"
#include "eros-cli-report.h"
#include "eros-report-boxes.h"
#include "eros-returned.h"

typedef struct
{
  char *actor;
  char *reason;
  char *role;
  char *key;
  char *password_file;
  char *output;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->actor);
  g_free (options->reason);
  g_free (options->role);
  g_free (options->key);
  g_free (options->password_file);
  g_free (options->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static GPtrArray *
countersign (const Options *options, GFile *file, ErosSigner *signer, GFile *output, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  eros_report_countersign_async (file, signer, options->role, output, eros_cli_get_interruption (),
                                 eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  return eros_report_countersign_finish (result, error)
           ? eros_report_verify (output, eros_cli_get_interruption (), error)
           : NULL;
}

static int
sign_report (const Options *options, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (GFile) output =
    options->output != NULL ? g_file_new_for_commandline_arg (options->output) : g_object_ref (file);
  g_autofree char *actor =
    options->actor != NULL ? g_strdup (options->actor) : eros_deployment_default_actor ();
  /* No key is made for what is no report, or not as it was signed. */
  g_autoptr (GPtrArray) before = eros_report_verify (file, eros_cli_get_interruption (), error);
  g_autoptr (ErosSigner) signer =
    before != NULL ? eros_cli_find_signer (options->key, options->password_file, actor, error) : NULL;
  g_autoptr (GPtrArray) signatures =
    signer != NULL ? countersign (options, file, signer, output, error) : NULL;

  eros_cli_complain_of_time (signer);
  if (signatures == NULL)
    return EROS_EXIT_FAILED;
  eros_cli_print ("%s\n", g_file_peek_path (output));
  eros_cli_print_signatures (signatures);
  return EROS_EXIT_DONE;
}

/* In somebody's name: nothing but the journal says that it was they. */
static int
sign_by_name (const Options *options, char **arguments, GError **error)
{
  g_autoptr (ErosDeployment) deployment = eros_cli_open (arguments[0], EROS_JOURNAL_WRITE, error);

  if (deployment == NULL)
    return EROS_EXIT_FAILED;
  if (options->actor != NULL)
    eros_deployment_set_actor (deployment, options->actor);
  if (!eros_deployment_sign_with (deployment, arguments[1], arguments[2], NULL,
                                  options->reason != NULL ? options->reason : "", error))
    {
      eros_cli_name_option ("anyway", error);
      return EROS_EXIT_FAILED;
    }
  eros_cli_print (_ ("Signed by name only: no certificate stands behind it. %s can sign the report itself: "
                     "“eros-deploy sign REPORT.pdf --as ROLE”.\n"),
                  arguments[2]);
  return EROS_EXIT_DONE;
}

int
eros_cli_sign (int argc, char **argv, GError **error)
{
  g_auto (Options) options = { NULL };
  const GOptionEntry entries[] = {
    { "as", 0, 0, G_OPTION_ARG_STRING, &options.role,
      N_ ("Sign a report in the box of this role: “technical-lead”"), N_ ("ROLE") },
    { "actor", 'a', 0, G_OPTION_ARG_STRING, &options.actor,
      N_ ("Who does it: “Ada <ada@example.com>”, if not you"), N_ ("WHO") },
    { "key", 'k', 0, G_OPTION_ARG_FILENAME, &options.key,
      N_ (
        "Sign with the key in this PKCS #12 or PEM file or on a token (“pkcs11:…”), not with yours from the "
        "keyring"),
      N_ ("FILE") },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &options.password_file,
      N_ ("The key’s password is the first line of this file"), N_ ("FILE") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
      N_ ("Where to write the signed report, if not in its place"), N_ ("PDF") },
    { "anyway", 0, 0, G_OPTION_ARG_STRING, &options.reason,
      N_ ("Why a sign-off is signed although something speaks against it"), N_ ("REASON") },
    G_OPTION_ENTRY_NULL,
  };

  if (!eros_cli_parse (
        &argc, &argv, entries, "ID ITEM NAME | REPORT.pdf --as ROLE",
        _ ("Signs a sign-off in somebody’s name, with what stands in its fields. With --as, it "
           "verifies a report and signs it in one of its boxes, wherever the deployment is: “eros-deploy "
           "countersigned” takes it back there."),
        1, 3, error))
    return EROS_EXIT_USAGE;
  if (options.role != NULL && argc == 2)
    return sign_report (&options, argv[1], error);
  if (options.role == NULL && argc == 4)
    return sign_by_name (&options, argv + 1, error);
  g_set_error_literal (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                       _ ("Either a deployment, an item and a name are given, or a report and --as ROLE."));
  return EROS_EXIT_USAGE;
}

/* ---- taking it back ---- */

static gboolean
take_report (ErosDeployment *deployment, GFile *file, const char *reason, guint *n_new, GError **error)
{
  g_autoptr (ErosReturned) returned = eros_returned_read (file, eros_cli_get_interruption (), error);
  g_autoptr (GPtrArray) taken = NULL;
  gboolean fine = returned != NULL && eros_returned_take (returned, deployment, reason, &taken, error);

  for (guint i = 0; taken != NULL && i < taken->len; i++)
    {
      const ErosReportSignature *signature = taken->pdata[i];

      /* Translators: a role, a name, a fingerprint */
      eros_cli_print (
        _ ("✔ %s: signed by %s%s\n  certificate %s\n"), signature->title, signature->name,
        signature->is_self_made ? _ (" (self-made certificate: valid, identity not vouched for)") : "",
        signature->fingerprint);
      (*n_new)++;
    }
  return fine;
}

int
eros_cli_countersigned (int argc, char **argv, GError **error)
{
  g_autofree char *actor = NULL;
  g_autofree char *reason = NULL;
  const GOptionEntry entries[] = {
    { "actor", 'a', 0, G_OPTION_ARG_STRING, &actor, N_ ("Who does it: “Ada <ada@example.com>”, if not you"),
      N_ ("WHO") },
    { "anyway", 0, 0, G_OPTION_ARG_STRING, &reason,
      N_ ("Why a sign-off is taken although something speaks against it"), N_ ("REASON") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ErosDeployment) deployment = NULL;
  gboolean fine = TRUE;
  guint n_new = 0;

  if (!eros_cli_parse (
        &argc, &argv, entries, "ID REPORT.pdf…",
        _ ("Takes reports back that were signed elsewhere: each signature in a box becomes the sign-off "
           "that the box is for, with the certificate that stands behind it."),
        2, -1, error))
    return EROS_EXIT_USAGE;
  deployment = eros_cli_open (argv[1], EROS_JOURNAL_WRITE, error);
  if (deployment == NULL)
    return EROS_EXIT_FAILED;
  if (actor != NULL)
    eros_deployment_set_actor (deployment, actor);
  for (int i = 2; fine && i < argc; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (argv[i]);

      fine = take_report (deployment, file, reason != NULL ? reason : "", &n_new, error);
      if (!fine)
        eros_cli_name_option ("anyway", error);
    }
  if (fine && n_new == 0)
    eros_cli_print (_ ("There is no signature in it that is not on record already.\n"));
  return fine ? EROS_EXIT_DONE : EROS_EXIT_FAILED;
}
