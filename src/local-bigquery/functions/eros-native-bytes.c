/* eros-native-bytes.c: BYTES as text and back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-text-private.h"

static void
to_hex (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText bytes = eros_arg_text (values[0]);
  GString *out = g_string_sized_new (2 * bytes.size);

  for (gsize i = 0; i < bytes.size; i++)
    g_string_append_printf (out, "%02x", (guchar) bytes.data[i]);
  eros_result_take_text (context, out);
}

/* An odd first digit stands alone. */
static void
from_hex (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  g_autoptr (GString) out = g_string_sized_new (text.size / 2 + 1);
  int byte = 0;

  for (gsize i = 0; i < text.size; i++)
    {
      int digit = g_ascii_xdigit_value (text.data[i]);

      if (digit < 0)
        {
          eros_native_fail (
            context,
            "Failed to decode invalid hexadecimal string due to character at offset %" G_GSIZE_FORMAT
            ": %.*s",
            i, (int) text.size, text.data);
          return;
        }
      byte = byte * 16 + digit;
      if ((text.size - i) % 2 == 1)
        {
          g_string_append_c (out, (char) byte);
          byte = 0;
        }
    }
  eros_result_take_blob (context, g_steal_pointer (&out));
}

static void
to_base64 (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText bytes = eros_arg_text (values[0]);
  g_autofree char *text = g_base64_encode ((const guchar *) bytes.data, bytes.size);

  eros_result_text (context, text, strlen (text));
}

static int
base64_digit (char c)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const char *found = c == '\0' ? NULL : strchr (digits, c);

  return found == NULL ? -1 : (int) (found - digits);
}

static int
base32_digit (char c)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const char *found = c == '\0' ? NULL : strchr (digits, g_ascii_toupper (c));

  return found == NULL ? -1 : (int) (found - digits);
}

/* Digits of @bits bits each, space anywhere, padding at the end. */
static GString *
decode (ErosText text, guint bits, int (*digit_of) (char c))
{
  g_autoptr (GString) out = g_string_sized_new (text.size);
  guint32 buffer = 0;
  guint n_bits = 0;
  gsize n_digits = 0;
  gsize n_padding = 0;
  gsize group = bits == 6 ? 4 : 8;

  for (gsize i = 0; i < text.size; i++)
    {
      int digit = digit_of (text.data[i]);

      if (g_ascii_isspace (text.data[i]))
        continue;
      if (text.data[i] == '=')
        n_padding++;
      else if (digit < 0 || n_padding > 0)
        return NULL;
      else
        {
          n_digits++;
          buffer = (buffer << bits) | (guint32) digit;
          n_bits += bits;
          if (n_bits >= 8)
            {
              n_bits -= 8;
              g_string_append_c (out, (char) (buffer >> n_bits));
              buffer &= (1u << n_bits) - 1;
            }
        }
    }
  if (n_bits >= bits || (n_padding > 0 && (n_digits + n_padding) % group != 0))
    return NULL;
  return g_steal_pointer (&out);
}

static void
from_base64 (sqlite3_context *context, int n, sqlite3_value **values)
{
  GString *bytes = decode (eros_arg_text (values[0]), 6, base64_digit);

  if (bytes != NULL)
    eros_result_take_blob (context, bytes);
  else
    eros_native_fail (context, "Failed to decode invalid base64 string");
}

static void
from_base32 (sqlite3_context *context, int n, sqlite3_value **values)
{
  GString *bytes = decode (eros_arg_text (values[0]), 5, base32_digit);

  if (bytes != NULL)
    eros_result_take_blob (context, bytes);
  else
    eros_native_fail (context, "Failed to decode invalid base32 string");
}

static void
to_base32 (sqlite3_context *context, int n, sqlite3_value **values)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  ErosText bytes = eros_arg_text (values[0]);
  GString *out = g_string_sized_new (bytes.size * 2);
  guint32 buffer = 0;
  guint n_bits = 0;

  for (gsize i = 0; i < bytes.size; i++)
    {
      buffer = (buffer << 8) | (guchar) bytes.data[i];
      for (n_bits += 8; n_bits >= 5; n_bits -= 5)
        g_string_append_c (out, digits[buffer >> (n_bits - 5) & 31]);
    }
  if (n_bits > 0)
    g_string_append_c (out, digits[buffer << (5 - n_bits) & 31]);
  while (out->len % 8 != 0)
    g_string_append_c (out, '=');
  eros_result_take_text (context, out);
}

/* Each byte that is part of no character becomes U+FFFD. */
static void
safe_convert (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText bytes = eros_arg_text (values[0]);
  const char *next = bytes.data;
  const char *end = bytes.data + bytes.size;
  GString *out = g_string_sized_new (bytes.size);

  while (next < end)
    {
      const char *valid_end = NULL;

      g_utf8_validate_len (next, (gsize) (end - next), &valid_end);
      g_string_append_len (out, next, valid_end - next);
      next = valid_end;
      if (next == end)
        break;
      if (*next == '\0')
        g_string_append_c (out, '\0');
      else
        g_string_append (out, "\xef\xbf\xbd");
      next++;
    }
  eros_result_take_text (context, out);
}

const ErosNative eros_native_bytes[] = {
  { "TO_HEX", "(BYTES) -> STRING", "bq_to_hex", NULLS_STRICT, to_hex, NULL },
  { "FROM_HEX", "(STRING) -> BYTES", "bq_from_hex", STRICT_FAIL, from_hex, NULL },
  { "TO_BASE64", "(BYTES) -> STRING", "bq_to_base64", NULLS_STRICT, to_base64, NULL },
  { "FROM_BASE64", "(STRING) -> BYTES", "bq_from_base64", STRICT_FAIL, from_base64, NULL },
  { "TO_BASE32", "(BYTES) -> STRING", "bq_to_base32", NULLS_STRICT, to_base32, NULL },
  { "FROM_BASE32", "(STRING) -> BYTES", "bq_from_base32", STRICT_FAIL, from_base32, NULL },
  { "SAFE_CONVERT_BYTES_TO_STRING", "(BYTES) -> STRING", "bq_safe_convert_bytes_to_string", NULLS_STRICT,
    safe_convert, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
