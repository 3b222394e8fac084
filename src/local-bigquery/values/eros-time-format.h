/* eros-time-format.h: the format elements of FORMAT_… and PARSE_… functions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-civil.h"
#include "eros-sql-type.h"

G_BEGIN_DECLS

/* @kind is DATE, TIME, DATETIME or TIMESTAMP, @value as it lies in a value of that kind; @zone counts for TIMESTAMP. */
void     eros_time_format (ErosSqlKind     kind,
                           gint64          value,
                           const ErosZone *zone,
                           const char     *format,
                           gsize           size,
                           GString        *out);
gboolean eros_time_parse_format (ErosSqlKind     kind,
                                 const char     *format,
                                 gsize           format_size,
                                 const char     *text,
                                 gsize           size,
                                 const ErosZone *zone,
                                 gint64         *value,
                                 GError        **error) G_GNUC_WARN_UNUSED_RESULT;

extern const char *const eros_month_names[12];
extern const char *const eros_weekday_names[7]; /* from Sunday */

G_END_DECLS
