/* eros-page-decoder.c: takes an answer apart while it arrives
 *
 * Outside the array "rows" every byte is copied to the head, which becomes a small tree at the end. Inside
 * it, each row that is there as a whole goes straight into typed columns; what is not whole yet waits for
 * more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "eros-big-query-error.h"
#include "eros-json.h"
#include "eros-page-private.h"

#define HEAD_LIMIT (16 * 1024 * 1024)
#define WAITING_LIMIT                                                                                        \
  (64 * 1024 * 1024) /* more than any row, and than any page before its schema is known                      \
                      */
#define DEEPEST 64   /* levels of arrays and structs in a cell, or of objects in the head */

typedef enum
{
  IN_HEAD,
  BEFORE_ROW, /* after "[" or a row */
  AFTER_ROWS,
} Place;

struct _ErosPageDecoder
{
  ErosSchema *schema;
  ErosPage *page;
  GString *head;
  GByteArray *waiting; /* rows that cannot be decoded yet */
  gsize enough;        /* bytes in waiting before another try is worth it */
  Place place;
  gboolean first_row;
  /* of the head's text */
  guint depth;
  gboolean in_string;
  gboolean escaped;
  gsize string_start; /* of the last string, in head */
  gsize string_end;
};

ErosPageDecoder *
eros_page_decoder_new (ErosSchema *schema)
{
  ErosPageDecoder *self = g_new0 (ErosPageDecoder, 1);

  self->schema = schema != NULL ? eros_schema_ref (schema) : NULL;
  self->head = g_string_new (NULL);
  self->waiting = g_byte_array_new ();
  self->first_row = TRUE;
  return self;
}

void
eros_page_decoder_free (ErosPageDecoder *self)
{
  g_clear_pointer (&self->schema, eros_schema_unref);
  g_clear_object (&self->page);
  g_string_free (self->head, TRUE);
  g_byte_array_unref (self->waiting);
  g_free (self);
}

void
eros_page_decoder_reset (ErosPageDecoder *self)
{
  g_clear_object (&self->page);
  g_string_truncate (self->head, 0);
  g_byte_array_set_size (self->waiting, 0);
  self->enough = 0;
  self->place = IN_HEAD;
  self->first_row = TRUE;
  self->depth = 0;
  self->in_string = self->escaped = FALSE;
  self->string_start = self->string_end = 0;
}

static gboolean
malformed (GError **error, const char *what)
{
  g_set_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
               _ ("the server's answer cannot be read: %s"), what);
  return FALSE;
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

typedef enum
{
  TAKEN,
  NEED_MORE,
  BROKEN,
  TOO_MUCH,
} Verdict;

static const char *
skip_space (const char *at, const char *end)
{
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
    at++;
  return at;
}

#define EACH_BYTE(c) (0x0101010101010101u * (guint8) (c))

/* Not 0 when a byte of word is 0 (Mycroft 1987). */
static inline guint64
zero_bytes (guint64 word)
{
  return (word - EACH_BYTE (1)) & ~word & EACH_BYTE (0x80);
}

/* at: after the opening quote. Returns the closing one. */
static const char *
find_quote (const char *at, const char *end, gboolean *escaped)
{
  *escaped = FALSE;
  for (;;)
    {
      guint64 word;

      while (end - at >= 8)
        {
          memcpy (&word, at, 8);
          if (zero_bytes (word ^ EACH_BYTE ('"')) | zero_bytes (word ^ EACH_BYTE ('\\')))
            break;
          at += 8;
        }
      while (at < end && *at != '"' && *at != '\\')
        at++;
      if (at >= end)
        return NULL;
      if (*at == '"')
        return at;
      *escaped = TRUE;
      at += 2;
    }
}

static Verdict
skip_value (const char **at, const char *end)
{
  guint depth = 0;
  const char *here = *at;
  gboolean escaped;

  for (; here < end; here++)
    {
      if (*here == '"')
        {
          here = find_quote (here + 1, end, &escaped);
          if (here == NULL)
            return NEED_MORE;
        }
      else if (*here == '{' || *here == '[')
        {
          if (++depth > DEEPEST)
            return BROKEN;
        }
      else if ((*here == ',' || *here == '}' || *here == ']') && depth == 0)
        {
          *at = here;
          return TAKEN;
        }
      else if (*here == '}' || *here == ']')
        depth--;
    }
  return NEED_MORE;
}

