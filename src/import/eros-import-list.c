/* eros-import-list.c: lists: boxes with what belongs to them, sign-offs, blanks, or a list to read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-import-private.h"

#include <string.h>

#include "eros-blank.h"

/* Items of one list that are read alike. */
typedef struct
{
  GStrvBuilder *items;
  GString *text;
  JsonArray *fields;
  guint first; /* 0: none yet */
  guint last;
  gboolean is_form;
} Run;

static gboolean
is_item (cmark_node *node)
{
  return cmark_node_get_type (node) == CMARK_NODE_ITEM;
}

/* The words of an item, without what stands below them. (transfer full) */
static char *
get_words (cmark_node *item)
{
  cmark_node *first = cmark_node_first_child (item);

  return first != NULL && cmark_node_get_type (first) == CMARK_NODE_PARAGRAPH ? eros_markdown_get_line (first)
                                                                              : g_strdup ("");
}

static guint
get_last_line (cmark_node *item)
{
  cmark_node *first = cmark_node_first_child (item);

  return (guint) cmark_node_get_end_line (first != NULL ? first : item);
}

/* Whether something is to be done in NODE, or to be copied. */
static gboolean has_action (cmark_node *parent);

static gboolean
is_action (cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type (node);

  if (type == CMARK_NODE_PARAGRAPH)
    {
      g_autofree char *text = eros_markdown_get_line (node);

      return eros_import_is_box (text, NULL) || eros_blank_count (text) > 0;
    }
  return type == CMARK_NODE_CODE_BLOCK || eros_markdown_is_table (node) || has_action (node);
}

static gboolean
has_action (cmark_node *parent)
{
  for (cmark_node *child = cmark_node_first_child (parent); child != NULL; child = cmark_node_next (child))
    if (is_action (child))
      return TRUE;
  return FALSE;
}

static gboolean
has_box (cmark_node *list)
{
  for (cmark_node *item = cmark_node_first_child (list); item != NULL; item = cmark_node_next (item))
    {
      g_autofree char *words = get_words (item);

      if (eros_import_is_box (words, NULL))
        return TRUE;
      for (cmark_node *child = cmark_node_first_child (item); child != NULL; child = cmark_node_next (child))
        if (cmark_node_get_type (child) == CMARK_NODE_LIST && has_box (child))
          return TRUE;
    }
  return FALSE;
}

