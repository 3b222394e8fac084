/* eros-journal.c: the append-only, hash-chained record of one deployment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-journal.h"

#include <string.h>
#include <errno.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>

#include "eros-canonical-json.h"
#include "eros-journal-beside.h"
#include "eros-error-domain.h"
#include "eros-event-private.h"
#include "eros-journal-lock.h"
#include "eros-journal-reader.h"
#include "eros-journal-writer.h"
#include "eros-text.h"

struct _ErosJournal
{
  GObject parent_instance;
  GFile *file;
  char *path;
  GPtrArray *events; /* of ErosEvent, in sequence */
  ErosJournalTip tip;
  ErosJournalLock *lock;     /* NULL when opened for reading */
  ErosJournalWriter *writer; /* the same */
};

enum
{
  SIGNAL_APPENDED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void eros_journal_init_list (GListModelInterface *iface);

EROS_DEFINE_ERROR_DOMAIN (journal)
G_DEFINE_FINAL_TYPE_WITH_CODE (ErosJournal,
                               eros_journal,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, eros_journal_init_list))

static GType
get_item_type (GListModel *model)
{
  return EROS_TYPE_EVENT;
}

static guint
get_n_items (GListModel *model)
{
  return EROS_JOURNAL (model)->events->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  ErosJournal *self = EROS_JOURNAL (model);

  return position < self->events->len ? g_object_ref (self->events->pdata[position]) : NULL;
}

static void
eros_journal_init_list (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
eros_journal_finalize (GObject *object)
{
  ErosJournal *self = EROS_JOURNAL (object);

  /* In this order: nobody else may write before SQLite has let go of the file. */
  g_clear_pointer (&self->writer, eros_journal_writer_close);
  g_clear_pointer (&self->lock, eros_journal_lock_release);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_clear_object (&self->file);
  g_free (self->path);
  G_OBJECT_CLASS (eros_journal_parent_class)->finalize (object);
}

static void
eros_journal_class_init (ErosJournalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_journal_finalize;

  /**
   * ErosJournal::appended:
   * @self: the journal
   * @event: the new event
   *
   * An event has been stored, or another process’s has been read; after
   * #GListModel::items-changed.
   */
  signals[SIGNAL_APPENDED] = g_signal_new ("appended", EROS_TYPE_JOURNAL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 1, EROS_TYPE_EVENT);
}

static void
eros_journal_init (ErosJournal *self)
{
  self->events = g_ptr_array_new_with_free_func (g_object_unref);
  eros_journal_tip_init (&self->tip);
}

static void
announce (ErosJournal *self, guint first)
{
  guint n_added = self->events->len - first;

  if (n_added == 0)
    return;
  g_list_model_items_changed (G_LIST_MODEL (self), first, 0, n_added);
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr (ErosEvent) event = g_object_ref (self->events->pdata[first + i]);

      g_signal_emit (self, signals[SIGNAL_APPENDED], 0, event);
    }
}

static char *
prepare_body (const char *actor, const char *kind, JsonNode *body, GError **error)
{
  /* Actors and kinds stand in lists and reports. */
  if (!eros_text_is_line (actor))
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_INVALID_EVENT,
                 _ ("An event needs the name of who did it, in one line of text."));
  else if (!eros_text_is_line (kind))
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_INVALID_EVENT,
                 _ ("An event needs a kind, in one line of text."));
  else if (!JSON_NODE_HOLDS_OBJECT (body))
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_INVALID_EVENT,
                 _ ("An event’s body must be a JSON object."));
  else
    return eros_canonical_json_write (body, error);
  return NULL;
}

static gboolean
create (GFile *file, const ErosJournalEntry *entry, GError **error)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *folder = path != NULL ? g_path_get_dirname (path) : NULL;
  g_autofree char *name = folder != NULL ? g_filename_display_name (folder) : NULL;

  if (path == NULL)
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED,
                 _ ("A deployment can only be made on a disk of this computer."));
  else if (access (folder, F_OK) != 0 && errno != ENOENT)
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED,
                 _ ("Nothing can be stored in %s: %s. Choose another place."), name, g_strerror (errno));
  else if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED,
                 _ ("There is no folder %s. Make it, or choose another place."), name);
  else if (access (folder, W_OK) != 0)
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED,
                 _ ("Nothing can be stored in %s: %s. Choose another place."), name, g_strerror (errno));
  else
    return eros_journal_writer_create (path, entry, error);
  return FALSE;
}

/* Of one that this process has made a moment ago: whoever is told that there is none must find none. */
static ErosJournal *
open_made (GFile *file, GError **error)
{
  GError *problem = NULL;
  ErosJournal *journal = eros_journal_open (file, EROS_JOURNAL_WRITE, &problem);

  if (journal != NULL)
    return journal;
  /* Somebody else has found it first. */
  if (!g_error_matches (problem, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_IN_USE))
    eros_journal_writer_discard (g_file_peek_path (file));
  g_propagate_error (error, problem);
  return NULL;
}

