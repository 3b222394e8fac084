/* eros-transfer.c: Data Transfer: scheduled queries, made, told, paused, changed and deleted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-clock.h"
#include "eros-schema.h"
#include "eros-service-private.h"
#include "eros-transfer.h"
#include "eros-stamp.h"

static char *
config_name (ErosCall *call)
{
  return g_strdup_printf ("projects/%s/locations/%s/transferConfigs/%s", eros_call_param (call, "projectId"),
                          eros_call_param (call, "location"), eros_call_param (call, "configId"));
}

/* "every 6 hours", "every day 06:00": when a run comes next, as far as it is told in hours or days. */
static gint64
interval_of (const char *schedule)
{
  guint64 hours;
  g_auto (GStrv) words = g_strsplit (schedule != NULL ? schedule : "", " ", -1);

  if (g_strv_length (words) >= 3 && g_ascii_string_to_unsigned (words[1], 10, 1, 1000, &hours, NULL))
    return hours * (g_str_has_prefix (words[2], "minute") ? G_TIME_SPAN_MINUTE : G_TIME_SPAN_HOUR);
  return G_TIME_SPAN_DAY;
}

static void
write_config (ErosStoreDocument *document, ErosJsonWriter *writer)
{
  g_autoptr (JsonNode) node = json_from_string (document->body, NULL);
  JsonObject *body = json_node_get_object (node);
  gboolean disabled = eros_json_get_bool (body, "disabled", FALSE);
  gint64 interval = interval_of (eros_json_get_string (body, "schedule"));
  g_autofree char *next = eros_stamp_text ((eros_clock_get_now () / interval + 1) * interval, 0);
  g_autofree char *updated = eros_stamp_text (document->modified, 0);

  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "name", document->name);
  eros_json_string (writer, "userId", EROS_PROJECT_NUMBER);
  eros_json_string (writer, "datasetRegion", "us");
  eros_json_string (writer, "state", "PENDING");
  eros_json_string (writer, "updateTime", updated);
  if (!disabled)
    eros_json_string (writer, "nextRunTime", next);
  eros_json_members (writer, document->body);
  eros_json_close (writer, '}');
}

void
eros_handle_transfers_list (ErosCall *call)
{
  const char *location = eros_call_param (call, "location");
  g_auto (GStrv) sources = eros_call_query_all (call, "dataSourceIds");
  g_autofree char *prefix =
    location != NULL && strcmp (location, "-") != 0
      ? g_strdup_printf ("projects/%s/locations/%s/", eros_call_param (call, "projectId"), location)
      : g_strdup_printf ("projects/%s/", eros_call_param (call, "projectId"));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) documents = NULL;
  ErosJsonWriter *writer;
  gint64 limit;
  const char *token = eros_call_query (call, "pageToken");

  if (!eros_call_query_int (call, "pageSize", 1000, &limit))
    return;
  limit = limit > 0 ? MIN (limit, 1000) : 1000;
  documents = eros_store_list_documents (call->service->store, "transfer", prefix,
                                         token != NULL && *token != '\0' ? token : NULL, limit + 1, &error);
  if (documents == NULL)
    {
      eros_call_fail_error (call, error);
      return;
    }
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_open (writer, "transferConfigs", '[');
  for (guint i = 0; i < documents->len && i < limit; i++)
    if (sources == NULL || g_strv_contains ((const char *const *) sources, "scheduled_query"))
      write_config (g_ptr_array_index (documents, i), writer);
  eros_json_close (writer, ']');
  if (documents->len > limit)
    eros_json_string (writer, "nextPageToken",
                      ((ErosStoreDocument *) g_ptr_array_index (documents, limit - 1))->name);
  eros_json_close (writer, '}');
}

/**
 * eros_transfer_find:
 * @call: a call
 *
 * Returns: (transfer full) (nullable): the configuration that the path names; when %NULL the call has failed
 */
ErosStoreDocument *
eros_transfer_find (ErosCall *call)
{
  g_autofree char *name = config_name (call);
  g_autoptr (GError) error = NULL;
  ErosStoreDocument *document = eros_store_get_document (call->service->store, "transfer", name, &error);

  if (document == NULL)
    eros_call_fail (call, 404, "notFound", "Not found: Transfer config %s", name);
  return document;
}

void
eros_handle_transfers_get (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) document = eros_transfer_find (call);

  if (document != NULL)
    write_config (document, eros_call_reply (call));
}

