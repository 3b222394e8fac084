/* eros-sql-type.c: type descriptors, interned, and their text form
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-sql-type.h"

#include <string.h>

#include "eros-error-domain.h"

struct _ErosSqlType
{
  ErosSqlKind kind;
  const char *name; /* the text form, and the key under which it is interned */
  const ErosSqlType *element;
  guint n_fields;
  const ErosSqlField *fields;
};

#define MAX_DEPTH 64 /* of ARRAY and STRUCT in a text; BigQuery allows 15 levels in a table */

EROS_DEFINE_ERROR_DOMAIN (sql)

static const char *const kind_names[] = {
  "INT64",    "FLOAT64",   "BOOL", "STRING",   "BYTES",     "NUMERIC", "BIGNUMERIC", "DATE",   "TIME",
  "DATETIME", "TIMESTAMP", "JSON", "INTERVAL", "GEOGRAPHY", "RANGE",   "ARRAY",      "STRUCT",
};

static const struct
{
  const char *name;
  ErosSqlKind kind;
} kind_aliases[] = {
  { "INT", EROS_SQL_INT64 },    { "SMALLINT", EROS_SQL_INT64 },  { "INTEGER", EROS_SQL_INT64 },
  { "BIGINT", EROS_SQL_INT64 }, { "TINYINT", EROS_SQL_INT64 },   { "BYTEINT", EROS_SQL_INT64 },
  { "BOOLEAN", EROS_SQL_BOOL }, { "DECIMAL", EROS_SQL_NUMERIC }, { "BIGDECIMAL", EROS_SQL_BIGNUMERIC },
};

static GMutex intern_lock;
static GHashTable *interned; /* name → ErosSqlType; never freed: types live as long as the process */

/* Under the lock: the type named @name, or a new one that takes @name and a copy of @fields. */
static const ErosSqlType *
intern_locked (ErosSqlKind kind,
               char *name,
               const ErosSqlType *element,
               const ErosSqlField *fields,
               guint n_fields)
{
  ErosSqlType *type = NULL;

  if (interned == NULL)
    interned = g_hash_table_new (g_str_hash, g_str_equal);
  type = g_hash_table_lookup (interned, name);
  if (type != NULL)
    {
      g_free (name);
      return type;
    }
  type = g_new0 (ErosSqlType, 1);
  type->kind = kind;
  type->name = name;
  type->element = element;
  type->n_fields = n_fields;
  if (n_fields > 0)
    {
      ErosSqlField *copies = g_new0 (ErosSqlField, n_fields);

      for (guint i = 0; i < n_fields; i++)
        {
          copies[i].name = g_strdup (fields[i].name != NULL ? fields[i].name : "");
          copies[i].type = fields[i].type;
        }
      type->fields = copies;
    }
  g_hash_table_insert (interned, name, type);
  return type;
}

static const ErosSqlType *
intern (ErosSqlKind kind, char *name, const ErosSqlType *element, const ErosSqlField *fields, guint n_fields)
{
  const ErosSqlType *type = NULL;

  g_mutex_lock (&intern_lock);
  type = intern_locked (kind, name, element, fields, n_fields);
  g_mutex_unlock (&intern_lock);
  return type;
}

static gboolean
is_plain_identifier (const char *name)
{
  ErosSqlKind kind;

  if (!g_ascii_isalpha (name[0]) && name[0] != '_')
    return FALSE;
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '_')
      return FALSE;
  /* A field named like a type could be read as a field without a name. */
  return !eros_sql_kind_from_name (name, &kind);
}

static void
append_field_name (GString *text, const char *name)
{
  if (is_plain_identifier (name))
    {
      g_string_append (text, name);
      return;
    }
  g_string_append_c (text, '`');
  for (const char *p = name; *p != '\0'; p++)
    {
      if (*p == '`' || *p == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *p);
    }
  g_string_append_c (text, '`');
}

/**
 * eros_sql_kind_get_name:
 * @kind: a kind
 *
 * Returns: (transfer none): its GoogleSQL name
 */
const char *
eros_sql_kind_get_name (ErosSqlKind kind)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (kind_names), NULL);
  return kind_names[kind];
}

/**
 * eros_sql_kind_from_name:
 * @name: a name in any case, aliases such as INTEGER or DECIMAL included
 * @kind: (out): the kind
 *
 * Returns: whether there is such a kind
 */
