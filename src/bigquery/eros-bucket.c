/* eros-bucket.c: what the settings of a bucket mean for what is written there once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-bucket.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "eros-json.h"

/* ---- how long objects are kept ------------------------------------------------------------------------- */

typedef enum
{
  NEVER,   /* the condition does not hold for a live object that is written now */
  PERHAPS, /* it may come to hold */
  ALWAYS,
} Holds;

static gboolean
is_listed (JsonNode *list, const char *name, gboolean (*fits) (const char *name, const char *entry))
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (list) ? json_node_get_array (list) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *entry = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (entry) && json_node_get_value_type (entry) == G_TYPE_STRING &&
          fits (name, json_node_get_string (entry)))
        return TRUE;
    }
  return FALSE;
}

/* Of a name's end only what is between its last slash and its star is not known yet. */
static gboolean
may_end_with (const char *name, const char *entry)
{
  const char *star = strchr (name, '*');
  const char *end = star != NULL ? star + 1 : name;

  return g_str_has_suffix (end, entry) || (star != NULL && g_str_has_suffix (entry, end));
}

static gboolean
may_begin_with (const char *name, const char *entry)
{
  gsize known = strcspn (name, "*");

  return strncmp (name, entry, MIN (known, strlen (entry))) == 0;
}

static gboolean
is_same (const char *name, const char *entry)
{
  return g_ascii_strcasecmp (name, entry) == 0;
}

static Holds
created_before (JsonNode *date)
{
  const char *text = JSON_NODE_HOLDS_VALUE (date) ? json_node_get_string (date) : NULL;
  g_autofree char *midnight = text != NULL ? g_strdup_printf ("%.10sT00:00:00Z", text) : NULL;
  g_autoptr (GDateTime) before = midnight != NULL ? g_date_time_new_from_iso8601 (midnight, NULL) : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  if (before == NULL)
    return PERHAPS;
  return g_date_time_compare (now, before) < 0 ? ALWAYS : NEVER;
}

/* All but the age, which is a time. */
static Holds
judge_condition (const char *member, JsonNode *value, const char *name, const char *storage_class)
{
  static const char *const of_old_versions[] = { "daysSinceNoncurrentTime", "noncurrentTimeBefore", NULL };

  if (g_str_equal (member, "age"))
    return ALWAYS;
  /* A backup is written once: what is done with versions that have been replaced does not touch it. */
  if (g_strv_contains (of_old_versions, member))
    return NEVER;
  if (g_str_equal (member, "numNewerVersions"))
    return JSON_NODE_HOLDS_VALUE (value) && json_node_get_int (value) > 0 ? NEVER : ALWAYS;
  if (g_str_equal (member, "isLive"))
    return JSON_NODE_HOLDS_VALUE (value) && !json_node_get_boolean (value) ? NEVER : ALWAYS;
  if (g_str_equal (member, "createdBefore"))
    return created_before (value);
  if (g_str_equal (member, "matchesPrefix"))
    return is_listed (value, name, may_begin_with) ? ALWAYS : NEVER;
  if (g_str_equal (member, "matchesSuffix"))
    return is_listed (value, name, may_end_with) ? ALWAYS : NEVER;
  /* Another rule may move an object to another class. */
  if (g_str_equal (member, "matchesStorageClass"))
    return is_listed (value, storage_class, is_same) ? ALWAYS : PERHAPS;
  /* daysSinceCustomTime, customTimeBefore: somebody may give an object such a time; and what is not known
   * here. */
  return PERHAPS;
}

static Holds
judge_conditions (JsonObject *condition, const char *name, const char *storage_class)
{
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;
  Holds all = ALWAYS;

  json_object_iter_init (&iter, condition);
  while (json_object_iter_next (&iter, &member, &value))
    all = MIN (all, judge_condition (member, value, name, storage_class));
  return all;
}

static char *
describe (JsonObject *condition)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), condition);

  return json_to_string (node, FALSE);
}

