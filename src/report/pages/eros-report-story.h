/* eros-report-story.h: what a journal tells beside the state that it leads to: work, changes, texts, curves
 *
 * Copied on the thread that the deployment lives on; read on any.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-chart.h"
#include "eros-deployment.h"

G_BEGIN_DECLS

typedef struct
{
  char  *kind, *id, *title, *actor;
  char  *outcome;                     /* (nullable): it has not ended */
  char  *summary;                     /* (nullable) */
  char  *reason, *authority, *backup; /* (nullable) what it was asked for */
  gint64 started, ended;              /* microseconds since 1970; 0: it has not */
  gint64 sequence;                    /* of its start */
  guint  n_steps, n_failed;
} ErosReportOperation;

/* Something worth knowing by its time. */
typedef struct
{
  gint64 time;
  char  *what, *actor;
} ErosReportMilestone;

/* One object that an operation has added, changed or removed. */
typedef struct
{
  const ErosReportOperation *operation;
  char                      *kind, *name;
  char                      *before, *after; /* (nullable) digests */
} ErosReportChange;

/* An inventory as it is on record. */
typedef struct
{
  char *file, *text, *digest, *title;
} ErosReportInventory;

/* A text that was sent to BigQuery, or would be but for its names. */
typedef struct
{
  guint    number;
  char    *name; /* of its file or step */
  char    *file; /* attached under this name */
  char    *text;
  char    *sha256;     /* of it */
  char    *general;    /* (nullable) SHA-256 of the text before names were filled in */
  gboolean is_general; /* this is that text */
} ErosReportSql;

/* What monitoring has read of a criterion, round by round. */
typedef struct
{
  const ErosCriterion *criterion; /* the runbook's */
  GArray              *points;    /* of ErosChartPoint; x in seconds since 1970 */
} ErosReportCurve;

/* A step of a rollback. */
typedef struct
{
  const ErosReportOperation *operation;
  gint64                     time;
  char                      *title, *outcome, *summary;
} ErosReportStep;

/* An event that a person has made. */
typedef struct
{
  gint64 sequence, time;
  char  *actor, *what, *text;
} ErosReportDeed;

typedef struct
{
  GPtrArray  *operations; /* of ErosReportOperation, in order */
  GPtrArray  *milestones; /* of ErosReportMilestone, by time */
  GPtrArray  *changes;    /* of ErosReportChange */
  GPtrArray  *inventories;
  GPtrArray  *sql;
  GPtrArray  *curves;
  GPtrArray  *steps;     /* of rollbacks, of ErosReportStep */
  GPtrArray  *deeds;     /* of ErosReportDeed: at most EROS_REPORT_MOST_DEEDS, the first and the last */
  guint       n_deeds;   /* of all */
  GHashTable *found;     /* element id → number of the event of its last check */
  GHashTable *by_text;   /* SQL → its ErosReportSql */
  char       *rehearsed; /* (nullable): where the same SQL was found deployed before */
  char       *created_by;
} ErosReportStory;

#define EROS_REPORT_MOST_DEEDS 600

ErosReportStory *eros_report_story_new (ErosDeployment *deployment);
void             eros_report_story_free (ErosReportStory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosReportStory, eros_report_story_free)

/* (nullable): the last of this kind; PREFIX: "deploy-" for any that begins so. */
const ErosReportOperation *eros_report_story_find (ErosReportStory *self, const char *prefix, gboolean first);
/* (nullable) */
const ErosReportSql *eros_report_story_find_sql (ErosReportStory *self, const char *text);
/* "ended well", "failed" … */
const char *eros_report_operation_describe (const ErosReportOperation *operation);

/* Its parts, each of which looks at one event after the other. */
void eros_report_story_add_sql (ErosReportStory *self, ErosEvent *event);
void eros_report_story_number_sql (ErosReportStory *self);
void eros_report_story_add_inventory (ErosReportStory *self, ErosEvent *event, const ErosReportOperation *operation);
void eros_report_story_add_deed (ErosReportStory *self, ErosRunbook *runbook, ErosEvent *event);

G_END_DECLS
