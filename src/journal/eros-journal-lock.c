/* eros-journal-lock.c: who may write a journal, one process at a time
 *
 * The lock is twofold, and the kernel drops both with their descriptors, however the process ends.
 *
 * flock() on a file beside the journal, in which stands who holds it. And an open file description lock on
 * the journal itself, on a byte that SQLite never locks, for whoever comes to the same file by another name.
 * The journal's descriptor is closed when SQLite has closed its own: closing any drops the POSIX locks that
 * SQLite holds on the file in this process.
 *
 * A file with two names has two -wal files, and each of them is lost on the other: such a file is not written
 * at all. What has been locked is the file, not its name, so each event is stored only while the name is
 * still the file's (eros_journal_lock_check()).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE /* F_OFD_SETLK */
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

/* Behind the bytes that SQLite locks, which begin at 1 GiB. */
#define LOCKED_BYTE (0x40000000 + 4096)

struct _ErosJournalLock
{
  char *journal_path;
  char *path; /* of the file beside it */
  int fd;
  int journal_fd; /* −1: not locked yet */
  struct stat journal;
  struct stat wal; /* st_ino 0: not seen yet */
  gboolean
    is_lost; /* once and for all: what went into the file meanwhile is not what this process has read */
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

/* (transfer full) (nullable): the file does not say */
static char *
describe_holder (int fd)
{
  g_autofree char *content = read_all (fd);
  g_auto (GStrv) lines = g_strsplit (content, "\n", -1);
  const char *host = find_line (lines, "host");
  const char *process = find_line (lines, "process");
  const char *program = find_line (lines, "program");
  const char *since = find_line (lines, "since");

  if (host == NULL || process == NULL || program == NULL || since == NULL)
    return NULL;
  /* Translators: who writes a file: program, process number, host, time. */
  return g_strdup_printf (_ ("%s (process %s on host %s, since %s)"), program, process, host, since);
}

static void
report_holder (const char *journal_path, int fd, GError **error)
{
  g_autofree char *name = g_filename_display_basename (journal_path);
  g_autofree char *holder = describe_holder (fd);

  if (holder == NULL)
    g_set_error (
      error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_IN_USE,
      _ ("%s is being written by another program. Close it there, or open it here for reading only."), name);
  else
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_IN_USE,
                 /* Translators: file; program, process number, host and time in one. */
                 _ ("%s is being written by %s. Close it there, or open it here for reading only."), name,
                 holder);
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

static gboolean
is_same (const struct stat *one, const struct stat *other)
{
  return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

static gboolean
report_names (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (
    error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_READ_ONLY,
    _ ("Nothing was stored in %s: the file has a second name (a hard link), and what is stored under one "
       "name can be lost under the other. Remove the other name, or make a copy of the file and go on "
       "with that."),
    name);
  return FALSE;
}

/* Locks the file itself. */
static gboolean
lock_journal (ErosJournalLock *self, GError **error)
{
  struct flock byte = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCKED_BYTE, .l_len = 1 };
  g_autofree char *name = g_filename_display_name (self->journal_path);

  self->journal_fd = g_open (self->journal_path, O_RDWR | O_CLOEXEC, 0);
  if (self->journal_fd < 0 || fstat (self->journal_fd, &self->journal) != 0)
    {
      g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_READ_ONLY, _ ("%s cannot be written: %s."),
                   name, g_strerror (errno));
      return FALSE;
    }
  if (self->journal.st_nlink != 1)
    return report_names (self->journal_path, error);
  /* A file system that cannot lock (ENOLCK) has kept nobody from writing before. */
  if (fcntl (self->journal_fd, F_OFD_SETLK, &byte) == 0 || (errno != EAGAIN && errno != EACCES))
    return TRUE;
  g_set_error (
    error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_IN_USE,
    _ ("%s is being written by another program, under another name. Close it there, or open it here for "
       "reading only."),
    name);
  return FALSE;
}

/* Takes fd. */
static ErosJournalLock *
lock_new (const char *journal_path, const char *path, int fd)
{
  ErosJournalLock *self = g_new0 (ErosJournalLock, 1);

  self->journal_path = g_strdup (journal_path);
  self->path = g_strdup (path);
  self->fd = fd;
  self->journal_fd = -1;
  return self;
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
          g_autoptr (ErosJournalLock) self = lock_new (journal_path, path, fd);

          write_holder (fd);
          return lock_journal (self, error) ? g_steal_pointer (&self) : NULL;
        }
      close (fd);
    }
}

/**
 * eros_journal_lock_find_holder:
 * @journal_path: the journal
 *
 * Waits for nobody and keeps nobody from writing but for the moment of looking, and that only where a holder
 * has left its file behind.
 *
 * Returns: (transfer full) (nullable): which program writes the journal at this moment
 */
char *
eros_journal_lock_find_holder (const char *journal_path)
{
  g_autofree char *path = g_strconcat (journal_path, "-lock", NULL);
  char *holder = NULL;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);

  if (fd < 0)
    return NULL;
  if (flock (fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    {
      holder = describe_holder (fd);
      if (holder == NULL)
        holder = g_strdup (_ ("another program"));
    }
  close (fd);
  return holder;
}

static gboolean
report_gone (ErosJournalLock *self, GError **error)
{
  g_autofree char *name = g_filename_display_name (self->journal_path);

  g_set_error (
    error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED,
    _ ("Nothing was stored in %s: the file was removed, replaced or moved away while it was open. Put it "
       "back, and open it again."),
    name);
  return FALSE;
}

/* SQLite makes the -wal when it first needs it, and keeps it as long as it has the file open. */
static gboolean
has_its_wal (ErosJournalLock *self)
{
  g_autofree char *path = g_strconcat (self->journal_path, "-wal", NULL);
  struct stat wal;
  gboolean there = stat (path, &wal) == 0;

  if (self->wal.st_ino != 0)
    return there && is_same (&wal, &self->wal);
  if (there)
    self->wal = wal;
  return TRUE;
}

/**
 * eros_journal_lock_check:
 * @self: a lock
 * @error: return location for %EROS_JOURNAL_ERROR
 *
 * What SQLite writes goes into the file that it has opened, whatever has become of its name.
 *
 * Returns: whether the journal's name is still that file's, and its only one, and the same is true of its
 * -wal
 */
gboolean
eros_journal_lock_check (ErosJournalLock *self, GError **error)
{
  struct stat now;

  self->is_lost = self->is_lost || stat (self->journal_path, &now) != 0 || !is_same (&now, &self->journal) ||
                  !has_its_wal (self);
  if (self->is_lost)
    return report_gone (self, error);
  return now.st_nlink == 1 || report_names (self->journal_path, error);
}

void
eros_journal_lock_release (ErosJournalLock *self)
{
  if (self->journal_fd >= 0)
    close (self->journal_fd);
  g_unlink (self->path);
  close (self->fd);
  g_free (self->journal_path);
  g_free (self->path);
  g_free (self);
}
