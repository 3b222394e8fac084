/* eros-runbook.c: a runbook as a whole
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-runbook-private.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-decimal.h"
#include "eros-error-domain.h"

#include "eros-strict-json.h"

#define FORMAT 1

struct _ErosRunbook
{
  GObject parent_instance;
  char *id;
  char *title;
  char *version;
  char *overview;
  char *json;
  char *sha256;
  char *worths;
  GListStore *phases;
  GListStore *details;
  GListStore *appendix;
  GListStore *gates;
  ErosStepFiles *steps;
  GHashTable *elements;  /* id → ErosElement */
  GHashTable *fields;    /* id → ErosField */
  GHashTable *phases_of; /* id of a phase, section, element or field → ErosPhase */
};

EROS_DEFINE_ERROR_DOMAIN (runbook)
G_DEFINE_FINAL_TYPE (ErosRunbook, eros_runbook, G_TYPE_OBJECT)

static void
eros_runbook_finalize (GObject *object)
{
  ErosRunbook *self = EROS_RUNBOOK (object);

  g_free (self->id);
  g_free (self->title);
  g_free (self->version);
  g_free (self->overview);
  g_free (self->json);
  g_free (self->sha256);
  g_free (self->worths);
  g_hash_table_unref (self->elements);
  g_hash_table_unref (self->fields);
  g_hash_table_unref (self->phases_of);
  g_object_unref (self->phases);
  g_object_unref (self->details);
  g_object_unref (self->appendix);
  g_object_unref (self->gates);
  g_clear_pointer (&self->steps, eros_step_files_unref);
  G_OBJECT_CLASS (eros_runbook_parent_class)->finalize (object);
}

static void
eros_runbook_class_init (ErosRunbookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_runbook_finalize;
}

/* The tables borrow from the lists, which live as long as the runbook. */
static void
eros_runbook_init (ErosRunbook *self)
{
  self->phases = g_list_store_new (EROS_TYPE_PHASE);
  self->details = g_list_store_new (EROS_TYPE_FIELD);
  self->appendix = g_list_store_new (EROS_TYPE_SECTION);
  self->gates = g_list_store_new (EROS_TYPE_GATE);
  self->elements = g_hash_table_new (g_str_hash, g_str_equal);
  self->fields = g_hash_table_new (g_str_hash, g_str_equal);
  self->phases_of = g_hash_table_new (g_str_hash, g_str_equal);
}

static void
read_element (ErosCursor *cursor, gpointer user_data)
{
  g_autoptr (ErosElement) element = eros_element_read (cursor);

  g_list_store_append (user_data, element);
}

static void
read_section (ErosCursor *cursor, gpointer user_data)
{
  g_autoptr (ErosSection) section = g_object_new (EROS_TYPE_SECTION, NULL);

  section->id = eros_cursor_id (cursor, EROS_ID_SECTION);
  section->title = eros_cursor_string (cursor, "title");
  eros_cursor_array (cursor, "elements", TRUE, read_element, section->elements);
  g_list_store_append (user_data, section);
}

static void
read_phase (ErosCursor *cursor, gpointer user_data)
{
  g_autoptr (ErosPhase) phase = g_object_new (EROS_TYPE_PHASE, NULL);
  guint before = g_list_model_get_n_items (user_data);

  phase->id = eros_cursor_id (cursor, EROS_ID_PHASE);
  phase->number = (guint) eros_cursor_integer (cursor, "number", 0, 0, 999);
  phase->title = eros_cursor_string (cursor, "title");
  phase->short_title = eros_cursor_string (cursor, "short_title");
  phase->is_contingency = eros_cursor_boolean (cursor, "contingency");
  eros_cursor_array (cursor, "sections", TRUE, read_section, phase->sections);
  if (before > 0)
    {
      g_autoptr (ErosPhase) last = g_list_model_get_item (user_data, before - 1);

      if (last->number >= phase->number)
        eros_cursor_fail (cursor, "number", -1,
                          _ ("phases stand in the order of their numbers; the one before is %u"),
                          last->number);
    }
  g_list_store_append (user_data, phase);
}

static void
read_recent (ErosCursor *cursor, gpointer user_data)
{
  ErosGate *gate = user_data;

  gate->recent = eros_cursor_reference (cursor, "operation", FALSE, EROS_ID_OPERATION);
  gate->recent_hours = (guint) eros_cursor_integer (cursor, "hours", 24, 1, 24 * 366);
}

