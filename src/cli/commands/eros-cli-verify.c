/* eros-cli-verify.c: eros-deploy verify
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-commands.h"
#include "eros-cli-private.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "eros-cli-report.h"
#include "eros-report-again.h"
#include "eros-text.h"
#include "eros-witness.h"

typedef struct
{
  char *name;
  GFile *file;
  gboolean good;
  char *problem;
  /* A journal’s … */
  gboolean is_journal;
  guint64 n_events;
  char *head;
  char **beside;            /* what lies beside it */
  ErosWitnessed *witnessed; /* (nullable) */
  gboolean is_sealed;       /* a report that is signed holds its beginning */
  /* … or a report’s. */
  GPtrArray *signatures;    /* of ErosReportSignature */
  gboolean is_foreign;      /* it is none of this program */
  char *journal;            /* (nullable): with which it was compared */
  gboolean comes_out_again; /* of the record that it carries */
  guint n_carried;
  GPtrArray *after; /* of ErosEvent: what the journal has gone on with */
} Verdict;

static void
verdict_free (gpointer data)
{
  Verdict *verdict = data;

  g_free (verdict->name);
  g_clear_object (&verdict->file);
  g_free (verdict->problem);
  g_free (verdict->head);
  g_strfreev (verdict->beside);
  g_clear_pointer (&verdict->witnessed, eros_witnessed_free);
  g_clear_pointer (&verdict->signatures, g_ptr_array_unref);
  g_free (verdict->journal);
  g_clear_pointer (&verdict->after, g_ptr_array_unref);
  g_free (verdict);
}

/* Not by its name, which may be anything. Only a plain file is opened: a pipe would wait for somebody who
 * writes. */
static gboolean
is_pdf (GFile *file)
{
  g_autoptr (GFileInputStream) stream = NULL;
  char start[5] = "";

  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) != G_FILE_TYPE_REGULAR)
    return FALSE;
  stream = g_file_read (file, NULL, NULL);
  return stream != NULL &&
         g_input_stream_read (G_INPUT_STREAM (stream), start, sizeof start, NULL, NULL) == 5 &&
         memcmp (start, "%PDF-", 5) == 0;
}

/* The chain, and every time stamp that it holds. */
static gboolean
verify_journal (Verdict *verdict, const ErosTrust *trust, GError **error)
{
  g_autoptr (ErosJournal) journal = NULL;

  verdict->is_journal = TRUE;
  verdict->beside = eros_journal_find_beside (verdict->file);
  if (!eros_journal_verify (verdict->file, &verdict->n_events, &verdict->head, NULL, error))
    return FALSE;
  journal = eros_journal_open (verdict->file, EROS_JOURNAL_READ, error);
  return journal != NULL && eros_witness_check (G_LIST_MODEL (journal), trust, &verdict->witnessed, error);
}

/* Whole: each event is the one that the next was chained to. Sealed: somebody has signed its beginning.
 * Witnessed: an authority that is trusted has stamped its beginning, which nobody can do again who holds the
 * file and all keys. */
static const char *
grade_of (const Verdict *verdict)
{
  if (verdict->witnessed != NULL && verdict->witnessed->is_trusted)
    return "witnessed";
  return verdict->is_sealed ? "sealed" : "whole";
}

/* The chain of the events that a report carries. A PDF of others carries none, and says so elsewhere. */
static gboolean
verify_record (Verdict *verdict, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (ErosReportRecord) record = eros_report_record_read (verdict->file, &problem);

  if (record != NULL)
    verdict->n_carried = eros_report_record_get_length (record);
  if ((record != NULL &&
       eros_report_make_again (verdict->file, record, &verdict->comes_out_again, &problem)) ||
      g_error_matches (problem, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NO_RECORD))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  g_prefix_error (error, "%s: ", verdict->name);
  return FALSE;
}

/* Another program's PDF is judged by what its signatures say, each by itself: it is no forged report for not
 * being a report. */
