/* eros-connection-private.h: what the transport says about a connection
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-connection.h"

G_BEGIN_DECLS

gboolean eros_connection_is_loopback (ErosConnection *self);
void     eros_connection_set_offline (ErosConnection *self, gboolean offline);

G_END_DECLS
