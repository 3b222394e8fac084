/* eros-engine-information-keys.c: INFORMATION_SCHEMA's views of keys, privileges and options
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-information.h"

#include <string.h>

/* Keys */

typedef struct
{
  char *name; /* t.pk$, t.fk$1, t.NAME */
  gboolean primary;
  GStrv columns;
  GStrv others;                    /* the referenced columns */
  char *project, *dataset, *table; /* what the other columns are of */
} Key;

static void
key_free (Key *key)
{
  g_free (key->name);
  g_strfreev (key->columns);
  g_strfreev (key->others);
  g_free (key->project);
  g_free (key->dataset);
  g_free (key->table);
  g_free (key);
}

static Key *
primary_key (const ErosStoreTable *table, JsonObject *object)
{
  JsonArray *list = json_object_get_array_member (object, "columns");
  g_autoptr (GStrvBuilder) columns = g_strv_builder_new ();
  Key *key = g_new0 (Key, 1);

  for (guint i = 0; i < json_array_get_length (list); i++)
    g_strv_builder_add (columns, json_array_get_string_element (list, i));
  key->primary = TRUE;
  key->name = g_strdup_printf ("%s.pk$", table->name);
  key->columns = g_strv_builder_end (columns);
  key->others = g_strdupv (key->columns);
  key->project = g_strdup (table->project);
  key->dataset = g_strdup (table->dataset);
  key->table = g_strdup (table->name);
  return key;
}

/* @number: of the table's; what has no name is called by it */
static Key *
foreign_key (const ErosStoreTable *table, JsonObject *object, guint number)
{
  JsonArray *list = json_object_get_array_member (object, "columnReferences");
  JsonObject *other = json_object_get_object_member (object, "referencedTable");
  g_autoptr (GStrvBuilder) columns = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) others = g_strv_builder_new ();
  g_autofree char *invented = g_strdup_printf ("fk$%u", number);
  Key *key = g_new0 (Key, 1);

  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *pair = json_array_get_object_element (list, i);

      g_strv_builder_add (columns, json_object_get_string_member (pair, "referencingColumn"));
      g_strv_builder_add (others, json_object_get_string_member (pair, "referencedColumn"));
    }
  key->name = g_strdup_printf ("%s.%s", table->name,
                               json_object_get_string_member_with_default (object, "name", invented));
  key->columns = g_strv_builder_end (columns);
  key->others = g_strv_builder_end (others);
  key->project = g_strdup (json_object_get_string_member_with_default (other, "projectId", NULL));
  key->dataset = g_strdup (json_object_get_string_member_with_default (other, "datasetId", NULL));
  key->table = g_strdup (json_object_get_string_member_with_default (other, "tableId", NULL));
  return key;
}

/* Returns: (transfer full) (element-type Key): those of @table */
static GPtrArray *
keys_of (const ErosStoreTable *table)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func ((GDestroyNotify) key_free);
  g_autoptr (JsonNode) node = table->extra != NULL ? json_from_string (table->extra, NULL) : NULL;
  JsonObject *extra = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonObject *constraints = extra != NULL && json_object_has_member (extra, "tableConstraints")
                              ? json_object_get_object_member (extra, "tableConstraints")
                              : NULL;
  JsonArray *foreign = constraints != NULL && json_object_has_member (constraints, "foreignKeys")
                         ? json_object_get_array_member (constraints, "foreignKeys")
                         : NULL;

  if (constraints != NULL && json_object_has_member (constraints, "primaryKey"))
    g_ptr_array_add (keys, primary_key (table, json_object_get_object_member (constraints, "primaryKey")));
  for (guint i = 0; foreign != NULL && i < json_array_get_length (foreign); i++)
    g_ptr_array_add (keys, foreign_key (table, json_array_get_object_element (foreign, i), i + 1));
  return keys;
}

gboolean
eros_engine_fill_constraints (ErosRows *rows, ErosStoreTable *table, GError **error)
{
  g_autoptr (GPtrArray) keys = keys_of (table);

  for (guint i = 0; i < keys->len; i++)
    {
      Key *key = g_ptr_array_index (keys, i);

      eros_rows_begin (rows);
      eros_rows_add_name (rows, table->project, table->dataset, key->name);
      eros_rows_add_name (rows, table->project, table->dataset, table->name);
      eros_rows_add_text (rows, key->primary ? "PRIMARY KEY" : "FOREIGN KEY");
      for (guint k = 0; k < 3; k++)
        eros_rows_add_text (rows, "NO");
      eros_rows_end (rows);
    }
  return TRUE;
}

gboolean
eros_engine_fill_keys (ErosRows *rows, ErosStoreTable *table, GError **error)
{
  g_autoptr (GPtrArray) keys = keys_of (table);

  for (guint i = 0; i < keys->len; i++)
    {
      Key *key = g_ptr_array_index (keys, i);

      for (guint k = 0; key->columns[k] != NULL; k++)
        {
          eros_rows_begin (rows);
          eros_rows_add_name (rows, table->project, table->dataset, key->name);
          eros_rows_add_name (rows, table->project, table->dataset, table->name);
          eros_rows_add_text (rows, key->columns[k]);
          eros_rows_add_integer (rows, k + 1);
          if (key->primary)
            eros_rows_add_text (rows, NULL);
          else
            eros_rows_add_integer (rows, k + 1);
          eros_rows_end (rows);
        }
    }
  return TRUE;
}

