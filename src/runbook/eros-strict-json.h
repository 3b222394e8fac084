/* eros-strict-json.h: JSON exactly as RFC 8259 has it, with the line and column of what is wrong
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define EROS_STRICT_JSON_MAX_DEPTH 32

JsonNode *eros_strict_json_parse (const char *text, gsize length, const char *name, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
char *eros_strict_json_canonical (JsonNode *node);

G_END_DECLS