gboolean
eros_sql_kind_from_name (const char *name, ErosSqlKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_ascii_strcasecmp (name, kind_names[i]) == 0)
      {
        *kind = i;
        return TRUE;
      }
  for (guint i = 0; i < G_N_ELEMENTS (kind_aliases); i++)
    if (g_ascii_strcasecmp (name, kind_aliases[i].name) == 0)
      {
        *kind = kind_aliases[i].kind;
        return TRUE;
      }
  return FALSE;
}

/**
 * eros_sql_type:
 * @kind: a kind other than RANGE, ARRAY and STRUCT
 *
 * Returns: (transfer none): the type
 */
const ErosSqlType *
eros_sql_type (ErosSqlKind kind)
{
  static const ErosSqlType *types[EROS_SQL_N_SCALAR_KINDS];
  static gsize ready = 0;

  g_return_val_if_fail ((guint) kind < EROS_SQL_N_SCALAR_KINDS, NULL);
  if (g_once_init_enter (&ready))
    {
      for (guint i = 0; i < EROS_SQL_N_SCALAR_KINDS; i++)
        types[i] = intern (i, g_strdup (kind_names[i]), NULL, NULL, 0);
      g_once_init_leave (&ready, 1);
    }
  return types[kind];
}

/**
 * eros_sql_type_array:
 * @element: the elements' type, itself no ARRAY
 *
 * Returns: (transfer none) (nullable): ARRAY of @element, or %NULL if @element is an ARRAY, which GoogleSQL
 * forbids
 */
const ErosSqlType *
eros_sql_type_array (const ErosSqlType *element)
{
  g_return_val_if_fail (element != NULL, NULL);
  if (element->kind == EROS_SQL_ARRAY)
    return NULL;
  return intern (EROS_SQL_ARRAY, g_strdup_printf ("ARRAY<%s>", element->name), element, NULL, 0);
}

/**
 * eros_sql_type_range:
 * @element: the bounds' type
 *
 * Returns: (transfer none) (nullable): RANGE of @element, or %NULL if it is none of DATE, DATETIME and
 * TIMESTAMP
 */
const ErosSqlType *
eros_sql_type_range (const ErosSqlType *element)
{
  g_return_val_if_fail (element != NULL, NULL);
  if (element->kind != EROS_SQL_DATE && element->kind != EROS_SQL_DATETIME &&
      element->kind != EROS_SQL_TIMESTAMP)
    return NULL;
  return intern (EROS_SQL_RANGE, g_strdup_printf ("RANGE<%s>", element->name), element, NULL, 0);
}

/**
 * eros_sql_type_struct:
 * @fields: the fields; names are copied
 * @n_fields: how many
 *
 * Returns: (transfer none): the STRUCT type
 */
const ErosSqlType *
eros_sql_type_struct (const ErosSqlField *fields, guint n_fields)
{
  g_autoptr (GString) name = g_string_new ("STRUCT<");

  for (guint i = 0; i < n_fields; i++)
    {
      if (i > 0)
        g_string_append (name, ", ");
      if (fields[i].name != NULL && fields[i].name[0] != '\0')
        {
          append_field_name (name, fields[i].name);
          g_string_append_c (name, ' ');
        }
      g_string_append (name, fields[i].type->name);
    }
  g_string_append_c (name, '>');
  return intern (EROS_SQL_STRUCT, g_string_free (g_steal_pointer (&name), FALSE), NULL, fields, n_fields);
}

ErosSqlKind
eros_sql_type_get_kind (const ErosSqlType *type)
{
  return type->kind;
}

/**
 * eros_sql_type_get_name:
 * @type: a type
 *
 * Returns: (transfer none): its text form, such as `STRUCT<a INT64, b ARRAY<STRING>>`, which
 * eros_sql_type_parse() reads
 */
const char *
eros_sql_type_get_name (const ErosSqlType *type)
{
  return type->name;
}

/**
 * eros_sql_type_get_element:
 * @type: a type
 *
 * Returns: (transfer none) (nullable): an ARRAY's or a RANGE's element type, %NULL for other types
 */
const ErosSqlType *
eros_sql_type_get_element (const ErosSqlType *type)
{
  return type->element;
}

/**
 * eros_sql_type_get_n_fields:
 * @type: a type
 *
 * Returns: how many fields a STRUCT has, 0 for other types
 */
