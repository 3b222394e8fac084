/* eros-ast-expression.h: the syntax tree of expressions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-ast.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_AST_LITERAL,   /* literal */
  EROS_AST_PATH,      /* path: a column, range variable, script variable, field of these: a.b.c; also CURRENT_DATE */
  EROS_AST_PARAMETER, /* parameter: @name or ? */
  EROS_AST_SYSTEM_VARIABLE, /* path: @@error.message, without the @@ */
  EROS_AST_UNARY,           /* unary */
  EROS_AST_BINARY,          /* binary */
  EROS_AST_LOGICAL,         /* logical: AND or OR of two or more */
  EROS_AST_IS,              /* is: IS [NOT] NULL, TRUE, FALSE, UNKNOWN */
  EROS_AST_BETWEEN,         /* between */
  EROS_AST_IN,              /* in: also LIKE ANY/SOME/ALL */
  EROS_AST_CASE,            /* case_: IF () is a CALL */
  EROS_AST_CAST,            /* cast: also SAFE_CAST */
  EROS_AST_EXTRACT,         /* extract */
  EROS_AST_INTERVAL,        /* interval: INTERVAL expr PART [TO PART] */
  EROS_AST_ARRAY,           /* array: [1, 2], ARRAY<T>[…] */
  EROS_AST_STRUCT,          /* struct_: STRUCT (…), STRUCT<T>(…), (a, b) */
  EROS_AST_FIELD,           /* field: expr.name, where expr is not a path */
  EROS_AST_SUBSCRIPT,       /* subscript: expr[i], expr[OFFSET (i)] */
  EROS_AST_CALL,            /* call */
  EROS_AST_SUBQUERY,        /* subquery: scalar, ARRAY (…), EXISTS (…) */
  EROS_AST_DEFAULT,         /* DEFAULT, only as a value of INSERT, UPDATE and MERGE */
} ErosAstExprKind;

typedef enum
{
  EROS_AST_LITERAL_NULL,
  EROS_AST_LITERAL_BOOL,   /* boolean */
  EROS_AST_LITERAL_INT,    /* integer, too_big; text is as written */
  EROS_AST_LITERAL_FLOAT,  /* text is as written, for g_ascii_strtod; a leading or trailing point may be there */
  EROS_AST_LITERAL_STRING, /* text, length: unescaped UTF-8, may hold U+0000 */
  EROS_AST_LITERAL_BYTES,  /* text, length: unescaped */
  /* a type's name before a string; text is the string, not yet understood */
  EROS_AST_LITERAL_NUMERIC,
  EROS_AST_LITERAL_BIGNUMERIC,
  EROS_AST_LITERAL_DATE,
  EROS_AST_LITERAL_TIME,
  EROS_AST_LITERAL_DATETIME,
  EROS_AST_LITERAL_TIMESTAMP,
  EROS_AST_LITERAL_JSON,
} ErosAstLiteralKind;

typedef struct
{
  ErosAstLiteralKind kind;
  gboolean           boolean;
  guint64            integer; /* the sign is a UNARY before it: 9223372036854775808 is right only there */
  gboolean           too_big; /* does not even fit 64 bits unsigned */
  const char        *text;
  gsize              length;
} ErosAstLiteral;

typedef struct
{
  const char *name;     /* (nullable) NULL: positional */
  guint       position; /* of a positional one, from 0, in the order of the text */
} ErosAstParameter;

typedef enum
{
  EROS_AST_NOT,
  EROS_AST_MINUS,
  EROS_AST_PLUS,
  EROS_AST_BIT_NOT,
} ErosAstUnaryOp;

typedef struct
{
  ErosAstUnaryOp op;
  ErosAstExpr   *operand;
} ErosAstUnary;

typedef enum
{
  EROS_AST_ADD,
  EROS_AST_SUBTRACT,
  EROS_AST_MULTIPLY,
  EROS_AST_DIVIDE,
  EROS_AST_CONCAT,
  EROS_AST_BIT_AND,
  EROS_AST_BIT_OR,
  EROS_AST_BIT_XOR,
  EROS_AST_SHIFT_LEFT,
  EROS_AST_SHIFT_RIGHT,
  EROS_AST_EQUAL,
  EROS_AST_NOT_EQUAL,
  EROS_AST_LESS,
  EROS_AST_LESS_OR_EQUAL,
  EROS_AST_GREATER,
  EROS_AST_GREATER_OR_EQUAL,
  EROS_AST_LIKE,
  EROS_AST_IS_DISTINCT_FROM,
} ErosAstBinaryOp;

