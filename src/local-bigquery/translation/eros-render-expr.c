/* eros-render-expr.c: expressions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-translator-private.h"

#include <math.h>
#include <string.h>

/* SQLite parses with a stack of 100 entries and allows a depth of 1,000. */
#define MAX_OPERANDS    100
#define MAX_WEIGHT      40
#define MIN_DEEP_LENGTH 60

static void
render_blob (const char *data, gsize size, GString *out)
{
  g_string_append (out, "x'");
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (out, "%02x", (guint) (guchar) data[i]);
  g_string_append_c (out, '\'');
}

static void
render_string (const char *data, gsize size, GString *out)
{
  if (memchr (data, '\0', size) != NULL)
    {
      g_string_append (out, "CAST(");
      render_blob (data, size, out);
      g_string_append (out, " AS TEXT)");
      return;
    }
  g_string_append_c (out, '\'');
  for (gsize i = 0; i < size; i++)
    {
      if (data[i] == '\'')
        g_string_append_c (out, '\'');
      g_string_append_c (out, data[i]);
    }
  g_string_append_c (out, '\'');
}

static void
render_real (double real, GString *out)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (real))
    g_string_append (out, "x'4e'");
  else if (isinf (real))
    g_string_append (out, real > 0 ? "9e999" : "(-9e999)");
  else
    {
      g_ascii_formatd (text, sizeof text, "%.17g", real);
      g_string_append_printf (out, signbit (real) ? "(%s%s)" : "%s%s", text,
                              strpbrk (text, ".e") == NULL ? ".0" : "");
    }
}

static void
eros_render_literal (const ErosSqlValue *value, GString *out)
{
  if (value->is_null)
    {
      g_string_append (out, "NULL");
      return;
    }
  switch (eros_sql_type_get_kind (value->type))
    {
    case EROS_SQL_INT64:
    case EROS_SQL_BOOL:
    case EROS_SQL_DATE:
    case EROS_SQL_TIME:
    case EROS_SQL_DATETIME:
    case EROS_SQL_TIMESTAMP:
      g_string_append_printf (out, value->integer < 0 ? "(%" G_GINT64_FORMAT ")" : "%" G_GINT64_FORMAT,
                              value->integer);
      return;
    case EROS_SQL_FLOAT64:
      render_real (value->real, out);
      return;
    case EROS_SQL_STRING:
    case EROS_SQL_JSON:
      render_string (value->data, value->size, out);
      return;
    case EROS_SQL_BYTES:
    case EROS_SQL_NUMERIC:
    case EROS_SQL_BIGNUMERIC:
    case EROS_SQL_INTERVAL:
    case EROS_SQL_GEOGRAPHY:
    case EROS_SQL_RANGE:
    case EROS_SQL_ARRAY:
    case EROS_SQL_STRUCT:
      render_blob (value->data, value->size, out);
      return;
    }
}

