/* eros-faults.c: faults on demand, and the record of what arrived
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-faults.h"

#include <string.h>

#include "eros-call.h"
#include "eros-clock.h"

/* So that a server that runs for days does not grow for ever. */
#define MAX_REQUESTS 10000

typedef struct
{
  char *method; /* NULL: any */
  GRegex *path; /* NULL: any */
  gint64 skip;
  gint64 times; /* -1: always */
  ErosFault fault;
} Rule;

typedef struct
{
  gint64 number;
  gint64 time;
  char *method;
  char *path;
  char *query;
  char *job_id;
  guint status;
} Request;

struct _ErosFaults
{
  GMutex lock;
  GPtrArray *rules;
  GQueue requests;
  gint64 n_requests;
};

static void
rule_free (Rule *rule)
{
  g_free (rule->method);
  g_clear_pointer (&rule->path, g_regex_unref);
  g_free (rule);
}

static void
request_free (Request *request)
{
  g_free (request->method);
  g_free (request->path);
  g_free (request->query);
  g_free (request->job_id);
  g_free (request);
}

/**
 * eros_faults_new:
 *
 * Returns: (transfer full): no faults, no requests
 */
ErosFaults *
eros_faults_new (void)
{
  ErosFaults *faults = g_new0 (ErosFaults, 1);

  g_mutex_init (&faults->lock);
  faults->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) rule_free);
  g_queue_init (&faults->requests);
  return faults;
}

/**
 * eros_faults_free:
 * @faults: (transfer full): the faults
 */
void
eros_faults_free (ErosFaults *faults)
{
  g_ptr_array_unref (faults->rules);
  g_queue_clear_full (&faults->requests, (GDestroyNotify) request_free);
  g_mutex_clear (&faults->lock);
  g_free (faults);
}

static const struct
{
  const char *name;
  ErosFaultKind kind;
} KINDS[] = {
  { "reset", EROS_FAULT_RESET },
  { "truncate", EROS_FAULT_TRUNCATE },
  { "hang", EROS_FAULT_HANG },
  { "drop-response", EROS_FAULT_DROP_RESPONSE },
  { "expire-token", EROS_FAULT_EXPIRE_TOKEN },
};

/* 503, 503:backendError, delay:250, or one of the names */
static gboolean
parse_action (const char *action, ErosFault *fault)
{
  g_auto (GStrv) parts = g_strsplit (action, ":", 2);
  guint64 number;

  for (guint i = 0; i < G_N_ELEMENTS (KINDS); i++)
    if (strcmp (action, KINDS[i].name) == 0)
      {
        fault->kind = KINDS[i].kind;
        return TRUE;
      }
  if (parts[0] == NULL)
    return FALSE;
  if (strcmp (parts[0], "delay") == 0)
    {
      fault->kind = EROS_FAULT_DELAY;
      if (parts[1] == NULL || !g_ascii_string_to_unsigned (parts[1], 10, 0, 600000, &number, NULL))
        return FALSE;
      fault->number = number;
      return TRUE;
    }
  fault->kind = EROS_FAULT_STATUS;
  if (!g_ascii_string_to_unsigned (parts[0], 10, 400, 599, &number, NULL))
    return FALSE;
  fault->number = number;
  g_strlcpy (fault->reason, parts[1] != NULL ? parts[1] : "backendError", sizeof fault->reason);
  return TRUE;
}

/**
 * eros_faults_add:
 * @faults: the faults
 * @description: `method`, `path` (a regular expression), `skip`, `times` and `action`; all but the last may
 * be missing
 * @error: return location for an #ErosServiceError
 *
 * Returns: whether @description makes sense
 */
