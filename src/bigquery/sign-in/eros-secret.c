/* eros-secret.c: texts that nobody else may see
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-secret.h"

#include <openssl/rand.h>
#include <string.h>
#include <sys/resource.h>

/**
 * eros_secret_protect:
 *
 * Forbids core dumps for the rest of this process. A limit of one byte, not of none: a limit of none does not
 * stop a dump that the kernel pipes to a program, a limit of one byte stops both kinds (core(5)).
 */
void
eros_secret_protect (void)
{
  const struct rlimit limit = { 1, 1 };
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      if (setrlimit (RLIMIT_CORE, &limit) != 0)
        g_warning ("Core dumps could not be turned off");
      g_once_init_leave (&done, 1);
    }
}

void
eros_secret_free (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

/**
 * eros_secret_encode:
 * @bytes: bytes
 * @length: how many
 *
 * Returns: (transfer full): base64url without padding (RFC 4648, section 5)
 */
char *
eros_secret_encode (const guchar *bytes, gsize length)
{
  char *text = g_base64_encode (bytes, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

char *
eros_secret_random (guint n_bytes)
{
  g_autofree guchar *bytes = g_malloc (n_bytes);

  if (RAND_bytes (bytes, n_bytes) != 1)
    g_error ("There is no source of randomness");
  return eros_secret_encode (bytes, n_bytes);
}
