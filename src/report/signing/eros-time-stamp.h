/* eros-time-stamp.h: time stamps of an authority (RFC 3161)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-trust.h"

G_BEGIN_DECLS

/* What a time stamp says that is right. */
typedef struct
{
  gint64   time;        /* seconds since 1970 */
  char    *authority;   /* name of its certificate */
  char    *fingerprint; /* SHA-256 of that certificate, lower-case hex */
  gboolean is_trusted;  /* somebody who is trusted vouches for it */
} ErosTimeStamp;
void eros_time_stamp_free (ErosTimeStamp *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosTimeStamp, eros_time_stamp_free)

/* The authority that is configured: EROS_TIME_AUTHORITY in the environment. (nullable) */
const char *eros_time_stamp_get_authority (void);
/* Asks the authority at URL for a stamp on what has the SHA-256 DIGEST (32 bytes). Waits: in a worker thread. Returns
 * (transfer full): the token, in DER. */
GBytes *eros_time_stamp_fetch (const char *url, const guint8 *digest, GCancellable *cancellable, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Whether a token is a right stamp on what has the DIGEST. TRUST: (nullable). */
ErosTimeStamp *eros_time_stamp_check (GBytes *token, const guint8 *digest, const ErosTrust *trust, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
