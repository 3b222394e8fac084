/* eros-service.h: the local BigQuery over HTTP
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "eros-engine.h"

G_BEGIN_DECLS

typedef struct _ErosService ErosService;

/* Serves on 127.0.0.1 only, in the thread-default main context of the caller. */
ErosService *eros_service_new (ErosEngine *engine, const char *project, guint port, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void eros_service_set_user (ErosService *service, const char *email);
void eros_service_free (ErosService *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosService, eros_service_free)

const char *eros_service_get_url (ErosService *service);

/* Makes a service account and writes its key file; from now on every call needs a token. */
gboolean eros_service_issue_key (ErosService *service, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
