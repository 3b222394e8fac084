/* eros-cli-operation.c: running an operation from the terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-operation.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-cli-criteria.h"
#include "eros-cli-progress.h"
#include "eros-comparison.h"
#include "eros-text.h"

/* ---- a line for each step ------------------------------------------------------------------------------ */

static char *
describe (ErosStep *step)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  gint64 taken = eros_step_get_ended (step) - eros_step_get_started (step);
  GListModel *statements = eros_step_get_children (step);
  guint n = statements != NULL ? g_list_model_get_n_items (statements) : 0;
  const char *text =
    eros_step_get_error (step) != NULL ? eros_step_get_error (step) : eros_step_get_detail (step);

  if (text != NULL)
    g_ptr_array_add (parts, g_strdup (text));
  if (eros_step_get_started (step) > 0 && taken >= 0)
    g_ptr_array_add (parts, g_strdup_printf (_ ("%.2f s"), taken / (double) G_USEC_PER_SEC));
  if (eros_step_get_bytes_processed (step) > 0)
    g_ptr_array_add (parts, g_format_size (eros_step_get_bytes_processed (step)));
  if (n > 0)
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u statement", "%u statements", n), n));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (", ", (char **) parts->pdata);
}

/* As it is shown, where some characters take more room. */
static int
width_before (const char *text, guint column)
{
  glong n = MIN ((glong) column, g_utf8_strlen (text, -1) + 1) - 1;
  g_autofree char *start = g_utf8_substring (text, 0, MAX (n, 0));
  g_autofree char *shown = eros_text_show_line (start);

  return (int) g_utf8_strlen (shown, -1);
}

/* The line with the mistake, and below it a mark where that is. */
static void
print_trouble (ErosStep *step)
{
  const char *text;
  guint line;
  guint column;
  g_autofree char *number = NULL;
  g_autofree char *shown = NULL;
  int indent;

  if (!eros_step_get_trouble (step, &line, &column, &text))
    return;
  number = g_strdup_printf ("%u", line);
  shown = g_strdelimit (g_strdup (text), "\t", ' ');
  eros_cli_print ("    %s | %s\n", number, shown);
  indent = width_before (shown, column);
  if (column > 0)
    eros_cli_print ("    %*s | %*s^\n", (int) strlen (number), "", indent, "");
}

static void
print_statements (ErosStep *step)
{
  GListModel *statements = eros_step_get_children (step);

  for (guint i = 0; statements != NULL && i < g_list_model_get_n_items (statements); i++)
    {
      g_autoptr (ErosStep) statement = g_list_model_get_item (statements, i);
      g_autofree char *detail = describe (statement);

      eros_cli_print ("    %s %s%s%s\n", eros_step_get_state (statement) == EROS_STATE_FAILED ? "✘" : "✔",
                      eros_step_get_title (statement), *detail != '\0' ? ": " : "", detail);
    }
}

static const char *
symbol_of (ErosStep *step)
{
  if (eros_step_is_undecided (step))
    return "–";
  if (eros_step_is_warned (step))
    return "⚠";
  return eros_step_get_state (step) == EROS_STATE_SUCCEEDED ? "✔" : "✘";
}

static void
state_changed_cb (ErosStep *step, GParamSpec *spec, gpointer user_data)
{
  ErosState state = eros_step_get_state (step);
  g_autofree char *detail = NULL;

  if (state != EROS_STATE_SUCCEEDED && state != EROS_STATE_FAILED)
    return;
  detail = describe (step);
  eros_cli_progress_line (symbol_of (step), eros_step_get_title (step), detail);
  if (state != EROS_STATE_FAILED)
    return;
  print_statements (step);
  print_trouble (step);
}

static void
follow (GListModel *steps, guint position, guint removed, guint added, gpointer user_data)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      g_signal_connect (step, "notify::state", G_CALLBACK (state_changed_cb), NULL);
    }
}

static void
running_cb (ErosOperation *operation, GParamSpec *spec, gpointer user_data)
{
  if (eros_operation_get_state (operation) == EROS_STATE_RUNNING)
    eros_cli_progress_line ("▶", eros_operation_get_title (operation), NULL);
}

