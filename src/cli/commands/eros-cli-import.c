/* eros-cli-import.c: eros-deploy runbook import
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-commands.h"
#include "eros-cli-private.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-import.h"

/* (transfer full): CHECKLIST.json here for folder/CHECKLIST.md */
static GFile *
get_output (const char *path, const char *checklist)
{
  g_autofree char *base = g_path_get_basename (checklist);
  g_autofree char *name = NULL;
  char *dot = strrchr (base, '.');

  if (path != NULL)
    return g_file_new_for_commandline_arg (path);
  if (dot != NULL && dot != base)
    *dot = '\0';
  name = g_strconcat (base, ".json", NULL);
  return g_file_new_for_commandline_arg (name);
}

static void
print_notes (const ErosImport *import)
{
  for (guint i = 0; i < import->notes->len; i++)
    {
      const ErosImportNote *note = import->notes->pdata[i];
      g_autofree char *lines = eros_import_note_dup_lines (note);
      const char *kind = eros_import_kind_get_name (note->kind);
      g_autofree char *text = eros_import_note_dup_text (note);

      eros_cli_print ("%s%*s  %s%*s  %s\n", lines, (int) MAX (0, 9 - g_utf8_strlen (lines, -1)), "", kind,
                      (int) MAX (0, 10 - g_utf8_strlen (kind, -1)), "", text);
    }
}

static void
print_summary (const ErosImport *import, GFile *output, gboolean is_dry)
{
  g_autofree char *counts = eros_import_dup_counts (import);
  g_autofree char *ids = eros_import_dup_ids (import);

  eros_cli_print ("\n%s\n", counts);
  if (ids != NULL)
    eros_cli_print ("%s\n", ids);
  if (is_dry)
    eros_cli_print (_ ("Nothing was written.\n"));
  else if (import->has_earlier)
    eros_cli_print (_ ("%1$s; what was there before, with what was added by hand, is %1$s~\n"),
                    g_file_peek_path (output));
  else
    eros_cli_print ("%s\n", g_file_peek_path (output));
}

static void
print_json (const ErosImport *import, GFile *output, gboolean is_dry)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonArray *notes = json_array_new ();

  for (guint i = 0; i < import->notes->len; i++)
    {
      const ErosImportNote *note = import->notes->pdata[i];
      JsonObject *line = json_object_new ();

      json_object_set_int_member (line, "first", note->first);
      json_object_set_int_member (line, "last", note->last);
      eros_cli_set_text (line, "kind", eros_import_kind_get_name (note->kind));
      eros_cli_set_text (line, "text", note->text);
      json_array_add_object_element (notes, line);
    }
  eros_cli_set_text (object, "file", is_dry ? NULL : g_file_peek_path (output));
  json_object_set_int_member (object, "boxes", import->n_boxes);
  json_object_set_int_member (object, "fields", import->n_fields);
  json_object_set_int_member (object, "sign_offs", import->n_sign_offs);
  json_object_set_int_member (object, "ids_kept", import->n_kept);
  json_object_set_int_member (object, "ids_new", import->n_new);
  json_object_set_int_member (object, "ids_gone", import->n_gone);
  json_object_set_array_member (object, "lines", notes);
  json_node_take_object (node, object);
  eros_cli_print_json (node);
}

int
eros_cli_runbook_import (int argc, char **argv, GError **error)
{
  g_autofree char *path = NULL;
  gboolean is_dry = FALSE;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path,
      N_ ("Where to write it, if not to CHECKLIST.json here; a runbook that is there keeps its ids"),
      N_ ("FILE") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &is_dry,
      N_ ("Say what would become of each line, and write nothing"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ErosImport) import = NULL;
  g_autoptr (GFile) checklist = NULL;
  g_autoptr (GFile) output = NULL;

  if (!eros_cli_parse (&argc, &argv, entries, "CHECKLIST.md",
                       _ ("Makes a runbook of a checklist in Markdown, and says what became of each line."),
                       1, 1, error))
    return EROS_EXIT_USAGE;
  checklist = g_file_new_for_commandline_arg (argv[1]);
  output = get_output (path, argv[1]);
  import = eros_import_load (checklist, output, NULL, error);
  if (import == NULL || (!is_dry && !eros_import_save (import, output, NULL, error)))
    return EROS_EXIT_FAILED;
  if (json)
    {
      print_json (import, output, is_dry);
      return EROS_EXIT_DONE;
    }
  print_notes (import);
  print_summary (import, output, is_dry);
  return EROS_EXIT_DONE;
}
