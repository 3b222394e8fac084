/* crash.c: kills the program that it is preloaded into, before and after each request and each commit of the
 * journal
 *
 * A point has a name that is the same in every rehearsal: what is about to be done, or has just been done,
 * without random ids and times. EROS_CRASH_SEEN is a file of points, one a line: at the first point that is
 * not in it, it is written there, and the program is killed. EROS_CRASH_SHARE=K/N: only one point in N kills.
 * Begun again and again with the same file, the program is killed once at each point, and then comes to its
 * end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define UUID  "-?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
#define STAMP "[0-9]{8}_[0-9]{6}"

static GMutex lock;
static GHashTable *seen;
static GRegex *changing;
static guint share, shares;
static char *kind, *body; /* of the event that is being stored */

/* The function that this one stands before. */
#define REAL(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

static void
begin (void)
{
  g_autofree char *known = NULL;
  g_auto (GStrv) lines = NULL;

  if (seen != NULL)
    return;
  seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  changing = g_regex_new (UUID "|" STAMP, G_REGEX_OPTIMIZE, 0, NULL);
  if (g_getenv ("EROS_CRASH_SHARE") == NULL ||
      sscanf (g_getenv ("EROS_CRASH_SHARE"), "%u/%u", &share, &shares) != 2)
    shares = 1;
  if (!g_file_get_contents (g_getenv ("EROS_CRASH_SEEN"), &known, NULL, NULL))
    return;
  lines = g_strsplit (known, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_hash_table_add (seen, g_strdup (lines[i]));
}

static void
point (const char *when, const char *what, const char *more)
{
  g_autofree char *whole = g_strdup_printf ("%s %s %s", when, what, more != NULL ? more : "");
  g_autofree char *name = NULL;

  g_mutex_lock (&lock);
  begin ();
  name = g_regex_replace_literal (changing, whole, -1, 0, "", 0, NULL);
  if (!g_hash_table_contains (seen, name) && g_str_hash (name) % shares == share % shares)
    {
      FILE *file = fopen (g_getenv ("EROS_CRASH_SEEN"), "a");

      fprintf (file, "%s\n", name);
      fclose (file);
      kill (getpid (), SIGKILL);
      pause ();
    }
  g_mutex_unlock (&lock);
}

/* ---- requests ------------------------------------------------------------------------------------------ */

static void
request_point (const char *when, SoupMessage *message)
{
  g_autofree char *what = g_strdup_printf ("%s %s", soup_message_get_method (message),
                                           g_uri_get_path (soup_message_get_uri (message)));

  point (when, what, g_object_get_data (G_OBJECT (message), "job"));
}

void
soup_message_set_request_body_from_bytes (SoupMessage *message, const char *type, GBytes *bytes)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  const char *job = strstr (text, "\"jobId\":\"");

  if (job != NULL)
    g_object_set_data_full (G_OBJECT (message), "job", g_strndup (job + 9, strcspn (job + 9, "\"")), g_free);
  REAL (soup_message_set_request_body_from_bytes) (message, type, bytes);
}

void
soup_session_send_async (SoupSession *session,
                         SoupMessage *message,
                         int priority,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  request_point ("before", message);
  REAL (soup_session_send_async) (session, message, priority, cancellable, callback, user_data);
}

GInputStream *
soup_session_send_finish (SoupSession *session, GAsyncResult *result, GError **error)
{
  SoupMessage *message = soup_session_get_async_result_message (session, result);
  GInputStream *stream = REAL (soup_session_send_finish) (session, result, error);

  if (stream != NULL && message != NULL)
    request_point ("after", message);
  return stream;
}

/* ---- commits ------------------------------------------------------------------------------------------- */

static gboolean
stores_event (sqlite3_stmt *statement)
{
  const char *sql = sqlite3_sql (statement);

  return sql != NULL && g_str_has_prefix (sql, "INSERT INTO event");
}

int
sqlite3_bind_text (sqlite3_stmt *statement,
                   int index,
                   const char *text,
                   int length,
                   void (*free_text) (void *))
{
  if (stores_event (statement) && (index == 4 || index == 5))
    {
      char **kept = index == 4 ? &kind : &body;

      g_free (*kept);
      *kept = length < 0 ? g_strdup (text) : g_strndup (text, length);
    }
  return REAL (sqlite3_bind_text) (statement, index, text, length, free_text);
}

/* What the event is about. */
static char *
describe_event (void)
{
  static const char *const members[] = { "\"element\":\"",   "\"step\":\"",   "\"field\":\"",
                                         "\"operation\":\"", "\"job_id\":\"", "\"outcome\":\"" };
  GString *text = g_string_new (kind);

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *found = strstr (body, members[i]);

      if (found == NULL)
        continue;
      found += strlen (members[i]);
      g_string_append_c (text, ' ');
      g_string_append_len (text, found, strcspn (found, "\""));
    }
  return g_string_free (text, FALSE);
}

int
sqlite3_step (sqlite3_stmt *statement)
{
  gboolean stores = stores_event (statement);
  g_autofree char *event = stores ? describe_event () : NULL;
  int code;

  if (stores)
    point ("before", "commit", event);
  code = REAL (sqlite3_step) (statement);
  if (stores && code == SQLITE_DONE && sqlite3_get_autocommit (sqlite3_db_handle (statement)))
    point ("after", "commit", event);
  return code;
}
