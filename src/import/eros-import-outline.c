/* eros-import-outline.c: headings make phases and sections; what comes before is the overview, what comes
 * behind the appendix
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-import-private.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-blank.h"

#define NUMBERED   "^(?:(?:phase|step|stage|part)\\s+)?(\\d{1,3})\\s*(?:[:.)–—-]\\s*|\\s)(\\S.*)$"
#define CONTINGENT "\\b(?:roll(?:ing)?[- ]?back|back[- ]?out|contingency)\\b"
#define SHORT      28

/* What is filled in from the deployment as it was set up. */
static const struct
{
  const char *label;
  const char *source;
} details_sources[] = {
  { "Deployment Date", "detail:date" }, { "Deployment Lead", "detail:lead-name" },
  { "Project ID", "detail:project" },   { "BigQuery project", "detail:project" },
  { "Dataset", "detail:dataset" },
};

static void
group_free (gpointer data)
{
  ErosImportGroup *group = data;

  g_free (group->title);
  g_ptr_array_unref (group->sections);
  g_free (group);
}

static void
begin_group (ErosImportState *self, const char *title, guint line)
{
  ErosImportGroup *group = g_new0 (ErosImportGroup, 1);

  group->title = g_strdup (title);
  group->line = line;
  group->sections = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_ptr_array_add (self->groups, group);
  self->section = NULL;
  self->last_box = NULL;
  g_ptr_array_set_size (self->parents, 0);
}

/* A heading with nothing below it is a text, so that it is not lost. */
static void
end_section (ErosImportState *self, guint level)
{
  ErosImportGroup *group = g_ptr_array_index (self->groups, self->groups->len - 1);

  eros_import_flush_label (self);
  if (level == 0 && self->groups->len > 1 && group->sections->len == 0)
    eros_import_add (self, "text", group->title);
  if (self->section != NULL &&
      json_array_get_length (json_object_get_array_member (self->section, "elements")) == 0)
    {
      if (level > self->parents->len)
        g_ptr_array_remove_index (group->sections, group->sections->len - 1);
      else
        eros_import_add (self, "text", json_object_get_string_member (self->section, "title"));
    }
  self->section = NULL;
  self->last_box = NULL;
}

/* “Database – Checks” for a heading below another. */
static void
begin_section (ErosImportState *self, const char *title, guint level)
{
  ErosImportGroup *group = g_ptr_array_index (self->groups, self->groups->len - 1);
  g_autoptr (GString) whole = g_string_new (NULL);

  end_section (self, level);
  g_ptr_array_set_size (self->parents, (int) MIN (level - 1, self->parents->len));
  for (guint i = 0; i < self->parents->len; i++)
    g_string_append_printf (whole, "%s – ", (char *) self->parents->pdata[i]);
  g_string_append (whole, title);
  g_ptr_array_add (self->parents, g_strdup (title));
  self->section = json_object_new ();
  json_object_set_string_member (self->section, "id", "");
  json_object_set_string_member (self->section, "title", whole->str);
  json_object_set_array_member (self->section, "elements", json_array_new ());
  g_ptr_array_add (group->sections, self->section);
}

static void
read_heading (ErosImportState *self, cmark_node *heading)
{
  g_autofree char *title = eros_markdown_get_line (heading);
  guint line = (guint) cmark_node_get_start_line (heading);
  int level = cmark_node_get_heading_level (heading);

  if (*title == '\0')
    {
      eros_import_note (self, heading, EROS_IMPORT_LEFT_OUT, "");
      return;
    }
  if (level < self->phase_level)
    {
      end_section (self, 0);
      eros_import_note (self, heading, EROS_IMPORT_TITLE, title);
    }
  else if (level == self->phase_level)
    {
      end_section (self, 0);
      eros_import_note (self, heading, EROS_IMPORT_PHASE, title);
      begin_group (self, title, line);
    }
  else
    {
      begin_section (self, title, (guint) (level - self->phase_level));
      eros_import_note (self, heading, EROS_IMPORT_SECTION, title);
    }
}

/* Lines of which nothing is left without their tags. */
static void
note_tags (ErosImportState *self, const char *html, const char *words, guint first)
{
  g_auto (GStrv) raw = g_strsplit (html, "\n", -1);
  g_auto (GStrv) left = g_strsplit (words, "\n", -1);
  gboolean is_aligned = g_strv_length (raw) == g_strv_length (left);

  for (guint i = 0; raw[i] != NULL; i++)
    if (*g_strstrip (raw[i]) != '\0' && (!is_aligned || *g_strstrip (left[i]) == '\0'))
      eros_import_note_lines (self, first + i, first + i, EROS_IMPORT_LEFT_OUT, raw[i]);
}

