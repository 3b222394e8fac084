/* eros-native-time-private.h: what functions of dates and times share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-native-private.h"

#include <eros-date-part.h>

G_BEGIN_DECLS

gboolean eros_arg_part (sqlite3_context *context, sqlite3_value *value, ErosPart *part);

G_END_DECLS
