/* eros-import-paragraph.c: paragraphs: a label, boxes, blanks, a message, or text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-import-private.h"

#include <string.h>

#include "eros-blank.h"

static void
add_text (ErosImportState *self, const char *text, guint first, guint last)
{
  eros_import_flush_label (self);
  eros_import_add (self, "text", text);
  eros_import_note_lines (self, first, last, EROS_IMPORT_TEXT, text);
}

/* Blanks that stand alone: what one person signs, or a form. */
static void
add_blanks (ErosImportState *self, const char *text, JsonArray *fields, guint first, guint last)
{
  g_autofree char *found = eros_import_describe_fields (fields);
  g_autofree char *note = g_strconcat (text, found, NULL);

  if (eros_import_is_sign_off (fields))
    {
      g_autofree char *label = eros_import_take_label (self);

      eros_import_add_sign_off (self, label, label, fields);
      eros_import_note_lines (self, first, last, EROS_IMPORT_SIGN_OFF, note);
      return;
    }
  eros_import_flush_label (self);
  eros_import_add_form (self, text, fields);
  eros_import_note_lines (self, first, last, EROS_IMPORT_FORM, note);
}

static void
add_lines (ErosImportState *self, char **lines, guint from, guint to, guint first)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = from; i < to; i++)
    g_string_append_printf (text, "%s%s", i > from ? "\n" : "", lines[i]);
  if (text->len > 0)
    add_text (self, text->str, first + from, first + to - 1);
}

/* Lines that belong together as blanks are one form: from FROM on; returns what follows. */
static guint
read_blanks (ErosImportState *self, char **lines, guint from, guint first)
{
  g_autoptr (JsonArray) fields = json_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  guint to = from;

  for (; lines[to] != NULL && eros_blank_count (lines[to]) > 0; to++)
    {
      eros_blank_read (lines[to], NULL, fields);
      g_string_append_printf (text, "%s%s", to > from ? "\n" : "", lines[to]);
    }
  add_blanks (self, text->str, fields, first + from, first + to - 1);
  return to;
}

/* Each line for itself: boxes, blanks, and what is between them. */
static void
read_lines (ErosImportState *self, char **lines, guint first)
{
  guint i = 0, from = 0;
  const char *rest;

  while (lines[i] != NULL)
    if (eros_import_is_box (lines[i], &rest))
      {
        add_lines (self, lines, from, i, first);
        eros_import_flush_label (self);
        eros_import_add_box (self, rest, first + i, first + i);
        from = ++i;
      }
    else if (eros_blank_count (lines[i]) > 0)
      {
        add_lines (self, lines, from, i, first);
        from = i = read_blanks (self, lines, i, first);
      }
    else
      i++;
  add_lines (self, lines, from, i, first);
}

static gboolean
is_by_line (char **lines)
{
  for (guint i = 0; lines[i] != NULL; i++)
    if (eros_import_is_box (lines[i], NULL) ||
        (eros_blank_count (lines[i]) > 0 && g_regex_match_simple ("^[^_:]+: *`?[$_]", lines[i], 0, 0)))
      return TRUE;
  return FALSE;
}

/* The parser forgets where a paragraph stood that a table follows without an empty line, and gives its place
 * to that. */
static guint
get_first_line (cmark_node *paragraph)
{
  int line = cmark_node_get_start_line (paragraph);
  cmark_node *next = cmark_node_next (paragraph);

  return line > 0 || next == NULL ? (guint) MAX (line, 1) : (guint) cmark_node_get_start_line (next);
}

void
eros_import_paragraph (ErosImportState *self, cmark_node *paragraph)
{
  g_autofree char *text = eros_markdown_get_text (paragraph);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint first = get_first_line (paragraph);
  guint last = first + g_strv_length (lines) - 1;

  for (guint i = 0; lines[i] != NULL; i++)
    g_strstrip (lines[i]);
  if (*text == '\0')
    {
      eros_import_note (self, paragraph, EROS_IMPORT_LEFT_OUT, "");
      return;
    }
  if (eros_import_message (self, text, first, last))
    return;
  if (is_by_line (lines))
    read_lines (self, lines, first);
  else if (eros_blank_count (text) > 0)
    {
      g_autoptr (JsonArray) fields = json_array_new ();

      eros_blank_read (text, NULL, fields);
      add_blanks (self, text, fields, first, last);
    }
  else if (lines[1] == NULL && (eros_markdown_is_strong (paragraph) || g_str_has_suffix (text, ":")))
    {
      eros_import_flush_label (self);
      self->label = g_steal_pointer (&text);
      self->label_line = first;
    }
  else
    add_text (self, text, first, last);
}
