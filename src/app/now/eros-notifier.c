/* eros-notifier.c: tells the desktop what is wrong and what has ended, while nobody looks
 *
 * One notification a problem, with what can be done about it; gone when the problem is. What was wrong
 * already when the deployment was opened is on its first page.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-notifier.h"

#include <glib/gi18n-lib.h>

#define ENDED "ended"

struct _ErosNotifier
{
  GObject parent_instance;

  ErosSituation *situation;
  ErosSession *session; /* the situation’s */
  GHashTable *known;    /* ids of what is wrong now */
  GHashTable *shown;    /* ids of what was told */
  gboolean is_watched;
  gboolean was_busy;
};

G_DEFINE_FINAL_TYPE (ErosNotifier, eros_notifier, G_TYPE_OBJECT)

static gboolean
is_told (ErosProblem *problem)
{
  static const ErosProblemKind kinds[] = {
    EROS_PROBLEM_CRITERION_REACHED, EROS_PROBLEM_OPERATION_FAILED, EROS_PROBLEM_OPERATION_CUT_OFF,
    EROS_PROBLEM_CHECK_FAILED,      EROS_PROBLEM_REFUSED,          EROS_PROBLEM_WINDOW_OVER,
    EROS_PROBLEM_ROUND_LATE,        EROS_PROBLEM_ROUND_MISSED,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (eros_problem_get_kind (problem) == kinds[i])
      return TRUE;
  return FALSE;
}

/* ---- sending ------------------------------------------------------------------------------------------- */

static ErosDeployment *
get_deployment (ErosNotifier *self)
{
  return eros_session_get_deployment (self->session);
}

/* (transfer full): the action of the application that opens the deployment and does ACTION there */
static GVariant *
make_target (ErosNotifier *self, const char *action, const char *target)
{
  g_autofree char *uri =
    g_file_get_uri (eros_journal_get_file (eros_deployment_get_journal (get_deployment (self))));

  return g_variant_new ("(sss)", uri, action, target != NULL ? target : "");
}

static void
add_button (ErosNotifier *self,
            GNotification *notification,
            const char *label,
            const char *action,
            const char *target)
{
  g_notification_add_button_with_target_value (notification, label, "app.act",
                                               make_target (self, action, target));
}

static GNotification *
make_notification (ErosNotifier *self, const char *body, const char *place)
{
  static const char *const environments[] = { N_ ("Rehearsal"), N_ ("Staging"), N_ ("Production") };
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (get_deployment (self));
  g_autofree char *title = g_strdup_printf ("%s: %s", _ (environments[setup->environment]), setup->name);
  GNotification *notification = g_notification_new (title);

  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target_value (
    notification, "app.act", make_target (self, place != NULL ? "win.show" : "", place));
  return notification;
}

static void
send (ErosNotifier *self, const char *id, GNotification *notification)
{
  GApplication *application = g_application_get_default ();

  if (application == NULL || !g_application_get_is_registered (application))
    return;
  g_application_send_notification (application, id, notification);
  g_hash_table_add (self->shown, g_strdup (id));
}

static void
withdraw (ErosNotifier *self, const char *id)
{
  GApplication *application = g_application_get_default ();

  if (g_hash_table_contains (self->shown, id) && application != NULL)
    g_application_withdraw_notification (application, id);
  g_hash_table_remove (self->shown, id);
}

/* ---- problems ------------------------------------------------------------------------------------------ */

static char *
make_id (ErosNotifier *self, ErosProblem *problem)
{
  const char *target = eros_problem_get_target (problem);

  return g_strdup_printf ("%s-%s-%s", eros_deployment_get_id (get_deployment (self)),
                          eros_problem_kind_to_text (eros_problem_get_kind (problem)),
                          target != NULL ? target : "");
}

static void
tell (ErosNotifier *self, const char *id, ErosProblem *problem)
{
  ErosProblemKind kind = eros_problem_get_kind (problem);
  g_autoptr (GNotification) notification =
    make_notification (self, eros_problem_get_text (problem), eros_problem_get_place (problem));

  if (kind == EROS_PROBLEM_CRITERION_REACHED)
    {
      g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_URGENT);
      add_button (self, notification, _ ("Roll Back…"), "win.rollback", NULL);
      add_button (self, notification, _ ("Continue Anyway…"), "win.continue",
                  eros_problem_get_target (problem));
    }
  else if (kind == EROS_PROBLEM_ROUND_LATE)
    add_button (self, notification, _ ("Look Now"), "win.look", NULL);
  else if (eros_problem_get_place (problem) != NULL)
    add_button (self, notification, _ ("Show"), "win.show", eros_problem_get_place (problem));
  send (self, id, notification);
}