static void
read_gate (ErosCursor *cursor, gpointer user_data)
{
  static const char *const kinds[] = { "items",          "sign-offs", "phases", "rehearsed", "proved",
                                       "another-person", "announced", "window", NULL };
  static const ErosIdKind required[] = { EROS_ID_CHECK,     EROS_ID_SIGN_OFF,  EROS_ID_PHASE,
                                         EROS_ID_OPERATION, EROS_ID_OPERATION, EROS_ID_SIGN_OFF,
                                         EROS_ID_FIELD,     EROS_ID_OPERATION };
  g_autoptr (ErosGate) gate = g_object_new (EROS_TYPE_GATE, NULL);

  gate->id = eros_cursor_id (cursor, EROS_ID_GATE);
  gate->title = eros_cursor_string (cursor, "title");
  gate->kind = eros_cursor_choice (cursor, "kind", kinds);
  gate->guards =
    eros_cursor_references (cursor, "guards", EROS_ID_PHASE | EROS_ID_ELEMENT | EROS_ID_OPERATION);
  gate->requires = eros_cursor_references (cursor, "requires", required[gate->kind]);
  gate->may_override = eros_cursor_boolean (cursor, "may_override");
  gate->looks_again = eros_cursor_boolean (cursor, "again");
  gate->hours_ahead = (guint) eros_cursor_integer (cursor, "hours_ahead", 24, 1, 24 * 366);
  eros_cursor_object (cursor, "recent", read_recent, gate);
  if (gate->guards == NULL || gate->requires == NULL)
    eros_cursor_fail (cursor, gate->guards == NULL ? "guards" : "requires", -1,
                      _ ("this member is missing (a list)"));
  for (guint i = 0; cursor->reader->error == NULL && gate->requires[i] != NULL; i++)
    {
      /* What has to be rehearsed or proved before it is done, or done within the window, is the same thing.
       */
      if (gate->kind != EROS_GATE_REHEARSED && gate->kind != EROS_GATE_PROVED &&
          gate->kind != EROS_GATE_WINDOW &&
          g_strv_contains ((const char *const *) gate->guards, gate->requires[i]))
        eros_cursor_fail (cursor, "requires", (int) i, _ ("“%s” would wait for itself"), gate->requires[i]);
    }
  g_list_store_append (user_data, gate);
}

static void
read_detail (ErosCursor *cursor, gpointer user_data)
{
  g_autoptr (ErosField) field = eros_field_read (cursor);

  g_list_store_append (user_data, field);
}

/* The object "worths": price tier → decimal. */
static char *
read_worths (ErosCursor *cursor)
{
  JsonNode *node = eros_cursor_node (cursor, "worths", FALSE, JSON_TYPE_OBJECT, _ ("an object"));
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GList) tiers = node != NULL ? json_object_get_members (json_node_get_object (node)) : NULL;

  for (GList *tier = tiers; tier != NULL; tier = tier->next)
    {
      JsonNode *value = json_object_get_member (json_node_get_object (node), tier->data);
      g_autofree char *member = g_strdup_printf ("worths.%s", (char *) tier->data);
      const char *text = JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING
                           ? json_node_get_string (value)
                           : NULL;
      g_autofree char *worth = text != NULL ? eros_decimal_parse (text, FALSE) : NULL;

      if (text == NULL || g_strcmp0 (worth, text) != 0 || *text == '-' ||
          strpbrk (tier->data, "\t\n\r") != NULL)
        eros_cursor_fail (cursor, member, -1, _ ("a decimal number of at least 0, as a text, was expected"));
      g_string_append_printf (lines, "%s%s\t%s", lines->len > 0 ? "\n" : "", (char *) tier->data,
                              text != NULL ? text : "");
    }
  return g_string_free (g_steal_pointer (&lines), FALSE);
}

static void
check_text (JsonObject *object, const char *path, JsonNode *text, gpointer cursor)
{
  if (!JSON_NODE_HOLDS_VALUE (text) || json_node_get_value_type (text) != G_TYPE_STRING)
    eros_cursor_fail (cursor, "steps", -1, _ ("“%s” is not a text"), path);
}

