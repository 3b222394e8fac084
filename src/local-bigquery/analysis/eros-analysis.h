/* eros-analysis.h: syntax tree and catalogue in, resolved tree out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-resolved.h"

G_BEGIN_DECLS

/* Messages are BigQuery's and end in " at [line:column]". Errors of the catalogue's functions come through with their
 * own domain and code, and a position when they have none. */
#define EROS_ANALYSIS_ERROR (eros_analysis_error_quark ())
typedef enum
{
  EROS_ANALYSIS_ERROR_INVALID,     /* not a valid query */
  EROS_ANALYSIS_ERROR_UNSUPPORTED, /* GoogleSQL that this server leaves out, by name */
  EROS_ANALYSIS_ERROR_TOO_COMPLEX, /* nested too deep */
} ErosAnalysisError;
GQuark eros_analysis_error_quark (void);

/* ---- what the analysis asks of its surroundings -------------------------------------------------------- */

typedef struct
{
  const char        *name;
  const ErosSqlType *type;
  const char        *sql; /* (nullable) how SQLite reads it from the table's source; NULL: the name, quoted */
  gboolean           not_null;
  gboolean           hidden;   /* a pseudo column: _PARTITIONTIME … not part of * */
  const char        *default_; /* (nullable) GoogleSQL text of DEFAULT */
} ErosCatalogColumn;

typedef enum
{
  EROS_CATALOG_TABLE,
  EROS_CATALOG_VIEW, /* view_sql, and columns if the view names them itself */
} ErosCatalogTableKind;

typedef struct _ErosCatalogTable
{
  ErosCatalogTableKind     kind;
  const char              *project;
  const char              *dataset;
  const char              *name;
  const ErosCatalogColumn *columns;
  guint                    n_columns;
  const char              *source;       /* SQLite text to stand after FROM: a quoted table or "(SELECT …)" */
  const char              *rowid;        /* (nullable) what identifies a row there, for DML; NULL: "rowid" */
  gboolean                 read_only;    /* DML is refused: a snapshot, INFORMATION_SCHEMA; views are in any case */
  const char              *view_sql;     /* GoogleSQL text of the query; of a table: what is seen of its rows */
  const char *const       *view_columns; /* (nullable) NULL-terminated: names that the view gives to its columns */
  gpointer                 data;         /* the engine's */
} ErosCatalogTable;

typedef struct
{
  const char        *name;
  const ErosSqlType *type; /* NULL: ANY TYPE */
} ErosCatalogArgument;

typedef struct
{
  const char                *name; /* as it is shown: `p.d.f` or f */
  const ErosCatalogArgument *arguments;
  guint                      n_arguments;
  const ErosSqlType         *returns;       /* (nullable) NULL: the body's type */
  const char                *body;          /* GoogleSQL text of the expression, or of a table function's query */
  gboolean                   is_javascript; /* the body is JavaScript; @returns is there */
  /* of a table function: the columns that it declares */
  const ErosCatalogArgument *columns;
  guint                      n_columns;
} ErosCatalogRoutine;

/* The SQLite function that runs JavaScript: (body, type of the result, "name TYPE" and value of each argument …) */
#define EROS_JAVASCRIPT_NATIVE "eros_javascript"

typedef struct _ErosCatalog  ErosCatalog;
typedef struct _ErosAnalysis ErosAnalysis;

/* Whatever is returned must live as long as the analysis and its translation. A NULL without an error means that there
 * is nothing of that name. Members that are NULL find nothing. */
typedef struct
{
  /* @system_time is NULL for the present; with it, the table as it was then. An error is best worded by the catalogue
   * ("Not found: Table p:d.t was not found in location US"). */
  const ErosCatalogTable *(*find_table) (ErosCatalog       *catalog,
                                         const ErosAstPath *path,
                                         const gint64      *system_time,
                                         GError           **error);
  const ErosCatalogRoutine *(*find_routine) (ErosCatalog *catalog, const ErosAstPath *path, GError **error);
  const ErosCatalogRoutine *(*find_table_function) (ErosCatalog *catalog, const ErosAstPath *path, GError **error);
  const ErosSqlType *(*find_variable) (ErosCatalog *catalog, const char *name);
  const ErosSqlType *(*find_parameter) (ErosCatalog *catalog,
                                        const char  *name, /* NULL: positional */
                                        guint        position);
  const ErosSqlType *(*find_system_variable) (ErosCatalog *catalog, const ErosAstPath *path);
  /* The value of an expression without columns: FOR SYSTEM_TIME AS OF, and a LIMIT that is a parameter. */
  gboolean (*evaluate) (ErosCatalog *catalog, ErosAnalysis *expression, ErosSqlValue *value, GError **error);
} ErosCatalogClass;

