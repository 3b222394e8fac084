/* eros-resolve.c: which signature a call means
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-catalogue-private.h"

/* A call costs what must be converted for it; what is no literal weighs more. The cheapest signature wins,
 * the earlier one among equals. */
#define COST_LITERAL    4
#define COST_EXPRESSION 1000
#define COST_IMPOSSIBLE G_MAXUINT

static gboolean
is_untyped (const ErosSqlArgument *argument)
{
  return argument->form == EROS_SQL_FORM_NULL || argument->form == EROS_SQL_FORM_EMPTY_ARRAY;
}

static guint
cost_of (const ErosSqlArgument *argument, const ErosSqlType *to)
{
  if (argument->type == to || is_untyped (argument))
    return 0;
  /* 7 / 2 is a FLOAT64, in whatever order the signatures come. */
  return (argument->form == EROS_SQL_FORM_LITERAL || argument->form == EROS_SQL_FORM_PARAMETER
            ? COST_LITERAL
            : COST_EXPRESSION) +
         (eros_sql_type_is (to, EROS_SQL_NUMERIC)      ? 1
          : eros_sql_type_is (to, EROS_SQL_BIGNUMERIC) ? 2
                                                       : 0);
}

/* The parameter that the argument at @index belongs to, or NULL. A repeated one is the last. */
static const ErosParameter *
parameter_at (const ErosSignature *signature, guint index)
{
  GArray *parameters = signature->parameters;
  const ErosParameter *last = NULL;

  if (index < parameters->len)
    return &g_array_index (parameters, ErosParameter, index);
  if (parameters->len == 0)
    return NULL;
  last = &g_array_index (parameters, ErosParameter, parameters->len - 1);
  return last->repeated ? last : NULL;
}

/* Which parameter each argument is for: by order, or by name after those. FALSE: there is none, or one lacks
 * its argument. */
