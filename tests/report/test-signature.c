/* test-signature.c: signatures that others believe, and forgeries that we do not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "eros-pdf-sign.h"
#include "eros-pdf-update.h"
#include "eros-report.h"
#include "report-test-utils.h"

static GBytes *
sign (GBytes *pdf, const char *reason)
{
  g_autoptr (GError) error = NULL;
  GBytes *signed_pdf =
    eros_pdf_sign (pdf, test_signer (), reason, g_get_real_time () / G_USEC_PER_SEC, &error);

  g_assert_no_error (error);
  return signed_pdf;
}

static GBytes *
signed_report (void)
{
  g_autoptr (GBytes) pdf = test_pdf (2);

  return sign (pdf, "Deployment lead");
}

static void
assert_refused (GBytes *pdf, int code, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) signatures = test_verify (pdf, &error);

  g_assert_null (signatures);
  g_assert_true (error->domain == EROS_REPORT_ERROR);
  if (strstr (error->message, message) == NULL)
    g_test_message ("“%s” does not say “%s”", error->message, message);
  g_assert_nonnull (strstr (error->message, message));
  if (code >= 0)
    g_assert_cmpint (error->code, ==, code);
}

/* The last place of PART, in bytes of any value. */
static char *
find_last (const char *data, gsize length, const char *part)
{
  for (gsize i = length - strlen (part) + 1; i > 0; i--)
    {
      if (memcmp (data + i - 1, part, strlen (part)) == 0)
        return (char *) data + i - 1;
    }
  return NULL;
}

static void
test_one (void)
{
  g_autoptr (GBytes) pdf = signed_report ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) signatures = test_verify (pdf, &error);
  ErosReportSignature *signature;

  g_assert_no_error (error);
  g_assert_cmpuint (signatures->len, ==, 1);
  signature = g_ptr_array_index (signatures, 0);
  g_assert_cmpstr (signature->name, ==, "Grace Hopper");
  g_assert_cmpstr (signature->reason, ==, "Deployment lead");
  g_assert_cmpstr (signature->fingerprint, ==, eros_signer_get_fingerprint (test_signer ()));
  g_assert_true (signature->certifies);
  g_assert_true (signature->is_self_made);
  g_assert_true (g_str_has_suffix (signature->time, "Z"));
  test_assert_others_agree (pdf, 1);
}

static void
test_three (void)
{
  g_autoptr (GBytes) first = signed_report ();
  g_autoptr (GBytes) second = sign (first, "Technical lead");
  g_autoptr (GBytes) third = sign (second, "Produktverantwortliche, größtenteils");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) signatures = test_verify (third, &error);
  ErosReportSignature *last;

  g_assert_no_error (error);
  g_assert_cmpuint (signatures->len, ==, 3);
  last = g_ptr_array_index (signatures, 2);
  g_assert_cmpstr (last->reason, ==, "Produktverantwortliche, größtenteils");
  g_assert_false (last->certifies);
  test_assert_others_agree (third, 3);
}

