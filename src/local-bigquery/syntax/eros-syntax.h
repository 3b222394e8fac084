/* eros-syntax.h: GoogleSQL text to a typed syntax tree
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-ast-statement.h"

G_BEGIN_DECLS

#define EROS_SYNTAX_ERROR (eros_syntax_error_quark ())
typedef enum
{
  EROS_SYNTAX_ERROR_INVALID,     /* not GoogleSQL */
  EROS_SYNTAX_ERROR_UNSUPPORTED, /* GoogleSQL that this server leaves out, by name */
  EROS_SYNTAX_ERROR_TOO_LARGE,   /* text too long, nested too deep */
} ErosSyntaxError;
GQuark eros_syntax_error_quark (void);

/* The longest text: BigQuery's own limit. */
#define EROS_SYNTAX_MAX_LENGTH (1024 * 1024)

typedef struct _ErosScript ErosScript;

ErosScript *eros_syntax_parse (const char *sql, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ErosScript *eros_syntax_parse_expression (const char *sql, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ErosScript *eros_syntax_parse_type (const char *sql, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ErosScript *eros_syntax_parse_path (const char *sql, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;

ErosScript              *eros_script_ref (ErosScript *script);
void                     eros_script_unref (ErosScript *script);
const ErosAstStatements *eros_script_get_statements (ErosScript *script);
const ErosAstExpr       *eros_script_get_expression (ErosScript *script);
const ErosAstType       *eros_script_get_type (ErosScript *script);
char                    *eros_script_dup_span (ErosScript *script, const ErosAstSpan *span);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosScript, eros_script_unref)

G_END_DECLS
