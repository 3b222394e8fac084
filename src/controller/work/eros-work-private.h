/* eros-work-private.h: what the parts of the executor share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-job-run.h"
#include "eros-script.h"
#include "eros-work.h"

G_BEGIN_DECLS

/* A step as it is being run. */
typedef struct _WorkStep WorkStep;
struct _WorkStep
{
  ErosWorkStep     step; /* first: the public part */
  ErosWork        *work;
  ErosStep        *row;
  gboolean         under_way;
  gboolean         has_run; /* in this attempt; of those that run at its end */
  gboolean         passed;
  gboolean         warned;         /* passed, but an expectation did not hold */
  gboolean         undecided;      /* passed, but there was not enough to say */
  char            *job_id;         /* planned; its end may not be known */
  gboolean         job_is_open;    /* planned; not ended, or its answer has not been read */
  gboolean         job_is_earlier; /* an earlier attempt planned it */
  gboolean         job_has_ended;  /* well, and that is on record */
  char            *filled_sql;
  char            *sha256;
  ErosJob         *job;
  ErosScriptWatch *watch;         /* (nullable): while it runs */
  guint            n_repeats;     /* in this attempt, after others' changes */
  GSource         *repeat_source; /* (nullable): while it waits for that */
  GError          *failure;       /* of its job, while its statements are looked at */
  JsonArray       *statements;    /* (nullable): of its script */
  JsonArray       *evidence;
  char            *found;                         /* its summary, filled in */
  void (*looked) (WorkStep *step, GError *error); /* in a forecast: takes error: (nullable) */
  gpointer looking;                               /* for looked */
};

struct _ErosWork
{
  gatomicrefcount n_references;
  ErosDeployment *deployment;
  ErosBigQuery   *big_query;
  ErosOperation  *operation;
  JsonObject     *arguments;
  GPtrArray      *steps;   /* of WorkStep */
  GHashTable     *values;  /* "STEP.COLUMN" → text */
  GHashTable     *results; /* name → text: for the fields of the operation's element */
  GPtrArray      *kept;    /* what the steps have borrowed from */
  gboolean (*conclude) (ErosWork *work, GError **error);
  gboolean is_in_order; /* its steps stand in the order of their groups */
  gboolean is_recorded; /* operation.started is in the journal */
  GTask   *task;        /* while it runs */
  GError  *error;       /* the first one */
  GError  *failure;     /* (nullable): of a step after which the others went on */
  GString *left_undone; /* what may fail, and has */
  GString *owed;        /* what of that is still to be done */
};

/* Sends or calls what the step is; goes on in eros_work_step_ended (). */
void eros_work_step_run (WorkStep *step);
/* Takes up what has become known since of jobs whose ends nobody had written down (eros-work-restore.c). */
void eros_work_restore_jobs (ErosWork *work);
/* A step has ended, well (error NULL) or not (takes error); it is recorded, and the work goes on. */
void eros_work_step_ended (WorkStep *step, GError *error);
/* (eros-work-repeat.c) */
gboolean eros_work_step_repeat (WorkStep *step, const GError *failure);
/* On record (eros-work-record.c). */
gboolean eros_work_record_step_repeated (WorkStep *step, const GError *failure, GError **error);
gboolean eros_work_record_started (ErosWork *work, GError **error);
gboolean eros_work_record_step_started (WorkStep *step, GError **error);
gboolean eros_work_record_step_ended (WorkStep *step, const GError *failure, GError **error);
gboolean eros_work_record_boxes (WorkStep *step, const GError *failure, GError **error);
gboolean eros_work_record_missing_boxes (ErosWork *work, GError **error);
/* What is sent (eros-work-request.c). */
/* Its values become values of the work. */
void eros_work_step_keep (WorkStep *step, GHashTable *answer);
/* Whether the answer is as expected, with what was found in the step. */
gboolean        eros_work_step_judge (WorkStep *step, GHashTable *answer, GError **error);
ErosJobPlace    eros_work_place_of (WorkStep *step);
gboolean        eros_work_fill_sql (WorkStep *step, GError **error);
ErosJobRequest *eros_work_make_request (WorkStep *step, const char *job_id);

G_END_DECLS
