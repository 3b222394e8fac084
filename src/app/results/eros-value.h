/* eros-value.h: a value of an answer as people read it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-page.h"

G_BEGIN_DECLS

char *eros_value_dup_text (ErosPage *page, guint row, guint column);

G_END_DECLS
