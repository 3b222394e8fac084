/* test-result.c: an answer of a million rows as a list
 *
 * A small server on loopback makes rows up as they are asked for, and ends pages early.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <libsoup/soup.h>
#include <string.h>

#include "eros-answer.h"

#define TOTAL 1000000

typedef struct
{
  SoupServer *server;
  ErosBigQuery *client;
  guint n_requests;
  guint64 n_rows_sent;
  gsize row_bytes;
  guint most_rows;  /* a page ends here */
  guint fail_next;  /* this many requests are refused */
  gboolean no_rows; /* a statement without an answer */
  GAsyncResult *answer;
} Fixture;

static void
append_row (GString *text, guint64 i)
{
  g_string_append_printf (
    text, "{\"f\":[{\"v\":\"%" G_GUINT64_FORMAT "\"},{\"v\":\"row %" G_GUINT64_FORMAT "\"}]}", i, i);
}

static void
rows_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
  Fixture *fixture = user_data;
  guint64 start = g_ascii_strtoull (g_hash_table_lookup (query, "startIndex"), NULL, 10);
  guint64 n =
    MIN (g_ascii_strtoull (g_hash_table_lookup (query, "maxResults"), NULL, 10), fixture->most_rows);
  g_autoptr (GString) text = g_string_new (
    "{\"jobComplete\":true,\"totalRows\":\"1000000\",\"schema\":{\"fields\":[{\"name\":\"i\",\"type\":"
    "\"INTEGER\"},{\"name\":\"s\",\"type\":\"STRING\"}]},\"rows\":[");

  fixture->n_requests++;
  if (fixture->fail_next > 0)
    {
      fixture->fail_next--;
      soup_server_message_set_status (message, 403, NULL);
      return;
    }
  for (guint64 i = start; i < MIN (start + n, TOTAL); i++)
    {
      if (i > start)
        g_string_append_c (text, ',');
      append_row (text, i);
      if (fixture->row_bytes > 0)
        {
          g_autofree char *long_text = g_strnfill (fixture->row_bytes, 'x');

          g_string_truncate (text, text->len - strlen ("\"}]}"));
          g_string_append_printf (text, "%s\"}]}", long_text);
        }
      fixture->n_rows_sent++;
    }
  g_string_append (text, "]}");
  if (fixture->no_rows)
    g_string_assign (text, "{\"jobComplete\":true}");
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, text->str, text->len);
}

static void
keep_cb (GObject *source, GAsyncResult *answer, gpointer user_data)
{
  ((Fixture *) user_data)->answer = g_object_ref (answer);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *endpoint = NULL;
  GSList *uris;

  fixture->most_rows = G_MAXUINT;
  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, rows_cb, fixture, NULL);
  soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);
  endpoint = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  connection = g_object_new (EROS_TYPE_CONNECTION, "endpoint", endpoint, "project", "eros-rehearsal",
                             "dataset", "eros_platform", NULL);
  fixture->client = eros_big_query_new (connection);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->client);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
}

static ErosAnswer *
open_result (Fixture *fixture)
{
  g_autoptr (JsonNode) resource = json_from_string (
    "{\"jobReference\":{\"projectId\":\"eros-rehearsal\",\"jobId\":\"j\"},\"status\":{\"state\":\"DONE\"}}",
    NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJob) job = eros_job_new_from_json (resource, &error);
  ErosAnswer *result;

  g_assert_no_error (error);
  eros_answer_open_async (fixture->client, job, NULL, keep_cb, fixture);
  while (fixture->answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  result = eros_answer_open_finish (fixture->answer, &error);
  g_clear_object (&fixture->answer);
  g_assert_no_error (error);
  return result;
}

static void
assert_row (ErosAnswer *result, guint position)
{
  g_autoptr (ErosAnswerRow) row = g_list_model_get_item (G_LIST_MODEL (result), position);
  g_autofree char *text = NULL;
  g_autofree char *wanted = g_strdup_printf ("row %u", position);

  while (!eros_answer_row_get_loaded (row))
    g_main_context_iteration (NULL, TRUE);
  text = eros_answer_row_dup_text (row, 1);
  g_assert_cmpstr (text, ==, wanted);
}

static void
test_any_of_a_million_rows_can_be_looked_at (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosAnswer) result = open_result (fixture);
  static const guint places[] = { 0, 499, 500, 999999, 123456, 1, 500000, 499999 };

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (result)), ==, TOTAL);
  g_assert_cmpuint (eros_schema_get_n_columns (eros_answer_get_schema (result)), ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    assert_row (result, places[i]);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (result), TOTAL));
  g_assert_cmpuint (fixture->n_rows_sent, <=, 6 * 500);
}

