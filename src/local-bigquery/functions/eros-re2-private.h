/* eros-re2-private.h: RE2 from C
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

#ifdef __cplusplus
extern "C"
{
#endif

#define EROS_RE2_MAX_GROUPS 10 /* \0 … \9 in a rewrite */

  typedef struct _ErosRe2 ErosRe2;

  ErosRe2 *eros_re2_new (const char *pattern, gsize size, gboolean bytes, char **problem);
  void     eros_re2_free (ErosRe2 *self);
  int      eros_re2_get_n_groups (const ErosRe2 *self);

  /* Where the first match at or after @from is: @offsets gets two numbers for the match and for each of @n_groups - 1
   * groups, -1 for a group that took no part. */
  gboolean eros_re2_match (const ErosRe2 *self,
                           const char    *text,
                           gsize          size,
                           gsize          from,
                           gssize        *offsets,
                           int            n_groups);
  gboolean eros_re2_check_rewrite (const ErosRe2 *self, const char *rewrite, gsize size, char **problem);

#ifdef __cplusplus
}
#endif
