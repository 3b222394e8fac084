/* eros-connection-button.h: how a deployment reaches BigQuery: who is signed in, how fast it answers, whether it works
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-session.h"

G_BEGIN_DECLS

#define EROS_TYPE_CONNECTION_BUTTON (eros_connection_button_get_type ())
G_DECLARE_FINAL_TYPE (ErosConnectionButton, eros_connection_button, EROS, CONNECTION_BUTTON, AdwBin)

void eros_connection_button_set_session (ErosConnectionButton *self, ErosSession *session);

G_END_DECLS
