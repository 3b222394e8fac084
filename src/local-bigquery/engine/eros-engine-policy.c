/* eros-engine-policy.c: who may see what: row access policies, GRANT, REVOKE
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"

#include <string.h>

/* Row access policies */

static ErosStoreTable *
policy_table (ErosRun *run, const ErosAstPath *path, GError **error)
{
  g_auto (ErosEngineName) name = { 0 };
  ErosStoreTable *table;

  if (!eros_engine_resolve_name (run, path, FALSE, &name, error))
    return NULL;
  run->current->ddl_table = eros_engine_name_new (name.project, name.dataset, name.name);
  table = eros_engine_get_table (run, &name, error);
  if (table == NULL || table->kind == EROS_STORE_TABLE)
    return table;
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
               "Row access policies can only be on tables: %s:%s.%s is none", name.project, name.dataset,
               name.name);
  eros_store_table_unref (table);
  return NULL;
}

static GStrv
read_grantees (ErosRun *run, const ErosAstExprs *list, GError **error)
{
  g_autoptr (GStrvBuilder) grantees = g_strv_builder_new ();

  for (guint i = 0; i < list->length; i++)
    {
      g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
      g_autofree char *text = NULL;

      if (!eros_engine_evaluate_here (run, list->items[i], eros_sql_type (EROS_SQL_STRING), &value, error))
        return NULL;
      text = value.is_null ? g_strdup ("") : g_strndup (value.data, value.size);
      if (strchr (text, ':') == NULL && strcmp (text, "allUsers") != 0 &&
          strcmp (text, "allAuthenticatedUsers") != 0 && !g_str_has_prefix (text, "special"))
        {
          g_set_error (
            error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
            "Invalid grantee \"%s\": user:, serviceAccount:, group: or domain: and a name is expected at "
            "[%u:%u]",
            text, list->items[i]->span.line, list->items[i]->span.column);
          return NULL;
        }
      g_strv_builder_add (grantees, text);
    }
  return g_strv_builder_end (grantees);
}

/* Whether it is a condition on the table's rows. */
static gboolean
check_filter (ErosRun *run, ErosStoreTable *table, const char *filter, GError **error)
{
  g_autofree char *text = g_strdup_printf ("SELECT 1 FROM `%s`.`%s`.`%s` WHERE %s", table->project,
                                           table->dataset, table->name, filter);
  g_autoptr (ErosEngineCatalog) catalog = eros_engine_catalog_new (run);
  g_autoptr (ErosScript) script = eros_syntax_parse (text, -1, error);
  g_autoptr (ErosAnalysis) analysis = NULL;

  if (script == NULL)
    return FALSE;
  analysis =
    eros_engine_analyze_query (run, catalog, eros_script_get_statements (script)->items[0]->query, error);
  if (analysis != NULL && analysis->parameters->len > 0)
    g_set_error_literal (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                         "Query parameters and variables cannot be used in it");
  else if (analysis != NULL)
    return TRUE;
  g_prefix_error (error, "Invalid filter of the row access policy: ");
  return FALSE;
}

gboolean
eros_engine_create_policy (ErosRun *run, const ErosAstStatement *statement, GError **error)
{
  const ErosAstCreatePolicy *create = &statement->create_policy;
  g_autofree char *filter = eros_script_dup_span (run->frame->script, &create->filter->span);
  g_autoptr (ErosStoreTable) table = NULL;
  g_autoptr (GPtrArray) policies = NULL;
  g_auto (GStrv) grantees = NULL;
  guint index;

  run->current->ddl_policy = g_strdup (create->name.text);
  table = policy_table (run, &create->create.path, error);
  if (table == NULL)
    return FALSE;
  grantees = read_grantees (run, &create->grantees, error);
  if (grantees == NULL || !check_filter (run, table, filter, error))
    return FALSE;
  policies = eros_store_table_get_policies (table);
  run->current->ddl_operation = "CREATE";
  if (eros_store_find_policy (policies, create->name.text, &index) != NULL)
    {
      run->current->ddl_operation = create->create.if_not_exists ? "SKIP" : "REPLACE";
      if (create->create.if_not_exists)
        return TRUE;
      if (!create->create.or_replace)
        {
          g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE,
                       "Already Exists: Row access policy %s on table %s:%s.%s", create->name.text,
                       table->project, table->dataset, table->name);
          return FALSE;
        }
      g_ptr_array_remove_index (policies, index);
    }
  g_ptr_array_add (policies,
                   eros_store_policy_new (create->name.text, filter, (const char *const *) grantees));
  eros_store_table_set_policies (table, policies);
  return eros_store_update_table (run->session->connection, table, error);
}

