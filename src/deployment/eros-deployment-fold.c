/* eros-deployment-fold.c: from events to state
 *
 * What an event changes is a thing with a history of its own: an element's item, a field, or a gate's
 * override. A thing's state is made from its history alone, leaving out what has been taken back. So an undo,
 * a reload and a fresh opening come to the same state by the same way.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment-private.h"
#include "eros-measure.h"
#include "eros-window.h"

#include <string.h>
#include <glib/gi18n-lib.h>

typedef void (*FoldItem) (ErosItemState *state, ErosEvent *event);

typedef struct
{
  const char *kind;
  const char
    *thing; /* "element", "field", "gate", "criterion": also the member of the body that holds its id */
  FoldItem fold_item;
  const char *act; /* NULL: not a person's, cannot be undone */
  gboolean lasts;  /* it is never undone: what it says is withdrawn, or stays */
} Kind;

static void
set_mark (ErosItemState *state, ErosItemMark mark, ErosEvent *event)
{
  state->mark = mark;
  state->actor = event != NULL ? eros_event_get_actor (event) : NULL;
  state->time = event != NULL ? eros_event_get_time (event) : 0;
  state->reason = event != NULL ? eros_event_get_string (event, EROS_MEMBER_REASON) : NULL;
  state->by_machine = FALSE;
  state->retracted = FALSE;
  state->decided = FALSE;
  state->is_signed = FALSE;
}

/* Whoever marks what fails, once the machine had spoken, or what has not had its time, has decided. */
static void
fold_ticked (ErosItemState *state, ErosEvent *event)
{
  set_mark (state, EROS_ITEM_TICKED, event);
  state->decided = state->failed || eros_event_get_string (event, EROS_MEMBER_UNTIMELY) != NULL ||
                   eros_event_get_string (event, EROS_MEMBER_UNPROVEN) != NULL;
}

/* In the name that was signed with, whoever put it on record. */
static void
fold_signed (ErosItemState *state, ErosEvent *event)
{
  const char *name = eros_event_get_line (event, EROS_MEMBER_NAME);

  set_mark (state, EROS_ITEM_TICKED, event);
  if (name != NULL && *name != '\0')
    state->actor = name;
  state->is_signed = TRUE;
}

static void
fold_unticked (ErosItemState *state, ErosEvent *event)
{
  set_mark (state, EROS_ITEM_OPEN, NULL);
}

static void
fold_not_applicable (ErosItemState *state, ErosEvent *event)
{
  set_mark (state, EROS_ITEM_NOT_APPLICABLE, event);
  state->decided = state->failed;
}

/* It changes nothing but that it is on record. */
static void
fold_nothing (ErosItemState *state, ErosEvent *event)
{
}

static void
fold_note (ErosItemState *state, ErosEvent *event)
{
  state->note = eros_event_get_string (event, EROS_MEMBER_TEXT);
}

static const char *const outcomes[] = { "none",         "pass",    "fail",
                                        "error",        "warning", "not-enough-to-say",
                                        "not-looked-at" };

static ErosOutcome
eros_outcome_from_text (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (g_strcmp0 (outcomes[i], text) == 0)
      return i;
  /* A newer version's: it could not be found out here. */
  return EROS_OUTCOME_ERROR;
}

/* Whether the machine has looked at the thing itself, whatever it could say of it. */
static gboolean
is_word (ErosOutcome outcome)
{
  return outcome == EROS_OUTCOME_PASS || outcome == EROS_OUTCOME_FAIL || outcome == EROS_OUTCOME_WARNING ||
         outcome == EROS_OUTCOME_NOT_ENOUGH;
}

/* That it could not be looked at again takes no failure back, and a look that had nothing to say no decision
 * over one. */
static void
take_word (ErosItemState *state, ErosOutcome outcome)
{
  if (!is_word (outcome) || (outcome == EROS_OUTCOME_NOT_ENOUGH && state->decided))
    return;
  state->failed = outcome == EROS_OUTCOME_FAIL;
  state->decided = FALSE;
}

