/* eros-sentences.h: sentences of different people, one after the other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* “What happened” and “What to do.”, with one stop in between. Either may be NULL or empty. (transfer full) */
char *eros_sentences_join (const char *first, const char *second);

G_END_DECLS
