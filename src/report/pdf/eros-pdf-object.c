/* eros-pdf-object.c: the values that a PDF is made of, read strictly and written back
 *
 * ISO 32000-2, 7.2 and 7.3. Stricter than the standard where leniency helps nobody but an attacker: no
 * key twice, no odd hexadecimal digits.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-pdf-object.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-report-error.h"

#define MAX_DEPTH 32
/* Of one text: what a report holds is some thousands, what would fill the memory is refused. */
#define MAX_VALUES 500000
/* From here on a dictionary's keys are found by a table instead of one by one. */
#define MANY_KEYS 16

typedef struct
{
  const char *data;
  gsize length;
  gsize position;
  guint depth;
  guint n_values;
  GError **error;
} Parser;

static ErosPdfObject *parse_value (Parser *self);

void
eros_pdf_object_free (ErosPdfObject *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->index, g_hash_table_unref);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_free (self);
}

static ErosPdfObject *
new_object (Parser *self, ErosPdfType type)
{
  ErosPdfObject *object = g_new0 (ErosPdfObject, 1);

  object->type = type;
  object->start = self->position;
  return object;
}

static ErosPdfObject *
fail (Parser *self, const char *reason)
{
  if (self->error != NULL && *self->error == NULL)
    g_set_error (self->error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF, _ ("byte %zu: %s"),
                 self->position, reason);
  return NULL;
}

gboolean
eros_pdf_is_space (char c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

static gboolean
is_delimiter (char c)
{
  return strchr ("()<>[]{}/%", c) != NULL && c != '\0';
}

static gsize
eros_pdf_skip_space (const char *data, gsize length, gsize position)
{
  while (position < length && eros_pdf_is_space (data[position]))
    position++;
  return position;
}

gboolean
eros_pdf_take (const char *data, gsize length, gsize *position, const char *keyword)
{
  gsize at = eros_pdf_skip_space (data, length, *position);
  gsize n = strlen (keyword);

  if (n > length - at || memcmp (data + at, keyword, n) != 0)
    return FALSE;
  *position = at + n;
  return TRUE;
}

gboolean
eros_pdf_take_number (const char *data, gsize length, gsize *position, gint64 *number)
{
  gsize at = eros_pdf_skip_space (data, length, *position);
  gsize start = at;

  for (*number = 0; at < length && g_ascii_isdigit (data[at]); at++)
    {
      if (at - start >= 15)
        return FALSE;
      *number = *number * 10 + (data[at] - '0');
    }
  if (at == start)
    return FALSE;
  *position = at;
  return TRUE;
}

/* White space and comments, which cairo writes into its pages. */
static void
skip_blank (Parser *self)
{
  self->position = eros_pdf_skip_space (self->data, self->length, self->position);
  while (self->position < self->length && self->data[self->position] == '%')
    {
      while (self->position < self->length && self->data[self->position] != '\n' &&
             self->data[self->position] != '\r')
        self->position++;
      self->position = eros_pdf_skip_space (self->data, self->length, self->position);
    }
}

static char
peek (Parser *self)
{
  return self->position < self->length ? self->data[self->position] : '\0';
}

static gboolean
at_end (Parser *self)
{
  return self->position >= self->length;
}

/* The run of regular characters at the position. */
static gsize
token_length (Parser *self)
{
  gsize n = 0;

  while (self->position + n < self->length && !eros_pdf_is_space (self->data[self->position + n]) &&
         !is_delimiter (self->data[self->position + n]))
    n++;
  return n;
}

static char *
parse_name_text (Parser *self)
{
  g_autoptr (GString) name = g_string_new (NULL);
  gsize end;

  self->position++;
  end = self->position + token_length (self);
  while (self->position < end)
    {
      char c = self->data[self->position++];

      if (c == '#')
        {
          int high = self->position < end ? g_ascii_xdigit_value (self->data[self->position]) : -1;
          int low = self->position + 1 < end ? g_ascii_xdigit_value (self->data[self->position + 1]) : -1;

          if (high < 0 || low < 0 || (high == 0 && low == 0))
            {
              fail (self, _ ("a broken name"));
              return NULL;
            }
          c = (char) (high * 16 + low);
          self->position += 2;
        }
      g_string_append_c (name, c);
    }
  return g_string_free (g_steal_pointer (&name), FALSE);
}

static ErosPdfObject *
parse_name (Parser *self)
{
  g_autoptr (ErosPdfObject) object = new_object (self, EROS_PDF_NAME);

  object->text = parse_name_text (self);
  return object->text != NULL ? g_steal_pointer (&object) : NULL;
}

static ErosPdfObject *
parse_hex_string (Parser *self)
{
  g_autoptr (ErosPdfObject) object = new_object (self, EROS_PDF_STRING);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  int high = -1;

  for (self->position++; !at_end (self) && peek (self) != '>'; self->position++)
    {
      int digit = g_ascii_xdigit_value (peek (self));
      guint8 byte;

      if (eros_pdf_is_space (peek (self)))
        continue;
      if (digit < 0)
        return fail (self, _ ("a hexadecimal digit was expected"));
      if (high < 0)
        {
          high = digit;
          continue;
        }
      byte = (guint8) (high * 16 + digit);
      g_byte_array_append (bytes, &byte, 1);
      high = -1;
    }
  if (at_end (self) || high >= 0)
    return fail (self, _ ("a hexadecimal string without its end"));
  self->position++;
  object->is_hex = TRUE;
  object->bytes = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  return g_steal_pointer (&object);
}

/* What stands after a backslash; nothing for a line that goes on. */
static void
append_escape (Parser *self, GString *text)
{
  static const char from[] = "nrtbf()\\", to[] = "\n\r\t\b\f()\\";
  char c = peek (self);
  const char *known = c != '\0' ? strchr (from, c) : NULL;

  if (known != NULL)
    g_string_append_c (text, to[known - from]);
  else if (c >= '0' && c <= '7')
    {
      int value = 0;

      for (guint i = 0; i < 3 && peek (self) >= '0' && peek (self) <= '7'; i++)
        value = value * 8 + (self->data[self->position++] - '0');
      g_string_append_c (text, (char) value);
      return;
    }
  else if (c == '\r' && self->position + 1 < self->length && self->data[self->position + 1] == '\n')
    self->position++;
  else if (c != '\r' && c != '\n')
    g_string_append_c (text, c);
  self->position++;
}

static ErosPdfObject *
parse_literal_string (Parser *self)
{
  g_autoptr (ErosPdfObject) object = new_object (self, EROS_PDF_STRING);
  g_autoptr (GString) text = g_string_new (NULL);
  guint open = 1;

  self->position++;
  while (!at_end (self))
    {
      char c = self->data[self->position++];

      if (c == '\\' && !at_end (self))
        {
          append_escape (self, text);
          continue;
        }
      if (c == '(')
        open++;
      else if (c == ')' && --open == 0)
        break;
      g_string_append_c (text, c);
    }
  if (open > 0)
    return fail (self, _ ("a string without its end"));
  object->bytes = g_string_free_to_bytes (g_steal_pointer (&text));
  return g_steal_pointer (&object);
}

static ErosPdfObject *
parse_array (Parser *self)
{
  g_autoptr (ErosPdfObject) object = new_object (self, EROS_PDF_ARRAY);

  object->items = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_pdf_object_free);
  for (self->position++;;)
    {
      ErosPdfObject *item;

      skip_blank (self);
      if (peek (self) == ']')
        break;
      item = parse_value (self);
      if (item == NULL)
        return NULL;
      g_ptr_array_add (object->items, item);
    }
  self->position++;
  return g_steal_pointer (&object);
}

