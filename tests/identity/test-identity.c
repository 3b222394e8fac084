/* test-identity.c: whose key signs, and that it does not change unseen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>
#include <glib/gstdio.h>

#include "eros-identity.h"
#include "eros-keyring.h"
#include "fake-keyring.h"

typedef struct
{
  FakeKeyring *keyring;
  GAsyncResult *result;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  fake_keyring_use_private_bus ();
  f->keyring = fake_keyring_new ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->keyring, fake_keyring_free);
}

static void
keep_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (Fixture *f)
{
  while (f->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&f->result);
}

static ErosSigner *
find (Fixture *f, ErosIdentityState expected)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ErosSigner) signer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;
  ErosIdentityState state;

  eros_identity_find_async ("Ada", NULL, keep_cb, &f->result);
  result = wait_for (f);
  g_assert_true (eros_identity_find_finish (result, &state, &signer, &why, &error));
  g_assert_no_error (error);
  g_assert_cmpint (state, ==, expected);
  g_assert_true ((signer != NULL) == (expected == EROS_IDENTITY_KEPT));
  g_assert_true ((why != NULL) == (expected != EROS_IDENTITY_KEPT));
  return g_steal_pointer (&signer);
}

static ErosSigner *
make (Fixture *f, gboolean keep, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  eros_identity_make_async ("Ada", keep, NULL, keep_cb, &f->result);
  result = wait_for (f);
  return eros_identity_make_finish (result, error);
}

static void
store (Fixture *f, const char *text)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  eros_keyring_store_key_async ("Ada", text, NULL, keep_cb, &f->result);
  result = wait_for (f);
  g_assert_true (eros_keyring_store_finish (result, &error));
  g_assert_no_error (error);
}

static void
test_kept (Fixture *f, gconstpointer data)
{
  g_autoptr (ErosSigner) none = find (f, EROS_IDENTITY_NONE);
  g_autoptr (ErosSigner) made = make (f, TRUE, NULL);
  g_autoptr (ErosSigner) found = find (f, EROS_IDENTITY_KEPT);

  g_assert_null (none);
  g_assert_cmpstr (eros_signer_get_fingerprint (made), ==, eros_signer_get_fingerprint (found));
}

/* “There is none” and “it could not be asked”: only the first lets a key be made. */
static void
test_not_asked (Fixture *f, gconstpointer data)
{
  static const FakeKeyringMood moods[] = { FAKE_KEYRING_DISMISSED, FAKE_KEYRING_DENIED };
  g_autoptr (ErosSigner) made = make (f, TRUE, NULL);
  g_autofree char *kept = g_strdup (fake_keyring_secret (f->keyring));
  g_autoptr (ErosSigner) again = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (moods); i++)
    {
      fake_keyring_set_mood (f->keyring, moods[i]);
      g_assert_null (find (f, EROS_IDENTITY_UNKNOWN));
      g_assert_cmpstr (fake_keyring_secret (f->keyring), ==, kept);
    }
  fake_keyring_set_mood (f->keyring, FAKE_KEYRING_OPEN);
  again = find (f, EROS_IDENTITY_KEPT);
  g_assert_cmpstr (eros_signer_get_fingerprint (again), ==, eros_signer_get_fingerprint (made));
}

static void
test_no_keyring (Fixture *f, gconstpointer data)
{
  g_autoptr (ErosSigner) passing = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&f->keyring, fake_keyring_free);
  g_assert_null (find (f, EROS_IDENTITY_NO_KEYRING));
  /* One that is to be kept, and cannot be, is none. */
  g_assert_null (make (f, TRUE, &error));
  g_assert_nonnull (error);
  passing = make (f, FALSE, NULL);
  g_assert_nonnull (passing);
}

static void
test_unusable (Fixture *f, gconstpointer data)
{
  store (f, "no key");
  g_assert_null (find (f, EROS_IDENTITY_UNUSABLE));
  g_assert_cmpstr (fake_keyring_secret (f->keyring), ==, "no key");
}

static void
test_passing (Fixture *f, gconstpointer data)
{
  g_autoptr (ErosSigner) kept = make (f, TRUE, NULL);
  g_autofree char *secret = g_strdup (fake_keyring_secret (f->keyring));
  g_autoptr (ErosSigner) passing = make (f, FALSE, NULL);

  g_assert_cmpstr (eros_signer_get_fingerprint (kept), !=, eros_signer_get_fingerprint (passing));
  g_assert_cmpstr (fake_keyring_secret (f->keyring), ==, secret);
}

static ErosDeployment *
new_deployment (const char *folder)
{
  const ErosDeploymentSetup setup = { .name = (char *) "EROS 2.4", .environment = EROS_ENVIRONMENT_STAGING };
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = eros_runbook_load_default (&error);
  g_autoptr (GFile) file = g_file_new_build_filename (folder, "one.erosdeploy", NULL);
  ErosDeployment *deployment =
    eros_deployment_create (file, runbook, &setup, "Ada <ada@example.com>", &error);

  g_assert_no_error (error);
  return deployment;
}

static void
record (ErosDeployment *deployment, ErosSigner *signer)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (eros_identity_record (deployment, "Ada", signer, &error));
  g_assert_no_error (error);
}

static void
test_on_record (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("identity-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "one.erosdeploy", NULL);
  g_autoptr (ErosDeployment) deployment = new_deployment (folder);
  g_autoptr (ErosSigner) first = make (f, FALSE, NULL);
  g_autoptr (ErosSigner) second = make (f, FALSE, NULL);
  GListModel *events = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  g_autoptr (ErosEvent) event = NULL;

  /* A key for one report is nobody's identity … */
  g_assert_null (eros_identity_get_recorded (deployment, "Ada"));
  g_assert_false (eros_identity_is_new (deployment, "Ada", first, FALSE));
  g_assert_true (eros_identity_is_new (deployment, "Ada", first, TRUE));
  record (deployment, first);
  g_assert_false (eros_identity_is_new (deployment, "Ada", first, TRUE));
  /* … unless it stands in for one. */
  g_assert_true (eros_identity_is_new (deployment, "Ada", second, FALSE));
  g_assert_false (eros_identity_is_new (deployment, "Bob", second, FALSE));
  record (deployment, second);
  g_assert_cmpstr (eros_identity_get_recorded (deployment, "Ada"), ==, eros_signer_get_fingerprint (second));
  event = g_list_model_get_item (events, g_list_model_get_n_items (events) - 1);
  g_assert_cmpstr (eros_event_get_kind (event), ==, "signer.changed");
  g_assert_cmpstr (eros_event_get_string (event, "previous"), ==, eros_signer_get_fingerprint (first));
  g_clear_object (&deployment);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_person (void)
{
  g_autofree char *ada = eros_identity_get_person ("Ada <ada@example.com>");
  g_autofree char *bob = eros_identity_get_person ("Bob");

  g_assert_cmpstr (ada, ==, "Ada");
  g_assert_cmpstr (bob, ==, "Bob");
}

#define ADD(name, function) g_test_add ("/identity/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-key-is-kept", test_kept);
  ADD ("not-found-and-not-asked-are-different", test_not_asked);
  ADD ("without-a-keyring-none-is-kept", test_no_keyring);
  ADD ("one-that-cannot-sign-is-not-replaced", test_unusable);
  ADD ("a-key-for-one-report-replaces-none", test_passing);
  ADD ("a-change-goes-on-record", test_on_record);
  g_test_add_func ("/identity/of-a-person-not-an-address", test_person);
  return g_test_run ();
}
