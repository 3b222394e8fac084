/* eros-report-state.h: a deployment as it is at one moment, copied, so that another thread can lay it out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-comparison.h"
#include "eros-criteria.h"
#include "eros-deployment.h"
#include "eros-problem.h"
#include "eros-report-story.h"
#include "eros-time-text.h"

G_BEGIN_DECLS

typedef struct
{
  ErosItemMark mark;
  char        *actor, *note, *reason, *summary; /* actor, reason, summary: (nullable) */
  gint64       time;
  ErosOutcome  outcome;
  JsonNode    *evidence; /* (nullable) */
  gboolean     is_retracted, is_failing, is_decided, is_signed;
} ErosReportItem;

typedef struct
{
  char    *text;  /* as it is stored; "" when blank */
  char    *shown; /* for people */
  char    *actor; /* (nullable) */
  gboolean is_machine;
  gint64   time;
  char    *measured; /* (nullable) for people: what the machine had measured, where a person has replaced it */
  gint64   measured_time;
  char    *reason; /* why they have; "" when they were not asked */
} ErosReportValue;

/* What somebody has decided, whether it holds or was withdrawn. */
typedef struct
{
  ErosDecisionKind kind;
  char            *target; /* id of the gate or element */
  char            *title;  /* of the gate or element */
  char            *name, *reason, *actor;
  gint64           time;
  char            *withdrawn_by; /* (nullable) */
  char            *withdrawn_reason;
  gint64           withdrawn_time;
  GStrv            through;        /* of an override: what was done while it held */
  GStrv            contradictions; /* of a signature: what was named before it */
} ErosReportDecision;

typedef struct
{
  ErosPhase     *phase;
  guint          done, total, decided;
  ErosPhaseState state;
} ErosReportProgress;

/* Atomically reference-counted; nothing in it changes. */
typedef struct
{
  ErosRunbook     *runbook;
  char            *id, *name, *window, *lead, *project, *dataset, *location, *bucket;
  ErosEnvironment  environment;
  ErosResult       result;
  gint64           rolled_back;    /* when; 0: never */
  char            *signed_status;  /* (nullable) */
  char            *signed_id;      /* (nullable) the sign-off that says it */
  GStrv            contradictions; /* what speaks against a signed success */
  GStrv            shared;         /* who has signed for several */
  GPtrArray       *problems;       /* of ErosProblem, as they were at the last event, the worst first */
  char            *phase_reached;  /* (nullable) */
  guint            done, total;
  GHashTable      *items;       /* element id → ErosReportItem */
  GHashTable      *jobs;        /* job id → (transfer none) the first ErosElement whose evidence it is */
  GHashTable      *values;      /* field id → ErosReportValue */
  GHashTable      *rounds;      /* entry of a schedule → how its rounds went */
  GHashTable      *subjects;    /* template's element id → subject, filled in */
  GPtrArray       *criteria;    /* of ErosCriterionState */
  GPtrArray       *decisions;   /* of ErosReportDecision */
  GPtrArray       *progress;    /* of ErosReportProgress */
  GPtrArray       *events;      /* of ErosEvent */
  GPtrArray       *comparisons; /* of ErosComparison */
  char            *head;        /* hash of the last event */
  ErosReportStory *story;
} ErosReportState;

ErosReportState *eros_report_state_new (ErosDeployment *deployment);
ErosReportState *eros_report_state_ref (ErosReportState *self);
void             eros_report_state_unref (ErosReportState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosReportState, eros_report_state_unref)

/* Never NULL: an item that nobody has touched is open. */
const ErosReportItem  *eros_report_state_item (ErosReportState *self, const char *element_id);
const ErosReportValue *eros_report_state_value (ErosReportState *self, const char *field_id);
/* Of the first and the last event, microseconds since 1970. */
gint64 eros_report_state_first (ErosReportState *self);
gint64 eros_report_state_last (ErosReportState *self);

G_END_DECLS
