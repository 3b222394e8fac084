/* eros-deployment.c: a deployment that is open: what can be asked of it and what it announces
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-deployment-number.h"
#include "eros-deployment-private.h"
#include "eros-error-domain.h"

enum
{
  PROP_ACTOR = 1,
  PROP_DONE,
  PROP_TOTAL,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

enum
{
  SIGNAL_FIELD_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

EROS_DEFINE_ERROR_DOMAIN (deployment)
G_DEFINE_FINAL_TYPE (ErosDeployment, eros_deployment, G_TYPE_OBJECT)

static void
eros_deployment_finalize (GObject *object)
{
  ErosDeployment *self = EROS_DEPLOYMENT (object);

  g_clear_pointer (&self->setup, eros_deployment_setup_free);
  g_clear_pointer (&self->placed, g_hash_table_unref);
  g_clear_pointer (&self->items, g_hash_table_unref);
  g_clear_pointer (&self->fields, g_hash_table_unref);
  g_clear_pointer (&self->owners, g_hash_table_unref);
  g_clear_pointer (&self->sourced, g_hash_table_unref);
  g_clear_pointer (&self->followers, g_hash_table_unref);
  g_clear_pointer (&self->overrides, g_hash_table_unref);
  g_clear_pointer (&self->histories, g_hash_table_unref);
  g_clear_pointer (&self->undone, g_hash_table_unref);
  g_clear_pointer (&self->criteria, g_hash_table_unref);
  g_clear_pointer (&self->all_criteria, g_ptr_array_unref);
  g_clear_pointer (&self->labels, g_hash_table_unref);
  g_clear_pointer (&self->texts, g_string_chunk_free);
  g_clear_pointer (&self->acts, g_ptr_array_unref);
  g_clear_pointer (&self->decided, g_hash_table_unref);
  g_clear_pointer (&self->holding, g_hash_table_unref);
  g_clear_pointer (&self->words, g_hash_table_unref);
  g_clear_pointer (&self->ends, g_ptr_array_unref);
  g_clear_pointer (&self->decisions, g_ptr_array_unref);
  g_clear_pointer (&self->operations, g_hash_table_unref);
  g_clear_pointer (&self->schedules, g_ptr_array_unref);
  g_clear_pointer (&self->templates, g_ptr_array_unref);
  g_clear_pointer (&self->begun, g_ptr_array_unref);
  g_clear_pointer (&self->rounds, g_array_unref);
  g_clear_pointer (&self->windows, g_array_unref);
  g_clear_pointer (&self->missed, g_hash_table_unref);
  g_clear_pointer (&self->filled, g_hash_table_unref);
  g_clear_pointer (&self->summed, g_ptr_array_unref);
  g_clear_pointer (&self->sums, g_hash_table_unref);
  g_clear_pointer (&self->logs, g_hash_table_unref);
  g_clear_object (&self->progress);
  g_clear_object (&self->runbook);
  if (self->journal != NULL)
    g_signal_handlers_disconnect_by_data (self->journal, self);
  g_clear_object (&self->journal);
  g_free (self->id);
  g_free (self->actor);
  G_OBJECT_CLASS (eros_deployment_parent_class)->finalize (object);
}

static void
eros_deployment_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  ErosDeployment *self = EROS_DEPLOYMENT (object);
  guint done, total;

  switch (id)
    {
    case PROP_ACTOR:
      g_value_set_string (value, self->actor);
      break;
    case PROP_DONE:
      eros_deployment_get_overall (self, &done, NULL);
      g_value_set_uint (value, done);
      break;
    case PROP_TOTAL:
      eros_deployment_get_overall (self, NULL, &total);
      g_value_set_uint (value, total);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
eros_deployment_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  switch (id)
    {
    case PROP_ACTOR:
      eros_deployment_set_actor (EROS_DEPLOYMENT (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
eros_deployment_class_init (ErosDeploymentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = eros_deployment_finalize;
  object_class->get_property = eros_deployment_get_property;
  object_class->set_property = eros_deployment_set_property;

  properties[PROP_ACTOR] = g_param_spec_string (
    "actor", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_DONE] =
    g_param_spec_uint ("done", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TOTAL] =
    g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * ErosDeployment::field-changed:
   * @self: the deployment
   * @field_id: the field; also the signal’s detail
   *
   * What eros_deployment_get_value() says of the field is new.
   */
  signals[SIGNAL_FIELD_CHANGED] =
    g_signal_new ("field-changed", EROS_TYPE_DEPLOYMENT, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

/**
 * eros_deployment_default_actor:
 *
 * Returns: (transfer full): who acts when nobody has said it: the name of the
 *   account, or what it is called
 */
char *
eros_deployment_default_actor (void)
{
  const char *name = g_get_real_name ();

  return g_strdup (*name == '\0' || g_str_equal (name, "Unknown") ? g_get_user_name () : name);
}

static void
eros_deployment_init (ErosDeployment *self)
{
  self->actor = eros_deployment_default_actor ();
  self->progress = g_list_store_new (EROS_TYPE_PHASE_PROGRESS);
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->placed = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  self->fields = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->owners = g_hash_table_new (g_str_hash, g_str_equal);
  self->sourced = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->followers =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->overrides = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->histories =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->undone = g_hash_table_new (NULL, NULL);
  self->criteria = g_hash_table_new (g_str_hash, g_str_equal);
  self->all_criteria = g_ptr_array_new ();
  self->texts = g_string_chunk_new (256);
  self->labels = g_hash_table_new (NULL, NULL);
  self->acts = g_ptr_array_new ();
  self->decisions = g_ptr_array_new_with_free_func (g_free);
  self->decided = g_hash_table_new (NULL, NULL);
  self->holding = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->ends = g_ptr_array_new ();
  self->operations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->schedules = g_ptr_array_new ();
  self->templates = g_ptr_array_new ();
  self->begun = eros_deployment_new_begun ();
  self->rounds = g_array_new (FALSE, FALSE, sizeof (ErosRound));
  self->windows = g_array_new (FALSE, FALSE, sizeof (ErosWindowTimes));
  self->missed = g_hash_table_new (g_str_hash, g_str_equal);
  self->filled = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  eros_deployment_init_sums (self);
}

void
eros_deployment_emit_field_changed (ErosDeployment *self, const char *field_id)
{
  GPtrArray *followers = g_hash_table_lookup (self->followers, field_id);

  g_signal_emit (self, signals[SIGNAL_FIELD_CHANGED], g_quark_from_string (field_id), field_id);
  for (guint i = 0; followers != NULL && i < followers->len; i++)
    {
      ErosField *field = eros_runbook_find_field (self->runbook, followers->pdata[i]);

      eros_deployment_update_sourced (self, field);
      eros_deployment_update_name (self, followers->pdata[i]);
      g_signal_emit (self, signals[SIGNAL_FIELD_CHANGED], g_quark_from_string (followers->pdata[i]),
                     followers->pdata[i]);
    }
}

static void
add_fields (ErosDeployment *self, GListModel *fields, ErosItem *owner)
{
  guint n = g_list_model_get_n_items (fields);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const char *id = eros_field_get_id (field);
      const char *source = eros_field_get_source (field);

      g_hash_table_insert (self->fields, (gpointer) id, g_new0 (ErosFieldState, 1));
      if (owner != NULL)
        g_hash_table_insert (self->owners, (gpointer) id, owner);
      if (source != NULL && g_str_has_prefix (source, "field:"))
        {
          GPtrArray *followers = g_hash_table_lookup (self->followers, source + strlen ("field:"));

          if (followers == NULL)
            {
              followers = g_ptr_array_new ();
              g_hash_table_insert (self->followers, g_strdup (source + strlen ("field:")), followers);
            }
          g_ptr_array_add (followers, (gpointer) id);
        }
    }
}

