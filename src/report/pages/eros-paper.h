/* eros-paper.h: on what a report is laid out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  EROS_PAPER_A4,
  EROS_PAPER_LETTER,
} ErosPaper;

G_END_DECLS
