/* eros-ast-statement.h: the syntax tree of statements
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-ast-query.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_AST_STATEMENT_QUERY, /* query */
  /* DML */
  EROS_AST_STATEMENT_INSERT,   /* insert */
  EROS_AST_STATEMENT_UPDATE,   /* update */
  EROS_AST_STATEMENT_DELETE,   /* delete */
  EROS_AST_STATEMENT_MERGE,    /* merge */
  EROS_AST_STATEMENT_TRUNCATE, /* truncate */
  /* DDL */
  EROS_AST_STATEMENT_CREATE_SCHEMA,         /* create_schema */
  EROS_AST_STATEMENT_CREATE_TABLE,          /* create_table */
  EROS_AST_STATEMENT_CREATE_SNAPSHOT_TABLE, /* create_table, with clone */
  EROS_AST_STATEMENT_CREATE_VIEW,           /* create_view: also MATERIALIZED */
  EROS_AST_STATEMENT_CREATE_FUNCTION,       /* create_function */
  EROS_AST_STATEMENT_CREATE_PROCEDURE,      /* create_procedure */
  EROS_AST_STATEMENT_DROP,                  /* drop */
  EROS_AST_STATEMENT_UNDROP,                /* undrop */
  EROS_AST_STATEMENT_CREATE_POLICY,         /* create_policy: CREATE ROW ACCESS POLICY */
  EROS_AST_STATEMENT_DROP_POLICY,           /* drop_policy */
  EROS_AST_STATEMENT_GRANT,                 /* grant */
  EROS_AST_STATEMENT_REVOKE,                /* grant */
  EROS_AST_STATEMENT_ALTER,                 /* alter */
  /* scripting */
  EROS_AST_STATEMENT_DECLARE,           /* declare */
  EROS_AST_STATEMENT_SET,               /* set */
  EROS_AST_STATEMENT_IF,                /* if_ */
  EROS_AST_STATEMENT_CASE,              /* case_ */
  EROS_AST_STATEMENT_LOOP,              /* loop: LOOP, WHILE, REPEAT */
  EROS_AST_STATEMENT_FOR,               /* for_ */
  EROS_AST_STATEMENT_BLOCK,             /* block: BEGIN … [EXCEPTION WHEN ERROR THEN …] END */
  EROS_AST_STATEMENT_BREAK,             /* jump: BREAK, LEAVE */
  EROS_AST_STATEMENT_CONTINUE,          /* jump: CONTINUE, ITERATE */
  EROS_AST_STATEMENT_RETURN,            /* – */
  EROS_AST_STATEMENT_RAISE,             /* raise */
  EROS_AST_STATEMENT_CALL,              /* call */
  EROS_AST_STATEMENT_EXECUTE_IMMEDIATE, /* execute_immediate */
  EROS_AST_STATEMENT_ASSERT,            /* assert_ */
  /* transactions */
  EROS_AST_STATEMENT_BEGIN_TRANSACTION,    /* – */
  EROS_AST_STATEMENT_COMMIT_TRANSACTION,   /* – */
  EROS_AST_STATEMENT_ROLLBACK_TRANSACTION, /* – */
  /* files in Cloud Storage */
  EROS_AST_STATEMENT_EXPORT_DATA, /* export_data */
  EROS_AST_STATEMENT_LOAD_DATA,   /* load_data */
} ErosAstStatementKind;

/* DML */
typedef struct
{
  ErosAstExprs values; /* a value may be DEFAULT */
  ErosAstSpan  span;
} ErosAstRow;

typedef struct
{
  ErosAstPath       table;
  ErosAstNames      columns; /* length 0: all, in order */
  const ErosAstRow *rows;    /* VALUES, or else … */
  guint             n_rows;
  ErosAstQuery     *query;
} ErosAstInsert;

typedef struct
{
  ErosAstPath  target; /* column, or column.field.field; may begin with the table's alias */
  ErosAstExpr *value;  /* may be DEFAULT */
  ErosAstSpan  span;
} ErosAstSetItem;

typedef struct
{
  ErosAstPath           table;
  const ErosAstName    *alias; /* (nullable) */
  const ErosAstSetItem *items;
  guint                 n_items;
  ErosAstFrom          *from;  /* (nullable) */
  ErosAstExpr          *where; /* (nullable) the syntax allows it; BigQuery then says that it must have one */
} ErosAstUpdate;

typedef struct
{
  ErosAstPath        table;
  const ErosAstName *alias;
  ErosAstExpr       *where; /* as with UPDATE */
} ErosAstDelete;

