/* eros-cli-verify.c: eros-deploy verify
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-private.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-report.h"

typedef struct
{
  gboolean good;
  char *problem;
  /* A journal’s … */
  guint64 n_events;
  char *head;
  /* … or a report’s. */
  GPtrArray *signatures; /* of ErosReportSignature */
} Verdict;

static void
verdict_clear (Verdict *verdict)
{
  g_free (verdict->problem);
  g_free (verdict->head);
  g_clear_pointer (&verdict->signatures, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Verdict, verdict_clear)

/* Not by its name, which may be anything. */
static gboolean
is_pdf (GFile *file)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  char start[5] = "";

  return stream != NULL &&
         g_input_stream_read (G_INPUT_STREAM (stream), start, sizeof start, NULL, NULL) == 5 &&
         memcmp (start, "%PDF-", 5) == 0;
}

static void
verify (GFile *file, Verdict *verdict)
{
  g_autoptr (GError) error = NULL;

  if (is_pdf (file))
    {
      verdict->signatures = eros_report_verify (file, NULL, &error);
      verdict->good = verdict->signatures != NULL;
    }
  else
    verdict->good = eros_journal_verify (file, &verdict->n_events, &verdict->head, NULL, &error);
  if (!verdict->good)
    verdict->problem = g_strdup (error->message);
}

static JsonNode *
signature_to_json (const ErosReportSignature *signature)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  eros_cli_set_text (object, "name", signature->name);
  eros_cli_set_text (object, "time", signature->time);
  eros_cli_set_text (object, "reason", signature->reason);
  eros_cli_set_text (object, "fingerprint", signature->fingerprint);
  json_object_set_boolean_member (object, "self_made", signature->is_self_made);
  json_node_take_object (node, object);
  return node;
}

static JsonNode *
verdict_to_json (const char *name, const Verdict *verdict)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "file", name);
  json_object_set_boolean_member (object, "good", verdict->good);
  if (verdict->problem != NULL)
    json_object_set_string_member (object, "problem", verdict->problem);
  if (verdict->head != NULL)
    {
      json_object_set_int_member (object, "events", verdict->n_events);
      json_object_set_string_member (object, "head", verdict->head);
    }
  if (verdict->signatures != NULL)
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < verdict->signatures->len; i++)
        json_array_add_element (array, signature_to_json (verdict->signatures->pdata[i]));
      json_object_set_array_member (object, "signatures", array);
    }
  json_node_take_object (node, object);
  return node;
}

static void
print_verdict (const char *name, const Verdict *verdict)
{
  if (verdict->problem != NULL)
    {
      eros_cli_print ("✘ %s\n", verdict->problem);
      return;
    }
  if (verdict->head != NULL)
    /* Translators: file; number; SHA-256. */
    eros_cli_print (_ ("✔ %s: the chain of its %" G_GUINT64_FORMAT " events is whole\n  head %s\n"), name,
                    verdict->n_events, verdict->head);
  if (verdict->signatures != NULL)
    {
      eros_cli_print (_ ("✔ %s: the report is as it was signed\n"), name);
      eros_cli_print_signatures (verdict->signatures);
    }
}

int
eros_cli_verify (int argc, char **argv, GError **error)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON, an array of verdicts"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (JsonNode) all = json_node_new (JSON_NODE_ARRAY);
  ErosExit status = EROS_EXIT_DONE;

  if (!eros_cli_parse (
        &argc, &argv, entries, _ ("FILE…"),
        _ ("Recomputes the chain of journals from their bytes on the disk, naming the first bad event, and "
           "checks the signatures of reports."),
        1, -1, error))
    return EROS_EXIT_USAGE;

  json_node_take_array (all, json_array_new ());
  for (int i = 1; i < argc; i++)
    {
      g_autoptr (GFile) file = eros_cli_find_file (argv[i], error);
      g_auto (Verdict) verdict = { 0 };

      if (file == NULL)
        return EROS_EXIT_USAGE;
      verify (file, &verdict);
      if (json)
        json_array_add_element (json_node_get_array (all), verdict_to_json (argv[i], &verdict));
      else
        print_verdict (argv[i], &verdict);
      if (!verdict.good)
        status = EROS_EXIT_FAILED;
    }
  if (json)
    eros_cli_print_json (g_steal_pointer (&all));
  return status;
}
