/* eros-journal-schema.c: what is inside a journal's SQLite file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-journal-schema.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-event-private.h"

typedef struct
{
  const char *type;
  const char *name;
  const char *sql;
} SchemaObject;

/* These texts are part of the format: docs/journal.md. WITHOUT ROWID: a rowid table stores the primary key
 * twice, once as a byte that no query can see, and a flipped bit in that byte could not be found. */
static const SchemaObject schema[] = {
  { "table", "event",
    "CREATE TABLE event (\n"
    "  sequence INTEGER NOT NULL PRIMARY KEY,\n"
    "  time INTEGER NOT NULL,\n"
    "  actor TEXT NOT NULL,\n"
    "  kind TEXT NOT NULL,\n"
    "  body TEXT NOT NULL,\n"
    "  previous TEXT NOT NULL,\n"
    "  hash TEXT NOT NULL\n"
    ") STRICT, WITHOUT ROWID" },
  { "trigger", "event_is_next",
    "CREATE TRIGGER event_is_next BEFORE INSERT ON event\n"
    "WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM event)\n"
    "  OR NEW.previous IS NOT coalesce((SELECT hash FROM event ORDER BY sequence DESC LIMIT 1),\n"
    "    '0000000000000000000000000000000000000000000000000000000000000000')\n"
    "  OR NEW.time < coalesce((SELECT time FROM event ORDER BY sequence DESC LIMIT 1), 0)\n"
    "  OR NEW.hash IS NOT eros_event_hash(NEW.sequence, NEW.time, NEW.actor, NEW.kind, NEW.body, "
    "NEW.previous)\n"
    "BEGIN\n"
    "  SELECT RAISE(ABORT, 'an event must continue the chain');\n"
    "END" },
  { "trigger", "event_stays_as_it_is",
    "CREATE TRIGGER event_stays_as_it_is BEFORE UPDATE ON event\n"
    "BEGIN\n"
    "  SELECT RAISE(ABORT, 'an event cannot be changed');\n"
    "END" },
  { "trigger", "event_stays",
    "CREATE TRIGGER event_stays BEFORE DELETE ON event\n"
    "BEGIN\n"
    "  SELECT RAISE(ABORT, 'an event cannot be deleted');\n"
    "END" },
};

void
eros_journal_tip_init (ErosJournalTip *tip)
{
  tip->sequence = 0;
  tip->time = 0;
  g_strlcpy (tip->hash, EROS_EVENT_NO_PREVIOUS, sizeof tip->hash);
  tip->ahead = 0;
}

static void
hash_function (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  ErosEventContent content;
  char hash[65];

  content.sequence = sqlite3_value_int64 (values[0]);
  content.time = sqlite3_value_int64 (values[1]);
  content.actor = (const char *) sqlite3_value_text (values[2]);
  content.actor_length = sqlite3_value_bytes (values[2]);
  content.kind = (const char *) sqlite3_value_text (values[3]);
  content.kind_length = sqlite3_value_bytes (values[3]);
  content.body = (const char *) sqlite3_value_text (values[4]);
  content.body_length = sqlite3_value_bytes (values[4]);
  content.previous = (const char *) sqlite3_value_text (values[5]);
  content.previous_length = sqlite3_value_bytes (values[5]);
  eros_event_content_hash (&content, hash);
  sqlite3_result_text (context, hash, 64, SQLITE_TRANSIENT);
}

gboolean
eros_journal_schema_add_hash (sqlite3 *db)
{
  return sqlite3_create_function (db, "eros_event_hash", 6,
                                  SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, hash_function,
                                  NULL, NULL) == SQLITE_OK;
}

gboolean
eros_journal_schema_create (sqlite3 *db)
{
  g_autofree char *numbers = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                              EROS_JOURNAL_APPLICATION_ID, EROS_JOURNAL_VERSION);

  for (guint i = 0; i < G_N_ELEMENTS (schema); i++)
    if (sqlite3_exec (db, schema[i].sql, NULL, NULL, NULL) != SQLITE_OK)
      return FALSE;
  return sqlite3_exec (db, numbers, NULL, NULL, NULL) == SQLITE_OK;
}

gboolean
eros_journal_schema_has_table (sqlite3 *db)
{
  sqlite3_stmt *select = NULL;
  gboolean same = FALSE;

  if (sqlite3_prepare_v2 (db, "SELECT type, sql FROM sqlite_schema WHERE name = 'event'", -1, &select,
                          NULL) == SQLITE_OK &&
      sqlite3_step (select) == SQLITE_ROW)
    same = g_strcmp0 ((const char *) sqlite3_column_text (select, 0), "table") == 0 &&
           g_strcmp0 ((const char *) sqlite3_column_text (select, 1), schema[0].sql) == 0;
  sqlite3_finalize (select);
  return same;
}

/* -1 when this program makes nothing like it. */
static int
find_object (sqlite3_stmt *row)
{
  const char *type = (const char *) sqlite3_column_text (row, 0);
  const char *name = (const char *) sqlite3_column_text (row, 1);
  const char *table = (const char *) sqlite3_column_text (row, 2);
  const char *sql = (const char *) sqlite3_column_text (row, 3);

  for (guint i = 0; i < G_N_ELEMENTS (schema); i++)
    if (g_strcmp0 (schema[i].type, type) == 0 && g_strcmp0 (schema[i].name, name) == 0 &&
        g_strcmp0 (table, "event") == 0 && g_strcmp0 (schema[i].sql, sql) == 0)
      return (int) i;
  return -1;
}

static char *
describe_stranger (sqlite3_stmt *row)
{
  const char *name = (const char *) sqlite3_column_text (row, 1);

  return g_strdup_printf (_ ("“%s” in it is not as this program made it"), name != NULL ? name : "");
}

/* Every row counts, whatever its name: SQLite itself adds none to such a table. */
gboolean
eros_journal_schema_is_intact (sqlite3 *db, char **problem)
{
  gboolean found[G_N_ELEMENTS (schema)] = { FALSE };
  sqlite3_stmt *select = NULL;
  int code;

  code = sqlite3_prepare_v2 (db, "SELECT type, name, tbl_name, sql FROM sqlite_schema", -1, &select, NULL);
  while (code == SQLITE_OK && *problem == NULL && (code = sqlite3_step (select)) == SQLITE_ROW)
    {
      int object = find_object (select);

      if (object < 0 || found[object])
        *problem = describe_stranger (select);
      else
        found[object] = TRUE;
      code = SQLITE_OK;
    }
  sqlite3_finalize (select);

  if (*problem == NULL && code != SQLITE_DONE)
    *problem = g_strdup (sqlite3_errmsg (db));
  for (guint i = 0; i < G_N_ELEMENTS (schema) && *problem == NULL; i++)
    if (!found[i])
      *problem = g_strdup (_ ("a trigger that protects its events has been removed"));
  return *problem == NULL;
}
