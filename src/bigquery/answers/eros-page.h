/* eros-page.h: some rows of an answer, in typed columns, decoded while they arrive
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "eros-schema.h"

G_BEGIN_DECLS

#define EROS_TYPE_PAGE (eros_page_get_type ())
G_DECLARE_FINAL_TYPE (ErosPage, eros_page, EROS, PAGE, GObject)

ErosSchema *eros_page_get_schema (ErosPage *self);
guint       eros_page_get_n_rows (ErosPage *self);
gboolean    eros_page_is_null (ErosPage *self, guint row, guint column);
gint64      eros_page_get_int64 (ErosPage *self, guint row, guint column);  /* INT64, BOOL, TIMESTAMP (µs) */
double      eros_page_get_double (ErosPage *self, guint row, guint column); /* FLOAT64, INT64 */
/* Text columns; for ARRAY and STRUCT their JSON as it came. NULL: SQL NULL, or a column that is not text. */
const char *eros_page_get_text (ErosPage *self, guint row, guint column);
/* An ARRAY's elements, each a row: of one column, or of a STRUCT's fields; a STRUCT as a page of one row. (transfer
 * full); NULL without an error: SQL NULL, or a column that is neither. */
ErosPage *eros_page_dup_nested (ErosPage *self, guint row, guint column, GError **error);
/* Any column as text: 12, 0.5, true, 2025-10-31 14:30:00.123456 UTC. NULL: SQL NULL. */
char *eros_page_dup_text (ErosPage *self, guint row, guint column);
/* A row as column name → text; SQL NULL is a NULL value. (transfer full) */
GHashTable *eros_page_dup_row (ErosPage *self, guint row);

/* Takes the body of a getQueryResults or tabledata.list answer piece by piece. Everything but the rows comes out as a
 * small JSON object, the rows as a page; no tree is ever made of them. */
typedef struct _ErosPageDecoder ErosPageDecoder;
ErosPageDecoder                *eros_page_decoder_new (ErosSchema *schema); /* (nullable): of the pages before */
void                            eros_page_decoder_free (ErosPageDecoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosPageDecoder, eros_page_decoder_free)
void     eros_page_decoder_reset (ErosPageDecoder *self);
gboolean eros_page_decoder_push (ErosPageDecoder *self, const char *data, gsize length, GError **error);
/* page: (out) (transfer full); head: (out) (transfer full): the answer without its rows */
gboolean eros_page_decoder_finish (ErosPageDecoder *self, ErosPage **page, JsonNode **head, GError **error);

G_END_DECLS
