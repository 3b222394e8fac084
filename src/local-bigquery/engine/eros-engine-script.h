/* eros-engine-script.h: what the parts that run scripts share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-engine-private.h"

G_BEGIN_DECLS

typedef gboolean (*ErosEngineWork) (ErosRun *run, gconstpointer data, GError **error);

ErosEngineFlow eros_engine_run_control (ErosRun                *run,
                                        const ErosAstStatement *statement,
                                        const char            **label,
                                        GError                **error);
gboolean       eros_engine_script_value (ErosRun           *run,
                                         const ErosAstExpr *expr,
                                         const ErosSqlType *wanted,
                                         ErosSqlValue      *value,
                                         GError           **error);
gboolean       eros_engine_script_condition (ErosRun *run, const ErosAstExpr *expr, gboolean *holds, GError **error);
gboolean       eros_engine_check_statements (ErosRun *run, const ErosAstStatements *list, GError **error);

G_END_DECLS
