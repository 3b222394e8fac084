/* eros-pdf-update.h: appends a revision to a PDF; never touches what is there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-pdf-file.h"

G_BEGIN_DECLS

typedef struct _ErosPdfUpdate ErosPdfUpdate;

ErosPdfUpdate *eros_pdf_update_new (ErosPdfFile *file);
void           eros_pdf_update_free (ErosPdfUpdate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosPdfUpdate, eros_pdf_update_free)

/* A number for a new object. */
gint64 eros_pdf_update_number (ErosPdfUpdate *self);
/* Writes an object, new or in place of an old one. Returns the offset of BODY in the file. */
gsize eros_pdf_update_add (ErosPdfUpdate *self, gint64 number, const char *body);
/* Writes a stream that zlib has packed. MEMBERS: of its dictionary, without filter and length. */
void eros_pdf_update_add_stream (ErosPdfUpdate *self, gint64 number, const char *members, GBytes *packed);
/* Writes a stream as it is. HEAD: its dictionary without length and end. */
void eros_pdf_update_add_raw (ErosPdfUpdate *self, gint64 number, const char *head, const char *stream, gsize length);
/* The new trailer's members come from the last one; frees nothing. Returns (transfer full): the whole file. */
GByteArray *eros_pdf_update_finish (ErosPdfUpdate *self);

G_END_DECLS
