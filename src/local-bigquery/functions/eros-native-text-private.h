/* eros-native-text-private.h: STRING and BYTES as pieces of text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-native-private.h"

G_BEGIN_DECLS

/* A STRING's characters are code points, a BYTES' are bytes. SQLite knows which of the two a value is. */
typedef struct
{
  const char *data;
  gsize       size;
  gboolean    bytes;
} ErosText;

static inline ErosText
eros_arg_text (sqlite3_value *value)
{
  ErosText text = { NULL, 0, sqlite3_value_type (value) == SQLITE_BLOB };

  text.data = eros_arg_data (value, &text.size);
  return text;
}

static inline gsize
eros_char_size (guchar first)
{
  return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static inline gboolean
eros_is_char_start (char c)
{
  return ((guchar) c & 0xc0) != 0x80;
}

gint64      eros_text_length (ErosText text);
gsize       eros_text_offset (ErosText text, gint64 n_chars);
gunichar    eros_text_next (const char **next, const char *end);
const char *eros_text_find (const char *data, gsize size, const char *needle, gsize needle_size);
void        eros_result_like (sqlite3_context *context, ErosText like, const char *data, gsize size);
void        eros_result_take_like (sqlite3_context *context, ErosText like, GString *text);

G_END_DECLS
