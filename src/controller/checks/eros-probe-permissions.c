/* eros-probe-permissions.c: may we do what a deployment does?
 *
 * The project is asked first. What it does not grant may be granted on the data set alone, as many teams do:
 * then a table of the data set knows. A data set itself cannot be asked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-probe-private.h"

#include <glib/gi18n-lib.h>

/* What the operations of a deployment call for (BigQuery's IAM reference), which role has it, and what for.
 */
static const struct
{
  const char *name;
  const char *role;
  const char *purpose;
} permissions[] = {
  { "bigquery.jobs.create", ROLE_JOBS, N_ ("running queries") },
  { "bigquery.jobs.listAll", ROLE_LIST, N_ ("reading the job history") },
  { "bigquery.datasets.get", ROLE_DATA, N_ ("finding the data set") },
  { "bigquery.tables.get", ROLE_DATA, N_ ("checking tables") },
  { "bigquery.tables.list", ROLE_DATA, N_ ("checking tables") },
  { "bigquery.tables.getData", ROLE_DATA, N_ ("checking tables") },
  { "bigquery.tables.create", ROLE_DATA, N_ ("backing up and deploying") },
  { "bigquery.tables.update", ROLE_DATA, N_ ("deploying") },
  { "bigquery.tables.updateData", ROLE_DATA, N_ ("deploying") },
  { "bigquery.tables.delete", ROLE_DATA, N_ ("rolling back") },
  { "bigquery.tables.createSnapshot", ROLE_DATA, N_ ("backing up") },
  { "bigquery.tables.deleteSnapshot", ROLE_DATA, N_ ("deleting old backups") },
  { "bigquery.tables.restoreSnapshot", ROLE_DATA, N_ ("rolling back") },
  { "bigquery.tables.export", ROLE_DATA, N_ ("backing up to the bucket") },
  { "bigquery.routines.get", ROLE_DATA, N_ ("checking routines") },
  { "bigquery.routines.list", ROLE_DATA, N_ ("checking routines") },
  { "bigquery.routines.create", ROLE_DATA, N_ ("deploying") },
  { "bigquery.routines.update", ROLE_DATA, N_ ("deploying") },
  { "bigquery.routines.delete", ROLE_DATA, N_ ("rolling back") },
  { "bigquery.transfers.get", ROLE_ADMIN, N_ ("seeing scheduled queries") },
  { "bigquery.transfers.update", ROLE_ADMIN, N_ ("pausing scheduled queries") },
};

/* Those that a table can be asked for; a table grants what its data set grants. */
static const char *const of_table[] = {
  "bigquery.tables.get",    "bigquery.tables.getData",
  "bigquery.tables.update", "bigquery.tables.updateData",
  "bigquery.tables.delete", "bigquery.tables.createSnapshot",
  "bigquery.tables.export", NULL,
};

static void
ask_for (ErosRequest *request, const char *const *names)
{
  g_autoptr (JsonNode) body = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *wanted = json_array_new ();

  for (guint i = 0; names[i] != NULL; i++)
    json_array_add_string_element (wanted, names[i]);
  json_object_set_array_member (object, "permissions", wanted);
  json_node_take_object (body, object);
  eros_request_set_json (request, body);
}

/* ---- what came out ------------------------------------------------------------------------------------- */

static void
add_missing (GTask *task, guint i)
{
  const char *project = eros_connection_get_project (eros_probe_connection (task));
  g_autofree char *place = eros_probe_place (task);

  eros_probe_add (task, permissions[i].name, EROS_OUTCOME_FAIL,
                  /* Translators: %1$s: a permission, %2$s: a project, %3$s: “backing up” */
                  g_strdup_printf (_ ("Permission %1$s is missing in project %2$s; it is needed for %3$s."),
                                   permissions[i].name, project, _ (permissions[i].purpose)),
                  g_strdup_printf (_ ("Ask the project's administrator for the role “%1$s” on %2$s."),
                                   permissions[i].role, place));
}

/* (transfer full): how they could be asked for */
static char *
advise_asking (GTask *task)
{
  const GError *refusal = eros_probe_of (task)->refusal;

  if (eros_big_query_error_get_cause (refusal) == EROS_BIG_QUERY_CAUSE_SCOPE)
    return g_strdup (_ ("Sign in again and agree to all that is asked for, or sign in with a service "
                        "account's key, to have them checked; or go on, and each step says which permission "
                        "it lacks."));
  return g_strdup_printf (_ ("Ask the project's administrator for the role “%1$s” on project %2$s to have "
                             "them checked; or go on, and each step says which permission it lacks."),
                          eros_probe_of (task)->need->role,
                          eros_connection_get_project (eros_probe_connection (task)));
}

