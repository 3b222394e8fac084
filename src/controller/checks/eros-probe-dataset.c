/* eros-probe-dataset.c: is the data set there, where the connection says, and is it the one?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-probe-private.h"

#include <glib/gi18n-lib.h>

static void look_for_next_table (GTask *task);

/* A data set of that name may be another one: the tables that are backed up and changed are in it. */
static void
judge_tables (GTask *task)
{
  Probe *probe = eros_probe_of (task);
  const char *dataset = eros_connection_get_dataset (eros_probe_connection (task));
  const char *location = g_hash_table_lookup (probe->result->values, "location");
  g_autofree char *what = g_strdup_printf (_ ("Data set %s"), dataset);
  g_autofree char *names = probe->tables != NULL ? g_strjoinv (", ", (char **) probe->tables) : NULL;

  if (probe->missing->len > 0)
    eros_probe_add (task, what, EROS_OUTCOME_FAIL,
                    /* Translators: %1$s: a data set, %2$s: tables */
                    g_strdup_printf (_ ("Data set %1$s is there, without these tables: %2$s."), dataset,
                                     probe->missing->str),
                    g_strdup (_ ("Check its name, or ask the project's administrator for the one that has "
                                 "them.")));
  else
    eros_probe_add (
      task, what, EROS_OUTCOME_PASS,
      names != NULL
        /* Translators: %1$s: a data set, %2$s: a location, %3$s: tables */
        ? g_strdup_printf (_ ("Data set %1$s is there, in %2$s, with %3$s"), dataset,
                           location != NULL ? location : "?", names)
        : g_strdup_printf (_ ("Data set %s is there, in %s"), dataset, location != NULL ? location : "?"),
      NULL);
  eros_probe_done (task);
}

static void
table_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Probe *probe = eros_probe_of (task);
  const char *table = probe->tables[probe->n_looked_at++];
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_probe_got (source, result, &error);
  const char *type = answer != NULL ? eros_json_string (json_node_get_object (answer), "type") : NULL;

  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    g_clear_error (&error);
  else if (!eros_probe_answered (task, table, answer, error))
    return;
  if (g_strcmp0 (type, "TABLE") != 0)
    g_string_append_printf (probe->missing, "%s%s", probe->missing->len > 0 ? ", " : "", table);
  look_for_next_table (task);
}

static void
look_for_next_table (GTask *task)
{
  Probe *probe = eros_probe_of (task);
  g_autoptr (ErosRequest) request = NULL;

  if (probe->tables == NULL || probe->tables[probe->n_looked_at] == NULL)
    {
      judge_tables (task);
      return;
    }
  request = eros_request_new (EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets/%s/tables/%s",
                              eros_connection_get_project (eros_probe_connection (task)),
                              eros_connection_get_dataset (eros_probe_connection (task)),
                              probe->tables[probe->n_looked_at]);
  eros_request_add_query (request, "fields", "type");
  eros_probe_get (task, request, table_cb);
}

static void
dataset_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_probe_got (source, result, &error);
  ErosConnection *connection = eros_probe_connection (task);
  const char *dataset = eros_connection_get_dataset (connection);
  g_autofree char *wanted = NULL;
  g_autofree char *what = g_strdup_printf (_ ("Data set %s"), dataset);
  const char *location;

  if (!eros_probe_answered (task, what, answer, error))
    return;
  /* What was entered, and not what has been learned since. */
  g_object_get (connection, "location", &wanted, NULL);
  location = eros_json_string (json_node_get_object (answer), "location");
  eros_probe_remember (task, "dataset", dataset);
  eros_probe_remember (task, "location", location);
  if (wanted != NULL && *wanted != '\0' && location != NULL && g_ascii_strcasecmp (wanted, location) != 0)
    eros_probe_add (
      task, what, EROS_OUTCOME_FAIL,
      g_strdup_printf (_ ("Data set %s is in %s, and the connection says %s."), dataset, location, wanted),
      g_strdup_printf (_ ("Set the connection's location to %s, or leave it empty."), location));
  else
    {
      look_for_next_table (task);
      return;
    }
  eros_probe_done (task);
}

ErosRequest *
eros_probe_request_dataset (GTask *task)
{
  return eros_request_new (EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets/%s",
                           eros_connection_get_project (eros_probe_connection (task)),
                           eros_connection_get_dataset (eros_probe_connection (task)));
}

void
eros_probe_start_dataset (GTask *task)
{
  g_autoptr (ErosRequest) request = eros_probe_request_dataset (task);

  eros_probe_get (task, request, dataset_cb);
}
