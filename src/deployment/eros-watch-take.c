/* eros-watch-take.c: rounds that another machine made, taken over from its copy of the deployment
 *
 * Two machines may watch one deployment, each in a file of its own. A round that was made elsewhere goes on
 * record as it stands there, with when it was; whose slot it was follows from that, so what both have seen
 * counts once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-watch.h"

#include "eros-deployment-private.h"
#include "eros-timeline.h"
#include "eros-watch-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  ErosDeployment *self;
  GListModel *other;
  GHashTable *known;   /* set of ids of rounds whose end is on record here */
  GHashTable *rounds;  /* id → GPtrArray of ErosEvent: the round under way there */
  GHashTable *words;   /* id of a box → ErosEvent: the last word on it in a round that is taken over */
  GPtrArray *waiting;  /* of ErosEvent: the words of the round under way */
  GHashTable *proved;  /* set of ids of the boxes that a round proves, whether or not a schedule knows them */
  gboolean only_looks; /* nothing is taken over yet */
  guint n_taken;
} Take;

static void
take_clear (Take *take)
{
  g_clear_object (&take->other);
  g_clear_pointer (&take->known, g_hash_table_unref);
  g_clear_pointer (&take->rounds, g_hash_table_unref);
  g_clear_pointer (&take->words, g_hash_table_unref);
  g_clear_pointer (&take->waiting, g_ptr_array_unref);
  g_clear_pointer (&take->proved, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Take, take_clear)

static gboolean
is_round (ErosEvent *event)
{
  return eros_operation_kind_of (eros_event_get_string (event, EROS_MEMBER_OPERATION)) ==
         EROS_OPERATION_KIND_MONITORING;
}

/* That nobody could look at a box says nothing of it. */
static gboolean
is_word (ErosEvent *event)
{
  static const char *const words[] = { "pass", "fail", "warning", "not-enough-to-say", NULL };
  const char *outcome = eros_event_get_string (event, EROS_MEMBER_OUTCOME);

  return eros_event_is (event, EROS_EVENT_CHECK_FINISHED) && outcome != NULL &&
         g_strv_contains (words, outcome);
}

static void
find_known (Take *take)
{
  GListModel *journal = G_LIST_MODEL (take->self->journal);

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);
      const char *id = eros_event_get_string (event, EROS_MEMBER_ID);

      if (id != NULL && eros_event_is (event, EROS_EVENT_OPERATION_ENDED) && is_round (event))
        g_hash_table_add (take->known, (gpointer) id);
    }
}

/* Both begin with the same event, whose hash nothing else has. */
static gboolean
check_same (Take *take, GFile *file, GError **error)
{
  g_autofree char *path = g_file_get_parse_name (file);
  g_autofree char *own = eros_journal_dup_head_of (take->self->journal, 1);
  g_autofree char *its = g_list_model_get_n_items (take->other) > 0
                           ? eros_journal_dup_head_of (EROS_JOURNAL (take->other), 1)
                           : NULL;

  if (g_strcmp0 (own, its) == 0)
    return TRUE;
  return eros_deployment_refuse (
    error,
    _ ("%s is no copy of this deployment: its record begins with another event. Copy this deployment’s "
       "file to the machine that is to watch as well."),
    path);
}

/* The event as it stands there, and when that was. */
static gboolean
put (Take *take, ErosEvent *event, GError **error)
{
  g_autofree char *text = eros_event_dup_body_text (event);
  g_autoptr (JsonNode) body = json_from_string (text, error);
  g_autofree char *hash = eros_event_dup_hash (event);
  JsonObject *object = body != NULL ? json_node_get_object (body) : NULL;

  if (object == NULL)
    return FALSE;
  json_object_set_int_member (object, "happened", eros_event_get_happened (event));
  if (!json_object_has_member (object, "seen_as"))
    {
      json_object_set_string_member (object, "seen_by", eros_event_get_actor (event));
      json_object_set_string_member (object, "seen_as", hash);
    }
  return eros_deployment_record (take->self, eros_event_get_kind (event), body, error) != NULL;
}

