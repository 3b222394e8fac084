/* eros-plan-monitoring.c: one look at how the deployment does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "eros-expectation.h"
#include "eros-measure.h"
#include "eros-plan-parts.h"
#include "eros-timeline.h"
#include "eros-watch.h"

#define CONDITION(column, op, value)                                                                         \
  {                                                                                                          \
    (char *) column, (char *) op, (char *) value                                                             \
  }

/* What the team calls critical, and what there must be before anything can be said. “_low”: the low end of
 * the interval, so that what is over is shown to be, and no chance among few queries. */
static const ErosExpectation queries_enough[] = { CONDITION ("queries_after", ">", "0") };
static const ErosExpectation queries_expected[] = { CONDITION ("error_rate_low", "<", "5"),
                                                    CONDITION ("seconds", "<", "60") };
/* A handful of queries before is nothing to compare with. */
static const ErosExpectation trend_enough[] = { CONDITION ("queries_after", ">", "0"),
                                                CONDITION ("queries_before", ">=", "30") };
static const ErosExpectation trend_expected[] = { CONDITION ("error_increase_low", "<=", "2"),
                                                  CONDITION ("slowdown_percent_low", "<=", "50") };
static const ErosExpectation availability_expected[] = { CONDITION ("free_captions", ">=", "200"),
                                                         CONDITION ("assignments_24h", ">", "0"),
                                                         CONDITION ("captions_assigned_twice", "=", "0") };
static const ErosExpectation locks_expected[] = { CONDITION ("expired_locks", "<=", "100") };
static const ErosExpectation cost_enough[] = { CONDITION ("jobs_24h", ">", "0") };
static const ErosExpectation cost_expected[] = { CONDITION ("cost_24h", "<", "25") };
static const ErosExpectation integrity_enough[] = { CONDITION ("checked_rows", ">", "0") };
static const ErosExpectation integrity_expected[] = { CONDITION ("impossible_statistics", "=", "0"),
                                                      CONDITION ("duplicate_statistics", "=", "0"),
                                                      CONDITION ("orphaned_assignments", "=", "0") };

#define ALL(conditions)                                                                                      \
  {                                                                                                          \
    conditions, G_N_ELEMENTS (conditions)                                                                    \
  }
#define NONE                                                                                                 \
  {                                                                                                          \
    NULL, 0                                                                                                  \
  }

static const char *const queries_boxes[] = { "monitoring.immediate.error-rate",
                                             "monitoring.immediate.query-times", NULL };
static const char *const trend_boxes[] = { "monitoring.critical.error-rates",
                                           "monitoring.critical.query-performance", NULL };
static const char *const availability_boxes[] = { "monitoring.immediate.assignment-success",
                                                  "monitoring.critical.distribution", NULL };
static const char *const cost_boxes[] = { "monitoring.immediate.slots-and-costs",
                                          "monitoring.short-term.cost", NULL };
static const char *const engagement_boxes[] = { "monitoring.short-term.emv",
                                                "monitoring.short-term.engagement", NULL };
static const char *const no_boxes[] = { NULL };

/* NAN: SQL does not know it. */
static double
number (GHashTable *answer, const char *column)
{
  const char *text = g_hash_table_lookup (answer, column);

  return text != NULL ? g_ascii_strtod (text, NULL) : NAN;
}

/* NAN becomes NULL: what is not known is not zero. */
static void
put (GHashTable *answer, const char *column, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_hash_table_insert (answer, g_strdup (column),
                       isnan (value) ? NULL : g_strdup (g_ascii_formatd (text, sizeof text, "%.2f", value)));
}

static const char *
look_up (gpointer answer, const char *column)
{
  return g_hash_table_lookup (answer, column);
}

