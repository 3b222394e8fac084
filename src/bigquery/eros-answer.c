/* eros-answer.c: a query's whole answer as a list, of which only what is looked at is in memory
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-answer.h"

#include <glib/gi18n-lib.h>

#include "eros-page-private.h"

#define STRETCH_ROWS   500                /* rows that are fetched together */
#define MOST_STRETCHES 8                  /* that are kept, besides those that rows hold on to */
#define STRETCH_BYTES  (8 * 1024 * 1024)  /* or fewer, when they are so large */
#define MOST_BYTES     (64 * 1024 * 1024) /* of all that are kept */
#define MOST_WAITING   4                  /* that are still worth fetching when somebody scrolls past many */

/* A run of rows, from one page or (when the server ends pages early) several. */
typedef struct
{
  guint64 start;
  GPtrArray *pages; /* of ErosPage */
  guint n_rows;     /* on them */
  gboolean is_fetching;
} Stretch;

struct _ErosAnswer
{
  GObject parent_instance;

  ErosBigQuery *big_query;
  ErosJob *job;
  ErosSchema *schema;
  guint n_rows;
  guint stretch_rows;
  GQueue stretches;     /* of Stretch, last used first */
  GQueue waiting;       /* of guint64 *: starts of those to be fetched, last asked for first */
  struct _Fetch *fetch; /* (nullable): what is under way */
  GHashTable *rows;     /* position → ErosAnswerRow that is not loaded, not owned */
  GCancellable *cancellable;
  char *error;
};

struct _ErosAnswerRow
{
  GObject parent_instance;

  ErosAnswer *result; /* (nullable): while it is not loaded; not owned */
  guint position;
  ErosPage *page;
  guint row;
};

static void eros_answer_list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE (ErosAnswerRow, eros_answer_row, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE_WITH_CODE (ErosAnswer,
                               eros_answer,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, eros_answer_list_model_init))

/* ---- a row --------------------------------------------------------------------------------------------- */

enum
{
  ROW_PROP_LOADED = 1,
  N_ROW_PROPS
};

static GParamSpec *row_properties[N_ROW_PROPS];

