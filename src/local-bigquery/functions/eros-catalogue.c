/* eros-catalogue.c: the functions by name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-catalogue-private.h"

/* Reading signatures. They are part of the program: a mistake in one is a mistake here. */

static gboolean
take (const char **next, const char *word)
{
  while (**next == ' ')
    (*next)++;
  if (!g_str_has_prefix (*next, word))
    return FALSE;
  *next += strlen (word);
  return TRUE;
}

static char *
take_name (const char **next)
{
  const char *start = NULL;

  while (**next == ' ')
    (*next)++;
  start = *next;
  while (g_ascii_isalnum (**next) || **next == '_')
    (*next)++;
  return g_strndup (start, (gsize) (*next - start));
}

static guint
take_constraints (const char **next)
{
  guint constraints = 0;

  while (take (next, ":"))
    if (take (next, "orderable"))
      constraints |= EROS_PATTERN_ORDERABLE;
    else if (take (next, "groupable"))
      constraints |= EROS_PATTERN_GROUPABLE;
    else if (take (next, "element"))
      constraints |= EROS_PATTERN_ELEMENT;
    else if (take (next, "scalar"))
      constraints |= EROS_PATTERN_SCALAR;
    else if (take (next, "comparable"))
      constraints |= EROS_PATTERN_COMPARABLE;
    else
      g_error ("unknown constraint in a signature: %s", *next);
  return constraints;
}

/* RANGE<DATE>, STRUCT<a INT64, b STRING>: without others inside */
static const ErosSqlType *
take_nested (const char **next, const char *name)
{
  const char *end = strchr (*next, '>');
  g_autofree char *text = end != NULL ? g_strndup (*next, (gsize) (end + 1 - *next)) : NULL;
  g_autofree char *whole = g_strconcat (name, text, NULL);
  const ErosSqlType *type = eros_sql_type_parse (whole, NULL);

  if (type == NULL)
    g_error ("unknown type in a signature: %s", whole);
  *next = end + 1;
  return type;
}

static ErosPattern
parse_pattern (const char **next)
{
  ErosPattern pattern = { EROS_PATTERN_TYPE, NULL, 0, 0 };
  g_autofree char *name = take_name (next);
  ErosSqlKind kind;

  if (strcmp (name, "T") == 0 || strcmp (name, "U") == 0)
    {
      pattern.kind = EROS_PATTERN_TEMPLATE;
      pattern.template = name[0] == 'U';
      pattern.constraints = take_constraints (next);
    }
  else if (strcmp (name, "ANY") == 0)
    pattern.kind = EROS_PATTERN_ANY;
  else if (strcmp (name, "TEXTUAL") == 0)
    pattern.kind = EROS_PATTERN_TEXTUAL;
  else if (strcmp (name, "PART") == 0)
    pattern.kind = EROS_PATTERN_PART;
  else if (strcmp (name, "INTERVAL_PART") == 0)
    pattern.kind = EROS_PATTERN_INTERVAL;
  else if (strcmp (name, "ARRAY") == 0)
    {
      if (!take (next, "<"))
        g_error ("no element type in a signature: %s", *next);
      pattern = parse_pattern (next);
      if (pattern.kind == EROS_PATTERN_TEMPLATE)
        pattern.kind = EROS_PATTERN_ARRAY;
      else
        pattern.type = eros_sql_type_array (pattern.type);
      take (next, ">");
    }
  else if (strcmp (name, "RANGE") == 0 || strcmp (name, "STRUCT") == 0)
    pattern.type = take_nested (next, name);
  else if (strcmp (name, "COUNTS") == 0)
    {
      pattern.kind = EROS_PATTERN_COUNTS;
      take (next, "<T>");
    }
  else if (eros_sql_kind_from_name (name, &kind))
    pattern.type = eros_sql_type (kind);
  else
    g_error ("unknown type in a signature: %s%s", name, *next);
  return pattern;
}

static ErosParameter
parse_parameter (const char **next)
{
  ErosParameter parameter = { { 0 }, FALSE, FALSE, NULL };

  parameter.optional = take (next, "[");
  if (parameter.optional && g_ascii_islower (**next))
    {
      parameter.name = take_name (next);
      take (next, "=>");
    }
  parameter.pattern = parse_pattern (next);
  parameter.repeated = take (next, "...");
  if (parameter.optional && !take (next, "]"))
    g_error ("no ] in a signature: %s", *next);
  return parameter;
}

