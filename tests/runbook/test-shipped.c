/* test-shipped.c: the runbook that comes with the program is the whole paper checklist
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "eros-runbook.h"

static ErosRunbook *
load (void)
{
  g_autoptr (GError) error = NULL;
  ErosRunbook *runbook = eros_runbook_load_default (&error);

  g_assert_no_error (error);
  return runbook;
}

/* Every element of the phases, or of the appendix, in the order of the page. */
static GPtrArray *
collect (GListModel *sections, GPtrArray *into)
{
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint k = 0; k < g_list_model_get_n_items (elements); k++)
        g_ptr_array_add (into, g_list_model_get_item (elements, k));
    }
  return into;
}

static GPtrArray *
collect_all (ErosRunbook *runbook)
{
  GPtrArray *elements = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *phases = eros_runbook_get_phases (runbook);

  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      collect (eros_phase_get_sections (phase), elements);
    }
  return collect (eros_runbook_get_appendix (runbook), elements);
}

static void
test_wording (void)
{
  g_autoptr (ErosRunbook) runbook = load ();
  g_autoptr (GPtrArray) elements = collect_all (runbook);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "runbook", "check-boxes.txt", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 0; i < elements->len; i++)
    {
      ErosElement *element = g_ptr_array_index (elements, i);

      if (eros_element_get_kind (element) == EROS_ELEMENT_CHECK)
        g_assert_cmpstr (eros_element_get_text (element), ==, lines[n++]);
    }
  g_assert_cmpuint (n, ==, 114);
  g_assert_null (lines[n]);
}

static void
test_phases (void)
{
  static const char *const titles[] = { "Pre-Deployment Preparation", "Backup Procedures",
                                        "Pre-Deployment Validation",  "Deployment Execution",
                                        "Post-Deployment Monitoring", "Rollback Procedures",
                                        "Deployment Sign-Off",        "Post-Deployment Activities" };
  g_autoptr (ErosRunbook) runbook = load ();
  GListModel *phases = eros_runbook_get_phases (runbook);

  g_assert_cmpuint (g_list_model_get_n_items (phases), ==, G_N_ELEMENTS (titles));
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      g_assert_cmpuint (eros_phase_get_number (phase), ==, i);
      g_assert_cmpstr (eros_phase_get_title (phase), ==, titles[i]);
      g_assert_cmpint (eros_phase_is_contingency (phase), ==, i == 5);
      g_assert_true (eros_runbook_find_phase (runbook, eros_phase_get_id (phase)) == phase);
    }
}

static guint
count_blanks (const char *text)
{
  guint n = 0;

  for (const char *p = text; (p = strstr (p, "____")) != NULL; n++)
    p += strspn (p, "_");
  return n;
}

static guint
n_fields (ErosElement *element)
{
  return g_list_model_get_n_items (eros_element_get_fields (element));
}

/* 2 of the head (the third is filled in on paper), 32 behind check boxes, 5 of the backup's metadata, 8 of
 * the table and its 4 improvements, which are computed; 9 of the sign-offs and their status, 8 of the
 * contacts. */
static void
test_blanks (void)
{
  g_autoptr (ErosRunbook) runbook = load ();
  g_autoptr (GPtrArray) elements = collect_all (runbook);
  guint blanks = 0, forms = 0, sign_offs = 0;

  for (guint i = 0; i < elements->len; i++)
    {
      ErosElement *element = g_ptr_array_index (elements, i);
      guint of_text = count_blanks (eros_element_get_text (element));

      g_assert_cmpuint (n_fields (element), >=, of_text);
      blanks += of_text;
      if (g_str_has_prefix (eros_element_get_id (element), "contacts."))
        forms += n_fields (element);
      if (eros_element_get_kind (element) == EROS_ELEMENT_SIGN_OFF)
        sign_offs += n_fields (element);
    }
  g_assert_cmpuint (blanks, ==, 2 + 1 + 5 + 4 + 8 + 1);
  g_assert_cmpuint (forms, ==, 4 * 3);
  g_assert_cmpuint (sign_offs, ==, 3 * 4);
  g_assert_cmpuint (n_fields (eros_runbook_find_element (runbook, "backup.verification.metadata")), ==, 5);
  g_assert_cmpuint (g_list_model_get_n_items (eros_runbook_get_details (runbook)), ==, 3);
}