static void
fold_check (ErosItemState *state, ErosEvent *event)
{
  ErosOutcome outcome = eros_outcome_from_text (eros_event_get_string (event, EROS_MEMBER_OUTCOME));

  state->outcome = outcome;
  state->summary = eros_event_get_string (event, EROS_MEMBER_SUMMARY);
  state->checked = event;
  take_word (state, outcome);

  if (outcome == EROS_OUTCOME_PASS && (state->mark == EROS_ITEM_OPEN || state->by_machine))
    {
      set_mark (state, EROS_ITEM_TICKED, event);
      state->by_machine = TRUE;
    }
  /* A tick of the machine's rests on what it has last found. */
  else if ((outcome == EROS_OUTCOME_FAIL || outcome == EROS_OUTCOME_NOT_ENOUGH) && state->by_machine)
    {
      set_mark (state, EROS_ITEM_OPEN, NULL);
      state->retracted = outcome == EROS_OUTCOME_FAIL;
    }
}

/* A criterion that the monitoring measures fails as a check does. That it holds now ticks nothing. */
static void
fold_measured (ErosDeployment *self, const ErosCriterion *criterion, ErosItemState *state, ErosEvent *event)
{
  ErosReading reading;
  ErosOutcome outcome = eros_measure_judge_event (event, criterion, self->error, &reading);
  g_autofree char *summary = NULL;

  if (outcome == EROS_OUTCOME_NONE)
    return;
  summary = eros_measure_describe (&reading, criterion);
  state->outcome = outcome == EROS_OUTCOME_PASS ? EROS_OUTCOME_NONE : outcome;
  state->summary = g_string_chunk_insert_const (self->texts, summary);
  take_word (state, outcome);
}

static const Kind kinds[] = {
  { EROS_EVENT_ITEM_TICKED, EROS_MEMBER_ELEMENT, fold_ticked, N_ ("Tick “%s”"), FALSE },
  { EROS_EVENT_ITEM_UNTICKED, EROS_MEMBER_ELEMENT, fold_unticked, N_ ("Untick “%s”"), FALSE },
  { EROS_EVENT_ITEM_NOT_APPLICABLE, EROS_MEMBER_ELEMENT, fold_not_applicable, N_ ("Not applicable: “%s”"),
    FALSE },
  { EROS_EVENT_DECISION_WITHDRAWN, EROS_MEMBER_ELEMENT, fold_unticked, N_ ("Withdrawal of “%s”"), TRUE },
  { EROS_EVENT_NOTE_SET, EROS_MEMBER_ELEMENT, fold_note, N_ ("Note on “%s”"), FALSE },
  { EROS_EVENT_SIGN_OFF_SIGNED, EROS_MEMBER_ELEMENT, fold_signed, N_ ("Signature of “%s”"), TRUE },
  { EROS_EVENT_SIGN_OFF_WITHDRAWN, EROS_MEMBER_ELEMENT, fold_unticked, N_ ("Withdrawal of “%s”"), TRUE },
  { EROS_EVENT_CHECK_FINISHED, EROS_MEMBER_ELEMENT, fold_check, NULL, FALSE },
  { EROS_EVENT_FIELD_SET, EROS_MEMBER_FIELD, NULL, N_ ("Value of “%s”"), FALSE },
  { EROS_EVENT_FIELD_RECORDED, EROS_MEMBER_FIELD, NULL, NULL, FALSE },
  { EROS_EVENT_GATE_OVERRIDDEN, EROS_MEMBER_GATE, NULL, N_ ("Override of “%s”"), TRUE },
  { EROS_EVENT_OVERRIDE_WITHDRAWN, EROS_MEMBER_GATE, NULL, N_ ("Withdrawal of the override of “%s”"), TRUE },
  { EROS_EVENT_CRITERION_DECIDED, EROS_MEMBER_CRITERION, NULL, N_ ("Decision on “%s”"), TRUE },
  { EROS_EVENT_MESSAGE_SENT, EROS_MEMBER_ELEMENT, fold_nothing, N_ ("Sending of “%s”"), TRUE },
  { EROS_EVENT_CRITERION_CONTINUED, EROS_MEMBER_CRITERION, NULL, N_ ("Going on over “%s”"), TRUE },
};

