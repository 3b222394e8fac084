/* test-token.c: a report is signed by a key on a token (PKCS #11), which SoftHSM plays
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define P11_KIT_FUTURE_UNSTABLE_API

#include "cli-test.h"

#include <string.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#include "report-test-utils.h"

#define PIN "1234"

/* (transfer full): what it writes */
static char *
shell (CliTest *test, const char *script)
{
  const char *const words[] = { "sh", "-ec", script, NULL };
  char *output = NULL;
  g_autofree char *errors = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_spawn_sync (test->folder, (char **) words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &errors,
                &status, &error);
  g_assert_no_error (error);
  if (status != 0)
    g_error ("%s: %s", script, errors);
  return output;
}

static gboolean
has_token (CliTest *test)
{
  g_autofree char *configuration = cli_test_path (test, "softhsm2.conf");
  g_autofree char *made = NULL;

  if (!test_has_program ("softhsm2-util") || !test_has_program ("openssl"))
    {
      g_test_skip ("softhsm2 or openssl is not installed");
      return FALSE;
    }
  g_setenv ("SOFTHSM2_CONF", configuration, TRUE);
  made = shell (
    test,
    "mkdir tokens; printf 'directories.tokendir = %s/tokens\\nlog.level = ERROR\\n' \"$PWD\" > softhsm2.conf;"
    "softhsm2-util --init-token --free --label eros --pin " PIN " --so-pin 5678;"
    "openssl req -x509 -newkey rsa:2048 -nodes -subj '/CN=Our Authority' -days 30 -keyout ca-key.pem "
    "-out ca.pem 2>/dev/null");
  return TRUE;
}

/* The slot of the token. */
static CK_SESSION_HANDLE
open_session (CK_FUNCTION_LIST *module)
{
  CK_SLOT_ID slots[8];
  CK_ULONG n = G_N_ELEMENTS (slots);

  g_assert_cmpuint (module->C_GetSlotList (CK_TRUE, slots, &n), ==, CKR_OK);
  for (CK_ULONG i = 0; i < n; i++)
    {
      CK_TOKEN_INFO info;
      CK_SESSION_HANDLE session;

      g_assert_cmpuint (module->C_GetTokenInfo (slots[i], &info), ==, CKR_OK);
      if (strncmp ((const char *) info.label, "eros ", 5) != 0)
        continue;
      g_assert_cmpuint (
        module->C_OpenSession (slots[i], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session), ==,
        CKR_OK);
      g_assert_cmpuint (module->C_Login (session, CKU_USER, (CK_UTF8CHAR_PTR) PIN, strlen (PIN)), ==, CKR_OK);
      return session;
    }
  g_assert_not_reached ();
}

static void
create_object (CK_ATTRIBUTE *template, gulong length)
{
  CK_FUNCTION_LIST **modules = p11_kit_modules_load_and_initialize (0);
  CK_FUNCTION_LIST *module = p11_kit_module_for_name (modules, "softhsm2");
  CK_OBJECT_HANDLE object;

  g_assert_nonnull (module);
  g_assert_cmpuint (module->C_CreateObject (open_session (module), template, length, &object), ==, CKR_OK);
  p11_kit_modules_finalize_and_release (modules);
}

/* As softhsm2-util cannot: the certificate beside its key. */
static void
store_certificate (CliTest *test, const char *file, guchar id, const char *label)
{
  CK_OBJECT_CLASS class = CKO_CERTIFICATE;
  CK_CERTIFICATE_TYPE type = CKC_X_509;
  CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  g_autofree char *path = cli_test_path (test, file);
  g_autofree char *der = NULL;
  gsize length = 0;
  CK_ATTRIBUTE template[] = {
    { CKA_CLASS, &class, sizeof class },
    { CKA_CERTIFICATE_TYPE, &type, sizeof type },
    { CKA_TOKEN, &yes, sizeof yes },
    { CKA_PRIVATE, &no, sizeof no },
    { CKA_LABEL, (char *) label, strlen (label) },
    { CKA_ID, &id, 1 },
    { CKA_SUBJECT, (char *) "", 0 },
    { CKA_VALUE, NULL, 0 },
  };

  g_assert_true (g_file_get_contents (path, &der, &length, NULL));
  template[G_N_ELEMENTS (template) - 1].pValue = der;
  template[G_N_ELEMENTS (template) - 1].ulValueLen = length;
  create_object (template, G_N_ELEMENTS (template));
}

/* KIND: as openssl wants it. */
static void
store_key (CliTest *test, const char *name, guchar id, const char *kind)
{
  g_autofree char *certificate = g_strconcat (name, ".der", NULL);
  g_autofree char *script = g_strdup_printf (
    "openssl req -newkey %s -nodes -subj '/CN=%s of the Token' -keyout %s.pem -out %s.csr 2>/dev/null;"
    "openssl x509 -req -in %s.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 20 -outform DER -out "
    "%s.der 2>/dev/null;"
    "softhsm2-util --import %s.pem --token eros --label %s --id %02X --pin " PIN,
    kind, name, name, name, name, name, name, name, id);
  g_autofree char *output = shell (test, script);

  store_certificate (test, certificate, id, name);
}

