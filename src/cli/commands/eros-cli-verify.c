/* eros-cli-verify.c: eros-deploy verify
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-commands.h"
#include "eros-cli-private.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-report.h"
#include "eros-file-verdict.h"

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
  eros_cli_set_text (object, "issuer", signature->issuer);
  eros_cli_set_text (object, "vouched_by", signature->vouched_by);
  eros_cli_set_text (object, "vouched_fingerprint", signature->vouched_fingerprint);
  eros_cli_set_text (object, "time_stamp", signature->stamped);
  eros_cli_set_text (object, "time_authority", signature->authority);
  json_object_set_boolean_member (object, "time_authority_trusted", signature->authority_is_trusted);
  eros_cli_set_text (object, "box", signature->box);
  eros_cli_set_text (object, "role", signature->title);
  json_object_set_boolean_member (object, "certifies", signature->certifies);
  json_object_set_boolean_member (object, "covers_all", signature->revision == signature->n_revisions);
  eros_cli_set_text (object, "problem", signature->problem);
  json_object_set_boolean_member (object, "changed_since", signature->is_changed);
  json_node_take_object (node, object);
  return node;
}

static JsonObject *
event_to_json (ErosEvent *event)
{
  g_autofree char *time = eros_time_iso (eros_event_get_time (event));
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "sequence", eros_event_get_sequence (event));
  eros_cli_set_text (object, "time", time);
  eros_cli_set_text (object, "actor", eros_event_get_actor (event));
  eros_cli_set_text (object, "kind", eros_event_get_kind (event));
  return object;
}

static void
add_journal_json (JsonObject *object, const ErosFileVerdict *verdict)
{
  JsonArray *beside = json_array_new ();

  json_object_set_int_member (object, "events", verdict->n_events);
  json_object_set_string_member (object, "head", verdict->head);
  for (guint i = 0; verdict->beside[i] != NULL; i++)
    json_array_add_string_element (beside, verdict->beside[i]);
  json_object_set_array_member (object, "beside", beside);
  eros_cli_set_text (object, "grade", verdict->good ? eros_file_verdict_get_grade (verdict) : NULL);
  if (verdict->witnessed != NULL)
    {
      g_autofree char *time = eros_time_iso (verdict->witnessed->time * G_USEC_PER_SEC);
      JsonObject *witnessed = json_object_new ();

      json_object_set_int_member (witnessed, "events", verdict->witnessed->n_events);
      eros_cli_set_text (witnessed, "time", time);
      eros_cli_set_text (witnessed, "authority", verdict->witnessed->authority);
      json_object_set_boolean_member (witnessed, "trusted", verdict->witnessed->is_trusted);
      json_object_set_object_member (object, "witnessed", witnessed);
    }
}

static void
add_comparison_json (JsonObject *object, const ErosFileVerdict *verdict)
{
  JsonArray *after = json_array_new ();

  eros_cli_set_text (object, "journal", verdict->journal);
  json_object_set_int_member (object, "events", verdict->n_carried);
  for (guint i = 0; verdict->after != NULL && i < verdict->after->len; i++)
    json_array_add_object_element (after, event_to_json (verdict->after->pdata[i]));
  json_object_set_array_member (object, "after", after);
}

static JsonNode *
verdict_to_json (const ErosFileVerdict *verdict)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  eros_cli_set_text (object, "file", verdict->name);
  json_object_set_boolean_member (object, "good", verdict->good);
  if (verdict->problem != NULL)
    eros_cli_set_text (object, "problem", verdict->problem);
  if (!verdict->is_journal)
    json_object_set_boolean_member (object, "report", !verdict->is_foreign);
  if (verdict->n_carried > 0)
    eros_cli_set_text (object, "pages", verdict->comes_out_again ? "same" : "other");
  if (verdict->is_journal)
    add_journal_json (object, verdict);
  if (verdict->journal != NULL)
    add_comparison_json (object, verdict);
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

static int
show (GPtrArray *verdicts, gboolean json)
{
  g_autoptr (JsonNode) all = json_node_new (JSON_NODE_ARRAY);
  ErosExit status = EROS_EXIT_DONE;

  json_node_take_array (all, json_array_new ());
  for (guint i = 0; i < verdicts->len; i++)
    {
      ErosFileVerdict *verdict = verdicts->pdata[i];
      g_autoptr (GPtrArray) lines = eros_file_verdict_describe (verdict);

      if (json)
        json_array_add_element (json_node_get_array (all), verdict_to_json (verdict));
      else
        eros_cli_print_verdict (lines);
      if (!verdict->good)
        status = EROS_EXIT_FAILED;
    }
  if (json)
    eros_cli_print_json (g_steal_pointer (&all));
  return status;
}

int
eros_cli_verify (int argc, char **argv, GError **error)
{
  gboolean json = FALSE;
  g_auto (GStrv) trusted = NULL;
  const GOptionEntry entries[] = {
    { "trust", 't', 0, G_OPTION_ARG_FILENAME_ARRAY, &trusted,
      N_ ("A certificate that you trust, of a signer or of an authority; can be given several times"),
      N_ ("CERT") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON, an array of verdicts"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GPtrArray) verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_file_verdict_free);
  g_autoptr (ErosTrust) trust = eros_trust_new ();

  if (!eros_cli_parse (
        &argc, &argv, entries, _ ("FILE…"),
        _ ("Recomputes the chain of journals from their bytes on the disk, naming the first bad event, and "
           "checks the signatures of reports. With a journal and its report it compares the two: whether the "
           "journal still "
           "holds what was signed, and what came after."),
        1, -1, error))
    return EROS_EXIT_USAGE;
  for (guint i = 0; trusted != NULL && trusted[i] != NULL; i++)
    if (!eros_trust_add_file (trust, trusted[i], error))
      return EROS_EXIT_USAGE;

  for (int i = 1; i < argc; i++)
    {
      g_autoptr (GFile) file = eros_cli_find_file (argv[i], error);

      if (file == NULL)
        return EROS_EXIT_USAGE;
      g_ptr_array_add (verdicts, eros_file_verdict_new (argv[i], file, trust, NULL));
    }
  eros_file_verdict_compare (verdicts);
  return show (verdicts, json);
}