static const Kind *
find_kind (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, name))
      return &kinds[i];
  return NULL;
}

gboolean
eros_deployment_owns_kind (const char *kind)
{
  static const char *const others[] = { EROS_EVENT_EVENT_UNDONE, EROS_EVENT_DEPLOYMENT_CREATED,
                                        EROS_EVENT_WINDOW_MOVED, EROS_EVENT_ESCALATION_MADE, NULL };

  return find_kind (kind) != NULL || g_strv_contains (others, kind);
}

/* (transfer none): the list of that name, made if need be */
static GPtrArray *
get_list (GHashTable *lists, const char *name)
{
  GPtrArray *list = g_hash_table_lookup (lists, name);

  if (list == NULL)
    {
      list = g_ptr_array_new ();
      g_hash_table_insert (lists, g_strdup (name), list);
    }
  return list;
}

/* (transfer full): the keys of the things that EVENT changes. */
static GPtrArray *
list_things (ErosEvent *event, const Kind *kind)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  const char *id = eros_event_get_string (event, kind->thing);
  JsonNode *values = eros_event_has (event, EROS_MEMBER_VALUES)
                       ? json_object_get_member (eros_event_get_body (event), EROS_MEMBER_VALUES)
                       : NULL;

  if (id != NULL)
    g_ptr_array_add (keys, g_strdup_printf ("%s:%s", kind->thing, id));
  /* A signature fills in the sign-off's fields. */
  if (values != NULL && JSON_NODE_HOLDS_OBJECT (values))
    {
      JsonObjectIter iter;
      const char *name;

      json_object_iter_init (&iter, json_node_get_object (values));
      while (json_object_iter_next (&iter, &name, NULL))
        g_ptr_array_add (keys, g_strdup_printf ("field:%s", name));
    }
  return keys;
}

/* What goes on record later than it was found, and something later was found meanwhile, is no last word. */
static gboolean
is_superseded (ErosDeployment *self, ErosEvent *event)
{
  const char *step = eros_event_get_string (event, EROS_MEMBER_STEP);

  for (guint i = eros_event_has (event, EROS_MEMBER_HAPPENED) ? self->ends->len : 0; i > 0; i--)
    if (eros_event_says (self->ends->pdata[i - 1], EROS_MEMBER_STEP, step))
      return eros_event_get_happened (self->ends->pdata[i - 1]) > eros_event_get_happened (event);
  return FALSE;
}

/* (transfer full): the boxes whose criterion EVENT measures. */
static GPtrArray *
list_measured (ErosDeployment *self, ErosEvent *event)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer id, criterion;
  ErosReading reading;

  if (!eros_event_is (event, EROS_EVENT_STEP_ENDED))
    return keys;
  g_hash_table_iter_init (&iter, self->criteria);
  while (g_hash_table_iter_next (&iter, &id, &criterion))
    if (eros_measure_judge_event (event, criterion, self->error, &reading) != EROS_OUTCOME_NONE)
      g_ptr_array_add (keys, g_strdup_printf ("element:%s", (const char *) id));
  return keys;
}

/* Decisions: what stands in the record for ever, whether it holds or was withdrawn. */

/* What the machine says of an element with EVENT of its history. */
static ErosOutcome
get_word (ErosDeployment *self, const char *element_id, ErosEvent *event)
{
  const ErosCriterion *criterion = g_hash_table_lookup (self->criteria, element_id);
  ErosReading reading;

  if (eros_event_is (event, EROS_EVENT_CHECK_FINISHED))
    return eros_outcome_from_text (eros_event_get_string (event, EROS_MEMBER_OUTCOME));
  return criterion != NULL ? eros_measure_judge_event (event, criterion, self->error, &reading)
                           : EROS_OUTCOME_NONE;
}

