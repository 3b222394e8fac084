/* eros-witness.c: an authority's word for how far a journal was, and when
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-witness.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "eros-report-error.h"
#include "eros-time-stamp.h"

#define WATCH "eros-witness"

/* ---- when ---- */

static gboolean
is_milestone (ErosEvent *event)
{
  static const char *const kinds[] = { EROS_EVENT_DEPLOYMENT_CREATED, EROS_EVENT_OPERATION_ENDED,
                                       EROS_EVENT_SIGN_OFF_SIGNED, EROS_EVENT_SIGNER_COUNTERSIGNED, NULL };

  return g_strv_contains (kinds, eros_event_get_kind (event));
}

/* The sequence number of the newest milestone that nobody has witnessed; 0: all are. */
static gint64
find_milestone (ErosDeployment *deployment)
{
  GListModel *events = G_LIST_MODEL (eros_deployment_get_journal (deployment));

  for (guint i = g_list_model_get_n_items (events); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (events, i - 1);

      if (eros_event_is (event, EROS_EVENT_JOURNAL_WITNESSED))
        return 0;
      if (is_milestone (event))
        return eros_event_get_sequence (event);
    }
  return 0;
}

gboolean
eros_witness_is_due (ErosDeployment *deployment)
{
  return eros_time_stamp_get_authority () != NULL &&
         eros_journal_is_writable (eros_deployment_get_journal (deployment)) &&
         find_milestone (deployment) > 0;
}

/* ---- asking ---- */

typedef struct
{
  char *url;
  char *head;
  gint64 sequence;
  GBytes *token;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_free (asking->url);
  g_free (asking->head);
  g_clear_pointer (&asking->token, g_bytes_unref);
  g_free (asking);
}

/* 64 hexadecimal digits. */
static gboolean
read_digest (const char *hex, guint8 digest[32])
{
  for (guint i = 0; i < 32; i++)
    {
      int high = hex != NULL && hex[2 * i] != '\0' ? g_ascii_xdigit_value (hex[2 * i]) : -1;
      int low = high >= 0 ? g_ascii_xdigit_value (hex[2 * i + 1]) : -1;

      if (low < 0)
        return FALSE;
      digest[i] = (guint8) (high * 16 + low);
    }
  return hex[64] == '\0';
}

static void
ask_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Asking *asking = data;
  GError *error = NULL;
  guint8 digest[32];

  if (!read_digest (asking->head, digest))
    g_set_error_literal (&error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_FAILED, _ ("The journal has no head."));
  else
    asking->token = eros_time_stamp_fetch (asking->url, digest, cancellable, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
eros_witness_async (ErosDeployment *deployment,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  GListModel *events = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (ErosEvent) last = g_list_model_get_item (events, g_list_model_get_n_items (events) - 1);
  Asking *asking = g_new0 (Asking, 1);

  g_task_set_source_tag (task, eros_witness_async);
  g_task_set_task_data (task, asking, asking_free);
  asking->url = g_strdup (eros_time_stamp_get_authority ());
  asking->head = eros_event_dup_hash (last);
  asking->sequence = eros_event_get_sequence (last);
  g_task_run_in_thread (task, ask_in_thread);
}

gboolean
eros_witness_finish (ErosDeployment *deployment, GAsyncResult *result, GError **error)
{
  Asking *asking = g_task_get_task_data (G_TASK (result));
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *token = NULL;
  JsonObject *body;

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  token = g_base64_encode (g_bytes_get_data (asking->token, NULL), g_bytes_get_size (asking->token));
  body = json_object_new ();
  json_object_set_int_member (body, EROS_MEMBER_SEQUENCE, asking->sequence);
  json_object_set_string_member (body, EROS_MEMBER_HEAD, asking->head);
  json_object_set_string_member (body, EROS_MEMBER_AUTHORITY, asking->url);
  json_object_set_string_member (body, EROS_MEMBER_TOKEN, token);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, body);
  return eros_deployment_record (deployment, EROS_EVENT_JOURNAL_WITNESSED, node, error) != NULL;
}

/* ---- watching ---- */

typedef struct
{
  gint64 tried; /* the milestone for which it was last asked */
  GCancellable *cancellable;
} Watch;

static void
watch_free (gpointer data)
{
  Watch *watch = data;

  g_cancellable_cancel (watch->cancellable);
  g_object_unref (watch->cancellable);
  g_free (watch);
}