static gboolean
place_arguments (const ErosSignature *signature,
                 const ErosSqlArgument *arguments,
                 guint n_arguments,
                 GArray *places)
{
  GArray *parameters = signature->parameters;
  guint64 given = 0;

  for (guint i = 0; i < n_arguments; i++)
    {
      guint place = i;

      if (arguments[i].name != NULL)
        for (place = 0; place < parameters->len; place++)
          {
            const char *name = g_array_index (parameters, ErosParameter, place).name;

            if (name != NULL && g_ascii_strcasecmp (name, arguments[i].name) == 0)
              break;
          }
      if (parameter_at (signature, place) == NULL || (arguments[i].name != NULL && place >= parameters->len))
        return FALSE;
      if (place < 64 && (given & (G_GUINT64_CONSTANT (1) << place)) != 0)
        return FALSE;
      given |= G_GUINT64_CONSTANT (1) << MIN (place, 63);
      g_array_append_val (places, place);
    }
  for (guint i = 0; i < parameters->len; i++)
    {
      const ErosParameter *parameter = &g_array_index (parameters, ErosParameter, i);

      if (!parameter->optional && !parameter->repeated && (given & (G_GUINT64_CONSTANT (1) << i)) == 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
satisfies (const ErosSqlType *type, guint constraints)
{
  return (!(constraints & EROS_PATTERN_ORDERABLE) || eros_sql_type_is_orderable (type)) &&
         (!(constraints & EROS_PATTERN_GROUPABLE) || eros_sql_type_is_groupable (type)) &&
         (!(constraints & EROS_PATTERN_ELEMENT) || !eros_sql_type_is (type, EROS_SQL_ARRAY)) &&
         (!(constraints & EROS_PATTERN_SCALAR) || eros_sql_type_get_kind (type) < EROS_SQL_N_SCALAR_KINDS) &&
         (!(constraints & EROS_PATTERN_COMPARABLE) || eros_sql_type_is_comparable (type));
}

/* The type that template @index stands for: the supertype of all arguments that it occurs in. */
static gboolean
bind_template (const ErosSignature *signature,
               const ErosSqlArgument *arguments,
               guint n_arguments,
               const GArray *places,
               guint index,
               const ErosSqlType **bound)
{
  g_autofree ErosSqlArgument *parts = g_new0 (ErosSqlArgument, n_arguments + 1);
  guint n_parts = 0;
  guint constraints = 0;

  for (guint i = 0; i < n_arguments; i++)
    {
      const ErosPattern *pattern = &parameter_at (signature, g_array_index (places, guint, i))->pattern;
      gboolean array = pattern->kind == EROS_PATTERN_ARRAY;

      if ((!array && pattern->kind != EROS_PATTERN_TEMPLATE) || pattern->template != index)
        continue;
      if (arguments[i].type == NULL)
        return FALSE;
      constraints |= pattern->constraints;
      parts[n_parts] = arguments[i];
      if (array)
        {
          if (!eros_sql_type_is (arguments[i].type, EROS_SQL_ARRAY) &&
              arguments[i].form != EROS_SQL_FORM_NULL)
            return FALSE;
          parts[n_parts].form = is_untyped (&arguments[i]) ? EROS_SQL_FORM_NULL : arguments[i].form;
          if (eros_sql_type_is (arguments[i].type, EROS_SQL_ARRAY))
            parts[n_parts].type = eros_sql_type_get_element (arguments[i].type);
        }
      n_parts++;
    }
  if (n_parts == 0)
    return TRUE;
  *bound = eros_sql_type_supertype (parts, n_parts);
  return *bound != NULL && satisfies (*bound, constraints);
}

static const ErosSqlType *
pattern_type (const ErosPattern *pattern, const ErosSqlType **bound, const ErosSqlType *own)
{
  switch (pattern->kind)
    {
    case EROS_PATTERN_TYPE:
      return pattern->type;
    case EROS_PATTERN_TEMPLATE:
      return bound[pattern->template];
    case EROS_PATTERN_ARRAY:
      return bound[pattern->template] != NULL ? eros_sql_type_array (bound[pattern->template]) : NULL;
    case EROS_PATTERN_COUNTS:
      return eros_sql_type_array (
        eros_sql_type_struct ((ErosSqlField[]){ { "value", bound[pattern->template] },
                                                { "count", eros_sql_type (EROS_SQL_INT64) } },
                              2));
    case EROS_PATTERN_INTERVAL:
      return eros_sql_type (EROS_SQL_INT64);
    case EROS_PATTERN_TEXTUAL:
      return own != NULL && !eros_sql_type_is (own, EROS_SQL_BYTES) &&
                 eros_sql_type_casts (own, eros_sql_type (EROS_SQL_STRING))
               ? own
               : NULL;
    case EROS_PATTERN_ANY:
      return own;
    case EROS_PATTERN_PART:
    default:
      return NULL;
    }
}

static guint
match_argument (const ErosParameter *parameter, const ErosSqlArgument *argument, const ErosSqlType *wanted)
{
  const ErosPattern *pattern = &parameter->pattern;
  ErosSqlForm form = argument->form;

  if (pattern->kind == EROS_PATTERN_PART || form == EROS_SQL_FORM_PART)
    return pattern->kind == EROS_PATTERN_PART && form == EROS_SQL_FORM_PART ? 0 : COST_IMPOSSIBLE;
  if (pattern->kind == EROS_PATTERN_INTERVAL || form == EROS_SQL_FORM_INTERVAL)
    {
      if (pattern->kind != EROS_PATTERN_INTERVAL || form != EROS_SQL_FORM_INTERVAL)
        return COST_IMPOSSIBLE;
      form = EROS_SQL_FORM_EXPRESSION;
    }
  if (wanted == NULL || !eros_sql_type_coerces (argument->type, form, wanted))
    return COST_IMPOSSIBLE;
  return cost_of (argument, wanted);
}

static guint
match (const ErosSignature *signature,
       const ErosSqlArgument *arguments,
       guint n_arguments,
       const ErosSqlType **bound,
       GPtrArray *types,
       GArray *places)
{
  guint cost = 0;

  if (!place_arguments (signature, arguments, n_arguments, places))
    return COST_IMPOSSIBLE;
  for (guint i = 0; i < EROS_MAX_TEMPLATES; i++)
    if (!bind_template (signature, arguments, n_arguments, places, i, &bound[i]))
      return COST_IMPOSSIBLE;
  for (guint i = 0; i < n_arguments; i++)
    {
      const ErosParameter *parameter = parameter_at (signature, g_array_index (places, guint, i));
      const ErosSqlType *wanted = pattern_type (&parameter->pattern, bound, arguments[i].type);
      guint argument_cost = match_argument (parameter, &arguments[i], wanted);

      if (argument_cost == COST_IMPOSSIBLE)
        return COST_IMPOSSIBLE;
      cost += argument_cost;
      g_ptr_array_add (types, (gpointer) wanted);
    }
  return cost;
}

/* ---- Errors -------------------------------------------------------------------------------------------- */

static const struct
{
  const char *name;
  const char *text;
} operators[] = {
  { "$add", "+" },
  { "$subtract", "-" },
  { "$multiply", "*" },
  { "$divide", "/" },
  { "$unary_minus", "-" },
  { "$concat", "||" },
  { "$bitwise_not", "~" },
  { "$bitwise_and", "&" },
  { "$bitwise_or", "|" },
  { "$bitwise_xor", "^" },
  { "$shift_left", "<<" },
  { "$shift_right", ">>" },
  { "$equal", "=" },
  { "$not_equal", "!=" },
  { "$less", "<" },
  { "$less_or_equal", "<=" },
  { "$greater", ">" },
  { "$greater_or_equal", ">=" },
  { "$like", "LIKE" },
  { "$not_like", "NOT LIKE" },
  { "$between", "BETWEEN" },
  { "$in", "IN" },
  { "$in_array", "IN UNNEST" },
  { "$and", "AND" },
  { "$or", "OR" },
  { "$not", "NOT" },
  { "$is_true", "IS TRUE" },
  { "$is_false", "IS FALSE" },
  { "$is_distinct_from", "IS DISTINCT FROM" },
  { "$array_offset", "[OFFSET]" },
  { "$array_ordinal", "[ORDINAL]" },
};

/* "operator +" or "function ABS" */
static char *
describe (const ErosFunction *function)
{
  if (strcmp (function->name, "$extract") == 0)
    return g_strdup ("function EXTRACT");
  for (guint i = 0; i < G_N_ELEMENTS (operators); i++)
    if (strcmp (operators[i].name, function->name) == 0)
      return g_strdup_printf ("operator %s", operators[i].text);
  return g_strdup_printf ("%s %s", function->kind == EROS_FUNCTION_SCALAR ? "function" : "aggregate function",
                          function->name);
}

static void
append_argument (const ErosSqlArgument *argument, GString *text)
{
  if (argument->form == EROS_SQL_FORM_PART)
    g_string_append (text, "DATE_TIME_PART");
  else if (argument->form == EROS_SQL_FORM_INTERVAL)
    g_string_append (text, "INTERVAL");
  else if (argument->form == EROS_SQL_FORM_NULL)
    g_string_append (text, "NULL");
  else
    g_string_append (text, eros_sql_type_get_name (argument->type));
}

static void
set_no_signature (const ErosFunction *function,
                  const ErosSqlArgument *arguments,
                  guint n_arguments,
                  GError **error)
{
  g_autofree char *what = describe (function);
  g_autoptr (GString) given = g_string_new (NULL);
  g_autoptr (GString) supported = g_string_new (NULL);

  for (guint i = 0; i < n_arguments; i++)
    {
      if (i > 0)
        g_string_append (given, ", ");
      append_argument (&arguments[i], given);
    }
  for (guint i = 0; i < function->signatures->len; i++)
    {
      const char *text = eros_signature_get_text (g_ptr_array_index (function->signatures, i));

      g_string_append_printf (supported, "%s%s%.*s", i > 0 ? "; " : "",
                              function->name[0] == '$' ? "" : function->name,
                              (int) (strstr (text, " ->") - text), text);
    }
  if (n_arguments == 0)
    g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_NO_SIGNATURE,
                 "No matching signature for %s with no arguments. Supported signature%s: %s", what,
                 function->signatures->len > 1 ? "s" : "", supported->str);
  else
    g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_NO_SIGNATURE,
                 "No matching signature for %s for argument types: %s. Supported signature%s: %s", what,
                 given->str, function->signatures->len > 1 ? "s" : "", supported->str);
}

/* ---- Calls --------------------------------------------------------------------------------------------- */

/**
 * eros_function_call_clear:
 * @call: a call
 *
 * Frees what eros_function_resolve() filled in.
 */
void
eros_function_call_clear (ErosFunctionCall *call)
{
  g_clear_pointer (&call->argument_types, g_ptr_array_unref);
  g_clear_pointer (&call->parts, g_ptr_array_unref);
  g_clear_pointer (&call->places, g_array_unref);
}

static void
fill_call (ErosFunctionCall *call, const ErosSqlArgument *arguments, guint n_arguments)
{
  call->native = call->signature->native->native;
  call->flags = eros_signature_get_flags (call->signature);
  call->parts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n_arguments; i++)
    {
      gboolean has_part =
        arguments[i].form == EROS_SQL_FORM_PART || arguments[i].form == EROS_SQL_FORM_INTERVAL;

      g_ptr_array_add (call->parts, has_part ? g_strdup (arguments[i].part) : NULL);
    }
}

