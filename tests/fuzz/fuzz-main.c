/* fuzz-main.c: gives a fuzzer's function the files of the folders it is given
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static guint
run_folder (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name = NULL;
  guint n_files = 0;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *content = NULL;
      gsize length = 0;

      g_file_get_contents (path, &content, &length, &error);
      g_assert_no_error (error);
      if (g_getenv ("EROS_FUZZ_VERBOSE") != NULL)
        g_printerr ("%s\n", path);
      LLVMFuzzerTestOneInput ((const uint8_t *) content, length);
      n_files++;
    }
  return n_files;
}

int
main (int argc, char *argv[])
{
  for (int i = 1; i < argc; i++)
    g_assert_cmpuint (run_folder (argv[i]), >, 0);
  return 0;
}