typedef enum
{
  EROS_AST_MERGE_MATCHED,
  EROS_AST_MERGE_NOT_MATCHED_BY_TARGET,
  EROS_AST_MERGE_NOT_MATCHED_BY_SOURCE,
} ErosAstMergeMatch;

typedef enum
{
  EROS_AST_MERGE_INSERT,
  EROS_AST_MERGE_UPDATE,
  EROS_AST_MERGE_DELETE,
} ErosAstMergeAction;

typedef struct
{
  ErosAstSpan           span;
  ErosAstMergeMatch     match;
  ErosAstExpr          *condition; /* (nullable) AND … */
  ErosAstMergeAction    action;
  ErosAstNames          columns; /* INSERT: length 0 is all */
  ErosAstExprs          values;  /* INSERT VALUES */
  gboolean              row;     /* INSERT ROW */
  const ErosAstSetItem *items;   /* UPDATE */
  guint                 n_items;
} ErosAstMergeWhen;

typedef struct
{
  ErosAstPath             table;
  const ErosAstName      *alias;
  ErosAstFrom            *source; /* TABLE or SUBQUERY */
  ErosAstExpr            *on;
  const ErosAstMergeWhen *whens;
  guint                   n_whens;
} ErosAstMerge;

typedef struct
{
  ErosAstPath  table;
  ErosAstExpr *where; /* (nullable) */
} ErosAstTruncate;

/* DDL */
typedef struct
{
  gboolean    or_replace;
  gboolean    if_not_exists;
  gboolean    temporary;
  ErosAstPath path;
  /* With FUNCTION, VIEW and PROCEDURE the path is split as a table's is. */
} ErosAstCreate;

typedef struct
{
  ErosAstSpan    span;
  ErosAstName    name;
  ErosAstType   *type; /* (nullable) in the column list of CREATE TABLE … AS and of a view */
  gboolean       not_null;
  gboolean       primary_key; /* PRIMARY KEY NOT ENFORCED beside the column */
  ErosAstExpr   *default_;    /* (nullable) */
  ErosAstOptions options;
} ErosAstColumn;

typedef enum
{
  EROS_AST_CONSTRAINT_PRIMARY_KEY,
  EROS_AST_CONSTRAINT_FOREIGN_KEY,
} ErosAstConstraintKind;

/* Never enforced, as in BigQuery. */
typedef struct
{
  ErosAstConstraintKind kind;
  ErosAstSpan           span;
  const ErosAstName    *name; /* (nullable) */
  ErosAstNames          columns;
  ErosAstPath           references;
  ErosAstNames          referenced_columns;
} ErosAstConstraint;

typedef struct
{
  ErosAstCreate  create;
  ErosAstOptions options;
} ErosAstCreateSchema;

typedef struct
{
  ErosAstCreate            create;
  gboolean                 has_columns; /* a column list was written */
  const ErosAstColumn     *columns;
  guint                    n_columns;
  const ErosAstConstraint *constraints;
  guint                    n_constraints;
  ErosAstExpr             *partition_by; /* (nullable) */
  ErosAstExprs             cluster_by;
  ErosAstOptions           options;
  ErosAstPath             *like;        /* (nullable) */
  ErosAstPath             *copy;        /* (nullable) */
  ErosAstPath             *clone;       /* (nullable) */
  ErosAstExpr             *system_time; /* (nullable) of COPY and CLONE */
  ErosAstQuery            *query;       /* (nullable) AS SELECT */
} ErosAstCreateTable;

typedef struct
{
  ErosAstCreate        create;
  gboolean             materialized;
  const ErosAstColumn *columns; /* names and options */
  guint                n_columns;
  ErosAstExpr         *partition_by;
  ErosAstExprs         cluster_by;
  ErosAstOptions       options;
  ErosAstQuery        *query; /* the text to keep is its span */
} ErosAstCreateView;

typedef enum
{
  EROS_AST_PARAMETER_IN,
  EROS_AST_PARAMETER_OUT,
  EROS_AST_PARAMETER_INOUT,
} ErosAstParameterMode;

typedef struct
{
  ErosAstSpan          span;
  ErosAstName          name;
  ErosAstParameterMode mode;
  ErosAstType         *type; /* (nullable) NULL: ANY TYPE */
} ErosAstRoutineParameter;

