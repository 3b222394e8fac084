/* eros-page.c: some rows of an answer, in typed columns
 *
 * Rows and texts lie in blocks of one size, which are used again by the next page: an answer of a million
 * rows asks the system for the memory of two pages, not of all.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>

#include "eros-cell.h"
#include "eros-page-private.h"

#define BLOCK_SIZE (64 * 1024)
#define MOST_SPARE 32 /* blocks that are kept for the next page */
/* BigQuery ends a page at about 20 MB of JSON, which takes no more room than this. */
#define PAGE_LIMIT (64 * 1024 * 1024)

typedef union
{
  gint64 integer;
  double real;
  const char *text;
} Value;

typedef struct
{
  char *data;
  gsize size;
  gsize used; /* of a block of texts */
} Block;

struct _ErosPage
{
  GObject parent_instance;

  ErosSchema *schema;
  ErosColumnType *types; /* of a scalar; EROS_COLUMN_STRUCT for anything nested or repeated */
  guint n_columns;
  guint n_rows;
  guint next;   /* cell of the row that is being filled */
  gsize stride; /* bytes of a row: its values, then a byte for each that says whether it is NULL */
  guint rows_per_block;
  GArray *rows;   /* of Block */
  GArray *texts;  /* of Block: texts, each terminated */
  gsize size;     /* of all blocks */
  char *row;      /* that is being filled */
  guint row_text; /* where its texts begin: block and place */
  gsize row_place;
};

G_DEFINE_FINAL_TYPE (ErosPage, eros_page, G_TYPE_OBJECT)

/* ---- blocks -------------------------------------------------------------------------------------------- */

static GMutex spare_lock;
static char *spare[MOST_SPARE];
static guint n_spare;

static char *
take_block (gsize size)
{
  char *data = NULL;

  if (size == BLOCK_SIZE)
    {
      g_mutex_lock (&spare_lock);
      if (n_spare > 0)
        data = spare[--n_spare];
      g_mutex_unlock (&spare_lock);
    }
  return data != NULL ? data : g_malloc (size);
}

static void
give_block (Block *block)
{
  char *data = block->data;

  if (block->size == BLOCK_SIZE)
    {
      g_mutex_lock (&spare_lock);
      if (n_spare < MOST_SPARE)
        spare[n_spare++] = g_steal_pointer (&data);
      g_mutex_unlock (&spare_lock);
    }
  g_free (data);
}

/* NULL: the page is as full as it may be. */
static Block *
add_block (ErosPage *self, GArray *blocks, gsize size)
{
  Block block = { NULL, MAX (size, BLOCK_SIZE), 0 };

  if (self->size + block.size > PAGE_LIMIT)
    return NULL;
  self->size += block.size;
  block.data = take_block (block.size);
  g_array_append_val (blocks, block);
  return &g_array_index (blocks, Block, blocks->len - 1);
}

static void
free_blocks (GArray *blocks)
{
  for (guint i = 0; i < blocks->len; i++)
    give_block (&g_array_index (blocks, Block, i));
  g_array_unref (blocks);
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

static void
eros_page_finalize (GObject *object)
{
  ErosPage *self = EROS_PAGE (object);

  free_blocks (self->rows);
  free_blocks (self->texts);
  g_free (self->types);
  g_clear_pointer (&self->schema, eros_schema_unref);
  G_OBJECT_CLASS (eros_page_parent_class)->finalize (object);
}

static void
eros_page_class_init (ErosPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_page_finalize;
}

static void
eros_page_init (ErosPage *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (Block));
  self->texts = g_array_new (FALSE, FALSE, sizeof (Block));
}

ErosPage *
eros_page_new (ErosSchema *schema)
{
  ErosPage *self = g_object_new (EROS_TYPE_PAGE, NULL);

  self->schema = eros_schema_ref (schema);
  self->n_columns = eros_schema_get_n_columns (schema);
  self->types = g_new0 (ErosColumnType, self->n_columns);
  for (guint i = 0; i < self->n_columns; i++)
    self->types[i] =
      eros_schema_is_repeated (schema, i) ? EROS_COLUMN_STRUCT : eros_schema_get_column_type (schema, i);
  self->stride =
    ((sizeof (Value) + 1) * MAX (self->n_columns, 1) + sizeof (Value) - 1) & ~(sizeof (Value) - 1);
  self->rows_per_block = MAX (1, BLOCK_SIZE / self->stride);
  return self;
}

