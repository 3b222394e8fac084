/* eros-sql-coercion.c: what may become what
 *
 * “Conversion rules” of the GoogleSQL reference.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-sql-type.h"

#define KIND(name) (1u << EROS_SQL_##name)

/* Silently, for any expression. */
static const guint coercions[EROS_SQL_STRUCT + 1] = {
  [EROS_SQL_INT64] = KIND (FLOAT64) | KIND (NUMERIC) | KIND (BIGNUMERIC),
  [EROS_SQL_NUMERIC] = KIND (FLOAT64) | KIND (BIGNUMERIC),
  [EROS_SQL_BIGNUMERIC] = KIND (FLOAT64),
  [EROS_SQL_DATE] = KIND (DATETIME),
};

/* Silently, for a literal or a parameter as well. */
static const guint literal_coercions[EROS_SQL_STRUCT + 1] = {
  [EROS_SQL_FLOAT64] = KIND (NUMERIC) | KIND (BIGNUMERIC),
  [EROS_SQL_STRING] = KIND (DATE) | KIND (TIME) | KIND (DATETIME) | KIND (TIMESTAMP),
};

#define NUMBERS (KIND (INT64) | KIND (FLOAT64) | KIND (NUMERIC) | KIND (BIGNUMERIC) | KIND (STRING))
#define TIMES   (KIND (DATE) | KIND (DATETIME) | KIND (TIMESTAMP) | KIND (STRING))

static const guint casts[EROS_SQL_STRUCT + 1] = {
  [EROS_SQL_INT64] = NUMBERS | KIND (BOOL),
  [EROS_SQL_FLOAT64] = NUMBERS,
  [EROS_SQL_BOOL] = KIND (INT64) | KIND (BOOL) | KIND (STRING),
  [EROS_SQL_STRING] =
    NUMBERS | TIMES | KIND (BOOL) | KIND (BYTES) | KIND (TIME) | KIND (INTERVAL) | KIND (RANGE),
  [EROS_SQL_BYTES] = KIND (BYTES) | KIND (STRING),
  [EROS_SQL_NUMERIC] = NUMBERS,
  [EROS_SQL_BIGNUMERIC] = NUMBERS,
  [EROS_SQL_DATE] = TIMES,
  [EROS_SQL_TIME] = KIND (TIME) | KIND (STRING),
  [EROS_SQL_DATETIME] = TIMES | KIND (TIME),
  [EROS_SQL_TIMESTAMP] = TIMES | KIND (TIME),
  [EROS_SQL_JSON] = KIND (JSON),
  [EROS_SQL_INTERVAL] = KIND (INTERVAL) | KIND (STRING),
  [EROS_SQL_GEOGRAPHY] = KIND (GEOGRAPHY),
  [EROS_SQL_RANGE] = KIND (STRING),
};

static gboolean
allows (const guint *table, const ErosSqlType *from, const ErosSqlType *to)
{
  return (table[eros_sql_type_get_kind (from)] & (1u << eros_sql_type_get_kind (to))) != 0;
}

/* Whether @allowed holds for each pair of fields. */
static gboolean
fields_coerce (const ErosSqlType *from, ErosSqlForm form, const ErosSqlType *to)
{
  guint n = eros_sql_type_get_n_fields (from);

  if (n != eros_sql_type_get_n_fields (to))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!eros_sql_type_coerces (eros_sql_type_get_field (from, i)->type, form,
                                eros_sql_type_get_field (to, i)->type))
      return FALSE;
  return TRUE;
}

/**
 * eros_sql_type_coerces:
 * @from: an expression's type
 * @form: what the expression is made of
 * @to: the wanted type
 *
 * Returns: whether the expression may stand where @to is wanted, without a CAST. For a STRING literal the
 * text must be valid as well; that is the caller's to check.
 */
gboolean
eros_sql_type_coerces (const ErosSqlType *from, ErosSqlForm form, const ErosSqlType *to)
{
  gboolean literal = form == EROS_SQL_FORM_LITERAL || form == EROS_SQL_FORM_PARAMETER;

  if (from == to || form == EROS_SQL_FORM_NULL)
    return TRUE;
  if (form == EROS_SQL_FORM_EMPTY_ARRAY)
    return eros_sql_type_is (to, EROS_SQL_ARRAY);
  if (form == EROS_SQL_FORM_PART || from == NULL)
    return FALSE;
  if (eros_sql_type_is (from, EROS_SQL_STRUCT) && eros_sql_type_is (to, EROS_SQL_STRUCT))
    return fields_coerce (from, form, to);
  if (eros_sql_type_is (from, EROS_SQL_ARRAY) && eros_sql_type_is (to, EROS_SQL_ARRAY))
    return literal &&
           eros_sql_type_coerces (eros_sql_type_get_element (from), form, eros_sql_type_get_element (to));
  return allows (coercions, from, to) || (literal && allows (literal_coercions, from, to));
}

