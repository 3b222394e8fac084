/* eros-analyzer-private.h: what the analyzer's files share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-analysis.h"
#include "eros-arena.h"

G_BEGIN_DECLS

/* Nested deeper than this, a query is refused before the stack is at risk. */
#define MAX_DEPTH 600

/* Each may be built on the one before. */
#define MAX_CTES 1000

typedef struct _Analyzer Analyzer;
typedef struct _Scope    Scope;
typedef struct _Names    Names;

/* ---- names (eros-names.c) ------------------------------------------------------------------------------ */

/* One column that * yields. A field of a value table's row is a column too. */
typedef struct
{
  const char *name; /* (nullable) */
  ErosColumn *column;
  int         field; /* -1: the column itself */
} NameColumn;

typedef enum
{
  NAME_COLUMN,
  NAME_RANGE,
  NAME_AMBIGUOUS,
} NameKind;

typedef struct
{
  NameKind    kind;
  const char *name;
  NameColumn  column;
  Names      *range; /* the names of a range variable */
} NameTarget;

/* What FROM brings into view: columns in order, and names for them and for range variables. */
struct _Names
{
  GArray     *columns; /* of NameColumn */
  GHashTable *targets; /* lower-case name to NameTarget */
  ErosColumn *value;   /* (nullable) a range variable that is one value, not a row */
};

Names             *names_new (Analyzer *self);
void               names_add_column (Analyzer *self, Names *names, const char *name, ErosColumn *column, int field);
void               names_add_hidden (Analyzer *self, Names *names, const char *name, ErosColumn *column);
void               names_add_value (Analyzer *self, Names *names, const char *name, ErosColumn *column);
void               names_add_range (Analyzer *self, Names *names, const char *name, Names *range);
void               names_merge (Analyzer *self, Names *names, Names *other);
const NameTarget  *names_find (Names *names, const char *name);
const ErosSqlType *name_column_type (const NameColumn *column);

/* ---- scopes -------------------------------------------------------------------------------------------- */

/* Where an expression stands: what it sees and what it may contain. */
struct _Scope
{
  Scope             *parent;              /* (nullable) the outer query's, for correlated references */
  Names             *names;               /* (nullable) */
  GHashTable        *aliases;             /* (nullable) lower-case select aliases to Alias: they win over names */
  gboolean           aliases_are_columns; /* an alias stands for the output column (ORDER BY), not for its expression */
  const char        *clause;              /* for errors: "WHERE clause" */
  ErosSelect        *select;              /* (nullable) takes the aggregates and analytic calls */
  gboolean           allow_aggregates;
  gboolean           allow_analytics;
  gboolean           needs_grouping; /* no aggregate here: nothing else makes it a grouped query */
  gboolean           in_aggregate;   /* within an aggregate's arguments */
  gboolean           in_analytic;
  const ErosAstSpan *call_span; /* (nullable) of the call whose arguments these are */
  const ErosAstSelect *ast;     /* (nullable) for its named windows */
};

typedef struct
{
  const char *name;
  ErosOutput *output;
  gboolean    ambiguous;
  gboolean    has_aggregate;
  gboolean    has_analytic;
} Alias;

/* ---- analyzer (eros-analyzer.c) ------------------------------------------------------------------------ */

typedef struct
{
  ErosAnalysis analysis; /* first: this is what is handed out */
  ErosArena   *arena;
  GPtrArray   *owned; /* arrays, tables, scripts: freed with it */
} AnalysisPrivate;

struct _Analyzer
{
  AnalysisPrivate *result;
  ErosArena       *arena;
  ErosCatalog     *catalog;
  GPtrArray       *ctes;      /* of ErosCte: those in view, the innermost last */
  GPtrArray       *routines;  /* of ErosCatalogRoutine: those being inlined */
  GPtrArray       *views;     /* of ErosCatalogTable: those being expanded */
  GHashTable      *arguments; /* (nullable) lower-case names of a routine's arguments to ErosExpr */
  guint            next_id;
  guint            depth;
  guint            n_ctes;
  gboolean         in_view;
  GPtrArray       *relations; /* of ErosRelation: the tables */
};

#define new_node(self, Type) eros_arena_new_struct ((self)->arena, Type)

