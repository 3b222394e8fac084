/* eros-register-private.h: how natives become SQLite functions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-native-private.h"

G_BEGIN_DECLS

typedef struct
{
  const ErosNative    *native;
  ErosFunctionContext *world;
  gboolean             safe;
} ErosRegistration;

/* Takes both: the plain function's and that of its bq_with_ form. */
int eros_register_aggregate (sqlite3 *database, ErosRegistration *plain, ErosRegistration *with);
int eros_register_unnest (sqlite3 *database);

static inline ErosRegistration *
eros_registration_of (sqlite3_context *context)
{
  return sqlite3_user_data (context);
}

G_END_DECLS
