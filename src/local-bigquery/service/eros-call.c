/* eros-call.c: one HTTP request on its way through a handler
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-call.h"
#include "eros-clock.h"

#include "eros-members.h"

#include <string.h>

#include "eros-error-domain.h"

EROS_DEFINE_ERROR_DOMAIN (service)

/* Google's own limit is not documented; no resource comes near this. */
#define MAX_JSON_DEPTH 200

static ErosCall *
make_call (ErosService *service, const char *method, GUri *uri, SoupMessageHeaders *headers)
{
  ErosCall *call = g_new0 (ErosCall, 1);
  const char *override;

  call->service = service;
  call->request_headers = soup_message_headers_ref (headers);
  override = strcmp (method, "POST") == 0 ? eros_call_header (call, "X-HTTP-Method-Override") : NULL;
  call->method = g_strdup (override != NULL ? override : method);
  call->path = g_strdup (g_uri_get_path (uri));
  call->params = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  call->query_text = g_strdup (g_uri_get_query (uri));
  call->query = call->query_text != NULL ? soup_form_decode (call->query_text)
                                         : g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  call->received = eros_clock_get_now ();
  call->headers = g_ptr_array_new_with_free_func (g_free);
  return call;
}

/**
 * eros_call_new:
 * @service: the service
 * @message: the request; its body is complete
 *
 * Returns: (transfer full): the call
 */
ErosCall *
eros_call_new (ErosService *service, SoupServerMessage *message)
{
  ErosCall *call =
    make_call (service, soup_server_message_get_method (message), soup_server_message_get_uri (message),
               soup_server_message_get_request_headers (message));

  call->message = g_object_ref (message);
  call->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  return call;
}

/**
 * eros_call_new_part:
 * @whole: a batch
 * @method: the part's method
 * @uri: the part's path and query
 * @headers: the part's headers
 * @body: the part's body
 *
 * Returns: (transfer full) (nullable): a call on behalf of who has sent @whole; %NULL when @uri is none
 */
ErosCall *
eros_call_new_part (ErosCall *whole,
                    const char *method,
                    const char *uri,
                    SoupMessageHeaders *headers,
                    GBytes *body)
{
  g_autofree char *absolute = *uri == '/' ? g_strconcat ("http://127.0.0.1", uri, NULL) : g_strdup (uri);
  g_autoptr (GUri) parsed = g_uri_parse (absolute, SOUP_HTTP_URI_FLAGS, NULL);
  ErosCall *call = parsed != NULL ? make_call (whole->service, method, parsed, headers) : NULL;

  if (call == NULL)
    return NULL;
  call->body = g_bytes_ref (body);
  call->user_email = whole->user_email;
  return call;
}

/**
 * eros_call_free:
 * @call: (transfer full) (nullable): a call
 */
void
eros_call_free (ErosCall *call)
{
  if (call == NULL)
    return;
  g_clear_object (&call->message);
  soup_message_headers_unref (call->request_headers);
  g_free (call->query_text);
  g_free (call->etag);
  g_free (call->method);
  g_free (call->path);
  g_hash_table_unref (call->params);
  g_hash_table_unref (call->query);
  g_bytes_unref (call->body);
  g_free (call->job_id);
  if (call->text != NULL)
    g_string_free (call->text, TRUE);
  g_clear_pointer (&call->bytes, g_bytes_unref);
  g_free (call->content_type);
  g_ptr_array_unref (call->headers);
  g_clear_pointer (&call->json, json_node_unref);
  g_free (call);
}

/**
 * eros_call_param:
 * @call: a call
 * @name: a variable of the route
 *
 * Returns: (transfer none) (nullable): its decoded value
 */
const char *
eros_call_param (ErosCall *call, const char *name)
{
  return g_hash_table_lookup (call->params, name);
}

/**
 * eros_call_query:
 * @call: a call
 * @name: a query parameter
 *
 * Returns: (transfer none) (nullable): its decoded value
 */
const char *
eros_call_query (ErosCall *call, const char *name)
{
  return g_hash_table_lookup (call->query, name);
}

/**
 * eros_call_query_int:
 * @call: a call
 * @name: a query parameter
 * @fallback: what it is when it is missing
 * @value: (out): its value, not negative
 *
 * Returns: whether it is a number; if not, the call has failed
 */
