/* eros-report-elements.c: each kind of element, with what is recorded of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-content.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

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
add_sentence (GString *text, const char *what, const char *more)
{
  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append (text, g_str_has_suffix (text->str, ".") ? " " : ". ");
  g_string_append (text, what);
  if (more != NULL && *more != '\0')
    g_string_append_printf (text, ": %s", more);
}

static char *
describe_value (const ErosReportValue *value)
{
  g_autofree char *time = eros_time_text (value->time);
  g_autofree char *then = eros_time_text (value->measured_time);

  if (*value->shown == '\0' && value->measured == NULL)
    return g_strdup (_ ("blank"));
  if (value->measured != NULL && *value->reason != '\0')
    /* Translators: a value; who; when; another value; when; the reason */
    return g_strdup_printf (_ ("%s (by decision of %s, %s, in place of what was measured: %s, %s; %s)"),
                            value->shown, value->actor, time, value->measured, then, value->reason);
  if (value->measured != NULL)
    /* Translators: a value; who; when; another value; when */
    return g_strdup_printf (_ ("%s (%s, %s, in place of what was measured: %s, %s)"), value->shown,
                            value->actor, time, value->measured, then);
  if (value->is_machine)
    return g_strdup_printf (_ ("%s (measured, %s)"), value->shown, time);
  if (value->actor != NULL)
    return g_strdup_printf (_ ("%s (%s, %s)"), value->shown, value->actor, time);
  return g_strdup (value->shown);
}

static gboolean
has_value (ErosReportState *state, GListModel *fields)
{
  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const ErosReportValue *value = eros_report_state_value (state, eros_field_get_id (field));

      if (*value->shown != '\0' || value->measured != NULL)
        return TRUE;
    }
  return FALSE;
}

/* A line for what belongs to it, one after the other; none of their own for blanks that were left blank. */
static void
describe_fields (ErosReportState *state, ErosElement *element, GString *text)
{
  GListModel *fields = eros_element_get_fields (element);
  gboolean is_apart = has_value (state, fields);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      g_autofree char *value = describe_value (eros_report_state_value (state, eros_field_get_id (field)));

      g_string_append_printf (text, "%s%s: %s",
                              i > 0                               ? "; "
                              : text->len == 0                    ? ""
                              : is_apart                          ? "\n"
                              : g_str_has_suffix (text->str, ".") ? " "
                                                                  : ". ",
                              eros_field_get_label (field), value);
    }
}

static void
describe_findings (ErosReportState *state, ErosElement *element, const ErosReportItem *item, GString *text)
{
  if (item->reason != NULL)
    add_sentence (text, _ ("Reason"), item->reason);
  if (item->outcome != EROS_OUTCOME_NONE)
    add_sentence (text, name_outcome (item->outcome), item->summary);
  if (*item->note != '\0')
    add_sentence (text, _ ("Note"), item->note);
  if (item->evidence != NULL)
    eros_report_describe_evidence (state, element, item->evidence, text);
}

static void
add_check (ErosReportState *state, ErosLayout *layout, ErosElement *element)
{
  const ErosReportItem *item = eros_report_state_item (state, eros_element_get_id (element));
  g_autofree char *mark = describe_mark (item);
  g_autoptr (GString) text = g_string_new (mark);

  describe_findings (state, element, item, text);
  describe_fields (state, element, text);
  eros_layout_marked (layout, mark_of (item), eros_element_get_label (element), text->str);
}

static void
add_sign_off (ErosReportState *state, ErosLayout *layout, ErosElement *element)
{
  const ErosReportItem *item = eros_report_state_item (state, eros_element_get_id (element));
  g_autofree char *time = eros_time_text (item->time);
  g_autoptr (GString) text = g_string_new (NULL);

  if (item->is_signed)
    g_string_append_printf (text, _ ("Signed by %s, %s"), item->actor != NULL ? item->actor : "", time);
  else
    g_string_append (text, _ ("Not signed"));
  describe_findings (state, element, item, text);
  eros_report_describe_signatures (state, eros_element_get_id (element), text);
  describe_fields (state, element, text);
  eros_layout_marked (layout, mark_of (item), eros_element_get_label (element), text->str);
}

static void
add_form (ErosReportState *state, ErosLayout *layout, ErosElement *element)
{
  g_autoptr (GString) text = g_string_new (NULL);

  describe_fields (state, element, text);
  eros_layout_space (layout, 2);
  eros_layout_pair (layout, eros_element_get_label (element), text->str);
}

static void
add_line (ErosLayout *layout, const char *what, const char *more)
{
  g_autofree char *line =
    more != NULL && *more != '\0' ? g_strdup_printf ("%s: %s", what, more) : g_strdup (what);

  eros_layout_text (layout, EROS_TEXT_SMALL, line);
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

      eros_layout_text (layout, EROS_TEXT_SMALL, line);
    }
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
      if (g_hash_table_lookup (state->rounds, &entries[i]) != NULL)
        {
          g_autofree char *before = g_steal_pointer (&when);

          /* Translators: when rounds are due; how they went */
          when = g_strdup_printf (_ ("%s. Rounds: %s"), before,
                                  (const char *) g_hash_table_lookup (state->rounds, &entries[i]));
        }
      add_line (layout, what, when);
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
    case EROS_ELEMENT_SCHEDULE:
      add_schedule (state, layout, element);
      break;
    case EROS_ELEMENT_TABLE:
      add_table (layout, element);
      break;
    case EROS_ELEMENT_COMPARISON:
    case EROS_ELEMENT_CRITERIA:
      /* They have a chapter of their own. */
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

      if (kind != EROS_ELEMENT_OPERATION && kind != EROS_ELEMENT_COMMAND && kind != EROS_ELEMENT_CRITERIA &&
          kind != EROS_ELEMENT_COMPARISON)
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
      eros_layout_heading (layout, EROS_TEXT_HEADING_2, eros_section_get_title (section), NULL);
      for (guint k = 0; k < g_list_model_get_n_items (elements); k++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, k);

          add_element (state, layout, element);
        }
    }
}
