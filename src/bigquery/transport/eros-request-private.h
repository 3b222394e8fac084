/* eros-request-private.h: what the transport reads of a request
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libsoup/soup.h>

#include "eros-http.h"

G_BEGIN_DECLS

struct _ErosRequest
{
  GObject parent_instance;

  ErosService         service;
  char               *method;
  GString            *target; /* path and query */
  gboolean            has_query;
  GBytes             *body;
  char               *content_type;
  SoupMessageHeaders *headers;
  gboolean            once;
  gboolean            lasting;
  gboolean            heard;
  gboolean            raw;
  gboolean            anonymous;
  guint               welcome;
  ErosHttpSink        sink;
  void (*reset) (gpointer);
  gpointer      sink_data;
  ErosHttpRetry retry;
  gpointer      retry_data;
  SoupMessage  *answered; /* (nullable) */
};

G_END_DECLS