static ErosSignature *
signature_new (const ErosNative *native)
{
  ErosSignature *signature = g_new0 (ErosSignature, 1);
  const char *next = native->signature;

  signature->native = native;
  signature->parameters = g_array_new (FALSE, FALSE, sizeof (ErosParameter));
  take (&next, "(");
  if (!take (&next, ")"))
    {
      do
        {
          ErosParameter parameter = parse_parameter (&next);

          g_array_append_val (signature->parameters, parameter);
        }
      while (take (&next, ","));
      if (!take (&next, ")"))
        g_error ("no ) in the signature of %s: %s", native->name, next);
    }
  if (!take (&next, "->"))
    g_error ("no result in the signature of %s", native->name);
  signature->result = parse_pattern (&next);
  return signature;
}

/* ---- The catalogue ------------------------------------------------------------------------------------- */

static ErosFunctionKind
kind_of (const ErosNative *native)
{
  if (native->flags & EROS_FUNCTION_ANALYTIC_ONLY)
    return EROS_FUNCTION_ANALYTIC;
  return native->flags & EROS_FUNCTION_IS_AGGREGATE ? EROS_FUNCTION_AGGREGATE : EROS_FUNCTION_SCALAR;
}

static void
add (GHashTable *functions, const ErosNative *native)
{
  ErosFunction *function = g_hash_table_lookup (functions, native->name);

  if (function == NULL)
    {
      function = g_new0 (ErosFunction, 1);
      function->name = native->name;
      function->kind = kind_of (native);
      function->signatures = g_ptr_array_new ();
      g_hash_table_insert (functions, (gpointer) native->name, function);
    }
  g_ptr_array_add (function->signatures, signature_new (native));
}

/* name → ErosFunction; lives as long as the process */
static GHashTable *
catalogue (void)
{
  static GHashTable *functions;
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      functions = g_hash_table_new (g_str_hash, g_str_equal);
      for (guint i = 0; eros_native_lists[i] != NULL; i++)
        for (const ErosNative *native = eros_native_lists[i]; native->native != NULL; native++)
          if (native->name != NULL)
            add (functions, native);
      g_once_init_leave (&ready, 1);
    }
  return functions;
}

/**
 * eros_function_lookup:
 * @name: a function's or an operator's name, in any case
 *
 * Returns: (transfer none) (nullable): the function; see eros_function_missing() where there is none
 */
const ErosFunction *
eros_function_lookup (const char *name)
{
  g_autofree char *upper = name[0] == '$' ? g_strdup (name) : g_ascii_strup (name, -1);

  return g_hash_table_lookup (catalogue (), upper);
}

/* What BigQuery has and the local engine does not: families by prefix, and single names. */
/* clang-format off */
static const char *const foreign_prefixes[] = {
  "ST_", "S2_", "ML.", "AEAD.", "KEYS.", "DETERMINISTIC_", "DLP_", "OBJ.",
  "AI.", "APPENDS", "VECTOR_",
};
static const char *const foreign_names[] = {
  "APPROX_COSINE_DISTANCE", "APPROX_TOP_SUM", "ARRAY_FILTER", "ARRAY_TRANSFORM", "ARRAY_ZIP",
  "BAG_OF_WORDS", "BOOL_ARRAY", "COSINE_DISTANCE", "DATETIME_BUCKET", "DATE_BUCKET",
  "EUCLIDEAN_DISTANCE", "EXTERNAL_OBJECT_TRANSFORM", "EXTERNAL_QUERY", "FLOAT32", "FLOAT64_ARRAY",
  "GAP_FILL", "INT64_ARRAY", "JSON_CONTAINS", "JSON_FLATTEN",
  "NET.PUBLIC_SUFFIX", "NET.REG_DOMAIN", "RANGE_SESSIONIZE", "SEARCH", "STRING_ARRAY",
  "TEXT_ANALYZE", "TF_IDF", "TIMESTAMP_BUCKET",
};
/* clang-format on */