/* ---- what a round can say ------------------------------------------------------------------------------ */

static void
add_ids (GHashTable *ids, JsonNode *node)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (json_node_get_value_type (json_array_get_element (array, i)) == G_TYPE_STRING)
      g_hash_table_add (ids, g_strdup (json_array_get_string_element (array, i)));
}

/* A step proves boxes, and each of its verdicts does. */
static void
add_proved (JsonObject *object, const char *name, JsonNode *node, gpointer ids)
{
  if (g_str_equal (name, "proves"))
    add_ids (ids, node);
  else if (JSON_NODE_HOLDS_OBJECT (node))
    json_object_foreach_member (json_node_get_object (node), add_proved, ids);
}

/* The steps of the watch and its page say what a round proves. */
static void
find_proved (Take *take)
{
  const char *name = eros_operation_kind_get_name (EROS_OPERATION_KIND_MONITORING);
  ErosElement *element = eros_runbook_find_operation (take->self->runbook, name);
  const char *const *proves = element != NULL ? eros_element_get_proves (element) : NULL;
  ErosStepFiles *files = eros_runbook_get_steps (take->self->runbook);
  g_auto (GStrv) steps = eros_step_files_list (files, name);

  for (guint i = 0; proves != NULL && proves[i] != NULL; i++)
    g_hash_table_add (take->proved, g_strdup (proves[i]));
  for (guint i = 0; steps[i] != NULL; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s/step.json", name, steps[i]);
      const char *text = eros_step_files_get (files, path);
      g_autoptr (JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;

      if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
        json_object_foreach_member (json_node_get_object (root), add_proved, take->proved);
    }
}

/* A box that no round looks at is none that a watch could have anything to say of. */
static gboolean
check_word (Take *take, ErosEvent *word, GError **error)
{
  const char *id = eros_event_get_string (word, EROS_MEMBER_ELEMENT);
  ErosElement *element = eros_runbook_find_element (take->self->runbook, id);

  if (element == NULL || eros_element_get_kind (element) != EROS_ELEMENT_CHECK ||
      !(eros_watch_knows (take->self, element) || g_hash_table_contains (take->proved, id)))
    return eros_deployment_refuse (error,
                                   /* Translators: a check box, or its id */
                                   _ ("That file says in a round what was found of “%s”, which no round "
                                      "looks at. Nothing is taken over from "
                                      "it."),
                                   element != NULL ? eros_deployment_label_of (element) : id);
  return eros_event_get_string (word, EROS_MEMBER_SUMMARY) != NULL ||
         eros_deployment_refuse (
           error,
           /* Translators: a check box */
           _ ("That file does not say what a round has found of “%s”. Nothing is taken over from it."),
           eros_deployment_label_of (element));
}

/* All of it, when it has an end: one that nobody could be asked in has seen nothing. */
static gboolean
put_round (Take *take, ErosEvent *end, GPtrArray *events, GError **error)
{
  const char *outcome = eros_event_get_string (end, EROS_MEMBER_OUTCOME);

  if (g_strcmp0 (outcome, "error") == 0 || g_strcmp0 (outcome, "cancelled") == 0)
    return TRUE;
  for (guint i = 0; i < take->waiting->len; i++)
    if (is_word (take->waiting->pdata[i]) && !check_word (take, take->waiting->pdata[i], error))
      return FALSE;
  if (take->only_looks)
    return TRUE;
  for (guint i = 0; i < events->len; i++)
    if (!put (take, events->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < take->waiting->len; i++)
    if (is_word (take->waiting->pdata[i]))
      g_hash_table_insert (take->words,
                           (gpointer) eros_event_get_string (take->waiting->pdata[i], EROS_MEMBER_ELEMENT),
                           take->waiting->pdata[i]);
  take->n_taken++;
  return put (take, end, error);
}

/* The other journal keeps its events for as long as it lives. */
static gboolean
read_event (Take *take, ErosEvent *event, GError **error)
{
  const char *kind = eros_event_get_kind (event);
  const char *id = eros_event_get_string (event, EROS_MEMBER_ID);
  GPtrArray *events = id != NULL ? g_hash_table_lookup (take->rounds, id) : NULL;
  gboolean done = TRUE;

  if (g_str_equal (kind, EROS_EVENT_CHECK_FINISHED) &&
      eros_event_get_string (event, EROS_MEMBER_ELEMENT) != NULL)
    g_ptr_array_add (take->waiting, event);
  else if (id != NULL && g_str_equal (kind, EROS_EVENT_OPERATION_STARTED) && is_round (event) &&
           !g_hash_table_contains (take->known, id))
    {
      events = g_ptr_array_new ();
      g_ptr_array_add (events, event);
      g_hash_table_insert (take->rounds, (gpointer) id, events);
      g_ptr_array_set_size (take->waiting, 0);
    }
  else if (events != NULL &&
           (g_str_equal (kind, EROS_EVENT_STEP_STARTED) || g_str_equal (kind, EROS_EVENT_STEP_ENDED)))
    g_ptr_array_add (events, event);
  else if (events != NULL && g_str_equal (kind, EROS_EVENT_OPERATION_ENDED))
    {
      done = put_round (take, event, events, error);
      g_hash_table_remove (take->rounds, id);
    }
  return done;
}

static gboolean
read_all (Take *take, GError **error)
{
  g_hash_table_remove_all (take->rounds);
  g_ptr_array_set_size (take->waiting, 0);
  for (guint i = 0; i < g_list_model_get_n_items (take->other); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (take->other, i);

      if (!read_event (take, event, error))
        return FALSE;
    }
  return TRUE;
}

/* (nullable): the last word on a box that is on record here */
static ErosEvent *
find_own_word (ErosDeployment *self, const char *id)
{
  g_autofree char *key = g_strdup_printf ("element:%s", id);
  GPtrArray *history = g_hash_table_lookup (self->histories, key);

  for (guint i = history != NULL ? history->len : 0; i > 0; i--)
    if (is_word (history->pdata[i - 1]))
      return history->pdata[i - 1];
  return NULL;
}

/* Whether WORD only waits for more rounds. What a step has found of a box stands behind its end. */
static gboolean
had_enough (GListModel *journal, ErosEvent *word)
{
  if (eros_event_has (word, EROS_MEMBER_HAPPENED))
    return eros_event_get_string (word, EROS_MEMBER_VERDICT) == NULL;
  for (guint i = (guint) eros_event_get_sequence (word) - 1; i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);

      if (eros_event_is (event, EROS_EVENT_STEP_ENDED))
        return eros_event_get_string (event, EROS_MEMBER_VERDICT) == NULL;
    }
  return TRUE;
}

/* WORD once more, as of then, with what is to be said of it now. */
static gboolean
put_word (Take *take,
          ErosEvent *word,
          ErosOutcome outcome,
          const char *progress,
          gboolean enough,
          GError **error)
{
  g_autofree char *text = eros_event_dup_body_text (word);
  g_autoptr (JsonNode) body = json_from_string (text, error);
  JsonObject *object = body != NULL ? json_node_get_object (body) : NULL;
  g_autofree char *summary = NULL;

  if (object == NULL)
    return FALSE;
  summary = progress == NULL ? g_strdup (eros_event_get_string (word, EROS_MEMBER_SUMMARY))
                             /* Translators: what was found; how many rounds of monitoring there were */
                             : g_strdup_printf (_ ("%s. With the rounds of another machine: %s"),
                                                eros_event_get_string (word, EROS_MEMBER_SUMMARY), progress);
  json_object_set_string_member (object, "outcome", eros_outcome_to_text (outcome));
  json_object_set_string_member (object, "summary", summary);
  json_object_set_int_member (object, "happened", eros_event_get_happened (word));
  if (!enough)
    json_object_set_string_member (object, "verdict", eros_outcome_to_text (EROS_OUTCOME_NOT_ENOUGH));
  return eros_journal_append (take->self->journal, EROS_ACTOR_MACHINE, EROS_EVENT_CHECK_FINISHED, body,
                              error) != NULL;
}

/* How a box stands now that there are more rounds: by the last word on it, whoever had it. */
static gboolean
settle_box (Take *take, const char *id, GError **error)
{
  ErosElement *element = eros_runbook_find_element (take->self->runbook, id);
  ErosEvent *its = g_hash_table_lookup (take->words, id);
  ErosEvent *own = find_own_word (take->self, id);
  gboolean is_own = own != NULL && eros_event_get_happened (own) > eros_event_get_happened (its);
  ErosEvent *last = is_own ? own : its;
  const char *word = eros_event_get_string (last, EROS_MEMBER_OUTCOME);
  gboolean fails = g_strcmp0 (word, eros_outcome_to_text (EROS_OUTCOME_FAIL)) == 0;
  gboolean enough = had_enough (is_own ? G_LIST_MODEL (take->self->journal) : take->other, last);
  g_autofree char *progress = NULL;
  ErosOutcome outcome;

  if (element == NULL)
    return TRUE;
  outcome = eros_watch_judge_all (take->self, element, eros_timeline_get_now (take->self), &progress);
  if (fails)
    outcome = EROS_OUTCOME_FAIL;
  else if (!enough)
    outcome = EROS_OUTCOME_NOT_ENOUGH;
  return (is_own && g_strcmp0 (word, eros_outcome_to_text (outcome)) == 0) ||
         put_word (take, last, outcome, progress, enough, error);
}

static gboolean
settle_boxes (Take *take, GError **error)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, take->words);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!settle_box (take, id, error))
      return FALSE;
  return TRUE;
}

