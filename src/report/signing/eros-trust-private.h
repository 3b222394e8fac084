/* eros-trust-private.h: whether a certificate is vouched for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <openssl/x509.h>

#include "eros-trust.h"

G_BEGIN_DECLS

/* The trusted certificate that vouches for CERTIFICATE at the time AT (seconds since 1970), which may be itself; NULL:
 * none does. CHAIN: (nullable): certificates that came along. (transfer full) */
X509 *eros_trust_find (const ErosTrust *self, X509 *certificate, STACK_OF (X509) * chain, gint64 at);

G_END_DECLS
