/* eros-step-files.c: the texts of a runbook's operations: SQL, and what is expected of its answers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-step-files.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "eros-core-resources.h"
#include "eros-named-pipe.h"
#include "eros-runbook.h"

#define DEEPEST    3
#define MOST_FILES 1000
#define MOST_BYTES (1024 * 1024) /* of one file */

struct _ErosStepFiles
{
  char *origin;
  GHashTable *texts; /* path → text */
};

static ErosStepFiles *
files_new (const char *origin)
{
  ErosStepFiles *self = g_atomic_rc_box_new0 (ErosStepFiles);

  self->origin = g_strdup (origin);
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

ErosStepFiles *
eros_step_files_ref (ErosStepFiles *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
files_clear (gpointer data)
{
  ErosStepFiles *self = data;

  g_free (self->origin);
  g_hash_table_unref (self->texts);
}

void
eros_step_files_unref (ErosStepFiles *self)
{
  g_atomic_rc_box_release_full (self, files_clear);
}

/* ---- reading ------------------------------------------------------------------------------------------- */

static gboolean
take_file (ErosStepFiles *self, GFile *file, const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *shown = g_file_get_parse_name (file);
  gsize length;

  if (!eros_named_pipe_refuse (file, error) ||
      !g_file_load_contents (file, cancellable, &text, &length, NULL, error))
    {
      g_prefix_error (error, _ ("A step cannot be read: "));
      return FALSE;
    }
  if (length > MOST_BYTES || !g_utf8_validate_len (text, length, NULL) ||
      g_hash_table_size (self->texts) >= MOST_FILES)
    {
      g_set_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_TOO_LARGE,
                   _ ("%s: must be UTF-8 text of at most 1 MiB, and one of at most %d files"), shown,
                   MOST_FILES);
      return FALSE;
    }
  g_hash_table_insert (self->texts, g_strdup (path), g_steal_pointer (&text));
  return TRUE;
}

/* What is no text of a step, such as a note beside them, is none of ours. */
static gboolean
is_text (const char *name)
{
  return g_str_has_suffix (name, ".sql") || g_str_has_suffix (name, ".json");
}

static gboolean
take_folder (ErosStepFiles *self,
             GFile *folder,
             const char *path,
             guint depth,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
    folder, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE, 0, cancellable, error);
  GFileInfo *info;
  GFile *child;
  g_autoptr (GError) broken = NULL;

  while (children != NULL && g_file_enumerator_iterate (children, &info, &child, cancellable, &broken) &&
         info != NULL)
    {
      const char *name = g_file_info_get_name (info);
      g_autofree char *below = *path != '\0' ? g_build_filename (path, name, NULL) : g_strdup (name);
      gboolean is_folder = g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY;

      if (is_folder ? depth < DEEPEST && !take_folder (self, child, below, depth + 1, cancellable, error)
                    : is_text (name) && !take_file (self, child, below, cancellable, error))
        return FALSE;
    }
  if (broken != NULL)
    g_propagate_error (error, g_steal_pointer (&broken));
  return children != NULL && (error == NULL || *error == NULL);
}

/**
 * eros_step_files_load:
 * @folder: holds a folder for each set of steps
 * @cancellable: (nullable): to stop early
 * @error: return location for %EROS_RUNBOOK_ERROR or an I/O error
 *
 * Reads the texts of all steps below @folder, all or none.
 *
 * Returns: (transfer full): them
 */
ErosStepFiles *
eros_step_files_load (GFile *folder, GCancellable *cancellable, GError **error)
{
  g_autofree char *origin = g_file_get_parse_name (folder);
  g_autoptr (ErosStepFiles) self = files_new (origin);
  GError *failure = NULL;

  if (take_folder (self, folder, "", 0, cancellable, &failure))
    return g_steal_pointer (&self);
  g_propagate_error (error, failure);
  return NULL;
}

ErosStepFiles *
eros_step_files_new (JsonObject *texts, const char *origin)
{
  ErosStepFiles *self = files_new (origin);
  JsonObjectIter iter;
  const char *path;
  JsonNode *text;

  json_object_iter_init (&iter, texts);
  while (json_object_iter_next (&iter, &path, &text))
    g_hash_table_insert (self->texts, g_strdup (path), g_strdup (json_node_get_string (text)));
  return self;
}

ErosStepFiles *
eros_step_files_get_default (void)
{
  static ErosStepFiles *files = NULL;
  static gsize is_loaded = 0;

  if (g_once_init_enter (&is_loaded))
    {
      g_autoptr (GFile) folder = g_file_new_for_uri ("resource://" EROS_RESOURCE_BASE "/sql");
      g_autoptr (GError) error = NULL;

      /* Naming the resource keeps the linker from leaving it out. */
      g_resource_ref (eros_core_get_resource ());
      files = eros_step_files_load (folder, NULL, &error);
      if (files == NULL)
        g_error ("The program's own steps: %s", error->message);
      g_once_init_leave (&is_loaded, 1);
    }
  return files;
}

/* ---- what there is ------------------------------------------------------------------------------------- */

const char *
eros_step_files_get (ErosStepFiles *self, const char *path)
{
  return g_hash_table_lookup (self->texts, path);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
eros_step_files_list (ErosStepFiles *self, const char *folder)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_null_terminated (8, g_free, TRUE);
  g_autofree char *prefix = *folder != '\0' ? g_strconcat (folder, "/", NULL) : g_strdup ("");
  GHashTableIter iter;
  const char *path;

  g_hash_table_iter_init (&iter, self->texts);
  while (g_hash_table_iter_next (&iter, (gpointer *) &path, NULL))
    {
      const char *below = g_str_has_prefix (path, prefix) ? path + strlen (prefix) : NULL;
      g_autofree char *name = below != NULL ? g_strndup (below, strcspn (below, "/")) : NULL;

      if (name != NULL && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }
  g_ptr_array_sort (names, compare_names);
  return (char **) g_ptr_array_steal (names, NULL);
}

static gboolean
is_deployable (ErosStepFiles *self, const char *set)
{
  g_auto (GStrv) steps = eros_step_files_list (self, set);

  for (guint i = 0; steps[i] != NULL; i++)
    {
      g_autofree char *revert = g_strdup_printf ("%s/%s/revert.sql", set, steps[i]);

      if (eros_step_files_get (self, revert) != NULL)
        return TRUE;
    }
  return FALSE;
}

char **
eros_step_files_list_deployable (ErosStepFiles *self)
{
  g_auto (GStrv) sets = eros_step_files_list (self, "");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; sets[i] != NULL; i++)
    if (is_deployable (self, sets[i]))
      g_strv_builder_add (builder, sets[i]);
  return g_strv_builder_end (builder);
}

char *
eros_step_files_describe (ErosStepFiles *self, const char *path)
{
  return g_strdup_printf ("%s/%s", self->origin, path);
}

/**
 * eros_step_files_to_json:
 * @self: texts
 *
 * Returns: (transfer full): path → text, for a runbook that holds its own
 */
JsonObject *
eros_step_files_to_json (ErosStepFiles *self)
{
  JsonObject *texts = json_object_new ();
  GHashTableIter iter;
  const char *path;
  const char *text;

  g_hash_table_iter_init (&iter, self->texts);
  while (g_hash_table_iter_next (&iter, (gpointer *) &path, (gpointer *) &text))
    json_object_set_string_member (texts, path, text);
  return texts;
}
