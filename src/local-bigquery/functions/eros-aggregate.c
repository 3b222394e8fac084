/* eros-aggregate.c: aggregates with and without DISTINCT, ORDER BY, LIMIT …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-register-private.h"

static const ErosAggregate *
aggregate_of (sqlite3_context *context)
{
  const ErosRegistration *registration = sqlite3_user_data (context);

  return registration->native->aggregate;
}

/* ---- Plain --------------------------------------------------------------------------------------------- */

static void
plain_step (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosAggregate *aggregate = aggregate_of (context);
  gpointer state = sqlite3_aggregate_context (context, (int) aggregate->state_size);

  if (state != NULL)
    aggregate->step (context, state, n, values);
  else
    sqlite3_result_error_nomem (context);
}

static void
plain_inverse (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosAggregate *aggregate = aggregate_of (context);
  gpointer state = sqlite3_aggregate_context (context, (int) aggregate->state_size);

  if (state != NULL)
    aggregate->inverse (context, state, n, values);
}

static void
plain_value (sqlite3_context *context)
{
  const ErosAggregate *aggregate = aggregate_of (context);
  gpointer state = sqlite3_aggregate_context (context, (int) aggregate->state_size);

  if (state != NULL)
    aggregate->result (context, state);
}

static void
plain_final (sqlite3_context *context)
{
  const ErosAggregate *aggregate = aggregate_of (context);
  gpointer state = sqlite3_aggregate_context (context, (int) aggregate->state_size);

  if (state == NULL)
    return;
  aggregate->result (context, state);
  if (aggregate->clear != NULL)
    aggregate->clear (state);
}

/* With rows kept. The first argument says what is to be done with them (see describe_modifiers() in
 * eros-function-sql.c): "d" DISTINCT, "i" IGNORE NULLS, "lN" LIMIT, "oXY" for each key of ORDER BY (X: a, d;
 * Y: NULLs f, l), "h+" or "h-" HAVING MAX or MIN. Then come the aggregate's own arguments, the keys, and
 * HAVING's expression. ------ */

typedef struct
{
  char descending;
  char nulls_last;
} Key;

typedef struct
{
  guint n_values;
  sqlite3_value *values[];
} Row;

typedef struct
{
  gboolean distinct;
  gboolean ignore_nulls;
  gint64 limit;
  GArray *keys;
  char having;
  GPtrArray *rows; /* of Row; the first n_gone have left the window */
  guint n_gone;
  guint n_arguments; /* the aggregate's own */
  gpointer inner;    /* the aggregate's state over the rows, if they are all in it */
  gboolean fresh;
} Collection;

static void
row_free (gpointer data)
{
  Row *row = data;

  if (row == NULL)
    return;
  for (guint i = 0; i < row->n_values; i++)
    sqlite3_value_free (row->values[i]);
  g_free (row);
}

static void
parse_modifiers (Collection *collection, const char *text)
{
  collection->limit = -1;
  collection->keys = g_array_new (FALSE, FALSE, sizeof (Key));
  for (const char *p = text; *p != '\0'; p++)
    switch (*p)
      {
      case 'd':
        collection->distinct = TRUE;
        break;
      case 'i':
        collection->ignore_nulls = TRUE;
        break;
      case 'l':
        collection->limit = g_ascii_strtoll (p + 1, (char **) &p, 10);
        p--;
        break;
      case 'o':
        {
          Key key = { p[1] == 'd', p[2] == 'l' };

          g_array_append_val (collection->keys, key);
          p += 2;
          break;
        }
      case 'h':
        collection->having = *++p;
        break;
      default:
        break;
      }
}

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Row *x = *(Row *const *) a;
  const Row *y = *(Row *const *) b;
  const Collection *collection = user_data;

  for (guint i = 0; i < collection->keys->len; i++)
    {
      const Key *key = &g_array_index (collection->keys, Key, i);
      sqlite3_value *left = x->values[collection->n_arguments + i];
      sqlite3_value *right = y->values[collection->n_arguments + i];
      int order = 0;

      if (eros_arg_is_null (left) || eros_arg_is_null (right))
        {
          order = (int) eros_arg_is_null (right) - (int) eros_arg_is_null (left);
          if (key->nulls_last)
            order = -order;
        }
      else
        {
          order = eros_compare_args (left, right);
          if (key->descending)
            order = -order;
        }
      if (order != 0)
        return order;
    }
  return 0;
}