typedef struct
{
  ErosAstCreate                  create;
  const ErosAstRoutineParameter *parameters;
  guint                          n_parameters;
  ErosAstType                   *returns;  /* (nullable) */
  const char                    *language; /* (nullable) lower case: "js"; then @code is the body */
  ErosAstSpan                    language_span;
  const char                    *code;
  gboolean                       is_table; /* CREATE TABLE FUNCTION: @query is the body */
  ErosAstQuery                  *query;
  const ErosAstField            *table_columns; /* RETURNS TABLE<…> */
  guint                          n_table_columns;
  ErosAstExpr                   *body; /* the text to keep is body_span, without the outer parentheses */
  ErosAstSpan                    body_span;
  ErosAstOptions                 options;
} ErosAstCreateFunction;

typedef struct
{
  ErosAstCreate                  create;
  const ErosAstRoutineParameter *parameters;
  guint                          n_parameters;
  ErosAstOptions                 options;
  ErosAstStatement              *body; /* a BLOCK; the text to keep is its span */
} ErosAstCreateProcedure;

typedef enum
{
  EROS_AST_OBJECT_SCHEMA,
  EROS_AST_OBJECT_TABLE,
  EROS_AST_OBJECT_SNAPSHOT_TABLE,
  EROS_AST_OBJECT_VIEW,
  EROS_AST_OBJECT_MATERIALIZED_VIEW,
  EROS_AST_OBJECT_FUNCTION,
  EROS_AST_OBJECT_PROCEDURE,
  EROS_AST_OBJECT_PROJECT,
  EROS_AST_OBJECT_ORGANIZATION,
} ErosAstObject;

typedef struct
{
  ErosAstObject object;
  gboolean      if_exists;
  ErosAstPath   path;
  gboolean      cascade; /* SCHEMA */
} ErosAstDrop;

/* UNDROP SCHEMA */
typedef struct
{
  gboolean    if_not_exists;
  ErosAstPath path;
} ErosAstUndrop;

/* CREATE ROW ACCESS POLICY name ON table */
typedef struct
{
  ErosAstCreate create; /* path is the table's */
  ErosAstName   name;
  gboolean      has_grantees; /* GRANT TO was written */
  ErosAstExprs  grantees;
  ErosAstExpr  *filter;
} ErosAstCreatePolicy;

typedef struct
{
  gboolean    all; /* DROP ALL ROW ACCESS POLICIES */
  gboolean    if_exists;
  ErosAstName name;
  ErosAstPath path;
} ErosAstDropPolicy;

/* GRANT roles ON object TO grantees; REVOKE roles ON object FROM grantees */
typedef struct
{
  ErosAstNames  roles;
  ErosAstObject object; /* SCHEMA, TABLE, VIEW */
  ErosAstPath   path;
  ErosAstExprs  grantees;
} ErosAstGrant;

typedef struct
{
  ErosAstOptions options;
  ErosAstQuery  *query;
} ErosAstExportData;

typedef struct
{
  gboolean           overwrite;
  ErosAstCreateTable table; /* columns, layout and options */
  ErosAstOptions     files;
} ErosAstLoadData;

typedef enum
{
  EROS_AST_ALTER_SET_OPTIONS,          /* options */
  EROS_AST_ALTER_SET_DEFAULT_COLLATE,  /* collate */
  EROS_AST_ALTER_ADD_COLUMN,           /* column, if_not_exists */
  EROS_AST_ALTER_DROP_COLUMN,          /* name, if_exists */
  EROS_AST_ALTER_RENAME_COLUMN,        /* name, new_name, if_exists */
  EROS_AST_ALTER_RENAME_TO,            /* path */
  EROS_AST_ALTER_COLUMN_SET_TYPE,      /* name, type, if_exists */
  EROS_AST_ALTER_COLUMN_SET_OPTIONS,   /* name, options, if_exists */
  EROS_AST_ALTER_COLUMN_SET_DEFAULT,   /* name, expr, if_exists */
  EROS_AST_ALTER_COLUMN_DROP_DEFAULT,  /* name, if_exists */
  EROS_AST_ALTER_COLUMN_DROP_NOT_NULL, /* name, if_exists */
  EROS_AST_ALTER_ADD_CONSTRAINT,       /* constraint, if_not_exists */
  EROS_AST_ALTER_DROP_CONSTRAINT,      /* name, if_exists */
  EROS_AST_ALTER_DROP_PRIMARY_KEY,     /* if_exists */
} ErosAstAlterKind;

typedef struct
{
  ErosAstAlterKind   kind;
  ErosAstSpan        span;
  gboolean           if_exists;
  gboolean           if_not_exists;
  ErosAstName        name;
  ErosAstName        new_name;
  ErosAstPath        path;
  ErosAstColumn     *column;
  ErosAstType       *type;
  ErosAstExpr       *expr;
  ErosAstOptions     options;
  ErosAstConstraint *constraint;
} ErosAstAlterAction;

