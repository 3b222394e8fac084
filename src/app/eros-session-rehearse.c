/* eros-session-rehearse.c: all of a rehearsal, conducted in the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-session-private.h"

#include <glib/gi18n-lib.h>

#include "eros-conductor.h"
#include "eros-settings.h"
#include "eros-text.h"

static void
show_what (ErosSession *session, const char *what)
{
  /* Translators: a phase of the rehearsal that is under way */
  g_autofree char *status = eros_text_format (_ ("Rehearsing “%s”"), what);

  eros_session_set_status (session, status);
}

static void
phase_cb (ErosConductor *conductor, ErosPhase *phase, ErosSession *session)
{
  show_what (session, eros_phase_get_title (phase));
}

static void
state_cb (ErosOperation *operation, GParamSpec *pspec, ErosSession *session)
{
  if (eros_session_get_busy (session) && eros_operation_get_state (operation) == EROS_STATE_RUNNING)
    eros_session_set_operation (session, operation);
}

/* What the conductor has the controller do is shown as what a person has started. */
static void
operations_changed_cb (GListModel *operations,
                       guint position,
                       guint removed,
                       guint added,
                       ErosSession *session)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (ErosOperation) operation = g_list_model_get_item (operations, i);

      g_signal_connect_object (operation, "notify::state", G_CALLBACK (state_cb), session, 0);
      state_cb (operation, NULL, session);
    }
}

/* (transfer full) */
static char *
describe_end (ErosSession *session, const ErosConductorTally *tally, const GError *error)
{
  if (error == NULL)
    return eros_conductor_tally_to_text (tally);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_strdup (error->message);
  /* Translators: “Rehearsing “…”” */
  return g_strdup_printf (_ ("%s was stopped. What was done before is on record, and “Rehearse It All” goes "
                             "on with it."),
                          eros_session_get_status (session));
}

static void
conducted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosSession) self = user_data;
  g_autofree char *actor = eros_settings_get_actor ();
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  ErosConductorTally tally;

  self->all_passed = eros_conductor_run_finish (EROS_CONDUCTOR (source), result, &tally, &error);
  text = describe_end (self, &tally, error);
  g_signal_handlers_disconnect_by_func (eros_controller_get_operations (self->controller),
                                        operations_changed_cb, self);
  eros_deployment_set_actor (self->deployment, actor);
  eros_session_set_status (self, NULL);
  eros_session_end_work (self, error);
  g_object_notify (G_OBJECT (self), "operation");
  g_signal_emit_by_name (self, "rehearsed", text);
}

static void
ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ErosSession *self = EROS_SESSION (source);
  g_autoptr (ErosConductor) conductor = NULL;
  g_autoptr (GError) error = NULL;
  GListModel *operations;

  if (!eros_session_prepare_finish (self, result, &error))
    {
      eros_session_end_work (self, error);
      return;
    }
  conductor = eros_conductor_new (self->controller, self->rehearsal, eros_conductor_list_scenarios ()[0]);
  g_signal_connect_object (conductor, "phase", G_CALLBACK (phase_cb), self, 0);
  operations = eros_controller_get_operations (self->controller);
  g_signal_connect_object (operations, "items-changed", G_CALLBACK (operations_changed_cb), self, 0);
  operations_changed_cb (operations, 0, 0, g_list_model_get_n_items (operations), self);
  /* Until the first phase begins, and where it never does. */
  show_what (self, eros_deployment_get_setup (self->deployment)->name);
  eros_conductor_run_async (conductor, self->cancellable, conducted_cb, g_object_ref (self));
}

/**
 * eros_session_can_rehearse:
 * @self: a session
 *
 * Returns: whether all of it can be conducted: it is a rehearsal, and nothing else is at work
 */
gboolean
eros_session_can_rehearse (ErosSession *self)
{
  g_return_val_if_fail (EROS_IS_SESSION (self), FALSE);

  return eros_deployment_get_setup (self->deployment)->environment == EROS_ENVIRONMENT_REHEARSAL &&
         eros_session_is_writable (self) && !self->busy;
}

/**
 * eros_session_rehearse:
 * @self: a session of which eros_session_can_rehearse () says so
 *
 * Conducts all of the rehearsal, or what of it is left. The machine’s checks are real; what a person would do
 * is done by a stand-in, whose name it bears on record. “rehearsed” says what came of it.
 */
void
eros_session_rehearse (ErosSession *self)
{
  g_return_if_fail (EROS_IS_SESSION (self));

  if (eros_session_can_rehearse (self) && eros_session_begin_work (self))
    eros_session_prepare_async (self, ready_cb, NULL);
}
