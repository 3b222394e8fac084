/* eros-plan-parts.c: what several plans are made of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-plan-parts.h"
#include "eros-time-text.h"
#include "eros-timeline.h"

#include <glib/gi18n-lib.h>

#include "eros-backup-name.h"
const char *const *
eros_plan_get_tables (ErosWork *work, GError **error)
{
  const char *own = eros_operation_get_kind (eros_work_get_operation (work));
  /* A part has the tables of the whole. */
  const char *kind = eros_operation_kind_of (own) == EROS_OPERATION_KIND_ROLLBACK_PART
                       ? eros_operation_kind_get_name (EROS_OPERATION_KIND_ROLLBACK)
                       : own;
  ErosElement *element =
    eros_runbook_find_operation (eros_deployment_get_runbook (eros_work_get_deployment (work)), kind);
  const char *const *tables = element != NULL ? eros_element_get_tables (element) : NULL;

  if (tables == NULL)
    {
      g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED,
                   _ ("The runbook names no tables for “%s”."), kind);
      return NULL;
    }
  for (guint i = 0; tables[i] != NULL; i++)
    if (!g_regex_match_simple ("^[A-Za-z0-9_]{1,1024}$", tables[i], G_REGEX_DOLLAR_ENDONLY, 0))
      {
        g_set_error (
          error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
          _ ("“%s” cannot be a table: letters, digits and underscores are allowed. Correct the runbook."),
          tables[i]);
        return NULL;
      }
  return tables;
}

/* A record whose times are wrong is no evidence, and tokens are refused for it. */
#define CLOCK_TOLERANCE (5 * G_TIME_SPAN_MINUTE)

static gboolean
compare_clocks (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error)
{
  const char *now = g_hash_table_lookup (answer, "now");
  gint64 theirs = eros_time_parse (now);
  gint64 ours = eros_timeline_get_now (eros_work_get_deployment (work));
  g_autofree char *our_text = eros_time_format (ours, EROS_TIME_SECONDS);

  if (theirs != 0 && ABS (ours - theirs) <= CLOCK_TOLERANCE)
    return TRUE;
  g_set_error (
    error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
    _ ("This computer's clock says %1$s UTC, and BigQuery's %2$.19s UTC. Set this computer's clock, then go "
       "on: with a wrong one the record's times would be wrong."),
    our_text, now != NULL ? now : "");
  return FALSE;
}

void
eros_plan_add_clock (ErosWork *work, guint group)
{
  ErosWorkStep *step = eros_work_add (work, group, "clock", _ ("Ask the server for its time"));

  /* A table as it was is named by the millisecond. Snapshots have names of whole seconds: a name that is
   * taken in this one is followed by the next that is not. */
  step->sql = g_strdup (
    "WITH clock AS (SELECT TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), MILLISECOND) AS now),\n"
    "taken AS (\n"
    "  SELECT REGEXP_EXTRACT(table_id, r'_(?:backup|before_rollback)_([0-9]{8}_[0-9]{6})$') AS stamp\n"
    "  FROM `${project}.${dataset}.__TABLES__`\n"
    "),\n"
    "last AS (\n"
    "  SELECT MAX(taken.stamp) AS stamp\n"
    "  FROM taken CROSS JOIN clock\n"
    "  WHERE taken.stamp >= FORMAT_TIMESTAMP('%Y%m%d_%H%M%S', clock.now)\n"
    "    AND taken.stamp <= FORMAT_TIMESTAMP('%Y%m%d_%H%M%S', TIMESTAMP_ADD(clock.now, INTERVAL 1 MINUTE))\n"
    ")\n"
    "SELECT CAST(clock.now AS STRING) AS now,\n"
    "  FORMAT_TIMESTAMP('%Y%m%d_%H%M%S', IFNULL(\n"
    "    TIMESTAMP_ADD(PARSE_TIMESTAMP('%Y%m%d_%H%M%S', last.stamp), INTERVAL 1 SECOND), clock.now)) AS "
    "stamp\n"
    "FROM clock CROSS JOIN last");
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->is_free = TRUE; /* it reads what there is, and no rows */
  step->answered = compare_clocks;
  step->summary = g_strdup ("${now}");
}

char *
eros_plan_get_folder (ErosWork *work)
{
  return eros_backup_name_get_folder (eros_work_get_value (work, "clock.stamp"));
}

ErosWorkStep *
eros_plan_add_for_table (ErosWork *work, guint group, const char *what, const char *title, const char *table)
{
  g_autofree char *id = g_strdup_printf ("%s/%s", what, table);
  g_autoptr (GString) full_title = g_string_new (title);
  ErosWorkStep *step;

  g_string_replace (full_title, "%s", table, 1);
  step = eros_work_add (work, group, id, full_title->str);
  step->data = g_strdup (table);
  step->data_free = g_free;
  return step;
}

void
eros_plan_add_price (ErosWork *work, ErosWorkStep *step)
{
  g_autofree char *price =
    eros_connection_dup_price_per_tib (eros_big_query_get_connection (eros_work_get_big_query (work)));

  eros_work_step_add_parameter (step, "price_per_tib", "NUMERIC", price);
}

char *
eros_plan_load_sql (const char *path, GError **error)
{
  g_autofree char *resource = g_strdup_printf ("%s/sql/%s", EROS_RESOURCE_BASE, path);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (resource, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;
}

const ErosExpectation *
eros_plan_expect_same (void)
{
  static const ErosExpectation same = { (char *) "same", (char *) "=", (char *) "true" };

  return &same;
}

gboolean
eros_plan_is_no_verdict (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || eros_big_query_error_may_pass (error) ||
         eros_big_query_error_is_sign_in (error);
}

char *
eros_plan_say_unread (const char *bucket, const GError *error)
{
  /* Translators: %1$s: a bucket, %2$s: what the server said */
  return g_strdup_printf (_ ("gs://%1$s may not be read, so that nobody knows what it has: %2$s"),
                          bucket != NULL ? bucket : "", error->message);
}
