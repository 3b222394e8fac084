/* eros-engine-result.c: what comes of a statement: names, numbers, an error with its reason
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"

#include <string.h>

#include "eros-error-domain.h"

EROS_DEFINE_ERROR_DOMAIN (engine)

void
eros_engine_name_clear (ErosEngineName *name)
{
  g_clear_pointer (&name->project, g_free);
  g_clear_pointer (&name->dataset, g_free);
  g_clear_pointer (&name->name, g_free);
}

/**
 * eros_engine_name_new:
 *
 * Returns: (transfer full): a name
 */
ErosEngineName *
eros_engine_name_new (const char *project, const char *dataset, const char *name)
{
  ErosEngineName *self = g_new0 (ErosEngineName, 1);

  self->project = g_strdup (project);
  self->dataset = g_strdup (dataset);
  self->name = g_strdup (name);
  return self;
}

/**
 * eros_engine_name_free:
 * @name: (transfer full) (nullable): a name
 */
void
eros_engine_name_free (ErosEngineName *name)
{
  if (name == NULL)
    return;
  eros_engine_name_clear (name);
  g_free (name);
}

ErosEngineResult *
eros_engine_result_new (void)
{
  ErosEngineResult *result = g_new0 (ErosEngineResult, 1);

  result->affected_rows = result->inserted_rows = result->updated_rows = result->deleted_rows = -1;
  result->exported_files = result->exported_rows = result->n_policies = -1;
  result->referenced_tables = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_engine_name_free);
  result->referenced_routines = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_engine_name_free);
  return result;
}

/**
 * eros_engine_result_free:
 * @result: (transfer full) (nullable): a result, with its children
 */
void
eros_engine_result_free (ErosEngineResult *result)
{
  if (result == NULL)
    return;
  g_clear_pointer (&result->result, eros_store_result_unref);
  g_clear_pointer (&result->columns, g_ptr_array_unref);
  g_clear_pointer (&result->children, g_ptr_array_unref);
  g_ptr_array_unref (result->referenced_tables);
  g_ptr_array_unref (result->referenced_routines);
  eros_engine_name_free (result->ddl_table);
  eros_engine_name_free (result->ddl_routine);
  eros_engine_name_free (result->ddl_dataset);
  g_free (result->ddl_policy);
  g_free (result->transaction_id);
  g_free (result->error_reason);
  g_free (result->error_location);
  g_free (result->error_message);
  g_free (result);
}

static const char *
store_reason (int code)
{
  static const char *const reasons[] = { "notFound",        "duplicate",     "invalid",
                                         "conditionNotMet", "resourceInUse", "invalidQuery",
                                         "stopped",         "internalError", "quotaExceeded" };

  return reasons[code];
}

static const char *
engine_reason (int code)
{
  static const char *const reasons[] = { "invalidQuery", "invalidQuery",      "notFound",
                                         "duplicate",    "resourcesExceeded", "bytesBilledLimitExceeded",
                                         "stopped",      "timeout",           "internalError",
                                         "invalidQuery", "accessDenied" };

  return reasons[code];
}

static const char *
reason_of (const GError *error)
{
  if (error->domain == EROS_STORE_ERROR)
    return store_reason (error->code);
  if (error->domain == EROS_ENGINE_ERROR)
    return engine_reason (error->code);
  if ((error->domain == EROS_SYNTAX_ERROR && error->code == EROS_SYNTAX_ERROR_TOO_LARGE &&
       g_str_has_prefix (error->message, "Resources")) ||
      (error->domain == EROS_ANALYSIS_ERROR && error->code == EROS_ANALYSIS_ERROR_TOO_COMPLEX) ||
      (error->domain == EROS_TRANSLATION_ERROR && error->code == EROS_TRANSLATION_ERROR_TOO_COMPLEX))
    return "resourcesExceeded";
  return "invalidQuery";
}

void
eros_engine_result_set_error (ErosEngineResult *result, const GError *error)
{
  g_free (result->error_reason);
  g_free (result->error_location);
  g_free (result->error_message);
  result->error_reason = g_strdup (reason_of (error));
  result->error_location = g_strdup (strcmp (result->error_reason, "invalidQuery") == 0 ? "query" : NULL);
  result->error_message = g_strdup (error->message);
}