/**
 * eros_sql_type_casts:
 * @from: a type
 * @to: another
 *
 * Returns: whether CAST (… AS @to) is allowed for @from
 */
gboolean
eros_sql_type_casts (const ErosSqlType *from, const ErosSqlType *to)
{
  guint n = eros_sql_type_get_n_fields (from);

  if (from == to)
    return TRUE;
  if (eros_sql_type_is (from, EROS_SQL_ARRAY))
    return eros_sql_type_is (to, EROS_SQL_ARRAY) &&
           eros_sql_type_casts (eros_sql_type_get_element (from), eros_sql_type_get_element (to));
  if (!eros_sql_type_is (from, EROS_SQL_STRUCT))
    return allows (casts, from, to);
  if (!eros_sql_type_is (to, EROS_SQL_STRUCT) || eros_sql_type_get_n_fields (to) != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!eros_sql_type_casts (eros_sql_type_get_field (from, i)->type, eros_sql_type_get_field (to, i)->type))
      return FALSE;
  return TRUE;
}

static gboolean
all_coerce (const ErosSqlArgument *arguments, guint n_arguments, const ErosSqlType *to)
{
  for (guint i = 0; i < n_arguments; i++)
    if (!eros_sql_type_coerces (arguments[i].type, arguments[i].form, to))
      return FALSE;
  return TRUE;
}

static gboolean
is_untyped (ErosSqlForm form)
{
  return form == EROS_SQL_FORM_NULL || form == EROS_SQL_FORM_EMPTY_ARRAY;
}

/* Structs of equal length have a supertype when each field has one; names are the first one's. */
static const ErosSqlType *
struct_supertype (const ErosSqlArgument *arguments, guint n_arguments, const ErosSqlType *first)
{
  guint n_fields = eros_sql_type_get_n_fields (first);
  g_autofree ErosSqlField *fields = g_new0 (ErosSqlField, n_fields + 1);
  g_autofree ErosSqlArgument *parts = g_new0 (ErosSqlArgument, n_arguments);

  for (guint f = 0; f < n_fields; f++)
    {
      guint n_parts = 0;

      for (guint i = 0; i < n_arguments; i++)
        {
          if (arguments[i].form == EROS_SQL_FORM_NULL)
            continue;
          if (!eros_sql_type_is (arguments[i].type, EROS_SQL_STRUCT) ||
              eros_sql_type_get_n_fields (arguments[i].type) != n_fields)
            return NULL;
          parts[n_parts].form = arguments[i].form;
          parts[n_parts++].type = eros_sql_type_get_field (arguments[i].type, f)->type;
        }
      fields[f].name = eros_sql_type_get_field (first, f)->name;
      fields[f].type = eros_sql_type_supertype (parts, n_parts);
      if (fields[f].type == NULL)
        return NULL;
    }
  return eros_sql_type_struct (fields, n_fields);
}

/* Fields are decided one by one, so that which struct is a literal does not decide about their names. */
static const ErosSqlType *
first_struct (const ErosSqlArgument *arguments, guint n_arguments)
{
  guint i = 0;

  while (!eros_sql_type_is (arguments[i].type, EROS_SQL_STRUCT))
    i++;
  return arguments[i].type;
}

/**
 * eros_sql_type_supertype:
 * @arguments: expressions that must become one type: those of an array, a CASE, a set operation …
 * @n_arguments: how many, at least 1
 *
 * What is no literal decides before what is one. Of structs the first names the fields.
 *
 * Returns: (transfer none) (nullable): the type, or %NULL if there is none
 */
const ErosSqlType *
eros_sql_type_supertype (const ErosSqlArgument *arguments, guint n_arguments)
{
  const ErosSqlType *fallback = NULL;

  for (guint i = 0; i < n_arguments; i++)
    if (!is_untyped (arguments[i].form))
      {
        if (eros_sql_type_is (arguments[i].type, EROS_SQL_STRUCT))
          return struct_supertype (arguments, n_arguments, arguments[i].type);
        break;
      }
  for (guint literals = 0; literals < 2; literals++)
    for (guint i = 0; i < n_arguments; i++)
      {
        ErosSqlForm form = arguments[i].form;

        if (is_untyped (form))
          {
            fallback = fallback == NULL || form == EROS_SQL_FORM_EMPTY_ARRAY ? arguments[i].type : fallback;
            continue;
          }
        if ((form == EROS_SQL_FORM_LITERAL) != (literals == 1))
          continue;
        if (eros_sql_type_is (arguments[i].type, EROS_SQL_STRUCT))
          return struct_supertype (arguments, n_arguments, first_struct (arguments, n_arguments));
        if (all_coerce (arguments, n_arguments, arguments[i].type))
          return arguments[i].type;
      }
  return fallback != NULL && all_coerce (arguments, n_arguments, fallback) ? fallback : NULL;
}
