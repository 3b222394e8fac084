/* eros-script.h: the statements of a script, as they are on record and as rows below its step
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"
#include "eros-operation.h"

G_BEGIN_DECLS

/* Asks the server for the statements that a finished script has run. Returns: (transfer full): an object for each, with
 * what is known of its job, its line, column, text, procedure and error; docs/journal.md describes it. */
void       eros_script_look_into_async (ErosBigQuery       *big_query,
                                        ErosJob            *script,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
JsonArray *eros_script_look_into_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full): a row for the statement in that line. */
ErosStep *eros_script_make_row (guint line, const char *text);
/* Shows such statements below the row of their script. */
void eros_script_show (ErosStep *row, JsonArray *statements);
/* Whether it is worth asking: several statements, as far as a semicolon tells. */
gboolean eros_script_is_one (const char *sql);
/* Asks for them every so often while the script runs, and shows them; until it is freed. */
typedef struct _ErosScriptWatch ErosScriptWatch;
ErosScriptWatch *eros_script_watch_new (ErosBigQuery *big_query, const char *job_id, ErosStep *row, guint every_ms);
void             eros_script_watch_free (ErosScriptWatch *watch);
/* Where in sql the mistake is: by the error's message, or else by the statement that failed. statements: (nullable);
 * text: (out) (transfer full): that line. */
gboolean eros_script_find_trouble (const char   *sql,
                                   const GError *error,
                                   JsonArray    *statements,
                                   guint        *line,
                                   guint        *column,
                                   char        **text);

G_END_DECLS
