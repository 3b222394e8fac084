/* eros-file-verdict-text.c: a verdict in sentences, the same in the window and on the terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-file-verdict.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "eros-text.h"
#include "eros-time-text.h"

static void
line_free (gpointer data)
{
  ErosVerdictLine *line = data;

  g_free (line->text);
  g_free (line);
}

char *
eros_verdict_line_to_text (const ErosVerdictLine *self)
{
  static const char *const marks[] = {
    [EROS_VERDICT_PLAIN] = "",
    [EROS_VERDICT_GOOD] = "✔ ",
    [EROS_VERDICT_DOUBTFUL] = "⚠ ",
    [EROS_VERDICT_BAD] = "✘ ",
  };

  return g_strdup_printf ("%*s%s%s", (int) (2 * self->depth), "", marks[self->mark], self->text);
}

static GPtrArray *
new_lines (void)
{
  return g_ptr_array_new_with_free_func (line_free);
}

static G_GNUC_PRINTF (4, 5) void say (GPtrArray *lines,
                                      ErosVerdictMark mark,
                                      guint depth,
                                      const char *format,
                                      ...)
{
  ErosVerdictLine *line = g_new0 (ErosVerdictLine, 1);
  va_list arguments;

  va_start (arguments, format);
  line->text = eros_text_vformat (format, arguments);
  va_end (arguments);
  line->mark = mark;
  line->depth = depth;
  g_ptr_array_add (lines, line);
}

/* Who says that it was they, and who says when. */
static void
say_grounds (GPtrArray *lines, const ErosReportSignature *signature)
{
  if (signature->title != NULL)
    say (lines, EROS_VERDICT_PLAIN, 1, _ ("in the box “%s”"), signature->title);
  if (signature->vouched_by != NULL)
    /* Translators: the name of a trusted certificate, its fingerprint */
    say (lines, EROS_VERDICT_PLAIN, 1, _ ("vouched for by %s, whom you trust: %s"), signature->vouched_by,
         signature->vouched_fingerprint);
  else if (!signature->is_self_made)
    /* Translators: the name of an authority */
    say (lines, EROS_VERDICT_PLAIN, 1,
         _ ("issued by %s, not vouched for: you have not named that authority as one that you trust"),
         signature->issuer);
  if (signature->stamped == NULL)
    say (lines, EROS_VERDICT_PLAIN, 1, _ ("the time is the signer’s own word: no authority has stamped it"));
  else
    /* Translators: a time, the name of an authority; ", not vouched for" or nothing */
    say (lines, EROS_VERDICT_PLAIN, 1, _ ("time stamp of %s by %s%s"), signature->stamped,
         signature->authority, signature->authority_is_trusted ? "" : _ (", not vouched for"));
  if (signature->is_changed)
    say (lines, EROS_VERDICT_PLAIN, 1, _ ("covers the file up to itself"));
  else if (signature->revision < signature->n_revisions)
    say (lines, EROS_VERDICT_PLAIN, 1,
         _ ("covers the file up to itself; since then nothing was added but signatures"));
  else
    say (lines, EROS_VERDICT_PLAIN, 1, _ ("covers the whole file"));
}

static void
say_signature (GPtrArray *lines, const ErosReportSignature *signature)
{
  /* Translators: name; time. */
  say (lines, EROS_VERDICT_GOOD, 0, _ ("signed by %s at %s%s"), signature->name, signature->time,
       signature->is_self_made ? _ (" (self-made certificate: valid, identity not vouched for)") : "");
  say (lines, EROS_VERDICT_PLAIN, 1, _ ("certificate %s"), signature->fingerprint);
  say_grounds (lines, signature);
}

GPtrArray *
eros_file_verdict_describe_signatures (GPtrArray *signatures)
{
  GPtrArray *lines = new_lines ();

  for (guint i = 0; i < signatures->len; i++)
    say_signature (lines, signatures->pdata[i]);
  return lines;
}

/* Whoever copies or hides one of these has another record: a -wal may hold the newest events, and one that is
 * gone took them. */
static void
say_beside (GPtrArray *lines, const ErosFileVerdict *self)
{
  g_autofree char *names = g_strjoinv (", ", self->beside);

  if (self->beside[0] == NULL)
    say (lines, EROS_VERDICT_PLAIN, 1, _ ("nothing lies beside it"));
  else if (g_str_has_suffix (self->beside[0], "-wal"))
    /* Translators: names of files */
    say (lines, EROS_VERDICT_PLAIN, 1,
         _ ("beside it lie %s: it is being written, or its writer was killed; the newest events may stand "
            "there"),
         names);
  else
    say (lines, EROS_VERDICT_PLAIN, 1,
         _ ("beside it lie %s, but no -wal: its writer was killed, and what was written last may have been "
            "taken away"),
         names);
}

