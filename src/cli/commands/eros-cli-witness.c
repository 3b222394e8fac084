/* eros-cli-witness.c: what a command has written is witnessed before it ends
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-witness.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-private.h"
#include "eros-witness.h"

void
eros_cli_witness (void)
{
  g_autoptr (ErosDeployment) deployment = eros_cli_take_written ();
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (deployment == NULL || !eros_witness_is_due (deployment))
    return;
  eros_witness_async (deployment, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  if (!eros_witness_finish (deployment, result, &error))
    /* Translators: why there is no time stamp */
    eros_cli_complain (_ ("eros-deploy: The journal was not witnessed, which is tried again next time: %s\n"),
                       error->message);
}
