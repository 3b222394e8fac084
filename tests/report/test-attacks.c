/* test-attacks.c: the published ways to change a signed PDF, each tried in many forms; and honest files
 *
 * Mladenov, Mainka et al., "1 Trillion Dollar Refund" (universal signature forgery, incremental saving,
 * signature wrapping, 2019), "Shadow Attacks" (2021), "Breaking the Specification: PDF Certification" (2021);
 * and files that strict readers and those that repair read in different ways.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "eros-cms.h"
#include "eros-pdf-sign.h"
#include "eros-pdf-signature.h"
#include "eros-pdf-update.h"
#include "eros-report.h"
#include "report-test-utils.h"

#define NOW (g_get_real_time () / G_USEC_PER_SEC)

static guint n_attacks;

static GBytes *
sign (GBytes *pdf, const char *reason)
{
  g_autoptr (GError) error = NULL;
  GBytes *signed_pdf = eros_pdf_sign (pdf, test_signer (), reason, NOW, &error);

  g_assert_no_error (error);
  return signed_pdf;
}

static GBytes *
report (guint n_pages, guint n_signatures)
{
  g_autoptr (GBytes) pages = test_pdf (n_pages);
  g_autoptr (GBytes) journal = test_pack ("{\"sequence\":1}\n");
  const ErosPdfAttachment attachment = { "journal.jsonl",
                                         "Every event",
                                         "application/json",
                                         "Data",
                                         journal,
                                         15,
                                         "4ab605d7368e1b8c3ebd8b4b3a44a6d8" };
  g_autoptr (GError) error = NULL;
  GBytes *pdf = eros_pdf_attach (pages, &attachment, 1, "en", &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n_signatures; i++)
    {
      g_autoptr (GBytes) before = pdf;

      pdf = sign (before, i == 0 ? "Deployment Lead" : "Technical Lead");
    }
  return pdf;
}

/* Takes over PDF. */
static void
assert_reported (GBytes *pdf, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) signatures = test_verify (pdf, &error);

  if (signatures != NULL)
    g_test_message ("believed: %s", what);
  g_assert_null (signatures);
  g_assert_true (error->domain == EROS_REPORT_ERROR);
  g_assert_cmpint (error->code, !=, EROS_REPORT_ERROR_FAILED);
  n_attacks++;
  g_bytes_unref (pdf);
}

static const char *
find (const char *data, gsize length, const char *part, gboolean last)
{
  gsize n = strlen (part);
  const char *found = NULL;

  for (gsize i = 0; i + n <= length && (found == NULL || last); i++)
    {
      if (memcmp (data + i, part, n) == 0)
        found = data + i;
    }
  return found;
}

/* FROM, where it stands last, becomes TO, which may be shorter or longer. */
static GBytes *
edit (GBytes *pdf, const char *from, const char *to)
{
  gsize length;
  const char *data = g_bytes_get_data (pdf, &length);
  const char *found = find (data, length, from, TRUE);
  GByteArray *out = g_byte_array_new ();

  g_assert_nonnull (found);
  g_byte_array_append (out, (const guint8 *) data, (guint) (found - data));
  g_byte_array_append (out, (const guint8 *) to, (guint) strlen (to));
  found += strlen (from);
  g_byte_array_append (out, (const guint8 *) found, (guint) (data + length - found));
  return g_byte_array_free_to_bytes (out);
}

static GBytes *
append (GBytes *pdf, const char *text)
{
  g_autofree char *whole = g_malloc (g_bytes_get_size (pdf) + strlen (text));

  memcpy (whole, g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf));
  memcpy (whole + g_bytes_get_size (pdf), text, strlen (text));
  return g_bytes_new (whole, g_bytes_get_size (pdf) + strlen (text));
}

/* ---- universal forgery ---- */

