/* eros-plan-monitoring.c: one look at how the deployment does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "eros-plan-parts.h"

/* What the team calls critical. */
static const ErosExpectation performance_expectations[] = {
  { (char *) "error_rate", (char *) "<", (char *) "5" },
  { (char *) "error_increase", (char *) "<=", (char *) "2" },
  { (char *) "seconds", (char *) "<", (char *) "60" },
  { (char *) "slowdown_percent", (char *) "<=", (char *) "50" },
};
static const ErosExpectation availability_expectations[] = {
  { (char *) "free_captions", (char *) ">=", (char *) "200" },
  { (char *) "assignments_24h", (char *) ">", (char *) "0" },
  { (char *) "captions_assigned_twice", (char *) "=", (char *) "0" },
};
static const ErosExpectation lock_expectations[] = {
  { (char *) "expired_locks", (char *) "<=", (char *) "100" },
};
static const ErosExpectation cost_expectations[] = {
  { (char *) "cost_24h", (char *) "<", (char *) "25" },
};
static const ErosExpectation integrity_expectations[] = {
  { (char *) "impossible_statistics", (char *) "=", (char *) "0" },
  { (char *) "duplicate_statistics", (char *) "=", (char *) "0" },
  { (char *) "orphaned_assignments", (char *) "=", (char *) "0" },
};

static const char *const performance_boxes[] = { "monitoring.immediate.error-rate",
                                                 "monitoring.immediate.query-times",
                                                 "monitoring.critical.error-rates",
                                                 "monitoring.critical.query-performance", NULL };
static const char *const availability_boxes[] = { "monitoring.immediate.assignment-success",
                                                  "monitoring.critical.distribution", NULL };
static const char *const cost_boxes[] = { "monitoring.immediate.slots-and-costs", NULL };
static const char *const no_boxes[] = { NULL };

static double
number (GHashTable *answer, const char *column)
{
  const char *text = g_hash_table_lookup (answer, column);

  return text != NULL ? g_ascii_strtod (text, NULL) : 0;
}

static void
put (GHashTable *answer, const char *column, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_hash_table_insert (answer, g_strdup (column),
                       g_strdup (g_ascii_formatd (text, sizeof text, "%.2f", value)));
}

/* Where there is nothing yet, nothing has become worse. */
static gboolean
compare_performance (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error)
{
  double before = number (answer, "average_seconds_before");
  double after = number (answer, "average_seconds_after");

  put (answer, "error_rate", number (answer, "error_rate_after"));
  put (answer, "error_increase",
       number (answer, "queries_before") > 0
         ? number (answer, "error_rate_after") - number (answer, "error_rate_before")
         : 0);
  put (answer, "seconds", after);
  put (answer, "slowdown_percent", before > 0 && after > 0 ? 100 * (after / before - 1) : 0);
  return TRUE;
}

static ErosWorkStep *
add (ErosWork *work,
     const char *name,
     const char *title,
     const char *summary,
     const ErosExpectation *expectations,
     guint n_expectations,
     const char *const *boxes,
     GError **error)
{
  g_autofree char *path = g_strdup_printf ("monitoring/%s.sql", name);
  g_autofree char *sql = eros_plan_load_sql (path, error);
  ErosWorkStep *step;

  if (sql == NULL)
    return NULL;
  step = eros_work_add (work, 0, name, title);
  if (strstr (sql, "@since") != NULL)
    eros_work_step_add_parameter (step, "since", "TIMESTAMP", eros_work_get_argument (work, "since"));
  if (strstr (sql, "@price_per_tib") != NULL)
    eros_plan_add_price (work, step);
  step->sql = g_steal_pointer (&sql);
  step->sql_source = g_strdup_printf ("sql/%s", path);
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->summary = g_strdup (summary);
  step->expectations = (ErosExpectation *) expectations;
  step->n_expectations = n_expectations;
  for (guint i = 0; boxes[i] != NULL; i++)
    eros_work_step_prove (step, boxes[i]);
  return step;
}

/* Before phase 1 and after a rollback there is no table of locks, and then there are no locks. */
static gboolean
add_locks (ErosWork *work, GError **error)
{
  ErosWorkStep *step =
    add (work, "caption-locks", _ ("Caption locks"), _ ("${live_locks} locks, ${expired_locks} expired"),
         lock_expectations, G_N_ELEMENTS (lock_expectations), no_boxes, error);
  g_autofree char *query = NULL;

  if (step == NULL)
    return FALSE;
  query = g_strchomp (g_steal_pointer (&step->sql));
  step->sql = g_strdup_printf ("IF EXISTS (\n"
                               "  SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES`\n"
                               "  WHERE table_name = 'caption_locks'\n"
                               ") THEN\n%s%s\n"
                               "ELSE\n"
                               "  SELECT 0 AS live_locks, 0 AS expired_locks;\n"
                               "END IF;\n",
                               query, g_str_has_suffix (query, ";") ? "" : ";");
  return TRUE;
}

