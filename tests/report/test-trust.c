/* test-trust.c: who vouches for a signature, and for its time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "eros-pdf-sign.h"
#include "eros-report.h"
#include "eros-time-stamp.h"
#include "report-test-utils.h"
#include "test-authority.h"

#define NOW (g_get_real_time () / G_USEC_PER_SEC)

/* With a key that the authority has certified; EXTENSION NULL: with the authority's own. */
static ErosSigner *
certified (TestAuthority *authority, const char *name, const char *extension)
{
  g_autofree char *pem = test_authority_make_pem (authority, name, extension);
  g_autoptr (GError) error = NULL;
  ErosSigner *signer = eros_signer_new_from_pem (pem, &error);

  g_assert_no_error (error);
  return signer;
}

static GPtrArray *
verify (GBytes *pdf, const char *trusted, GError **error)
{
  char *path = test_write (pdf);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (ErosTrust) trust = trusted != NULL ? eros_trust_new () : NULL;
  GPtrArray *signatures;

  if (trust != NULL)
    g_assert_true (eros_trust_add_file (trust, trusted, NULL));
  signatures = eros_report_verify_with (file, trust, NULL, error);
  test_remove (path);
  return signatures;
}

static GBytes *
sign_at (ErosSigner *signer, gint64 time)
{
  g_autoptr (GBytes) pdf = test_pdf (1);
  g_autoptr (GError) error = NULL;
  GBytes *signed_pdf = eros_pdf_sign (pdf, signer, "Lead", time, &error);

  g_assert_no_error (error);
  return signed_pdf;
}

static void
test_vouched (void)
{
  TestAuthority *authority = test_authority_new ("Our Authority");
  TestAuthority *other = test_authority_new ("Another Authority");
  g_autoptr (ErosSigner) signer = certified (authority, "Ada", "keyUsage=digitalSignature");
  g_autoptr (GBytes) pdf = sign_at (signer, NOW);
  const char *const trusted[] = { NULL, authority->certificate, other->certificate };

  for (guint i = 0; i < G_N_ELEMENTS (trusted); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) signatures = verify (pdf, trusted[i], &error);
      const ErosReportSignature *signature;

      g_assert_no_error (error);
      signature = signatures->pdata[0];
      g_assert_cmpstr (signature->name, ==, "Ada");
      g_assert_cmpstr (signature->issuer, ==, "Our Authority");
      g_assert_false (signature->is_self_made);
      g_assert_cmpstr (signature->vouched_by, ==, i == 1 ? "Our Authority" : NULL);
    }
  test_authority_free (authority);
  test_authority_free (other);
}

/* Whoever knows a signer's own certificate needs no authority. */
static void
test_pinned (void)
{
  TestAuthority *self = test_authority_new ("Grace");
  g_autoptr (ErosSigner) signer = certified (self, NULL, NULL);
  g_autoptr (GBytes) pdf = sign_at (signer, NOW);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) signatures = verify (pdf, self->certificate, &error);
  const ErosReportSignature *signature;

  g_assert_no_error (error);
  signature = signatures->pdata[0];
  g_assert_true (signature->is_self_made);
  g_assert_cmpstr (signature->vouched_by, ==, "Grace");
  g_assert_cmpstr (signature->vouched_fingerprint, ==, signature->fingerprint);
  test_authority_free (self);
}

static void
assert_refused (GBytes *pdf, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) signatures = verify (pdf, NULL, &error);

  g_assert_null (signatures);
  g_assert_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_BAD_SIGNATURE);
  g_assert_nonnull (strstr (error->message, why));
}

static void
test_times (void)
{
  g_autoptr (GBytes) early = sign_at (test_signer (), NOW - 86400);
  g_autoptr (GBytes) late = sign_at (test_signer (), NOW + 86400);

  assert_refused (early, "not valid at the time");
  assert_refused (late, "has not come yet");
}

static void
test_usage (void)
{
  TestAuthority *authority = test_authority_new ("Our Authority");
  g_autoptr (ErosSigner) signer = certified (authority, "A server", "keyUsage=keyEncipherment");
  g_autoptr (GBytes) pdf = sign_at (signer, NOW);

  assert_refused (pdf, "not for signatures");
  test_authority_free (authority);
}

/* ---- time stamps ---- */

