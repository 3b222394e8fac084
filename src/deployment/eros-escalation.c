/* eros-escalation.c: that a problem was handed on along the escalation path
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-escalation.h"

#include "eros-deployment-private.h"
#include "eros-text.h"
#include "eros-time-text.h"

#include <glib/gi18n-lib.h>

/**
 * eros_escalation_make:
 * @self: a deployment
 * @to: whom it was handed on to: a name, or a place in the path
 * @why: what it is about
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Puts on record that somebody was called in. It is never undone: it has happened.
 *
 * Returns: whether it is stored
 */
gboolean
eros_escalation_make (ErosDeployment *self, const char *to, const char *why, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *reason = NULL;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (to != NULL && why != NULL, FALSE);

  name = eros_deployment_tidy (to);
  reason = eros_deployment_tidy (why);
  if (*name == '\0' || *reason == '\0')
    return eros_deployment_refuse_value (error, _ ("Say to whom it is escalated, and why."));
  return eros_deployment_check_person (name, error) && eros_deployment_check_text (reason, error) &&
         eros_deployment_act (
           self, EROS_EVENT_ESCALATION_MADE,
           eros_deployment_body_new (EROS_MEMBER_TO, name, EROS_MEMBER_REASON, reason, NULL), error);
}

/* (transfer full) (nullable): what EVENT says, if it is an escalation */
static char *
describe (ErosEvent *event)
{
  const char *to = eros_event_get_line (event, EROS_MEMBER_TO);
  const char *reason = eros_event_get_string (event, EROS_MEMBER_REASON);
  g_autofree char *time = eros_time_text (eros_event_get_time (event));
  g_autofree char *line = reason != NULL ? eros_text_show_line (reason) : NULL;

  if (!eros_event_is (event, EROS_EVENT_ESCALATION_MADE) || to == NULL || line == NULL)
    return NULL;
  /* Translators: to whom; by whom; when; why */
  return g_strdup_printf (_ ("Escalated to %1$s by %2$s at %3$s: %4$s"), to, eros_event_get_actor (event),
                          time, line);
}

/**
 * eros_escalation_list:
 * @self: a deployment
 *
 * Returns: (transfer full): a sentence for each, the first one first
 */
GStrv
eros_escalation_list (ErosDeployment *self)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (self));
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);
      g_autofree char *text = describe (event);

      if (text != NULL)
        g_strv_builder_add (list, text);
    }
  return g_strv_builder_end (list);
}