static void
explain (Verdict *verdict, const ErosTrust *trust, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (ErosReportRecord) record = eros_report_record_read (verdict->file, &problem);

  if (record != NULL || !g_error_matches (problem, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NO_RECORD) ||
      g_error_matches (*error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_SIGNED))
    return;
  verdict->signatures = eros_report_explain (verdict->file, trust, NULL);
  if (verdict->signatures == NULL)
    return;
  g_clear_error (error);
  verdict->is_foreign = TRUE;
  verdict->good = TRUE;
  for (guint i = 0; i < verdict->signatures->len; i++)
    {
      const ErosReportSignature *signature = verdict->signatures->pdata[i];

      verdict->good &= signature->problem == NULL && !signature->is_changed;
    }
}

/* Takes over FILE. */
static Verdict *
verify (const char *name, GFile *file, const ErosTrust *trust)
{
  Verdict *verdict = g_new0 (Verdict, 1);
  g_autoptr (GError) error = NULL;

  verdict->name = g_strdup (name);
  verdict->file = file;
  if (is_pdf (file))
    {
      verdict->signatures = eros_report_verify_with (file, trust, NULL, &error);
      verdict->good = verdict->signatures != NULL && verify_record (verdict, &error);
      if (verdict->signatures == NULL)
        explain (verdict, trust, &error);
    }
  else
    verdict->good = verify_journal (verdict, trust, &error);
  if (error != NULL)
    verdict->problem = g_strdup (error->message);
  return verdict;
}

static void
note_after (Verdict *report, ErosJournal *journal)
{
  GListModel *events = G_LIST_MODEL (journal);

  report->after = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = report->n_carried; i < g_list_model_get_n_items (events); i++)
    g_ptr_array_add (report->after, g_list_model_get_item (events, i));
}

/* (transfer full) (nullable): the one that begins as the report does, else the only one that there is; *NAME
 * is as it was given */
static ErosJournal *
find_journal (ErosReportRecord *record, GPtrArray *verdicts, const char **name)
{
  g_autoptr (ErosJournal) only = NULL;
  guint n = 0;

  for (guint i = 0; i < verdicts->len; i++)
    {
      Verdict *verdict = verdicts->pdata[i];
      g_autoptr (ErosJournal) journal = verdict->is_journal && verdict->good
                                          ? eros_journal_open (verdict->file, EROS_JOURNAL_READ, NULL)
                                          : NULL;

      if (journal == NULL)
        continue;
      *name = verdict->name;
      if (eros_report_record_is_of (record, journal))
        return g_steal_pointer (&journal);
      n++;
      g_set_object (&only, journal);
    }
  return n == 1 ? g_steal_pointer (&only) : NULL;
}

static void
seal (GPtrArray *verdicts, const char *journal)
{
  for (guint i = 0; i < verdicts->len; i++)
    {
      Verdict *verdict = verdicts->pdata[i];

      verdict->is_sealed |= verdict->is_journal && g_str_equal (verdict->name, journal);
    }
}

/* What no chain can show, a report can: that the journal’s end was cut off, or all of it written anew. */
static void
compare (Verdict *report, GPtrArray *verdicts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosReportRecord) record = eros_report_record_read (report->file, &error);
  g_autoptr (ErosJournal) journal = NULL;
  const char *name = NULL;

  if (record != NULL)
    {
      report->n_carried = eros_report_record_get_length (record);
      journal = find_journal (record, verdicts, &name);
      if (journal == NULL)
        g_set_error (&error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                     _ ("none of the journals is that of its deployment"));
      else
        report->journal = g_strdup (name);
    }
  if (journal != NULL && eros_report_record_compare (record, journal, &error))
    {
      note_after (report, journal);
      seal (verdicts, name);
      return;
    }
  report->good = FALSE;
  /* Translators: a report, a journal (or nothing), why they do not agree */
  report->problem =
    name != NULL && report->journal != NULL
      ? eros_text_format (_ ("%s and %s do not agree: %s."), report->name, name, error->message)
      : eros_text_format (_ ("%s cannot be compared: %s."), report->name, error->message);
}

