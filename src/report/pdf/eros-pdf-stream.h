/* eros-pdf-stream.h: the bytes of a stream, unpacked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-pdf-object.h"

G_BEGIN_DECLS

/* The bytes of the stream whose dictionary ends at *position, as they stand there; *position is moved behind
 * "endstream". N: its /Length; -1 when nobody knows: an error. */
const char *eros_pdf_stream_find (const char *data,
                                  gsize       length,
                                  gsize      *position,
                                  gint64      n,
                                  gsize      *found_length,
                                  GError    **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the stream whose dictionary ends at *position, which is moved behind "endstream". Knows no filter but
 * FlateDecode. */
GBytes *eros_pdf_stream_read (const char          *data,
                              gsize                length,
                              gsize               *position,
                              const ErosPdfObject *dictionary,
                              gint64               n, /* its /Length; -1 when nobody knows: an error */
                              GError             **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