static void
test_stamped (void)
{
  TestAuthority *authority = test_authority_new ("Time Root");
  g_autofree char *url = test_authority_serve_time (authority);
  g_autoptr (ErosSigner) signer = certified (authority, "Ada", "keyUsage=digitalSignature");
  const char *const trusted[] = { NULL, authority->certificate };
  g_autoptr (GBytes) pdf = NULL;
  g_autoptr (GBytes) twice = NULL;
  g_autoptr (GError) error = NULL;

  eros_signer_set_time_authority (signer, url);
  pdf = sign_at (signer, NOW);
  g_assert_cmpstr (eros_signer_get_remark (signer), ==, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (trusted); i++)
    {
      g_autoptr (GPtrArray) signatures = verify (pdf, trusted[i], &error);
      const ErosReportSignature *signature;

      g_assert_no_error (error);
      signature = signatures->pdata[0];
      g_assert_nonnull (signature->stamped);
      g_assert_cmpstr (signature->authority, ==, "Time Authority");
      g_assert_cmpint (signature->authority_is_trusted, ==, i == 1);
    }
  twice = eros_pdf_sign (pdf, test_signer (), "Another", NOW, &error);
  g_assert_no_error (error);
  if (test_has_program ("pdfsig"))
    {
      char *path = test_write (twice);
      g_autofree char *output = test_run ("pdfsig", "-nocert", path, NULL);

      g_assert_nonnull (strstr (output, "Signature #2"));
      g_assert_null (strstr (output, "Invalid"));
      test_remove (path);
    }
  test_authority_free (authority);
}

/* Signed all the same, and it is said. */
static void
test_offline (void)
{
  TestAuthority *authority = test_authority_new ("Our Authority");
  g_autoptr (ErosSigner) signer = certified (authority, "Ada", "keyUsage=digitalSignature");
  g_autoptr (GBytes) pdf = NULL;
  g_autoptr (GPtrArray) signatures = NULL;
  g_autoptr (GError) error = NULL;
  const ErosReportSignature *signature;

  eros_signer_set_time_authority (signer, "http://127.0.0.1:1/");
  pdf = sign_at (signer, NOW);
  g_assert_nonnull (strstr (eros_signer_get_remark (signer), "http://127.0.0.1:1/"));
  signatures = verify (pdf, NULL, &error);
  g_assert_no_error (error);
  signature = signatures->pdata[0];
  g_assert_cmpstr (signature->stamped, ==, NULL);
  test_authority_free (authority);
}

/* A stamp on something else, one of which a bit is flipped, and no stamp at all. */
static void
test_wrong_stamps (void)
{
  TestAuthority *authority = test_authority_new ("Time Root");
  g_autofree char *url = test_authority_serve_time (authority);
  guint8 digest[32] = { 1 }, other[32] = { 2 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) token = eros_time_stamp_fetch (url, digest, NULL, &error);
  g_autoptr (ErosTimeStamp) right = NULL;
  gsize length;
  const guint8 *data;
  guint n_wrong = 0;

  g_assert_no_error (error);
  right = eros_time_stamp_check (token, digest, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ABS (right->time - NOW), <, 60);
  g_assert_null (eros_time_stamp_check (token, other, NULL, &error));
  g_assert_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_BAD_SIGNATURE);
  data = g_bytes_get_data (token, &length);
  for (gsize i = 0; i < length; i += 7)
    {
      g_autofree guint8 *copy = g_memdup2 (data, length);
      g_autoptr (GBytes) flipped = NULL;
      g_autoptr (ErosTimeStamp) stamp = NULL;

      copy[i] ^= 1;
      flipped = g_bytes_new (copy, length);
      stamp = eros_time_stamp_check (flipped, digest, NULL, NULL);
      /* What nobody signs may differ, the time may not. */
      if (stamp != NULL)
        g_assert_cmpint (stamp->time, ==, right->time);
      else
        n_wrong++;
    }
  g_assert_cmpuint (n_wrong, >, length / 7 / 2);
  test_authority_free (authority);
}

/* Refused by what it is, whoever might have answered there. */
static void
test_unsafe_authority (void)
{
  static const char *const unsafe[] = { "http://time.example.com/",
                                        "http://user:word@127.0.0.1:1/",
                                        "ftp://127.0.0.1/",
                                        "time.example.com",
                                        "https://",
                                        "rubbish" };
  const guint8 digest[32] = { 1 };

  for (guint i = 0; i < G_N_ELEMENTS (unsafe); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (eros_time_stamp_fetch (unsafe[i], digest, NULL, &error));
      g_assert_nonnull (strstr (error->message, "must begin with https://"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/trust/times-that-cannot-be", test_times);
  if (test_has_program ("openssl"))
    {
      g_test_add_func ("/report/trust/an-authority-that-is-trusted-vouches", test_vouched);
      g_test_add_func ("/report/trust/a-signer-who-is-known", test_pinned);
      g_test_add_func ("/report/trust/a-key-that-is-for-something-else", test_usage);
      g_test_add_func ("/report/time-stamp/is-in-the-signature", test_stamped);
      g_test_add_func ("/report/time-stamp/an-authority-that-cannot-be-reached", test_offline);
      g_test_add_func ("/report/time-stamp/wrong-ones", test_wrong_stamps);
      g_test_add_func ("/report/time-stamp/an-authority-without-tls", test_unsafe_authority);
    }
  return g_test_run ();
}