/* The last one goes only with DROP ALL: without policies everybody sees everything. */
static gboolean
drop_one (ErosRun *run,
          const ErosAstDropPolicy *drop,
          ErosStoreTable *table,
          GPtrArray *policies,
          GError **error)
{
  guint index;

  run->current->ddl_policy = g_strdup (drop->name.text);
  if (eros_store_find_policy (policies, drop->name.text, &index) == NULL)
    {
      run->current->ddl_operation = "SKIP";
      if (!drop->if_exists)
        g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND,
                     "Not found: Row access policy %s on table %s:%s.%s", drop->name.text, table->project,
                     table->dataset, table->name);
      return drop->if_exists;
    }
  if (policies->len == 1)
    {
      g_set_error (
        error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
        "The row access policy %s is the last one on table %s:%s.%s: use DROP ALL ROW ACCESS POLICIES",
        drop->name.text, table->project, table->dataset, table->name);
      return FALSE;
    }
  g_ptr_array_remove_index (policies, index);
  return TRUE;
}

gboolean
eros_engine_drop_policy (ErosRun *run, const ErosAstDropPolicy *drop, GError **error)
{
  g_autoptr (ErosStoreTable) table = policy_table (run, &drop->path, error);
  g_autoptr (GPtrArray) policies = table != NULL ? eros_store_table_get_policies (table) : NULL;

  if (table == NULL)
    return FALSE;
  run->current->ddl_operation = "DROP";
  if (drop->all)
    {
      run->current->n_policies = policies->len;
      g_ptr_array_set_size (policies, 0);
    }
  else if (!drop_one (run, drop, table, policies, error))
    return FALSE;
  eros_store_table_set_policies (table, policies);
  return eros_store_update_table (run->session->connection, table, error);
}

/* GRANT and REVOKE */

static void
bind (const ErosAstGrant *grant, GStrv members, gboolean revoke, char **extra)
{
  for (guint i = 0; i < grant->roles.length; i++)
    for (guint j = 0; members[j] != NULL; j++)
      eros_store_bind_role (extra, grant->roles.items[i].text, members[j], revoke);
}

static gboolean
check_roles (const ErosAstGrant *grant, GError **error)
{
  for (guint i = 0; i < grant->roles.length; i++)
    {
      const ErosAstName *role = &grant->roles.items[i];

      if (g_str_has_prefix (role->text, "roles/") || g_str_has_prefix (role->text, "projects/") ||
          g_str_has_prefix (role->text, "organizations/"))
        continue;
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "Invalid role \"%s\": one such as roles/bigquery.dataViewer is expected at [%u:%u]",
                   role->text, role->span.line, role->span.column);
      return FALSE;
    }
  return TRUE;
}

/* Kept and shown; there is one caller here, who may do everything. */
gboolean
eros_engine_grant (ErosRun *run, const ErosAstGrant *grant, gboolean revoke, GError **error)
{
  gboolean schema = grant->object == EROS_AST_OBJECT_SCHEMA;
  g_auto (ErosEngineName) name = { 0 };
  g_auto (GStrv) members = NULL;
  g_autoptr (ErosStoreDataset) dataset = NULL;
  g_autoptr (ErosStoreTable) table = NULL;

  if (!check_roles (grant, error) || !eros_engine_resolve_name (run, &grant->path, schema, &name, error))
    return FALSE;
  members = read_grantees (run, &grant->grantees, error);
  if (members == NULL)
    return FALSE;
  if (schema)
    {
      run->current->ddl_dataset = eros_engine_name_new (name.project, name.dataset, NULL);
      dataset = eros_store_get_dataset (run->session->connection, name.project, name.dataset, error);
      if (dataset == NULL)
        return FALSE;
      bind (grant, members, revoke, &dataset->extra);
      return eros_store_update_dataset (run->session->connection, dataset, error);
    }
  run->current->ddl_table = eros_engine_name_new (name.project, name.dataset, name.name);
  table = eros_engine_get_table (run, &name, error);
  if (table == NULL)
    return FALSE;
  bind (grant, members, revoke, &table->extra);
  return eros_store_update_table (run->session->connection, table, error);
}