static Verdict
expect (const char **at, const char *end, char wanted)
{
  *at = skip_space (*at, end);
  if (*at == end)
    return NEED_MORE;
  if (**at != wanted)
    return BROKEN;
  (*at)++;
  return TAKEN;
}

/* The key of a member, up to and with its colon. */
static Verdict
take_key (const char **at, const char *end, char *key)
{
  Verdict verdict = expect (at, end, '"');
  gboolean escaped;
  const char *quote;

  if (verdict != TAKEN)
    return verdict;
  quote = find_quote (*at, end, &escaped);
  if (quote == NULL)
    return NEED_MORE;
  *key = quote == *at + 1 ? **at : '\0';
  *at = quote + 1;
  return expect (at, end, ':');
}

static Verdict
take_literal (ErosPage *page, const char **at, const char *end)
{
  const char *start = *at;
  const char *stop = start;

  while (stop < end && *stop != ',' && *stop != '}' && *stop != ']' && !g_ascii_isspace (*stop))
    stop++;
  if (stop == end)
    return NEED_MORE;
  *at = stop;
  if (stop - start == 4 && memcmp (start, "null", 4) == 0)
    return eros_page_add_text (page, NULL, 0, FALSE) ? TAKEN : BROKEN;
  return stop > start && eros_page_add_text (page, start, stop - start, FALSE) ? TAKEN : BROKEN;
}

static Verdict
take_cell_value (ErosPage *page, const char **at, const char *end)
{
  const char *start;
  const char *stop;
  gboolean escaped;
  Verdict verdict;

  *at = skip_space (*at, end);
  if (*at == end)
    return NEED_MORE;
  start = *at;
  if (*start == '"')
    {
      stop = find_quote (start + 1, end, &escaped);
      if (stop == NULL)
        return NEED_MORE;
      *at = stop + 1;
      return eros_page_add_text (page, start + 1, stop - start - 1, escaped) ? TAKEN : BROKEN;
    }
  if (*start != '{' && *start != '[')
    return take_literal (page, at, end);
  verdict = skip_value (at, end);
  if (verdict != TAKEN)
    return verdict;
  return eros_page_add_json (page, start, *at - start) ? TAKEN : BROKEN;
}

static Verdict take_cells (ErosPage *page, const char **at, const char *end);

/* An object; its member called wanted is handed to take, others are passed over. */
static Verdict
take_object (ErosPage *page,
             const char **at,
             const char *end,
             char wanted,
             Verdict (*take) (ErosPage *page, const char **at, const char *end))
{
  Verdict verdict = expect (at, end, '{');
  gboolean found = FALSE;
  char key;

  while (verdict == TAKEN)
    {
      verdict = take_key (at, end, &key);
      if (verdict == TAKEN)
        {
          *at = skip_space (*at, end);
          verdict = key == wanted && !found ? take (page, at, end) : skip_value (at, end);
          found = found || key == wanted;
        }
      if (verdict != TAKEN)
        return verdict;
      *at = skip_space (*at, end);
      if (*at == end)
        return NEED_MORE;
      if (**at == '}')
        {
          (*at)++;
          return found ? TAKEN : BROKEN;
        }
      verdict = expect (at, end, ',');
    }
  return verdict;
}

static Verdict
take_cells (ErosPage *page, const char **at, const char *end)
{
  Verdict verdict = expect (at, end, '[');

  *at = skip_space (*at, end);
  if (verdict == TAKEN && *at < end && **at == ']')
    {
      (*at)++;
      return TAKEN;
    }
  while (verdict == TAKEN)
    {
      verdict = take_object (page, at, end, 'v', take_cell_value);
      if (verdict != TAKEN)
        return verdict;
      *at = skip_space (*at, end);
      if (*at == end)
        return NEED_MORE;
      if (**at == ']')
        {
          (*at)++;
          return TAKEN;
        }
      verdict = expect (at, end, ',');
    }
  return verdict;
}

#define STARTS_WITH(at, end, text)                                                                           \
  ((gsize) ((end) - (at)) >= sizeof (text) - 1 && memcmp (at, text, sizeof (text) - 1) == 0)

/* A row of plain texts and nulls without any white space, as nearly all are. FALSE: look at it again,
 * carefully. */
