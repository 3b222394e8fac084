/* test-expectation.c: a wanted 1 is not found in a 10
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-controller.h"
#include "eros-expectation.h"

static ErosOutcome
judge (const char *actual, const char *op, const char *expected)
{
  g_autoptr (GHashTable) answer = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GError) error = NULL;
  ErosExpectation expectation = { (char *) "value", (char *) op, (char *) expected };
  g_autofree char *why = NULL;
  ErosOutcome outcome;

  g_hash_table_insert (answer, g_strdup ("value"), g_strdup (actual));
  outcome = eros_expectations_judge ((ErosExpectations){ NULL, 0 }, (ErosExpectations){ &expectation, 1 },
                                     answer, NULL, &why, &error);
  g_assert_no_error (error);
  g_assert_true ((outcome == EROS_OUTCOME_PASS) == (*why == '\0'));
  return outcome;
}

static gboolean
holds (const char *actual, const char *op, const char *expected)
{
  return judge (actual, op, expected) == EROS_OUTCOME_PASS;
}

static void
test_numbers_are_compared_as_numbers (void)
{
  g_assert_true (holds ("1", "=", "1"));
  g_assert_false (holds ("10", "=", "1"));
  g_assert_false (holds ("1", "=", "10"));
  g_assert_true (holds ("9", "<", "10"));
  g_assert_true (holds ("-1", "<", "0"));
  g_assert_true (holds ("0", "<=", "0"));
  g_assert_true (holds ("1.0", "=", "1"));
  g_assert_true (holds ("1e3", ">", "999.5"));
  g_assert_true (holds ("0.5", "between", "0..1"));
  g_assert_true (holds ("1", "between", "0..1"));
  g_assert_false (holds ("1.0000001", "between", "0..1"));
  g_assert_true (holds ("3", "!=", "4"));
  g_assert_false (holds ("9223372036854775807", "=", "9223372036854775806"));
}

static void
test_what_is_no_number_meets_nothing (void)
{
  g_assert_false (holds ("", "=", "0"));
  g_assert_false (holds ("0 rows", "=", "0"));
  g_assert_false (holds ("NaN", "=", "0"));
  g_assert_false (holds ("NaN", "!=", "0"));
  g_assert_false (holds ("NaN", "between", "0..1"));
  g_assert_cmpint (judge (NULL, "=", "0"), ==, EROS_OUTCOME_NOT_ENOUGH);
  g_assert_cmpint (judge (NULL, "!=", "0"), ==, EROS_OUTCOME_NOT_ENOUGH);
  g_assert_cmpint (judge ("1", "=", "0"), ==, EROS_OUTCOME_FAIL);
  g_assert_false (holds ("5", "about", "5"));
}

static void
test_booleans (void)
{
  g_assert_true (holds ("true", "=", "true"));
  g_assert_false (holds ("false", "=", "true"));
  g_assert_true (holds ("false", "!=", "true"));
  g_assert_false (holds ("1", "=", "true"));
  g_assert_false (holds ("true", ">", "false"));
}

static void
test_a_missing_column_is_an_error (void)
{
  g_autoptr (GHashTable) answer = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  ErosExpectation expectation = { (char *) "value", (char *) "=", (char *) "0" };
  g_autofree char *why = NULL;

  g_assert_cmpint (eros_expectations_judge ((ErosExpectations){ NULL, 0 },
                                            (ErosExpectations){ &expectation, 1 }, answer, NULL, &why,
                                            &error),
                   ==, EROS_OUTCOME_ERROR);
  g_assert_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED);
}

/* Conditions for saying anything come first, and one that fails outweighs one that says nothing. */
static void
test_nothing_is_proved_by_nothing (void)
{
  static const struct
  {
    const char *queries;
    const char *failed;
    ErosOutcome outcome;
  } cases[] = {
    { "0", "0", EROS_OUTCOME_NOT_ENOUGH },  { "0", "7", EROS_OUTCOME_NOT_ENOUGH },
    { NULL, "0", EROS_OUTCOME_NOT_ENOUGH }, { "9", "0", EROS_OUTCOME_PASS },
    { "9", "7", EROS_OUTCOME_FAIL },        { "9", NULL, EROS_OUTCOME_NOT_ENOUGH },
  };
  ErosExpectation enough = { (char *) "queries", (char *) ">", (char *) "0" };
  ErosExpectation expected[] = { { (char *) "failed", (char *) "=", (char *) "0" },
                                 { (char *) "queries", (char *) "<", (char *) "100" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) answer = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (GError) error = NULL;
      g_autofree char *why = NULL;

      g_hash_table_insert (answer, (gpointer) "queries", (gpointer) cases[i].queries);
      g_hash_table_insert (answer, (gpointer) "failed", (gpointer) cases[i].failed);
      g_assert_cmpint (eros_expectations_judge ((ErosExpectations){ &enough, 1 },
                                                (ErosExpectations){ expected, 2 }, answer, NULL, &why,
                                                &error),
                       ==, cases[i].outcome);
      g_assert_no_error (error);
    }
}