static void
eros_answer_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == ROW_PROP_LOADED)
    g_value_set_boolean (value, eros_answer_row_get_loaded (EROS_ANSWER_ROW (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
eros_answer_row_finalize (GObject *object)
{
  ErosAnswerRow *self = EROS_ANSWER_ROW (object);

  if (self->result != NULL)
    g_hash_table_remove (self->result->rows, GUINT_TO_POINTER (self->position));
  g_clear_object (&self->page);
  G_OBJECT_CLASS (eros_answer_row_parent_class)->finalize (object);
}

static void
eros_answer_row_class_init (ErosAnswerRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = eros_answer_row_get_property;
  object_class->finalize = eros_answer_row_finalize;
  row_properties[ROW_PROP_LOADED] = g_param_spec_boolean (
    "loaded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_ROW_PROPS, row_properties);
}

static void
eros_answer_row_init (ErosAnswerRow *self)
{
}

gboolean
eros_answer_row_get_loaded (ErosAnswerRow *self)
{
  return self->page != NULL;
}

ErosPage *
eros_answer_row_get_page (ErosAnswerRow *self, guint *row)
{
  if (row != NULL)
    *row = self->row;
  return self->page;
}

char *
eros_answer_row_dup_text (ErosAnswerRow *self, guint column)
{
  return self->page != NULL ? eros_page_dup_text (self->page, self->row, column) : NULL;
}

/* ---- stretches ----------------------------------------------------------------------------------------- */

static void
stretch_free (Stretch *stretch)
{
  g_ptr_array_unref (stretch->pages);
  g_free (stretch);
}

static guint
rows_wanted (ErosAnswer *self, Stretch *stretch)
{
  return MIN (self->stretch_rows, self->n_rows - stretch->start);
}

static Stretch *
find_stretch (ErosAnswer *self, guint64 start)
{
  for (GList *link = self->stretches.head; link != NULL; link = link->next)
    if (((Stretch *) link->data)->start == start)
      {
        g_queue_unlink (&self->stretches, link);
        g_queue_push_head_link (&self->stretches, link);
        return link->data;
      }
  return NULL;
}

static gsize
bytes_of (Stretch *stretch)
{
  gsize bytes = 0;

  for (guint i = 0; i < stretch->pages->len; i++)
    bytes += eros_page_get_size (g_ptr_array_index (stretch->pages, i));
  return bytes;
}

/* All but the one that is being fetched. */
static void
drop_what_is_too_much (ErosAnswer *self)
{
  GList *next;
  gsize bytes = 0;

  for (GList *link = self->stretches.head; link != NULL; link = next)
    {
      next = link->next;
      bytes += bytes_of (link->data);
      if (bytes <= MOST_BYTES || ((Stretch *) link->data)->is_fetching)
        continue;
      stretch_free (link->data);
      g_queue_delete_link (&self->stretches, link);
    }
}

static Stretch *
add_stretch (ErosAnswer *self, guint64 start)
{
  Stretch *stretch = g_new0 (Stretch, 1);

  stretch->start = start;
  stretch->pages = g_ptr_array_new_with_free_func (g_object_unref);
  g_queue_push_head (&self->stretches, stretch);
  while (self->stretches.length > MOST_STRETCHES)
    {
      Stretch *last = g_queue_peek_tail (&self->stretches);

      if (last->is_fetching)
        break;
      stretch_free (g_queue_pop_tail (&self->stretches));
    }
  return stretch;
}

/* Hands the row its page, when that is there. */
static gboolean
load_row (ErosAnswerRow *row, Stretch *stretch)
{
  guint place = row->position - stretch->start;

  for (guint i = 0; i < stretch->pages->len; i++)
    {
      ErosPage *page = g_ptr_array_index (stretch->pages, i);

      if (place < eros_page_get_n_rows (page))
        {
          row->page = g_object_ref (page);
          row->row = place;
          row->result = NULL;
          return TRUE;
        }
      place -= eros_page_get_n_rows (page);
    }
  return FALSE;
}

/* Those that wait for a row of this stretch. */
static void
load_waiting_rows (ErosAnswer *self, Stretch *stretch)
{
  for (guint i = 0; i < stretch->n_rows; i++)
    {
      gpointer key = GUINT_TO_POINTER ((guint) stretch->start + i);
      ErosAnswerRow *row = g_hash_table_lookup (self->rows, key);

      if (row == NULL || !load_row (row, stretch))
        continue;
      g_hash_table_remove (self->rows, key);
      g_object_notify_by_pspec (G_OBJECT (row), row_properties[ROW_PROP_LOADED]);
    }
}

/* ---- fetching ------------------------------------------------------------------------------------------ */

enum
{
  PROP_ERROR = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void fetch_next (ErosAnswer *self);

/* error: (nullable) */
static void
set_error (ErosAnswer *self, const char *error)
{
  if (g_strcmp0 (self->error, error) == 0)
    return;
  g_free (self->error);
  self->error = g_strdup (error);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

typedef struct _Fetch
{
  ErosAnswer *result; /* NULL once nobody wants it any more; not owned */
  Stretch *stretch;   /* stays while it is being fetched */
} Fetch;

static void fetch_rest (Fetch *fetch);

static void
fetched_cb (GObject *source, GAsyncResult *answer, gpointer user_data)
{
  Fetch *fetch = user_data;
  ErosAnswer *self = fetch->result;
  Stretch *stretch = fetch->stretch;
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPage) page =
    eros_big_query_read_page_finish (EROS_BIG_QUERY (source), answer, NULL, NULL, &error);

  if (self == NULL)
    {
      g_free (fetch);
      return;
    }
  if (page != NULL && eros_page_get_n_rows (page) > 0)
    {
      /* Whoever is told may drop the list. */
      g_autoptr (ErosAnswer) held = g_object_ref (self);

      stretch->n_rows += eros_page_get_n_rows (page);
      g_ptr_array_add (stretch->pages, g_steal_pointer (&page));
      load_waiting_rows (self, stretch);
      set_error (self, NULL);
      if (fetch->result != NULL)
        drop_what_is_too_much (self);
      if (fetch->result != NULL && stretch->n_rows < rows_wanted (self, stretch))
        {
          if (bytes_of (stretch) <= MOST_BYTES)
            {
              fetch_rest (fetch);
              return;
            }
          set_error (self, _ ("The rows are too large to be shown. Select fewer columns, or parts of them."));
        }
    }
  else
    set_error (self, error != NULL ? error->message : _ ("The answer has fewer rows than the server says."));
  self = fetch->result;
  g_free (fetch);
  if (self == NULL)
    return;
  stretch->is_fetching = FALSE;
  self->fetch = NULL;
  fetch_next (self);
}

/* What the server has not sent yet of it: it may end a page early. */
static void
fetch_rest (Fetch *fetch)
{
  ErosAnswer *self = fetch->result;
  Stretch *stretch = fetch->stretch;

  eros_big_query_read_rows_async (self->big_query, self->job, stretch->start + stretch->n_rows, self->schema,
                                  rows_wanted (self, stretch) - stretch->n_rows, self->cancellable,
                                  fetched_cb, fetch);
}

/* One at a time, the last one asked for first: whoever scrolls does not look at what was in between. */
static void
fetch_next (ErosAnswer *self)
{
  g_autofree guint64 *start = NULL;
  Stretch *stretch;

  if (self->fetch != NULL)
    return;
  start = g_queue_pop_head (&self->waiting);
  if (start == NULL)
    return;
  stretch = find_stretch (self, *start);
  if (stretch == NULL)
    stretch = add_stretch (self, *start);
  if (stretch->n_rows >= rows_wanted (self, stretch) || bytes_of (stretch) > MOST_BYTES)
    {
      fetch_next (self);
      return;
    }
  stretch->is_fetching = TRUE;
  self->fetch = g_new0 (Fetch, 1);
  self->fetch->result = self;
  self->fetch->stretch = stretch;
  fetch_rest (self->fetch);
}

static void
ask_for (ErosAnswer *self, guint64 start)
{
  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    if (*(guint64 *) link->data == start)
      {
        g_queue_unlink (&self->waiting, link);
        g_queue_push_head_link (&self->waiting, link);
        return;
      }
  g_queue_push_head (&self->waiting, g_memdup2 (&start, sizeof start));
  while (self->waiting.length > MOST_WAITING)
    g_free (g_queue_pop_tail (&self->waiting));
  fetch_next (self);
}

/* ---- the list ------------------------------------------------------------------------------------------ */

static GType
get_item_type (GListModel *model)
{
  return EROS_TYPE_ANSWER_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return EROS_ANSWER (model)->n_rows;
}

static gpointer
get_item (GListModel *model, guint position)
{
  ErosAnswer *self = EROS_ANSWER (model);
  guint64 start = position - position % self->stretch_rows;
  ErosAnswerRow *row;
  Stretch *stretch;

  if (position >= self->n_rows)
    return NULL;
  row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (position));
  if (row != NULL)
    {
      ask_for (self, start);
      return g_object_ref (row);
    }
  row = g_object_new (EROS_TYPE_ANSWER_ROW, NULL);
  row->position = position;
  stretch = find_stretch (self, start);
  if (stretch != NULL && load_row (row, stretch))
    return row;
  row->result = self;
  g_hash_table_insert (self->rows, GUINT_TO_POINTER (position), row);
  if (stretch == NULL || !stretch->is_fetching)
    ask_for (self, start);
  return row;
}

static void
eros_answer_list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
eros_answer_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ERROR)
    g_value_set_string (value, EROS_ANSWER (object)->error);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
eros_answer_dispose (GObject *object)
{
  ErosAnswer *self = EROS_ANSWER (object);
  GHashTableIter iter;
  ErosAnswerRow *row;

  if (self->fetch != NULL)
    self->fetch->result = NULL;
  self->fetch = NULL;
  g_cancellable_cancel (self->cancellable);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &row))
    row->result = NULL;
  g_hash_table_remove_all (self->rows);
  G_OBJECT_CLASS (eros_answer_parent_class)->dispose (object);
}

static void
eros_answer_finalize (GObject *object)
{
  ErosAnswer *self = EROS_ANSWER (object);

  g_clear_object (&self->big_query);
  g_clear_object (&self->job);
  g_clear_pointer (&self->schema, eros_schema_unref);
  g_queue_clear_full (&self->stretches, (GDestroyNotify) stretch_free);
  g_queue_clear_full (&self->waiting, g_free);
  g_hash_table_unref (self->rows);
  g_clear_object (&self->cancellable);
  g_free (self->error);
  G_OBJECT_CLASS (eros_answer_parent_class)->finalize (object);
}

static void
eros_answer_class_init (ErosAnswerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = eros_answer_get_property;
  object_class->dispose = eros_answer_dispose;
  object_class->finalize = eros_answer_finalize;
  properties[PROP_ERROR] = g_param_spec_string (
    "error", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
eros_answer_init (ErosAnswer *self)
{
  self->stretch_rows = STRETCH_ROWS;
  self->rows = g_hash_table_new (NULL, NULL);
  self->cancellable = g_cancellable_new ();
}

ErosSchema *
eros_answer_get_schema (ErosAnswer *self)
{
  return self->schema;
}

const char *
eros_answer_get_error (ErosAnswer *self)
{
  return self->error;
}

/* ---- opening ------------------------------------------------------------------------------------------- */

static void
opened_cb (GObject *source, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ErosAnswer) self = g_object_ref (g_task_get_task_data (task));
  GError *error = NULL;
  guint64 total = 0;
  g_autoptr (ErosPage) page =
    eros_big_query_read_page_finish (EROS_BIG_QUERY (source), answer, NULL, &total, &error);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (page != NULL)
    {
      self->schema = eros_schema_ref (eros_page_get_schema (page));
      /* A list's length is a guint; nobody scrolls so far. */
      self->n_rows = MIN (total, G_MAXINT32);
      if (eros_page_get_n_rows (page) > 0)
        {
          Stretch *stretch = add_stretch (self, 0);

          stretch->n_rows = eros_page_get_n_rows (page);
          self->stretch_rows =
            CLAMP (STRETCH_BYTES / (eros_page_get_size (page) / stretch->n_rows + 1), 1, STRETCH_ROWS);
          g_ptr_array_add (stretch->pages, g_steal_pointer (&page));
        }
    }
  g_task_return_pointer (task, g_steal_pointer (&self), g_object_unref);
}

/**
 * eros_answer_open_async:
 * @big_query: a client
 * @job: a query that is done
 * @cancellable: (nullable): for the first page; later ones stop with the list
 * @callback: called when the first page is there
 * @user_data: for @callback
 */
void
eros_answer_open_async (ErosBigQuery *big_query,
                        ErosJob *job,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  ErosAnswer *self = g_object_new (EROS_TYPE_ANSWER, NULL);

  g_task_set_source_tag (task, eros_answer_open_async);
  self->big_query = g_object_ref (big_query);
  self->job = g_object_ref (job);
  g_task_set_task_data (task, self, g_object_unref);
  eros_big_query_read_rows_async (big_query, job, 0, NULL, STRETCH_ROWS, cancellable, opened_cb,
                                  g_object_ref (task));
}

ErosAnswer *
eros_answer_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_answer_open_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
