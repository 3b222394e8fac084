/* eros-vocabulary.c: what this version of the program can do, under the names by which a runbook asks for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-vocabulary.h"

#define MOST_WORDS   16
#define MOST_RESULTS 12

typedef struct
{
  const char *name;
  const char *results[MOST_RESULTS];
  const char *arguments[MOST_RESULTS];
} Word;

static const Word builtins[] = {
  { "connection.network", { NULL }, { NULL } },
  { "connection.client", { NULL }, { NULL } },
  { "connection.project", { "project" }, { NULL } },
  { "connection.dataset", { "dataset", "location" }, { NULL } },
  { "connection.permissions", { NULL }, { NULL } },
  { "connection.bucket", { "bucket", "location" }, { NULL } },
  { "transfer.scheduled-queries", { "count" }, { NULL } },
  { NULL, { NULL }, { NULL } },
};

static const Word metrics[] = {
  { "query-failure-rate", { NULL }, { NULL } },      { "query-success-rate", { NULL }, { NULL } },
  { "performance-degradation", { NULL }, { NULL } }, { "corrupted-rows", { NULL }, { NULL } },
  { "data-integrity-issues", { NULL }, { NULL } },   { "cost-increase", { NULL }, { NULL } },
  { "emv-improvement", { NULL }, { NULL } },         { NULL, { NULL }, { NULL } },
};

#define TIMES "started", "started-time", "ended"

static const Word operations[] = {
  { "backup", { TIMES, "timestamp", "stamp", "location", "bytes", "rows.TABLE" }, { "retention_days" } },
  { "deploy-phase1", { TIMES }, { "sql", "sql_sha256" } },
  { "deploy-phase2", { TIMES }, { "sql", "sql_sha256" } },
  { "comparison",
    { TIMES, "after.query-time", "after.caption-selection-time", "after.daily-cost", "after.slot-usage" },
    { "since" } },
  { "monitoring", { TIMES }, { "since" } },
  { "revert", { TIMES }, { "step", "sql" } },
  { "rollback", { TIMES }, { "backup", "reason", "authority", "confirm" } },
  { "resume-schedules", { TIMES }, { "names" } },
  { NULL, { NULL }, { NULL } },
};

static const Word *const words[] = {
  [EROS_WORD_BUILTIN] = builtins,
  [EROS_WORD_METRIC] = metrics,
  [EROS_WORD_OPERATION] = operations,
};

static const char *const nothing[] = { NULL };

const char *const *
eros_vocabulary_get_names (ErosWordKind kind)
{
  static const char *names[G_N_ELEMENTS (words)][MOST_WORDS];
  static gsize is_made = 0;

  if (g_once_init_enter (&is_made))
    {
      for (guint k = 0; k < G_N_ELEMENTS (words); k++)
        for (guint i = 0; words[k][i].name != NULL; i++)
          names[k][i] = words[k][i].name;
      g_once_init_leave (&is_made, 1);
    }
  return names[kind];
}

static const Word *
find (ErosWordKind kind, const char *name)
{
  for (const Word *word = words[kind]; word->name != NULL; word++)
    if (g_strcmp0 (word->name, name) == 0)
      return word;
  return NULL;
}

const char *const *
eros_vocabulary_get_results (ErosWordKind kind, const char *name)
{
  const Word *word = find (kind, name);

  return word != NULL ? word->results : nothing;
}

const char *const *
eros_vocabulary_get_arguments (const char *operation)
{
  const Word *word = find (EROS_WORD_OPERATION, operation);

  return word != NULL ? word->arguments : nothing;
}

const char *const *
eros_vocabulary_get_benchmark_columns (void)
{
  static const char *const columns[] = { "median_ms", "minimum_ms", "maximum_ms", "runs", NULL };

  return columns;
}

const char *const *
eros_vocabulary_get_sql_placeholders (void)
{
  static const char *const placeholders[] = { "project", "dataset", "location", NULL };

  return placeholders;
}

const char *const *
eros_vocabulary_get_languages (void)
{
  static const char *const languages[] = { "sh", "sql", NULL };

  return languages;
}
