/* eros-dsse.h: a signed envelope around a statement for other programs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

#include "eros-signer.h"

G_BEGIN_DECLS

/* (transfer full): the envelope of https://github.com/secure-systems-lab/dsse around PAYLOAD, which is of TYPE */
JsonNode *eros_dsse_sign (ErosSigner *signer, const char *type, const char *payload, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
