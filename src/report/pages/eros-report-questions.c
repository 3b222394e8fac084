/* eros-report-questions.c: what an auditor asks of a change, answered from the record
 *
 * An answer says what is on record and no more: what is not there is said not to be there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-content.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

static void
add (ErosLayout *layout, guint *n, const char *question, const char *answer, const char *anchor)
{
  g_autofree char *numbered = g_strdup_printf ("%u  %s", ++*n, question);
  const char *cells[] = { numbered, answer, "", NULL };

  if (anchor != NULL)
    eros_layout_table_reference (layout, cells, anchor);
  else
    eros_layout_table_row (layout, cells);
}

static char *
answer_who_asked (ErosReportState *state)
{
  g_autofree char *time = eros_time_text (eros_report_state_first (state));

  /* Translators: the deployment lead; who has made the record; when */
  return g_strdup_printf (_ ("Lead: %s. Entered by %s, %s. Why it is done stands on the first page, beside "
                             "“What”."),
                          *state->lead != '\0' ? state->lead : _ ("not named"), state->story->created_by,
                          time);
}

static char *
answer_what (ErosReportState *state)
{
  guint added = 0, changed = 0, removed = 0;

  for (guint i = 0; i < state->story->changes->len; i++)
    {
      const ErosReportChange *change = state->story->changes->pdata[i];

      if (change->before == NULL)
        added++;
      else if (change->after == NULL)
        removed++;
      else
        changed++;
    }
  if (state->story->inventories->len == 0)
    return g_strdup (_ ("No inventory stands in the record."));
  /* Translators: three numbers of objects; “defined anew”: there before and after, with another definition;
   * project and data set */
  return g_strdup_printf (
    _ ("By inventories before and after each operation, objects added: %u, defined anew: %u, "
       "removed: %u, in %s.%s; rows are not compared here."),
    added, changed, removed, state->project, state->dataset);
}

/* Everybody once, in order. */
static void
add_name (GString *names, const char *name)
{
  if (name == NULL || *name == '\0' || g_str_equal (name, "machine") || strstr (names->str, name) != NULL)
    return;
  g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
}

static char *
answer_who_did (ErosReportState *state)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < state->story->operations->len; i++)
    {
      const ErosReportOperation *operation = state->story->operations->pdata[i];

      if (g_str_has_prefix (operation->kind, "deploy-") || g_str_equal (operation->kind, "rollback"))
        add_name (names, operation->actor);
    }
  if (names->len == 0)
    return g_strdup_printf (_ ("Prepared by %s. Nothing was deployed yet."), state->story->created_by);
  return g_strdup_printf (_ ("Prepared by %s; deployed by %s."), state->story->created_by, names->str);
}

/* ---- approval ------------------------------------------------------------------------------------------ */

typedef struct
{
  GString *names, *late;
  gint64 start;
  GHashTable *seen;
} Approval;

static void
approve (Approval *approval, const char *what, const char *who, gint64 time)
{
  g_autofree char *when = eros_time_text (time);
  /* Translators: a person; a time */
  g_autofree char *by = g_strdup_printf (_ (" by %s, %s"), who, when);
  GString *list = approval->start == 0 || time < approval->start ? approval->names : approval->late;

  /* What one person has approved at once is said at once. */
  if (g_str_has_suffix (list->str, by))
    g_string_truncate (list, list->len - strlen (by));
  g_string_append_printf (list, "%s“%s”%s", list->len > 0 ? ", " : "", what, by);
}

/* What gates want before a deployment begins, and a person has marked or signed. */
static void
count_gate (ErosReportState *state, ErosGate *gate, const char *operation, Approval *approval)
{
  const char *const *requires = eros_gate_get_requires (gate);

  if (eros_gate_get_kind (gate) != EROS_GATE_ITEMS && eros_gate_get_kind (gate) != EROS_GATE_SIGN_OFFS)
    return;
  if (operation == NULL || !g_strv_contains (eros_gate_get_guards (gate), operation))
    return;
  for (guint i = 0; requires[i] != NULL; i++)
    {
      const ErosReportItem *item = eros_report_state_item (state, requires[i]);
      ErosElement *element = eros_runbook_find_element (state->runbook, requires[i]);
      const ErosReportDecision *signature = eros_report_find_signature (state, requires[i]);

      if (element == NULL || eros_element_get_check_binding (element) != NULL ||
          !g_hash_table_add (approval->seen, (gpointer) requires[i]))
        continue;
      if (signature != NULL)
        approve (approval, eros_element_get_label (element), signature->name, signature->time);
      else if (item->time != 0 && g_strcmp0 (item->actor, "machine") != 0)
        approve (approval, eros_element_get_label (element), item->actor, item->time);
    }
}

