/* eros-sql-text.h: the one place where identifiers become part of SQL text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-connection.h"

G_BEGIN_DECLS

char *eros_sql_text_fill (const char *sql, const char *source, ErosConnection *connection, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
char *eros_sql_text_sha256 (const char *sql);

G_END_DECLS
