/* eros-engine.h: runs GoogleSQL: one job, one call
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

#include "eros-sql-value.h"
#include "eros-store-job.h"
#include "eros-store.h"

G_BEGIN_DECLS

/* One engine a process; may be used from every thread. It owns the store. */
typedef struct _ErosEngine ErosEngine;

/* What outlives a job: temporary tables, variables and an open transaction. One job at a time. A job without a session
 * has one of its own. */
typedef struct _ErosEngineSession ErosEngineSession;

ErosEngine *eros_engine_open (const char *directory, const char *project, const char *location, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void       eros_engine_close (ErosEngine *engine);
ErosStore *eros_engine_get_store (ErosEngine *engine);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosEngine, eros_engine_close)

ErosEngineSession *eros_engine_session_new (ErosEngine *engine);
void               eros_engine_session_free (ErosEngineSession *session);
void               eros_engine_session_set_id (ErosEngineSession *session, const char *id);
gboolean           eros_engine_session_in_transaction (ErosEngineSession *session);
gboolean           eros_engine_session_is_over (ErosEngineSession *session);

/* ---- what is asked ------------------------------------------------------------------------------------- */

/* A table, a routine (then name is the routine's), or a data set (then name is NULL). Owned. */
typedef struct
{
  char *project;
  char *dataset;
  char *name;
} ErosEngineName;

typedef struct
{
  const char  *name; /* (nullable) NULL: positional, in order */
  ErosSqlValue value;
} ErosEngineParameter;

typedef enum
{
  EROS_ENGINE_WRITE_EMPTY,
  EROS_ENGINE_WRITE_TRUNCATE,
  EROS_ENGINE_WRITE_APPEND,
} ErosEngineDisposition;

typedef struct _ErosEngineChild  ErosEngineChild;
typedef struct _ErosEngineResult ErosEngineResult;

/* Called in the job's thread when a child job begins (its result is NULL then) and when it has ended. */
typedef void (*ErosEngineChildFunc) (const ErosEngineChild *child, gpointer user_data);

/* Whether the caller may do what a statement has done, just before it is kept; a message if not. */
typedef char *(*ErosEngineRefuseFunc) (const ErosEngineResult *done, gpointer user_data);

/* What shall be found with a commit when the process ends before anybody is told of it: called just before @done is
 * kept, with the child job that it is (nullable). Text, (transfer full). */
typedef char *(*ErosEngineOutcomeFunc) (const ErosEngineResult *done, const ErosEngineChild *child, gpointer user_data);

/* Opens the table that a query's rows go to, in the transaction in which they are written, and looks at what has been
 * written: a caller with wishes of its own beside what a disposition says. */
typedef ErosStoreTable *(*ErosEngineOpenFunc) (ErosStoreConnection *connection,
                                               GPtrArray           *columns,
                                               gpointer             user_data,
                                               GError             **error);
typedef gboolean (*ErosEngineCloseFunc) (ErosStoreConnection *connection,
                                         ErosStoreTable      *table,
                                         gpointer             user_data,
                                         GError             **error);

/* Files in Cloud Storage, of which the engine knows nothing: what EXPORT DATA writes, what LOAD DATA reads. */
typedef struct
{
  JsonObject      *options; /* members of JobConfigurationExtract, and overwrite; or of JobConfigurationLoad */
  ErosStoreResult *rows;    /* EXPORT DATA */
  ErosStoreTable  *table;   /* LOAD DATA: as it is to be where there is none; without columns: those of the files */
  gboolean         exists;  /* LOAD DATA: there is one */
  const char      *job_id;  /* LOAD DATA: what the commit names, with … */
  char            *outcome; /* … what is to be found with it */
  gint64           n_files; /* (out) */
  gint64           n_rows;  /* (out) */
} ErosEngineFiles;
typedef gboolean (*ErosEngineFilesFunc) (ErosEngineFiles *files, gpointer user_data, GError **error);

