/* eros-engine-private.h: what the parts of the engine share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-engine.h"
#include "eros-store-policy.h"
#include "eros-translation.h"

G_BEGIN_DECLS

#define EROS_ENGINE_ERROR (eros_engine_error_quark ())
typedef enum
{
  EROS_ENGINE_ERROR_INVALID,      /* invalidQuery */
  EROS_ENGINE_ERROR_UNSUPPORTED,  /* invalidQuery: BigQuery has it, this server does not */
  EROS_ENGINE_ERROR_NOT_FOUND,    /* notFound */
  EROS_ENGINE_ERROR_DUPLICATE,    /* duplicate */
  EROS_ENGINE_ERROR_TOO_COMPLEX,  /* resourcesExceeded */
  EROS_ENGINE_ERROR_BYTES_BILLED, /* bytesBilledLimitExceeded */
  EROS_ENGINE_ERROR_STOPPED,      /* stopped: somebody has cancelled the job */
  EROS_ENGINE_ERROR_TIMEOUT,      /* timeout */
  EROS_ENGINE_ERROR_FAILED,       /* internalError */
  EROS_ENGINE_ERROR_RAISED,       /* invalidQuery: RAISE, whose message stands as it is */
  EROS_ENGINE_ERROR_DENIED,       /* accessDenied */
} ErosEngineError;
GQuark eros_engine_error_quark (void);

struct _ErosEngine
{
  ErosStore  *store;
  char       *project;
  char       *location;
  char       *time_zone; /* (nullable) what ALTER PROJECT made the default */
  GMutex      lock;
  GHashTable *contexts; /* sqlite3 to ErosFunctionContext */
  GHashTable *cache;    /* see eros-engine-cache.c */
  GQueue      cache_order;
  guint64     serial;
};

/* ---- names and variables: eros-engine-session.c -------------------------------------------------------- */

typedef struct
{
  char              *name;
  const ErosSqlType *type;
  ErosSqlValue       value;
} ErosEngineVariable;

typedef struct
{
  GPtrArray *variables; /* of ErosEngineVariable */
} ErosEngineScope;

/* A temporary table: described as the store's are, but its rows lie in SQLite's own temporary schema. */
typedef struct
{
  ErosStoreTable *table;
  char           *source; /* temp."x_1" */
} ErosEngineTempTable;

typedef struct
{
  char              *name;
  GPtrArray         *arguments; /* of ErosStoreArgument */
  const ErosSqlType *returns;
  char              *body;
  gboolean           is_javascript;
} ErosEngineTempFunction;

struct _ErosEngineSession
{
  ErosEngine          *engine;
  char                *id;   /* (nullable) of one that outlives its job */
  gboolean             over; /* BQ.ABORT_SESSION has been called */
  ErosStoreConnection *connection;
  ErosFunctionContext *context;
  GPtrArray           *temp_tables;    /* of ErosEngineTempTable */
  GPtrArray           *temp_functions; /* of ErosEngineTempFunction */
  GPtrArray           *scopes;         /* of ErosEngineScope: those of the session itself */
  guint                n_temp;         /* how many temporary tables there have been */
  /* the transaction that BEGIN TRANSACTION opened */
  gboolean   in_transaction;
  gboolean   transaction_failed; /* it has lost; only ROLLBACK TRANSACTION ends it */
  char      *transaction_id;
  GPtrArray *saved_temp_tables;     /* what there was when it began */
  GPtrArray *statement_temp_tables; /* what there was when the running statement began */
  /* system variables that SET changes */
  char *time_zone;
  char *default_project;
  char *default_dataset;
  char *query_label;
};

/* What EXCEPTION WHEN ERROR sees as @@error.… */
typedef struct
{
  GError    *error; /* with the code that decides the reason */
  char      *message;
  char      *statement_text;
  GPtrArray *frames; /* of ErosEngineFrame, the innermost first */
} ErosEngineFailure;

