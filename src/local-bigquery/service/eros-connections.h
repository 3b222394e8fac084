/* eros-connections.h: connections that are kept between two requests, and given back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void eros_connection_watch (SoupServerMessage *message);

G_END_DECLS
