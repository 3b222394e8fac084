/* eros-cell.h: one value of an answer, from its text and to a text for people
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Texts are not terminated. FALSE: it is no value of the type. */
gboolean eros_cell_parse_integer (const char *text, gsize length, gint64 *value);
gboolean eros_cell_parse_real (const char *text, gsize length, double *value);
gboolean eros_cell_parse_timestamp (const char *text, gsize length, gint64 *value); /* microseconds since 1970 */
gboolean eros_cell_parse_bool (const char *text, gsize length, gint64 *value);
gssize   eros_cell_unescape (const char *text, gsize length, char *to);
/* (transfer full) */
char *eros_cell_format_timestamp (gint64 micros);
char *eros_cell_format_real (double value);

G_END_DECLS