static void
test_attachments (void)
{
  g_autoptr (GBytes) pdf = test_pdf (1);
  g_autoptr (GBytes) journal = test_pack ("{\"sequence\":1}\n");
  g_autoptr (GBytes) runbook = test_pack ("{}");
  const ErosPdfAttachment attachments[] = {
    { "journal.jsonl", "Every event", "application/json", "Data", journal, 15,
      "4ab605d7368e1b8c3ebd8b4b3a44a6d8" },
    { "runbook.json", "Das Runbook, ä", "application/json", "Source", runbook, 2,
      "99914b932bd37a50b983c5e7c90ae93b" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) attached = eros_pdf_attach (pdf, attachments, 2, "en", &error);
  g_autoptr (GBytes) signed_pdf = NULL;
  g_autoptr (GPtrArray) signatures = NULL;

  g_assert_no_error (error);
  signed_pdf = sign (attached, "Lead");
  signatures = test_verify (signed_pdf, &error);
  g_assert_no_error (error);
  test_assert_others_agree (signed_pdf, 1);
  if (test_has_program ("pdfdetach"))
    {
      char *path = test_write (signed_pdf);
      g_autofree char *list = test_run ("pdfdetach", "-list", path, NULL);

      g_assert_nonnull (strstr (list, "2 embedded files"));
      g_assert_nonnull (strstr (list, "journal.jsonl"));
      test_remove (path);
    }
}

/* As newer versions of cairo write it, too. */
static void
test_object_streams (void)
{
  g_autoptr (GBytes) pdf = test_pdf (2);
  char *path;
  g_autofree char *packed_path = NULL;
  g_autofree char *data = NULL;
  g_autofree char *output = NULL;
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (GBytes) once = NULL;
  g_autoptr (GBytes) twice = NULL;
  g_autoptr (GPtrArray) signatures = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (!test_has_program ("qpdf"))
    {
      g_test_skip ("qpdf is not installed");
      return;
    }
  path = test_write (pdf);
  packed_path = g_strconcat (path, ".packed", NULL);
  output = test_run ("qpdf", "--object-streams=generate", path, packed_path, NULL);
  g_assert_true (g_file_get_contents (packed_path, &data, &length, NULL));
  packed = g_bytes_new (data, length);
  g_assert_null (find_last (data, length, "trailer"));
  once = sign (packed, "Lead");
  twice = sign (once, "Owner");
  signatures = test_verify (twice, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (signatures->len, ==, 2);
  test_assert_others_agree (twice, 2);
  test_remove (path);
  test_remove (g_steal_pointer (&packed_path));
}

static void
test_unsigned (void)
{
  g_autoptr (GBytes) pdf = test_pdf (1);

  assert_refused (pdf, EROS_REPORT_ERROR_NOT_SIGNED, "It is not signed.");
}

/* Each byte of the file counts, also in the signature's own container, of which nobody signs all: a flipped
 * bit breaks the PDF or the signature. Only the case of a hexadecimal digit means nothing. */
static void
test_flipped_bits (void)
{
  g_autoptr (GBytes) pdf = signed_report ();
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  gsize length;
  const guint8 *data = g_bytes_get_data (pdf, &length);
  const char *contents = find_last ((const char *) data, length, "/Contents <") + strlen ("/Contents <");
  gsize first = (gsize) (contents - (const char *) data);
  gsize last = first + strspn (contents, "0123456789abcdefABCDEF");

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 300; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, length);
      gsize at = (gsize) g_rand_int_range (rand, 0, (gint32) length);
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GPtrArray) signatures = NULL;
      g_autoptr (GError) error = NULL;

      copy[at] ^= (guint8) (1 << g_rand_int_range (rand, 0, 8));
      changed = g_bytes_new (copy, length);
      signatures = test_verify (changed, &error);
      if (signatures == NULL)
        continue;
      g_test_message ("byte %" G_GSIZE_FORMAT ": %c became %c", at, data[at], copy[at]);
      g_assert_true (at >= first && at < last);
      g_assert_true (g_ascii_tolower ((char) copy[at]) == g_ascii_tolower ((char) data[at]));
    }
}

/* What nobody signs is found by chance only when one looks for long: here stands each bit of it. */
static void
test_every_bit_of_the_container (void)
{
  g_autoptr (GBytes) pdf = signed_report ();
  gsize length;
  const char *data = g_bytes_get_data (pdf, &length);
  const char *contents = find_last (data, length, "/Contents <") + strlen ("/Contents <");
  gsize first = (gsize) (contents - data);
  gsize n_digits = strspn (contents, "0123456789abcdefABCDEF");

  while (n_digits > 0 && contents[n_digits - 1] == '0')
    n_digits--;
  g_assert_cmpuint (n_digits, >, 1500);
  for (gsize i = 0; i < 4 * n_digits; i++)
    {
      g_autofree char *copy = g_memdup2 (data, length);
      gsize at = first + i / 4;
      int value = g_ascii_xdigit_value (copy[at]) ^ (1 << (i % 4));
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GPtrArray) signatures = NULL;
      g_autoptr (GError) error = NULL;

      copy[at] = "0123456789abcdef"[value];
      changed = g_bytes_new (copy, length);
      signatures = test_verify (changed, &error);
      if (signatures != NULL)
        g_test_message ("byte %" G_GSIZE_FORMAT " of the container", i / 8);
      g_assert_null (signatures);
    }
}

static GBytes *
replace (GBytes *pdf, const char *from, const char *to)
{
  gsize length;
  const char *data = g_bytes_get_data (pdf, &length);
  char *copy = g_memdup2 (data, length);
  char *found = find_last (copy, length, from);

  g_assert_cmpuint (strlen (from), ==, strlen (to));
  g_assert_nonnull (found);
  memcpy (found, to, strlen (to));
  return g_bytes_new_take (copy, length);
}

static GBytes *
append (GBytes *pdf, const char *text)
{
  GByteArray *bytes = g_byte_array_new ();
  gsize length;
  const guint8 *data = g_bytes_get_data (pdf, &length);

  g_byte_array_append (bytes, data, (guint) length);
  g_byte_array_append (bytes, (const guint8 *) text, (guint) strlen (text));
  return g_byte_array_free_to_bytes (bytes);
}

