/* eros-runbook-load.c: a runbook's files, read with their limits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-runbook-private.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-core-resources.h"
#include "eros-named-pipe.h"

#define MAX_RUNBOOK     (4 * 1024 * 1024)
#define MAX_SQL         (256 * 1024)
#define DEFAULT_RUNBOOK "runbook/eros-scheduling.json"

static char *
name_of (GFile *file)
{
  return g_file_is_native (file) ? g_file_get_parse_name (file) : g_file_get_uri (file);
}

/* The whole of FILE, of which no more than LIMIT + 1 bytes are ever read. */
static GBytes *
read_limited (GFile *file, gsize limit, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = name_of (file);
  g_autoptr (GFileInputStream) stream =
    eros_named_pipe_refuse (file, error) ? g_file_read (file, cancellable, error) : NULL;
  g_autofree char *data = NULL;
  gsize length = 0;

  if (stream == NULL)
    {
      g_prefix_error (error, _ ("Could not read %s: "), name);
      return NULL;
    }
  data = g_malloc (limit + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), data, limit + 1, &length, cancellable, error))
    {
      g_prefix_error (error, _ ("Could not read %s: "), name);
      return NULL;
    }
  if (length > limit)
    {
      g_autofree char *most = g_format_size (limit);

      g_set_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_TOO_LARGE,
                   _ ("%s is larger than %s and was not read. Is it the right file?"), name, most);
      return NULL;
    }
  return g_bytes_new_take (g_realloc (g_steal_pointer (&data), MAX (length, 1)), length);
}

/* A resource of the program: LENGTH bytes of it; NULL when there is none of this path. */
static GBytes *
lookup_resource (const char *path)
{
  g_autofree char *resource_path = g_strdup_printf ("%s/%s", EROS_RESOURCE_BASE, path);

  /* Naming the resource keeps the linker from leaving it out. */
  return g_resource_lookup_data (eros_core_get_resource (), resource_path, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                 NULL);
}

/* Inside the runbook's folder, and nowhere else: no way up, no absolute path. */
static gboolean
is_safe_path (const char *path)
{
  return g_regex_match_simple ("^[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*\\.sql$", path,
                               G_REGEX_DOLLAR_ENDONLY, 0);
}

/* The text of an SQL file that a runbook names: beside the runbook, or else the program's own. */
char *
eros_reader_load_sql (ErosReader *self, const char *path, GError **error)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *data;
  gsize length;

  if (!is_safe_path (path))
    {
      g_set_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_INVALID,
                   _ ("“%s” is not a path of an .sql file below the runbook’s folder"), path);
      return NULL;
    }
  if (self->folder != NULL)
    file = g_file_resolve_relative_path (self->folder, path);
  if (file != NULL && g_file_query_exists (file, self->cancellable))
    {
      bytes = read_limited (file, MAX_SQL, self->cancellable, error);
      if (bytes == NULL)
        return NULL;
    }
  else
    bytes = lookup_resource (path);
  if (bytes == NULL)
    {
      g_set_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_INVALID,
                   _ ("there is no file “%s” beside the runbook or in the program"), path);
      return NULL;
    }
  data = g_bytes_get_data (bytes, &length);
  if (length == 0 || !g_utf8_validate_len (data, length, NULL))
    {
      g_set_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_INVALID,
                   _ ("“%s” is empty or not UTF-8 text"), path);
      return NULL;
    }
  return g_strndup (data, length);
}

/* The texts of a runbook's operations, in a folder beside it. */
ErosStepFiles *
eros_reader_load_steps (ErosReader *self, const char *path, GError **error)
{
  g_autoptr (GFile) folder = NULL;

  if (self->folder == NULL || !g_regex_match_simple ("^[A-Za-z0-9_-]+$", path, G_REGEX_DOLLAR_ENDONLY, 0))
    {
      g_set_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_INVALID,
                   _ ("“%s” is not the name of a folder beside the runbook"), path);
      return NULL;
    }
  folder = g_file_get_child (self->folder, path);
  return eros_step_files_load (folder, self->cancellable, error);
}

