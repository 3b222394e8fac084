/* eros-work-private.h: what the parts of the executor share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-script.h"
#include "eros-work.h"

G_BEGIN_DECLS

/* A step as it is being run. */
typedef struct
{
  ErosWorkStep     step; /* first: the public part */
  ErosWork        *work;
  ErosStep        *row;
  gboolean         under_way;
  gboolean         passed;
  gboolean         warned;        /* passed, but an expectation did not hold */
  char            *job_id;        /* planned; its end may not be known */
  gboolean         job_is_open;   /* planned; not ended, or its answer has not been read */
  gboolean         job_has_ended; /* well, and that is on record */
  char            *filled_sql;
  char            *sha256;
  ErosJob         *job;
  ErosScriptWatch *watch;      /* (nullable): while it runs */
  GError          *failure;    /* of its job, while its statements are looked at */
  JsonArray       *statements; /* (nullable): of its script */
  JsonArray       *evidence;
  char            *found; /* its summary, filled in */
} WorkStep;

struct _ErosWork
{
  gatomicrefcount n_references;
  ErosController *controller; /* not owned: it owns us */
  ErosBigQuery   *big_query;
  ErosOperation  *operation;
  JsonObject     *arguments;
  GPtrArray      *steps;  /* of WorkStep */
  GHashTable     *values; /* "STEP.COLUMN" → text */
  gboolean (*conclude) (ErosWork *work, GError **error);
  gboolean is_recorded; /* operation.started is in the journal */
  GTask   *task;        /* while it runs */
  GError  *error;       /* the first one */
};

ErosDeployment *eros_work_get_deployment (ErosWork *work);
/* Sends or calls what the step is; goes on in eros_work_step_ended (). */
void eros_work_step_run (WorkStep *step);
/* A step has ended, well (error NULL) or not (takes error); it is recorded, and the work goes on. */
void eros_work_step_ended (WorkStep *step, GError *error);
/* Says in a step's row that a request is sent again. */
void            eros_work_retry_cb (guint attempt, const GError *why, guint wait_ms, gpointer row);
gboolean        eros_work_fill_sql (WorkStep *step, GError **error);
ErosJobRequest *eros_work_make_request (WorkStep *step, const char *job_id);

G_END_DECLS
