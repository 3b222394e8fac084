/* eros-native-collecting.c: STRING_AGG, ARRAY_AGG, ARRAY_CONCAT_AGG, MAX_BY, MIN_BY
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

/* ---- STRING_AGG ---------------------------------------------------------------------------------------- */

typedef struct
{
  GString *text;
} Text;

static void
text_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Text *state = data;
  const char *piece = NULL;
  const char *separator = ",";
  gsize size = 0;
  gsize separator_size = 1;

  if (eros_arg_is_null (values[0]))
    return;
  if (n > 1)
    separator = eros_arg_data (values[1], &separator_size);
  if (state->text == NULL)
    state->text = g_string_new (NULL);
  else
    g_string_append_len (state->text, separator, (gssize) separator_size);
  piece = eros_arg_data (values[0], &size);
  g_string_append_len (state->text, piece, (gssize) size);
}

static void
string_result (sqlite3_context *context, gpointer data)
{
  const Text *state = data;

  if (state->text == NULL)
    sqlite3_result_null (context);
  else
    eros_result_text (context, state->text->str, state->text->len);
}

static void
bytes_result (sqlite3_context *context, gpointer data)
{
  const Text *state = data;

  if (state->text == NULL)
    sqlite3_result_null (context);
  else
    eros_result_blob (context, state->text->str, state->text->len);
}

static void
text_clear (gpointer data)
{
  Text *state = data;

  if (state->text != NULL)
    g_string_free (state->text, TRUE);
}

static const ErosAggregate string_agg = { sizeof (Text), text_step, NULL, string_result, text_clear };
static const ErosAggregate bytes_agg = { sizeof (Text), text_step, NULL, bytes_result, text_clear };

/* ---- ARRAY_AGG, ARRAY_CONCAT_AGG ----------------------------------------------------------------------- */

typedef struct
{
  ErosSqlBuilder builder;
} Array;

static void
array_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Array *state = data;

  if (state->builder.bytes == NULL)
    eros_sql_builder_init (&state->builder, EROS_SQL_ARRAY);
  eros_builder_add_arg (&state->builder, values[0]);
}

static void
array_concat_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Array *state = data;
  gsize size = 0;
  const char *bytes = eros_arg_data (values[0], &size);

  if (eros_arg_is_null (values[0]))
    return;
  if (state->builder.bytes == NULL)
    eros_sql_builder_init (&state->builder, EROS_SQL_ARRAY);
  eros_sql_builder_add_all (&state->builder, bytes, size);
}

/* A copy: a window goes on with the state. */
static void
array_result (sqlite3_context *context, gpointer data)
{
  const Array *state = data;
  ErosSqlBuilder copy = { NULL, state->builder.n_elements };

  if (state->builder.bytes == NULL)
    {
      sqlite3_result_null (context);
      return;
    }
  copy.bytes = g_string_new_len (state->builder.bytes->str, (gssize) state->builder.bytes->len);
  eros_result_builder (context, &copy);
}

static void
array_clear (gpointer data)
{
  eros_sql_builder_clear (&((Array *) data)->builder);
}

static const ErosAggregate array_agg = { sizeof (Array), array_step, NULL, array_result, array_clear };
static const ErosAggregate array_concat_agg = { sizeof (Array), array_concat_step, NULL, array_result,
                                                array_clear };

/* ---- MAX_BY, MIN_BY ------------------------------------------------------------------------------------ */

typedef struct
{
  sqlite3_value *value;
  sqlite3_value *key;
} Best;

static void
best_step (Best *state, sqlite3_value **values, int wanted)
{
  if (eros_arg_is_null (values[1]) ||
      (state->key != NULL && eros_compare_args (values[1], state->key) * wanted <= 0))
    return;
  sqlite3_value_free (state->value);
  sqlite3_value_free (state->key);
  state->value = sqlite3_value_dup (values[0]);
  state->key = sqlite3_value_dup (values[1]);
}

static void
max_by_step (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  best_step (state, values, 1);
}

static void
min_by_step (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  best_step (state, values, -1);
}

static void
best_result (sqlite3_context *context, gpointer data)
{
  const Best *state = data;

  if (state->value != NULL)
    sqlite3_result_value (context, state->value);
  else
    sqlite3_result_null (context);
}

static void
best_clear (gpointer data)
{
  Best *state = data;

  g_clear_pointer (&state->value, sqlite3_value_free);
  g_clear_pointer (&state->key, sqlite3_value_free);
}

static const ErosAggregate max_by = { sizeof (Best), max_by_step, NULL, best_result, best_clear };
static const ErosAggregate min_by = { sizeof (Best), min_by_step, NULL, best_result, best_clear };

#define COMMON                                                                                               \
  (EROS_FUNCTION_IS_AGGREGATE | EROS_FUNCTION_HAVING | EROS_FUNCTION_WINDOW | EROS_FUNCTION_FRAME)
#define STRINGS (COMMON | EROS_FUNCTION_DISTINCT | EROS_FUNCTION_ORDER_BY | EROS_FUNCTION_LIMIT)

const ErosNative eros_native_collecting[] = {
  { "STRING_AGG", "(STRING, [STRING]) -> STRING", "bq_string_agg", STRINGS | EROS_FUNCTION_SKIPS_NULLS, NULL,
    &string_agg },
  { "STRING_AGG", "(BYTES, [BYTES]) -> BYTES", "bq_bytes_agg", STRINGS | EROS_FUNCTION_SKIPS_NULLS, NULL,
    &bytes_agg },
  { "ARRAY_AGG", "(T:element) -> ARRAY<T>", "bq_array_agg", STRINGS | EROS_FUNCTION_NULLS, NULL, &array_agg },
  { "ARRAY_CONCAT_AGG", "(ARRAY<T>) -> ARRAY<T>", "bq_array_concat_agg",
    EROS_FUNCTION_IS_AGGREGATE | EROS_FUNCTION_ORDER_BY | EROS_FUNCTION_LIMIT | EROS_FUNCTION_SKIPS_NULLS,
    NULL, &array_concat_agg },
  { "MAX_BY", "(T, U:orderable) -> T", "bq_max_by", COMMON, NULL, &max_by },
  { "MIN_BY", "(T, U:orderable) -> T", "bq_min_by", COMMON, NULL, &min_by },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