static void
add_member (ErosPdfObject *self, char *key, ErosPdfObject *value)
{
  g_ptr_array_add (self->keys, key);
  g_ptr_array_add (self->items, value);
  if (self->index == NULL && self->keys->len == MANY_KEYS)
    {
      self->index = g_hash_table_new (g_str_hash, g_str_equal);
      for (guint i = 0; i < self->keys->len; i++)
        g_hash_table_insert (self->index, self->keys->pdata[i], self->items->pdata[i]);
    }
  else if (self->index != NULL)
    g_hash_table_insert (self->index, key, value);
}

static ErosPdfObject *
parse_dictionary (Parser *self)
{
  g_autoptr (ErosPdfObject) object = new_object (self, EROS_PDF_DICTIONARY);

  object->items = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_pdf_object_free);
  object->keys = g_ptr_array_new_with_free_func (g_free);
  for (self->position += 2;;)
    {
      g_autofree char *key = NULL;
      ErosPdfObject *value;

      skip_blank (self);
      if (eros_pdf_take (self->data, self->length, &self->position, ">>"))
        return g_steal_pointer (&object);
      if (peek (self) != '/')
        return fail (self, _ ("a key was expected in a dictionary"));
      key = parse_name_text (self);
      if (key == NULL)
        return NULL;
      if (eros_pdf_get (object, key) != NULL)
        return fail (self, _ ("a key that is there twice"));
      value = parse_value (self);
      if (value == NULL)
        return NULL;
      add_member (object, g_steal_pointer (&key), value);
    }
}

