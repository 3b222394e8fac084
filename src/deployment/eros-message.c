/* eros-message.c: the messages of a runbook: when each is to be sent, to whom, and whether it was
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-message.h"

#include "eros-deployment-private.h"
#include "eros-timeline.h"
#include "eros-unfinished.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#define NOTICE G_TIME_SPAN_DAY           /* how long before the window */
#define PAUSE  (30 * G_TIME_SPAN_MINUTE) /* between what is said during a rollback */

static gint64
read_time (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time =
    text != NULL && *text != '\0' ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
}

/* (nullable): the newest rollback that was begun */
static const ErosUnfinished *
find_rollback (ErosDeployment *self)
{
  for (guint i = 0; i < self->begun->len; i++)
    {
      const ErosUnfinished *begun = self->begun->pdata[i];

      if (eros_operation_kind_of (begun->kind) == EROS_OPERATION_KIND_ROLLBACK)
        return begun;
    }
  return NULL;
}

static gboolean
is_under_way (const ErosUnfinished *rollback)
{
  return g_strcmp0 (rollback->outcome, "pass") != 0;
}

/* When any message was sent last; 0: none was. */
static gint64
find_last_sent (ErosDeployment *self)
{
  gint64 last = 0;

  for (guint i = 0; i < self->templates->len; i++)
    {
      ErosEvent *event = eros_deployment_find_message (self, eros_element_get_id (self->templates->pdata[i]));

      last = MAX (last, event != NULL ? eros_event_get_time (event) : 0);
    }
  return last;
}

/* Before the window, until it is over or something was deployed. */
static gint64
find_notice (ErosDeployment *self, gint64 now)
{
  gint64 start = read_time (self->setup->window_start);
  gint64 end = read_time (self->setup->window_end);

  return start == 0 || (end != 0 && now >= end) || self->deployed != NULL ? 0 : start - NOTICE;
}

/* Half an hour after whatever was said last, and not before the rollback itself was half an hour under way.
 */
static gint64
find_update (ErosDeployment *self)
{
  const ErosUnfinished *rollback = find_rollback (self);

  if (rollback == NULL || !is_under_way (rollback))
    return 0;
  return PAUSE + MAX (find_last_sent (self), rollback->begun);
}

static gint64
find_end (ErosDeployment *self)
{
  switch (eros_deployment_get_result (self))
    {
    case EROS_RESULT_ROLLED_BACK:
      return eros_event_get_time (self->rollback);
    case EROS_RESULT_SUCCESS:
      return eros_timeline_get_end (self);
    case EROS_RESULT_UNDECIDED:
    case EROS_RESULT_ROLLBACK_REQUIRED:
    default:
      return 0;
    }
}

/* Once something was deployed again, it is another story. */
static gint64
find_begin (ErosDeployment *self)
{
  const ErosUnfinished *rollback = find_rollback (self);

  return rollback != NULL &&
             (is_under_way (rollback) || eros_deployment_get_result (self) == EROS_RESULT_ROLLED_BACK)
           ? rollback->begun
           : 0;
}

static gint64
find_due (ErosDeployment *self, ErosElement *element, gint64 now)
{
  switch (eros_element_get_moment (element))
    {
    case EROS_MOMENT_BEFORE_WINDOW:
      return find_notice (self, now);
    case EROS_MOMENT_ROLLBACK_BEGUN:
      return find_begin (self);
    case EROS_MOMENT_ROLLBACK_GOES_ON:
      return find_update (self);
    case EROS_MOMENT_COMPLETED:
      return find_end (self);
    case EROS_MOMENT_NONE:
    default:
      return 0;
    }
}

/* A field in which a person writes down when it was sent counts as well. A notice of the window that was
 * there before it was moved does not. */
static gint64
find_time_sent (ErosDeployment *self, ErosElement *element, ErosEvent *event)
{
  const char *field = eros_element_get_sent_at (element);
  gint64 typed = field != NULL ? read_time (eros_deployment_get_value (self, field)) : 0;

  gint64 sent = MAX (typed, event != NULL ? eros_event_get_time (event) : 0);

  return eros_element_get_moment (element) == EROS_MOMENT_BEFORE_WINDOW && sent < self->window_moved ? 0
                                                                                                     : sent;
}

/* Nobody is told of a rehearsal. A notice may go out before it is due; whatever else is sent before is about
 * something else. */
static gboolean
is_due (ErosDeployment *self, const ErosMessage *message, gint64 now)
{
  if (message->due == 0 || now < message->due || self->setup->environment == EROS_ENVIRONMENT_REHEARSAL)
    return FALSE;
  return message->sent == 0 || (message->sent < message->due &&
                                eros_element_get_moment (message->element) != EROS_MOMENT_BEFORE_WINDOW);
}

static void
add (ErosDeployment *self, GPtrArray *list, ErosElement *element, gint64 now)
{
  ErosMessage *message = g_new0 (ErosMessage, 1);
  ErosEvent *event = eros_deployment_find_message (self, eros_element_get_id (element));

  message->element = element;
  message->due = find_due (self, element, now);
  message->sent = find_time_sent (self, element, event);
  message->to = event != NULL && message->sent != 0 ? eros_event_get_line (event, EROS_MEMBER_TEXT) : NULL;
  message->is_due = is_due (self, message, now);
  g_ptr_array_add (list, message);
}

/**
 * eros_message_list:
 * @deployment: a deployment
 * @now: the present, in microseconds since 1970
 *
 * Returns: (transfer full) (element-type ErosMessage): the messages of its runbook, in the order of the pages
 */
GPtrArray *
eros_message_list (ErosDeployment *deployment, gint64 now)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (deployment), list);

  for (guint i = 0; i < deployment->templates->len; i++)
    add (deployment, list, deployment->templates->pdata[i], now);
  return list;
}

char *
eros_message_list_recipients (ErosDeployment *deployment, ErosElement *element)
{
  const char *const *fields = eros_element_get_recipients (element);
  g_auto (GStrv) all = fields == NULL ? eros_deployment_list_addresses (deployment) : NULL;
  g_autoptr (GPtrArray) addresses = g_ptr_array_new ();

  for (guint i = 0; fields != NULL && fields[i] != NULL; i++)
    {
      const char *address = eros_deployment_get_value (deployment, fields[i]);

      if (*address != '\0' && !g_ptr_array_find_with_equal_func (addresses, address, g_str_equal, NULL))
        g_ptr_array_add (addresses, (gpointer) address);
    }
  g_ptr_array_add (addresses, NULL);
  return g_strjoinv (", ", all != NULL ? all : (char **) addresses->pdata);
}

/* RFC 6068. */
char *
eros_message_make_uri (const char *recipients, const char *subject, const char *text)
{
  g_autofree char *to = g_uri_escape_string (recipients, "@,", FALSE);
  g_autofree char *header = g_uri_escape_string (subject != NULL ? subject : "", NULL, FALSE);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *unix_text = g_strjoinv ("\r\n", lines);
  g_autofree char *body = g_uri_escape_string (unix_text, NULL, FALSE);

  return g_strdup_printf ("mailto:%s?subject=%s&body=%s", to, header, body);
}