/* KEY is of a thing that EVENT changes. */
static void
note_word (ErosDeployment *self, const char *key, ErosEvent *event)
{
  const char *element_id = g_str_has_prefix (key, "element:") ? key + strlen ("element:") : NULL;
  ErosOutcome outcome = element_id != NULL ? get_word (self, element_id, event) : EROS_OUTCOME_NONE;

  if (is_word (outcome))
    g_hash_table_insert (self->words, g_strdup (element_id), GINT_TO_POINTER (outcome));
}

static gboolean
is_failing_now (ErosDeployment *self, const char *element_id)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (self->words, element_id)) == EROS_OUTCOME_FAIL;
}

ErosEvent *
eros_deployment_find_first_word (ErosDeployment *self, const char *element_id)
{
  g_autofree char *key = g_strdup_printf ("element:%s", element_id);
  GPtrArray *history = g_hash_table_lookup (self->histories, key);

  for (guint i = 0; history != NULL && i < history->len; i++)
    if (is_word (get_word (self, element_id, history->pdata[i])))
      return history->pdata[i];
  return NULL;
}

static gboolean
classify (ErosDeployment *self, ErosEvent *event, ErosDecisionKind *kind)
{
  const char *name = eros_event_get_kind (event);
  const char *element = eros_event_get_string (event, EROS_MEMBER_ELEMENT);

  if (g_str_equal (name, EROS_EVENT_GATE_OVERRIDDEN))
    *kind = EROS_DECISION_OVERRIDE;
  else if (g_str_equal (name, EROS_EVENT_SIGN_OFF_SIGNED))
    *kind = EROS_DECISION_SIGNATURE;
  else if (g_str_equal (name, EROS_EVENT_ITEM_TICKED))
    *kind = EROS_DECISION_TICK;
  else if (g_str_equal (name, EROS_EVENT_ITEM_NOT_APPLICABLE))
    *kind = EROS_DECISION_NOT_APPLICABLE;
  else
    return FALSE;
  return *kind == EROS_DECISION_OVERRIDE || *kind == EROS_DECISION_SIGNATURE ||
         eros_event_get_string (event, EROS_MEMBER_UNTIMELY) != NULL ||
         eros_event_get_string (event, EROS_MEMBER_UNPROVEN) != NULL ||
         eros_event_has (event, EROS_MEMBER_COMPUTED) || (element != NULL && is_failing_now (self, element));
}

/* "item.unticked" was one as well, before a reason was asked for. */
static gboolean
is_withdrawal (ErosEvent *event)
{
  const char *name = eros_event_get_kind (event);

  return g_str_has_suffix (name, ".withdrawn") || g_str_equal (name, EROS_EVENT_ITEM_UNTICKED);
}

/* Before EVENT itself is in the histories. */
static void
note_decision (ErosDeployment *self, ErosEvent *event, const Kind *kind)
{
  const char *id = eros_event_get_string (event, kind->thing);
  ErosDecisionKind decided;
  GPtrArray *holding;

  if (id != NULL && classify (self, event, &decided))
    {
      ErosDecision *decision = g_new0 (ErosDecision, 1);

      decision->kind = decided;
      decision->event = event;
      g_ptr_array_add (self->decisions, decision);
      g_hash_table_insert (self->decided, event, decision);
      g_ptr_array_add (get_list (self->holding, id), decision);
    }
  if (id == NULL || !is_withdrawal (event))
    return;
  holding = get_list (self->holding, id);
  for (guint i = 0; i < holding->len; i++)
    ((ErosDecision *) holding->pdata[i])->withdrawal = event;
  g_ptr_array_set_size (holding, 0);
}

