/* eros-journal-reader.c: reading a journal's file without touching it
 *
 * Reading leaves no trace: a file at rest is opened as immutable, so that SQLite makes no -wal and no -shm
 * beside it; one with a -wal (somebody writes, or was killed) is read through it without its -shm. Only where
 * a writer is so busy that the files never hold still is it read as SQLite would, through the writer's -shm.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-journal-reader.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "eros-canonical-scan.h"
#include "eros-event-private.h"
#include "eros-journal-beside.h"
#include "eros-journal-quiet.h"
#include "eros-text.h"

#define HEADER_SIZE     100
#define READ_ATTEMPTS   8
#define QUIET_ATTEMPTS  4
#define TICK_US         20000 /* longer than between two ticks of the clock that stamps files */
#define BUSY_TIMEOUT_MS 5000

static const char magic[16] = "SQLite format 3";

/* Through SQLite's own file layer: closing a descriptor of ours would drop the locks that SQLite may hold on
 * the same file for another connection of this process (POSIX locks belong to the process). */
static gboolean
read_header (const char *path, guint8 *header, int size)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find (NULL);
  g_autofree sqlite3_file *file = g_malloc0 (vfs->szOsFile);
  sqlite3_filename name = sqlite3_create_filename (path, "", "", 0, NULL);
  int code = SQLITE_NOMEM;

  if (name != NULL)
    code = vfs->xOpen (vfs, name, file, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, NULL);
  if (code == SQLITE_OK)
    code = file->pMethods->xRead (file, header, size, 0);
  if (file->pMethods != NULL)
    file->pMethods->xClose (file);
  sqlite3_free_filename (name);
  return code == SQLITE_OK;
}

static guint32
get_uint32 (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

static gboolean
check_version (const char *name, const guint8 *header, GError **error)
{
  guint32 version = get_uint32 (header + 60);

  if (get_uint32 (header + 68) != EROS_JOURNAL_APPLICATION_ID || version < 1000)
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_NOT_A_JOURNAL,
                 _ ("%s is another program’s SQLite database, not a deployment."), name);
  else if (version / 1000 > EROS_JOURNAL_MAJOR)
    g_set_error (
      error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_NEWER_VERSION,
      _ ("%s was made by a newer version of this program (format %u.%u; this one knows %d). Update the "
         "program to open it."),
      name, version / 1000, version % 1000, EROS_JOURNAL_MAJOR);
  else
    return TRUE;
  return FALSE;
}

/* With a -wal beside it, the file may well be older and shorter than its header will say in the end. */
static gboolean
check_size (const char *path, const char *name, const guint8 *header, gint64 size, GError **error)
{
  guint32 page_size = header[16] << 8 | header[17];
  gint64 expected;

  page_size = page_size == 1 ? 65536 : page_size;
  expected = (gint64) page_size * get_uint32 (header + 28);
  if (size == expected || eros_journal_beside_has (path, "-wal"))
    return TRUE;

  g_set_error (
    error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED,
    size < expected
      ? _ ("%s is cut short: %lld of its %lld bytes are there. Use a copy of it that is whole.")
      : _ ("%s is damaged: it has %lld bytes where %lld are expected. Use a copy of it that is whole."),
    name, (long long) size, (long long) expected);
  return FALSE;
}

static gboolean
check_header (const char *path, const char *name, gint64 size, GError **error)
{
  guint8 header[HEADER_SIZE] = { 0 };

  if (size == 0)
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_NOT_A_JOURNAL,
                 _ ("%s is empty, so it is not a deployment."), name);
  else if (!read_header (path, header, MIN (size, HEADER_SIZE)))
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED,
                 _ ("%s cannot be read: the disk reports an error. Use a copy of it."), name);
  else if (memcmp (header, magic, MIN (size, (gint64) sizeof magic)) != 0)
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_NOT_A_JOURNAL, _ ("%s is not a deployment."),
                 name);
  else if (size < HEADER_SIZE)
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED,
                 _ ("%s is cut short: only its first %lld bytes are there. Use a copy of it that is whole."),
                 name, (long long) size);
  else
    return check_version (name, header, error) && check_size (path, name, header, size, error);
  return FALSE;
}

static gboolean
report_errno (const char *name, int number, GError **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), _ ("%s cannot be read: %s."), name,
               g_strerror (number));
  return FALSE;
}

