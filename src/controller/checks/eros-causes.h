/* eros-causes.h: what keeps several checks from looking, said by one of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ErosCauses ErosCauses;

/* What a check needs before it can look at its own subject. */
typedef enum
{
  EROS_NEED_NOTHING, /* what went wrong is about the subject */
  EROS_NEED_NETWORK,
  EROS_NEED_SIGN_IN,
  EROS_NEED_PROJECT,
} ErosNeed;
ErosNeed eros_need_of_error (const GError *error);

ErosCauses *eros_causes_new (void);
void        eros_causes_free (ErosCauses *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosCauses, eros_causes_free)
char *eros_causes_meet (ErosCauses *self, const char *who, gboolean tells_of_all, const GError *error);
char *eros_causes_explain_block (ErosCauses *self);

G_END_DECLS
