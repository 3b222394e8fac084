/* eros-plan.c: which steps an operation has, and what its end proves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-plan.h"

#include <glib/gi18n-lib.h>

#include "eros-record.h"

static const struct
{
  const char *kind;
  const char *title;
  const char *phase; /* of deploy operations */
  gboolean (*plan) (ErosWork *work, GError **error);
} plans[] = {
  { "backup", N_ ("Backup"), NULL, eros_plan_backup },
  { "deploy-phase1", N_ ("Deploy phase 1"), "phase1", NULL },
  { "deploy-phase2", N_ ("Deploy phase 2"), "phase2", NULL },
  { "comparison", N_ ("Comparison"), NULL, eros_plan_comparison },
  { "monitoring", N_ ("Monitoring round"), NULL, eros_plan_monitoring },
  { "revert", N_ ("Take one step back"), NULL, eros_plan_revert },
  { "rollback", N_ ("Rollback"), NULL, eros_plan_rollback },
  { "resume-schedules", N_ ("Resume scheduled queries"), NULL, eros_plan_resume_schedules },
};

gboolean
eros_plan_is_known (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (plans); i++)
    if (g_strcmp0 (plans[i].kind, kind) == 0)
      return TRUE;
  return FALSE;
}

static ErosElement *
find_in_section (ErosSection *section, const char *kind)
{
  GListModel *elements = eros_section_get_elements (section);

  for (guint i = 0; i < g_list_model_get_n_items (elements); i++)
    {
      g_autoptr (ErosElement) element = g_list_model_get_item (elements, i);

      if (eros_element_get_kind (element) == EROS_ELEMENT_OPERATION &&
          g_strcmp0 (eros_element_get_operation (element), kind) == 0)
        return element; /* the runbook keeps it alive */
    }
  return NULL;
}

ErosElement *
eros_plan_find_element (ErosController *controller, const char *kind)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (eros_controller_get_deployment (controller));
  GListModel *phases = eros_runbook_get_phases (runbook);

  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint j = 0; j < g_list_model_get_n_items (sections); j++)
        {
          g_autoptr (ErosSection) section = g_list_model_get_item (sections, j);
          ErosElement *element = find_in_section (section, kind);

          if (element != NULL)
            return element;
        }
    }
  return NULL;
}