char *
eros_render_text (ErosTranslator *self, const ErosExpr *expr)
{
  g_autoptr (GString) text = g_string_new (NULL);

  eros_render_expr (self, expr, text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* ---- calls --------------------------------------------------------------------------------------------- */

/* Few enough wildcards that SQLite's matching, which goes back and tries again, cannot take long. */
#define MAX_WILDCARDS 3

static gboolean
is_like_pattern_plain (const ErosSqlValue *pattern)
{
  guint n_wildcards = 0;

  for (gsize i = 0; !pattern->is_null && i < pattern->size; i++)
    n_wildcards += pattern->data[i] == '%';
  if (n_wildcards > MAX_WILDCARDS)
    return FALSE;
  return !pattern->is_null && memchr (pattern->data, '\\', pattern->size) == NULL &&
         memchr (pattern->data, '\0', pattern->size) == NULL;
}

/* LIKE without backslashes is GLOB in other letters; without wildcards it is equality. */
static gboolean
render_like (ErosTranslator *self, const ErosResolvedCall *call, const char *name, GString *out)
{
  const ErosExpr *pattern = call->arguments->pdata[1];
  gboolean negated = g_str_equal (name, "$not_like");
  g_autoptr (GString) glob = g_string_new (NULL);
  gboolean wild = FALSE;

  if (pattern->kind != EROS_EXPR_LITERAL || !eros_sql_type_is (pattern->type, EROS_SQL_STRING) ||
      !is_like_pattern_plain (&pattern->literal))
    return FALSE;
  for (gsize i = 0; i < pattern->literal.size; i++)
    switch (pattern->literal.data[i])
      {
      case '%':
        if (glob->len == 0 || glob->str[glob->len - 1] != '*')
          g_string_append_c (glob, '*');
        wild = TRUE;
        break;
      case '_':
        g_string_append_c (glob, '?');
        wild = TRUE;
        break;
      case '*':
      case '?':
      case '[':
        g_string_append_printf (glob, "[%c]", pattern->literal.data[i]);
        break;
      default:
        g_string_append_c (glob, pattern->literal.data[i]);
      }
  g_string_append_c (out, '(');
  eros_render_expr (self, call->arguments->pdata[0], out);
  if (wild)
    {
      g_string_append (out, negated ? " NOT GLOB " : " GLOB ");
      render_string (glob->str, glob->len, out);
    }
  else
    {
      g_string_append (out, negated ? " <> " : " = ");
      eros_render_literal (&pattern->literal, out);
    }
  g_string_append_c (out, ')');
  return TRUE;
}

static void
render_call (ErosTranslator *self, const ErosResolvedCall *call, GString *out)
{
  const char *name = eros_function_get_name (call->call.function);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  if ((g_str_equal (name, "$like") || g_str_equal (name, "$not_like")) && render_like (self, call, name, out))
    return;
  for (guint i = 0; i < call->arguments->len; i++)
    {
      const ErosExpr *argument = call->arguments->pdata[i];

      if (argument->kind == EROS_EXPR_PART)
        g_ptr_array_add (texts, g_strdup (argument->part));
      else if (argument->kind == EROS_EXPR_INTERVAL)
        g_ptr_array_add (texts, eros_render_text (self, argument->interval.value));
      else
        g_ptr_array_add (texts, eros_render_text (self, argument));
    }
  eros_function_append_call (&call->call, call->safe, (const char *const *) texts->pdata, out);
}

static void
render_routine (ErosTranslator *self, const ErosRoutineCall *call, GString *out)
{
  g_string_append_printf (out, "%s(", call->native);
  for (guint i = 0; i < call->arguments->len; i++)
    {
      g_autofree char *text = eros_render_text (self, call->arguments->pdata[i]);

      g_string_append_printf (out, "%s%s", i == 0 ? "" : ", ", text);
    }
  g_string_append_c (out, ')');
}

/* ---- AND, OR, CASE ------------------------------------------------------------------------------------- */

/* Many operands are put into groups, so that SQLite's expression tree stays low. */
static void
render_operands (ErosTranslator *self,
                 GPtrArray *operands,
                 guint start,
                 guint end,
                 const char *
                 operator,
                 GString * out)
{
  guint n = end - start;
  guint step = n > MAX_OPERANDS ? (n + MAX_OPERANDS - 1) / MAX_OPERANDS : 1;

  g_string_append_c (out, '(');
  for (guint i = start; i < end; i += step)
    {
      if (i > start)
        g_string_append (out, operator);
      if (step == 1)
        eros_render_expr (self, operands->pdata[i], out);
      else
        render_operands (self, operands, i, MIN (i + step, end), operator, out);
    }
  g_string_append_c (out, ')');
}

static gboolean
is_float (const ErosExpr *expr)
{
  return eros_sql_type_is (expr->type, EROS_SQL_FLOAT64);
}

/* CASE x WHEN: SQLite's own is right except that NaN is no number to it, and for ARRAY and STRUCT. */
static void
render_case (ErosTranslator *self, const ErosCase *parts, GString *out)
{
  gboolean guard = parts->operand != NULL && is_float (parts->operand);

  g_string_append (out, "(CASE");
  if (parts->operand != NULL)
    {
      g_string_append_c (out, ' ');
      if (guard)
        {
          /* NULL equals nothing, and so does NaN. */
          g_string_append (out, "nullif(");
          eros_render_expr (self, parts->operand, out);
          g_string_append (out, ", x'4e')");
        }
      else
        eros_render_expr (self, parts->operand, out);
    }
  for (guint i = 0; i < parts->conditions->len; i++)
    {
      g_string_append (out, " WHEN ");
      eros_render_expr (self, parts->conditions->pdata[i], out);
      g_string_append (out, " THEN ");
      eros_render_expr (self, parts->results->pdata[i], out);
    }
  if (parts->otherwise != NULL &&
      !(parts->otherwise->kind == EROS_EXPR_LITERAL && parts->otherwise->literal.is_null))
    {
      g_string_append (out, " ELSE ");
      eros_render_expr (self, parts->otherwise, out);
    }
  g_string_append (out, " END)");
}

/* ---- ARRAY and STRUCT ---------------------------------------------------------------------------------- */

/* A constant ARRAY or STRUCT is made here. */
static gboolean
fold (const ErosExpr *expr, ErosSqlValue *value)
{
  gboolean array = expr->kind == EROS_EXPR_ARRAY;
  ErosSqlBuilder builder;

  if (expr->kind == EROS_EXPR_LITERAL)
    {
      *value = expr->literal;
      value->owned = NULL;
      value->type = expr->type;
      return TRUE;
    }
  if (!array && expr->kind != EROS_EXPR_STRUCT)
    return FALSE;
  eros_sql_builder_init (&builder, array ? EROS_SQL_ARRAY : EROS_SQL_STRUCT);
  for (guint i = 0; i < expr->items->len; i++)
    {
      g_auto (ErosSqlValue) item = EROS_SQL_VALUE_INIT;

      if (!fold (expr->items->pdata[i], &item))
        {
          eros_sql_builder_clear (&builder);
          return FALSE;
        }
      eros_sql_builder_add (&builder, &item);
    }
  eros_sql_builder_end_value (&builder, expr->type, value);
  return TRUE;
}

/* SQLite's functions take 127 arguments at most. */
static void
render_items (ErosTranslator *self,
              GPtrArray *items,
              guint start,
              guint end,
              const char *native,
              GString *out)
{
  g_string_append_printf (out, "%s(", native);
  for (guint i = start; i < end; i++)
    {
      if (i > start)
        g_string_append (out, ", ");
      eros_render_expr (self, items->pdata[i], out);
    }
  g_string_append_c (out, ')');
}

static void
render_constructor (ErosTranslator *self, const ErosExpr *expr, GString *out)
{
  const char *native = expr->kind == EROS_EXPR_ARRAY ? "bq_array" : "bq_struct";
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
  guint n = expr->items->len;

  if (fold (expr, &value))
    {
      eros_render_literal (&value, out);
      return;
    }
  if (n <= MAX_OPERANDS)
    {
      render_items (self, expr->items, 0, n, native, out);
      return;
    }
  if (expr->kind == EROS_EXPR_STRUCT || n > MAX_OPERANDS * MAX_OPERANDS)
    {
      eros_translation_fail (self, "A %s of %u computed values is too large",
                             expr->kind == EROS_EXPR_ARRAY ? "ARRAY" : "STRUCT", n);
      return;
    }
  g_string_append (out, "bq_array_concat(");
  for (guint i = 0; i < n; i += MAX_OPERANDS)
    {
      if (i > 0)
        g_string_append (out, ", ");
      render_items (self, expr->items, i, MIN (i + MAX_OPERANDS, n), native, out);
    }
  g_string_append_c (out, ')');
}

static void
render_cast (ErosTranslator *self, const ErosExpr *expr, GString *out)
{
  g_autofree char *operand = eros_render_text (self, expr->cast.operand);
  g_autofree char *format = expr->cast.format != NULL ? eros_render_text (self, expr->cast.format) : NULL;
  g_autofree char *zone = expr->cast.zone != NULL ? eros_render_text (self, expr->cast.zone) : NULL;

  eros_function_append_cast (operand, expr->cast.operand->type, expr->type, expr->cast.safe, format, zone,
                             out);
}

static void
render_column (ErosTranslator *self, const ErosColumn *column, GString *out)
{
  const char *text = g_hash_table_lookup (self->columns, column);

  if (text == NULL)
    {
      eros_translation_fail (self, "Internal error: column %s is not in view",
                             column->name != NULL ? column->name : "");
      return;
    }
  if (g_hash_table_contains (self->calls, column))
    self->n_calls_seen++;
  g_string_append (out, text);
}

static void
dispatch (ErosTranslator *self, const ErosExpr *expr, GString *out)
{
  switch (expr->kind)
    {
    case EROS_EXPR_LITERAL:
      eros_render_literal (&expr->literal, out);
      break;
    case EROS_EXPR_PARAMETER:
      g_string_append_printf (out, "?%u", expr->parameter->slot + 1);
      break;
    case EROS_EXPR_COLUMN:
      render_column (self, expr->column, out);
      break;
    case EROS_EXPR_CALL:
      if (!eros_render_formula (self, expr, out))
        render_call (self, &expr->call, out);
      break;
    case EROS_EXPR_ROUTINE:
      render_routine (self, &expr->routine, out);
      break;
    case EROS_EXPR_LOGICAL:
      render_operands (self, expr->logical.operands, 0, expr->logical.operands->len,
                       expr->logical.is_or ? " OR " : " AND ", out);
      break;
    case EROS_EXPR_CASE:
      render_case (self, &expr->case_, out);
      break;
    case EROS_EXPR_CAST:
      render_cast (self, expr, out);
      break;
    case EROS_EXPR_ARRAY:
    case EROS_EXPR_STRUCT:
      render_constructor (self, expr, out);
      break;
    case EROS_EXPR_FIELD:
      g_string_append (out, "bq_get_field(");
      eros_render_expr (self, expr->field.operand, out);
      g_string_append_printf (out, ", %u)", expr->field.index);
      break;
    case EROS_EXPR_SUBQUERY:
      eros_render_subquery (self, expr, out);
      break;
    case EROS_EXPR_LET:
      eros_render_let (self, expr, out);
      break;
    case EROS_EXPR_PART:
    case EROS_EXPR_INTERVAL:
      break;
    }
}

/* ---- deep expressions ---------------------------------------------------------------------------------- */

/* About how much of the parser's stack a text takes. */
static guint
parser_weight (const char *text)
{
  g_autoptr (GByteArray) open = g_byte_array_new ();
  guint weight = 0, most = 0;

  for (const char *p = text; *p != '\0'; p++)
    {
      guint8 cost = 0;

      if (*p == '\'' || *p == '"')
        {
          const char *end = strchr (p + 1, *p);

          if (end == NULL)
            break;
          p = end;
        }
      else if (*p == '(')
        cost = 4;
      else if (g_str_has_prefix (p, "CASE "))
        cost = 4;
      if (cost > 0)
        {
          g_byte_array_append (open, &cost, 1);
          weight += cost;
          most = MAX (most, weight);
        }
      else if ((*p == ')' || g_str_has_prefix (p, " END")) && open->len > 0)
        {
          weight -= open->data[open->len - 1];
          g_byte_array_set_size (open, open->len - 1);
        }
    }
  return most;
}

/* FROM the entries of @root that a text uses. */
static void
append_sources (const ErosRoot *root, const char *text, GString *out)
{
  gboolean first = TRUE;

  for (guint i = 0; i < root->entries->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("e%u.v", g_array_index (root->entries, guint, i));

      if (strstr (text, name) == NULL)
        continue;
      g_string_append_printf (out, "%se%u", first ? " FROM " : ", ", g_array_index (root->entries, guint, i));
      first = FALSE;
    }
}

void
eros_render_expr (ErosTranslator *self, const ErosExpr *expr, GString *out)
{
  gsize start = out->len;
  guint n_calls = self->n_calls_seen;
  ErosRoot *root = self->root;
  guint id = 0;

  if (self->error != NULL)
    return;
  dispatch (self, expr, out);
  if (out->len - start < MIN_DEEP_LENGTH || root == NULL || self->n_calls_seen > n_calls ||
      parser_weight (out->str + start) < MAX_WEIGHT)
    return;
  id = self->next_alias++;
  g_string_append_printf (root->with, "%se%u AS (SELECT %s AS v", root->with->len > 0 ? ", " : "", id,
                          out->str + start);
  append_sources (root, out->str + start, root->with);
  g_string_append_c (root->with, ')');
  g_array_append_val (root->entries, id);
  g_string_truncate (out, start);
  g_string_append_printf (out, "e%u.v", id);
}

/* A whole expression. */
void
eros_render_root (ErosTranslator *self, const ErosExpr *expr, GString *out)
{
  g_autoptr (GString) with = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (guint));
  ErosRoot root = { with, entries };
  ErosRoot *outer = self->root;

  self->root = &root;
  eros_render_expr (self, expr, text);
  self->root = outer;
  if (entries->len == 0)
    {
      g_string_append (out, text->str);
      return;
    }
  g_string_append_printf (out, "(WITH %s SELECT %s", with->str, text->str);
  append_sources (&root, text->str, out);
  g_string_append_c (out, ')');
}
