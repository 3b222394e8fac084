/* eros-pdf-file.h: a PDF and its revisions, found through its cross-reference sections only
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-pdf-object.h"

G_BEGIN_DECLS

/* A line of a cross-reference section. */
typedef struct
{
  gint64 number;
  int    kind; /* 0: free, 1: at OFFSET, 2: the GENERATIONth object of the stream OFFSET */
  gint64 offset;
  gint64 generation;
} ErosPdfEntry;

typedef struct
{
  gsize          start;     /* first byte that this revision has added */
  gsize          xref;      /* offset of its cross-reference section */
  gsize          end;       /* behind its %%EOF and the end of that line */
  gboolean       is_stream; /* the section is a stream */
  ErosPdfObject *trailer;
  GArray        *entries; /* of ErosPdfEntry, by number */
} ErosPdfRevision;

typedef struct _ErosPdfFile ErosPdfFile;

ErosPdfFile *eros_pdf_file_new (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void         eros_pdf_file_free (ErosPdfFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosPdfFile, eros_pdf_file_free)

GBytes                *eros_pdf_file_get_bytes (ErosPdfFile *self);
guint                  eros_pdf_file_n_revisions (ErosPdfFile *self);
const ErosPdfRevision *eros_pdf_file_get_revision (ErosPdfFile *self, guint revision); /* from 0, the oldest */
gint64                 eros_pdf_file_get_size (ErosPdfFile *self); /* one more than the highest object number */
/* The revision in which the object last changed, looking from REVISION back; -1 when there is no such object. */
int eros_pdf_file_changed_in (ErosPdfFile *self, guint revision, gint64 number);
/* Whether the object stands in the file as it is, not inside a stream. */
gboolean eros_pdf_file_is_plain (ErosPdfFile *self, guint revision, gint64 number);

/* Whether every byte of the revisions from SINCE on belongs to something that is listed. */
gboolean eros_pdf_file_account (ErosPdfFile *self, guint since, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The object as of REVISION; of a stream its dictionary. */
ErosPdfObject *eros_pdf_file_load (ErosPdfFile *self, guint revision, gint64 number, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* What a reference refers to, or a copy of any other value; NULL with an error for NULL. */
ErosPdfObject *eros_pdf_file_follow (ErosPdfFile *self, guint revision, const ErosPdfObject *value, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
