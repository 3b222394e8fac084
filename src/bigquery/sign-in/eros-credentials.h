/* eros-credentials.h: a connection's tokens, fetched when they are needed and shared by all who need them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-connection.h"
#include "eros-grant.h"

G_BEGIN_DECLS

#define EROS_TYPE_CREDENTIALS (eros_credentials_get_type ())
G_DECLARE_FINAL_TYPE (ErosCredentials, eros_credentials, EROS, CREDENTIALS, GObject)

/* Those of a connection: (transfer none). Another sign-in or name makes other ones. */
ErosCredentials *eros_credentials_get (ErosConnection *connection);
/* Drops what is in memory; the next call asks the keyring again. */
void eros_credentials_forget (ErosConnection *connection);

/* A token that is good for some minutes at least. Many callers at a time wait for one request. */
void eros_credentials_get_token_async (ErosCredentials    *self,
                                       const char         *scope,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
/* quota_project: (out) (optional) (transfer full) (nullable). Returns: (transfer full), eros_secret_free () */
char *eros_credentials_get_token_finish (ErosCredentials *self,
                                         GAsyncResult    *result,
                                         char           **quota_project,
                                         GError         **error) G_GNUC_WARN_UNUSED_RESULT;
/* The server has not accepted it: the next caller gets another one. */
void eros_credentials_reject (ErosCredentials *self, const char *token);

/* What the tokens are got with. */
void       eros_credentials_get_grant_async (ErosCredentials    *self,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
ErosGrant *eros_credentials_get_grant_finish (ErosCredentials *self,
                                              GAsyncResult    *result,
                                              GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
