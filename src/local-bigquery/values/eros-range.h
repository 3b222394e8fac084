/* eros-range.h: RANGE
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-sql-value.h"

G_BEGIN_DECLS

#define EROS_RANGE_SIZE 16

/* From @start up to, and without, @end; a side without a bound is open. Both are days or microseconds, as the element's
 * type has them. */
typedef struct
{
  gboolean has_start;
  gboolean has_end;
  gint64   start;
  gint64   end;
} ErosRange;

gboolean eros_range_load (const char *data, gsize size, ErosRange *range);
void     eros_range_store (const ErosRange *range, char *data);
void     eros_range_set_value (ErosSqlValue *value, const ErosSqlType *type, const ErosRange *range);
void     eros_range_get_bounds (const ErosSqlValue *value, ErosSqlValue *start, ErosSqlValue *end);

G_END_DECLS
