/* eros-engine-constraints.c: PRIMARY KEY and FOREIGN KEY, which nobody enforces
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * They lie in what the service keeps of a table, as {"tableConstraints": {…}} in the form of the REST API.
 */
#include "eros-engine-constraints.h"

#include <json-glib/json-glib.h>
#include <string.h>

static JsonObject *
read_extra (const ErosStoreTable *table)
{
  g_autoptr (JsonNode) node = table->extra == NULL ? NULL : json_from_string (table->extra, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return json_object_new ();
  return json_object_ref (json_node_get_object (node));
}

static void
write_extra (ErosStoreTable *table, JsonObject *extra)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), extra);

  g_free (table->extra);
  table->extra = json_to_string (node, FALSE);
}

/* The member "tableConstraints" of @extra, made when there is none. */
static JsonObject *
constraints_of (JsonObject *extra)
{
  JsonObject *constraints;

  if (json_object_has_member (extra, "tableConstraints"))
    return json_object_get_object_member (extra, "tableConstraints");
  constraints = json_object_new ();
  json_object_set_object_member (extra, "tableConstraints", constraints);
  return constraints;
}

static JsonArray *
foreign_keys_of (JsonObject *constraints)
{
  JsonArray *keys;

  if (json_object_has_member (constraints, "foreignKeys"))
    return json_object_get_array_member (constraints, "foreignKeys");
  keys = json_array_new ();
  json_object_set_array_member (constraints, "foreignKeys", keys);
  return keys;
}

static void
set_primary_key (JsonObject *constraints, const ErosAstNames *names)
{
  JsonObject *key = json_object_new ();
  JsonArray *columns = json_array_new ();

  for (guint i = 0; i < names->length; i++)
    json_array_add_string_element (columns, names->items[i].text);
  json_object_set_array_member (key, "columns", columns);
  json_object_set_object_member (constraints, "primaryKey", key);
}

static JsonObject *
new_table_reference (ErosRun *run, const ErosAstPath *path)
{
  g_auto (ErosEngineName) name = { 0 };
  JsonObject *reference = json_object_new ();

  if (eros_engine_resolve_name (run, path, FALSE, &name, NULL))
    {
      json_object_set_string_member (reference, "projectId", name.project);
      json_object_set_string_member (reference, "datasetId", name.dataset);
      json_object_set_string_member (reference, "tableId", name.name);
    }
  return reference;
}

static void
add_foreign_key (ErosRun *run, JsonObject *constraints, const ErosAstConstraint *constraint)
{
  JsonArray *keys = foreign_keys_of (constraints);
  JsonObject *key = json_object_new ();
  JsonArray *references = json_array_new ();
  g_autofree char *invented = g_strdup_printf ("fk$%u", json_array_get_length (keys) + 1);

  json_object_set_string_member (key, "name", constraint->name == NULL ? invented : constraint->name->text);
  json_object_set_object_member (key, "referencedTable", new_table_reference (run, &constraint->references));
  for (guint i = 0; i < MIN (constraint->columns.length, constraint->referenced_columns.length); i++)
    {
      JsonObject *reference = json_object_new ();

      json_object_set_string_member (reference, "referencingColumn", constraint->columns.items[i].text);
      json_object_set_string_member (reference, "referencedColumn",
                                     constraint->referenced_columns.items[i].text);
      json_array_add_object_element (references, reference);
    }
  json_object_set_array_member (key, "columnReferences", references);
  json_array_add_object_element (keys, key);
}

/* What CREATE TABLE says. */
void
eros_engine_take_constraints (ErosRun *run, const ErosAstCreateTable *create, ErosStoreTable *table)
{
  g_autoptr (JsonObject) extra = read_extra (table);
  g_autoptr (GArray) names = g_array_new (FALSE, FALSE, sizeof (ErosAstName));

  for (guint i = 0; i < create->n_columns; i++)
    if (create->columns[i].primary_key)
      g_array_append_val (names, create->columns[i].name);
  if (names->len > 0)
    set_primary_key (constraints_of (extra),
                     &(ErosAstNames){ (const ErosAstName *) names->data, names->len });
  for (guint i = 0; i < create->n_constraints; i++)
    if (create->constraints[i].kind == EROS_AST_CONSTRAINT_PRIMARY_KEY)
      set_primary_key (constraints_of (extra), &create->constraints[i].columns);
    else
      add_foreign_key (run, constraints_of (extra), &create->constraints[i]);
  if (json_object_get_size (extra) > 0)
    write_extra (table, extra);
}

/* ALTER TABLE */

static gboolean
fail (const ErosAstAlterAction *action, GError **error, const char *message)
{
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "%s at [%u:%u]", message,
               action->span.line, action->span.column);
  return FALSE;
}

static gboolean
add_constraint (ErosRun *run,
                const ErosAstAlterAction *action,
                JsonObject *constraints,
                ErosStoreTable *table,
                GError **error)
{
  const ErosAstConstraint *constraint = action->constraint;

  for (guint i = 0; i < constraint->columns.length; i++)
    if (eros_store_table_find_column (table, constraint->columns.items[i].text, NULL) == NULL)
      return fail (action, error, "A constraint names a column that the table does not have");
  if (constraint->kind == EROS_AST_CONSTRAINT_FOREIGN_KEY)
    add_foreign_key (run, constraints, constraint);
  else if (json_object_has_member (constraints, "primaryKey"))
    return fail (action, error, "Already Exists: PRIMARY KEY");
  else
    set_primary_key (constraints, &constraint->columns);
  return TRUE;
}

static gboolean
drop_foreign_key (const ErosAstAlterAction *action, JsonObject *constraints, GError **error)
{
  JsonArray *keys = foreign_keys_of (constraints);

  for (guint i = 0; i < json_array_get_length (keys); i++)
    {
      const char *name =
        json_object_get_string_member_with_default (json_array_get_object_element (keys, i), "name", "");

      if (g_ascii_strcasecmp (name, action->name.text) != 0)
        continue;
      json_array_remove_element (keys, i);
      return TRUE;
    }
  return action->if_exists || fail (action, error, "Constraint was not found");
}

/* ADD and DROP of a constraint. */
gboolean
eros_engine_alter_constraint (ErosRun *run,
                              const ErosAstAlterAction *action,
                              ErosStoreTable *table,
                              GError **error)
{
  g_autoptr (JsonObject) extra = read_extra (table);
  JsonObject *constraints = constraints_of (extra);
  gboolean good = TRUE;

  if (action->kind == EROS_AST_ALTER_ADD_CONSTRAINT)
    good = add_constraint (run, action, constraints, table, error);
  else if (action->kind == EROS_AST_ALTER_DROP_CONSTRAINT)
    good = drop_foreign_key (action, constraints, error);
  else if (json_object_has_member (constraints, "primaryKey"))
    json_object_remove_member (constraints, "primaryKey");
  else if (!action->if_exists)
    good = fail (action, error, "The table has no PRIMARY KEY");
  if (good)
    write_extra (table, extra);
  return good;
}