/* "12 0 R", which begins as a number does. */
static gboolean
take_reference (Parser *self, ErosPdfObject *object)
{
  gsize position = self->position;
  gint64 number, generation;

  if (!eros_pdf_take_number (self->data, self->length, &position, &number) || position >= self->length ||
      !eros_pdf_is_space (self->data[position]) ||
      !eros_pdf_take_number (self->data, self->length, &position, &generation) || position >= self->length ||
      !eros_pdf_is_space (self->data[position]) ||
      !eros_pdf_take (self->data, self->length, &position, "R") ||
      (position < self->length && !eros_pdf_is_space (self->data[position]) &&
       !is_delimiter (self->data[position])) ||
      number == 0 || number > G_MAXINT32 || generation > 65535)
    return FALSE;
  object->type = EROS_PDF_REFERENCE;
  object->integer = number;
  object->generation = (guint) generation;
  self->position = position;
  return TRUE;
}

/* How many digits stand at TEXT. */
static gsize
count_digits (const char *text)
{
  gsize n = 0;

  while (g_ascii_isdigit (text[n]))
    n++;
  return n;
}

/* "-12" or, with IS_REAL, "12.5", "4.", ".5" */
static gboolean
is_number (const char *token, gboolean *is_real)
{
  const char *digits = *token == '+' || *token == '-' ? token + 1 : token;
  gsize whole = count_digits (digits), part = 0;

  *is_real = digits[whole] == '.';
  if (*is_real)
    part = count_digits (digits + whole + 1);
  return whole <= 15 && part <= 20 && whole + part > 0 && digits[whole + (*is_real ? 1 + part : 0)] == '\0';
}

static ErosPdfObject *
parse_token (Parser *self)
{
  g_autoptr (ErosPdfObject) object = new_object (self, EROS_PDF_NULL);
  gsize n = token_length (self);
  g_autofree char *token = g_strndup (self->data + self->position, n);
  gboolean is_real;

  if (n > 0 && g_ascii_isdigit (*token) && take_reference (self, object))
    return g_steal_pointer (&object);
  if (g_str_equal (token, "true") || g_str_equal (token, "false"))
    {
      object->type = EROS_PDF_BOOLEAN;
      object->integer = *token == 't';
    }
  else if (is_number (token, &is_real))
    {
      object->type = is_real ? EROS_PDF_REAL : EROS_PDF_INTEGER;
      object->integer = is_real ? 0 : g_ascii_strtoll (token, NULL, 10);
      object->text = is_real ? g_strdup (token) : NULL;
    }
  else if (!g_str_equal (token, "null"))
    return fail (self, _ ("a value was expected"));
  self->position += n;
  return g_steal_pointer (&object);
}

static ErosPdfObject *
parse_value_here (Parser *self)
{
  char next = self->position + 1 < self->length ? self->data[self->position + 1] : '\0';

  switch (peek (self))
    {
    case '/':
      return parse_name (self);
    case '(':
      return parse_literal_string (self);
    case '[':
      return parse_array (self);
    case '<':
      return next == '<' ? parse_dictionary (self) : parse_hex_string (self);
    default:
      return parse_token (self);
    }
}

static ErosPdfObject *
parse_value (Parser *self)
{
  ErosPdfObject *object;

  skip_blank (self);
  if (at_end (self))
    return fail (self, _ ("the text ends where a value was expected"));
  if (self->depth == MAX_DEPTH)
    return fail (self, _ ("nested too deeply"));
  if (++self->n_values > MAX_VALUES)
    return fail (self, _ ("more values than a report has"));
  self->depth++;
  object = parse_value_here (self);
  self->depth--;
  if (object != NULL)
    object->end = self->position;
  return object;
}

ErosPdfObject *
eros_pdf_parse (const char *data, gsize length, gsize *position, GError **error)
{
  GError *local = NULL;
  Parser parser = { data, length, *position, 0, 0, &local };
  ErosPdfObject *object = parse_value (&parser);

  *position = parser.position;
  if (object == NULL)
    g_propagate_error (error, local);
  return object;
}

const ErosPdfObject *
eros_pdf_get (const ErosPdfObject *self, const char *key)
{
  if (self == NULL || self->type != EROS_PDF_DICTIONARY)
    return NULL;
  if (self->index != NULL)
    return g_hash_table_lookup (self->index, key);
  for (guint i = 0; i < self->keys->len; i++)
    {
      if (g_str_equal (g_ptr_array_index (self->keys, i), key))
        return g_ptr_array_index (self->items, i);
    }
  return NULL;
}

const ErosPdfObject *
eros_pdf_get_typed (const ErosPdfObject *self, const char *key, ErosPdfType type)
{
  const ErosPdfObject *value = eros_pdf_get (self, key);

  return value != NULL && value->type == type ? value : NULL;
}

