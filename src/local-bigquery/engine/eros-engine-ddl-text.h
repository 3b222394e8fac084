/* eros-engine-ddl-text.h: the CREATE statement that would make an object
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-store-table.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *type;
  char *value; /* as GoogleSQL text */
} ErosEngineOptionText;

GPtrArray *eros_engine_table_option_list (const ErosStoreTable *table);
char      *eros_engine_column_type_text (const ErosStoreColumn *column);
char      *eros_engine_table_ddl (const ErosStoreTable *table);
char      *eros_engine_dataset_ddl (const ErosStoreDataset *dataset);
char      *eros_engine_routine_ddl (const ErosStoreRoutine *routine);

G_END_DECLS
