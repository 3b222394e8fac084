/* eros-destination.h: the table that a load, a query or a copy writes to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "eros-jobs.h"
#include "eros-store.h"

G_BEGIN_DECLS

typedef struct
{
  ErosJob    *job;
  JsonObject *configuration; /* of the job's kind: dispositions, layout, schema update options */
  const char *disposition;   /* WRITE_EMPTY, WRITE_APPEND, WRITE_TRUNCATE */
  char       *project;
  char       *dataset;
  char       *name;
  char       *partition; /* NULL: the whole table */
} ErosDestination;

gboolean eros_destination_init (ErosDestination *destination,
                                ErosJob         *job,
                                JsonObject      *configuration,
                                const char      *disposition,
                                GError         **error) G_GNUC_WARN_UNUSED_RESULT;
void     eros_destination_clear (ErosDestination *destination);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ErosDestination, eros_destination_clear)

/* (nullable) the table as it is, without an error when there is none */
ErosStoreTable *eros_destination_find (ErosDestination *destination, ErosStoreConnection *connection);
ErosStoreTable *eros_destination_open (ErosDestination     *destination,
                                       ErosStoreConnection *connection,
                                       GPtrArray           *columns,
                                       GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean        eros_destination_close (ErosDestination     *destination,
                                        ErosStoreConnection *connection,
                                        ErosStoreTable      *table,
                                        GError             **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