/* “Status: SUCCESS / ROLLBACK REQUIRED”; (transfer full) (nullable): what may be chosen */
static char **
read_choices (const char *words, char **label)
{
  g_autoptr (GRegex) regex =
    g_regex_new ("^([^:/]{1,40}):\\s*([^:/]{1,40}(?:\\s*/\\s*[^:/]{1,40}){1,5})$", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *all = NULL;
  char **choices;

  if (!g_regex_match (regex, words, 0, &match))
    return NULL;
  *label = g_match_info_fetch (match, 1);
  all = g_match_info_fetch (match, 2);
  choices = g_strsplit (all, "/", -1);
  for (guint i = 0; choices[i] != NULL; i++)
    g_strstrip (choices[i]);
  return choices;
}

/* A line of what may be a sign-off; FALSE: it is something else. */
static gboolean
read_signed_line (const char *words, JsonArray *fields)
{
  g_autofree char *label = NULL;
  g_auto (GStrv) choices = read_choices (words, &label);

  if (choices != NULL)
    eros_blank_add (fields, label, "choice", (const char *const *) choices);
  else if (eros_blank_count (words) > 0)
    eros_blank_read (words, NULL, fields);
  else if (g_regex_match_simple ("^[^:]{1,40}:$", words, 0, 0))
    {
      label = eros_blank_trim (words);
      eros_blank_add (fields, label, eros_blank_guess_type (label), NULL);
    }
  else
    return FALSE;
  return TRUE;
}

static gboolean
read_sign_off (ErosImportState *self, cmark_node *list)
{
  g_autoptr (JsonArray) fields = json_array_new ();
  g_autofree char *label = NULL;
  g_autofree char *found = NULL;
  g_autofree char *note = NULL;

  for (cmark_node *item = cmark_node_first_child (list); item != NULL; item = cmark_node_next (item))
    {
      g_autofree char *words = get_words (item);

      if (eros_import_is_box (words, NULL) || cmark_node_next (cmark_node_first_child (item)) != NULL ||
          !read_signed_line (words, fields))
        return FALSE;
    }
  if (!eros_import_is_sign_off (fields))
    return FALSE;
  label = eros_import_take_label (self);
  eros_import_add_sign_off (self, label, label, fields);
  found = eros_import_describe_fields (fields);
  note = g_strconcat (label, found, NULL);
  eros_import_note (self, list, EROS_IMPORT_SIGN_OFF, note);
  return TRUE;
}

static void
run_begin (Run *run)
{
  *run = (Run){ .items = g_strv_builder_new (), .text = g_string_new (NULL), .fields = json_array_new () };
}

/* What has gathered becomes an element. */
static void
run_end (ErosImportState *self, Run *run, gboolean is_numbered)
{
  g_auto (GStrv) items = g_strv_builder_end (run->items);

  if (run->first != 0 && !run->is_form && items[0] == NULL)
    eros_import_note_lines (self, run->first, run->last, EROS_IMPORT_LEFT_OUT, "");
  else if (run->first != 0 && run->is_form)
    {
      g_autofree char *found = eros_import_describe_fields (run->fields);
      g_autofree char *note = g_strconcat (run->text->str, found, NULL);

      eros_import_flush_label (self);
      eros_import_add_form (self, run->text->str, run->fields);
      eros_import_note_lines (self, run->first, run->last, EROS_IMPORT_FORM, note);
    }
  else if (run->first != 0)
    {
      g_autofree char *label = eros_import_take_label (self);
      JsonObject *list = eros_import_add (self, "list", label);
      JsonArray *array = json_array_new ();

      if (is_numbered)
        json_object_set_boolean_member (list, "numbered", TRUE);
      for (guint i = 0; items[i] != NULL; i++)
        json_array_add_string_element (array, items[i]);
      json_object_set_array_member (list, "items", array);
      eros_import_note_lines (self, run->first, run->last, EROS_IMPORT_LIST, label);
    }
  g_strv_builder_unref (run->items);
  g_string_free (run->text, TRUE);
  json_array_unref (run->fields);
}

/* The plain items below an item, a line each. */
static void
append_below (GString *text, cmark_node *parent, guint depth)
{
  for (cmark_node *child = cmark_node_first_child (parent); child != NULL; child = cmark_node_next (child))
    if (is_item (child))
      {
        g_autofree char *words = get_words (child);

        g_string_append_printf (text, "\n%*s– %s", (int) (2 * depth), "", words);
        append_below (text, child, depth + 1);
      }
    else if (cmark_node_get_type (child) == CMARK_NODE_LIST)
      append_below (text, child, depth);
    else if (cmark_node_get_type (child) == CMARK_NODE_PARAGRAPH && cmark_node_previous (child) != NULL)
      {
        g_autofree char *words = eros_markdown_get_text (child);

        g_string_append_printf (text, "\n%s", words);
      }
}

static void
add_to_run (ErosImportState *self, Run *run, gboolean is_form, cmark_node *item)
{
  g_autofree char *words = get_words (item);
  g_autoptr (GString) text = g_string_new (words);

  if (run->first != 0 && run->is_form != is_form)
    {
      run_end (self, run, FALSE);
      run_begin (run);
    }
  append_below (text, item, 0);
  if (is_form)
    eros_blank_read (words, NULL, run->fields);
  g_string_append_printf (run->text, "%s%s", run->first != 0 ? "\n" : "", text->str);
  if (text->len > 0)
    g_strv_builder_add (run->items, text->str);
  run->is_form = is_form;
  if (run->first == 0)
    run->first = (guint) cmark_node_get_start_line (item);
  run->last = MAX (get_last_line (item), (guint) cmark_node_get_end_line (item));
}

static void
append_hint (JsonObject *box, const char *line)
{
  const char *before = json_object_get_string_member_with_default (box, "hint", NULL);
  g_autofree char *hint = before != NULL ? g_strconcat (before, "\n", line, NULL) : g_strdup (line);

  json_object_set_string_member (box, "hint", hint);
}

/* Words below a box: its blanks are the box’s, and the rest explains it. */
static void
read_words_of_box (ErosImportState *self, JsonObject *box, const char *words, cmark_node *node)
{
  g_autoptr (JsonArray) fields = json_object_has_member (box, "fields")
                                   ? json_array_ref (json_object_get_array_member (box, "fields"))
                                   : json_array_new ();

  eros_blank_read (words, NULL, fields);
  if (eros_blank_count (words) > 0)
    eros_import_set_fields (box, fields);
  else
    append_hint (box, words);
  eros_import_note_lines (self, (guint) cmark_node_get_start_line (node), get_last_line (node),
                          eros_blank_count (words) > 0 ? EROS_IMPORT_FORM : EROS_IMPORT_TEXT, words);
}

static void read_below_box (ErosImportState *self, JsonObject *box, cmark_node *node);

static void
read_list_of_box (ErosImportState *self, JsonObject *box, cmark_node *list)
{
  if (has_box (list))
    {
      eros_import_list (self, list);
      return;
    }
  for (cmark_node *item = cmark_node_first_child (list); item != NULL; item = cmark_node_next (item))
    {
      g_autofree char *words = get_words (item);
      g_autofree char *line =
        eros_blank_count (words) > 0 ? g_strdup (words) : g_strconcat ("– ", words, NULL);

      read_words_of_box (self, box, line, item);
      for (cmark_node *child = cmark_node_first_child (item); child != NULL; child = cmark_node_next (child))
        if (cmark_node_previous (child) != NULL)
          read_below_box (self, box, child);
    }
}

static void
read_below_box (ErosImportState *self, JsonObject *box, cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type (node);

  if (type == CMARK_NODE_PARAGRAPH)
    {
      g_autofree char *text = eros_markdown_get_text (node);

      if (eros_import_is_box (text, NULL))
        eros_import_paragraph (self, node);
      else if (*text != '\0')
        read_words_of_box (self, box, text, node);
    }
  else if (type == CMARK_NODE_LIST)
    read_list_of_box (self, box, node);
  else if (type == CMARK_NODE_CODE_BLOCK)
    eros_import_code (self, node, box);
  else
    eros_import_block (self, node);
}

static void
read_box (ErosImportState *self, cmark_node *item, const char *text)
{
  JsonObject *box;

  eros_import_flush_label (self);
  box = eros_import_add_box (self, text, (guint) cmark_node_get_start_line (item), get_last_line (item));
  for (cmark_node *child = cmark_node_next (cmark_node_first_child (item)); child != NULL;
       child = cmark_node_next (child))
    read_below_box (self, box, child);
}

/* Whether something is to be done, or to be copied, below the words of ITEM. */
static gboolean
has_action_below (cmark_node *item)
{
  cmark_node *first = cmark_node_first_child (item);

  for (cmark_node *child = first != NULL ? cmark_node_next (first) : NULL; child != NULL;
       child = cmark_node_next (child))
    if (is_action (child))
      return TRUE;
  return cmark_node_get_type (first) != CMARK_NODE_PARAGRAPH && has_action (item);
}

/* An item with something to do below it: its words are the label of that. */
static void
read_item (ErosImportState *self, cmark_node *item)
{
  cmark_node *first = cmark_node_first_child (item);

  g_autofree char *words = get_words (item);

  if (eros_blank_count (words) == 0 && *words != '\0')
    {
      eros_import_flush_label (self);
      self->label = g_steal_pointer (&words);
      self->label_line = (guint) cmark_node_get_start_line (item);
      if (get_last_line (item) > self->label_line)
        eros_import_flush_label (self);
      first = cmark_node_next (first);
    }
  for (; first != NULL; first = cmark_node_next (first))
    eros_import_block (self, first);
  eros_import_flush_label (self);
}

/* One item of a list; what is read alike gathers in RUN. */
static void
read_one (ErosImportState *self, Run *run, cmark_node *item)
{
  g_autofree char *words = get_words (item);
  const char *rest = NULL;
  gboolean is_box = eros_import_is_box (words, &rest);

  if (!is_box && !has_action_below (item))
    {
      add_to_run (self, run, eros_blank_count (words) > 0, item);
      return;
    }
  run_end (self, run, FALSE);
  run_begin (run);
  if (is_box)
    read_box (self, item, rest);
  else
    read_item (self, item);
}

void
eros_import_list (ErosImportState *self, cmark_node *list)
{
  guint first = (guint) cmark_node_get_start_line (list);
  gboolean is_numbered =
    cmark_node_get_list_type (list) == CMARK_ORDERED_LIST && cmark_node_get_list_start (list) == 1;
  Run run;

  if (read_sign_off (self, list))
    return;
  run_begin (&run);
  for (cmark_node *item = cmark_node_first_child (list); item != NULL; item = cmark_node_next (item))
    read_one (self, &run, item);
  /* One that is interrupted does not begin with 1 again. */
  run_end (self, &run, is_numbered && run.first == first);
}