static void
test_universal (void)
{
  g_autoptr (GBytes) pdf = report (1, 1);
  gsize length;
  const char *data = g_bytes_get_data (pdf, &length);
  const char *range = find (data, length, "/ByteRange [ 0 ", TRUE);
  const char *contents = find (data, length, "/Contents <", TRUE);
  g_autofree char *whole_range = g_strndup (range, (gsize) (strchr (range, ']') + 1 - range));
  g_autofree char *whole_contents = g_strndup (contents, (gsize) (strchr (contents, '>') + 1 - contents));
  static const char *const ranges[] = {
    "",
    "/ByteRange null",
    "/ByteRange [ ]",
    "/ByteRange [ 0 0 0 0 ]",
    "/ByteRange [ 0 ]",
    "/ByteRange [ 0 10 ]",
    "/ByteRange [ 0 -1 -1 0 ]",
    "/ByteRange [ null null null null ]",
    "/ByteRange [ 0 9999999999 9999999999 0 ]",
    "/ByteRange [ 0 0 0 99999999 ]",
    "/ByteRange [ 0.0 10.0 20.0 30.0 ]",
    "/ByteRange [ (0) (1) (2) (3) ]",
    "/ByteRange 1 0 R",
    "/ByteRange /None",
    "/ByteRange [ -1 1 2 3 ]",
  };
  static const char *const values[] = {
    "",
    "/Contents null",
    "/Contents <>",
    "/Contents ()",
    "/Contents <00>",
    "/Contents <30>",
    "/Contents <3000>",
    "/Contents <3080>",
    "/Contents <308002800000>",
    "/Contents (forged)",
    "/Contents /None",
    "/Contents 1 0 R",
    "/Contents [ <00> ]",
    "/Contents <zz>",
    "/Contents <0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    assert_reported (edit (pdf, whole_range, ranges[i]), ranges[i]);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    assert_reported (edit (pdf, whole_contents, values[i]), values[i]);
  assert_reported (edit (pdf, "/Type /Sig ", "/Type /Gis "), "no type");
  assert_reported (edit (pdf, "/SubFilter /ETSI.CAdES.detached", ""), "no kind");
  assert_reported (edit (pdf, "/SubFilter /ETSI.CAdES.detached", "/SubFilter /adbe.x509.rsa_sha1"),
                   "weak kind");
  assert_reported (edit (pdf, "/Filter /Adobe.PPKLite", ""), "no handler");
  assert_reported (edit (pdf, "/Perms << /DocMDP ", "/Perms << /DocMPD "), "no certification");
}

/* ---- incremental saving ---- */

/* What somebody wants a reader to see. Each is a further revision of an object that is there. */
typedef struct
{
  const char *name;
  const char *type;   /* of the object; NULL: the catalog */
  const char *member; /* that is exchanged */
  const char *value;  /* NULL: the member is left out */
} Change;

static const Change changes[] = {
  { "other pages", NULL, "Pages", "<< /Type /Pages /Kids [ ] /Count 0 >>" },
  { "an action at opening", NULL, "OpenAction", "<< /S /JavaScript /JS (app.alert\\(1\\)) >>" },
  { "further actions", NULL, "AA", "<< /WC << /S /JavaScript /JS (1) >> >>" },
  { "optional content", NULL, "OCProperties", "<< /OCGs [ ] /D << /BaseState /OFF >> >>" },
  { "other names", NULL, "Names", "<< /EmbeddedFiles << /Names [ ] >> >>" },
  { "scripts", NULL, "Names", "<< /JavaScript << /Names [ (a) << /S /JavaScript /JS (1) >> ] >> >>" },
  { "no associated files", NULL, "AF", NULL },
  { "another language", NULL, "Lang", "(xx)" },
  { "no permissions", NULL, "Perms", NULL },
  { "other permissions", NULL, "Perms", "<< >>" },
  { "other metadata", NULL, "Metadata", "<< >>" },
  { "another version", NULL, "Version", "/2.0" },
  { "another form", NULL, "AcroForm", "<< /Fields [ ] /NeedAppearances true >>" },
  { "no form", NULL, "AcroForm", NULL },
  { "an XFA form", NULL, "AcroForm", "<< /Fields [ ] /XFA (x) >>" },
  { "page labels", NULL, "PageLabels", "<< /Nums [ 0 << /P (9) >> ] >>" },
  { "destinations", NULL, "Dests", "<< /a [ 1 0 R /Fit ] >>" },
  { "a collection", NULL, "Collection", "<< /View /H >>" },
  { "other content", "Page", "Contents", "<< >>" },
  { "other resources", "Page", "Resources", "<< /Font << >> >>" },
  { "other size", "Page", "MediaBox", "[ 0 0 10 10 ]" },
  { "cropped", "Page", "CropBox", "[ 0 0 1 1 ]" },
  { "turned", "Page", "Rotate", "90" },
  { "an annotation over it", "Page", "Annots",
    "[ << /Type /Annot /Subtype /FreeText /Rect [ 0 0 200 100 ] /Contents (Paid) >> ]" },
  { "a stamp over it", "Page", "Annots", "[ << /Type /Annot /Subtype /Stamp /Rect [ 0 0 200 100 ] >> ]" },
  { "a redaction", "Page", "Annots", "[ << /Type /Annot /Subtype /Redact /Rect [ 0 0 200 100 ] >> ]" },
  { "a link", "Page", "Annots",
    "[ << /Type /Annot /Subtype /Link /Rect [ 0 0 99 99 ] /A << /S /URI /URI (http://a) >> >> ]" },
  { "a field over it", "Page", "Annots",
    "[ << /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (Paid) /Rect [ 0 0 200 100 ] >> ]" },
  { "a signature's widget with a look over it", "Page", "Annots",
    "[ << /Type /Annot /Subtype /Widget /FT /Sig /T (b) /Rect [ 0 0 200 100 ] /AP << /N 1 0 R >> >> ]" },
  { "annotations that stand elsewhere", "Page", "Annots", "1 0 R" },
  { "no annotations", "Page", "Annots", NULL },
  { "an action of the page", "Page", "AA", "<< /O << /S /JavaScript /JS (1) >> >>" },
  { "no pages any more", "Pages", "Kids", "[ ]" },
  { "more pages", "Pages", "Count", "7" },
  { "another file attached", "EmbeddedFile", "Params", "<< /Size 1 >>" },
  { "another name of the file", "Filespec", "F", "(other.jsonl)" },
  { "another file behind the name", "Filespec", "EF", "<< /F 1 0 R >>" },
  { "another text of the file", "Filespec", "Desc", "(x)" },
  { "the signature's own dictionary", "Sig", "Name", "(Ada)" },
  { "the signature's reason", "Sig", "Reason", "(No)" },
  { "the signature's time", "Sig", "M", "(D:20200101000000Z)" },
  { "the widget's place", "Annot", "Rect", "[ 0 0 200 100 ]" },
  { "the widget's look", "Annot", "AP", "<< /N 1 0 R >>" },
  { "the widget's action", "Annot", "A", "<< /S /JavaScript /JS (1) >>" },
  { "the field's value", "Annot", "V", NULL },
};

static ErosPdfObject *
find_object (ErosPdfFile *file, const char *type, gint64 *number)
{
  guint last = eros_pdf_file_n_revisions (file) - 1;
  const ErosPdfObject *root = eros_pdf_get (eros_pdf_file_get_revision (file, last)->trailer, "Root");

  for (*number = type == NULL ? root->integer : 1; *number < eros_pdf_file_get_size (file); (*number)++)
    {
      g_autoptr (ErosPdfObject) object = eros_pdf_file_load (file, last, *number, NULL);

      if (object != NULL && (type == NULL || eros_pdf_has_name (object, "Type", type)))
        return g_steal_pointer (&object);
    }
  g_assert_not_reached ();
}

static GBytes *
make (GBytes *pdf, const Change *change)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPdfFile) file = eros_pdf_file_new (pdf, &error);
  g_autoptr (ErosPdfUpdate) update = eros_pdf_update_new (file);
  const char *const omit[] = { change->member, NULL };
  g_autoptr (GString) body = g_string_new ("<< ");
  g_autoptr (ErosPdfObject) object = NULL;
  gint64 number;

  object = find_object (file, change->type, &number);
  eros_pdf_write_members (body, object, omit);
  if (change->value != NULL)
    g_string_append_printf (body, "/%s %s ", change->member, change->value);
  g_string_append (body, ">>");
  eros_pdf_update_add (update, number, body->str);
  return g_byte_array_free_to_bytes (eros_pdf_update_finish (update));
}

