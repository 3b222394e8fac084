/* eros-call.h: one HTTP request on its way through a handler
 *
 * A handler runs on a thread of its own, may wait, and answers exactly once: with eros_call_reply*() or
 * eros_call_fail*().
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "eros-json-writer.h"
#include "eros-store.h"

G_BEGIN_DECLS

typedef struct _ErosService ErosService;

typedef struct
{
  ErosService        *service;
  SoupServerMessage  *message; /* the main thread's, paused; NULL for a part of a batch */
  SoupMessageHeaders *request_headers;
  char               *query_text; /* undecoded; NULL: none */
  char               *method;
  char               *path;
  GHashTable         *params; /* of the path */
  GHashTable         *query;
  GBytes             *body;
  const char         *schema; /* of the body; NULL: any */
  const char         *user_email;
  gint64              received;
  char               *job_id;

  guint          status; /* 0: not answered yet */
  GString       *text;
  GBytes        *bytes; /* instead of text */
  char          *content_type;
  char          *etag;    /* of what is answered; NULL: it has none */
  GPtrArray     *headers; /* name, value, name, value … */
  ErosJsonWriter writer;
  JsonNode      *json;
} ErosCall;

typedef void (*ErosHandler) (ErosCall *call);

ErosCall *eros_call_new (ErosService *service, SoupServerMessage *message);
ErosCall *eros_call_new_part (ErosCall           *whole,
                              const char         *method,
                              const char         *uri,
                              SoupMessageHeaders *headers,
                              GBytes             *body);
void      eros_call_free (ErosCall *call);

const char *eros_call_param (ErosCall *call, const char *name);
const char *eros_call_query (ErosCall *call, const char *name);
gboolean    eros_call_query_int (ErosCall *call, const char *name, gint64 fallback, gint64 *value);
gboolean    eros_call_query_bool (ErosCall *call, const char *name);
GStrv       eros_call_query_all (ErosCall *call, const char *name) G_GNUC_WARN_UNUSED_RESULT;
const char *eros_call_header (ErosCall *call, const char *name);
JsonObject *eros_call_body (ErosCall *call);
gboolean    eros_call_check_members (ErosCall *call, JsonObject *body);

ErosJsonWriter *eros_call_reply (ErosCall *call);
void            eros_call_reply_nothing (ErosCall *call);
void            eros_call_reply_bytes (ErosCall *call, guint status, const char *content_type, GBytes *bytes);
void            eros_call_add_header (ErosCall *call, const char *name, const char *value);
void            eros_call_set_etag (ErosCall *call, const char *etag);
void eros_call_fail (ErosCall *call, guint status, const char *reason, const char *format, ...) G_GNUC_PRINTF (4, 5);
void eros_call_fail_error (ErosCall *call, const GError *error);

/* What went wrong, in BigQuery's words: also used for jobs, whose errors come in answers of status 200. */
typedef struct
{
  guint       status;
  const char *reason;
} ErosReason;

ErosReason eros_reason_of (const GError *error);

/* A GError that says its own reason. */
#define EROS_SERVICE_ERROR (eros_service_error_quark ())
typedef enum
{
  EROS_SERVICE_ERROR_INVALID,         /* 400 invalid */
  EROS_SERVICE_ERROR_REQUIRED,        /* 400 required */
  EROS_SERVICE_ERROR_PARSE,           /* 400 parseError */
  EROS_SERVICE_ERROR_UNAUTHENTICATED, /* 401 authError */
  EROS_SERVICE_ERROR_ACCESS_DENIED,   /* 403 accessDenied */
  EROS_SERVICE_ERROR_NOT_FOUND,       /* 404 notFound */
  EROS_SERVICE_ERROR_DUPLICATE,       /* 409 duplicate */
  EROS_SERVICE_ERROR_CONDITION,       /* 412 conditionNotMet */
  EROS_SERVICE_ERROR_TOO_LARGE,       /* 413 uploadTooLarge */
  EROS_SERVICE_ERROR_STOPPED,         /* jobs only: 499 stopped */
  EROS_SERVICE_ERROR_TIMEOUT,         /* jobs only: 400 stopped, by jobTimeoutMs */
  EROS_SERVICE_ERROR_BYTES_BILLED,    /* 400 bytesBilledLimitExceeded */
  EROS_SERVICE_ERROR_NOT_IMPLEMENTED, /* 501 notImplemented */
  EROS_SERVICE_ERROR_INTERNAL,        /* 500 internalError */
} ErosServiceError;

GQuark eros_service_error_quark (void);

/* JSON depth is limited before parsing, since the parser recurses. */
JsonNode *eros_json_parse (const char *data, gsize size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
