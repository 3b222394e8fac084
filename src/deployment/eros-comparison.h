/* eros-comparison.h: what the last comparison has measured, before and after, and what that shows
 *
 * The one source of these numbers for pages, terminal and report: the step “verdict” of the comparison, as it is on
 * record.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  EROS_VERDICT_UNKNOWN, /* not enough data */
  EROS_VERDICT_BETTER,
  EROS_VERDICT_WORSE,
  EROS_VERDICT_EQUIVALENT, /* the same within the margin */
} ErosVerdict;

/* What is that near to before is as good: in percent of what was before. */
#define EROS_COMPARISON_MARGIN_PERCENT 10
/* Fewer measurements on a side say nothing. */
#define EROS_COMPARISON_FEWEST 5

typedef struct
{
  double value;  /* NAN: not measured */
  double spread; /* NAN: not known */
  guint  n;      /* hours, or runs */
  guint  failed; /* queries that failed, which are not in the value */
  gint64 begun;  /* microseconds since 1970; 0: not known */
  gint64 ended;
  guint  optimized; /* of its jobs BigQuery has planned so many by what it had seen before */
} ErosComparedSide;

typedef struct
{
  char            *metric; /* "query-time" */
  char            *name;   /* for people */
  char            *unit;
  gboolean         is_of_runs; /* n counts runs, not hours */
  ErosComparedSide before;
  ErosComparedSide after;
  ErosVerdict      verdict;
  double           p; /* NAN: not known */
} ErosComparison;

void eros_comparison_free (ErosComparison *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosComparison, eros_comparison_free)
/* (transfer full) (element-type ErosComparison): of the last comparison on record, in its order. events: of ErosEvent
 */
GPtrArray *eros_comparison_list (GListModel *events);
/* (transfer none) (nullable): in such a list. id: "query-time", or that of a row of the table: "table.query-time" */
const ErosComparison *eros_comparison_find (GPtrArray *list, const char *id);
/* For the step “verdict”: name → text of all that is known. values: (element-type utf8 utf8) */
void eros_comparison_store (const ErosComparison *self, GHashTable *values);

/* (transfer full) for people: "0.213 s ± 0.02" */
char *eros_comparison_describe_value (const ErosComparison *self, const ErosComparedSide *side);
/* (transfer full): "24 hours, 2026-11-29 07:28:00 UTC to 2026-11-30 07:28:00 UTC, 3 that failed left out" */
char *eros_comparison_describe_span (const ErosComparison *self, const ErosComparedSide *side);
/* (transfer full): "better: −11.2 %, p = 0.012", "not enough data to say: …" */
char *eros_comparison_describe_verdict (const ErosComparison *self);
/* (transfer full): all of it, in a sentence */
char *eros_comparison_describe (const ErosComparison *self);
/* (transfer full) */
JsonObject *eros_comparison_to_json (const ErosComparison *self);
/* Whether these texts of the fields are what was measured: a person may have entered others since. */
gboolean eros_comparison_is_about (const ErosComparison *self, const char *before, const char *after);

G_END_DECLS