static gboolean
compare_performance (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error)
{
  double share = eros_measure_get_error (eros_work_get_deployment (work));
  ErosInterval failures = eros_measure_interval ("query-failure-rate", look_up, answer, share);
  ErosInterval slowdown = eros_measure_interval ("performance-degradation", look_up, answer, share);
  double before = number (answer, "average_seconds_before");
  double after = number (answer, "average_seconds_after");

  put (answer, "error_rate_low", failures.low);
  put (answer, "error_increase_low", failures.low - number (answer, "error_rate_before"));
  put (answer, "slowdown_percent_low", slowdown.low);
  put (answer, "error_rate", number (answer, "error_rate_after"));
  put (answer, "error_increase", number (answer, "error_rate_after") - number (answer, "error_rate_before"));
  put (answer, "seconds", after);
  put (answer, "slowdown_percent", before > 0 ? 100 * (after / before - 1) : NAN);
  return TRUE;
}

/* The same numbers, beside those of the days before. */
static void
judge_trend (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  static const char *const columns[] = { "queries_after",    "queries_before",     "error_increase",
                                         "slowdown_percent", "error_increase_low", "slowdown_percent_low" };
  g_autoptr (GHashTable) answer = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      g_autofree char *key = g_strconcat ("query-performance.", columns[i], NULL);

      g_hash_table_insert (answer, (gpointer) columns[i], (gpointer) eros_work_get_value (work, key));
    }
  eros_work_step_judged (work, step, answer);
}

/* Before a deployment there is nothing that its boxes could be about. */
static void
prove (ErosWork *work, ErosWorkStep *step, const char *const *boxes)
{
  for (guint i = 0; *eros_work_get_argument (work, "deployed") != '\0' && boxes[i] != NULL; i++)
    eros_work_step_prove (step, boxes[i]);
}

static void
expect (ErosWorkStep *step, ErosExpectations enough, ErosExpectations expected)
{
  step->enough = (ErosExpectation *) enough.all;
  step->n_enough = enough.n;
  step->expectations = (ErosExpectation *) expected.all;
  step->n_expectations = expected.n;
}

typedef struct
{
  const char *name; /* of its file */
  const char *title;
  const char *summary;
  ErosExpectations enough;
  ErosExpectations expected;
  const char *const *boxes;
  ErosWorkAnswered answered; /* (nullable) */
} Look;

static const Look shipped[] = {
  { "query-performance", N_ ("Queries and errors"),
    N_ ("${queries_after} queries, ${error_rate} % failed, ${seconds} s on average"), ALL (queries_enough),
    ALL (queries_expected), queries_boxes, compare_performance },
  { "caption-availability", N_ ("Captions and assignments"),
    N_ ("${free_captions} captions are free, ${assignments_24h} assignments in 24 hours, "
        "${captions_assigned_twice} "
        "captions assigned twice"),
    NONE, ALL (availability_expected), availability_boxes, NULL },
  { "caption-locks", N_ ("Caption locks"), N_ ("${live_locks} locks, ${expired_locks} expired"), NONE,
    ALL (locks_expected), no_boxes, NULL },
  { "caption-performance", N_ ("Engagement"),
    N_ ("${views_after} views since the deployment, ${engagement_after} % engaged, EMV ${emv_after} a view; "
        "before "
        "${engagement_before} %, EMV ${emv_before}"),
    NONE, NONE, engagement_boxes, NULL },
  { "cost", N_ ("Cost"),
    N_ ("US$ ${cost_24h} in 24 hours; a day US$ ${daily_cost_after} since the deployment, US$ "
        "${daily_cost_before} "
        "before"),
    ALL (cost_enough), ALL (cost_expected), cost_boxes, NULL },
  { "data-integrity", N_ ("Data integrity"),
    N_ ("${impossible_statistics} impossible statistics, ${duplicate_statistics} duplicates, "
        "${orphaned_assignments} orphaned assignments in ${checked_rows} rows"),
    ALL (integrity_enough), ALL (integrity_expected), no_boxes, NULL },
};

