/* eros-glob.h: names of objects with wildcards
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GRegex *eros_glob_compile (const char *glob, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
