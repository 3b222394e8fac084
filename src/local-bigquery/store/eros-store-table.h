/* eros-store-table.h: what the catalogue says about data sets, tables and routines
 *
 * Plain descriptions: filled in by whoever makes them, stored by eros-store.h. Times are microseconds since
 * 1970 UTC, 0 for none; strings may be NULL.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "eros-sql-type.h"

G_BEGIN_DECLS

typedef struct
{
  char       *project;
  char       *name;
  char       *location; /* "US" */
  char       *friendly_name;
  char       *description;
  GHashTable *labels;                       /* char * to char *; never NULL */
  gint64      default_table_expiration;     /* milliseconds */
  gint64      default_partition_expiration; /* milliseconds */
  gint64      max_time_travel_hours;        /* 48 to 168 */
  char       *extra; /* JSON object of what the service keeps but nobody here reads (access, …) */
  /* filled in by the store */
  gint64 id;
  gint64 created;
  gint64 modified;
  char  *etag;
} ErosStoreDataset;

ErosStoreDataset *eros_store_dataset_new (const char *project, const char *name);
void              eros_store_dataset_free (ErosStoreDataset *dataset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosStoreDataset, eros_store_dataset_free)

/* The physical number of a column that has not been stored yet. */
#define EROS_STORE_NEW_COLUMN G_MAXUINT

typedef struct _ErosStoreColumn ErosStoreColumn;
struct _ErosStoreColumn
{
  char              *name;     /* looked up without regard to case */
  const ErosSqlType *type;     /* REPEATED is ARRAY, RECORD is STRUCT */
  gboolean           required; /* NOT NULL; not enforced here: whoever writes rows looks at it */
  char              *description;
  char              *default_expression; /* SQL text */
  gint64             max_length;         /* STRING(n), BYTES(n); 0 for none */
  gint64             precision, scale;   /* NUMERIC(p, s) */
  GPtrArray         *fields;   /* of ErosStoreColumn: names, descriptions and modes inside a STRUCT; or NULL */
  guint              physical; /* the SQLite column is c<physical>; given by the store */
};

ErosStoreColumn *eros_store_column_new (const char *name, const ErosSqlType *type);
ErosStoreColumn *eros_store_column_copy (const ErosStoreColumn *column);
void             eros_store_column_free (ErosStoreColumn *column);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosStoreColumn, eros_store_column_free)

typedef enum
{
  EROS_STORE_TABLE,
  EROS_STORE_VIEW,
  EROS_STORE_MATERIALIZED_VIEW,
  EROS_STORE_SNAPSHOT,
} ErosStoreTableKind;

typedef enum
{
  EROS_STORE_PARTITION_NONE,
  EROS_STORE_PARTITION_HOUR,
  EROS_STORE_PARTITION_DAY,
  EROS_STORE_PARTITION_MONTH,
  EROS_STORE_PARTITION_YEAR,
  EROS_STORE_PARTITION_RANGE,
} ErosStorePartition;

typedef struct
{
  gint               ref_count;
  char              *project;
  char              *dataset;
  char              *name;
  ErosStoreTableKind kind;
  GPtrArray         *columns;         /* of ErosStoreColumn; never NULL */
  char              *query;           /* of a view */
  gboolean           has_column_list; /* of a view: its columns were named beside its query */

  ErosStorePartition partition;
  char              *partition_field;                        /* NULL: by the time of loading */
  gint64             partition_expiration;                   /* milliseconds */
  gint64             range_start, range_end, range_interval; /* EROS_STORE_PARTITION_RANGE */
  gboolean           require_partition_filter;
  GStrv              clustering; /* column names, or NULL */

  char       *friendly_name;
  char       *description;
  GHashTable *labels; /* char * to char *; never NULL */
  gint64      expiration;
  char       *extra; /* JSON object of what the service keeps but nobody here reads */

  /* of a snapshot or a clone */
  char  *base_project, *base_dataset, *base_name;
  gint64 base_time;

  /* filled in by the store */
  gint64 id;
  gint64 created;
  gint64 modified; /* of schema, description or rows */
  char  *etag;
  gint64 storage; /* t_<storage> and h_<storage>; 0 for a view */
  gint64 version; /* read the storage as of this version; 0: the present, rows may be written */
} ErosStoreTable;

ErosStoreTable *eros_store_table_new (const char        *project,
                                      const char        *dataset,
                                      const char        *name,
                                      ErosStoreTableKind kind);
ErosStoreTable *eros_store_table_copy (const ErosStoreTable *table);
ErosStoreTable *eros_store_table_ref (ErosStoreTable *table);
void            eros_store_table_unref (ErosStoreTable *table);
void            eros_store_table_set_base (ErosStoreTable *table, const ErosStoreTable *base, gint64 time);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosStoreTable, eros_store_table_unref)

ErosStoreColumn *eros_store_table_find_column (ErosStoreTable *table, const char *name, guint *index);
char            *eros_store_table_get_full_name (const ErosStoreTable *table);

typedef enum
{
  EROS_STORE_FUNCTION,
  EROS_STORE_PROCEDURE,
  EROS_STORE_TABLE_FUNCTION,
} ErosStoreRoutineKind;

typedef enum
{
  EROS_STORE_ARGUMENT_IN,
  EROS_STORE_ARGUMENT_OUT,
  EROS_STORE_ARGUMENT_INOUT,
} ErosStoreArgumentMode;

typedef struct
{
  char                 *name;
  const ErosSqlType    *type; /* NULL: ANY TYPE */
  ErosStoreArgumentMode mode;
} ErosStoreArgument;

void eros_store_argument_free (ErosStoreArgument *argument);

typedef struct
{
  char                *project;
  char                *dataset;
  char                *name;
  ErosStoreRoutineKind kind;
  GPtrArray           *arguments;   /* of ErosStoreArgument; never NULL */
  const ErosSqlType   *return_type; /* NULL: not declared, or a procedure */
  GPtrArray           *columns;     /* (nullable) of ErosStoreArgument: what a table function declares to return */
  char                *language;    /* NULL: SQL; otherwise "js" */
  char                *body;        /* definitionBody: the expression, or BEGIN … END */
  char                *description;
  gboolean             strict_mode;
  char                *extra;
  /* filled in by the store */
  gint64 id;
  gint64 created;
  gint64 modified;
  char  *etag;
} ErosStoreRoutine;

ErosStoreRoutine *eros_store_routine_new (const char *project, const char *dataset, const char *name);
void              eros_store_routine_add_argument (ErosStoreRoutine     *routine,
                                                   const char           *name,
                                                   const ErosSqlType    *type,
                                                   ErosStoreArgumentMode mode);
void              eros_store_routine_free (ErosStoreRoutine *routine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosStoreRoutine, eros_store_routine_free)

G_END_DECLS