static void
watched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *weak = user_data;
  g_autoptr (ErosDeployment) deployment = g_weak_ref_get (weak);
  g_autoptr (GError) error = NULL;

  g_weak_ref_clear (weak);
  /* That it is not witnessed stands in the verdict on the journal; the work goes on. */
  if (deployment != NULL && !eros_witness_finish (deployment, result, &error))
    g_debug ("%s", error->message);
}

static void
look (ErosDeployment *deployment)
{
  Watch *watch = g_object_get_data (G_OBJECT (deployment), WATCH);
  GWeakRef *weak;
  gint64 milestone = eros_witness_is_due (deployment) ? find_milestone (deployment) : 0;

  if (milestone <= watch->tried)
    return;
  watch->tried = milestone;
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, deployment);
  eros_witness_async (deployment, watch->cancellable, watched_cb, weak);
}

void
eros_witness_watch (ErosDeployment *deployment)
{
  Watch *watch = g_new0 (Watch, 1);

  watch->cancellable = g_cancellable_new ();
  g_object_set_data_full (G_OBJECT (deployment), WATCH, watch, watch_free);
  g_signal_connect_object (eros_deployment_get_journal (deployment), "items-changed", G_CALLBACK (look),
                           deployment, G_CONNECT_SWAPPED);
  look (deployment);
}

/* ---- checking ---- */

void
eros_witnessed_free (ErosWitnessed *self)
{
  g_free (self->authority);
  g_free (self);
}

static gboolean
fail (GError **error, ErosEvent *event, const char *why)
{
  g_set_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_OTHER_RECORD,
               /* Translators: a number, why */
               _ ("the time stamp of event %" PRId64 " is not of this journal: %s"),
               eros_event_get_sequence (event), why);
  return FALSE;
}

/* (transfer full): what a token says; NULL with an error */
static ErosTimeStamp *
check_event (GListModel *events, ErosEvent *event, const ErosTrust *trust, GError **error)
{
  JsonObject *body = eros_event_get_body (event);
  gint64 sequence = json_object_get_int_member_with_default (body, EROS_MEMBER_SEQUENCE, 0);
  const char *head = eros_event_get_string (event, EROS_MEMBER_HEAD),
             *text = eros_event_get_string (event, EROS_MEMBER_TOKEN);
  g_autoptr (ErosEvent) witnessed = sequence > 0 && sequence < eros_event_get_sequence (event)
                                      ? g_list_model_get_item (events, (guint) sequence - 1)
                                      : NULL;
  g_autofree char *hash = witnessed != NULL ? eros_event_dup_hash (witnessed) : NULL;
  g_autoptr (GError) problem = NULL;
  g_autoptr (GBytes) token = NULL;
  ErosTimeStamp *stamp;
  guint8 digest[32];
  guchar *der;
  gsize length;

  if (witnessed == NULL || g_strcmp0 (hash, head) != 0 || !read_digest (head, digest) || text == NULL)
    return fail (error, event, _ ("what it names is another event")), NULL;
  der = g_base64_decode (text, &length);
  token = g_bytes_new_take (der, length);
  stamp = eros_time_stamp_check (token, digest, trust, &problem);
  if (stamp == NULL)
    fail (error, event, problem->message);
  return stamp;
}

static void
keep (ErosWitnessed **kept, ErosEvent *event, ErosTimeStamp *stamp)
{
  if (*kept != NULL && (*kept)->is_trusted && !stamp->is_trusted)
    return;
  g_clear_pointer (kept, eros_witnessed_free);
  *kept = g_new0 (ErosWitnessed, 1);
  (*kept)->n_events =
    (guint) json_object_get_int_member_with_default (eros_event_get_body (event), EROS_MEMBER_SEQUENCE, 0);
  (*kept)->time = stamp->time;
  (*kept)->authority = g_strdup (stamp->authority);
  (*kept)->is_trusted = stamp->is_trusted;
}

gboolean
eros_witness_check (GListModel *events, const ErosTrust *trust, ErosWitnessed **witnessed, GError **error)
{
  g_autoptr (ErosWitnessed) kept = NULL;

  *witnessed = NULL;
  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (events, i);
      g_autoptr (ErosTimeStamp) stamp = NULL;

      if (!eros_event_is (event, EROS_EVENT_JOURNAL_WITNESSED))
        continue;
      stamp = check_event (events, event, trust, error);
      if (stamp == NULL)
        return FALSE;
      keep (&kept, event, stamp);
    }
  *witnessed = g_steal_pointer (&kept);
  return TRUE;
}
