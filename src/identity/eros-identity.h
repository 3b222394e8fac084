/* eros-identity.h: the key with which a person signs reports, from one report to the next
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"
#include "eros-signer.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_IDENTITY_KEPT,     /* there is one, and it can sign */
  EROS_IDENTITY_NONE,     /* the keyring was asked, and has none */
  EROS_IDENTITY_UNUSABLE, /* it has one that cannot sign any more */
  EROS_IDENTITY_UNKNOWN,  /* it is there, and could not be asked */
  EROS_IDENTITY_NO_KEYRING,
} ErosIdentityState;

/* Whose key signs what ACTOR does: "Ada" of "Ada <ada@example.com>". (transfer full) */
char *eros_identity_get_person (const char *actor);

void eros_identity_find_async (const char         *person,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);
/* *SIGNER: (out) (transfer full) (nullable): only when there is one that can sign. *WHY: (out) (transfer full)
 * (nullable): why there is not, as a sentence. ERROR is set only when it was cancelled. */
gboolean eros_identity_find_finish (GAsyncResult      *result,
                                    ErosIdentityState *state,
                                    ErosSigner       **signer,
                                    char             **why,
                                    GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes a key and its certificate. KEEP: in the keyring, in place of what was there, or not at all. */
void        eros_identity_make_async (const char         *person,
                                      gboolean            keep,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
ErosSigner *eros_identity_make_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The fingerprint of the certificate that the journal says this person signs with. (nullable) (transfer none) */
const char *eros_identity_get_recorded (ErosDeployment *deployment, const char *person);
/* Whether signing with it has to go on record first: the person's first key, or another than before. One that is not
 * KEPT is nobody's identity, unless it stands in for one. */
gboolean eros_identity_is_new (ErosDeployment *deployment, const char *person, ErosSigner *signer, gboolean kept);
gboolean eros_identity_record (ErosDeployment *deployment, const char *person, ErosSigner *signer, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
