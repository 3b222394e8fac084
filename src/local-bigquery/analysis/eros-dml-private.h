/* eros-dml-private.h: what the analysis of DML statements shares
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-analyzer-private.h"

G_BEGIN_DECLS

typedef struct
{
  Analyzer               *analyzer;
  const ErosCatalogTable *table;
  ErosSelect             *select; /* what will yield the rows */
  ErosDml                *result;
  GArray                 *actions; /* of ErosDmlAction */
  Names                  *target;  /* the target's own names */
} Dml;

gboolean      dml_init (Dml *dml, Analyzer *self, ErosDmlKind kind, const ErosAstPath *path, GError **error);
void          dml_add_item (Dml *dml, const char *name, ErosExpr *expr);
void          dml_add_action (Dml *dml, ErosDmlActionKind kind, const GArray *columns, guint first);
void          dml_finish (Dml *dml);
ErosRelation *dml_target (Dml *dml, const ErosAstName *alias, Names *names);
gboolean      dml_find_column (Dml *dml, const ErosAstName *name, guint *index, GError **error);
ErosExpr     *dml_default (Dml *dml, guint index, const ErosAstSpan *span, GError **error);
ErosExpr *dml_value (Dml *dml, Scope *scope, const ErosAstExpr *ast, guint index, gboolean assigned, GError **error);
gboolean  dml_insert_columns (Dml *dml, const ErosAstNames *names, GArray *columns, GError **error);
gboolean  dml_assignments (Dml                  *dml,
                           Scope                *scope,
                           const ErosAstSetItem *items,
                           guint                 n_items,
                           const char           *alias,
                           ErosRelation         *target,
                           GArray               *columns,
                           GPtrArray            *values,
                           GError              **error);
gboolean  analyze_update (Analyzer *self, const ErosAstUpdate *ast, const ErosAstSpan *span, GError **error);
gboolean  analyze_merge (Analyzer *self, const ErosAstMerge *ast, const ErosAstSpan *span, GError **error);

G_END_DECLS
