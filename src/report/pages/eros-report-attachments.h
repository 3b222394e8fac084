/* eros-report-attachments.h: what rides inside a report, packed, with its digests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-report-state.h"

G_BEGIN_DECLS

typedef struct
{
  char       *name;         /* "journal.jsonl" */
  char       *description;  /* for people */
  const char *type;         /* "application/json" */
  const char *relationship; /* how it belongs to the document: "Data", "Source" */
  GBytes     *packed;       /* by zlib */
  gsize       size;         /* before */
  char       *sha256, *md5; /* of what it was before */
} ErosReportAttachment;

/* By name. (transfer full) (element-type ErosReportAttachment) */
GPtrArray *eros_report_pack_attachments (ErosReportState *state,
                                         GCancellable    *cancellable,
                                         GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
