/* eros-numeric-math.h: roots, powers and logarithms of NUMERIC and BIGNUMERIC
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-numeric.h"

G_BEGIN_DECLS

/* Rounded half away from zero from a result with many more places. FALSE: out of range, or not defined there. */
gboolean eros_numeric_sqrt (ErosSqlKind kind, const ErosWide *a, ErosWide *result);
gboolean eros_numeric_cbrt (ErosSqlKind kind, const ErosWide *a, ErosWide *result);
gboolean eros_numeric_exp (ErosSqlKind kind, const ErosWide *a, ErosWide *result);
gboolean eros_numeric_ln (ErosSqlKind kind, const ErosWide *a, ErosWide *result);
gboolean eros_numeric_log (ErosSqlKind kind, const ErosWide *a, const ErosWide *base, ErosWide *result);
gboolean eros_numeric_pow (ErosSqlKind kind, const ErosWide *a, const ErosWide *b, ErosWide *result);

G_END_DECLS
