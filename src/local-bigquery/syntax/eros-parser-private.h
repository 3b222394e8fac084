/* eros-parser-private.h: what the parts of the parser share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-lexer.h"
#include "eros-syntax.h"

G_BEGIN_DECLS

/* Recursive descent. The first error sticks: from then on every token is the end of the text, so that all loops end
 * and all functions return; they return nodes even then, which nobody will see. */
typedef struct
{
  ErosLexer  lexer;
  ErosArena *arena;
  GPtrArray *tokens; /* of ErosToken: read so far; they stay where they are */
  guint      at;     /* the next token */
  GError    *error;
  guint      depth;
  guint      n_positional;
  guint      n_queries;
  /* scripts */
  guint      loops;    /* enclosing loops */
  guint      handlers; /* enclosing exception handlers */
  GPtrArray *labels;   /* (element-type char*) enclosing labels */
  guint      lists;    /* enclosing lists of statements, each ended by a keyword */
} ErosParser;

/* Nesting beyond this is an error: far more than anybody writes, far less than a thread's stack holds. */
#define EROS_PARSER_MAX_DEPTH 500
/* a + b + c … leans to the left as a tree; it takes no stack to read it, but it does to work with it. */
#define EROS_PARSER_MAX_CHAIN 1000

/* eros-parser.c: tokens */
const ErosToken *eros_parser_peek (ErosParser *self);
const ErosToken *eros_parser_peek_at (ErosParser *self, guint ahead);
const ErosToken *eros_parser_previous (ErosParser *self);
void             eros_parser_advance (ErosParser *self);
gboolean         eros_parser_is_word (ErosParser *self, ErosKeyword keyword);
gboolean         eros_parser_is_word_at (ErosParser *self, guint ahead, ErosKeyword keyword);
gboolean         eros_parser_is_symbol (ErosParser *self, int symbol);
gboolean         eros_parser_is_symbol_at (ErosParser *self, guint ahead, int symbol);
gboolean         eros_parser_is_text_at (ErosParser *self, guint ahead, const char *word);
gboolean         eros_parser_accept (ErosParser *self, ErosKeyword keyword);
gboolean         eros_parser_accept_symbol (ErosParser *self, int symbol);
gboolean         eros_parser_expect (ErosParser *self, ErosKeyword keyword);
gboolean         eros_parser_expect_symbol (ErosParser *self, int symbol);
gboolean         eros_parser_at_end (ErosParser *self);
ErosAstSpan      eros_parser_span_from (ErosParser *self, const ErosAstSpan *start);
gboolean         eros_parser_enter (ErosParser *self);
void             eros_parser_leave (ErosParser *self);

/* errors: only the first one counts */
void eros_parser_fail_at (ErosParser *self, const ErosAstSpan *span, const char *format, ...) G_GNUC_PRINTF (3, 4);
void eros_parser_unsupported (ErosParser *self, const ErosAstSpan *span, const char *what);
void eros_parser_unexpected (ErosParser *self);
void eros_parser_expected (ErosParser *self, const char *what);
void eros_parser_too_deep (ErosParser *self);

/* names, paths, types, options */
gboolean           eros_parser_is_name_at (ErosParser *self, guint ahead);
void               eros_parser_name (ErosParser *self, ErosAstName *name);
const ErosAstName *eros_parser_name_dup (ErosParser *self);
const ErosAstName *eros_parser_alias (ErosParser *self);
ErosAstNames       eros_parser_name_list (ErosParser *self);
void               eros_parser_path (ErosParser *self, ErosAstPath *path);
void               eros_parser_table_path (ErosParser *self, ErosAstPath *path);
void               eros_parser_split_path (ErosParser *self, ErosAstPath *path);
ErosAstType       *eros_parser_type (ErosParser *self, gboolean in_columns);
ErosAstOptions     eros_parser_options (ErosParser *self);
ErosAstOptions     eros_parser_option_list (ErosParser *self);
void               eros_parser_collate (ErosParser *self);
const char        *eros_parser_string (ErosParser *self);

#define eros_parser_take(self, array, List)                                                                            \
  ({                                                                                                                   \
    List list_ = { NULL, 0 };                                                                                          \
    list_.items = eros_arena_steal_array ((self)->arena, (array), &list_.length);                                      \
    list_;                                                                                                             \
  })

/* eros-parse-expression.c, eros-parse-call.c */
ErosAstExpr *eros_parser_new_expr (ErosParser *self, ErosAstExprKind kind, const ErosAstSpan *start);
ErosAstExpr *eros_parser_expression (ErosParser *self);
ErosAstExprs eros_parser_expressions (ErosParser *self);
ErosAstExpr *eros_parser_value (ErosParser *self); /* or DEFAULT */
ErosAstExpr *eros_parser_primary (ErosParser *self);
ErosAstExpr *eros_parser_call (ErosParser *self, ErosAstPath *function);
ErosAstExpr *eros_parser_limit (ErosParser *self);
ErosAstOrder eros_parser_order_by (ErosParser *self);
void         eros_parser_window (ErosParser *self, ErosAstWindow *window);

