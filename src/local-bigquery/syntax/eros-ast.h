/* eros-ast.h: what every node of the syntax tree has, names, types, lists
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* All nodes, lists and texts belong to the ErosScript they came from, and go with it. Nothing is ever freed singly.
 * An absent clause is NULL or a list of length 0. */

typedef struct _ErosAstExpr      ErosAstExpr;
typedef struct _ErosAstFrom      ErosAstFrom;
typedef struct _ErosAstQuery     ErosAstQuery;
typedef struct _ErosAstQueryBody ErosAstQueryBody;
typedef struct _ErosAstStatement ErosAstStatement;
typedef struct _ErosAstType      ErosAstType;

/* Where a node stands. Lines and columns count from 1; a column is one character, a tab goes on to the next column
 * of 1 + 8 n, as BigQuery counts. [start, end) are bytes of the script's text. */
typedef struct
{
  guint start;
  guint end;
  guint line;
  guint column;
} ErosAstSpan;

/* One identifier, without its back-quotes. */
typedef struct
{
  const char *text;
  gboolean    quoted;
  ErosAstSpan span;
} ErosAstName;

typedef struct
{
  const ErosAstName *items;
  guint              length;
} ErosAstNames;

/* a.b.c: of a table, function, column, type … A table path that was written `a.b.c` in one pair of back-quotes comes
 * split into its parts; a path in an expression does not. Dashed project names are one part. */
typedef struct
{
  ErosAstSpan        span;
  const ErosAstName *parts;
  guint              n_parts;
} ErosAstPath;

typedef struct
{
  ErosAstExpr *const *items;
  guint               length;
} ErosAstExprs;

typedef struct
{
  ErosAstPath *const *items;
  guint               length;
} ErosAstPaths;

typedef struct
{
  ErosAstStatement *const *items;
  guint                    length;
} ErosAstStatements;

/* ORDER BY of a query, an aggregate or a window */
typedef enum
{
  EROS_AST_NULLS_DEFAULT, /* first when ascending, last when descending */
  EROS_AST_NULLS_FIRST,
  EROS_AST_NULLS_LAST,
} ErosAstNullsOrder;

typedef struct
{
  ErosAstSpan       span;
  ErosAstExpr      *expr;
  gboolean          descending;
  ErosAstNullsOrder nulls;
} ErosAstOrderItem;

typedef struct
{
  const ErosAstOrderItem *items;
  guint                   length;
} ErosAstOrder;

/* OPTIONS (name = value, …) */
typedef struct
{
  ErosAstName  name;
  ErosAstExpr *value;
} ErosAstOption;

typedef struct
{
  ErosAstSpan          span;
  const ErosAstOption *items;
  guint                length;
  gboolean             present; /* OPTIONS () is present and empty */
} ErosAstOptions;

/* Types */
typedef enum
{
  EROS_AST_TYPE_SIMPLE, /* INT64, STRING(10), NUMERIC(10, 2) */
  EROS_AST_TYPE_ARRAY,
  EROS_AST_TYPE_RANGE,
  EROS_AST_TYPE_STRUCT,
} ErosAstTypeKind;

typedef struct
{
  const ErosAstName *name; /* (nullable) an anonymous field */
  ErosAstType       *type;
  /* only in the columns of a table: */
  gboolean       not_null;
  ErosAstOptions options;
} ErosAstField;

struct _ErosAstType
{
  ErosAstTypeKind     kind;
  ErosAstSpan         span;
  ErosAstPath         name;       /* SIMPLE: as written */
  ErosAstExprs        parameters; /* STRING (10), NUMERIC (10, 2): literals */
  ErosAstType        *element;    /* ARRAY, RANGE */
  const ErosAstField *fields;     /* STRUCT */
  guint               n_fields;
};

G_END_DECLS
