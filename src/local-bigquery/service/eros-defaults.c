/* eros-defaults.c: what a row gets for the columns that it does not name
 *
 * The engine computes DEFAULT expressions, many rows at a time, so that GENERATE_UUID () is another one in
 * each.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-defaults.h"

#include "eros-call.h"

#define FIRST_ROWS 1
#define MAX_ROWS   1024

struct _ErosDefaults
{
  ErosEngine *engine;
  char *user_email;
  ErosStoreTable *table;
  GArray *columns; /* of guint: those that have a default */
  char *select;    /* their expressions */
  guint n_rows;    /* that have been computed */
  guint row;       /* the present one */
  GArray *values;  /* of ErosSqlValue, row by row */
};

/**
 * eros_defaults_new:
 * @engine: the engine
 * @user_email: who inserts, for SESSION_USER ()
 * @table: where rows are inserted
 *
 * Returns: (transfer full): the defaults; the row before the first
 */
ErosDefaults *
eros_defaults_new (ErosEngine *engine, const char *user_email, ErosStoreTable *table)
{
  ErosDefaults *defaults = g_new0 (ErosDefaults, 1);
  GString *select = g_string_new (NULL);

  defaults->engine = engine;
  defaults->user_email = g_strdup (user_email);
  defaults->table = eros_store_table_ref (table);
  defaults->columns = g_array_new (FALSE, FALSE, sizeof (guint));
  defaults->values = g_array_new (FALSE, TRUE, sizeof (ErosSqlValue));
  g_array_set_clear_func (defaults->values, (GDestroyNotify) eros_sql_value_clear);
  for (guint i = 0; i < table->columns->len; i++)
    {
      const ErosStoreColumn *column = g_ptr_array_index (table->columns, i);

      if (column->default_expression == NULL)
        continue;
      g_string_append_printf (select, "%sCAST((%s) AS %s)", select->len > 0 ? ", " : "",
                              column->default_expression, eros_sql_type_get_name (column->type));
      g_array_append_val (defaults->columns, i);
    }
  defaults->select = g_string_free (select, FALSE);
  return defaults;
}

/**
 * eros_defaults_free:
 * @defaults: (transfer full) (nullable): the defaults
 */
void
eros_defaults_free (ErosDefaults *defaults)
{
  if (defaults == NULL)
    return;
  eros_store_table_unref (defaults->table);
  g_array_unref (defaults->columns);
  g_array_unref (defaults->values);
  g_free (defaults->select);
  g_free (defaults->user_email);
  g_free (defaults);
}

static gboolean
keep_cb (const ErosSqlValue *values, guint n_values, gpointer user_data)
{
  ErosDefaults *defaults = user_data;

  for (guint i = 0; i < n_values; i++)
    {
      ErosSqlValue copy = EROS_SQL_VALUE_INIT;

      eros_sql_value_copy (&values[i], &copy);
      g_array_append_val (defaults->values, copy);
    }
  return TRUE;
}

static gboolean
compute (ErosDefaults *defaults, guint n_rows, GError **error)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT %s FROM UNNEST(GENERATE_ARRAY(1, %u))", defaults->select, n_rows);
  ErosEngineRequest request = { .project = defaults->table->project,
                                .job_id = "defaults",
                                .user_email = defaults->user_email,
                                .query = sql };
  g_autoptr (ErosEngineResult) result = eros_engine_run (defaults->engine, &request, NULL);

  g_array_set_size (defaults->values, 0);
  defaults->row = 0;
  defaults->n_rows = n_rows;
  if (result->error_message != NULL)
    {
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                   "Could not compute the default values of %s: %s", defaults->table->name,
                   result->error_message);
      return FALSE;
    }
  return eros_store_result_foreach (result->result, 0, n_rows, keep_cb, defaults, error);
}

/**
 * eros_defaults_next:
 * @defaults: the defaults
 * @error: return location for a #GError
 *
 * Goes on to the next row's.
 *
 * Returns: whether there are any
 */
gboolean
eros_defaults_next (ErosDefaults *defaults, GError **error)
{
  if (defaults->columns->len == 0 || ++defaults->row < defaults->n_rows)
    return TRUE;
  return compute (defaults, defaults->n_rows == 0 ? FIRST_ROWS : MIN (defaults->n_rows * 8, MAX_ROWS), error);
}

/**
 * eros_defaults_fill:
 * @defaults: the defaults
 * @column: a column's index
 * @value: (out): takes a copy of the column's default, NULL where it has none
 */
void
eros_defaults_fill (ErosDefaults *defaults, guint column, ErosSqlValue *value)
{
  const ErosStoreColumn *self = g_ptr_array_index (defaults->table->columns, column);

  for (guint i = 0; i < defaults->columns->len; i++)
    if (g_array_index (defaults->columns, guint, i) == column)
      {
        eros_sql_value_copy (
          &g_array_index (defaults->values, ErosSqlValue, defaults->row * defaults->columns->len + i), value);
        return;
      }
  eros_sql_value_set_null (value, self->type);
}
