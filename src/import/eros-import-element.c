/* eros-import-element.c: adds elements to the section that is being read, and notes of where they came from
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-import-private.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-blank.h"

static gboolean
is_empty (const char *line)
{
  return line[strspn (line, " \t\r>")] == '\0';
}

void
eros_import_note_lines (ErosImportState *self, guint first, guint last, ErosImportKind kind, const char *text)
{
  ErosImportNote *note = g_new0 (ErosImportNote, 1);

  note->first = self->offset + first;
  note->last = self->offset + MAX (first, last);
  /* A list ends, for the parser, where the next block begins. */
  while (self->lines != NULL && note->last > note->first &&
         (note->last > g_strv_length (self->lines) || is_empty (self->lines[note->last - 1])))
    note->last--;
  note->kind = kind;
  note->text = g_strdup (text);
  g_ptr_array_add (self->notes, note);
}

void
eros_import_note (ErosImportState *self, cmark_node *node, ErosImportKind kind, const char *text)
{
  eros_import_note_lines (self, (guint) cmark_node_get_start_line (node),
                          (guint) cmark_node_get_end_line (node), kind, text);
}

static ErosImportGroup *
get_group (ErosImportState *self)
{
  return g_ptr_array_index (self->groups, self->groups->len - 1);
}

JsonObject *
eros_import_add (ErosImportState *self, const char *kind, const char *text)
{
  JsonObject *element = json_object_new ();

  if (self->section == NULL)
    {
      self->section = json_object_new ();
      json_object_set_string_member (self->section, "id", "");
      json_object_set_string_member (self->section, "title", get_group (self)->title);
      json_object_set_array_member (self->section, "elements", json_array_new ());
      g_ptr_array_add (get_group (self)->sections, self->section);
    }
  json_object_set_string_member (element, "id", "");
  json_object_set_string_member (element, "kind", kind);
  json_object_set_string_member (element, "text", text);
  json_array_add_object_element (json_object_get_array_member (self->section, "elements"), element);
  self->last_box = NULL;
  if (g_str_equal (kind, "check") || g_str_equal (kind, "sign-off"))
    get_group (self)->n_actions++;
  return element;
}

void
eros_import_set_fields (JsonObject *element, JsonArray *fields)
{
  if (json_array_get_length (fields) > 0)
    json_object_set_array_member (element, "fields", json_array_ref (fields));
}

char *
eros_import_describe_fields (JsonArray *fields)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (fields); i++)
    {
      JsonObject *field = json_array_get_object_element (fields, i);

      /* Translators: a field's label and its type */
      g_string_append_printf (text, _ ("%s%s (%s)"), i > 0 ? ", " : " · ",
                              json_object_get_string_member (field, "label"),
                              json_object_get_string_member (field, "type"));
    }
  return g_string_free (text, FALSE);
}

char *
eros_import_take_label (ErosImportState *self)
{
  if (self->label != NULL)
    {
      eros_import_note_lines (self, self->label_line, self->label_line, EROS_IMPORT_LABEL, self->label);
      return g_steal_pointer (&self->label);
    }
  return g_strdup (self->section != NULL ? json_object_get_string_member (self->section, "title")
                                         : get_group (self)->title);
}

void
eros_import_flush_label (ErosImportState *self)
{
  g_autofree char *label = g_steal_pointer (&self->label);

  if (label == NULL)
    return;
  eros_import_add (self, "text", label);
  eros_import_note_lines (self, self->label_line, self->label_line, EROS_IMPORT_TEXT, label);
}

/* Where it says something, and something else than the text. */
static void
set_label (JsonObject *element, const char *text, const char *label)
{
  if (*label != '\0' && !g_str_equal (label, text))
    json_object_set_string_member (element, "label", label);
}

void
eros_import_add_form (ErosImportState *self, const char *text, JsonArray *fields)
{
  JsonObject *form = eros_import_add (self, "form", text);
  g_autofree char *label = eros_blank_get_label (text);

  set_label (form, text, label);
  eros_import_set_fields (form, fields);
}

gboolean
eros_import_is_sign_off (JsonArray *fields)
{
  gboolean has_name = FALSE, has_mark = FALSE;

  for (guint i = 0; i < json_array_get_length (fields); i++)
    {
      const char *label = json_object_get_string_member (json_array_get_object_element (fields, i), "label");

      has_name |=
        g_regex_match_simple ("^(?:print(?:ed)? |full |your )?name(?:$|[ "
                              "(/:])|^(?:approved|signed|verified|reviewed|authori[sz]ed)(?: off)? by$|"
                              "^(?:approver|reviewer|signatory|signed)$",
                              label, G_REGEX_CASELESS, 0);
      has_mark |= g_regex_match_simple ("^(?:date|time|signature|signed on|signed at)(?:$|[ (/:])", label,
                                        G_REGEX_CASELESS, 0);
    }
  return has_name && has_mark;
}

void
eros_import_add_sign_off (ErosImportState *self, const char *label, const char *role, JsonArray *fields)
{
  g_autoptr (GRegex) regex = g_regex_new (
    "[\\s:(–-]*(?:\\bsign[- ]?offs?|\\bsignatures?|\\bapprovals?)?[\\s:).]*$", G_REGEX_CASELESS, 0, NULL);
  g_autofree char *who = g_regex_replace_literal (regex, role, -1, 0, "", 0, NULL);
  JsonObject *sign_off = eros_import_add (self, "sign-off", label);

  if (g_str_has_suffix (label, ":"))
    {
      g_autofree char *shown = eros_blank_trim (label);

      set_label (sign_off, label, shown);
    }
  json_object_set_string_member (sign_off, "role", *who != '\0' ? who : role);
  eros_import_set_fields (sign_off, fields);
}

gboolean
eros_import_is_box (const char *text, const char **rest)
{
  g_autoptr (GRegex) regex =
    g_regex_new ("^(?:\\[[ xX_\\x{a0}]?\\][\\s\\x{a0}]+|[☐☑☒✅][\\s\\x{a0}]*)(?=\\S)", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  int end;

  if (!g_regex_match (regex, text, 0, &match))
    return FALSE;
  g_match_info_fetch_pos (match, 0, NULL, &end);
  if (rest != NULL)
    *rest = text + end;
  return TRUE;
}

JsonObject *
eros_import_add_box (ErosImportState *self, const char *text, guint first, guint last)
{
  g_autoptr (JsonArray) fields = json_array_new ();
  g_autofree char *label = eros_blank_get_label (text);
  g_autofree char *found = NULL;
  g_autofree char *note = NULL;
  JsonObject *box = eros_import_add (self, "check", text);

  set_label (box, text, label);
  eros_blank_read (text, label, fields);
  eros_import_set_fields (box, fields);
  found = eros_import_describe_fields (fields);
  note = g_strconcat (text, found, NULL);
  eros_import_note_lines (self, first, last, EROS_IMPORT_BOX, note);
  self->last_box = box;
  return box;
}
