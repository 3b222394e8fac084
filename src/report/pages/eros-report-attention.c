/* eros-report-attention.c: what a reader should not have to search for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-content.h"

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#define MOST_ON_FRONT 6

/* The first is what matters most. */
typedef enum
{
  EROS_REPORT_FAILED,
  EROS_REPORT_DECIDED,
  EROS_REPORT_WARNING,
  EROS_REPORT_NOT_ENOUGH,
  EROS_REPORT_SET_ASIDE,
} ErosReportRank;

typedef struct
{
  ErosReportRank rank;
  char *label; /* of what; several with “; ” between them */
  char *what;
  char *why; /* (nullable) */
  guint n;   /* of how many check boxes */
} ErosReportConcern;

static void
concern_free (gpointer data)
{
  ErosReportConcern *self = data;

  g_free (self->label);
  g_free (self->what);
  g_free (self->why);
  g_free (self);
}

/* Takes label, what and why. What is the same of several check boxes is said once. */
static void
add (GPtrArray *concerns, ErosReportRank rank, char *label, char *what, char *why)
{
  ErosReportConcern *concern;

  for (guint i = 0; i < concerns->len; i++)
    {
      ErosReportConcern *known = concerns->pdata[i];

      if (known->rank != rank || rank != EROS_REPORT_SET_ASIDE || !g_str_equal (known->what, what) ||
          g_strcmp0 (known->why, why) != 0)
        continue;
      known->n++;
      if (known->n <= 20)
        {
          g_autofree char *before = known->label;

          known->label = g_strdup_printf ("%s; %s", before, label);
        }
      g_free (label);
      g_free (what);
      g_free (why);
      return;
    }
  concern = g_new0 (ErosReportConcern, 1);
  concern->rank = rank;
  concern->label = label;
  concern->what = what;
  concern->why = why;
  concern->n = 1;
  g_ptr_array_add (concerns, concern);
}

/* NULL: nothing. */
static const char *
find_deviation (const ErosReportItem *item, ErosReportRank *rank)
{
  *rank = EROS_REPORT_FAILED;
  if (item->is_retracted)
    return _ ("The machine has taken its tick back: the check fails now");
  *rank = EROS_REPORT_DECIDED;
  if (item->is_decided && !item->is_failing)
    return _ ("Ticked by decision before its time");
  if (item->is_decided)
    return item->mark == EROS_ITEM_TICKED
             ? _ ("Ticked by decision although the machine check failed")
             : _ ("Set to not applicable by decision although the machine check failed");
  *rank = EROS_REPORT_FAILED;
  if (item->is_failing)
    return _ ("The machine check failed");
  *rank = EROS_REPORT_WARNING;
  if (item->outcome == EROS_OUTCOME_ERROR || item->outcome == EROS_OUTCOME_NOT_LOOKED)
    return _ ("The machine check could not be made");
  if (item->outcome == EROS_OUTCOME_WARNING)
    return _ ("The machine check warns");
  *rank = EROS_REPORT_NOT_ENOUGH;
  if (item->outcome == EROS_OUTCOME_NOT_ENOUGH)
    return item->mark == EROS_ITEM_TICKED
             ? _ ("Ticked by a person; for the machine there was not enough to say")
             : _ ("The machine check: not enough to say");
  *rank = EROS_REPORT_SET_ASIDE;
  if (item->mark == EROS_ITEM_NOT_APPLICABLE)
    return _ ("Not applicable");
  return NULL;
}

/* (transfer full) (nullable): a measured value in whose place somebody has typed another */
static char *
describe_replaced (ErosField *field, const ErosReportValue *value)
{
  const char *label = eros_field_get_label (field);

  if (value->measured == NULL)
    return NULL;
  if (*value->reason == '\0')
    /* Translators: a field; a value; a person; another value */
    return g_strdup_printf (_ ("“%s” was measured as “%s”; %s has put “%s” in its place"), label,
                            value->measured, value->actor, value->shown);
  /* Translators: a field; a value; a person; another value; the reason */
  return g_strdup_printf (_ ("“%s” was measured as “%s”; by decision %s has put “%s” in its place: %s"),
                          label, value->measured, value->actor, value->shown, value->reason);
}

static void
add_element (ErosReportState *state, ErosElement *element, gpointer user_data)
{
  GPtrArray *concerns = user_data;
  const ErosReportItem *item = eros_report_state_item (state, eros_element_get_id (element));
  GListModel *fields = eros_element_get_fields (element);
  const char *label = eros_element_get_label (element);
  ErosReportRank rank;
  const char *what = find_deviation (item, &rank);

  if (what != NULL)
    add (concerns, rank, g_strdup (label), g_strdup (what),
         g_strdup (item->mark == EROS_ITEM_NOT_APPLICABLE ? item->reason : item->summary));
  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      char *text = describe_replaced (field, eros_report_state_value (state, eros_field_get_id (field)));

      if (text != NULL)
        add (concerns, EROS_REPORT_DECIDED, g_strdup (label), text, NULL);
    }
}

static void
add_decisions (ErosReportState *state, GPtrArray *concerns)
{
  for (guint i = 0; state->contradictions[i] != NULL; i++)
    add (concerns, EROS_REPORT_FAILED, g_strdup (_ ("Signed as a success")),
         g_strdup (_ ("This speaks against it")), g_strdup (state->contradictions[i]));
  for (guint i = 0; i < state->decisions->len; i++)
    {
      const ErosReportDecision *decision = state->decisions->pdata[i];

      if (decision->kind == EROS_DECISION_OVERRIDE)
        add (concerns, EROS_REPORT_DECIDED, g_strdup (decision->title),
             g_strdup_printf (decision->withdrawn_by == NULL
                                ? _ ("Not waited for, by decision of %s")
                                : _ ("Not waited for by decision of %s, which was withdrawn"),
                              decision->name),
             g_strdup (decision->reason));
    }
}

