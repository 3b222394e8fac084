/* eros-function-sql.c: the SQLite text of calls and casts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-catalogue-private.h"

static void
append_quoted (GString *sql, const char *text)
{
  g_string_append_c (sql, '\'');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\'')
        g_string_append_c (sql, '\'');
      g_string_append_c (sql, *p);
    }
  g_string_append_c (sql, '\'');
}

static void
add_quoted (GPtrArray *all, const char *text)
{
  GString *quoted = g_string_new (NULL);

  append_quoted (quoted, text);
  g_ptr_array_add (all, g_string_free (quoted, FALSE));
}

/* By parameter: the argument for it, or -1. */
static int *
arguments_by_place (const ErosFunctionCall *call, guint *n_places)
{
  int *at = NULL;

  *n_places = 0;
  for (guint i = 0; i < call->places->len; i++)
    *n_places = MAX (*n_places, g_array_index (call->places, guint, i) + 1);
  at = g_new (int, *n_places + 1);
  for (guint i = 0; i < *n_places; i++)
    at[i] = -1;
  for (guint i = 0; i < call->places->len; i++)
    at[g_array_index (call->places, guint, i)] = (int) i;
  return at;
}

/* What the native function gets: values in the parameters' order, a part's text, an INTERVAL's number and
 * part. For a parameter before a named argument that is not given stands 0. */
static GPtrArray *
native_values (const ErosFunctionCall *call, const char *const *arguments)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_free);
  guint n_places = 0;
  g_autofree int *at = arguments_by_place (call, &n_places);

  for (guint place = 0; place < n_places; place++)
    {
      int i = at[place];

      if (i < 0)
        {
          g_ptr_array_add (all, g_strdup ("0"));
          continue;
        }
      if (call->argument_types->pdata[i] != NULL)
        g_ptr_array_add (all, g_strdup (arguments[i]));
      if (call->parts->pdata[i] != NULL)
        add_quoted (all, call->parts->pdata[i]);
    }
  return all;
}

/* And after them, where it needs them, the values' types. */
static GPtrArray *
native_types (const ErosFunctionCall *call)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_free);
  guint n_places = 0;
  g_autofree int *at = arguments_by_place (call, &n_places);

  for (guint place = 0; (call->flags & EROS_FUNCTION_NEEDS_TYPES) && place < n_places; place++)
    {
      int i = at[place];

      if (i < 0 || call->argument_types->pdata[i] != NULL)
        add_quoted (all, i < 0 ? "INT64" : eros_sql_type_get_name (call->argument_types->pdata[i]));
    }
  return all;
}

static GPtrArray *
native_arguments (const ErosFunctionCall *call, const char *const *arguments)
{
  GPtrArray *all = native_values (call, arguments);

  g_ptr_array_extend_and_steal (all, native_types (call));
  return all;
}

static void
append_list (const GPtrArray *arguments, guint first, GString *sql)
{
  for (guint i = first; i < arguments->len; i++)
    {
      if (i > first)
        g_string_append (sql, ", ");
      g_string_append (sql, g_ptr_array_index (arguments, i));
    }
}

/* ?1 … ?9 are arguments, ?* is all but the first. */
static void
append_template (const char *template, const GPtrArray *arguments, GString *sql)
{
  for (const char *p = template; *p != '\0'; p++)
    if (p[0] == '?' && g_ascii_isdigit (p[1]) && (guint) (p[1] - '1') < arguments->len)
      g_string_append (sql, g_ptr_array_index (arguments, (guint) (*++p - '1')));
    else if (p[0] == '?' && p[1] == '*')
      {
        append_list (arguments, 1, sql);
        p++;
      }
    else
      g_string_append_c (sql, *p);
}

/* Comparisons of FLOAT64 as operators, which an index can serve. NaN, a blob, is above every number in
 * SQLite: 9e999 is infinity. Arguments occur twice, so that they must be plain. */
