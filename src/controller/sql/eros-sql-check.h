/* eros-sql-check.h: whether the texts of a runbook's operations can be read, and every name in them is known
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-runbook.h"

G_BEGIN_DECLS

gboolean eros_sql_check_runbook (ErosRunbook *runbook, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