/* Once, however often it is started. */
static void
watch (ErosOperation *operation)
{
  GListModel *steps = eros_operation_get_steps (operation);

  if (g_object_get_data (G_OBJECT (operation), "eros-watched") != NULL)
    return;
  g_object_set_data (G_OBJECT (operation), "eros-watched", operation);
  g_signal_connect (operation, "notify::state", G_CALLBACK (running_cb), NULL);
  follow (steps, 0, 0, g_list_model_get_n_items (steps), NULL);
  g_signal_connect (steps, "items-changed", G_CALLBACK (follow), NULL);
}

static void
watch_added (GListModel *operations, guint position, guint removed, guint added, gpointer user_data)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (ErosOperation) operation = g_list_model_get_item (operations, i);

      /* The outcome of a check is a line of the record. */
      if (eros_operation_kind_of (eros_operation_get_kind (operation)) != EROS_OPERATION_KIND_CHECKS)
        watch (operation);
    }
}

/* The first that is under way, and what it waits for. */
static char *
describe_running (gpointer data)
{
  ErosOperation *operation = data;
  GListModel *steps = eros_operation_get_steps (operation);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);
      gint64 since = (g_get_real_time () - eros_step_get_started (step)) / G_USEC_PER_SEC;

      if (eros_step_get_state (step) == EROS_STATE_RUNNING ||
          eros_step_get_state (step) == EROS_STATE_WAITING)
        /* Translators: %1$s: a step, %2$u: seconds */
        return g_strdup_printf (_ ("%1$s, for %2$u s"), eros_step_get_title (step), (guint) MAX (since, 0));
    }
  return g_strdup (eros_operation_get_title (operation));
}

/* Of whatever is under way. */
static char *
describe_busy (gpointer data)
{
  GListModel *operations = eros_controller_get_operations (data);

  for (guint i = g_list_model_get_n_items (operations); i > 0; i--)
    {
      g_autoptr (ErosOperation) operation = g_list_model_get_item (operations, i - 1);

      if (eros_operation_get_state (operation) == EROS_STATE_RUNNING)
        return describe_running (operation);
    }
  return NULL;
}

void
eros_cli_watch_operations (ErosController *controller)
{
  GListModel *operations = eros_controller_get_operations (controller);

  watch_added (operations, 0, 0, g_list_model_get_n_items (operations), NULL);
  g_signal_connect (operations, "items-changed", G_CALLBACK (watch_added), NULL);
  eros_cli_set_waiting (describe_busy, controller);
}

static gboolean
eros_cli_start_operation (ErosController *controller,
                          ErosOperation *operation,
                          gboolean quiet,
                          GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  if (!quiet)
    watch (operation);
  eros_cli_set_waiting (describe_running, operation);
  eros_controller_start_async (controller, operation, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  eros_cli_set_waiting (NULL, NULL);
  return eros_controller_start_finish (controller, result, error);
}

/* ---- what was begun and has not ended well ------------------------------------------------------------- */

/* (transfer none) (nullable): there is none, or this program cannot go on with it */
static ErosOperation *
find_begun (ErosController *controller, const char *kind, ErosUnfinished **unfinished)
{
  *unfinished = eros_unfinished_find (eros_controller_get_deployment (controller), kind);
  return *unfinished != NULL ? eros_controller_get_operation (controller, (*unfinished)->id) : NULL;
}

/* Which texts they were, and where they lie, is filled in when the plan is made. */
static gboolean
was_asked_for (const ErosUnfinished *unfinished, GHashTable *arguments)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  guint n_same = 0;

  json_object_iter_init (&iter, unfinished->arguments);
  while (json_object_iter_next (&iter, &name, &value))
    if (g_strcmp0 (json_node_get_string (value), g_hash_table_lookup (arguments, name)) == 0)
      n_same++;
    else if (!g_str_has_prefix (name, "sql_"))
      return FALSE;
  return n_same == g_hash_table_size (arguments);
}

