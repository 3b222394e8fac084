/* eros-report-timeline.c: what was done when: milestones, phases, and how it was taken back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-content.h"

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-stand-in.h"

/* Of more than so many the middle ones stand in the journal only. */
#define MOST_MILESTONES 60

void
eros_report_compose_timeline (ErosReportState *state, ErosLayout *layout)
{
  static const double weights[] = { 2.4, 7, 2.6 };
  const char *titles[] = { _ ("Time (UTC)"), _ ("What"), _ ("Who"), NULL };
  GPtrArray *milestones = state->story->milestones;

  eros_layout_heading (layout, EROS_TEXT_HEADING_1, _ ("Timeline"), "timeline");
  eros_layout_table_begin (layout, weights, titles, 3);
  for (guint i = 0; i < milestones->len; i++)
    {
      const ErosReportMilestone *milestone = milestones->pdata[i];
      g_autofree char *time = eros_time_text (milestone->time);
      const char *cells[] = { time, milestone->what, milestone->actor, NULL };

      if (milestones->len > MOST_MILESTONES && i == MOST_MILESTONES / 2)
        {
          guint n = milestones->len - MOST_MILESTONES;
          g_autofree char *more =
            g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u more: in the attached journal",
                                          "%u more: in the attached journal", n),
                             n);
          const char *gap[] = { "…", more, "", NULL };

          eros_layout_table_row (layout, gap);
          i += n - 1;
          continue;
        }
      eros_layout_table_row (layout, cells);
    }
  eros_layout_table_end (layout);
}

/* ---- phases -------------------------------------------------------------------------------------------- */

static const char *
describe_phase_state (ErosPhaseState state)
{
  switch (state)
    {
    case EROS_PHASE_IN_PROGRESS:
      return _ ("In progress");
    case EROS_PHASE_COMPLETE:
      return _ ("Complete");
    case EROS_PHASE_FAILED:
      return _ ("A check has failed");
    case EROS_PHASE_NOT_STARTED:
    default:
      return _ ("Not started");
    }
}

typedef struct
{
  ErosPhase *phase;
  guint by_machine, by_people, by_stand_ins, set_aside;
  gint64 first, last;
} Tally;

static void
count (ErosReportState *state, ErosElement *element, gpointer user_data)
{
  Tally *tally = user_data;
  const ErosReportItem *item = eros_report_state_item (state, eros_element_get_id (element));

  if (eros_runbook_phase_of (state->runbook, eros_element_get_id (element)) != tally->phase ||
      item->time == 0)
    return;
  if (item->mark == EROS_ITEM_NOT_APPLICABLE)
    tally->set_aside++;
  else if (g_strcmp0 (item->actor, "machine") == 0)
    tally->by_machine++;
  else if (state->environment == EROS_ENVIRONMENT_REHEARSAL && eros_stand_in_is (element, item->actor))
    tally->by_stand_ins++;
  else
    tally->by_people++;
  tally->first = tally->first == 0 ? item->time : MIN (tally->first, item->time);
  tally->last = MAX (tally->last, item->time);
}

static char *
describe_tally (const Tally *tally)
{
  g_autofree char *first = eros_time_text (tally->first);
  g_autofree char *last = eros_time_text (tally->last);

  if (tally->first == 0)
    return g_strdup ("–");
  if (tally->by_stand_ins > 0)
    /* Translators: four numbers of check boxes; from one time to another */
    return g_strdup_printf (
      _ ("%u by the machine, %u by people, %u by stand-ins, %u not applicable; %s to %s"), tally->by_machine,
      tally->by_people, tally->by_stand_ins, tally->set_aside, first, last);
  /* Translators: three numbers of check boxes; from one time to another */
  return g_strdup_printf (_ ("%u by the machine, %u by people, %u not applicable; %s to %s"),
                          tally->by_machine, tally->by_people, tally->set_aside, first, last);
}

static void
add_phase (ErosReportState *state, ErosLayout *layout, const ErosReportProgress *progress)
{
  Tally tally = { progress->phase };
  g_autofree char *title = g_strdup_printf ("%u  %s", eros_phase_get_number (progress->phase),
                                            eros_phase_get_title (progress->phase));
  g_autofree char *done = g_strdup_printf (_ ("%u of %u"), progress->done, progress->total);
  const char *state_text = describe_phase_state (progress->state);
  g_autofree char *decided =
    /* Translators: how a phase stands; how many of its boxes were marked over a check that fails */
    progress->decided > 0 ? g_strdup_printf (_ ("%s, %u by decision"), state_text, progress->decided) : NULL;
  gboolean is_unused =
    eros_phase_is_contingency (progress->phase) && progress->state == EROS_PHASE_NOT_STARTED;
  g_autofree char *how = NULL;

  eros_report_foreach_element (state, count, &tally);
  how = describe_tally (&tally);
  {
    const char *cells[] = { title,
                            is_unused ? "–" : done,
                            is_unused         ? _ ("Not needed")
                            : decided != NULL ? decided
                                              : state_text,
                            how,
                            NULL,
                            NULL };

    eros_layout_table_reference (layout, cells, eros_phase_get_id (progress->phase));
  }
}