void eros_engine_failure_free (ErosEngineFailure *failure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosEngineFailure, eros_engine_failure_free)

/* The text that is being run: the job's own, a procedure's, that of EXECUTE IMMEDIATE. */
typedef struct _ErosRunFrame ErosRunFrame;
struct _ErosRunFrame
{
  ErosRunFrame              *caller;
  ErosScript                *script;
  char                      *procedure; /* (nullable) p.d.name */
  const ErosAstStatement    *statement; /* the one that runs */
  GPtrArray                 *scopes;    /* of ErosEngineScope; borrowed */
  const ErosEngineParameter *parameters;
  guint                      n_parameters;
  guint                      line_offset; /* where the text begins in what errors talk about */
  gboolean                   dynamic;     /* EXECUTE IMMEDIATE */
};

typedef struct
{
  ErosEngine              *engine;
  const ErosEngineRequest *request;
  GCancellable            *cancellable;
  ErosEngineSession       *session;
  ErosRunFrame            *frame;
  gint64                   deadline; /* monotonic; 0: none */
  ErosEngineResult        *job;      /* the whole */
  ErosEngineResult        *current;  /* of the statement that runs */
  gboolean                 is_script;
  guint                    n_children;
  char                    *child_prefix;
  const char              *running_job_id; /* that of the child, or of the job */
  const ErosEngineChild   *child;          /* (nullable) the statement of a script that runs */
  ErosEngineFailure       *failure;        /* (nullable) what is on its way to a handler */
  gboolean                 statement_writes;
  GPtrArray               *natives; /* (nullable) see eros-engine-native.c */
  guint                    n_natives;
  GPtrArray               *handled;   /* of ErosEngineFailure: what the enclosing handlers are about */
  gint64                   row_count; /* @@row_count; -1: none */
  char                    *last_job_id;
  guint                    depth; /* of procedures and dynamic texts */
} ErosRun;

ErosEngineScope        *eros_engine_scope_new (void);
void                    eros_engine_scope_free (ErosEngineScope *scope);
ErosEngineVariable     *eros_engine_find_variable (ErosRun *run, const char *name);
ErosEngineVariable     *eros_engine_find_in_scope (ErosRun *run, const char *name);
ErosEngineVariable     *eros_engine_add_variable (ErosRun *run, const char *name, const ErosSqlType *type);
void                    eros_engine_variable_set (ErosEngineVariable *variable, const ErosSqlValue *value);
ErosEngineTempTable    *eros_engine_find_temp_table (ErosEngineSession *session, const char *name);
ErosEngineTempFunction *eros_engine_find_temp_function (ErosEngineSession *session, const char *name);
void                    eros_engine_temp_table_free (ErosEngineTempTable *table);
GPtrArray              *eros_engine_copy_temp_tables (ErosEngineSession *session);
void                    eros_engine_restore_temp_tables (ErosEngineSession *session, GPtrArray *copy);
void                    eros_engine_temp_function_free (ErosEngineTempFunction *function);
const ErosSqlType      *eros_engine_system_variable_type (const char *name);
gboolean                eros_engine_system_variable_get (ErosRun *run, const char *name, ErosSqlValue *value);
gboolean                eros_engine_system_variable_set (ErosRun            *run,
                                                         const ErosAstPath  *path,
                                                         const ErosSqlValue *value,
                                                         GError            **error);

/* ---- the catalogue that the analysis sees: eros-engine-catalog.c, eros-engine-information.c ------------ */

typedef struct
{
  ErosCatalogTable     table;   /* first: what the analysis sees */
  ErosStoreTable      *store;   /* (nullable) */
  ErosEngineTempTable *temp;    /* (nullable) */
  GPtrArray           *members; /* (nullable) of ErosStoreTable: of a wildcard table */
  char                *key;
  char                *source;
  GPtrArray           *texts; /* of char: what the columns point to */
  char               **view_columns;
} ErosEngineTable;