static const struct
{
  const char *native;
  const char *template;
} inlined[] = {
  { "bq_float64_equal", "(?1 = ?2 AND (?1 <= 9e999 OR ?2 IS NULL))" },
  { "bq_float64_not_equal", "(NOT (?1 = ?2 AND (?1 <= 9e999 OR ?2 IS NULL)))" },
  { "bq_float64_less", "(?1 < ?2 AND (?2 <= 9e999 OR ?1 IS NULL))" },
  { "bq_float64_less_or_equal", "(?1 <= ?2 AND (?2 <= 9e999 OR ?1 IS NULL))" },
  { "bq_float64_greater", "(?1 > ?2 AND (?1 <= 9e999 OR ?2 IS NULL))" },
  { "bq_float64_between", "(?1 BETWEEN ?2 AND ?3 AND (?3 <= 9e999 OR ?3 IS NULL OR ?1 IS NULL))" },
  { "bq_float64_greater_or_equal", "(?1 >= ?2 AND (?1 <= 9e999 OR ?2 IS NULL))" },
};

static gboolean
all_plain (const GPtrArray *arguments)
{
  for (guint i = 0; i < arguments->len; i++)
    if (strchr (arguments->pdata[i], '(') != NULL)
      return FALSE;
  return TRUE;
}

static const char *
find_template (const char *native, const GPtrArray *arguments)
{
  if (native[0] == '(')
    return native;
  for (guint i = 0; i < G_N_ELEMENTS (inlined); i++)
    if (strcmp (inlined[i].native, native) == 0 && all_plain (arguments))
      return inlined[i].template;
  return NULL;
}

/* SQLite's functions have at most this many arguments. */
#define MAX_ARGUMENTS 127
#define MAX_VALUES    60 /* with a type for each */

static void
append_one_call (const ErosFunctionCall *call, gboolean safe, const GPtrArray *all, GString *sql)
{
  const char *template = find_template (call->native, all);

  if (template == NULL && all->len > MAX_ARGUMENTS)
    {
      g_string_append_printf (sql,
                              "bq_error('%s with so many arguments is not supported by the local BigQuery')",
                              call->function->name);
      return;
    }

  if (template != NULL)
    {
      append_template (template, all, sql);
      return;
    }
  if (safe && (call->flags & EROS_FUNCTION_CAN_FAIL))
    g_string_append_printf (sql, "bq_safe_%s(", call->native + strlen ("bq_"));
  else
    g_string_append_printf (sql, "%s(", call->native);
  append_list (all, 0, sql);
  g_string_append_c (sql, ')');
}

/* ---- SQLite's functions have at most 127 arguments ----------------------------------------------------- */

#define MAX_VALUES 60

/* The call's @n values from @first on, after @head (which may be NULL), and their types; borrowed. */
static GPtrArray *
part_of_call (const GPtrArray *values, const GPtrArray *types, gboolean head, guint first, guint n)
{
  GPtrArray *all = g_ptr_array_new ();
  const GPtrArray *lists[] = { values, types };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      if (head && lists[i]->len > 0)
        g_ptr_array_add (all, lists[i]->pdata[0]);
      for (guint j = first; j < first + n && j < lists[i]->len; j++)
        g_ptr_array_add (all, lists[i]->pdata[j]);
    }
  return all;
}

/* f (a, b, c, d) as f (f (a, b), c, d) */
static void
append_folded (const ErosFunctionCall *call, gboolean safe, GPtrArray *values, GPtrArray *types, GString *sql)
{
  g_autoptr (GPtrArray) all = NULL;

  while (values->len > MAX_VALUES)
    {
      g_autoptr (GPtrArray) front = part_of_call (values, types, FALSE, 0, MAX_VALUES);
      GString *text = g_string_new (NULL);

      append_one_call (call, safe, front, text);
      g_ptr_array_remove_range (values, 0, MAX_VALUES);
      g_ptr_array_insert (values, 0, g_string_free (text, FALSE));
      if (types->len == 0)
        continue;
      g_ptr_array_remove_range (types, 0, MAX_VALUES - 1);
      g_free (types->pdata[0]);
      types->pdata[0] = g_strdup_printf ("'%s'", eros_sql_type_get_name (call->result));
    }
  all = part_of_call (values, types, FALSE, 0, values->len);
  append_one_call (call, safe, all, sql);
}

