/* eros-cast-private.h: what the files of CAST share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-sql-value.h"

G_BEGIN_DECLS

gboolean eros_cast_bytes (const ErosSqlValue *value,
                          const ErosSqlType  *to,
                          const char         *format,
                          gsize               format_size,
                          ErosSqlValue       *result,
                          GError            **error);

G_END_DECLS
