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
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define COUNTER "number"
#define LARGEST 999999 /* nobody makes so many: what is beyond is no number */

static gint64
check (gint64 number)
{
  return number > 0 && number <= LARGEST ? number : 0;
}

static gint64
read_last (int fd)
{
  char text[32] = "";
  gssize length = pread (fd, text, sizeof text - 1, 0);

  return length > 0 ? g_ascii_strtoll (text, NULL, 10) : 0;
}

/* -1: it cannot be had. Only a file is opened: another thing might keep whoever opens it waiting. */
static int
open_counter (const char *path, int flags)
{
  int fd = g_open (path, flags | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW, 0600);
  struct stat status;

  if (fd >= 0 && fstat (fd, &status) == 0 && S_ISREG (status.st_mode))
    return fd;
  g_debug ("No number can be had from %s: %s", path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean
write_last (int fd, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT "\n", number);

  return pwrite (fd, text, strlen (text), 0) == (gssize) strlen (text) && fsync (fd) == 0;
}

/* Takes the next number; 0: there is none, as it could not be kept that it was given. */
static gint64
take_number (int fd)
{
  gint64 last = flock (fd, LOCK_EX) == 0 ? read_last (fd) : LARGEST;
  gint64 number = last >= 0 && last < LARGEST ? last + 1 : 0;

  if (number != 0 && write_last (fd, number))
    return number;
  g_debug ("No number can be given: %s", g_strerror (errno));
  return 0;
}

/**
 * eros_numbering_create:
 * @file: of a deployment that is to be made
 * @actor: who makes it
 * @body: of its first event, which gets the next number if it is kept among the others
 * @error: return location for %EROS_JOURNAL_ERROR
 *
 * A number is used up only when the journal was made, and none is given twice. Without one a deployment is
 * made all the same.
 *
 * Returns: (transfer full): the journal
 */
ErosJournal *
eros_numbering_create (GFile *file, const char *actor, JsonNode *body, GError **error)
{
  g_autoptr (GFile) folder = eros_deployment_get_directory ();
  g_autofree char *path = g_build_filename (g_file_peek_path (folder), COUNTER, NULL);
  int fd = g_file_has_parent (file, folder) ? open_counter (path, O_RDWR | O_CREAT) : -1;
  gint64 number = fd >= 0 ? take_number (fd) : 0;
  ErosJournal *journal;

  if (number != 0)
    json_object_set_int_member (json_node_get_object (body), "number", number);
  journal = eros_journal_create_with_event (file, actor, EROS_EVENT_DEPLOYMENT_CREATED, body, error);
  if (journal == NULL && number != 0 && !write_last (fd, number - 1))
    g_debug ("The number %" G_GINT64_FORMAT " was given for nothing", number);
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
  int fd = open_counter (path, O_RDONLY);
  gint64 last = fd >= 0 ? check (read_last (fd)) : 0;

  if (fd >= 0)
    close (fd);
  return last;
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

  return check (eros_event_get_int (created, EROS_MEMBER_NUMBER));
}
