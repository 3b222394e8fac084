/* foreign-texts.h: texts as somebody sends them who wants to be taken for somebody else, and a record full of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

#define N_FOREIGN_TEXTS 100

/* (transfer full): UTF-8 with a control or bidirectional character in it, each another; I from 0 to N_FOREIGN_TEXTS - 1
 */
char *foreign_text (guint i);
/* (nullable): where TEXT has a character that does not show, or none; a line break is one unless LINES says that there
 * are some */
const char *foreign_find_raw (const char *text, gboolean lines);
/* A deployment in FOLDER all of whose notes, reasons, values, messages and names of steps are such texts. Each stands
 * in it: as note, reason, summary, value, title, error and name. (transfer full) */
ErosDeployment *foreign_deployment (const char *folder);

G_END_DECLS
