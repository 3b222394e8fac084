/* eros-limits.h: what a connection's jobs may cost and take, as people write it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The limits of a connection by the name of the property: "budget-bytes", "timeout-ms", "cents-per-tib". */
gboolean eros_limits_parse (const char *property, const char *text, gint64 *value, GError **error);
/* (transfer full): "50 GiB", "60", "6.25", with the decimal point of the place; "" for no budget. Reading it again
 * may give a value that is a little less exact. */
char *eros_limits_format (const char *property, gint64 value);

G_END_DECLS
