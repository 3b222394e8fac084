/* eros-outcome.h: how the result of a machine's check looks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

const char *eros_outcome_get_name (ErosOutcome outcome);
void        eros_outcome_show (ErosOutcome outcome, GtkImage *image);

G_END_DECLS