gboolean
eros_pdf_get_integer (const ErosPdfObject *self, const char *key, gint64 *integer)
{
  const ErosPdfObject *value = eros_pdf_get_typed (self, key, EROS_PDF_INTEGER);

  if (value == NULL)
    return FALSE;
  *integer = value->integer;
  return TRUE;
}

gboolean
eros_pdf_has_name (const ErosPdfObject *self, const char *key, const char *name)
{
  const ErosPdfObject *value = eros_pdf_get_typed (self, key, EROS_PDF_NAME);

  return value != NULL && g_str_equal (value->text, name);
}

guint
eros_pdf_length (const ErosPdfObject *self)
{
  return self != NULL && self->type == EROS_PDF_ARRAY ? self->items->len : 0;
}

const ErosPdfObject *
eros_pdf_item (const ErosPdfObject *self, guint i)
{
  return i < eros_pdf_length (self) ? g_ptr_array_index (self->items, i) : NULL;
}

gboolean
eros_pdf_equal (const ErosPdfObject *a, const ErosPdfObject *b)
{
  g_autoptr (GString) a_text = g_string_new (NULL);
  g_autoptr (GString) b_text = g_string_new (NULL);

  if (a == NULL || b == NULL)
    return a == b;
  eros_pdf_write (a_text, a);
  eros_pdf_write (b_text, b);
  return g_string_equal (a_text, b_text);
}

static void
write_name (GString *out, const char *name)
{
  g_string_append_c (out, '/');
  for (; *name != '\0'; name++)
    {
      if (*name > '!' && *name <= '~' && *name != '#' && !is_delimiter (*name))
        g_string_append_c (out, *name);
      else
        g_string_append_printf (out, "#%02X", (guint) (guchar) *name);
    }
}

static void
write_string (GString *out, GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  g_string_append_c (out, '<');
  for (gsize i = 0; i < length; i++)
    {
      static const char digits[] = "0123456789abcdef";

      g_string_append_c (out, digits[data[i] >> 4]);
      g_string_append_c (out, digits[data[i] & 15]);
    }
  g_string_append_c (out, '>');
}

void
eros_pdf_write_members (GString *out, const ErosPdfObject *self, const char *const *omit)
{
  for (guint i = 0; i < self->keys->len; i++)
    {
      const char *key = g_ptr_array_index (self->keys, i);

      if (omit != NULL && g_strv_contains (omit, key))
        continue;
      write_name (out, key);
      g_string_append_c (out, ' ');
      eros_pdf_write (out, g_ptr_array_index (self->items, i));
      g_string_append_c (out, '\n');
    }
}

void
eros_pdf_write (GString *out, const ErosPdfObject *self)
{
  switch (self->type)
    {
    case EROS_PDF_BOOLEAN:
      g_string_append (out, self->integer ? "true" : "false");
      break;
    case EROS_PDF_INTEGER:
      g_string_append_printf (out, "%" G_GINT64_FORMAT, self->integer);
      break;
    case EROS_PDF_REAL:
      g_string_append (out, self->text);
      break;
    case EROS_PDF_STRING:
      write_string (out, self->bytes);
      break;
    case EROS_PDF_NAME:
      write_name (out, self->text);
      break;
    case EROS_PDF_ARRAY:
      g_string_append_c (out, '[');
      for (guint i = 0; i < self->items->len; i++)
        {
          g_string_append_c (out, ' ');
          eros_pdf_write (out, g_ptr_array_index (self->items, i));
        }
      g_string_append (out, " ]");
      break;
    case EROS_PDF_DICTIONARY:
      g_string_append (out, "<< ");
      eros_pdf_write_members (out, self, NULL);
      g_string_append (out, ">>");
      break;
    case EROS_PDF_REFERENCE:
      g_string_append_printf (out, "%" G_GINT64_FORMAT " %u R", self->integer, self->generation);
      break;
    case EROS_PDF_NULL:
    default:
      g_string_append (out, "null");
      break;
    }
}

void
eros_pdf_write_text (GString *out, const char *text)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *utf16 = NULL;
  gsize length = 0;

  if (g_str_is_ascii (text))
    {
      bytes = g_bytes_new (text, strlen (text));
      write_string (out, bytes);
      return;
    }
  utf16 = g_convert (text, -1, "UTF-16BE", "UTF-8", NULL, &length, NULL);
  g_string_append (out, "<feff");
  for (gsize i = 0; utf16 != NULL && i < length; i++)
    g_string_append_printf (out, "%02x", (guint) (guchar) utf16[i]);
  g_string_append_c (out, '>');
}