typedef struct
{
  ErosAstBinaryOp op;
  gboolean        negated; /* NOT LIKE, IS NOT DISTINCT FROM */
  ErosAstSpan     op_span; /* BigQuery points at the operator in some errors */
  ErosAstExpr    *left;
  ErosAstExpr    *right;
} ErosAstBinary;

typedef struct
{
  gboolean     is_or; /* else AND */
  ErosAstExprs operands;
} ErosAstLogical;

typedef enum
{
  EROS_AST_IS_NULL,
  EROS_AST_IS_TRUE,
  EROS_AST_IS_FALSE,
  EROS_AST_IS_UNKNOWN,
} ErosAstIsWhat;

typedef struct
{
  ErosAstIsWhat what;
  gboolean      negated;
  ErosAstExpr  *operand;
} ErosAstIs;

typedef struct
{
  gboolean     negated;
  ErosAstExpr *operand;
  ErosAstExpr *low;
  ErosAstExpr *high;
  ErosAstSpan  op_span;
} ErosAstBetween;

typedef enum
{
  EROS_AST_IN_PLAIN, /* [NOT] IN */
  EROS_AST_LIKE_ANY, /* [NOT] LIKE ANY, LIKE SOME */
  EROS_AST_LIKE_ALL,
} ErosAstInKind;

/* Exactly one of list, query and unnest is there. */
typedef struct
{
  ErosAstInKind kind;
  gboolean      negated;
  ErosAstExpr  *operand;
  ErosAstExprs  list;
  ErosAstQuery *query;
  ErosAstExpr  *unnest; /* the expression within UNNEST (…) */
  ErosAstSpan   op_span;
} ErosAstIn;

typedef struct
{
  ErosAstExpr *when;
  ErosAstExpr *then;
} ErosAstWhen;

typedef struct
{
  ErosAstExpr       *operand; /* (nullable) CASE x WHEN … */
  const ErosAstWhen *whens;
  guint              n_whens;
  ErosAstExpr       *otherwise; /* (nullable) */
} ErosAstCase;

typedef struct
{
  gboolean     safe; /* SAFE_CAST */
  ErosAstExpr *operand;
  ErosAstType *type;
  ErosAstExpr *format;    /* (nullable) FORMAT '…' */
  ErosAstExpr *time_zone; /* (nullable) AT TIME ZONE after FORMAT */
} ErosAstCast;

/* Parts are not checked by the parser: "DAY", "WEEK", upper case. WEEK (MONDAY) has "MONDAY" as its argument. */
typedef struct
{
  const char *name;
  const char *argument; /* (nullable) */
  ErosAstSpan span;
} ErosAstPart;

typedef struct
{
  ErosAstPart  part; /* also DATE and TIME */
  ErosAstExpr *operand;
  ErosAstExpr *time_zone; /* (nullable) */
} ErosAstExtract;

typedef struct
{
  ErosAstExpr *value;
  ErosAstPart  from;
  ErosAstPart  to; /* name NULL: absent */
} ErosAstInterval;

typedef struct
{
  ErosAstType *element; /* (nullable) ARRAY<T>[…] */
  ErosAstExprs items;
} ErosAstArray;

typedef struct
{
  const ErosAstName *name; /* (nullable) AS name; a path's last part names its field too, unless the STRUCT is typed */
  ErosAstExpr       *expr;
} ErosAstStructItem;

typedef struct
{
  ErosAstType             *type;     /* (nullable) the STRUCT type of STRUCT<…>(…) */
  gboolean                 is_tuple; /* (a, b): its fields are anonymous */
  const ErosAstStructItem *items;
  guint                    n_items;
} ErosAstStruct;

typedef struct
{
  ErosAstExpr *operand;
  ErosAstName  name;
} ErosAstFieldAccess;

typedef enum
{
  EROS_AST_SUBSCRIPT_PLAIN, /* a[0]: arrays (as OFFSET) and JSON */
  EROS_AST_SUBSCRIPT_OFFSET,
  EROS_AST_SUBSCRIPT_ORDINAL,
  EROS_AST_SUBSCRIPT_SAFE_OFFSET,
  EROS_AST_SUBSCRIPT_SAFE_ORDINAL,
} ErosAstSubscriptKind;

typedef struct
{
  ErosAstSubscriptKind kind;
  ErosAstExpr         *operand;
  ErosAstExpr         *index;
} ErosAstSubscript;