ErosAnalysis *analyzer_finish (Analyzer *self, gboolean success);
void          analyzer_init (Analyzer *self, ErosCatalog *catalog);
gboolean      analyzer_enter (Analyzer *self, const ErosAstSpan *span, GError **error);
void          analyzer_leave (Analyzer *self);
gpointer      analyzer_fail (const ErosAstSpan *span, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);
gpointer      analyzer_refuse (const ErosAstSpan *span, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);
gpointer      analyzer_too_complex (const ErosAstSpan *span, GError **error);
gpointer      analyzer_place (const ErosAstSpan *span, GError **error);
GPtrArray    *analyzer_list (Analyzer *self);
GHashTable   *analyzer_map (Analyzer *self);
const char   *analyzer_text (Analyzer *self, const char *text);
const char   *analyzer_lower (Analyzer *self, const char *text);
ErosColumn   *analyzer_column (Analyzer *self, const char *name, const ErosSqlType *type, gconstpointer owner);
ErosExpr     *analyzer_expr (Analyzer *self, ErosExprKind kind, const ErosSqlType *type, const ErosAstSpan *span);
ErosExpr     *analyzer_clone (Analyzer *self, const ErosExpr *expr);
ErosExpr     *analyzer_column_expr (Analyzer *self, ErosColumn *column, const ErosAstSpan *span);
ErosRelation *analyzer_relation (Analyzer *self, ErosRelationKind kind);
const ErosParameter *analyzer_parameter (Analyzer          *self,
                                         ErosParameterKind  kind,
                                         const char        *name,
                                         guint              position,
                                         const ErosSqlType *type);
void                 analyzer_own (Analyzer *self, gpointer data, GDestroyNotify destroy);

/* ---- literals and coercion (eros-coercion.c) ----------------------------------------------------------- */

ErosExpr          *analyze_literal (Analyzer *self, const ErosAstExpr *ast, gboolean negative, GError **error);
ErosExpr          *literal_integer (Analyzer *self, gint64 value, const ErosAstSpan *span);
ErosExpr          *literal_null (Analyzer *self, const ErosSqlType *type, const ErosAstSpan *span);
gboolean           expr_is_null (const ErosExpr *expr);
ErosExpr          *coerce (Analyzer *self, ErosExpr *expr, const ErosSqlType *type, GError **error);
ErosExpr          *coerce_assign (Analyzer *self, ErosExpr *expr, const ErosSqlType *type, GError **error);
gboolean           expr_assignable (const ErosExpr *expr, const ErosSqlType *type);
ErosExpr          *cast_to (Analyzer *self, ErosExpr *expr, const ErosSqlType *type, gboolean implicit);
const ErosSqlType *supertype (GPtrArray *exprs);
void               expr_argument (const ErosExpr *expr, ErosSqlArgument *argument);
ErosAstSpan        expr_span (const ErosExpr *expr);
const ErosSqlType *resolve_type (const ErosAstType *type, GError **error);

/* ---- expressions --------------------------------------------------------------------------------------- */

