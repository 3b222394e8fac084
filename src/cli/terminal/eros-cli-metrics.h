/* eros-cli-metrics.h: how a deployment does, as numbers in Prometheus' exposition format
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* Replaces PATH by a new file, whole. PROBLEMS: (element-type ErosProblem): what is wrong with it. */
gboolean eros_cli_metrics_write (ErosDeployment *deployment, GPtrArray *problems, const char *path, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
