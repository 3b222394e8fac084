/* eros-page.c: some rows of an answer, in typed columns
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <math.h>
#include <string.h>

#include "eros-page-private.h"

/* Cells of one column: numbers as such, text as its place in the page's arena. */
typedef struct
{
  ErosColumnType type; /* of a scalar; EROS_COLUMN_STRUCT for anything nested or repeated */
  union
  {
    gint64 *integers;
    double *reals;
    gsize *places;
  };
  guint8 *nulls;
} Cells;

struct _ErosPage
{
  GObject parent_instance;

  ErosSchema *schema;
  Cells *columns;
  guint n_columns;
  guint n_rows;
  guint room;     /* rows there is memory for */
  guint next;     /* cell of the row that is being filled */
  GString *arena; /* texts, each terminated */
  gsize row_place;
};

G_DEFINE_FINAL_TYPE (ErosPage, eros_page, G_TYPE_OBJECT)

static void
eros_page_finalize (GObject *object)
{
  ErosPage *self = EROS_PAGE (object);

  for (guint i = 0; i < self->n_columns; i++)
    {
      g_free (self->columns[i].integers);
      g_free (self->columns[i].nulls);
    }
  g_free (self->columns);
  g_string_free (self->arena, TRUE);
  g_clear_pointer (&self->schema, eros_schema_unref);
  G_OBJECT_CLASS (eros_page_parent_class)->finalize (object);
}

static void
eros_page_class_init (ErosPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_page_finalize;
}

static void
eros_page_init (ErosPage *self)
{
  self->arena = g_string_new (NULL);
}

ErosPage *
eros_page_new (ErosSchema *schema)
{
  ErosPage *self = g_object_new (EROS_TYPE_PAGE, NULL);

  self->schema = eros_schema_ref (schema);
  self->n_columns = eros_schema_get_n_columns (schema);
  self->columns = g_new0 (Cells, self->n_columns);
  for (guint i = 0; i < self->n_columns; i++)
    self->columns[i].type =
      eros_schema_is_repeated (schema, i) ? EROS_COLUMN_STRUCT : eros_schema_get_column_type (schema, i);
  return self;
}

void
eros_page_begin_row (ErosPage *self)
{
  self->next = 0;
  self->row_place = self->arena->len;
  if (self->n_rows < self->room)
    return;
  self->room = MAX (64, self->room * 2);
  for (guint i = 0; i < self->n_columns; i++)
    {
      Cells *cells = &self->columns[i];

      cells->integers = g_realloc_n (cells->integers, self->room, sizeof (gint64));
      cells->nulls = g_realloc_n (cells->nulls, self->room, 1);
    }
}

void
eros_page_drop_row (ErosPage *self)
{
  g_string_truncate (self->arena, self->row_place);
}

gboolean
eros_page_end_row (ErosPage *self)
{
  if (self->next != self->n_columns)
    return FALSE;
  self->n_rows++;
  return TRUE;
}

gboolean
eros_page_seal (ErosPage *self)
{
  const char *text = self->arena->str;
  const char *end = text + self->arena->len;

  /* Each text ends with a NUL, over which g_utf8_validate () does not go. */
  while (text < end)
    {
      const char *stop;

      if (!g_utf8_validate (text, -1, &stop))
        return FALSE;
      text = stop + 1;
    }
  return TRUE;
}

static gboolean
parse_integer (const char *text, gsize length, gint64 *value)
{
  gboolean negative = length > 0 && *text == '-';
  guint64 limit = negative ? (guint64) G_MAXINT64 + 1 : G_MAXINT64;
  guint64 sum = 0;
  gsize i = negative;

  if (i == length)
    return FALSE;
  for (; i < length; i++)
    {
      guint digit = (guint8) text[i] - '0';

      if (digit > 9 || sum > (limit - digit) / 10)
        return FALSE;
      sum = sum * 10 + digit;
    }
  *value = negative ? -(gint64) (sum - 1) - 1 : (gint64) sum;
  if (negative && sum == 0)
    *value = 0;
  return TRUE;
}

/* Up to 15 digits and powers of ten up to 22 are exact in a double, and so is one product or quotient of them
 * (Clinger 1990, “How to read floating point numbers accurately”); the rest is the C library's. */
