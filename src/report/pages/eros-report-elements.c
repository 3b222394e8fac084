/* eros-report-elements.c: each kind of element, with what is recorded of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-content.h"

#include <math.h>
#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#define INDENT 16

static ErosMark
mark_of (const ErosReportItem *item)
{
  /* No mark of a person hides a failure. */
  if (item->is_failing || item->is_retracted)
    return EROS_MARK_FAILED;
  if (item->mark == EROS_ITEM_TICKED || item->is_signed)
    return EROS_MARK_TICKED;
  return item->mark == EROS_ITEM_NOT_APPLICABLE ? EROS_MARK_NOT_APPLICABLE : EROS_MARK_OPEN;
}

/* Who and when, in one line. */
static char *
describe_mark (const ErosReportItem *item)
{
  g_autofree char *time = eros_time_text (item->time);
  const char *actor = item->actor != NULL ? item->actor : "";

  if (item->is_retracted)
    return g_strdup (_ ("Open: the machine has taken its tick back"));
  if (item->is_decided && !item->is_failing)
    return g_strdup_printf (_ ("By decision: ticked before its time, by %s, %s"), actor, time);
  if (item->is_decided)
    return g_strdup_printf (item->mark == EROS_ITEM_TICKED
                              ? _ ("By decision: ticked over a check that failed, by %s, %s")
                              : _ ("By decision: not applicable over a check that failed, %s, %s"),
                            actor, time);
  if (item->mark == EROS_ITEM_TICKED)
    return g_strdup_printf (_ ("Ticked by %s, %s"), actor, time);
  if (item->mark == EROS_ITEM_NOT_APPLICABLE)
    return g_strdup_printf (_ ("Not applicable, %s, %s"), actor, time);
  return g_strdup (_ ("Open"));
}

static const char *
name_outcome (ErosOutcome outcome)
{
  switch (outcome)
    {
    case EROS_OUTCOME_PASS:
      return _ ("Machine check: passed");
    case EROS_OUTCOME_FAIL:
      return _ ("Machine check: failed");
    case EROS_OUTCOME_ERROR:
      return _ ("Machine check: could not be made");
    case EROS_OUTCOME_WARNING:
      return _ ("Machine check: warning");
    case EROS_OUTCOME_NOT_ENOUGH:
      return _ ("Machine check: not enough to say");
    case EROS_OUTCOME_NOT_LOOKED:
      return _ ("Machine check: not looked at");
    case EROS_OUTCOME_NONE:
    default:
      return NULL;
    }
}

static void
add_line (ErosLayout *layout, const char *what, const char *more)
{
  g_autofree char *line =
    more != NULL && *more != '\0' ? g_strdup_printf ("%s: %s", what, more) : g_strdup (what);

  eros_layout_text (layout, EROS_TEXT_SMALL, line);
}

static void
add_fields (ErosReportState *state, ErosLayout *layout, ErosElement *element)
{
  GListModel *fields = eros_element_get_fields (element);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const ErosReportValue *value = eros_report_state_value (state, eros_field_get_id (field));
      g_autofree char *time = eros_time_text (value->time);
      g_autofree char *text = NULL;

      if (*value->shown == '\0' && value->measured == NULL)
        text = g_strdup (_ ("blank"));
      else if (value->measured != NULL)
        {
          g_autofree char *then = eros_time_text (value->measured_time);

          if (*value->reason != '\0')
            /* Translators: a value; who; when; another value; when; the reason */
            text =
              g_strdup_printf (_ ("%s (by decision of %s, %s, in place of what was measured: %s, %s; %s)"),
                               value->shown, value->actor, time, value->measured, then, value->reason);
          else
            /* Translators: a value; who; when; another value; when */
            text = g_strdup_printf (_ ("%s (%s, %s, in place of what was measured: %s, %s)"), value->shown,
                                    value->actor, time, value->measured, then);
        }
      else if (value->is_machine)
        text = g_strdup_printf (_ ("%s (measured, %s)"), value->shown, time);
      else if (value->actor != NULL)
        text = g_strdup_printf (_ ("%s (%s, %s)"), value->shown, value->actor, time);
      eros_layout_pair (layout, eros_field_get_label (field), text != NULL ? text : value->shown);
    }
}

