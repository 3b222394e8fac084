/* eros-text.h: text that comes from elsewhere, and what of it nobody would see
 *
 * Names, notes, messages and certificates are data: a control character in them must not move the cursor, and a
 * bidirectional one not turn the words around. Whatever shows such a text shows what this makes of it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdarg.h>
#include <glib.h>

G_BEGIN_DECLS

/* Whether it is one line of UTF-8, not empty: without control characters and what separates lines. */
gboolean eros_text_is_line (const char *text);

/* (transfer full): one line; what would not show, line breaks too, as ‹U+202E›, what is no UTF-8 as ‹0xFF› */
char *eros_text_show_line (const char *text);
/* (transfer full): the same, but lines stay lines, and tabs stay */
char *eros_text_show (const char *text);

/* printf () whose arguments come from elsewhere: each is shown as one line; the format stays as it is. */
char *eros_text_vformat (const char *format, va_list arguments) G_GNUC_PRINTF (1, 0);
char *eros_text_format (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* (transfer full): the same JSON, in which what would not show is escaped: \u202e */
char *eros_text_show_json (const char *json);

G_END_DECLS