static void
compare_all (GPtrArray *verdicts)
{
  guint n_journals = 0;

  for (guint i = 0; i < verdicts->len; i++)
    n_journals += ((Verdict *) verdicts->pdata[i])->is_journal;
  for (guint i = 0; i < verdicts->len && n_journals > 0; i++)
    {
      Verdict *verdict = verdicts->pdata[i];

      if (!verdict->is_journal && !verdict->is_foreign && verdict->good)
        compare (verdict, verdicts);
    }
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
add_journal_json (JsonObject *object, const Verdict *verdict)
{
  JsonArray *beside = json_array_new ();

  json_object_set_int_member (object, "events", verdict->n_events);
  json_object_set_string_member (object, "head", verdict->head);
  for (guint i = 0; verdict->beside[i] != NULL; i++)
    json_array_add_string_element (beside, verdict->beside[i]);
  json_object_set_array_member (object, "beside", beside);
  eros_cli_set_text (object, "grade", verdict->good ? grade_of (verdict) : NULL);
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
add_comparison_json (JsonObject *object, const Verdict *verdict)
{
  JsonArray *after = json_array_new ();

  eros_cli_set_text (object, "journal", verdict->journal);
  json_object_set_int_member (object, "events", verdict->n_carried);
  for (guint i = 0; verdict->after != NULL && i < verdict->after->len; i++)
    json_array_add_object_element (after, event_to_json (verdict->after->pdata[i]));
  json_object_set_array_member (object, "after", after);
}

static JsonNode *
verdict_to_json (const Verdict *verdict)
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

/* Whoever copies or hides one of these has another record: a -wal may hold the newest events, and one that is
 * gone took them. */
static void
print_beside (const Verdict *verdict)
{
  g_autofree char *names = g_strjoinv (", ", verdict->beside);

  if (verdict->beside[0] == NULL)
    eros_cli_print (_ ("  nothing lies beside it\n"));
  else if (g_str_has_suffix (verdict->beside[0], "-wal"))
    /* Translators: names of files */
    eros_cli_print (_ ("  beside it lie %s: it is being written, or its writer was killed; the newest events "
                       "may stand there\n"),
                    names);
  else
    eros_cli_print (_ ("  beside it lie %s, but no -wal: its writer was killed, and what was written last "
                       "may have been taken "
                       "away\n"),
                    names);
}

static void
print_grade (const Verdict *verdict)
{
  static const char *const grades[][2] = {
    { "whole", N_ ("  whole: nobody has signed it and no authority has stamped it that you trust") },
    { "sealed", N_ ("  sealed: a signed report holds its beginning") },
    { "witnessed", N_ ("  witnessed: an authority that you trust has stamped its beginning") },
  };
  g_autofree char *time = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (grades); i++)
    if (g_str_equal (grades[i][0], grade_of (verdict)))
      eros_cli_print ("%s\n", _ (grades[i][1]));
  if (verdict->witnessed == NULL)
    return;
  time = eros_time_text (verdict->witnessed->time * G_USEC_PER_SEC);
  /* Translators: a number of events; a time; an authority; ", not vouched for" or nothing */
  eros_cli_print (_ ("  its first %u events were there at %s, says %s%s\n"), verdict->witnessed->n_events,
                  time, verdict->witnessed->authority,
                  verdict->witnessed->is_trusted ? ""
                                                 : _ (", not vouched for: --trust names whom you trust"));
}

static void
print_comparison (const Verdict *verdict)
{
  /* Translators: a journal; a number of events */
  eros_cli_print (_ ("  %s begins with all of its %u events\n"), verdict->journal, verdict->n_carried);
  if (verdict->after->len == 0)
    eros_cli_print (_ ("  nothing came after the report\n"));
  else
    eros_cli_print (ngettext ("  %u event came after the report:\n", "  %u events came after the report:\n",
                              verdict->after->len),
                    verdict->after->len);
  for (guint i = 0; i < verdict->after->len; i++)
    {
      ErosEvent *event = verdict->after->pdata[i];
      g_autofree char *time = eros_time_text (eros_event_get_time (event));

      /* Translators: number, time, what happened, who did it */
      eros_cli_print (_ ("    %" PRId64 "  %s  %s, %s\n"), eros_event_get_sequence (event), time,
                      eros_event_get_kind (event), eros_event_get_actor (event));
    }
}

static void
print_foreign (const Verdict *verdict)
{
  eros_cli_print (_ ("%s is no report of this program. Its signatures, each by itself:\n"), verdict->name);
  for (guint i = 0; i < verdict->signatures->len; i++)
    {
      const ErosReportSignature *signature = verdict->signatures->pdata[i];
      g_autoptr (GPtrArray) one = g_ptr_array_new ();

      if (signature->problem != NULL)
        {
          /* Translators: the number of a signature, why it is not valid */
          eros_cli_print (_ ("✘ signature %u: %s\n"), i + 1, signature->problem);
          continue;
        }
      g_ptr_array_add (one, verdict->signatures->pdata[i]);
      eros_cli_print_signatures (one);
      if (signature->is_changed)
        eros_cli_print (
          _ ("✘ the document was changed after that: what it shows now is not what was signed\n"));
    }
}

static void
print_verdict (const Verdict *verdict)
{
  if (verdict->problem != NULL)
    eros_cli_print ("✘ %s\n", verdict->problem);
  else if (verdict->is_journal)
    /* Translators: file; number; SHA-256. */
    eros_cli_print (_ ("✔ %s: the chain of its %" PRIu64 " events is whole\n  head %s\n"), verdict->name,
                    verdict->n_events, verdict->head);
  if (verdict->is_journal)
    print_beside (verdict);
  if (verdict->is_journal && verdict->good)
    print_grade (verdict);
  if (verdict->is_foreign)
    print_foreign (verdict);
  if (verdict->signatures == NULL || verdict->is_foreign)
    return;
  eros_cli_print (_ ("✔ %s: the report is as it was signed\n"), verdict->name);
  if (verdict->n_carried > 0)
    eros_cli_print (_ ("  the chain of the %u events that it carries is whole\n"), verdict->n_carried);
  if (verdict->n_carried > 0)
    eros_cli_print (verdict->comes_out_again
                      ? _ ("  made again of them, pages and attachments come out the same, byte for byte\n")
                      : _ ("⚠ made again of them, the pages come out otherwise: by another version of this "
                           "program, with other fonts or in another language; or they do not say what the "
                           "record says. What is attached is what the record makes.\n"));
  eros_cli_print_signatures (verdict->signatures);
  if (verdict->good && verdict->journal != NULL)
    print_comparison (verdict);
}

static int
show (GPtrArray *verdicts, gboolean json)
{
  g_autoptr (JsonNode) all = json_node_new (JSON_NODE_ARRAY);
  ErosExit status = EROS_EXIT_DONE;

  json_node_take_array (all, json_array_new ());
  for (guint i = 0; i < verdicts->len; i++)
    {
      Verdict *verdict = verdicts->pdata[i];

      if (json)
        json_array_add_element (json_node_get_array (all), verdict_to_json (verdict));
      else
        print_verdict (verdict);
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
  g_autoptr (GPtrArray) verdicts = g_ptr_array_new_with_free_func (verdict_free);
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
      GFile *file = eros_cli_find_file (argv[i], error);

      if (file == NULL)
        return EROS_EXIT_USAGE;
      g_ptr_array_add (verdicts, verify (argv[i], file, trust));
    }
  compare_all (verdicts);
  return show (verdicts, json);
}