/* EVENT was taken back by UNDO, as it was possible once: it withdraws a decision, or lets some hold again. */
static void
note_undone (ErosDeployment *self, ErosEvent *event, ErosEvent *undo)
{
  const Kind *kind = find_kind (eros_event_get_kind (event));
  const char *id = eros_event_get_string (event, kind->thing);
  GPtrArray *holding = id != NULL ? get_list (self->holding, id) : NULL;
  ErosDecision *undone = g_hash_table_lookup (self->decided, event);

  if (undone != NULL)
    {
      undone->withdrawal = undo;
      g_ptr_array_remove (holding, undone);
    }
  if (holding == NULL || !is_withdrawal (event))
    return;
  for (guint i = 0; i < self->decisions->len; i++)
    {
      ErosDecision *decision = self->decisions->pdata[i];

      if (decision->withdrawal != event)
        continue;
      decision->withdrawal = NULL;
      g_ptr_array_add (holding, decision);
    }
}

/* What stands in something that is signed is not changed by undoing either. */
static gboolean
is_in_signed (ErosDeployment *self, ErosEvent *event)
{
  const char *field = eros_event_get_string (event, EROS_MEMBER_FIELD);
  ErosItem *owner = field != NULL ? g_hash_table_lookup (self->owners, field) : NULL;

  return owner != NULL && eros_item_is_signed (owner);
}

static gboolean
lasts (ErosDeployment *self, ErosEvent *event)
{
  if (is_in_signed (self, event))
    return TRUE;
  if (find_kind (eros_event_get_kind (event))->lasts)
    return TRUE;
  /* A value typed over a measured one, with a reason. Another value may be given, on record as well. */
  if (eros_event_is (event, EROS_EVENT_FIELD_SET) &&
      eros_event_get_string (event, EROS_MEMBER_REASON) != NULL)
    return TRUE;
  return g_hash_table_contains (self->decided, event);
}

ErosEvent *
eros_deployment_find_undoable (ErosDeployment *self)
{
  for (guint i = self->acts->len; i > 0; i--)
    if (!lasts (self, self->acts->pdata[i - 1]))
      return self->acts->pdata[i - 1];
  return NULL;
}

static void
update_phase (ErosDeployment *self, const char *element_id)
{
  ErosPhase *phase = eros_runbook_phase_of (self->runbook, element_id);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->progress));

  for (guint i = 0; phase != NULL && i < n; i++)
    {
      g_autoptr (ErosPhaseProgress) progress = g_list_model_get_item (G_LIST_MODEL (self->progress), i);

      if (eros_phase_progress_get_phase (progress) == phase)
        eros_phase_progress_update (progress);
    }
}

/* Fields of the box that show when it was ticked. */
static void
update_ticked (ErosDeployment *self, ErosElement *element)
{
  GListModel *fields = eros_element_get_fields (element);

  for (guint i = 0; fields != NULL && i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);

      if (g_strcmp0 (eros_field_get_source (field), "ticked") != 0)
        continue;
      eros_deployment_update_sourced (self, field);
      eros_deployment_emit_field_changed (self, eros_field_get_id (field));
    }
}

void
eros_deployment_update_name (ErosDeployment *self, const char *field_id)
{
  ErosItem *owner = g_hash_table_lookup (self->owners, field_id);

  if (owner == NULL)
    return;
  eros_item_set_nameless (owner, eros_deployment_lacks_name (self, eros_item_get_element (owner)));
  update_phase (self, eros_element_get_id (eros_item_get_element (owner)));
}

static void
refold_item (ErosDeployment *self, const char *id, GPtrArray *history)
{
  ErosItem *item = g_hash_table_lookup (self->items, id);
  const ErosSum *sum = eros_deployment_find_sum (self, id);
  ErosItemState state = { 0 };
  ErosEvent *marked = NULL;

  if (item == NULL)
    return;
  for (guint i = 0; history != NULL && i < history->len; i++)
    {
      ErosEvent *event = history->pdata[i];
      const Kind *kind = find_kind (eros_event_get_kind (event));

      if (g_hash_table_contains (self->undone, event))
        continue;
      if (kind != NULL)
        kind->fold_item (&state, event);
      if (kind != NULL && g_str_has_prefix (kind->kind, EROS_EVENTS_ITEM))
        marked = event;
      if (kind == NULL)
        fold_measured (self, g_hash_table_lookup (self->criteria, id), &state, event);
    }
  if (state.checked != NULL)
    state.evidence = json_object_get_member (eros_event_get_body (state.checked), EROS_MEMBER_EVIDENCE);
  /* Whoever signs is asked: no machine signs. */
  if (sum != NULL && !eros_element_wants_signature (eros_item_get_element (item)))
    eros_sum_apply (sum, &state, marked);
  state.nameless = eros_deployment_lacks_name (self, eros_item_get_element (item));
  eros_item_publish (item, &state);
  update_ticked (self, eros_item_get_element (item));
  update_phase (self, id);
}

