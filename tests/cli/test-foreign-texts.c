/* test-foreign-texts.c: nothing that comes from elsewhere reaches the terminal as it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli-test.h"

#include <string.h>
#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "eros-pdf-sign.h"
#include "eros-report.h"
#include "foreign-texts.h"

static void
assert_clean (const char *what, const char *output)
{
  const char *raw = foreign_find_raw (output, TRUE);

  if (raw != NULL)
    g_error ("%s prints U+%04X: %.60s", what, g_utf8_get_char (raw), raw);
}

static void
assert_prints_nothing_raw (CliTest *test, const char *command, const char *first, const char *second)
{
  g_autofree char *what = g_strdup_printf ("%s %s %s", command, first, second != NULL ? second : "");

  cli_test_run (test, command, first, second, NULL);
  assert_clean (what, test->output);
  assert_clean (what, test->errors);
}

static char *
make_journal (CliTest *test)
{
  g_autoptr (ErosDeployment) deployment = foreign_deployment (test->folder);

  return cli_test_path (test, "foreign.erosdeploy");
}

static void
test_journal (CliTest *test, gconstpointer data)
{
  g_autofree char *path = make_journal (test);

  assert_prints_nothing_raw (test, "status", path, NULL);
  assert_prints_nothing_raw (test, "status", path, "--json");
  json_node_unref (cli_test_json (test));
  assert_prints_nothing_raw (test, "verify", path, NULL);
  assert_prints_nothing_raw (test, "verify", path, "--json");
  assert_prints_nothing_raw (test, "undo", path, NULL);
  assert_prints_nothing_raw (test, "runbook", path, NULL);
  assert_prints_nothing_raw (test, "resume", path, NULL);
  assert_prints_nothing_raw (test, "report", path, NULL);
}

/* What somebody types, and what files are called. */
static void
test_arguments (CliTest *test, gconstpointer data)
{
  g_autofree char *path = make_journal (test);

  for (guint i = 0; i < N_FOREIGN_TEXTS; i++)
    {
      g_autofree char *text = foreign_text (i);
      g_autofree char *name = g_strdelimit (g_strdup_printf ("%s.erosdeploy", text), "/", '_');
      g_autofree char *named = cli_test_path (test, name);

      g_assert_true (g_file_set_contents (named, "x", 1, NULL));
      assert_prints_nothing_raw (test, text, "x", NULL);
      assert_prints_nothing_raw (test, "verify", named, text);
      assert_prints_nothing_raw (test, "tick", path, text);
      g_unlink (named);
    }
  assert_prints_nothing_raw (test, "list", "--json", NULL);
}

static X509 *
make_certificate (EVP_PKEY *key, const char *name)
{
  X509 *certificate = X509_new ();
  X509_NAME *subject = X509_get_subject_name (certificate);

  X509_set_version (certificate, X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), -300);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 3600 * 24 * 30);
  X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_UTF8, (const unsigned char *) name, -1, -1, 0);
  X509_set_issuer_name (certificate, subject);
  X509_set_pubkey (certificate, key);
  g_assert_cmpint (X509_sign (certificate, key, EVP_sha256 ()), >, 0);
  return certificate;
}

static ErosSigner *
make_signer (EVP_PKEY *key, const char *name)
{
  X509 *certificate = make_certificate (key, name);
  BIO *bio = BIO_new (BIO_s_mem ());
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = NULL;
  ErosSigner *signer;
  char *data;
  long length;

  PEM_write_bio_PKCS8PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL);
  PEM_write_bio_X509 (bio, certificate);
  length = BIO_get_mem_data (bio, &data);
  pem = g_strndup (data, (gsize) length);
  signer = eros_signer_new_from_pem (pem, &error);
  g_assert_no_error (error);
  BIO_free_all (bio);
  X509_free (certificate);
  return signer;
}

static GBytes *
make_page (void)
{
  static const char page[] = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
                             "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
                             "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>\nendobj\n";
  GString *text = g_string_new (page);
  gsize start = text->len;

  g_string_append (text, "xref\n0 4\n0000000000 65535 f \n");
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *mark = g_strdup_printf ("%u 0 obj", i);

      g_string_append_printf (text, "%010u 00000 n \n", (guint) (strstr (text->str, mark) - text->str));
    }
  g_string_append_printf (text, "trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%u\n%%%%EOF\n",
                          (guint) start);
  return g_string_free_to_bytes (text);
}

/* The certificate's name is the forger's to choose: it must not be able to say what only the program says. */
static void
test_certificates (CliTest *test, gconstpointer data)
{
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  g_autoptr (GBytes) page = make_page ();
  g_autofree char *path = cli_test_path (test, "report.pdf");

  for (guint i = 0; i < N_FOREIGN_TEXTS; i++)
    {
      g_autofree char *text = foreign_text (i);
      g_autofree char *name = g_strndup (text, 60);
      g_autofree char *valid = g_utf8_make_valid (name, -1);
      g_autoptr (ErosSigner) signer = make_signer (key, valid);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) signed_page =
        eros_pdf_sign (page, signer, "reason", g_get_real_time () / G_USEC_PER_SEC, &error);

      g_assert_no_error (error);
      g_assert_true (g_file_set_contents (path, g_bytes_get_data (signed_page, NULL),
                                          (gssize) g_bytes_get_size (signed_page), NULL));
      cli_test_assert (test, 0, "verify", path);
      assert_clean (text, test->output);
      if (i % 10 != 0)
        continue;
      cli_test_assert (test, 0, "verify", path, "--json");
      assert_clean (text, test->output);
    }
  EVP_PKEY_free (key);
}

static guint
count_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  return g_strv_length (lines) - 1;
}

static void
test_imitated_report (CliTest *test, gconstpointer data)
{
  static const char honest[] = "1111111111111111111111111111111111111111111111111111111111111111";
  g_autofree char *name = g_strdup_printf ("Ada\n  certificate %.20s\n\x1b]0;", honest);
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  g_autoptr (ErosSigner) plain = make_signer (key, "Ada");
  g_autoptr (ErosSigner) forger = make_signer (key, name);
  g_autoptr (GBytes) page = make_page ();
  g_autoptr (GBytes) good = eros_pdf_sign (page, plain, "reason", g_get_real_time () / G_USEC_PER_SEC, NULL);
  g_autoptr (GBytes) forged =
    eros_pdf_sign (page, forger, "reason", g_get_real_time () / G_USEC_PER_SEC, NULL);
  g_autofree char *path = cli_test_path (test, "report.pdf");
  guint n_lines;

  g_file_set_contents (path, g_bytes_get_data (good, NULL), (gssize) g_bytes_get_size (good), NULL);
  cli_test_assert (test, 0, "verify", path);
  n_lines = count_lines (test->output);
  g_file_set_contents (path, g_bytes_get_data (forged, NULL), (gssize) g_bytes_get_size (forged), NULL);
  cli_test_assert (test, 0, "verify", path);
  g_assert_cmpuint (count_lines (test->output), ==, n_lines);
  g_assert_nonnull (
    strstr (test->output, "Ada‹U+000A›  certificate 11111111111111111111‹U+000A›‹U+001B›]0;"));
  EVP_PKEY_free (key);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cli_test_add ("/cli/foreign-texts/of-a-journal-are-shown", test_journal);
  cli_test_add ("/cli/foreign-texts/of-arguments-are-shown", test_arguments);
  cli_test_add ("/cli/foreign-texts/of-certificates-are-shown", test_certificates);
  cli_test_add ("/cli/foreign-texts/a-certificate-s-name-imitates-no-answer", test_imitated_report);
  return g_test_run ();
}
