/* eros-signer-open.c: a key that somebody names by where it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-signer.h"

#include <string.h>

typedef struct
{
  char *where;
  char *password; /* (nullable) */
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->where);
  eros_signer_free_pem (order->password); /* it is wiped */
  g_free (order);
}

static ErosSigner *
open_file (const char *path, const char *password, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  ErosSigner *signer;
  gsize length;
  char *data;

  if (!g_file_get_contents (path, &data, &length, error))
    return NULL;
  if (g_str_has_prefix (data, "-----BEGIN") || strstr (data, "\n-----BEGIN") != NULL)
    {
      signer = eros_signer_new_from_pem (data, error);
      eros_signer_free_pem (data);
      return signer;
    }
  bytes = g_bytes_new_take (data, length);
  return eros_signer_new_from_pkcs12 (bytes, password != NULL ? password : "", error);
}

/**
 * eros_signer_is_on_token:
 * @where: of a key, as for eros_signer_open ()
 *
 * Returns: whether the key stays on a token, which is opened with a PIN
 */
gboolean
eros_signer_is_on_token (const char *where)
{
  return g_str_has_prefix (where, "pkcs11:");
}

ErosSigner *
eros_signer_open (const char *where, const char *password, GError **error)
{
  ErosSigner *signer = eros_signer_is_on_token (where) ? eros_signer_new_from_token (where, password, error)
                                                       : open_file (where, password, error);

  /* What somebody wrote there is not to be seen again. */
  if (signer == NULL && (!eros_signer_is_on_token (where) || strstr (where, "pin-value") == NULL))
    g_prefix_error (error, "%s: ", where);
  return signer;
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Order *order = data;
  GError *error = NULL;
  ErosSigner *signer = eros_signer_open (order->where, order->password, &error);

  if (signer != NULL)
    g_task_return_pointer (task, signer, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
eros_signer_open_async (const char *where,
                        const char *password,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Order *order = g_new0 (Order, 1);

  order->where = g_strdup (where);
  order->password = g_strdup (password);
  g_task_set_source_tag (task, eros_signer_open_async);
  g_task_set_task_data (task, order, order_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, open_in_thread);
}

ErosSigner *
eros_signer_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