static void
test_text_behind_the_end (void)
{
  g_autoptr (GBytes) pdf = signed_report ();
  g_autoptr (GBytes) longer = append (pdf, "% and one thing more\n");

  assert_refused (longer, EROS_REPORT_ERROR_NOT_A_PDF, "");
}

/* Universal forgery: a signature that is not there is a broken one. */
static void
test_missing_contents (void)
{
  g_autoptr (GBytes) pdf = signed_report ();
  g_autoptr (GBytes) renamed = replace (pdf, "/Contents <", "/Kontents <");
  g_autoptr (GBytes) no_range = replace (pdf, "/ByteRange [", "/BiteRange [");
  g_autoptr (GBytes) no_value = replace (pdf, "/FT /Sig /T (Signature1) /V", "/FT /Sig /T (Signature1) /W");

  assert_refused (renamed, EROS_REPORT_ERROR_BAD_SIGNATURE, "it holds no signature");
  assert_refused (no_range, EROS_REPORT_ERROR_BAD_SIGNATURE, "which bytes it covers");
  assert_refused (no_value, EROS_REPORT_ERROR_NOT_SIGNED, "");
}

static GBytes *
with_contents (GBytes *pdf, char filler)
{
  gsize length;
  const char *data = g_bytes_get_data (pdf, &length);
  char *copy = g_memdup2 (data, length);
  char *start = find_last (copy, length, "/Contents <") + strlen ("/Contents <");

  memset (start, filler, (gsize) (strchr (start, '>') - start));
  return g_bytes_new_take (copy, length);
}

static void
test_empty_contents (void)
{
  g_autoptr (GBytes) pdf = signed_report ();
  g_autoptr (GBytes) zeros = with_contents (pdf, '0');
  g_autoptr (GBytes) spaces = with_contents (pdf, ' ');

  assert_refused (zeros, EROS_REPORT_ERROR_BAD_SIGNATURE, "no signature that can be read");
  assert_refused (spaces, EROS_REPORT_ERROR_BAD_SIGNATURE, "it holds no signature");
}

/* Wrapping: the byte range is another one than that of the string. */
static void
test_other_range (void)
{
  g_autoptr (GBytes) pdf = signed_report ();
  gsize length;
  const char *data = g_bytes_get_data (pdf, &length);
  char *copy = g_memdup2 (data, length);
  char *range = find_last (copy, length, "/ByteRange [ 0 ");
  g_autoptr (GBytes) changed = NULL;

  memcpy (range, "/ByteRange [ 1 ", strlen ("/ByteRange [ 1 "));
  changed = g_bytes_new_take (copy, length);
  assert_refused (changed, EROS_REPORT_ERROR_BAD_SIGNATURE, "leaves out more than itself");
}

static void
test_other_kind (void)
{
  g_autoptr (GBytes) pdf = signed_report ();
  g_autoptr (GBytes) changed = replace (pdf, "/ETSI.CAdES.detached", "/adbe.pkcs7.detached");

  assert_refused (changed, EROS_REPORT_ERROR_BAD_SIGNATURE, "not a signature of this kind");
}

/* The number of the object that the trailer names, and its value. */
static ErosPdfObject *
load_root (ErosPdfFile *file, gint64 *number)
{
  guint last = eros_pdf_file_n_revisions (file) - 1;
  const ErosPdfObject *root = eros_pdf_get (eros_pdf_file_get_revision (file, last)->trailer, "Root");
  g_autoptr (GError) error = NULL;
  ErosPdfObject *catalog = eros_pdf_file_load (file, last, root->integer, &error);

  g_assert_no_error (error);
  *number = root->integer;
  return catalog;
}

/* Incremental saving: a further revision in which object NUMBER (0: the catalog) is BODY. */
static GBytes *
save_again (GBytes *pdf, gint64 number, const char *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPdfFile) file = eros_pdf_file_new (pdf, &error);
  g_autoptr (ErosPdfUpdate) update = NULL;

  g_assert_no_error (error);
  update = eros_pdf_update_new (file);
  eros_pdf_update_add (update, number, body);
  return g_byte_array_free_to_bytes (eros_pdf_update_finish (update));
}