gboolean
eros_faults_add (ErosFaults *faults, JsonObject *description, GError **error)
{
  const char *action = json_object_get_string_member_with_default (description, "action", "");
  const char *path = json_object_get_string_member_with_default (description, "path", NULL);
  Rule *rule = g_new0 (Rule, 1);

  rule->method = g_strdup (json_object_get_string_member_with_default (description, "method", NULL));
  rule->skip = json_object_get_int_member_with_default (description, "skip", 0);
  rule->times = json_object_get_int_member_with_default (description, "times", 1);
  if (!parse_action (action, &rule->fault))
    {
      g_set_error (
        error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
        "“%s” is no action; it is a status from 400 to 599, STATUS:reason, delay:MS, reset, truncate, hang,"
        " drop-response or expire-token",
        action);
      rule_free (rule);
      return FALSE;
    }
  if (path != NULL)
    rule->path = g_regex_new (path, G_REGEX_OPTIMIZE, 0, error);
  if (path != NULL && rule->path == NULL)
    {
      rule_free (rule);
      return FALSE;
    }
  g_mutex_lock (&faults->lock);
  g_ptr_array_add (faults->rules, rule);
  g_mutex_unlock (&faults->lock);
  return TRUE;
}

/**
 * eros_faults_clear:
 * @faults: the faults
 *
 * Ends all faults.
 */
void
eros_faults_clear (ErosFaults *faults)
{
  g_mutex_lock (&faults->lock);
  g_ptr_array_set_size (faults->rules, 0);
  g_mutex_unlock (&faults->lock);
}

/**
 * eros_faults_meet:
 * @faults: the faults
 * @method: the request's method
 * @path: the request's path, encoded
 *
 * Returns: the fault that the request meets, of kind %EROS_FAULT_NONE for none
 */
ErosFault
eros_faults_meet (ErosFaults *faults, const char *method, const char *path)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&faults->lock);

  for (guint i = 0; i < faults->rules->len; i++)
    {
      Rule *rule = g_ptr_array_index (faults->rules, i);

      if (rule->times == 0 || (rule->method != NULL && g_ascii_strcasecmp (rule->method, method) != 0) ||
          (rule->path != NULL && !g_regex_match (rule->path, path, 0, NULL)))
        continue;
      if (rule->skip > 0)
        {
          rule->skip--;
          continue;
        }
      if (rule->times > 0)
        rule->times--;
      return rule->fault;
    }
  return (ErosFault){ EROS_FAULT_NONE };
}

/**
 * eros_faults_record:
 * @faults: the faults
 * @method: the request's method
 * @path: its path
 * @query: (nullable): its query
 *
 * Returns: the request's number, from 1
 */
gint64
eros_faults_record (ErosFaults *faults, const char *method, const char *path, const char *query)
{
  Request *request = g_new0 (Request, 1);
  gint64 number;

  request->time = eros_clock_get_now ();
  request->method = g_strdup (method);
  request->path = g_strdup (path);
  request->query = g_strdup (query);
  g_mutex_lock (&faults->lock);
  number = request->number = ++faults->n_requests;
  g_queue_push_tail (&faults->requests, request);
  if (faults->requests.length > MAX_REQUESTS)
    request_free (g_queue_pop_head (&faults->requests));
  g_mutex_unlock (&faults->lock);
  return number;
}

/**
 * eros_faults_record_end:
 * @faults: the faults
 * @number: of the request
 * @status: what was answered, 0 for nothing
 * @job_id: (nullable): the job it was about
 */
void
eros_faults_record_end (ErosFaults *faults, gint64 number, guint status, const char *job_id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&faults->lock);

  for (GList *l = faults->requests.tail; l != NULL; l = l->prev)
    {
      Request *request = l->data;

      if (request->number > number)
        continue;
      if (request->number == number)
        {
          request->status = status;
          request->job_id = g_strdup (job_id);
        }
      return;
    }
}

/**
 * eros_faults_write_requests:
 * @faults: the faults
 * @since: the number of the last request that is known already
 * @writer: where to write the list `requests`
 */
void
eros_faults_write_requests (ErosFaults *faults, gint64 since, ErosJsonWriter *writer)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&faults->lock);

  eros_json_open (writer, "requests", '[');
  for (GList *l = faults->requests.head; l != NULL; l = l->next)
    {
      Request *request = l->data;

      if (request->number <= since)
        continue;
      eros_json_open (writer, NULL, '{');
      eros_json_int (writer, "number", request->number);
      eros_json_int_string (writer, "time", request->time);
      eros_json_string (writer, "method", request->method);
      eros_json_string (writer, "path", request->path);
      eros_json_string (writer, "query", request->query);
      eros_json_int (writer, "status", request->status);
      eros_json_string (writer, "jobId", request->job_id);
      eros_json_close (writer, '}');
    }
  eros_json_close (writer, ']');
}
