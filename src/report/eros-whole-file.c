/* eros-whole-file.c: a file that is there whole, or as it was before
 *
 * The content is written into a file without a name, and synced, before anything in the folder changes. So
 * there is nothing to clean up when the disk is full or the process is killed. A name that is taken cannot be
 * given to such a file at once: it gets a name beside it first, and takes the place of the old one from
 * there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE /* O_TMPFILE */
#include "eros-config.h"

#include "eros-whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "eros-named-pipe.h"

/* So that a write is cancelled soon. */
#define CHUNK (1 << 20)

typedef struct
{
  char *path;   /* the final one */
  char *beside; /* where it is until it has that name */
  char *folder;
  int fd;
  gboolean is_beside; /* has that name */
} Whole;

static void
whole_clear (Whole *self)
{
  if (self->fd >= 0)
    close (self->fd);
  if (self->is_beside)
    g_unlink (self->beside);
  g_free (self->path);
  g_free (self->beside);
  g_free (self->folder);
}

static gboolean
report (int number, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (number), g_strerror (number));
  return FALSE;
}

/* Some file systems know no files without a name. What a process that was killed has left under this one is
 * overwritten; nobody else uses it. */
static gboolean
open_beside (Whole *self, GError **error)
{
  if (g_unlink (self->beside) != 0 && errno != ENOENT)
    return report (errno, error);
  self->fd = g_open (self->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  self->is_beside = self->fd >= 0;
  return self->is_beside || report (errno, error);
}

static gboolean
open_new (Whole *self, GError **error)
{
  self->fd = g_open (self->folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
  if (self->fd >= 0)
    return TRUE;
  if (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)
    return open_beside (self, error);
  return report (errno, error);
}

static gboolean
write_all (int fd, GBytes *content, GCancellable *cancellable, GError **error)
{
  gsize size;
  const char *bytes = g_bytes_get_data (content, &size);

  for (gsize done = 0; done < size;)
    {
      ssize_t n = write (fd, bytes + done, MIN (size - done, CHUNK));

      if (n < 0 && errno != EINTR)
        return report (errno, error);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      done += MAX (n, 0);
    }
  return TRUE;
}

static gboolean
sync_folder (Whole *self, GError **error)
{
  int fd = g_open (self->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  int number = fd < 0 || fsync (fd) != 0 ? errno : 0;

  if (fd >= 0)
    close (fd);
  /* Not every file system can. */
  if (number == 0 || number == EINVAL || number == EROFS)
    return TRUE;
  report (number, error);
  /* Translators: a file; what went wrong follows */
  g_prefix_error (
    error,
    _ ("%s is written whole, but the disk has not confirmed its name, so that it may be missing "
       "after a loss of power. Write it again, or elsewhere: "),
    self->path);
  return FALSE;
}

static gboolean
name_it (Whole *self, const char *path)
{
  g_autofree char *open_file = g_strdup_printf ("/proc/self/fd/%d", self->fd);

  return linkat (AT_FDCWD, open_file, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

/* On disk under its own name, in place of what had it. */
static gboolean
put_in_place (Whole *self, GError **error)
{
  if (fsync (self->fd) != 0)
    return report (errno, error);
  if (!self->is_beside && !name_it (self, self->path))
    {
      if (errno != EEXIST || (g_unlink (self->beside) != 0 && errno != ENOENT) ||
          !name_it (self, self->beside))
        return report (errno, error);
      self->is_beside = TRUE;
    }
  if (self->is_beside && g_rename (self->beside, self->path) != 0)
    return report (errno, error);
  self->is_beside = FALSE;
  return TRUE;
}

static gboolean
name_failure (const char *path, GError **error)
{
  /* Translators: a file; what went wrong follows */
  g_prefix_error (error, _ ("Could not write %s: "), path);
  return FALSE;
}

static gboolean
write_beside (const char *path, GBytes *content, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  Whole self = { .path = g_strdup (path), .folder = g_path_get_dirname (path), .fd = -1 };
  gboolean done;

  self.beside = g_strdup_printf ("%s/.%s.part", self.folder, name);
  done = open_new (&self, error) && write_all (self.fd, content, cancellable, error) &&
         put_in_place (&self, error);
  done = done ? sync_folder (&self, error) : name_failure (path, error);
  whole_clear (&self);
  return done;
}

/* A terminal, a pipe, a device: nothing to replace. */
static gboolean
write_through (const char *path, GBytes *content, GCancellable *cancellable, GError **error)
{
  int fd = g_open (path, O_WRONLY | O_CLOEXEC, 0);
  gboolean done = fd >= 0 ? write_all (fd, content, cancellable, error) : report (errno, error);

  if (fd >= 0)
    close (fd);
  return done || name_failure (path, error);
}

/**
 * eros_whole_file_write:
 * @file: where to; what is there is replaced
 * @content: all of it
 * @cancellable: (nullable): to stop early
 * @error: return location for an I/O error
 *
 * Writes a file so that its name stands for what it did before, or for all of @content, whatever happens: a
 * full disk, a kill, a loss of power. When this returns %TRUE it is on the disk, and so is its name. Waits
 * for the disk.
 *
 * Returns: whether it is written and will stay; if not, all is as it was before, or, as @error then says,
 * only the name of what was written may be lost
 */
gboolean
eros_whole_file_write (GFile *file, GBytes *content, GCancellable *cancellable, GError **error)
{
  const char *path = g_file_peek_path (file);
  struct stat info;

  if (!eros_named_pipe_refuse (file, error))
    return FALSE;
  if (path == NULL)
    return g_file_replace_contents (file, g_bytes_get_data (content, NULL), g_bytes_get_size (content), NULL,
                                    FALSE, G_FILE_CREATE_NONE, NULL, cancellable, error);
  if (stat (path, &info) == 0 && !S_ISREG (info.st_mode) && !S_ISDIR (info.st_mode))
    return write_through (path, content, cancellable, error);
  return write_beside (path, content, cancellable, error);
}
