/* eros-farm-private.h: FarmHash's Fingerprint64
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint64 eros_farm_fingerprint64 (const char *data, gsize size);

G_END_DECLS
