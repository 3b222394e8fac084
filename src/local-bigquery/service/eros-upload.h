/* eros-upload.h: bodies that come in one piece, with their description, or bit by bit
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-call.h"

G_BEGIN_DECLS

typedef struct _ErosUploads ErosUploads;

ErosUploads *eros_uploads_new (void);
void         eros_uploads_free (ErosUploads *uploads);

typedef struct
{
  JsonNode   *metadata; /* an object */
  GBytes     *content;
  char       *content_type;
  GHashTable *query; /* of the request that began it */
} ErosUpload;

void eros_upload_clear (ErosUpload *upload);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ErosUpload, eros_upload_clear)

/* TRUE when everything has arrived; otherwise the call has been answered: with an error, or with what comes
 * next. */
gboolean eros_upload_receive (ErosCall *call, ErosUploads *uploads, ErosUpload *upload);

G_END_DECLS