static void
add_look (ErosWork *work, const ErosSqlStep *look, ErosSqlVerify *verify)
{
  g_autofree char *title =
    look->verifies->len == 1 ? g_strdup (look->title) : g_strdup_printf ("%s: %s", look->title, verify->name);
  ErosWorkStep *step = eros_work_add (work, 0, verify->name, title);

  if (strstr (verify->sql, "@since") != NULL)
    eros_work_step_add_parameter (step, "since", "TIMESTAMP", eros_work_get_argument (work, "since"));
  if (strstr (verify->sql, "@price_per_tib") != NULL)
    eros_plan_add_price (work, step);
  step->sql = g_strdup (verify->sql);
  step->sql_source = g_strdup_printf ("sql/%s/verify.sql", look->id);
  step->timeout_ms = look->timeout_ms;
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->summary = g_strdup (verify->summary);
  step->expectations = verify->expectations;
  step->n_expectations = verify->n_expectations;
  for (guint i = 0; look->proves[i] != NULL; i++)
    eros_work_step_prove (step, look->proves[i]);
}

/* What a runbook brings of its own. */
static void
add_looks (ErosWork *work, GPtrArray *looks)
{
  for (guint i = 0; i < looks->len; i++)
    {
      const ErosSqlStep *look = g_ptr_array_index (looks, i);

      for (guint k = 0; k < look->verifies->len; k++)
        add_look (work, look, g_ptr_array_index (look->verifies, k));
    }
}

/* The queries that come with the program, each with the team's thresholds. */
static gboolean
add_shipped (ErosWork *work, GError **error)
{
  ErosWorkStep *performance =
    add (work, "query-performance", _ ("Queries and errors"),
         _ ("${queries_after} queries, ${error_rate} % failed, ${seconds} s on average "
            "(${slowdown_percent} % slower than at the same hours before)"),
         performance_expectations, G_N_ELEMENTS (performance_expectations), performance_boxes, error);

  if (performance == NULL)
    return FALSE;
  performance->answered = compare_performance;
  return add (work, "caption-availability", _ ("Captions and assignments"),
              _ ("${free_captions} captions are free, ${assignments_24h} assignments in 24 hours, "
                 "${captions_assigned_twice} captions assigned twice"),
              availability_expectations, G_N_ELEMENTS (availability_expectations), availability_boxes,
              error) != NULL &&
         add_locks (work, error) &&
         add (work, "caption-performance", _ ("Engagement"),
              _ ("${views_after} views since the deployment, ${engagement_after} % engaged; before "
                 "${engagement_before} %"),
              NULL, 0, no_boxes, error) != NULL &&
         add (work, "cost", _ ("Cost"),
              _ ("US$ ${cost_24h} in 24 hours; before US$ ${daily_cost_before} a day"), cost_expectations,
              G_N_ELEMENTS (cost_expectations), cost_boxes, error) != NULL &&
         add (work, "data-integrity", _ ("Data integrity"),
              _ ("${impossible_statistics} impossible statistics, ${duplicate_statistics} duplicates, "
                 "${orphaned_assignments} orphaned assignments"),
              integrity_expectations, G_N_ELEMENTS (integrity_expectations), no_boxes, error) != NULL;
}

/**
 * eros_plan_monitoring:
 * @work: an operation without steps; its argument "since" is when the deployment ended
 * @error: return location for an error of the resources
 *
 * One round of the monitoring queries, each with the team's thresholds.
 *
 * Returns: whether the plan was made
 */
gboolean
eros_plan_monitoring (ErosWork *work, GError **error)
{
  ErosStepFiles *files =
    eros_runbook_get_steps (eros_deployment_get_runbook (eros_work_get_deployment (work)));
  GPtrArray *looks =
    eros_sql_looks_load (files, eros_operation_get_kind (eros_work_get_operation (work)), error);

  if (looks == NULL)
    return FALSE;
  /* The expectations are borrowed from them. */
  eros_work_keep (work, looks, (GDestroyNotify) g_ptr_array_unref);
  add_looks (work, looks);
  return looks->len > 0 || add_shipped (work, error);
}