typedef struct
{
  ErosAstObject             object;
  gboolean                  if_exists;
  ErosAstPath               path;
  const ErosAstAlterAction *actions;
  guint                     n_actions;
} ErosAstAlter;

/* Scripting */
typedef struct
{
  ErosAstNames names;
  ErosAstType *type;     /* (nullable) one of the two is there */
  ErosAstExpr *default_; /* (nullable) */
} ErosAstDeclare;

typedef struct
{
  ErosAstPath path;   /* a variable, or a system variable without its @@ */
  gboolean    system; /* @@time_zone … */
} ErosAstSetTarget;

/* SET x = 1; SET (a, b) = (1, 2); SET (a, b) = (SELECT AS STRUCT …) */
typedef struct
{
  const ErosAstSetTarget *targets;
  guint                   n_targets;
  gboolean                is_tuple;
  ErosAstExpr            *value;
} ErosAstSet;

typedef struct
{
  ErosAstExpr      *condition; /* of a CASE with an operand: the value */
  ErosAstStatements statements;
} ErosAstBranch;

typedef struct
{
  const ErosAstBranch *branches; /* IF and each ELSEIF */
  guint                n_branches;
  gboolean             has_else;
  ErosAstStatements    otherwise;
} ErosAstIf;

typedef struct
{
  ErosAstExpr         *operand; /* (nullable) */
  const ErosAstBranch *branches;
  guint                n_branches;
  gboolean             has_else;
  ErosAstStatements    otherwise;
} ErosAstCaseStatement;

typedef enum
{
  EROS_AST_LOOP_FOREVER,
  EROS_AST_LOOP_WHILE,
  EROS_AST_LOOP_UNTIL, /* REPEAT … UNTIL condition: after the body */
} ErosAstLoopKind;

typedef struct
{
  ErosAstLoopKind   kind;
  const char       *label; /* (nullable) */
  ErosAstExpr      *condition;
  ErosAstStatements body;
} ErosAstLoop;

typedef struct
{
  const char       *label; /* (nullable) */
  ErosAstName       variable;
  ErosAstQuery     *query;
  ErosAstStatements body;
} ErosAstFor;

typedef struct
{
  const char       *label; /* (nullable) */
  ErosAstStatements statements;
  gboolean          has_handler;
  ErosAstStatements handler;
} ErosAstBlock;

typedef struct
{
  const char *label; /* (nullable) */
} ErosAstJump;

typedef struct
{
  ErosAstExpr *message; /* (nullable) USING MESSAGE = … */
} ErosAstRaise;

typedef struct
{
  ErosAstPath  procedure;
  ErosAstExprs arguments;
} ErosAstCallStatement;

typedef struct
{
  ErosAstExpr       *expr;
  const ErosAstName *alias; /* (nullable) AS name */
} ErosAstUsing;

typedef struct
{
  ErosAstExpr        *sql;
  ErosAstNames        into;
  const ErosAstUsing *using_;
  guint               n_using;
} ErosAstExecuteImmediate;

typedef struct
{
  ErosAstExpr *condition;
  const char  *description; /* (nullable) */
} ErosAstAssert;

struct _ErosAstStatement
{
  ErosAstStatementKind kind;
  ErosAstSpan          span; /* without the semicolon */
  union
  {
    ErosAstQuery *query;
    ErosAstInsert insert;
    ErosAstUpdate update;
    ErosAstDelete delete;
    ErosAstMerge            merge;
    ErosAstTruncate         truncate;
    ErosAstCreateSchema     create_schema;
    ErosAstCreateTable      create_table;
    ErosAstCreateView       create_view;
    ErosAstCreateFunction   create_function;
    ErosAstCreateProcedure  create_procedure;
    ErosAstDrop             drop;
    ErosAstUndrop           undrop;
    ErosAstAlter            alter;
    ErosAstDeclare          declare;
    ErosAstSet              set;
    ErosAstIf               if_;
    ErosAstCaseStatement    case_;
    ErosAstLoop             loop;
    ErosAstFor              for_;
    ErosAstBlock            block;
    ErosAstJump             jump;
    ErosAstRaise            raise;
    ErosAstCallStatement    call;
    ErosAstExecuteImmediate execute_immediate;
    ErosAstAssert           assert_;
    ErosAstCreatePolicy     create_policy;
    ErosAstDropPolicy       drop_policy;
    ErosAstGrant            grant;
    ErosAstExportData       export_data;
    ErosAstLoadData         load_data;
  };
};

G_END_DECLS
