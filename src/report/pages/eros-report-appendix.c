/* eros-report-appendix.c: contacts, texts that were sent, what people have done, what is attached
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-content.h"

#include <inttypes.h>
#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-report-attachments.h"

/* A longer text is attached only. */
#define MOST_LINES 12

static guint
count_lines (const char *text)
{
  guint n = 1;

  for (const char *at = strchr (text, '\n'); at != NULL; at = strchr (at + 1, '\n'))
    n += at[1] != '\0';
  return n;
}

static void
add_short_sql (ErosReportState *state, ErosLayout *layout)
{
  gboolean has_begun = FALSE;

  for (guint i = 0; i < state->story->sql->len; i++)
    {
      const ErosReportSql *sql = state->story->sql->pdata[i];
      g_autofree char *title = NULL;
      g_autofree char *text = NULL;

      if (count_lines (sql->text) > MOST_LINES)
        continue;
      if (!has_begun)
        eros_layout_heading (layout, EROS_TEXT_HEADING_2, _ ("Short queries"), "sql");
      has_begun = TRUE;
      title = g_strdup_printf (_ ("Query %u (%s)"), sql->number, sql->name);
      text = g_strchomp (g_strdup (sql->text));
      eros_layout_keep (layout, 30);
      eros_layout_space (layout, 3);
      eros_layout_text (layout, EROS_TEXT_SMALL_STRONG, title);
      eros_layout_text (layout, EROS_TEXT_CODE, text);
    }
}

static void
add_deeds (ErosReportState *state, ErosLayout *layout)
{
  static const double weights[] = { 0.9, 2.5, 2.3, 2, 8 };
  const char *titles[] = { _ ("No."), _ ("Time (UTC)"), _ ("By"), _ ("Event"), _ ("What"), NULL };
  const ErosReportStory *story = state->story;
  gint64 last = 0;

  eros_layout_heading (layout, EROS_TEXT_HEADING_2, _ ("What people have done"), "deeds");
  eros_layout_text (
    layout, EROS_TEXT_SMALL,
    _ ("Every event that a person has made, in order; those of the machine stand in the attached "
       "journal."));
  eros_layout_space (layout, 3);
  eros_layout_table_begin (layout, weights, titles, 5);
  for (guint i = 0; i < story->deeds->len; i++)
    {
      const ErosReportDeed *deed = story->deeds->pdata[i];
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, deed->sequence);
      g_autofree char *time = eros_time_text (deed->time);
      const char *cells[] = { number, time, deed->actor, deed->what, deed->text, NULL };

      if (story->n_deeds > story->deeds->len && i == EROS_REPORT_MOST_DEEDS / 2)
        {
          g_autofree char *more =
            g_strdup_printf (_ ("%u more after event %" PRId64 ": in the attached journal"),
                             story->n_deeds - story->deeds->len, last);
          const char *gap[] = { "…", "", "", "", more, NULL };

          eros_layout_table_row (layout, gap);
        }
      time[strcspn (time, "U")] = '\0';
      last = deed->sequence;
      eros_layout_table_row (layout, cells);
    }
  eros_layout_table_end (layout);
}

/* (transfer full): of the text of a query before names were filled in. */
static char *
describe_general (ErosReportStory *story, const char *file)
{
  for (guint i = 0; i < story->sql->len; i++)
    {
      const ErosReportSql *sql = story->sql->pdata[i];

      if (g_str_equal (sql->file, file) && sql->general != NULL)
        return g_strndup (sql->general, 12);
    }
  return g_strdup ("");
}

static void
add_attachments (ErosReportState *state, GPtrArray *attachments, ErosLayout *layout)
{
  static const double weights[] = { 172, 42, 58, 239 };
  const char *titles[] = { _ ("File"), _ ("Size"), _ ("Without names"), "SHA-256", NULL };

  eros_layout_heading (layout, EROS_TEXT_HEADING_2, _ ("What is attached to this file"), "attached");
  eros_layout_text (
    layout, EROS_TEXT_SMALL,
    _ ("The whole record, as journal.jsonl: each event holds the hash of the one before, and the "
       "hash of the last one stands on the first page. With the runbook, the inventories and the "
       "SQL it is all that this report was made of. “pdfdetach -saveall” takes them out. A query "
       "carries its number in its name, and has a second digest, here its beginning: of its text "
       "without the names of project and data set, which is the same in rehearsal and production."));
  eros_layout_space (layout, 3);
  eros_layout_table_begin (layout, weights, titles, 4);
  eros_layout_table_set_code (layout, 3);
  for (guint i = 0; i < attachments->len; i++)
    {
      const ErosReportAttachment *attachment = attachments->pdata[i];
      g_autofree char *size = g_format_size (attachment->size);
      g_autofree char *general = describe_general (state->story, attachment->name);
      const char *cells[] = { attachment->name, size, general, attachment->sha256, NULL };

      eros_layout_table_row (layout, cells);
    }
  eros_layout_table_end (layout);
}

void
eros_report_compose_appendix (ErosReportState *state, GPtrArray *attachments, ErosLayout *layout)
{
  eros_layout_heading (layout, EROS_TEXT_HEADING_1, _ ("Appendix"), "appendix");
  eros_report_compose_elements (state, layout, eros_runbook_get_appendix (state->runbook));
  add_attachments (state, attachments, layout);
  add_short_sql (state, layout);
  add_deeds (state, layout);
}