/* The time at which a row came in, as far as the table divides time; a row of this very statement comes in
 * now. */
#define EROS_ENGINE_LOADED "COALESCE((SELECT time FROM commits WHERE version = _v), (SELECT MAX(time) FROM commits))"

gboolean         eros_engine_is_wildcard (const ErosAstPath *path);
ErosEngineTable *eros_engine_wildcard_table (ErosRun *run, const ErosEngineName *name, GError **error);

/* Lives for one statement. */
typedef struct
{
  ErosCatalog catalog; /* first */
  ErosRun    *run;
  GPtrArray  *tables;   /* of ErosEngineTable */
  GPtrArray  *routines; /* of EngineRoutine */
  /* the target of DML, whose rows are read where they will be written */
  ErosStoreTable *target;
  char           *target_source;
} ErosEngineCatalog;

ErosEngineCatalog *eros_engine_catalog_new (ErosRun *run);
void               eros_engine_catalog_free (ErosEngineCatalog *catalog);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosEngineCatalog, eros_engine_catalog_free)

gboolean eros_engine_resolve_name (ErosRun           *run,
                                   const ErosAstPath *path,
                                   gboolean           is_schema,
                                   ErosEngineName    *name,
                                   GError           **error);
void     eros_engine_name_clear (ErosEngineName *name);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ErosEngineName, eros_engine_name_clear)
gboolean         eros_engine_sees_all (ErosRun *run, const ErosStoreTable *table, GError **error);
ErosStoreTable  *eros_engine_get_table (ErosRun *run, const ErosEngineName *name, GError **error);
ErosStoreTable  *eros_engine_get_table_at (ErosRun *run, const ErosEngineName *name, gint64 time, GError **error);
void             eros_engine_add_location (ErosRun *run, GError **error);
gboolean         eros_engine_is_not_found (const GError *error);
ErosEngineTable *eros_engine_information_table (ErosRun *run, const ErosAstPath *path, GError **error);
ErosEngineTable *eros_engine_table_new (const char *project, const char *dataset, const char *name);
void             eros_engine_table_free (ErosEngineTable *table);

/* ---- SQLite and values: eros-engine-sqlite.c, eros-engine-bind.c, eros-engine-evaluate.c --------------- */

sqlite3      *eros_engine_db (ErosRun *run);
gboolean      eros_engine_begin_clock (ErosRun *run);
sqlite3_stmt *eros_engine_prepare (ErosRun *run, const char *sql, GError **error);
sqlite3_stmt *eros_engine_prepare_analysis (ErosRun            *run,
                                            const ErosAnalysis *analysis,
                                            const char         *sql,
                                            GError            **error);
int           eros_engine_step (ErosRun *run, sqlite3_stmt *statement, GError **error);
gboolean      eros_engine_exec (ErosRun *run, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);
void          eros_engine_set_sqlite_error (ErosRun *run, GError **error);
gboolean      eros_engine_check_cancelled (ErosRun *run, GError **error);
gboolean      eros_engine_evaluate (ErosRun           *run,
                                    const ErosAstExpr *expr,
                                    const ErosSqlType *wanted,
                                    ErosSqlValue      *value,
                                    GError           **error);
gboolean      eros_engine_evaluate_here (ErosRun           *run,
                                         const ErosAstExpr *expr,
                                         const ErosSqlType *wanted,
                                         ErosSqlValue      *value,
                                         GError           **error);
gboolean      eros_engine_evaluate_analysis (ErosRun            *run,
                                             const ErosAnalysis *analysis,
                                             ErosSqlValue       *value,
                                             GError            **error);
