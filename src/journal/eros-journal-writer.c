/* eros-journal-writer.c: making a journal's file and adding to it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE /* renameat2 () */
#include "eros-config.h"

#include "eros-journal-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* Readers hold locks for the time of one reading only. */
#define BUSY_TIMEOUT_MS 5000

struct _ErosJournalWriter
{
  sqlite3 *db;
  sqlite3_stmt *insert;
  sqlite3_stmt *is_last; /* the same values: a row when they stand at the end */
  char *path;
};

static void
report (sqlite3 *db, const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  int code = sqlite3_errcode (db) & 0xff;
  int number = sqlite3_system_errno (db);

  if (code == SQLITE_FULL || number == ENOSPC || number == EDQUOT)
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED,
                 _ ("Nothing was stored in %s: the disk is full. Make room and try again."), name);
  else if (code == SQLITE_PERM || number == EACCES || number == EPERM)
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_READ_ONLY,
                 _ ("Nothing was stored in %s: you have no permission to write to it or its folder. Ask for "
                    "it, or open the "
                    "deployment for reading only."),
                 name);
  else if (code == SQLITE_READONLY || number == EROFS)
    g_set_error (
      error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_READ_ONLY,
      _ ("Nothing was stored in %s: it or its folder is read-only. Make both writable, or open the "
         "deployment for reading only."),
      name);
  else if (code == SQLITE_CONSTRAINT)
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED,
                 _ ("Nothing was stored in %s: somebody else has written to it. Close it and open it again."),
                 name);
  else
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED, _ ("Nothing was stored in %s: %s."),
                 name, code == SQLITE_IOERR && number != 0 ? g_strerror (number) : sqlite3_errmsg (db));
}

static gboolean
set_up (sqlite3 *db)
{
  sqlite3_stmt *mode = NULL;
  gboolean wal;

  sqlite3_busy_timeout (db, BUSY_TIMEOUT_MS);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  wal = sqlite3_prepare_v2 (db, "PRAGMA journal_mode = WAL", -1, &mode, NULL) == SQLITE_OK &&
        sqlite3_step (mode) == SQLITE_ROW &&
        g_strcmp0 ((const char *) sqlite3_column_text (mode, 0), "wal") == 0;
  sqlite3_finalize (mode);
  return wal && sqlite3_exec (db, "PRAGMA synchronous = FULL", NULL, NULL, NULL) == SQLITE_OK &&
         eros_journal_schema_add_hash (db);
}

