/* eros-expectation.c: whether an answer is what was expected
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-expectation.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "eros-controller-error.h"

#define PLACEHOLDER  "\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}"
#define MAX_DECIMALS 4

/* A number as BigQuery writes it: exact while it is an integer, which money in NUMERIC and counts are
 * compared as. */
typedef struct
{
  gboolean is_integer;
  gint64 integer;
  double real;
} Number;

static gboolean
parse_number (const char *text, Number *number)
{
  char *end = NULL;

  number->is_integer = g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &number->integer, NULL);
  if (number->is_integer)
    {
      number->real = number->integer;
      return TRUE;
    }
  number->real = g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

/* <0, 0, >0; NaN compares with nothing: FALSE */
static gboolean
compare (const Number *a, const Number *b, int *order)
{
  if (isnan (a->real) || isnan (b->real))
    return FALSE;
  if (a->is_integer && b->is_integer)
    *order = (a->integer > b->integer) - (a->integer < b->integer);
  else
    *order = (a->real > b->real) - (a->real < b->real);
  return TRUE;
}

static gboolean
order_satisfies (int order, const char *op)
{
  if (g_str_equal (op, "="))
    return order == 0;
  if (g_str_equal (op, "!="))
    return order != 0;
  if (g_str_equal (op, "<"))
    return order < 0;
  if (g_str_equal (op, "<="))
    return order <= 0;
  if (g_str_equal (op, ">"))
    return order > 0;
  return g_str_equal (op, ">=") && order >= 0;
}

static gboolean
is_bool (const char *text)
{
  return g_str_equal (text, "true") || g_str_equal (text, "false");
}

static gboolean
is_between (const Number *actual, const char *range)
{
  g_auto (GStrv) ends = g_strsplit (range, "..", 2);
  Number low, high;
  int order;

  return g_strv_length (ends) == 2 && parse_number (ends[0], &low) && parse_number (ends[1], &high) &&
         compare (actual, &low, &order) && order >= 0 && compare (actual, &high, &order) && order <= 0;
}

static gboolean
value_satisfies (const char *actual, const char *op, const char *expected)
{
  Number left, right;
  int order;

  if (is_bool (expected) || is_bool (actual))
    return g_str_equal (op, "!=") ? !g_str_equal (actual, expected)
                                  : g_str_equal (op, "=") && g_str_equal (actual, expected);
  if (!parse_number (actual, &left))
    return FALSE;
  if (g_str_equal (op, "between"))
    return is_between (&left, expected);
  return parse_number (expected, &right) && compare (&left, &right, &order) && order_satisfies (order, op);
}

/* What it is compared with: a constant, another column of the answer, or what a field holds; "" is not known.
 */
static const char *
expected_value (const char *value, GHashTable *answer, ErosDeployment *deployment, char **name)
{
  gsize length = strlen (value);
  const char *other = NULL;

  if (!g_str_has_prefix (value, "${") || value[length - 1] != '}')
    return value;
  *name = g_strndup (value + 2, length - 3);
  if (g_hash_table_lookup_extended (answer, *name, NULL, (gpointer *) &other))
    return other != NULL ? other : "";
  return deployment != NULL ? eros_deployment_get_value (deployment, *name) : "";
}

/* What one comparison says; why: (out) (transfer full): a clause for people when it does not hold. A NULL is
 * what SQL does not know, and neither do we. */