/* A runbook that is loaded names a folder; what is written down of it holds the texts. */
static void
read_steps (ErosCursor *cursor, ErosRunbook *self)
{
  g_autofree char *folder = eros_cursor_maybe (cursor, "steps_folder");
  g_autoptr (ErosStepFiles) files = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *node;

  if (folder != NULL)
    {
      files = eros_reader_load_steps (cursor->reader, folder, &error);
      if (files == NULL)
        {
          eros_cursor_fail (cursor, "steps_folder", -1, "%s", error->message);
          return;
        }
      json_object_remove_member (cursor->object, "steps_folder");
      json_object_set_object_member (cursor->object, "steps", eros_step_files_to_json (files));
    }
  node = eros_cursor_node (cursor, "steps", FALSE, JSON_TYPE_OBJECT, _ ("an object"));
  if (node != NULL)
    json_object_foreach_member (json_node_get_object (node), check_text, cursor);
  if (node != NULL && cursor->reader->error == NULL)
    {
      eros_step_files_unref (cursor->reader->steps);
      cursor->reader->steps = eros_step_files_new (json_node_get_object (node), self->id);
    }
  self->steps = eros_step_files_ref (cursor->reader->steps);
}

static void
read_runbook (ErosCursor *cursor, gpointer user_data)
{
  ErosRunbook *self = user_data;

  if (eros_cursor_integer (cursor, "format", 0, 0, 999) != FORMAT)
    eros_cursor_fail (cursor, "format", -1, _ ("this program reads format %d"), FORMAT);
  self->id = eros_cursor_string (cursor, "id");
  self->title = eros_cursor_string (cursor, "title");
  self->version = eros_cursor_string (cursor, "version");
  self->overview = eros_cursor_string (cursor, "overview");
  read_steps (cursor, self);
  self->worths = read_worths (cursor);
  eros_cursor_array (cursor, "details", FALSE, read_detail, self->details);
  eros_cursor_array (cursor, "phases", TRUE, read_phase, self->phases);
  eros_cursor_array (cursor, "appendix", FALSE, read_section, self->appendix);
  eros_cursor_array (cursor, "gates", FALSE, read_gate, self->gates);
}

static void
index_fields (ErosRunbook *self, GListModel *fields, ErosPhase *phase)
{
  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const char *id = eros_field_get_id (field);

      g_hash_table_insert (self->fields, (gpointer) id, field);
      if (phase != NULL)
        g_hash_table_insert (self->phases_of, (gpointer) id, phase);
    }
}

static void
index_sections (ErosRunbook *self, GListModel *sections, ErosPhase *phase)
{
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = G_LIST_MODEL (section->elements);

      if (phase != NULL)
        g_hash_table_insert (self->phases_of, section->id, phase);
      for (guint k = 0; k < g_list_model_get_n_items (elements); k++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, k);

          g_hash_table_insert (self->elements, element->id, element);
          if (phase != NULL)
            g_hash_table_insert (self->phases_of, element->id, phase);
          index_fields (self, G_LIST_MODEL (element->fields), phase);
        }
    }
}

static void
index_all (ErosRunbook *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->phases)); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (G_LIST_MODEL (self->phases), i);

      g_hash_table_insert (self->phases_of, phase->id, phase);
      index_sections (self, G_LIST_MODEL (phase->sections), phase);
    }
  index_sections (self, G_LIST_MODEL (self->appendix), NULL);
  index_fields (self, G_LIST_MODEL (self->details), NULL);
}

static gboolean
shares (const char *const *some, const char *const *others)
{
  for (guint i = 0; some != NULL && others != NULL && some[i] != NULL; i++)
    if (g_strv_contains (others, some[i]))
      return TRUE;
  return FALSE;
}

static gboolean
guards_deployment (const ErosGate *gate)
{
  for (guint i = 0; gate->guards[i] != NULL; i++)
    if (eros_operation_kind_of (gate->guards[i]) == EROS_OPERATION_KIND_DEPLOY)
      return TRUE;
  return FALSE;
}

/* A runbook that was written down before gates could say it still means it: whoever deploys wants a backup of
 * the last day, at the gate that asks for what a backup proves. */
static void
imply_recent_backup (ErosRunbook *self)
{
  const char *name = eros_operation_kind_get_name (EROS_OPERATION_KIND_BACKUP);
  ErosElement *backup = eros_runbook_find_operation (self, name);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->gates));

  for (guint pass = 0; backup != NULL && pass < 2; pass++)
    for (guint i = 0; i < n; i++)
      {
        g_autoptr (ErosGate) gate = g_list_model_get_item (G_LIST_MODEL (self->gates), i);

        if (pass == 0 && gate->recent != NULL)
          return;
        if (pass == 0 || !guards_deployment (gate) ||
            !shares ((const char *const *) gate->requires, eros_element_get_proves (backup)))
          continue;
        gate->recent = g_strdup (name);
        gate->recent_hours = 24;
      }
}

static const char *
find_result (const char *const *fills, const char *field)
{
  for (guint i = 0; fills != NULL && fills[i] != NULL; i += 2)
    if (g_str_equal (fills[i], field))
      return fills[i + 1];
  return NULL;
}

