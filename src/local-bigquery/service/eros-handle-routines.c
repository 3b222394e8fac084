/* eros-handle-routines.c: routines.*
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-schema.h"
#include "eros-service-private.h"
#include "eros-table-resource.h"

static const char *const KINDS[] = { "SCALAR_FUNCTION", "PROCEDURE", "TABLE_VALUED_FUNCTION" };
static const char *const MODES[] = { "IN", "OUT", "INOUT" };

/* StandardSqlDataType */
static void
write_type (const char *name, const ErosSqlType *type, ErosJsonWriter *writer)
{
  ErosSqlKind kind = eros_sql_type_get_kind (type);

  eros_json_open (writer, name, '{');
  eros_json_string (writer, "typeKind", eros_sql_kind_get_name (kind));
  if (kind == EROS_SQL_ARRAY)
    write_type ("arrayElementType", eros_sql_type_get_element (type), writer);
  if (kind == EROS_SQL_STRUCT)
    {
      eros_json_open (writer, "structType", '{');
      eros_json_open (writer, "fields", '[');
      for (guint i = 0; i < eros_sql_type_get_n_fields (type); i++)
        {
          const ErosSqlField *field = eros_sql_type_get_field (type, i);

          eros_json_open (writer, NULL, '{');
          eros_json_string (writer, "name", field->name);
          write_type ("type", field->type, writer);
          eros_json_close (writer, '}');
        }
      eros_json_close (writer, ']');
      eros_json_close (writer, '}');
    }
  eros_json_close (writer, '}');
}

static void
write_argument (ErosStoreRoutine *routine, ErosStoreArgument *argument, ErosJsonWriter *writer)
{
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "name", argument->name);
  eros_json_string (writer, "argumentKind", argument->type != NULL ? "FIXED_TYPE" : "ANY_TYPE");
  if (routine->kind == EROS_STORE_PROCEDURE)
    eros_json_string (writer, "mode", MODES[argument->mode]);
  if (argument->type != NULL)
    write_type ("dataType", argument->type, writer);
  eros_json_close (writer, '}');
}

static void
write_routine (ErosStoreRoutine *routine, gboolean whole, ErosJsonWriter *writer)
{
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "etag", routine->etag);
  eros_json_open (writer, "routineReference", '{');
  eros_json_string (writer, "projectId", routine->project);
  eros_json_string (writer, "datasetId", routine->dataset);
  eros_json_string (writer, "routineId", routine->name);
  eros_json_close (writer, '}');
  eros_json_string (writer, "routineType", KINDS[routine->kind]);
  eros_json_int_string (writer, "creationTime", routine->created / 1000);
  eros_json_int_string (writer, "lastModifiedTime", routine->modified / 1000);
  eros_json_string (writer, "language", routine->language != NULL ? "JAVASCRIPT" : "SQL");
  if (routine->arguments->len > 0)
    {
      eros_json_open (writer, "arguments", '[');
      for (guint i = 0; i < routine->arguments->len; i++)
        write_argument (routine, g_ptr_array_index (routine->arguments, i), writer);
      eros_json_close (writer, ']');
    }
  if (routine->return_type != NULL)
    write_type ("returnType", routine->return_type, writer);
  if (whole)
    {
      eros_json_string (writer, "definitionBody", routine->body);
      eros_json_string (writer, "description", routine->description);
      if (routine->kind == EROS_STORE_PROCEDURE)
        eros_json_bool (writer, "strictMode", routine->strict_mode);
    }
  eros_json_close (writer, '}');
}

static ErosStoreRoutine *
find (ErosCall *call, ErosStoreConnection *connection)
{
  g_autoptr (GError) error = NULL;
  ErosStoreRoutine *routine =
    eros_store_get_routine (connection, eros_call_param (call, "projectId"),
                            eros_call_param (call, "datasetId"), eros_call_param (call, "routineId"), &error);

  if (routine == NULL)
    eros_call_fail_error (call, error);
  return routine;
}

void
eros_handle_routines_get (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_READ);
  g_autoptr (ErosStoreRoutine) routine = connection != NULL ? find (call, connection) : NULL;

  if (routine != NULL)
    write_routine (routine, TRUE, eros_call_reply (call));
}

