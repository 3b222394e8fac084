/* eros-secret.h: texts that nobody else may see
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* From here on this process leaves no core dump, in which a secret would lie on disk. */
void eros_secret_protect (void);
/* Overwritten before it is freed; NULL is fine. */
void eros_secret_free (char *secret);
/* n random bytes as base64url without padding, for states and verifiers: (transfer full) */
char *eros_secret_random (guint n_bytes);
/* (transfer full) */
char *eros_secret_encode (const guchar *bytes, gsize length);

G_END_DECLS
