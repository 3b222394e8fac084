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
} ErosHost;

/* An expression that is put together. Parts that are too deep become entries e1, e2 …, each a SELECT of one row. */
typedef struct
{
  GString *with;
  GArray  *entries; /* of guint */
} ErosRoot;

typedef struct
{
  GHashTable *columns;  /* ErosColumn to its SQL text at the present place */
  GHashTable *calls;    /* ErosColumn whose text is an aggregate's or analytic function's call */
  GHashTable *barriers; /* ErosQuery that SQLite must not merge into the one around it */
  ErosHost   *host;
  ErosRoot   *root;
  guint       next_alias;
  guint       n_calls_seen;
  GError     *error; /* the first one; all goes on, and the text is thrown away */
} ErosTranslator;

void     eros_render_expr (ErosTranslator *self, const ErosExpr *expr, GString *out);
void     eros_render_root (ErosTranslator *self, const ErosExpr *expr, GString *out);
char    *eros_render_text (ErosTranslator *self, const ErosExpr *expr);
void     eros_render_hosted (ErosTranslator *self, ErosQuery *query, GString *out);
void     eros_render_derived (ErosTranslator *self, ErosQuery *query, GPtrArray *names, GString *out);
void     eros_render_select (ErosTranslator *self, ErosQuery *query, GPtrArray *names, GString *out);
void     eros_render_relation (ErosTranslator *self, ErosRelation *relation, GString *out);
void     eros_render_subquery (ErosTranslator *self, const ErosExpr *expr, GString *out);
gboolean eros_render_exists (ErosTranslator *self, const ErosQuery *query, GString *out);
void     eros_render_let (ErosTranslator *self, const ErosExpr *expr, GString *out);
void     eros_render_aggregate (ErosTranslator              *self,
                                const ErosResolvedAggregate *aggregate,
                                gboolean                     window,
                                GString                     *out);
void     eros_render_sort_keys (ErosTranslator *self, GPtrArray *keys, GString *out);
gboolean eros_render_formula (ErosTranslator *self, const ErosExpr *expr, GString *out);
gboolean eros_is_constant (ErosExpr *expr);
void     eros_render_name (const char *name, GString *out);
void     eros_set_column (ErosTranslator *self, const ErosColumn *column, const char *format, ...) G_GNUC_PRINTF (3, 4);
void     eros_translation_fail (ErosTranslator *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