void
eros_report_compose_phases (ErosReportState *state, ErosLayout *layout)
{
  static const double weights[] = { 3, 1.3, 2.2, 5.2, 0.6 };
  const char *titles[] = { _ ("Phase"), _ ("Done"), _ ("State"), _ ("How and when"), _ ("Page"), NULL };

  eros_layout_heading (layout, EROS_TEXT_HEADING_1, _ ("Phases"), "phases");
  eros_layout_table_begin (layout, weights, titles, 5);
  for (guint i = 0; i < state->progress->len; i++)
    add_phase (state, layout, g_ptr_array_index (state->progress, i));
  eros_layout_table_end (layout);
}

/* ---- rollback ------------------------------------------------------------------------------------------ */

/* (nullable): when all that is to be said of it is how it ended */
static const char *
get_bare_outcome (const ErosReportStep *step, const ErosReportOperation *operation)
{
  return step->operation == operation && (step->summary == NULL || *step->summary == '\0') ? step->outcome
                                                                                           : NULL;
}

/* One, or one after the other those of which there is nothing else to say. Returns: behind the last */
static guint
add_steps (ErosReportState *state, ErosLayout *layout, const ErosReportOperation *operation, guint first)
{
  GPtrArray *steps = state->story->steps;
  const ErosReportStep *step = steps->pdata[first];
  const char *outcome = get_bare_outcome (step, operation);
  g_autofree char *time = eros_time_text (step->time);
  g_autoptr (GString) titles = g_string_new (step->title);
  guint i = first + 1;

  for (; outcome != NULL && i < steps->len &&
         g_strcmp0 (get_bare_outcome (steps->pdata[i], operation), outcome) == 0;
       i++)
    g_string_append_printf (titles, "; %s", ((const ErosReportStep *) steps->pdata[i])->title);
  if (step->operation == operation)
    {
      const char *cells[] = { time, titles->str, step->outcome, step->summary, NULL };

      eros_layout_table_row (layout, cells);
    }
  return i;
}

static void
add_rollback (ErosReportState *state, ErosLayout *layout, const ErosReportOperation *operation)
{
  static const double weights[] = { 2.2, 4, 1, 5 };
  const char *titles[] = { _ ("Time (UTC)"), _ ("Step"), _ ("How"), _ ("Found"), NULL };
  g_autofree char *start = eros_time_text (operation->started);
  g_autofree char *end = eros_time_text (operation->ended);
  g_autoptr (GString) text = g_string_new (NULL);

  /* Translators: “Rollback”; a person; a time */
  g_string_append_printf (text, _ ("%s, begun by %s at %s"), operation->title, operation->actor, start);
  if (operation->authority != NULL)
    g_string_append_printf (text, _ (", decided by %s"), operation->authority);
  if (operation->backup != NULL)
    g_string_append_printf (text, _ (", from the backup %s"), operation->backup);
  g_string_append_printf (text, "; %s", eros_report_operation_describe (operation));
  if (operation->ended != 0)
    g_string_append_printf (text, ", %s", end);
  g_string_append (text, ".");
  if (operation->reason != NULL)
    g_string_append_printf (text, _ (" Reason: %s"), operation->reason);
  /* What is deployed again was taken back in passing. */
  if (state->result != EROS_RESULT_ROLLED_BACK && g_str_equal (operation->kind, "rollback") &&
      g_strcmp0 (operation->outcome, "pass") == 0)
    {
      g_string_append (text, g_str_has_suffix (text->str, ".") ? " " : ". ");
      g_string_append (text, _ ("It was deployed again since; the steps stand in the attached record."));
      eros_layout_text (layout, EROS_TEXT_BODY, text->str);
      return;
    }
  eros_layout_text (layout, EROS_TEXT_BODY, text->str);
  eros_layout_space (layout, 3);
  eros_layout_table_begin (layout, weights, titles, 4);
  for (guint i = 0; i < state->story->steps->len;)
    i = add_steps (state, layout, operation, i);
  eros_layout_table_end (layout);
}

void
eros_report_compose_rollback (ErosReportState *state, ErosLayout *layout)
{
  guint n = 0;

  for (guint i = 0; i < state->story->operations->len; i++)
    {
      const ErosReportOperation *operation = state->story->operations->pdata[i];

      if (!g_str_equal (operation->kind, "rollback") && !g_str_equal (operation->kind, "revert"))
        continue;
      if (n++ == 0)
        eros_layout_heading (layout, EROS_TEXT_HEADING_1, _ ("How it was taken back"), "taken-back");
      add_rollback (state, layout, operation);
    }
}