static GBytes *
change_catalog (GBytes *pdf, const char *member)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPdfFile) file = eros_pdf_file_new (pdf, &error);
  gint64 number;
  g_autoptr (ErosPdfObject) catalog = load_root (file, &number);
  g_autoptr (GString) body = g_string_new ("<< ");

  eros_pdf_write_members (body, catalog, NULL);
  g_string_append_printf (body, "%s >>", member);
  return save_again (pdf, number, body->str);
}

static void
test_revision_after_the_last (void)
{
  g_autoptr (GBytes) pdf = signed_report ();
  g_autoptr (GBytes) changed = change_catalog (pdf, "/PageMode /UseNone");

  assert_refused (changed, EROS_REPORT_ERROR_BAD_SIGNATURE, "goes on after its last signature");
}

/* Signed again by somebody who has changed the document before. */
static void
test_change_between_signatures (void)
{
  g_autoptr (GBytes) pdf = signed_report ();
  g_autoptr (GBytes) changed = change_catalog (pdf, "/OCProperties << >>");
  g_autoptr (GBytes) again = sign (changed, "Owner");

  assert_refused (again, EROS_REPORT_ERROR_BAD_SIGNATURE, "Something other than a signature");
}

static void
test_other_content_between_signatures (void)
{
  g_autoptr (GBytes) pdf = signed_report ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPdfFile) file = eros_pdf_file_new (pdf, &error);

  for (gint64 number = 1; number < eros_pdf_file_get_size (file); number++)
    {
      g_autoptr (ErosPdfObject) object = eros_pdf_file_load (file, 1, number, NULL);
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GBytes) again = NULL;

      /* The content of the pages: streams of a length. */
      if (eros_pdf_get (object, "Length") == NULL)
        continue;
      changed = save_again (pdf, number, "<< /Length 1 >>\nstream\nq\nendstream");
      again = sign (changed, "Owner");
      assert_refused (again, EROS_REPORT_ERROR_BAD_SIGNATURE, "Something other than a signature");
    }
}

/* Shadow: an annotation that covers what was signed. */
static void
test_annotation_between_signatures (void)
{
  g_autoptr (GBytes) pdf = signed_report ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPdfFile) file = eros_pdf_file_new (pdf, &error);
  guint n = 0;

  for (gint64 number = 1; number < eros_pdf_file_get_size (file); number++)
    {
      g_autoptr (ErosPdfObject) page = eros_pdf_file_load (file, 1, number, NULL);
      static const char *const omit[] = { "Annots", NULL };
      g_autoptr (GString) body = g_string_new ("<< ");
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GBytes) again = NULL;

      if (!eros_pdf_has_name (page, "Type", "Page"))
        continue;
      eros_pdf_write_members (body, page, omit);
      g_string_append (body, "/Annots [ << /Type /Annot /Subtype /FreeText /Rect [ 0 0 200 100 ] >> ] >>");
      changed = save_again (pdf, number, body->str);
      again = sign (changed, "Owner");
      assert_refused (again, EROS_REPORT_ERROR_BAD_SIGNATURE, "Something other than a signature");
      n++;
    }
  g_assert_cmpuint (n, ==, 2);
}

static void
test_earlier_revision (void)
{
  g_autoptr (GBytes) first = signed_report ();
  g_autoptr (GBytes) second = sign (first, "Owner");
  gsize length;
  const guint8 *data = g_bytes_get_data (second, &length);
  g_autoptr (GBytes) cut = g_bytes_new (data, g_bytes_get_size (first));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) signatures = test_verify (cut, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (signatures->len, ==, 1);
  g_assert_true (g_bytes_equal (cut, first));
}

static void
test_cut (void)
{
  g_autoptr (GBytes) pdf = signed_report ();
  gsize length = g_bytes_get_size (pdf);

  for (gsize n = 0; n < length; n += 997)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (pdf, 0, n);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) signatures = test_verify (cut, &error);

      g_assert_null (signatures);
      g_assert_true (error->domain == EROS_REPORT_ERROR);
    }
}

