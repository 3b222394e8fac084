/* eros-native-format.c: FORMAT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-text-private.h"

#include <eros-double.h>
#include <eros-json.h>

#define MAX_WIDTH (1024 * 1024)

/* One %…x of a format. */
typedef struct
{
  gboolean minus;
  gboolean plus;
  gboolean space;
  gboolean sharp;
  gboolean zero;
  gboolean group; /* ' */
  gint64 width;
  gint64 precision; /* -1: none */
  char letter;
} Spec;

typedef struct
{
  sqlite3_context *context;
  sqlite3_value **values; /* format, arguments, and as many types */
  int n_arguments;        /* with the format */
  int next;
  const char *format;
  gsize size;
  GString *out;
  gboolean failed;
  gboolean is_null;
} Formatter;

static gboolean fail (Formatter *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (Formatter *self, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  eros_native_fail (self->context, "%s", message);
  self->failed = TRUE;
  return FALSE;
}

/* The next argument; FALSE if there is none of @wanted type. */
static gboolean
take_argument (Formatter *self,
               const char *wanted,
               gboolean (*fits) (const ErosSqlType *type),
               ErosSqlValue *value)
{
  const ErosSqlType *type = NULL;
  int index = self->next++;

  if (index >= self->n_arguments)
    return TRUE; /* too few: told at the end, when it is known how many are wanted */
  type = eros_arg_type (self->context, self->values, self->n_arguments + index);
  if (type == NULL)
    {
      self->failed = TRUE;
      return FALSE;
    }
  eros_sql_value_load (value, type, self->values[index]);
  if (fits != NULL && !value->is_null && !fits (type))
    return fail (self, "Invalid type for argument %d to FORMAT; Expected %s; Got %s", index + 1, wanted,
                 eros_sql_type_get_name (type));
  return TRUE;
}

static gboolean
is_integer (const ErosSqlType *type)
{
  return eros_sql_type_is (type, EROS_SQL_INT64);
}

static gboolean
is_real (const ErosSqlType *type)
{
  return eros_sql_type_is_numeric (type) && !is_integer (type);
}

static gboolean
is_string (const ErosSqlType *type)
{
  return eros_sql_type_is (type, EROS_SQL_STRING);
}

static gboolean
is_json (const ErosSqlType *type)
{
  return eros_sql_type_is (type, EROS_SQL_JSON);
}

/* A width or a precision that stands in the format, or comes as an argument for "*". */
static gboolean
take_number (Formatter *self, gsize *at, gint64 *number)
{
  ErosSqlValue value = EROS_SQL_VALUE_INIT;

  *number = 0;
  if (*at < self->size && self->format[*at] == '*')
    {
      (*at)++;
      if (!take_argument (self, "integer", is_integer, &value))
        return FALSE;
      if (value.is_null)
        self->is_null = TRUE;
      *number = value.is_null ? 0 : value.integer;
    }
  else
    for (; *at < self->size && g_ascii_isdigit (self->format[*at]); (*at)++)
      *number = MIN (*number * 10 + (self->format[*at] - '0'), MAX_WIDTH + 1);
  return ABS (*number) <= MAX_WIDTH || fail (self, "FORMAT width or precision is too large");
}

static gboolean
take_spec (Formatter *self, gsize *at, Spec *spec)
{
  gsize start = *at;

  *spec = (Spec){ .precision = -1 };
  for ((*at)++; *at < self->size && self->format[*at] != '\0' && strchr ("-+ #0'", self->format[*at]) != NULL;
       (*at)++)
    {
      spec->minus |= self->format[*at] == '-';
      spec->plus |= self->format[*at] == '+';
      spec->space |= self->format[*at] == ' ';
      spec->sharp |= self->format[*at] == '#';
      spec->zero |= self->format[*at] == '0';
      spec->group |= self->format[*at] == '\'';
    }
  if (!take_number (self, at, &spec->width))
    return FALSE;
  if (spec->width < 0)
    {
      spec->minus = TRUE;
      spec->width = -spec->width;
    }
  if (*at < self->size && self->format[*at] == '.')
    {
      (*at)++;
      if (!take_number (self, at, &spec->precision))
        return FALSE;
      spec->precision = MAX (spec->precision, -1);
    }
  if (*at == self->size)
    return fail (self, "Invalid FORMAT string: \"%.*s\"", (int) self->size, self->format);
  spec->letter = self->format[*at];
  if (spec->letter == '\0' || strchr ("dioxXfFeEgGstTpPu", spec->letter) == NULL)
    return fail (self, "Invalid format specifier character \"%c\" in FORMAT string: \"%.*s\"", spec->letter,
                 (int) (self->size - start), self->format + start);
  (*at)++;
  return TRUE;
}

/* ---- Output -------------------------------------------------------------------------------------------- */

/* @text padded to the width, in characters; zeros go between sign or prefix and digits. */
static void
append_padded (Formatter *self, const Spec *spec, const char *text, gsize size, gsize prefix, gboolean zeros)
{
  gint64 missing = spec->width - eros_text_length ((ErosText){ text, size, FALSE });

  if (!spec->minus && zeros)
    g_string_append_len (self->out, text, (gssize) prefix);
  for (gint64 i = 0; i < missing && !spec->minus; i++)
    g_string_append_c (self->out, zeros ? '0' : ' ');
  if (!spec->minus && zeros)
    g_string_append_len (self->out, text + prefix, (gssize) (size - prefix));
  else
    g_string_append_len (self->out, text, (gssize) size);
  for (gint64 i = 0; i < missing && spec->minus; i++)
    g_string_append_c (self->out, ' ');
}

/* Separators between groups of digits, from @start to the first that is none. */
static void
insert_groups (GString *text, gsize start, guint length, char separator)
{
  gsize end = start;

  while (g_ascii_isxdigit (text->str[end]))
    end++;
  for (gsize left = length; end - start > left; left += length + 1)
    {
      g_string_insert_c (text, (gssize) (end - left), separator);
      end++;
    }
}

static void
append_integer (Formatter *self, const Spec *spec, gint64 integer)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint64 magnitude = integer < 0 ? -(guint64) integer : (guint64) integer;
  char digits[32];
  gsize prefix = 0;

  if (integer < 0)
    g_string_append_c (text, '-');
  else if (spec->plus || spec->space)
    g_string_append_c (text, spec->plus ? '+' : ' ');
  if (spec->sharp && magnitude != 0 && spec->letter != 'd' && spec->letter != 'i')
    g_string_append (text, spec->letter == 'o' ? "0" : spec->letter == 'x' ? "0x" : "0X");
  prefix = text->len;
  switch (spec->letter)
    {
    case 'o':
      g_snprintf (digits, sizeof digits, "%" G_GINT64_MODIFIER "o", magnitude);
      break;
    case 'x':
      g_snprintf (digits, sizeof digits, "%" G_GINT64_MODIFIER "x", magnitude);
      break;
    case 'X':
      g_snprintf (digits, sizeof digits, "%" G_GINT64_MODIFIER "X", magnitude);
      break;
    default:
      g_snprintf (digits, sizeof digits, "%" G_GUINT64_FORMAT, magnitude);
    }
  for (gint64 n = (gint64) strlen (digits); n < spec->precision; n++)
    g_string_append_c (text, '0');
  g_string_append (text, digits);
  if (spec->group)
    insert_groups (text, prefix, spec->letter == 'd' || spec->letter == 'i' ? 3 : 4,
                   spec->letter == 'd' || spec->letter == 'i' ? ',' : ':');
  append_padded (self, spec, text->str, text->len, prefix, spec->zero && spec->precision < 0);
}