static gboolean
check_file (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  struct stat info;

  if (stat (path, &info) != 0)
    return report_errno (name, errno, error);
  if (S_ISREG (info.st_mode) && access (path, R_OK) != 0)
    return report_errno (name, errno, error);
  return eros_journal_beside_check (path, error) && check_header (path, name, info.st_size, error);
}

char *
eros_journal_reader_find (GFile *file, GError **error)
{
  g_autofree char *path = eros_journal_beside_resolve (file);

  if (path == NULL)
    {
      g_autofree char *uri = g_file_get_uri (file);

      g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED,
                   _ ("%s is not on a disk of this computer. Copy it here first."), uri);
      return NULL;
    }
  return check_file (path, error) ? g_steal_pointer (&path) : NULL;
}

typedef enum
{
  AT_REST, /* the file is all that there is */
  QUIETLY, /* through a -wal, and nothing else */
  SHARING, /* as one of SQLite's readers beside a writer */
} How;

/* SQLite calls many things a disk I/O error of which the system knows better. */
static const char *
cause_of (sqlite3 *db)
{
  int code = sqlite3_errcode (db) & 0xff;
  int number = code == SQLITE_IOERR || code == SQLITE_CANTOPEN ? sqlite3_system_errno (db) : 0;

  return number != 0 ? g_strerror (number) : sqlite3_errmsg (db);
}

static sqlite3 *
open_for_reading (const char *path, How how, GError **error)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, error);
  g_autofree char *name = NULL;
  sqlite3 *db = NULL;

  if (uri == NULL)
    return NULL;
  name = g_strconcat (uri, how == AT_REST ? "?mode=ro&immutable=1" : "?mode=ro", NULL);
  if (sqlite3_open_v2 (name, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
                       how == QUIETLY ? eros_journal_quiet_get_name () : NULL) != SQLITE_OK ||
      (how == QUIETLY && sqlite3_exec (db, "PRAGMA locking_mode = EXCLUSIVE", NULL, NULL, NULL) != SQLITE_OK))
    {
      g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED, _ ("%s cannot be opened: %s."), path,
                   cause_of (db));
      sqlite3_close (db);
      return NULL;
    }

  sqlite3_busy_timeout (db, BUSY_TIMEOUT_MS);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  return db;
}

static gboolean
report_sqlite (sqlite3 *db, const char *path, gint64 sequence, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  int code = sqlite3_errcode (db) & 0xff;

  /* The index of what was written last needs room, also for reading. */
  if (sqlite3_extended_errcode (db) == SQLITE_IOERR_SHMSIZE)
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED,
                 _ ("%s cannot be read: the disk is full. Make a little room and try again."), name);
  else if (code != SQLITE_CORRUPT && code != SQLITE_NOTADB)
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED, _ ("%s cannot be read: %s."), name,
                 cause_of (db));
  else if (sequence > 0)
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED,
                 _ ("%s is damaged: event %lld cannot be read (%s). The events before it are good. Use a "
                    "copy of the file that is whole."),
                 name, (long long) sequence, sqlite3_errmsg (db));
  else
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED,
                 _ ("%s is damaged: %s. Use a copy of it that is whole."), name, sqlite3_errmsg (db));
  return FALSE;
}

static gboolean
report_event (const char *path, gint64 sequence, const char *problem, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (
    error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_CHAIN_BROKEN,
    /* Translators: file; number of the event; “does not match its hash” and the like. */
    _ ("%s has been changed: event %lld %s. The events before it are good; do not rely on those from it on."),
    name, (long long) sequence, problem);
  return FALSE;
}

static gboolean
has_event_types (sqlite3_stmt *row)
{
  static const int types[] = { SQLITE_INTEGER, SQLITE_INTEGER, SQLITE_TEXT, SQLITE_TEXT,
                               SQLITE_TEXT,    SQLITE_TEXT,    SQLITE_TEXT };

  for (int i = 0; i < (int) G_N_ELEMENTS (types); i++)
    if (sqlite3_column_type (row, i) != types[i])
      return FALSE;
  return TRUE;
}

static void
get_content (sqlite3_stmt *row, ErosEventContent *content)
{
  content->sequence = sqlite3_column_int64 (row, 0);
  content->time = sqlite3_column_int64 (row, 1);
  content->actor = (const char *) sqlite3_column_text (row, 2);
  content->actor_length = sqlite3_column_bytes (row, 2);
  content->kind = (const char *) sqlite3_column_text (row, 3);
  content->kind_length = sqlite3_column_bytes (row, 3);
  content->body = (const char *) sqlite3_column_text (row, 4);
  content->body_length = sqlite3_column_bytes (row, 4);
  content->previous = (const char *) sqlite3_column_text (row, 5);
  content->previous_length = sqlite3_column_bytes (row, 5);
}