static gboolean
parse_short_real (const char *text, gsize length, double *value)
{
  static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
  guint64 mantissa = 0;
  guint digits = 0;
  int exponent = 0;
  gboolean point = FALSE;
  gsize i = length > 0 && *text == '-';

  for (; i < length && (g_ascii_isdigit (text[i]) || (text[i] == '.' && !point)); i++)
    {
      if (text[i] == '.')
        {
          point = TRUE;
          continue;
        }
      mantissa = mantissa * 10 + (text[i] - '0');
      digits++;
      exponent -= point;
      if (digits > 15)
        return FALSE;
    }
  if (digits == 0 || i != length || exponent < -22)
    return FALSE;
  *value = (double) mantissa / powers[-exponent];
  if (*text == '-')
    *value = -*value;
  return TRUE;
}

static gboolean
parse_real (const char *text, gsize length, double *value)
{
  char copy[64];
  char *end = NULL;

  if (parse_short_real (text, length, value))
    return TRUE;
  if (length == 0 || length >= sizeof copy || g_ascii_isspace (*text))
    return FALSE;
  memcpy (copy, text, length);
  copy[length] = '\0';
  *value = g_ascii_strtod (copy, &end);
  return end == copy + length;
}

/* Microseconds, or (when the server does not know useInt64Timestamp) seconds in floating form. */
static gboolean
parse_timestamp (const char *text, gsize length, gint64 *value)
{
  double seconds;

  if (parse_integer (text, length, value))
    return TRUE;
  if (!parse_real (text, length, &seconds) || !(fabs (seconds) < 1e12))
    return FALSE;
  *value = (gint64) rint (seconds * 1e6);
  return TRUE;
}

static gboolean
parse_bool (const char *text, gsize length, gint64 *value)
{
  *value = length == 4;
  return (length == 4 && memcmp (text, "true", 4) == 0) || (length == 5 && memcmp (text, "false", 5) == 0);
}

static guint
hex_value (const char *text)
{
  guint value = 0;

  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return G_MAXUINT;
      value = value * 16 + digit;
    }
  return value;
}

/* One \uXXXX, or a pair of them; moves text past it. */
static gboolean
append_unicode (GString *arena, const char **text, const char *end)
{
  guint code;
  guint low;

  if (end - *text < 4 || (code = hex_value (*text)) == G_MAXUINT)
    return FALSE;
  *text += 4;
  if (code >= 0xd800 && code < 0xdc00)
    {
      if (end - *text < 6 || (*text)[0] != '\\' || (*text)[1] != 'u' ||
          (low = hex_value (*text + 2)) < 0xdc00 || low > 0xdfff)
        return FALSE;
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      *text += 6;
    }
  if (code >= 0xdc00 && code <= 0xdfff)
    return FALSE;
  g_string_append_unichar (arena, code);
  return TRUE;
}

static gboolean
append_unescaped (GString *arena, const char *text, gsize length)
{
  static const char from[] = "\"\\/bfnrt";
  static const char to[] = "\"\\/\b\f\n\r\t";
  const char *end = text + length;

  while (text < end)
    {
      const char *stop = memchr (text, '\\', end - text);
      const char *known;

      g_string_append_len (arena, text, (stop != NULL ? stop : end) - text);
      if (stop == NULL)
        return TRUE;
      text = stop + 2;
      if (text > end)
        return FALSE;
      if (stop[1] == 'u')
        {
          if (!append_unicode (arena, &text, end))
            return FALSE;
        }
      else if (stop[1] != '\0' && (known = strchr (from, stop[1])) != NULL)
        g_string_append_c (arena, to[known - from]);
      else
        return FALSE;
    }
  return TRUE;
}

static gboolean
store_text (ErosPage *self, Cells *cells, const char *text, gsize length, gboolean escaped)
{
  cells->places[self->n_rows] = self->arena->len;
  if (!escaped)
    g_string_append_len (self->arena, text, length);
  else if (!append_unescaped (self->arena, text, length))
    return FALSE;
  g_string_append_c (self->arena, '\0');
  return TRUE;
}

gboolean
eros_page_add_text (ErosPage *self, const char *text, gsize length, gboolean escaped)
{
  Cells *cells;

  if (self->next >= self->n_columns)
    return FALSE;
  cells = &self->columns[self->next++];
  cells->nulls[self->n_rows] = text == NULL;
  if (text == NULL)
    return TRUE;
  switch (cells->type)
    {
    case EROS_COLUMN_INT64:
      return parse_integer (text, length, &cells->integers[self->n_rows]);
    case EROS_COLUMN_TIMESTAMP:
      return parse_timestamp (text, length, &cells->integers[self->n_rows]);
    case EROS_COLUMN_BOOL:
      return parse_bool (text, length, &cells->integers[self->n_rows]);
    case EROS_COLUMN_FLOAT64:
      return parse_real (text, length, &cells->reals[self->n_rows]);
    case EROS_COLUMN_STRUCT:
      return FALSE;
    case EROS_COLUMN_STRING:
    case EROS_COLUMN_BYTES:
    case EROS_COLUMN_NUMERIC:
    case EROS_COLUMN_DATE:
    case EROS_COLUMN_TIME:
    case EROS_COLUMN_DATETIME:
    case EROS_COLUMN_JSON:
    case EROS_COLUMN_OTHER:
    default:
      return store_text (self, cells, text, length, escaped);
    }
}

