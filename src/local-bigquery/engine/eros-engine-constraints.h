/* eros-engine-constraints.h: PRIMARY KEY and FOREIGN KEY, which nobody enforces
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-engine-private.h"

G_BEGIN_DECLS

void     eros_engine_take_constraints (ErosRun *run, const ErosAstCreateTable *create, ErosStoreTable *table);
gboolean eros_engine_alter_constraint (ErosRun                  *run,
                                       const ErosAstAlterAction *action,
                                       ErosStoreTable           *table,
                                       GError                  **error);

G_END_DECLS