static ErosOutcome
judge_one (const ErosExpectation *expectation,
           GHashTable *answer,
           ErosDeployment *deployment,
           char **why,
           GError **error)
{
  g_autofree char *name = NULL;
  const char *expected = expected_value (expectation->value, answer, deployment, &name);
  const char *actual = NULL;

  if (!g_hash_table_lookup_extended (answer, expectation->column, NULL, (gpointer *) &actual))
    {
      g_set_error (
        error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
        _ ("The answer has no column “%s”, which the check compares. Correct the query or the runbook."),
        expectation->column);
      return EROS_OUTCOME_ERROR;
    }
  if (name != NULL && *expected == '\0')
    {
      /* Translators: “caption_bank_rows is 5000, and there is no value to compare it with” */
      *why = g_strdup_printf (_ ("%s is %s, and there is no value to compare it with"), expectation->column,
                              actual != NULL ? actual : "NULL");
      return EROS_OUTCOME_NOT_ENOUGH;
    }
  if (actual == NULL)
    {
      *why = g_strdup_printf (_ ("%s is not known"), expectation->column);
      return EROS_OUTCOME_NOT_ENOUGH;
    }
  if (value_satisfies (actual, expectation->op, expected))
    return EROS_OUTCOME_PASS;
  /* Translators: “bad_rows is 3, expected = 0” */
  *why =
    g_strdup_printf (_ ("%s is %s, expected %s %s"), expectation->column, actual, expectation->op, expected);
  return EROS_OUTCOME_FAIL;
}

static void
add_clause (GString *clauses, const char *clause)
{
  g_string_append_printf (clauses, "%s%s", clauses->len > 0 ? "; " : "", clause);
}

/* Whether there is enough to judge at all. */
static gboolean
is_enough (ErosExpectations enough,
           GHashTable *answer,
           ErosDeployment *deployment,
           GString *clauses,
           GError **error)
{
  for (guint i = 0; i < enough.n; i++)
    {
      g_autofree char *why = NULL;
      ErosOutcome outcome = judge_one (&enough.all[i], answer, deployment, &why, error);

      if (outcome != EROS_OUTCOME_PASS && why != NULL)
        add_clause (clauses, why);
      if (outcome != EROS_OUTCOME_PASS)
        return FALSE;
    }
  return TRUE;
}

/**
 * eros_expectations_judge:
 * @enough: what must hold before anything can be said
 * @expected: what must hold then
 * @answer: the single row of the query's answer
 * @deployment: (nullable): whose fields it may be compared with
 * @why: (out) (transfer full): clauses for people about what does not hold; empty when all does
 * @error: return location for %EROS_CONTROLLER_ERROR when the answer lacks a column
 *
 * A comparison with a NULL or with a blank field says nothing, and then neither does the whole, unless
 * another comparison fails.
 *
 * Returns: %EROS_OUTCOME_PASS, %EROS_OUTCOME_FAIL, %EROS_OUTCOME_NOT_ENOUGH; %EROS_OUTCOME_ERROR with @error
 * set
 */
ErosOutcome
eros_expectations_judge (ErosExpectations enough,
                         ErosExpectations expected,
                         GHashTable *answer,
                         ErosDeployment *deployment,
                         char **why,
                         GError **error)
{
  g_autoptr (GString) clauses = g_string_new (NULL);
  GError *problem = NULL;
  ErosOutcome worst = EROS_OUTCOME_PASS;

  gboolean can_say = is_enough (enough, answer, deployment, clauses, &problem);

  if (!can_say)
    worst = problem != NULL ? EROS_OUTCOME_ERROR : EROS_OUTCOME_NOT_ENOUGH;
  for (guint i = 0; can_say && worst != EROS_OUTCOME_ERROR && i < expected.n; i++)
    {
      g_autofree char *clause = NULL;
      ErosOutcome outcome = judge_one (&expected.all[i], answer, deployment, &clause, &problem);

      if (clause != NULL)
        add_clause (clauses, clause);
      if (outcome == EROS_OUTCOME_ERROR || outcome == EROS_OUTCOME_FAIL || worst == EROS_OUTCOME_PASS)
        worst = outcome;
    }
  if (problem != NULL)
    g_propagate_error (error, problem);
  *why = g_string_free (g_steal_pointer (&clauses), FALSE);
  return worst;
}

