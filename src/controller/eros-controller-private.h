/* eros-controller-private.h: what the parts of the controller share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"
#include "eros-controller.h"
#include "eros-wait-record.h"

G_BEGIN_DECLS

struct _ErosController
{
  GObject parent_instance;

  ErosDeployment  *deployment;
  ErosConnection  *connection;
  ErosBigQuery    *big_query;
  ErosBackupStore *backups;
  GListStore      *operations;
  GHashTable      *works; /* ErosOperation → ErosWork */
  guint            n_active;
  ErosWaitRecord  *wait_record; /* NULL when nothing can be recorded */
};

/* Begins (+1) or ends (−1) an operation, for the property “busy”. */
void eros_controller_change_active (ErosController *self, int by);
/* What is on record as begun is there again; what was cut off can go on. */
void eros_controller_restore_operations (ErosController *self);
/* For production: what is proven is on record before somebody asks. */
void eros_controller_look_for_proofs (ErosController *self);

G_END_DECLS
