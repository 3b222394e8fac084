/* eros-event-text.h: what an event says, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* "Ticked"; a kind that is not known here keeps its name. (transfer none) */
const char *eros_event_text_get_kind (ErosEvent *event);
/* What it is about: "Product Owner approval received: by phone". (transfer full) */
char *eros_event_text_describe (ErosRunbook *runbook, ErosEvent *event);
/* Both as one. (transfer full) */
char *eros_event_text_make_sentence (ErosRunbook *runbook, ErosEvent *event);
/* (nullable): the element of the runbook that it is about. (transfer none) */
const char *eros_event_text_get_place (ErosRunbook *runbook, ErosEvent *event);
/* Whether it says that something did not go well, or that somebody decided all the same. */
gboolean eros_event_text_is_trouble (ErosEvent *event);

G_END_DECLS