void
eros_deployment_refold_item (ErosDeployment *self, const char *element_id)
{
  g_autofree char *key = g_strdup_printf ("element:%s", element_id);

  refold_item (self, element_id, g_hash_table_lookup (self->histories, key));
}

static const char *
get_value (ErosEvent *event, const char *field_id)
{
  JsonNode *values = eros_event_has (event, EROS_MEMBER_VALUES)
                       ? json_object_get_member (eros_event_get_body (event), EROS_MEMBER_VALUES)
                       : NULL;

  if (values != NULL && JSON_NODE_HOLDS_OBJECT (values))
    return json_object_get_string_member_with_default (json_node_get_object (values), field_id, NULL);
  return eros_event_get_string (event, EROS_MEMBER_VALUE);
}

static void
refold_field (ErosDeployment *self, const char *id, GPtrArray *history)
{
  ErosFieldState *state = g_hash_table_lookup (self->fields, id);
  ErosFieldState old;

  if (state == NULL)
    return;
  old = *state;
  state->value = NULL;
  state->event = NULL;
  state->measured = NULL;
  for (guint i = 0; i < history->len; i++)
    {
      ErosEvent *event = history->pdata[i];
      const char *value = get_value (event, id);

      if (g_hash_table_contains (self->undone, event) || value == NULL)
        continue;
      state->value = value;
      state->event = event;
      if (eros_event_is (event, EROS_EVENT_FIELD_RECORDED))
        state->measured = event;
    }
  if (old.event == state->event)
    return;
  eros_deployment_update_name (self, id);
  eros_deployment_emit_field_changed (self, id);
}

static void
refold_gate (ErosDeployment *self, const char *id, GPtrArray *history)
{
  g_hash_table_remove (self->overrides, id);
  for (guint i = 0; i < history->len; i++)
    {
      if (g_hash_table_contains (self->undone, history->pdata[i]))
        continue;
      if (eros_event_is (history->pdata[i], EROS_EVENT_GATE_OVERRIDDEN))
        g_hash_table_insert (self->overrides, g_strdup (id), history->pdata[i]);
      else
        g_hash_table_remove (self->overrides, id);
    }
}

static void
refold (ErosDeployment *self, const char *key)
{
  GPtrArray *history = g_hash_table_lookup (self->histories, key);
  const char *id = strchr (key, ':') + 1;

  if (g_str_has_prefix (key, "element:"))
    refold_item (self, id, history);
  else if (g_str_has_prefix (key, "field:"))
    refold_field (self, id, history);
  else if (g_str_has_prefix (key, "gate:"))
    refold_gate (self, id, history);
}

/* Where among the acts that is which EVENT takes back, if it can be taken back; otherwise their number. */
static guint
find_undone (ErosDeployment *self, ErosEvent *event)
{
  gint64 sequence = eros_event_get_int (event, EROS_MEMBER_SEQUENCE);

  for (guint i = self->acts->len; i > 0; i--)
    if (eros_event_get_sequence (self->acts->pdata[i - 1]) == sequence)
      return i - 1;
  return self->acts->len;
}