gboolean
eros_call_query_int (ErosCall *call, const char *name, gint64 fallback, gint64 *value)
{
  const char *text = eros_call_query (call, name);

  *value = fallback;
  if (text == NULL || *text == '\0')
    return TRUE;
  if (g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, value, NULL))
    return TRUE;
  eros_call_fail (call, 400, "invalid", "Invalid value for %s: %s is not a valid value", name, text);
  return FALSE;
}

/**
 * eros_call_query_bool:
 * @call: a call
 * @name: a query parameter
 *
 * Returns: whether it is there and true
 */
gboolean
eros_call_query_bool (ErosCall *call, const char *name)
{
  const char *text = eros_call_query (call, name);

  return text != NULL && (g_ascii_strcasecmp (text, "true") == 0 || strcmp (text, "1") == 0);
}

/**
 * eros_call_query_all:
 * @call: a call
 * @name: a query parameter that may be there several times
 *
 * Returns: (transfer full) (nullable): its decoded values; %NULL when there are none
 */
GStrv
eros_call_query_all (ErosCall *call, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (call->query_text != NULL ? call->query_text : "", "&", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *start = g_strconcat (name, "=", NULL);
  GStrv values;

  for (guint i = 0; parts[i] != NULL; i++)
    if (g_str_has_prefix (parts[i], start))
      {
        g_autofree char *value = g_uri_unescape_string (parts[i] + strlen (start), NULL);

        if (value != NULL)
          g_strv_builder_add (builder, value);
      }
  values = g_strv_builder_end (builder);
  if (values[0] == NULL)
    g_clear_pointer (&values, g_strfreev);
  return values;
}

/**
 * eros_call_header:
 * @call: a call
 * @name: a request header
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
eros_call_header (ErosCall *call, const char *name)
{
  return soup_message_headers_get_one (call->request_headers, name);
}

static gboolean
is_shallow (const char *data, gsize size)
{
  guint depth = 0;
  gboolean quoted = FALSE;

  for (gsize i = 0; i < size; i++)
    if (quoted && data[i] == '\\')
      i++;
    else if (data[i] == '"')
      quoted = !quoted;
    else if (!quoted && (data[i] == '{' || data[i] == '['))
      {
        if (++depth > MAX_JSON_DEPTH)
          return FALSE;
      }
    else if (!quoted && (data[i] == '}' || data[i] == ']') && depth > 0)
      depth--;
  return TRUE;
}

/**
 * eros_json_parse:
 * @data: text
 * @size: its length in bytes
 * @error: return location for an #ErosServiceError
 *
 * Returns: (transfer full) (nullable): what it says
 */
JsonNode *
eros_json_parse (const char *data, gsize size, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) failure = NULL;
  JsonNode *root;

  if (!g_utf8_validate_len (data, size, NULL))
    {
      g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_PARSE,
                           "Invalid JSON payload received. The text is not valid UTF-8.");
      return NULL;
    }
  if (!is_shallow (data, size))
    {
      g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_PARSE,
                           "Invalid JSON payload received. Message too deep.");
      return NULL;
    }
  if (!json_parser_load_from_data (parser, data, size, &failure))
    {
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_PARSE, "Invalid JSON payload received. %s",
                   failure->message);
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root != NULL)
    return json_node_ref (root);
  g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_PARSE,
                       "Invalid JSON payload received. It is empty.");
  return NULL;
}

/**
 * eros_call_check_members:
 * @call: a call
 * @body: what it brings
 *
 * Returns: whether Google knows each member of it; if not, the call has failed
 */
gboolean
eros_call_check_members (ErosCall *call, JsonObject *body)
{
  g_autofree char *wrong = call->schema != NULL ? eros_members_check (call->schema, body) : NULL;

  if (wrong != NULL)
    eros_call_fail (call, 400, "badRequest", "%s", wrong);
  return wrong == NULL;
}

/**
 * eros_call_body:
 * @call: a call
 *
 * Returns: (transfer none) (nullable): the request's JSON object, an empty one when there was no body; when
 * %NULL the call has failed
 */
JsonObject *
eros_call_body (ErosCall *call)
{
  g_autoptr (GError) error = NULL;
  gboolean is_new = call->json == NULL;
  gsize size;
  const char *data = g_bytes_get_data (call->body, &size);

  if (call->json == NULL)
    call->json = size == 0 ? json_from_string ("{}", NULL) : eros_json_parse (data, size, &error);
  if (call->json == NULL)
    {
      eros_call_fail_error (call, error);
      return NULL;
    }
  if (JSON_NODE_HOLDS_OBJECT (call->json))
    return !is_new || eros_call_check_members (call, json_node_get_object (call->json))
             ? json_node_get_object (call->json)
             : NULL;
  eros_call_fail (call, 400, "parseError", "Invalid JSON payload received. Root element must be a message.");
  return NULL;
}

