/* eros-cli-runbook.c: eros-deploy runbook
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-commands.h"
#include "eros-cli-private.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-sql-check.h"

/* Every line of TEXT behind INDENT. */
static void
print_block (const char *indent, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    eros_cli_print ("%s%s\n", *lines[i] != '\0' ? indent : "", lines[i]);
}

static void
print_items (ErosElement *element)
{
  const char *const *items = eros_element_get_items (element);
  gboolean numbered = eros_element_get_is_numbered (element);

  for (guint i = 0; items != NULL && items[i] != NULL; i++)
    if (numbered)
      eros_cli_print ("      %u. %s\n", i + 1, items[i]);
    else
      eros_cli_print ("      - %s\n", items[i]);
}

static void
print_fields (ErosElement *element)
{
  GListModel *fields = eros_element_get_fields (element);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const char *unit = eros_field_get_unit (field);

      eros_cli_print ("        %s: ____%s%s\n", eros_field_get_label (field), unit != NULL ? " " : "",
                      unit != NULL ? unit : "");
    }
}

static void
print_extras (ErosElement *element)
{
  guint n = 0;
  const ErosCriterion *criteria = eros_element_get_criteria (element, &n);
  const ErosScheduleEntry *schedule;
  const ErosMetricRow *metrics;
  GPtrArray *rows = eros_element_get_rows (element);

  for (guint i = 0; i < n; i++)
    eros_cli_print ("      - %s\n", criteria[i].text);
  schedule = eros_element_get_schedule (element, &n);
  for (guint i = 0; i < n; i++)
    if (schedule[i].text != NULL)
      eros_cli_print ("      - %s\n", schedule[i].text);
  metrics = eros_element_get_metrics (element, &n);
  for (guint i = 0; i < n; i++)
    eros_cli_print ("      %s: ____%s → ____%s\n", metrics[i].title,
                    metrics[i].unit != NULL ? metrics[i].unit : "",
                    metrics[i].unit != NULL ? metrics[i].unit : "");
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      g_autofree char *row = g_strjoinv (" | ", rows->pdata[i]);

      eros_cli_print ("      %s\n", row);
    }
}

static void
print_element (ErosElement *element)
{
  const char *text = eros_element_get_text (element);

  switch (eros_element_get_kind (element))
    {
    case EROS_ELEMENT_CHECK:
      eros_cli_print ("    [ ] %s\n", text);
      print_fields (element);
      if (eros_element_get_check_binding (element) != NULL)
        eros_cli_print (_ ("        (the machine checks this: %s)\n"),
                        eros_element_get_check_binding (element)->id);
      break;
    case EROS_ELEMENT_OPERATION:
      eros_cli_print ("    ▶ %s\n", text);
      break;
    case EROS_ELEMENT_COMMAND:
    case EROS_ELEMENT_TEMPLATE:
      if (eros_element_get_label (element) != NULL)
        eros_cli_print ("    %s:\n", eros_element_get_label (element));
      if (eros_element_get_subject (element) != NULL)
        eros_cli_print (_ ("      Subject: %s\n\n"), eros_element_get_subject (element));
      print_block ("      ", text);
      break;
    case EROS_ELEMENT_TEXT:
    case EROS_ELEMENT_LIST:
    case EROS_ELEMENT_FORM:
    case EROS_ELEMENT_SIGN_OFF:
    case EROS_ELEMENT_COMPARISON:
    case EROS_ELEMENT_SCHEDULE:
    case EROS_ELEMENT_CRITERIA:
    case EROS_ELEMENT_TABLE:
    default:
      print_block ("    ", text);
      print_items (element);
      print_fields (element);
      print_extras (element);
    }
}

static void
print_sections (GListModel *sections)
{
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      eros_cli_print ("\n  %s\n", eros_section_get_title (section));
      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);

          print_element (element);
        }
    }
}

static void
print_text (ErosRunbook *runbook)
{
  GListModel *phases = eros_runbook_get_phases (runbook);
  GListModel *details = eros_runbook_get_details (runbook);

  eros_cli_print (_ ("%s, version %s\n\n"), eros_runbook_get_title (runbook),
                  eros_runbook_get_version (runbook));
  print_block ("", eros_runbook_get_overview (runbook));
  eros_cli_print ("\n");
  for (guint i = 0; i < g_list_model_get_n_items (details); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (details, i);

      eros_cli_print ("%s: ____\n", eros_field_get_label (field));
    }
  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      eros_cli_print (_ ("\nPhase %u: %s\n"), eros_phase_get_number (phase), eros_phase_get_title (phase));
      print_sections (eros_phase_get_sections (phase));
    }
  eros_cli_print (_ ("\nAppendix\n"));
  print_sections (eros_runbook_get_appendix (runbook));
}

int
eros_cli_runbook (int argc, char **argv, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *format = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "runbook", 'r', 0, G_OPTION_ARG_FILENAME, &path,
      N_ ("Another one than the one that comes with the program"), N_ ("FILE") },
    { "format", 'f', 0, G_OPTION_ARG_STRING, &format, N_ ("“text” (for people) or “json”"), N_ ("FORMAT") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Same as --format json"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ErosRunbook) runbook = NULL;
  g_autoptr (GFile) file = NULL;

  if (!eros_cli_parse (&argc, &argv, entries, NULL, _ ("Prints a runbook, after checking it."), 0, 0, error))
    return EROS_EXIT_USAGE;
  if (format != NULL && !g_str_equal (format, "text") && !g_str_equal (format, "json"))
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                   _ ("There is no format “%s”: use “text” or “json”."), format);
      return EROS_EXIT_USAGE;
    }

  file = path != NULL ? g_file_new_for_commandline_arg (path) : NULL;
  runbook = file != NULL ? eros_runbook_load (file, NULL, error) : eros_runbook_load_default (error);
  if (runbook == NULL || !eros_sql_check_runbook (runbook, error))
    return EROS_EXIT_FAILED;
  if (json || g_strcmp0 (format, "json") == 0)
    eros_cli_print_json_text (eros_runbook_get_json (runbook));
  else
    print_text (runbook);
  return EROS_EXIT_DONE;
}
