/* test-second-verifier.c: what GnuTLS, another library than the one that signs, says of the signatures
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>
#include <gnutls/gnutls.h>
#include <gnutls/pkcs7.h>

#include "eros-pdf-boxes.h"
#include "eros-pdf-sign.h"
#include "eros-report.h"
#include "report-test-utils.h"
#include "test-authority.h"

#define N_SIGNERS 6

static char *names[] = { (char *) "one",  (char *) "two",  (char *) "three",
                         (char *) "four", (char *) "five", (char *) "six" };

/* The bytes that the dictionary says it covers. */
static GBytes *
covered (GBytes *pdf, const ErosPdfObject *dictionary)
{
  const ErosPdfObject *range = eros_pdf_get (dictionary, "ByteRange");
  const guint8 *data = g_bytes_get_data (pdf, NULL);
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < 4; i += 2)
    g_byte_array_append (bytes, data + eros_pdf_item (range, i)->integer,
                         (guint) eros_pdf_item (range, i + 1)->integer);
  return g_byte_array_free_to_bytes (bytes);
}

/* Its own length, without the zeros behind it. */
static gnutls_datum_t
container (const ErosPdfObject *dictionary)
{
  gsize length;
  const guint8 *der = g_bytes_get_data (eros_pdf_get (dictionary, "Contents")->bytes, &length);

  g_assert_cmpuint (der[0], ==, 0x30);
  g_assert_cmpuint (der[1], ==, 0x82);
  return (gnutls_datum_t){ (unsigned char *) der, 4u + (unsigned) (der[2] << 8 | der[3]) };
}

static gboolean
verifies (const ErosPdfObject *dictionary, GBytes *content)
{
  gnutls_datum_t der = container (dictionary), raw;
  gnutls_datum_t data = { (unsigned char *) g_bytes_get_data (content, NULL),
                          (unsigned) g_bytes_get_size (content) };
  gnutls_pkcs7_t pkcs7;
  gboolean fine = FALSE;

  g_assert_cmpint (gnutls_pkcs7_init (&pkcs7), ==, 0);
  g_assert_cmpint (gnutls_pkcs7_import (pkcs7, &der, GNUTLS_X509_FMT_DER), ==, 0);
  for (unsigned i = 0; gnutls_pkcs7_get_crt_raw2 (pkcs7, i, &raw) == 0; i++)
    {
      gnutls_x509_crt_t certificate;

      gnutls_x509_crt_init (&certificate);
      g_assert_cmpint (gnutls_x509_crt_import (certificate, &raw, GNUTLS_X509_FMT_DER), ==, 0);
      fine |= gnutls_pkcs7_verify_direct (pkcs7, certificate, 0, &data, 0) == 0;
      gnutls_x509_crt_deinit (certificate);
      gnutls_free (raw.data);
    }
  gnutls_pkcs7_deinit (pkcs7);
  return fine;
}

static guint
count_valid (GBytes *pdf, gboolean tamper)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPdfFile) file = eros_pdf_file_new (pdf, &error);
  guint last = eros_pdf_file_n_revisions (file) - 1, n = 0;

  g_assert_no_error (error);
  for (gint64 number = 1; number < eros_pdf_file_get_size (file); number++)
    {
      g_autoptr (ErosPdfObject) object = eros_pdf_file_load (file, last, number, NULL);
      g_autoptr (GBytes) content = NULL;

      if (!eros_pdf_has_name (object, "Type", "Sig"))
        continue;
      content = covered (pdf, object);
      if (tamper)
        ((guint8 *) g_bytes_get_data (content, NULL))[20] ^= 1;
      n += verifies (object, content);
    }
  return n;
}

/* Made here, of a file, and certified by an authority, in turn. */
static ErosSigner *
pick (TestAuthority *authority, guint i)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = NULL;
  ErosSigner *signer;

  if (i % 3 == 0)
    return g_object_ref (test_signer ());
  pem = i % 3 == 1 ? test_authority_make_pem (authority, NULL, NULL)
                   : test_authority_make_pem (authority, "Ada", "keyUsage=digitalSignature");
  signer = eros_signer_new_from_pem (pem, &error);
  g_assert_no_error (error);
  return signer;
}

static void
test_six (void)
{
  TestAuthority *authority = test_authority_new ("An Authority");
  g_autoptr (GBytes) pages = test_pdf (1);
  ErosSignatureBox boxes[N_SIGNERS];
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pdf = NULL;

  for (guint i = 0; i < N_SIGNERS; i++)
    boxes[i] = (ErosSignatureBox){ names[i], names[i] };
  pdf = eros_pdf_add_boxes (pages, boxes, N_SIGNERS, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_SIGNERS; i++)
    {
      g_autoptr (ErosSigner) signer = pick (authority, i);
      g_autoptr (GBytes) before = g_steal_pointer (&pdf);

      pdf = eros_pdf_sign_box (before, signer, names[i], "Read", g_get_real_time () / G_USEC_PER_SEC, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (count_valid (pdf, FALSE), ==, i + 1);
    }
  g_assert_cmpuint (count_valid (pdf, TRUE), ==, 0);
  test_authority_free (authority);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (test_has_program ("openssl"))
    g_test_add_func ("/report/second-verifier/one-to-six-signatures", test_six);
  return g_test_run ();
}
