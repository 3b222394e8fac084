/* eros-cast-bytes.c: CAST (… FORMAT …) between STRING and BYTES
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-cast-private.h"

#include <string.h>

#define ALPHABET_32 "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
#define ALPHABET_64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

typedef struct
{
  const char *name;
  guint bits; /* of a digit; 0: characters */
  const char *digits;
  guint group; /* digits are filled up to a multiple of this with "="; 0: the number is filled up in front */
} Encoding;

static const Encoding encodings[] = {
  { "HEX", 4, "0123456789abcdef", 0 },
  { "BASE16", 4, "0123456789abcdef", 0 },
  { "BASE2", 1, "01", 0 },
  { "BASE8", 3, "01234567", 0 },
  { "BASE32", 5, ALPHABET_32, 8 },
  { "BASE64", 6, ALPHABET_64, 4 },
  { "BASE64M", 6, ALPHABET_64, 4 },
  { "ASCII", 0, NULL, 0 },
  { "UTF-8", 0, NULL, 0 },
  { "UTF8", 0, NULL, 0 },
};

static const Encoding *
find_encoding (const char *format, gsize size)
{
  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    if (strlen (encodings[i].name) == size && g_ascii_strncasecmp (encodings[i].name, format, size) == 0)
      return &encodings[i];
  return NULL;
}

/* Bits from the first on; in front of a number whose digits do not divide a byte come zeros. */
static void
encode (const Encoding *encoding, const ErosSqlValue *value, GString *out)
{
  gsize n_digits = (value->size * 8 + encoding->bits - 1) / encoding->bits;
  guint n_bits = encoding->group == 0 ? (guint) (n_digits * encoding->bits - value->size * 8) : 0;
  guint32 buffer = 0;

  for (gsize i = 0; i < value->size; i++)
    {
      buffer = (buffer << 8) | (guchar) value->data[i];
      for (n_bits += 8; n_bits >= encoding->bits; n_bits -= encoding->bits)
        g_string_append_c (
          out, encoding->digits[buffer >> (n_bits - encoding->bits) & ((1u << encoding->bits) - 1)]);
    }
  if (n_bits > 0 && encoding->group > 0)
    g_string_append_c (out,
                       encoding->digits[buffer << (encoding->bits - n_bits) & ((1u << encoding->bits) - 1)]);
  while (encoding->group > 0 && out->len % encoding->group != 0)
    g_string_append_c (out, '=');
}

static int
digit_of (const Encoding *encoding, char c)
{
  const char *found = c == '\0' ? NULL
                                : strchr (encoding->digits, encoding->bits == 4   ? g_ascii_tolower (c)
                                                            : encoding->bits == 5 ? g_ascii_toupper (c)
                                                                                  : c);

  return found == NULL ? -1 : (int) (found - encoding->digits);
}

static gboolean
decode (const Encoding *encoding, const ErosSqlValue *value, GString *out)
{
  gsize n_digits = 0;
  gsize n_padding = 0;
  gsize excess = 0;
  guint32 buffer = 0;
  guint n_bits = 0;

  for (gsize i = 0; i < value->size; i++)
    n_digits += value->data[i] != '=' && !g_ascii_isspace (value->data[i]);
  /* What is in front of the first whole byte: bits to drop, or zeros to add. */
  if (encoding->group == 0)
    {
      excess = n_digits * encoding->bits % 8;
      if (encoding->bits != 3 || n_digits * encoding->bits < 8)
        n_bits = excess == 0 ? 0 : (guint) (8 - excess);
    }
  for (gsize i = 0; i < value->size; i++)
    {
      int digit = digit_of (encoding, value->data[i]);

      if (encoding->group > 0 && g_ascii_isspace (value->data[i]))
        continue;
      if (encoding->group > 0 && value->data[i] == '=')
        {
          n_padding++;
          continue;
        }
      if (digit < 0 || n_padding > 0)
        return FALSE;
      buffer = (buffer << encoding->bits) | (guint32) digit;
      n_bits += encoding->bits;
      if (encoding->bits == 3 && i == 0 && n_digits * 3 >= 8)
        n_bits -= (guint) excess;
      if (n_bits >= 8)
        {
          n_bits -= 8;
          g_string_append_c (out, (char) (buffer >> n_bits));
        }
    }
  return encoding->group == 0 ||
         (n_bits < encoding->bits && (n_padding == 0 || (n_digits + n_padding) % encoding->group == 0));
}

static gboolean
is_ascii (const ErosSqlValue *value)
{
  for (gsize i = 0; i < value->size; i++)
    if ((guchar) value->data[i] >= 0x80)
      return FALSE;
  return TRUE;
}

static gboolean
fail_decoding (GError **error, const char *format, gsize size)
{
  g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE, "Failed to decode invalid %.*s string",
               (int) size, format);
  return FALSE;
}

/* See eros_sql_value_cast_format() */
gboolean
eros_cast_bytes (const ErosSqlValue *value,
                 const ErosSqlType *to,
                 const char *format,
                 gsize format_size,
                 ErosSqlValue *result,
                 GError **error)
{
  const Encoding *encoding = find_encoding (format, format_size);
  g_autoptr (GString) out = g_string_new (NULL);
  gsize size = 0;

  if (encoding == NULL)
    {
      g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE, "Invalid format '%.*s'",
                   (int) format_size, format);
      return FALSE;
    }
  if (encoding->bits == 0)
    {
      if (encoding->name[0] == 'A' ? !is_ascii (value) : !eros_sql_is_utf8 (value->data, value->size))
        return fail_decoding (error, format, format_size);
      g_string_append_len (out, value->data, (gssize) value->size);
    }
  else if (eros_sql_type_is (to, EROS_SQL_STRING))
    encode (encoding, value, out);
  else if (!decode (encoding, value, out))
    return fail_decoding (error, format, format_size);
  size = out->len;
  eros_sql_value_take_data (result, to, g_string_free (g_steal_pointer (&out), FALSE), (gssize) size);
  return TRUE;
}
