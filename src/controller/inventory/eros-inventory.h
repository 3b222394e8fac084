/* eros-inventory.h: what a data set is, written down canonically
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Kinds of objects. A kind that the server has and this list has not is the server's own word in lower case. */
#define EROS_INVENTORY_OPTIONS           "options" /* of the data set itself */
#define EROS_INVENTORY_ACCESS            "access"  /* one entry of who may do what */
#define EROS_INVENTORY_TABLE             "table"
#define EROS_INVENTORY_SNAPSHOT          "snapshot"
#define EROS_INVENTORY_VIEW              "view"
#define EROS_INVENTORY_MATERIALIZED_VIEW "materialized view"
#define EROS_INVENTORY_FUNCTION          "function"
#define EROS_INVENTORY_TABLE_FUNCTION    "table function"
#define EROS_INVENTORY_PROCEDURE         "procedure"
#define EROS_INVENTORY_ROW_POLICY        "row access policy"
#define EROS_INVENTORY_SCHEDULE          "scheduled query"

typedef struct
{
  char    *kind;
  char    *name;
  char    *definition; /* see eros-definition.h: DDL where there is any, otherwise lines of JSON */
  char    *digest;     /* SHA-256 of kind, name and definition */
  gboolean is_ours;    /* this program has made it: a snapshot of a backup or of a rollback */
} ErosInventoryObject;

/* The rows of a critical table. */
typedef struct
{
  char  *table;
  gint64 n_rows;
  gint64 bytes;
  char  *checksum;
  char  *total;
} ErosInventoryRows;

/* What could not be read: kinds of objects, or the rows of a table. */
#define EROS_INVENTORY_GAP_TABLES    "tables" /* and views */
#define EROS_INVENTORY_GAP_ROUTINES  "routines"
#define EROS_INVENTORY_GAP_DATASET   "options" /* and access */
#define EROS_INVENTORY_GAP_POLICIES  "row access policies"
#define EROS_INVENTORY_GAP_TAGS      "policy tags"
#define EROS_INVENTORY_GAP_SCHEDULES "scheduled queries"
typedef struct
{
  char *what; /* one of these, or "rows of TABLE" */
  char *why;  /* for people */
} ErosInventoryGap;

/* Immutable once it is complete; reference-counted. */
typedef struct _ErosInventory ErosInventory;
ErosInventory                *eros_inventory_new (const char *project, const char *dataset, gint64 taken_at);
ErosInventory                *eros_inventory_ref (ErosInventory *self);
void                          eros_inventory_unref (ErosInventory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosInventory, eros_inventory_unref)

/* While it is made. text: with the names of the data set itself in it. */
void eros_inventory_add (ErosInventory *self, const char *kind, const char *name, const char *text);
void eros_inventory_add_rows (ErosInventory *self,
                              const char    *table,
                              gint64         n_rows,
                              gint64         bytes,
                              const char    *checksum,
                              const char    *total);
void eros_inventory_add_gap (ErosInventory *self, const char *what, const char *why);
void eros_inventory_set_time (ErosInventory *self, gint64 taken_at);
/* Puts everything in order and makes the digest of the whole. */
void eros_inventory_complete (ErosInventory *self);

const char *eros_inventory_get_project (const ErosInventory *self);
const char *eros_inventory_get_dataset (const ErosInventory *self);
gint64      eros_inventory_get_time (const ErosInventory *self); /* µs since 1970 */
/* Of all objects but this program's own, without the rows: the same digest is the same shape, anywhere. */
const char                *eros_inventory_get_digest (const ErosInventory *self);
guint                      eros_inventory_count_digested (const ErosInventory *self); /* objects that it is of */
guint                      eros_inventory_get_n_objects (const ErosInventory *self);
const ErosInventoryObject *eros_inventory_get_object (const ErosInventory *self, guint place);
/* (nullable) */
const ErosInventoryObject *eros_inventory_find (const ErosInventory *self, const char *kind, const char *name);
guint                      eros_inventory_get_n_rows (const ErosInventory *self);
const ErosInventoryRows   *eros_inventory_get_rows (const ErosInventory *self, guint place);
const ErosInventoryRows   *eros_inventory_find_rows (const ErosInventory *self, const char *table);
guint                      eros_inventory_get_n_gaps (const ErosInventory *self);
const ErosInventoryGap    *eros_inventory_get_gap (const ErosInventory *self, guint place);
/* Whether all objects of this kind are in it, so that one that is not in it is not there. */
gboolean eros_inventory_knows (const ErosInventory *self, const char *kind);
gboolean eros_inventory_is_relation (const char *kind);

JsonNode *eros_inventory_to_json (const ErosInventory *self);
/* The canonical text of it. */
char *eros_inventory_to_text (const ErosInventory *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Digests are computed anew: one that does not fit is an error. */
ErosInventory *eros_inventory_new_from_json (JsonNode *node, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Canonical or not: people look at such files, and tools indent them. */
ErosInventory *eros_inventory_new_from_text (const char *text, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