static void
add_findings (ErosLayout *layout, const ErosReportItem *item)
{
  if (item->reason != NULL)
    add_line (layout, _ ("Reason"), item->reason);
  if (item->outcome != EROS_OUTCOME_NONE)
    add_line (layout, name_outcome (item->outcome), item->summary);
  if (*item->note != '\0')
    add_line (layout, _ ("Note"), item->note);
  if (item->evidence != NULL)
    eros_report_compose_evidence (layout, item->evidence);
}

static void
add_check (ErosReportState *state, ErosLayout *layout, ErosElement *element)
{
  const ErosReportItem *item = eros_report_state_item (state, eros_element_get_id (element));
  g_autofree char *mark = describe_mark (item);

  eros_layout_marked (layout, mark_of (item), eros_element_get_label (element));
  eros_layout_indent (layout, INDENT);
  eros_layout_text (layout, EROS_TEXT_SMALL, mark);
  add_findings (layout, item);
  add_fields (state, layout, element);
  eros_layout_indent (layout, -INDENT);
}

static void
add_sign_off (ErosReportState *state, ErosLayout *layout, ErosElement *element)
{
  const ErosReportItem *item = eros_report_state_item (state, eros_element_get_id (element));
  g_autofree char *time = eros_time_text (item->time);
  g_autofree char *signed_by =
    g_strdup_printf (_ ("Signed by %s, %s"), item->actor != NULL ? item->actor : "", time);

  eros_layout_marked (layout, mark_of (item), eros_element_get_label (element));
  eros_layout_indent (layout, INDENT);
  eros_layout_text (layout, EROS_TEXT_SMALL, item->is_signed ? signed_by : _ ("Not signed"));
  add_findings (layout, item);
  eros_report_compose_signature (state, layout, eros_element_get_id (element));
  add_fields (state, layout, element);
  eros_layout_indent (layout, -INDENT);
}

static void
add_form (ErosReportState *state, ErosLayout *layout, ErosElement *element)
{
  eros_layout_space (layout, 4);
  eros_layout_text (layout, EROS_TEXT_STRONG, eros_element_get_label (element));
  add_fields (state, layout, element);
}

static void
add_list (ErosLayout *layout, ErosElement *element)
{
  const char *const *items = eros_element_get_items (element);

  for (guint i = 0; items[i] != NULL; i++)
    {
      g_autofree char *line = eros_element_get_is_numbered (element)
                                ? g_strdup_printf ("%u. %s", i + 1, items[i])
                                : g_strdup_printf ("• %s", items[i]);

      eros_layout_text (layout, EROS_TEXT_BODY, line);
    }
}

/* Numbers of which nobody knows how they spread; only for people, nothing is computed from it. */
static char *
describe_difference (const char *before, const char *after)
{
  double b = g_ascii_strtod (before, NULL), a = g_ascii_strtod (after, NULL);

  if (*before == '\0' || *after == '\0')
    return g_strdup (_ ("not measured"));
  if (b == 0)
    return g_strdup (a == 0 ? _ ("no change") : _ ("cannot be given: it was 0 before"));
  return g_strdup_printf (_ ("%+.1f %%, not measured together"), (a - b) / fabs (b) * 100);
}

/* The number, and what is known of it. SIDE: (nullable) */
static char *
describe_cell (const ErosReportValue *value, const ErosComparison *comparison, const ErosComparedSide *side)
{
  g_autofree char *measured = side != NULL ? eros_comparison_describe_value (comparison, side) : NULL;
  g_autofree char *span = side != NULL ? eros_comparison_describe_span (comparison, side) : NULL;

  if (span != NULL)
    return g_strdup_printf ("%s\n%s", measured, span);
  return g_strdup (*value->shown != '\0' ? value->shown : "–");
}

