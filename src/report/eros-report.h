/* eros-report.h: the record of one deployment on paper: laid out, signed, verified
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <cairo.h>
#include "eros-deployment.h"
#include "eros-signer.h"

G_BEGIN_DECLS

#define EROS_REPORT_ERROR (eros_report_error_quark ())
typedef enum
{
  EROS_REPORT_ERROR_FAILED,    /* could not be laid out or written */
  EROS_REPORT_ERROR_NOT_A_PDF, /* or one that we do not read */
  EROS_REPORT_ERROR_NOT_SIGNED,
  EROS_REPORT_ERROR_BAD_SIGNATURE, /* message says which signature and why */
  EROS_REPORT_ERROR_NO_RECORD,     /* it does not carry its deployment's events */
  EROS_REPORT_ERROR_OTHER_RECORD,  /* they are not those of the journal; message says from where on */
} ErosReportError;
GQuark eros_report_error_quark (void);

/* The laid out pages: what the window shows is what is exported. Immutable; draw from one thread at a time. */
#define EROS_TYPE_REPORT_DOCUMENT (eros_report_document_get_type ())
G_DECLARE_FINAL_TYPE (ErosReportDocument, eros_report_document, EROS, REPORT_DOCUMENT, GObject)

/* The deployment's state is copied before this returns; the layout happens in a worker thread. */
void                eros_report_document_new_async (ErosDeployment     *deployment,
                                                    GCancellable       *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer            user_data);
ErosReportDocument *eros_report_document_new_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint               eros_report_document_get_n_pages (ErosReportDocument *self);
void                eros_report_document_get_page_size (ErosReportDocument *self,
                                                        double             *width, /* in points, 1/72 inch */
                                                        double             *height);
void                eros_report_document_draw_page (ErosReportDocument *self, cairo_t *cr, guint page); /* from 0 */

/* Writes the PDF with journal and runbook attached, and signs it when there is a signer (NULL: unsigned). output is
 * replaced as a whole, or left as it was. A report can be written at any time: it says how far the deployment is. */
void     eros_report_write_async (ErosDeployment     *deployment,
                                  GFile              *output,
                                  ErosSigner         *signer,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
gboolean eros_report_write_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One valid signature of a report. */
typedef struct
{
  char    *name;         /* of the certificate */
  char    *time;         /* "2025-10-31T14:30:00Z", as the signer claims */
  char    *reason;       /* (nullable) */
  char    *fingerprint;  /* SHA-256 of the certificate, lower-case hex */
  gboolean certifies;    /* the first one, which says what may be changed afterwards */
  gboolean is_self_made; /* nobody but its own key has signed the certificate: valid, identity not vouched for */
} ErosReportSignature;
void eros_report_signature_free (ErosReportSignature *signature);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosReportSignature, eros_report_signature_free)

/* Checks every signature of a PDF, strictly, and that the last one covers the whole file.
 * Returns: (transfer full): of ErosReportSignature, oldest first; or NULL with EROS_REPORT_ERROR and the reason. */
GPtrArray *eros_report_verify (GFile *file, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void       eros_report_verify_async (GFile              *file,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
GPtrArray *eros_report_verify_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