/* All of it is borrowed. Zero means: not given. */
typedef struct
{
  const char                *project; /* that runs the job */
  const char                *location;
  const char                *job_id;
  const char                *default_project; /* of the default data set; NULL: project */
  const char                *default_dataset;
  const char                *user_email;
  const char                *query;
  gssize                     query_length; /* 0: up to the NUL */
  const ErosEngineParameter *parameters;
  guint                      n_parameters;
  gboolean                   dry_run;
  gboolean                   use_cache;
  gint64                     maximum_bytes_billed;
  gint64                     timeout_ms;
  const char                *time_zone;
  ErosEngineSession         *session;
  /* (nullable) where a query's rows go, beside being the result */
  const ErosEngineName *destination;
  gboolean              destination_is_partition; /* the rows go to one partition of it */
  ErosEngineDisposition disposition;
  gboolean              create_never; /* createDisposition CREATE_NEVER */
  gboolean              has_create_disposition;
  ErosEngineOpenFunc    open_func; /* (nullable) instead of disposition and create_never */
  ErosEngineCloseFunc   close_func;
  gpointer              open_data;
  ErosEngineChildFunc   child_func;
  gpointer              child_data;
  ErosEngineRefuseFunc  refuse_func; /* (nullable) */
  gpointer              refuse_data;
  ErosEngineFilesFunc   files_func; /* (nullable) */
  gpointer              files_data;
  ErosEngineOutcomeFunc outcome_func; /* (nullable) */
  gpointer              outcome_data;
} ErosEngineRequest;

/* ---- what comes of it ---------------------------------------------------------------------------------- */

typedef struct
{
  guint start_line;
  guint start_column;
  guint end_line;
  guint end_column;
  char *procedure; /* (nullable) project.dataset.name of the procedure that the statement stands in */
  char *text;
} ErosEngineFrame;

/* Of a job, or of one statement of a script. */
struct _ErosEngineResult
{
  const char
        *statement_type; /* as in statistics.query.statementType: SELECT, SCRIPT, CREATE_TABLE …; NULL if unknown */
  gint64 started;        /* microseconds since 1970 */
  gint64 ended;

  /* the rows: NULL when the statement has none */
  ErosStoreResult *result;
  GPtrArray       *columns; /* (nullable) of ErosStoreColumn: the schema, also of a dry run */

  /* DML: -1 for what is not */
  gint64 affected_rows;
  gint64 inserted_rows;
  gint64 updated_rows;
  gint64 deleted_rows;

  /* DDL */
  const char     *ddl_operation; /* (nullable) CREATE, REPLACE, SKIP, ALTER, DROP */
  ErosEngineName *ddl_table;     /* (nullable) */
  ErosEngineName *ddl_routine;   /* (nullable) */
  ErosEngineName *ddl_dataset;   /* (nullable) */
  char           *ddl_policy;    /* (nullable) of ddl_table: a row access policy */
  gint64          n_policies;    /* that DROP ALL has dropped; -1 for what is none */

  /* EXPORT DATA: -1 for what is none */
  gint64 exported_files;
  gint64 exported_rows;

  gint64     bytes_processed;
  gboolean   reads_more; /* of a dry run: some of its statements can only be looked at when others have run */
  gint64     bytes_billed;
  gint64     slot_ms;
  gboolean   cache_hit;
  GPtrArray *referenced_tables;   /* of ErosEngineName; never NULL */
  GPtrArray *referenced_routines; /* of ErosEngineName; never NULL */
  char      *transaction_id;      /* (nullable) */

  /* A script's children, in the order in which they ran; NULL for a single statement. */
  GPtrArray *children; /* of ErosEngineChild */

  /* (nullable) what went wrong: BigQuery's reason ("invalidQuery" …), where ("query"), and text */
  char *error_reason;
  char *error_location;
  char *error_message;
};

struct _ErosEngineChild
{
  char             *job_id;        /* script_job_…_0 */
  gboolean          is_expression; /* evaluationKind EXPRESSION: a condition, a SET … */
  char             *query;
  GPtrArray        *frames; /* of ErosEngineFrame, the innermost first */
  ErosEngineResult *result; /* (nullable) */
};

ErosEngineResult *eros_engine_run (ErosEngine *engine, const ErosEngineRequest *request, GCancellable *cancellable);
void              eros_engine_result_free (ErosEngineResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosEngineResult, eros_engine_result_free)

ErosEngineName *eros_engine_name_new (const char *project, const char *dataset, const char *name);
void            eros_engine_name_free (ErosEngineName *name);

G_END_DECLS
