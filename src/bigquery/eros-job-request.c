/* eros-job-request.c: a job before it is sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-job-request-private.h"

#include <string.h>

#include "eros-json.h"

G_DEFINE_FINAL_TYPE (ErosJobRequest, eros_job_request, G_TYPE_OBJECT)

static void
eros_job_request_finalize (GObject *object)
{
  ErosJobRequest *self = EROS_JOB_REQUEST (object);

  g_free (self->id);
  json_object_unref (self->configuration);
  G_OBJECT_CLASS (eros_job_request_parent_class)->finalize (object);
}

static void
eros_job_request_class_init (ErosJobRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_job_request_finalize;
}

static void
eros_job_request_init (ErosJobRequest *self)
{
}

/**
 * eros_job_request_make_id:
 * @prefix: what the job is for; whatever a job id may not hold becomes a hyphen
 *
 * Returns: (transfer full): an id that has never been used: the prefix and 122 random bits
 */
char *
eros_job_request_make_id (const char *prefix)
{
  g_autofree char *unique = g_uuid_string_random ();
  g_autofree char *clean = g_strndup (prefix, 200);

  g_strcanon (clean, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-", '-');
  return g_strconcat (clean, "-", unique, NULL);
}

/**
 * eros_job_request_new:
 * @job_id: an id that the caller has written down
 * @configuration: a JobConfiguration of the REST contract
 *
 * Returns: (transfer full): the request
 */
ErosJobRequest *
eros_job_request_new (const char *job_id, JsonObject *configuration)
{
  ErosJobRequest *self = g_object_new (EROS_TYPE_JOB_REQUEST, NULL);

  self->id = g_strdup (job_id);
  self->configuration = json_object_ref (configuration);
  /* Whoever measures a workload leaves out what carries this: it is the program's own, whatever it is for. */
  if (!json_object_has_member (configuration, "labels"))
    eros_job_request_add_label (self, "eros-deployment", "");
  return self;
}

/**
 * eros_job_request_new_query:
 * @job_id: an id that the caller has written down
 * @sql: GoogleSQL, a statement or a script
 *
 * Returns: (transfer full): the request
 */
ErosJobRequest *
eros_job_request_new_query (const char *job_id, const char *sql)
{
  g_autoptr (JsonObject) configuration = json_object_new ();
  JsonObject *query = json_object_new ();

  json_object_set_string_member (query, "query", sql);
  json_object_set_boolean_member (query, "useLegacySql", FALSE);
  json_object_set_object_member (configuration, "query", query);
  return eros_job_request_new (job_id, configuration);
}

const char *
eros_job_request_get_id (ErosJobRequest *self)
{
  return self->id;
}

/**
 * eros_job_request_add_parameter:
 * @self: a query
 * @name: as in the text, without the @
 * @type: "INT64", "STRING", "TIMESTAMP" …
 * @value: (nullable): the value's text; %NULL for SQL NULL
 *
 * Adds a named parameter, the only way for a value into a query.
 */
void
eros_job_request_add_parameter (ErosJobRequest *self, const char *name, const char *type, const char *value)
{
  JsonObject *query = json_object_get_object_member (self->configuration, "query");
  JsonObject *parameter = json_object_new ();
  JsonObject *parameter_type = json_object_new ();
  JsonObject *parameter_value = json_object_new ();

  if (!json_object_has_member (query, "queryParameters"))
    json_object_set_array_member (query, "queryParameters", json_array_new ());
  json_object_set_string_member (query, "parameterMode", "NAMED");
  json_object_set_string_member (parameter_type, "type", type);
  if (value != NULL)
    json_object_set_string_member (parameter_value, "value", value);
  else
    json_object_set_null_member (parameter_value, "value");
  json_object_set_string_member (parameter, "name", name);
  json_object_set_object_member (parameter, "parameterType", parameter_type);
  json_object_set_object_member (parameter, "parameterValue", parameter_value);
  json_array_add_object_element (json_object_get_array_member (query, "queryParameters"), parameter);
}

/* https://cloud.google.com/bigquery/docs/labels-intro#requirements */
static char *
make_label (const char *text, gboolean is_key)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);

  g_strcanon (lower, "abcdefghijklmnopqrstuvwxyz" G_CSET_DIGITS "_-", '-');
  if (is_key && !g_ascii_islower (*lower))
    {
      g_autofree char *prefixed = g_strconcat ("x", lower, NULL);

      return g_strndup (prefixed, 63);
    }
  return g_strndup (lower, 63);
}

void
eros_job_request_add_label (ErosJobRequest *self, const char *key, const char *value)
{
  g_autofree char *label_key = make_label (key, TRUE);
  g_autofree char *label_value = make_label (value, FALSE);

  if (!json_object_has_member (self->configuration, "labels"))
    json_object_set_object_member (self->configuration, "labels", json_object_new ());
  json_object_set_string_member (json_object_get_object_member (self->configuration, "labels"), label_key,
                                 label_value);
}

void
eros_job_request_set_timeout (ErosJobRequest *self, gint64 timeout_ms)
{
  self->timeout_ms = timeout_ms;
}

void
eros_job_request_set_use_cache (ErosJobRequest *self, gboolean use_cache)
{
  JsonObject *query = json_object_get_object_member (self->configuration, "query");

  json_object_set_boolean_member (query, "useQueryCache", use_cache);
}

void
eros_job_request_set_dry_run (ErosJobRequest *self, gboolean dry_run)
{
  json_object_set_boolean_member (self->configuration, "dryRun", dry_run);
}