/* HTML that wraps Markdown, as GitHub’s folded parts do: what is left without the tags is read. */
static void
read_html (ErosImportState *self, cmark_node *node)
{
  g_autofree char *html = eros_markdown_get_literal (node);
  g_autoptr (GRegex) tags = g_regex_new ("<!--.*?-->|</?[A-Za-z][^>]*>", G_REGEX_DOTALL, 0, NULL);
  g_autoptr (cmark_node) inner = NULL;
  g_autofree char *words = g_regex_replace_literal (tags, html, -1, 0, "", 0, NULL);
  guint first = (guint) cmark_node_get_start_line (node);

  note_tags (self, html, words, first);
  inner = eros_markdown_parse (words);
  self->offset += first - 1;
  for (cmark_node *child = cmark_node_first_child (inner); child != NULL; child = cmark_node_next (child))
    if (cmark_node_get_type (child) != CMARK_NODE_HTML_BLOCK)
      eros_import_block (self, child);
  self->offset -= first - 1;
}

/* The words of a quotation, its lists too, as they would be sent. (transfer full) */
static char *
get_quoted (cmark_node *quote)
{
  GString *whole = g_string_new (NULL);

  for (cmark_node *child = cmark_node_first_child (quote); child != NULL; child = cmark_node_next (child))
    if (cmark_node_get_type (child) == CMARK_NODE_LIST)
      for (cmark_node *item = cmark_node_first_child (child); item != NULL; item = cmark_node_next (item))
        {
          g_autofree char *words = eros_markdown_get_line (item);

          g_string_append_printf (whole, "- %s\n%s", words, cmark_node_next (item) == NULL ? "\n" : "");
        }
    else
      {
        g_autofree char *text = eros_markdown_get_text (child);

        g_string_append_printf (whole, "%s\n\n", text);
      }
  return g_string_free (whole, FALSE);
}

static void
read_quote (ErosImportState *self, cmark_node *quote)
{
  g_autofree char *whole = get_quoted (quote);

  if (eros_import_message (self, whole, (guint) cmark_node_get_start_line (quote),
                           (guint) cmark_node_get_end_line (quote)))
    return;
  for (cmark_node *child = cmark_node_first_child (quote); child != NULL; child = cmark_node_next (child))
    eros_import_block (self, child);
}

void
eros_import_block (ErosImportState *self, cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type (node);

  if (type == CMARK_NODE_PARAGRAPH)
    eros_import_paragraph (self, node);
  else if (type == CMARK_NODE_LIST)
    eros_import_list (self, node);
  else if (type == CMARK_NODE_CODE_BLOCK)
    eros_import_code (self, node, NULL);
  else if (eros_markdown_is_table (node))
    eros_import_table (self, node);
  else if (type == CMARK_NODE_BLOCK_QUOTE)
    read_quote (self, node);
  else if (type == CMARK_NODE_HTML_BLOCK)
    read_html (self, node);
  else if (type == CMARK_NODE_THEMATIC_BREAK)
    eros_import_note (self, node, EROS_IMPORT_LEFT_OUT, "");
  else if (type == CMARK_NODE_HEADING)
    {
      g_autofree char *words = eros_markdown_get_line (node);

      eros_import_flush_label (self);
      if (*words != '\0')
        eros_import_add (self, "text", words);
      eros_import_note (self, node, *words != '\0' ? EROS_IMPORT_TEXT : EROS_IMPORT_LEFT_OUT, words);
    }
}

/* The title is a heading that is alone on its level, and the first; the level below it is that of the phases.
 */
static void
find_title (ErosImportState *self, cmark_node *root, const char *name)
{
  cmark_node *first = NULL;
  int top = 7, below = 7;
  guint n_top = 0;

  for (cmark_node *node = cmark_node_first_child (root); node != NULL; node = cmark_node_next (node))
    if (cmark_node_get_type (node) == CMARK_NODE_HEADING)
      {
        int level = cmark_node_get_heading_level (node);

        first = first != NULL ? first : node;
        if (level < top)
          n_top = 0;
        below = level < top ? (top < below ? top : below) : level > top ? MIN (below, level) : below;
        top = MIN (top, level);
        n_top += level == top ? 1 : 0;
      }
  if (first != NULL && n_top == 1 && cmark_node_get_heading_level (first) == top)
    {
      self->title = eros_markdown_get_line (first);
      self->phase_level = below;
    }
  else
    self->phase_level = top;
  if (self->title == NULL || *self->title == '\0')
    {
      g_autofree char *base = g_path_get_basename (name);
      char *dot = strrchr (base, '.');

      if (dot != NULL && dot != base)
        *dot = '\0';
      g_free (self->title);
      self->title = g_strdelimit (g_steal_pointer (&base), "_-", ' ');
    }
}