ErosOperation *
eros_cli_take_up (ErosCliService *service,
                  const char *kind,
                  GHashTable *arguments,
                  gint64 not_before,
                  GError **error)
{
  g_autoptr (ErosUnfinished) unfinished = NULL;
  ErosOperation *operation = find_begun (service->controller, kind, &unfinished);
  g_autofree char *begun = NULL;

  if (operation == NULL || unfinished->begun < not_before || !was_asked_for (unfinished, arguments))
    return eros_controller_plan (service->controller, kind, arguments, error);
  begun = eros_time_text (unfinished->begun);
  if (!service->json)
    /* Translators: an operation, “Backup”; a time. */
    eros_cli_print (_ ("%s was begun at %s and has not ended well: it goes on. (--new begins another.)\n"),
                    eros_operation_get_title (operation), begun);
  return operation;
}

/* ---- what came out ------------------------------------------------------------------------------------- */

static const char *
get_state_text (ErosState state)
{
  static const char *const texts[] = { "planned", "waiting", "running", "succeeded", "failed", "cancelled" };

  return texts[state];
}

static void
set_number (JsonObject *object, const char *name, gint64 value)
{
  if (value >= 0)
    json_object_set_int_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

static void
set_trouble (JsonObject *object, ErosStep *step)
{
  guint line;
  guint column;

  if (!eros_step_get_trouble (step, &line, &column, NULL))
    return;
  json_object_set_int_member (object, "line", line);
  json_object_set_int_member (object, "column", column);
}

static void
set_tables (JsonObject *object, ErosStep *step)
{
  const char *const *tables = eros_step_get_tables (step);
  JsonArray *array;

  if (tables == NULL)
    return;
  array = json_array_new ();
  for (guint i = 0; tables[i] != NULL; i++)
    json_array_add_string_element (array, tables[i]);
  json_object_set_array_member (object, "reads", array);
}

static void
set_forecast (JsonObject *object, ErosStep *step)
{
  static const char *const texts[] = { NULL, "checked", "not-checked", "fails" };
  ErosForecast forecast = eros_step_get_forecast (step);

  if (texts[forecast] != NULL)
    json_object_set_string_member (object, "forecast", texts[forecast]);
}

static JsonArray *
steps_to_json (GListModel *steps)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);
      g_autofree char *started = eros_time_iso (eros_step_get_started (step));
      g_autofree char *ended = eros_time_iso (eros_step_get_ended (step));
      JsonObject *object = json_object_new ();

      eros_cli_set_text (object, "title", eros_step_get_title (step));
      eros_cli_set_text (object, "state", get_state_text (eros_step_get_state (step)));
      json_object_set_boolean_member (object, "undecided", eros_step_is_undecided (step));
      json_object_set_boolean_member (object, "warned", eros_step_is_warned (step));
      eros_cli_set_text (object, "detail", eros_step_get_detail (step));
      eros_cli_set_text (object, "error", eros_step_get_error (step));
      eros_cli_set_text (object, "job_id", eros_step_get_job_id (step));
      eros_cli_set_text (object, "started", started);
      eros_cli_set_text (object, "ended", ended);
      set_number (object, "bytes_processed", eros_step_get_bytes_processed (step));
      set_number (object, "slot_ms", eros_step_get_slot_ms (step));
      set_forecast (object, step);
      set_trouble (object, step);
      set_tables (object, step);
      if (eros_step_get_children (step) != NULL)
        json_object_set_array_member (object, "statements", steps_to_json (eros_step_get_children (step)));
      json_array_add_object_element (array, object);
    }
  return array;
}

/* (transfer full) (nullable): what was measured, when that is what the operation does */
static GPtrArray *
list_comparisons (ErosCliService *service, ErosOperation *operation)
{
  if (eros_operation_kind_of (eros_operation_get_kind (operation)) != EROS_OPERATION_KIND_COMPARISON)
    return NULL;
  return eros_comparison_list (G_LIST_MODEL (eros_deployment_get_journal (service->deployment)));
}

static void
set_comparisons (JsonObject *object, ErosCliService *service, ErosOperation *operation)
{
  g_autoptr (GPtrArray) list = list_comparisons (service, operation);
  JsonArray *array;

  if (list == NULL)
    return;
  array = json_array_new ();
  for (guint i = 0; i < list->len; i++)
    json_array_add_object_element (array, eros_comparison_to_json (g_ptr_array_index (list, i)));
  json_object_set_array_member (object, "comparison", array);
}

