/* eros-ast-query.h: the syntax tree of queries
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-ast-expression.h"

G_BEGIN_DECLS

/* SELECT list */
typedef enum
{
  EROS_AST_SELECT_EXPR,
  EROS_AST_SELECT_STAR,     /* * */
  EROS_AST_SELECT_DOT_STAR, /* expr.* */
} ErosAstSelectItemKind;

typedef struct
{
  ErosAstSpan  span;
  ErosAstExpr *expr;
  ErosAstName  name;
} ErosAstReplace;

/* |> RENAME */
typedef struct
{
  ErosAstName from;
  ErosAstName to;
} ErosAstRename;

typedef struct
{
  ErosAstSelectItemKind kind;
  ErosAstSpan           span;
  ErosAstExpr          *expr;  /* EXPR, DOT_STAR */
  const ErosAstName    *alias; /* (nullable) as written; an expression that is a path is named by its last part */
  ErosAstNames          except;
  gboolean              lenient; /* what EXCEPT names need not be there, nor need anything be left */
  const ErosAstReplace *replace;
  guint                 n_replace;
  const ErosAstRename  *rename;
  guint                 n_rename;
} ErosAstSelectItem;

typedef enum
{
  EROS_AST_AS_NOTHING,
  EROS_AST_AS_STRUCT,
  EROS_AST_AS_VALUE,
} ErosAstSelectAs;

/* GROUP BY */
typedef enum
{
  EROS_AST_GROUP_EXPR,   /* one expression; a literal integer is an ordinal */
  EROS_AST_GROUP_SET,    /* (a, b), a: in GROUPING SETS */
  EROS_AST_GROUP_ROLLUP, /* ROLLUP (a, (b, c)) */
  EROS_AST_GROUP_CUBE,   /* CUBE (a, (b, c)) */
  EROS_AST_GROUP_SETS,   /* GROUPING SETS ((a, b), ROLLUP (c), ()) */
} ErosAstGroupKind;

typedef struct _ErosAstGroupItem ErosAstGroupItem;
struct _ErosAstGroupItem
{
  ErosAstGroupKind        kind;
  ErosAstSpan             span;
  ErosAstExpr            *expr;  /* EXPR */
  ErosAstExprs            exprs; /* SET, ROLLUP, CUBE; a tuple is several keys that come and go together */
  const ErosAstGroupItem *sets;  /* SETS */
  guint                   n_sets;
};

typedef struct
{
  gboolean                present;
  gboolean                all; /* GROUP BY ALL */
  ErosAstSpan             span;
  const ErosAstGroupItem *items;
  guint                   length; /* 0 for GROUP BY () too */
} ErosAstGroupBy;

typedef struct
{
  ErosAstName   name;
  ErosAstWindow window;
} ErosAstNamedWindow;

typedef struct
{
  ErosAstSpan               span;
  gboolean                  distinct;
  ErosAstSelectAs           as;
  const ErosAstSelectItem  *items;
  guint                     n_items;
  ErosAstFrom              *from;  /* (nullable) */
  ErosAstExpr              *where; /* (nullable) */
  ErosAstGroupBy            group_by;
  ErosAstExpr              *having;  /* (nullable) */
  ErosAstExpr              *qualify; /* (nullable) */
  const ErosAstNamedWindow *windows;
  guint                     n_windows;
  gboolean                  is_pipe; /* |> SELECT, which does not aggregate */
} ErosAstSelect;

/* FROM */
typedef enum
{
  EROS_AST_FROM_TABLE,    /* table: also t.array_column, which the analysis tells apart */
  EROS_AST_FROM_UNNEST,   /* unnest */
  EROS_AST_FROM_SUBQUERY, /* subquery */
  EROS_AST_FROM_JOIN,     /* join */
} ErosAstFromKind;

