/* eros-storage.h: what the handlers of the Cloud Storage API share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-objects.h"
#include "eros-service-private.h"

G_BEGIN_DECLS

/* ifGenerationMatch and its kin; G_MININT64: not given */
typedef struct
{
  gint64 generation;
  gint64 not_generation;
  gint64 metageneration;
  gint64 not_metageneration;
} ErosConditions;

gboolean eros_conditions_read (ErosCall *call, GHashTable *query, const char *prefix, ErosConditions *conditions);
gboolean eros_conditions_check (ErosCall *call, const ErosConditions *conditions, ErosStoreDocument *present);

/* From looking at what is there to having changed it. */
void eros_storage_lock (void);
void eros_storage_unlock (void);

ErosStoreDocument *eros_storage_find_bucket (ErosCall *call, const char *name);
ErosStoreDocument *eros_storage_find_object (ErosCall *call, const char *generation_parameter, const char *prefix);

JsonObject *eros_storage_body (ErosStoreDocument *document);
gboolean    eros_storage_change (ErosCall *call, ErosStoreDocument *document, JsonObject *body);
void eros_storage_write_object (ErosCall *call, const char *member, ErosStoreDocument *object, ErosJsonWriter *writer);
void eros_storage_reply_object (ErosCall *call, ErosStoreDocument *object);
void eros_storage_send_contents (ErosCall *call, ErosStoreDocument *object);
const char *eros_storage_bucket_of (const ErosStoreDocument *object);
gint64      eros_storage_metageneration (ErosStoreDocument *document);

/* Of an object's description: whether it makes sense; if not, the call has failed. */
gboolean eros_storage_check_description (ErosCall *call, JsonObject *description);

G_END_DECLS