static ErosRunbook *
parse (const char *text, gssize length, const char *name, gboolean is_recorded, GError **error)
{
  gsize size = length < 0 ? strlen (text) : (gsize) length;

  if (size > MAX_RUNBOOK)
    {
      g_autofree char *most = g_format_size (MAX_RUNBOOK);

      g_set_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_TOO_LARGE, _ ("%s is larger than %s"), name,
                   most);
      return NULL;
    }
  return eros_runbook_read (text, size, name, NULL, is_recorded, NULL, error);
}

/**
 * eros_runbook_parse:
 * @text: JSON text, see docs/runbook.md
 * @length: its length in bytes, or -1 when it ends with a zero byte
 * @name: what it is called in errors, usually a file's name
 * @error: return location for %EROS_RUNBOOK_ERROR
 *
 * Reads a runbook from memory; SQL files that it names are the program's own.
 *
 * Returns: (transfer full): the runbook, or %NULL: the message says where in the text and why
 */
ErosRunbook *
eros_runbook_parse (const char *text, gssize length, const char *name, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return parse (text, length, name, FALSE, error);
}

/**
 * eros_runbook_parse_recorded:
 * @text: JSON text that a deployment keeps
 * @name: what it is called in errors
 * @error: return location for %EROS_RUNBOOK_ERROR
 *
 * Reads the runbook that a deployment was made with. Checks, metrics and operations that this version of the
 * program does not know are no error here: another version did, and whoever asks for them is told that this
 * one does not.
 *
 * Returns: (transfer full): the runbook, or %NULL
 */
ErosRunbook *
eros_runbook_parse_recorded (const char *text, const char *name, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return parse (text, -1, name, TRUE, error);
}

/**
 * eros_runbook_load_default:
 * @error: return location for an error
 *
 * Returns: (transfer full): the runbook that comes with the program
 */
ErosRunbook *
eros_runbook_load_default (GError **error)
{
  g_autoptr (GBytes) bytes = lookup_resource (DEFAULT_RUNBOOK);
  gsize length;
  const char *text;

  g_return_val_if_fail (bytes != NULL, NULL);

  text = g_bytes_get_data (bytes, &length);
  return eros_runbook_parse (text, (gssize) length, DEFAULT_RUNBOOK, error);
}

/**
 * eros_runbook_load:
 * @file: a JSON file, see docs/runbook.md
 * @cancellable: (nullable): to stop early
 * @error: return location for %EROS_RUNBOOK_ERROR or an I/O error
 *
 * Reads a runbook and the SQL files that it names, which lie below its folder. A file of more than 4 MiB is
 * refused, and no more of it is read. Waits for the disk: on the main thread use eros_runbook_load_async().
 *
 * Returns: (transfer full): the runbook, or %NULL: the message says where in which file and why
 */
ErosRunbook *
eros_runbook_load (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GFile) folder = NULL;
  const char *text;
  gsize length;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  name = name_of (file);
  folder = g_file_get_parent (file);
  bytes = read_limited (file, MAX_RUNBOOK, cancellable, error);
  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &length);
  return eros_runbook_read (text, length, name, folder, FALSE, cancellable, error);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer file, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = eros_runbook_load (file, cancellable, &error);

  if (runbook == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&runbook), g_object_unref);
}

/**
 * eros_runbook_load_async:
 * @file: a JSON file
 * @cancellable: (nullable): to stop early
 * @callback: called on the caller's main context
 * @user_data: for @callback
 *
 * eros_runbook_load() in a thread of its own.
 */
void
eros_runbook_load_async (GFile *file,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, eros_runbook_load_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, load_in_thread);
}

/**
 * eros_runbook_load_finish:
 * @result: what the callback was given
 * @error: return location for an error, see eros_runbook_load()
 *
 * Returns: (transfer full): the runbook, or %NULL
 */
ErosRunbook *
eros_runbook_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