/* Saved again after the last signature: as a revision should be, and as only readers that repair take it. */
static void
test_incremental_saving (void)
{
  g_autoptr (GBytes) pdf = report (2, 1);

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GBytes) saved = make (pdf, &changes[i]);
      gsize length, before = g_bytes_get_size (pdf);
      const char *data = g_bytes_get_data (saved, &length);
      const char *xref =
        find (data, length, "xref\n", FALSE) != NULL ? find (data, length, "\nxref\n", TRUE) : NULL;

      assert_reported (g_bytes_ref (saved), changes[i].name);
      /* Without a cross-reference section, and with an end of its own. */
      if (i % 3 == 0)
        assert_reported (g_bytes_new (data, (gsize) (xref + 1 - data)), changes[i].name);
      if (i % 3 == 1)
        {
          g_autoptr (GBytes) no_section = g_bytes_new (data, (gsize) (xref + 1 - data));

          assert_reported (append (no_section, "trailer\n<< /Root 1 0 R >>\n%%EOF\n"), changes[i].name);
        }
      /* With the section of the revision before: the objects are there, and nobody lists them. */
      if (i % 3 == 2)
        {
          g_autoptr (GBytes) objects = g_bytes_new (data, (gsize) (xref + 1 - data));
          const char *end = find (data, before, "startxref", TRUE);
          g_autofree char *tail = g_strndup (end, before - (gsize) (end - data));

          assert_reported (append (objects, tail), changes[i].name);
        }
    }
}