/**
 * eros_journal_create:
 * @file: a file that does not exist, in a folder that does
 * @error: return location for %EROS_JOURNAL_ERROR
 *
 * Makes an empty journal and opens it for writing. The file appears under its
 * name whole and synced to the disk together with its folder, or not at all.
 *
 * Returns: (transfer full): the journal
 */
ErosJournal *
eros_journal_create (GFile *file, GError **error)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  return create (file, NULL, error) ? open_made (file, error) : NULL;
}

/**
 * eros_journal_create_with_event:
 * @file: a file that does not exist, in a folder that does
 * @actor: who does it
 * @kind: what happened
 * @body: a JSON object
 * @error: return location for %EROS_JOURNAL_ERROR
 *
 * As eros_journal_create(), with a first event: however the program or the
 * machine stops, there is no file without it.
 *
 * Returns: (transfer full): the journal, opened for writing
 */
ErosJournal *
eros_journal_create_with_event (GFile *file,
                                const char *actor,
                                const char *kind,
                                JsonNode *body,
                                GError **error)
{
  g_autofree char *text = NULL;
  ErosJournalEntry entry = { actor, kind, NULL };

  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (actor != NULL && kind != NULL && body != NULL, NULL);

  text = prepare_body (actor, kind, body, error);
  entry.body = text;
  return text != NULL && create (file, &entry, error) ? open_made (file, error) : NULL;
}

/**
 * eros_journal_restore:
 * @file: a file that does not exist, in a folder that does
 * @rows: (array length=n_rows): events, as another journal held them
 * @n_rows: how many
 * @error: return location for %EROS_JOURNAL_ERROR
 *
 * Returns: (transfer full): the journal that they make, verified, opened for reading
 */
ErosJournal *
eros_journal_restore (GFile *file, const ErosJournalRow *rows, guint n_rows, GError **error)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  if (!eros_journal_writer_restore (g_file_peek_path (file), rows, n_rows, error))
    {
      eros_journal_writer_discard (g_file_peek_path (file));
      return NULL;
    }
  return eros_journal_open (file, EROS_JOURNAL_READ, error);
}

static gboolean
open_writer (ErosJournal *self, GError **error)
{
  if (access (self->path, W_OK) != 0)
    {
      g_set_error (
        error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_READ_ONLY,
        errno == EROFS
          ? _ ("%s is read-only. Make it writable, or open the deployment for reading only.")
          : _ ("You have no permission to write to %s. Ask for it, or open the deployment for reading "
               "only."),
        self->path);
      return FALSE;
    }
  self->lock = eros_journal_lock_take (self->path, error);
  return self->lock != NULL;
}

/**
 * eros_journal_open:
 * @file: a journal
 * @mode: what for
 * @error: return location for %EROS_JOURNAL_ERROR or an I/O error
 *
 * Reads and verifies the whole journal. When this fails, the file is byte for
 * byte as it was, and nothing is left beside it.
 *
 * Opened for writing, the journal belongs to this object until it is
 * finalized. A journal whose last writer was killed is recovered by that.
 * Opened for reading, it shows one state; eros_journal_reload() gets the next.
 *
 * Returns: (transfer full): the journal
 */
