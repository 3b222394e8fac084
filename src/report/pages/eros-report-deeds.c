/* eros-report-deeds.c: what people have done, event by event, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-story.h"

#include "eros-event-text.h"

/* Of very many the first and the last half is kept; all of them are attached. */
void
eros_report_story_add_deed (ErosReportStory *self, ErosRunbook *runbook, ErosEvent *event)
{
  ErosReportDeed *deed = g_new0 (ErosReportDeed, 1);

  deed->sequence = eros_event_get_sequence (event);
  deed->time = eros_event_get_time (event);
  deed->actor = g_strdup (eros_event_get_actor (event));
  deed->what = g_strdup (eros_event_text_get_kind (event));
  deed->text = eros_event_text_describe (runbook, event);
  g_ptr_array_add (self->deeds, deed);
  self->n_deeds++;
  if (self->deeds->len > EROS_REPORT_MOST_DEEDS)
    g_ptr_array_remove_index (self->deeds, EROS_REPORT_MOST_DEEDS / 2);
}