static void
count_approval (ErosReportState *state, Approval *approval)
{
  const ErosReportOperation *deploy = eros_report_story_find (state->story, "deploy-", TRUE);
  g_auto (GStrv) all = eros_runbook_list_deployments (state->runbook);
  const char *operation = deploy != NULL ? deploy->kind : all[0];
  GListModel *gates = eros_runbook_get_gates (state->runbook);

  approval->start = deploy != NULL ? deploy->started : 0;
  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      count_gate (state, gate, operation, approval);
    }
}

static char *
answer_approved (ErosReportState *state)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  Approval approval = { g_string_new (NULL), g_string_new (NULL), .seen = seen };
  g_autoptr (GString) names = approval.names;
  g_autoptr (GString) late = approval.late;

  count_approval (state, &approval);
  if (names->len == 0 && late->len == 0)
    return g_strdup (_ ("No approval by a person stands in the record."));
  if (approval.start == 0)
    return g_strdup_printf (_ ("Nothing has run yet. So far: %s."), names->str);
  if (late->len > 0)
    return g_strdup_printf (_ ("Before it ran: %s. Only afterwards: %s."),
                            names->len > 0 ? names->str : _ ("nobody"), late->str);
  return g_strdup_printf (_ ("Before it ran: %s."), names->str);
}

/* ---- another person ------------------------------------------------------------------------------------ */

/* "Ada <ada@example.com>" and "ada" are one person. */
static char *
fold (const char *name)
{
  const char *end = strstr (name, " <");
  g_autofree char *bare = end != NULL ? g_strndup (name, (gsize) (end - name)) : g_strdup (name);

  return g_utf8_casefold (g_strstrip (bare), -1);
}

static char *
answer_another (ErosReportState *state)
{
  g_autofree char *author = fold (state->story->created_by);
  g_autoptr (GString) others = g_string_new (NULL);
  g_autoptr (GString) entered = g_string_new (NULL);

  for (guint i = 0; i < state->decisions->len; i++)
    {
      const ErosReportDecision *decision = state->decisions->pdata[i];
      g_autofree char *name = fold (decision->name);
      g_autofree char *actor = fold (decision->actor);

      if (decision->kind != EROS_DECISION_SIGNATURE || decision->withdrawn_by != NULL ||
          g_str_equal (name, author))
        continue;
      if (g_str_equal (actor, author))
        add_name (entered, decision->name);
      else
        add_name (others, decision->name);
    }
  if (others->len > 0)
    return g_strdup_printf (_ ("By name, yes: signed by %s, at another keyboard than %s, who prepared it."),
                            others->str, state->story->created_by);
  if (entered->len > 0)
    return g_strdup_printf (
      _ ("Not proven: %s are other names than that of %s, who prepared it and has entered "
         "them."),
      entered->str, state->story->created_by);
  return g_strdup_printf (_ ("No: nobody but %s, who prepared it, has signed."), state->story->created_by);
}

/* ---- risk and way back --------------------------------------------------------------------------------- */

static char *
answer_tested (ErosReportState *state)
{
  if (state->environment == EROS_ENVIRONMENT_REHEARSAL)
    return g_strdup (_ ("This is a rehearsal itself: it is such a test."));
  if (state->story->rehearsed != NULL)
    return g_strconcat (state->story->rehearsed, ".", NULL);
  return g_strdup (_ ("No rehearsal of the same SQL stands in the record."));
}

static char *
answer_risk (ErosReportState *state)
{
  guint back = 0, reached = 0, aims = 0;

  for (guint i = 0; i < state->criteria->len; i++)
    {
      const ErosCriterionState *criterion = state->criteria->pdata[i];

      if (eros_criterion_is_to_roll_back_by (criterion->criterion))
        back++;
      else
        aims++;
      reached += criterion->verdict == EROS_CRITERION_REACHED;
    }
  /* Translators: numbers of criteria */
  return g_strdup_printf (
    _ ("Said beforehand: %u criteria to roll back by, %u to succeed by. %u of those to roll back "
       "by are reached."),
    back, aims, reached);
}

static char *
answer_way_back (ErosReportState *state)
{
  const ErosReportOperation *backup = eros_report_story_find (state->story, "backup", FALSE);
  const ErosReportOperation *deploy = eros_report_story_find (state->story, "deploy-", TRUE);
  g_autofree char *time = backup != NULL ? eros_time_text (backup->started) : NULL;

  if (backup == NULL)
    return g_strdup (_ ("No backup stands in the record."));
  return g_strdup_printf (
    deploy != NULL && backup->ended > deploy->started
      ? _ ("Backup of %s, which was not finished before the deployment began; it %s. %s")
      : _ ("Backup of %s, before anything was deployed; it %s. %s"),
    time, eros_report_operation_describe (backup), backup->summary != NULL ? backup->summary : "");
}

