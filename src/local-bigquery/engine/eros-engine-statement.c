/* eros-engine-statement.c: what kind of statement it is, and how the REST API names it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"

#include <string.h>

gboolean
eros_engine_is_ddl (const ErosAstStatement *statement)
{
  return statement->kind >= EROS_AST_STATEMENT_CREATE_SCHEMA && statement->kind <= EROS_AST_STATEMENT_ALTER;
}

static const char *
create_type (const ErosAstStatement *statement)
{
  switch ((int) statement->kind)
    {
    case EROS_AST_STATEMENT_CREATE_SCHEMA:
      return "CREATE_SCHEMA";
    case EROS_AST_STATEMENT_CREATE_TABLE:
      return statement->create_table.query != NULL ? "CREATE_TABLE_AS_SELECT" : "CREATE_TABLE";
    case EROS_AST_STATEMENT_CREATE_SNAPSHOT_TABLE:
      return "CREATE_SNAPSHOT_TABLE";
    case EROS_AST_STATEMENT_CREATE_VIEW:
      return statement->create_view.materialized ? "CREATE_MATERIALIZED_VIEW" : "CREATE_VIEW";
    case EROS_AST_STATEMENT_CREATE_FUNCTION:
      return statement->create_function.is_table ? "CREATE_TABLE_FUNCTION" : "CREATE_FUNCTION";
    case EROS_AST_STATEMENT_UNDROP:
      return "UNDROP_SCHEMA";
    case EROS_AST_STATEMENT_CREATE_POLICY:
      return "CREATE_ROW_ACCESS_POLICY";
    case EROS_AST_STATEMENT_DROP_POLICY:
      return statement->drop_policy.all ? "DROP_ALL_ROW_ACCESS_POLICIES" : "DROP_ROW_ACCESS_POLICY";
    case EROS_AST_STATEMENT_GRANT:
      return "GRANT";
    case EROS_AST_STATEMENT_REVOKE:
      return "REVOKE";
    default:
      return "CREATE_PROCEDURE";
    }
}

static const char *
object_type (const ErosAstStatement *statement)
{
  static const char *const drops[] = {
    "DROP_SCHEMA",   "DROP_TABLE",     "DROP_SNAPSHOT_TABLE", "DROP_VIEW",        "DROP_MATERIALIZED_VIEW",
    "DROP_FUNCTION", "DROP_PROCEDURE", "DROP_PROJECT",        "DROP_ORGANIZATION"
  };
  static const char *const alters[] = {
    "ALTER_SCHEMA",   "ALTER_TABLE",     "ALTER_TABLE",   "ALTER_VIEW",        "ALTER_MATERIALIZED_VIEW",
    "ALTER_FUNCTION", "ALTER_PROCEDURE", "ALTER_PROJECT", "ALTER_ORGANIZATION"
  };

  return statement->kind == EROS_AST_STATEMENT_DROP ? drops[statement->drop.object]
                                                    : alters[statement->alter.object];
}

const char *
eros_engine_statement_type (const ErosAstStatement *statement)
{
  switch ((int) statement->kind)
    {
    case EROS_AST_STATEMENT_QUERY:
      return "SELECT";
    case EROS_AST_STATEMENT_INSERT:
      return "INSERT";
    case EROS_AST_STATEMENT_UPDATE:
      return "UPDATE";
    case EROS_AST_STATEMENT_DELETE:
      return "DELETE";
    case EROS_AST_STATEMENT_MERGE:
      return "MERGE";
    case EROS_AST_STATEMENT_TRUNCATE:
      return "TRUNCATE_TABLE";
    case EROS_AST_STATEMENT_DROP:
    case EROS_AST_STATEMENT_ALTER:
      return object_type (statement);
    case EROS_AST_STATEMENT_EXPORT_DATA:
      return "EXPORT_DATA";
    case EROS_AST_STATEMENT_LOAD_DATA:
      return "LOAD_DATA";
    case EROS_AST_STATEMENT_ASSERT:
      return "ASSERT";
    case EROS_AST_STATEMENT_CALL:
      return "CALL";
    case EROS_AST_STATEMENT_BEGIN_TRANSACTION:
      return "BEGIN_TRANSACTION";
    case EROS_AST_STATEMENT_COMMIT_TRANSACTION:
      return "COMMIT_TRANSACTION";
    case EROS_AST_STATEMENT_ROLLBACK_TRANSACTION:
      return "ROLLBACK_TRANSACTION";
    default:
      return eros_engine_is_ddl (statement) ? create_type (statement) : "SCRIPT";
    }
}

/* Whether a path names a temporary table. */
gboolean
eros_engine_is_temp_path (ErosRun *run, const ErosAstPath *path)
{
  if (path->n_parts == 2 && g_ascii_strcasecmp (path->parts[0].text, "_SESSION") == 0)
    return TRUE;
  return path->n_parts == 1 && eros_engine_find_temp_table (run->session, path->parts[0].text) != NULL;
}

/* Whether a DDL statement is about what only this session sees. */
gboolean
eros_engine_is_temporary (ErosRun *run, const ErosAstStatement *statement)
{
  const ErosAstPath *path;

  switch ((int) statement->kind)
    {
    case EROS_AST_STATEMENT_CREATE_TABLE:
      path = &statement->create_table.create.path;
      return statement->create_table.create.temporary ||
             (path->n_parts == 2 && g_ascii_strcasecmp (path->parts[0].text, "_SESSION") == 0);
    case EROS_AST_STATEMENT_CREATE_FUNCTION:
      return statement->create_function.create.temporary;
    case EROS_AST_STATEMENT_DROP:
      if (statement->drop.object == EROS_AST_OBJECT_FUNCTION)
        return statement->drop.path.n_parts == 1 &&
               eros_engine_find_temp_function (run->session, statement->drop.path.parts[0].text) != NULL;
      return statement->drop.object == EROS_AST_OBJECT_TABLE &&
             eros_engine_is_temp_path (run, &statement->drop.path);
    case EROS_AST_STATEMENT_ALTER:
      return statement->alter.object == EROS_AST_OBJECT_TABLE &&
             eros_engine_is_temp_path (run, &statement->alter.path);
    default:
      return FALSE;
    }
}
