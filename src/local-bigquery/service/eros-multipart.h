/* eros-multipart.h: a body of several parts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct
{
  SoupMessageHeaders *headers;
  GBytes             *content;
} ErosBodyPart;

GPtrArray *eros_multipart_split (SoupMessageHeaders *headers, GBytes *body) G_GNUC_WARN_UNUSED_RESULT;

/* What stands before the first empty line, and where the rest begins. */
SoupMessageHeaders *eros_multipart_read_headers (const char *data, gsize size, gsize *rest) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
