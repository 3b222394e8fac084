/* eros-detect.h: columns that data seem to have
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "eros-csv.h"

G_BEGIN_DECLS

typedef struct _ErosDetector ErosDetector;

ErosDetector *eros_detector_new (void);
void          eros_detector_free (ErosDetector *detector);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosDetector, eros_detector_free)

/* FALSE: it has seen enough. */
gboolean eros_detector_add_record (ErosDetector *detector, const ErosCsvRecord *record);
gboolean eros_detector_add_object (ErosDetector *detector, JsonObject *object);

/* (element-type ErosStoreColumn) */
GPtrArray *eros_detector_get_columns (ErosDetector *detector);
/* Whether the first record names the columns. */
gboolean eros_detector_has_header (ErosDetector *detector);

G_END_DECLS