static gboolean
is_known_to_bigquery (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (foreign_prefixes); i++)
    if (g_ascii_strncasecmp (name, foreign_prefixes[i], strlen (foreign_prefixes[i])) == 0)
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (foreign_names); i++)
    if (g_ascii_strcasecmp (name, foreign_names[i]) == 0)
      return TRUE;
  return FALSE;
}

static guint
edit_distance (const char *a, const char *b)
{
  gsize n = strlen (b);
  g_autofree guint *row = g_new (guint, n + 1);

  for (gsize j = 0; j <= n; j++)
    row[j] = (guint) j;
  for (gsize i = 0; a[i] != '\0'; i++)
    {
      guint diagonal = row[0];

      row[0] = (guint) i + 1;
      for (gsize j = 0; j < n; j++)
        {
          guint replaced = diagonal + (g_ascii_toupper (a[i]) != b[j]);

          diagonal = row[j + 1];
          row[j + 1] = MIN (replaced, MIN (row[j], row[j + 1]) + 1);
        }
    }
  return row[n];
}

static const char *
closest_name (const char *name)
{
  GHashTableIter iter;
  gpointer key = NULL;
  const char *closest = NULL;
  guint best = 0;

  if (strlen (name) > 64)
    return NULL;
  best = (guint) strlen (name) / 4 + 1;
  g_hash_table_iter_init (&iter, catalogue ());
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      guint distance = *(const char *) key == '$' ? G_MAXUINT : edit_distance (name, key);

      if (distance < best || (distance == best && closest != NULL && strcmp (key, closest) < 0))
        {
          best = distance;
          closest = key;
        }
    }
  return closest;
}

/**
 * eros_function_missing:
 * @name: a name that eros_function_lookup() does not know
 *
 * Returns: (transfer full): %EROS_SQL_ERROR_UNSUPPORTED for what BigQuery has and this program does not,
 * otherwise %EROS_SQL_ERROR_NO_FUNCTION as BigQuery words it
 */
GError *
eros_function_missing (const char *name)
{
  const char *closest = NULL;
  g_autofree char *lower = NULL;

  if (is_known_to_bigquery (name))
    return g_error_new (EROS_SQL_ERROR, EROS_SQL_ERROR_UNSUPPORTED,
                        "The function %s is not supported by the local BigQuery", name);
  closest = closest_name (name);
  if (closest == NULL)
    return g_error_new (EROS_SQL_ERROR, EROS_SQL_ERROR_NO_FUNCTION, "Function not found: %s", name);
  lower = g_ascii_strdown (closest, -1);
  return g_error_new (EROS_SQL_ERROR, EROS_SQL_ERROR_NO_FUNCTION, "Function not found: %s; Did you mean %s?",
                      name, lower);
}

const char *
eros_function_get_name (const ErosFunction *self)
{
  return self->name;
}

ErosFunctionKind
eros_function_get_kind (const ErosFunction *self)
{
  return self->kind;
}

/**
 * eros_function_get_flags:
 * @self: a function
 *
 * Returns: the flags of its first signature; those about DISTINCT, OVER … are the same for all
 */
ErosFunctionFlags
eros_function_get_flags (const ErosFunction *self)
{
  return eros_signature_get_flags (eros_function_get_signature (self, 0));
}

guint
eros_function_get_n_signatures (const ErosFunction *self)
{
  return self->signatures->len;
}

const ErosSignature *
eros_function_get_signature (const ErosFunction *self, guint index)
{
  g_return_val_if_fail (index < self->signatures->len, NULL);
  return g_ptr_array_index (self->signatures, index);
}

/**
 * eros_function_foreach:
 * @callback: (scope call): called with each #ErosFunction, in no order
 * @user_data: its second argument
 */
void
eros_function_foreach (GFunc callback, gpointer user_data)
{
  GHashTableIter iter;
  gpointer function = NULL;

  g_hash_table_iter_init (&iter, catalogue ());
  while (g_hash_table_iter_next (&iter, NULL, &function))
    callback (function, user_data);
}

const char *
eros_signature_get_text (const ErosSignature *self)
{
  return self->native->signature;
}

const char *
eros_signature_get_native (const ErosSignature *self)
{
  return self->native->native;
}

ErosFunctionFlags
eros_signature_get_flags (const ErosSignature *self)
{
  return self->native->flags;
}
