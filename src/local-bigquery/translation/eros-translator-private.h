/* eros-translator-private.h: what the translator's files share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-translation.h"

G_BEGIN_DECLS

/* SQLite parses with a stack of 100 entries: some 15 subqueries or 30 calls deep. What is nested deeper is moved into
 * WITH, to the query that hosts it: the whole one, or a subquery in an expression (which may use columns of the query
 * around). */
typedef struct
{
  GString *with;  /* entries, separated by commas */
  guint    depth; /* of nested FROM clauses */
} Host;

/* An expression that is put together. Parts that are too deep become entries e1, e2 …, each a SELECT of one row. */
typedef struct
{
  GString *with;
  GArray  *entries; /* of guint */
} Root;

typedef struct
{
  GHashTable *columns;  /* ErosColumn to its SQL text at the present place */
  GHashTable *calls;    /* ErosColumn whose text is an aggregate's or analytic function's call */
  GHashTable *barriers; /* ErosQuery that SQLite must not merge into the one around it */
  Host       *host;
  Root       *root;
  guint       next_alias;
  guint       n_calls_seen;
  GError     *error; /* the first one; all goes on, and the text is thrown away */
} Translator;

void     render_expr (Translator *self, const ErosExpr *expr, GString *out);
void     render_root (Translator *self, const ErosExpr *expr, GString *out);
char    *render_text (Translator *self, const ErosExpr *expr);
void     render_literal (const ErosSqlValue *value, GString *out);
void     render_query (Translator *self, ErosQuery *query, GPtrArray *names, GString *out);
void     render_hosted (Translator *self, ErosQuery *query, GString *out);
void     render_derived (Translator *self, ErosQuery *query, GPtrArray *names, GString *out);
void     render_select (Translator *self, ErosQuery *query, GPtrArray *names, GString *out);
void     render_relation (Translator *self, ErosRelation *relation, GString *out);
void     render_subquery (Translator *self, const ErosExpr *expr, GString *out);
gboolean render_exists (Translator *self, const ErosQuery *query, GString *out);
void     render_let (Translator *self, const ErosExpr *expr, GString *out);
void     render_aggregate (Translator *self, const ErosAggregate *aggregate, gboolean window, GString *out);
void     render_sort_key (Translator *self, const ErosSortKey *key, GString *out);
void     render_sort_keys (Translator *self, GPtrArray *keys, GString *out);
gboolean render_formula (Translator *self, const ErosExpr *expr, GString *out);
gboolean is_constant (ErosExpr *expr);
void     render_name (const char *name, GString *out);
void     set_column (Translator *self, const ErosColumn *column, const char *format, ...) G_GNUC_PRINTF (3, 4);
void     translation_fail (Translator *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