/* What neither a box nor a decision nor a criterion says: those are told with all that is known of them. */
static gboolean
is_told_elsewhere (ErosProblemKind kind)
{
  static const ErosProblemKind kinds[] = { EROS_PROBLEM_CRITERION_REACHED, EROS_PROBLEM_CHECK_FAILED,
                                           EROS_PROBLEM_OVERRIDDEN, EROS_PROBLEM_DECIDED,
                                           EROS_PROBLEM_ROLLED_BACK };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i] == kind)
      return TRUE;
  return FALSE;
}

static void
add_problems (ErosReportState *state, GPtrArray *concerns)
{
  for (guint i = 0; i < state->problems->len; i++)
    {
      ErosProblem *problem = state->problems->pdata[i];
      const char *place = eros_problem_get_place (problem);
      ErosElement *element = place != NULL ? eros_runbook_find_element (state->runbook, place) : NULL;

      if (is_told_elsewhere (eros_problem_get_kind (problem)))
        continue;
      add (concerns, eros_problem_is_grave (problem) ? EROS_REPORT_FAILED : EROS_REPORT_WARNING,
           g_strdup (element != NULL ? eros_element_get_label (element) : _ ("The deployment")),
           g_strdup (eros_problem_get_text (problem)), NULL);
    }
}

static void
add_criteria (ErosReportState *state, GPtrArray *concerns)
{
  for (guint i = 0; i < state->criteria->len; i++)
    {
      const ErosCriterionState *criterion = state->criteria->pdata[i];

      if (criterion->verdict == EROS_CRITERION_REACHED || criterion->verdict == EROS_CRITERION_NOT_MET ||
          criterion->verdict == EROS_CRITERION_NOT_MET_THOUGH_MARKED)
        add (concerns, EROS_REPORT_FAILED, g_strdup (criterion->criterion->text),
             g_strdup (eros_criterion_verdict_to_label (criterion->verdict)), g_strdup (criterion->text));
    }
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const ErosReportConcern *const *first = a;
  const ErosReportConcern *const *second = b;

  return (int) (*first)->rank - (int) (*second)->rank;
}

/* (transfer full) (element-type ErosReportConcern) */
static GPtrArray *
list_concerns (ErosReportState *state)
{
  GPtrArray *concerns = g_ptr_array_new_with_free_func (concern_free);

  add_decisions (state, concerns);
  add_criteria (state, concerns);
  add_problems (state, concerns);
  eros_report_foreach_element (state, add_element, concerns);
  /* Stable: within one rank they stay in the order of the pages. */
  g_ptr_array_sort (concerns, compare);
  return concerns;
}

static void
add_row (ErosLayout *layout, const ErosReportConcern *concern, gboolean is_short)
{
  g_autofree char *label =
    concern->n > 1
      /* Translators: a number of check boxes */
      ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u check box", "%u check boxes", concern->n),
                         concern->n)
      : g_strdup (concern->label);
  g_autofree char *reason = concern->why != NULL && *concern->why != '\0'
                              ? g_strdup_printf ("%s: %s", concern->what, concern->why)
                              : g_strdup (concern->what);
  g_autofree char *text =
    concern->n > 1 && !is_short ? g_strdup_printf ("%s (%s)", reason, concern->label) : g_strdup (reason);
  g_autofree char *start = is_short ? g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), 120)) : NULL;
  g_autofree char *cut =
    start != NULL && !g_str_equal (start, text) ? g_strconcat (start, " …", NULL) : g_strdup (text);
  const char *cells[] = { label, cut, NULL };

  eros_layout_table_row (layout, cells);
}

static void
begin_table (ErosLayout *layout)
{
  static const double weights[] = { 3.6, 8 };
  const char *titles[] = { _ ("Where"), _ ("What"), NULL };

  eros_layout_table_begin (layout, weights, titles, 2);
}

void
eros_report_compose_front_concerns (ErosReportState *state, ErosLayout *layout)
{
  g_autoptr (GPtrArray) concerns = list_concerns (state);
  guint n = MIN (concerns->len, MOST_ON_FRONT);

  eros_layout_heading (layout, EROS_TEXT_HEADING_2, _ ("What needs attention"), NULL);
  if (n == 0)
    {
      eros_layout_text (layout, EROS_TEXT_BODY,
                        _ ("Nothing: no machine check has failed, and no check box was set aside."));
      return;
    }
  begin_table (layout);
  for (guint i = 0; i < n; i++)
    add_row (layout, concerns->pdata[i], TRUE);
  if (concerns->len > n)
    {
      guint rest = concerns->len - n;
      /* Translators: what follows is the number of a page */
      g_autofree char *more =
        g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u more; with these in full on page",
                                      "%u more; with these in full on page", rest),
                         rest);
      const char *cells[] = { more, "", NULL };

      eros_layout_table_reference (layout, cells, "attention");
    }
  eros_layout_table_end (layout);
}

void
eros_report_compose_concerns (ErosReportState *state, ErosLayout *layout)
{
  g_autoptr (GPtrArray) concerns = list_concerns (state);

  eros_layout_heading (layout, EROS_TEXT_HEADING_1, _ ("All that needs attention"), "attention");
  if (concerns->len == 0)
    {
      eros_layout_text (layout, EROS_TEXT_BODY,
                        _ ("Nothing: no machine check has failed, and no check box was set aside."));
      return;
    }
  begin_table (layout);
  for (guint i = 0; i < concerns->len; i++)
    add_row (layout, concerns->pdata[i], FALSE);
  eros_layout_table_end (layout);
}
