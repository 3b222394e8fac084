/* eros-event-text.c: what an event says, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-event-text.h"

#include <inttypes.h>
#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

/* What happened, in words; an event of a kind that is not known here keeps its name. */
static const char *
name_kind (const char *kind)
{
  static const struct
  {
    const char *kind, *name;
  } names[] = {
    { EROS_EVENT_DEPLOYMENT_CREATED, N_ ("Created") },
    { EROS_EVENT_ITEM_TICKED, N_ ("Ticked") },
    { EROS_EVENT_ITEM_UNTICKED, N_ ("Unticked") },
    { EROS_EVENT_ITEM_NOT_APPLICABLE, N_ ("Not applicable") },
    { EROS_EVENT_NOTE_SET, N_ ("Note") },
    { EROS_EVENT_FIELD_SET, N_ ("Filled in") },
    { EROS_EVENT_FIELD_RECORDED, N_ ("Measured") },
    { EROS_EVENT_SIGN_OFF_SIGNED, N_ ("Signed") },
    { EROS_EVENT_SIGN_OFF_WITHDRAWN, N_ ("Withdrawn") },
    { EROS_EVENT_GATE_OVERRIDDEN, N_ ("Overridden") },
    { EROS_EVENT_OVERRIDE_WITHDRAWN, N_ ("Override withdrawn") },
    { EROS_EVENT_DECISION_WITHDRAWN, N_ ("Decision withdrawn") },
    { EROS_EVENT_CHECK_FINISHED, N_ ("Checked") },
    { EROS_EVENT_EVENT_UNDONE, N_ ("Taken back") },
    { EROS_EVENT_OPERATION_STARTED, N_ ("Work started") },
    { EROS_EVENT_OPERATION_ENDED, N_ ("Work ended") },
    { EROS_EVENT_JOB_PLANNED, N_ ("Job sent") },
    { EROS_EVENT_JOB_ENDED, N_ ("Job ended") },
    { EROS_EVENT_STEP_STARTED, N_ ("Step started") },
    { EROS_EVENT_STEP_REPEATED, N_ ("Step repeated") },
    { EROS_EVENT_STEP_ENDED, N_ ("Step ended") },
    { EROS_EVENT_OPERATION_RESUMED, N_ ("Work gone on with") },
    { EROS_EVENT_STEP_NOTED, N_ ("Step found") },
    { EROS_EVENT_CRITERION_DECIDED, N_ ("Criterion decided") },
    { EROS_EVENT_MESSAGE_SENT, N_ ("Message sent") },
    { EROS_EVENT_CRITERION_CONTINUED, N_ ("Gone on with over a criterion") },
    { EROS_EVENT_WATCH_MISSED, N_ ("Round missed") },
    { EROS_EVENT_CLOCK_ADVANCED, N_ ("Clock set ahead") },
    { EROS_EVENT_SERVICE_WAITED_FOR, N_ ("No answer") },
    { EROS_EVENT_SERVICE_ANSWERED, N_ ("Answered again") },
    { EROS_EVENT_REHEARSAL_LOOKED_FOR, N_ ("Rehearsal looked for") },
    { EROS_EVENT_REHEARSAL_SHAPED, N_ ("Rehearsal shaped") },
    { EROS_EVENT_WAY_BACK_PROVED, N_ ("Way back proved") },
    { EROS_EVENT_WAY_BACK_LOOKED_FOR, N_ ("Proof of the way back looked for") },
    { EROS_EVENT_COPY_REMOVED, N_ ("Copy removed") },
    { EROS_EVENT_BACKUP_REMOVED, N_ ("Backup removed") },
    { EROS_EVENT_JOURNAL_WITNESSED, N_ ("Witnessed") },
    { EROS_EVENT_WINDOW_MOVED, N_ ("Window moved") },
    { EROS_EVENT_ESCALATION_MADE, N_ ("Escalated") },
    { EROS_EVENT_SIGNER_CHANGED, N_ ("Signing key changed") },
    { EROS_EVENT_SIGNER_COUNTERSIGNED, N_ ("Countersigned elsewhere") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_str_equal (names[i].kind, kind))
        return _ (names[i].name);
    }
  return kind;
}

static char *
describe_field (ErosRunbook *runbook, ErosEvent *event, const char *id)
{
  ErosField *field = eros_runbook_find_field (runbook, id);
  const char *value = eros_event_get_string (event, EROS_MEMBER_VALUE);
  g_autofree char *shown =
    field != NULL && value != NULL ? eros_field_format (field, value) : g_strdup (value != NULL ? value : "");

  return g_strdup_printf ("%s: %s", field != NULL ? eros_field_get_label (field) : id, shown);
}

static char *
describe_element (ErosRunbook *runbook, ErosEvent *event, const char *id)
{
  static const char *const words[] = { "name", "reason", "summary", "text" };
  ErosElement *element = eros_runbook_find_element (runbook, id);
  const char *label = element != NULL ? eros_element_get_label (element) : id;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const char *more = eros_event_get_string (event, words[i]);

      if (more != NULL && *more != '\0')
        return g_strdup_printf ("%s: %s", label, more);
    }
  return g_strdup (label);
}

static char *
describe_gate (ErosRunbook *runbook, ErosEvent *event, const char *id)
{
  GListModel *gates = eros_runbook_get_gates (runbook);
  const char *reason = eros_event_get_string (event, EROS_MEMBER_REASON);
  const char *title = id;

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      if (g_str_equal (eros_gate_get_id (gate), id))
        title = eros_gate_get_title (gate);
    }
  return g_strdup_printf ("%s: %s", title, reason != NULL ? reason : "");
}

