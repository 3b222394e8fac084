/* eros-change.h: by how much a number has changed, exactly
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  EROS_CHANGE_UNKNOWN, /* a number is missing, or there is nothing to divide by */
  EROS_CHANGE_BETTER,
  EROS_CHANGE_WORSE,
  EROS_CHANGE_SAME,
} ErosChange;

ErosChange eros_change_compute (const char *before,
                                const char *after,
                                gboolean    lower_is_better,
                                gint64     *tenths_of_percent);

G_END_DECLS
