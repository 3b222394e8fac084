/* eros-bucket.h: what the settings of a bucket mean for what is written there once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  EROS_BUCKET_KEEPS,
  EROS_BUCKET_MAY_DELETE, /* a rule goes by something that is not known when an object is written */
  EROS_BUCKET_DELETES,
} ErosBucketKeeping;

/* bucket: as Cloud Storage describes it. why: (out) (transfer full): the condition of the rule that deletes, for
 * people. */
ErosBucketKeeping eros_bucket_judge_keeping (JsonObject *bucket, const char *name, gint64 days, char **why);

typedef enum
{
  EROS_PLACE_SAME,
  EROS_PLACE_ALLOWED, /* BigQuery exports to it, and the data leaves its location */
  EROS_PLACE_REFUSED,
} ErosPlace;

/* Where a bucket is, beside a data set: "EU", "europe-west1", "EUR4" … */
ErosPlace eros_bucket_judge_place (const char *bucket_location, const char *dataset_location);

G_END_DECLS
