/* eros-inventory-diff.h: what has changed between two inventories, object by object, line by line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-inventory.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_CHANGE_ADDED,
  EROS_CHANGE_CHANGED,
  EROS_CHANGE_REMOVED,
} ErosChangeKind;

typedef struct
{
  ErosChangeKind             change;
  const char                *kind; /* of the object */
  const char                *name;
  const ErosInventoryObject *before; /* (nullable) in the one inventory … */
  const ErosInventoryObject *after;  /* (nullable) … and in the other */
} ErosInventoryChange;

/* By kind and name; snapshots that this program has made are left out, and so are kinds that one of the two could not
 * read. Returns: (transfer container) (element-type ErosInventoryChange): lives as long as both inventories */
GPtrArray *eros_inventory_diff (const ErosInventory *before, const ErosInventory *after);
/* "2 added: view a, function b; 1 changed: …", or that there is none. (transfer full) */
char *eros_inventory_summarize_changes (GPtrArray *changes);
/* What could not be compared, for people. (transfer full) (element-type utf8) */
GPtrArray  *eros_inventory_list_unknown (const ErosInventory *before, const ErosInventory *after);
const char *eros_change_kind_get_word (ErosChangeKind change); /* "added" …, for machines */

/* One line of a comparison. */
typedef struct
{
  char        mark; /* ' ', '-' or '+' */
  const char *text;
  gsize       length;
} ErosDiffLine;
/* The lines of two texts, the common ones once. Returns: (transfer full) (element-type ErosDiffLine): they point into
 * the texts */
GArray *eros_diff_lines (const char *before, const char *after);

G_END_DECLS
