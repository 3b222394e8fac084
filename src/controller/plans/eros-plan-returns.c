/* eros-plan-returns.c: the steps that bring objects back, one after the other
 *
 * Each can be done twice without harm, so that a rollback that was cut off goes on where it stopped.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-definition-columns.h"
#include "eros-definition.h"
#include "eros-inventory-lists.h"
#include "eros-json-text.h"
#include "eros-json.h"
#include "eros-plan-objects.h"
#include "eros-plan-parts.h"

static ErosConnection *
connection_of (ErosWork *work)
{
  return eros_big_query_get_connection (eros_work_get_big_query (work));
}

/* With its names in it, as it is sent. (transfer full) */
static char *
specialize (ErosWork *work, const char *definition)
{
  return eros_definition_specialize (definition, eros_connection_get_project (connection_of (work)),
                                     eros_connection_get_dataset (connection_of (work)));
}

/* A name that could end its back-quotes is no name. */
static gboolean
is_quotable (const char *name)
{
  return strpbrk (name, "`\\\n") == NULL;
}

static char *
reference (ErosWork *work, const char *name)
{
  return g_strdup_printf ("`%s.%s.%s`", eros_connection_get_project (connection_of (work)),
                          eros_connection_get_dataset (connection_of (work)), name);
}

/* ---- the statements ------------------------------------------------------------------------------------ */

static char *
drop_statement (ErosWork *work, const ErosReturn *one)
{
  g_autofree char *name = reference (work, one->name);
  g_autofree char *kind = g_str_equal (one->kind, EROS_INVENTORY_SNAPSHOT) ? g_strdup ("SNAPSHOT TABLE")
                                                                           : g_ascii_strup (one->kind, -1);
  const char *dot = strchr (one->name, '.');

  if (g_str_equal (one->kind, EROS_INVENTORY_ROW_POLICY) && dot != NULL)
    {
      g_autofree char *table = g_strndup (one->name, dot - one->name);
      g_autofree char *table_reference = reference (work, table);

      return g_strdup_printf ("DROP ROW ACCESS POLICY IF EXISTS `%s` ON %s", dot + 1, table_reference);
    }
  return g_strdup_printf ("DROP %s IF EXISTS %s", kind, name);
}

/* "CREATE VIEW …" as a statement that may be run again. */
static char *
make_statement (ErosWork *work, const ErosReturn *one)
{
  g_autofree char *text = specialize (work, one->definition);
  const char *rest = g_str_has_prefix (text, "CREATE ") ? text + strlen ("CREATE ") : text;
  static const char snapshot[] = "SNAPSHOT TABLE ";

  if (g_str_has_prefix (rest, snapshot))
    return g_strdup_printf ("CREATE SNAPSHOT TABLE IF NOT EXISTS %s", rest + strlen (snapshot));
  return g_strdup_printf ("CREATE OR REPLACE %s", rest);
}

/* A table of this definition, with the rows of another. What only the time of loading says where a row lies
 * has no column for it, and is filled afterwards. */
static char *
fill_statement (ErosWork *work, const ErosReturn *one, const char *source)
{
  g_autofree char *statement = make_statement (work, one);
  g_autofree char *columns = eros_definition_select_list (one->definition);
  g_autofree char *name = reference (work, one->name);
  char *end = strrchr (statement, ';');

  if (end != NULL)
    *end = '\0';
  if (strstr (statement, "_PARTITIONTIME") != NULL || strstr (statement, "_PARTITIONDATE") != NULL)
    return g_strdup_printf ("%s;\nINSERT INTO %s (%s)\nSELECT %s FROM %s;", statement, name, columns, columns,
                            source);
  return g_strdup_printf ("%s\nAS SELECT %s FROM %s", statement, columns, source);
}

/* ---- what is no object of SQL -------------------------------------------------------------------------- */

typedef struct
{
  ErosWork *work;
  ErosWorkStep *step;
  GCancellable *cancellable;
} Patch;

static void
patched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Patch *patch = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  if (answer == NULL)
    eros_work_step_failed (patch->work, patch->step, error);
  else
    eros_work_step_done (patch->work, patch->step, NULL);
}

/* What it had is set; what it has beside that becomes null. */
static void
patch_options (JsonObject *body, JsonObject *dataset, const char *definition)
{
  static const char *const changeable[] = { "defaultCollation",    "defaultPartitionExpirationMs",
                                            "defaultRoundingMode", "defaultTableExpirationMs",
                                            "description",         "friendlyName",
                                            "isCaseInsensitive",   "labels",
                                            "maxTimeTravelHours",  "storageBillingModel" };
  g_autoptr (JsonNode) node = eros_json_text_parse (definition);
  JsonObject *wanted = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  for (guint i = 0; wanted != NULL && i < G_N_ELEMENTS (changeable); i++)
    if (json_object_has_member (wanted, changeable[i]))
      json_object_set_member (body, changeable[i],
                              json_node_copy (json_object_get_member (wanted, changeable[i])));
    else if (json_object_has_member (dataset, changeable[i]))
      json_object_set_null_member (body, changeable[i]);
}