struct _ErosCatalog
{
  const ErosCatalogClass *class_;
  gboolean                native_routines; /* SQL functions are called (ErosNativeRoutine), not put in place */
  guint                   n_natives;       /* how many of them there are so far */
};

/* ---- what comes out ------------------------------------------------------------------------------------ */

/* What a statement reads of a table: for referencedTables and for the bytes processed. */
typedef struct
{
  const ErosCatalogTable *table;
  gboolean               *columns;    /* one for each of the table's columns: whether it is read */
  gboolean               *unfiltered; /* and whether it is read somewhere without a condition on it */
  gboolean                through_view;
} ErosTableUse;

typedef enum
{
  EROS_DML_INSERT,
  EROS_DML_UPDATE,
  EROS_DML_DELETE,
  EROS_DML_MERGE,
} ErosDmlKind;

typedef enum
{
  EROS_DML_ACTION_INSERT,
  EROS_DML_ACTION_UPDATE,
  EROS_DML_ACTION_DELETE,
} ErosDmlActionKind;

/* One thing to do with some of the rows that the query of a DML statement yields. */
typedef struct
{
  ErosDmlActionKind kind;
  guint             n_columns;
  const guint      *columns; /* of the table: which ones are set; others of an INSERT are NULL */
  guint             first;   /* the result column that holds the value of the first of them; the others follow */
} ErosDmlAction;

/* A DML statement is a query that tells which rows are to be changed into what. Its result columns are:
 *   0  the target's row (rowid); NULL for an inserted row
 *   1  which action, by its index in @actions
 *   2… the values that the actions point to
 * Defaults are filled in. The same row twice in column 0 of an UPDATE or MERGE is an error: see
 * eros_dml_duplicate_error(). NOT NULL is left to the engine. */
typedef struct
{
  ErosDmlKind             kind;
  const ErosCatalogTable *table;
  const ErosDmlAction    *actions;
  guint                   n_actions;
} ErosDml;

/* A SQL function, for arguments of certain types, that has to be a function of the SQLite connection before the
 * translation that calls it is prepared: @native yields what the translation of @body does with ?1 … bound to the
 * arguments. Bodies may call others: those are in their natives. */
typedef struct
{
  const char               *native;
  guint                     n_arguments;
  const ErosSqlType       **types; /* of the arguments */
  const ErosCatalogRoutine *routine;
  ErosAnalysis             *body;
  gboolean                  is_volatile;
} ErosNativeRoutine;

/* The result of an analysis: exactly one of @query and @expression is there. */
struct _ErosAnalysis
{
  ErosQuery *query;
  ErosExpr  *expression;
  ErosDml   *dml;         /* (nullable) of DML, beside the query */
  GPtrArray *parameters;  /* of ErosParameter, by slot */
  GPtrArray *tables;      /* of ErosTableUse */
  GPtrArray *routines;    /* of ErosCatalogRoutine: the SQL functions that are called */
  GPtrArray *natives;     /* of ErosNativeRoutine; only when the catalogue asks for them */
  gboolean   of_row;      /* of eros_analyze_row_expression() */
  gboolean   is_volatile; /* RAND (), CURRENT_TIMESTAMP ()…: the result must not be cached */
};

ErosAnalysis      *eros_analyze_query (const ErosAstQuery *query,
                                       ErosCatalog        *catalog,
                                       GError            **error) G_GNUC_WARN_UNUSED_RESULT;
ErosAnalysis      *eros_analyze_expression (const ErosAstExpr *expression,
                                            const ErosSqlType *wanted,
                                            ErosCatalog       *catalog,
                                            GError           **error) G_GNUC_WARN_UNUSED_RESULT;
ErosAnalysis      *eros_analyze_dml (const ErosAstStatement *statement,
                                     ErosCatalog            *catalog,
                                     GError                **error) G_GNUC_WARN_UNUSED_RESULT;
ErosAnalysis      *eros_analyze_row_expression (const ErosAstExpr       *expression,
                                                const ErosCatalogColumn *columns,
                                                guint                    n_columns,
                                                ErosCatalog             *catalog,
                                                GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
const ErosSqlType *eros_analyze_routine (const ErosAstCreateFunction *routine,
                                         ErosCatalog                 *catalog,
                                         GError                     **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean           eros_analyze_table_routine (const ErosAstCreateFunction *routine,
                                               ErosCatalog                 *catalog,
                                               GError                     **error) G_GNUC_WARN_UNUSED_RESULT;
const ErosSqlType *eros_analyze_type (const ErosAstType *type, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void               eros_analysis_free (ErosAnalysis *analysis);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosAnalysis, eros_analysis_free)

GError *eros_dml_duplicate_error (ErosDmlKind kind);

G_END_DECLS
