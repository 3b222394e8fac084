/* eros-conductor-private.h: a rehearsal under way
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-conductor.h"

G_BEGIN_DECLS

/* How far the operations have come. */
typedef enum
{
  EROS_CONDUCTOR_GOES_ON,
  EROS_CONDUCTOR_MISSING, /* this version does not do one: what comes after it has nothing to look at */
  EROS_CONDUCTOR_STOPPED, /* one failed or has to wait for a gate: what comes after it stays open, to the end */
} ErosConductorWork;

typedef enum
{
  EROS_CONDUCTOR_ONWARD,
  EROS_CONDUCTOR_PRACTISES, /* the way back, and deploys again after it */
  EROS_CONDUCTOR_BACK,      /* a criterion was reached: rolled back for good */
} ErosConductorCourse;

/* What has become of an act. */
typedef enum
{
  EROS_CONDUCTOR_DONE,
  EROS_CONDUCTOR_BEGUN, /* its callback goes on */
  EROS_CONDUCTOR_FAILED,
} ErosConductorAct;

struct _ErosConductor
{
  GObject parent_instance;

  ErosController     *controller;
  ErosDeployment     *deployment;
  ErosRehearsal      *rehearsal;
  char               *scenario;
  char               *sql;        /* (nullable) folder of the steps */
  GTask              *task;       /* (nullable) while it runs */
  guint               n_phases;   /* that were begun */
  ErosPhase          *phase;      /* (nullable) under way */
  GPtrArray          *elements;   /* of it, in order */
  guint               n_elements; /* of them: those that are conducted */
  GPtrArray          *operations; /* of ErosElement: its operations, in order */
  guint               next;       /* of them */
  ErosConductorWork   work;
  char               *missing;     /* (nullable) why there is nothing to look at */
  gint64              due;         /* of the slot that is looked at; 0: none */
  gboolean            has_watched; /* all slots that there are in this phase */
  ErosElement        *way_back;    /* (nullable) the rollback that this version can do */
  ErosConductorCourse course;
  gboolean            was_back; /* on this course */
  char               *reason;   /* (nullable) why it is rolled back for good */
  ErosConductorTally  tally;
};

void eros_conductor_tell (ErosConductor *self, ErosConducted what, const char *text, const char *detail);
void eros_conductor_go_on (ErosConductor *self);
void eros_conductor_end (ErosConductor *self, GError *error);
/* Whether it has ended with ERROR because it was cancelled. Takes ERROR then. */
gboolean eros_conductor_is_stopped (ErosConductor *self, GError *error);

/* Operations. */
gboolean eros_conductor_is_done (ErosConductor *self, ErosElement *element);
void eros_conductor_stop_work (ErosConductor *self, ErosConductorWork work, ErosElement *element, const char *reason);
ErosConductorAct eros_conductor_run_what_may_run (ErosConductor *self);
ErosConductorAct eros_conductor_resume_schedules (ErosConductor *self);

/* The days after. */
ErosConductorAct eros_conductor_watch (ErosConductor *self);

/* The way back. */
void             eros_conductor_find_way_back (ErosConductor *self);
gboolean         eros_conductor_is_to_practise (ErosConductor *self);
gboolean         eros_conductor_has_to_go_back (ErosConductor *self);
void             eros_conductor_begin_way_back (ErosConductor *self, ErosConductorCourse course);
gboolean         eros_conductor_is_way_back_over (ErosConductor *self);
ErosConductorAct eros_conductor_end_way_back (ErosConductor *self);
gboolean         eros_conductor_needs_no_way_back (ErosConductor *self);

/* Boxes and sign-offs. FALSE with an error of the journal. */
void eros_conductor_count (ErosConductor *self);
/* Of an element that is a sum: a decision where it says no. */
gboolean eros_conductor_settle_sum (ErosConductor *self, ErosItem *item, GError **error);
gboolean eros_conductor_check (ErosConductor *self, ErosElement *element, GError **error);
gboolean eros_conductor_sign_off (ErosConductor *self, ErosElement *element, GError **error);
gboolean eros_conductor_open_sign_offs (ErosConductor *self, GError **error);

G_END_DECLS
