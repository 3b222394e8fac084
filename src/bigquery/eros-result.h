/* eros-result.h: a query's whole answer as a list, of which only what is looked at is in memory
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"

G_BEGIN_DECLS

/* One row. Properties, notified: loaded. */
#define EROS_TYPE_RESULT_ROW (eros_result_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosResultRow, eros_result_row, EROS, RESULT_ROW, GObject)
gboolean  eros_result_row_get_loaded (ErosResultRow *self);
/* The page that the row is on, and where; NULL until it is loaded. */
ErosPage *eros_result_row_get_page   (ErosResultRow *self, guint *row);
/* A cell as text; NULL: SQL NULL, or not loaded yet. (transfer full) */
char     *eros_result_row_dup_text   (ErosResultRow *self, guint column);

/* A GListModel of ErosResultRow. Whatever is asked for and not there is fetched, the last asked for first, and only the
 * last few pages are kept. Properties, notified: error (nullable: what went wrong last; the rows are asked for again when
 * somebody looks at them). */
#define EROS_TYPE_RESULT (eros_result_get_type ())
G_DECLARE_FINAL_TYPE (ErosResult, eros_result, EROS, RESULT, GObject)
/* When the first page is there. A statement without an answer gives an empty list without columns. */
void        eros_result_open_async  (ErosBigQuery *big_query, ErosJob *job, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
ErosResult *eros_result_open_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ErosSchema *eros_result_get_schema  (ErosResult *self); /* (nullable) */
const char *eros_result_get_error   (ErosResult *self); /* (nullable) */

G_END_DECLS