void
eros_job_request_set_sent_before (ErosJobRequest *self)
{
  self->sent_before = TRUE;
}

void
eros_job_request_set_retry (ErosJobRequest *self, ErosHttpRetry retry, gpointer user_data)
{
  self->retry = retry;
  self->retry_data = user_data;
}

static void
set_int64 (JsonObject *object, const char *member, gint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  json_object_set_string_member (object, member, text);
}

guint
eros_job_request_poll_ms (ErosConnection *connection)
{
  return MIN (10000, eros_connection_get_patience_ms (connection) / 2);
}

/* What the connection has to say on every job. */
static void
apply_connection (ErosJobRequest *self, ErosConnection *connection)
{
  gint64 budget = eros_connection_get_budget_bytes (connection);

  set_int64 (self->configuration, "jobTimeoutMs",
             self->timeout_ms > 0 ? self->timeout_ms : eros_connection_get_timeout_ms (connection));
  if (budget > 0 && json_object_has_member (self->configuration, "query"))
    set_int64 (json_object_get_object_member (self->configuration, "query"), "maximumBytesBilled", budget);
}

static void
set_location (JsonObject *object, ErosConnection *connection)
{
  const char *location = eros_connection_get_location (connection);

  if (location != NULL)
    json_object_set_string_member (object, "location", location);
}

JsonNode *
eros_job_request_to_json (ErosJobRequest *self, ErosConnection *connection)
{
  JsonObject *job = json_object_new ();
  JsonObject *reference = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  apply_connection (self, connection);
  json_object_set_string_member (reference, "projectId", eros_connection_get_project (connection));
  json_object_set_string_member (reference, "jobId", self->id);
  set_location (reference, connection);
  json_object_set_object_member (job, "jobReference", reference);
  json_object_set_object_member (job, "configuration", json_object_ref (self->configuration));
  json_node_take_object (node, job);
  return node;
}

/* Numbers come back as text, and the other way round. */
static gboolean
is_same_value (JsonNode *sent, JsonNode *taken)
{
  g_autofree char *one = json_to_string (sent, FALSE);
  g_autofree char *other = json_to_string (taken, FALSE);
  g_auto (GStrv) bare = g_strsplit (one, "\"", -1);
  g_auto (GStrv) bare_other = g_strsplit (other, "\"", -1);
  g_autofree char *text = g_strjoinv ("", bare);
  g_autofree char *text_other = g_strjoinv ("", bare_other);

  return g_ascii_strcasecmp (text, text_other) == 0;
}

/* Each member of what was sent, as the server says that it has taken it; it need not repeat all of it. */
static char *
find_difference (JsonObject *sent, JsonObject *taken)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, sent);
  while (json_object_iter_next (&iter, &name, &value))
    {
      JsonNode *its = taken != NULL ? json_object_get_member (taken, name) : NULL;
      char *inner = NULL;

      if (its == NULL)
        continue;
      if (JSON_NODE_HOLDS_OBJECT (value) && JSON_NODE_HOLDS_OBJECT (its))
        inner = find_difference (json_node_get_object (value), json_node_get_object (its));
      else if (JSON_NODE_HOLDS_OBJECT (value) || !is_same_value (value, its))
        inner = g_strdup (name);
      if (inner != NULL)
        return inner;
    }
  return NULL;
}

char *
eros_job_request_find_difference (ErosJobRequest *self, JsonObject *configuration)
{
  static const char *const of_query[] = { "query", "useLegacySql", "writeDisposition", "destinationTable" };
  static const char *const others[] = { "copy", "load", "extract" };
  JsonObject *sent = eros_json_object (self->configuration, "query");
  g_autoptr (JsonObject) decisive = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (json_object_has_member (self->configuration, others[i]))
      return find_difference (json_object_get_object_member (self->configuration, others[i]),
                              eros_json_object (configuration, others[i]));
  /* The rest is about how it is run. */
  for (guint i = 0; i < G_N_ELEMENTS (of_query); i++)
    if (sent != NULL && json_object_has_member (sent, of_query[i]))
      json_object_set_member (decisive, of_query[i], json_object_dup_member (sent, of_query[i]));
  return find_difference (decisive, eros_json_object (configuration, "query"));
}

static void
copy_members (JsonObject *from, JsonObject *to)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, from);
  while (json_object_iter_next (&iter, &name, &value))
    if (!g_str_equal (name, "query") || JSON_NODE_HOLDS_VALUE (value))
      json_object_set_member (to, name, json_node_copy (value));
}

JsonNode *
eros_job_request_to_query_json (ErosJobRequest *self, ErosConnection *connection, guint max_rows)
{
  JsonObject *request = json_object_new ();
  JsonObject *format = json_object_new ();
  g_autofree char *once = g_uuid_string_random ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  apply_connection (self, connection);
  copy_members (self->configuration, request); /* labels, dryRun, jobTimeoutMs */
  copy_members (json_object_get_object_member (self->configuration, "query"), request);
  json_object_set_string_member (request, "requestId", once);
  json_object_set_boolean_member (format, "useInt64Timestamp", TRUE);
  json_object_set_object_member (request, "formatOptions", format);
  json_object_set_int_member (request, "timeoutMs", eros_job_request_poll_ms (connection));
  if (max_rows > 0)
    json_object_set_int_member (request, "maxResults", max_rows);
  set_location (request, connection);
  json_node_take_object (node, request);
  return node;
}
