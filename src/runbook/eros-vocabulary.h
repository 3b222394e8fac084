/* eros-vocabulary.h: what this version of the program can do, under the names by which a runbook asks for it
 *
 * The one list of these names: a runbook that uses another is refused when it is loaded, the controller does what
 * stands here, and docs/runbook.md lists the same (a test compares the three).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  EROS_WORD_BUILTIN,   /* a check that is no query; with results that fields may be filled from */
  EROS_WORD_METRIC,    /* a number that criteria are about; its results are the units that it may be given in */
  EROS_WORD_OPERATION, /* with its results, and the arguments that a source may name */
} ErosWordKind;

/* Ends with NULL. Operations: of the steps that come with the program. */
const char *const *eros_vocabulary_get_names (ErosWordKind kind);
/* Ends with NULL; empty when there are none. "rows.TABLE" stands for one result for each table of the operation. */
const char *const *eros_vocabulary_get_results (ErosWordKind kind, const char *name);
const char *const *eros_vocabulary_get_arguments (const char *operation);
/* Of a check that runs a query several times. */
const char *const *eros_vocabulary_get_benchmark_columns (void);
/* What stands for the connection's identifiers in SQL: ${project} … */
const char *const *eros_vocabulary_get_sql_placeholders (void);
/* Of a command that is shown to be copied. */
const char *const *eros_vocabulary_get_languages (void);

G_END_DECLS
