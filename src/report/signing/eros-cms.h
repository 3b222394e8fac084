/* eros-cms.h: the signature itself: CMS as PAdES baseline B wants it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-signer-private.h"

G_BEGIN_DECLS

/* Signs CONTENT, detached. Returns DER. */
GBytes *eros_cms_sign (ErosSigner *signer, GBytes *content, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same signature with a stamp of the time authority at URL. Waits for it. */
GBytes *eros_cms_stamp (GBytes *signature, const char *url, GCancellable *cancellable, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* A signature that is right. */
typedef struct
{
  X509 *certificate;       /* of who signed */
  STACK_OF (X509) * chain; /* what came along, that one too */
  GBytes *stamp;           /* (nullable): a time stamp's token, on VALUE; not checked */
  guint8  value[32];       /* SHA-256 of the signature's value */
} ErosCms;
void eros_cms_free (ErosCms *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosCms, eros_cms_free)

typedef enum
{
  EROS_CMS_PADES, /* as this program makes them: ETSI EN 319 142-1 */
  EROS_CMS_ANY,   /* as others do: adbe.pkcs7.detached */
} ErosCmsForm;
/* Checks a signature, which may be followed by zero bytes, over CONTENT. Returns (transfer full); NULL with
 * EROS_REPORT_ERROR_BAD_SIGNATURE. */
ErosCms *eros_cms_verify (GBytes *signature, GBytes *content, ErosCmsForm form, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