static gboolean
take_plain_row (ErosPage *page, const char **at, const char *end)
{
  const char *here = *at;

  if (!STARTS_WITH (here, end, "{\"f\":["))
    return FALSE;
  here += 6;
  for (;;)
    {
      if (STARTS_WITH (here, end, "{\"v\":\""))
        {
          gboolean escaped;
          const char *quote = find_quote (here + 6, end, &escaped);

          if (quote == NULL || end - quote < 3 || quote[1] != '}' ||
              !eros_page_add_text (page, here + 6, quote - here - 6, escaped))
            return FALSE;
          here = quote + 2;
        }
      else if (STARTS_WITH (here, end, "{\"v\":null}"))
        {
          if (!eros_page_add_text (page, NULL, 0, FALSE))
            return FALSE;
          here += 10;
        }
      else
        return FALSE;
      if (STARTS_WITH (here, end, "]}"))
        break;
      if (here == end || *here != ',')
        return FALSE;
      here++;
    }
  *at = here + 2;
  return TRUE;
}

static Verdict
take_row (ErosPage *page, const char **at, const char *end)
{
  const char *here = *at;
  Verdict verdict;

  if (!eros_page_begin_row (page))
    return TOO_MUCH;
  if (take_plain_row (page, &here, end))
    {
      *at = here;
      return eros_page_end_row (page) ? TAKEN : BROKEN;
    }
  eros_page_drop_row (page);
  verdict = take_object (page, &here, end, 'f', take_cells);
  if (verdict == TAKEN)
    {
      *at = here;
      return eros_page_end_row (page) ? TAKEN : BROKEN;
    }
  eros_page_drop_row (page);
  return verdict;
}

/* Takes whole rows from [at, end); moves at past what was taken. */
static Verdict
take_rows (ErosPageDecoder *self, const char **at, const char *end)
{
  for (;;)
    {
      const char *here = skip_space (*at, end);
      Verdict verdict;

      if (here < end && *here == ']')
        {
          self->place = AFTER_ROWS;
          *at = here;
          return TAKEN;
        }
      if (here < end && !self->first_row)
        {
          if (*here != ',')
            return BROKEN;
          here = skip_space (here + 1, end);
        }
      if (here == end)
        return NEED_MORE;
      verdict = take_row (self->page, &here, end);
      if (verdict != TAKEN)
        return verdict;
      self->first_row = FALSE;
      *at = here;
    }
}

/* ---- head ---------------------------------------------------------------------------------------------- */

static JsonNode *
parse_head (ErosPageDecoder *self, const char *closing, GError **error)
{
  g_autofree char *text = g_strconcat (self->head->str, closing, NULL);

  return eros_json_parse (text, -1, error);
}

static gboolean
learn_schema (ErosPageDecoder *self, JsonNode *head, GError **error)
{
  JsonObject *object = json_node_get_object (head);
  JsonNode *schema = json_object_get_member (object, "schema");

  if (self->schema == NULL && schema != NULL && JSON_NODE_HOLDS_OBJECT (schema))
    {
      self->schema = eros_schema_new_from_json (json_node_get_object (schema), error);
      if (self->schema == NULL)
        return FALSE;
    }
  if (self->schema != NULL && self->page == NULL)
    self->page = eros_page_new (self->schema);
  return TRUE;
}

static gboolean
is_rows_key (ErosPageDecoder *self)
{
  return self->depth == 2 && self->string_end - self->string_start == 4 &&
         memcmp (self->head->str + self->string_start, "rows", 4) == 0;
}

static gboolean
enter_rows (ErosPageDecoder *self, GError **error)
{
  g_autoptr (JsonNode) head = parse_head (self, "]}", error);

  self->place = BEFORE_ROW;
  return head != NULL && learn_schema (self, head, error);
}

/* Copies the head's bytes; returns after the one that begins the rows. */
static const char *
copy_head (ErosPageDecoder *self, const char *at, const char *end, GError **error)
{
  const char *start = at;
  gsize offset = self->head->len;

  for (; at < end; at++)
    {
      char c = *at;

      if (self->in_string)
        {
          if (self->escaped)
            self->escaped = FALSE;
          else if (c == '\\')
            self->escaped = TRUE;
          else if (c == '"')
            {
              self->in_string = FALSE;
              self->string_end = offset + (at - start);
            }
          continue;
        }
      if (c == '"')
        {
          self->in_string = TRUE;
          self->string_start = offset + (at - start) + 1;
        }
      else if (c == '{' || c == '[')
        {
          if (c == '[' && self->place == IN_HEAD)
            {
              g_string_append_len (self->head, start, at + 1 - start);
              start = at + 1;
              offset = self->head->len;
              self->depth++;
              if (is_rows_key (self))
                return enter_rows (self, error) ? at + 1 : NULL;
            }
          else
            self->depth++;
          if (self->depth > DEEPEST)
            {
              malformed (error, _ ("it is nested too deeply"));
              return NULL;
            }
        }
      else if ((c == '}' || c == ']') && self->depth > 0)
        self->depth--;
      else if (c == ',')
        self->string_start = self->string_end = 0;
    }
  g_string_append_len (self->head, start, at - start);
  return at;
}