static void
add_expected (GString *text, ErosExpectations expectations, GHashTable *answer, ErosDeployment *deployment)
{
  for (guint i = 0; i < expectations.n; i++)
    {
      const ErosExpectation *one = &expectations.all[i];
      g_autofree char *name = NULL;
      const char *expected = expected_value (one->value, answer, deployment, &name);

      /* What nobody has said was not compared. */
      if (*expected != '\0')
        g_string_append_printf (text, "%s%s %s %s", text->len > 0 ? ", " : "", one->column, one->op,
                                expected);
    }
}

/**
 * eros_expectations_note:
 * @evidence: of a job
 * @enough: what must hold before anything can be said
 * @expected: what must hold then
 * @answer: the single row of the query's answer
 * @deployment: (nullable): whose fields it may be compared with
 *
 * Puts what was expected beside what was found, also where it holds.
 */
void
eros_expectations_note (JsonObject *evidence,
                        ErosExpectations enough,
                        ErosExpectations expected,
                        GHashTable *answer,
                        ErosDeployment *deployment)
{
  g_autoptr (GString) text = g_string_new (NULL);

  add_expected (text, enough, answer, deployment);
  add_expected (text, expected, answer, deployment);
  if (text->len > 0)
    json_object_set_string_member (evidence, "expected", text->str);
}

/* What a floating-point number has beyond what anybody reads of it; the record has all of it. */
static char *
show_value (const char *value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  char *end = NULL;
  double number = g_ascii_strtod (value, &end);
  const char *point = strchr (value, '.');

  if (end == value || *end != '\0' || point == NULL || strspn (point + 1, "0123456789") <= MAX_DECIMALS ||
      !isfinite (number))
    return g_strdup (value);
  return g_strdup (g_ascii_formatd (digits, sizeof digits, fabs (number) >= 1 ? "%.2f" : "%.4g", number));
}

static gboolean
replace_cb (const GMatchInfo *match, GString *result, gpointer user_data)
{
  GHashTable *answer = user_data;
  g_autofree char *column = g_match_info_fetch (match, 1);
  const char *value = g_hash_table_lookup (answer, column);
  g_autofree char *shown = value != NULL ? show_value (value) : NULL;

  g_string_append (result, shown != NULL ? shown : "–");
  return FALSE;
}

/* What is said only where all of its values are known. */
static gboolean
replace_part_cb (const GMatchInfo *match, GString *result, gpointer user_data)
{
  GHashTable *answer = user_data;
  g_autofree char *part = g_match_info_fetch (match, 1);
  g_autoptr (GMatchInfo) placeholders = NULL;
  g_autoptr (GRegex) placeholder = g_regex_new (PLACEHOLDER, 0, 0, NULL);

  for (g_regex_match (placeholder, part, 0, &placeholders); g_match_info_matches (placeholders);
       g_match_info_next (placeholders, NULL))
    {
      g_autofree char *column = g_match_info_fetch (placeholders, 1);

      if (g_hash_table_lookup (answer, column) == NULL)
        return FALSE;
    }
  g_string_append (result, part);
  return FALSE;
}

/**
 * eros_expectation_summary:
 * @pattern: a sentence with `${column}` where values belong, and `[…]` around what is left out when one of
 * the values in it is NULL
 * @answer: the single row of the query's answer
 *
 * Returns: (transfer full): the sentence with the answer's values
 */
char *
eros_expectation_summary (const char *pattern, GHashTable *answer)
{
  g_autoptr (GRegex) part = g_regex_new ("\\[([^\\[\\]]*)\\]", 0, 0, NULL);
  g_autoptr (GRegex) placeholder = g_regex_new (PLACEHOLDER, 0, 0, NULL);
  g_autofree char *said = g_regex_replace_eval (part, pattern, -1, 0, 0, replace_part_cb, answer, NULL);

  return g_regex_replace_eval (placeholder, said, -1, 0, 0, replace_cb, answer, NULL);
}
