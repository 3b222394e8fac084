/* eros-message.h: the messages of a runbook: when each is to be sent, to whom, and whether it was
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* All times in microseconds since 1970; 0: there is none. */
typedef struct
{
  ErosElement *element; /* a template */
  gint64       due;     /* from when on it is to be sent; 0: what it waits for has not happened, or is over */
  gint64       sent;    /* the last time */
  const char  *to;      /* (nullable): to whom */
  gboolean     is_due;  /* and was not sent since */
} ErosMessage;

/* (transfer full) (element-type ErosMessage): all of the runbook, in its order */
GPtrArray *eros_message_list (ErosDeployment *deployment, gint64 now);
/* The addresses that are filled in, of those whom the runbook names for it, or of all contacts. (transfer full):
 * "a@example.com, b@example.com" */
char *eros_message_list_recipients (ErosDeployment *deployment, ErosElement *element);
/* What opens an e-mail program with it. (transfer full) */
char *eros_message_make_uri (const char *recipients, const char *subject, const char *text);

G_END_DECLS
