/* eros-cast.h: CAST
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-civil.h"
#include "eros-sql-value.h"

G_BEGIN_DECLS

gboolean eros_sql_value_cast (const ErosSqlValue *value,
                              const ErosSqlType  *to,
                              const ErosZone     *zone,
                              gboolean            safe,
                              ErosSqlValue       *result,
                              GError            **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_sql_value_cast_format (const ErosSqlValue *value,
                                     const ErosSqlType  *to,
                                     const ErosZone     *zone,
                                     gint64              now,
                                     const char         *format,
                                     gsize               format_size,
                                     ErosSqlValue       *result,
                                     GError            **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
