/* eros-connections.h: the connections that this person has set up
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-controller.h"

G_BEGIN_DECLS

GListModel     *eros_connections_load (void);
ErosConnection *eros_connections_find (const char *name); /* (nullable) */
gboolean        eros_connections_store (ErosConnection *connection);
void            eros_connections_remove (const char *name);
ErosConnection *eros_connections_for_setup (const ErosDeploymentSetup *setup, GError **error) G_GNUC_WARN_UNUSED_RESULT;

char *eros_connections_check_part (const char *text, gpointer member);
char *eros_connections_check_address (const char *text, gpointer unused);

G_END_DECLS
