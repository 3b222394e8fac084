/* eros-production.c: what the users of the sample do while its clock goes on
 *
 * Queries, assignments and observations, as many as the sample's past has, healthy or ill in one way. Where
 * the tables of the sample are not, or have other columns, only the queries are there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-production.h"

#include "eros-call.h"
#include "eros-sample.h"

typedef struct
{
  const char *name;
  ErosSampleLoad load;
  guint engaged_percent; /* of what is observed; the sample's past has 18 */
  gboolean corrupts;
} Scenario;

static const Scenario SCENARIOS[] = {
  { "healthy", { 0.95, 4, 1 }, 22, FALSE }, { "slow", { 2.5, 8, 1 }, 18, FALSE },
  { "failing", { 1, 200, 1 }, 18, FALSE },  { "dear", { 1, 8, 2 }, 18, FALSE },
  { "corrupt", { 1, 8, 1 }, 18, TRUE },
};

/* As many as end in that time are assigned anew, the oldest ones' captions left to rest. */
static const char ASSIGN[] =
  "DECLARE n INT64 DEFAULT (\n"
  "  SELECT CAST(CEIL(COUNT(*) * LEAST(%2$" G_GINT64_FORMAT ", 604800) / 604800) AS INT64)\n"
  "  FROM eros_platform.active_caption_assignments);\n"
  "INSERT INTO eros_platform.active_caption_assignments\n"
  "  (caption_id, account_id, assigned_at, schedule_id, expires_at)\n"
  "WITH free AS (\n"
  "  SELECT caption_id, ROW_NUMBER() OVER (ORDER BY MOD(caption_id * 7919 + %1$" G_GINT64_FORMAT
  ", 1000003)) AS number\n"
  "  FROM eros_platform.caption_bank AS bank\n"
  "  WHERE is_active AND NOT EXISTS (\n"
  "    SELECT 1 FROM eros_platform.active_caption_assignments AS taken WHERE taken.caption_id = "
  "bank.caption_id)\n"
  ")\n"
  "SELECT caption_id, FORMAT('acct_%%05d', MOD(caption_id, 2000) + 1),\n"
  "  TIMESTAMP_SECONDS(%1$" G_GINT64_FORMAT " + DIV(number * %2$" G_GINT64_FORMAT ", n + 1)),\n"
  "  FORMAT('sched_%1$" G_GINT64_FORMAT "_%%d', number),\n"
  "  TIMESTAMP_SECONDS(%1$" G_GINT64_FORMAT " + DIV(number * %2$" G_GINT64_FORMAT ", n + 1) + 604800)\n"
  "FROM free WHERE number <= n;\n"
  "DELETE FROM eros_platform.active_caption_assignments WHERE caption_id IN (\n"
  "  SELECT caption_id FROM (\n"
  "    SELECT caption_id, ROW_NUMBER() OVER (ORDER BY expires_at, caption_id) AS number\n"
  "    FROM eros_platform.active_caption_assignments)\n"
  "  WHERE number <= n)";

static const char OBSERVE[] =
  "DECLARE n INT64 DEFAULT (\n"
  "  SELECT CAST(CEIL(COUNT(*) / 90 * %2$" G_GINT64_FORMAT " / 86400) AS INT64)\n"
  "  FROM eros_platform.caption_performance_log);\n"
  "INSERT INTO eros_platform.caption_performance_log (caption_id, account_id, engaged, observed_at, "
  "processed)\n"
  "WITH active AS (\n"
  "  SELECT ARRAY_AGG(STRUCT(caption_id, account_id) ORDER BY assigned_at DESC, caption_id) AS list\n"
  "  FROM eros_platform.active_caption_assignments)\n"
  "SELECT list[OFFSET(MOD(number, ARRAY_LENGTH(list)))].caption_id,\n"
  "  list[OFFSET(MOD(number, ARRAY_LENGTH(list)))].account_id,\n"
  "  MOD(DIV(%1$" G_GINT64_FORMAT " * 31 + number * 7919, 7), 100) < %3$u,\n"
  "  TIMESTAMP_SECONDS(%1$" G_GINT64_FORMAT " + DIV(number * %2$" G_GINT64_FORMAT ", n + 1)), FALSE\n"
  "FROM active, UNNEST(GENERATE_ARRAY(1, n)) AS number";

static const char CORRUPT[] =
  "UPDATE eros_platform.caption_bandit_stats SET engagement_count = total_views + 1\n"
  "WHERE MOD(caption_id, 1000) = 7";

static const Scenario *
find_scenario (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (SCENARIOS); i++)
    if (g_str_equal (SCENARIOS[i].name, name))
      return &SCENARIOS[i];
  return NULL;
}

/* It comes to nothing where the tables are not those of the sample. */
static void
run (ErosEngine *engine, const char *project, const char *sql)
{
  ErosEngineRequest request = {
    .project = project, .job_id = "production", .user_email = "production", .query = sql
  };
  g_autoptr (ErosEngineResult) result = eros_engine_run (engine, &request, NULL);

  if (result->error_message != NULL)
    g_debug ("production: %s", result->error_message);
}

/**
 * eros_production_go_on:
 * @engine: the engine
 * @project: whose data set it is
 * @scenario: how they fare
 * @from: microseconds since 1970
 * @to: the same, later
 * @error: return location for a #GError
 *
 * Returns: whether what production does in that time is there
 */
gboolean
eros_production_go_on (ErosEngine *engine,
                       const char *project,
                       const char *scenario,
                       gint64 from,
                       gint64 to,
                       GError **error)
{
  const Scenario *found = find_scenario (scenario);
  gint64 seconds = (to - from) / G_USEC_PER_SEC;
  g_autofree char *assign = NULL;
  g_autofree char *observe = NULL;

  if (found == NULL)
    {
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                   "“%s” is no scenario; say healthy, slow, failing, dear or corrupt", scenario);
      return FALSE;
    }
  if (!eros_sample_go_on (eros_engine_get_store (engine), project, &found->load, from, to, error))
    return FALSE;
  assign = g_strdup_printf (ASSIGN, from / G_USEC_PER_SEC, seconds);
  observe = g_strdup_printf (OBSERVE, from / G_USEC_PER_SEC, seconds, found->engaged_percent);
  run (engine, project, assign);
  run (engine, project, observe);
  if (found->corrupts)
    run (engine, project, CORRUPT);
  return TRUE;
}