/* x IN (a, b, c, d) as (x IN (a, b) OR x IN (c, d)) */
static void
append_alternatives (const ErosFunctionCall *call,
                     const GPtrArray *values,
                     const GPtrArray *types,
                     GString *sql)
{
  g_string_append_c (sql, '(');
  for (guint first = 1; first < values->len; first += MAX_VALUES)
    {
      g_autoptr (GPtrArray) part =
        part_of_call (values, types, TRUE, first, MIN (MAX_VALUES, values->len - first));

      if (first > 1)
        g_string_append (sql, " OR ");
      append_one_call (call, FALSE, part, sql);
    }
  g_string_append_c (sql, ')');
}

/**
 * eros_function_append_call:
 * @call: what eros_function_resolve() found, of a scalar function
 * @safe: whether the call has the SAFE. prefix
 * @arguments: an SQL text for each argument of the call, already of the types in @call; ignored where that is
 * a part
 * @sql: where to append
 */
void
eros_function_append_call (const ErosFunctionCall *call,
                           gboolean safe,
                           const char *const *arguments,
                           GString *sql)
{
  g_autoptr (GPtrArray) values = native_values (call, arguments);
  g_autoptr (GPtrArray) types = native_types (call);

  if (values->len > MAX_VALUES && (call->flags & EROS_FUNCTION_ASSOCIATIVE))
    append_folded (call, safe, values, types, sql);
  else if (values->len > MAX_VALUES && (call->flags & EROS_FUNCTION_ALTERNATIVES))
    append_alternatives (call, values, types, sql);
  else
    {
      g_autoptr (GPtrArray) all = part_of_call (values, types, FALSE, 0, values->len);

      append_one_call (call, safe, all, sql);
    }
}

static char *
describe_modifiers (const ErosFunctionCall *call, const ErosAggregateModifiers *modifiers)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (modifiers->distinct)
    g_string_append (text, "d ");
  if (modifiers->nulls == EROS_NULLS_IGNORE || (call->flags & EROS_FUNCTION_SKIPS_NULLS))
    g_string_append (text, "i ");
  if (modifiers->limit >= 0)
    g_string_append_printf (text, "l%" G_GINT64_FORMAT " ", modifiers->limit);
  for (guint i = 0; i < modifiers->n_keys; i++)
    g_string_append_printf (text, "o%c%c ", modifiers->keys[i].descending ? 'd' : 'a',
                            modifiers->keys[i].nulls_last ? 'l' : 'f');
  if (modifiers->having != NULL)
    g_string_append_printf (text, "h%c ", modifiers->having_max ? '+' : '-');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
needs_rows (const ErosFunctionCall *call, const ErosAggregateModifiers *modifiers, guint n_arguments)
{
  const ErosNative *native = call->signature->native;
  gboolean builtin = (call->flags & EROS_FUNCTION_BUILTIN) != 0;

  if (native->aggregate == NULL)
    return FALSE;
  return (modifiers->distinct && (modifiers->window || n_arguments != 1)) ||
         modifiers->nulls == EROS_NULLS_IGNORE || modifiers->limit >= 0 || modifiers->n_keys > 0 ||
         modifiers->having != NULL || (modifiers->window && !builtin && native->aggregate->inverse == NULL);
}

/* What ignores NULLs by itself takes RESPECT NULLS as one more argument. */
static void
append_respect (const ErosFunctionCall *call, const ErosAggregateModifiers *modifiers, GString *sql)
{
  if ((call->flags & EROS_FUNCTION_IGNORES_NULLS) && modifiers->nulls == EROS_NULLS_RESPECT)
    g_string_append (sql, ", 1");
}

/**
 * eros_function_append_aggregate:
 * @call: what eros_function_resolve() found, of an aggregate or analytic function
 * @modifiers: what stands in the parentheses beside the arguments
 * @arguments: as for eros_function_append_call()
 * @sql: where to append
 *
 * SQLite 3.40 knows none of the modifiers but DISTINCT of one argument: the others are the work of a
 * `bq_with_…` function, which keeps the rows.
 */