static void
add_comparison (ErosReportState *state, ErosLayout *layout, ErosElement *element)
{
  static const double weights[] = { 2, 3, 3, 3 };
  const char *titles[] = { _ ("Metric"), _ ("Before"), _ ("After"), _ ("Change"), NULL };
  guint n;
  const ErosMetricRow *rows = eros_element_get_metrics (element, &n);

  eros_layout_table_begin (layout, weights, titles, 4);
  for (guint i = 0; i < n; i++)
    {
      const ErosReportValue *before = eros_report_state_value (state, rows[i].before);
      const ErosReportValue *after = eros_report_state_value (state, rows[i].after);
      const ErosComparison *found = eros_comparison_find (state->comparisons, rows[i].id);
      const ErosComparison *comparison =
        found != NULL && eros_comparison_is_about (found, before->text, after->text) ? found : NULL;
      g_autofree char *change = comparison != NULL ? eros_comparison_describe_verdict (comparison)
                                                   : describe_difference (before->text, after->text);
      g_autofree char *left = describe_cell (before, comparison, comparison ? &comparison->before : NULL);
      g_autofree char *right = describe_cell (after, comparison, comparison ? &comparison->after : NULL);
      const char *cells[] = { rows[i].title, left, right, change, NULL };

      eros_layout_table_row (layout, cells);
    }
  eros_layout_table_end (layout);
}

static char *
describe_threshold (const ErosCriterion *criterion)
{
  if (criterion->metric == NULL)
    return g_strdup (_ ("judged by a person"));
  return g_strdup_printf ("%s %s%s%s", criterion->op, criterion->threshold,
                          criterion->unit != NULL && !g_str_equal (criterion->unit, "%") ? " " : "",
                          criterion->unit != NULL ? criterion->unit : "");
}

static char *
describe_criterion (ErosReportState *state, const ErosCriterion *criterion)
{
  for (guint i = 0; i < state->criteria->len; i++)
    {
      const ErosCriterionState *found = state->criteria->pdata[i];
      const char *verdict = eros_criterion_verdict_to_label (found->verdict);

      if (g_str_equal (found->criterion->id, criterion->id))
        return g_strdup_printf ("%s%s%s%s%s", verdict, found->text != NULL ? ". " : "",
                                found->text != NULL ? found->text : "", found->fact != NULL ? ". " : "",
                                found->fact != NULL ? found->fact : "");
    }
  return g_strdup ("–");
}

static void
add_criteria (ErosReportState *state, ErosLayout *layout, ErosElement *element)
{
  static const double weights[] = { 4, 2, 5 };
  const char *titles[] = { _ ("Criterion"), _ ("Threshold"), _ ("Verdict"), NULL };
  guint n;
  const ErosCriterion *criteria = eros_element_get_criteria (element, &n);

  eros_layout_text (layout, EROS_TEXT_BODY, eros_element_get_text (element));
  eros_layout_table_begin (layout, weights, titles, 3);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *threshold = describe_threshold (&criteria[i]);
      g_autofree char *verdict = describe_criterion (state, &criteria[i]);
      const char *cells[] = { criteria[i].text, threshold, verdict, NULL };

      eros_layout_table_row (layout, cells);
    }
  eros_layout_table_end (layout);
}

static char *
describe_hours (gint64 seconds)
{
  if (seconds % 86400 == 0 && seconds > 0)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d day", "%d days", (gulong) (seconds / 86400)),
                            (int) (seconds / 86400));
  if (seconds % 3600 == 0)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d hour", "%d hours", (gulong) (seconds / 3600)),
                            (int) (seconds / 3600));
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d minute", "%d minutes", (gulong) (seconds / 60)),
                          (int) (seconds / 60));
}

