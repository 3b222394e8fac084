/* eros-defaults.h: what a row gets for the columns that it does not name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-engine.h"

G_BEGIN_DECLS

typedef struct _ErosDefaults ErosDefaults;

ErosDefaults *eros_defaults_new (ErosEngine *engine, const char *user_email, ErosStoreTable *table);
void          eros_defaults_free (ErosDefaults *defaults);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosDefaults, eros_defaults_free)

/* Before each row */
gboolean eros_defaults_next (ErosDefaults *defaults, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void     eros_defaults_fill (ErosDefaults *defaults, guint column, ErosSqlValue *value);

G_END_DECLS
