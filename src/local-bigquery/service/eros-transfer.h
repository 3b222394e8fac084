/* eros-transfer.h: what the handlers of Data Transfer share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-call.h"
#include "eros-store-document.h"

G_BEGIN_DECLS

/* (nullable) the configuration that the path names; otherwise the call has failed */
ErosStoreDocument *eros_transfer_find (ErosCall *call);
void               eros_transfer_reply_empty (ErosCall *call);

G_END_DECLS
