/* eros-cli-report.c: eros-deploy report
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-report.h"

#include <glib/gi18n-lib.h>

static ErosSigner *
make_signer (ErosDeployment *deployment, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  eros_signer_new_self_made_async (eros_deployment_get_actor (deployment), eros_cli_get_interruption (),
                                   eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  return eros_signer_new_self_made_finish (result, error);
}

static gboolean
write_report (ErosDeployment *deployment, GFile *output, ErosSigner *signer, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  eros_report_write_async (deployment, output, signer, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  return eros_report_write_finish (result, error);
}

/* (transfer full): the signatures as they are found in the file that was written; NULL with an error when it
 * is not written, or, unless UNSIGNED, not validly signed. */
GPtrArray *
eros_cli_write_report (ErosDeployment *deployment, GFile *output, gboolean is_unsigned, GError **error)
{
  g_autoptr (ErosSigner) signer = NULL;

  if (!is_unsigned)
    {
      signer = make_signer (deployment, error);
      if (signer == NULL)
        return NULL;
    }
  if (!write_report (deployment, output, signer, error))
    return NULL;
  return is_unsigned ? g_ptr_array_new () : eros_report_verify (output, NULL, error);
}

int
eros_cli_report (int argc, char **argv, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *actor = NULL;
  gboolean is_unsigned = FALSE;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_ ("Where to write it, if not to ID.pdf here"),
      N_ ("PDF") },
    { "actor", 'a', 0, G_OPTION_ARG_STRING, &actor, N_ ("Who signs it: “Ada <ada@example.com>”, if not you"),
      N_ ("WHO") },
    { "unsigned", 0, 0, G_OPTION_ARG_NONE, &is_unsigned, N_ ("Do not sign it"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ErosDeployment) deployment = NULL;
  g_autoptr (GPtrArray) signatures = NULL;
  g_autoptr (GFile) output = NULL;

  if (!eros_cli_parse (
        &argc, &argv, entries, "ID",
        _ ("Writes a deployment’s record as PDF, signed with a self-made certificate, and verifies it."), 1,
        1, error))
    return EROS_EXIT_USAGE;
  deployment = eros_cli_open (argv[1], EROS_JOURNAL_READ, error);
  if (deployment == NULL)
    return EROS_EXIT_FAILED;
  if (actor != NULL)
    eros_deployment_set_actor (deployment, actor);
  if (path == NULL)
    path = g_strconcat (eros_deployment_get_id (deployment), ".pdf", NULL);

  output = g_file_new_for_commandline_arg (path);
  signatures = eros_cli_write_report (deployment, output, is_unsigned, error);
  if (signatures == NULL)
    return EROS_EXIT_FAILED;
  eros_cli_print ("%s\n", g_file_peek_path (output));
  eros_cli_print_signatures (signatures);
  return EROS_EXIT_DONE;
}

void
eros_cli_print_signatures (GPtrArray *signatures)
{
  for (guint i = 0; i < signatures->len; i++)
    {
      const ErosReportSignature *signature = signatures->pdata[i];

      /* Translators: name; time. */
      eros_cli_print (
        _ ("✔ signed by %s at %s%s\n  certificate %s\n"), signature->name, signature->time,
        signature->is_self_made ? _ (" (self-made certificate: valid, identity not vouched for)") : "",
        signature->fingerprint);
    }
}
