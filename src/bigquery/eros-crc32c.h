/* eros-crc32c.h: the checksum of Cloud Storage
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* crc: 0 at the start, or what the bytes before gave. */
guint32 eros_crc32c (guint32 crc, const void *data, gsize length);
/* As Cloud Storage writes it, base64 of four bytes, the highest first: (transfer full) */
char    *eros_crc32c_format (guint32 crc);
gboolean eros_crc32c_parse (const char *text, guint32 *crc);

G_END_DECLS
