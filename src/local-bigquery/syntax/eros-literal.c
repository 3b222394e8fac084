/* eros-literal.c: what stands between the quotes of a literal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-literal.h"

#include <string.h>

typedef struct
{
  const char *at;
  const char *end;
  GString *out;
  gboolean bytes;
  char *error;
} Unescape;

static void
append_code (Unescape *self, gunichar code)
{
  if (self->bytes)
    g_string_append_c (self->out, (char) code);
  else
    g_string_append_unichar (self->out, code);
}

/* Reads @digits digits of @base after the two characters of the escape, or one digit less after the backslash
 * of an octal one. FALSE when there are fewer. */
static gboolean
read_digits (Unescape *self, guint skip, guint digits, guint base, guint64 *value)
{
  *value = 0;
  for (guint i = 0; i < digits; i++)
    {
      const char *c = self->at + skip + i;
      int digit = c < self->end ? g_ascii_xdigit_value (*c) : -1;

      if (digit < 0 || digit >= (int) base)
        return FALSE;
      *value = *value * base + digit;
    }
  return TRUE;
}

/* What the message quotes: at most @max bytes, and no half characters. */
static char *
seen (Unescape *self, guint max)
{
  const char *end = self->at + MIN ((gsize) max, (gsize) (self->end - self->at));

  while (end < self->end && ((guchar) *end & 0xC0) == 0x80)
    end--;
  return g_strndup (self->at, end - self->at);
}

static guint
unescape_octal (Unescape *self)
{
  guint64 value;

  if (!read_digits (self, 1, 3, 8, &value))
    {
      g_autofree char *text = seen (self, 4);

      self->error = g_strdup_printf ("Octal escape must be followed by 3 octal digits but saw: %s", text);
      return 0;
    }
  append_code (self, value);
  return 4;
}

static guint
unescape_hex (Unescape *self)
{
  guint64 value;

  if (!read_digits (self, 2, 2, 16, &value))
    {
      g_autofree char *text = seen (self, 4);

      self->error = g_strdup_printf ("Hex escape must be followed by 2 hex digits but saw: %s", text);
      return 0;
    }
  append_code (self, value);
  return 4;
}

static guint
unescape_unicode (Unescape *self, guint digits)
{
  char letter = self->at[1];
  guint64 value;
  g_autofree char *text = seen (self, 2 + digits);

  if (self->bytes)
    self->error = g_strdup_printf ("Unicode escape sequence \\%c cannot be used in bytes literals", letter);
  else if (!read_digits (self, 2, digits, 16, &value))
    self->error =
      g_strdup_printf ("\\%c must be followed by %u hex digits but saw: %s", letter, digits, text);
  else if (value > 0x10FFFF)
    self->error = g_strdup_printf ("Value of %s exceeds Unicode limit (0x0010FFFF)", text);
  else if (value >= 0xD800 && value <= 0xDFFF)
    self->error = g_strdup_printf ("Unicode value %s is invalid", text);
  else
    {
      append_code (self, value);
      return 2 + digits;
    }
  return 0;
}

/* Appends what the escape at self->at stands for; returns its length, 0 for an error. */
static guint
unescape_one (Unescape *self)
{
  static const char from[] = "abfnrtv\\?\"'`";
  static const char to[] = "\a\b\f\n\r\t\v\\?\"'`";
  char c = self->at + 1 < self->end ? self->at[1] : '\0';
  const char *simple = c == '\0' ? NULL : strchr (from, c);

  if (simple != NULL)
    {
      g_string_append_c (self->out, to[simple - from]);
      return 2;
    }
  if (c >= '0' && c <= '3')
    return unescape_octal (self);
  if (c == 'x' || c == 'X')
    return unescape_hex (self);
  if (c == 'u')
    return unescape_unicode (self, 4);
  if (c == 'U')
    return unescape_unicode (self, 8);

  {
    gsize length = c == '\0' ? 0 : (gsize) (g_utf8_next_char (self->at + 1) - (self->at + 1));
    g_autofree char *character = g_strndup (self->at + 1, MIN (length, (gsize) (self->end - self->at - 1)));

    self->error = g_strdup_printf ("\\%s", character);
  }
  return 0;
}

/*
 * eros_literal_unescape:
 * @bytes: the text of a bytes literal, in which \x and octal escapes are bytes and not code points
 * @triple: in triple quotes every line end reads as "\n"
 * @error_offset: (out): where in @text the wrong escape stands
 * @error_message: (out): why it is wrong
 *
 * Returns: (nullable): the text in @arena, NUL-terminated, which may hold further NULs
 */
char *
eros_literal_unescape (ErosArena *arena,
                       const char *text,
                       gsize length,
                       gboolean bytes,
                       gboolean triple,
                       gsize *out_length,
                       gsize *error_offset,
                       char **error_message)
{
  g_autoptr (GString) out = g_string_sized_new (length);
  Unescape self = { .at = text, .end = text + length, .out = out, .bytes = bytes };

  while (self.at < self.end)
    {
      guint used = 1;

      if (*self.at == '\\')
        used = unescape_one (&self);
      else if (*self.at == '\r' && triple)
        {
          g_string_append_c (out, '\n');
          used = self.at + 1 < self.end && self.at[1] == '\n' ? 2 : 1;
        }
      else
        g_string_append_c (out, *self.at);

      if (used == 0)
        {
          *error_offset = self.at - text;
          *error_message = g_strdup_printf ("Illegal escape sequence: %s", self.error);
          g_free (self.error);
          return NULL;
        }
      self.at += used;
    }

  *out_length = out->len;
  return eros_arena_strndup (arena, out->str, out->len);
}