static gboolean
is_line (const char *text, gsize length)
{
  /* What follows a NUL nobody would see. */
  g_autofree char *whole = g_strndup (text, length);

  return strlen (whole) == length && eros_text_is_line (whole);
}

/* NULL when the event is good. */
static const char *
find_problem (const ErosEventContent *content, const char *hash, sqlite3_stmt *row, const ErosJournalTip *tip)
{
  if (content->sequence != tip->sequence + 1)
    return content->sequence > tip->sequence ? _ ("is missing") : _ ("has a number that was there before");
  if (content->previous_length != 64 || memcmp (content->previous, tip->hash, 64) != 0)
    return _ ("does not continue the event before it");
  if (sqlite3_column_bytes (row, 6) != 64 || memcmp (sqlite3_column_text (row, 6), hash, 64) != 0)
    return _ ("does not match its hash");
  if (content->time < tip->time)
    return _ ("is older than the event before it");
  if (!is_line (content->actor, content->actor_length) || !is_line (content->kind, content->kind_length))
    return _ ("names its actor or kind in something else than one line of text");
  if (*content->body != '{' || !eros_canonical_scan_check (content->body, content->body_length))
    return _ ("has a body that is not a JSON object in the canonical form");
  return NULL;
}

static gboolean
take_row (const char *path, sqlite3_stmt *row, ErosJournalTip *tip, GPtrArray *events, GError **error)
{
  ErosEventContent content;
  char hash[65];
  const char *problem;

  /* First of all: asking for a text turns a value of another type into one. */
  if (!has_event_types (row))
    return report_event (path, tip->sequence + 1, _ ("holds values of the wrong type"), error);
  get_content (row, &content);
  eros_event_content_hash (&content, hash);
  problem = find_problem (&content, hash, row, tip);
  if (problem != NULL)
    return report_event (path, tip->sequence + 1, problem, error);

  if (events != NULL)
    g_ptr_array_add (events, eros_event_new (&content, hash));
  tip->sequence = content.sequence;
  tip->time = content.time;
  g_strlcpy (tip->hash, hash, sizeof tip->hash);
  return TRUE;
}

/* The last event that we know must still be there: the row to begin with. */
static gboolean
check_known (const char *path, sqlite3_stmt *row, int code, const ErosJournalTip *tip, GError **error)
{
  if (code == SQLITE_ROW && sqlite3_column_int64 (row, 0) == tip->sequence &&
      sqlite3_column_bytes (row, 6) == 64 && memcmp (sqlite3_column_text (row, 6), tip->hash, 64) == 0)
    return TRUE;
  return report_event (path, tip->sequence, _ ("is not the one that was read before"), error);
}

static gboolean
read_rows (sqlite3 *db,
           const char *path,
           ErosJournalTip *tip,
           GPtrArray *events,
           GCancellable *cancellable,
           GError **error)
{
  sqlite3_stmt *select = NULL;
  gboolean good = TRUE;
  int code;

  /* Without a condition for a whole reading: a damaged row could hide behind it. */
  code = sqlite3_prepare_v2 (db,
                             tip->sequence > 0
                               ? "SELECT sequence, time, actor, kind, body, previous, hash FROM event "
                                 "WHERE sequence >= ? ORDER BY sequence"
                               : "SELECT sequence, time, actor, kind, body, previous, hash FROM event "
                                 "ORDER BY sequence",
                             -1, &select, NULL);
  if (code == SQLITE_OK && tip->sequence > 0)
    {
      sqlite3_bind_int64 (select, 1, tip->sequence);
      code = sqlite3_step (select);
      good = (code != SQLITE_ROW && code != SQLITE_DONE) || check_known (path, select, code, tip, error);
      code = code == SQLITE_ROW ? SQLITE_OK : code;
    }

  while (good && code == SQLITE_OK && (code = sqlite3_step (select)) == SQLITE_ROW)
    {
      good = !g_cancellable_set_error_if_cancelled (cancellable, error) &&
             take_row (path, select, tip, events, error);
      code = SQLITE_OK;
    }
  if (good && code != SQLITE_DONE)
    good = report_sqlite (db, path, tip->sequence + 1, error);
  sqlite3_finalize (select);
  return good;
}