/* ---- shadow and certification: somebody who may countersign changes more than that ---- */

static void
test_countersigned_changes (void)
{
  g_autoptr (GBytes) pdf = report (2, 1);

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GBytes) saved = make (pdf, &changes[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) again = eros_pdf_sign (saved, test_signer (), "Technical Lead", NOW, &error);

      if (again != NULL) /* some cannot be signed any more */
        assert_reported (g_steal_pointer (&again), changes[i].name);
    }
}

/* ---- repair: a countersigner's own revision is written in another way ---- */

/* Signs a revision as this program writes it, but for one text in it. */
static GBytes *
countersign (GBytes *pdf, const char *from, const char *to)
{
  const ErosPdfSigning signing = { eros_signer_get_name (test_signer ()), "Technical Lead", NOW, NULL, NULL };
  g_autoptr (GError) error = NULL;
  gsize contents, length, before = g_bytes_get_size (pdf), after;
  g_autoptr (GByteArray) file = eros_pdf_signature_write (pdf, &signing, &contents, &error);
  g_autoptr (GByteArray) covered = g_byte_array_new ();
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GBytes) cms = NULL;
  const char *found;
  const guint8 *der;

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (from), ==, strlen (to));
  found = find ((const char *) file->data + before, file->len - before, from, TRUE);
  g_assert_nonnull (found);
  memcpy ((char *) found, to, strlen (to));
  after = contents + 2 * EROS_PDF_SIGNATURE_SIZE + 2;
  g_byte_array_append (covered, file->data, (guint) contents);
  g_byte_array_append (covered, file->data + after, (guint) (file->len - after));
  content = g_bytes_new (covered->data, covered->len);
  cms = eros_cms_sign (test_signer (), content, &error);
  g_assert_no_error (error);
  der = g_bytes_get_data (cms, &length);
  for (gsize i = 0; i < length; i++)
    {
      file->data[contents + 1 + 2 * i] = (guint8) "0123456789abcdef"[der[i] >> 4];
      file->data[contents + 2 + 2 * i] = (guint8) "0123456789abcdef"[der[i] & 15];
    }
  return g_bytes_new (file->data, file->len);
}