static gboolean
are_numbered (ErosImportState *self, guint from, guint to)
{
  int before = -1;

  for (guint i = from; i <= to; i++)
    {
      g_autoptr (GRegex) regex = g_regex_new (NUMBERED, G_REGEX_CASELESS, 0, NULL);
      g_autoptr (GMatchInfo) match = NULL;
      g_autofree char *number = NULL;

      if (!g_regex_match (regex, ((ErosImportGroup *) self->groups->pdata[i])->title, 0, &match))
        return FALSE;
      number = g_match_info_fetch (match, 1);
      if (atoi (number) <= before)
        return FALSE;
      before = atoi (number);
    }
  return TRUE;
}

static char *
shorten (const char *title)
{
  g_auto (GStrv) words = g_strsplit (title, " ", -1);
  g_autoptr (GString) text = g_string_new (words[0]);

  if (g_utf8_strlen (title, -1) <= SHORT)
    return g_strdup (title);
  for (guint i = 1; words[i] != NULL && g_utf8_strlen (text->str, -1) + g_utf8_strlen (words[i], -1) < SHORT;
       i++)
    g_string_append_printf (text, " %s", words[i]);
  g_string_append (text, "…");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static JsonArray *
take_sections (ErosImportGroup *group, JsonArray *array)
{
  for (guint i = 0; i < group->sections->len; i++)
    json_array_add_object_element (array, json_object_ref (group->sections->pdata[i]));
  return array;
}

static JsonObject *
make_phase (ErosImportGroup *group, gboolean is_numbered, gint64 number)
{
  JsonObject *phase = json_object_new ();
  g_autoptr (GRegex) regex = g_regex_new (NUMBERED, G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *title = g_strdup (group->title);
  g_autofree char *shown = NULL;

  if (is_numbered && g_regex_match (regex, group->title, 0, &match))
    {
      g_autofree char *digits = g_match_info_fetch (match, 1);

      number = atoi (digits);
      g_free (title);
      title = g_match_info_fetch (match, 2);
    }
  shown = shorten (title);
  json_object_set_string_member (phase, "id", "");
  json_object_set_int_member (phase, "number", number);
  json_object_set_string_member (phase, "title", title);
  json_object_set_string_member (phase, "short_title", shown);
  if (g_regex_match_simple (CONTINGENT, title, G_REGEX_CASELESS, 0))
    json_object_set_boolean_member (phase, "contingency", TRUE);
  json_object_set_array_member (phase, "sections", take_sections (group, json_array_new ()));
  return phase;
}

static void
add_detail (JsonArray *details, JsonObject *field)
{
  const char *label = json_object_get_string_member (field, "label");

  for (guint i = 0; i < G_N_ELEMENTS (details_sources); i++)
    if (g_ascii_strcasecmp (details_sources[i].label, label) == 0)
      json_object_set_string_member (field, "source", details_sources[i].source);
  json_array_add_object_element (details, json_object_ref (field));
}

/* Of what stands before the first phase, words are the overview, and blanks the details. Returns whether all
 * was. */
static gboolean
read_front_element (JsonObject *element, GString *overview, JsonArray *details)
{
  const char *kind = json_object_get_string_member (element, "kind");
  const char *text = json_object_get_string_member (element, "text");

  if (g_str_equal (kind, "form"))
    for (guint i = 0; i < json_array_get_length (json_object_get_array_member (element, "fields")); i++)
      add_detail (details,
                  json_array_get_object_element (json_object_get_array_member (element, "fields"), i));
  else if (g_str_equal (kind, "text"))
    g_string_append_printf (overview, "%s%s", overview->len > 0 ? "\n\n" : "", text);
  else if (g_str_equal (kind, "list"))
    {
      JsonArray *items = json_object_get_array_member (element, "items");

      g_string_append_printf (overview, "%s%s", overview->len > 0 ? "\n\n" : "", text);
      for (guint i = 0; i < json_array_get_length (items); i++)
        g_string_append_printf (overview, "\n- %s", json_array_get_string_element (items, i));
    }
  else
    return FALSE;
  return TRUE;
}

static void
read_front (ErosImportGroup *group, GString *overview, JsonArray *details, JsonArray *appendix)
{
  for (guint i = 0; i < group->sections->len; i++)
    {
      JsonObject *section = group->sections->pdata[i];
      g_autoptr (JsonArray) elements = json_array_ref (json_object_get_array_member (section, "elements"));
      JsonArray *left = json_array_new ();

      for (guint k = 0; k < json_array_get_length (elements); k++)
        if (!read_front_element (json_array_get_object_element (elements, k), overview, details))
          json_array_add_object_element (left, json_object_ref (json_array_get_object_element (elements, k)));
      json_object_set_array_member (section, "elements", left);
      if (json_array_get_length (left) > 0)
        json_array_add_object_element (appendix, json_object_ref (section));
    }
}

/* Only now it is known that a heading of the phases’ level is that of no phase. */
static void
rename_note (ErosImportState *self, const ErosImportGroup *group, ErosImportKind kind)
{
  for (guint i = 0; i < self->notes->len; i++)
    {
      ErosImportNote *note = self->notes->pdata[i];

      if (note->first == group->line && note->kind == EROS_IMPORT_PHASE)
        note->kind = kind;
    }
}

static JsonObject *
put_together (ErosImportState *self, guint from, guint to)
{
  JsonObject *runbook = json_object_new ();
  g_autoptr (GString) overview = g_string_new (NULL);
  JsonArray *details = json_array_new (), *phases = json_array_new (), *appendix = json_array_new ();
  gboolean is_numbered = are_numbered (self, from, to);

  for (guint i = 0; i < self->groups->len; i++)
    {
      ErosImportGroup *group = self->groups->pdata[i];

      if (i < from || i > to)
        rename_note (self, group, i < from ? EROS_IMPORT_OVERVIEW : EROS_IMPORT_APPENDIX);
      if (i < from)
        read_front (group, overview, details, appendix);
      else if (i > to)
        take_sections (group, appendix);
      else if (group->sections->len > 0)
        json_array_add_object_element (phases, make_phase (group, is_numbered, 1 + i - from));
    }
  json_object_set_int_member (runbook, "format", 1);
  json_object_set_string_member (runbook, "id", "");
  json_object_set_string_member (runbook, "title", self->title);
  json_object_set_string_member (runbook, "version", "1");
  json_object_set_string_member (runbook, "overview", overview->len > 0 ? overview->str : self->title);
  json_object_set_array_member (runbook, "details", details);
  json_object_set_array_member (runbook, "phases", phases);
  json_object_set_array_member (runbook, "appendix", appendix);
  if (json_array_get_length (details) == 0)
    json_object_remove_member (runbook, "details");
  if (json_array_get_length (appendix) == 0)
    json_object_remove_member (runbook, "appendix");
  return runbook;
}

static void
read_all (ErosImportState *self, cmark_node *root)
{
  for (cmark_node *node = cmark_node_first_child (root); node != NULL; node = cmark_node_next (node))
    if (cmark_node_get_type (node) == CMARK_NODE_HEADING)
      read_heading (self, node);
    else
      eros_import_block (self, node);
  end_section (self, 0);
}

JsonObject *
eros_import_outline (ErosImportState *self, const char *text, const char *name, GError **error)
{
  g_autoptr (cmark_node) root = eros_markdown_parse (text);
  guint from = 0, to = 0;
  JsonObject *runbook;

  find_title (self, root, name);
  self->groups = g_ptr_array_new_with_free_func (group_free);
  self->parents = g_ptr_array_new_with_free_func (g_free);
  begin_group (self, self->title, 1);
  read_all (self, root);
  while (from < self->groups->len && ((ErosImportGroup *) self->groups->pdata[from])->n_actions == 0)
    from++;
  for (guint i = from; i < self->groups->len; i++)
    if (((ErosImportGroup *) self->groups->pdata[i])->n_actions > 0)
      to = i;
  if (from == self->groups->len)
    g_set_error (
      error, EROS_IMPORT_ERROR, EROS_IMPORT_ERROR_NOTHING_TO_DO,
      _ ("%s has neither a check box (“- [ ]”) nor a sign-off, so that there is nothing to conduct. Is it "
         "the right file?"),
      name);
  runbook = from < self->groups->len ? put_together (self, from, to) : NULL;
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->parents, g_ptr_array_unref);
  return runbook;
}
