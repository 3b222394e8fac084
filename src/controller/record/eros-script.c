/* eros-script.c: the statements of a script, as they are on record and as rows below its step
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-script.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "eros-operation-private.h"
#include "eros-record.h"
#include "eros-time-text.h"

/* ---- on record ----------------------------------------------------------------------------------------- */

/* A page of SQL in each of hundreds of statements would make the record unreadable. */
#define STATEMENT_CHARACTERS 1000

static JsonObject *
describe_statement (ErosJob *job)
{
  JsonObject *statement = eros_record_job_evidence (job);
  const char *text = eros_job_get_statement (job);
  g_autoptr (GError) failure = eros_job_dup_error (job);
  guint line;
  guint column;

  eros_job_get_position (job, &line, &column);
  if (line > 0)
    {
      json_object_set_int_member (statement, "line", line);
      json_object_set_int_member (statement, "column", column);
    }
  if (text != NULL)
    {
      g_autofree char *head =
        g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), STATEMENT_CHARACTERS));

      json_object_set_string_member (statement, "text", head);
    }
  if (eros_job_get_procedure (job) != NULL)
    json_object_set_string_member (statement, "procedure", eros_job_get_procedure (job));
  if (failure != NULL)
    json_object_set_string_member (statement, "error", failure->message);
  /* Only while the script runs; what goes on record is over. */
  if (!eros_job_is_done (job))
    json_object_set_boolean_member (statement, "is_running", TRUE);
  return statement;
}

static JsonArray *
describe_statements (GPtrArray *children)
{
  JsonArray *statements = json_array_new ();

  for (guint i = 0; i < children->len; i++)
    json_array_add_object_element (statements, describe_statement (g_ptr_array_index (children, i)));
  return statements;
}

/* Whoever waits for a script shall not wait for ten minutes more to see its parts. */
#define PATIENCE_S 20

typedef struct
{
  GCancellable *own; /* cancelled with the caller's, or when it takes too long */
  GCancellable *callers;
  gulong handler;
  guint timeout;
} Look;

static void
look_free (Look *look)
{
  g_cancellable_disconnect (look->callers, look->handler);
  g_clear_handle_id (&look->timeout, g_source_remove);
  g_clear_object (&look->callers);
  g_object_unref (look->own);
  g_free (look);
}

static void
cancelled_cb (GCancellable *callers, GCancellable *own)
{
  g_cancellable_cancel (own);
}

static gboolean
timeout_cb (gpointer user_data)
{
  Look *look = user_data;

  look->timeout = 0;
  g_cancellable_cancel (look->own);
  return G_SOURCE_REMOVE;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) children =
    eros_big_query_list_children_finish (EROS_BIG_QUERY (source), result, &error);

  if (children == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, describe_statements (children), (GDestroyNotify) json_array_unref);
}

void
eros_script_look_into_async (ErosBigQuery *big_query,
                             ErosJob *script,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Look *look = g_new0 (Look, 1);

  g_task_set_source_tag (task, eros_script_look_into_async);
  g_task_set_task_data (task, look, (GDestroyNotify) look_free);
  look->own = g_cancellable_new ();
  look->callers = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  look->timeout = g_timeout_add_seconds (PATIENCE_S, timeout_cb, look);
  if (cancellable != NULL)
    look->handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), look->own, NULL);
  eros_big_query_list_children_async (big_query, eros_job_get_id (script), look->own, listed_cb, task);
}

JsonArray *
eros_script_look_into_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_script_look_into_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- as rows ------------------------------------------------------------------------------------------- */

#define TITLE_CHARACTERS 80

/* Its first words, on one line, without the project and the data set that everything is in. */
static char *
shorten (const char *statement)
{
  g_autoptr (GRegex) blanks = g_regex_new ("\\s+", 0, 0, NULL);
  g_autoptr (GRegex) places = g_regex_new ("`(?:[^`:]+:)?[^`.:]+\\.[^`.]+\\.([^`]+)`", 0, 0, NULL);
  g_autofree char *bare = g_regex_replace (places, statement, -1, 0, "\\1", 0, NULL);
  g_autofree char *flat = g_regex_replace_literal (blanks, bare, -1, 0, " ", 0, NULL);
  g_autofree char *head = NULL;

  g_strstrip (flat);
  if (g_utf8_strlen (flat, -1) <= TITLE_CHARACTERS)
    return g_steal_pointer (&flat);
  head = g_utf8_substring (flat, 0, TITLE_CHARACTERS - 1);
  return g_strconcat (head, "…", NULL);
}

static const char *
text_in (JsonObject *object, const char *member)
{
  return json_object_get_string_member_with_default (object, member, NULL);
}

static gint64
number_in (JsonObject *object, const char *member)
{
  return json_object_get_int_member_with_default (object, member, -1);
}

/* LINE: 0: not known. PROCEDURE: (nullable) */
static char *
make_title (guint line, const char *procedure, const char *statement)
{
  g_autofree char *text = shorten (statement);

  if (line == 0)
    return g_steal_pointer (&text);
  if (procedure != NULL)
    /* Translators: a statement's line, the procedure that is called there, the statement */
    return g_strdup_printf (_ ("Line %1$u, in %2$s: %3$s"), line, procedure, text);
  /* Translators: a statement's line, the statement */
  return g_strdup_printf (_ ("Line %1$u: %2$s"), line, text);
}

static char *
title_of_statement (JsonObject *statement)
{
  const char *text = text_in (statement, "text");

  return make_title ((guint) MAX (number_in (statement, "line"), 0), text_in (statement, "procedure"),
                     text != NULL ? text : "");
}