/* display_name is displayName. */
static void
to_camel_case (char *name)
{
  char *to = name;

  for (const char *at = name; *at != '\0'; at++)
    if (*at == '_' && at[1] != '\0')
      *to++ = g_ascii_toupper (*++at);
    else
      *to++ = *at;
  *to = '\0';
}

/* Only what the mask names is changed. */
static gboolean
apply_mask (ErosCall *call, JsonObject *target, JsonObject *patch)
{
  static const char *const ALLOWED[] = {
    "disabled",          "displayName",          "schedule", "params", "scheduleOptions",
    "scheduleOptionsV2", "destinationDatasetId", NULL
  };
  const char *mask = eros_call_query (call, "updateMask");
  g_auto (GStrv) names = g_strsplit (mask != NULL ? mask : "", ",", -1);

  if (names[0] == NULL)
    {
      eros_call_fail (call, 400, "badRequest", "update_mask is required");
      return FALSE;
    }
  for (guint i = 0; names[i] != NULL; i++)
    {
      JsonNode *node;

      to_camel_case (names[i]);
      if (g_str_has_prefix (names[i], "transferConfig.")) /* as bq writes it */
        memmove (names[i], names[i] + strlen ("transferConfig."),
                 strlen (names[i] + strlen ("transferConfig.")) + 1);
      node = json_object_get_member (patch, names[i]);

      if (!g_strv_contains (ALLOWED, names[i]) || (strcmp (names[i], "disabled") == 0 && node != NULL &&
                                                   json_node_get_value_type (node) != G_TYPE_BOOLEAN))
        {
          eros_call_fail (call, 400, "badRequest", "Invalid field in update_mask or its value: %s", names[i]);
          return FALSE;
        }
      if (node != NULL)
        json_object_set_member (target, names[i], json_node_copy (node));
      else
        json_object_remove_member (target, names[i]);
    }
  return TRUE;
}

void
eros_handle_transfers_patch (ErosCall *call)
{
  JsonObject *patch = eros_call_body (call);
  g_autoptr (ErosStoreDocument) document = patch != NULL ? eros_transfer_find (call) : NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  gint64 generation;

  if (document == NULL)
    return;
  node = json_from_string (document->body, NULL);
  if (!apply_mask (call, json_node_get_object (node), patch))
    return;
  g_free (document->body);
  document->body = json_to_string (node, FALSE);
  generation = document->generation;
  document->generation = 0;
  if (!eros_store_put_document (call->service->store, document, generation, &error))
    eros_call_fail_error (call, error);
  else
    write_config (document, eros_call_reply (call));
}

/**
 * eros_transfer_reply_empty:
 * @call: a call
 *
 * Answers with an empty object, as this API does where there is nothing to tell.
 */
void
eros_transfer_reply_empty (ErosCall *call)
{
  eros_json_raw (eros_call_reply (call), NULL, "{}");
}

static gboolean
check_new (ErosCall *call, JsonObject *body)
{
  const char *source = eros_json_get_string (body, "dataSourceId");
  JsonObject *params = eros_json_get_object (body, "params");

  if (source == NULL || strcmp (source, "scheduled_query") != 0)
    eros_call_fail (call, 400, "invalid", "The local server has no data source %s; it has scheduled_query.",
                    source != NULL ? source : "(none)");
  else if (eros_json_get_string (params, "query") == NULL)
    eros_call_fail (call, 400, "invalid", "Missing argument: params.query of a scheduled query.");
  else if (eros_json_get_string (params, "destination_table_name_template") != NULL &&
           *eros_json_get_string (params, "destination_table_name_template") != '\0' &&
           eros_json_get_string (body, "destinationDatasetId") == NULL)
    eros_call_fail (call, 400, "invalid",
                    "A destination table needs a destination data set: destinationDatasetId.");
  else
    return TRUE;
  return FALSE;
}

/* Where its destination is, when no place is named. */
static char *
place_of (ErosCall *call, JsonObject *body)
{
  const char *location = eros_call_param (call, "location");
  const char *name = eros_json_get_string (body, "destinationDatasetId");
  g_autoptr (ErosStoreConnection) connection = NULL;
  g_autoptr (ErosStoreDataset) dataset = NULL;

  if (location != NULL && strcmp (location, "-") != 0)
    return g_strdup (location);
  connection = name != NULL ? eros_store_acquire (call->service->store, NULL) : NULL;
  if (connection != NULL && eros_store_begin (connection, EROS_STORE_READ, NULL, NULL))
    dataset = eros_store_get_dataset (connection, eros_call_param (call, "projectId"), name, NULL);
  return g_ascii_strdown (dataset != NULL ? dataset->location : "us", -1);
}

