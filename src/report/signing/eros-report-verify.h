/* eros-report-verify.h: whether a report is what was signed, and nothing else
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-report-error.h"
#include "eros-trust.h"

G_BEGIN_DECLS

/* One valid signature of a report. */
typedef struct
{
  char    *name;        /* of the certificate */
  char    *time;        /* "2025-10-31T14:30:00Z", as the signer claims */
  char    *reason;      /* (nullable) */
  char    *box;         /* (nullable): name of the box in which it stands */
  char    *title;       /* (nullable): of that box: whose signature it was for */
  char    *fingerprint; /* SHA-256 of the certificate, lower-case hex */
  char    *issuer;      /* name of who issued the certificate, as it says */
  char    *vouched_by;  /* (nullable): name of the trusted certificate that vouches for it, which may be its own */
  char    *vouched_fingerprint; /* (nullable) of that one */
  char    *stamped;             /* (nullable): "2025-10-31T14:30:00Z", as a time authority says */
  char    *authority;           /* (nullable): its name */
  gboolean authority_is_trusted;
  guint    revision, n_revisions; /* it covers the first REVISION of the file's N_REVISIONS */
  gboolean certifies;             /* the first one, which says what may be changed afterwards */
  gboolean is_self_made; /* nobody but its own key has signed the certificate: valid, identity not vouched for */
  /* Of a PDF that is no report of this program: */
  char    *problem;    /* (nullable): why it is not valid, or not judged */
  gboolean is_changed; /* after it was made, something other than a signature */
} ErosReportSignature;
void eros_report_signature_free (ErosReportSignature *signature);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosReportSignature, eros_report_signature_free)

/* Checks every signature of a PDF, strictly, and that the last one covers the whole file. TRUST: (nullable).
 * Returns: (transfer full): of ErosReportSignature, oldest first; or NULL with EROS_REPORT_ERROR and the reason. */
GPtrArray *eros_report_verify (GFile *file, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *eros_report_verify_with (GFile *file, const ErosTrust *trust, GCancellable *cancellable, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* The same of a PDF that another program has made: each signature by itself, with what is wrong with it.
 * Returns: (transfer full): of ErosReportSignature; or NULL with EROS_REPORT_ERROR: it is not signed, or not read here.
 */
GPtrArray *eros_report_explain (GFile *file, const ErosTrust *trust, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The bytes of a file that is not too large for a report. */
GBytes *eros_report_load (GFile *file, GCancellable *cancellable, GError **error);

G_END_DECLS
