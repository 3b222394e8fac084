/* eros-transfer.h: scheduled queries, which the Data Transfer service runs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"

G_BEGIN_DECLS

typedef struct
{
  char    *name;        /* the service's: "projects/P/locations/L/transferConfigs/ID" */
  char    *title;       /* for people */
  char    *schedule;    /* (nullable): "every 15 minutes" */
  char    *query;       /* (nullable) */
  char    *next_run;    /* (nullable): RFC 3339 */
  char    *state;       /* (nullable): of its last run: "SUCCEEDED", "FAILED" … */
  char    *owner;       /* (nullable): e-mail, or the number of the account */
  char    *destination; /* (nullable): a data set */
  gboolean paused;
} ErosSchedule;
void eros_schedule_free (ErosSchedule *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosSchedule, eros_schedule_free)

/* Those of the connection's project and location; all pages. Returns: (element-type ErosSchedule) (transfer full) */
void eros_transfer_list_async (ErosBigQuery       *big_query,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);
/* And those of the project's other locations. */
void       eros_transfer_list_everywhere_async (ErosBigQuery       *big_query,
                                                GCancellable       *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer            user_data);
GPtrArray *eros_transfer_list_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Doing it twice is doing it once. */
void     eros_transfer_pause_async (ErosHttp           *http,
                                    const char         *name,
                                    gboolean            paused,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
gboolean eros_transfer_pause_finish (GAsyncResult *result, GError **error);

G_END_DECLS