void
eros_function_append_aggregate (const ErosFunctionCall *call,
                                const ErosAggregateModifiers *modifiers,
                                const char *const *arguments,
                                GString *sql)
{
  g_autoptr (GPtrArray) all = native_arguments (call, arguments);
  const char *name = g_str_has_prefix (call->native, "bq_") ? call->native + strlen ("bq_") : call->native;

  if (call->native[0] == '(')
    {
      append_template (call->native, all, sql);
      return;
    }
  if (!needs_rows (call, modifiers, all->len))
    {
      g_string_append_printf (sql, "%s(%s", call->native, modifiers->distinct ? "DISTINCT " : "");
      if (all->len == 0 && strcmp (call->native, "count") == 0)
        g_string_append_c (sql, '*');
      append_list (all, 0, sql);
      append_respect (call, modifiers, sql);
    }
  else
    {
      g_autofree char *text = describe_modifiers (call, modifiers);

      g_string_append_printf (sql, "bq_with_%s('%s'", name, text);
      for (guint i = 0; i < all->len; i++)
        g_string_append_printf (sql, ", %s", (const char *) g_ptr_array_index (all, i));
      append_respect (call, modifiers, sql);
      for (guint i = 0; i < modifiers->n_keys; i++)
        g_string_append_printf (sql, ", %s", modifiers->keys[i].sql);
      if (modifiers->having != NULL)
        g_string_append_printf (sql, ", %s", modifiers->having);
    }
  g_string_append_c (sql, ')');
}

/* Casts that SQLite does as well; "?" is the value. */
static const struct
{
  ErosSqlKind from;
  ErosSqlKind to;
  const char *template;
} plain_casts[] = {
  { EROS_SQL_INT64, EROS_SQL_FLOAT64, "CAST(?1 AS REAL)" },
  { EROS_SQL_INT64, EROS_SQL_STRING, "CAST(?1 AS TEXT)" },
  { EROS_SQL_INT64, EROS_SQL_BOOL, "(?1 <> 0)" },
  { EROS_SQL_BOOL, EROS_SQL_INT64, "?1" },
  { EROS_SQL_BOOL, EROS_SQL_STRING, "CASE ?1 WHEN 1 THEN 'true' WHEN 0 THEN 'false' END" },
  { EROS_SQL_STRING, EROS_SQL_BYTES, "CAST(?1 AS BLOB)" },
  { EROS_SQL_DATE, EROS_SQL_DATETIME, "(?1 * 86400000000)" },
  { EROS_SQL_DATETIME, EROS_SQL_DATE, "bq_datetime_to_date(?1)" },
  { EROS_SQL_TIMESTAMP, EROS_SQL_DATE, "bq_timestamp_to_date(?1)" },
};

/**
 * eros_function_append_cast:
 * @sql: an SQL text
 * @from: its type
 * @to: the wanted type, one that @from casts or coerces to
 * @safe: whether what does not fit becomes NULL
 * @format: (nullable): SQL of the text after FORMAT
 * @zone: (nullable): SQL of the text after AT TIME ZONE
 * @out: where to append
 *
 * Appends SQL for CAST, SAFE_CAST and for a silent coercion.
 */
void
eros_function_append_cast (const char *sql,
                           const ErosSqlType *from,
                           const ErosSqlType *to,
                           gboolean safe,
                           const char *format,
                           const char *zone,
                           GString *out)
{
  if (from == to && format == NULL)
    {
      g_string_append (out, sql);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (plain_casts) && format == NULL && zone == NULL; i++)
    if (eros_sql_type_is (from, plain_casts[i].from) && eros_sql_type_is (to, plain_casts[i].to))
      {
        g_autoptr (GPtrArray) arguments = g_ptr_array_new ();

        g_ptr_array_add (arguments, (gpointer) sql);
        append_template (plain_casts[i].template, arguments, out);
        return;
      }
  g_string_append_printf (out, "%s(%s, ", safe ? "bq_safe_cast" : "bq_cast", sql);
  append_quoted (out, eros_sql_type_get_name (from));
  g_string_append (out, ", ");
  append_quoted (out, eros_sql_type_get_name (to));
  if (format != NULL || zone != NULL)
    g_string_append_printf (out, ", %s", format != NULL ? format : "NULL");
  if (zone != NULL)
    g_string_append_printf (out, ", %s", zone);
  g_string_append_c (out, ')');
}
