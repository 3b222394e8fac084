/* eros-canonical-json.h: the one text of a JSON value that is hashed (docs/journal.md)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Deeper values and longer texts are refused, so that no reader can be made to run out of stack or memory. */
#define EROS_CANONICAL_JSON_MAX_DEPTH  64
#define EROS_CANONICAL_JSON_MAX_LENGTH (16 * 1024 * 1024)

/* Errors are EROS_JOURNAL_ERROR_INVALID_EVENT. */
char     *eros_canonical_json_write (JsonNode *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *eros_canonical_json_parse (const char *text, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