/**
 * eros_call_reply:
 * @call: a call
 *
 * Answers 200 with a JSON text.
 *
 * Returns: (transfer none): what to write it with; the caller opens and closes the object
 */
ErosJsonWriter *
eros_call_reply (ErosCall *call)
{
  call->status = 200;
  if (call->text == NULL)
    call->text = g_string_new (NULL);
  g_string_truncate (call->text, 0);
  g_free (call->content_type);
  call->content_type = g_strdup ("application/json; charset=UTF-8");
  eros_json_writer_init (&call->writer, call->text);
  return &call->writer;
}

/**
 * eros_call_reply_nothing:
 * @call: a call
 *
 * Answers 204.
 */
void
eros_call_reply_nothing (ErosCall *call)
{
  eros_call_reply (call);
  call->status = 204;
}

/* A value ends with its line: what comes from a caller must not begin another. */
static char *
header_value (const char *text)
{
  char *value = g_strdup (text != NULL ? text : "");

  for (char *at = value; *at != '\0'; at++)
    if (*at < ' ' || *at > '~')
      *at = '_';
  return value;
}

/**
 * eros_call_reply_bytes:
 * @call: a call
 * @status: the HTTP status
 * @content_type: what @bytes are
 * @bytes: the answer
 */
void
eros_call_reply_bytes (ErosCall *call, guint status, const char *content_type, GBytes *bytes)
{
  call->status = status;
  g_free (call->content_type);
  call->content_type = header_value (content_type);
  g_clear_pointer (&call->bytes, g_bytes_unref);
  call->bytes = g_bytes_ref (bytes);
}

/**
 * eros_call_add_header:
 * @call: a call
 * @name: a response header
 * @value: its value; what cannot stand in one becomes `_`
 */
void
eros_call_add_header (ErosCall *call, const char *name, const char *value)
{
  g_ptr_array_add (call->headers, g_strdup (name));
  g_ptr_array_add (call->headers, header_value (value));
}

/**
 * eros_call_set_etag:
 * @call: a call
 * @etag: (nullable): what tells this state of what is answered from any other
 *
 * Lets a caller who has it already be told just that.
 */
void
eros_call_set_etag (ErosCall *call, const char *etag)
{
  g_free (call->etag);
  call->etag = g_strdup (etag);
}

static const char *
status_name (guint status)
{
  switch (status)
    {
    case 400:
      return "INVALID_ARGUMENT";
    case 401:
      return "UNAUTHENTICATED";
    case 403:
      return "PERMISSION_DENIED";
    case 404:
      return "NOT_FOUND";
    case 409:
      return "ALREADY_EXISTS";
    case 412:
      return "FAILED_PRECONDITION";
    case 429:
      return "RESOURCE_EXHAUSTED";
    case 499:
      return "CANCELLED";
    case 500:
      return "INTERNAL";
    case 501:
      return "UNIMPLEMENTED";
    case 503:
      return "UNAVAILABLE";
    default:
      return "UNKNOWN";
    }
}

static void
fail (ErosCall *call, guint status, const char *reason, const char *message)
{
  ErosJsonWriter *writer = eros_call_reply (call);

  call->status = status;
  eros_json_open (writer, NULL, '{');
  eros_json_open (writer, "error", '{');
  eros_json_int (writer, "code", status);
  eros_json_string (writer, "message", message);
  eros_json_open (writer, "errors", '[');
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "message", message);
  eros_json_string (writer, "domain", "global");
  eros_json_string (writer, "reason", reason);
  if (status == 412 && eros_call_header (call, "If-Match") != NULL)
    {
      eros_json_string (writer, "locationType", "header");
      eros_json_string (writer, "location", "If-Match");
    }
  else if (status == 401)
    {
      eros_json_string (writer, "locationType", "header");
      eros_json_string (writer, "location", "Authorization");
    }
  else if (strcmp (reason, "invalidQuery") == 0)
    {
      gboolean later = strcmp (call->method, "GET") == 0; /* who reads a query's results did not write it */

      eros_json_string (writer, "locationType", later ? NULL : "parameter");
      eros_json_string (writer, "location", later ? "parameters.q" : "q");
    }
  eros_json_close (writer, '}');
  eros_json_close (writer, ']');
  eros_json_string (writer, "status", status_name (status));
  eros_json_close (writer, '}');
  eros_json_close (writer, '}');
}