static ErosJournalWriter *
open_with (const char *path, int flags, GError **error)
{
  g_autoptr (ErosJournalWriter) self = g_new0 (ErosJournalWriter, 1);

  self->path = g_strdup (path);
  if (sqlite3_open_v2 (path, &self->db, flags, NULL) != SQLITE_OK)
    {
      report (self->db, path, error);
      return NULL;
    }
  if (sqlite3_db_readonly (self->db, "main") == 1)
    {
      g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_READ_ONLY,
                   _ ("%s is read-only. Make it writable, or open the deployment for reading only."), path);
      return NULL;
    }
  if (!set_up (self->db) || ((flags & SQLITE_OPEN_CREATE) != 0 && !eros_journal_schema_create (self->db)) ||
      sqlite3_prepare_v3 (self->db, "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", -1,
                          SQLITE_PREPARE_PERSISTENT, &self->insert, NULL) != SQLITE_OK ||
      sqlite3_prepare_v3 (self->db,
                          "SELECT 1 FROM (SELECT * FROM event ORDER BY sequence DESC LIMIT 1) WHERE "
                          "sequence IS ? AND time IS ? AND actor IS ? AND kind IS ? AND body IS ? AND "
                          "previous IS ? AND hash IS ?",
                          -1, SQLITE_PREPARE_PERSISTENT, &self->is_last, NULL) != SQLITE_OK)
    {
      report (self->db, path, error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

ErosJournalWriter *
eros_journal_writer_open (const char *path, GError **error)
{
  return open_with (path, SQLITE_OPEN_READWRITE, error);
}

void
eros_journal_writer_close (ErosJournalWriter *self)
{
  sqlite3_finalize (self->insert);
  sqlite3_finalize (self->is_last);
  /* Even if a reader keeps SQLite from removing the -wal: whoever copies the file gets all of it. */
  if (self->db != NULL && self->insert != NULL)
    sqlite3_wal_checkpoint_v2 (self->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_close (self->db);
  g_free (self->path);
  g_free (self);
}

static int
step_with (sqlite3_stmt *statement, const ErosEventContent *content, const char *hash)
{
  int code;

  sqlite3_bind_int64 (statement, 1, content->sequence);
  sqlite3_bind_int64 (statement, 2, content->time);
  sqlite3_bind_text (statement, 3, content->actor, content->actor_length, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, content->kind, content->kind_length, SQLITE_STATIC);
  sqlite3_bind_text (statement, 5, content->body, content->body_length, SQLITE_STATIC);
  sqlite3_bind_text (statement, 6, content->previous, content->previous_length, SQLITE_STATIC);
  sqlite3_bind_text (statement, 7, hash, 64, SQLITE_STATIC);
  code = sqlite3_step (statement);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return code;
}

static gboolean
report_not_stored (ErosJournalWriter *self, const char *problem, GError **error)
{
  g_autofree char *name = g_filename_display_name (self->path);

  g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED,
               /* Translators: file; what is wrong with it */
               _ ("Nothing was stored in %s: it is damaged: %s. Use a copy of it that is whole."), name,
               problem);
  return FALSE;
}

/* SQLite's word is not enough: a trigger that somebody has put into the file can swallow the row, or make
 * another of it, and that is no error. */
static gboolean
insert_row (ErosJournalWriter *self, const ErosEventContent *content, const char *hash, GError **error)
{
  g_autofree char *problem = NULL;
  int code;

  if (sqlite3_exec (self->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
    return report (self->db, self->path, error), FALSE;
  if (!eros_journal_schema_is_intact (self->db, &problem))
    return report_not_stored (self, problem, error);
  if (step_with (self->insert, content, hash) != SQLITE_DONE)
    return report (self->db, self->path, error), FALSE;
  if (sqlite3_changes64 (self->db) != 1)
    return report_not_stored (self, _ ("it does not keep the event"), error);
  code = step_with (self->is_last, content, hash);
  if (code == SQLITE_DONE)
    return report_not_stored (self, _ ("it keeps something else than the event"), error);
  if (code != SQLITE_ROW || sqlite3_exec (self->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
    return report (self->db, self->path, error), FALSE;
  return TRUE;
}

ErosEvent *
eros_journal_writer_append (ErosJournalWriter *self,
                            ErosJournalTip *tip,
                            const ErosJournalEntry *entry,
                            GError **error)
{
  ErosEventContent content;
  char hash[65];

  content.sequence = tip->sequence + 1;
  /* A clock that was set back must not turn the order of things around. */
  content.time = MAX (g_get_real_time () + tip->ahead, tip->time);
  content.actor = entry->actor;
  content.actor_length = strlen (entry->actor);
  content.kind = entry->kind;
  content.kind_length = strlen (entry->kind);
  content.body = entry->body;
  content.body_length = strlen (entry->body);
  content.previous = tip->hash;
  content.previous_length = 64;
  eros_event_content_hash (&content, hash);

  if (!insert_row (self, &content, hash, error))
    {
      if (!sqlite3_get_autocommit (self->db))
        sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
      return NULL;
    }

  {
    ErosEvent *event = eros_event_new (&content, hash);

    tip->sequence = content.sequence;
    tip->time = content.time;
    g_strlcpy (tip->hash, hash, sizeof tip->hash);
    return event;
  }
}

static gboolean
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean synced;

  if (fd < 0)
    return FALSE;
  synced = fsync (fd) == 0;
  close (fd);
  return synced;
}

/* Gives the finished file its name, unless something has that name. */
static gboolean
put_in_place (const char *made, const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  int number = 0;

  if (renameat2 (AT_FDCWD, made, AT_FDCWD, path, RENAME_NOREPLACE) != 0)
    number = errno;
  /* Some file systems do not know the flag; those know hard links. */
  if (number == EINVAL || number == ENOSYS)
    number = link (made, path) == 0 ? 0 : errno;
  if (number == 0 && !sync_folder (path))
    {
      number = errno;
      g_unlink (path);
    }
  if (number == 0)
    return TRUE;

  if (number == EEXIST)
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_EXISTS,
                 _ ("%s exists already, and was left as it is. Choose another name."), name);
  else
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED, _ ("%s could not be made: %s."), name,
                 g_strerror (number));
  return FALSE;
}

/* Its owner's alone, whatever the umask; SQLite gives what it makes beside a file the file's permissions. */
static gboolean
make_private (const char *made, GError **error)
{
  int fd = g_open (made, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  g_autofree char *name = g_filename_display_name (made);

  if (fd >= 0 && fchmod (fd, 0600) == 0 && g_close (fd, NULL))
    return TRUE;
  g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED, _ ("%s could not be made: %s."), name,
               g_strerror (errno));
  return FALSE;
}

static gboolean
fill (const char *made, const ErosJournalEntry *entry, GError **error)
{
  g_autoptr (ErosJournalWriter) writer = NULL;
  g_autoptr (ErosEvent) event = NULL;
  ErosJournalTip tip;

  if (!make_private (made, error))
    return FALSE;
  writer = open_with (made, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
  if (writer == NULL)
    return FALSE;
  eros_journal_tip_init (&tip);
  if (entry != NULL)
    {
      event = eros_journal_writer_append (writer, &tip, entry, error);
      if (event == NULL)
        return FALSE;
    }
  /* Syncs the file, as closing would; but closing cannot tell of an error. */
  if (sqlite3_wal_checkpoint_v2 (writer->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK)
    return TRUE;
  report (writer->db, made, error);
  return FALSE;
}

static void
remove_beside (const char *path, const char *suffix)
{
  g_autofree char *beside = g_strconcat (path, suffix, NULL);

  g_unlink (beside);
}

void
eros_journal_writer_discard (const char *path)
{
  g_unlink (path);
  remove_beside (path, "-wal");
  remove_beside (path, "-shm");
}

gboolean
eros_journal_writer_create (const char *path, const ErosJournalEntry *entry, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *made = g_strdup_printf ("%s/.%s-%08x", folder, base, g_random_int ());
  gboolean done;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_EXISTS,
                   _ ("%s exists already, and was left as it is. Choose another name."), path);
      return FALSE;
    }

  done = fill (made, entry, error) && put_in_place (made, path, error);
  eros_journal_writer_discard (made);
  return done;
}

/* One transaction for all: nobody has it before it is whole. */
static gboolean
insert_all (ErosJournalWriter *self, const ErosJournalRow *rows, guint n_rows, GError **error)
{
  if (sqlite3_exec (self->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
    return report (self->db, self->path, error), FALSE;
  for (guint i = 0; i < n_rows; i++)
    {
      const ErosJournalRow *row = &rows[i];
      const ErosEventContent content = {
        row->sequence,      row->time, row->actor,         strlen (row->actor), row->kind,
        strlen (row->kind), row->body, strlen (row->body), row->previous,       strlen (row->previous)
      };

      if (strlen (row->hash) != 64 || step_with (self->insert, &content, row->hash) != SQLITE_DONE)
        return report (self->db, self->path, error), FALSE;
    }
  if (sqlite3_exec (self->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
    return report (self->db, self->path, error), FALSE;
  return TRUE;
}

gboolean
eros_journal_writer_restore (const char *path, const ErosJournalRow *rows, guint n_rows, GError **error)
{
  g_autoptr (ErosJournalWriter) self = NULL;

  if (!make_private (path, error))
    return FALSE;
  self = open_with (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
  return self != NULL && insert_all (self, rows, n_rows, error);
}
