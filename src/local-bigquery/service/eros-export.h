/* eros-export.h: rows as text in a bucket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-jobs.h"

G_BEGIN_DECLS

typedef struct
{
  ErosStore *store;
  GPtrArray *columns; /* of ErosStoreColumn */
  gboolean   csv;
  gboolean   gzip;
  gboolean   header;
  char       delimiter;
  char      *bucket;
  char      *name; /* with one `*`, or none */
  GString   *text;
  guint      n_files;
  gint64     n_rows;
} ErosExport;

gboolean eros_export_init (ErosExport *self, ErosJob *job, JsonObject *configuration, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_export_begin (ErosExport *self, GPtrArray *columns, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_export_row (ErosExport *self, const ErosSqlValue *values, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_export_end (ErosExport *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void     eros_export_clear (ErosExport *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ErosExport, eros_export_clear)

G_END_DECLS
