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

struct _ErosNumbering
{
  int fd;
  gint64 number;
};

static gint64
read_last (int fd)
{
  char text[32] = "";
  gssize length = pread (fd, text, sizeof text - 1, 0);

  return length > 0 ? g_ascii_strtoll (text, NULL, 10) : 0;
}

/**
 * eros_numbering_begin:
 * @file: of a deployment that is to be made
 *
 * Nobody else takes a number before eros_numbering_end (). Without one a deployment is made all the same.
 *
 * Returns: (transfer full) (nullable): the next number
 */
ErosNumbering *
eros_numbering_begin (GFile *file)
{
  g_autoptr (GFile) folder = eros_deployment_get_directory ();
  g_autofree char *path = g_build_filename (g_file_peek_path (folder), "number", NULL);
  ErosNumbering *self;
  int fd;

  if (!g_file_has_parent (file, folder))
    return NULL;
  fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0 || flock (fd, LOCK_EX) != 0)
    {
      g_debug ("No number can be had from %s: %s", path, g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  self = g_new0 (ErosNumbering, 1);
  self->fd = fd;
  self->number = MAX (read_last (fd), 0) + 1;
  return self;
}

/**
 * eros_numbering_get:
 * @self: a number that is taken
 *
 * Returns: it, from 1
 */
gint64
eros_numbering_get (ErosNumbering *self)
{
  return self->number;
}

/**
 * eros_numbering_end:
 * @self: (transfer full): a number that was taken
 * @made: whether the deployment was made
 *
 * Lets others take one. A number whose deployment was not made is the next one's.
 */
void
eros_numbering_end (ErosNumbering *self, gboolean made)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT "\n", self->number);

  if (made && (pwrite (self->fd, text, strlen (text), 0) != (gssize) strlen (text) || fsync (self->fd) != 0))
    g_debug ("The number %s was not kept: %s", text, g_strerror (errno));
  close (self->fd);
  g_free (self);
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
  g_autofree char *path = g_build_filename (g_file_peek_path (folder), "number", NULL);
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