/**
 * eros_call_fail:
 * @call: a call
 * @status: the HTTP status
 * @reason: BigQuery's reason
 * @format: the message
 * @...: its arguments
 *
 * Answers with an error in Google's shape.
 */
void
eros_call_fail (ErosCall *call, guint status, const char *reason, const char *format, ...)
{
  g_autofree char *message = NULL;
  g_autofree char *valid = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  valid = g_utf8_make_valid (message, -1);
  fail (call, status, reason, valid);
}

static ErosReason
reason_of_store (ErosStoreError code)
{
  switch (code)
    {
    case EROS_STORE_ERROR_NOT_FOUND:
      return (ErosReason){ 404, "notFound" };
    case EROS_STORE_ERROR_DUPLICATE:
      return (ErosReason){ 409, "duplicate" };
    case EROS_STORE_ERROR_INVALID:
      return (ErosReason){ 400, "invalid" };
    case EROS_STORE_ERROR_CONDITION_NOT_MET:
      return (ErosReason){ 412, "conditionNotMet" };
    case EROS_STORE_ERROR_IN_USE:
      return (ErosReason){ 400, "resourceInUse" };
    case EROS_STORE_ERROR_CONFLICT:
      return (ErosReason){ 400, "invalidQuery" };
    case EROS_STORE_ERROR_CANCELLED:
      return (ErosReason){ 499, "stopped" };
    case EROS_STORE_ERROR_FULL:
      return (ErosReason){ 403, "quotaExceeded" };
    case EROS_STORE_ERROR_FAILED:
    default:
      return (ErosReason){ 500, "internalError" };
    }
}

static const ErosReason SERVICE_REASONS[] = {
  [EROS_SERVICE_ERROR_INVALID] = { 400, "invalid" },
  [EROS_SERVICE_ERROR_REQUIRED] = { 400, "required" },
  [EROS_SERVICE_ERROR_PARSE] = { 400, "parseError" },
  [EROS_SERVICE_ERROR_UNAUTHENTICATED] = { 401, "authError" },
  [EROS_SERVICE_ERROR_ACCESS_DENIED] = { 403, "accessDenied" },
  [EROS_SERVICE_ERROR_NOT_FOUND] = { 404, "notFound" },
  [EROS_SERVICE_ERROR_DUPLICATE] = { 409, "duplicate" },
  [EROS_SERVICE_ERROR_CONDITION] = { 412, "conditionNotMet" },
  [EROS_SERVICE_ERROR_TOO_LARGE] = { 413, "uploadTooLarge" },
  [EROS_SERVICE_ERROR_STOPPED] = { 499, "stopped" },
  [EROS_SERVICE_ERROR_TIMEOUT] = { 400, "stopped" },
  [EROS_SERVICE_ERROR_BYTES_BILLED] = { 400, "bytesBilledLimitExceeded" },
  [EROS_SERVICE_ERROR_NOT_IMPLEMENTED] = { 501, "notImplemented" },
  [EROS_SERVICE_ERROR_INTERNAL] = { 500, "internalError" },
};

/**
 * eros_reason_of:
 * @error: an error of any room
 *
 * Returns: the HTTP status and the reason that BigQuery gives for it
 */
ErosReason
eros_reason_of (const GError *error)
{
  if (error->domain == EROS_STORE_ERROR)
    return reason_of_store (error->code);
  if (error->domain == EROS_SERVICE_ERROR)
    return SERVICE_REASONS[error->code];
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return (ErosReason){ 499, "stopped" };
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
    return reason_of_store (EROS_STORE_ERROR_FULL);
  if (error->domain == G_IO_ERROR || error->domain == G_FILE_ERROR)
    return (ErosReason){ 500, "internalError" };
  return (ErosReason){ 400, "invalidQuery" };
}

/**
 * eros_call_fail_error:
 * @call: a call
 * @error: what went wrong
 *
 * Answers with @error in Google's shape.
 */
void
eros_call_fail_error (ErosCall *call, const GError *error)
{
  ErosReason reason = eros_reason_of (error);

  eros_call_fail (call, reason.status, reason.reason, "%s", error->message);
}
