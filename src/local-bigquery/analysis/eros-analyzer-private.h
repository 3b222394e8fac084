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

typedef struct _ErosAnalyzer ErosAnalyzer;
typedef struct _ErosScope    ErosScope;
typedef struct _ErosNames    ErosNames;

/* ---- names (eros-names.c) ------------------------------------------------------------------------------ */

/* One column that * yields. A field of a value table's row is a column too. */
typedef struct
{
  const char *name; /* (nullable) */
  ErosColumn *column;
  int         field; /* -1: the column itself */
} ErosNameColumn;

typedef enum
{
  NAME_COLUMN,
  NAME_RANGE,
  NAME_AMBIGUOUS,
} ErosNameKind;

typedef struct
{
  ErosNameKind   kind;
  const char    *name;
  ErosNameColumn column;
  ErosNames     *range; /* the names of a range variable */
} ErosNameTarget;

/* What FROM brings into view: columns in order, and names for them and for range variables. */
struct _ErosNames
{
  GArray     *columns; /* of ErosNameColumn */
  GHashTable *targets; /* lower-case name to ErosNameTarget */
  ErosColumn *value;   /* (nullable) a range variable that is one value, not a row */
};

ErosNames *eros_names_new (ErosAnalyzer *self);
void eros_names_add_column (ErosAnalyzer *self, ErosNames *names, const char *name, ErosColumn *column, int field);
void eros_names_add_hidden (ErosAnalyzer *self, ErosNames *names, const char *name, ErosColumn *column);
void eros_names_add_value (ErosAnalyzer *self, ErosNames *names, const char *name, ErosColumn *column);
void eros_names_add_range (ErosAnalyzer *self, ErosNames *names, const char *name, ErosNames *range);
void eros_names_merge (ErosAnalyzer *self, ErosNames *names, ErosNames *other);
const ErosNameTarget *eros_names_find (ErosNames *names, const char *name);
const ErosSqlType    *eros_name_column_type (const ErosNameColumn *column);

/* ---- scopes -------------------------------------------------------------------------------------------- */

/* Where an expression stands: what it sees and what it may contain. */
struct _ErosScope
{
  ErosScope         *parent;              /* (nullable) the outer query's, for correlated references */
  ErosNames         *names;               /* (nullable) */
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
} ErosAlias;

/* ---- analyzer (eros-analyzer.c) ------------------------------------------------------------------------ */

typedef struct
{
  ErosAnalysis analysis; /* first: this is what is handed out */
  ErosArena   *arena;
  GPtrArray   *owned; /* arrays, tables, scripts: freed with it */
} ErosAnalysisPrivate;

struct _ErosAnalyzer
{
  ErosAnalysisPrivate *result;
  ErosArena           *arena;
  ErosCatalog         *catalog;
  GPtrArray           *ctes;      /* of ErosCte: those in view, the innermost last */
  GPtrArray           *routines;  /* of ErosCatalogRoutine: those being inlined */
  GPtrArray           *views;     /* of ErosCatalogTable: those being expanded */
  GHashTable          *arguments; /* (nullable) lower-case names of a routine's arguments to ErosExpr */
  guint                next_id;
  guint                depth;
  guint                n_ctes;
  gboolean             in_view;
  GPtrArray           *relations; /* of ErosRelation: the tables */
};

#define new_node(self, Type) eros_arena_new_struct ((self)->arena, Type)

ErosAnalysis *eros_analyzer_finish (ErosAnalyzer *self, gboolean success);
void          eros_analyzer_init (ErosAnalyzer *self, ErosCatalog *catalog);
gboolean      eros_analyzer_enter (ErosAnalyzer *self, const ErosAstSpan *span, GError **error);
void          eros_analyzer_leave (ErosAnalyzer *self);
gpointer   eros_analyzer_fail (const ErosAstSpan *span, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);
gpointer   eros_analyzer_refuse (const ErosAstSpan *span, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);
gpointer   eros_analyzer_too_complex (const ErosAstSpan *span, GError **error);
gpointer   eros_analyzer_place (const ErosAstSpan *span, GError **error);
GPtrArray *eros_analyzer_list (ErosAnalyzer *self);
GHashTable *eros_analyzer_map (ErosAnalyzer *self);
const char *eros_analyzer_text (ErosAnalyzer *self, const char *text);
const char *eros_analyzer_lower (ErosAnalyzer *self, const char *text);
ErosColumn *eros_analyzer_column (ErosAnalyzer *self, const char *name, const ErosSqlType *type, gconstpointer owner);
ErosExpr *eros_analyzer_expr (ErosAnalyzer *self, ErosExprKind kind, const ErosSqlType *type, const ErosAstSpan *span);
ErosExpr *eros_analyzer_clone (ErosAnalyzer *self, const ErosExpr *expr);
ErosExpr *eros_analyzer_column_expr (ErosAnalyzer *self, ErosColumn *column, const ErosAstSpan *span);
ErosRelation                *eros_analyzer_relation (ErosAnalyzer *self, ErosRelationKind kind);
const ErosResolvedParameter *eros_analyzer_parameter (ErosAnalyzer      *self,
                                                      ErosParameterKind  kind,
                                                      const char        *name,
                                                      guint              position,
                                                      const ErosSqlType *type);