/* Nothing is pretended: neither that they are missing, nor that they are there. */
static void
add_unseen (GTask *task, gboolean project_is_known, GPtrArray *unseen)
{
  const char *dataset = eros_connection_get_dataset (eros_probe_connection (task));
  g_autofree char *names = NULL;

  g_ptr_array_add (unseen, NULL);
  names = g_strjoinv (", ", (char **) unseen->pdata);
  if (!project_is_known)
    eros_probe_add (
      task, _ ("Permissions"), EROS_OUTCOME_WARNING,
      /* Translators: %s: permissions */
      g_strdup_printf (_ ("Whether these permissions are granted cannot be asked with this sign-in: %s."),
                       names),
      advise_asking (task));
  else
    eros_probe_add (
      task, _ ("Permissions on the data set"), EROS_OUTCOME_WARNING,
      /* Translators: %1$s: a data set, %2$s: permissions */
      g_strdup_printf (_ ("Permissions are granted on data set %1$s and not on the project. Whether "
                          "these are among them cannot be looked at: %2$s."),
                       dataset, names),
      /* Translators: %1$s: a role, %2$s: a data set */
      g_strdup_printf (_ ("The role “%1$s” on data set %2$s has them all. With another role, ask the "
                          "project's administrator."),
                       ROLE_DATA, dataset));
}

/* on_project: (nullable): what the project grants; NULL: it could not be asked. on_table: (nullable): what a
 * table grants; NULL: there was none to ask. */
static gboolean
is_unseen (guint i, JsonArray *on_project, JsonArray *on_table, gboolean data_set_grants)
{
  gboolean table_knows = on_table != NULL && g_strv_contains (of_table, permissions[i].name);

  if (table_knows)
    return FALSE;
  return on_project == NULL || (data_set_grants && g_str_equal (permissions[i].role, ROLE_DATA));
}

/* What the project grants and one of the deployment's tables does not, as a policy that denies may say. */
static guint
add_denied_on_tables (GTask *task)
{
  Probe *probe = eros_probe_of (task);
  JsonArray *on_project = eros_json_array (probe->result->evidence, "granted");
  JsonObject *on_tables = eros_json_object (probe->result->evidence, "granted_on_tables");
  guint n = 0;

  for (guint i = 0; probe->tables != NULL && probe->tables[i] != NULL; i++)
    for (guint k = 0; of_table[k] != NULL; k++)
      {
        JsonArray *granted = on_tables != NULL ? eros_json_array (on_tables, probe->tables[i]) : NULL;

        if (granted == NULL || eros_probe_contains (granted, of_table[k]) ||
            !eros_probe_contains (on_project, of_table[k]))
          continue;
        n++;
        eros_probe_add (
          task, of_table[k], EROS_OUTCOME_FAIL,
          /* Translators: %1$s: a permission, %2$s: a table */
          g_strdup_printf (_ ("Permission %1$s is missing on table %2$s."), of_table[k], probe->tables[i]),
          g_strdup_printf (
            _ ("Ask the project's administrator for the role “%1$s” on that table, and whether "
               "a policy denies it."),
            ROLE_DATA));
      }
  return n;
}

static void
judge (GTask *task, JsonArray *on_table)
{
  JsonObject *evidence = eros_probe_of (task)->result->evidence;
  JsonArray *on_project = eros_json_array (evidence, "granted");
  g_autoptr (GPtrArray) unseen = g_ptr_array_new ();
  guint n_on_table = 0, n_missing = add_denied_on_tables (task);

  for (guint i = 0; i < G_N_ELEMENTS (permissions); i++)
    n_on_table += !eros_probe_contains (on_project, permissions[i].name) &&
                  eros_probe_contains (on_table, permissions[i].name);
  for (guint i = 0; i < G_N_ELEMENTS (permissions); i++)
    {
      const char *name = permissions[i].name;

      if (eros_probe_contains (on_project, name) || eros_probe_contains (on_table, name))
        continue;
      if (is_unseen (i, on_project, on_table, n_on_table > 0))
        g_ptr_array_add (unseen, (gpointer) name);
      else
        {
          n_missing++;
          add_missing (task, i);
        }
    }
  if (unseen->len > 0)
    add_unseen (task, on_project != NULL, unseen);
  else if (n_missing == 0)
    eros_probe_add (
      task, _ ("Permissions"), EROS_OUTCOME_PASS,
      g_strdup_printf (_ ("All %u permissions are granted"), (guint) G_N_ELEMENTS (permissions)), NULL);
  eros_probe_done (task);
}

/* ---- the data set -------------------------------------------------------------------------------------- */

static void
table_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = eros_probe_got (source, result, &error);
  JsonArray *granted = answer != NULL ? eros_json_array (json_node_get_object (answer), "permissions") : NULL;

  if (granted != NULL)
    json_object_set_array_member (eros_probe_of (task)->result->evidence, "granted_on_data_set",
                                  json_array_ref (granted));
  judge (task, granted);
}

static void ask_next_table (GTask *task);