static gboolean
add (ErosWork *work, const Look *look, GError **error)
{
  g_autofree char *path = g_strdup_printf ("monitoring/%s.sql", look->name);
  g_autofree char *sql = eros_plan_load_sql (path, error);
  ErosWorkStep *step;

  if (sql == NULL)
    return FALSE;
  step = eros_work_add (work, 0, look->name, _ (look->title));
  if (strstr (sql, "@since") != NULL)
    eros_work_step_add_parameter (step, "since", "TIMESTAMP", eros_work_get_argument (work, "since"));
  if (strstr (sql, "@price_per_tib") != NULL)
    eros_plan_add_price (work, step);
  if (strstr (sql, "@worths") != NULL)
    eros_work_step_add_parameter (
      step, "worths", "STRING",
      eros_runbook_get_worths (eros_deployment_get_runbook (eros_work_get_deployment (work))));
  step->sql = g_steal_pointer (&sql);
  step->sql_source = g_strdup_printf ("sql/%s", path);
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->summary = g_strdup (_ (look->summary));
  step->answered = look->answered;
  expect (step, look->enough, look->expected);
  prove (work, step, look->boxes);
  return TRUE;
}

static void
add_trend (ErosWork *work)
{
  ErosWorkStep *step =
    eros_work_add (work, 1, "query-trend", _ ("Queries and errors, beside the days before"));

  step->call = judge_trend;
  step->summary = g_strdup (
    _ ("${error_increase} points more queries fail, and they take ${slowdown_percent} % longer than "
       "at the same hours before"));
  expect (step, (ErosExpectations) ALL (trend_enough), (ErosExpectations) ALL (trend_expected));
  prove (work, step, trend_boxes);
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
  expect (step, (ErosExpectations){ verify->enough, verify->n_enough },
          (ErosExpectations){ verify->expectations, verify->n_expectations });
  prove (work, step, (const char *const *) look->proves);
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
  for (guint i = 0; i < G_N_ELEMENTS (shipped); i++)
    if (!add (work, &shipped[i], error))
      return FALSE;
  add_trend (work);
  return TRUE;
}

/* "15:00": when a slot is due, as a title has it */
static char *
name_moment (const ErosSlot *slot)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (slot->due / G_USEC_PER_SEC);

  return g_date_time_format (time, "%Y-%m-%d %H:%M UTC");
}

/* It comes after all others, so it comes to it when none has found anything wrong. */
static void
pass_round (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  eros_work_step_done (work, step, step->data);
}

/* What is seen by whoever looks in these minutes, and by the round as a whole. */
static void
add_round (ErosWork *work)
{
  ErosDeployment *deployment = eros_work_get_deployment (work);
  gint64 now = eros_timeline_get_now (deployment);
  g_autoptr (GPtrArray) slots = eros_watch_list (deployment, NULL, now);
  ErosWorkStep *step = NULL;
  g_autoptr (GString) moments = g_string_new (NULL);

  for (guint i = 0; i < slots->len; i++)
    {
      const ErosSlot *slot = g_ptr_array_index (slots, i);
      g_autofree char *moment = name_moment (slot);

      if (slot->state != EROS_SLOT_DUE && slot->state != EROS_SLOT_LATE)
        continue;
      g_string_append_printf (moments, "%s%s", moments->len > 0 ? ", " : "", moment);
      if (step == NULL)
        step = eros_work_add (work, 2, "round", _ ("The round as a whole"));
      if (slot->entry->check != NULL)
        eros_work_step_prove (step, slot->entry->check);
    }
  if (step == NULL)
    return;
  step->call = pass_round;
  step->data = g_strdup_printf (_ ("nothing was found wrong in the round that was due at %s"), moments->str);
  step->data_free = g_free;
}

/**
 * eros_plan_monitoring:
 * @work: an operation without steps; its argument "since" is when the deployment ended, "deployed" is empty
 * when none has
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
  if (looks->len == 0 && !add_shipped (work, error))
    return FALSE;
  add_round (work);
  return TRUE;
}
