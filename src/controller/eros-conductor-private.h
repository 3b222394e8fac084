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

struct _ErosConductor
{
  GObject parent_instance;

  ErosController    *controller;
  ErosDeployment    *deployment;
  ErosRehearsal     *rehearsal;
  char              *scenario;
  char              *sql;        /* (nullable) folder of the steps */
  GTask             *task;       /* (nullable) while it runs */
  guint              n_phases;   /* that were begun */
  ErosPhase         *phase;      /* (nullable) under way */
  GPtrArray         *elements;   /* of it, in order */
  guint              n_elements; /* of them: those that are conducted */
  GPtrArray         *operations; /* of ErosElement: its operations, in order */
  guint              next;       /* of them */
  ErosConductorWork  work;
  char              *missing; /* (nullable) why there is nothing to look at */
  gint64             due;     /* of the slot that is looked at; 0: none */
  ErosConductorTally tally;
};

void eros_conductor_tell (ErosConductor *self, ErosConducted what, const char *text, const char *detail);
/* Boxes and sign-offs. FALSE with an error of the journal. */
void eros_conductor_count (ErosConductor *self, ErosItem *item);
/* Of an element that is a sum: a decision where it says no, and how it stands at the end. */
gboolean eros_conductor_settle_sum (ErosConductor *self, ErosItem *item, GError **error);
void     eros_conductor_count_sums (ErosConductor *self, ErosElement *element);
gboolean eros_conductor_check (ErosConductor *self, ErosElement *element, GError **error);
gboolean eros_conductor_sign_off (ErosConductor *self, ErosElement *element, GError **error);

G_END_DECLS
