/* eros-canonical-scan.c: a canonical text read where it stands
 *
 * A long journal is read event by event, and building each body only to throw it away takes most of the time.
 * What is canonical shows in the text itself (docs/journal.md).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE /* strchrnul () */
#include "eros-config.h"

#include "eros-canonical-scan.h"

#include <string.h>

#include "eros-canonical-json.h"

/* Where the reading is; NULL once something was not as it must be. */
typedef struct
{
  const char *at;
  const char *end;
} Scan;

/* A string as it stands, without its quotation marks. */
typedef struct
{
  const char *at;
  const char *end;
} Quoted;

static gboolean scan_value (Scan *scan, guint depth);

static gboolean
take (Scan *scan, char wanted)
{
  if (scan->at == scan->end || *scan->at != wanted)
    return FALSE;
  scan->at++;
  return TRUE;
}

static gboolean
take_word (Scan *scan, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (scan->end - scan->at) < length || memcmp (scan->at, word, length) != 0)
    return FALSE;
  scan->at += length;
  return TRUE;
}

static int
hex_digit (char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character that stands after a backslash, if it is written so; otherwise -1. Moves AT behind it. */
static int
read_escape (const char **at, const char *end)
{
  static const char letters[] = "bfnrt\"\\";
  static const char named[] = "\b\f\n\r\t\"\\";
  const char *found = *at < end && **at != '\0' ? strchr (letters, **at) : NULL;
  int code;

  if (found != NULL)
    {
      (*at)++;
      return named[found - letters];
    }
  if (end - *at < 5 || memcmp (*at, "u00", 3) != 0 || hex_digit ((*at)[3]) < 0 || hex_digit ((*at)[4]) < 0)
    return -1;
  code = hex_digit ((*at)[3]) * 16 + hex_digit ((*at)[4]);
  *at += 5;
  return code > 0 && code < 0x20 && strchr (named, code) == NULL ? code : -1;
}

static gboolean
scan_string (Scan *scan, Quoted *string)
{
  if (!take (scan, '"'))
    return FALSE;
  string->at = scan->at;
  while (scan->at < scan->end && *scan->at != '"')
    {
      if ((guchar) *scan->at < 0x20)
        return FALSE;
      if (*scan->at++ == '\\' && read_escape (&scan->at, scan->end) < 0)
        return FALSE;
    }
  string->end = scan->at;
  return take (scan, '"');
}

/* -1 at the end */
static int
next_byte (Quoted *string)
{
  if (string->at == string->end)
    return -1;
  if (*string->at != '\\')
    return (guchar) *string->at++;
  string->at++;
  return read_escape (&string->at, string->end);
}

/* The order of UTF-8 bytes is the order of code points. */
static gboolean
stands_before (Quoted first, Quoted second)
{
  int a, b;

  do
    {
      a = next_byte (&first);
      b = next_byte (&second);
    }
  while (a == b && a >= 0);
  return a < b;
}

static gboolean
scan_object (Scan *scan, guint depth)
{
  Quoted before = { NULL, NULL };

  if (take (scan, '}'))
    return TRUE;
  do
    {
      Quoted name;

      if (!scan_string (scan, &name) || !take (scan, ':') ||
          (before.at != NULL && !stands_before (before, name)) || !scan_value (scan, depth + 1))
        return FALSE;
      before = name;
    }
  while (take (scan, ','));
  return take (scan, '}');
}

static gboolean
scan_array (Scan *scan, guint depth)
{
  if (take (scan, ']'))
    return TRUE;
  do
    if (!scan_value (scan, depth + 1))
      return FALSE;
  while (take (scan, ','));
  return take (scan, ']');
}

static gboolean
scan_integer (Scan *scan)
{
  gboolean negative = take (scan, '-');
  const char *first = scan->at;
  guint64 value = 0;

  while (scan->at < scan->end && g_ascii_isdigit (*scan->at))
    {
      guint digit = (guint) (*scan->at++ - '0');

      if (value > (G_MAXUINT64 - digit) / 10)
        return FALSE;
      value = value * 10 + digit;
    }
  if (scan->at == first || (*first == '0' && (scan->at - first > 1 || negative)))
    return FALSE;
  return value <= (guint64) G_MAXINT64 + negative;
}

static gboolean
scan_value (Scan *scan, guint depth)
{
  Quoted string;

  if (depth > EROS_CANONICAL_JSON_MAX_DEPTH || scan->at == scan->end)
    return FALSE;
  switch (*scan->at)
    {
    case '{':
      scan->at++;
      return scan_object (scan, depth);
    case '[':
      scan->at++;
      return scan_array (scan, depth);
    case '"':
      return scan_string (scan, &string);
    case 't':
      return take_word (scan, "true");
    case 'f':
      return take_word (scan, "false");
    case 'n':
      return take_word (scan, "null");
    default:
      return scan_integer (scan);
    }
}

/**
 * eros_canonical_scan_check:
 * @text: (array length=length): what was stored
 * @length: its length in bytes
 *
 * Returns: whether @text is what eros_canonical_json_write() makes of some value
 */
gboolean
eros_canonical_scan_check (const char *text, gsize length)
{
  Scan scan = { text, text + length };

  return length <= EROS_CANONICAL_JSON_MAX_LENGTH && g_utf8_validate_len (text, length, NULL) &&
         scan_value (&scan, 1) && scan.at == scan.end;
}

/* Behind the string whose first byte AT is. A NUL ends one whose quotation mark was made its end: none before
 * it is escaped. */
static const char *
pass_string (const char *at)
{
  const char *mark = strchrnul (at, '"');
  const char *escape = memchr (at, '\\', (gsize) (mark - at));

  while (escape != NULL)
    {
      at = escape + 2;
      if (at > mark)
        mark = strchrnul (at, '"');
      escape = memchr (at, '\\', (gsize) (mark - at));
    }
  return mark + 1;
}

static const char *
pass_value (const char *at, const char *end)
{
  guint depth = 0;

  do
    {
      char c = *at++;

      if (c == '"')
        at = pass_string (at);
      else if (c == '{' || c == '[')
        depth++;
      else if (c == '}' || c == ']')
        depth--;
      else
        while (at < end && *at != ',' && *at != '}' && *at != ']')
          at++;
      while (depth > 0 && (*at == ',' || *at == ':'))
        at++;
    }
  while (depth > 0);
  return at;
}

/**
 * eros_canonical_scan_find:
 * @text: (array length=length): an object for which eros_canonical_scan_check() holds, or held before texts
 * of its members had their closing quotation mark replaced by a NUL
 * @length: its length in bytes
 * @member: a name without characters that are escaped
 * @value_length: (out): of what is returned, in bytes
 *
 * Returns: (nullable): the member’s value where it stands; %NULL when there is none of that name
 */
const char *
eros_canonical_scan_find (const char *text, gsize length, const char *member, gsize *value_length)
{
  const char *end = text + length;
  const char *at = text + 1;
  gsize wanted = strlen (member);

  while (*at == '"')
    {
      const char *name = at + 1;
      const char *value = pass_string (name) + 1;
      gboolean found = (gsize) (value - 2 - name) == wanted && memcmp (name, member, wanted) == 0;

      at = pass_value (value, end);
      if (found)
        {
          *value_length = (gsize) (at - value);
          return value;
        }
      at += *at == ',';
    }
  return NULL;
}
