/* eros-connection.h: where BigQuery is and how to get in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  EROS_SIGN_IN_NONE, /* loopback only */
  EROS_SIGN_IN_SERVICE_ACCOUNT,
  EROS_SIGN_IN_GOOGLE_ACCOUNT,
  EROS_SIGN_IN_APPLICATION_DEFAULT,
} ErosSignIn;
GType eros_sign_in_get_type (void);
#define EROS_TYPE_SIGN_IN (eros_sign_in_get_type ())

/* Properties, all writable and notified: name, environment ("rehearsal", "staging", "production"), endpoint
 * (NULL: Google's), project, dataset, location (empty: the data set's, which is asked), bucket, sign-in,
 * budget-bytes (maximum a query may bill; 0: no limit), cents-per-tib (what a TiB billed costs, in US cents;
 * 625, the list price on demand), timeout-ms (of a job; 60,000 unless a step says otherwise), patience-ms
 * (how long the network may be silent before a request counts as lost, and the longest pause before it is
 * sent again; 30,000). Readable and notified: offline (its last request found no server and waits for one).
 */
#define EROS_TYPE_CONNECTION (eros_connection_get_type ())
G_DECLARE_FINAL_TYPE (ErosConnection, eros_connection, EROS, CONNECTION, GObject)

ErosConnection *eros_connection_new (void);
const char     *eros_connection_get_name (ErosConnection *self);
const char     *eros_connection_get_environment (ErosConnection *self);
const char     *eros_connection_get_endpoint (ErosConnection *self);
const char     *eros_connection_get_project (ErosConnection *self);
const char     *eros_connection_get_dataset (ErosConnection *self);
const char     *eros_connection_get_location (ErosConnection *self); /* (nullable): not known yet */
const char     *eros_connection_get_bucket (ErosConnection *self);
ErosSignIn      eros_connection_get_sign_in (ErosConnection *self);
gint64          eros_connection_get_budget_bytes (ErosConnection *self);
/* What a TiB billed costs, in US dollars: "6.25". (transfer full) */
char    *eros_connection_dup_price_per_tib (ErosConnection *self);
double   eros_connection_get_cost (ErosConnection *self, gint64 bytes); /* in US dollars */
gint64   eros_connection_get_timeout_ms (ErosConnection *self);
gint64   eros_connection_get_patience_ms (ErosConnection *self);
gboolean eros_connection_get_offline (ErosConnection *self);
/* How long the last request took until its answer began, in microseconds; 0: none was answered yet. */
gint64 eros_connection_get_latency (ErosConnection *self);
/* (nullable): a sentence while a request that has failed waits to be sent again: why, how often, until when.
 * Notified as the property “waiting”. */
const char *eros_connection_get_waiting (ErosConnection *self);
/* Whether every part is well-formed (identifiers, bucket name, endpoint); the error says which one is not and
 * why. */
gboolean eros_connection_validate (ErosConnection *self, GError **error);

G_END_DECLS
