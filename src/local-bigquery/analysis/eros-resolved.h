/* eros-resolved.h: the resolved tree, in which every name is a column, every expression has a type
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-function.h"
#include "eros-syntax.h"

G_BEGIN_DECLS

/* All nodes, lists and texts belong to the ErosAnalysis they came from, and go with it. Lists are GPtrArrays, never
 * NULL unless said so. */

typedef struct _ErosColumn   ErosColumn;
typedef struct _ErosExpr     ErosExpr;
typedef struct _ErosRelation ErosRelation;
typedef struct _ErosQuery    ErosQuery;
typedef struct _ErosSelect   ErosSelect;

/* One column of a relation, a select list, a grouping … Its address is its identity. */
struct _ErosColumn
{
  guint              id;   /* unique within the analysis */
  const char        *name; /* (nullable) NULL: without a name */
  const ErosSqlType *type;
  gconstpointer      owner;    /* the ErosSelect whose FROM clause it comes from; NULL elsewhere */
  ErosRelation      *relation; /* (nullable) of a table's column: the table */
  guint              index;    /* in the relation */
  gboolean           used;     /* whether the result depends on it: valid when the analysis is finished */
  gboolean           filtered; /* whether a condition compares it with something: valid then, too */
};

typedef enum
{
  EROS_EXPR_LITERAL,   /* literal */
  EROS_EXPR_PARAMETER, /* parameter: what the engine binds: query parameters, script and system variables */
  EROS_EXPR_COLUMN,    /* column */
  EROS_EXPR_CALL,      /* call */
  EROS_EXPR_LOGICAL,   /* logical: AND, OR */
  EROS_EXPR_CASE,      /* case_: CASE, IF, COALESCE, IFNULL, NULLIF, all as CASE WHEN condition THEN … */
  EROS_EXPR_CAST,      /* cast: from operand's type to this type */
  EROS_EXPR_ARRAY,     /* items: elements, all of the element type */
  EROS_EXPR_STRUCT,    /* items: fields */
  EROS_EXPR_FIELD,     /* field */
  EROS_EXPR_SUBQUERY,  /* subquery */
  EROS_EXPR_ROUTINE,   /* routine: a call of a SQL function that the engine makes a function of SQLite's */
  EROS_EXPR_LET,       /* let: values that are computed once, then a body that uses them */
  EROS_EXPR_PART,      /* part: DAY, as an argument of EXTRACT, DATE_TRUNC …; type is NULL */
  EROS_EXPR_INTERVAL,  /* interval: INTERVAL n DAY, as an argument of DATE_ADD …; type is that of n */
} ErosExprKind;

typedef enum
{
  EROS_PARAMETER_NAMED,      /* name, without @ */
  EROS_PARAMETER_POSITIONAL, /* position, from 0 */
  EROS_PARAMETER_VARIABLE,   /* name of a script variable */
  EROS_PARAMETER_SYSTEM,     /* name of a system variable, dotted, without @@ */
} ErosParameterKind;

/* One SQLite parameter: ?N with N = slot + 1. */
typedef struct
{
  ErosParameterKind  kind;
  guint              slot;
  const char        *name;
  guint              position;
  const ErosSqlType *type;
} ErosResolvedParameter;

typedef struct
{
  ErosFunctionCall call;
  GPtrArray       *arguments; /* of ErosExpr, coerced */
  gboolean         safe;      /* SAFE. */
} ErosResolvedCall;

typedef struct
{
  gboolean   is_or;
  GPtrArray *operands; /* of ErosExpr */
} ErosLogical;

typedef struct
{
  GPtrArray *conditions; /* of ErosExpr, BOOL; with an operand: of the operand's type */
  GPtrArray *results;    /* of ErosExpr, as many */
  ErosExpr  *operand;    /* (nullable) CASE x WHEN …: compared with each condition */
  ErosExpr  *otherwise;  /* (nullable) */
} ErosCase;

typedef struct
{
  ErosExpr *operand;
  gboolean  safe;
  gboolean  implicit; /* a coercion */
  ErosExpr *format;   /* (nullable) */
  ErosExpr *zone;     /* (nullable) */
} ErosCast;

typedef struct
{
  ErosExpr *operand;
  guint     index;
} ErosField;

typedef enum
{
  EROS_SUBQUERY_SCALAR, /* more than one row is an error; none is NULL */
  EROS_SUBQUERY_ARRAY,
  EROS_SUBQUERY_EXISTS,
  EROS_SUBQUERY_IN, /* operand IN (query); NOT IN is $not around it */
} ErosSubqueryKind;

typedef struct
{
  ErosSubqueryKind kind;
  ErosQuery       *query;
  ErosExpr        *operand; /* IN */
} ErosSubquery;

typedef struct
{
  GPtrArray *columns; /* of ErosColumn */
  GPtrArray *values;  /* of ErosExpr, as many */
  ErosExpr  *body;
} ErosLet;

typedef struct
{
  ErosExpr   *value;
  const char *part;
} ErosIntervalArgument;

typedef struct
{
  const char *native;      /* see ErosNativeRoutine */
  GPtrArray  *arguments;   /* of ErosExpr */
  gboolean    is_volatile; /* not the same twice: RAND () is in it */
} ErosRoutineCall;

struct _ErosExpr
{
  ErosExprKind       kind;
  const ErosSqlType *type; /* NULL only of EROS_EXPR_PART */
  ErosSqlForm        form; /* how it coerces */
  guint              line;
  guint              column_number;
  gconstpointer      identity; /* the same for copies */
  union
  {
    ErosSqlValue                 literal;
    const ErosResolvedParameter *parameter;
    ErosColumn                  *column;
    ErosResolvedCall             call;
    ErosLogical                  logical;
    ErosCase                     case_;
    ErosCast                     cast;
    GPtrArray                   *items;
    ErosField                    field;
    ErosSubquery                 subquery;
    ErosLet                      let;
    ErosRoutineCall              routine;
    const char                  *part;
    ErosIntervalArgument         interval;
  };
};

