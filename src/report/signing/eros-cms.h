/* eros-cms.h: the signature itself: CMS as PAdES baseline B wants it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-signer-private.h"

G_BEGIN_DECLS

/* Signs CONTENT, detached. Returns DER. */
GBytes *eros_cms_sign (ErosSigner *signer, GBytes *content, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Checks a signature, which may be followed by zero bytes, over CONTENT.
 * Returns (transfer full): the certificate of who signed; NULL with EROS_REPORT_ERROR_BAD_SIGNATURE. */
X509 *eros_cms_verify (GBytes *signature, GBytes *content, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
