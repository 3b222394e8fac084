/* eros-sessions.h: what outlives a job: temporary tables, variables and open transactions of those who ask for that
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-engine.h"

G_BEGIN_DECLS

typedef struct _ErosSessions ErosSessions;
typedef struct _ErosSession  ErosSession;

ErosSessions *eros_sessions_new (ErosEngine *engine);
void          eros_sessions_free (ErosSessions *sessions);

/* One job at a time has it; others wait. */
ErosSession *eros_sessions_create (ErosSessions *sessions);
ErosSession *eros_sessions_take (ErosSessions *sessions, const char *id, GCancellable *cancellable, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void eros_sessions_give_back (ErosSessions *sessions, ErosSession *session);
void eros_sessions_forget_idle (ErosSessions *sessions);

const char        *eros_session_get_id (ErosSession *session);
ErosEngineSession *eros_session_get_engine_session (ErosSession *session);

G_END_DECLS
