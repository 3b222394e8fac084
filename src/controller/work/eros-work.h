/* eros-work.h: an operation as a list of steps, run so that it can be cut off anywhere
 *
 * Every step is written down before it begins and after it has ended, every job before it is sent. What is done again
 * after a crash, a cancellation or a failure are only the steps that have not ended well; a job whose end is not known
 * is sent again under its old id, which the server runs at most once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"
#include "eros-controller-error.h"
#include "eros-deployment.h"
#include "eros-operation-private.h"

G_BEGIN_DECLS

typedef struct _ErosWork     ErosWork;
typedef struct _ErosWorkStep ErosWorkStep;

/* Just before the step runs, when what the steps before have found is known. */
typedef gboolean (*ErosWorkPrepare) (ErosWork *work, ErosWorkStep *step, GError **error);
/* Instead of a job: ends with eros_work_step_done () or eros_work_step_failed (). */
typedef void (*ErosWorkCall) (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable);
/* When the row of a step's query is there, before it is judged: may add to the answer. */
typedef gboolean (*ErosWorkJobDone) (ErosWork *work, ErosWorkStep *step, ErosJob *job, GError **error);
/* When the record says that the step has ended well: may add the steps that it has found. */
typedef void (*ErosWorkRestored) (ErosWork *work, ErosWorkStep *step);
typedef gboolean (*ErosWorkAnswered) (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error);

/* All strings are the step's own. Members that are not set: none. */
struct _ErosWorkStep
{
  char *id; /* stable: the same in every run of the same plan */
  char *title;
  guint group;   /* steps of one group run at the same time, groups one after the other */
  char *element; /* the check box it works for */

  char        *sql;           /* before identifiers are filled in */
  gboolean     is_verbatim;   /* sql has no placeholders, and is sent as it is */
  char        *sql_source;    /* where it comes from */
  JsonObject  *configuration; /* a job that is no query */
  ErosWorkCall call;
  ErosWorkCall look;           /* (nullable) in a forecast: it only reads, and its steps after it know what it found */
  gboolean     is_free;        /* a query that costs nothing, and that a forecast really runs */
  gboolean     is_foreseeable; /* prepare needs nothing but what a forecast finds */
  char        *impossible;     /* (nullable) why it cannot be done, for people: it fails, also in a forecast */
  GPtrArray   *parameters;     /* of char *: name, type, value, name, … */
  gint64       timeout_ms;     /* 0: the connection's */
  gboolean     no_cache;
  char        *taken_back_by; /* id of a step, of any operation, after which this one has to be done again */
  gboolean     is_repeatable; /* a script that may be run again after a part of it was done */
  gboolean     always;        /* runs in every attempt, also when it has ended well before */
  gboolean     at_end;     /* runs after all others in every attempt, however they have ended, and is not cancelled */
  ErosWork    *forecast;   /* (nullable): of a call: the work that it does, planned, for what that would read */
  char        *reads;      /* (nullable): of a call: a query that reads as much as it reads each time */
  guint        n_readings; /* how often it does so */

  gboolean         one_row;      /* its answer is one row, whose values are kept as ID.COLUMN */
  ErosExpectation *expectations; /* (array length=n_expectations) borrowed */
  guint            n_expectations;
  ErosExpectation
          *enough; /* (array length=n_enough) borrowed: when one does not hold, nothing can be said, and it goes on */
  guint    n_enough;
  gboolean may_be_undecided;  /* so does it when an expectation compares with what is not known */
  gboolean may_fail;          /* the work goes on without it, and says so at its end; not when nobody has answered */
  gboolean is_attempt;        /* may_fail, and then another step does it */
  gboolean keeps_going;       /* those after it run also when it has failed; the whole has failed then */
  gboolean is_echo;           /* it fails with those before it, which have said why */
  gboolean is_owed;           /* may_fail, and then the operation has something left to do: going on does it */
  gboolean is_optional;       /* so does it when the server cannot answer, and there is nothing to do about it */
  gboolean goes_on;           /* when an expectation does not hold its boxes fail, and the work goes on */
  const char      *not_found; /* what to do when what it reads is not there, for people */
  char            *summary;   /* with ${COLUMN} */
  char           **proves;    /* check boxes */
  ErosWorkPrepare  prepare;
  ErosWorkJobDone  job_done; /* when its job has succeeded */
  ErosWorkAnswered answered;
  ErosWorkRestored restored;
  gpointer         data;
  GDestroyNotify   data_free;
};