static char *
make_report (CliTest *test)
{
  g_autofree char *journal = cli_test_path (test, "one.erosdeploy");

  cli_test_assert (test, 0, "new", "--name", "one", "--environment", "staging", "--file", journal);
  return cli_test_path (test, "report.pdf");
}

static void
assert_said (CliTest *test, const char *text)
{
  if (strstr (test->output, text) == NULL && strstr (test->errors, text) == NULL)
    g_error ("“%s” is not in: %s%s", text, test->output, test->errors);
}

static void
test_report_and_countersignature (CliTest *test, gconstpointer data)
{
  g_autofree char *journal = cli_test_path (test, "one.erosdeploy");
  g_autofree char *pin = cli_test_path (test, "pin");
  g_autofree char *authority = cli_test_path (test, "ca.pem");
  g_autofree char *report = NULL;
  g_autofree char *bytes = NULL;
  g_autoptr (GBytes) pdf = NULL;
  g_autofree char *der = NULL;
  gsize length;

  if (!has_token (test))
    return;
  store_key (test, "rsa", 1, "rsa:2048");
  store_key (test, "ec", 2, "ec -pkeyopt ec_paramgen_curve:P-256");
  der = shell (test, "openssl x509 -in ca.pem -outform DER -out ca.der");
  store_certificate (test, "ca.der", 3, "ca");
  g_assert_true (g_file_set_contents (pin, PIN "\n", -1, NULL));
  report = make_report (test);

  cli_test_assert (test, 0, "report", journal, "--output", report, "--key", "pkcs11:token=eros;object=rsa",
                   "--password-file", pin);
  cli_test_assert (test, 0, "sign", report, "--as", "technical-lead", "--key",
                   "pkcs11:token=eros;object=ec;type=private", "--password-file", pin);
  cli_test_assert (test, 0, "verify", report, "--trust", authority);
  assert_said (test, "signed by rsa of the Token");
  assert_said (test, "signed by ec of the Token");
  assert_said (test, "vouched for by Our Authority");
  assert_said (test, "pages and attachments come out the same");
  g_assert_true (g_file_get_contents (report, &bytes, &length, NULL));
  pdf = g_bytes_new (bytes, length);
  test_assert_others_agree (pdf, 2);
}

static void
test_refusals (CliTest *test, gconstpointer data)
{
  g_autofree char *journal = cli_test_path (test, "one.erosdeploy");
  g_autofree char *pin = cli_test_path (test, "pin");
  g_autofree char *report = NULL;
  g_autofree char *other = NULL;

  if (!has_token (test))
    return;
  store_key (test, "one", 1, "ec -pkeyopt ec_paramgen_curve:P-256");
  report = make_report (test);
  g_assert_true (g_file_set_contents (pin, "4321\n", -1, NULL));
  cli_test_assert (test, 1, "report", journal, "--output", report, "--key", "pkcs11:token=eros",
                   "--password-file", pin);
  assert_said (test, "This is not the PIN of “eros”");
  g_assert_true (g_file_set_contents (pin, PIN "\n", -1, NULL));
  cli_test_assert (test, 1, "report", journal, "--output", report, "--key", "pkcs11:token=another",
                   "--password-file", pin);
  assert_said (test, "No token that is plugged in");
  cli_test_assert (test, 1, "report", journal, "--output", report, "--key", "pkcs11:token=%",
                   "--password-file", pin);
  assert_said (test, "no address of a key");
  cli_test_assert (test, 1, "report", journal, "--output", report, "--key",
                   "pkcs11:token=eros?pin-value=" PIN, "--password-file", pin);
  assert_said (test, "Others can read the PIN");
  g_assert_null (strstr (test->errors, PIN));
  cli_test_assert (test, 1, "report", journal, "--output", report, "--key",
                   "pkcs11:token=eros?pin-source=file:pin", "--password-file", pin);
  assert_said (test, "leave out pin-source");
  g_assert_false (g_file_test (report, G_FILE_TEST_EXISTS));

  /* A certificate of another key: nothing is signed. */
  other = shell (
    test,
    "softhsm2-util --delete-token --token eros; softhsm2-util --init-token --free --label eros --pin " PIN
    " --so-pin 5678; openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out wrong.pem; "
    "softhsm2-util --import wrong.pem --token eros --label one --id 01 --pin " PIN);
  store_certificate (test, "one.der", 1, "one");
  cli_test_assert (test, 1, "report", journal, "--output", report, "--key", "pkcs11:token=eros",
                   "--password-file", pin);
  assert_said (test, "not the one of its certificate");

  /* And which of two is meant is not guessed. */
  store_key (test, "two", 2, "ec -pkeyopt ec_paramgen_curve:P-256");
  cli_test_assert (test, 1, "report", journal, "--output", report, "--key", "pkcs11:token=eros",
                   "--password-file", pin);
  assert_said (test, "Several certificates could be meant");
  g_assert_false (g_file_test (report, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cli_test_add ("/cli/token/signs-reports-that-others-verify", test_report_and_countersignature);
  cli_test_add ("/cli/token/what-does-not-fit-is-refused", test_refusals);
  return g_test_run ();
}
