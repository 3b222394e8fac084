/* fuzz-syntax.c: the parser against any bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * With EROS_FUZZING defined, a libFuzzer target. Otherwise a program that reads the files it is given, so
 * that what a fuzzer has found stays tested.
 */
#include <stdint.h>
#include "eros-syntax.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check (ErosScript *script, const GError *error)
{
  if (script == NULL)
    {
      g_assert_nonnull (error);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
  else
    {
      g_assert_null (error);
      for (guint i = 0; i < eros_script_get_statements (script)->length; i++)
        {
          const ErosAstSpan *span = &eros_script_get_statements (script)->items[i]->span;

          g_assert_cmpuint (span->start, <=, span->end);
        }
      eros_script_unref (script);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *text = (const char *) data;
  ErosScript *script;

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GError) error = NULL;

      script = i == 0   ? eros_syntax_parse (text, size, &error)
               : i == 1 ? eros_syntax_parse_expression (text, size, &error)
               : i == 2 ? eros_syntax_parse_type (text, size, &error)
                        : eros_syntax_parse_path (text, size, &error);
      check (script, error);
    }
  return 0;
}

#ifndef EROS_FUZZING
int
main (int argc, char *argv[])
{
  for (int i = 1; i < argc; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GDir) dir = g_dir_open (argv[i], 0, &error);
      const char *name;

      g_assert_no_error (error);
      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (argv[i], name, NULL);
          g_autofree char *content = NULL;
          gsize length;

          g_file_get_contents (path, &content, &length, &error);
          g_assert_no_error (error);
          LLVMFuzzerTestOneInput ((const uint8_t *) content, length);
        }
    }
  return 0;
}
#endif
