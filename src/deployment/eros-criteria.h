/* eros-criteria.h: how each criterion of the runbook stands, measured or decided
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-measure.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_CRITERION_NOT_ENOUGH,  /* it is measured, and there is not enough data yet */
  EROS_CRITERION_NOT_DECIDED, /* a person judges, and has not yet */
  EROS_CRITERION_MET,         /* of those that are to be met */
  EROS_CRITERION_NOT_MET,
  EROS_CRITERION_NOT_MET_THOUGH_MARKED, /* somebody has ticked it all the same */
  EROS_CRITERION_NOT_APPLICABLE,
  EROS_CRITERION_REACHED, /* of those to roll back by */
  EROS_CRITERION_NOT_REACHED,
} ErosCriterionVerdict;
const char *eros_criterion_verdict_to_text (ErosCriterionVerdict verdict);  /* in JSON: "not-enough-data" … */
const char *eros_criterion_verdict_to_label (ErosCriterionVerdict verdict); /* for people */
const char *eros_criterion_verdict_get_symbol (ErosCriterionVerdict verdict);

/* As it was when it was asked for. */
typedef struct
{
  const ErosCriterion *criterion; /* the runbook's */
  ErosCriterionVerdict verdict;
  gboolean             is_measured;
  ErosReading          reading;   /* if it is measured */
  ErosEvent           *decision;  /* (nullable) (transfer none) a person's last word on one that is not */
  ErosEvent           *continued; /* (nullable) (transfer none) somebody goes on although it is reached */
  char                *text;      /* (nullable) what is known: measured, or decided by whom */
  char                *fact;      /* (nullable) what the record says beside it, which decides nothing */
} ErosCriterionState;
void eros_criterion_state_free (ErosCriterionState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosCriterionState, eros_criterion_state_free)

gboolean            eros_criterion_is_to_roll_back_by (const ErosCriterion *criterion);
ErosCriterionState *eros_criterion_state_new (ErosDeployment *deployment, const ErosCriterion *criterion);
GPtrArray          *eros_criteria_list (ErosDeployment *deployment);
GStrv               eros_criteria_list_reached (ErosDeployment *deployment);
gboolean            eros_criterion_may_be_decided (const ErosCriterion *criterion);
gboolean            eros_criterion_decide (ErosDeployment *deployment,
                                           const char     *criterion_id,
                                           gboolean        is_reached,
                                           const char     *note,
                                           GError        **error);

gboolean eros_criterion_continue (ErosDeployment *deployment,
                                  const char     *criterion_id,
                                  const char     *name,
                                  const char     *reason,
                                  GError        **error);

G_END_DECLS
