/* eros-operation-kind.c: the kinds of work that a runbook can ask for, and what is peculiar to each
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-operation-kind.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#define MOST   32
#define TIMES  "started", "started-time", "ended"
#define DEPLOY "deploy-" /* and the name of a set of steps */

static const struct
{
  const char *name;
  const char *title;
  const char *results[MOST];
  const char *arguments[MOST];
  gboolean is_made_anew;
  const char *steps[MOST]; /* that a runbook may bind to check boxes; those of the others carry their own */
} kinds[] = {
  [EROS_OPERATION_KIND_UNKNOWN] = { "", "", { NULL }, { NULL }, FALSE },
  [EROS_OPERATION_KIND_CHECKS] = { "checks", N_ ("Checks"), { NULL }, { NULL }, TRUE },
  [EROS_OPERATION_KIND_BACKUP] = { "backup",
                                   N_ ("Backup"),
                                   { TIMES, "timestamp", "stamp", "location", "bytes", "rows.TABLE" },
                                   { "retention_days" },
                                   FALSE,
                                   { "clock",
                                     "bucket",
                                     "retention",
                                     "space",
                                     "previous",
                                     "previous-record",
                                     "snapshot/TABLE",
                                     "compare/TABLE",
                                     "export/TABLE",
                                     "describe/TABLE",
                                     "objects",
                                     "sizes",
                                     "restore-test/TABLE",
                                     "fit",
                                     "fit/TABLE",
                                     "texts/TABLE",
                                     "load-place/TABLE",
                                     "load/TABLE",
                                     "load-test/TABLE",
                                     "load-remove/TABLE",
                                     "inventory",
                                     "store-inventory",
                                     "metadata" } },
  [EROS_OPERATION_KIND_DEPLOY] = { DEPLOY, "", { TIMES }, { "sql", "sql_sha256" }, FALSE },
  [EROS_OPERATION_KIND_COMPARISON] = { "comparison",
                                       N_ ("Comparison"),
                                       { TIMES, "before.query-time", "after.query-time", "before.daily-cost",
                                         "after.daily-cost", "before.slot-usage", "after.slot-usage",
                                         "before.METRIC", "after.METRIC" },
                                       { "since", "until", "measured", "deployed" },
                                       FALSE },
  [EROS_OPERATION_KIND_MONITORING] = { "monitoring",
                                       N_ ("Monitoring round"),
                                       { TIMES },
                                       { "since", "until", "deployed" },
                                       TRUE },
  [EROS_OPERATION_KIND_REVERT] = { "revert", N_ ("Take one step back"), { TIMES }, { "step", "sql" }, FALSE },
  [EROS_OPERATION_KIND_ROLLBACK] = { "rollback",
                                     N_ ("Rollback"),
                                     { TIMES },
                                     { "backup", "reason", "authority", "confirm" },
                                     FALSE,
                                     { "clock", "dataset", "dataset/undrop", "dataset/make", "sources",
                                       "inventory/before", "inventory/backup", "inventory/plan", "pause",
                                       "object", "keep", "backup/TABLE", "snapshot/TABLE", "restore",
                                       "compare/TABLE", "inventory/after", "boxes" } },
  [EROS_OPERATION_KIND_RESUME_SCHEDULES] = { "resume-schedules",
                                             N_ ("Resume scheduled queries"),
                                             { TIMES },
                                             { "names" },
                                             FALSE },
  [EROS_OPERATION_KIND_PROVE] = { "prove", N_ ("Prove the way back"), { TIMES }, { "sql" }, TRUE },
  [EROS_OPERATION_KIND_VERIFY_STEPS] = { "verify-steps",
                                         N_ ("Verify what was deployed"),
                                         { TIMES },
                                         { "sql" },
                                         TRUE },
  [EROS_OPERATION_KIND_PAUSE_SCHEDULES] = { "pause-schedules",
                                            N_ ("Pause scheduled queries"),
                                            { TIMES },
                                            { NULL },
                                            FALSE },
  [EROS_OPERATION_KIND_RESTORE] = { "restore", N_ ("Restore elsewhere"), { TIMES }, { "from", "to" }, FALSE },
  [EROS_OPERATION_KIND_ROLLBACK_PART] = { "rollback-part",
                                          N_ ("Rollback in part"),
                                          { TIMES },
                                          { "backup", "only", "reason", "authority", "confirm" },
                                          FALSE },
};

ErosOperationKind
eros_operation_kind_of (const char *name)
{
  if (eros_operation_kind_get_set (name) != NULL)
    return EROS_OPERATION_KIND_DEPLOY;
  for (guint i = EROS_OPERATION_KIND_CHECKS; i < G_N_ELEMENTS (kinds); i++)
    if (i != EROS_OPERATION_KIND_DEPLOY && g_strcmp0 (kinds[i].name, name) == 0)
      return i;
  return EROS_OPERATION_KIND_UNKNOWN;
}

const char *
eros_operation_kind_get_name (ErosOperationKind kind)
{
  return kinds[kind].name;
}

const char *
eros_operation_kind_get_title (ErosOperationKind kind)
{
  return *kinds[kind].title != '\0' ? _ (kinds[kind].title) : "";
}

const char *const *
eros_operation_kind_get_results (ErosOperationKind kind)
{
  return kinds[kind].results;
}

const char *const *
eros_operation_kind_get_arguments (ErosOperationKind kind)
{
  return kinds[kind].arguments;
}

const char *const *
eros_operation_kind_get_steps (ErosOperationKind kind)
{
  return kinds[kind].steps;
}

gboolean
eros_operation_kind_is_made_anew (ErosOperationKind kind)
{
  return kinds[kind].is_made_anew;
}

const char *
eros_operation_kind_get_set (const char *name)
{
  return name != NULL && g_str_has_prefix (name, DEPLOY) && name[strlen (DEPLOY)] != '\0'
           ? name + strlen (DEPLOY)
           : NULL;
}

char **
eros_operation_kind_list_names (ErosStepFiles *steps)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) sets = eros_step_files_list_deployable (steps);

  for (guint i = EROS_OPERATION_KIND_CHECKS + 1; i < G_N_ELEMENTS (kinds); i++)
    {
      if (i != EROS_OPERATION_KIND_DEPLOY)
        g_strv_builder_add (names, kinds[i].name);
      for (guint k = 0; i == EROS_OPERATION_KIND_DEPLOY && sets[k] != NULL; k++)
        {
          g_autofree char *name = g_strconcat (DEPLOY, sets[k], NULL);

          g_strv_builder_add (names, name);
        }
    }
  return g_strv_builder_end (names);
}