/* A row is found by the last part of its id: one that is misspelt would show what was measured as if nobody
 * had. */
static void
check_rows (ErosRunbook *self, ErosElement *table, ErosReader *reader)
{
  ErosElement *comparison =
    eros_runbook_find_operation (self, eros_operation_kind_get_name (EROS_OPERATION_KIND_COMPARISON));
  const char *const *fills = comparison != NULL ? eros_element_get_fills (comparison) : NULL;
  guint n = 0;
  const ErosMetricRow *rows = eros_element_get_metrics (table, &n);

  for (guint i = 0; i < n; i++)
    {
      const char *dot = strrchr (rows[i].id, '.');
      const char *name = dot != NULL ? dot + 1 : rows[i].id;
      const char *results[] = { find_result (fills, rows[i].before), find_result (fills, rows[i].after) };
      static const char *const sides[] = { "before", "after" };

      for (guint j = 0; j < G_N_ELEMENTS (sides); j++)
        {
          g_autofree char *wanted = g_strconcat (sides[j], ".", name, NULL);
          g_autofree char *reason = NULL;

          if (results[j] == NULL || g_str_equal (results[j], wanted))
            continue;
          reason = g_strdup_printf (
            _ ("by its id “%1$s” would stand in it, and the comparison fills in “%2$s”"), wanted, results[j]);
          eros_reader_fail_id (reader, rows[i].id, reason);
        }
    }
}

/* (nullable): what the numbers of a field are of, as a row of the table writes it */
static const char *
unit_of (ErosField *field)
{
  ErosFieldType type = eros_field_get_field_type (field);

  return type == EROS_FIELD_MONEY ? "$" : type == EROS_FIELD_PERCENTAGE ? "%" : eros_field_get_unit (field);
}

/* A row writes what stands in its fields. */
static void
check_units (ErosRunbook *self, ErosElement *table, ErosReader *reader)
{
  guint n = 0;
  const ErosMetricRow *rows = eros_element_get_metrics (table, &n);

  for (guint i = 0; i < n; i++)
    {
      const char *ids[] = { rows[i].before, rows[i].after };

      for (guint j = 0; *rows[i].unit != '\0' && j < G_N_ELEMENTS (ids); j++)
        {
          const char *unit = unit_of (eros_runbook_find_field (self, ids[j]));
          g_autofree char *reason = NULL;

          if (g_strcmp0 (unit, rows[i].unit) == 0)
            continue;
          reason = g_strdup_printf (_ ("“%1$s” is not the unit of its field “%2$s”; that is: %3$s"),
                                    rows[i].unit, ids[j], unit != NULL ? unit : _ ("none"));
          eros_reader_fail_id (reader, rows[i].id, reason);
        }
    }
}

static void
check_tables (ErosRunbook *self, ErosReader *reader)
{
  GHashTableIter iter;
  gpointer element;

  g_hash_table_iter_init (&iter, self->elements);
  while (!reader->is_recorded && g_hash_table_iter_next (&iter, NULL, &element))
    if (eros_element_get_kind (element) == EROS_ELEMENT_COMPARISON)
      {
        check_rows (self, element, reader);
        check_units (self, element, reader);
      }
}

/* folder: (nullable): where files that the runbook names are looked for, before the program's own.
 * is_recorded: names of things that another version of the program could do are no error. */
ErosRunbook *
eros_runbook_read (const char *text,
                   gsize length,
                   const char *name,
                   GFile *folder,
                   gboolean is_recorded,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (ErosRunbook) self = NULL;
  g_autoptr (JsonNode) root = eros_strict_json_parse (text, length, name, error);
  ErosReader reader;

  if (root == NULL)
    return NULL;
  self = g_object_new (EROS_TYPE_RUNBOOK, NULL);
  eros_reader_init (&reader, name, folder, cancellable);
  reader.is_recorded = is_recorded;
  eros_reader_read (&reader, root, read_runbook, self);
  if (reader.error == NULL && eros_reader_resolve (&reader))
    {
      index_all (self);
      check_tables (self, &reader);
    }
  if (reader.error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reader.error));
      eros_reader_clear (&reader);
      return NULL;
    }
  eros_reader_clear (&reader);

  if (is_recorded)
    imply_recent_backup (self);
  self->json = eros_strict_json_canonical (root);
  self->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->json, -1);
  return g_steal_pointer (&self);
}

/**
 * eros_runbook_get_id:
 * @self: a runbook
 *
 * Returns: what kind of deployment it is for: “eros-scheduling”
 */
