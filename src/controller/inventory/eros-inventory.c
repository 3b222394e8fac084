/* eros-inventory.c: what a data set is: its objects in their order, each with a digest, the whole with one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-inventory.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-canonical-json.h"
#include "eros-controller-error.h"
#include "eros-definition.h"
#include "eros-json.h"
#include "eros-record.h"
#include "eros-time-text.h"

#define FORMAT "eros-inventory-1"

struct _ErosInventory
{
  gatomicrefcount refs;
  char *project;
  char *dataset;
  gint64 taken_at;
  GPtrArray *objects; /* of ErosInventoryObject: by kind and name, once it is complete */
  GHashTable *index;  /* "kind\nname" → ErosInventoryObject */
  GPtrArray *rows;    /* of ErosInventoryRows */
  GPtrArray *gaps;    /* of ErosInventoryGap */
  char *digest;
};

static void
object_free (ErosInventoryObject *object)
{
  g_free (object->kind);
  g_free (object->name);
  g_free (object->definition);
  g_free (object->digest);
  g_free (object);
}

static void
rows_free (ErosInventoryRows *rows)
{
  g_free (rows->table);
  g_free (rows->checksum);
  g_free (rows->total);
  g_free (rows);
}

static void
gap_free (ErosInventoryGap *gap)
{
  g_free (gap->what);
  g_free (gap->why);
  g_free (gap);
}

/**
 * eros_inventory_new:
 * @project: the project
 * @dataset: the data set
 * @taken_at: when, microseconds since 1970, by the clock of whoever reads it
 *
 * Returns: (transfer full): an inventory without objects
 */
ErosInventory *
eros_inventory_new (const char *project, const char *dataset, gint64 taken_at)
{
  ErosInventory *self = g_new0 (ErosInventory, 1);

  g_atomic_ref_count_init (&self->refs);
  self->project = g_strdup (project);
  self->dataset = g_strdup (dataset);
  self->taken_at = taken_at;
  self->objects = g_ptr_array_new_with_free_func ((GDestroyNotify) object_free);
  self->index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) rows_free);
  self->gaps = g_ptr_array_new_with_free_func ((GDestroyNotify) gap_free);
  return self;
}

ErosInventory *
eros_inventory_ref (ErosInventory *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
eros_inventory_unref (ErosInventory *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_hash_table_unref (self->index);
  g_ptr_array_unref (self->objects);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->gaps);
  g_free (self->project);
  g_free (self->dataset);
  g_free (self->digest);
  g_free (self);
}

/* ---- what is in it ------------------------------------------------------------------------------------- */

static char *
key_of (const char *kind, const char *name)
{
  return g_strdup_printf ("%s\n%s", kind, name);
}

/* A snapshot's name says who has made it, as backups are found by it. */
static gboolean
is_ours (const char *kind, const char *name)
{
  return g_str_equal (kind, EROS_INVENTORY_SNAPSHOT) &&
         g_regex_match_simple ("_(backup|before_rollback|kept)_[0-9]{8}_[0-9]{6}$", name,
                               G_REGEX_DOLLAR_ENDONLY, 0);
}

/* Takes definition. */
static void
add_object (ErosInventory *self, const char *kind, const char *name, char *definition)
{
  ErosInventoryObject *object = g_new0 (ErosInventoryObject, 1);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  object->kind = g_strdup (kind);
  object->name = g_strdup (name);
  object->definition = definition;
  object->is_ours = is_ours (kind, name);
  g_checksum_update (checksum, (const guchar *) kind, -1);
  g_checksum_update (checksum, (const guchar *) "\n", 1);
  g_checksum_update (checksum, (const guchar *) name, -1);
  g_checksum_update (checksum, (const guchar *) "\n", 1);
  g_checksum_update (checksum, (const guchar *) definition, -1);
  object->digest = g_strdup (g_checksum_get_string (checksum));
  g_ptr_array_add (self->objects, object);
  g_hash_table_insert (self->index, key_of (kind, name), object);
}

void
eros_inventory_add (ErosInventory *self, const char *kind, const char *name, const char *text)
{
  add_object (self, kind, name, eros_definition_generalize (text, self->project, self->dataset));
}