static void
append_sign (GString *text, const Spec *spec, gboolean negative)
{
  if (negative)
    g_string_append_c (text, '-');
  else if (spec->plus || spec->space)
    g_string_append_c (text, spec->plus ? '+' : ' ');
}

static void
append_real (Formatter *self, const Spec *spec, double real)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *format = NULL;
  gsize digits_size = (gsize) MAX (spec->precision, 6) + 512;
  g_autofree char *digits = g_malloc (digits_size);
  gsize prefix = 0;

  append_sign (text, spec, signbit (real) && !isnan (real));
  prefix = text->len;
  if (!isfinite (real))
    {
      gboolean upper = g_ascii_isupper (spec->letter);

      g_string_append (text, isnan (real) ? (upper ? "NAN" : "nan") : upper ? "INF" : "inf");
      append_padded (self, spec, text->str, text->len, 0, FALSE);
      return;
    }
  format = g_strdup_printf ("%%%s.%d%c", spec->sharp ? "#" : "",
                            spec->precision < 0 ? 6 : (int) spec->precision, spec->letter);
  g_ascii_formatd (digits, (int) digits_size, format, fabs (real));
  g_string_append (text, digits);
  if (spec->group)
    insert_groups (text, prefix, 3, ',');
  append_padded (self, spec, text->str, text->len, prefix, spec->zero);
}

