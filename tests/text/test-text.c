/* test-text.c: what nobody would see is shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-text.h"

#include <string.h>

static void
test_hidden (void)
{
  static const gunichar hidden[] = {
    0x01,   0x07,   0x08,   0x0b,   0x0c,   0x0d,   0x1b,   0x7f,   0x80,   0x85,   0x9b,   0x9f,   0xad,
    0x34f,  0x61c,  0x115f, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b,
    0x202c, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0x206a, 0x3164, 0xfeff, 0xfff9, 0xe0041,
  };

  for (guint i = 0; i < G_N_ELEMENTS (hidden); i++)
    {
      char raw[8] = "";
      g_autofree char *text = NULL;
      g_autofree char *shown = NULL;
      g_autofree char *lines = NULL;
      g_autofree char *expected = g_strdup_printf ("a‹U+%04X›b", hidden[i]);

      g_unichar_to_utf8 (hidden[i], raw);
      text = g_strdup_printf ("a%sb", raw);
      shown = eros_text_show_line (text);
      lines = eros_text_show (text);
      g_assert_cmpstr (shown, ==, expected);
      g_assert_cmpstr (lines, ==, expected);
    }
}

static void
test_shown (void)
{
  static const char *const texts[] = { "",
                                       "Ada Lovelace <ada@example.com>",
                                       "größer — “ja” ✔️ 😀",
                                       "שלום",
                                       "مرحبا",
                                       "日本語 한국어",
                                       "e\xcc\x81",
                                       "\xc2\xa0",
                                       "‹U+202E›" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *line = eros_text_show_line (texts[i]);
      g_autofree char *lines = eros_text_show (texts[i]);

      g_assert_cmpstr (line, ==, texts[i]);
      g_assert_cmpstr (lines, ==, texts[i]);
    }
}

static void
test_lines (void)
{
  g_autofree char *lines = eros_text_show ("one\r\n\ttwo\nthree\rfour");
  g_autofree char *line = eros_text_show_line ("one\r\n\ttwo");

  g_assert_cmpstr (lines, ==, "one\n\ttwo\nthree‹U+000D›four");
  g_assert_cmpstr (line, ==, "one‹U+000D›‹U+000A›‹U+0009›two");
}

static void
test_no_utf8 (void)
{
  static const char *const pairs[][2] = { { "a\xff", "a‹0xFF›" },
                                          { "\xed\xa0\x80", "‹0xED›‹0xA0›‹0x80›" },
                                          { "\xc0\xaf", "‹0xC0›‹0xAF›" },
                                          { "\xe2\x80", "‹0xE2›‹0x80›" } };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *shown = eros_text_show_line (pairs[i][0]);

      g_assert_cmpstr (shown, ==, pairs[i][1]);
    }
}

/* What the program says itself stays as it is; what it is told is one line, whatever it says. */
static void
test_format (void)
{
  const char *name = "Ada\n✔ signed by Bob\x1b]0;t\a";
  g_autofree char *text = eros_text_format ("✔ %s, %5d%% of %-4s|%*s|%.2f %" G_GUINT64_FORMAT "\n  %c\n",
                                            name, 7, "x", 3, "", 1.5, (guint64) 9, 'z');
  g_autofree char *turned = eros_text_format ("%2$s-%1$s\n", "one\n", "two");
  g_autofree char *nested = eros_text_format ("%s%s", "%s\n", "%n");

  g_assert_cmpstr (text, ==,
                   "✔ Ada‹U+000A›✔ signed by Bob‹U+001B›]0;t‹U+0007›,     7% of x   |   |1.50 9\n  z\n");
  g_assert_cmpstr (turned, ==, "two-one‹U+000A›\n");
  g_assert_cmpstr (nested, ==, "%s‹U+000A›%n");
}

static void
test_json (void)
{
  g_autofree char *json = eros_text_show_json ("{\n  \"a\" : \"\u202e\\n\x7f\U000e0041é\"\n}");

  g_assert_cmpstr (json, ==, "{\n  \"a\" : \"\\u202e\\n\\u007f\\udb40\\udc41é\"\n}");
}

static void
test_line (void)
{
  static const char *const lines[] = { "a", "Ada <ada@example.com>", "علی\u200cرضا" };
  static const char *const others[] = { "",      "a\nb",      "a\rb",     "a\tb",     "a\x1b",
                                        "a\x7f", "a\xc2\x85", "a\u2028b", "a\u2029b", "\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_true (eros_text_is_line (lines[i]));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (eros_text_is_line (others[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/what-nobody-would-see-is-shown", test_hidden);
  g_test_add_func ("/text/what-shows-stays", test_shown);
  g_test_add_func ("/text/lines-stay-where-there-may-be-some", test_lines);
  g_test_add_func ("/text/bytes-that-are-no-text-are-shown", test_no_utf8);
  g_test_add_func ("/text/an-argument-makes-no-line-of-its-own", test_format);
  g_test_add_func ("/text/json-stays-json", test_json);
  g_test_add_func ("/text/a-line-is-one", test_line);
  return g_test_run ();
}
