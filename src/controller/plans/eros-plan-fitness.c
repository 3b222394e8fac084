/* eros-plan-fitness.c: what a snapshot would not hold, and a transaction not bring back, looked for first
 *
 * BigQuery makes a snapshot without the rows that are still in a streaming buffer, and none of a table with
 * fine-grained DML; it forgets partitions that have expired; whoever sees some rows only counts those. A
 * transaction has its limits. Each is better known before a backup than at three in the morning.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-plan-fitness.h"

#include <inttypes.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-json.h"

/* BigQuery's: a transaction's, a transaction's, and a job's. */
#define MOST_TABLES                100
#define MOST_MODIFICATIONS         100000
#define MOST_PARTITIONS            4000
#define MODIFICATIONS_OF_PARTITION 2 /* its rows go, and others come */

/* ---- judging ------------------------------------------------------------------------------------------- */

static gboolean
fail (GError **error, char *message)
{
  g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED, message);
  g_free (message);
  return FALSE;
}

/* What expires is lost, whatever a backup has of it: it would go again as soon as it is back. */
static char *
describe_expiration (JsonObject *partitioning)
{
  gint64 expiration = partitioning != NULL ? eros_json_int64 (partitioning, "expirationMs", 0) : 0;
  gint64 days = expiration * 1000 / G_TIME_SPAN_DAY;

  if (expiration <= 0)
    return NULL;
  return g_strdup_printf (
    ngettext ("its partitions expire after %" PRId64
              " day: what is older when it comes back goes at once, unless partition_expiration_days is set "
              "to NULL before",
              "its partitions expire after %" PRId64
              " days: what is older when it comes back goes at once, unless partition_expiration_days is set "
              "to NULL before",
              (gulong) days),
    days);
}

gboolean
eros_fitness_judge_table (JsonObject *table, char **remark, GError **error)
{
  const char *name = eros_json_string (table, "tableReference.tableId");
  const char *type = eros_json_string (table, "type");
  JsonObject *partitioning = eros_json_object (table, "timePartitioning");
  JsonObject *buffer = eros_json_object (table, "streamingBuffer");

  *remark = NULL;
  name = name != NULL ? name : "";
  if (type != NULL && !g_str_equal (type, "TABLE"))
    return fail (error, g_strdup_printf (
                          /* Translators: a name; “VIEW”, “EXTERNAL” … */
                          _ ("%1$s is no table but a %2$s, of which there is no snapshot. Correct the "
                             "runbook's list of critical tables."),
                          name, type));
  if (buffer != NULL)
    return fail (
      error,
      g_strdup_printf (_ ("About %1$" PRId64 " rows of %2$s are still in its streaming buffer: a "
                          "snapshot would not have them. Stop what streams into it, wait until the buffer is "
                          "empty, which takes up to 90 minutes, and back up again."),
                       eros_json_int64 (buffer, "estimatedRows", 0), name));
  if ((partitioning != NULL &&
       json_object_get_boolean_member_with_default (partitioning, "requirePartitionFilter", FALSE)) ||
      json_object_get_boolean_member_with_default (table, "requirePartitionFilter", FALSE))
    return fail (error, g_strdup_printf (
                          _ ("%1$s can be queried with a filter on its partitions only, so that nobody can "
                             "compare or restore it as a whole. Allow it (ALTER TABLE %1$s SET OPTIONS "
                             "(require_partition_filter = FALSE)), and back up again."),
                          name));
  *remark = describe_expiration (partitioning);
  return TRUE;
}

