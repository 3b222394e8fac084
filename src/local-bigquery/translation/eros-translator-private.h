/* eros-translator-private.h: what the translator's files share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-translation.h"

G_BEGIN_DECLS

typedef struct
{
  GHashTable *columns; /* ErosColumn to its SQL text at the present place */
  guint       next_alias;
  guint       depth;
  GError     *error; /* the first one; all goes on, and the text is thrown away */
} Translator;

void  render_expr         (Translator *self, const ErosExpr *expr, GString *out);
char *render_text         (Translator *self, const ErosExpr *expr);
void  render_literal      (const ErosSqlValue *value, GString *out);
void  render_query        (Translator *self, ErosQuery *query, GPtrArray *names, GString *out);
void  render_select       (Translator *self, ErosQuery *query, GPtrArray *names, GString *out);
void  render_relation     (Translator *self, ErosRelation *relation, GString *out);
void  render_subquery     (Translator *self, const ErosExpr *expr, GString *out);
void  render_let          (Translator *self, const ErosExpr *expr, GString *out);
void  render_aggregate    (Translator *self, const ErosAggregate *aggregate, gboolean window, GString *out);
void  render_sort_key     (Translator *self, const ErosSortKey *key, GString *out);
void  render_sort_keys    (Translator *self, GPtrArray *keys, GString *out);
void  render_name         (const char *name, GString *out);
void  set_column          (Translator *self, const ErosColumn *column, const char *format, ...) G_GNUC_PRINTF (3, 4);
void  translation_fail    (Translator *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