static void
test_repair (void)
{
  g_autoptr (GBytes) pdf = report (2, 1);
  static const char *const forms[][2] = {
    { "/Rect [ 0 0 0 0 ]", "/Rect [ 0 0 9 9 ]" },
    { "/F 132 >>", "/F 4   >>" },
    { "/FT /Sig", "/FT /Btn" },
    { " 0 R /Rect [ 0 0 0 0 ] /F 132 >>", " 0 R /AP<</N 1 0 R>>/Rect [ ] >>" },
    { " 0 R /Rect [ 0 0 0 0 ] /F 132 >>", " 0 R /A<</S/URI/URI(h)>> /F 4 >>" },
    { "/Subtype /Widget", "/Subtype /Square" },
    { " 00000 n \n", " 00001 n \n" },
    { " 00000 n \n", " 00000 f \n" },
    { " 00000 n \n", " 65535 f \n" },
    { " 00000 n \n", " 00000 n\r\n" },
    { "xref\n", "xref " },
    { "xref\n", "xreg\n" },
    { "trailer\n<< ", "trailer\n<<\n" },
    { "/Info ", "/Imfo " },
    { "/Info ", "%Info " },
    { "/Root ", "/Soot " },
    { "endobj\n", "endobx\n" },
    { "endobj\n", "endobj " },
    { "\nendobj\n", " endobj\n" },
    { "startxref\n", "startxref " },
    { "%%EOF\n", "%%EOF " },
    { "%%EOF\n", "%%EOF\r" },
    { "/SigFlags 3", "/SigFlags 1" },
    { "/SigFlags 3 ", "/SigFlags 7 " },
    { "/Type /Annot ", "/Type/Annot  " },
    { "/Type /Sig ", "/Type/Sig  " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    assert_reported (countersign (pdf, forms[i][0], forms[i][1]), forms[i][1]);
  {
    g_autoptr (GBytes) honest = countersign (pdf, "%%EOF\n", "%%EOF\n");
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) signatures = test_verify (honest, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (signatures->len, ==, 2);
  }
}

/* Objects that no section lists stand where a reader that repairs finds them. */
static void
test_unlisted (void)
{
  static const char *const hidden[] = {
    "9 0 obj\n<< /Type /Page >>\nendobj\n",
    "1 0 obj\n<< >>\nendobj\n",
    "% 9 0 obj << /Type /Catalog >> endobj\n",
    "trailer\n<< /Root 9 0 R >>\n",
    "stream\nx\nendstream\n",
    "\nxref\n0 1\n0000000000 65535 f \n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (hidden); i++)
    {
      g_autoptr (GBytes) pdf = report (1, 1);
      g_autoptr (GBytes) longer = append (pdf, hidden[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) again = eros_pdf_sign (longer, test_signer (), "Technical Lead", NOW, &error);

      assert_reported (g_bytes_ref (longer), hidden[i]);
      if (again != NULL)
        assert_reported (g_steal_pointer (&again), hidden[i]);
    }
  /* … before the first signature, too. */
  for (guint i = 0; i < G_N_ELEMENTS (hidden); i++)
    {
      g_autoptr (GBytes) pages = test_pdf (1);
      gsize length;
      const char *data = g_bytes_get_data (pages, &length);
      gsize xref = (gsize) (find (data, length, "xref\n0 ", TRUE) - data);
      g_autoptr (GByteArray) out = g_byte_array_new ();
      g_autoptr (GBytes) padded = NULL;
      g_autoptr (GBytes) signed_pdf = NULL;
      g_autofree char *end =
        g_strdup_printf ("startxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n", xref + strlen (hidden[i]));
      const char *old = find (data, length, "startxref", TRUE);
      g_autoptr (GError) error = NULL;

      g_byte_array_append (out, (const guint8 *) data, (guint) xref);
      g_byte_array_append (out, (const guint8 *) hidden[i], (guint) strlen (hidden[i]));
      g_byte_array_append (out, (const guint8 *) data + xref, (guint) (old - data - (gssize) xref));
      g_byte_array_append (out, (const guint8 *) end, (guint) strlen (end));
      padded = g_bytes_new (out->data, out->len);
      signed_pdf = sign (padded, "Lead");
      assert_reported (g_steal_pointer (&signed_pdf), hidden[i]);
    }
}

/* ---- wrapping ---- */

static void
test_wrapping (void)
{
  g_autoptr (GBytes) pdf = report (1, 1);
  gsize length;
  const char *data = g_bytes_get_data (pdf, &length);
  const char *contents = find (data, length, "/Contents <", TRUE) + strlen ("/Contents ");
  const char *end = strchr (contents, '>') + 1;
  static const char *const gaps[] = { " ",
                                      "\n",
                                      "%x\n",
                                      " /X 1 ",
                                      "<00>",
                                      "/Contents <00>",
                                      "/ByteRange [ 0 1 2 3 ]",
                                      "\n>>\nendobj\n9 0 obj\n<<\n" };

  for (guint i = 0; i < G_N_ELEMENTS (gaps); i++)
    for (guint before = 0; before < 2; before++)
      {
        g_autoptr (GByteArray) out = g_byte_array_new ();
        const char *at = before ? contents : end;

        g_byte_array_append (out, (const guint8 *) data, (guint) (at - data));
        g_byte_array_append (out, (const guint8 *) gaps[i], (guint) strlen (gaps[i]));
        g_byte_array_append (out, (const guint8 *) at, (guint) (data + length - at));
        assert_reported (g_bytes_new (out->data, out->len), gaps[i]);
      }
  /* Zeros at the end of the string, which nobody has signed, make room for something else. */
  for (guint i = 0; i < G_N_ELEMENTS (gaps); i++)
    {
      g_autofree char *copy = g_memdup2 (data, length);
      gsize at = (gsize) (end - data) - 60;

      copy[at] = '>';
      memcpy (copy + at + 1, gaps[i], strlen (gaps[i]));
      assert_reported (g_bytes_new (copy, length), gaps[i]);
    }
}

/* ---- bit flips, cuts, other keys ---- */

static void
test_flips (void)
{
  g_autoptr (GBytes) pdf = report (1, 2);
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  gsize length;
  const char *data = g_bytes_get_data (pdf, &length);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 60;)
    {
      g_autofree char *copy = g_memdup2 (data, length);
      gsize at = (gsize) g_rand_int_range (rand, 0, (gint32) length);

      copy[at] ^= (char) (1 << g_rand_int_range (rand, 0, 8));
      if (g_ascii_isxdigit (data[at]) && g_ascii_tolower (copy[at]) == g_ascii_tolower (data[at]))
        continue; /* the case of a hexadecimal digit of the signature means nothing */
      assert_reported (g_bytes_new (copy, length), "a bit");
      i++;
    }
}

/* Somebody takes the signature off, changes the report, and signs it under the same name: valid, and another
 * key's. */
static void
test_signed_by_another (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosSigner) mallory = eros_signer_new_self_made ("Grace Hopper", &error);
  g_autoptr (GBytes) bare = report (1, 0);
  g_autoptr (GBytes) forged = eros_pdf_sign (bare, mallory, "Deployment Lead", NOW, &error);
  g_autoptr (GPtrArray) signatures = test_verify (forged, &error);
  const ErosReportSignature *signature;

  g_assert_no_error (error);
  signature = signatures->pdata[0];
  g_assert_cmpstr (signature->fingerprint, !=, eros_signer_get_fingerprint (test_signer ()));
  g_assert_true (signature->is_self_made);
}

static void
test_enough (void)
{
  g_test_message ("%u forgeries", n_attacks);
  g_assert_cmpuint (n_attacks, >=, 150);
}

static void
test_honest (void)
{
  guint n = 0;

  for (guint pages = 1; pages <= 5; pages++)
    {
      g_autoptr (GBytes) pdf = report (pages, 0);

      for (guint i = 1; i <= 20; i++)
        {
          g_autoptr (GBytes) before = g_steal_pointer (&pdf);
          g_autoptr (GError) error = NULL;
          g_autoptr (GPtrArray) signatures = NULL;

          pdf = sign (before, i % 2 ? "Größte Verantwortung" : "غريس");
          signatures = test_verify (pdf, &error);
          g_assert_no_error (error);
          g_assert_cmpuint (signatures->len, ==, i);
          n++;
        }
    }
  g_assert_cmpuint (n, >=, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/attack/universal-forgery", test_universal);
  g_test_add_func ("/report/attack/incremental-saving", test_incremental_saving);
  g_test_add_func ("/report/attack/changes-that-are-countersigned", test_countersigned_changes);
  g_test_add_func ("/report/attack/a-revision-of-another-form", test_repair);
  g_test_add_func ("/report/attack/bytes-that-no-section-lists", test_unlisted);
  g_test_add_func ("/report/attack/wrapping", test_wrapping);
  g_test_add_func ("/report/attack/flipped-bits", test_flips);
  g_test_add_func ("/report/attack/signed-again-by-another", test_signed_by_another);
  g_test_add_func ("/report/attack/a-hundred-and-fifty-at-least", test_enough);
  g_test_add_func ("/report/attack/no-honest-file-is-called-a-forgery", test_honest);
  return g_test_run ();
}