static void
assert_field (ErosRunbook *runbook, const char *id, ErosFieldType type, const char *unit)
{
  ErosField *field = eros_runbook_find_field (runbook, id);

  g_assert_nonnull (field);
  g_assert_cmpint (eros_field_get_field_type (field), ==, type);
  g_assert_cmpstr (eros_field_get_unit (field), ==, unit);
}

static void
test_types (void)
{
  g_autoptr (ErosRunbook) runbook = load ();

  assert_field (runbook, "details.deployment-date", EROS_FIELD_DATE, NULL);
  assert_field (runbook, "preparation.environment.project.id", EROS_FIELD_PROJECT, NULL);
  assert_field (runbook, "backup.verification.metadata.total-size", EROS_FIELD_BYTES, NULL);
  assert_field (runbook, "backup.verification.metadata.timestamp", EROS_FIELD_TIMESTAMP, NULL);
  assert_field (runbook, "preparation.environment.dataset.name", EROS_FIELD_DATASET, NULL);
  assert_field (runbook, "validation.health.row-counts.expected-caption-bank", EROS_FIELD_COUNT, "rows");
  assert_field (runbook, "validation.baseline.query-time.value", EROS_FIELD_NUMBER, "seconds");
  assert_field (runbook, "validation.baseline.caption-selection-time.value", EROS_FIELD_NUMBER, "ms");
  assert_field (runbook, "validation.baseline.daily-cost.value", EROS_FIELD_MONEY, NULL);
  assert_field (runbook, "validation.baseline.distribution-effectiveness.value", EROS_FIELD_PERCENTAGE, NULL);
  assert_field (runbook, "deployment.phase-1.start.time", EROS_FIELD_TIMESTAMP, NULL);
  assert_field (runbook, "deployment.phase-2-sign-off.performance.time", EROS_FIELD_TIME, NULL);
  assert_field (runbook, "rollback.steps.declare.time", EROS_FIELD_TIME, NULL);
  assert_field (runbook, "sign-off.confirmation.deployment-lead.status", EROS_FIELD_CHOICE, NULL);
}

static void
test_templates (void)
{
  g_autoptr (ErosRunbook) runbook = load ();
  guint n;

  g_assert_cmpstr (
    eros_element_get_subject (eros_runbook_find_element (runbook, "preparation.notification.email")), ==,
    "EROS Scheduling System Deployment - [DATE] at [TIME]");
  eros_element_get_placeholders (eros_runbook_find_element (runbook, "preparation.notification.email"), &n);
  g_assert_cmpuint (n, ==, 8);
  g_assert_cmpstr (
    eros_element_get_subject (eros_runbook_find_element (runbook, "rollback.notification.email")), ==,
    "URGENT - EROS Scheduling System Rollback Initiated");
  eros_element_get_placeholders (eros_runbook_find_element (runbook, "rollback.notification.email"), &n);
  g_assert_cmpuint (n, ==, 7);
}

static const ErosScheduleEntry *
entries (ErosRunbook *runbook, const char *id, guint expected)
{
  guint n;
  const ErosScheduleEntry *schedule = eros_element_get_schedule (eros_runbook_find_element (runbook, id), &n);

  g_assert_cmpuint (n, ==, expected);
  return schedule;
}

