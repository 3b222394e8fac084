/* eros-report-decisions.c: how it ended, who decided and signed what, and what of it was withdrawn
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-content.h"

#include "eros-config.h"
#include <glib/gi18n-lib.h>

void
eros_report_compose_pair (ErosLayout *layout, const char *label, const char *value)
{
  eros_layout_pair (layout, label, *value != '\0' ? value : "–");
}

static const char *
describe_result (ErosReportState *state)
{
  switch (state->result)
    {
    case EROS_RESULT_SUCCESS:
      return _ ("Success");
    case EROS_RESULT_ROLLBACK_REQUIRED:
      return _ ("Rollback required");
    case EROS_RESULT_ROLLED_BACK:
      return _ ("Rolled back");
    case EROS_RESULT_UNDECIDED:
    default:
      return _ ("Not decided yet");
    }
}

const ErosReportDecision *
eros_report_find_signature (ErosReportState *state, const char *element_id)
{
  for (guint i = state->decisions->len; i > 0; i--)
    {
      const ErosReportDecision *decision = state->decisions->pdata[i - 1];

      if (decision->kind == EROS_DECISION_SIGNATURE && decision->withdrawn_by == NULL &&
          g_str_equal (decision->target, element_id))
        return decision;
    }
  return NULL;
}

static ErosTone
tone_of (ErosReportState *state)
{
  if (state->result == EROS_RESULT_ROLLED_BACK || state->result == EROS_RESULT_ROLLBACK_REQUIRED)
    return EROS_TONE_DANGER;
  if (state->result == EROS_RESULT_UNDECIDED)
    return EROS_TONE_NONE;
  return state->rolled_back != 0 || state->contradictions[0] != NULL ? EROS_TONE_CAUTION : EROS_TONE_GOOD;
}

void
eros_report_compose_outcome (ErosReportState *state, ErosLayout *layout)
{
  const ErosReportDecision *signature =
    state->signed_id != NULL ? eros_report_find_signature (state, state->signed_id) : NULL;
  g_autofree char *rolled_back = eros_time_text (state->rolled_back);
  g_autoptr (GString) outcome = g_string_new (_ ("Outcome"));
  g_autofree char *status = NULL;

  g_string_append (outcome, "  ");
  if (state->result == EROS_RESULT_ROLLED_BACK)
    g_string_append_printf (outcome, _ ("Rolled back at %s"), rolled_back);
  else if (state->rolled_back != 0)
    /* Translators: “Success” and the like; when */
    g_string_append_printf (outcome, _ ("%s; it was rolled back at %s"), describe_result (state),
                            rolled_back);
  else
    g_string_append (outcome, describe_result (state));
  eros_layout_banner (layout, tone_of (state), outcome->str);
  if (state->signed_status == NULL)
    return;
  /* Translators: “SUCCESS”; a person */
  status = g_strdup_printf (_ ("%s, by %s"), state->signed_status, signature != NULL ? signature->name : "–");
  eros_report_compose_pair (layout, _ ("Signed as"), status);
  for (guint i = 0; state->contradictions[i] != NULL; i++)
    eros_report_compose_pair (layout, i == 0 ? _ ("Against it") : "", state->contradictions[i]);
}

/* (transfer full) (nullable) */
static char *
describe_withdrawal (const ErosReportDecision *decision)
{
  g_autofree char *time = eros_time_text (decision->withdrawn_time);

  if (decision->withdrawn_by == NULL)
    return NULL;
  /* Translators: who; when; the reason */
  return g_strdup_printf (_ ("by %s, %s: %s"), decision->withdrawn_by, time,
                          *decision->withdrawn_reason != '\0' ? decision->withdrawn_reason
                                                              : _ ("no reason was given"));
}

static char *
title_of (const ErosReportDecision *decision)
{
  switch (decision->kind)
    {
    case EROS_DECISION_OVERRIDE:
      return g_strdup_printf (decision->withdrawn_by == NULL ? _ ("Not waited for: “%s”")
                                                             : _ ("Withdrawn: not waited for “%s”"),
                              decision->title);
    case EROS_DECISION_TICK:
      return g_strdup_printf (decision->withdrawn_by == NULL
                                ? _ ("Ticked over a check that failed: “%s”")
                                : _ ("Withdrawn: ticked over a check that failed, “%s”"),
                              decision->title);
    case EROS_DECISION_NOT_APPLICABLE:
      return g_strdup_printf (decision->withdrawn_by == NULL
                                ? _ ("Not applicable over a check that failed: “%s”")
                                : _ ("Withdrawn: not applicable over a check that failed, “%s”"),
                              decision->title);
    case EROS_DECISION_SIGNATURE:
    default:
      return g_strdup_printf (_ ("Withdrawn: signature of “%s”"), decision->title);
    }
}