/* A label that is to go must be named with null. */
static void
drop_other_labels (JsonObject *body, JsonObject *dataset)
{
  JsonObject *now = eros_json_object (dataset, "labels");
  JsonObject *wanted = eros_json_object (body, "labels");
  g_autoptr (GList) names = now != NULL && wanted != NULL ? json_object_get_members (now) : NULL;

  for (GList *at = names; at != NULL; at = at->next)
    if (!json_object_has_member (wanted, at->data))
      json_object_set_null_member (wanted, at->data);
}

static char *
name_of_entry (ErosWork *work, JsonNode *entry)
{
  return eros_inventory_name_access (entry, eros_connection_get_project (connection_of (work)),
                                     eros_connection_get_dataset (connection_of (work)));
}

/* The entries that there are, without those that the deployment has added, with those that it has taken away.
 */
static void
patch_access (ErosWork *work, JsonObject *body, JsonObject *dataset, GPtrArray *returns)
{
  JsonArray *now = eros_json_array (dataset, "access");
  JsonArray *access = json_array_new ();

  for (guint i = 0; now != NULL && i < json_array_get_length (now); i++)
    {
      JsonNode *entry = json_array_get_element (now, i);
      g_autofree char *name = name_of_entry (work, entry);
      gboolean is_changed = FALSE;

      for (guint j = 0; j < returns->len; j++)
        is_changed |= g_str_equal (((ErosReturn *) returns->pdata[j])->name, name);
      if (!is_changed)
        json_array_add_element (access, json_node_copy (entry));
    }
  for (guint i = 0; i < returns->len; i++)
    {
      const ErosReturn *one = returns->pdata[i];
      g_autofree char *text = one->definition != NULL ? specialize (work, one->definition) : NULL;
      JsonNode *entry = text != NULL ? eros_json_text_parse (text) : NULL;

      if (entry != NULL)
        json_array_add_element (access, entry);
    }
  json_object_set_array_member (body, "access", access);
}

static void
got_dataset_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Patch *patch = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  GPtrArray *returns = patch->step->data;
  ErosConnection *connection = connection_of (patch->work);
  g_autoptr (ErosRequest) request = NULL;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *body = json_object_new ();
  const ErosReturn *first = returns->pdata[0];

  json_node_take_object (node, body);
  if (answer == NULL)
    {
      eros_work_step_failed (patch->work, patch->step, error);
      g_free (patch);
      return;
    }
  if (g_str_equal (first->kind, EROS_INVENTORY_ACCESS))
    patch_access (patch->work, body, json_node_get_object (answer), returns);
  else
    {
      g_autofree char *text = first->definition != NULL ? specialize (patch->work, first->definition) : NULL;

      patch_options (body, json_node_get_object (answer), text != NULL ? text : "{}");
      drop_other_labels (body, json_node_get_object (answer));
    }
  request =
    eros_request_new (EROS_SERVICE_BIG_QUERY, "PATCH", "bigquery/v2/projects/%s/datasets/%s",
                      eros_connection_get_project (connection), eros_connection_get_dataset (connection));
  /* What somebody else has changed in this very moment is not lost. */
  eros_request_set_header (request, "If-Match", eros_json_string (json_node_get_object (answer), "etag"));
  eros_request_set_json (request, node);
  eros_http_send_async (EROS_HTTP (source), request, patch->cancellable, patched_cb, patch);
}

static void
patch_dataset (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  ErosConnection *connection = connection_of (work);
  Patch *patch = g_new0 (Patch, 1);
  g_autoptr (ErosRequest) request =
    eros_request_new (EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets/%s",
                      eros_connection_get_project (connection), eros_connection_get_dataset (connection));

  patch->work = work;
  patch->step = step;
  patch->cancellable = cancellable;
  eros_http_send_async (eros_big_query_get_http (eros_work_get_big_query (work)), request, cancellable,
                        got_dataset_cb, patch);
}

/* ---- the steps ----------------------------------------------------------------------------------------- */

typedef struct
{
  ErosWork *work;
  guint group;
  guint n; /* of the steps, for their ids */
  const char *suffix;
} Adding;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* title: with %1$s for the kind and %2$s for the name */
static char *
title_of (const char *title, const ErosReturn *one)
{
  return g_strdup_printf (title, one->kind, one->name);
}
#pragma GCC diagnostic pop

