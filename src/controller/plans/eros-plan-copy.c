/* eros-plan-copy.c: a copy of the data set: its tables as clones, the rest made again from its definitions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-plan-copy.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-definition.h"
#include "eros-inventory-diff.h"
#include "eros-name-rules.h"
#include "eros-plan-copy-private.h"
#include "eros-plan-objects.h"
#include "eros-plan-parts.h"
#include "eros-timeline.h"

/* ---- its record, and the way to it --------------------------------------------------------------------- */

/* (transfer full) */
static GFile *
get_file (const char *dataset)
{
  g_autofree char *name = g_strconcat (dataset, ".erosdeploy", NULL);

  return g_file_new_build_filename (g_get_user_cache_dir (), "eros-deploy", name, NULL);
}

void
eros_copy_remove_file (const char *dataset)
{
  g_autoptr (GFile) file = get_file (dataset);
  g_auto (GStrv) beside = eros_journal_find_beside (file);
  g_autoptr (GFile) folder = g_file_get_parent (file);

  for (guint i = 0; beside[i] != NULL; i++)
    {
      g_autoptr (GFile) other = g_file_get_child (folder, beside[i]);

      g_file_delete (other, NULL, NULL);
    }
  g_file_delete (file, NULL, NULL);
}

/* (transfer full): the same in all but the data set */
static ErosConnection *
connect_to (ErosConnection *connection, const char *dataset)
{
  ErosConnection *copy = eros_connection_new ();
  guint n = 0;
  g_autofree GParamSpec **specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (connection), &n);

  for (guint i = 0; i < n; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      if ((specs[i]->flags & G_PARAM_WRITABLE) == 0)
        continue;
      g_object_get_property (G_OBJECT (connection), specs[i]->name, &value);
      g_object_set_property (G_OBJECT (copy), specs[i]->name, &value);
    }
  g_object_set (copy, "dataset", dataset, "location", eros_connection_get_location (connection), NULL);
  return copy;
}

static ErosDeployment *
create_deployment (ErosDeployment *original, const char *dataset, GError **error)
{
  ErosDeploymentSetup setup = *eros_deployment_get_setup (original);
  g_autoptr (GFile) file = get_file (dataset);
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autoptr (ErosDeployment) deployment = NULL;

  setup.dataset = (char *) dataset;
  eros_copy_remove_file (dataset);
  if (g_mkdir_with_parents (g_file_peek_path (folder), 0700) != 0)
    {
      g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                   _ ("The folder %s could not be made."), g_file_peek_path (folder));
      return NULL;
    }
  deployment = eros_deployment_create (file, eros_deployment_get_runbook (original), &setup,
                                       eros_deployment_get_actor (original), error);
  if (deployment == NULL)
    return NULL;
  /* A rehearsal's server has another time. */
  return eros_timeline_get_ahead (original) <= 0 ||
             eros_timeline_advance (deployment, eros_timeline_get_now (original), error)
           ? g_steal_pointer (&deployment)
           : NULL;
}

/**
 * eros_copy_new:
 * @work: what it is for
 * @dataset: the name of the copy
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the way to it; nothing has been made yet but its record
 */
ErosCopy *
eros_copy_new (ErosWork *work, const char *dataset, GError **error)
{
  g_autoptr (ErosDeployment) deployment = create_deployment (eros_work_get_deployment (work), dataset, error);
  g_autoptr (ErosConnection) connection = NULL;
  ErosCopy *self;

  if (deployment == NULL)
    return NULL;
  connection = connect_to (eros_big_query_get_connection (eros_work_get_big_query (work)), dataset);
  self = g_new0 (ErosCopy, 1);
  self->deployment = g_steal_pointer (&deployment);
  self->big_query = eros_big_query_new (connection);
  return self;
}

void
eros_copy_free (ErosCopy *self)
{
  g_autofree char *dataset =
    g_strdup (eros_connection_get_dataset (eros_big_query_get_connection (self->big_query)));

  g_object_unref (self->deployment);
  g_object_unref (self->big_query);
  eros_copy_remove_file (dataset);
  g_free (self);
}

/* ---- what is in it ------------------------------------------------------------------------------------- */

static ErosWork *
make_work (ErosCopy *self, const char *title)
{
  g_autoptr (JsonObject) arguments = json_object_new ();

  return eros_work_new (self->deployment, self->big_query, NULL,
                        eros_operation_kind_get_name (EROS_OPERATION_KIND_PROVE), title, arguments);
}

static gboolean
is_cloned (const char *kind)
{
  return g_str_equal (kind, EROS_INVENTORY_TABLE) || g_str_equal (kind, EROS_INVENTORY_SNAPSHOT);
}

static void
add_clone (ErosWork *work, ErosConnection *from, const ErosInventoryObject *object, const char *as_of)
{
  ErosConnection *to = eros_big_query_get_connection (eros_work_get_big_query (work));
  gboolean is_table = g_str_equal (object->kind, EROS_INVENTORY_TABLE);
  g_autofree char *id = g_strconcat ("clone/", object->name, NULL);
  ErosWorkStep *step = eros_work_add (work, 0, id, object->name);

  step->is_verbatim = TRUE;
  step->sql = g_strdup_printf (
    "CREATE %s IF NOT EXISTS `%s.%s.%s`\nCLONE `%s.%s.%s`%s%s%s", is_table ? "TABLE" : "SNAPSHOT TABLE",
    eros_connection_get_project (to), eros_connection_get_dataset (to), object->name,
    eros_connection_get_project (from), eros_connection_get_dataset (from), object->name,
    is_table ? " FOR SYSTEM_TIME AS OF TIMESTAMP '" : "", is_table ? as_of : "", is_table ? "'" : "");
  step->timeout_ms = 600000;
}