/* Keeps what follows at, in the buffer of what waits, for more to come. */
static gboolean
hold_back (ErosPageDecoder *self, const char *at, const char *end, GError **error)
{
  const char *kept = (const char *) self->waiting->data;
  gsize length = end - at;

  if (length > WAITING_LIMIT)
    return malformed (error, _ ("one of its rows is larger than a row can be"));
  if (self->waiting->len > 0 && at >= kept && at <= kept + self->waiting->len)
    g_byte_array_remove_range (self->waiting, 0, at - kept);
  else
    {
      g_byte_array_set_size (self->waiting, 0);
      g_byte_array_append (self->waiting, (const guint8 *) at, length);
    }
  /* A row that is still not whole after so much is tried again only when there is twice as much: otherwise a
   * huge one would be read from its start with every piece of it. */
  self->enough = MAX (self->waiting->len * 2, 4096);
  return TRUE;
}

/* What was waiting joins what came; the rest waits again. */
static gboolean
push_rows (ErosPageDecoder *self, const char **at, const char *end, gboolean is_last, GError **error)
{
  const char *from = *at;
  const char *until = end;
  gboolean good;
  Verdict verdict;

  *at = end;
  if (self->waiting->len > 0 || self->page == NULL)
    {
      if (self->waiting->len + (end - from) > WAITING_LIMIT)
        return malformed (error, _ ("one of its rows is larger than a row can be"));
      g_byte_array_append (self->waiting, (const guint8 *) from, end - from);
      if (self->page == NULL || (!is_last && self->waiting->len < self->enough))
        return TRUE;
      from = (const char *) self->waiting->data;
      until = from + self->waiting->len;
    }
  verdict = take_rows (self, &from, until);
  if (verdict == BROKEN)
    return malformed (error, _ ("a row does not fit the schema"));
  if (verdict == TOO_MUCH)
    return malformed (error, _ ("the page is larger than any page should be"));
  if (verdict == NEED_MORE)
    return hold_back (self, from, until, error);
  /* The rows have ended inside [from, until): the head goes on there. */
  good = copy_head (self, from, until, error) != NULL;
  g_byte_array_set_size (self->waiting, 0);
  return good;
}

/**
 * eros_page_decoder_push:
 * @self: a decoder
 * @data: the next piece of the answer
 * @length: its bytes
 * @error: return location for %EROS_BIG_QUERY_ERROR_MALFORMED
 *
 * Returns: whether it can still be an answer
 */
gboolean
eros_page_decoder_push (ErosPageDecoder *self, const char *data, gsize length, GError **error)
{
  const char *at = data;
  const char *end = data + length;

  if (self->place == IN_HEAD && (at = copy_head (self, at, end, error)) == NULL)
    return FALSE;
  if (self->place == BEFORE_ROW && at < end && !push_rows (self, &at, end, FALSE, error))
    return FALSE;
  if (self->place == AFTER_ROWS && at < end && copy_head (self, at, end, error) == NULL)
    return FALSE;
  if (self->head->len > HEAD_LIMIT)
    return malformed (error, _ ("what stands beside its rows is too large"));
  return TRUE;
}

/* The rows came before their schema: it stands after them, in what is waiting. */
static gboolean
find_late_schema (ErosPageDecoder *self, GError **error)
{
  const char *at = (const char *) self->waiting->data;
  const char *end = at + self->waiting->len;
  g_autofree char *rest = NULL;
  g_autoptr (JsonNode) head = NULL;
  guint depth = 0;
  gboolean escaped;

  for (; at < end && !(*at == ']' && depth == 0); at++)
    {
      if (*at == '"')
        {
          at = find_quote (at + 1, end, &escaped);
          if (at == NULL)
            break;
        }
      else if (*at == '{' || *at == '[')
        depth++;
      else if ((*at == '}' || *at == ']') && depth > 0)
        depth--;
    }
  if (at == NULL || at >= end)
    return malformed (error, _ ("it ends in the middle"));
  rest = g_strndup (at, end - at);
  head = parse_head (self, rest, error);
  if (head == NULL || !learn_schema (self, head, error))
    return FALSE;
  return self->page != NULL || malformed (error, _ ("it has rows and no schema"));
}

