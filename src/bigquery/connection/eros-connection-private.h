/* eros-connection-private.h: what the transport says about a connection
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-connection.h"

G_BEGIN_DECLS

gboolean eros_connection_is_loopback (ErosConnection *self);
void     eros_connection_set_latency (ErosConnection *self, gint64 latency);
void     eros_connection_set_offline (ErosConnection *self, gboolean offline);

/* A request has failed and is sent again later: WAITING says what for. BEGINS: not again; each such request
 * says when that has ended. */
void eros_connection_wait_for (ErosConnection *self, const char *waiting, gboolean begins);
void eros_connection_wait_ended (ErosConnection *self);

/* Where the data set has said that it is, which counts more than what was entered. (nullable) */
const char *eros_connection_get_learned_location (ErosConnection *self);
void        eros_connection_set_learned_location (ErosConnection *self, const char *location);

G_END_DECLS
