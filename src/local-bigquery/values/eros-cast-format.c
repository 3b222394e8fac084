/* eros-cast-format.c: CAST (… FORMAT …)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-cast.h"

gboolean
eros_sql_value_cast_format (const ErosSqlValue *value,
                            const ErosSqlType *to,
                            const ErosZone *zone,
                            const char *format,
                            gsize format_size,
                            ErosSqlValue *result,
                            GError **error)
{
  g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_UNSUPPORTED,
               "CAST with FORMAT is not supported by the local BigQuery");
  return FALSE;
}