/* eros-parse-query.c, eros-parse-from.c */
gboolean          eros_parser_is_query (ErosParser *self, guint ahead);
ErosAstQuery     *eros_parser_query (ErosParser *self);
ErosAstQuery     *eros_parser_paren_query (ErosParser *self);
ErosAstFrom      *eros_parser_from (ErosParser *self);
ErosAstFrom      *eros_parser_join_to (ErosParser *self, ErosAstFrom *first);
void              eros_parser_select_head (ErosParser *self, ErosAstSelect *select);
void              eros_parser_named_windows (ErosParser *self, ErosAstSelect *select);
ErosAstGroupItem  eros_parser_group_item (ErosParser *self);
gboolean          eros_parser_set_here (ErosParser *self);
void              eros_parser_set_operator (ErosParser *self, ErosAstSetOperation *set);
gboolean          eros_parser_same_set (const ErosAstSetOperation *a, const ErosAstSetOperation *b);
ErosAstQueryBody *eros_parser_set_list (ErosParser *self, ErosAstQueryBody *first);

/* eros-parse-pipe.c */
ErosAstQuery *eros_parser_pipe_from (ErosParser *self);
ErosAstQuery *eros_parser_pipe_query (ErosParser *self, ErosAstQuery *query);
ErosAstFrom  *eros_parser_merge_source (ErosParser *self);

/* eros-parse-operators.c */
gboolean     eros_parser_operator_here (ErosParser *self);
ErosAstFrom *eros_parser_operators (ErosParser *self, ErosAstFrom *source);

/* eros-parse-build.c */
ErosAstName  *eros_build_name (ErosParser *self, const char *text, const ErosAstSpan *span);
ErosAstExpr  *eros_build_path (ErosParser *self, const char *qualifier, const char *text, const ErosAstSpan *span);
ErosAstExpr  *eros_build_string (ErosParser *self, const char *text, const ErosAstSpan *span);
ErosAstExpr  *eros_build_integer (ErosParser *self, guint64 integer, const ErosAstSpan *span);
ErosAstExpr  *eros_build_call_of (ErosParser        *self,
                                  const char        *function,
                                  ErosAstExpr       *argument,
                                  const ErosAstSpan *span);
ErosAstExpr  *eros_build_if (ErosParser *self, ErosAstExpr *condition, ErosAstExpr *value);
ErosAstExpr  *eros_build_binary (ErosParser     *self,
                                 ErosAstBinaryOp op,
                                 gboolean        negated,
                                 ErosAstExpr    *left,
                                 ErosAstExpr    *right);
ErosAstExpr  *eros_build_logical (ErosParser *self, gboolean is_or, GArray *operands);
ErosAstQuery *eros_build_select (ErosParser *self, GArray *items, ErosAstFrom *from, const ErosAstSpan *span);
ErosAstQuery *eros_build_star (ErosParser *self, ErosAstFrom *from, const ErosAstSpan *span);
ErosAstFrom  *eros_build_subquery (ErosParser *self, ErosAstQuery *query, const ErosAstName *alias);

/* eros-parse-dml.c, eros-parse-ddl.c, eros-parse-script.c */
ErosAstStatement *eros_parser_new_statement (ErosParser *self, ErosAstStatementKind kind, const ErosAstSpan *start);
ErosAstStatement *eros_parser_insert (ErosParser *self);
ErosAstStatement *eros_parser_update (ErosParser *self);
ErosAstStatement *eros_parser_delete (ErosParser *self);
ErosAstStatement *eros_parser_merge (ErosParser *self);
ErosAstStatement *eros_parser_truncate (ErosParser *self);
ErosAstStatement *eros_parser_create (ErosParser *self);
ErosAstStatement *eros_parser_drop (ErosParser *self);
ErosAstStatement *eros_parser_undrop (ErosParser *self);
ErosAstStatement *eros_parser_alter (ErosParser *self);
ErosAstStatement *eros_parser_create_policy (ErosParser *self, ErosAstCreate *create);
ErosAstStatement *eros_parser_drop_policy (ErosParser *self);
ErosAstStatement *eros_parser_grant (ErosParser *self);
ErosAstStatement *eros_parser_export_data (ErosParser *self);
ErosAstStatement *eros_parser_load_data (ErosParser *self);
gboolean          eros_parser_if_exists (ErosParser *self);
gboolean          eros_parser_if_not_exists (ErosParser *self);
void              eros_parser_layout (ErosParser *self, ErosAstCreateTable *table);
void              eros_parser_column (ErosParser *self, ErosAstColumn *column);
void              eros_parser_constraint (ErosParser *self, ErosAstConstraint *constraint);
ErosAstStatement *eros_parser_block (ErosParser *self, const char *label, const ErosAstSpan *start);
ErosAstStatements eros_parser_script (ErosParser *self);

G_END_DECLS
