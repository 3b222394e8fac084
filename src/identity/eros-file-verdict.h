/* eros-file-verdict.h: what is to be believed of a report or a journal that somebody hands over
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-report-verify.h"
#include "eros-witness.h"

G_BEGIN_DECLS

typedef struct
{
  char    *name; /* as it was given */
  GFile   *file;
  gboolean good;
  char    *problem; /* (nullable): why it is not, or why nothing could be said */
  /* A journal’s … */
  gboolean       is_journal;
  guint64        n_events;
  char          *head;
  char         **beside;    /* what lies beside it */
  ErosWitnessed *witnessed; /* (nullable) */
  gboolean       is_sealed; /* a report that is signed holds its beginning */
  /* … or a report’s. */
  GPtrArray *signatures;      /* (nullable): of ErosReportSignature */
  gboolean   is_foreign;      /* it is none of this program */
  char      *journal;         /* (nullable): with which it was compared */
  gboolean   comes_out_again; /* of the record that it carries */
  guint      n_carried;
  GPtrArray *boxes; /* (nullable): of ErosPdfBox: where it can be signed, or is; of a good one */
  GPtrArray *after; /* (nullable): of ErosEvent: what the journal has gone on with */
} ErosFileVerdict;

/* By how it begins. */
gboolean eros_file_verdict_is_pdf (GFile *file);

/* Reads all of FILE, which waits for the disk. TRUST: (nullable). */
ErosFileVerdict *eros_file_verdict_new (const char      *name,
                                        GFile           *file,
                                        const ErosTrust *trust,
                                        GCancellable    *cancellable);
void             eros_file_verdict_free (ErosFileVerdict *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosFileVerdict, eros_file_verdict_free)
/* Whether the journals among VERDICTS still hold what the reports among them carry. */
void eros_file_verdict_compare (GPtrArray *verdicts);

/* Both in a worker thread: the verdict of each of FILES (of GFile), compared, TRUSTED (nullable; of char *: paths of
 * certificates) being trusted. Neither array may change any more. */
void       eros_file_verdict_list_async (GPtrArray          *files,
                                         GPtrArray          *trusted,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
GPtrArray *eros_file_verdict_list_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "whole", "sealed" or "witnessed": of a journal that is good. */
const char *eros_file_verdict_get_grade (const ErosFileVerdict *self);

typedef enum
{
  EROS_VERDICT_PLAIN,
  EROS_VERDICT_GOOD,
  EROS_VERDICT_DOUBTFUL,
  EROS_VERDICT_BAD,
} ErosVerdictMark;

/* A line for people: "  covers the whole file". */
typedef struct
{
  ErosVerdictMark mark;
  guint           depth;
  char           *text; /* one line, in which everything shows */
} ErosVerdictLine;

/* (transfer full): with its mark: "✔ signed by …" */
char *eros_verdict_line_to_text (const ErosVerdictLine *self);

/* (transfer full): of ErosVerdictLine */
GPtrArray *eros_file_verdict_describe (const ErosFileVerdict *self);
GPtrArray *eros_file_verdict_describe_signatures (GPtrArray *signatures);

G_END_DECLS
