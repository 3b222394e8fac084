/* eros-sql-check.c: whether the texts of a runbook's operations can be read, and every name in them is known
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-sql-check.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "eros-controller-error.h"
#include "eros-sql-set.h"
#include "eros-sql-step.h"

#define TABLE "/TABLE"

typedef struct
{
  ErosRunbook *runbook;
  ErosStepFiles *files;
  gboolean is_own; /* the program's own steps name boxes that another runbook need not have */
} Check;

static gboolean fail (const Check *self, const char *path, GError **error, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

static gboolean
fail (const Check *self, const char *path, GError **error, const char *format, ...)
{
  g_autofree char *shown = eros_step_files_describe (self->files, path);
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED, "%s: %s", shown, what);
  return FALSE;
}

static gboolean
check_boxes (const Check *self, const char *path, char **boxes, GError **error)
{
  for (guint i = 0; self->is_own && boxes != NULL && boxes[i] != NULL; i++)
    {
      ErosElement *element = eros_runbook_find_element (self->runbook, boxes[i]);

      if (element == NULL || eros_element_get_kind (element) != EROS_ELEMENT_CHECK)
        return fail (self, path, error, _ ("“%s” is not the id of %s"), boxes[i], _ ("a check box"));
    }
  return TRUE;
}

static gboolean
check_steps (const Check *self, GPtrArray *steps, GError **error)
{
  for (guint i = 0; steps != NULL && i < steps->len; i++)
    {
      const ErosSqlStep *step = steps->pdata[i];
      g_autofree char *path = g_strconcat (step->id, "/step.json", NULL);

      if (!check_boxes (self, path, step->proves, error))
        return FALSE;
      for (guint k = 0; k < step->verifies->len; k++)
        if (!check_boxes (self, path, ((ErosSqlVerify *) step->verifies->pdata[k])->proves, error))
          return FALSE;
    }
  return steps != NULL;
}

/* ---- the steps that the program makes ------------------------------------------------------------------ */

/* A step has its name, or that of its kind and of a table. */
static gboolean
is_step (const Check *self, const char *set, const char *name)
{
  const char *const *known = eros_operation_kind_get_steps (eros_operation_kind_of (set));
  ErosElement *element = eros_runbook_find_operation (self->runbook, set);
  const char *const *tables = element != NULL ? eros_element_get_tables (element) : NULL;
  const char *slash = strchr (name, '/');

  for (guint i = 0; known[i] != NULL; i++)
    {
      gsize head = strcspn (known[i], "/");

      if (g_str_equal (known[i], name) || (strlen (name) == head && strncmp (known[i], name, head) == 0) ||
          (slash != NULL && g_str_has_suffix (known[i], TABLE) && (gsize) (slash - name) == head &&
           strncmp (known[i], name, head) == 0 && tables != NULL && g_strv_contains (tables, slash + 1)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_clear (GPtrArray *clears, const char *name)
{
  for (guint i = 0; i < clears->len; i++)
    if (g_str_equal (((ErosSqlClear *) clears->pdata[i])->id, name))
      return TRUE;
  return FALSE;
}

/* The boxes of SET/step.json. */
static gboolean
check_set (const Check *self, const char *set, GError **error)
{
  const char *const *known = eros_operation_kind_get_steps (eros_operation_kind_of (set));
  g_autofree char *path = g_strconcat (set, "/step.json", NULL);
  g_autoptr (GHashTable) boxes = eros_sql_set_load_boxes (self->files, set, error);
  g_autoptr (GPtrArray) clears = boxes != NULL ? eros_sql_set_load_clears (self->files, set, error) : NULL;
  g_autofree char *all = g_strjoinv (", ", (char **) known);
  GHashTableIter iter;
  gpointer name, ids;

  if (clears == NULL)
    return FALSE;
  if (*known == NULL && eros_step_files_get (self->files, path) != NULL)
    return fail (self, path, error, _ ("the steps of “%s” say in their own step.json what they prove"), set);
  g_hash_table_iter_init (&iter, boxes);
  while (g_hash_table_iter_next (&iter, &name, &ids))
    {
      if (!is_step (self, set, name) && !is_clear (clears, name))
        /* Translators: %2$s: a list of names */
        return fail (self, path, error,
                     _ ("$.proves: “%1$s” is not a step of that operation; known are: %2$s"), (char *) name,
                     all);
      if (!check_boxes (self, path, ids, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_sets (const Check *self, GError **error)
{
  g_auto (GStrv) sets = eros_step_files_list (self->files, "");

  for (guint i = 0; sets[i] != NULL; i++)
    {
      g_autofree char *file = g_strconcat (sets[i], "/step.json", NULL);

      if ((eros_step_files_get (self->files, file) != NULL ||
           *eros_operation_kind_get_steps (eros_operation_kind_of (sets[i])) != NULL) &&
          !check_set (self, sets[i], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_deployable (const Check *self, GError **error)
{
  g_auto (GStrv) sets = eros_step_files_list_deployable (self->files);

  for (guint i = 0; sets[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) steps = eros_sql_steps_load (self->files, sets[i], error);

      if (!check_steps (self, steps, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * eros_sql_check_runbook:
 * @runbook: one that a deployment is to be made with
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * What an operation would say when it is planned, said before: each text of the steps is read, and each step
 * and check box that is named in one has to be there.
 *
 * Returns: whether there is nothing to say
 */
gboolean
eros_sql_check_runbook (ErosRunbook *runbook, GError **error)
{
  ErosStepFiles *files = eros_runbook_get_steps (runbook);
  const Check self = { runbook, files, files != eros_step_files_get_default () };
  const char *monitoring = eros_operation_kind_get_name (EROS_OPERATION_KIND_MONITORING);
  const char *comparison = eros_operation_kind_get_name (EROS_OPERATION_KIND_COMPARISON);
  g_autoptr (GPtrArray) looks = NULL;
  g_autoptr (GPtrArray) benchmarks = NULL;

  g_return_val_if_fail (EROS_IS_RUNBOOK (runbook), FALSE);

  if (!check_deployable (&self, error) || !check_sets (&self, error))
    return FALSE;
  looks = eros_sql_looks_load (files, monitoring, error);
  if (!check_steps (&self, looks, error))
    return FALSE;
  benchmarks = eros_sql_set_load_benchmarks (files, comparison, error);
  return benchmarks != NULL;
}
