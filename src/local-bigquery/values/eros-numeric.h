/* eros-numeric.h: NUMERIC and BIGNUMERIC, exact decimals
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-sql-type.h"
#include "eros-wide.h"

G_BEGIN_DECLS

/* An ErosWide that holds value × 10^scale, with the scale (9 or 38) and range of @kind, which is EROS_SQL_NUMERIC or
 * EROS_SQL_BIGNUMERIC. */
#define EROS_NUMERIC_MAX_SIZE 32

guint    eros_numeric_get_scale (ErosSqlKind kind);
gsize    eros_numeric_get_size (ErosSqlKind kind);
gboolean eros_numeric_in_range (ErosSqlKind kind, const ErosWide *number);

gboolean eros_numeric_load (ErosSqlKind kind, const char *data, gsize size, ErosWide *number);
void     eros_numeric_store (ErosSqlKind kind, const ErosWide *number, char *data);

gboolean eros_numeric_parse (ErosSqlKind kind, const char *text, gsize size, ErosWide *number);
void     eros_numeric_append (ErosSqlKind kind, const ErosWide *number, GString *text);

gboolean eros_numeric_from_int64 (ErosSqlKind kind, gint64 value, ErosWide *number);
gboolean eros_numeric_from_double (ErosSqlKind kind, double value, ErosWide *number);
gboolean eros_numeric_convert (ErosSqlKind from, const ErosWide *number, ErosSqlKind to, ErosWide *result);
gboolean eros_numeric_to_int64 (ErosSqlKind kind, const ErosWide *number, gint64 *value);
double   eros_numeric_to_double (ErosSqlKind kind, const ErosWide *number);

gboolean eros_numeric_add (ErosSqlKind kind, const ErosWide *a, const ErosWide *b, ErosWide *result);
gboolean eros_numeric_subtract (ErosSqlKind kind, const ErosWide *a, const ErosWide *b, ErosWide *result);
gboolean eros_numeric_multiply (ErosSqlKind kind, const ErosWide *a, const ErosWide *b, ErosWide *result);
gboolean eros_numeric_divide (ErosSqlKind kind, const ErosWide *a, const ErosWide *b, ErosWide *result);
gboolean eros_numeric_divide_integer (ErosSqlKind kind, const ErosWide *a, const ErosWide *b, ErosWide *result);
gboolean eros_numeric_round (ErosSqlKind      kind,
                             const ErosWide  *number,
                             gint64           digits,
                             ErosWideRounding rounding,
                             ErosWide        *result);

G_END_DECLS
