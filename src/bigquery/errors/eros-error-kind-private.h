/* eros-error-kind-private.h: what an answer that says no means, and what to do about it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query-error.h"

G_BEGIN_DECLS

/* The reason that stands for an answer that is a web page: nobody of the service has spoken. */
#define EROS_REASON_PAGE "text/html"

typedef enum
{
  AGAIN_NEVER,
  AGAIN_REQUEST, /* it passes: the same request may be sent again */
  AGAIN_WORK,    /* the job has failed through no fault of its own: another one may succeed */
} ErosErrorAgain;

typedef struct
{
  ErosBigQueryError code;
  ErosErrorAgain    again;
  ErosBigQueryCause cause;
  const char       *advice; /* for people; untranslated */
} ErosErrorKind;

ErosErrorKind eros_error_kind_of (guint status, const char *reason, const char *message);
gboolean      eros_error_kind_knows (const char *reason);
const char   *eros_error_kind_role (const char *message); /* (nullable) */

G_END_DECLS
