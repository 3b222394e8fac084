/* eros-decimal.h: decimal numbers as exact text, never as binary floating point
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *eros_decimal_parse (const char *text, gboolean comma_is_point) G_GNUC_WARN_UNUSED_RESULT;
char *eros_decimal_shift (const char *decimal, int places) G_GNUC_WARN_UNUSED_RESULT;
char *eros_decimal_format (const char *decimal, guint minimum_places);

G_END_DECLS