/* Each number with its spread and its span of time. */
static void
print_comparisons (ErosCliService *service, ErosOperation *operation)
{
  g_autoptr (GPtrArray) list = list_comparisons (service, operation);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const ErosComparison *comparison = g_ptr_array_index (list, i);
      const ErosComparedSide *sides[] = { &comparison->before, &comparison->after };
      const char *const names[] = { _ ("before"), _ ("after") };
      g_autofree char *verdict = eros_comparison_describe_verdict (comparison);

      eros_cli_print ("  %s: %s\n", comparison->name, verdict);
      for (guint k = 0; k < G_N_ELEMENTS (sides); k++)
        {
          g_autofree char *value = eros_comparison_describe_value (comparison, sides[k]);
          g_autofree char *span = eros_comparison_describe_span (comparison, sides[k]);

          eros_cli_print ("    %s: %s (%s)\n", names[k], value, span);
        }
    }
}

/* ERROR: (nullable): why it did not end well. */
static void
print_json (ErosCliService *service, ErosOperation *operation, gint64 bytes, const GError *error)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  eros_cli_set_text (object, "id", eros_operation_get_id (operation));
  eros_cli_set_text (object, "operation", eros_operation_get_kind (operation));
  eros_cli_set_text (object, "title", eros_operation_get_title (operation));
  eros_cli_set_text (object, "state", get_state_text (eros_operation_get_state (operation)));
  eros_cli_set_text (object, "message", eros_operation_get_message (operation));
  eros_cli_set_text (object, "error", error != NULL ? error->message : NULL);
  if (bytes >= 0)
    json_object_set_int_member (object, "expected_bytes", bytes);
  if (error == NULL && bytes < 0)
    set_comparisons (object, service, operation);
  json_object_set_array_member (object, "steps", steps_to_json (eros_operation_get_steps (operation)));
  if (eros_operation_kind_of (eros_operation_get_kind (operation)) == EROS_OPERATION_KIND_MONITORING)
    json_object_set_array_member (object, "criteria", eros_cli_criteria_to_json (service->deployment));
  json_node_take_object (node, object);
  eros_cli_print_json (node);
}

/* Whether all of it is done. */
static gboolean
check_owed (ErosCliService *service, ErosOperation *operation, GError **error)
{
  g_autoptr (ErosUnfinished) unfinished =
    eros_unfinished_find (service->deployment, eros_operation_get_kind (operation));

  if (unfinished == NULL || unfinished->owed == NULL ||
      !g_str_equal (unfinished->id, eros_operation_get_id (operation)))
    return TRUE;
  g_set_error (
    error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
    /* Translators: titles of steps; a deployment’s id */
    _ (
      "Done, but for what is still to be done: %1$s. “eros-deploy resume %2$s” does it when it can be done."),
    unfinished->owed, eros_deployment_get_id (service->deployment));
  return FALSE;
}

/* Of what only looks; what is made is made, or not. */
static gboolean
is_undecided (ErosOperation *operation)
{
  ErosOperationKind kind = eros_operation_kind_of (eros_operation_get_kind (operation));
  GListModel *steps = eros_operation_get_steps (operation);

  if (kind != EROS_OPERATION_KIND_MONITORING && kind != EROS_OPERATION_KIND_COMPARISON)
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      if (eros_step_is_undecided (step))
        return TRUE;
    }
  return FALSE;
}

int
eros_cli_finish_operation (ErosCliService *service, ErosOperation *operation, GError **error)
{
  g_autoptr (GError) problem = NULL;
  gboolean done;
  gboolean is_over;
  int status;

  if (!service->json && !service->is_watched)
    eros_cli_progress_watch (service->deployment);
  service->is_watched = TRUE;
  done = eros_cli_start_operation (service->controller, operation, service->json, &problem);
  is_over = done && check_owed (service, operation, &problem);
  if (service->json)
    print_json (service, operation, -1, problem);
  else if (done)
    {
      eros_cli_progress_line (is_over ? "✔" : "⚠", eros_operation_get_title (operation),
                              eros_operation_get_message (operation));
      print_comparisons (service, operation);
    }
  if (is_over)
    return (int) eros_cli_exit_of (FALSE, FALSE, is_undecided (operation));
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                   _ ("Stopped. What was done is on record; “eros-deploy resume %s” goes on from there."),
                   eros_deployment_get_id (service->deployment));
      return EROS_EXIT_INTERRUPTED;
    }
  status = (int) eros_cli_exit_of_error (problem);
  g_propagate_error (error, g_steal_pointer (&problem));
  return status;
}

