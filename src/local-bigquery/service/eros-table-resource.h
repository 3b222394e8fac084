/* eros-table-resource.h: tables as the REST API writes them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-call.h"
#include "eros-sql-value.h"

G_BEGIN_DECLS

void        eros_table_write (ErosCall             *call,
                              ErosStoreTable       *table,
                              const ErosStoreStats *stats,
                              const char           *location,
                              ErosJsonWriter       *writer);
void        eros_table_write_place (ErosStoreTable *table, const char *name, ErosJsonWriter *writer);
void        eros_table_write_listed (ErosStoreTable *table, ErosJsonWriter *writer);
const char *eros_table_kind_name (ErosStoreTableKind kind);

/* Takes over what @body says, but for the schema; with @replace, what it does not say goes away. */
gboolean eros_table_take (ErosStoreTable *table, JsonObject *body, gboolean replace, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* The schema of a table that exists may only grow and get laxer. */
gboolean eros_table_change_schema (ErosStoreTable *table, JsonObject *schema, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_table_take_layout (ErosStoreTable *table, JsonObject *body, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @patch with what it leaves out of the nested objects that @table has */
JsonObject *eros_table_complete (ErosStoreTable *table, JsonObject *patch) G_GNUC_WARN_UNUSED_RESULT;
gboolean    eros_table_check_layout (ErosStoreTable *table, GError **error) G_GNUC_WARN_UNUSED_RESULT;

JsonObject *eros_call_table_body (ErosCall *call);
gboolean    eros_call_check_etag (ErosCall *call, const char *etag);
void        eros_labels_take (JsonObject *body, gboolean replace, GHashTable *labels);

/* Inserts rows one by one. */
typedef struct
{
  ErosStoreTable *table;
  sqlite3_stmt   *statement;
} ErosRowWriter;

gboolean eros_row_writer_init (ErosRowWriter       *writer,
                               ErosStoreConnection *connection,
                               ErosStoreTable      *table,
                               GCancellable        *cancellable,
                               GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_row_writer_add (ErosRowWriter *writer, ErosSqlValue *values, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void     eros_row_writer_clear (ErosRowWriter *writer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ErosRowWriter, eros_row_writer_clear)

G_END_DECLS