static void
test_pages_that_end_early_are_completed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosAnswer) result = NULL;

  fixture->most_rows = 37;
  result = open_result (fixture);
  assert_row (result, 999);
  assert_row (result, 40);
  assert_row (result, 499);
}

/* A megabyte each: 500 of them would fill the memory. */
static void
test_of_large_rows_few_are_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosAnswer) result = NULL;

  fixture->row_bytes = 1024 * 1024;
  fixture->most_rows = 20;
  result = open_result (fixture);
  for (guint i = 100; i < 400; i += 100)
    {
      g_autoptr (ErosAnswerRow) row = g_list_model_get_item (G_LIST_MODEL (result), i + 99);

      while (!eros_answer_row_get_loaded (row))
        g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpuint (fixture->n_rows_sent, <, 60);

  /* The first page has promised small ones. */
  g_clear_object (&result);
  fixture->row_bytes = 0;
  fixture->most_rows = 20;
  result = open_result (fixture);
  fixture->row_bytes = 8 * 1024 * 1024;
  fixture->most_rows = 2;
  fixture->n_rows_sent = 0;
  {
    g_autoptr (ErosAnswerRow) row = g_list_model_get_item (G_LIST_MODEL (result), 999);

    while (eros_answer_get_error (result) == NULL)
      g_main_context_iteration (NULL, TRUE);
    g_assert_false (eros_answer_row_get_loaded (row));
  }
  g_assert_cmpuint (fixture->n_rows_sent, <, 12);
}

static void
test_scrolling_past_fetches_little (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosAnswer) result = open_result (fixture);
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_object_unref);

  /* As a scroll bar does that is dragged from top to bottom. */
  for (guint i = 0; i < TOTAL; i += 1000)
    {
      g_ptr_array_set_size (seen, 0);
      for (guint j = 0; j < 50; j++)
        g_ptr_array_add (seen, g_list_model_get_item (G_LIST_MODEL (result), i + j));
    }
  assert_row (result, TOTAL - 1);
  while (!eros_answer_row_get_loaded (g_ptr_array_index (seen, 49)))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->n_requests, <, 12);
}

static void
test_an_error_is_shown_and_passes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosAnswer) result = open_result (fixture);
  g_autoptr (ErosAnswerRow) row = NULL;

  fixture->fail_next = 1;
  row = g_list_model_get_item (G_LIST_MODEL (result), 7000);
  while (eros_answer_get_error (result) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (eros_answer_row_get_loaded (row));
  assert_row (result, 7000);
  g_assert_true (eros_answer_row_get_loaded (row));
  g_assert_null (eros_answer_get_error (result));
}

static void
test_rows_outlive_the_list (Fixture *fixture, gconstpointer data)
{
  ErosAnswer *result = open_result (fixture);
  g_autoptr (ErosAnswerRow) loaded = g_list_model_get_item (G_LIST_MODEL (result), 3);
  g_autoptr (ErosAnswerRow) waiting = g_list_model_get_item (G_LIST_MODEL (result), 900000);
  g_autofree char *text = NULL;

  g_assert_finalize_object (result);
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  text = eros_answer_row_dup_text (loaded, 0);
  g_assert_cmpstr (text, ==, "3");
  g_assert_null (eros_answer_row_dup_text (waiting, 0));
}

static void
test_a_statement_without_an_answer_is_an_empty_list (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosAnswer) result = NULL;

  fixture->no_rows = TRUE;
  result = open_result (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (result)), ==, 0);
  g_assert_null (eros_answer_get_schema (result));
}

#define ADD(name, function) g_test_add ("/bigquery/result/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("any-of-a-million-rows-can-be-looked-at", test_any_of_a_million_rows_can_be_looked_at);
  ADD ("pages-that-end-early-are-completed", test_pages_that_end_early_are_completed);
  ADD ("of-large-rows-few-are-kept", test_of_large_rows_few_are_kept);
  ADD ("scrolling-past-fetches-little", test_scrolling_past_fetches_little);
  ADD ("an-error-is-shown-and-passes", test_an_error_is_shown_and_passes);
  ADD ("rows-outlive-the-list", test_rows_outlive_the_list);
  ADD ("a-statement-without-an-answer-is-an-empty-list", test_a_statement_without_an_answer_is_an_empty_list);
  return g_test_run ();
}