static void
add_schedule (ErosReportState *state, ErosLayout *layout, ErosElement *element)
{
  guint n;
  const ErosScheduleEntry *entries = eros_element_get_schedule (element, &n);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *start = describe_hours (entries[i].start_s);
      g_autofree char *end = describe_hours (entries[i].end_s);
      g_autofree char *every = describe_hours (entries[i].every_s);
      g_autofree char *when = NULL;
      g_autofree char *what = NULL;

      if (entries[i].every_s > 0)
        when = g_strdup_printf (_ ("every %s, from %s to %s after the deployment"), every, start, end);
      else if (entries[i].time_of_day_s >= 0)
        when =
          g_strdup_printf (_ ("at %02d:%02d UTC, from %s to %s after the deployment"),
                           entries[i].time_of_day_s / 3600, entries[i].time_of_day_s / 60 % 60, start, end);
      else
        when = g_strdup_printf (_ ("%s after the deployment"), start);
      what = g_strdup (entries[i].text != NULL ? entries[i].text : eros_element_get_text (element));
      if (g_str_has_suffix (what, ":"))
        what[strlen (what) - 1] = '\0';
      add_line (layout, what, when);
      if (g_hash_table_lookup (state->rounds, &entries[i]) != NULL)
        add_line (layout, _ ("Rounds"), g_hash_table_lookup (state->rounds, &entries[i]));
    }
}

static void
add_table (ErosLayout *layout, ErosElement *element)
{
  static const double weights[] = { 1.5, 2, 3, 4, 2, 2, 2, 2 };
  const char *const *columns = eros_element_get_columns (element);
  guint n = g_strv_length ((char **) columns);
  GPtrArray *rows = eros_element_get_rows (element);

  /* The runbook's reader has seen to that. */
  g_return_if_fail (n <= G_N_ELEMENTS (weights));
  eros_layout_table_begin (layout, weights, columns, n);
  for (guint i = 0; i < rows->len; i++)
    eros_layout_table_row (layout, g_ptr_array_index (rows, i));
  eros_layout_table_end (layout);
}

/* A command of the paper has no state; what was run in its place stands in the record. */
static void
add_element (ErosReportState *state, ErosLayout *layout, ErosElement *element)
{
  switch (eros_element_get_kind (element))
    {
    case EROS_ELEMENT_TEXT:
      eros_layout_text (layout, EROS_TEXT_BODY, eros_element_get_text (element));
      break;
    case EROS_ELEMENT_LIST:
      add_list (layout, element);
      break;
    case EROS_ELEMENT_CHECK:
    case EROS_ELEMENT_SIGN_OFF:
      if (eros_element_wants_signature (element))
        add_sign_off (state, layout, element);
      else
        add_check (state, layout, element);
      break;
    case EROS_ELEMENT_FORM:
      add_form (state, layout, element);
      break;
    case EROS_ELEMENT_TEMPLATE:
      add_line (layout, eros_element_get_label (element),
                g_hash_table_lookup (state->subjects, eros_element_get_id (element)));
      break;
    case EROS_ELEMENT_COMPARISON:
      add_comparison (state, layout, element);
      break;
    case EROS_ELEMENT_SCHEDULE:
      add_schedule (state, layout, element);
      break;
    case EROS_ELEMENT_CRITERIA:
      add_criteria (state, layout, element);
      break;
    case EROS_ELEMENT_TABLE:
      add_table (layout, element);
      break;
    case EROS_ELEMENT_OPERATION:
    case EROS_ELEMENT_COMMAND:
    default:
      break;
    }
}

static gboolean
says_something (GListModel *elements)
{
  for (guint i = 0; i < g_list_model_get_n_items (elements); i++)
    {
      g_autoptr (ErosElement) element = g_list_model_get_item (elements, i);
      ErosElementKind kind = eros_element_get_kind (element);

      if (kind != EROS_ELEMENT_OPERATION && kind != EROS_ELEMENT_COMMAND)
        return TRUE;
    }
  return FALSE;
}

void
eros_report_compose_elements (ErosReportState *state, ErosLayout *layout, GListModel *sections)
{
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      if (!says_something (elements))
        continue;
      eros_layout_heading (layout, EROS_TEXT_HEADING_2, eros_section_get_title (section));
      for (guint k = 0; k < g_list_model_get_n_items (elements); k++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, k);

          add_element (state, layout, element);
        }
    }
}