static void
say_grade (GPtrArray *lines, const ErosFileVerdict *self)
{
  static const char *const grades[][2] = {
    { "whole", N_ ("whole: nobody has signed it and no authority has stamped it that you trust") },
    { "sealed", N_ ("sealed: a signed report holds its beginning") },
    { "witnessed", N_ ("witnessed: an authority that you trust has stamped its beginning") },
  };
  g_autofree char *time = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (grades); i++)
    if (g_str_equal (grades[i][0], eros_file_verdict_get_grade (self)))
      say (lines, EROS_VERDICT_PLAIN, 1, "%s", _ (grades[i][1]));
  if (self->witnessed == NULL)
    return;
  time = eros_time_text (self->witnessed->time * G_USEC_PER_SEC);
  /* Translators: a number of events; a time; an authority; ", not vouched for" or nothing */
  say (lines, EROS_VERDICT_PLAIN, 1, _ ("its first %u events were there at %s, says %s%s"),
       self->witnessed->n_events, time, self->witnessed->authority,
       self->witnessed->is_trusted ? "" : _ (", not vouched for"));
}

static void
say_comparison (GPtrArray *lines, const ErosFileVerdict *self)
{
  /* Translators: a journal; a number of events */
  say (lines, EROS_VERDICT_PLAIN, 1, _ ("%s begins with all of its %u events"), self->journal,
       self->n_carried);
  if (self->after->len == 0)
    say (lines, EROS_VERDICT_PLAIN, 1, _ ("nothing came after the report"));
  else
    say (lines, EROS_VERDICT_PLAIN, 1,
         ngettext ("%u event came after the report:", "%u events came after the report:", self->after->len),
         self->after->len);
  for (guint i = 0; i < self->after->len; i++)
    {
      ErosEvent *event = self->after->pdata[i];
      g_autofree char *time = eros_time_text (eros_event_get_time (event));

      /* Translators: number, time, what happened, who did it */
      say (lines, EROS_VERDICT_PLAIN, 2, _ ("%" PRId64 "  %s  %s, %s"), eros_event_get_sequence (event), time,
           eros_event_get_kind (event), eros_event_get_actor (event));
    }
}

static void
say_foreign (GPtrArray *lines, const ErosFileVerdict *self)
{
  say (lines, EROS_VERDICT_PLAIN, 0, _ ("%s is no report of this program. Its signatures, each by itself:"),
       self->name);
  for (guint i = 0; i < self->signatures->len; i++)
    {
      const ErosReportSignature *signature = self->signatures->pdata[i];

      if (signature->problem != NULL)
        {
          /* Translators: the number of a signature, why it is not valid */
          say (lines, EROS_VERDICT_BAD, 0, _ ("signature %u: %s"), i + 1, signature->problem);
          continue;
        }
      say_signature (lines, signature);
      if (signature->is_changed)
        say (lines, EROS_VERDICT_BAD, 0,
             _ ("the document was changed after that: what it shows now is not what was signed"));
    }
}

static void
say_report (GPtrArray *lines, const ErosFileVerdict *self)
{
  say (lines, EROS_VERDICT_GOOD, 0, _ ("%s: the report is as it was signed"), self->name);
  if (self->n_carried > 0)
    say (lines, EROS_VERDICT_PLAIN, 1, _ ("the chain of the %u events that it carries is whole"),
         self->n_carried);
  if (self->n_carried > 0 && self->comes_out_again)
    say (lines, EROS_VERDICT_PLAIN, 1,
         _ ("made again of them, pages and attachments come out the same, byte for byte"));
  else if (self->n_carried > 0)
    say (lines, EROS_VERDICT_DOUBTFUL, 0,
         _ ("made again of them, the pages come out otherwise: by another version of this program, with "
            "other fonts or in another language; or they do not say what the record says. What is attached "
            "is what the record makes."));
  for (guint i = 0; i < self->signatures->len; i++)
    say_signature (lines, self->signatures->pdata[i]);
  if (self->good && self->journal != NULL)
    say_comparison (lines, self);
}

static void
say_journal (GPtrArray *lines, const ErosFileVerdict *self)
{
  if (self->problem == NULL)
    {
      /* Translators: file; number */
      say (lines, EROS_VERDICT_GOOD, 0, _ ("%s: the chain of its %" PRIu64 " events is whole"), self->name,
           self->n_events);
      /* Translators: SHA-256, of the newest event */
      say (lines, EROS_VERDICT_PLAIN, 1, _ ("head %s"), self->head);
    }
  say_beside (lines, self);
  if (self->good)
    say_grade (lines, self);
}

/**
 * eros_file_verdict_describe:
 * @self: a verdict
 *
 * Returns: (transfer full): of #ErosVerdictLine: all that is to be said of it, in order
 */
GPtrArray *
eros_file_verdict_describe (const ErosFileVerdict *self)
{
  GPtrArray *lines = new_lines ();

  if (self->problem != NULL)
    say (lines, EROS_VERDICT_BAD, 0, "%s", self->problem);
  if (self->is_journal)
    say_journal (lines, self);
  else if (self->is_foreign && self->signatures != NULL)
    say_foreign (lines, self);
  else if (self->signatures != NULL)
    say_report (lines, self);
  return lines;
}