/* What a clone may have and may not have: a copy of a table loses its keys. */
static void
add_key (ErosWork *work, const ErosInventoryObject *object, const char *key, guint place)
{
  ErosConnection *to = eros_big_query_get_connection (eros_work_get_big_query (work));
  g_autofree char *id = g_strdup_printf ("key/%s/%u", object->name, place);
  g_autofree char *text =
    eros_definition_specialize (key, eros_connection_get_project (to), eros_connection_get_dataset (to));
  ErosWorkStep *step = eros_work_add (work, strstr (key, "FOREIGN KEY") != NULL ? 2 : 1, id, object->name);

  step->is_verbatim = TRUE;
  step->is_repeatable = TRUE;
  step->sql =
    g_strdup_printf ("BEGIN\n  ALTER TABLE `%s.%s.%s` ADD %s;\n"
                     "EXCEPTION WHEN ERROR THEN\n  SELECT 'it has one';\nEND",
                     eros_connection_get_project (to), eros_connection_get_dataset (to), object->name, text);
}

static void
add_keys (ErosWork *work, const ErosInventoryObject *object)
{
  g_autoptr (GRegex) regex =
    g_regex_new ("^\\s*((?:CONSTRAINT\\s+\\S+\\s+)?(?:PRIMARY|FOREIGN) KEY\\b.*\\bNOT ENFORCED),?$",
                 G_REGEX_MULTILINE | G_REGEX_RAW, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_regex_match (regex, object->definition, 0, &match);
  for (guint i = 1; g_match_info_matches (match); i++)
    {
      g_autofree char *key = g_match_info_fetch (match, 1);

      add_key (work, object, key, i);
      g_match_info_next (match, NULL);
    }
}

ErosWork *
eros_copy_make_tables (ErosCopy *self,
                       ErosConnection *source_connection,
                       const ErosInventory *source,
                       const char *as_of)
{
  ErosWork *work = make_work (self, _ ("Clone the tables"));

  for (guint i = 0; i < eros_inventory_get_n_objects (source); i++)
    {
      const ErosInventoryObject *object = eros_inventory_get_object (source, i);

      if (object->is_ours || !is_cloned (object->kind) || !eros_name_is (object->name, EROS_TABLE_PATTERN))
        continue;
      add_clone (work, source_connection, object, as_of);
      add_keys (work, object);
    }
  return work;
}

/* In the order in which they depend on each other. (transfer full) (element-type ErosReturn) */
static GPtrArray *
list_objects (ErosCopy *self, const ErosInventory *source)
{
  static const char *const no_tables[] = { NULL };
  ErosConnection *connection = eros_big_query_get_connection (self->big_query);
  g_autoptr (ErosInventory) empty = eros_inventory_new (eros_connection_get_project (connection),
                                                        eros_connection_get_dataset (connection), 0);
  g_autoptr (GHashTable) touched = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *returns;

  eros_inventory_complete (empty);
  returns = eros_plan_returns (source, source, empty, touched, no_tables, EROS_DATA_SET_THERE);
  for (guint i = returns->len; i > 0; i--)
    {
      const ErosReturn *one = returns->pdata[i - 1];

      if (one->way != EROS_WAY_MAKE || is_cloned (one->kind))
        g_ptr_array_remove_index (returns, i - 1);
    }
  return returns;
}

ErosWork *
eros_copy_make_objects (ErosCopy *self, const ErosInventory *source)
{
  ErosWork *work = make_work (self, _ ("Make views and routines again"));
  g_autoptr (GPtrArray) returns = list_objects (self, source);

  eros_plan_add_returns (work, 0, returns, "");
  return work;
}

/* ---- is it one? ---------------------------------------------------------------------------------------- */

static gboolean
is_copied (const char *kind)
{
  return !g_str_equal (kind, EROS_INVENTORY_OPTIONS) && !g_str_equal (kind, EROS_INVENTORY_ACCESS) &&
         !g_str_equal (kind, EROS_INVENTORY_SCHEDULE);
}

static char *
replace (const char *text, const char *pattern, const char *with)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_RAW, 0, NULL);

  return g_regex_replace_literal (regex, text, -1, 0, with, 0, NULL);
}

/* Everything in a copy expires. (transfer full) */
static char *
without_expiration (const char *definition)
{
  g_autofree char *text =
    replace (definition, "expiration_timestamp\\s*=\\s*TIMESTAMP\\s*(?:\"[^\"]*\"|'[^']*')\\s*,?", "");
  g_autofree char *unopened = replace (text, "OPTIONS\\s*\\(\\s*\\)", "");

  return replace (unopened, "[\\s,()]+", " ");
}

static gboolean
is_the_same (const ErosInventoryObject *object, const ErosInventoryObject *copy)
{
  g_autofree char *text = without_expiration (object->definition);
  g_autofree char *other = without_expiration (copy->definition);

  /* A snapshot's definition says of what and when, and its copy is one of the snapshot. */
  return g_str_equal (object->kind, EROS_INVENTORY_SNAPSHOT) || g_strcmp0 (text, other) == 0;
}

GPtrArray *
eros_copy_list_differences (const ErosInventory *source, const ErosInventory *copy)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < eros_inventory_get_n_objects (source); i++)
    {
      const ErosInventoryObject *object = eros_inventory_get_object (source, i);
      const ErosInventoryObject *other = eros_inventory_find (copy, object->kind, object->name);

      if (!object->is_ours && is_copied (object->kind) && (other == NULL || !is_the_same (object, other)))
        g_ptr_array_add (list, g_strdup_printf ("%s %s", object->kind, object->name));
    }
  return list;
}
