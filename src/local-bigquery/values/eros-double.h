/* eros-double.h: FLOAT64 and its text forms
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void     eros_double_append (double value, GString *text);
void     eros_double_append_t (double value, GString *text);
void     eros_double_append_json (double value, GString *text);
void     eros_double_append_rest (double value, GString *text);
gboolean eros_double_parse (const char *text, gsize size, double *value);

G_END_DECLS
