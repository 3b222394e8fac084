/* eros-big-query.h: BigQuery's jobs, answers and resources
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query-error.h"
#include "eros-connection.h"
#include "eros-http.h"
#include "eros-job.h"
#include "eros-page.h"

G_BEGIN_DECLS

/* A job before it is sent. Its id is the caller's, who has written it down before this is run: BigQuery refuses a
 * second job of the same id, so that running it again after a crash or a lost answer finds the first one instead. */
#define EROS_TYPE_JOB_REQUEST (eros_job_request_get_type ())
G_DECLARE_FINAL_TYPE (ErosJobRequest, eros_job_request, EROS, JOB_REQUEST, GObject)
char *eros_job_request_make_id (
  const char *prefix); /* (transfer full): letters, digits, _ and -: never the same twice */
ErosJobRequest *eros_job_request_new_query (const char *job_id, const char *sql);
/* configuration: {"copy": {…}}, {"extract": {…}}, {"load": {…}} (transfer none) */
ErosJobRequest *eros_job_request_new (const char *job_id, JsonObject *configuration);
const char     *eros_job_request_get_id (ErosJobRequest *self);
void eros_job_request_add_parameter (ErosJobRequest *self, const char *name, const char *type, const char *value);
void eros_job_request_add_label (ErosJobRequest *self, const char *key, const char *value); /* made well-formed */
void eros_job_request_set_timeout (ErosJobRequest *self, gint64 timeout_ms);                /* 0: the connection's */
void eros_job_request_set_use_cache (ErosJobRequest *self, gboolean use_cache);             /* TRUE by default */
void eros_job_request_set_dry_run (ErosJobRequest *self, gboolean dry_run);
/* An earlier attempt has sent it, and nobody knows what became of it. */
void eros_job_request_set_sent_before (ErosJobRequest *self);
void eros_job_request_set_retry (ErosJobRequest *self, ErosHttpRetry retry, gpointer user_data);

#define EROS_TYPE_BIG_QUERY (eros_big_query_get_type ())
G_DECLARE_FINAL_TYPE (ErosBigQuery, eros_big_query, EROS, BIG_QUERY, GObject)
ErosBigQuery   *eros_big_query_new (ErosConnection *connection);
ErosConnection *eros_big_query_get_connection (ErosBigQuery *self);
ErosHttp       *eros_big_query_get_http (ErosBigQuery *self);

/* Sends the job, unless the server has it already, and waits until it is done. A job that failed is returned, too: see
 * eros_job_dup_error (). Cancelling asks the server to stop it and waits for that; the error is then
 * G_IO_ERROR_CANCELLED, or the job is returned when it was faster. */
void     eros_big_query_run_async (ErosBigQuery       *self,
                                   ErosJobRequest     *request,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
ErosJob *eros_big_query_run_finish (ErosBigQuery *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* For what only reads and need not be on record: runs a query and reads the first page of its answer in one request. A
 * job that failed is an error. Returns: (nullable): as eros_big_query_read_page_finish (). */
void      eros_big_query_query_async (ErosBigQuery       *self,
                                      ErosJobRequest     *request,
                                      guint               max_rows,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
ErosPage *eros_big_query_query_finish (ErosBigQuery *self,
                                       GAsyncResult *result,
                                       char        **next_token,
                                       guint64      *total_rows,
                                       GError      **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes eros_connection_get_location () known; every job does so by itself. */
void     eros_big_query_locate_async (ErosBigQuery       *self,
                                      ErosHttpRetry       retry,
                                      gpointer            retry_data,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
gboolean eros_big_query_locate_finish (ErosBigQuery *self,
                                       GAsyncResult *result,
                                       GError      **error) G_GNUC_WARN_UNUSED_RESULT;
/* As it is now; location NULL: where jobs run; EROS_BIG_QUERY_ERROR_NOT_FOUND: the server never got it. */
void     eros_big_query_get_job_async (ErosBigQuery       *self,
                                       const char         *job_id,
                                       const char         *location,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
ErosJob *eros_big_query_get_job_finish (ErosBigQuery *self,
                                        GAsyncResult *result,
                                        GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* The jobs of a script's statements, in the order in which they ran; of very many, the last ones.
 * Returns: (transfer full) (element-type ErosJob) */
void       eros_big_query_list_children_async (ErosBigQuery       *self,
                                               const char         *script_id,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
GPtrArray *eros_big_query_list_children_finish (ErosBigQuery *self,
                                                GAsyncResult *result,
                                                GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* One page of a finished query's answer. token: (nullable): of the page before; schema: (nullable): likewise. */
void eros_big_query_read_page_async (ErosBigQuery       *self,
                                     ErosJob            *job,
                                     const char         *token,
                                     ErosSchema         *schema,
                                     guint               max_rows,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
/* The same, from a row on (the first is 0) and not from a token on. */
void eros_big_query_read_rows_async (ErosBigQuery       *self,
                                     ErosJob            *job,
                                     guint64             start,
                                     ErosSchema         *schema,
                                     guint               max_rows,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
/* Of both. next_token: (out) (nullable): NULL after the last page; total_rows: (out) (optional). Returns: (nullable):
 * NULL without an error when the statement has no answer (DDL). */
ErosPage *eros_big_query_read_page_finish (ErosBigQuery *self,
                                           GAsyncResult *result,
                                           char        **next_token,
                                           guint64      *total_rows,
                                           GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* Resources as JSON. Paths are below the project: "datasets/%s/tables/%s". */
void      eros_big_query_get_async (ErosBigQuery       *self,
                                    ErosRequest        *request,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
JsonNode *eros_big_query_get_finish (ErosBigQuery *self,
                                     GAsyncResult *result,
                                     GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