ErosExpr    *analyze_expr (Analyzer *self, Scope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr    *analyze_bool (Analyzer *self, Scope *scope, const ErosAstExpr *ast, const char *what, GError **error);
ErosExpr    *analyze_path (Analyzer *self, Scope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr    *analyze_field (Analyzer *self, ErosExpr *operand, const ErosAstName *name, GError **error);
ErosExpr    *field_of (Analyzer *self, ErosExpr *operand, guint index, const ErosAstSpan *span);
ErosExpr    *name_column_expr (Analyzer *self, const NameColumn *column, const ErosAstSpan *span);
const Names *find_range (Scope *scope, const char *name);
GPtrArray   *scope_candidates (Scope *scope);
ErosExpr    *analyze_call (Analyzer *self, Scope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr    *build_call (Analyzer          *self,
                         const char        *name,
                         GPtrArray         *arguments,
                         gboolean           safe,
                         const ErosAstSpan *span,
                         GError           **error);
ErosExpr    *build_function (Analyzer           *self,
                             const ErosFunction *function,
                             GPtrArray          *arguments,
                             gboolean            safe,
                             const ErosAstSpan  *span,
                             GError            **error);
gboolean     resolve_function (Analyzer           *self,
                               const ErosFunction *function,
                               GPtrArray          *arguments,
                               const ErosAstCall  *names,
                               ErosFunctionCall   *call,
                               const ErosAstSpan  *span,
                               GError            **error);
gboolean     analyze_arguments (Analyzer           *self,
                                Scope              *scope,
                                const ErosFunction *function,
                                const ErosAstCall  *call,
                                GPtrArray          *arguments,
                                GError            **error);
ErosExpr    *part_expr (Analyzer *self, const char *name, const char *argument, const ErosAstSpan *span);
ErosExpr    *analyze_aggregate (Analyzer           *self,
                                Scope              *scope,
                                const ErosFunction *function,
                                const ErosAstExpr  *ast,
                                GError            **error);
ErosExpr    *simplify_exists (Analyzer *self, ErosExpr *exists, GError **error);
ErosExpr *analyze_routine_call (Analyzer *self, Scope *scope, const ErosAstExpr *ast, gboolean *found, GError **error);
ErosExpr *analyze_case (Analyzer *self, Scope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr *analyze_interval (Analyzer *self, Scope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr *analyze_array (Analyzer *self, Scope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr *analyze_struct (Analyzer *self, Scope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr *analyze_subquery (Analyzer *self, Scope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr *analyze_in (Analyzer *self, Scope *scope, const ErosAstExpr *ast, GError **error);
gboolean  analyze_order (Analyzer *self, Scope *scope, const ErosAstOrder *order, GPtrArray *keys, GError **error);
gboolean  analyze_query_order (Analyzer           *self,
                               Scope              *scope,
                               const ErosAstOrder *order,
                               ErosQuery          *query,
                               ErosSelect         *select,
                               GError            **error);
gboolean  check_orderable (const ErosExpr *expr, const ErosAstSpan *span, GError **error);
gboolean  expr_equal (const ErosExpr *a, const ErosExpr *b);
gboolean  expr_uses_owner (ErosExpr *expr, gconstpointer owner);
gboolean  expr_contains (ErosExpr *expr,
                         gboolean (*test) (const ErosExpr *expr, gconstpointer data),
                         gconstpointer data);

/* ---- queries ------------------------------------------------------------------------------------------- */

ErosQuery *analyze_query (Analyzer *self, Scope *outer, const ErosAstQuery *ast, GError **error);
ErosQuery *analyze_body (Analyzer               *self,
                         Scope                  *outer,
                         const ErosAstQueryBody *body,
                         const ErosAstQuery     *order,
                         GError                **error);
gboolean   analyze_select (Analyzer            *self,
                           Scope               *outer,
                           const ErosAstSelect *ast,
                           const ErosAstQuery  *order,
                           ErosQuery           *query,
                           GError             **error);
ErosQuery *coerce_query (Analyzer                 *self,
                         ErosQuery                *query,
                         const ErosSqlType *const *types,
                         const ErosAstSpan        *span,
                         GError                  **error);
gboolean   analyze_set (Analyzer *self, Scope *outer, const ErosAstQueryBody *body, ErosQuery *query, GError **error);
ErosRelation *analyze_from (Analyzer          *self,
                            Scope             *outer,
                            const ErosAstFrom *ast,
                            ErosSelect        *owner,
                            Names             *names,
                            GError           **error);
ErosColumn   *compute_below (Analyzer *self, ErosSelect *select, ErosExpr *expr, GPtrArray *slots);
void          lower_select (Analyzer *self, ErosSelect *select, ErosQuery *query);
gboolean      analyze_items (Analyzer *self, Scope *scope, const ErosAstSelect *ast, ErosQuery *query, GError **error);
gboolean      analyze_group_by (Analyzer            *self,
                                Scope               *scope,
                                const ErosAstSelect *ast,
                                ErosSelect          *select,
                                GHashTable          *aliases,
                                GError             **error);
gboolean      apply_grouping (Analyzer   *self,
                              ErosSelect *select,
                              ErosExpr  **slot,
                              const char *clause,
                              gboolean    whole,
                              GError    **error);
ErosRelation *analyze_from_item (Analyzer          *self,
                                 Scope             *outer,
                                 const ErosAstFrom *ast,
                                 ErosSelect        *owner,
                                 Names             *left,
                                 Names             *names,
                                 GError           **error);
ErosRelation *analyze_join (Analyzer          *self,
                            Scope             *outer,
                            const ErosAstFrom *ast,
                            ErosSelect        *owner,
                            Names             *outer_left,
                            Names             *names,
                            GError           **error);
ErosRelation *analyze_table (Analyzer          *self,
                             const ErosAstPath *path,
                             const ErosAstName *alias,
                             const ErosAstExpr *time,
                             ErosSelect        *owner,
                             Names             *names,
                             GError           **error);
ErosRelation *table_relation (Analyzer *self, const ErosCatalogTable *table, gconstpointer owner);
Names        *relation_names (Analyzer *self, ErosRelation *relation, gboolean is_value);
void          use_table (Analyzer *self, const ErosCatalogTable *table);
gboolean      analyze_limit (Analyzer          *self,
                             Scope             *scope,
                             const ErosAstExpr *ast,
                             const char        *what,
                             ErosExpr         **out,
                             GError           **error);
void          mark_used (Analyzer *self);
char         *name_suggestion (const char *name, GPtrArray *candidates);

G_END_DECLS
