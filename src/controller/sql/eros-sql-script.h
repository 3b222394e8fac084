/* eros-sql-script.h: a script as the statements that it consists of
 *
 * BigQuery ends the dry run of a script at its first DDL, CALL, EXECUTE IMMEDIATE, condition or loop: whoever wants to
 * know about the statements after it has to ask for each by itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  EROS_SQL_STATEMENT_PLAIN,       /* can be asked for by itself */
  EROS_SQL_STATEMENT_DECLARATION, /* DECLARE: so it can, and what follows needs it */
  EROS_SQL_STATEMENT_CALL,        /* so it can, which says nothing of what is called */
  EROS_SQL_STATEMENT_EXECUTE,     /* EXECUTE IMMEDIATE: its text is not known before */
  EROS_SQL_STATEMENT_TEMPORARY,   /* makes what is there only while the script runs */
  EROS_SQL_STATEMENT_TRANSACTION, /* begins or ends one */
  EROS_SQL_STATEMENT_CONTROL,     /* a condition, a loop's head, a way out */
} ErosSqlStatementKind;

typedef struct
{
  ErosSqlStatementKind kind;
  gsize                start;          /* in bytes */
  gsize                end;            /* behind its semicolon or THEN or DO */
  guint                line;           /* from 1 */
  guint                scope;          /* the block that it is in */
  gboolean             is_inside;      /* a loop over rows, or a handler: what it names may be there only then */
  gboolean             is_conditional; /* a branch or a loop's body, which may never run */
  char                *makes;          /* (nullable): the last part of the name of what it creates, alters or drops */
} ErosSqlStatement;

typedef struct _ErosSqlScript ErosSqlScript;

/* (nullable): its blocks do not close; the server will say where. */
ErosSqlScript *eros_sql_script_new (const char *sql);
void           eros_sql_script_free (ErosSqlScript *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosSqlScript, eros_sql_script_free)
guint                   eros_sql_script_get_n_statements (ErosSqlScript *self);
const ErosSqlStatement *eros_sql_script_get_statement (ErosSqlScript *self, guint i);
/* (transfer full): the statement's own text */
char *eros_sql_script_dup_text (ErosSqlScript *self, guint i);
/* (transfer full): the statement with the declarations that it sees, each where it is: positions stay the script's. */
char *eros_sql_script_isolate (ErosSqlScript *self, guint i);
/* Whether the statement has that name in it, as a word. */
gboolean eros_sql_script_mentions (ErosSqlScript *self, guint i, const char *name);

G_END_DECLS