gboolean
eros_page_add_json (ErosPage *self, const char *text, gsize length)
{
  Cells *cells;

  if (self->next >= self->n_columns)
    return FALSE;
  cells = &self->columns[self->next++];
  cells->nulls[self->n_rows] = FALSE;
  return cells->type == EROS_COLUMN_STRUCT && store_text (self, cells, text, length, FALSE);
}

ErosSchema *
eros_page_get_schema (ErosPage *self)
{
  return self->schema;
}

guint
eros_page_get_n_rows (ErosPage *self)
{
  return self->n_rows;
}

gboolean
eros_page_is_null (ErosPage *self, guint row, guint column)
{
  g_return_val_if_fail (row < self->n_rows && column < self->n_columns, TRUE);
  return self->columns[column].nulls[row];
}

static gboolean
is_integer (ErosColumnType type)
{
  return type == EROS_COLUMN_INT64 || type == EROS_COLUMN_BOOL || type == EROS_COLUMN_TIMESTAMP;
}

gint64
eros_page_get_int64 (ErosPage *self, guint row, guint column)
{
  if (eros_page_is_null (self, row, column) || !is_integer (self->columns[column].type))
    return 0;
  return self->columns[column].integers[row];
}

double
eros_page_get_double (ErosPage *self, guint row, guint column)
{
  if (eros_page_is_null (self, row, column))
    return 0;
  if (self->columns[column].type == EROS_COLUMN_FLOAT64)
    return self->columns[column].reals[row];
  return eros_page_get_int64 (self, row, column);
}

const char *
eros_page_get_text (ErosPage *self, guint row, guint column)
{
  Cells *cells = &self->columns[column];

  if (eros_page_is_null (self, row, column) || is_integer (cells->type) || cells->type == EROS_COLUMN_FLOAT64)
    return NULL;
  return self->arena->str + cells->places[row];
}

static char *
format_timestamp (gint64 micros)
{
  gint64 seconds = micros / G_USEC_PER_SEC - (micros % G_USEC_PER_SEC < 0);
  int rest = (int) (micros - seconds * G_USEC_PER_SEC);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : NULL;

  if (text == NULL)
    return g_strdup_printf ("%" G_GINT64_FORMAT " µs", micros);
  return rest != 0 ? g_strdup_printf ("%s.%06d UTC", text, rest) : g_strdup_printf ("%s UTC", text);
}

/* The shortest text that reads back as the same number. */
static char *
format_real (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    return g_strdup ("NaN");
  if (isinf (value))
    return g_strdup (value > 0 ? "Infinity" : "-Infinity");
  for (int digits = 15; digits <= 17; digits++)
    {
      g_autofree char *format = g_strdup_printf ("%%.%dg", digits);

      g_ascii_formatd (text, sizeof text, format, value);
      if (g_ascii_strtod (text, NULL) == value)
        break;
    }
  return g_strdup (text);
}

char *
eros_page_dup_text (ErosPage *self, guint row, guint column)
{
  Cells *cells = &self->columns[column];

  if (eros_page_is_null (self, row, column))
    return NULL;
  if (cells->type == EROS_COLUMN_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, cells->integers[row]);
  if (cells->type == EROS_COLUMN_BOOL)
    return g_strdup (cells->integers[row] ? "true" : "false");
  if (cells->type == EROS_COLUMN_TIMESTAMP)
    return format_timestamp (cells->integers[row]);
  if (cells->type == EROS_COLUMN_FLOAT64)
    return format_real (cells->reals[row]);
  return g_strdup (eros_page_get_text (self, row, column));
}

GHashTable *
eros_page_dup_row (ErosPage *self, guint row)
{
  GHashTable *values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < self->n_columns; i++)
    g_hash_table_insert (values, g_strdup (eros_schema_get_name (self->schema, i)),
                         eros_page_dup_text (self, row, i));
  return values;
}
