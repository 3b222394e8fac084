/* eros-translation.h: resolved tree to SQLite text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-analysis.h"

G_BEGIN_DECLS

#define EROS_TRANSLATION_ERROR (eros_translation_error_quark ())
typedef enum
{
  EROS_TRANSLATION_ERROR_TOO_COMPLEX, /* deeper than SQLite can parse */
} ErosTranslationError;
GQuark eros_translation_error_quark (void);

/* The text is one SELECT. Its result columns are the analysis's query->columns in order, or the one expression; with
 * DML see ErosDml. Parameters are ?1 … ?N, bound with eros_sql_value_bind (value, statement, parameter->slot + 1). The
 * connection must have the native functions (eros_functions_register ()). */
char *eros_translate (const ErosAnalysis *analysis, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
