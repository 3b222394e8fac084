/* eros-trust.h: certificates that somebody has said they trust, and what they vouch for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ErosTrust ErosTrust;

ErosTrust *eros_trust_new (void);
void       eros_trust_free (ErosTrust *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosTrust, eros_trust_free)

/* A file with certificates, of authorities or of signers themselves, in PEM or one in DER. */
gboolean eros_trust_add_file (ErosTrust *self, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
