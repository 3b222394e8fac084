/* eros-import-file.c: a checklist read from its file, the runbook written into another
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-import.h"
#include "eros-named-pipe.h"

#include <string.h>
#include <glib/gi18n-lib.h>

/* What a checklist is at most. */
#define MAX_CHECKLIST (4 * 1024 * 1024)

typedef struct
{
  GFile *checklist;
  GFile *output; /* (nullable) */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->checklist);
  g_clear_object (&request->output);
  g_free (request);
}

/* The runbook that is in OUTPUT: its ids stay. FALSE: there is something else. *EARLIER: NULL when nothing is
 * there. */
static gboolean
load_earlier (GFile *output, ErosRunbook **earlier, GCancellable *cancellable, GError **error)
{
  if (output == NULL || !g_file_query_exists (output, cancellable))
    return TRUE;
  *earlier = eros_runbook_load (output, cancellable, error);
  if (*earlier == NULL)
    g_prefix_error (
      error,
      _ ("%s is there already and is no runbook, so that it was left as it is. Choose another file for "
         "the runbook. "),
      g_file_peek_path (output));
  return *earlier != NULL;
}

/**
 * eros_import_load:
 * @checklist: the file of a checklist in Markdown
 * @output: (nullable): where the runbook is going to be; when one is there, its ids stay
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of %EROS_IMPORT_ERROR, of the runbook that is there, or of GIO
 *
 * Reads a checklist from its file; nothing is written.
 *
 * Returns: (transfer full): what it makes
 */
ErosImport *
eros_import_load (GFile *checklist, GFile *output, GCancellable *cancellable, GError **error)
{
  g_autoptr (ErosRunbook) earlier = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!load_earlier (output, &earlier, cancellable, error))
    return NULL;
  if (!eros_named_pipe_refuse (checklist, error) ||
      !g_file_load_contents (checklist, cancellable, &text, &length, NULL, error))
    {
      g_prefix_error (error, _ ("Could not read the checklist %s: "), g_file_peek_path (checklist));
      return NULL;
    }
  if (length > MAX_CHECKLIST)
    {
      g_set_error (error, EROS_IMPORT_ERROR, EROS_IMPORT_ERROR_NOT_TEXT,
                   _ ("%s is larger than 4 MiB: that is no checklist."), g_file_peek_path (checklist));
      return NULL;
    }
  return eros_import_read (text, length, g_file_peek_path (checklist), earlier, error);
}

/**
 * eros_import_save:
 * @self: what a checklist has made
 * @output: the runbook's file
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of GIO
 *
 * Writes the runbook. What was there before is kept beside it, as FILE~: somebody may have added to it by
 * hand.
 *
 * Returns: whether it was written
 */
gboolean
eros_import_save (const ErosImport *self, GFile *output, GCancellable *cancellable, GError **error)
{
  if (g_file_replace_contents (output, self->json, strlen (self->json), NULL, TRUE, G_FILE_CREATE_NONE, NULL,
                               cancellable, error))
    return TRUE;
  g_prefix_error (error, _ ("Could not write the runbook %s: "), g_file_peek_path (output));
  return FALSE;
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Request *request = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosImport) import = eros_import_load (request->checklist, request->output, cancellable, &error);

  if (import == NULL ||
      (request->output != NULL && !eros_import_save (import, request->output, cancellable, &error)))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&import), (GDestroyNotify) eros_import_free);
}

/**
 * eros_import_load_async:
 * @checklist: the file of a checklist in Markdown
 * @output: (nullable): the runbook's file; when one is there, its ids stay. %NULL: nothing is written
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is read, and written
 * @user_data: for @callback
 *
 * Reads a checklist in a thread as eros_import_load () does, and saves it as eros_import_save () does when
 * there is an @output. Finish with eros_import_load_finish ().
 */
void
eros_import_load_async (GFile *checklist,
                        GFile *output,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->checklist = g_object_ref (checklist);
  if (output != NULL)
    request->output = g_object_ref (output);
  g_task_set_source_tag (task, eros_import_load_async);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, load_thread);
}

/**
 * eros_import_load_finish:
 * @result: what the callback got
 * @error: return location for an error, as of eros_import_load () and eros_import_save ()
 *
 * Returns: (transfer full): what the checklist makes
 */
ErosImport *
eros_import_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * eros_import_dup_counts:
 * @self: what a checklist has made
 *
 * Returns: (transfer full): how many boxes, fields and sign-offs it has, for people
 */
char *
eros_import_dup_counts (const ErosImport *self)
{
  return g_strdup_printf (_ ("Boxes: %u, fields: %u, sign-offs: %u"), self->n_boxes, self->n_fields,
                          self->n_sign_offs);
}

/**
 * eros_import_dup_ids:
 * @self: what a checklist has made
 *
 * Returns: (transfer full) (nullable): which ids of the runbook that was there stay; %NULL when there was
 * none
 */
char *
eros_import_dup_ids (const ErosImport *self)
{
  return self->has_earlier
           ? g_strdup_printf (_ ("Ids: %u kept, %u new, %u gone"), self->n_kept, self->n_new, self->n_gone)
           : NULL;
}

/**
 * eros_import_note_dup_lines:
 * @note: what became of some lines
 *
 * Returns: (transfer full): their numbers: "3", "3–7"
 */
char *
eros_import_note_dup_lines (const ErosImportNote *note)
{
  return note->first == note->last ? g_strdup_printf ("%u", note->first)
                                   : g_strdup_printf ("%u–%u", note->first, note->last);
}

/**
 * eros_import_note_dup_text:
 * @note: what became of some lines
 *
 * Returns: (transfer full): the words, and what was found in them, on one line
 */
char *
eros_import_note_dup_text (const ErosImportNote *note)
{
  g_auto (GStrv) parts = g_strsplit (note->text, "\n", -1);

  return g_strjoinv (" / ", parts);
}
