/* test-foreign.c: PDFs that other programs have signed are explained, and not called forgeries
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "eros-pdf-sign.h"
#include "eros-pdf-signature.h"
#include "eros-pdf-update.h"
#include "eros-report.h"
#include "eros-signature-check.h"
#include "report-test-utils.h"
#include "test-authority.h"

#define NOW (g_get_real_time () / G_USEC_PER_SEC)

static TestAuthority *authority;

/* A signature as other programs make it: PKCS #7 of OpenSSL's program, with its own time and no certificate
 * named. */
static GBytes *
sign_as_others (GBytes *pdf)
{
  const ErosPdfSigning signing = { "Somebody", "Approved", NOW, NULL, NULL };
  g_autoptr (GError) error = NULL;
  gsize contents, length, after;
  g_autoptr (GByteArray) file = eros_pdf_signature_write (pdf, &signing, &contents, &error);
  g_autofree char *content = g_build_filename (authority->folder, "content", NULL);
  g_autofree char *out = g_build_filename (authority->folder, "signature.der", NULL);
  g_autofree char *covered = NULL;
  g_autofree char *der = NULL;
  g_autofree char *output = NULL;
  char *kind;

  g_assert_no_error (error);
  for (kind = (char *) file->data + file->len - 20; memcmp (kind, "/ETSI.CAdES.detached", 20) != 0; kind--)
    ;
  memcpy (kind, "/adbe.pkcs7.detached", 20);
  after = contents + 2 * EROS_PDF_SIGNATURE_SIZE + 2;
  covered = g_malloc (file->len);
  memcpy (covered, file->data, contents);
  memcpy (covered + contents, file->data + after, file->len - after);
  g_assert_true (g_file_set_contents (content, covered, (gssize) (contents + file->len - after), NULL));
  output = test_run ("openssl", "cms", "-sign", "-binary", "-in", content, "-signer", authority->certificate,
                     "-inkey", authority->key, "-outform", "DER", "-out", out, NULL);
  g_assert_true (g_file_get_contents (out, &der, &length, NULL));
  for (gsize i = 0; i < length; i++)
    {
      file->data[contents + 1 + 2 * i] = (guint8) "0123456789ABCDEF"[(guint8) der[i] >> 4];
      file->data[contents + 2 + 2 * i] = (guint8) "0123456789ABCDEF"[der[i] & 15];
    }
  return g_bytes_new (file->data, file->len);
}

static GPtrArray *
explain (GBytes *pdf)
{
  char *path = test_write (pdf);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (ErosTrust) trust = eros_trust_new ();
  g_autoptr (GError) error = NULL;
  GPtrArray *signatures;

  g_assert_true (eros_trust_add_file (trust, authority->certificate, NULL));
  g_assert_null (eros_report_verify (file, NULL, NULL));
  signatures = eros_report_explain (file, trust, &error);
  g_assert_no_error (error);
  test_remove (path);
  return signatures;
}

/* The last revision's catalog or page with another member. */
static GBytes *
change (GBytes *pdf, const char *type, const char *member, const char *value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPdfFile) file = eros_pdf_file_new (pdf, &error);
  g_autoptr (ErosPdfUpdate) update = eros_pdf_update_new (file);
  guint last = eros_pdf_file_n_revisions (file) - 1;
  const char *const omit[] = { member, NULL };

  for (gint64 number = 1; number < eros_pdf_file_get_size (file); number++)
    {
      g_autoptr (ErosPdfObject) object = eros_pdf_file_load (file, last, number, NULL);
      g_autoptr (GString) body = g_string_new ("<< ");

      if (!eros_pdf_has_name (object, "Type", type))
        continue;
      eros_pdf_write_members (body, object, omit);
      g_string_append_printf (body, "/%s %s >>", member, value);
      eros_pdf_update_add (update, number, body->str);
      return g_byte_array_free_to_bytes (eros_pdf_update_finish (update));
    }
  g_assert_not_reached ();
}

static void
test_whole (void)
{
  g_autoptr (GBytes) pdf = test_pdf (2);
  g_autoptr (GBytes) signed_pdf = sign_as_others (pdf);
  g_autoptr (GPtrArray) signatures = explain (signed_pdf);
  const ErosReportSignature *signature = signatures->pdata[0];

  g_assert_cmpuint (signatures->len, ==, 1);
  g_assert_cmpstr (signature->problem, ==, NULL);
  g_assert_false (signature->is_changed);
  g_assert_cmpstr (signature->name, ==, "Another Maker");
  g_assert_cmpstr (signature->vouched_by, ==, "Another Maker");
  g_assert_cmpuint (signature->revision, ==, signature->n_revisions);
}

