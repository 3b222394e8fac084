/* eros-literal.h: what stands between the quotes of a literal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-arena.h"

G_BEGIN_DECLS

char *eros_literal_unescape (ErosArena  *arena,
                             const char *text,
                             gsize       length,
                             gboolean    bytes,
                             gboolean    triple,
                             gsize      *out_length,
                             gsize      *error_offset,
                             char      **error_message);

G_END_DECLS