gboolean
eros_fitness_judge_all (gint64 n_partitions, gint64 most, const char *fine_grained, GError **error)
{
  if (fine_grained != NULL && *fine_grained != '\0')
    return fail (error, g_strdup_printf (
                          /* Translators: tables */
                          _ ("Of a table with fine-grained DML there is no snapshot once its rows were "
                             "changed: %s. Switch it off (SET OPTIONS (enable_fine_grained_mutations = "
                             "FALSE)), wait until its changes are applied, and back up again."),
                          fine_grained));
  if (n_partitions * MODIFICATIONS_OF_PARTITION > MOST_MODIFICATIONS)
    return fail (
      error,
      g_strdup_printf (_ ("The critical tables have %1$" PRId64
                          " partitions: a rollback restores them in one transaction, which can change %2$d "
                          "at most. Make them fewer, with months in place of days."),
                       n_partitions, MOST_MODIFICATIONS / MODIFICATIONS_OF_PARTITION));
  if (most > MOST_PARTITIONS)
    return fail (error,
                 g_strdup_printf (_ ("One of the critical tables has %1$" PRId64
                                     " partitions: a statement can change %2$d at most, and a rollback "
                                     "could not restore it. Make them fewer, with months in place of "
                                     "days."),
                                  most, MOST_PARTITIONS));
  return TRUE;
}

gboolean
eros_fitness_judge_rows (const char *table, const char *seen, const char *all, GError **error)
{
  if (all == NULL || seen == NULL || g_ascii_strtoll (seen, NULL, 10) >= g_ascii_strtoll (all, NULL, 10))
    return TRUE;
  return fail (
    error,
    g_strdup_printf (
      _ ("A row access policy hides rows of %1$s: %2$s of %3$s are seen, and only those were compared. "
         "Back up as somebody whom a policy grants all rows (FILTER USING (TRUE))."),
      table, seen, all));
}

/* ---- what an export cannot carry ----------------------------------------------------------------------- */

/* Whether the column is of a type, or a record that has one */
static gboolean
has_type (JsonObject *field, const char *type)
{
  JsonArray *fields = eros_json_array (field, "fields");

  if (g_strcmp0 (eros_json_string (field, "type"), type) == 0)
    return TRUE;
  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (fields, i)) &&
        has_type (json_array_get_object_element (fields, i), type))
      return TRUE;
  return FALSE;
}

/* The columns of TABLE that can have a text, in back-quotes, with commas. JSON has the character written out,
 * and can be loaded with it: of a record with both only the load can tell. (transfer full) */
static char *
list_texts (JsonObject *table)
{
  JsonArray *fields = eros_json_array (table, "schema.fields");
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      JsonNode *node = json_array_get_element (fields, i);
      JsonObject *field = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = field != NULL ? eros_json_string (field, "name") : NULL;

      if (name != NULL && strpbrk (name, "`\\\n") == NULL && has_type (field, "STRING") &&
          !has_type (field, "JSON"))
        g_string_append_printf (list, "%s`%s`", list->len > 0 ? ", " : "", name);
    }
  return g_string_free (g_steal_pointer (&list), FALSE);
}

/* As much as one comparison of the table with its snapshot reads of these columns; not more than a query may
 * cost. */
static gboolean
prepare_texts (ErosWork *work, ErosWorkStep *step, GError **error)
{
  const char *table = step->data;
  g_autofree char *key = g_strdup_printf ("fit/%s.texts", table);
  g_autofree char *size = g_strdup_printf ("fit/%s.bytes", table);
  const char *texts = eros_work_get_value (work, key);
  const char *bytes = eros_work_get_value (work, size);
  gint64 budget =
    eros_connection_get_budget_bytes (eros_big_query_get_connection (eros_work_get_big_query (work)));
  gboolean is_dear = budget > 0 && bytes != NULL && g_ascii_strtoll (bytes, NULL, 10) > budget;

  g_free (step->sql);
  g_free (step->summary);
  step->summary = g_strdup (_ ("${n_rows} rows have a text with U+0000"));
  if (texts == NULL || *texts == '\0')
    step->sql = g_strdup ("SELECT 0 AS n_rows");
  else if (is_dear)
    {
      step->sql = g_strdup ("SELECT CAST(NULL AS INT64) AS n_rows");
      g_free (step->summary);
      step->summary = g_strdup_printf (
        /* Translators: numbers of bytes */
        _ ("not checked whether texts have U+0000, which an export cannot carry: the table has %1$s bytes, "
           "and a query may read %2$" PRId64 ". Its export is loaded once in any case"),
        bytes, budget);
    }
  else
    step->sql = g_strdup_printf ("SELECT COUNTIF(REGEXP_CONTAINS(TO_JSON_STRING(STRUCT(%s)),\n"
                                 "  r'(?:^|[^\\\\])(?:\\\\\\\\)*\\\\u0000')) AS n_rows\n"
                                 "FROM `${project}.${dataset}.%s`",
                                 texts, table);
  return TRUE;
}