/* Whether the last round that was begun is one of another machine's: taking it over was cut off, and is done
 * anew. */
static gboolean
is_of_another (ErosDeployment *self)
{
  GListModel *journal = G_LIST_MODEL (self->journal);

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);

      if (eros_event_is (event, EROS_EVENT_OPERATION_STARTED) && is_round (event))
        return eros_event_has (event, EROS_MEMBER_SEEN_AS);
    }
  return FALSE;
}

static gboolean
check_idle (ErosDeployment *self, GError **error)
{
  if (self->round_started == 0 || is_of_another (self))
    return TRUE;
  return eros_deployment_refuse (error, _ ("A round is being made. Take others in when it has ended."));
}

/**
 * eros_watch_take_rounds:
 * @deployment: a deployment open for writing
 * @file: a copy of it that another machine has watched with
 * @n_taken: (out): how many rounds were taken over; 0 when all of them are on record already
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Takes over the rounds that were made there. Its whole chain is verified first, and it must be of the same
 * deployment. A round that says anything of what no round looks at is refused, and with it the file. What is
 * on record already is left out, so taking a file over again changes nothing. Everything else in it stays
 * there.
 *
 * Returns: whether all of them are on record
 */
gboolean
eros_watch_take_rounds (ErosDeployment *deployment, GFile *file, guint *n_taken, GError **error)
{
  g_auto (Take) take = { .self = deployment };

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (deployment) && G_IS_FILE (file) && n_taken != NULL, FALSE);

  take.other = G_LIST_MODEL (eros_journal_open (file, EROS_JOURNAL_READ, error));
  if (take.other == NULL || !check_same (&take, file, error) || !check_idle (deployment, error))
    return FALSE;
  take.known = g_hash_table_new (g_str_hash, g_str_equal);
  take.rounds = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  take.words = g_hash_table_new (g_str_hash, g_str_equal);
  take.waiting = g_ptr_array_new ();
  find_known (&take);
  take.proved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  find_proved (&take);
  take.only_looks = TRUE;
  if (!read_all (&take, error))
    return FALSE;
  take.only_looks = FALSE;
  if (!read_all (&take, error))
    return FALSE;
  *n_taken = take.n_taken;
  return settle_boxes (&take, error);
}