void
eros_handle_routines_list (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_READ);
  g_autoptr (ErosStoreDataset) dataset = NULL;
  g_autoptr (GPtrArray) routines = NULL;
  g_autoptr (GError) error = NULL;
  const char *token = eros_call_query (call, "pageToken");
  gint64 limit, first = 0;
  ErosJsonWriter *writer;

  if (connection == NULL || !eros_call_query_int (call, "maxResults", 1000, &limit))
    return;
  if (token != NULL && *token != '\0' && !eros_page_parse_token (token, &first))
    {
      eros_call_fail (call, 400, "invalid", "Invalid value for pageToken: %s is not a valid value", token);
      return;
    }
  dataset = eros_store_get_dataset (connection, eros_call_param (call, "projectId"),
                                    eros_call_param (call, "datasetId"), &error);
  if (dataset != NULL)
    routines = eros_store_list_routines (connection, dataset->project, dataset->name, &error);
  if (routines == NULL)
    {
      eros_call_fail_error (call, error);
      return;
    }
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_open (writer, "routines", '[');
  for (gint64 i = first; i < routines->len && i < first + limit; i++)
    write_routine (g_ptr_array_index (routines, i), FALSE, writer);
  eros_json_close (writer, ']');
  if (first + limit < routines->len)
    {
      g_autofree char *next = eros_page_token (first + limit);

      eros_json_string (writer, "nextPageToken", next);
    }
  eros_json_close (writer, '}');
}

/* ---- insert and update: written as the statement that would do it -------------------------------------- */

static gboolean
append_type (GString *sql, JsonObject *type)
{
  const char *kind = eros_json_get_string (type, "typeKind");
  JsonArray *fields = eros_json_get_array (eros_json_get_object (type, "structType"), "fields");
  ErosSqlKind known;

  if (kind == NULL)
    return FALSE;
  if (strcmp (kind, "ARRAY") == 0)
    {
      g_string_append (sql, "ARRAY<");
      if (!append_type (sql, eros_json_get_object (type, "arrayElementType")))
        return FALSE;
      g_string_append_c (sql, '>');
      return TRUE;
    }
  if (strcmp (kind, "STRUCT") != 0)
    {
      g_string_append (sql, kind);
      return eros_sql_kind_from_name (kind, &known);
    }
  g_string_append (sql, "STRUCT<");
  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      JsonNode *node = json_array_get_element (fields, i);
      JsonObject *field = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = eros_json_get_string (field, "name");

      g_string_append_printf (sql, "%s%s%s%s ", i > 0 ? ", " : "", name != NULL ? "`" : "",
                              name != NULL ? name : "", name != NULL ? "`" : "");
      if (!append_type (sql, eros_json_get_object (field, "type")))
        return FALSE;
    }
  g_string_append_c (sql, '>');
  return TRUE;
}

static gboolean
append_arguments (GString *sql, JsonArray *arguments, gboolean procedure)
{
  g_string_append_c (sql, '(');
  for (guint i = 0; arguments != NULL && i < json_array_get_length (arguments); i++)
    {
      JsonNode *node = json_array_get_element (arguments, i);
      JsonObject *argument = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = eros_json_get_string (argument, "name");
      const char *mode = eros_json_get_string (argument, "mode");
      const char *kind = eros_json_get_string (argument, "argumentKind");

      if (name == NULL || strchr (name, '`') != NULL)
        return FALSE;
      g_string_append_printf (sql, "%s%s%s`%s` ", i > 0 ? ", " : "", procedure && mode != NULL ? mode : "",
                              procedure && mode != NULL ? " " : "", name);
      if (g_strcmp0 (kind, "ANY_TYPE") == 0)
        g_string_append (sql, "ANY TYPE");
      else if (!append_type (sql, eros_json_get_object (argument, "dataType")))
        return FALSE;
    }
  g_string_append_c (sql, ')');
  return TRUE;
}

/* A literal of GoogleSQL */
static void
append_quoted (const char *text, GString *sql)
{
  g_string_append_c (sql, '"');
  for (; *text != '\0'; text++)
    if (*text == '"' || *text == '\\')
      g_string_append_printf (sql, "\\%c", *text);
    else if (g_ascii_iscntrl (*text))
      g_string_append_printf (sql, "\\x%02x", (guint) *text);
    else
      g_string_append_c (sql, *text);
  g_string_append_c (sql, '"');
}