static char *
row_at (ErosPage *self, guint row)
{
  return g_array_index (self->rows, Block, row / self->rows_per_block).data +
         (row % self->rows_per_block) * self->stride;
}

/* Counts may not end at G_MAXUINT, and a row without columns takes no room: there may not be many of those.
 */
#define MOST_ROWS (16 * 1024 * 1024)

gboolean
eros_page_begin_row (ErosPage *self)
{
  if (self->n_rows >= MOST_ROWS || (self->n_rows / self->rows_per_block >= self->rows->len &&
                                    add_block (self, self->rows, self->stride) == NULL))
    return FALSE;
  self->row = row_at (self, self->n_rows);
  self->next = 0;
  self->row_text = self->texts->len;
  self->row_place = self->texts->len > 0 ? g_array_index (self->texts, Block, self->texts->len - 1).used : 0;
  return TRUE;
}

void
eros_page_drop_row (ErosPage *self)
{
  self->next = 0;
  while (self->texts->len > self->row_text)
    {
      Block *last = &g_array_index (self->texts, Block, self->texts->len - 1);

      self->size -= last->size;
      give_block (last);
      g_array_set_size (self->texts, self->texts->len - 1);
    }
  if (self->texts->len > 0)
    g_array_index (self->texts, Block, self->texts->len - 1).used = self->row_place;
}

gboolean
eros_page_end_row (ErosPage *self)
{
  if (self->next != self->n_columns)
    return FALSE;
  self->n_rows++;
  return TRUE;
}

static gboolean
is_ascii (const char *text, gsize length)
{
  guint64 all = 0;
  gsize i = 0;

  for (; i + 8 <= length; i += 8)
    {
      guint64 word;

      memcpy (&word, text + i, 8);
      all |= word;
    }
  for (; i < length; i++)
    all |= (guint8) text[i];
  return (all & G_GUINT64_CONSTANT (0x8080808080808080)) == 0;
}

static gboolean
is_utf8 (const char *text, gsize length)
{
  const char *end = text + length;

  /* Each text ends with a NUL, over which g_utf8_validate () does not go. */
  while (text < end)
    {
      const char *stop;

      if (!g_utf8_validate (text, end - text, &stop) && (stop == end || *stop != '\0'))
        return FALSE;
      text = stop + 1;
    }
  return TRUE;
}

gboolean
eros_page_seal (ErosPage *self)
{
  for (guint i = 0; i < self->texts->len; i++)
    {
      const Block *block = &g_array_index (self->texts, Block, i);

      if (!is_ascii (block->data, block->used) && !is_utf8 (block->data, block->used))
        return FALSE;
    }
  return TRUE;
}

/* ---- cells --------------------------------------------------------------------------------------------- */

static guint8 *
null_flags (ErosPage *self, char *row)
{
  return (guint8 *) row + self->n_columns * sizeof (Value);
}

static const char *
store_text (ErosPage *self, const char *text, gsize length, gboolean escaped)
{
  Block *block = self->texts->len > 0 ? &g_array_index (self->texts, Block, self->texts->len - 1) : NULL;
  gssize written = length;
  char *to;

  if (block == NULL || block->size - block->used <= length)
    block = add_block (self, self->texts, length + 1);
  if (block == NULL)
    return NULL;
  to = block->data + block->used;
  if (!escaped)
    memcpy (to, text, length);
  else if ((written = eros_cell_unescape (text, length, to)) < 0)
    return NULL;
  to[written] = '\0';
  block->used += written + 1;
  return to;
}