typedef enum
{
  EROS_AST_ARGUMENT_EXPR,
  EROS_AST_ARGUMENT_STAR,  /* COUNT (*) */
  EROS_AST_ARGUMENT_TABLE, /* TABLE path: of a table function; expr is the path */
} ErosAstArgumentKind;

typedef struct
{
  ErosAstArgumentKind kind;
  const ErosAstName  *name; /* (nullable) name => expr */
  ErosAstExpr        *expr;
} ErosAstArgument;

typedef enum
{
  EROS_AST_FRAME_ROWS,
  EROS_AST_FRAME_RANGE,
} ErosAstFrameUnit;

typedef enum
{
  EROS_AST_BOUND_UNBOUNDED_PRECEDING,
  EROS_AST_BOUND_PRECEDING,
  EROS_AST_BOUND_CURRENT_ROW,
  EROS_AST_BOUND_FOLLOWING,
  EROS_AST_BOUND_UNBOUNDED_FOLLOWING,
} ErosAstBoundKind;

typedef struct
{
  ErosAstBoundKind kind;
  ErosAstExpr     *offset; /* PRECEDING, FOLLOWING */
  ErosAstSpan      span;
} ErosAstBound;

typedef struct
{
  ErosAstSpan      span;
  ErosAstFrameUnit unit;
  ErosAstBound     start;
  ErosAstBound     end; /* CURRENT ROW when BETWEEN was not written */
} ErosAstFrame;

/* OVER name, OVER (…), or an entry of the WINDOW clause */
typedef struct
{
  ErosAstSpan         span;
  const ErosAstName  *base; /* (nullable) the named window that this one is or starts from */
  ErosAstExprs        partition_by;
  ErosAstOrder        order_by;
  const ErosAstFrame *frame; /* (nullable) */
} ErosAstWindow;

typedef enum
{
  EROS_AST_NULL_HANDLING_DEFAULT,
  EROS_AST_IGNORE_NULLS,
  EROS_AST_RESPECT_NULLS,
} ErosAstNullHandling;

typedef enum
{
  EROS_AST_HAVING_NONE,
  EROS_AST_HAVING_MAX,
  EROS_AST_HAVING_MIN,
} ErosAstHavingKind;

/* A part of a date comes as what its text looks like: DAY is a PATH, WEEK (MONDAY) a CALL with a PATH.
 * A call of a function, by its path as written: NET.HOST, SAFE.SUBSTR (whose part SAFE is in `safe`, not in the
 * path), `p.d.f`; also what the grammar knows by keyword: IF, LEFT, ARRAY_AGG …, and ARRAY and STRUCT never. */
typedef struct
{
  ErosAstPath            function;
  gboolean               safe;
  gboolean               distinct;
  const ErosAstArgument *arguments;
  guint                  n_arguments;
  ErosAstNullHandling    nulls;
  ErosAstHavingKind      having;
  ErosAstExpr           *having_expr;
  ErosAstOrder           order_by;
  ErosAstExpr           *limit;
  const ErosAstWindow   *over; /* (nullable) an analytic call */
} ErosAstCall;

typedef enum
{
  EROS_AST_SUBQUERY_SCALAR,
  EROS_AST_SUBQUERY_ARRAY,
  EROS_AST_SUBQUERY_EXISTS,
} ErosAstSubqueryKind;

typedef struct
{
  ErosAstSubqueryKind kind;
  ErosAstQuery       *query;
} ErosAstSubquery;

/* Only the member that the kind names may be read. */
struct _ErosAstExpr
{
  ErosAstExprKind kind;
  gboolean        has_query;     /* of a whole expression: there is a subquery somewhere in it */
  gboolean        parenthesized; /* (a): a path in parentheses, (DAY), is no part of a date any more */
  ErosAstSpan     span;
  union
  {
    ErosAstLiteral     literal;
    ErosAstPath        path;
    ErosAstParameter   parameter;
    ErosAstUnary       unary;
    ErosAstBinary      binary;
    ErosAstLogical     logical;
    ErosAstIs          is;
    ErosAstBetween     between;
    ErosAstIn          in;
    ErosAstCase        case_;
    ErosAstCast        cast;
    ErosAstExtract     extract;
    ErosAstInterval    interval;
    ErosAstArray       array;
    ErosAstStruct      struct_;
    ErosAstFieldAccess field;
    ErosAstSubscript   subscript;
    ErosAstCall        call;
    ErosAstSubquery    subquery;
  };
};

G_END_DECLS