typedef struct
{
  ErosAstPath            path;        /* split into its parts, however it was quoted */
  const ErosAstName     *alias;       /* (nullable) */
  ErosAstExpr           *system_time; /* (nullable) FOR SYSTEM_TIME AS OF */
  gboolean               is_call;     /* a table function: path (arguments) */
  const ErosAstArgument *arguments;
  guint                  n_arguments;
  gboolean               with_offset; /* only for a path to an array */
  const ErosAstName     *offset_alias;
} ErosAstTableRef;

typedef struct
{
  ErosAstExpr       *expr;
  const ErosAstName *alias;
  gboolean           with_offset;
  ErosAstSpan        offset_span;
  const ErosAstName *offset_alias; /* (nullable) NULL: "offset" */
} ErosAstUnnest;

typedef struct
{
  ErosAstQuery      *query;
  const ErosAstName *alias;
} ErosAstFromSubquery;

typedef enum
{
  EROS_AST_JOIN_COMMA,
  EROS_AST_JOIN_CROSS,
  EROS_AST_JOIN_INNER,
  EROS_AST_JOIN_LEFT,
  EROS_AST_JOIN_RIGHT,
  EROS_AST_JOIN_FULL,
} ErosAstJoinKind;

typedef struct
{
  ErosAstJoinKind kind;
  ErosAstFrom    *left;
  ErosAstFrom    *right;
  ErosAstExpr    *on;      /* (nullable) */
  ErosAstNames    using_;  /* length 0: no USING */
  ErosAstSpan     op_span; /* of the word JOIN, or of the comma */
} ErosAstJoin;

struct _ErosAstFrom
{
  ErosAstFromKind kind;
  gboolean        parenthesized;
  ErosAstSpan     span;
  union
  {
    ErosAstTableRef     table;
    ErosAstUnnest       unnest;
    ErosAstFromSubquery subquery;
    ErosAstJoin         join;
  };
};

/* Query */
typedef enum
{
  EROS_AST_BODY_SELECT, /* select */
  EROS_AST_BODY_SET,    /* set */
  EROS_AST_BODY_QUERY,  /* query: a query in parentheses, with its own ORDER BY and LIMIT */
} ErosAstBodyKind;

typedef enum
{
  EROS_AST_UNION,
  EROS_AST_INTERSECT,
  EROS_AST_EXCEPT,
} ErosAstSetOp;

/* Which columns of the inputs belong together, and which there are in the end */
typedef enum
{
  EROS_AST_MATCH_POSITION,
  EROS_AST_MATCH_STRICT, /* BY NAME: all have the same names */
  EROS_AST_MATCH_INNER,  /* those that all have */
  EROS_AST_MATCH_LEFT,   /* those of the first */
  EROS_AST_MATCH_FULL,   /* those that any has */
} ErosAstSetMatch;

/* a UNION ALL b UNION ALL c is one node: BigQuery lets only equal operators follow one another without parentheses. */
typedef struct
{
  ErosAstSetOp             op;
  gboolean                 distinct; /* else ALL */
  ErosAstSetMatch          match;
  ErosAstNames             by;      /* length 0: no list of columns */
  ErosAstSpan              op_span; /* of the first operator */
  ErosAstQueryBody *const *inputs;  /* two or more */
  guint                    n_inputs;
} ErosAstSetOperation;

struct _ErosAstQueryBody
{
  ErosAstBodyKind kind;
  ErosAstSpan     span;
  union
  {
    ErosAstSelect       select;
    ErosAstSetOperation set;
    ErosAstQuery       *query;
  };
};

typedef struct
{
  ErosAstName   name;
  ErosAstQuery *query;
} ErosAstWith;

struct _ErosAstQuery
{
  ErosAstSpan        span; /* without parentheses around it */
  const ErosAstWith *with;
  guint              n_with;
  gboolean           recursive; /* WITH RECURSIVE */
  ErosAstQueryBody  *body;
  ErosAstOrder       order_by;
  ErosAstExpr       *limit;  /* (nullable) */
  ErosAstExpr       *offset; /* (nullable) */
};

G_END_DECLS
