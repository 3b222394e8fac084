/* test-authority.h: authorities for certificates and for time, made with OpenSSL's program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char    *folder;
  char    *certificate; /* path */
  char    *key;         /* path */
  GThread *thread;      /* (nullable): that serves time */
  gpointer loop;
} TestAuthority;

/* An authority with a certificate of its own making. */
TestAuthority *test_authority_new (const char *name);
void           test_authority_free (TestAuthority *self);
/* Certifies a new key. EXTENSION: "keyUsage=digitalSignature"; NULL: the authority's own key. (transfer full): PEM with
 * all of it */
char *test_authority_make_pem (TestAuthority *self, const char *name, const char *extension);
/* Serves time stamps (RFC 3161) at the address returned, from a thread of its own. (transfer full) */
char *test_authority_serve_time (TestAuthority *self);

G_END_DECLS