static void
add_elements (ErosDeployment *self, GListModel *sections, GPtrArray *items)
{
  guint n_sections = g_list_model_get_n_items (sections);

  for (guint i = 0; i < n_sections; i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);
      guint n = g_list_model_get_n_items (elements);

      for (guint j = 0; j < n; j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);
          ErosItem *item = eros_item_new (element);

          g_hash_table_insert (self->items, (gpointer) eros_element_get_id (element), item);
          add_fields (self, eros_element_get_fields (element), item);
          eros_deployment_add_criteria (self, element);
          if (eros_element_get_kind (element) == EROS_ELEMENT_SCHEDULE)
            g_ptr_array_add (self->schedules, element); /* the runbook keeps it */
          if (eros_element_get_kind (element) == EROS_ELEMENT_TEMPLATE)
            g_ptr_array_add (self->templates, element);
          if (eros_element_get_sum (element) != NULL)
            g_ptr_array_add (self->summed, element);
          g_ptr_array_add (items, item);
        }
    }
}

static GPtrArray *
list_counted (GPtrArray *items)
{
  GPtrArray *counted = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    if (eros_item_counts (items->pdata[i]))
      g_ptr_array_add (counted, items->pdata[i]);
  return counted;
}

static GPtrArray *
add_items (ErosDeployment *self, gpointer place, GListModel *sections)
{
  GPtrArray *items = g_ptr_array_new ();

  add_elements (self, sections, items);
  g_hash_table_insert (self->placed, place, items);
  return items;
}