/* The aggregate's own arguments of a row, as bytes that are equal when they are. */
static GBytes *
row_key (const Row *row, guint n_arguments)
{
  ErosSqlBuilder builder;
  gsize size = 0;
  char *data = NULL;

  eros_sql_builder_init (&builder, EROS_SQL_STRUCT);
  for (guint i = 0; i < n_arguments; i++)
    if (sqlite3_value_type (row->values[i]) == SQLITE_FLOAT && sqlite3_value_double (row->values[i]) == 0)
      eros_sql_builder_add_real (&builder, 0);
    else
      eros_builder_add_arg (&builder, row->values[i]);
  data = eros_sql_builder_end (&builder, &size);
  return g_bytes_new_take (data, size);
}

static void
keep_distinct (GPtrArray *rows, guint n_arguments)
{
  g_autoptr (GHashTable) seen =
    g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  guint n_kept = 0;

  for (guint i = 0; i < rows->len; i++)
    if (g_hash_table_add (seen, row_key (rows->pdata[i], n_arguments)))
      rows->pdata[n_kept++] = rows->pdata[i];
  g_ptr_array_set_size (rows, (int) n_kept);
}

static void
keep_extreme (GPtrArray *rows, char having)
{
  sqlite3_value *best = NULL;
  guint n_kept = 0;

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < rows->len; i++)
      {
        Row *row = rows->pdata[i];
        sqlite3_value *value = row->values[row->n_values - 1];
        int order = best == NULL || eros_arg_is_null (value) ? 0 : eros_compare_args (value, best);

        if (eros_arg_is_null (value))
          continue;
        if (pass == 0 && (best == NULL || (having == '+' ? order > 0 : order < 0)))
          best = value;
        if (pass == 1 && order == 0)
          rows->pdata[n_kept++] = row;
      }
  g_ptr_array_set_size (rows, (int) n_kept);
}

/* The rows that count, in order; borrowed from the collection. */
static GPtrArray *
select_rows (Collection *collection)
{
  GPtrArray *rows = g_ptr_array_new ();

  for (guint i = collection->n_gone; i < collection->rows->len; i++)
    {
      Row *row = collection->rows->pdata[i];

      if (!collection->ignore_nulls || !eros_arg_is_null (row->values[0]))
        g_ptr_array_add (rows, row);
    }
  if (collection->having != '\0')
    keep_extreme (rows, collection->having);
  if (collection->distinct)
    keep_distinct (rows, collection->n_arguments);
  if (collection->keys->len > 0)
    g_ptr_array_sort_with_data (rows, compare_rows, collection);
  if (collection->limit >= 0 && collection->limit < rows->len)
    g_ptr_array_set_size (rows, (int) collection->limit);
  return rows;
}

static void
clear_inner (Collection *collection, const ErosAggregate *aggregate)
{
  if (collection->inner != NULL && aggregate->clear != NULL)
    aggregate->clear (collection->inner);
  g_clear_pointer (&collection->inner, g_free);
}

static gboolean
is_plain (const Collection *collection)
{
  return !collection->distinct && collection->limit < 0 && collection->keys->len == 0 &&
         collection->having == '\0';
}