static void
test_schedules (void)
{
  static const int hours[] = { 9, 15, 21 };
  static const int days[] = { 1, 2, 3, 7 };
  g_autoptr (ErosRunbook) runbook = load ();
  const ErosScheduleEntry *schedule = entries (runbook, "monitoring.immediate.schedule", 1);

  g_assert_true (schedule->start_s == 0 && schedule->end_s == 2 * 3600 && schedule->every_s == 15 * 60);
  schedule = entries (runbook, "monitoring.short-term.schedule", 1);
  g_assert_true (schedule->start_s == 2 * 3600 && schedule->end_s == 24 * 3600 &&
                 schedule->every_s == 2 * 3600);
  schedule = entries (runbook, "monitoring.daily.schedule", 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (schedule[i].time_of_day_s, ==, hours[i] * 3600);
  schedule = entries (runbook, "monitoring.long-term.schedule", 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpint (schedule[i].start_s, ==, days[i] * 86400);
}

static void
assert_criterion (const ErosCriterion *c, const char *metric, const char *op, const char *threshold)
{
  g_assert_cmpstr (c->metric, ==, metric);
  g_assert_cmpstr (c->op, ==, op);
  g_assert_cmpstr (c->threshold, ==, threshold);
}

static void
test_criteria (void)
{
  g_autoptr (ErosRunbook) runbook = load ();
  guint n;
  const ErosCriterion *c =
    eros_element_get_criteria (eros_runbook_find_element (runbook, "monitoring.success.criteria"), &n);

  g_assert_cmpuint (n, ==, 5);
  assert_criterion (&c[0], "query-success-rate", ">=", "95");
  assert_criterion (&c[1], "cost-increase", "<", "5");
  assert_criterion (&c[2], "emv-improvement", ">=", "10");
  assert_criterion (&c[3], NULL, NULL, NULL);
  assert_criterion (&c[4], "data-integrity-issues", "=", "0");
  c = eros_element_get_criteria (eros_runbook_find_element (runbook, "rollback.decision.criteria"), &n);
  g_assert_cmpuint (n, ==, 6);
  assert_criterion (&c[0], "corrupted-rows", ">", "0");
  assert_criterion (&c[1], "query-failure-rate", ">", "10");
  assert_criterion (&c[2], "performance-degradation", ">", "50");
  assert_criterion (&c[3], "cost-increase", ">", "25");
  g_assert_cmpstr (c[5].text, ==, "Unrecoverable error in deployment");
}

/* A check fills its field, and its query is in the runbook itself. */
static void
test_checks (void)
{
  static const struct
  {
    const char *element, *builtin, *field;
  } checks[] = {
    { "preparation.environment.project", "connection.project", "preparation.environment.project.id" },
    { "preparation.environment.dataset", "connection.dataset", "preparation.environment.dataset.name" },
    { "preparation.environment.permissions", "connection.permissions", NULL },
    { "preparation.environment.client", "command.bq", NULL },
    { "preparation.environment.bucket", "connection.bucket", NULL },
    { "preparation.environment.network", "connection.network", NULL },
    { "validation.health.row-counts", NULL, NULL },
    { "validation.health.corruption", NULL, NULL },
    { "validation.health.orphans", NULL, NULL },
    { "validation.health.foreign-keys", NULL, NULL },
    { "validation.health.scheduled-queries", "transfer.scheduled-queries", NULL },
    { "validation.baseline.query-time", NULL, "validation.baseline.query-time.value" },
    { "validation.baseline.caption-selection-time", NULL,
      "validation.baseline.caption-selection-time.value" },
    { "validation.baseline.slot-usage", NULL, "validation.baseline.slot-usage.value" },
    { "validation.baseline.daily-cost", NULL, "validation.baseline.daily-cost.value" },
    { "validation.baseline.distribution-effectiveness", NULL,
      "validation.baseline.distribution-effectiveness.value" },
  };
  g_autoptr (ErosRunbook) runbook = load ();

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      ErosElement *element = eros_runbook_find_element (runbook, checks[i].element);
      const ErosCheckBinding *check = eros_element_get_check_binding (element);

      g_assert_nonnull (check);
      g_assert_cmpstr (check->builtin, ==, checks[i].builtin);
      if (checks[i].builtin == NULL)
        {
          g_assert_nonnull (strstr (check->sql, "SELECT"));
          g_assert_true (g_str_has_prefix (check->sql_source, "sql/"));
          g_assert_nonnull (check->summary);
        }
      if (checks[i].field != NULL)
        g_assert_cmpstr (check->fills[0], ==, checks[i].field);
      else
        g_assert_null (check->fills);
    }
}

static void
test_gates (void)
{
  g_autoptr (ErosRunbook) runbook = load ();
  GListModel *gates = eros_runbook_get_gates (runbook);
  g_autoptr (GHashTable) required = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      for (guint k = 0; g_strv_contains (eros_gate_get_guards (gate), "deploy-phase1") &&
                        eros_gate_get_requires (gate)[k] != NULL;
           k++)
        g_hash_table_add (required, (gpointer) eros_gate_get_requires (gate)[k]);
    }
  g_assert_true (g_hash_table_contains (required, "backup.verification.completed"));
  g_assert_true (g_hash_table_contains (required, "preparation.sign-off.product-owner"));
  g_assert_true (g_hash_table_contains (required, "preparation.sign-off.technical-lead"));
  g_assert_true (g_hash_table_contains (required, "validation.health.corruption"));
}

