/* eros-sample-cloud.c: the backup bucket and the scheduled queries around the data set
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <json-glib/json-glib.h>

#include "eros-sample-private.h"

typedef struct
{
  const char *id;
  const char *name;
  const char *schedule;
  const char *query;
} Schedule;

static const Schedule SCHEDULES[] = {
  { "64f1a001-0000-2b6c-9f3a-14223bc5e001", "EROS feedback loop", "every 6 hours",
    "CALL `%s.eros_platform`.update_caption_performance()" },
  { "64f1a001-0000-2b6c-9f3a-14223bc5e002", "EROS daily schedule", "every day 06:00",
    "CALL `%s.eros_platform`.build_daily_schedule()" },
  { "64f1a001-0000-2b6c-9f3a-14223bc5e003", "EROS expired assignments", "every 1 hours",
    "DELETE FROM `%s.eros_platform.active_caption_assignments` WHERE expires_at < CURRENT_TIMESTAMP()" },
};

static gboolean
put (ErosStore *store, const char *kind, const char *name, JsonBuilder *builder, GError **error)
{
  g_autoptr (JsonNode) node = json_builder_get_root (builder);
  g_autofree char *body = json_to_string (node, FALSE);
  g_autoptr (ErosStoreDocument) document = eros_store_document_new (kind, name, body);

  return eros_store_put_document (store, document, EROS_STORE_ANY_GENERATION, error);
}

static void
add (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static gboolean
put_bucket (ErosStore *store, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add (builder, "location", "US");
  add (builder, "storageClass", "STANDARD");
  json_builder_end_object (builder);
  return put (store, "bucket", "eros-platform-backups", builder, error);
}

static gboolean
put_schedule (ErosStore *store, const ErosSampleOptions *options, const Schedule *schedule, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *name =
    g_strdup_printf ("projects/%s/locations/us/transferConfigs/%s", options->project, schedule->id);
  g_autoptr (GString) query = g_string_new (schedule->query);

  g_string_replace (query, "%s", options->project, 1);
  json_builder_begin_object (builder);
  add (builder, "displayName", schedule->name);
  add (builder, "dataSourceId", "scheduled_query");
  add (builder, "schedule", schedule->schedule);
  json_builder_set_member_name (builder, "params");
  json_builder_begin_object (builder);
  add (builder, "query", query->str);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return put (store, "transfer", name, builder, error);
}

gboolean
eros_sample_cloud (ErosStore *store, const ErosSampleOptions *options, GError **error)
{
  if (!put_bucket (store, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (SCHEDULES); i++)
    if (!put_schedule (store, options, &SCHEDULES[i], error))
      return FALSE;
  return TRUE;
}