void
eros_inventory_add_rows (ErosInventory *self,
                         const char *table,
                         gint64 n_rows,
                         gint64 bytes,
                         const char *checksum,
                         const char *total)
{
  ErosInventoryRows *rows = g_new0 (ErosInventoryRows, 1);

  rows->table = g_strdup (table);
  rows->n_rows = n_rows;
  rows->bytes = bytes;
  rows->checksum = g_strdup (checksum);
  rows->total = g_strdup (total);
  g_ptr_array_add (self->rows, rows);
}

void
eros_inventory_add_gap (ErosInventory *self, const char *what, const char *why)
{
  ErosInventoryGap *gap = g_new0 (ErosInventoryGap, 1);

  gap->what = g_strdup (what);
  gap->why = g_strdup (why);
  g_ptr_array_add (self->gaps, gap);
}

static int
compare_objects (gconstpointer a, gconstpointer b)
{
  const ErosInventoryObject *first = *(ErosInventoryObject *const *) a;
  const ErosInventoryObject *second = *(ErosInventoryObject *const *) b;
  int order = strcmp (first->kind, second->kind);

  return order != 0 ? order : strcmp (first->name, second->name);
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(ErosInventoryRows *const *) a)->table, (*(ErosInventoryRows *const *) b)->table);
}

static int
compare_gaps (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(ErosInventoryGap *const *) a)->what, (*(ErosInventoryGap *const *) b)->what);
}

void
eros_inventory_set_time (ErosInventory *self, gint64 taken_at)
{
  self->taken_at = taken_at;
}

void
eros_inventory_complete (ErosInventory *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_ptr_array_sort (self->objects, compare_objects);
  g_ptr_array_sort (self->rows, compare_rows);
  g_ptr_array_sort (self->gaps, compare_gaps);
  for (guint i = 0; i < self->objects->len; i++)
    {
      const ErosInventoryObject *object = self->objects->pdata[i];

      if (!object->is_ours)
        g_checksum_update (checksum, (const guchar *) object->digest, -1);
    }
  g_free (self->digest);
  self->digest = g_strdup (g_checksum_get_string (checksum));
}

/* ---- reading it ---------------------------------------------------------------------------------------- */

const char *
eros_inventory_get_project (const ErosInventory *self)
{
  return self->project;
}

const char *
eros_inventory_get_dataset (const ErosInventory *self)
{
  return self->dataset;
}

gint64
eros_inventory_get_time (const ErosInventory *self)
{
  return self->taken_at;
}

const char *
eros_inventory_get_digest (const ErosInventory *self)
{
  return self->digest;
}

/* Snapshots that this program has made come and go without changing the digest. */
guint
eros_inventory_count_digested (const ErosInventory *self)
{
  guint n = 0;

  for (guint i = 0; i < self->objects->len; i++)
    n += !((const ErosInventoryObject *) self->objects->pdata[i])->is_ours;
  return n;
}

guint
eros_inventory_get_n_objects (const ErosInventory *self)
{
  return self->objects->len;
}

const ErosInventoryObject *
eros_inventory_get_object (const ErosInventory *self, guint place)
{
  return g_ptr_array_index (self->objects, place);
}

const ErosInventoryObject *
eros_inventory_find (const ErosInventory *self, const char *kind, const char *name)
{
  g_autofree char *key = key_of (kind, name);

  return g_hash_table_lookup (self->index, key);
}

gboolean
eros_inventory_is_relation (const char *kind)
{
  static const char *const kinds[] = { EROS_INVENTORY_TABLE, EROS_INVENTORY_VIEW,
                                       EROS_INVENTORY_MATERIALIZED_VIEW, EROS_INVENTORY_SNAPSHOT, NULL };

  return g_strv_contains (kinds, kind);
}

guint
eros_inventory_get_n_rows (const ErosInventory *self)
{
  return self->rows->len;
}

const ErosInventoryRows *
eros_inventory_get_rows (const ErosInventory *self, guint place)
{
  return g_ptr_array_index (self->rows, place);
}

const ErosInventoryRows *
eros_inventory_find_rows (const ErosInventory *self, const char *table)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (g_str_equal (((ErosInventoryRows *) self->rows->pdata[i])->table, table))
      return self->rows->pdata[i];
  return NULL;
}

