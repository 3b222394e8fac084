/* eros-page-private.h: how a page is filled
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-page.h"

G_BEGIN_DECLS

ErosPage *eros_page_new (ErosSchema *schema);
gboolean  eros_page_begin_row (ErosPage *self);
/* The value of the next cell of the row: text is not terminated; NULL: SQL NULL. escaped: has JSON escapes. FALSE: it
 * cannot be a value of the column's type, or there are more cells than columns. */
gboolean eros_page_add_text (ErosPage *self, const char *text, gsize length, gboolean escaped);
/* An array or an object, as JSON. */
gboolean eros_page_add_json (ErosPage *self, const char *text, gsize length);
/* FALSE: there were fewer cells than columns. */
gboolean eros_page_end_row (ErosPage *self);
/* Forgets the cells of a row that is not complete. */
void eros_page_drop_row (ErosPage *self);
/* Bytes that its rows and texts take. */
gsize eros_page_get_size (ErosPage *self);
/* FALSE: some text is not UTF-8. */
gboolean eros_page_seal (ErosPage *self);

G_END_DECLS