static gboolean
is_gone (gpointer id, gpointer value, gpointer user_data)
{
  gpointer *both = user_data;

  if (g_hash_table_contains (both[1], id))
    return FALSE;
  withdraw (both[0], id);
  return TRUE;
}

static void
look (ErosNotifier *self, gboolean tells)
{
  GPtrArray *problems = eros_situation_get_problems (self->situation);
  g_autoptr (GHashTable) now = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < problems->len; i++)
    {
      g_autofree char *id = make_id (self, problems->pdata[i]);

      if (!is_told (problems->pdata[i]))
        continue;
      if (tells && !g_hash_table_contains (self->known, id))
        tell (self, id, problems->pdata[i]);
      g_hash_table_add (self->known, g_strdup (id));
      g_hash_table_add (now, g_steal_pointer (&id));
    }
  g_hash_table_foreach_remove (self->known, is_gone, (gpointer[]){ self, now });
}

static void
changed_cb (ErosNotifier *self)
{
  look (self, TRUE);
}

/* ---- work that ends ------------------------------------------------------------------------------------ */

static char *
make_ended_id (ErosNotifier *self)
{
  return g_strdup_printf ("%s-" ENDED, eros_deployment_get_id (get_deployment (self)));
}

static void
tell_end (ErosNotifier *self)
{
  ErosOperation *operation = eros_session_get_operation (self->session);
  ErosElement *element = operation != NULL
                           ? eros_runbook_find_operation (eros_deployment_get_runbook (get_deployment (self)),
                                                          eros_operation_get_kind (operation))
                           : NULL;
  g_autofree char *id = make_ended_id (self);
  g_autofree char *text = NULL;
  g_autoptr (GNotification) notification = NULL;

  /* What has failed is told as a problem. */
  if (operation == NULL || eros_operation_get_state (operation) != EROS_STATE_SUCCEEDED || self->is_watched)
    return;
  /* Translators: an operation */
  text = g_strdup_printf (_ ("“%s” has ended."), eros_operation_get_title (operation));
  notification = make_notification (self, text, element != NULL ? eros_element_get_id (element) : NULL);
  send (self, id, notification);
}

static void
busy_cb (ErosNotifier *self)
{
  gboolean busy = eros_session_get_busy (self->session);
  g_autofree char *id = make_ended_id (self);

  if (busy)
    withdraw (self, id);
  else if (self->was_busy)
    tell_end (self);
  self->was_busy = busy;
}

/* ---- the notifier -------------------------------------------------------------------------------------- */

static void
eros_notifier_dispose (GObject *object)
{
  ErosNotifier *self = EROS_NOTIFIER (object);
  GHashTableIter iter;
  gpointer id;

  /* Nobody would take them away later. */
  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (g_application_get_default () != NULL)
      g_application_withdraw_notification (g_application_get_default (), id);
  g_hash_table_remove_all (self->shown);
  g_clear_object (&self->situation);

  G_OBJECT_CLASS (eros_notifier_parent_class)->dispose (object);
}

static void
eros_notifier_finalize (GObject *object)
{
  g_hash_table_unref (EROS_NOTIFIER (object)->known);
  g_hash_table_unref (EROS_NOTIFIER (object)->shown);

  G_OBJECT_CLASS (eros_notifier_parent_class)->finalize (object);
}

static void
eros_notifier_class_init (ErosNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eros_notifier_dispose;
  G_OBJECT_CLASS (klass)->finalize = eros_notifier_finalize;
}

static void
eros_notifier_init (ErosNotifier *self)
{
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * eros_notifier_new:
 * @situation: of an open deployment
 *
 * Tells the desktop of what goes wrong from here on, for as long as it lives.
 *
 * Returns: (transfer full): the notifier
 */
ErosNotifier *
eros_notifier_new (ErosSituation *situation)
{
  ErosNotifier *self = g_object_new (EROS_TYPE_NOTIFIER, NULL);

  self->situation = g_object_ref (situation);
  self->session = eros_situation_get_session (situation);
  g_signal_connect_object (situation, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::busy", G_CALLBACK (busy_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  look (self, FALSE);
  return self;
}

/**
 * eros_notifier_set_watched:
 * @self: a notifier
 * @is_watched: whether somebody looks at the deployment
 *
 * What has ended is told only where nobody sees it.
 */
void
eros_notifier_set_watched (ErosNotifier *self, gboolean is_watched)
{
  g_autofree char *id = NULL;

  g_return_if_fail (EROS_IS_NOTIFIER (self));

  id = make_ended_id (self);
  self->is_watched = is_watched;
  if (is_watched)
    withdraw (self, id);
}
