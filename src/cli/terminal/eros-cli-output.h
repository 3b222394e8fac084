/* eros-cli-output.h: standard output, and what becomes of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

#include "eros-connection.h"

G_BEGIN_DECLS

/* Before anything is printed. WANTS_JSON: somebody asked for JSON, and gets it whatever happens. */
void eros_cli_output_begin (gboolean wants_json);
/* Standard output, UTF-8, whatever the locale. Every argument is shown as one line: no text from elsewhere
 * moves the cursor or makes a line of its own. Nothing is printed in another way. */
void eros_cli_print (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* A text of several lines. */
void eros_cli_print_lines (const char *text);
/* Standard error, in the same way. */
void eros_cli_complain (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Says what went wrong, and says it as JSON to whoever asked for that and has had none yet. */
void eros_cli_complain_of (const GError *error, int status);
/* JSON as it is, but with what would not show escaped. */
void eros_cli_print_json_text (const char *json);
/* Takes over NODE; indented. */
/* From here on each value of JSON is one line, for whoever reads while it goes on. */
void eros_cli_set_json_lines (void);
void eros_cli_print_json (JsonNode *node);
/* What is said while nothing else is: NAME of what runs, and what it waits for: (nullable) (transfer full).
 */
void eros_cli_set_waiting (char *(*describe) (gpointer data), gpointer data);
void eros_cli_watch_connection (ErosConnection *watched);
/* To be called about once a second while something is waited for: says what, before anybody wonders. */
void eros_cli_tell_waiting (void);
/* FALSE: not all of it has arrived, and that has been said. */
gboolean eros_cli_output_end (void) G_GNUC_WARN_UNUSED_RESULT;
/* 0, or the errno with which writing has failed */
int eros_cli_output_lost (void);

G_END_DECLS
