/* eros-problem.h: what is wrong with a deployment, in one list for whoever shows it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* The worst one first. */
typedef enum
{
  EROS_PROBLEM_CRITERION_REACHED, /* one to roll back by */
  EROS_PROBLEM_ROLLED_BACK,       /* and nothing was deployed since */
  EROS_PROBLEM_OPERATION_FAILED,
  EROS_PROBLEM_CHECK_FAILED,      /* and nobody has decided over it */
  EROS_PROBLEM_OPERATION_CUT_OFF, /* its end is not on record */
  EROS_PROBLEM_OPERATION_OWED,    /* it is done, but for what is still to be done */
  EROS_PROBLEM_OPERATION_STOPPED, /* by a person */
  EROS_PROBLEM_REFUSED,           /* the service does not let anybody in; only whoever is connected knows */
  EROS_PROBLEM_OFFLINE,           /* likewise: nobody can be reached */
  EROS_PROBLEM_WINDOW_OVER,       /* or nearly, and the deployment has not ended */
  EROS_PROBLEM_MESSAGE_DUE,
  EROS_PROBLEM_OVERDUE, /* to be done until a day that is over */
  EROS_PROBLEM_ROUND_LATE,
  EROS_PROBLEM_ROUND_MISSED,
  EROS_PROBLEM_OUTSIDE_WINDOW, /* it was deployed */
  EROS_PROBLEM_NOT_ANNOUNCED,  /* in time */
  EROS_PROBLEM_NAMES_NOBODY,   /* a ticked box about a person */
  EROS_PROBLEM_OTHER_PERSON,   /* has signed than who was expected to */
  EROS_PROBLEM_OVERRIDDEN,     /* a gate */
  EROS_PROBLEM_DECIDED,        /* a box was marked over a check that fails, or before its time */
} ErosProblemKind;
/* In JSON: "criterion-reached" … */
const char *eros_problem_kind_to_text (ErosProblemKind kind);

#define EROS_TYPE_PROBLEM (eros_problem_get_type ())
G_DECLARE_FINAL_TYPE (ErosProblem, eros_problem, EROS, PROBLEM, GObject)

/* target: (nullable) of what kind's room: an operation's kind, an element, a gate, a criterion. place: (nullable) the
 * element where something can be done about it. */
ErosProblem    *eros_problem_new (ErosProblemKind kind, const char *target, const char *place, const char *text);
ErosProblemKind eros_problem_get_kind (ErosProblem *self);
const char     *eros_problem_get_target (ErosProblem *self);
const char     *eros_problem_get_place (ErosProblem *self);
const char     *eros_problem_get_text (ErosProblem *self); /* what happened, to what, why: a sentence */
/* Whether it stands in the way; otherwise it only must not be forgotten. */
gboolean eros_problem_is_grave (ErosProblem *self);

/* now: microseconds since 1970. running: (nullable): the id of an operation that is at work here, which is no problem.
 * (transfer full) (element-type ErosProblem): the worst one first */
GPtrArray *eros_problem_list (ErosDeployment *deployment, gint64 now, const char *running);
/* The worst of LIST that belongs to PHASE. (transfer none) (nullable) */
ErosProblem *eros_problem_find_worst (GPtrArray *list, ErosDeployment *deployment, ErosPhase *phase);
/* Whether what PHASE has made or looked at was taken back by a rollback. */
gboolean eros_problem_is_taken_back (ErosDeployment *deployment, ErosPhase *phase);

G_END_DECLS
