/* eros-big-query-private.h: what the parts of the client share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"
#include "eros-locator.h"
#include "eros-page-private.h"

G_BEGIN_DECLS

struct _ErosBigQuery
{
  GObject parent_instance;

  ErosConnection *connection;
  ErosHttp       *http;
  ErosLocator    *locator;
};

const char *eros_big_query_project (ErosBigQuery *self);
/* location: (nullable); max_rows: 0: as many as the server likes */
ErosRequest *eros_big_query_job_request (ErosBigQuery *self, const char *job_id, const char *location);
ErosRequest *eros_big_query_answer_request (ErosBigQuery *self,
                                            const char   *job_id,
                                            const char   *location,
                                            guint         max_rows);

/* A page of rows while it arrives. */
typedef struct
{
  ErosPageDecoder *decoder;
  char            *next_token;
  guint64          total_rows;
} ErosBigQueryReading;
void     eros_reading_free (ErosBigQueryReading *reading);
gboolean eros_reading_push_cb (const char *data, gsize length, gpointer user_data, GError **error);
void     eros_reading_reset_cb (gpointer user_data);
gboolean eros_reading_finish (ErosBigQueryReading *reading, ErosPage **page, JsonNode **head, GError **error);

G_END_DECLS
