/* eros-text.c: text that comes from elsewhere, and what of it nobody would see
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-text.h"

#include <string.h>

/* Default_Ignorable_Code_Point of the Unicode Character Database that is no control or format character, but
 * for the variation selectors of emoji: letters and marks without a shape or a width. */
static gboolean
has_no_shape (gunichar c)
{
  static const gunichar ranges[][2] = {
    { 0x034f, 0x034f }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 },   { 0x180b, 0x180f },
    { 0x3164, 0x3164 }, { 0xffa0, 0xffa0 }, { 0xe0000, 0xe0fff },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (c >= ranges[i][0] && c <= ranges[i][1])
      return TRUE;
  return FALSE;
}

/* Format characters may be part of a name (a Persian one has zero-width non-joiners): they are shown, not
 * refused. */
static gboolean
breaks_line (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
         type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* Controls (C0, DEL, C1), formats (bidirectional, zero-width, tags), the separators of lines and paragraphs.
 */
static gboolean
is_hidden (gunichar c)
{
  return breaks_line (c) || g_unichar_type (c) == G_UNICODE_FORMAT || has_no_shape (c);
}

gboolean
eros_text_is_line (const char *text)
{
  if (*text == '\0' || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (breaks_line (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

typedef void (*Show) (GString *out, gunichar c);

static void
show_code (GString *out, gunichar c)
{
  g_string_append_printf (out, "‹U+%04X›", c);
}

static void
show_escape (GString *out, gunichar c)
{
  if (c < 0x10000)
    g_string_append_printf (out, "\\u%04x", c);
  else
    g_string_append_printf (out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10), 0xdc00 + (c & 0x3ff));
}

/* STAYS: the characters that are left alone although they are hidden. */
static void
append_shown (GString *out, const char *text, gsize length, const char *stays, Show show)
{
  const char *end = text + length;

  for (const char *at = text; at < end;)
    {
      gunichar c = g_utf8_get_char_validated (at, end - at);

      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append_printf (out, "‹0x%02X›", (guchar) *at++);
          continue;
        }
      if (is_hidden (c) && (c >= 0x80 || c == 0 || strchr (stays, (int) c) == NULL))
        show (out, c);
      else
        g_string_append_unichar (out, c);
      at = g_utf8_next_char (at);
    }
}

static char *
show_all (const char *text, const char *stays, Show show)
{
  GString *out = g_string_sized_new (strlen (text));

  append_shown (out, text, strlen (text), stays, show);
  return g_string_free (out, FALSE);
}

char *
eros_text_show_line (const char *text)
{
  return show_all (text, "", show_code);
}

char *
eros_text_show (const char *text)
{
  /* Lines that end as on Windows are lines. */
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  g_autofree char *joined = g_strjoinv ("\n", lines);

  return show_all (joined, "\n\t", show_code);
}

char *
eros_text_show_json (const char *json)
{
  /* Between its values only; inside a string JSON has these escaped already. */
  return show_all (json, "\n\r\t", show_escape);
}

/* What stands before and after each argument: no argument can have it, since nobody else knows it. */
static const char *
get_fence (void)
{
  static char fence[24];
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      g_snprintf (fence, sizeof fence, "\x01%08x%08x\x01", g_random_int (), g_random_int ());
      g_once_init_leave (&done, 1);
    }
  return fence;
}

/* Puts a fence on both sides of every conversion of a printf () format. */
static char *
fence_arguments (const char *format)
{
  GString *out = g_string_new (NULL);
  const char *fence = get_fence ();

  for (const char *at = format; *at != '\0';)
    {
      gsize plain = strcspn (at, "%");
      gsize conversion;

      g_string_append_len (out, at, (gssize) plain);
      at += plain;
      if (*at == '\0')
        break;
      /* Flags, width, precision and length, then the letter. */
      conversion = 1 + strspn (at + 1, "0123456789$-+ #'*.hlLjztq");
      conversion += at[conversion] != '\0';
      if (at[conversion - 1] == '%')
        g_string_append_len (out, at, (gssize) conversion);
      else
        g_string_append_printf (out, "%s%.*s%s", fence, (int) conversion, at, fence);
      at += conversion;
    }
  return g_string_free (out, FALSE);
}

char *
eros_text_vformat (const char *format, va_list arguments)
{
  g_autofree char *fenced = fence_arguments (format);
  g_autofree char *filled = g_strdup_vprintf (fenced, arguments);
  g_auto (GStrv) parts = g_strsplit (filled, get_fence (), -1);
  GString *out = g_string_new (NULL);

  /* By turns: of the format, and an argument. */
  for (guint i = 0; parts[i] != NULL; i++)
    if (i % 2 == 0)
      g_string_append (out, parts[i]);
    else
      append_shown (out, parts[i], strlen (parts[i]), "", show_code);
  return g_string_free (out, FALSE);
}

char *
eros_text_format (const char *format, ...)
{
  va_list arguments;
  char *text;

  va_start (arguments, format);
  text = eros_text_vformat (format, arguments);
  va_end (arguments);
  return text;
}