/* Everything in its first state. */
static void
lay_out (ErosDeployment *self)
{
  GListModel *phases = eros_runbook_get_phases (self->runbook);
  guint n = g_list_model_get_n_items (phases);

  add_fields (self, eros_runbook_get_details (self->runbook), NULL);
  add_items (self, self->runbook, eros_runbook_get_appendix (self->runbook));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);
      GPtrArray *items = add_items (self, phase, eros_phase_get_sections (phase));
      g_autoptr (GPtrArray) counted = list_counted (items);
      g_autoptr (ErosPhaseProgress) progress = eros_phase_progress_new (phase, counted);

      g_list_store_append (self->progress, progress);
    }

  eros_deployment_update_all_sourced (self);
}

static void
appended_cb (ErosJournal *journal, ErosEvent *event, gpointer user_data)
{
  ErosDeployment *self = EROS_DEPLOYMENT (user_data);
  guint done_before, done;

  eros_deployment_get_overall (self, &done_before, NULL);
  eros_deployment_fold_event (self, event);
  eros_deployment_get_overall (self, &done, NULL);
  if (done != done_before)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DONE]);
}

static gboolean
report_unreadable (ErosJournal *journal, const char *problem, GError **error)
{
  g_autofree char *name = g_file_get_parse_name (eros_journal_get_file (journal));

  g_set_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_UNREADABLE,
               /* Translators: file; what is wrong with it. */
               _ ("%s is a whole journal, but not of a deployment: %s."), name, problem);
  return FALSE;
}

static gboolean
read_runbook (ErosDeployment *self, ErosEvent *created, GError **error)
{
  const char *text = eros_event_get_string (created, EROS_MEMBER_RUNBOOK);
  const char *sha256 = eros_event_get_string (created, EROS_MEMBER_RUNBOOK_SHA256);
  g_autofree char *actual = text != NULL ? g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1) : NULL;

  if (text == NULL || g_strcmp0 (actual, sha256) != 0)
    return report_unreadable (self->journal, _ ("the runbook in it does not match its SHA-256"), error);
  self->runbook = eros_runbook_parse_recorded (text, self->id, error);
  return self->runbook != NULL;
}

static gboolean
read_created (ErosDeployment *self, GError **error)
{
  g_autoptr (ErosEvent) created = g_list_model_get_item (G_LIST_MODEL (self->journal), 0);
  JsonNode *setup;

  if (created == NULL)
    return report_unreadable (self->journal, _ ("it has no events"), error);
  if (!eros_event_is (created, EROS_EVENT_DEPLOYMENT_CREATED))
    return report_unreadable (self->journal, _ ("its first event does not say what is deployed"), error);

  setup = json_object_get_member (eros_event_get_body (created), EROS_MEMBER_SETUP);
  if (setup != NULL && JSON_NODE_HOLDS_OBJECT (setup))
    self->setup = eros_deployment_setup_from_json (json_node_get_object (setup));
  if (self->setup == NULL)
    return report_unreadable (self->journal, _ ("its settings are not complete"), error);
  return read_runbook (self, created, error);
}

static char *
make_id (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *id = g_filename_display_name (name);

  if (g_str_has_suffix (id, ".erosdeploy"))
    id[strlen (id) - strlen (".erosdeploy")] = '\0';
  return g_steal_pointer (&id);
}

