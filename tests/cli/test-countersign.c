/* test-countersign.c: a report goes from hand to hand, and comes back with everybody's signature
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli-test.h"

#include <string.h>

static void
run (const char *first, ...)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *errors = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;
  va_list args;

  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (words, (gpointer) word);
  va_end (args);
  g_ptr_array_add (words, NULL);
  g_spawn_sync (NULL, (char **) words->pdata, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                NULL, NULL, &errors, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, &error))
    g_test_message ("%s: %s", first, errors);
  g_assert_no_error (error);
}

/* A key that an authority has certified, in a PKCS #12 file. (transfer full): its path */
static char *
make_key (CliTest *test, const char *who, const char *password)
{
  g_autofree char *authority = cli_test_path (test, "authority.pem");
  g_autofree char *authority_key = cli_test_path (test, "authority-key.pem");
  g_autofree char *key = cli_test_path (test, "key.pem");
  g_autofree char *request = cli_test_path (test, "request.pem");
  g_autofree char *certificate = cli_test_path (test, "certificate.pem");
  g_autofree char *name = g_strconcat (who, ".p12", NULL);
  g_autofree char *subject = g_strconcat ("/CN=", who, NULL);
  g_autofree char *pass = g_strconcat ("pass:", password, NULL);
  char *path = cli_test_path (test, name);

  if (!g_file_test (authority, G_FILE_TEST_EXISTS))
    run ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
         "/CN=Our Authority", "-days", "30", "-keyout", authority_key, "-out", authority, NULL);
  run ("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
       "-keyout", key, "-out", request, NULL);
  run ("openssl", "x509", "-req", "-in", request, "-CA", authority, "-CAkey", authority_key,
       "-CAcreateserial", "-days", "20", "-out", certificate, NULL);
  run ("openssl", "pkcs12", "-export", "-inkey", key, "-in", certificate, "-certfile", authority, "-passout",
       pass, "-out", path, NULL);
  return path;
}

static char *
make_report (CliTest *test, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".erosdeploy", NULL);
  g_autofree char *pdf = g_strconcat (name, ".pdf", NULL);
  g_autofree char *journal = cli_test_path (test, file);
  char *report = cli_test_path (test, pdf);

  cli_test_assert (test, 0, "new", "--name", name, "--environment", "staging", "--file", journal);
  cli_test_assert (test, 0, "override", journal, "gate.final-sign-off", "Ada", "A test");
  cli_test_assert (test, 0, "report", journal, "--output", report);
  return report;
}

static void
assert_said (CliTest *test, const char *text)
{
  if (strstr (test->output, text) == NULL && strstr (test->errors, text) == NULL)
    g_test_message ("“%s” is not in: %s%s", text, test->output, test->errors);
  g_assert_true (strstr (test->output, text) != NULL || strstr (test->errors, text) != NULL);
}

static gboolean
has_openssl (void)
{
  g_autofree char *path = g_find_program_in_path ("openssl");

  if (path == NULL)
    g_test_skip ("openssl is not installed");
  return path != NULL;
}

/* Who has signed the item, in the status of the deployment; NULL: nobody. */
static char *
signed_by (CliTest *test, const char *journal, const char *role)
{
  g_autofree char *text = NULL;

  cli_test_assert (test, 0, "status", journal);
  text = g_strdup (test->output);
  return strstr (text, role) != NULL ? g_strdup (strstr (text, role)) : NULL;
}

static void
test_hand_to_hand (CliTest *test, gconstpointer data)
{
  g_autofree char *journal = cli_test_path (test, "one.erosdeploy");
  g_autofree char *second = cli_test_path (test, "second.pdf");
  g_autofree char *passwords = cli_test_path (test, "password");
  g_autofree char *report = NULL;
  g_autofree char *ada = NULL;
  g_autofree char *bob = NULL;
  g_autofree char *line = NULL;

  if (!has_openssl ())
    return;
  report = make_report (test, "one");
  ada = make_key (test, "Ada Lovelace", "");
  bob = make_key (test, "Bob Hacker", "secret");
  g_assert_true (g_file_set_contents (passwords, "secret\n", -1, NULL));

  /* Each signs a copy of the same report, on a machine without the journal. */
  cli_test_assert (test, 0, "sign", report, "--as", "product-owner", "--key", bob, "--password-file",
                   passwords, "--output", second);
  cli_test_assert (test, 0, "sign", report, "--as", "technical-lead", "--key", ada);
  assert_said (test, "signed by Ada Lovelace");
  cli_test_assert (test, 0, "verify", report, second);

  cli_test_assert (test, 0, "countersigned", journal, second);
  assert_said (test, "Product Owner: signed by Bob Hacker");
  cli_test_assert (test, 0, "countersigned", journal, report, second);
  assert_said (test, "Technical Lead: signed by Ada Lovelace");
  line = signed_by (test, journal, "Technical Lead");
  g_assert_nonnull (strstr (line, "Ada Lovelace"));
  g_assert_nonnull (strstr (line, "    certificate "));
  g_assert_null (strstr (line, "by name only"));
  cli_test_assert (test, 0, "countersigned", journal, report, second);
  assert_said (test, "no signature in it that is not on record already");
  /* It is verified with the journal, which has gone on since. */
  cli_test_assert (test, 0, "verify", report, journal);
}