gboolean
eros_page_add_text (ErosPage *self, const char *text, gsize length, gboolean escaped)
{
  Value *value;

  if (self->next >= self->n_columns)
    return FALSE;
  value = (Value *) (gpointer) self->row + self->next;
  null_flags (self, self->row)[self->next] = text == NULL;
  if (text == NULL)
    {
      self->next++;
      return TRUE;
    }
  switch (self->types[self->next++])
    {
    case EROS_COLUMN_INT64:
      return eros_cell_parse_integer (text, length, &value->integer);
    case EROS_COLUMN_TIMESTAMP:
      return eros_cell_parse_timestamp (text, length, &value->integer);
    case EROS_COLUMN_BOOL:
      return eros_cell_parse_bool (text, length, &value->integer);
    case EROS_COLUMN_FLOAT64:
      return eros_cell_parse_real (text, length, &value->real);
    case EROS_COLUMN_STRUCT:
      return FALSE;
    case EROS_COLUMN_STRING:
    case EROS_COLUMN_BYTES:
    case EROS_COLUMN_NUMERIC:
    case EROS_COLUMN_DATE:
    case EROS_COLUMN_TIME:
    case EROS_COLUMN_DATETIME:
    case EROS_COLUMN_JSON:
    case EROS_COLUMN_OTHER:
    default:
      value->text = store_text (self, text, length, escaped);
      return value->text != NULL;
    }
}

gboolean
eros_page_add_json (ErosPage *self, const char *text, gsize length)
{
  Value *value = (Value *) (gpointer) self->row + self->next;

  if (self->next >= self->n_columns || self->types[self->next] != EROS_COLUMN_STRUCT)
    return FALSE;
  null_flags (self, self->row)[self->next++] = FALSE;
  value->text = store_text (self, text, length, FALSE);
  return value->text != NULL;
}

ErosSchema *
eros_page_get_schema (ErosPage *self)
{
  return self->schema;
}

guint
eros_page_get_n_rows (ErosPage *self)
{
  return self->n_rows;
}

gsize
eros_page_get_size (ErosPage *self)
{
  return self->size;
}

static const Value *
value_at (ErosPage *self, guint row, guint column)
{
  return (const Value *) (gpointer) row_at (self, row) + column;
}

gboolean
eros_page_is_null (ErosPage *self, guint row, guint column)
{
  g_return_val_if_fail (row < self->n_rows && column < self->n_columns, TRUE);
  return null_flags (self, row_at (self, row))[column];
}

static gboolean
is_integer (ErosColumnType type)
{
  return type == EROS_COLUMN_INT64 || type == EROS_COLUMN_BOOL || type == EROS_COLUMN_TIMESTAMP;
}

gint64
eros_page_get_int64 (ErosPage *self, guint row, guint column)
{
  if (eros_page_is_null (self, row, column) || !is_integer (self->types[column]))
    return 0;
  return value_at (self, row, column)->integer;
}

double
eros_page_get_double (ErosPage *self, guint row, guint column)
{
  if (eros_page_is_null (self, row, column))
    return 0;
  if (self->types[column] == EROS_COLUMN_FLOAT64)
    return value_at (self, row, column)->real;
  return eros_page_get_int64 (self, row, column);
}

const char *
eros_page_get_text (ErosPage *self, guint row, guint column)
{
  if (eros_page_is_null (self, row, column) || is_integer (self->types[column]) ||
      self->types[column] == EROS_COLUMN_FLOAT64)
    return NULL;
  return value_at (self, row, column)->text;
}

char *
eros_page_dup_text (ErosPage *self, guint row, guint column)
{
  gint64 integer = eros_page_get_int64 (self, row, column);

  if (eros_page_is_null (self, row, column))
    return NULL;
  if (self->types[column] == EROS_COLUMN_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, integer);
  if (self->types[column] == EROS_COLUMN_BOOL)
    return g_strdup (integer ? "true" : "false");
  if (self->types[column] == EROS_COLUMN_TIMESTAMP)
    return eros_cell_format_timestamp (integer);
  if (self->types[column] == EROS_COLUMN_FLOAT64)
    return eros_cell_format_real (eros_page_get_double (self, row, column));
  return g_strdup (eros_page_get_text (self, row, column));
}

GHashTable *
eros_page_dup_row (ErosPage *self, guint row)
{
  GHashTable *values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < self->n_columns; i++)
    g_hash_table_insert (values, g_strdup (eros_schema_get_name (self->schema, i)),
                         eros_page_dup_text (self, row, i));
  return values;
}
