/* eros-sample.h: made-up data of the EROS Scheduling System
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-store-document.h"
#include "eros-store-job.h"

G_BEGIN_DECLS

typedef struct
{
  const char *project;
  guint       captions;
  guint       accounts;
  guint       days;         /* of performance log and assignments */
  guint       history_days; /* of job history */
  gint64      now;          /* microseconds; 0: the clock. Everything is told relative to it */
} ErosSampleOptions;

#define EROS_SAMPLE_OPTIONS_INIT                                                                                       \
  {                                                                                                                    \
    NULL, 100000, 2000, 90, 0, 0                                                                                       \
  }

/* How production's jobs do, beside a healthy day */
typedef struct
{
  double duration; /* times as long */
  guint  failures_per_thousand;
  double bytes; /* times as many */
} ErosSampleLoad;

/* What production would have run from one moment to another, in microseconds since 1970. */
gboolean eros_sample_go_on (ErosStore            *store,
                            const char           *project,
                            const ErosSampleLoad *load,
                            gint64                from,
                            gint64                to,
                            GError              **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads "eros" or "eros:CAPTIONS". */
gboolean eros_sample_parse (const char *text, ErosSampleOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the data set `eros_platform`, the bucket `eros-platform-backups` and three scheduled queries, unless
 * the store has them already. The same options make the same rows. */
gboolean eros_sample_load (ErosStore               *store,
                           const ErosSampleOptions *options,
                           GError                 **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