ErosStep *
eros_script_make_row (guint line, const char *text)
{
  g_autofree char *title = make_title (line, NULL, text);
  ErosStep *self = eros_step_new (title);

  eros_step_set_sql (self, text, NULL);
  return self;
}

static ErosStep *
make_statement (JsonObject *statement)
{
  g_autofree char *title = title_of_statement (statement);
  ErosStep *self = eros_step_new (title);
  const char *error = text_in (statement, "error");

  eros_step_set_job_id (self, text_in (statement, "job_id"));
  eros_step_set_sql (self, text_in (statement, "text"), NULL);
  eros_step_set_statistics (self, number_in (statement, "bytes_processed"),
                            number_in (statement, "bytes_billed"), number_in (statement, "slot_ms"),
                            number_in (statement, "affected_rows"));
  eros_step_restore (self,
                     json_object_has_member (statement, "is_running") ? EROS_STATE_RUNNING
                     : error != NULL                                  ? EROS_STATE_FAILED
                                                                      : EROS_STATE_SUCCEEDED,
                     eros_time_parse (text_in (statement, "started")),
                     eros_time_parse (text_in (statement, "ended")), error);
  return self;
}

void
eros_script_show (ErosStep *row, JsonArray *statements)
{
  g_autoptr (GListStore) children = g_list_store_new (EROS_TYPE_STEP);

  for (guint i = 0; i < json_array_get_length (statements); i++)
    {
      JsonNode *node = json_array_get_element (statements, i);
      g_autoptr (ErosStep) child =
        JSON_NODE_HOLDS_OBJECT (node) ? make_statement (json_node_get_object (node)) : NULL;

      if (child != NULL)
        g_list_store_append (children, child);
    }
  eros_step_set_children (row, G_LIST_MODEL (children));
}

/* ---- while it runs ------------------------------------------------------------------------------------- */

struct _ErosScriptWatch
{
  ErosBigQuery *big_query;
  char *job_id;
  ErosStep *row;
  GCancellable *stopped;
  guint source;
  gboolean asking;
};

static void
watch_clear (gpointer data)
{
  ErosScriptWatch *watch = data;

  g_clear_object (&watch->big_query);
  g_clear_object (&watch->row);
  g_clear_object (&watch->stopped);
  g_free (watch->job_id);
}

static void
peeked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ErosScriptWatch *watch = user_data;
  g_autoptr (GPtrArray) children =
    eros_big_query_list_children_finish (EROS_BIG_QUERY (source), result, NULL);

  watch->asking = FALSE;
  /* When it cannot be said, nothing is lost: it is asked again, and at the end once more. */
  if (children != NULL && children->len > 0 && !g_cancellable_is_cancelled (watch->stopped))
    {
      g_autoptr (JsonArray) statements = describe_statements (children);

      eros_script_show (watch->row, statements);
    }
  g_rc_box_release_full (watch, watch_clear);
}

static gboolean
peek_cb (gpointer user_data)
{
  ErosScriptWatch *watch = user_data;

  if (watch->asking)
    return G_SOURCE_CONTINUE;
  watch->asking = TRUE;
  eros_big_query_list_children_async (watch->big_query, watch->job_id, watch->stopped, peeked_cb,
                                      g_rc_box_acquire (watch));
  return G_SOURCE_CONTINUE;
}

ErosScriptWatch *
eros_script_watch_new (ErosBigQuery *big_query, const char *job_id, ErosStep *row, guint every_ms)
{
  ErosScriptWatch *watch = g_rc_box_new0 (ErosScriptWatch);

  watch->big_query = g_object_ref (big_query);
  watch->job_id = g_strdup (job_id);
  watch->row = g_object_ref (row);
  watch->stopped = g_cancellable_new ();
  watch->source = g_timeout_add (every_ms, peek_cb, watch);
  return watch;
}

void
eros_script_watch_free (ErosScriptWatch *watch)
{
  g_source_remove (watch->source);
  g_cancellable_cancel (watch->stopped);
  g_rc_box_release_full (watch, watch_clear);
}

gboolean
eros_script_is_one (const char *sql)
{
  const char *end = strchr (sql, ';');

  return end != NULL && end[1 + strspn (end + 1, " \t\r\n;")] != '\0';
}

/* ---- where the mistake is ------------------------------------------------------------------------------ */

static gboolean
find_failed_statement (JsonArray *statements, guint *line, guint *column)
{
  for (guint i = statements != NULL ? json_array_get_length (statements) : 0; i > 0; i--)
    {
      JsonObject *statement = json_array_get_object_element (statements, i - 1);

      if (text_in (statement, "error") == NULL || number_in (statement, "line") <= 0)
        continue;
      *line = (guint) number_in (statement, "line");
      *column = (guint) MAX (number_in (statement, "column"), 0);
      return TRUE;
    }
  return FALSE;
}

/* (transfer full) (nullable): when the text has fewer lines */
static char *
line_of (const char *sql, guint line)
{
  const char *start = sql;

  for (guint i = 1; i < line && start != NULL; i++)
    {
      start = strchr (start, '\n');
      start = start != NULL ? start + 1 : NULL;
    }
  return start != NULL ? g_strndup (start, strcspn (start, "\r\n")) : NULL;
}

gboolean
eros_script_find_trouble (const char *sql,
                          const GError *error,
                          JsonArray *statements,
                          guint *line,
                          guint *column,
                          char **text)
{
  *text = NULL;
  if (sql == NULL || (!eros_big_query_error_get_position (error, line, column) &&
                      !find_failed_statement (statements, line, column)))
    return FALSE;
  *text = line_of (sql, *line);
  return *text != NULL;
}
