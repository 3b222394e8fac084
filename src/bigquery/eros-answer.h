/* eros-answer.h: a query's whole answer as a list, of which only what is looked at is in memory
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"

G_BEGIN_DECLS

/* One row. Properties, notified: loaded. */
#define EROS_TYPE_ANSWER_ROW (eros_answer_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosAnswerRow, eros_answer_row, EROS, ANSWER_ROW, GObject)
gboolean eros_answer_row_get_loaded (ErosAnswerRow *self);
/* The page that the row is on, and where; NULL until it is loaded. */
ErosPage *eros_answer_row_get_page (ErosAnswerRow *self, guint *row);
/* A cell as text; NULL: SQL NULL, or not loaded yet. (transfer full) */
char *eros_answer_row_dup_text (ErosAnswerRow *self, guint column);

/* A GListModel of ErosAnswerRow. Whatever is asked for and not there is fetched, the last asked for first, and only the
 * last few pages are kept. Properties, notified: error (nullable: what went wrong last; the rows are asked for again
 * when somebody looks at them). */
#define EROS_TYPE_ANSWER (eros_answer_get_type ())
G_DECLARE_FINAL_TYPE (ErosAnswer, eros_answer, EROS, ANSWER, GObject)
/* When the first page is there. A statement without an answer gives an empty list without columns. */
void        eros_answer_open_async (ErosBigQuery       *big_query,
                                    ErosJob            *job,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
ErosAnswer *eros_answer_open_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ErosSchema *eros_answer_get_schema (ErosAnswer *self); /* (nullable) */
const char *eros_answer_get_error (ErosAnswer *self);  /* (nullable) */

G_END_DECLS
