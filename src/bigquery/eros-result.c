/* eros-result.c: a query's whole answer as a list, of which only what is looked at is in memory
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-result.h"

#include <glib/gi18n-lib.h>

#define STRETCH_ROWS   500 /* rows that are fetched together */
#define MOST_STRETCHES 8   /* that are kept, besides those that rows hold on to */
#define MOST_WAITING   4   /* that are still worth fetching when somebody scrolls past many */

/* A run of rows, from one page or (when the server ends pages early) several. */
typedef struct
{
  guint64 start;
  GPtrArray *pages; /* of ErosPage */
  guint n_rows;     /* on them */
  gboolean is_fetching;
} Stretch;

struct _ErosResult
{
  GObject parent_instance;

  ErosBigQuery *big_query;
  ErosJob *job;
  ErosSchema *schema;
  guint n_rows;
  GQueue stretches;     /* of Stretch, last used first */
  GQueue waiting;       /* of guint64 *: starts of those to be fetched, last asked for first */
  struct _Fetch *fetch; /* (nullable): what is under way */
  GHashTable *rows;     /* position → ErosResultRow that is not loaded, not owned */
  GCancellable *cancellable;
  char *error;
};

struct _ErosResultRow
{
  GObject parent_instance;

  ErosResult *result; /* (nullable): while it is not loaded; not owned */
  guint position;
  ErosPage *page;
  guint row;
};

static void eros_result_list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE (ErosResultRow, eros_result_row, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE_WITH_CODE (ErosResult,
                               eros_result,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, eros_result_list_model_init))

/* ---- a row
 * ----------------------------------------------------------------------------------------------------- */

enum
{
  ROW_PROP_LOADED = 1,
  N_ROW_PROPS
};

static GParamSpec *row_properties[N_ROW_PROPS];

