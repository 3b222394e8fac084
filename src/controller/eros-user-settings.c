/* eros-user-settings.c: where what the program remembers of this person is kept, for window and terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-user-settings.h"

/* In the build tree the schema is not where GLib looks: it is beside the program. */
static GSettingsSchema *
find_schema (void)
{
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *directory = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autofree char *data = directory != NULL ? g_build_filename (directory, "..", "data", NULL) : NULL;
  GSettingsSchema *schema =
    installed != NULL ? g_settings_schema_source_lookup (installed, EROS_APPLICATION_ID, TRUE) : NULL;

  if (schema != NULL || data == NULL)
    return schema;
  source = g_settings_schema_source_new_from_directory (data, installed, TRUE, NULL);
  return source != NULL ? g_settings_schema_source_lookup (source, EROS_APPLICATION_ID, TRUE) : NULL;
}

/**
 * eros_user_settings_get_default:
 *
 * Returns: (transfer none) (nullable): the program's settings; %NULL: their schema is not installed
 */
GSettings *
eros_user_settings_get_default (void)
{
  static GSettings *settings = NULL;

  if (settings == NULL)
    {
      g_autoptr (GSettingsSchema) schema = find_schema ();

      settings = schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
    }
  return settings;
}
