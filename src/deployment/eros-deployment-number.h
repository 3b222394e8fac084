/* eros-deployment-number.h: the number of a deployment among those of this user, so that a missing one shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* A number that is taken, while nobody else can take one. */
typedef struct _ErosNumbering ErosNumbering;

/* The next one for a deployment in FILE; NULL: it is not kept among the others, or the number cannot be had. */
ErosNumbering *eros_numbering_begin (GFile *file);
gint64         eros_numbering_get (ErosNumbering *self);
/* Lets go of it; it is used up only when the deployment was MADE. */
void eros_numbering_end (ErosNumbering *self, gboolean made);

/* The last number that was taken; 0: none was. */
gint64 eros_numbering_get_last (void);
/* 0: it has none. */
gint64 eros_deployment_get_number (ErosDeployment *deployment);

G_END_DECLS