void
eros_handle_transfers_create (ErosCall *call)
{
  static const char *const KEPT[] = { "dataSourceId",    "destinationDatasetId",
                                      "disabled",        "displayName",
                                      "params",          "schedule",
                                      "scheduleOptions", "scheduleOptionsV2" };
  JsonObject *body = eros_call_body (call);
  g_autofree char *location = place_of (call, body);
  JsonObject *time_based =
    eros_json_get_object (eros_json_get_object (body, "scheduleOptionsV2"), "timeBasedSchedule");
  g_autoptr (JsonObject) kept = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), kept);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *name = g_strdup_printf ("projects/%s/locations/%s/transferConfigs/%s",
                                           eros_call_param (call, "projectId"), location, uuid);
  g_autofree char *text = NULL;
  g_autoptr (ErosStoreDocument) document = NULL;
  g_autoptr (GError) error = NULL;

  if (body == NULL || !check_new (call, body))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (KEPT); i++)
    if (json_object_has_member (body, KEPT[i]) && !eros_json_is_null (body, KEPT[i]))
      json_object_set_member (kept, KEPT[i], json_object_dup_member (body, KEPT[i]));
  if (!json_object_has_member (kept, "schedule") && eros_json_get_string (time_based, "schedule") != NULL)
    json_object_set_member (kept, "schedule", json_object_dup_member (time_based, "schedule"));
  text = json_to_string (node, FALSE);
  document = eros_store_document_new ("transfer", name, text);
  if (!eros_store_put_document (call->service->store, document, 0, &error))
    eros_call_fail_error (call, error);
  else
    write_config (document, eros_call_reply (call));
}

void
eros_handle_transfers_delete (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) document = eros_transfer_find (call);
  g_autoptr (GError) error = NULL;

  if (document == NULL)
    return;
  if (eros_store_delete_document (call->service->store, "transfer", document->name, EROS_STORE_ANY_GENERATION,
                                  &error))
    eros_transfer_reply_empty (call);
  else
    eros_call_fail_error (call, error);
}

/* ---- data sources -------------------------------------------------------------------------------------- */

static void
write_source (ErosCall *call, ErosJsonWriter *writer)
{
  g_autofree char *name = g_strdup_printf (
    "projects/%s/locations/%s/dataSources/scheduled_query", eros_call_param (call, "projectId"),
    eros_call_param (call, "location") != NULL ? eros_call_param (call, "location") : "us");

  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "name", name);
  eros_json_string (writer, "dataSourceId", "scheduled_query");
  eros_json_string (writer, "displayName", "Scheduled Query");
  eros_json_string (writer, "description", "A query that is run at set times");
  eros_json_bool (writer, "supportsCustomSchedule", TRUE);
  eros_json_string (writer, "defaultSchedule", "every 24 hours");
  eros_json_open (writer, "parameters", '[');
  for (guint i = 0; i < 3; i++)
    {
      static const char *const NAMES[] = { "query", "destination_table_name_template", "write_disposition" };

      eros_json_open (writer, NULL, '{');
      eros_json_string (writer, "paramId", NAMES[i]);
      eros_json_string (writer, "type", "STRING");
      eros_json_bool (writer, "required", i == 0);
      eros_json_close (writer, '}');
    }
  eros_json_close (writer, ']');
  eros_json_close (writer, '}');
}

void
eros_handle_sources_list (ErosCall *call)
{
  ErosJsonWriter *writer = eros_call_reply (call);

  eros_json_open (writer, NULL, '{');
  eros_json_open (writer, "dataSources", '[');
  write_source (call, writer);
  eros_json_close (writer, ']');
  eros_json_close (writer, '}');
}

static gboolean
has_source (ErosCall *call)
{
  if (strcmp (eros_call_param (call, "sourceId"), "scheduled_query") == 0)
    return TRUE;
  eros_call_fail (call, 404, "notFound", "The local server has no data source %s; it has scheduled_query.",
                  eros_call_param (call, "sourceId"));
  return FALSE;
}

void
eros_handle_sources_get (ErosCall *call)
{
  if (has_source (call))
    write_source (call, eros_call_reply (call));
}

void
eros_handle_sources_check (ErosCall *call)
{
  if (has_source (call))
    eros_json_raw (eros_call_reply (call), NULL, "{\"hasValidCreds\":true}");
}