const char *
eros_runbook_get_id (ErosRunbook *self)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);

  return self->id;
}

/**
 * eros_runbook_get_title:
 * @self: a runbook
 *
 * Returns: its title
 */
const char *
eros_runbook_get_title (ErosRunbook *self)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);

  return self->title;
}

/**
 * eros_runbook_get_version:
 * @self: a runbook
 *
 * Returns: its version, of its revision history
 */
const char *
eros_runbook_get_version (ErosRunbook *self)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);

  return self->version;
}

/**
 * eros_runbook_get_overview:
 * @self: a runbook
 *
 * Returns: what it is for
 */
const char *
eros_runbook_get_overview (ErosRunbook *self)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);

  return self->overview;
}

/**
 * eros_runbook_get_sha256:
 * @self: a runbook
 *
 * Returns: SHA-256 of eros_runbook_get_json(), lower-case hex: the same for two files that differ in layout
 *   only
 */
const char *
eros_runbook_get_sha256 (ErosRunbook *self)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);

  return self->sha256;
}

/**
 * eros_runbook_get_json:
 * @self: a runbook
 *
 * Returns: the whole runbook, with the files that it names, in canonical JSON that eros_runbook_parse() reads
 */
const char *
eros_runbook_get_json (ErosRunbook *self)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);

  return self->json;
}

/**
 * eros_runbook_get_steps:
 * @self: a runbook
 *
 * Returns: (transfer none): what its operations send, and what they expect of the answers
 */
ErosStepFiles *
eros_runbook_get_steps (ErosRunbook *self)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);

  return self->steps;
}

/**
 * eros_runbook_get_phases:
 * @self: a runbook
 *
 * Returns: (transfer none): of #ErosPhase, by number
 */
GListModel *
eros_runbook_get_phases (ErosRunbook *self)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);

  return G_LIST_MODEL (self->phases);
}

/**
 * eros_runbook_get_details:
 * @self: a runbook
 *
 * Returns: (transfer none): of #ErosField: deployment date, lead, backup location
 */
GListModel *
eros_runbook_get_details (ErosRunbook *self)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);

  return G_LIST_MODEL (self->details);
}

/**
 * eros_runbook_get_appendix:
 * @self: a runbook
 *
 * Returns: (transfer none): of #ErosSection: contacts, escalation path, quick reference, revision history
 */
GListModel *
eros_runbook_get_appendix (ErosRunbook *self)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);

  return G_LIST_MODEL (self->appendix);
}

/**
 * eros_runbook_get_gates:
 * @self: a runbook
 *
 * Returns: (transfer none): of #ErosGate
 */
GListModel *
eros_runbook_get_gates (ErosRunbook *self)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);

  return G_LIST_MODEL (self->gates);
}

/**
 * eros_runbook_get_worths:
 * @self: a runbook
 *
 * Returns: what an engagement of each price tier is worth, a line with tier, tab and decimal number each; an
 *   engagement of another tier is worth 1
 */
const char *
eros_runbook_get_worths (ErosRunbook *self)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);

  return self->worths;
}

/**
 * eros_runbook_find_element:
 * @self: a runbook
 * @id: id of an element
 *
 * Returns: (nullable) (transfer none): the element, or %NULL when there is none of this id
 */
ErosElement *
eros_runbook_find_element (ErosRunbook *self, const char *id)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return g_hash_table_lookup (self->elements, id);
}

/**
 * eros_runbook_find_field:
 * @self: a runbook
 * @id: id of a field
 *
 * Returns: (nullable) (transfer none): the field, or %NULL when there is none of this id
 */
ErosField *
eros_runbook_find_field (ErosRunbook *self, const char *id)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return g_hash_table_lookup (self->fields, id);
}

/**
 * eros_runbook_find_phase:
 * @self: a runbook
 * @id: id of a phase
 *
 * Returns: (nullable) (transfer none): the phase, or %NULL when there is none of this id
 */
ErosPhase *
eros_runbook_find_phase (ErosRunbook *self, const char *id)
{
  ErosPhase *phase = eros_runbook_phase_of (self, id);

  return phase != NULL && g_str_equal (phase->id, id) ? phase : NULL;
}

/**
 * eros_runbook_phase_of:
 * @self: a runbook
 * @id: id of a phase, section, element or field
 *
 * Returns: (nullable) (transfer none): the phase that it stands on, or %NULL for the appendix and the details
 */
ErosPhase *
eros_runbook_phase_of (ErosRunbook *self, const char *id)
{
  g_return_val_if_fail (EROS_IS_RUNBOOK (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return g_hash_table_lookup (self->phases_of, id);
}