/* (transfer full) */
static ErosRequest *
request_table (GTask *task, const char *table)
{
  ErosRequest *request = eros_request_new (EROS_SERVICE_BIG_QUERY, "POST",
                                           "bigquery/v2/projects/%s/datasets/%s/tables/%s:testIamPermissions",
                                           eros_connection_get_project (eros_probe_connection (task)),
                                           eros_connection_get_dataset (eros_probe_connection (task)), table);

  ask_for (request, of_table);
  return request;
}

static void
tables_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = eros_probe_got (source, result, &error);
  JsonArray *tables = answer != NULL ? eros_json_array (json_node_get_object (answer), "tables") : NULL;
  JsonNode *first =
    tables != NULL && json_array_get_length (tables) > 0 ? json_array_get_element (tables, 0) : NULL;
  const char *id = first != NULL && JSON_NODE_HOLDS_OBJECT (first)
                     ? eros_json_string (json_node_get_object (first), "tableReference.tableId")
                     : NULL;
  g_autoptr (ErosRequest) request = NULL;

  /* Without a table there is nobody to ask. */
  if (id == NULL)
    {
      judge (task, NULL);
      return;
    }
  request = request_table (task, id);
  eros_probe_get (task, request, table_cb);
}

static void
ask_data_set (GTask *task)
{
  g_autoptr (ErosRequest) request =
    eros_request_new (EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets/%s/tables",
                      eros_connection_get_project (eros_probe_connection (task)),
                      eros_connection_get_dataset (eros_probe_connection (task)));

  eros_request_add_query (request, "maxResults", "1");
  eros_probe_get (task, request, tables_cb);
}

/* Each of the deployment's tables, one after the other. One that is not there grants nothing, and is missed
 * by others. */
static void
own_table_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Probe *probe = eros_probe_of (task);
  const char *table = probe->tables[probe->n_looked_at++];
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_probe_got (source, result, &error);
  JsonObject *on_tables = eros_json_object (probe->result->evidence, "granted_on_tables");
  JsonArray *granted = answer != NULL ? eros_json_array (json_node_get_object (answer), "permissions") : NULL;

  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    g_clear_error (&error);
  else if (!eros_probe_answered (task, table, answer, error))
    return;
  else
    json_object_set_array_member (on_tables, table,
                                  granted != NULL ? json_array_ref (granted) : json_array_new ());
  ask_next_table (task);
}

static void
ask_next_table (GTask *task)
{
  Probe *probe = eros_probe_of (task);
  g_autoptr (ErosRequest) request = NULL;

  if (probe->tables == NULL || probe->tables[probe->n_looked_at] == NULL)
    {
      judge (task, NULL);
      return;
    }
  if (probe->n_looked_at == 0)
    json_object_set_object_member (probe->result->evidence, "granted_on_tables", json_object_new ());
  request = request_table (task, probe->tables[probe->n_looked_at]);
  eros_probe_get (task, request, own_table_cb);
}

/* ---- the project --------------------------------------------------------------------------------------- */

static gboolean
is_missing_for_data (JsonArray *granted)
{
  for (guint i = 0; i < G_N_ELEMENTS (permissions); i++)
    if (g_str_equal (permissions[i].role, ROLE_DATA) && !eros_probe_contains (granted, permissions[i].name))
      return TRUE;
  return FALSE;
}

/* Whatever word it is refused with: “insufficientPermissions”, “forbidden”, ACCESS_TOKEN_SCOPE_INSUFFICIENT.
 */
static gboolean
may_not_ask (const GError *error)
{
  ErosBigQueryCause cause = eros_big_query_error_get_cause (error);

  return cause == EROS_BIG_QUERY_CAUSE_SCOPE || cause == EROS_BIG_QUERY_CAUSE_ROLE;
}

static void
project_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_probe_got (source, result, &error);
  JsonArray *granted;

  /* A sign-in is not asked for more than the work needs, and this question needs more. */
  if (answer == NULL && may_not_ask (error))
    {
      eros_probe_of (task)->refusal = error;
      ask_data_set (task);
      return;
    }
  if (!eros_probe_answered (task, _ ("Permissions"), answer, error))
    return;
  granted = eros_json_array (json_node_get_object (answer), "permissions");
  json_object_set_array_member (eros_probe_of (task)->result->evidence, "granted",
                                granted != NULL ? json_array_ref (granted) : json_array_new ());
  if (is_missing_for_data (granted))
    ask_data_set (task);
  else
    ask_next_table (task);
}

void
eros_probe_start_permissions (GTask *task)
{
  g_autoptr (ErosRequest) request =
    eros_request_new (EROS_SERVICE_RESOURCE_MANAGER, "POST", "v1/projects/%s:testIamPermissions",
                      eros_connection_get_project (eros_probe_connection (task)));
  const char *names[G_N_ELEMENTS (permissions) + 1] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (permissions); i++)
    names[i] = permissions[i].name;
  ask_for (request, names);
  eros_probe_get (task, request, project_cb);
}
