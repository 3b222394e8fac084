/* eros-json-private.h: the scanner that all JSON code shares
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-json.h"

G_BEGIN_DECLS

typedef struct
{
  const char *next;
  const char *end;
  guint       depth;
  const char *problem; /* the first one */
} ErosJsonScanner;

void     eros_json_skip_space (ErosJsonScanner *scanner);
gboolean eros_json_accept (ErosJsonScanner *scanner, char c);
gboolean eros_json_scan_string (ErosJsonScanner *scanner, ErosJsonText *string);
gboolean eros_json_scan_value (ErosJsonScanner *scanner, ErosJsonText *value);

G_END_DECLS