/* "Backup: pass"; what went wrong, where that is said. */
static char *
describe_work (ErosEvent *event)
{
  static const char *const names[] = { "title", "step", "operation", "id" };
  static const char *const words[] = { "error", "summary", "outcome" };
  const char *name = NULL;
  const char *more = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names) && name == NULL; i++)
    name = eros_event_get_string (event, names[i]);
  for (guint i = 0; i < G_N_ELEMENTS (words) && more == NULL; i++)
    more = eros_event_get_string (event, words[i]);
  if (name != NULL && eros_operation_kind_of (name) > EROS_OPERATION_KIND_DEPLOY)
    name = eros_operation_kind_get_title (eros_operation_kind_of (name));
  return more != NULL ? g_strdup_printf ("%s: %s", name, more) : g_strdup (name);
}

static char *
describe_job (ErosRunbook *runbook, ErosEvent *event)
{
  const char *step = eros_event_get_string (event, EROS_MEMBER_STEP);
  const char *outcome = eros_event_get_string (event, EROS_MEMBER_OUTCOME);
  ErosElement *element = step != NULL ? eros_runbook_find_element (runbook, step) : NULL;
  const char *more = element != NULL ? eros_element_get_label (element) : step != NULL ? step : outcome;

  return g_strdup_printf (more != NULL ? "%s: %s" : "%s", eros_event_get_string (event, EROS_MEMBER_JOB_ID),
                          more);
}

/* The first words of a body that is not known here: what is attached has it all. */
static char *
describe_body (ErosEvent *event)
{
  g_autofree char *body = eros_event_dup_body_text (event);
  g_autofree char *start = g_utf8_substring (body, 0, MIN (g_utf8_strlen (body, -1), 160));

  return strlen (start) < strlen (body) ? g_strconcat (start, "…", NULL) : g_steal_pointer (&start);
}

/* Where a kind has a text of its own that says it all. */
static const char *
find_text (ErosEvent *event)
{
  static const char *const members[] = { "why",     "reason",    "criterion", "backup",
                                         "dataset", "authority", "person" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *text = eros_event_get_string (event, members[i]);

      if (text != NULL && *text != '\0')
        return text;
    }
  return NULL;
}

static char *
describe_undo (ErosEvent *event)
{
  /* Translators: the number of an event that was taken back */
  return g_strdup_printf (_ ("No. %" PRId64), eros_event_get_int (event, EROS_MEMBER_SEQUENCE));
}

const char *
eros_event_text_get_kind (ErosEvent *event)
{
  return name_kind (eros_event_get_kind (event));
}

char *
eros_event_text_describe (ErosRunbook *runbook, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);
  const char *element = eros_event_get_string (event, EROS_MEMBER_ELEMENT);
  const char *field = eros_event_get_string (event, EROS_MEMBER_FIELD);
  const char *gate = eros_event_get_string (event, EROS_MEMBER_GATE);

  if (g_str_equal (kind, EROS_EVENT_DEPLOYMENT_CREATED))
    return g_strdup (eros_runbook_get_title (runbook));
  if (element != NULL)
    return describe_element (runbook, event, element);
  if (field != NULL)
    return describe_field (runbook, event, field);
  if (gate != NULL)
    return describe_gate (runbook, event, gate);
  if (g_str_equal (kind, EROS_EVENT_EVENT_UNDONE))
    return describe_undo (event);
  if (eros_event_get_string (event, EROS_MEMBER_JOB_ID) != NULL)
    return describe_job (runbook, event);
  if (g_str_has_prefix (kind, EROS_EVENTS_OPERATION) || g_str_has_prefix (kind, EROS_EVENTS_STEP))
    return describe_work (event);
  if (find_text (event) != NULL)
    return g_strdup (find_text (event));
  return describe_body (event);
}

char *
eros_event_text_make_sentence (ErosRunbook *runbook, ErosEvent *event)
{
  g_autofree char *about = eros_event_text_describe (runbook, event);

  if (about[0] == '\0' || g_str_equal (about, "{}"))
    return g_strdup (eros_event_text_get_kind (event));
  /* Translators: what was done, and to what: “Ticked: Database Administrator notified” */
  return g_strdup_printf (_ ("%s: %s"), eros_event_text_get_kind (event), about);
}

const char *
eros_event_text_get_place (ErosRunbook *runbook, ErosEvent *event)
{
  static const char *const members[] = { "element", "step" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *id = eros_event_get_string (event, members[i]);

      if (id != NULL && eros_runbook_find_element (runbook, id) != NULL)
        return id;
    }
  return NULL;
}

gboolean
eros_event_text_is_trouble (ErosEvent *event)
{
  static const char *const kinds[] = { EROS_EVENT_GATE_OVERRIDDEN,     EROS_EVENT_WATCH_MISSED,
                                       EROS_EVENT_SERVICE_WAITED_FOR,  EROS_EVENT_CRITERION_DECIDED,
                                       EROS_EVENT_CRITERION_CONTINUED, NULL };
  static const char *const outcomes[] = { "fail", "error", "warning", "cancelled", NULL };
  const char *kind = eros_event_get_kind (event);
  const char *outcome;

  if (g_strv_contains (kinds, kind) || g_str_has_suffix (kind, ".withdrawn"))
    return TRUE;
  if (g_str_equal (kind, EROS_EVENT_ITEM_TICKED))
    return eros_event_has (event, EROS_MEMBER_REASON);
  outcome =
    eros_event_has (event, EROS_MEMBER_OUTCOME) ? eros_event_get_string (event, EROS_MEMBER_OUTCOME) : NULL;
  return outcome != NULL && g_strv_contains (outcomes, outcome);
}
