/* eros-session.h: a deployment that is open, and the machine that works for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-controller.h"
#include "eros-rehearsal.h"

G_BEGIN_DECLS

/* Properties, notified: busy, operation, status, offline. Signals: "step-changed" (element id, or ""),
 * "failed" (message), "rehearsed" (message: what came of it, also when it was stopped). */
#define EROS_TYPE_SESSION (eros_session_get_type ())
G_DECLARE_FINAL_TYPE (ErosSession, eros_session, EROS, SESSION, GObject)

ErosSession    *eros_session_new (ErosDeployment *deployment, ErosRehearsal *rehearsal);
ErosDeployment *eros_session_get_deployment (ErosSession *self);
gboolean        eros_session_is_writable (ErosSession *self);
gboolean        eros_session_get_busy (ErosSession *self);
const char     *eros_session_get_status (ErosSession *self);
gboolean        eros_session_get_offline (ErosSession *self);
const char     *eros_session_get_waiting (ErosSession *self);
ErosOperation  *eros_session_get_operation (ErosSession *self);
gboolean        eros_session_get_all_passed (ErosSession *self);
void            eros_session_run_checks (ErosSession *self, const char *const *ids);
void            eros_session_prepare_async (ErosSession *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean        eros_session_prepare_finish (ErosSession *self, GAsyncResult *result, GError **error);
ErosController *eros_session_get_controller (ErosSession *self);
void            eros_session_start (ErosSession *self, ErosOperation *operation);
ErosOperation  *eros_session_find_operation (ErosSession *self, const char *kind);
ErosOperation  *eros_session_find_unfinished (ErosSession *self);
gboolean        eros_session_can_go_on (ErosSession *self, ErosOperation *operation);
gboolean        eros_session_can_rehearse (ErosSession *self);
void            eros_session_rehearse (ErosSession *self);
void            eros_session_cancel (ErosSession *self);
gboolean        eros_session_is_cancelling (ErosSession *self);
gboolean        eros_session_is_running (ErosSession *self, const char *element_id);

ErosConnection *eros_session_get_connection (ErosSession *self);

G_END_DECLS
