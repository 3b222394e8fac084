/* bench-report.c: what the report of a journal of 10,000 and of 100,000 events costs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <glib/gstdio.h>

#include "eros-deployment.h"

typedef struct
{
  double seconds; /* of the processor */
  double mebibytes;
} Cost;

static void
append (ErosJournal *journal, guint i)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *text = NULL;
  gboolean is_person = i % 20 == 19;

  if (is_person)
    text = g_strdup_printf ("{\"element\":\"preparation.sign-off.product-owner\",\"text\":\"Note %u\"}", i);
  else
    text = g_strdup_printf ("{\"id\":\"05f2ceb7\",\"step\":\"query-performance\",\"outcome\":\"pass\","
                            "\"summary\":\"%u queries, none failed\",\"values\":{\"queries\":\"%u\"}}",
                            i, i);
  body = json_from_string (text, &error);
  g_assert_no_error (error);
  g_assert_nonnull (eros_journal_append (journal, is_person ? "Grace" : "machine",
                                         is_person ? "note.set" : "step.ended", body, &error));
}

/* In memory where there is such a place: each event is waited for until it is on the disk. */
static char *
make_journal (const char *folder, guint n)
{
  const ErosDeploymentSetup setup = {
    .name = (char *) "Long",
    .window_start = (char *) "",
    .window_end = (char *) "",
    .lead_name = (char *) "Grace",
    .lead_email = (char *) "",
    .lead_phone = (char *) "",
    .environment = EROS_ENVIRONMENT_REHEARSAL,
    .project = (char *) "eros-rehearsal",
    .dataset = (char *) "eros_platform",
    .location = (char *) "US",
    .bucket = (char *) "eros-platform-backups",
    .profile = (char *) "",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = eros_runbook_load_default (&error);
  g_autofree char *name = g_strdup_printf ("%u.erosdeploy", n);
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (ErosDeployment) deployment = eros_deployment_create (file, runbook, &setup, "Grace", &error);

  g_assert_no_error (error);
  for (guint i = 1; i < n; i++)
    append (eros_deployment_get_journal (deployment), i);
  return path;
}

static Cost
measure (const char *program, const char *journal, const char *report)
{
  const char *argv[] = { program, "report", "--unsigned", "-o", report, journal, NULL };
  g_autoptr (GError) error = NULL;
  struct rusage usage;
  int status;
  GPid child;

  g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                 NULL, &child, &error);
  g_assert_no_error (error);
  g_assert_cmpint (wait4 (child, &status, 0, &usage), ==, child);
  g_assert_cmpint (status, ==, 0);
  return (Cost){ (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                   (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
                 (double) usage.ru_maxrss / 1024 };
}

int
main (int argc, char **argv)
{
  static const guint lengths[] = { 10000, 100000 };
  gboolean has_memory = g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR);
  g_autofree char *folder = has_memory ? g_mkdtemp (g_strdup ("/dev/shm/bench-report-XXXXXX"))
                                       : g_dir_make_tmp ("bench-report-XXXXXX", NULL);
  g_autofree char *report = NULL;
  Cost costs[G_N_ELEMENTS (lengths)];

  g_assert_nonnull (folder);
  report = g_build_filename (folder, "report.pdf", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *journal = make_journal (folder, lengths[i]);

      costs[i] = measure (argv[1], journal, report);
      g_print ("%'u events: %.2f s of the processor, %.0f MiB\n", lengths[i], costs[i].seconds,
               costs[i].mebibytes);
      g_unlink (journal);
    }
  g_print ("ten times as many events take %.1f times as long (at most 12)\n",
           costs[1].seconds / costs[0].seconds);
  g_unlink (report);
  g_rmdir (folder);
  return costs[1].seconds <= 12 * costs[0].seconds ? EXIT_SUCCESS : EXIT_FAILURE;
}
