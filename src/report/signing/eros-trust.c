/* eros-trust.c: certificates that somebody has said they trust, and what they vouch for
 *
 * RFC 5280, 6. No list of authorities is taken from the system: those are for servers, and say nothing of
 * people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-trust-private.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-report-error.h"

struct _ErosTrust
{
  X509_STORE *store;
  STACK_OF (X509) * certificates;
};

ErosTrust *
eros_trust_new (void)
{
  ErosTrust *self = g_new0 (ErosTrust, 1);

  self->store = X509_STORE_new ();
  self->certificates = sk_X509_new_null ();
  return self;
}

void
eros_trust_free (ErosTrust *self)
{
  X509_STORE_free (self->store);
  sk_X509_pop_free (self->certificates, X509_free);
  g_free (self);
}

/* Takes over CERTIFICATE. */
static void
add (ErosTrust *self, X509 *certificate)
{
  X509_STORE_add_cert (self->store, certificate);
  sk_X509_push (self->certificates, certificate);
}

gboolean
eros_trust_add_file (ErosTrust *self, const char *path, GError **error)
{
  g_autofree char *data = NULL;
  const unsigned char *der;
  X509 *certificate;
  gsize length;
  guint n = 0;
  BIO *bio;

  if (!g_file_get_contents (path, &data, &length, error))
    return FALSE;
  bio = BIO_new_mem_buf (data, (int) MIN (length, G_MAXINT));
  for (; (certificate = PEM_read_bio_X509 (bio, NULL, NULL, NULL)) != NULL; n++)
    add (self, certificate);
  BIO_free_all (bio);
  der = (const unsigned char *) data;
  if (n == 0 && (certificate = d2i_X509 (NULL, &der, (long) MIN (length, G_MAXINT))) != NULL)
    {
      add (self, certificate);
      n++;
    }
  ERR_clear_error ();
  if (n == 0)
    g_set_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_FAILED, _ ("There is no certificate in %s."),
                 path);
  return n > 0;
}

static gboolean
is_ours (const ErosTrust *self, X509 *certificate)
{
  for (int i = 0; i < sk_X509_num (self->certificates); i++)
    if (X509_cmp (sk_X509_value (self->certificates, i), certificate) == 0)
      return TRUE;
  return FALSE;
}

/* The first of a verified chain that somebody has named. (transfer full) (nullable) */
static X509 *
find_ours (const ErosTrust *self, X509_STORE_CTX *context)
{
  STACK_OF (X509) *verified = X509_STORE_CTX_get0_chain (context);

  for (int i = 0; i < sk_X509_num (verified); i++)
    if (is_ours (self, sk_X509_value (verified, i)))
      {
        X509_up_ref (sk_X509_value (verified, i));
        return sk_X509_value (verified, i);
      }
  return NULL;
}

X509 *
eros_trust_find (const ErosTrust *self, X509 *certificate, STACK_OF (X509) * chain, gint64 at)
{
  X509_STORE_CTX *context;
  X509 *found = NULL;

  if (self == NULL)
    return NULL;
  context = X509_STORE_CTX_new ();
  if (X509_STORE_CTX_init (context, self->store, certificate, chain) == 1)
    {
      /* Whoever names a signer's own certificate trusts that one, whoever has issued it. */
      X509_STORE_CTX_set_flags (context, X509_V_FLAG_PARTIAL_CHAIN);
      X509_STORE_CTX_set_time (context, 0, (time_t) at);
      if (X509_verify_cert (context) == 1)
        found = find_ours (self, context);
    }
  X509_STORE_CTX_free (context);
  ERR_clear_error ();
  return found;
}
