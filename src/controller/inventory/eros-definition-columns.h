/* eros-definition-columns.h: the columns that a table's DDL names
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether a table of this DDL has every column that one of the other has, of the same type. */
gboolean eros_definition_has_columns_of (const char *ddl, const char *other);
/* "`a`, `b`" (transfer full) */
char *eros_definition_select_list (const char *ddl);

G_END_DECLS