static gboolean
report_damage (const char *path, const char *problem, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED,
               _ ("%s is damaged: %s. Use a copy of it that is whole."), name, problem);
  return FALSE;
}

/* What the chain cannot see: the pages around the events, and the triggers. */
static gboolean
check_rest (sqlite3 *db, const char *path, GError **error)
{
  g_autofree char *problem = NULL;
  sqlite3_stmt *check = NULL;

  if (!eros_journal_schema_is_intact (db, &problem))
    return report_damage (path, problem, error);
  if (sqlite3_prepare_v2 (db, "PRAGMA integrity_check(1)", -1, &check, NULL) != SQLITE_OK ||
      sqlite3_step (check) != SQLITE_ROW)
    {
      report_sqlite (db, path, 0, error);
      sqlite3_finalize (check);
      return FALSE;
    }
  if (g_strcmp0 ((const char *) sqlite3_column_text (check, 0), "ok") != 0)
    problem = g_strdelimit (g_strdup ((const char *) sqlite3_column_text (check, 0)), "\n", ' ');
  sqlite3_finalize (check);
  return problem == NULL || report_damage (path, problem, error);
}

static gboolean
read_once (const char *path,
           How how,
           ErosJournalTip *tip,
           GPtrArray *events,
           GCancellable *cancellable,
           GError **error)
{
  gboolean whole = tip->sequence == 0;
  gboolean good;
  sqlite3 *db = open_for_reading (path, how, error);

  if (db == NULL)
    return FALSE;
  /* One transaction: one state of the file, whatever a writer adds meanwhile. */
  if (sqlite3_exec (db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK ||
      sqlite3_exec (db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) != SQLITE_OK)
    good = report_sqlite (db, path, 0, error);
  else if (whole && !eros_journal_schema_has_table (db))
    good = report_damage (path, _ ("the table of its events is not as this program made it"), error);
  else
    good = read_rows (db, path, tip, events, cancellable, error) && (!whole || check_rest (db, path, error));
  sqlite3_close (db);
  return good;
}

/* What tells whether somebody has written to the files while they were read. */
typedef struct
{
  gboolean has_wal;
  struct stat file;
  struct stat wal;
} Look;

static void
look_at (const char *path, Look *look)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);

  memset (look, 0, sizeof *look);
  look->has_wal = lstat (wal, &look->wal) == 0;
  if (lstat (path, &look->file) != 0)
    memset (&look->file, 0, sizeof look->file);
}

static gboolean
is_same (const struct stat *a, const struct stat *b)
{
  return a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
         a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static gboolean
looks_same (const Look *a, const Look *b)
{
  return a->has_wal == b->has_wal && is_same (&a->file, &b->file) &&
         (!a->has_wal || is_same (&a->wal, &b->wal));
}

static How
choose_how (const Look *look, guint attempt)
{
  if (!look->has_wal)
    return AT_REST;
  return attempt <= QUIET_ATTEMPTS ? QUIETLY : SHARING;
}

gboolean
eros_journal_reader_read (const char *path,
                          ErosJournalTip *tip,
                          GPtrArray *events,
                          GCancellable *cancellable,
                          GError **error)
{
  ErosJournalTip start = *tip;
  guint n_events = events != NULL ? events->len : 0;
  gboolean failed_before = FALSE;

  for (guint attempt = 1;; attempt++)
    {
      g_autoptr (GError) problem = NULL;
      Look before, after;
      gboolean good, still;
      How how;

      *tip = start;
      if (events != NULL)
        g_ptr_array_set_size (events, n_events);
      if (!eros_journal_beside_check (path, error))
        return FALSE;
      look_at (path, &before);
      how = choose_how (&before, attempt);
      good = read_once (path, how, tip, events, cancellable, &problem);
      look_at (path, &after);
      still = looks_same (&before, &after);

      /* Beside a writer SQLite itself makes sure that we saw one state of the file. */
      if (good && (how == SHARING || still))
        return TRUE;
      /* A clock is too coarse to tell two writes in one of its ticks: what a -wal says has to fail twice. */
      if ((still && (how != QUIETLY || failed_before)) || attempt >= READ_ATTEMPTS ||
          g_cancellable_is_cancelled (cancellable))
        {
          if (good)
            g_set_error (&problem, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED,
                         _ ("%s changes all the time. Try again later."), path);
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      failed_before = still;
      if (still)
        g_usleep (TICK_US);
    }
}
