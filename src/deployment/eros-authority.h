/* eros-authority.h: who may order an operation, as it was agreed beforehand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* (nullable) (transfer none): the name that was entered; NULL: the runbook asks for none, or nobody has been named */
const char *eros_authority_get_designated (ErosDeployment *deployment, const char *operation);
/* (nullable) (transfer full): a sentence, when the name is not the one that was entered. */
char *eros_authority_describe_deviation (ErosDeployment *deployment, const char *operation, const char *name);
/* (nullable) (transfer full): that somebody else has signed ITEM than who was expected to */
char *eros_authority_describe_signer (ErosDeployment *deployment, ErosItem *item);

G_END_DECLS
