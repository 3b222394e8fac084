/* eros-rounds.h: when the rounds of the watch are due, for whoever makes them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-watch.h"

G_BEGIN_DECLS

/* Signals: "due": make a round now; "missed" (const ErosSlot *): read this one of the job history, of which nothing was
 * read yet; "waiting" (const ErosSlot *): for this one, said once for each; "over": of what was
 * to be watched nothing is left; "failed" (const GError *): what went by could not be put on record. */
#define EROS_TYPE_ROUNDS (eros_rounds_get_type ())
G_DECLARE_FINAL_TYPE (ErosRounds, eros_rounds, EROS, ROUNDS, GObject)

/* reason: why nobody has made those that went by so far, for people */
ErosRounds *eros_rounds_new (ErosDeployment *deployment, const char *reason);
/* Why those that go by from here on are not made. */
void eros_rounds_set_reason (ErosRounds *self, const char *reason);
/* Whether other work is under way: nothing is due meanwhile. */
void eros_rounds_set_held (ErosRounds *self, gboolean is_held);

G_END_DECLS
