/* eros-http.h: requests to Google's services, signed in, sent again where that helps
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

#include "eros-connection.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_SERVICE_BIG_QUERY,
  EROS_SERVICE_STORAGE,
  EROS_SERVICE_TRANSFER,
  EROS_SERVICE_RESOURCE_MANAGER,
} ErosService;

/* Called with each piece of a body as it arrives; FALSE and an error end the request. */
typedef gboolean (*ErosHttpSink) (const char *data, gsize length, gpointer user_data, GError **error);
/* Called before a request is sent again: the coming attempt (2, 3 …), why, and after how long; and once more, with why
 * NULL, when an attempt after that has an answer. */
typedef void (*ErosHttpRetry) (guint attempt, const GError *why, guint wait_ms, gpointer user_data);

#define EROS_TYPE_REQUEST (eros_request_get_type ())
G_DECLARE_FINAL_TYPE (ErosRequest, eros_request, EROS, REQUEST, GObject)
/* path: a printf format whose %s arguments are percent-encoded, slashes too: "bigquery/v2/projects/%s/jobs" */
ErosRequest *eros_request_new (ErosService service, const char *method, const char *path, ...) G_GNUC_PRINTF (3, 4);
/* path: as it is, already encoded */
ErosRequest *eros_request_new_for_path (ErosService service, const char *method, const char *path);
void         eros_request_add_query (ErosRequest *self, const char *name, const char *value); /* value NULL: left out */
void         eros_request_set_json (ErosRequest *self, JsonNode *body);                       /* (transfer none) */
void         eros_request_set_body (ErosRequest *self, GBytes *body, const char *content_type);
/* Without a sink the body is collected, up to 32 MiB. reset: the request starts anew: forget what came. */
void eros_request_set_sink (ErosRequest *self, ErosHttpSink sink, void (*reset) (gpointer), gpointer user_data);
void eros_request_set_retry (ErosRequest *self, ErosHttpRetry retry, gpointer user_data);
/* value NULL: none. May be changed by reset, before the request is sent again. */
void eros_request_set_header (ErosRequest *self, const char *name, const char *value);
/* The body as it is stored, even when it is compressed. */
void eros_request_set_raw (ErosRequest *self);
/* Another status than 2xx that is an answer and no error: 308 in a resumable upload. */
void eros_request_set_welcome (ErosRequest *self, guint status);
/* Of the answer that has come last; status 0: none. From when its first bytes are given to the sink. */
guint       eros_request_get_status (ErosRequest *self);
const char *eros_request_get_answer_header (ErosRequest *self, const char *name); /* (nullable) */
/* What may have been done although no answer came must not be sent again: no second attempt after it has left. */
void eros_request_set_once (ErosRequest *self);
/* An attempt that has left is waited for, when it is cancelled for half the connection's patience; the cancellable ends
 * at once only what is before it, and the wait for another. */
void eros_request_set_lasting (ErosRequest *self);
/* Sent as nobody, whatever the connection's sign-in: only whether somebody answers is asked. */
void eros_request_set_anonymous (ErosRequest *self);
/* Whether the server may have heard it: an attempt has been written to a connection. */
gboolean eros_request_get_heard (ErosRequest *self);

#define EROS_TYPE_HTTP (eros_http_get_type ())
G_DECLARE_FINAL_TYPE (ErosHttp, eros_http, EROS, HTTP, GObject)
ErosHttp *eros_http_new (ErosConnection *connection);
/* How long a request is tried again, in milliseconds; by default 20 times the
 * connection's patience (10 minutes), and without end while there is no network. */
void eros_http_set_deadline (ErosHttp *self, guint deadline_ms);
void eros_http_send_async (ErosHttp           *self,
                           ErosRequest        *request,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data);
/* The collected body; empty when there was a sink. */
GBytes *eros_http_send_finish (ErosHttp *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, as JSON: an object, or an error. */
JsonNode *eros_http_json_finish (ErosHttp *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