guint
eros_inventory_get_n_gaps (const ErosInventory *self)
{
  return self->gaps->len;
}

const ErosInventoryGap *
eros_inventory_get_gap (const ErosInventory *self, guint place)
{
  return g_ptr_array_index (self->gaps, place);
}

static gboolean
is_routine (const char *kind)
{
  static const char *const kinds[] = { EROS_INVENTORY_FUNCTION, EROS_INVENTORY_TABLE_FUNCTION,
                                       EROS_INVENTORY_PROCEDURE, NULL };

  return g_strv_contains (kinds, kind);
}

static const char *
gap_of (const char *kind)
{
  if (is_routine (kind) || g_str_has_suffix (kind, "function"))
    return EROS_INVENTORY_GAP_ROUTINES;
  if (g_str_equal (kind, EROS_INVENTORY_OPTIONS) || g_str_equal (kind, EROS_INVENTORY_ACCESS))
    return EROS_INVENTORY_GAP_DATASET;
  if (g_str_equal (kind, EROS_INVENTORY_ROW_POLICY))
    return EROS_INVENTORY_GAP_POLICIES;
  if (g_str_equal (kind, EROS_INVENTORY_SCHEDULE))
    return EROS_INVENTORY_GAP_SCHEDULES;
  return EROS_INVENTORY_GAP_TABLES;
}

gboolean
eros_inventory_knows (const ErosInventory *self, const char *kind)
{
  const char *what = gap_of (kind);

  for (guint i = 0; i < self->gaps->len; i++)
    if (g_str_equal (((ErosInventoryGap *) self->gaps->pdata[i])->what, what))
      return FALSE;
  return TRUE;
}

/* ---- as JSON ------------------------------------------------------------------------------------------- */

static JsonArray *
objects_to_json (const ErosInventory *self)
{
  JsonArray *array = json_array_sized_new (self->objects->len);

  for (guint i = 0; i < self->objects->len; i++)
    {
      const ErosInventoryObject *object = self->objects->pdata[i];
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "kind", object->kind);
      json_object_set_string_member (entry, "name", object->name);
      json_object_set_string_member (entry, "definition", object->definition);
      json_object_set_string_member (entry, "digest", object->digest);
      if (object->is_ours)
        json_object_set_boolean_member (entry, "made_by_this_program", TRUE);
      json_array_add_object_element (array, entry);
    }
  return array;
}

static JsonArray *
rows_to_json (const ErosInventory *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->rows->len; i++)
    {
      const ErosInventoryRows *rows = self->rows->pdata[i];
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "table", rows->table);
      json_object_set_int_member (entry, "rows", rows->n_rows);
      json_object_set_int_member (entry, "bytes", rows->bytes);
      json_object_set_string_member (entry, "checksum", rows->checksum);
      json_object_set_string_member (entry, "total", rows->total);
      json_array_add_object_element (array, entry);
    }
  return array;
}

static JsonArray *
gaps_to_json (const ErosInventory *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->gaps->len; i++)
    {
      const ErosInventoryGap *gap = self->gaps->pdata[i];
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "what", gap->what);
      json_object_set_string_member (entry, "why", gap->why);
      json_array_add_object_element (array, entry);
    }
  return array;
}

/**
 * eros_inventory_to_json:
 * @self: a complete inventory
 *
 * Returns: (transfer full): all of it
 */
JsonNode *
eros_inventory_to_json (const ErosInventory *self)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *taken_at = eros_time_iso_exact (self->taken_at);

  json_object_set_string_member (object, "format", FORMAT);
  json_object_set_string_member (object, "project", self->project);
  json_object_set_string_member (object, "dataset", self->dataset);
  json_object_set_string_member (object, "taken_at", taken_at);
  json_object_set_string_member (object, "digest", self->digest);
  json_object_set_array_member (object, "objects", objects_to_json (self));
  json_object_set_array_member (object, "tables", rows_to_json (self));
  json_object_set_array_member (object, "not_read", gaps_to_json (self));
  json_node_take_object (node, object);
  return node;
}

char *
eros_inventory_to_text (const ErosInventory *self, GError **error)
{
  g_autoptr (JsonNode) node = eros_inventory_to_json (self);

  return eros_canonical_json_write (node, error);
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
               _ ("This is not an inventory that can be trusted: %s."), why);
  return FALSE;
}