static char *
answer_when (ErosReportState *state)
{
  const ErosReportOperation *first = eros_report_story_find (state->story, "deploy-", TRUE);
  const ErosReportOperation *last = eros_report_story_find (state->story, "deploy-", FALSE);
  g_autofree char *start = first != NULL ? eros_time_text (first->started) : NULL;
  g_autofree char *end = last != NULL ? eros_time_text (last->ended) : NULL;

  if (first == NULL)
    return g_strdup (_ ("Nothing was deployed yet."));
  return g_strdup_printf (_ ("Deployed from %s to %s; each step with its time in the timeline."), start,
                          *end != '\0' ? end : "…");
}

static char *
answer_worked (ErosReportState *state)
{
  guint met = 0, unmet = 0, unknown = 0;

  for (guint i = 0; i < state->criteria->len; i++)
    {
      const ErosCriterionState *criterion = state->criteria->pdata[i];

      if (eros_criterion_is_to_roll_back_by (criterion->criterion))
        continue;
      if (criterion->verdict == EROS_CRITERION_MET)
        met++;
      else if (criterion->verdict == EROS_CRITERION_NOT_MET ||
               criterion->verdict == EROS_CRITERION_NOT_MET_THOUGH_MARKED)
        unmet++;
      else
        unknown++;
    }
  if (state->rolled_back != 0)
    {
      g_autofree char *time = eros_time_text (state->rolled_back);

      return g_strdup_printf (
        state->result != EROS_RESULT_ROLLED_BACK
          ? _ ("It was rolled back at %s, and deployed again. Criteria of success: %u met, %u not met, %u "
               "undecided.")
          : _ ("It was rolled back at %s. Criteria of success: %u met, %u not met, %u undecided."),
        time, met, unmet, unknown);
    }
  return g_strdup_printf (_ ("Criteria of success: %u met, %u not met, %u undecided. Signed as: %s."), met,
                          unmet, unknown,
                          state->signed_status != NULL ? state->signed_status : _ ("not signed yet"));
}

static char *
answer_exceptions (ErosReportState *state)
{
  guint overrides = 0, marks = 0, withdrawn = 0;

  for (guint i = 0; i < state->decisions->len; i++)
    {
      const ErosReportDecision *decision = state->decisions->pdata[i];

      if (decision->withdrawn_by != NULL)
        withdrawn++;
      else if (decision->kind == EROS_DECISION_OVERRIDE)
        overrides++;
      else if (decision->kind != EROS_DECISION_SIGNATURE)
        marks++;
    }
  if (overrides + marks + withdrawn == 0)
    return g_strdup (_ ("Nothing was done past a gate, and nothing decided over a failed check."));
  return g_strdup_printf (
    _ ("Gates not waited for: %u; marks over failed checks or before their time: %u; withdrawn "
       "since: %u. Each with name and reason."),
    overrides, marks, withdrawn);
}

static char *
answer_whole (ErosReportState *state)
{
  return g_strdup_printf (
    _ ("%'u events, each with the hash of the one before; the last hash stands on the first "
       "page, all of them are attached. “eros-deploy verify” and any SHA-256 tool check it."),
    state->events->len);
}

void
eros_report_compose_questions (ErosReportState *state, ErosLayout *layout)
{
  static const struct
  {
    const char *question;
    char *(*answer) (ErosReportState *state);
    const char *anchor; /* (nullable) */
  } questions[] = {
    { N_ ("Who asked for it?"), answer_who_asked, NULL },
    { N_ ("What was changed, and where?"), answer_what, "changes" },
    { N_ ("Who prepared it, and who carried it out?"), answer_who_did, "timeline" },
    { N_ ("Who approved it, and before it ran?"), answer_approved, "items" },
    { N_ ("Was that somebody else than its author?"), answer_another, "decisions" },
    { N_ ("Where was it tested outside production?"), answer_tested, "timeline" },
    { N_ ("What was the risk, and which limits were set?"), answer_risk, "criteria" },
    { N_ ("How could one go back?"), answer_way_back, "timeline" },
    { N_ ("What was done when?"), answer_when, "timeline" },
    { N_ ("Did it work?"), answer_worked, "criteria" },
    { N_ ("What went past the rules, who decided it, and who reviewed that?"), answer_exceptions,
      "decisions" },
    { N_ ("Is this the whole record, and unchanged?"), answer_whole, "attached" },
  };
  static const double weights[] = { 4, 8, 0.6 };
  const char *titles[] = { _ ("Question"), _ ("Answer, from the record"), _ ("Page"), NULL };
  guint n = 0;

  eros_layout_heading (layout, EROS_TEXT_HEADING_1, _ ("What an auditor asks"), "questions");
  eros_layout_table_begin (layout, weights, titles, 3);
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_autofree char *answer = questions[i].answer (state);

      add (layout, &n, _ (questions[i].question), answer, questions[i].anchor);
    }
  eros_layout_table_end (layout);
}