static gboolean
check_parts (ErosFunctionCall *call, GError **error)
{
  const char *name = call->function->name;

  for (guint i = 0; i < call->parts->len; i++)
    {
      const char *part = g_ptr_array_index (call->parts, i);

      if (part == NULL)
        continue;
      if (!eros_parts_check (name, g_ptr_array_index (call->argument_types, 0), part, error))
        return FALSE;
      if (strcmp (name, "$extract") == 0)
        call->result = eros_parts_result (part);
    }
  return TRUE;
}

/**
 * eros_function_resolve:
 * @self: a function
 * @arguments: what it is called with
 * @n_arguments: how many
 * @call: (out): the chosen signature and what it makes of the arguments; clear it with
 * eros_function_call_clear()
 * @error: return location for %EROS_SQL_ERROR_NO_SIGNATURE, worded as BigQuery words it
 *
 * Returns: whether @self can be called so
 */
gboolean
eros_function_resolve (const ErosFunction *self,
                       const ErosSqlArgument *arguments,
                       guint n_arguments,
                       ErosFunctionCall *call,
                       GError **error)
{
  guint best = COST_IMPOSSIBLE;

  *call = (ErosFunctionCall){ 0 };
  call->function = self;
  for (guint i = 0; i < self->signatures->len && best > 0; i++)
    {
      const ErosSignature *signature = g_ptr_array_index (self->signatures, i);
      const ErosSqlType *bound[EROS_MAX_TEMPLATES] = { NULL, NULL };
      g_autoptr (GPtrArray) types = g_ptr_array_new ();
      g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (guint));
      guint cost = match (signature, arguments, n_arguments, bound, types, places);

      if (cost >= best)
        continue;
      best = cost;
      call->signature = signature;
      call->result = pattern_type (&signature->result, bound, NULL);
      g_clear_pointer (&call->argument_types, g_ptr_array_unref);
      call->argument_types = g_steal_pointer (&types);
      g_clear_pointer (&call->places, g_array_unref);
      call->places = g_steal_pointer (&places);
    }
  if (call->signature == NULL)
    {
      set_no_signature (self, arguments, n_arguments, error);
      return FALSE;
    }
  fill_call (call, arguments, n_arguments);
  if (check_parts (call, error))
    return TRUE;
  eros_function_call_clear (call);
  return FALSE;
}
