/* eros-re2.cc: RE2 from C
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-re2-private.h"

#include <re2/re2.h>

struct _ErosRe2
{
  re2::RE2 expression;

  _ErosRe2 (const re2::StringPiece &pattern, const re2::RE2::Options &options) : expression (pattern, options)
  {
  }
};

ErosRe2 *
eros_re2_new (const char *pattern, gsize size, gboolean bytes, char **problem)
{
  re2::RE2::Options options;

  options.set_log_errors (false);
  options.set_encoding (bytes ? re2::RE2::Options::EncodingLatin1 : re2::RE2::Options::EncodingUTF8);
  ErosRe2 *self = new ErosRe2 (re2::StringPiece (pattern, size), options);
  if (self->expression.ok ())
    return self;
  *problem = g_strdup (self->expression.error ().c_str ());
  delete self;
  return nullptr;
}

void
eros_re2_free (ErosRe2 *self)
{
  delete self;
}

int
eros_re2_get_n_groups (const ErosRe2 *self)
{
  return self->expression.NumberOfCapturingGroups ();
}

gboolean
eros_re2_match (const ErosRe2 *self, const char *text, gsize size, gsize from, gssize *offsets, int n_groups)
{
  re2::StringPiece groups[EROS_RE2_MAX_GROUPS];

  if (!self->expression.Match (re2::StringPiece (text, size), from, size, re2::RE2::UNANCHORED, groups,
                               n_groups))
    return FALSE;
  for (int i = 0; i < n_groups; i++)
    {
      offsets[2 * i] = groups[i].data () == nullptr ? -1 : groups[i].data () - text;
      offsets[2 * i + 1] = groups[i].data () == nullptr ? -1 : offsets[2 * i] + (gssize) groups[i].size ();
    }
  return TRUE;
}

gboolean
eros_re2_check_rewrite (const ErosRe2 *self, const char *rewrite, gsize size, char **problem)
{
  std::string error;

  if (self->expression.CheckRewriteString (re2::StringPiece (rewrite, size), &error))
    return TRUE;
  *problem = g_strdup (error.c_str ());
  return FALSE;
}