const char *const *
eros_plan_get_tables (ErosWork *work, GError **error)
{
  const char *kind = eros_operation_get_kind (eros_work_get_operation (work));
  ErosElement *element = eros_plan_find_element (eros_work_get_controller (work), kind);
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
  g_autoptr (GDateTime) theirs = now != NULL ? g_date_time_new_from_iso8601 (now, NULL) : NULL;
  g_autoptr (GDateTime) ours = g_date_time_new_now_utc ();
  g_autofree char *our_text = g_date_time_format (ours, "%Y-%m-%d %H:%M:%S");

  if (theirs != NULL && ABS (g_date_time_difference (ours, theirs)) <= CLOCK_TOLERANCE)
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

  step->sql = g_strdup ("SELECT CAST(now AS STRING) AS now, FORMAT_TIMESTAMP('%Y%m%d_%H%M%S', now) AS stamp\n"
                        "FROM (SELECT CURRENT_TIMESTAMP() AS now)");
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->answered = compare_clocks;
  step->summary = g_strdup ("${now}");
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

/* TO_JSON_STRING is the same text for equal rows, and FARM_FINGERPRINT a good hash of it. XOR alone would
 * miss pairs of equal rows, and a sum alone may cancel out; together with the count they do not. */
char *
eros_plan_fingerprint_sql (const char *reference, const char *as_of)
{
  return g_strdup_printf ("SELECT\n"
                          "  COUNT(*) AS n_rows,\n"
                          "  IFNULL(BIT_XOR(FARM_FINGERPRINT(TO_JSON_STRING(t))), 0) AS checksum,\n"
                          "  IFNULL(SUM(MOD(FARM_FINGERPRINT(TO_JSON_STRING(t)), 1000000007)), 0) AS total\n"
                          "FROM %s AS t%s%s%s",
                          reference, as_of != NULL ? " FOR SYSTEM_TIME AS OF TIMESTAMP '" : "",
                          as_of != NULL ? as_of : "", as_of != NULL ? "'" : "");
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

/* ---- its end ------------------------------------------------------------------------------------------- */

static GHashTable *
results_of (ErosWork *work)
{
  ErosOperation *operation = eros_work_get_operation (work);
  GHashTable *results = g_object_get_data (G_OBJECT (operation), "eros-results");

  if (results == NULL)
    {
      results = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_object_set_data_full (G_OBJECT (operation), "eros-results", results,
                              (GDestroyNotify) g_hash_table_unref);
    }
  return results;
}

void
eros_plan_set_result (ErosWork *work, const char *name, const char *value)
{
  if (value != NULL)
    g_hash_table_insert (results_of (work), g_strdup (name), g_strdup (value));
}

/* A field is read and corrected by people, who have no use for microseconds. */
static char *
format_seconds (gint64 micros)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (micros / G_USEC_PER_SEC);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

static void
set_times (ErosWork *work)
{
  ErosOperation *operation = eros_work_get_operation (work);
  g_autofree char *started = format_seconds (eros_operation_get_started (operation));
  g_autofree char *ended = format_seconds (g_get_real_time ());
  g_autofree char *time_of_day = g_strndup (started + 11, 8);

  eros_plan_set_result (work, "started", started);
  eros_plan_set_result (work, "ended", ended);
  eros_plan_set_result (work, "started-time", time_of_day);
}

static JsonNode *
evidence_of (ErosWork *work)
{
  JsonObject *evidence = json_object_new ();
  g_autoptr (JsonArray) array = json_array_new ();
  GHashTableIter iter;
  const char *name;
  const char *value;

  json_object_set_string_member (evidence, "operation",
                                 eros_operation_get_id (eros_work_get_operation (work)));
  g_hash_table_iter_init (&iter, results_of (work));
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &value))
    json_object_set_string_member (evidence, name, value);
  json_array_add_object_element (array, evidence);
  return json_node_init_array (json_node_alloc (), array);
}

/* Fills in the fields and ticks the boxes that the runbook binds to the operation. */
static gboolean
conclude (ErosWork *work, GError **error)
{
  ErosDeployment *deployment = eros_controller_get_deployment (eros_work_get_controller (work));
  ErosOperation *operation = eros_work_get_operation (work);
  ErosElement *element =
    eros_plan_find_element (eros_work_get_controller (work), eros_operation_get_kind (operation));
  const char *const *fills = element != NULL ? eros_element_get_fills (element) : NULL;
  const char *const *proves = element != NULL ? eros_element_get_proves (element) : NULL;
  g_autoptr (JsonNode) evidence = NULL;
  const char *message = eros_operation_get_message (operation);

  set_times (work);
  evidence = evidence_of (work);
  for (guint i = 0; fills != NULL && fills[i] != NULL; i += 2)
    {
      const char *value = g_hash_table_lookup (results_of (work), fills[i + 1]);

      if (value != NULL && !eros_deployment_record_value (deployment, fills[i], value, evidence, error))
        return FALSE;
    }
  for (guint i = 0; proves != NULL && proves[i] != NULL; i++)
    if (!eros_deployment_record_check (deployment, proves[i], EROS_OUTCOME_PASS,
                                       message != NULL ? message : eros_operation_get_title (operation),
                                       evidence, error))
      return FALSE;
  return TRUE;
}

ErosWork *
eros_plan_make (ErosController *controller,
                ErosBigQuery *big_query,
                const char *id,
                const char *kind,
                JsonObject *arguments,
                GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autoptr (ErosWork) work = NULL;

      if (g_strcmp0 (plans[i].kind, kind) != 0)
        continue;
      work = eros_work_new (controller, big_query, id, kind, _ (plans[i].title), arguments);
      eros_work_set_conclusion (work, conclude);
      if (plans[i].phase != NULL ? !eros_plan_deploy (work, plans[i].phase, error)
                                 : !plans[i].plan (work, error))
        return NULL;
      return g_steal_pointer (&work);
    }
  g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED,
               _ ("This version does not do “%s” by itself yet: do it by hand, and tick what is done."),
               kind);
  return NULL;
}
