/* eros-blank.h: the blanks of a text, “Started at: ____”, as fields with a label and a type
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Runs of underscores: four or more, or three that no word touches. */
guint eros_blank_count (const char *text);
/* Adds a field to FIELDS for each blank of TEXT. FALLBACK: (nullable): its label where no words stand beside it. */
void eros_blank_read (const char *text, const char *fallback, JsonArray *fields);
/* What TEXT is about, without its blanks. (transfer full) */
char *eros_blank_get_label (const char *text);
/* “Name: ” → “Name” (transfer full) */
char *eros_blank_trim (const char *text);
/* Adds one field. CHOICES: (nullable): what may be chosen */
void eros_blank_add (JsonArray *fields, const char *label, const char *type, const char *const *choices);
/* “date” for “Release date” … */
const char *eros_blank_guess_type (const char *label);

G_END_DECLS
