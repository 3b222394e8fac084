/* bench-append.c: what the chain costs on top of a bare SQLite insert and commit
 *
 * Both store the same rows with the same settings, in turns, so that a busy disk hits both. Fails above 1.5
 * times.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "journal-test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_APPENDS 600
#define LIMIT     1.5

typedef struct
{
  sqlite3 *db;
  sqlite3_stmt *insert;
} Bare;

static void
open_bare (Bare *bare, const char *path)
{
  static const char setup[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "CREATE TABLE event (sequence INTEGER NOT NULL PRIMARY KEY, time INTEGER NOT NULL,"
    "  actor TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL,"
    "  hash TEXT NOT NULL) STRICT, WITHOUT ROWID";

  g_assert_cmpint (sqlite3_open (path, &bare->db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (bare->db, setup, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (
    sqlite3_prepare_v2 (bare->db, "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", -1, &bare->insert, NULL),
    ==, SQLITE_OK);
}

static void
append_bare (Bare *bare, ErosJournal *journal, ErosEvent *event)
{
  gint64 sequence = eros_event_get_sequence (event);

  sqlite3_bind_int64 (bare->insert, 1, sequence);
  sqlite3_bind_int64 (bare->insert, 2, eros_event_get_time (event));
  sqlite3_bind_text (bare->insert, 3, eros_event_get_actor (event), -1, SQLITE_STATIC);
  sqlite3_bind_text (bare->insert, 4, eros_event_get_kind (event), -1, SQLITE_STATIC);
  sqlite3_bind_text (bare->insert, 5, eros_event_dup_body_text (event), -1, g_free);
  sqlite3_bind_text (bare->insert, 6, eros_journal_dup_head_of (journal, (guint) sequence - 1), -1, g_free);
  sqlite3_bind_text (bare->insert, 7, eros_event_dup_hash (event), -1, g_free);
  g_assert_cmpint (sqlite3_step (bare->insert), ==, SQLITE_DONE);
  sqlite3_reset (bare->insert);
}

static int
compare (const void *a, const void *b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static double
median_ms (gint64 *times)
{
  qsort (times, N_APPENDS, sizeof *times, compare);
  return times[N_APPENDS / 2] / 1000.0;
}

static double
total_ms (const gint64 *times)
{
  gint64 sum = 0;

  for (guint i = 0; i < N_APPENDS; i++)
    sum += times[i];
  return sum / 1000.0;
}

static double
measure (JournalTest *test)
{
  g_autoptr (ErosJournal) journal = eros_journal_create (test->file, NULL);
  g_autoptr (JsonNode) body =
    journal_test_body ("{\"check\":\"health.row-counts\",\"element\":\"p2.health.row-counts\","
                       "\"evidence\":[{\"job_id\":\"eros-1-2-3\",\"rows\":3}],"
                       "\"outcome\":\"pass\",\"summary\":\"100,000 captions, all unique\"}");
  g_autofree char *path = g_build_filename (test->folder, "bare.db", NULL);
  gint64 ours[N_APPENDS], bare_times[N_APPENDS];
  Bare bare;
  double ratio, ours_total, bare_total;

  open_bare (&bare, path);
  for (guint i = 0; i < N_APPENDS; i++)
    {
      gint64 start = g_get_monotonic_time ();
      ErosEvent *event = eros_journal_append (journal, "machine", "check.finished", body, NULL);
      gint64 middle = g_get_monotonic_time ();

      append_bare (&bare, journal, event);
      ours[i] = middle - start;
      bare_times[i] = g_get_monotonic_time () - middle;
    }
  sqlite3_finalize (bare.insert);
  sqlite3_close (bare.db);

  ours_total = total_ms (ours);
  bare_total = total_ms (bare_times);
  ratio = ours_total / bare_total;
  printf (
    "%d appends: median %.3f ms, bare SQLite %.3f ms; in all %.0f ms, bare SQLite %.0f ms: %.2f times\n",
    N_APPENDS, median_ms (ours), median_ms (bare_times), ours_total, bare_total, ratio);
  return ratio;
}

int
main (void)
{
  JournalTest test;
  double ratio;

  journal_test_set_up (&test, NULL);
  ratio = measure (&test);
  journal_test_tear_down (&test, NULL);
  return ratio <= LIMIT ? 0 : 1;
}
