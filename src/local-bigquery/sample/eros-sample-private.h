/* eros-sample-private.h: what the sample's files share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-sample.h"

G_BEGIN_DECLS

/* xoshiro256**, so that the same seed gives the same rows on every machine and with every library */
typedef struct
{
  guint64 state[4];
} ErosRandom;

void   eros_random_init (ErosRandom *random, guint64 seed);
guint  eros_random_below (ErosRandom *random, guint n);
double eros_random_double (ErosRandom *random); /* from 0 to below 1 */

gboolean eros_sample_history (ErosStore               *store,
                              const ErosSampleOptions *options,
                              GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_sample_cloud (ErosStore               *store,
                            const ErosSampleOptions *options,
                            GError                 **error) G_GNUC_WARN_UNUSED_RESULT;

#define EROS_SAMPLE_DATASET "eros_platform"

G_END_DECLS
