/* eros-canonical-scan.h: a canonical text read where it stands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean    eros_canonical_scan_check (const char *text, gsize length);
const char *eros_canonical_scan_find (const char *text, gsize length, const char *member, gsize *value_length);

G_END_DECLS
