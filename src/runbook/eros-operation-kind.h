/* eros-operation-kind.h: the kinds of work that a runbook can ask for, and what is peculiar to each
 *
 * The one table of them: which steps each has stands in the plans of the controller.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-step-files.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_OPERATION_KIND_UNKNOWN, /* of another version */
  EROS_OPERATION_KIND_CHECKS,  /* a round of machine checks; no runbook names it */
  EROS_OPERATION_KIND_BACKUP,
  EROS_OPERATION_KIND_DEPLOY, /* one for each set of steps: "deploy-SET" */
  EROS_OPERATION_KIND_COMPARISON,
  EROS_OPERATION_KIND_MONITORING,
  EROS_OPERATION_KIND_REVERT,
  EROS_OPERATION_KIND_ROLLBACK,
  EROS_OPERATION_KIND_RESUME_SCHEDULES,
  EROS_OPERATION_KIND_PROVE,
  EROS_OPERATION_KIND_VERIFY_STEPS,
  EROS_OPERATION_KIND_PAUSE_SCHEDULES,
  EROS_OPERATION_KIND_RESTORE,       /* into another data set */
  EROS_OPERATION_KIND_ROLLBACK_PART, /* proves nothing of a rollback */
} ErosOperationKind;

ErosOperationKind eros_operation_kind_of (const char *name); /* (nullable) */
/* Of all but DEPLOY, whose name is its set's. */
const char *eros_operation_kind_get_name (ErosOperationKind kind);
const char *eros_operation_kind_get_title (ErosOperationKind kind); /* for people; "" for DEPLOY */
/* What fields may be filled with, and what it is asked for; both end with NULL. */
const char *const *eros_operation_kind_get_results (ErosOperationKind kind);
const char *const *eros_operation_kind_get_arguments (ErosOperationKind kind);
/* Which of its steps SET/step.json may bind to check boxes, "compare/TABLE" for one a table; empty where the steps say
 * themselves what they prove. */
const char *const *eros_operation_kind_get_steps (ErosOperationKind kind);
/* What was cut off is made anew, not gone on with. */
gboolean eros_operation_kind_is_made_anew (ErosOperationKind kind);
/* The names that a runbook with these steps may use. (transfer full) */
char **eros_operation_kind_list_names (ErosStepFiles *steps);
/* "phase1" of "deploy-phase1"; (nullable): it is no deployment. */
const char *eros_operation_kind_get_set (const char *name);

G_END_DECLS
