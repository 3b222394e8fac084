/* eros-engine-information.h: what the files that make INFORMATION_SCHEMA share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-engine-private.h"

G_BEGIN_DECLS

/* VALUES (…), (…) */
typedef struct
{
  ErosRun *run;
  GString *sql;
  guint    n_rows;
  gboolean in_row;
} ErosRows;

void eros_rows_begin (ErosRows *rows);
void eros_rows_end (ErosRows *rows);
void eros_rows_add_sql (ErosRows *rows, const char *sql);
void eros_rows_add_text (ErosRows *rows, const char *text);
void eros_rows_take_text (ErosRows *rows, char *text);
void eros_rows_add_integer (ErosRows *rows, gint64 integer);
void eros_rows_add_time (ErosRows *rows, gint64 time);
void eros_rows_finish (ErosEngineTable *table, const char *spec, ErosRows *rows);
void eros_rows_add_name (ErosRows *rows, const char *project, const char *dataset, const char *name);

/* eros-engine-information-keys.c: a view's rows for one table, or one data set */
gboolean eros_engine_fill_constraints (ErosRows *rows, ErosStoreTable *table, GError **error);
gboolean eros_engine_fill_keys (ErosRows *rows, ErosStoreTable *table, GError **error);
gboolean eros_engine_fill_key_columns (ErosRows *rows, ErosStoreTable *table, GError **error);
gboolean eros_engine_fill_privileges (ErosRows *rows, ErosStoreDataset *dataset, GError **error);
gboolean eros_engine_fill_dataset_options (ErosRows *rows, ErosStoreDataset *dataset, GError **error);
gboolean eros_engine_fill_routine_options (ErosRows *rows, ErosStoreRoutine *routine, GError **error);
gboolean eros_engine_fill_materialized (ErosRows *rows, ErosStoreTable *table, GError **error);

ErosEngineTable *eros_engine_history_table (ErosRun *run, const char *project, const char *view);

G_END_DECLS