gboolean
eros_engine_fill_key_columns (ErosRows *rows, ErosStoreTable *table, GError **error)
{
  g_autoptr (GPtrArray) keys = keys_of (table);

  for (guint i = 0; i < keys->len; i++)
    {
      Key *key = g_ptr_array_index (keys, i);

      for (guint k = 0; key->others[k] != NULL; k++)
        {
          eros_rows_begin (rows);
          eros_rows_add_name (rows, key->project, key->dataset, key->table);
          eros_rows_add_text (rows, key->others[k]);
          eros_rows_add_name (rows, table->project, table->dataset, key->name);
          eros_rows_end (rows);
        }
    }
  return TRUE;
}

/* Privileges */

typedef struct
{
  const char *project;
  const char *dataset; /* NULL: of a data set itself */
  const char *name;
  const char *type;
} Securable;

static void
fill_bindings (ErosRows *rows, const Securable *object, const char *extra)
{
  g_autoptr (JsonArray) bindings = eros_store_get_bindings (extra);

  for (guint i = 0; i < json_array_get_length (bindings); i++)
    {
      JsonObject *binding = json_array_get_object_element (bindings, i);
      JsonArray *members = json_object_get_array_member (binding, "members");

      for (guint k = 0; k < json_array_get_length (members); k++)
        {
          eros_rows_begin (rows);
          eros_rows_add_name (rows, object->project, object->dataset, object->name);
          eros_rows_add_text (rows, object->type);
          eros_rows_add_text (rows, json_object_get_string_member (binding, "role"));
          eros_rows_add_text (rows, json_array_get_string_element (members, k));
          eros_rows_end (rows);
        }
    }
}

/* What GRANT has given on the data set and on what is in it. */
gboolean
eros_engine_fill_privileges (ErosRows *rows, ErosStoreDataset *dataset, GError **error)
{
  static const char *const types[] = { "TABLE", "VIEW", "MATERIALIZED VIEW", "SNAPSHOT" };
  Securable object = { dataset->project, NULL, dataset->name, "SCHEMA" };
  g_autoptr (GPtrArray) tables =
    eros_store_list_tables (rows->run->session->connection, dataset->project, dataset->name, error);

  if (tables == NULL)
    return FALSE;
  fill_bindings (rows, &object, dataset->extra);
  for (guint i = 0; i < tables->len; i++)
    {
      ErosStoreTable *table = g_ptr_array_index (tables, i);

      object = (Securable){ table->project, table->dataset, table->name, types[table->kind] };
      fill_bindings (rows, &object, table->extra);
    }
  return TRUE;
}

/* Options */

static void
fill_option (ErosRows *rows, const char *name, const char *type, char *value)
{
  eros_rows_add_text (rows, name);
  eros_rows_add_text (rows, type);
  eros_rows_take_text (rows, value);
  eros_rows_end (rows);
}

static char *
quoted (const char *text)
{
  g_autofree char *escaped = g_strescape (text, NULL);

  return g_strdup_printf ("\"%s\"", escaped);
}

static void
begin_dataset (ErosRows *rows, ErosStoreDataset *dataset)
{
  eros_rows_begin (rows);
  eros_rows_add_text (rows, dataset->project);
  eros_rows_add_text (rows, dataset->name);
}

gboolean
eros_engine_fill_dataset_options (ErosRows *rows, ErosStoreDataset *dataset, GError **error)
{
  const struct
  {
    const char *name;
    gint64 milliseconds;
  } days[] = { { "default_table_expiration_days", dataset->default_table_expiration },
               { "default_partition_expiration_days", dataset->default_partition_expiration } };
  const char *const texts[] = { "description", dataset->description, "friendly_name",
                                dataset->friendly_name };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i += 2)
    if (texts[i + 1] != NULL)
      {
        begin_dataset (rows, dataset);
        fill_option (rows, texts[i], "STRING", quoted (texts[i + 1]));
      }
  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    if (days[i].milliseconds != 0)
      {
        char text[G_ASCII_DTOSTR_BUF_SIZE];

        g_ascii_formatd (text, sizeof text, "%.1f", days[i].milliseconds / 86400000.0);
        begin_dataset (rows, dataset);
        fill_option (rows, days[i].name, "FLOAT64", g_strdup (text));
      }
  return TRUE;
}

gboolean
eros_engine_fill_routine_options (ErosRows *rows, ErosStoreRoutine *routine, GError **error)
{
  if (routine->description == NULL)
    return TRUE;
  eros_rows_begin (rows);
  eros_rows_add_name (rows, routine->project, routine->dataset, routine->name);
  fill_option (rows, "description", "STRING", quoted (routine->description));
  return TRUE;
}

/* Computed when it is read, it is always fresh. */
gboolean
eros_engine_fill_materialized (ErosRows *rows, ErosStoreTable *table, GError **error)
{
  if (table->kind != EROS_STORE_MATERIALIZED_VIEW)
    return TRUE;
  eros_rows_begin (rows);
  eros_rows_add_name (rows, table->project, table->dataset, table->name);
  eros_rows_add_time (rows, table->modified);
  eros_rows_add_time (rows, table->modified);
  eros_rows_add_text (rows, NULL);
  eros_rows_end (rows);
  return TRUE;
}
