/* eros-way-back.c: the way back, proved on a copy of the data set before it is needed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-way-back.h"

#include <glib/gi18n-lib.h>

#include "eros-time-text.h"

/* (transfer full) (nullable): the newest event for which is_it () is true */
static ErosEvent *
find_newest (ErosDeployment *deployment, gboolean (*is_it) (ErosEvent *, gconstpointer), gconstpointer data)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);

      if (is_it (event, data))
        return g_steal_pointer (&event);
    }
  return NULL;
}

static JsonObject *
object_in (ErosEvent *event, const char *member)
{
  JsonNode *node = json_object_get_member (eros_event_get_body (event), member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* (nullable): which steps of this operation were proved */
static const char *
digest_in (ErosEvent *proof, const char *operation)
{
  JsonObject *sql = object_in (proof, "sql");

  return sql != NULL ? json_object_get_string_member_with_default (sql, operation, NULL) : NULL;
}

static gboolean
is_proof (ErosEvent *event, gconstpointer data)
{
  return eros_event_is (event, EROS_EVENT_WAY_BACK_PROVED);
}

/* ---- for gates ----------------------------------------------------------------------------------------- */

static gboolean
is_about (ErosEvent *event, gconstpointer operation)
{
  return (is_proof (event, NULL) && digest_in (event, operation) != NULL) ||
         (eros_event_is (event, EROS_EVENT_WAY_BACK_LOOKED_FOR) &&
          eros_event_says (event, EROS_MEMBER_OPERATION, operation));
}

gboolean
eros_way_back_is_proved (ErosDeployment *deployment, const char *operation)
{
  g_autoptr (ErosEvent) event = find_newest (deployment, is_about, operation);

  return event != NULL && (is_proof (event, NULL) || eros_event_has_passed (event));
}

gboolean
eros_way_back_look_for (ErosDeployment *deployment,
                        const char *operation,
                        const char *sql_sha256,
                        GError **error)
{
  g_autoptr (ErosEvent) proof = find_newest (deployment, is_proof, NULL);
  gboolean fits = proof != NULL && g_strcmp0 (digest_in (proof, operation), sql_sha256) == 0;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *body;

  /* Nothing needs to be said that is on record already. */
  if (fits == eros_way_back_is_proved (deployment, operation))
    return TRUE;
  body = json_object_new ();
  node = json_node_init_object (json_node_alloc (), body);
  json_object_unref (body);
  json_object_set_string_member (body, EROS_MEMBER_OPERATION, operation);
  json_object_set_string_member (body, EROS_MEMBER_SQL_SHA256, sql_sha256);
  json_object_set_string_member (body, EROS_MEMBER_OUTCOME, fits ? "pass" : "fail");
  return eros_deployment_record (deployment, EROS_EVENT_WAY_BACK_LOOKED_FOR, node, error) != NULL;
}

/* ---- how long it takes --------------------------------------------------------------------------------- */

static gboolean
is_begun (ErosEvent *event, gconstpointer operation)
{
  return eros_event_is (event, EROS_EVENT_OPERATION_STARTED) &&
         eros_event_says (event, EROS_MEMBER_OPERATION, operation);
}

/* What was deployed with other steps than those of the proof goes back another way. */
static gboolean
is_of_what_was_deployed (ErosDeployment *deployment, ErosEvent *proof)
{
  JsonObject *sql = object_in (proof, "sql");
  g_autoptr (GList) operations = sql != NULL ? json_object_get_members (sql) : NULL;

  for (GList *at = operations; at != NULL; at = at->next)
    {
      g_autoptr (ErosEvent) begun = find_newest (deployment, is_begun, at->data);
      JsonObject *arguments = begun != NULL ? object_in (begun, EROS_MEMBER_ARGUMENTS) : NULL;
      const char *digest =
        arguments != NULL ? json_object_get_string_member_with_default (arguments, "sql_sha256", NULL) : NULL;

      if (digest != NULL && g_strcmp0 (digest, digest_in (proof, at->data)) != 0)
        return FALSE;
    }
  return sql != NULL;
}

static gint64
find_milliseconds (ErosEvent *proof, const char *part)
{
  JsonObject *parts = object_in (proof, "milliseconds");

  return parts != NULL ? json_object_get_int_member_with_default (parts, part, -1) : -1;
}

gboolean
eros_way_back_find (ErosDeployment *deployment, ErosWayBack *way_back)
{
  g_autoptr (ErosEvent) proof = find_newest (deployment, is_proof, NULL);

  if (proof == NULL || !is_of_what_was_deployed (deployment, proof))
    return FALSE;
  way_back->time = eros_event_get_time (proof);
  way_back->inventory_digest = eros_event_get_string (proof, EROS_MEMBER_INVENTORY_DIGEST);
  way_back->rollback_ms = find_milliseconds (proof, "rollback");
  return way_back->rollback_ms >= 0;
}

/* (transfer full) */
static char *
describe_duration (gint64 ms)
{
  gint64 seconds = (ms + 999) / 1000;

  if (seconds < 120)
    return g_strdup_printf (ngettext ("%u second", "%u seconds", seconds), (guint) seconds);
  return g_strdup_printf (ngettext ("%u minute", "%u minutes", (seconds + 59) / 60),
                          (guint) ((seconds + 59) / 60));
}

char *
eros_way_back_describe (ErosDeployment *deployment)
{
  ErosWayBack way_back;
  g_autofree char *duration = NULL;
  g_autofree char *time = NULL;

  if (!eros_way_back_find (deployment, &way_back))
    return NULL;
  duration = describe_duration (way_back.rollback_ms);
  time = eros_time_text (way_back.time);
  /* Translators: “40 seconds”; a time; the beginning of a digest */
  return g_strdup_printf (_ ("The way back takes about %1$s: so long it took when it was proved on a copy of "
                             "the data set at %2$s (inventory %3$.12s)."),
                          duration, time, way_back.inventory_digest != NULL ? way_back.inventory_digest : "");
}