static void
test_operations (void)
{
  static const struct
  {
    const char *element, *operation, *phase;
  } operations[] = {
    { "preparation.testing.prove", "prove", "preparation" },
    { "backup.execution.run", "backup", "backup" },
    { "deployment.phase-1.run", "deploy-phase1", "deployment" },
    { "deployment.phase-2.run", "deploy-phase2", "deployment" },
    { "deployment.comparison.run", "comparison", "deployment" },
    { "monitoring.immediate.run", "monitoring", "monitoring" },
    { "rollback.steps.run", "rollback", "rollback" },
  };
  g_autoptr (ErosRunbook) runbook = load ();

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      ErosElement *element = eros_runbook_find_element (runbook, operations[i].element);

      g_assert_cmpint (eros_element_get_kind (element), ==, EROS_ELEMENT_OPERATION);
      g_assert_cmpstr (eros_element_get_operation (element), ==, operations[i].operation);
      g_assert_cmpstr (eros_phase_get_id (eros_runbook_phase_of (runbook, operations[i].element)), ==,
                       operations[i].phase);
    }
}

/* A paper line that names an old script says what replaces it. */
static void
test_scripts_have_hints (void)
{
  g_autoptr (ErosRunbook) runbook = load ();
  g_autoptr (GPtrArray) elements = collect_all (runbook);

  for (guint i = 0; i < elements->len; i++)
    {
      ErosElement *element = g_ptr_array_index (elements, i);
      const char *text = eros_element_get_text (element);

      if (strstr (text, ".sh") != NULL || strstr (text, "gsutil") != NULL || strstr (text, "bq ") != NULL)
        g_assert_nonnull (eros_element_get_hint (element));
    }
}

static void
test_appendix (void)
{
  g_autoptr (ErosRunbook) runbook = load ();
  ErosElement *path = eros_runbook_find_element (runbook, "escalation.path");
  ErosElement *history = eros_runbook_find_element (runbook, "revision-history.table");
  const char *const *row = g_ptr_array_index (eros_element_get_rows (history), 0);

  g_assert_true (eros_element_get_is_numbered (path));
  g_assert_cmpstr (eros_element_get_items (path)[3], ==, "CTO (critical business impact)");
  g_assert_cmpstr (eros_element_get_columns (history)[2], ==, "Author");
  g_assert_cmpstr (row[2], ==, "Deployment Engineer");
  g_assert_null (eros_runbook_phase_of (runbook, "escalation.path"));
  g_assert_nonnull (
    strstr (eros_element_get_text (eros_runbook_find_element (runbook, "quick-reference.monitoring")),
            "bq ls -j -a -n 50 | grep FAILURE"));
}

static void
test_round_trip (void)
{
  g_autoptr (ErosRunbook) runbook = load ();
  const char *json = eros_runbook_get_json (runbook);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) again = eros_runbook_parse (json, -1, "again.json", &error);
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, json, -1);

  g_assert_no_error (error);
  g_assert_cmpstr (eros_runbook_get_json (again), ==, json);
  g_assert_cmpstr (eros_runbook_get_sha256 (again), ==, eros_runbook_get_sha256 (runbook));
  g_assert_cmpstr (sha256, ==, eros_runbook_get_sha256 (runbook));
  g_assert_null (strstr (json, "sql_file"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runbook/shipped/every-check-box-word-for-word", test_wording);
  g_test_add_func ("/runbook/shipped/the-eight-phases", test_phases);
  g_test_add_func ("/runbook/shipped/every-blank-is-a-field", test_blanks);
  g_test_add_func ("/runbook/shipped/blanks-are-typed", test_types);
  g_test_add_func ("/runbook/shipped/both-messages", test_templates);
  g_test_add_func ("/runbook/shipped/the-schedules", test_schedules);
  g_test_add_func ("/runbook/shipped/the-criteria-with-their-numbers", test_criteria);
  g_test_add_func ("/runbook/shipped/what-the-machine-checks", test_checks);
  g_test_add_func ("/runbook/shipped/no-deployment-without-backup-and-approval", test_gates);
  g_test_add_func ("/runbook/shipped/what-the-machine-does", test_operations);
  g_test_add_func ("/runbook/shipped/a-script-of-the-paper-says-what-replaces-it", test_scripts_have_hints);
  g_test_add_func ("/runbook/shipped/contacts-reference-and-history", test_appendix);
  g_test_add_func ("/runbook/shipped/written-and-read-again-it-is-the-same", test_round_trip);
  return g_test_run ();
}