/* One column may be what another is held against; what is NULL is not known, on either side. */
static void
test_a_column_is_held_against_another (void)
{
  static const struct
  {
    const char *errors;
    const char *tolerated;
    ErosOutcome outcome;
  } cases[] = {
    { "2.5", "2.5", EROS_OUTCOME_PASS },
    { "2.51", "2.5", EROS_OUTCOME_FAIL },
    { "2.5", NULL, EROS_OUTCOME_NOT_ENOUGH },
    { NULL, "2.5", EROS_OUTCOME_NOT_ENOUGH },
  };
  ErosExpectation expected = { (char *) "errors", (char *) "<=", (char *) "${tolerated}" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) answer = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (GError) error = NULL;
      g_autofree char *why = NULL;

      g_hash_table_insert (answer, (gpointer) "errors", (gpointer) cases[i].errors);
      g_hash_table_insert (answer, (gpointer) "tolerated", (gpointer) cases[i].tolerated);
      g_assert_cmpint (eros_expectations_judge ((ErosExpectations){ NULL, 0 },
                                                (ErosExpectations){ &expected, 1 }, answer, NULL, &why,
                                                &error),
                       ==, cases[i].outcome);
      g_assert_no_error (error);
    }
}

static void
test_a_summary_holds_the_values (void)
{
  g_autoptr (GHashTable) answer = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *summary = NULL;

  g_hash_table_insert (answer, (gpointer) "bad", (gpointer) "3");
  summary = eros_expectation_summary ("${bad} of ${rows} rows, $bad, ${}", answer);
  g_assert_cmpstr (summary, ==, "3 of – rows, $bad, ${}");
}

/* Nobody reads seventeen digits, and what is not known is not said. */
static void
test_a_summary_is_for_people (void)
{
  static const struct
  {
    const char *value, *shown;
  } cases[] = {
    { "17.975528364849833", "17.98 %, as before" },
    { "0.18076580587711488", "0.1808 %, as before" },
    { "-2.600000001", "-2.60 %, as before" },
    { "0.0071", "0.0071 %, as before" },
    { "1234567890123456789", "1234567890123456789 %, as before" },
    { "2026-11-30.12345", "2026-11-30.12345 %, as before" },
    { NULL, "it is" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) answer = g_hash_table_new (g_str_hash, g_str_equal);
      g_autofree char *summary = NULL;
      g_autofree char *expected = g_strconcat ("it is", cases[i].value != NULL ? " " : "",
                                               cases[i].value != NULL ? cases[i].shown : "", NULL);

      g_hash_table_insert (answer, (gpointer) "share", (gpointer) cases[i].value);
      summary = eros_expectation_summary ("it is[ ${share} %, as before]", answer);
      g_assert_cmpstr (summary, ==, expected);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/controller/expectation/numbers-are-compared-as-numbers",
                   test_numbers_are_compared_as_numbers);
  g_test_add_func ("/controller/expectation/what-is-no-number-meets-nothing",
                   test_what_is_no_number_meets_nothing);
  g_test_add_func ("/controller/expectation/booleans", test_booleans);
  g_test_add_func ("/controller/expectation/a-missing-column-is-an-error", test_a_missing_column_is_an_error);
  g_test_add_func ("/controller/expectation/nothing-is-proved-by-nothing", test_nothing_is_proved_by_nothing);
  g_test_add_func ("/controller/expectation/a-column-is-held-against-another",
                   test_a_column_is_held_against_another);
  g_test_add_func ("/controller/expectation/a-summary-holds-the-values", test_a_summary_holds_the_values);
  g_test_add_func ("/controller/expectation/a-summary-is-for-people", test_a_summary_is_for_people);
  return g_test_run ();
}