guint
eros_sql_type_get_n_fields (const ErosSqlType *type)
{
  return type->n_fields;
}

const ErosSqlField *
eros_sql_type_get_field (const ErosSqlType *type, guint index)
{
  g_return_val_if_fail (index < type->n_fields, NULL);
  return &type->fields[index];
}

/**
 * eros_sql_type_find_field:
 * @type: a STRUCT
 * @name: a field's name in any case
 * @index: (out) (optional): the first such field
 * @ambiguous: (out) (optional): whether there is more than one
 *
 * Returns: whether there is one
 */
gboolean
eros_sql_type_find_field (const ErosSqlType *type, const char *name, guint *index, gboolean *ambiguous)
{
  guint n_found = 0;

  for (guint i = 0; i < type->n_fields; i++)
    if (g_ascii_strcasecmp (type->fields[i].name, name) == 0)
      {
        if (n_found == 0 && index != NULL)
          *index = i;
        n_found++;
      }
  if (ambiguous != NULL)
    *ambiguous = n_found > 1;
  return n_found > 0;
}

gboolean
eros_sql_type_is (const ErosSqlType *type, ErosSqlKind kind)
{
  return type != NULL && type->kind == kind;
}

gboolean
eros_sql_type_is_numeric (const ErosSqlType *type)
{
  return type->kind == EROS_SQL_INT64 || type->kind == EROS_SQL_FLOAT64 || type->kind == EROS_SQL_NUMERIC ||
         type->kind == EROS_SQL_BIGNUMERIC;
}

/**
 * eros_sql_type_is_orderable:
 * @type: a type
 *
 * Returns: whether ORDER BY and `<` take it
 */
gboolean
eros_sql_type_is_orderable (const ErosSqlType *type)
{
  return type->kind < EROS_SQL_ARRAY && type->kind != EROS_SQL_JSON && type->kind != EROS_SQL_GEOGRAPHY;
}

/**
 * eros_sql_type_is_groupable:
 * @type: a type
 *
 * Returns: whether GROUP BY, DISTINCT and PARTITION BY take it
 */
gboolean
eros_sql_type_is_groupable (const ErosSqlType *type)
{
  if (type->kind == EROS_SQL_ARRAY)
    return eros_sql_type_is_groupable (type->element);
  for (guint i = 0; i < type->n_fields; i++)
    if (!eros_sql_type_is_groupable (type->fields[i].type))
      return FALSE;
  return type->kind != EROS_SQL_JSON && type->kind != EROS_SQL_GEOGRAPHY;
}

/**
 * eros_sql_type_is_comparable:
 * @type: a type
 *
 * Returns: whether `=` and IN take it
 */
gboolean
eros_sql_type_is_comparable (const ErosSqlType *type)
{
  if (type->kind == EROS_SQL_ARRAY)
    return eros_sql_type_is_comparable (type->element);
  for (guint i = 0; i < type->n_fields; i++)
    if (!eros_sql_type_is_comparable (type->fields[i].type))
      return FALSE;
  return type->kind != EROS_SQL_JSON && type->kind != EROS_SQL_GEOGRAPHY;
}

/* ---- Reading a text form ------------------------------------------------------------------------------- */

typedef struct
{
  const char *next;
  guint depth;
  const char *text;
} Parser;

static const ErosSqlType *parse_type (Parser *parser, GError **error);

static void
skip_spaces (Parser *parser)
{
  while (g_ascii_isspace (*parser->next))
    parser->next++;
}

static gboolean
accept (Parser *parser, char c)
{
  skip_spaces (parser);
  if (*parser->next != c)
    return FALSE;
  parser->next++;
  return TRUE;
}

static void
set_malformed (const Parser *parser, GError **error)
{
  g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_TYPE, "Invalid type: %s (at offset %u)",
               parser->text, (guint) (parser->next - parser->text));
}

/* A name, quoted or not; NULL (no error) if there is none. */
static char *
read_name (Parser *parser)
{
  g_autoptr (GString) name = NULL;

  skip_spaces (parser);
  name = g_string_new (NULL);
  if (*parser->next == '`')
    {
      for (parser->next++; *parser->next != '\0' && *parser->next != '`'; parser->next++)
        {
          if (*parser->next == '\\' && parser->next[1] != '\0')
            parser->next++;
          g_string_append_c (name, *parser->next);
        }
      if (*parser->next != '`')
        return NULL;
      parser->next++;
    }
  else
    while (g_ascii_isalnum (*parser->next) || *parser->next == '_' || (guchar) *parser->next >= 0x80)
      g_string_append_c (name, *parser->next++);
  return name->len > 0 ? g_string_free (g_steal_pointer (&name), FALSE) : NULL;
}

