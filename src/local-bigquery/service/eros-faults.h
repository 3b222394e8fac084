/* eros-faults.h: faults on demand, and the record of what arrived
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "eros-json-writer.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_FAULT_NONE,
  EROS_FAULT_STATUS,
  EROS_FAULT_RESET,
  EROS_FAULT_TRUNCATE,
  EROS_FAULT_DELAY,
  EROS_FAULT_HANG,
  EROS_FAULT_DROP_RESPONSE,
  EROS_FAULT_EXPIRE_TOKEN,
} ErosFaultKind;

typedef struct
{
  ErosFaultKind kind;
  guint         number; /* the status, or milliseconds */
  char          reason[64];
} ErosFault;

typedef struct _ErosFaults ErosFaults;

ErosFaults *eros_faults_new (void);
void        eros_faults_free (ErosFaults *faults);
gboolean    eros_faults_add (ErosFaults *faults, JsonObject *description, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void        eros_faults_clear (ErosFaults *faults);

/* Which fault @method and @path meet now; counts it as met. */
ErosFault eros_faults_meet (ErosFaults *faults, const char *method, const char *path);

/* The record; returns a number by which the rest can be told later. */
gint64 eros_faults_record (ErosFaults *faults, const char *method, const char *path, const char *query);
void   eros_faults_record_end (ErosFaults *faults, gint64 number, guint status, const char *job_id);
void   eros_faults_write_requests (ErosFaults *faults, gint64 since, ErosJsonWriter *writer);

G_END_DECLS
