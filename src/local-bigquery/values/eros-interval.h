/* eros-interval.h: INTERVAL
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EROS_INTERVAL_SIZE 16

typedef struct
{
  gint64 months;
  gint64 days;
  gint64 micros;
} ErosInterval;

gboolean eros_interval_is_valid (const ErosInterval *interval);
gboolean eros_interval_load (const char *data, gsize size, ErosInterval *interval);
void     eros_interval_store (const ErosInterval *interval, char *data);
gboolean eros_interval_parse (const char *text, gsize size, ErosInterval *interval);
void     eros_interval_append (const ErosInterval *interval, GString *text);

G_END_DECLS
