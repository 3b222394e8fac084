/* eros-next.c: what is to be done next, in one list for whoever shows it
 *
 * First what was begun, then a round whose time is there, then the pages in their order: after a rollback
 * those that are for it, otherwise the others.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-next.h"

#include <string.h>

#include "eros-deployment-private.h"
#include "eros-unfinished.h"
#include "eros-watch.h"

static const char *const kinds[] = { "go-on", "look", "run", "check", "tick", "sign", "wait" };

/**
 * eros_next_kind_to_text:
 * @kind: a kind
 *
 * Returns: its name for other programs
 */
const char *
eros_next_kind_to_text (ErosNextKind kind)
{
  return kinds[kind];
}

void
eros_next_free (ErosNext *self)
{
  g_free (self->operation);
  g_free (self->text);
  g_ptr_array_unref (self->obstacles);
  g_free (self);
}

typedef struct
{
  ErosDeployment *self;
  gint64 now;
  guint n;
  GPtrArray *list;
  GHashTable *proven; /* set of ids of boxes that an operation on the list ticks */
} Search;

static void
search_clear (Search *search)
{
  g_clear_pointer (&search->proven, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

/* Returns: (transfer none): what was added */
static ErosNext *
add (Search *search, ErosNextKind kind, ErosElement *element, const char *text)
{
  ErosNext *next = g_new0 (ErosNext, 1);
  const char *id = element != NULL ? eros_element_get_id (element) : NULL;

  next->kind = kind;
  next->element = element;
  next->phase = id != NULL ? eros_runbook_phase_of (search->self->runbook, id) : NULL;
  /* What a text leads to on its page does not follow here. */
  next->text = g_strndup (text, strlen (text) - g_str_has_suffix (text, ":"));
  next->obstacles = id != NULL ? eros_deployment_list_obstacles (search->self, id)
                               : g_ptr_array_new_with_free_func ((GDestroyNotify) eros_obstacle_free);
  g_ptr_array_add (search->list, next);
  return next;
}

static void
add_unfinished (Search *search)
{
  g_autoptr (ErosUnfinished) unfinished = eros_unfinished_find (search->self, NULL);

  if (unfinished != NULL)
    add (search, EROS_NEXT_GO_ON, eros_runbook_find_operation (search->self->runbook, unfinished->kind),
         unfinished->title)
      ->operation = g_strdup (unfinished->id);
}

static void
add_round (Search *search, gboolean is_due)
{
  g_autoptr (GPtrArray) slots = eros_watch_list (search->self, NULL, search->now);
  const ErosSlot *slot = eros_watch_find_next (slots);

  if (slot == NULL || is_due != (slot->state != EROS_SLOT_COMING))
    return;
  add (search, is_due ? EROS_NEXT_LOOK : EROS_NEXT_WAIT, slot->element,
       slot->entry->text != NULL ? slot->entry->text : eros_deployment_label_of (slot->element))
    ->due = slot->due;
}

/* Whether OPERATION has ended well, and is not taken back. */
static gboolean
has_ended_well (ErosDeployment *self, const char *operation)
{
  ErosEvent *last = g_hash_table_lookup (self->operations, operation);

  return last != NULL && eros_event_has_passed (last) && !eros_deployment_was_taken_back (self, operation);
}

/* An operation comes before the boxes that it ticks, which then are not named beside it. What is made in
 * rounds is named when one is due. */
static void
look_at_operation (Search *search, ErosElement *element)
{
  const char *operation = eros_element_get_operation (element);
  const char *const *proves = eros_element_get_proves (element);
  gboolean is_open = proves == NULL;

  if (has_ended_well (search->self, operation) ||
      eros_operation_kind_of (operation) == EROS_OPERATION_KIND_MONITORING)
    return;
  for (guint i = 0; proves != NULL && proves[i] != NULL; i++)
    {
      ErosItem *item = g_hash_table_lookup (search->self->items, proves[i]);

      is_open |= item != NULL && eros_item_get_mark (item) == EROS_ITEM_OPEN;
    }
  if (!is_open)
    return;
  for (guint i = 0; proves != NULL && proves[i] != NULL; i++)
    g_hash_table_add (search->proven, (gpointer) proves[i]);
  /* What was begun is on the list already. */
  for (guint i = 0; i < search->list->len; i++)
    if (((ErosNext *) search->list->pdata[i])->element == element)
      return;
  add (search, EROS_NEXT_RUN, element, eros_deployment_label_of (element));
}

static void
look_at_box (Search *search, ErosElement *element)
{
  const char *id = eros_element_get_id (element);
  ErosItem *item = g_hash_table_lookup (search->self->items, id);
  g_autofree char *untimely = NULL;

  if (eros_item_get_mark (item) != EROS_ITEM_OPEN || g_hash_table_contains (search->proven, id))
    return;
  untimely = eros_watch_describe_untimely (search->self, element, search->now);
  if (untimely != NULL)
    return;
  add (search,
       eros_element_wants_signature (element)             ? EROS_NEXT_SIGN
       : eros_element_get_check_binding (element) != NULL ? EROS_NEXT_CHECK
                                                          : EROS_NEXT_TICK,
       element, eros_deployment_label_of (element));
}

static void
look_at_phase (Search *search, ErosPhase *phase)
{
  GListModel *sections = eros_phase_get_sections (phase);

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements) && search->list->len < search->n; j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);
          ErosElementKind kind = eros_element_get_kind (element);

          if (kind == EROS_ELEMENT_OPERATION)
            look_at_operation (search, element);
          else if (kind == EROS_ELEMENT_CHECK || kind == EROS_ELEMENT_SIGN_OFF)
            look_at_box (search, element);
        }
    }
}

static gboolean
is_emergency (ErosPhaseProgress *progress)
{
  return eros_phase_is_contingency (eros_phase_progress_get_phase (progress));
}

/* What is only for emergencies is to be done once one has begun, and then before anything else. */
static gboolean
is_to_be_done (ErosDeployment *self, ErosPhaseProgress *progress)
{
  return !is_emergency (progress) || eros_phase_progress_get_state (progress) != EROS_PHASE_NOT_STARTED ||
         eros_deployment_get_result (self) == EROS_RESULT_ROLLED_BACK;
}

/**
 * eros_next_list:
 * @deployment: a deployment
 * @now: the present, in microseconds since 1970
 * @n: how many are wanted, at most
 *
 * Lists what is to be done next, and what has to be done before each.
 *
 * Returns: (transfer full) (element-type ErosNext): what comes first first; empty when all is done
 */
GPtrArray *
eros_next_list (ErosDeployment *deployment, gint64 now, guint n)
{
  g_auto (Search) search = { deployment, now, n, NULL, NULL };
  guint n_phases;

  search.list = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_next_free);
  g_return_val_if_fail (EROS_IS_DEPLOYMENT (deployment), search.list);

  search.proven = g_hash_table_new (g_str_hash, g_str_equal);
  n_phases = g_list_model_get_n_items (G_LIST_MODEL (deployment->progress));
  add_unfinished (&search);
  add_round (&search, TRUE);
  for (guint i = 0; i < 2 * n_phases; i++)
    {
      g_autoptr (ErosPhaseProgress) progress =
        g_list_model_get_item (G_LIST_MODEL (deployment->progress), i % n_phases);

      if (is_emergency (progress) == (i < n_phases) && is_to_be_done (deployment, progress))
        look_at_phase (&search, eros_phase_progress_get_phase (progress));
    }
  if (search.list->len < n)
    add_round (&search, FALSE);
  return search.list;
}