/* (10), (10, 2): a column's business, no part of the type. */
static gboolean
skip_parameters (Parser *parser)
{
  if (!accept (parser, '('))
    return TRUE;
  while (*parser->next != '\0' && *parser->next != ')' && *parser->next != '(')
    parser->next++;
  return accept (parser, ')');
}

/* After a name that may be a field's or a type's: a type follows the former. */
static gboolean
at_type_start (Parser *parser)
{
  skip_spaces (parser);
  return g_ascii_isalpha (*parser->next);
}

static gboolean
parse_field (Parser *parser, GArray *fields, GPtrArray *names, GError **error)
{
  ErosSqlField field = { "", NULL };
  const char *start = NULL;
  g_autofree char *name = NULL;

  skip_spaces (parser);
  start = parser->next;
  name = read_name (parser);
  if (name == NULL)
    {
      set_malformed (parser, error);
      return FALSE;
    }
  if (at_type_start (parser))
    {
      field.name = name;
      g_ptr_array_add (names, g_steal_pointer (&name));
    }
  else
    parser->next = start;
  field.type = parse_type (parser, error);
  if (field.type == NULL)
    return FALSE;
  g_array_append_val (fields, field);
  return TRUE;
}

static const ErosSqlType *
parse_struct (Parser *parser, GError **error)
{
  g_autoptr (GArray) fields = g_array_new (FALSE, FALSE, sizeof (ErosSqlField));
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (!accept (parser, '>'))
    {
      do
        if (!parse_field (parser, fields, names, error))
          return NULL;
      while (accept (parser, ','));
      if (!accept (parser, '>'))
        {
          set_malformed (parser, error);
          return NULL;
        }
    }
  return eros_sql_type_struct ((const ErosSqlField *) fields->data, fields->len);
}

static const ErosSqlType *
parse_nested (Parser *parser, ErosSqlKind kind, GError **error)
{
  const ErosSqlType *element = NULL;
  const ErosSqlType *type = NULL;

  if (!accept (parser, '<') || parser->depth >= MAX_DEPTH)
    {
      set_malformed (parser, error);
      return NULL;
    }
  if (kind == EROS_SQL_STRUCT)
    return parse_struct (parser, error);
  element = parse_type (parser, error);
  if (element == NULL)
    return NULL;
  if (!accept (parser, '>'))
    type = NULL;
  else
    type = kind == EROS_SQL_RANGE ? eros_sql_type_range (element) : eros_sql_type_array (element);
  if (type == NULL)
    set_malformed (parser, error);
  return type;
}

static const ErosSqlType *
parse_type (Parser *parser, GError **error)
{
  g_autofree char *name = read_name (parser);
  const ErosSqlType *type = NULL;
  ErosSqlKind kind;

  if (name == NULL || !eros_sql_kind_from_name (name, &kind))
    {
      set_malformed (parser, error);
      return NULL;
    }
  if (kind < EROS_SQL_N_SCALAR_KINDS)
    {
      if (skip_parameters (parser))
        return eros_sql_type (kind);
      set_malformed (parser, error);
      return NULL;
    }
  parser->depth++;
  type = parse_nested (parser, kind, error);
  parser->depth--;
  return type;
}

/**
 * eros_sql_type_parse:
 * @text: a type's text form; parameters such as those of `NUMERIC(10, 2)` are read and left out
 * @error: return location for %EROS_SQL_ERROR_INVALID_TYPE
 *
 * Returns: (transfer none) (nullable): the type, or %NULL with @error set
 */
const ErosSqlType *
eros_sql_type_parse (const char *text, GError **error)
{
  Parser parser = { text, 0, text };
  const ErosSqlType *type = NULL;

  g_return_val_if_fail (text != NULL, NULL);
  type = parse_type (&parser, error);
  if (type == NULL)
    return NULL;
  skip_spaces (&parser);
  if (*parser.next != '\0')
    {
      set_malformed (&parser, error);
      return NULL;
    }
  return type;
}