/* (transfer none) (nullable) */
static JsonObject *
element_of (JsonArray *array, guint place)
{
  JsonNode *node = json_array_get_element (array, place);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
read_object (ErosInventory *self, JsonObject *entry, GError **error)
{
  const char *kind = entry != NULL ? eros_json_string (entry, "kind") : NULL;
  const char *name = entry != NULL ? eros_json_string (entry, "name") : NULL;
  const char *definition = entry != NULL ? eros_json_string (entry, "definition") : NULL;

  if (kind == NULL || name == NULL || definition == NULL)
    return refuse (error, _ ("an object in it has no kind, name or definition"));
  if (eros_inventory_find (self, kind, name) != NULL)
    return refuse (error, _ ("an object is in it twice"));
  add_object (self, kind, name, g_strdup (definition));
  if (g_strcmp0 (eros_json_string (entry, "digest"), eros_inventory_find (self, kind, name)->digest) != 0)
    return refuse (error, _ ("the digest of an object does not fit its definition"));
  return TRUE;
}

static gboolean
read_rows (ErosInventory *self, JsonObject *entry, GError **error)
{
  const char *table = entry != NULL ? eros_json_string (entry, "table") : NULL;
  const char *checksum = entry != NULL ? eros_json_string (entry, "checksum") : NULL;
  const char *total = entry != NULL ? eros_json_string (entry, "total") : NULL;

  if (table == NULL || checksum == NULL || total == NULL)
    return refuse (error, _ ("the rows of a table have no fingerprint"));
  eros_inventory_add_rows (self, table, eros_json_int64 (entry, "rows", -1),
                           eros_json_int64 (entry, "bytes", -1), checksum, total);
  return TRUE;
}

static gboolean
read_gap (ErosInventory *self, JsonObject *entry, GError **error)
{
  const char *what = entry != NULL ? eros_json_string (entry, "what") : NULL;
  const char *why = entry != NULL ? eros_json_string (entry, "why") : NULL;

  if (what == NULL || why == NULL)
    return refuse (error, _ ("it does not say what could not be read"));
  eros_inventory_add_gap (self, what, why);
  return TRUE;
}

static gboolean
read_all (ErosInventory *self,
          JsonObject *root,
          const char *member,
          gboolean (*read) (ErosInventory *self, JsonObject *entry, GError **error),
          GError **error)
{
  JsonArray *array = eros_json_array (root, member);

  if (array == NULL)
    return refuse (error, _ ("a part of it is missing"));
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read (self, element_of (array, i), error))
      return FALSE;
  return TRUE;
}

static gint64
read_time (const char *text)
{
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time) : 0;
}

/**
 * eros_inventory_new_from_json:
 * @node: an inventory's JSON
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * Returns: (transfer full): the inventory
 */
ErosInventory *
eros_inventory_new_from_json (JsonNode *node, GError **error)
{
  JsonObject *root = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *project = root != NULL ? eros_json_string (root, "project") : NULL;
  const char *dataset = root != NULL ? eros_json_string (root, "dataset") : NULL;
  g_autoptr (ErosInventory) self = NULL;

  if (project == NULL || dataset == NULL || g_strcmp0 (eros_json_string (root, "format"), FORMAT) != 0)
    {
      refuse (error, _ ("its format is not eros-inventory-1"));
      return NULL;
    }
  self = eros_inventory_new (project, dataset, read_time (eros_json_string (root, "taken_at")));
  if (!read_all (self, root, "objects", read_object, error) ||
      !read_all (self, root, "tables", read_rows, error) ||
      !read_all (self, root, "not_read", read_gap, error))
    return NULL;
  eros_inventory_complete (self);
  if (g_strcmp0 (eros_json_string (root, "digest"), self->digest) != 0)
    {
      refuse (error, _ ("its digest does not fit its objects"));
      return NULL;
    }
  return g_steal_pointer (&self);
}

ErosInventory *
eros_inventory_new_from_text (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonNode) node = eros_json_parse (text, length, error);

  return node != NULL ? eros_inventory_new_from_json (node, error) : NULL;
}