static void
note_operation (ErosDeployment *self, ErosEvent *event)
{
  const char *operation = g_str_has_prefix (eros_event_get_kind (event), EROS_EVENTS_OPERATION)
                            ? eros_event_get_string (event, EROS_MEMBER_OPERATION)
                            : NULL;

  if (operation == NULL)
    return;
  g_hash_table_insert (self->operations, g_strdup (operation), event);
  if (!eros_event_is (event, EROS_EVENT_OPERATION_ENDED) || !eros_event_has_passed (event))
    return;
  if (eros_operation_kind_of (operation) == EROS_OPERATION_KIND_ROLLBACK)
    {
      /* Ended once, it is over: what was still owed changes nothing of that. */
      if (self->rollback == NULL ||
          !eros_event_says (self->rollback, EROS_MEMBER_ID, eros_event_get_string (event, EROS_MEMBER_ID)))
        self->rollback = event;
    }
  else if (eros_operation_kind_of (operation) == EROS_OPERATION_KIND_DEPLOY)
    self->deployed = event;
}

/* Puts EVENT into the histories; returns (transfer full) (nullable) the keys of what it changes. */
static GPtrArray *
note_event (ErosDeployment *self, ErosEvent *event)
{
  const Kind *kind = find_kind (eros_event_get_kind (event));
  g_autoptr (GPtrArray) keys = NULL;

  if (eros_event_is (event, EROS_EVENT_EVENT_UNDONE))
    {
      guint position = find_undone (self, event);
      ErosEvent *undone = position < self->acts->len ? self->acts->pdata[position] : NULL;

      if (undone == NULL)
        return NULL;
      g_hash_table_add (self->undone, undone);
      note_undone (self, undone, event);
      g_ptr_array_remove_index (self->acts, position);
      return list_things (undone, find_kind (eros_event_get_kind (undone)));
    }

  note_operation (self, event);
  eros_deployment_note_begun (self, event);
  eros_deployment_note_clock (self, event);
  eros_deployment_note_round (self, event);
  eros_deployment_note_log (self, event);
  eros_window_note (self, event);
  if (kind != NULL)
    note_decision (self, event, kind);
  if (eros_event_is (event, EROS_EVENT_STEP_ENDED))
    {
      if (is_superseded (self, event))
        return NULL;
      g_ptr_array_add (self->ends, event);
    }
  keys = kind != NULL ? list_things (event, kind) : list_measured (self, event);
  for (guint i = 0; i < keys->len; i++)
    note_word (self, keys->pdata[i], event);
  for (guint i = 0; i < keys->len; i++)
    g_ptr_array_add (get_list (self->histories, keys->pdata[i]), event);
  if (kind != NULL && kind->act != NULL)
    g_ptr_array_add (self->acts, event);
  return g_steal_pointer (&keys);
}

void
eros_deployment_fold_event (ErosDeployment *self, ErosEvent *event)
{
  g_autoptr (GPtrArray) keys = note_event (self, event);

  for (guint i = 0; keys != NULL && i < keys->len; i++)
    refold (self, keys->pdata[i]);
  if (eros_deployment_touches_sums (self, event))
    eros_deployment_add_up (self);
}

void
eros_deployment_fold_all (ErosDeployment *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->journal));
  GHashTableIter iter;
  gpointer key;

  for (guint i = 0; i < n; i++)
    {
      /* The journal keeps all of its events for as long as it lives. */
      g_autoptr (ErosEvent) event = g_list_model_get_item (G_LIST_MODEL (self->journal), i);
      g_autoptr (GPtrArray) keys = note_event (self, event);
    }

  g_hash_table_iter_init (&iter, self->histories);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    refold (self, key);
  eros_deployment_add_up (self);
}

char *
eros_deployment_describe_act (ErosDeployment *self, ErosEvent *event)
{
  const Kind *kind = find_kind (eros_event_get_kind (event));
  const char *id = eros_event_get_string (event, kind->thing);
  g_autoptr (GString) text = g_string_new (_ (kind->act));

  g_string_replace (text, "%s", eros_deployment_label_thing (self, kind->thing, id != NULL ? id : ""), 1);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

const char *
eros_outcome_to_text (ErosOutcome outcome)
{
  return outcomes[outcome];
}
