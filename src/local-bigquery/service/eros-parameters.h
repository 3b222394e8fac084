/* eros-parameters.h: query parameters
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "eros-engine.h"

G_BEGIN_DECLS

/* A list of ErosEngineParameter that owns its names and values. */
GArray *eros_parameters_read (JsonArray *parameters, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