static void
with_step (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosAggregate *aggregate = aggregate_of (context);
  Collection *collection = sqlite3_aggregate_context (context, sizeof (Collection));
  Row *row = NULL;

  if (collection == NULL)
    {
      sqlite3_result_error_nomem (context);
      return;
    }
  if (collection->rows == NULL)
    {
      parse_modifiers (collection, (const char *) sqlite3_value_text (values[0]));
      collection->rows = g_ptr_array_new_with_free_func (row_free);
      collection->n_arguments = (guint) n - 1 - collection->keys->len - (collection->having != '\0');
      collection->inner = g_malloc0 (aggregate->state_size);
      collection->fresh = is_plain (collection);
    }
  row = g_malloc (sizeof (Row) + (gsize) (n - 1) * sizeof (sqlite3_value *));
  row->n_values = (guint) n - 1;
  for (int i = 1; i < n; i++)
    row->values[i - 1] = sqlite3_value_dup (values[i]);
  g_ptr_array_add (collection->rows, row);
  /* Without an order of its own the aggregate can go on with what it has. */
  if (!is_plain (collection))
    collection->fresh = FALSE;
  else if (collection->fresh && (!collection->ignore_nulls || !eros_arg_is_null (values[1])))
    aggregate->step (context, collection->inner, n - 1, values + 1);
}

static void
with_inverse (sqlite3_context *context, int n, sqlite3_value **values)
{
  Collection *collection = sqlite3_aggregate_context (context, sizeof (Collection));

  if (collection == NULL || collection->rows == NULL || collection->n_gone >= collection->rows->len)
    return;
  g_clear_pointer (&collection->rows->pdata[collection->n_gone], row_free);
  collection->n_gone++;
  collection->fresh = FALSE;
  if (collection->n_gone > 64 && collection->n_gone > collection->rows->len / 2)
    {
      g_ptr_array_remove_range (collection->rows, 0, collection->n_gone);
      collection->n_gone = 0;
    }
}

static void
with_value (sqlite3_context *context)
{
  const ErosAggregate *aggregate = aggregate_of (context);
  Collection *collection = sqlite3_aggregate_context (context, sizeof (Collection));

  if (collection == NULL)
    return;
  if (collection->rows == NULL)
    {
      g_autofree gpointer empty = g_malloc0 (aggregate->state_size);

      aggregate->result (context, empty);
      return;
    }
  if (!collection->fresh)
    {
      g_autoptr (GPtrArray) rows = select_rows (collection);

      clear_inner (collection, aggregate);
      collection->inner = g_malloc0 (aggregate->state_size);
      for (guint i = 0; i < rows->len; i++)
        aggregate->step (context, collection->inner, (int) collection->n_arguments,
                         ((Row *) rows->pdata[i])->values);
      collection->fresh = TRUE;
    }
  aggregate->result (context, collection->inner);
}

static void
with_final (sqlite3_context *context)
{
  Collection *collection = sqlite3_aggregate_context (context, sizeof (Collection));

  with_value (context);
  if (collection == NULL || collection->rows == NULL)
    return;
  clear_inner (collection, aggregate_of (context));
  g_clear_pointer (&collection->rows, g_ptr_array_unref);
  g_clear_pointer (&collection->keys, g_array_unref);
}

int
eros_register_aggregate (sqlite3 *database, ErosRegistration *plain, ErosRegistration *with)
{
  const ErosNative *native = plain->native;
  gboolean builtin = (native->flags & EROS_FUNCTION_BUILTIN) != 0;
  const char *bare =
    g_str_has_prefix (native->native, "bq_") ? native->native + strlen ("bq_") : native->native;
  g_autofree char *name = g_strconcat ("bq_with_", bare, NULL);
  int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  int code = sqlite3_create_window_function (database, name, -1, flags, with, with_step, with_final,
                                             with_value, with_inverse, g_free);

  if (builtin || code != SQLITE_OK)
    {
      g_free (plain);
      return code;
    }
  if (native->aggregate->inverse == NULL)
    return sqlite3_create_function_v2 (database, native->native, -1, flags, plain, NULL, plain_step,
                                       plain_final, g_free);
  return sqlite3_create_window_function (database, native->native, -1, flags, plain, plain_step, plain_final,
                                         plain_value, plain_inverse, g_free);
}