/* Takes sql. */
static ErosWorkStep *
add_statement (Adding *adding, const char *title, const ErosReturn *one, char *sql)
{
  g_autofree char *id = g_strdup_printf ("object/%u", ++adding->n);
  g_autofree char *full = title_of (title, one);
  ErosWorkStep *step = eros_work_add (adding->work, adding->group++, id, full);

  step->sql = sql;
  step->is_verbatim = TRUE;
  step->timeout_ms = 600000;
  return step;
}

/* A copy of the table as it was, which is there also when the table is not. */
static void
add_travel (Adding *adding, const ErosReturn *one)
{
  g_autofree char *then = g_strdup_printf ("%s@%" G_GINT64_FORMAT, one->name, one->time / 1000);
  g_autofree char *copy = g_strdup_printf ("eros_return_%s_%u", adding->suffix, adding->n + 1);
  g_autofree char *source = reference (adding->work, copy);
  ErosWorkStep *step = add_statement (adding, _ ("Look for the %1$s %2$s as it was"), one, NULL);
  JsonObject *configuration = json_object_new ();

  json_object_set_object_member (configuration, "sourceTable",
                                 eros_plan_table_reference (adding->work, then));
  json_object_set_object_member (configuration, "destinationTable",
                                 eros_plan_table_reference (adding->work, copy));
  json_object_set_string_member (configuration, "writeDisposition", "WRITE_TRUNCATE");
  step->configuration = json_object_new ();
  json_object_set_object_member (step->configuration, "copy", configuration);
  add_statement (adding, _ ("Bring back the %1$s %2$s with its rows of then"), one,
                 fill_statement (adding->work, one, source));
  add_statement (adding, _ ("Remove the copy of the %1$s %2$s"), one,
                 g_strdup_printf ("DROP TABLE IF EXISTS %s", source));
}

static void
add_one (Adding *adding, const ErosReturn *one)
{
  ErosWork *work = adding->work;
  g_autofree char *snapshot = NULL;
  g_autofree char *source = NULL;

  switch (one->way)
    {
    case EROS_WAY_DROP:
      add_statement (adding, _ ("Remove the %1$s %2$s"), one, drop_statement (work, one));
      break;
    case EROS_WAY_MAKE:
      add_statement (adding, _ ("Make the %1$s %2$s again"), one, make_statement (work, one));
      break;
    case EROS_WAY_RESHAPE:
      source = reference (work, one->name);
      add_statement (adding, _ ("Give the %1$s %2$s its columns and options back"), one,
                     fill_statement (work, one, source));
      break;
    case EROS_WAY_TRAVEL:
      add_travel (adding, one);
      break;
    case EROS_WAY_SNAPSHOT:
      snapshot = g_strdup_printf ("%s_%s", one->name, adding->suffix);
      source = reference (work, snapshot);
      add_statement (adding, _ ("Restore the %1$s %2$s with its columns and options"), one,
                     fill_statement (work, one, source));
      break;
    case EROS_WAY_KEEP:
    case EROS_WAY_PATCH:
    default:
      break;
    }
}

static void
free_patched (gpointer returns)
{
  g_ptr_array_unref (returns);
}

/* All of one kind at once: the data set has one list of entries. */
static void
add_patch (Adding *adding, GPtrArray *returns, const char *kind, const char *title)
{
  g_autoptr (GPtrArray) of_kind = g_ptr_array_new ();
  g_autofree char *id = g_strconcat ("object/", kind, NULL);
  ErosWorkStep *step;

  for (guint i = 0; i < returns->len; i++)
    {
      ErosReturn *one = returns->pdata[i];

      if (one->way == EROS_WAY_PATCH && g_str_equal (one->kind, kind))
        g_ptr_array_add (of_kind, one);
    }
  if (of_kind->len == 0)
    return;
  step = eros_work_add (adding->work, adding->group++, id, title);
  step->call = patch_dataset;
  step->data = g_steal_pointer (&of_kind);
  step->data_free = free_patched;
}

guint
eros_plan_add_returns (ErosWork *work, guint group, GPtrArray *returns, const char *snapshot_suffix)
{
  Adding adding = { work, group, 0, snapshot_suffix };

  for (guint i = 0; i < returns->len; i++)
    {
      const ErosReturn *one = returns->pdata[i];

      if (is_quotable (one->name))
        add_one (&adding, one);
    }
  add_patch (&adding, returns, EROS_INVENTORY_ACCESS, _ ("Give the data set its access entries back"));
  add_patch (&adding, returns, EROS_INVENTORY_OPTIONS, _ ("Give the data set its options back"));
  eros_work_keep (work, g_ptr_array_ref (returns), free_patched); /* the patches look at them when they run */
  return adding.group;
}
