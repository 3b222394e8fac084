/* eros-measure.h: what monitoring has measured of the numbers that criteria are about, and what that proves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"
#include "eros-sequential.h"

G_BEGIN_DECLS

/* All criteria of a runbook together are wrong at any time of the watch with at most this probability. */
#define EROS_MEASURE_ERROR 0.05

typedef enum
{
  EROS_READING_COUNT,     /* exact: rows that are wrong */
  EROS_READING_FAILURES,  /* of queries */
  EROS_READING_SUCCESSES, /* of queries */
  EROS_READING_TIME,      /* of a query, beside the same hours of the days before */
  EROS_READING_PRICE,     /* of a query, likewise */
  EROS_READING_SPENDING,  /* of an hour, likewise */
  EROS_READING_EMV,       /* of a view, beside the same span before */
} ErosReadingKind;

/* One look at one criterion. Rates and changes in percent. */
typedef struct
{
  ErosReadingKind kind;
  ErosOutcome     outcome; /* PASS: the criterion holds; FAIL: it does not; NOT_ENOUGH */
  double          value;   /* NAN: there was nothing */
  double          low;     /* of the interval; the value itself when it is exact */
  double          high;
  gint64          hits;     /* what was counted */
  gint64          n;        /* of so many */
  gint64          n_before; /* that were compared with; 0 when there is no comparison */
  gint64          when;     /* microseconds; 0 when it is not of a deployment */
} ErosReading;

double      eros_measure_get_error (ErosDeployment *deployment);
gboolean    eros_measure_is_estimated (const char *metric);
void        eros_measure_add_intervals (GHashTable *answer, double error);
ErosOutcome eros_measure_judge_event (ErosEvent           *event,
                                      const ErosCriterion *criterion,
                                      double               error,
                                      ErosReading         *reading);
ErosOutcome eros_measure_judge (ErosDeployment *deployment, const ErosCriterion *criterion, ErosReading *reading);
char       *eros_measure_describe (const ErosReading *reading, const ErosCriterion *criterion);

G_END_DECLS
