/* eros-environment.h: what other people's tools need to be told to work with this server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Variables, and the configuration files that some of them name. */
typedef struct _ErosEnvironment ErosEnvironment;

ErosEnvironment *eros_environment_new (const char *url, const char *project, const char *key_file, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void eros_environment_free (ErosEnvironment *environment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosEnvironment, eros_environment_free)

GStrv eros_environment_apply (ErosEnvironment *environment, GStrv variables) G_GNUC_WARN_UNUSED_RESULT;
char *eros_environment_to_shell (ErosEnvironment *environment) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