static gboolean
judge_texts (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error)
{
  const char *n_rows = g_hash_table_lookup (answer, "n_rows");

  if (n_rows == NULL || g_str_equal (n_rows, "0"))
    return TRUE;
  return fail (error, g_strdup_printf (
                        /* Translators: %1$s: a number, %2$s: a table */
                        _ ("%1$s rows of %2$s have a text with the character U+0000, which an export cannot "
                           "carry: it could not be loaded. Take it out (REPLACE(column, "
                           "CODE_POINTS_TO_STRING([0]), '')), and back up again."),
                        n_rows, (const char *) step->data));
}

static void
add_texts (ErosWork *work, guint group, const char *table)
{
  static const ErosExpectation known = { (char *) "n_rows", (char *) "=", (char *) "0" };
  ErosWorkStep *step = eros_plan_add_for_table (
    work, group, "texts", _ ("Look whether an export can carry the texts of %s"), table);

  step->prepare = prepare_texts;
  step->is_foreseeable = TRUE;
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->timeout_ms = 600000;
  step->answered = judge_texts;
  step->expectations = (ErosExpectation *) &known;
  step->n_expectations = 1;
  step->may_be_undecided = TRUE;
}

/* ---- a table ------------------------------------------------------------------------------------------- */

typedef struct
{
  ErosWork *work;
  ErosWorkStep *step;
  GCancellable *cancellable;
  char *remark; /* (nullable) */
} Look;

static void
ask (Look *look, const char *what, GAsyncReadyCallback callback)
{
  ErosBigQuery *big_query = eros_work_get_big_query (look->work);
  ErosConnection *connection = eros_big_query_get_connection (big_query);
  g_autoptr (ErosRequest) request =
    eros_request_new (EROS_SERVICE_BIG_QUERY, "GET",
                      what == NULL ? "bigquery/v2/projects/%s/datasets/%s/tables/%s"
                                   : "bigquery/v2/projects/%s/datasets/%s/tables/%s/rowAccessPolicies",
                      eros_connection_get_project (connection), eros_connection_get_dataset (connection),
                      (const char *) look->step->data);

  eros_http_send_async (eros_big_query_get_http (big_query), request, look->cancellable, callback, look);
}

static void
end_look (Look *look, GError *error)
{
  if (error != NULL)
    eros_work_step_failed (look->work, look->step, error);
  else
    eros_work_step_done (look->work, look->step, look->remark);
  g_free (look->remark);
  g_free (look);
}

/* Who may not see the policies may still make a backup: it is said. */
static void
policies_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Look *look = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  JsonArray *policies =
    answer != NULL ? eros_json_array (json_node_get_object (answer), "rowAccessPolicies") : NULL;
  gboolean some = policies != NULL && json_array_get_length (policies) > 0;

  if (error != NULL && eros_plan_is_no_verdict (error))
    {
      end_look (look, error);
      return;
    }
  if (error != NULL)
    {
      g_autofree char *remark = g_steal_pointer (&look->remark);
      g_autofree char *unseen = g_strdup_printf (
        _ ("whether a row access policy hides rows could not be looked up: %s"), error->message);

      look->remark = g_strjoin (remark != NULL ? "; " : NULL, unseen, remark, NULL);
      g_clear_error (&error);
    }
  eros_work_set_value (look->work, look->step, "policies", some ? "true" : "false");
  end_look (look, NULL);
}