static void
add_decision (ErosLayout *layout, const ErosReportDecision *decision)
{
  g_autofree char *time = eros_time_text (decision->time);
  g_autofree char *title = title_of (decision);
  g_autofree char *withdrawn = describe_withdrawal (decision);
  g_autofree char *decided = NULL;

  eros_layout_keep (layout, 80);
  eros_layout_banner (layout, EROS_TONE_CAUTION, title);
  decided = g_strdup_printf ("%s, %s", decision->name, time);
  eros_report_compose_pair (layout, _ ("Decided by"), decided);
  if (decision->kind != EROS_DECISION_SIGNATURE || *decision->reason != '\0')
    eros_report_compose_pair (layout, _ ("Reason"),
                              *decision->reason != '\0' ? decision->reason : _ ("no reason was given"));
  if (!g_str_equal (decision->name, decision->actor))
    eros_report_compose_pair (layout, _ ("Recorded by"), decision->actor);
  for (guint i = 0; decision->through[i] != NULL; i++)
    eros_report_compose_pair (layout, i == 0 ? _ ("Done while it held") : "", decision->through[i]);
  if (withdrawn != NULL)
    eros_report_compose_pair (layout, _ ("Withdrawn"), withdrawn);
  eros_layout_space (layout, 5);
}

/* A signature that holds stands where it belongs, and is not repeated here. */
static gboolean
is_listed (const ErosReportDecision *decision)
{
  return decision->kind != EROS_DECISION_SIGNATURE || decision->withdrawn_by != NULL;
}

static gboolean
has_override (ErosReportState *state)
{
  for (guint i = 0; i < state->decisions->len; i++)
    if (((const ErosReportDecision *) state->decisions->pdata[i])->kind == EROS_DECISION_OVERRIDE)
      return TRUE;
  return FALSE;
}

void
eros_report_compose_decisions (ErosReportState *state, ErosLayout *layout)
{
  eros_layout_heading (layout, EROS_TEXT_HEADING_1, _ ("Overrides and decisions"), "decisions");
  if (!has_override (state))
    eros_layout_text (layout, EROS_TEXT_BODY, _ ("No override: nothing was done past a gate."));
  for (guint i = 0; i < state->decisions->len; i++)
    if (is_listed (state->decisions->pdata[i]))
      add_decision (layout, state->decisions->pdata[i]);
  for (guint i = 0; state->shared[i] != NULL; i++)
    eros_layout_text (layout, EROS_TEXT_BODY, state->shared[i]);
}

static void
add_sentences (GString *text, const char *title, const char *const *sentences)
{
  for (guint i = 0; sentences != NULL && sentences[i] != NULL; i++)
    {
      if (i == 0)
        g_string_append_printf (text, "\n%s", title);
      g_string_append_printf (text, "\n• %s", sentences[i]);
    }
}

/* What speaks against it now and was not named when it was signed. */
static GStrv
list_new (ErosReportState *state, const ErosReportDecision *signature)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  for (guint i = 0; state->contradictions[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) signature->contradictions, state->contradictions[i]))
      g_strv_builder_add (list, state->contradictions[i]);
  return g_strv_builder_end (list);
}

void
eros_report_describe_signatures (ErosReportState *state, const char *element_id, GString *text)
{
  const ErosReportDecision *signature = eros_report_find_signature (state, element_id);

  if (signature != NULL)
    add_sentences (text, _ ("Signed although this was named before:"),
                   (const char *const *) signature->contradictions);
  if (signature != NULL && g_strcmp0 (element_id, state->signed_id) == 0)
    {
      g_auto (GStrv) later = list_new (state, signature);

      add_sentences (text, _ ("Against it, when this report was written:"), (const char *const *) later);
    }
  for (guint i = 0; i < state->decisions->len; i++)
    {
      const ErosReportDecision *decision = state->decisions->pdata[i];
      g_autofree char *time = eros_time_text (decision->time);
      g_autofree char *withdrawn = describe_withdrawal (decision);

      if (withdrawn == NULL || !g_str_equal (decision->target, element_id))
        continue;
      /* Translators: who; when; who has withdrawn it, when and why */
      g_string_append_printf (text, _ ("\nWas signed by %s, %s. Withdrawn %s"), decision->name, time,
                              withdrawn);
    }
}
