/* eros-attestation.h: what was deployed, as a statement that other programs read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_ATTESTATION_TYPE      "application/vnd.in-toto+json"
#define EROS_ATTESTATION_PREDICATE "https://eros-platform.example/deploy/attestation/v1"

/* An in-toto statement about the deployment as it is now (docs/report.md). (transfer full): its text */
char *eros_attestation_make (ErosDeployment *deployment, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
