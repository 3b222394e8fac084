/* eros-schema.h: columns as the REST API writes them, and rows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-json-writer.h"
#include "eros-sql-value.h"
#include "eros-store-job.h"

G_BEGIN_DECLS

void       eros_schema_write (GPtrArray *columns, ErosJsonWriter *writer);
GPtrArray *eros_schema_read (JsonObject *schema, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A value that came as JSON: a row of insertAll, a line of a load job. */
gboolean eros_schema_read_value (JsonNode *node, const ErosStoreColumn *column, ErosSqlValue *value, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

gboolean eros_schema_read_text (const ErosSqlType *type, char *text, ErosSqlValue *value, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* One page of rows as `rows`. */
typedef struct
{
  ErosJsonWriter  *writer;
  ErosSqlRestFlags flags;
  gint64           first;
  gint64           max_rows;  /* 0: as many as fit */
  gint64           n_written; /* filled in */
} ErosPage;

gboolean eros_page_write_row (const ErosSqlValue *values, guint n_values, gpointer page);
gboolean eros_page_write_result (ErosPage *page, ErosStoreResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

char    *eros_page_token (gint64 first);
gboolean eros_page_parse_token (const char *token, gint64 *first);
char    *eros_page_job_token (const ErosStoreJob *job);
gboolean eros_page_parse_job_token (const char *token, gint64 *created, char **id);

G_END_DECLS
