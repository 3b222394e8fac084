/* eros-next.h: what is to be done next, in one list for whoever shows it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_NEXT_GO_ON, /* with an operation that was begun and has not ended well */
  EROS_NEXT_LOOK,  /* a round is due */
  EROS_NEXT_RUN,   /* an operation */
  EROS_NEXT_CHECK, /* a box that the machine can look at */
  EROS_NEXT_TICK,  /* a box that is a person's to see to */
  EROS_NEXT_SIGN,
  EROS_NEXT_WAIT, /* for a round that is not due yet */
} ErosNextKind;
/* In JSON: "go-on" … */
const char *eros_next_kind_to_text (ErosNextKind kind);

typedef struct
{
  ErosNextKind kind;
  ErosElement *element;   /* (transfer none) (nullable): where; NULL: on no page */
  ErosPhase   *phase;     /* (transfer none) (nullable) */
  char        *operation; /* (nullable): the id of the operation that is gone on with */
  char        *text;      /* what, for people: its label */
  gint64       due;       /* LOOK, WAIT: µs since 1970 */
  GPtrArray   *obstacles; /* of ErosObstacle: what has to be done before; empty when nothing */
} ErosNext;
void eros_next_free (ErosNext *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosNext, eros_next_free)

/* At most N, what comes first first. now: µs since 1970. (transfer full) (element-type ErosNext): empty when all is
 * done */
GPtrArray *eros_next_list (ErosDeployment *deployment, gint64 now, guint n);

G_END_DECLS