/**
 * eros_bucket_judge_keeping:
 * @bucket: as Cloud Storage describes it
 * @name: of an object, with a `*` for what is not known of it
 * @days: how long it has to be there
 * @why: (out) (transfer full) (nullable): the condition of the rule that deletes it, or may
 *
 * All conditions of a rule must hold for it to act; a retention policy holds against any rule.
 *
 * Returns: whether an object that is written now stays for so long
 */
ErosBucketKeeping
eros_bucket_judge_keeping (JsonObject *bucket, const char *name, gint64 days, char **why)
{
  JsonArray *rules = eros_json_array (bucket, "lifecycle.rule");
  const char *storage_class = eros_json_string (bucket, "storageClass");
  gint64 locked_days = eros_json_int64 (bucket, "retentionPolicy.retentionPeriod", 0) / 86400;
  ErosBucketKeeping keeping = EROS_BUCKET_KEEPS;

  *why = NULL;
  for (guint i = 0; rules != NULL && i < json_array_get_length (rules) && locked_days < days; i++)
    {
      JsonNode *element = json_array_get_element (rules, i);
      JsonObject *rule = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      JsonObject *condition = rule != NULL ? eros_json_object (rule, "condition") : NULL;
      ErosBucketKeeping own = EROS_BUCKET_KEEPS;
      Holds holds;

      if (condition == NULL || g_strcmp0 (eros_json_string (rule, "action.type"), "Delete") != 0)
        continue;
      holds = judge_conditions (condition, name, storage_class != NULL ? storage_class : "STANDARD");
      if (eros_json_int64 (condition, "age", 0) < days && holds != NEVER)
        own = holds == ALWAYS ? EROS_BUCKET_DELETES : EROS_BUCKET_MAY_DELETE;
      if (own <= keeping)
        continue;
      keeping = own;
      g_free (*why);
      *why = describe (condition);
    }
  return keeping;
}

/* ---- where it is --------------------------------------------------------------------------------------- */

/* The locations of several regions, and how those within are called. */
static const struct
{
  const char *location;
  const char *members[6];
} multi_regions[] = {
  { "US", { "US-", "NAM4" } },
  { "EU", { "EUROPE-", "EUR4", "EUR5", "EUR7", "EUR8" } },
  { "ASIA", { "ASIA-", "ASIA1" } },
  { "NAM4", { "US-CENTRAL1", "US-EAST1" } },
  { "EUR4", { "EUROPE-NORTH1", "EUROPE-WEST4" } },
  { "EUR5", { "EUROPE-WEST1", "EUROPE-WEST2" } },
  { "EUR7", { "EUROPE-WEST2", "EUROPE-WEST3" } },
  { "EUR8", { "EUROPE-WEST3", "EUROPE-WEST6" } },
  { "ASIA1", { "ASIA-NORTHEAST1", "ASIA-NORTHEAST2" } },
};

static gboolean
holds (const char *whole, const char *part)
{
  for (guint i = 0; i < G_N_ELEMENTS (multi_regions); i++)
    for (guint k = 0; g_str_equal (multi_regions[i].location, whole) &&
                      k < G_N_ELEMENTS (multi_regions[i].members) && multi_regions[i].members[k] != NULL;
         k++)
      if (g_str_has_prefix (part, multi_regions[i].members[k]))
        return TRUE;
  return FALSE;
}

/**
 * eros_bucket_judge_place:
 * @bucket_location: where the bucket is
 * @dataset_location: where the data set is
 *
 * BigQuery exports to where its data is, to a region within that or around it; from “US” to anywhere.
 *
 * Returns: whether it exports there, and whether the data then leaves its location
 */
ErosPlace
eros_bucket_judge_place (const char *bucket_location, const char *dataset_location)
{
  g_autofree char *bucket = g_ascii_strup (bucket_location, -1);
  g_autofree char *dataset = g_ascii_strup (dataset_location, -1);

  if (g_str_equal (bucket, dataset) || holds (bucket, dataset) || holds (dataset, bucket))
    return EROS_PLACE_SAME;
  return g_str_equal (dataset, "US") ? EROS_PLACE_ALLOWED : EROS_PLACE_REFUSED;
}