ErosJournal *
eros_journal_open (GFile *file, ErosJournalMode mode, GError **error)
{
  g_autoptr (ErosJournal) self = NULL;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  self = g_object_new (EROS_TYPE_JOURNAL, NULL);
  self->file = g_object_ref (file);
  self->path = eros_journal_reader_find (file, error);
  if (self->path == NULL)
    return NULL;

  if (mode == EROS_JOURNAL_WRITE && !open_writer (self, error))
    return NULL;
  if (!eros_journal_reader_read (self->path, &self->tip, self->events, NULL, error))
    return NULL;
  if (mode == EROS_JOURNAL_WRITE)
    {
      eros_journal_beside_narrow (self->path);
      self->writer = eros_journal_writer_open (self->path, error);
      if (self->writer == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * eros_journal_append:
 * @self: a journal opened for writing
 * @actor: who does it
 * @kind: what happened
 * @body: a JSON object without floating-point numbers
 * @error: return location for %EROS_JOURNAL_ERROR
 *
 * Adds an event at the end of the chain. When this returns an event, it is on
 * the disk; when it returns %NULL, the journal is as it was before.
 *
 * Returns: (transfer none): the event, with its number, time and hash
 */
ErosEvent *
eros_journal_append (ErosJournal *self, const char *actor, const char *kind, JsonNode *body, GError **error)
{
  g_autofree char *text = NULL;
  ErosJournalEntry entry = { actor, kind, NULL };
  ErosEvent *event;

  g_return_val_if_fail (EROS_IS_JOURNAL (self), NULL);
  g_return_val_if_fail (actor != NULL && kind != NULL && body != NULL, NULL);

  if (self->writer == NULL)
    {
      g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_READ_ONLY,
                   _ ("Nothing was stored: %s is open for reading only."), self->path);
      return NULL;
    }
  text = prepare_body (actor, kind, body, error);
  if (text == NULL)
    return NULL;

  entry.body = text;
  if (!eros_journal_lock_check (self->lock, error))
    return NULL;
  event = eros_journal_writer_append (self->writer, &self->tip, &entry, error);
  /* It may have lost its place while the event went in. */
  if (event != NULL && !eros_journal_lock_check (self->lock, error))
    g_clear_object (&event);
  if (event == NULL)
    return NULL;
  g_ptr_array_add (self->events, event);
  announce (self, self->events->len - 1);
  return event;
}

/**
 * eros_journal_set_ahead:
 * @self: a journal
 * @ahead: microseconds
 *
 * Events that are appended from now on have the time of this computer’s clock and @ahead: of a clock that
 * somebody has set ahead, as a rehearsal does.
 */
void
eros_journal_set_ahead (ErosJournal *self, gint64 ahead)
{
  g_return_if_fail (EROS_IS_JOURNAL (self));
  self->tip.ahead = ahead;
}

/**
 * eros_journal_reload:
 * @self: a journal
 * @error: return location for %EROS_JOURNAL_ERROR
 *
 * Reads and verifies what another process has added. If the events that were
 * read before are not there any more, that is an error, and the journal keeps
 * what it has. Nothing to do for a journal opened for writing.
 *
 * Returns: whether the journal is up to date
 */
gboolean
eros_journal_reload (ErosJournal *self, GError **error)
{
  g_autoptr (GPtrArray) events = NULL;
  ErosJournalTip tip;
  guint first;

  g_return_val_if_fail (EROS_IS_JOURNAL (self), FALSE);

  if (self->writer != NULL)
    return TRUE;

  tip = self->tip;
  events = g_ptr_array_new_with_free_func (g_object_unref);
  if (!eros_journal_reader_read (self->path, &tip, events, NULL, error))
    return FALSE;

  first = self->events->len;
  self->tip = tip;
  g_ptr_array_extend_and_steal (self->events, g_steal_pointer (&events));
  announce (self, first);
  return TRUE;
}

/**
 * eros_journal_get_file:
 * @self: a journal
 *
 * Returns: (transfer none): where it is
 */
GFile *
eros_journal_get_file (ErosJournal *self)
{
  g_return_val_if_fail (EROS_IS_JOURNAL (self), NULL);
  return self->file;
}

/**
 * eros_journal_is_writable:
 * @self: a journal
 *
 * Returns: whether it is open for writing
 */
gboolean
eros_journal_is_writable (ErosJournal *self)
{
  g_return_val_if_fail (EROS_IS_JOURNAL (self), FALSE);
  return self->writer != NULL;
}

/**
 * eros_journal_find_writer:
 * @self: a journal
 *
 * Returns: (transfer full) (nullable): which program has it open for writing at this moment, this one
 * included
 */
char *
eros_journal_find_writer (ErosJournal *self)
{
  g_return_val_if_fail (EROS_IS_JOURNAL (self), NULL);
  return eros_journal_lock_find_holder (self->path);
}

/**
 * eros_journal_get_head:
 * @self: a journal
 *
 * The hash that vouches for all events: whoever keeps it elsewhere can tell
 * later whether any event was changed or taken away.
 *
 * Returns: the last event’s hash, 64 lower-case hex digits; zeros when there
 *   is none
 */
const char *
eros_journal_get_head (ErosJournal *self)
{
  g_return_val_if_fail (EROS_IS_JOURNAL (self), NULL);
  return self->tip.hash;
}

/**
 * eros_journal_dup_head_of:
 * @self: a journal
 * @n_events: a number of its events, from the first
 *
 * Returns: (transfer full): what eros_journal_get_head() said when there were so many of them: what stands
 * before the next
 */
char *
eros_journal_dup_head_of (ErosJournal *self, guint n_events)
{
  g_return_val_if_fail (EROS_IS_JOURNAL (self), NULL);
  g_return_val_if_fail (n_events <= self->events->len, NULL);
  return n_events > 0 ? eros_event_dup_hash (self->events->pdata[n_events - 1])
                      : g_strdup (EROS_EVENT_NO_PREVIOUS);
}

/**
 * eros_journal_verify:
 * @file: a journal
 * @n_events: (out) (optional): how many events are good, from the first
 * @head: (out) (optional) (nullable): the last good event’s hash
 * @cancellable: (nullable): to stop
 * @error: return location for %EROS_JOURNAL_ERROR, whose message names the
 *   first bad event, or an I/O error
 *
 * Recomputes the chain from the bytes on the disk, whoever writes the file at
 * the moment, without touching it. Waits for the disk: call it in a thread
 * where a window is open.
 *
 * Returns: whether all of it is good
 */
gboolean
eros_journal_verify (GFile *file, guint64 *n_events, char **head, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = NULL;
  ErosJournalTip tip;
  gboolean good = FALSE;

  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  eros_journal_tip_init (&tip);
  path = eros_journal_reader_find (file, error);
  if (path != NULL)
    good = eros_journal_reader_read (path, &tip, NULL, cancellable, error);
  if (n_events != NULL)
    *n_events = tip.sequence;
  if (head != NULL)
    *head = g_strdup (tip.hash);
  return good;
}