/* ---- before it runs ------------------------------------------------------------------------------------ */

/* What a dry run says of it, and how much it reads. (transfer full) */
static char *
describe_planned (ErosStep *step)
{
  gint64 bytes = eros_step_get_bytes_processed (step);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (eros_step_get_error (step) != NULL)
    g_ptr_array_add (parts, g_strdup_printf ("✘ %s", eros_step_get_error (step)));
  else if (eros_step_get_detail (step) != NULL)
    g_ptr_array_add (parts, g_strdup (eros_step_get_detail (step)));
  if (bytes > 0)
    g_ptr_array_add (parts, g_format_size (bytes));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (", ", (char **) parts->pdata);
}

static void
print_planned_statements (GListModel *statements)
{
  static const char *const symbols[] = { " ", "✔", "–", "✘" };

  for (guint i = 0; statements != NULL && i < g_list_model_get_n_items (statements); i++)
    {
      g_autoptr (ErosStep) statement = g_list_model_get_item (statements, i);
      g_autofree char *more = describe_planned (statement);

      eros_cli_print ("       %s %s%s%s\n", symbols[eros_step_get_forecast (statement)],
                      eros_step_get_title (statement), *more != '\0' ? ": " : "", more);
      if (eros_step_get_error (statement) != NULL)
        print_trouble (statement);
    }
}

static void
print_planned (guint number, ErosStep *step)
{
  g_autofree char *more = describe_planned (step);

  eros_cli_print ("  %3u  %s%s%s\n", number, eros_step_get_title (step), *more != '\0' ? ": " : "", more);
  if (eros_step_get_children (step) != NULL)
    print_planned_statements (eros_step_get_children (step));
  else if (eros_step_get_error (step) != NULL)
    print_trouble (step);
}

static void
print_checked (ErosOperation *operation)
{
  guint n_checked = eros_operation_count_forecasts (operation, EROS_FORECAST_CHECKED);
  guint n_unchecked = eros_operation_count_forecasts (operation, EROS_FORECAST_UNCHECKED);
  guint n_failing = eros_operation_count_forecasts (operation, EROS_FORECAST_FAILS);

  /* Translators: how many statements of how many */
  eros_cli_print (_ ("%u of %u statements were checked, %u could not be before they run, %u would fail.\n"),
                  n_checked, n_checked + n_unchecked + n_failing, n_unchecked, n_failing);
}

static void
print_plan (ErosOperation *operation, ErosConnection *connection, gint64 bytes)
{
  GListModel *steps = eros_operation_get_steps (operation);
  guint n = g_list_model_get_n_items (steps);
  g_autofree char *size = g_format_size (bytes);

  eros_cli_print ("%s\n", eros_operation_get_title (operation));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      print_planned (i + 1, step);
    }
  print_checked (operation);
  eros_cli_print (ngettext ("%u step; reads at least %s, which costs about US$ %.4f. Nothing has been run.\n",
                            "%u steps; they read at least %s, which costs about US$ %.4f. Nothing has been "
                            "run.\n",
                            n),
                  n, size, eros_connection_get_cost (connection, bytes));
}

int
eros_cli_forecast (ErosCliService *service, ErosOperation *operation, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  gint64 bytes = 0;
  guint n_mistakes;

  eros_controller_forecast_async (service->controller, operation, eros_cli_get_interruption (),
                                  eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  if (!eros_controller_forecast_finish (service->controller, result, &bytes, error))
    return EROS_EXIT_FAILED;
  if (service->json)
    print_json (service, operation, bytes, NULL);
  else
    print_plan (operation, eros_controller_get_connection (service->controller), bytes);
  n_mistakes = eros_operation_count_failing (operation);
  if (n_mistakes == 0)
    return EROS_EXIT_DONE;
  g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
               ngettext ("%u step would fail: see above. Nothing has been run.",
                         "%u steps would fail: see above. Nothing has been run.", n_mistakes),
               n_mistakes);
  return EROS_EXIT_FAILED;
}