static char *
to_statement (JsonObject *body, const char *project, const char *dataset, const char *name, gboolean replace)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  const char *kind = eros_json_get_string (body, "routineType");
  const char *definition = eros_json_get_string (body, "definitionBody");
  g_autoptr (GString) options = NULL;
  const char *description = eros_json_get_string (body, "description");
  JsonObject *returns = eros_json_get_object (body, "returnType");
  gboolean procedure = g_strcmp0 (kind, "PROCEDURE") == 0;

  if (definition == NULL || (!procedure && g_strcmp0 (kind, "SCALAR_FUNCTION") != 0) ||
      strchr (name, '`') != NULL)
    return NULL;
  g_string_append_printf (sql, "CREATE %s%s `%s`.`%s`.`%s`", replace ? "OR REPLACE " : "",
                          procedure ? "PROCEDURE" : "FUNCTION", project, dataset, name);
  if (!append_arguments (sql, eros_json_get_array (body, "arguments"), procedure))
    return NULL;
  if (returns != NULL && !procedure)
    {
      g_string_append (sql, " RETURNS ");
      if (!append_type (sql, returns))
        return NULL;
    }
  if (description != NULL)
    {
      options = g_string_new (" OPTIONS (description=");
      append_quoted (description, options);
      g_string_append_c (options, ')');
    }
  if (procedure)
    g_string_append_printf (sql, "%s\n%s", options != NULL ? options->str : "", definition);
  else
    g_string_append_printf (sql, " AS (\n%s\n)%s", definition, options != NULL ? options->str : "");
  return g_strdup (sql->str);
}

static void
create (ErosCall *call, const char *name, gboolean replace)
{
  JsonObject *body = eros_call_body (call);
  g_autofree char *sql = NULL;
  g_autoptr (ErosEngineResult) result = NULL;
  g_autoptr (ErosStoreConnection) connection = NULL;
  g_autoptr (ErosStoreRoutine) routine = NULL;
  g_autoptr (GError) error = NULL;
  ErosEngineRequest request = { 0 };

  if (body == NULL)
    return;
  if (name != NULL)
    sql = to_statement (body, eros_call_param (call, "projectId"), eros_call_param (call, "datasetId"), name,
                        replace);
  if (sql == NULL)
    {
      eros_call_fail (
        call, 400, "invalid",
        "Invalid routine: routineReference.routineId, routineType (SCALAR_FUNCTION or PROCEDURE in SQL),"
        " arguments and definitionBody are needed.");
      return;
    }
  request.project = eros_call_param (call, "projectId");
  request.user_email = call->user_email;
  request.query = sql;
  result = eros_engine_run (call->service->engine, &request, NULL);
  if (result->error_reason != NULL)
    {
      eros_call_fail (call, strcmp (result->error_reason, "duplicate") == 0 ? 409 : 400, result->error_reason,
                      "%s", result->error_message);
      return;
    }
  connection = eros_call_begin (call, EROS_STORE_READ);
  if (connection == NULL)
    return;
  routine = eros_store_get_routine (connection, eros_call_param (call, "projectId"),
                                    eros_call_param (call, "datasetId"), name, &error);
  if (routine == NULL)
    eros_call_fail_error (call, error);
  else
    write_routine (routine, TRUE, eros_call_reply (call));
}

void
eros_handle_routines_insert (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  JsonObject *reference = body != NULL ? eros_json_get_object (body, "routineReference") : NULL;

  if (body != NULL)
    create (call, eros_json_get_string (reference, "routineId"), FALSE);
}

void
eros_handle_routines_update (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_READ);
  g_autoptr (ErosStoreRoutine) routine = connection != NULL ? find (call, connection) : NULL;

  if (routine == NULL || !eros_call_check_etag (call, routine->etag))
    return;
  g_clear_pointer (&connection, eros_store_release);
  create (call, eros_call_param (call, "routineId"), TRUE);
}

void
eros_handle_routines_delete (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_WRITE);
  g_autoptr (ErosStoreRoutine) routine = connection != NULL ? find (call, connection) : NULL;
  g_autoptr (GError) error = NULL;

  if (routine == NULL)
    return;
  if (!eros_store_drop_routine (connection, routine, &error))
    eros_call_fail_error (call, error);
  else if (eros_call_commit (call, connection))
    eros_call_reply_nothing (call);
}
