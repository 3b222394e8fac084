/* eros-unfinished.c: which operations were begun, and have not ended well
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-unfinished.h"

#include "eros-deployment-private.h"

static void
clear (gpointer unfinished)
{
  ErosUnfinished *self = unfinished;

  g_free (self->id);
  g_free (self->kind);
  g_free (self->title);
  g_free (self->outcome);
  g_free (self->owed);
  json_object_unref (self->arguments);
}

void
eros_unfinished_unref (ErosUnfinished *self)
{
  g_rc_box_release_full (self, clear);
}

/* What somebody else has seen has its end beside it, and so nearly has what is read of the job history. */
static gboolean
is_of_the_past (ErosEvent *event, JsonObject *arguments)
{
  return eros_event_has (event, EROS_MEMBER_HAPPENED) ||
         (eros_operation_kind_of (eros_event_get_string (event, EROS_MEMBER_OPERATION)) ==
            EROS_OPERATION_KIND_MONITORING &&
          json_object_has_member (arguments, "until"));
}

/* Checks, which have no arguments, are made anew. (transfer full) (nullable) */
static ErosUnfinished *
begin (ErosEvent *event)
{
  g_autoptr (JsonObject) arguments = eros_event_dup_object (event, EROS_MEMBER_ARGUMENTS);
  const char *id = eros_event_get_string (event, EROS_MEMBER_ID);
  const char *kind = eros_event_get_string (event, EROS_MEMBER_OPERATION);
  const char *title = eros_event_get_string (event, EROS_MEMBER_TITLE);
  ErosUnfinished *self;

  if (id == NULL || kind == NULL || arguments == NULL || is_of_the_past (event, arguments))
    return NULL;
  self = g_rc_box_new0 (ErosUnfinished);
  self->id = g_strdup (id);
  self->kind = g_strdup (kind);
  self->title = g_strdup (title != NULL ? title : kind);
  self->begun = eros_event_get_time (event);
  self->arguments = g_steal_pointer (&arguments);
  return self;
}

/* Of each kind only the newest counts, and a rollback takes back what was done before it, but not a backup.
 */
static gboolean
gives_up (const ErosUnfinished *newer, const ErosUnfinished *older)
{
  return g_str_equal (newer->kind, older->kind) ||
         (eros_operation_kind_of (newer->kind) == EROS_OPERATION_KIND_ROLLBACK &&
          eros_operation_kind_of (older->kind) != EROS_OPERATION_KIND_BACKUP);
}

/* Takes newer. */
static void
add (GPtrArray *list, ErosUnfinished *newer)
{
  for (guint i = list->len; i > 0; i--)
    if (gives_up (newer, list->pdata[i - 1]))
      g_ptr_array_remove_index (list, i - 1);
  g_ptr_array_insert (list, 0, newer);
}

static gboolean
has_id (gconstpointer unfinished, gconstpointer id)
{
  return g_strcmp0 (((const ErosUnfinished *) unfinished)->id, id) == 0;
}

static void
follow (GPtrArray *list, ErosEvent *event, const char *outcome)
{
  ErosUnfinished *self;
  guint place;

  if (!g_ptr_array_find_with_equal_func (list, eros_event_get_string (event, EROS_MEMBER_ID), has_id, &place))
    return;
  self = list->pdata[place];
  g_free (self->outcome);
  self->outcome = g_strdup (outcome);
  g_free (self->owed);
  self->owed = g_strdup (eros_event_get_string (event, EROS_MEMBER_OWED));
}

static gboolean
is_over (const ErosUnfinished *self)
{
  return g_strcmp0 (self->outcome, "pass") == 0 && self->owed == NULL;
}

GPtrArray *
eros_deployment_new_begun (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) eros_unfinished_unref);
}

void
eros_deployment_note_begun (ErosDeployment *self, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);
  ErosUnfinished *begun = g_str_equal (kind, EROS_EVENT_OPERATION_STARTED) ? begin (event) : NULL;

  if (begun != NULL)
    add (self->begun, begun);
  else if (g_str_equal (kind, EROS_EVENT_OPERATION_RESUMED))
    follow (self->begun, event, NULL);
  else if (g_str_equal (kind, EROS_EVENT_OPERATION_ENDED))
    follow (self->begun, event, eros_event_get_string (event, EROS_MEMBER_OUTCOME));
}

/**
 * eros_unfinished_list:
 * @deployment: a deployment
 *
 * Lists which operations were begun and have not ended well: they failed, were cancelled, or their end is not
 * on record. One that was begun anew since, or was taken back by a rollback, is none of them.
 *
 * Returns: (transfer full) (element-type ErosUnfinished): them, newest first
 */
GPtrArray *
eros_unfinished_list (ErosDeployment *deployment)
{
  GPtrArray *list = eros_deployment_new_begun ();

  for (guint i = 0; i < deployment->begun->len; i++)
    {
      ErosUnfinished *begun = deployment->begun->pdata[i];

      if (!is_over (begun))
        g_ptr_array_add (list, g_rc_box_acquire (begun));
    }
  return list;
}

/**
 * eros_unfinished_find:
 * @deployment: a deployment
 * @kind: (nullable): of the operation; %NULL: any that is gone on with, and not made anew as a round of
 * monitoring is
 *
 * Returns: (transfer full) (nullable): the newest of eros_unfinished_list ()
 */
ErosUnfinished *
eros_unfinished_find (ErosDeployment *deployment, const char *kind)
{
  g_autoptr (GPtrArray) list = eros_unfinished_list (deployment);

  for (guint i = 0; i < list->len; i++)
    {
      const char *its = ((ErosUnfinished *) list->pdata[i])->kind;

      if (kind != NULL ? g_str_equal (its, kind)
                       : !eros_operation_kind_is_made_anew (eros_operation_kind_of (its)))
        return g_ptr_array_steal_index (list, i);
    }
  return NULL;
}