ErosWork *eros_work_new (ErosDeployment *deployment,
                         ErosBigQuery   *big_query,
                         const char     *id,
                         const char     *kind,
                         const char     *title,
                         JsonObject     *arguments);
/* Whoever waits for an answer about it holds a reference: a plan can be dropped at any time. */
ErosWork *eros_work_ref (ErosWork *work);
void      eros_work_unref (ErosWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosWork, eros_work_unref)
/* The work keeps the step. */
ErosWorkStep  *eros_work_add (ErosWork *work, guint group, const char *id, const char *title);
void           eros_work_step_add_parameter (ErosWorkStep *step, const char *name, const char *type, const char *value);
void           eros_work_step_prove (ErosWorkStep *step, const char *element_id);
ErosOperation *eros_work_get_operation (ErosWork *work);
ErosDeployment *eros_work_get_deployment (ErosWork *work);
ErosBigQuery   *eros_work_get_big_query (ErosWork *work);
JsonObject     *eros_work_get_arguments (ErosWork *work);
const char     *eros_work_get_argument (ErosWork *work, const char *name); /* "" when it is missing */
/* What steps have found: "STEP.COLUMN". NULL: SQL NULL, or not found yet. */
const char *eros_work_get_value (ErosWork *work, const char *name);
/* All of them that a step has found. (transfer full) (element-type utf8 utf8): column → text, borrowed from the work */
GHashTable *eros_work_get_answer (ErosWork *work, const char *step_id);
void        eros_work_set_value (ErosWork *work, ErosWorkStep *step, const char *name, const char *value);
/* Writes down what the step has found so far, before it goes on to change something. */
gboolean eros_work_note_values (ErosWork *work, ErosWorkStep *step, GError **error);
/* One after the other, in the order in which they were added; (nullable): there are no more. */
ErosWorkStep *eros_work_get_step (ErosWork *work, guint i);
/* What the operation is found to have done, for the fields of its element: "timestamp", "rows.caption_bank" … */
void        eros_work_set_result (ErosWork *work, const char *name, const char *value); /* value: (nullable): none */
GHashTable *eros_work_get_results (ErosWork *work);                                     /* name → text */
/* From here on a step is added where its group is, and not at the end. */
void eros_work_keep_in_order (ErosWork *work);
/* Those of groups from FROM up to and without UNTO that have not begun: a plan that is made anew has others. */
void eros_work_drop_steps (ErosWork *work, guint from, guint unto);
/* What the plan's steps have borrowed from; freed with the work. */
void eros_work_keep (ErosWork *work, gpointer data, GDestroyNotify free_data);
/* Called once when all steps have ended well, before the operation ends. */
void eros_work_set_conclusion (ErosWork *work, gboolean (*conclude) (ErosWork *work, GError **error));

/* Whether a step has failed after which the others go on. */
gboolean eros_work_has_failed (ErosWork *work);

/* For calls. what: what it is doing just now, for people. */
void eros_work_step_say (ErosWorkStep *step, const char *what);
/* bytes: what it has read; -1: not known. */
void eros_work_step_count (ErosWorkStep *step, gint64 bytes);
/* summary: (nullable). Failed takes error; judged: as if @answer were its query's. */
void eros_work_step_judged (ErosWork *work, ErosWorkStep *step, GHashTable *answer);
void eros_work_step_done (ErosWork *work, ErosWorkStep *step, const char *summary);
void eros_work_step_failed (ErosWork *work, ErosWorkStep *step, GError *error);

/* The SQL step at which it has stopped, such as "phase1/10-wilson-score": (nullable) (transfer full) */
char *eros_work_dup_stopped_at (ErosWork *work);
/* Brings back what the journal says about this operation's steps. */
void eros_work_restore (ErosWork *work);
void eros_work_run_async (ErosWork *work, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean eros_work_run_finish (ErosWork *work, GAsyncResult *result, GError **error);
/* Puts what each step will send into its row, as far as it is known yet. */
void eros_work_show_sql (ErosWork *work);
/* Dry runs: what each query would read, into its row. */
void     eros_work_forecast_async (ErosWork           *work,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
gboolean eros_work_forecast_finish (ErosWork *work, GAsyncResult *result, gint64 *bytes, GError **error);

G_END_DECLS