static void
eros_result_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == ROW_PROP_LOADED)
    g_value_set_boolean (value, eros_result_row_get_loaded (EROS_RESULT_ROW (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
eros_result_row_finalize (GObject *object)
{
  ErosResultRow *self = EROS_RESULT_ROW (object);

  if (self->result != NULL)
    g_hash_table_remove (self->result->rows, GUINT_TO_POINTER (self->position));
  g_clear_object (&self->page);
  G_OBJECT_CLASS (eros_result_row_parent_class)->finalize (object);
}

static void
eros_result_row_class_init (ErosResultRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = eros_result_row_get_property;
  object_class->finalize = eros_result_row_finalize;
  row_properties[ROW_PROP_LOADED] = g_param_spec_boolean (
    "loaded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_ROW_PROPS, row_properties);
}

static void
eros_result_row_init (ErosResultRow *self)
{
}

gboolean
eros_result_row_get_loaded (ErosResultRow *self)
{
  return self->page != NULL;
}

ErosPage *
eros_result_row_get_page (ErosResultRow *self, guint *row)
{
  if (row != NULL)
    *row = self->row;
  return self->page;
}

char *
eros_result_row_dup_text (ErosResultRow *self, guint column)
{
  return self->page != NULL ? eros_page_dup_text (self->page, self->row, column) : NULL;
}

/* ---- stretches
 * ------------------------------------------------------------------------------------------------- */

static void
stretch_free (Stretch *stretch)
{
  g_ptr_array_unref (stretch->pages);
  g_free (stretch);
}

static guint
rows_wanted (ErosResult *self, Stretch *stretch)
{
  return MIN (STRETCH_ROWS, self->n_rows - stretch->start);
}

static Stretch *
find_stretch (ErosResult *self, guint64 start)
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

static Stretch *
add_stretch (ErosResult *self, guint64 start)
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
load_row (ErosResultRow *row, Stretch *stretch)
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
load_waiting_rows (ErosResult *self, Stretch *stretch)
{
  for (guint i = 0; i < stretch->n_rows; i++)
    {
      gpointer key = GUINT_TO_POINTER ((guint) stretch->start + i);
      ErosResultRow *row = g_hash_table_lookup (self->rows, key);

      if (row == NULL || !load_row (row, stretch))
        continue;
      g_hash_table_remove (self->rows, key);
      g_object_notify_by_pspec (G_OBJECT (row), row_properties[ROW_PROP_LOADED]);
    }
}

/* ---- fetching
 * -------------------------------------------------------------------------------------------------- */

enum
{
  PROP_ERROR = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void fetch_next (ErosResult *self);

/* error: (nullable) */
static void
set_error (ErosResult *self, const char *error)
{
  if (g_strcmp0 (self->error, error) == 0)
    return;
  g_free (self->error);
  self->error = g_strdup (error);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

typedef struct _Fetch
{
  ErosResult *result; /* NULL once nobody wants it any more; not owned */
  Stretch *stretch;   /* stays while it is being fetched */
} Fetch;

static void fetch_rest (Fetch *fetch);

static void
fetched_cb (GObject *source, GAsyncResult *answer, gpointer user_data)
{
  Fetch *fetch = user_data;
  ErosResult *self = fetch->result;
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
      g_autoptr (ErosResult) held = g_object_ref (self);

      stretch->n_rows += eros_page_get_n_rows (page);
      g_ptr_array_add (stretch->pages, g_steal_pointer (&page));
      load_waiting_rows (self, stretch);
      set_error (self, NULL);
      if (fetch->result != NULL && stretch->n_rows < rows_wanted (self, stretch))
        {
          fetch_rest (fetch);
          return;
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
  ErosResult *self = fetch->result;
  Stretch *stretch = fetch->stretch;

  eros_big_query_read_rows_async (self->big_query, self->job, stretch->start + stretch->n_rows, self->schema,
                                  rows_wanted (self, stretch) - stretch->n_rows, self->cancellable,
                                  fetched_cb, fetch);
}

/* One at a time, the last one asked for first: whoever scrolls does not look at what was in between. */
static void
fetch_next (ErosResult *self)
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
  if (stretch->n_rows >= rows_wanted (self, stretch))
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
ask_for (ErosResult *self, guint64 start)
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

/* ---- the list
 * -------------------------------------------------------------------------------------------------- */

static GType
get_item_type (GListModel *model)
{
  return EROS_TYPE_RESULT_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return EROS_RESULT (model)->n_rows;
}

static gpointer
get_item (GListModel *model, guint position)
{
  ErosResult *self = EROS_RESULT (model);
  guint64 start = position - position % STRETCH_ROWS;
  ErosResultRow *row;
  Stretch *stretch;

  if (position >= self->n_rows)
    return NULL;
  row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (position));
  if (row != NULL)
    {
      ask_for (self, start);
      return g_object_ref (row);
    }
  row = g_object_new (EROS_TYPE_RESULT_ROW, NULL);
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
eros_result_list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
eros_result_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ERROR)
    g_value_set_string (value, EROS_RESULT (object)->error);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
eros_result_dispose (GObject *object)
{
  ErosResult *self = EROS_RESULT (object);
  GHashTableIter iter;
  ErosResultRow *row;

  if (self->fetch != NULL)
    self->fetch->result = NULL;
  self->fetch = NULL;
  g_cancellable_cancel (self->cancellable);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &row))
    row->result = NULL;
  g_hash_table_remove_all (self->rows);
  G_OBJECT_CLASS (eros_result_parent_class)->dispose (object);
}

static void
eros_result_finalize (GObject *object)
{
  ErosResult *self = EROS_RESULT (object);

  g_clear_object (&self->big_query);
  g_clear_object (&self->job);
  g_clear_pointer (&self->schema, eros_schema_unref);
  g_queue_clear_full (&self->stretches, (GDestroyNotify) stretch_free);
  g_queue_clear_full (&self->waiting, g_free);
  g_hash_table_unref (self->rows);
  g_clear_object (&self->cancellable);
  g_free (self->error);
  G_OBJECT_CLASS (eros_result_parent_class)->finalize (object);
}

static void
eros_result_class_init (ErosResultClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = eros_result_get_property;
  object_class->dispose = eros_result_dispose;
  object_class->finalize = eros_result_finalize;
  properties[PROP_ERROR] = g_param_spec_string (
    "error", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
eros_result_init (ErosResult *self)
{
  self->rows = g_hash_table_new (NULL, NULL);
  self->cancellable = g_cancellable_new ();
}

ErosSchema *
eros_result_get_schema (ErosResult *self)
{
  return self->schema;
}

const char *
eros_result_get_error (ErosResult *self)
{
  return self->error;
}

/* ---- opening
 * --------------------------------------------------------------------------------------------------- */

static void
opened_cb (GObject *source, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ErosResult) self = g_object_ref (g_task_get_task_data (task));
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
          g_ptr_array_add (stretch->pages, g_steal_pointer (&page));
        }
    }
  g_task_return_pointer (task, g_steal_pointer (&self), g_object_unref);
}

/**
 * eros_result_open_async:
 * @big_query: a client
 * @job: a query that is done
 * @cancellable: (nullable): for the first page; later ones stop with the list
 * @callback: called when the first page is there
 * @user_data: for @callback
 */
void
eros_result_open_async (ErosBigQuery *big_query,
                        ErosJob *job,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  ErosResult *self = g_object_new (EROS_TYPE_RESULT, NULL);

  g_task_set_source_tag (task, eros_result_open_async);
  self->big_query = g_object_ref (big_query);
  self->job = g_object_ref (job);
  g_task_set_task_data (task, self, g_object_unref);
  eros_big_query_read_rows_async (big_query, job, 0, NULL, STRETCH_ROWS, cancellable, opened_cb,
                                  g_object_ref (task));
}

ErosResult *
eros_result_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_result_open_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