/**
 * eros_page_decoder_finish:
 * @self: a decoder that has been given the whole answer
 * @page: (out) (transfer full) (nullable): its rows; %NULL when the answer has no schema
 * @head: (out) (transfer full): everything else, with an empty array for the rows
 * @error: return location for %EROS_BIG_QUERY_ERROR_MALFORMED
 *
 * Returns: whether it was an answer
 */
gboolean
eros_page_decoder_finish (ErosPageDecoder *self, ErosPage **page, JsonNode **head, GError **error)
{
  const char *nothing = "";
  g_autoptr (JsonNode) rest = NULL;

  if (self->place == BEFORE_ROW)
    {
      if (self->page == NULL && !find_late_schema (self, error))
        return FALSE;
      if (!push_rows (self, &nothing, nothing, TRUE, error))
        return FALSE;
      if (self->place == BEFORE_ROW)
        return malformed (error, _ ("it ends in the middle"));
    }
  rest = parse_head (self, "", error);
  if (rest == NULL || !learn_schema (self, rest, error))
    return FALSE;
  if (self->page != NULL && !eros_page_seal (self->page))
    return malformed (error, _ ("a text in it is not UTF-8"));
  *page = g_steal_pointer (&self->page);
  *head = g_steal_pointer (&rest);
  return TRUE;
}

/* ---- nested values ------------------------------------------------------------------------------------- */

/* The value of an element that is a STRUCT. */
static Verdict
take_struct (ErosPage *page, const char **at, const char *end)
{
  return take_object (page, at, end, 'f', take_cells);
}

static Verdict
take_element (ErosPage *page, const char **at, const char *end, gboolean of_structs)
{
  Verdict verdict;

  if (!eros_page_begin_row (page))
    return TOO_MUCH;
  verdict = take_object (page, at, end, 'v', of_structs ? take_struct : take_cell_value);
  return verdict == TAKEN && !eros_page_end_row (page) ? BROKEN : verdict;
}

static Verdict
take_elements (ErosPage *page, const char **at, const char *end, gboolean of_structs)
{
  Verdict verdict = expect (at, end, '[');

  *at = skip_space (*at, end);
  if (verdict == TAKEN && *at < end && **at == ']')
    return TAKEN;
  while (verdict == TAKEN)
    {
      verdict = take_element (page, at, end, of_structs);
      if (verdict != TAKEN)
        return verdict;
      *at = skip_space (*at, end);
      if (*at < end && **at == ']')
        return TAKEN;
      verdict = expect (at, end, ',');
    }
  return verdict;
}

/**
 * eros_page_dup_nested:
 * @self: a page
 * @row: which row
 * @column: which column
 * @error: return location for %EROS_BIG_QUERY_ERROR_MALFORMED
 *
 * An ARRAY's elements come as rows: of one column with the array's name, or of the fields of a STRUCT. A
 * STRUCT comes as one row. What lies deeper is asked of that page in turn.
 *
 * Returns: (transfer full) (nullable): the values; %NULL without an error for SQL NULL, and for a column that
 *   is neither ARRAY nor STRUCT
 */
ErosPage *
eros_page_dup_nested (ErosPage *self, guint row, guint column, GError **error)
{
  ErosSchema *schema = eros_page_get_schema (self);
  const ErosSchema *fields = eros_schema_get_struct (schema, column);
  gboolean repeated = eros_schema_is_repeated (schema, column);
  const char *text = repeated || fields != NULL ? eros_page_get_text (self, row, column) : NULL;
  g_autoptr (ErosSchema) inner = NULL;
  g_autoptr (ErosPage) page = NULL;
  const char *end;
  Verdict verdict;

  if (text == NULL)
    return NULL;
  inner = fields != NULL ? eros_schema_ref ((ErosSchema *) fields) : eros_schema_new_element (schema, column);
  page = eros_page_new (inner);
  end = text + strlen (text);
  verdict = repeated ? take_elements (page, &text, end, fields != NULL) : take_row (page, &text, end);
  if (verdict == TAKEN && eros_page_seal (page))
    return g_steal_pointer (&page);
  malformed (error, _ ("an array or a struct in it does not fit the schema"));
  return NULL;
}
