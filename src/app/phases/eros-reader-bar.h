/* eros-reader-bar.h: who writes a deployment that can only be read here
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_TYPE_READER_BAR (eros_reader_bar_get_type ())
G_DECLARE_FINAL_TYPE (ErosReaderBar, eros_reader_bar, EROS, READER_BAR, AdwBin)

void eros_reader_bar_set_deployment (ErosReaderBar *self, ErosDeployment *deployment);

G_END_DECLS