static void
test_two (void)
{
  g_autoptr (GBytes) pdf = test_pdf (2);
  g_autoptr (GBytes) once = sign_as_others (pdf);
  g_autoptr (GBytes) twice = sign_as_others (once);
  g_autoptr (GPtrArray) signatures = explain (twice);

  g_assert_cmpuint (signatures->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const ErosReportSignature *signature = signatures->pdata[i];

      g_assert_cmpstr (signature->problem, ==, NULL);
      g_assert_false (signature->is_changed);
      g_assert_cmpuint (signature->revision, ==, signature->n_revisions - 1 + i);
    }
}

static void
assert_changed (GBytes *changed, gboolean expected)
{
  g_autoptr (GPtrArray) signatures = explain (changed);
  const ErosReportSignature *signature = signatures->pdata[0];

  g_assert_cmpstr (signature->problem, ==, NULL);
  g_assert_cmpint (signature->is_changed, ==, expected);
  g_bytes_unref (changed);
}

/* What is said is that it was changed: that somebody has forged it cannot be known. */
static void
test_changed (void)
{
  g_autoptr (GBytes) pdf = test_pdf (2);
  g_autoptr (GBytes) signed_pdf = sign_as_others (pdf);

  assert_changed (change (signed_pdf, "Catalog", "OpenAction", "<< /S /JavaScript /JS (1) >>"), TRUE);
  assert_changed (change (signed_pdf, "Catalog", "OCProperties", "<< >>"), TRUE);
  assert_changed (change (signed_pdf, "Page", "Rotate", "90"), TRUE);
  assert_changed (change (signed_pdf, "Page", "Annots", "1 0 R"), TRUE);
  assert_changed (change (signed_pdf, "Page", "Annots", "[ << /Subtype /Stamp >> ]"), TRUE);
  assert_changed (change (signed_pdf, "Annot", "Rect", "[ 0 0 100 100 ]"), TRUE);
  /* What is needed to check the signature later. */
  assert_changed (change (signed_pdf, "Catalog", "DSS", "<< /Type /DSS /Certs [ ] >>"), FALSE);
}

static void
test_other_bytes (void)
{
  g_autoptr (GBytes) pdf = test_pdf (2);
  g_autoptr (GBytes) signed_pdf = sign_as_others (pdf);
  gsize length;
  const char *data = g_bytes_get_data (signed_pdf, &length);
  g_autofree char *copy = g_memdup2 (data, length);
  g_autoptr (GBytes) flipped = NULL;
  g_autoptr (GPtrArray) signatures = NULL;
  const ErosReportSignature *signature;

  copy[12] ^= 1; /* in the line that says that the file is not text */
  flipped = g_bytes_new (copy, length);
  signatures = explain (flipped);
  signature = signatures->pdata[0];
  g_assert_nonnull (strstr (signature->problem, "not the one that was signed"));
}

static void
assert_time (const char *text, const char *expected)
{
  g_autofree char *string = g_strdup_printf ("(%s)", text);
  gsize position = 0;
  g_autoptr (ErosPdfObject) object = eros_pdf_parse (string, strlen (string), &position, NULL);
  g_autoptr (GDateTime) time = eros_signature_time (object);
  g_autoptr (GDateTime) utc = time != NULL ? g_date_time_to_utc (time) : NULL;
  g_autofree char *iso = utc != NULL ? g_date_time_format (utc, "%FT%TZ") : NULL;

  g_assert_cmpstr (iso, ==, expected);
}

static void
test_times (void)
{
  assert_time ("D:20251031143000Z", "2025-10-31T14:30:00Z");
  assert_time ("D:20251031143000Z00'00'", "2025-10-31T14:30:00Z");
  assert_time ("D:20251031143000+01'00'", "2025-10-31T13:30:00Z");
  assert_time ("D:20251031143000-0530", "2025-10-31T20:00:00Z");
  assert_time ("D:20251031", NULL);
  assert_time ("yesterday", NULL);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/foreign/times-of-others", test_times);
  if (!test_has_program ("openssl"))
    return g_test_run ();
  authority = test_authority_new ("Another Maker");
  g_test_add_func ("/report/foreign/one-that-is-as-it-was-signed", test_whole);
  g_test_add_func ("/report/foreign/two-signatures", test_two);
  g_test_add_func ("/report/foreign/what-was-changed-after-it", test_changed);
  g_test_add_func ("/report/foreign/another-document-than-was-signed", test_other_bytes);
  status = g_test_run ();
  test_authority_free (authority);
  return status;
}