gboolean eros_engine_convert (ErosRun *run, const ErosSqlValue *value, ErosEngineVariable *variable, GError **error);
void     eros_engine_note_conflict (ErosRun *run, const GError *error);
#ifdef EROS_HAVE_JAVASCRIPT
gboolean eros_engine_register_javascript (sqlite3 *db);
#endif
gboolean eros_engine_register_functions (sqlite3 *db);
char    *eros_engine_quote_text (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

/* ---- statements ---------------------------------------------------------------------------------------- */

ErosEngineResult *eros_engine_result_new (void);
void              eros_engine_result_set_error (ErosEngineResult *result, const GError *error);
gint64            eros_engine_thread_cpu (void);
gboolean          eros_engine_begin_statement (ErosRun *run, ErosStoreMode mode, GError **error);
gboolean          eros_engine_permits (ErosRun *run, GError **error);
gboolean          eros_engine_end_statement (ErosRun *run, gboolean good, GError **error);

/* eros-engine-query.c */
/* What becomes of columns of the same name */
typedef enum
{
  EROS_ENGINE_DUPLICATES_KEPT,
  EROS_ENGINE_DUPLICATES_NUMBERED, /* a, a_1, a_2: a result that is nothing but read */
  EROS_ENGINE_DUPLICATES_REFUSED,
} ErosEngineDuplicates;

GPtrArray *eros_engine_columns_of_query (const ErosAnalysis *analysis, ErosEngineDuplicates duplicates, GError **error);
gboolean   eros_engine_run_query (ErosRun *run, const ErosAstQuery *query, GError **error);
gboolean   eros_engine_account (ErosRun              *run,
                                const ErosAnalysis   *analysis,
                                const ErosStoreTable *changed,
                                GError              **error);
char      *eros_engine_query_as_rows (const ErosAnalysis *analysis, const char *text);
char      *eros_engine_fresh_value (const ErosStoreColumn *column, const char *sql);

/* eros-engine-native.c */
ErosAnalysis *eros_engine_analyze_query (ErosRun            *run,
                                         ErosEngineCatalog  *catalog,
                                         const ErosAstQuery *query,
                                         GError            **error);
ErosAnalysis *eros_engine_analyze_expression (ErosRun           *run,
                                              ErosEngineCatalog *catalog,
                                              const ErosAstExpr *expr,
                                              const ErosSqlType *wanted,
                                              GError           **error);
ErosAnalysis *eros_engine_analyze_dml (ErosRun                *run,
                                       ErosEngineCatalog      *catalog,
                                       const ErosAstStatement *statement,
                                       GError                **error);
void          eros_engine_forget_natives (ErosRun *run);

/* eros-engine-cache.c */
char            *eros_engine_cache_key (ErosRun *run, const char *sql, const ErosAnalysis *analysis);
ErosStoreResult *eros_engine_cache_lookup (ErosEngine *engine, const char *key);
void             eros_engine_cache_insert (ErosEngine *engine, const char *key, ErosStoreResult *result);

/* eros-engine-dml.c */
gboolean              eros_engine_run_dml (ErosRun *run, const ErosAstStatement *statement, GError **error);
const ErosStoreTable *eros_engine_changed_table (const ErosDml *dml);
gboolean              eros_engine_run_truncate (ErosRun *run, const ErosAstTruncate *truncate, GError **error);

/* eros-engine-policy.c */
gboolean eros_engine_create_policy (ErosRun *run, const ErosAstStatement *statement, GError **error);
gboolean eros_engine_drop_policy (ErosRun *run, const ErosAstDropPolicy *drop, GError **error);
gboolean eros_engine_grant (ErosRun *run, const ErosAstGrant *grant, gboolean revoke, GError **error);

/* eros-engine-files.c */
gboolean eros_engine_export_data (ErosRun *run, const ErosAstExportData *export, GError **error);
gboolean eros_engine_load_data (ErosRun *run, const ErosAstLoadData *load, GError **error);

/* eros-engine-ddl.c, eros-engine-create.c, eros-engine-alter.c, eros-engine-options.c */
gboolean eros_engine_run_ddl (ErosRun *run, const ErosAstStatement *statement, GError **error);
gboolean eros_engine_is_ddl (const ErosAstStatement *statement);
gboolean eros_engine_is_temporary (ErosRun *run, const ErosAstStatement *statement);
gboolean eros_engine_is_temp_path (ErosRun *run, const ErosAstPath *path);
gboolean eros_engine_create_table (ErosRun *run, const ErosAstStatement *statement, GError **error);
gboolean eros_engine_take_layout (ErosRun            *run,
                                  const ErosAstExpr  *partition_by,
                                  const ErosAstExprs *cluster_by,
                                  ErosStoreTable     *table,
                                  GError            **error);
gboolean eros_engine_describe_load (ErosRun                  *run,
                                    const ErosAstCreateTable *create,
                                    ErosStoreTable           *table,
                                    GError                  **error);
gboolean eros_engine_create_view (ErosRun *run, const ErosAstCreateView *create, GError **error);
gboolean eros_engine_create_schema (ErosRun *run, const ErosAstCreateSchema *create, GError **error);
gboolean eros_engine_create_function (ErosRun *run, const ErosAstCreateFunction *create, GError **error);
gboolean eros_engine_create_procedure (ErosRun *run, const ErosAstCreateProcedure *create, GError **error);
gboolean eros_engine_alter (ErosRun *run, const ErosAstAlter *alter, GError **error);
gboolean eros_engine_is_named_before (const ErosAstOptions *options, guint index);
gboolean eros_engine_table_options (ErosRun *run, const ErosAstOptions *options, ErosStoreTable *table, GError **error);
gboolean eros_engine_schema_options (ErosRun              *run,
                                     const ErosAstOptions *options,
                                     ErosStoreDataset     *dataset,
                                     GError              **error);
gboolean eros_engine_column_options (ErosRun              *run,
                                     const ErosAstOptions *options,
                                     ErosStoreColumn      *column,
                                     GError              **error);
gboolean eros_engine_routine_options (ErosRun              *run,
                                      const ErosAstOptions *options,
                                      ErosStoreRoutine     *routine,
                                      GError              **error);
ErosStoreColumn *eros_engine_column_from_ast (ErosRun *run, const ErosAstColumn *ast, GError **error);
gboolean         eros_engine_write_rows (ErosRun            *run,
                                         const char         *target,
                                         GPtrArray          *columns,
                                         const ErosAnalysis *analysis,
                                         GError            **error);
gboolean eros_engine_store_rows (ErosRun *run, ErosStoreTable *table, const ErosAnalysis *analysis, GError **error);

/* eros-engine-script.c, eros-engine-block.c, eros-engine-call.c */
typedef enum
{
  ENGINE_NEXT,
  ENGINE_BREAK, /* of the loop, or of what has run_jump's label */
  ENGINE_CONTINUE,
  ENGINE_RETURN,
  ENGINE_FAILED,
} ErosEngineFlow;

ErosEngineFlow eros_engine_run_list (ErosRun *run, const ErosAstStatements *list, const char **label, GError **error);
gboolean       eros_engine_run_call (ErosRun *run, const ErosAstCallStatement *call, GError **error);
gboolean       eros_engine_run_execute (ErosRun *run, const ErosAstExecuteImmediate *execute, GError **error);
gboolean       eros_engine_run_statement (ErosRun *run, const ErosAstStatement *statement, GError **error);
const char    *eros_engine_statement_type (const ErosAstStatement *statement);
gboolean       eros_engine_is_script (const ErosAstStatements *statements);
gboolean       eros_engine_begin_transaction (ErosRun *run, GError **error);
gboolean       eros_engine_commit_transaction (ErosRun *run, GError **error);
gboolean       eros_engine_rollback_transaction (ErosRun *run, GError **error);
void           eros_engine_abort_transaction (ErosEngineSession *session);
void           eros_engine_frame_free (gpointer frame);

G_END_DECLS
