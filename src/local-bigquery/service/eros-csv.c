/* eros-csv.c: comma-separated values, record by record
 *
 * RFC 4180, with the options that BigQuery has: another delimiter, another quote or none.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-csv.h"

#include <string.h>

static void
field_free (ErosCsvField *field)
{
  g_string_free (field->text, TRUE);
  g_free (field);
}

/**
 * eros_csv_read_delimiter:
 * @text: (nullable): a character, or its name
 * @delimiter: (out): what stands between fields
 *
 * Returns: whether it is one character of ASCII; BigQuery takes the first byte of others as such
 */
gboolean
eros_csv_read_delimiter (const char *text, char *delimiter)
{
  *delimiter = ',';
  if (text == NULL || *text == '\0')
    return TRUE;
  *delimiter = strcmp (text, "\\t") == 0 || strcmp (text, "tab") == 0 ? '\t' : *text;
  return *delimiter == '\t' || (text[1] == '\0' && strchr ("\"\r\n", *text) == NULL);
}

/**
 * eros_csv_record_init:
 * @record: (out): a record without fields
 */
void
eros_csv_record_init (ErosCsvRecord *record)
{
  record->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) field_free);
  record->n = 0;
}

/**
 * eros_csv_record_clear:
 * @record: a record
 */
void
eros_csv_record_clear (ErosCsvRecord *record)
{
  g_clear_pointer (&record->fields, g_ptr_array_unref);
}

static ErosCsvField *
next_field (ErosCsvRecord *record)
{
  ErosCsvField *field;

  if (record->n == record->fields->len)
    {
      field = g_new0 (ErosCsvField, 1);
      field->text = g_string_new (NULL);
      g_ptr_array_add (record->fields, field);
    }
  field = g_ptr_array_index (record->fields, record->n++);
  g_string_truncate (field->text, 0);
  return field;
}

/* Behind the opening quote; returns the place behind the closing one. */
static const char *
read_quoted (const ErosCsvFormat *format, const char *at, const char *end, GString *text, gint64 *n_breaks)
{
  for (; at < end; at++)
    {
      if (*at == format->quote && at + 1 < end && at[1] == format->quote)
        at++;
      else if (*at == format->quote)
        return at + 1;
      *n_breaks += *at == '\n';
      g_string_append_c (text, *at);
    }
  return at;
}

static const char *
skip_line_end (const char *at, const char *end)
{
  if (at < end && *at == '\r')
    at++;
  return at < end && *at == '\n' ? at + 1 : at;
}

/**
 * eros_csv_read:
 * @format: how it is written
 * @text: (inout): where the record begins; where the next one does
 * @end: the end of all
 * @n_lines: (inout): lines that have been read
 * @record: takes the fields
 *
 * Returns: (nullable): what is wrong with the record; the next one can be read all the same
 */
const char *
eros_csv_read (const ErosCsvFormat *format,
               const char **text,
               const char *end,
               gint64 *n_lines,
               ErosCsvRecord *record)
{
  const char *at = *text;
  const char *wrong = NULL;
  gint64 n_breaks = 0;
  gboolean over = FALSE;

  record->n = 0;
  while (!over)
    {
      ErosCsvField *field = next_field (record);

      field->quoted = format->quote != '\0' && at < end && *at == format->quote;
      if (field->quoted)
        at = read_quoted (format, at + 1, end, field->text, &n_breaks);
      if (field->quoted && at < end && *at != format->delimiter && *at != '\n' && *at != '\r')
        wrong = "Data between close quote character (\") and field separator.";
      for (; at < end && *at != format->delimiter && *at != '\n' && *at != '\r'; at++)
        g_string_append_c (field->text, *at);
      over = at >= end || *at != format->delimiter;
      at += !over;
    }
  if (n_breaks > 0 && !format->quoted_newlines)
    wrong = "Missing close quote character (\"): a line break between quotes needs allowQuotedNewlines.";
  at = skip_line_end (at, end);
  *n_lines += n_breaks + 1;
  *text = at;
  return wrong;
}
