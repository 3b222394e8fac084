/* eros-query-runner.h: runs GoogleSQL on a bare SQLite database, for tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-translation.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _ErosQueryRunner ErosQueryRunner;

ErosQueryRunner *eros_query_runner_new (void);
void             eros_query_runner_free (ErosQueryRunner *self);
void             eros_query_runner_add_table (ErosQueryRunner *self, const char *name, JsonObject *table);
void             eros_query_runner_add_view (ErosQueryRunner *self, const char *name, const char *sql);
void             eros_query_runner_add_routine (ErosQueryRunner *self, const char *create_function);
void             eros_query_runner_add_variable (ErosQueryRunner  *self,
                                                 ErosParameterKind kind,
                                                 const char       *name,
                                                 const char       *type,
                                                 const char       *value);
ErosCatalog     *eros_query_runner_get_catalog (ErosQueryRunner *self);
sqlite3         *eros_query_runner_get_database (ErosQueryRunner *self);
char            *eros_query_runner_translate (ErosQueryRunner *self, const char *sql, GError **error);
JsonObject      *eros_query_runner_run (ErosQueryRunner *self, const char *sql);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosQueryRunner, eros_query_runner_free)

G_END_DECLS
