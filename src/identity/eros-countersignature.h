/* eros-countersignature.h: sign-offs behind which a certificate stands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* A valid signature in a report that was signed elsewhere. */
typedef struct
{
  const char *element;     /* id of the sign-off that it is for */
  const char *name;        /* of the certificate */
  const char *fingerprint; /* SHA-256 of the certificate, lower-case hex */
  const char *time;        /* "2025-10-31T14:30:00Z" */
  gboolean    is_self_made;
  const char *report; /* SHA-256 of the file */
} ErosCountersignature;

gboolean eros_identity_is_taken (ErosDeployment *deployment, const ErosCountersignature *signature);
/* Signs the sign-off in the signer's name, unless they have signed it already, and puts the certificate on record.
 * REASON: why a success all the same; "". */
gboolean eros_identity_take (ErosDeployment             *deployment,
                             const ErosCountersignature *signature,
                             const char                 *reason,
                             GError                    **error) G_GNUC_WARN_UNUSED_RESULT;
/* The fingerprint of the certificate that stands behind a signature that holds; NULL: it is by name only.
 * (transfer none) (nullable) */
const char *eros_identity_get_certificate (ErosDeployment *deployment, const char *element);

G_END_DECLS