static void
test_pem (void)
{
  g_autoptr (GError) error = NULL;
  char *pem = eros_signer_to_pem (test_signer (), &error);
  g_autoptr (ErosSigner) again = NULL;
  g_autoptr (GBytes) pdf = test_pdf (1);
  g_autoptr (GBytes) signed_pdf = NULL;
  g_autoptr (GPtrArray) signatures = NULL;

  g_assert_no_error (error);
  again = eros_signer_new_from_pem (pem, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (eros_signer_get_fingerprint (again), ==, eros_signer_get_fingerprint (test_signer ()));
  g_assert_cmpint (eros_signer_get_not_after (again), >, g_get_real_time () / G_USEC_PER_SEC + 1000 * 86400);
  g_assert_true (eros_signer_is_self_made (again));
  signed_pdf = eros_pdf_sign (pdf, again, "Again", g_get_real_time () / G_USEC_PER_SEC, &error);
  g_assert_no_error (error);
  signatures = test_verify (signed_pdf, &error);
  g_assert_no_error (error);
  eros_signer_free_pem (pem);
}

static void
test_bad_pem (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (
    eros_signer_new_from_pem ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", &error));
  g_assert_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_NOT_PEM);
}

static void
test_weak_key (void)
{
  g_autofree char *folder = g_dir_make_tmp ("weak-XXXXXX", NULL);
  char *key = g_build_filename (folder, "key.pem", NULL);
  char *certificate = g_build_filename (folder, "certificate.pem", NULL);
  g_autofree char *output = NULL;
  g_autofree char *key_text = NULL;
  g_autofree char *certificate_text = NULL;
  g_autofree char *pem = NULL;
  g_autoptr (GError) error = NULL;

  if (!test_has_program ("openssl"))
    {
      g_test_skip ("openssl is not installed");
      return;
    }
  output = test_run ("openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-subj", "/CN=Weak",
                     "-keyout", key, "-out", certificate, NULL);
  g_file_get_contents (key, &key_text, NULL, NULL);
  g_file_get_contents (certificate, &certificate_text, NULL, NULL);
  pem = g_strconcat (key_text, certificate_text, NULL);
  g_assert_null (eros_signer_new_from_pem (pem, &error));
  g_assert_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_WEAK_KEY);
  test_remove (key);
  test_remove (certificate);
  rmdir (folder);
}

static void
test_names (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosSigner) arabic = eros_signer_new_self_made ("  غريس هوبر ", &error);
  g_autofree char *endless = g_strnfill (500, 'x');
  g_autoptr (ErosSigner) cut = eros_signer_new_self_made (endless, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (eros_signer_get_name (arabic), ==, "غريس هوبر");
  g_assert_cmpuint (strlen (eros_signer_get_name (cut)), ==, 64);
  g_assert_null (eros_signer_new_self_made (" ", &error));
  g_assert_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_FAILED);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_async (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ErosSigner) signer = NULL;

  eros_signer_new_self_made_async ("Ada", NULL, finished_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  signer = eros_signer_new_self_made_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (eros_signer_get_name (signer), ==, "Ada");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/signature/one-that-others-find-valid", test_one);
  g_test_add_func ("/report/signature/three-in-a-row", test_three);
  g_test_add_func ("/report/signature/attachments-are-signed-too", test_attachments);
  g_test_add_func ("/report/signature/files-with-object-streams", test_object_streams);
  g_test_add_func ("/report/signature/the-first-of-two-stands-alone", test_earlier_revision);
  g_test_add_func ("/report/signature/an-unsigned-file-says-so", test_unsigned);
  g_test_add_func ("/report/forgery/flipped-bits", test_flipped_bits);
  g_test_add_func ("/report/forgery/every-bit-of-the-container", test_every_bit_of_the_container);
  g_test_add_func ("/report/forgery/cut-anywhere", test_cut);
  g_test_add_func ("/report/forgery/text-behind-the-end", test_text_behind_the_end);
  g_test_add_func ("/report/forgery/a-missing-signature-is-a-broken-one", test_missing_contents);
  g_test_add_func ("/report/forgery/an-empty-signature-is-a-broken-one", test_empty_contents);
  g_test_add_func ("/report/forgery/another-byte-range", test_other_range);
  g_test_add_func ("/report/forgery/another-kind", test_other_kind);
  g_test_add_func ("/report/forgery/a-revision-after-the-last-signature", test_revision_after_the_last);
  g_test_add_func ("/report/forgery/another-catalog-between-two-signatures", test_change_between_signatures);
  g_test_add_func ("/report/forgery/another-content-between-two-signatures",
                   test_other_content_between_signatures);
  g_test_add_func ("/report/forgery/an-annotation-between-two-signatures",
                   test_annotation_between_signatures);
  g_test_add_func ("/report/signer/comes-back-from-pem", test_pem);
  g_test_add_func ("/report/signer/what-is-no-pem-is-refused", test_bad_pem);
  g_test_add_func ("/report/signer/a-weak-key-is-refused", test_weak_key);
  g_test_add_func ("/report/signer/names-of-any-script-and-length", test_names);
  g_test_add_func ("/report/signer/is-made-in-a-thread", test_async);
  return g_test_run ();
}
