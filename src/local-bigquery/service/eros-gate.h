/* eros-gate.h: who may come in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-service-private.h"

G_BEGIN_DECLS

/* Whether the call comes from a program on this machine, and not from a page in a browser; otherwise it has
 * failed. */
gboolean eros_gate_admit (ErosCall *call);
/* Whether its body is of a kind that @route takes; otherwise it has failed. */
gboolean eros_gate_check_body (ErosCall *call, const ErosRoute *route);
/* Says who calls; FALSE when a token is needed and there is none that is good: the call has failed. */
gboolean eros_gate_identify (ErosCall *call, const ErosRoute *route);
/* Fails with 401, as for a token that is no good (any more): it is forgotten. */
void eros_gate_refuse_token (ErosCall *call);
/* A browser must not take any answer for something to show or to run. */
void eros_gate_seal (SoupMessageHeaders *headers);

G_END_DECLS