static void
table_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Look *look = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  g_autofree char *rows = NULL;
  g_autofree char *bytes = NULL;
  g_autofree char *texts = NULL;

  /* That it is missing is another step's to say. */
  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      end_look (look, NULL);
      return;
    }
  if (answer == NULL || !eros_fitness_judge_table (json_node_get_object (answer), &look->remark, &error))
    {
      end_look (look, error);
      return;
    }
  rows = g_strdup_printf ("%" PRId64, eros_json_int64 (json_node_get_object (answer), "numRows", 0));
  bytes = g_strdup_printf ("%" PRId64, eros_json_int64 (json_node_get_object (answer), "numBytes", 0));
  texts = list_texts (json_node_get_object (answer));
  eros_work_set_value (look->work, look->step, "rows", rows);
  eros_work_set_value (look->work, look->step, "bytes", bytes);
  eros_work_set_value (look->work, look->step, "texts", texts);
  ask (look, "policies", policies_cb);
}

static void
look_at_table (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  Look *look = g_new0 (Look, 1);

  look->work = work;
  look->step = step;
  look->cancellable = cancellable;
  ask (look, NULL, table_cb);
}

gboolean
eros_plan_sees_all_rows (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error)
{
  g_autofree char *policies = g_strdup_printf ("fit/%s.policies", (const char *) step->data);
  g_autofree char *rows = g_strdup_printf ("fit/%s.rows", (const char *) step->data);

  return g_strcmp0 (eros_work_get_value (work, policies), "true") != 0 ||
         eros_fitness_judge_rows (step->data, g_hash_table_lookup (answer, "n_rows"),
                                  eros_work_get_value (work, rows), error);
}

/* ---- all of them --------------------------------------------------------------------------------------- */

static gboolean
judge_all (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error)
{
  const char *n_partitions = g_hash_table_lookup (answer, "n_partitions");
  const char *most = g_hash_table_lookup (answer, "most");

  return eros_fitness_judge_all (n_partitions != NULL ? g_ascii_strtoll (n_partitions, NULL, 10) : 0,
                                 most != NULL ? g_ascii_strtoll (most, NULL, 10) : 0,
                                 g_hash_table_lookup (answer, "fine_grained"), error);
}

gboolean
eros_plan_add_fitness (ErosWork *work, guint group, const char *const *tables, GError **error)
{
  guint n = g_strv_length ((char **) tables);
  g_autofree char *names = g_strjoinv ("', '", (char **) tables);
  ErosWorkStep *step;

  if (n > MOST_TABLES)
    return fail (error,
                 g_strdup_printf (_ ("The runbook names %1$u critical tables: a rollback restores them in "
                                     "one transaction, which can change %2$d at most."),
                                  n, MOST_TABLES));
  for (guint i = 0; tables[i] != NULL; i++)
    {
      step =
        eros_plan_add_for_table (work, group, "fit", _ ("Look whether a snapshot can hold %s"), tables[i]);
      step->call = look_at_table;
      step->look = look_at_table;
      add_texts (work, group + 1, tables[i]);
    }
  step = eros_work_add (work, group, "fit", _ ("Look whether one transaction can bring all of it back"));
  step->sql = g_strdup_printf (
    "SELECT IFNULL(SUM(n), 0) AS n_partitions, IFNULL(MAX(n), 0) AS most,\n"
    "  IFNULL((\n"
    "    SELECT STRING_AGG(table_name, ', ' ORDER BY table_name)\n"
    "    FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLE_OPTIONS`\n"
    "    WHERE option_name = 'enable_fine_grained_mutations' AND LOWER(option_value) = 'true'\n"
    "      AND table_name IN ('%1$s')), '') AS fine_grained\n"
    "FROM (\n"
    "  SELECT table_name, COUNT(*) AS n\n"
    "  FROM `${project}.${dataset}.INFORMATION_SCHEMA.PARTITIONS`\n"
    "  WHERE table_name IN ('%1$s')\n"
    "  GROUP BY table_name)",
    names);
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->answered = judge_all;
  step->summary = g_strdup (_ ("${n_partitions} partitions in all, ${most} of one table"));
  return TRUE;
}
