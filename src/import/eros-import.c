/* eros-import.c: the runbook that somebody else's checklist, in Markdown, makes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-import-private.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-error-domain.h"

EROS_DEFINE_ERROR_DOMAIN (import)

/**
 * eros_import_kind_get_name:
 * @kind: what lines became
 *
 * Returns: its name for people: “box”, “sign-off”
 */
const char *
eros_import_kind_get_name (ErosImportKind kind)
{
  static const char *const names[] = {
    N_ ("title"),      N_ ("phase"),    N_ ("overview"), N_ ("appendix"), N_ ("section"),  N_ ("box"),
    N_ ("fields"),     N_ ("sign-off"), N_ ("message"),  N_ ("command"),  N_ ("check"),    N_ ("table"),
    N_ ("comparison"), N_ ("list"),     N_ ("label"),    N_ ("text"),     N_ ("left out"),
  };

  return _ (names[kind]);
}

static void
note_free (gpointer data)
{
  ErosImportNote *note = data;

  g_free (note->text);
  g_free (note);
}

/**
 * eros_import_free:
 * @self: what an import has made
 *
 * Frees it.
 */
void
eros_import_free (ErosImport *self)
{
  g_free (self->json);
  g_clear_object (&self->runbook);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
  g_free (self);
}

static int
compare_notes (gconstpointer a, gconstpointer b)
{
  const ErosImportNote *one = *(ErosImportNote *const *) a;
  const ErosImportNote *other = *(ErosImportNote *const *) b;

  return one->first != other->first ? (one->first < other->first ? -1 : 1) : 0;
}

/* Lines of meta data before the first, as site generators and issue templates have them, are for machines:
 * they become empty lines, so that the others keep their numbers. (transfer full) */
static char *
take_front_matter (ErosImportState *state, const char *text)
{
  g_autoptr (GRegex) regex =
    g_regex_new ("\\A---[ \\t]*\\n(?:[^\\n]*\\n)*?---[ \\t]*(?:\\n|\\z)", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GString) rest = NULL;
  guint n = 0;
  int end;

  if (!g_regex_match (regex, text, 0, &match))
    return g_strdup (text);
  g_match_info_fetch_pos (match, 0, NULL, &end);
  rest = g_string_new (NULL);
  for (int i = 0; i < end; i++)
    if (text[i] == '\n')
      {
        g_string_append_c (rest, '\n');
        n++;
      }
  eros_import_note_lines (state, 1, MAX (n, 1), EROS_IMPORT_LEFT_OUT, "---");
  g_string_append (rest, text + end);
  return g_string_free (g_steal_pointer (&rest), FALSE);
}

/* (transfer full) (nullable): the text with the line ends of this system */
static char *
check_text (const char *text, gsize length, const char *name, GError **error)
{
  GString *lines;

  if (!g_utf8_validate (text, (gssize) length, NULL))
    {
      g_set_error (error, EROS_IMPORT_ERROR, EROS_IMPORT_ERROR_NOT_TEXT,
                   _ ("%s is not a text in UTF-8. A checklist in Markdown is expected."), name);
      return NULL;
    }
  lines = g_string_new_len (text, (gssize) length);
  if (g_str_has_prefix (lines->str, "\xef\xbb\xbf"))
    g_string_erase (lines, 0, 3);
  g_string_replace (lines, "\r\n", "\n", 0);
  return g_string_free (lines, FALSE);
}

static void
count_fields (ErosImport *self, GListModel *fields)
{
  self->n_fields += g_list_model_get_n_items (fields);
}

static void
count_sections (ErosImport *self, GListModel *sections)
{
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint k = 0; k < g_list_model_get_n_items (elements); k++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, k);
          ErosElementKind kind = eros_element_get_kind (element);

          self->n_boxes += kind == EROS_ELEMENT_CHECK ? 1 : 0;
          self->n_sign_offs += kind == EROS_ELEMENT_SIGN_OFF ? 1 : 0;
          count_fields (self, eros_element_get_fields (element));
        }
    }
}

static void
count_all (ErosImport *self)
{
  GListModel *phases = eros_runbook_get_phases (self->runbook);

  count_fields (self, eros_runbook_get_details (self->runbook));
  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      count_sections (self, eros_phase_get_sections (phase));
    }
  count_sections (self, eros_runbook_get_appendix (self->runbook));
}

/* (transfer full) */
static char *
write_json (JsonObject *object)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_node_alloc ();
  g_autofree char *json = NULL;

  json_node_init_object (root, object);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  json = json_generator_to_data (generator, NULL);
  return g_strconcat (json, "\n", NULL);
}

/**
 * eros_import_read:
 * @text: a checklist in Markdown
 * @length: its length in bytes
 * @name: what it is called in errors; the title comes from it when no heading is one
 * @earlier: (nullable): the runbook that an earlier import made of it; what is still there keeps its id
 * @error: return location for %EROS_IMPORT_ERROR or %EROS_RUNBOOK_ERROR
 *
 * Makes a runbook of a checklist: headings become phases and sections, “- [ ]” boxes, “____” fields with a
 * type, tables tables, blocks of code commands or queries that check a box, names with a date sign-offs,
 * messages templates. What is none of these stays as text. The notes say it of every line that is not empty.
 *
 * Returns: (transfer full): what has been made; %NULL when it is no text, or has nothing to do
 */
ErosImport *
eros_import_read (const char *text, gsize length, const char *name, ErosRunbook *earlier, GError **error)
{
  g_autoptr (ErosImport) self = g_new0 (ErosImport, 1);
  ErosImportState state = { NULL };
  g_autoptr (JsonNode) before = NULL;
  g_autoptr (JsonObject) runbook = NULL;
  g_autofree char *lines = NULL;
  g_autofree char *body = NULL;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (earlier == NULL || EROS_IS_RUNBOOK (earlier), NULL);

  lines = check_text (text, length, name, error);
  if (lines == NULL)
    return NULL;
  self->notes = g_ptr_array_new_with_free_func (note_free);
  state.notes = self->notes;
  body = take_front_matter (&state, lines);
  state.lines = g_strsplit (body, "\n", -1);
  runbook = eros_import_outline (&state, body, name, error);
  g_free (state.title);
  g_strfreev (state.lines);
  if (runbook == NULL)
    return NULL;
  self->has_earlier = earlier != NULL;
  if (earlier != NULL)
    before = json_from_string (eros_runbook_get_json (earlier), NULL);
  eros_import_identify (runbook, before != NULL ? json_node_get_object (before) : NULL, self);
  self->json = write_json (runbook);
  self->runbook = eros_runbook_parse (self->json, -1, name, error);
  if (self->runbook == NULL)
    return NULL;
  g_ptr_array_sort (self->notes, compare_notes);
  count_all (self);
  return g_steal_pointer (&self);
}
