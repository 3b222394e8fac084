/* eros-dml-private.h: what the analysis of DML statements shares
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-analyzer-private.h"

G_BEGIN_DECLS

typedef struct
{
  ErosAnalyzer           *analyzer;
  const ErosCatalogTable *table;
  ErosSelect             *select; /* what will yield the rows */
  ErosDml                *result;
  GArray                 *actions; /* of ErosDmlAction */
  ErosNames              *target;  /* the target's own names */
} ErosDmlAnalysis;

gboolean      eros_dml_init (ErosDmlAnalysis   *dml,
                             ErosAnalyzer      *self,
                             ErosDmlKind        kind,
                             const ErosAstPath *path,
                             GError           **error);
void          eros_dml_add_item (ErosDmlAnalysis *dml, const char *name, ErosExpr *expr);
void          eros_dml_add_action (ErosDmlAnalysis *dml, ErosDmlActionKind kind, const GArray *columns, guint first);
void          eros_dml_finish (ErosDmlAnalysis *dml);
ErosRelation *eros_dml_target (ErosDmlAnalysis *dml, const ErosAstName *alias, ErosNames *names);
gboolean      eros_dml_find_column (ErosDmlAnalysis *dml, const ErosAstName *name, guint *index, GError **error);
ErosExpr     *eros_dml_default (ErosDmlAnalysis *dml, guint index, const ErosAstSpan *span, GError **error);
ErosExpr     *eros_dml_value (ErosDmlAnalysis   *dml,
                              ErosScope         *scope,
                              const ErosAstExpr *ast,
                              guint              index,
                              gboolean           assigned,
                              GError           **error);
gboolean eros_dml_insert_columns (ErosDmlAnalysis *dml, const ErosAstNames *names, GArray *columns, GError **error);
gboolean eros_dml_assignments (ErosDmlAnalysis      *dml,
                               ErosScope            *scope,
                               const ErosAstSetItem *items,
                               guint                 n_items,
                               const char           *alias,
                               ErosRelation         *target,
                               GArray               *columns,
                               GPtrArray            *values,
                               GError              **error);
gboolean eros_analyze_update (ErosAnalyzer *self, const ErosAstUpdate *ast, const ErosAstSpan *span, GError **error);
gboolean eros_analyze_merge (ErosAnalyzer *self, const ErosAstMerge *ast, const ErosAstSpan *span, GError **error);

G_END_DECLS
