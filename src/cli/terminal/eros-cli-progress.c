/* eros-cli-progress.c: a line for each thing that happens
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-progress.h"

#include "eros-time-text.h"

#include <stdio.h>
#include <glib/gi18n-lib.h>

void
eros_cli_progress_line (const char *symbol, const char *text, const char *detail)
{
  g_autofree char *time = eros_time_format_here (g_get_real_time (), EROS_TIME_CLOCK);

  if (detail != NULL && *detail != '\0')
    eros_cli_print ("%s %s %s%s %s\n", time, symbol, text, g_str_has_suffix (text, ":") ? "" : ":", detail);
  else
    eros_cli_print ("%s %s %s\n", time, symbol, text);
  fflush (stdout);
}

/* NULL for an event that needs no line. */
static const char *
get_symbol (ErosEvent *event)
{
  static const struct
  {
    const char *kind;
    const char *outcome;
    const char *symbol;
  } symbols[] = {
    { EROS_EVENT_CHECK_FINISHED, "pass", "✔" },    { EROS_EVENT_CHECK_FINISHED, "fail", "✘" },
    { EROS_EVENT_CHECK_FINISHED, "warning", "⚠" }, { EROS_EVENT_CHECK_FINISHED, "not-enough-to-say", "–" },
    { EROS_EVENT_CHECK_FINISHED, "error", "✘" },   { EROS_EVENT_CHECK_FINISHED, "not-looked-at", "–" },
    { EROS_EVENT_ITEM_TICKED, NULL, "✔" },         { EROS_EVENT_ITEM_UNTICKED, NULL, "☐" },
    { EROS_EVENT_ITEM_NOT_APPLICABLE, NULL, "–" }, { EROS_EVENT_SIGN_OFF_SIGNED, NULL, "✍" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (g_str_equal (symbols[i].kind, eros_event_get_kind (event)) &&
        (symbols[i].outcome == NULL ||
         g_strcmp0 (symbols[i].outcome, eros_event_get_string (event, EROS_MEMBER_OUTCOME)) == 0))
      return symbols[i].symbol;
  return NULL;
}

/* (transfer full) */
static char *
get_detail (ErosEvent *event)
{
  static const char *const members[] = { "summary", "reason", "name" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (eros_event_get_string (event, members[i]) != NULL)
      return g_strdup (eros_event_get_string (event, members[i]));
  /* Translators: a person. */
  return g_strdup_printf (_ ("by %s"), eros_event_get_actor (event));
}

static void
appended_cb (ErosJournal *journal, ErosEvent *event, gpointer user_data)
{
  ErosRunbook *runbook = user_data;
  const char *symbol = get_symbol (event);
  const char *id = eros_event_get_string (event, EROS_MEMBER_ELEMENT);
  ErosElement *element = id != NULL ? eros_runbook_find_element (runbook, id) : NULL;

  if (symbol != NULL && element != NULL)
    {
      g_autofree char *detail = get_detail (event);

      eros_cli_progress_line (symbol, eros_element_get_label (element), detail);
    }
}

void
eros_cli_progress_watch (ErosDeployment *deployment)
{
  g_signal_connect_object (eros_deployment_get_journal (deployment), "appended", G_CALLBACK (appended_cb),
                           eros_deployment_get_runbook (deployment), 0);
}
