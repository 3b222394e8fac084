/* eros-json-writer.h: JSON text, written straight down
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  GString *text;
  gboolean comma; /* the next member or element needs one before it */
} ErosJsonWriter;

void eros_json_writer_init (ErosJsonWriter *writer, GString *text);

/* @name is NULL for an element of a list. Without a value (NULL) nothing is written. */
void eros_json_open (ErosJsonWriter *writer, const char *name, char bracket);
void eros_json_close (ErosJsonWriter *writer, char bracket);
void eros_json_string (ErosJsonWriter *writer, const char *name, const char *value);
void eros_json_int (ErosJsonWriter *writer, const char *name, gint64 value);
void eros_json_int_string (ErosJsonWriter *writer, const char *name, gint64 value);
void eros_json_bool (ErosJsonWriter *writer, const char *name, gboolean value);
void eros_json_raw (ErosJsonWriter *writer, const char *name, const char *json);
void eros_json_node (ErosJsonWriter *writer, const char *name, JsonNode *node);
void eros_json_labels (ErosJsonWriter *writer, const char *name, GHashTable *labels);
void eros_json_members (ErosJsonWriter *writer, const char *json);

G_END_DECLS