void                         eros_analyzer_own (ErosAnalyzer *self, gpointer data, GDestroyNotify destroy);

/* ---- literals and coercion (eros-coercion.c) ----------------------------------------------------------- */

ErosExpr          *eros_analyze_literal (ErosAnalyzer *self, const ErosAstExpr *ast, gboolean negative, GError **error);
ErosExpr          *eros_literal_integer (ErosAnalyzer *self, gint64 value, const ErosAstSpan *span);
ErosExpr          *eros_literal_null (ErosAnalyzer *self, const ErosSqlType *type, const ErosAstSpan *span);
gboolean           eros_expr_is_null (const ErosExpr *expr);
ErosExpr          *eros_coerce (ErosAnalyzer *self, ErosExpr *expr, const ErosSqlType *type, GError **error);
ErosExpr          *coerce_assign (ErosAnalyzer *self, ErosExpr *expr, const ErosSqlType *type, GError **error);
gboolean           eros_expr_assignable (const ErosExpr *expr, const ErosSqlType *type);
ErosExpr          *eros_cast_to (ErosAnalyzer *self, ErosExpr *expr, const ErosSqlType *type, gboolean implicit);
const ErosSqlType *eros_supertype (GPtrArray *exprs);
void               eros_expr_argument (const ErosExpr *expr, ErosSqlArgument *argument);
ErosAstSpan        eros_expr_span (const ErosExpr *expr);
const ErosSqlType *eros_resolve_type (const ErosAstType *type, GError **error);

/* ---- expressions --------------------------------------------------------------------------------------- */

