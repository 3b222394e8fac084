/* eros-vocabulary.c: what this version of the program can do, under the names by which a runbook asks for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-vocabulary.h"

#include "eros-operation-kind.h"

#define MOST_WORDS   16
#define MOST_RESULTS 12

typedef struct
{
  const char *name;
  const char *results[MOST_RESULTS]; /* of a metric: its units */
} Word;

static const Word builtins[] = {
  { "connection.network", { NULL } },
  { "connection.client", { NULL } },
  { "connection.project", { "project" } },
  { "connection.dataset", { "dataset", "location" } },
  { "connection.permissions", { NULL } },
  { "connection.bucket", { "bucket", "location" } },
  { "transfer.scheduled-queries", { "count" } },
  { "backup.stored", { NULL } },
  { "command.bq", { NULL } },
  { NULL, { NULL } },
};

static const Word metrics[] = {
  { "query-failure-rate", { "%" } },
  { "query-success-rate", { "%" } },
  { "performance-degradation", { "%" } },
  { "corrupted-rows", { "rows" } },
  { "data-integrity-issues", { "rows", "issues" } },
  { "cost-increase", { "%" } },
  { "emv-improvement", { "%" } },
  { NULL, { NULL } },
};

static const Word *const words[] = {
  [EROS_WORD_BUILTIN] = builtins,
  [EROS_WORD_METRIC] = metrics,
};

static const char *const nothing[] = { NULL };

const char *const *
eros_vocabulary_get_names (ErosWordKind kind)
{
  static const char *names[G_N_ELEMENTS (words)][MOST_WORDS];
  static char **operations;
  static gsize is_made = 0;

  if (g_once_init_enter (&is_made))
    {
      for (guint k = 0; k < G_N_ELEMENTS (words); k++)
        for (guint i = 0; words[k][i].name != NULL; i++)
          names[k][i] = words[k][i].name;
      operations = eros_operation_kind_list_names (eros_step_files_get_default ());
      g_once_init_leave (&is_made, 1);
    }
  return kind == EROS_WORD_OPERATION ? (const char *const *) operations : names[kind];
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
  const Word *word = kind != EROS_WORD_OPERATION ? find (kind, name) : NULL;

  if (kind == EROS_WORD_OPERATION)
    return eros_operation_kind_get_results (eros_operation_kind_of (name));
  return word != NULL ? word->results : nothing;
}

const char *const *
eros_vocabulary_get_arguments (const char *operation)
{
  return eros_operation_kind_get_arguments (eros_operation_kind_of (operation));
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