/* Exactly, for %f. */
static void
append_decimal (Formatter *self, const Spec *spec, const ErosSqlValue *value)
{
  ErosSqlKind kind = eros_sql_type_get_kind (value->type);
  gint64 places = spec->precision < 0 ? 6 : spec->precision;
  g_autoptr (GString) text = g_string_new (NULL);
  gsize prefix = 0;
  const char *point = NULL;
  gboolean negative = FALSE;
  ErosWide number;

  if (!eros_numeric_load (kind, value->data, value->size, &number))
    return;
  negative = number.negative;
  if (spec->letter != 'f' && spec->letter != 'F')
    {
      append_real (self, spec, eros_numeric_to_double (kind, &number));
      return;
    }
  (void) eros_numeric_round (kind, &number, places, EROS_WIDE_HALF_AWAY, &number);
  append_sign (text, spec, negative);
  number.negative = FALSE;
  prefix = text->len;
  eros_numeric_append (kind, &number, text);
  point = strchr (text->str, '.');
  if (point != NULL)
    places -= (gint64) (text->len - (gsize) (point + 1 - text->str));
  else if (places > 0 || spec->sharp)
    g_string_append_c (text, '.');
  for (; places > 0; places--)
    g_string_append_c (text, '0');
  if (spec->group)
    insert_groups (text, prefix, 3, ',');
  append_padded (self, spec, text->str, text->len, prefix, spec->zero);
}

static void
append_text (Formatter *self, const Spec *spec, const char *data, gsize size)
{
  if (spec->precision >= 0)
    size = eros_text_offset ((ErosText){ data, size, FALSE }, spec->precision);
  append_padded (self, spec, data, size, 0, FALSE);
}

static void
append_any (Formatter *self, const Spec *spec, const ErosSqlValue *value)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (spec->letter == 'T')
    eros_sql_value_append_literal (value, text);
  else if (spec->letter == 'P')
    eros_json_append_pretty ((ErosJsonText){ value->data, value->size }, 0, text);
  else
    eros_sql_value_append_t (value, text);
  append_text (self, spec, text->str, text->len);
}

static gboolean
append_argument (Formatter *self, const Spec *spec)
{
  ErosSqlValue value = EROS_SQL_VALUE_INIT;
  gboolean any = spec->letter == 't' || spec->letter == 'T';
  gboolean integer = strchr ("dioxXu", spec->letter) != NULL;
  gboolean real = strchr ("fFeEgG", spec->letter) != NULL;
  gboolean taken = FALSE;

  if (any)
    taken = take_argument (self, NULL, NULL, &value);
  else if (integer)
    taken = take_argument (self, "integer", is_integer, &value);
  else if (real)
    taken = take_argument (self, "FLOAT64", is_real, &value);
  else
    taken = take_argument (self, spec->letter == 's' ? "STRING" : "JSON",
                           spec->letter == 's' ? is_string : is_json, &value);
  if (!taken || value.type == NULL)
    return taken;
  if (value.is_null && !any)
    self->is_null = TRUE;
  else if (integer)
    append_integer (self, spec, value.integer);
  else if (real && eros_sql_type_is (value.type, EROS_SQL_FLOAT64))
    append_real (self, spec, value.real);
  else if (real)
    append_decimal (self, spec, &value);
  else if (spec->letter == 's')
    append_text (self, spec, value.data, value.size);
  else
    append_any (self, spec, &value);
  return TRUE;
}

static gboolean
append_all (Formatter *self)
{
  for (gsize at = 0; at < self->size;)
    {
      Spec spec;

      if (self->format[at] != '%')
        g_string_append_c (self->out, self->format[at++]);
      else if (at + 1 < self->size && self->format[at + 1] == '%')
        {
          g_string_append_c (self->out, '%');
          at += 2;
        }
      else if (!take_spec (self, &at, &spec) || !append_argument (self, &spec))
        return FALSE;
    }
  if (self->next == self->n_arguments)
    return TRUE;
  return fail (self, "Too %s arguments to FORMAT for pattern \"%.*s\"; Expected %d; Got %d",
               self->next > self->n_arguments ? "few" : "many", (int) self->size, self->format, self->next,
               self->n_arguments);
}

static void
format (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (GString) out = g_string_new (NULL);
  Formatter self = { .context = context, .values = values, .n_arguments = n / 2, .next = 1, .out = out };

  if (eros_arg_is_null (values[0]))
    return;
  self.format = eros_arg_data (values[0], &self.size);
  if (append_all (&self) && !self.is_null)
    eros_result_take_text (context, g_steal_pointer (&out));
}

const ErosNative eros_native_format[] = {
  { "FORMAT", "(STRING, ANY...) -> STRING", "bq_format", CAN_FAIL | EROS_FUNCTION_NEEDS_TYPES, format, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
