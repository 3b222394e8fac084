/* eros-backup-store-private.h: what the files of this room share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-backup-store.h"

G_BEGIN_DECLS

struct _ErosBackupStore
{
  GObject parent_instance;

  ErosDeployment *deployment;
  ErosBigQuery   *big_query;
  ErosConnection *connection; /* the client's */
};

G_END_DECLS