/* ---- what has changed ---------------------------------------------------------------------------------- */

static const char *
describe_change (const ErosReportChange *change)
{
  if (change->before == NULL)
    return _ ("added");
  return change->after == NULL ? _ ("removed") : _ ("changed");
}

static gboolean
is_of_same (const ErosReportChange *a, const ErosReportChange *b)
{
  return a->operation != b->operation && g_str_equal (a->kind, b->kind) && g_str_equal (a->name, b->name);
}

/* Whether another operation has made the very change before. */
static gboolean
is_made_again (GPtrArray *changes, guint i)
{
  const ErosReportChange *change = changes->pdata[i];

  for (guint k = 0; k < i; k++)
    {
      const ErosReportChange *earlier = changes->pdata[k];

      if (is_of_same (change, earlier) && g_strcmp0 (change->before, earlier->before) == 0 &&
          g_strcmp0 (change->after, earlier->after) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Whether the object is again what it was before its last change. */
static gboolean
is_taken_back (GPtrArray *changes, guint i)
{
  const ErosReportChange *change = changes->pdata[i];

  for (guint k = i; k > 0; k--)
    {
      const ErosReportChange *earlier = changes->pdata[k - 1];

      if (is_of_same (change, earlier))
        return g_strcmp0 (change->before, earlier->after) == 0 &&
               g_strcmp0 (change->after, earlier->before) == 0;
    }
  return FALSE;
}

/* What stands above is not told again, object by object. */
static void
add_repeated (ErosLayout *layout, const ErosReportOperation *operation, guint n_back, guint n_again)
{
  g_autofree char *back =
    g_strdup_printf (ngettext ("%u object from above is again what it was before",
                               "%u objects from above are again what they were before", n_back),
                     n_back);
  g_autofree char *again =
    g_strdup_printf (ngettext ("%u object from above, with the same digests",
                               "%u objects from above, with the same digests", n_again),
                     n_again);
  const char *back_cells[] = { operation->title, _ ("taken back"), "", back, "", "", NULL };
  const char *again_cells[] = { operation->title, _ ("once more"), "", again, "", "", NULL };

  if (n_back > 0)
    eros_layout_table_row (layout, back_cells);
  if (n_again > 0)
    eros_layout_table_row (layout, again_cells);
}

static void
add_change (ErosLayout *layout, const ErosReportChange *change, gboolean is_first)
{
  g_autofree char *before = change->before != NULL ? g_strndup (change->before, 12) : g_strdup ("–");
  g_autofree char *after = change->after != NULL ? g_strndup (change->after, 12) : g_strdup ("–");
  const char *cells[] = { is_first ? change->operation->title : "",
                          describe_change (change),
                          change->kind,
                          change->name,
                          before,
                          after,
                          NULL };

  eros_layout_table_row (layout, cells);
}

/* Those of one operation, from FIRST on. Returns: behind its last */
static guint
add_changes (ErosLayout *layout, GPtrArray *changes, guint first)
{
  const ErosReportOperation *operation = ((ErosReportChange *) changes->pdata[first])->operation;
  guint n_shown = 0, n_back = 0, n_again = 0;
  guint i;

  for (i = first; i < changes->len; i++)
    {
      const ErosReportChange *change = changes->pdata[i];

      if (change->operation != operation)
        break;
      if (is_made_again (changes, i))
        n_again++;
      else if (is_taken_back (changes, i))
        n_back++;
      else
        add_change (layout, change, n_shown++ == 0);
    }
  add_repeated (layout, operation, n_back, n_again);
  return i;
}

void
eros_report_compose_changes (ErosReportState *state, ErosLayout *layout)
{
  static const double weights[] = { 2.2, 1.2, 1.8, 5, 1.8, 1.8 };
  const char *titles[] = { _ ("By"),    _ ("What"), _ ("Kind"), _ ("Object"), _ ("Digest before"),
                           _ ("after"), NULL };
  GPtrArray *changes = state->story->changes;

  eros_layout_heading (layout, EROS_TEXT_HEADING_1, _ ("What changed in the data set"), "changes");
  if (changes->len == 0)
    {
      eros_layout_text (layout, EROS_TEXT_BODY,
                        state->story->inventories->len > 0
                          ? _ ("No definition, as far as inventories were taken before and after the work; "
                               "they do not compare rows.")
                          : _ ("No inventory of it stands in the record: what changed is not known."));
      return;
    }
  eros_layout_table_begin (layout, weights, titles, 6);
  for (guint i = 0; i < changes->len;)
    i = add_changes (layout, changes, i);
  eros_layout_table_end (layout);
}