/* Takes over JOURNAL. */
static ErosDeployment *
deployment_new (ErosJournal *journal, GError **error)
{
  g_autoptr (ErosDeployment) self = NULL;

  if (journal == NULL)
    return NULL;
  self = g_object_new (EROS_TYPE_DEPLOYMENT, NULL);
  self->journal = journal;
  self->id = make_id (eros_journal_get_file (journal));
  if (!read_created (self, error))
    return NULL;

  lay_out (self);
  eros_deployment_fold_all (self);
  g_signal_connect (journal, "appended", G_CALLBACK (appended_cb), self);
  return g_steal_pointer (&self);
}

/**
 * eros_deployment_create:
 * @file: a file that does not exist
 * @runbook: what is to be done
 * @setup: its name, window, lead and connection
 * @actor: who creates it; acts from here on
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Makes a deployment and opens it for writing. Its first event holds all of
 * @setup and @runbook, so that it will open with this runbook for ever.
 *
 * Returns: (transfer full): the deployment
 */
ErosDeployment *
eros_deployment_create (GFile *file,
                        ErosRunbook *runbook,
                        const ErosDeploymentSetup *setup,
                        const char *actor,
                        GError **error)
{
  g_autoptr (JsonNode) body = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (ErosDeploymentSetup) normal = NULL;
  ErosDeployment *self;
  JsonObject *object;

  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (EROS_IS_RUNBOOK (runbook), NULL);
  g_return_val_if_fail (setup != NULL && actor != NULL, NULL);

  if (!eros_deployment_check_person (actor, error))
    return NULL;
  normal = eros_deployment_setup_normalize (setup, error);
  if (normal == NULL)
    return NULL;

  object = json_object_new ();
  json_object_set_member (object, "setup", eros_deployment_setup_to_json (normal));
  json_object_set_string_member (object, "runbook", eros_runbook_get_json (runbook));
  json_object_set_string_member (object, "runbook_sha256", eros_runbook_get_sha256 (runbook));
  json_object_set_string_member (object, "program", GETTEXT_PACKAGE " " EROS_VERSION);
  json_node_take_object (body, object);

  self = deployment_new (eros_numbering_create (file, actor, body, error), error);
  if (self != NULL)
    eros_deployment_set_actor (self, actor);
  return self;
}

/**
 * eros_deployment_open:
 * @file: a deployment’s file
 * @mode: for what; see eros_journal_open()
 * @error: return location for %EROS_DEPLOYMENT_ERROR, %EROS_JOURNAL_ERROR or
 *   an I/O error
 *
 * Opens a deployment in the state to which its events lead. Whoever acts is,
 * until somebody says otherwise, the user that the system knows.
 *
 * Returns: (transfer full): the deployment
 */
ErosDeployment *
eros_deployment_open (GFile *file, ErosJournalMode mode, GError **error)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  return deployment_new (eros_journal_open (file, mode, error), error);
}

/**
 * eros_deployment_reload:
 * @self: a deployment
 * @error: return location for %EROS_JOURNAL_ERROR
 *
 * Picks up what another process has written, if @self is open for reading.
 *
 * Returns: whether @self is up to date
 */
gboolean
eros_deployment_reload (ErosDeployment *self, GError **error)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  return eros_journal_reload (self->journal, error);
}

/**
 * eros_deployment_get_runbook:
 * @self: a deployment
 *
 * Returns: (transfer none): the runbook that it was made with
 */
ErosRunbook *
eros_deployment_get_runbook (ErosDeployment *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);
  return self->runbook;
}

/**
 * eros_deployment_get_journal:
 * @self: a deployment
 *
 * Returns: (transfer none): its events
 */
ErosJournal *
eros_deployment_get_journal (ErosDeployment *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);
  return self->journal;
}

/**
 * eros_deployment_get_setup:
 * @self: a deployment
 *
 * Returns: (transfer none): how it was set up; no text in it is %NULL
 */
const ErosDeploymentSetup *
eros_deployment_get_setup (ErosDeployment *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);
  return self->setup;
}

/**
 * eros_deployment_get_id:
 * @self: a deployment
 *
 * Returns: the name of its file without “.erosdeploy”, by which commands know
 *   it
 */
