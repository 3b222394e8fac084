/* eros-journal-lock.c: who may write a journal, one process at a time
 *
 * The lock is flock() on a file beside the journal: the kernel drops it with the last descriptor, however the
 * process ends. It is not a lock on the journal itself, because closing any descriptor of the journal would
 * drop the POSIX locks that SQLite holds on it in this process.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-journal-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "eros-journal.h"
#include "eros-time-text.h"

struct _ErosJournalLock
{
  char *path;
  int fd;
};

static char *
read_all (int fd)
{
  char buffer[1024];
  ssize_t n = pread (fd, buffer, sizeof buffer - 1, 0);

  return g_strndup (buffer, MAX (n, 0));
}

static char *
find_line (char **lines, const char *name)
{
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], name) && lines[i][strlen (name)] == '=' &&
        g_utf8_validate (lines[i], -1, NULL))
      return lines[i] + strlen (name) + 1;
  return NULL;
}

static void
report_holder (const char *journal_path, int fd, GError **error)
{
  g_autofree char *content = read_all (fd);
  g_auto (GStrv) lines = g_strsplit (content, "\n", -1);
  g_autofree char *name = g_filename_display_basename (journal_path);
  const char *host = find_line (lines, "host");
  const char *process = find_line (lines, "process");
  const char *program = find_line (lines, "program");
  const char *since = find_line (lines, "since");

  if (host == NULL || process == NULL || program == NULL || since == NULL)
    g_set_error (
      error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_IN_USE,
      _ ("%s is being written by another program. Close it there, or open it here for reading only."), name);
  else
    g_set_error (
      error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_IN_USE,
      /* Translators: file, program, process number, host, time. */
      _ ("%s is being written by %s (process %s on host %s, since %s). Close it there, or open it here "
         "for reading only."),
      name, program, process, host, since);
}

static void
write_holder (int fd)
{
  g_autofree char *since = eros_time_text (g_get_real_time ());
  g_autofree char *content =
    g_strdup_printf ("host=%s\nprocess=%ld\nprogram=%s\nsince=%s\n", g_get_host_name (), (long) getpid (),
                     g_get_prgname () != NULL ? g_get_prgname () : GETTEXT_PACKAGE, since);

  /* Only for the message in another process: without it the lock holds as well. */
  if (ftruncate (fd, 0) != 0 || pwrite (fd, content, strlen (content), 0) < 0)
    g_debug ("Could not write who holds the lock: %s", g_strerror (errno));
}

/* The holder deletes the file before it lets go, so the file that we locked may have lost its name meanwhile.
 */
static gboolean
still_has_its_name (int fd, const char *path)
{
  struct stat ours, theirs;

  return fstat (fd, &ours) == 0 && stat (path, &theirs) == 0 && ours.st_dev == theirs.st_dev &&
         ours.st_ino == theirs.st_ino;
}

/**
 * eros_journal_lock_take:
 * @journal_path: the journal
 * @error: return location for an error
 *
 * Takes the right to write the journal, without waiting.
 *
 * Returns: (transfer full): the lock, to be released after SQLite has closed
 *   the journal
 */
ErosJournalLock *
eros_journal_lock_take (const char *journal_path, GError **error)
{
  g_autofree char *path = g_strconcat (journal_path, "-lock", NULL);
  ErosJournalLock *self;

  for (;;)
    {
      int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

      if (fd < 0)
        {
          g_autofree char *name = g_filename_display_name (journal_path);

          g_set_error (
            error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_READ_ONLY,
            _ ("%s cannot be written: its lock file cannot be made in the same folder (%s). Make the folder "
               "writable, or open the deployment for reading only."),
            name, g_strerror (errno));
          return NULL;
        }
      if (flock (fd, LOCK_EX | LOCK_NB) != 0)
        {
          if (errno == EWOULDBLOCK)
            report_holder (journal_path, fd, error);
          else
            g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED,
                         _ ("The lock file %s cannot be locked: %s."), path, g_strerror (errno));
          close (fd);
          return NULL;
        }
      if (still_has_its_name (fd, path))
        {
          write_holder (fd);
          self = g_new0 (ErosJournalLock, 1);
          self->path = g_steal_pointer (&path);
          self->fd = fd;
          return self;
        }
      close (fd);
    }
}

void
eros_journal_lock_release (ErosJournalLock *self)
{
  g_unlink (self->path);
  close (self->fd);
  g_free (self->path);
  g_free (self);
}