typedef struct
{
  ErosExpr *expr;
  gboolean  descending;
  gboolean  nulls_last; /* resolved: also when it is the default */
} ErosSortKey;

/* A call of an aggregate or analytic function, and the column that its result is. */
typedef struct
{
  ErosColumn      *column;
  ErosFunctionCall call;
  GPtrArray       *arguments; /* of ErosExpr; empty for COUNT(*) */
  gboolean         safe;
  gboolean         distinct;
  ErosNulls        nulls;
  ErosExpr        *having; /* (nullable) HAVING MAX/MIN */
  gboolean         having_max;
  GPtrArray       *order_by; /* of ErosSortKey, within the call */
  gint64           limit;    /* -1: none */
  /* OVER (…) */
  GPtrArray          *partition_by; /* of ErosExpr */
  GPtrArray          *window_order; /* of ErosSortKey */
  const ErosAstFrame *frame;        /* (nullable) its offsets are in frame_start, frame_end */
  ErosExpr           *frame_start;  /* (nullable) */
  ErosExpr           *frame_end;    /* (nullable) */
} ErosResolvedAggregate;

/* FROM */
typedef enum
{
  EROS_RELATION_TABLE,  /* table */
  EROS_RELATION_QUERY,  /* query: a subquery or a view */
  EROS_RELATION_CTE,    /* cte */
  EROS_RELATION_UNNEST, /* unnest: columns are the element, and the offset */
  EROS_RELATION_JOIN,   /* join: columns are those of USING */
} ErosRelationKind;

typedef struct
{
  const char *name;
  ErosQuery  *query;
  guint       id;
  guint       n_uses;
} ErosCte;

typedef struct
{
  ErosAstJoinKind kind; /* COMMA is CROSS */
  ErosRelation   *left;
  ErosRelation   *right;
  ErosExpr       *on;           /* (nullable) USING included */
  GPtrArray      *using_values; /* of ErosExpr, one for each of the relation's columns */
} ErosJoin;

typedef struct
{
  ErosExpr *array;
  gboolean  with_offset;
} ErosUnnest;

struct _ErosRelation
{
  ErosRelationKind kind;
  guint            id;
  GPtrArray       *columns; /* of ErosColumn */
  ErosColumn      *rowid;   /* (nullable) of the target of a DML statement */
  union
  {
    const struct _ErosCatalogTable *table;
    ErosQuery                      *query;
    ErosCte                        *cte;
    ErosUnnest                      unnest;
    ErosJoin                        join;
  };
};

/* A query's parts */
typedef struct
{
  ErosColumn *column;
  ErosExpr   *expr;
  gboolean    from_star; /* it comes from * */
  ErosColumn *grouping;  /* (nullable) of a key: GROUPING () of it, 1 in the sets that leave it out */
} ErosOutput;

/* How to read it: FROM, WHERE, then grouping if `grouped`, HAVING, analytic functions, the select list, DISTINCT. After
 * grouping, expressions are made of the keys' and aggregates' columns only (and of outer columns). QUALIFY has become
 * the WHERE of a SELECT around. */
struct _ErosSelect
{
  ErosRelation *from;  /* (nullable) */
  ErosExpr     *where; /* (nullable) */
  gboolean      grouped;
  GArray       *sets;       /* (nullable) of guint64: ROLLUP, CUBE and GROUPING SETS, bit i of each for key i */
  GPtrArray    *keys;       /* of ErosOutput */
  GPtrArray    *aggregates; /* of ErosAggregate */
  ErosExpr     *having;     /* (nullable) */
  GPtrArray    *analytics;  /* of ErosAggregate */
  ErosExpr     *qualify;    /* NULL when the analysis is finished */
  GPtrArray    *items;      /* of ErosOutput */
  gboolean      distinct;
};

typedef struct
{
  ErosAstSetOp op;
  gboolean     distinct;
  gboolean     recursive; /* the last input reads what the whole has yielded so far */
  GPtrArray   *inputs;    /* of ErosQuery, all with the same column types */
} ErosSetOperation;

typedef enum
{
  EROS_QUERY_SELECT, /* select */
  EROS_QUERY_SET,    /* set */
  EROS_QUERY_VALUES, /* rows */
  EROS_QUERY_NESTED, /* nested: a query in parentheses, with its own ORDER BY and LIMIT */
} ErosQueryKind;

struct _ErosQuery
{
  ErosQueryKind kind;
  GPtrArray    *with;     /* of ErosCte */
  GPtrArray    *columns;  /* of ErosColumn: the result */
  gboolean      is_value; /* a value table: one column, whose fields are seen as columns */
  GPtrArray    *order_by; /* of ErosSortKey; of a SELECT they may use what its select list may */
  ErosExpr     *limit;    /* (nullable) */
  ErosExpr     *offset;   /* (nullable) */
  union
  {
    ErosSelect       *select;
    ErosSetOperation *set;
    ErosQuery        *nested;
    GPtrArray        *rows; /* of GPtrArray of ErosExpr, as many as columns */
  };
};

/* Calls @callback for each expression slot below a node, the node's own included; it may replace the expression. When
 * it returns %TRUE, the walk goes on into that expression. Subqueries are walked too. */
typedef gboolean (*ErosExprVisitor) (ErosExpr **slot, gpointer user_data);

void eros_resolved_walk_expr (ErosExpr **slot, ErosExprVisitor visitor, gpointer user_data);
void eros_resolved_walk_query (ErosQuery *query, ErosExprVisitor visitor, gpointer user_data);

G_END_DECLS