static void
test_both_in_one (CliTest *test, gconstpointer data)
{
  g_autofree char *journal = cli_test_path (test, "one.erosdeploy");
  g_autofree char *report = NULL;
  g_autofree char *ada = NULL;
  g_autofree char *bob = NULL;

  if (!has_openssl ())
    return;
  report = make_report (test, "one");
  ada = make_key (test, "Ada Lovelace", "");
  bob = make_key (test, "Bob Hacker", "");
  cli_test_assert (test, 0, "sign", report, "--as", "product-owner", "--key", bob);
  cli_test_assert (test, 0, "sign", report, "--as", "technical-lead", "--key", ada);
  cli_test_assert (test, 1, "sign", report, "--as", "technical-lead", "--key", ada);
  assert_said (test, "signed already");
  cli_test_assert (test, 1, "sign", report, "--as", "gardener", "--key", ada);
  assert_said (test, "deployment-lead");
  cli_test_assert (test, 0, "countersigned", journal, report);
  assert_said (test, "signed by Ada Lovelace");
  assert_said (test, "signed by Bob Hacker");
}

/* The report is looked at before any key is: where there is none yet, none is made for rubbish. */
static void
test_rubbish_comes_first (CliTest *test, gconstpointer data)
{
  g_autofree char *report = cli_test_path (test, "rubbish.pdf");

  g_assert_true (g_file_set_contents (report, "no report", -1, NULL));
  cli_test_assert (test, 1, "sign", report, "--as", "technical-lead", "--key", "/no/such/key.p12");
  g_assert_nonnull (strstr (test->errors, "does not begin as a PDF does"));
  g_assert_null (strstr (test->errors, "key.p12"));
}

static void
test_refusals (CliTest *test, gconstpointer data)
{
  g_autofree char *journal = cli_test_path (test, "one.erosdeploy");
  g_autofree char *passwords = cli_test_path (test, "password");
  g_autofree char *report = NULL;
  g_autofree char *other = NULL;
  g_autofree char *ada = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  if (!has_openssl ())
    return;
  report = make_report (test, "one");
  other = make_report (test, "two");
  ada = make_key (test, "Ada Lovelace", "secret");
  g_assert_true (g_file_set_contents (passwords, "wrong\n", -1, NULL));
  cli_test_assert (test, 1, "sign", report, "--as", "technical-lead", "--key", ada, "--password-file",
                   passwords);
  assert_said (test, "password");
  g_assert_true (g_file_set_contents (passwords, "secret\n", -1, NULL));

  /* Of another deployment. */
  cli_test_assert (test, 0, "sign", other, "--as", "technical-lead", "--key", ada, "--password-file",
                   passwords);
  cli_test_assert (test, 1, "countersigned", journal, other);
  assert_said (test, "another deployment");
  /* Not as it was signed: nobody signs it, and nobody takes it. */
  g_assert_true (g_file_get_contents (report, &bytes, &length, NULL));
  bytes[length / 2] ^= 1;
  g_assert_true (g_file_set_contents (report, bytes, (gssize) length, NULL));
  cli_test_assert (test, 1, "sign", report, "--as", "technical-lead", "--key", ada, "--password-file",
                   passwords);
  cli_test_assert (test, 1, "countersigned", journal, report);
  cli_test_assert (test, 2, "sign", report);
}

static void
test_by_name (CliTest *test, gconstpointer data)
{
  g_autofree char *journal = cli_test_path (test, "one.erosdeploy");
  g_autofree char *report = make_report (test, "one");

  cli_test_assert (test, 0, "sign", journal, "sign-off.confirmation.technical-lead", "Ada");
  assert_said (test, "by name only");
  cli_test_assert (test, 0, "status", journal);
  assert_said (test, "by name only");
}

#define ADD(path, func) g_test_add (path, CliTest, NULL, cli_test_set_up, func, cli_test_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/cli/countersign/from-hand-to-hand-and-back", test_hand_to_hand);
  ADD ("/cli/countersign/several-in-one-file", test_both_in_one);
  ADD ("/cli/countersign/what-does-not-belong-is-refused", test_refusals);
  ADD ("/cli/countersign/a-name-alone-is-said-to-be-one", test_by_name);
  ADD ("/cli/countersign/rubbish-comes-before-any-key", test_rubbish_comes_first);
  return g_test_run ();
}
