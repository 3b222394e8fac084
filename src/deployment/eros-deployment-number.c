/* eros-deployment-number.c: the number of a deployment among those of this user, so that a missing one shows
 *
 * It is counted in a file beside them, which goes on when the newest of them is taken away.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-deployment-number.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define COUNTER "number"

static gint64
read_last (int fd)
{
  char text[32] = "";
  gssize length = pread (fd, text, sizeof text - 1, 0);

  return length > 0 ? g_ascii_strtoll (text, NULL, 10) : 0;
}

/* Held by nobody else until it is closed; -1: it cannot be had. */
static int
open_counter (const char *path)
{
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd >= 0 && flock (fd, LOCK_EX) == 0)
    return fd;
  g_debug ("No number can be had from %s: %s", path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

static void
write_last (int fd, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT "\n", number);

  if (pwrite (fd, text, strlen (text), 0) != (gssize) strlen (text) || fsync (fd) != 0)
    g_debug ("The number %s was not kept: %s", text, g_strerror (errno));
}

/**
 * eros_numbering_create:
 * @file: of a deployment that is to be made
 * @actor: who makes it
 * @body: of its first event, which gets the next number if it is kept among the others
 * @error: return location for %EROS_JOURNAL_ERROR
 *
 * A number is used up only when the journal was made. Without one a deployment is made all the same.
 *
 * Returns: (transfer full): the journal
 */
ErosJournal *
eros_numbering_create (GFile *file, const char *actor, JsonNode *body, GError **error)
{
  g_autoptr (GFile) folder = eros_deployment_get_directory ();
  g_autofree char *path = g_build_filename (g_file_peek_path (folder), COUNTER, NULL);
  int fd = g_file_has_parent (file, folder) ? open_counter (path) : -1;
  gint64 number = fd >= 0 ? MAX (read_last (fd), 0) + 1 : 0;
  ErosJournal *journal;

  if (fd >= 0)
    json_object_set_int_member (json_node_get_object (body), "number", number);
  journal = eros_journal_create_with_event (file, actor, "deployment.created", body, error);
  if (journal != NULL && fd >= 0)
    write_last (fd, number);
  if (fd >= 0)
    close (fd);
  return journal;
}

/**
 * eros_numbering_get_last:
 *
 * Returns: the number of the deployment that was made last, also when it is gone; 0 when none was made
 */
gint64
eros_numbering_get_last (void)
{
  g_autoptr (GFile) folder = eros_deployment_get_directory ();
  g_autofree char *path = g_build_filename (g_file_peek_path (folder), COUNTER, NULL);
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  gint64 last = fd >= 0 ? read_last (fd) : 0;

  if (fd >= 0)
    close (fd);
  return MAX (last, 0);
}

/**
 * eros_deployment_get_number:
 * @deployment: a deployment
 *
 * Returns: its number among those of the user who made it; 0 when it has none
 */
gint64
eros_deployment_get_number (ErosDeployment *deployment)
{
  g_autoptr (ErosEvent) created =
    g_list_model_get_item (G_LIST_MODEL (eros_deployment_get_journal (deployment)), 0);

  return MAX (eros_event_get_int (created, "number"), 0);
}