ErosExpr          *eros_analyze_expr (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr          *eros_analyze_bool (ErosAnalyzer      *self,
                                      ErosScope         *scope,
                                      const ErosAstExpr *ast,
                                      const char        *what,
                                      GError           **error);
ErosExpr          *eros_analyze_path (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr          *eros_analyze_field (ErosAnalyzer *self, ErosExpr *operand, const ErosAstName *name, GError **error);
ErosExpr          *eros_field_of (ErosAnalyzer *self, ErosExpr *operand, guint index, const ErosAstSpan *span);
ErosExpr          *eros_name_column_expr (ErosAnalyzer *self, const ErosNameColumn *column, const ErosAstSpan *span);
const ErosNames   *eros_find_range (ErosScope *scope, const char *name);
GPtrArray         *scope_candidates (ErosScope *scope);
ErosExpr          *eros_analyze_call (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr          *eros_build_function (ErosAnalyzer       *self,
                                        const ErosFunction *function,
                                        GPtrArray          *arguments,
                                        const ErosAstCall  *names,
                                        gboolean            safe,
                                        const ErosAstSpan  *span,
                                        GError            **error);
ErosExpr          *eros_build_call (ErosAnalyzer      *self,
                                    const char        *name,
                                    GPtrArray         *arguments,
                                    gboolean           safe,
                                    const ErosAstSpan *span,
                                    GError           **error);
gboolean           eros_resolve_function (ErosAnalyzer       *self,
                                          const ErosFunction *function,
                                          GPtrArray          *arguments,
                                          const ErosAstCall  *names,
                                          ErosFunctionCall   *call,
                                          const ErosAstSpan  *span,
                                          GError            **error);
gboolean           eros_analyze_arguments (ErosAnalyzer       *self,
                                           ErosScope          *scope,
                                           const ErosFunction *function,
                                           const ErosAstCall  *call,
                                           GPtrArray          *arguments,
                                           GError            **error);
ErosExpr          *eros_part_expr (ErosAnalyzer *self, const char *name, const char *argument, const ErosAstSpan *span);
ErosExpr          *eros_analyze_aggregate (ErosAnalyzer       *self,
                                           ErosScope          *scope,
                                           const ErosFunction *function,
                                           const ErosAstExpr  *ast,
                                           GError            **error);
ErosExpr          *eros_simplify_exists (ErosAnalyzer *self, ErosExpr *exists, GError **error);
ErosExpr          *eros_analyze_routine_call (ErosAnalyzer      *self,
                                              ErosScope         *scope,
                                              const ErosAstExpr *ast,
                                              gboolean          *found,
                                              GError           **error);
ErosExpr          *eros_analyze_case (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr          *eros_analyze_interval (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr          *eros_analyze_array (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr          *eros_analyze_struct (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr          *eros_analyze_subquery (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error);
ErosExpr          *eros_analyze_in (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error);
gboolean           eros_is_collated (const ErosAstExpr *ast);
const ErosAstExpr *eros_collated_text (const ErosAstExpr *ast);
ErosExpr          *eros_fold_case (ErosAnalyzer *self, ErosExpr *expr, const ErosAstSpan *span, GError **error);
ErosExpr          *eros_analyze_collate (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error);
gboolean           eros_analyze_order (ErosAnalyzer       *self,
                                       ErosScope          *scope,
                                       const ErosAstOrder *order,
                                       GPtrArray          *keys,
                                       GError            **error);
gboolean           eros_analyze_query_order (ErosAnalyzer       *self,
                                             ErosScope          *scope,
                                             const ErosAstOrder *order,
                                             ErosQuery          *query,
                                             ErosSelect         *select,
                                             GError            **error);
gboolean           eros_check_orderable (const ErosExpr *expr, const ErosAstSpan *span, GError **error);
gboolean           eros_expr_equal (const ErosExpr *a, const ErosExpr *b);
gboolean           eros_expr_uses_owner (ErosExpr *expr, gconstpointer owner);
gboolean           eros_expr_contains (ErosExpr *expr,
                                       gboolean (*test) (const ErosExpr *expr, gconstpointer data),
                                       gconstpointer data);

/* ---- queries ------------------------------------------------------------------------------------------- */

ErosQuery *eros_analyze_body_query (ErosAnalyzer *self, ErosScope *outer, const ErosAstQuery *ast, GError **error);
gboolean   eros_analyze_select (ErosAnalyzer        *self,
                                ErosScope           *outer,
                                const ErosAstSelect *ast,
                                const ErosAstQuery  *order,
                                ErosQuery           *query,
                                GError             **error);
typedef struct
{
  const char *name; /* (nullable) */
  int         from; /* the index of the column; -1: NULL */
} ErosQueryColumn;

ErosQuery    *eros_query_new (ErosAnalyzer *self);
ErosQuery    *eros_query_around (ErosAnalyzer          *self,
                                 ErosQuery             *query,
                                 const ErosQueryColumn *columns,
                                 guint                  n_columns,
                                 const ErosAstSpan     *span);
gboolean      eros_match_by_name (ErosAnalyzer              *self,
                                  const ErosAstSetOperation *ast,
                                  const char                *operation,
                                  GPtrArray                 *inputs,
                                  GError                   **error);
ErosQuery    *eros_coerce_query (ErosAnalyzer             *self,
                                 ErosQuery                *query,
                                 const ErosSqlType *const *types,
                                 const ErosAstSpan        *span,
                                 GError                  **error);
ErosRelation *eros_analyze_from (ErosAnalyzer      *self,
                                 ErosScope         *outer,
                                 const ErosAstFrom *ast,
                                 ErosSelect        *owner,
                                 ErosNames         *names,
                                 GError           **error);
ErosColumn   *eros_compute_below (ErosAnalyzer *self, ErosSelect *select, ErosExpr *expr, GPtrArray *slots);
void          eros_lower_select (ErosAnalyzer *self, ErosSelect *select, ErosQuery *query);
gboolean      eros_analyze_items (ErosAnalyzer        *self,
                                  ErosScope           *scope,
                                  const ErosAstSelect *ast,
                                  ErosQuery           *query,
                                  GError             **error);
gboolean      eros_analyze_group_by (ErosAnalyzer        *self,
                                     ErosScope           *scope,
                                     const ErosAstSelect *ast,
                                     ErosSelect          *select,
                                     GHashTable          *aliases,
                                     GError             **error);
gboolean      eros_apply_grouping (ErosAnalyzer *self,
                                   ErosSelect   *select,
                                   ErosExpr    **slot,
                                   const char   *clause,
                                   gboolean      whole,
                                   GError      **error);
ErosRelation *eros_analyze_from_item (ErosAnalyzer      *self,
                                      ErosScope         *outer,
                                      const ErosAstFrom *ast,
                                      ErosSelect        *owner,
                                      ErosNames         *left,
                                      ErosNames         *names,
                                      GError           **error);
ErosRelation *eros_analyze_join (ErosAnalyzer      *self,
                                 ErosScope         *outer,
                                 const ErosAstFrom *ast,
                                 ErosSelect        *owner,
                                 ErosNames         *outer_left,
                                 ErosNames         *names,
                                 GError           **error);
ErosRelation *eros_table_relation (ErosAnalyzer *self, const ErosCatalogTable *table, gconstpointer owner);
ErosNames    *eros_relation_names (ErosAnalyzer *self, ErosRelation *relation, gboolean is_value);
void          eros_use_table (ErosAnalyzer *self, const ErosCatalogTable *table);
GHashTable   *eros_table_function_arguments (ErosAnalyzer             *self,
                                             const ErosCatalogRoutine *routine,
                                             const ErosAstTableRef    *table,
                                             GError                  **error);
char         *eros_sessionize_text (const ErosAstTableRef *table, GError **error);
void          eros_mark_used (ErosAnalyzer *self);
char         *eros_name_suggestion (const char *name, GPtrArray *candidates);

G_END_DECLS