const char *
eros_deployment_get_id (ErosDeployment *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);
  return self->id;
}

/**
 * eros_deployment_get_progress:
 * @self: a deployment
 *
 * Returns: (transfer none): a #GListModel of #ErosPhaseProgress, in the order
 *   of the runbook
 */
GListModel *
eros_deployment_get_progress (ErosDeployment *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);
  return G_LIST_MODEL (self->progress);
}

/**
 * eros_deployment_get_item:
 * @self: a deployment
 * @element_id: an element of its runbook
 *
 * Returns: (nullable) (transfer none): the element’s state, always the same
 *   object
 */
ErosItem *
eros_deployment_get_item (ErosDeployment *self, const char *element_id)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);
  g_return_val_if_fail (element_id != NULL, NULL);
  return g_hash_table_lookup (self->items, element_id);
}

/**
 * eros_deployment_get_actor:
 * @self: a deployment
 *
 * Returns: who acts
 */
const char *
eros_deployment_get_actor (ErosDeployment *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);
  return self->actor;
}

/**
 * eros_deployment_set_actor:
 * @self: a deployment
 * @actor: name and address of a person, in one line
 */
void
eros_deployment_set_actor (ErosDeployment *self, const char *actor)
{
  g_return_if_fail (EROS_IS_DEPLOYMENT (self));
  g_return_if_fail (actor != NULL);

  if (g_str_equal (self->actor, actor))
    return;
  g_free (self->actor);
  self->actor = g_strdup (actor);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTOR]);
}

/**
 * eros_deployment_get_overall:
 * @self: a deployment
 * @done: (out) (optional): checks and sign-offs that are done
 * @total: (out) (optional): how many there are
 *
 * How far the whole is. Phases that are only conducted when needed do not
 * count. Also the properties “done” and “total”.
 */
void
eros_deployment_get_overall (ErosDeployment *self, guint *done, guint *total)
{
  guint n, sum_done = 0, sum_total = 0;

  g_return_if_fail (EROS_IS_DEPLOYMENT (self));

  n = g_list_model_get_n_items (G_LIST_MODEL (self->progress));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ErosPhaseProgress) progress = g_list_model_get_item (G_LIST_MODEL (self->progress), i);

      if (eros_phase_is_contingency (eros_phase_progress_get_phase (progress)))
        continue;
      sum_done += eros_phase_progress_get_done (progress);
      sum_total += eros_phase_progress_get_total (progress);
    }
  if (done != NULL)
    *done = sum_done;
  if (total != NULL)
    *total = sum_total;
}

/**
 * eros_deployment_get_phase_reached:
 * @self: a deployment
 *
 * Returns: (nullable) (transfer none): the furthest phase in which something
 *   has been done, or the first; %NULL when the runbook has no phases
 */
ErosPhase *
eros_deployment_get_phase_reached (ErosDeployment *self)
{
  ErosPhase *reached = NULL;
  guint n;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), NULL);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->progress));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ErosPhaseProgress) progress = g_list_model_get_item (G_LIST_MODEL (self->progress), i);
      ErosPhase *phase = eros_phase_progress_get_phase (progress);

      if (eros_phase_is_contingency (phase))
        continue;
      if (reached == NULL || eros_phase_progress_get_state (progress) != EROS_PHASE_NOT_STARTED)
        reached = phase;
    }
  return reached;
}

/**
 * eros_deployment_get_override:
 * @self: a deployment
 * @gate_id: a gate of its runbook
 * @override: (out) (optional): who opened it and why
 *
 * Returns: whether somebody has opened the gate by decision
 */
gboolean
eros_deployment_get_override (ErosDeployment *self, const char *gate_id, ErosOverride *override)
{
  ErosEvent *event;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (gate_id != NULL, FALSE);

  event = g_hash_table_lookup (self->overrides, gate_id);
  if (event != NULL && override != NULL)
    {
      override->name = eros_event_get_line (event, EROS_MEMBER_NAME);
      override->reason = eros_event_get_string (event, EROS_MEMBER_REASON);
      override->actor = eros_event_get_actor (event);
      override->time = eros_event_get_time (event);
    }
  return event != NULL;
}
