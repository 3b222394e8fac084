/* eros-plan-copy-private.h: what the parts of a copy share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The record of the work with a copy. */
void eros_copy_remove_file (const char *dataset);

G_END_DECLS
