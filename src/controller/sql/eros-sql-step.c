/* eros-sql-step.c: a change to the data set, as SQL that deploys, verifies and reverts it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-sql-step.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "eros-controller-error.h"

#define VERIFY_MARK "-- verify: "

static void
free_expectations (ErosExpectation *expectations, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_free (expectations[i].column);
      g_free (expectations[i].op);
      g_free (expectations[i].value);
    }
  g_free (expectations);
}

static void
verify_free (ErosSqlVerify *verify)
{
  free_expectations (verify->expectations, verify->n_expectations);
  free_expectations (verify->enough, verify->n_enough);
  g_free (verify->name);
  g_free (verify->sql);
  g_free (verify->of);
  g_free (verify->title);
  g_strfreev (verify->proves);
  g_free (verify->summary);
  g_free (verify);
}

void
eros_sql_step_free (ErosSqlStep *self)
{
  g_free (self->id);
  g_free (self->title);
  g_free (self->changes);
  g_strfreev (self->proves);
  g_strfreev (self->keeps);
  g_free (self->deploy);
  g_free (self->revert);
  g_free (self->restored);
  g_free (self->sha256);
  g_ptr_array_unref (self->verifies);
  g_free (self);
}

static gboolean
fail (GError **error, const char *file, const char *path, const char *what)
{
  g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED, "%s: %s: %s", file, path, what);
  return FALSE;
}

/* ---- step.json ----------------------------------------------------------------------------------------- */

static gboolean
check_members (JsonObject *object,
               const char *const *known,
               const char *file,
               const char *path,
               GError **error)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *member = members; member != NULL; member = member->next)
    if (!g_strv_contains (known, member->data))
      {
        g_autofree char *where = g_strdup_printf ("%s.%s", path, (char *) member->data);

        return fail (error, file, where, _ ("is not known"));
      }
  return TRUE;
}

static char *
take_string (JsonObject *object, const char *member, const char *file, const char *path, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);
  g_autofree char *where = g_strdup_printf ("%s.%s", path, member);

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  fail (error, file, where, _ ("must be a text"));
  return NULL;
}

static gboolean
parse_expectation (ErosExpectation *expectation,
                   JsonNode *node,
                   const char *file,
                   const char *path,
                   GError **error)
{
  static const char *const known[] = { "column", "op", "value", NULL };
  static const char *const ops[] = { "=", "!=", "<", "<=", ">", ">=", "between", NULL };
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  if (object == NULL)
    return fail (error, file, path, _ ("must be an object"));
  if (!check_members (object, known, file, path, error) ||
      (expectation->column = take_string (object, "column", file, path, error)) == NULL ||
      (expectation->op = take_string (object, "op", file, path, error)) == NULL ||
      (expectation->value = take_string (object, "value", file, path, error)) == NULL)
    return FALSE;
  return g_strv_contains (ops, expectation->op) ||
         fail (error, file, path, _ ("has an operator that is not known"));
}

/* The list MEMBER, which may be absent. */
static gboolean
parse_expectations (JsonObject *object,
                    const char *member,
                    const char *file,
                    const char *path,
                    ErosExpectation **expectations,
                    guint *n,
                    GError **error)
{
  JsonNode *node = json_object_get_member (object, member);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (node != NULL && (array == NULL || json_array_get_length (array) == 0))
    return fail (error, file, path, _ ("must expect something"));
  *n = array != NULL ? json_array_get_length (array) : 0;
  *expectations = g_new0 (ErosExpectation, *n);
  for (guint i = 0; i < *n; i++)
    {
      g_autofree char *where = g_strdup_printf ("%s.%s[%u]", path, member, i);

      if (!parse_expectation (&(*expectations)[i], json_array_get_element (array, i), file, where, error))
        return FALSE;
    }
  return TRUE;
}

/* (transfer full) */
static char **
take_proves (JsonObject *object, const char *file, const char *path, GError **error)
{
  g_autoptr (GStrvBuilder) proves = g_strv_builder_new ();
  g_autofree char *where = g_strdup_printf ("%s.proves", path);
  JsonNode *node = json_object_get_member (object, "proves");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_STRING)
        {
          fail (error, file, where, _ ("must be a list of texts"));
          return NULL;
        }
      g_strv_builder_add (proves, json_node_get_string (element));
    }
  if (array != NULL)
    return g_strv_builder_end (proves);
  fail (error, file, where, _ ("must be a list"));
  return NULL;
}

static ErosSqlVerify *
find_query (ErosSqlStep *self, const char *name)
{
  for (guint i = 0; i < self->verifies->len; i++)
    {
      ErosSqlVerify *verify = g_ptr_array_index (self->verifies, i);

      if (verify->sql != NULL && g_str_equal (verify->name, name))
        return verify;
    }
  return NULL;
}

/* What judges the row of another query has a title and check boxes of its own. */
static gboolean
parse_of (ErosSqlStep *self,
          ErosSqlVerify *verify,
          JsonObject *object,
          const char *file,
          const char *path,
          GError **error)
{
  g_autofree char *where = g_strdup_printf ("%s.of", path);

  verify->of = take_string (object, "of", file, path, error);
  if (verify->of == NULL)
    return FALSE;
  if (find_query (self, verify->of) == NULL)
    return fail (error, file, where, _ ("names a query that verify.sql does not have"));
  verify->title = take_string (object, "title", file, path, error);
  verify->proves = verify->title != NULL ? take_proves (object, file, path, error) : NULL;
  return verify->proves != NULL;
}

/* A deployed step is judged by something; who looks may only ask whether there is enough to see. */
static gboolean
parse_verify (ErosSqlStep *self, ErosSqlVerify *verify, JsonObject *object, const char *file, GError **error)
{
  static const char *const query[] = { "enough", "expect", "summary", NULL };
  static const char *const judgement[] = { "of", "title", "proves", "enough", "expect", "summary", NULL };
  g_autofree char *path = g_strdup_printf ("$.verify.%s", verify->name);

  if (!check_members (object, verify->sql != NULL ? query : judgement, file, path, error) ||
      (verify->sql == NULL && !parse_of (self, verify, object, file, path, error)))
    return FALSE;
  if (!json_object_has_member (object, "expect") &&
      (self->deploy != NULL || !json_object_has_member (object, "enough")))
    return fail (error, file, path, _ ("must expect something"));
  verify->summary = take_string (object, "summary", file, path, error);
  return verify->summary != NULL &&
         parse_expectations (object, "expect", file, path, &verify->expectations, &verify->n_expectations,
                             error) &&
         parse_expectations (object, "enough", file, path, &verify->enough, &verify->n_enough, error);
}

/* The queries in the order of verify.sql, then what else is judged of their rows. */
static gboolean
parse_verifies (ErosSqlStep *self, JsonObject *root, const char *file, GError **error)
{
  JsonNode *node = json_object_get_member (root, "verify");
  JsonObject *verifies = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autoptr (GList) names = verifies != NULL ? json_object_get_members (verifies) : NULL;

  if (verifies == NULL)
    return fail (error, file, "$.verify", _ ("must be an object"));
  for (GList *name = names; self->deploy == NULL && name != NULL; name = name->next)
    if (find_query (self, name->data) == NULL)
      {
        ErosSqlVerify *verify = g_new0 (ErosSqlVerify, 1);

        verify->name = g_strdup (name->data);
        g_ptr_array_add (self->verifies, verify);
      }
  for (guint i = 0; i < self->verifies->len; i++)
    {
      ErosSqlVerify *verify = g_ptr_array_index (self->verifies, i);
      g_autofree char *path = g_strdup_printf ("$.verify.%s", verify->name);
      JsonNode *member = json_object_get_member (verifies, verify->name);

      if (member == NULL || !JSON_NODE_HOLDS_OBJECT (member))
        return fail (error, file, path, _ ("is missing: verify.sql has a query of this name"));
      if (!parse_verify (self, verify, json_node_get_object (member), file, error))
        return FALSE;
    }
  if (json_object_get_size (verifies) != self->verifies->len)
    return fail (error, file, "$.verify", _ ("names a query that verify.sql does not have"));
  return TRUE;
}

static gboolean
parse_step (ErosSqlStep *self, const char *text, const char *file, GError **error)
{
  static const char *const known[] = { "title", "changes", "timeout_seconds", "proves", "verify", NULL };
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) broken = NULL;
  JsonObject *root;
  JsonNode *timeout;

  if (!json_parser_load_from_data (parser, text, -1, &broken))
    return fail (error, file, "$", broken->message);
  if (json_parser_get_root (parser) == NULL || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return fail (error, file, "$", _ ("must be an object"));
  root = json_node_get_object (json_parser_get_root (parser));
  timeout = json_object_get_member (root, "timeout_seconds");
  if (!check_members (root, known, file, "$", error))
    return FALSE;
  if (timeout == NULL || !JSON_NODE_HOLDS_VALUE (timeout) ||
      json_node_get_value_type (timeout) != G_TYPE_INT64 || json_node_get_int (timeout) < 1 ||
      json_node_get_int (timeout) > 21600)
    return fail (error, file, "$.timeout_seconds", _ ("must be a whole number from 1 to 21600"));
  self->timeout_ms = json_node_get_int (timeout) * 1000;
  return (self->title = take_string (root, "title", file, "$", error)) != NULL &&
         (self->deploy == NULL ||
          (self->changes = take_string (root, "changes", file, "$", error)) != NULL) &&
         (self->proves = take_proves (root, file, "$", error)) != NULL &&
         parse_verifies (self, root, file, error);
}

/* ---- verify.sql ---------------------------------------------------------------------------------------- */

/* Each query begins with a line that names it. */
static gboolean
split_verifies (ErosSqlStep *self, const char *text, const char *file, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, VERIFY_MARK, -1);

  for (guint i = 1; parts[i] != NULL; i++)
    {
      char *line_end = strchr (parts[i], '\n');
      ErosSqlVerify *verify;

      if (line_end == NULL || line_end == parts[i])
        return fail (error, file, VERIFY_MARK, _ ("needs a name and a query after it"));
      verify = g_new0 (ErosSqlVerify, 1);
      verify->name = g_strstrip (g_strndup (parts[i], line_end - parts[i]));
      verify->sql = g_strstrip (g_strdup (line_end + 1));
      g_ptr_array_add (self->verifies, verify);
    }
  return self->verifies->len > 0 ||
         fail (error, file, VERIFY_MARK, _ ("is missing: nothing would be verified"));
}

/* ---- files --------------------------------------------------------------------------------------------- */

/* The text NAME of a step; it becomes part of what “this very text” means. (nullable) when there is none */
static const char *
take_text (ErosStepFiles *files, const char *id, const char *name, GChecksum *checksum)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", id, name);
  const char *text = eros_step_files_get (files, path);
  /* The lengths keep the borders between the texts. */
  g_autofree char *border =
    text != NULL ? g_strdup_printf ("%s %" G_GSIZE_FORMAT "\n", name, strlen (text)) : NULL;

  if (text == NULL)
    return NULL;
  g_checksum_update (checksum, (const guchar *) border, -1);
  g_checksum_update (checksum, (const guchar *) text, -1);
  return text;
}

static gboolean
need_text (ErosStepFiles *files, const char *id, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", id, name);
  g_autofree char *shown = eros_step_files_describe (files, path);

  if (text != NULL)
    return TRUE;
  g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
               _ ("A step cannot be read: there is no file %s."), shown);
  return FALSE;
}

/* What restored.sql reads of it says what has to be kept. (transfer full) */
static char **
find_keeps (const char *restored)
{
  static const char pattern[] = "\\$\\{dataset\\}\\.(\\w+)_kept_\\$\\{stamp\\}";
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_RAW, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (g_regex_match (regex, restored != NULL ? restored : "", 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      char *table = g_match_info_fetch (match, 1);

      if (g_hash_table_add (seen, table))
        g_strv_builder_add (builder, table);
    }
  return g_strv_builder_end (builder);
}

/* A step that only looks has nothing to deploy and nothing to take back. */
static ErosSqlStep *
load_step (ErosStepFiles *files, const char *id, gboolean only_looks, GError **error)
{
  g_autoptr (ErosSqlStep) self = g_new0 (ErosSqlStep, 1);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *shown = eros_step_files_describe (files, id);
  g_autofree char *verify_file = g_strconcat (shown, "/verify.sql", NULL);
  g_autofree char *step_file = g_strconcat (shown, "/step.json", NULL);
  const char *verify;
  const char *step;

  self->id = g_strdup (id);
  self->verifies = g_ptr_array_new_with_free_func ((GDestroyNotify) verify_free);
  self->deploy = g_strdup (take_text (files, id, "deploy.sql", checksum));
  verify = take_text (files, id, "verify.sql", checksum);
  self->revert = g_strdup (take_text (files, id, "revert.sql", checksum));
  step = take_text (files, id, "step.json", checksum);
  self->restored = g_strdup (take_text (files, id, "restored.sql", checksum)); /* not every step has one */
  self->keeps = find_keeps (self->restored);
  if ((!only_looks && !need_text (files, id, "deploy.sql", self->deploy, error)) ||
      !need_text (files, id, "verify.sql", verify, error) ||
      (!only_looks && !need_text (files, id, "revert.sql", self->revert, error)) ||
      !need_text (files, id, "step.json", step, error) ||
      !split_verifies (self, verify, verify_file, error) || !parse_step (self, step, step_file, error))
    return NULL;
  self->sha256 = g_strdup (g_checksum_get_string (checksum));
  return g_steal_pointer (&self);
}

/* Those of a set that are folders, in order. */
static GPtrArray *
load_folders (ErosStepFiles *files, const char *set, gboolean only_looks, GError **error)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_sql_step_free);
  g_auto (GStrv) names = eros_step_files_list (files, set);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *id = g_strdup_printf ("%s/%s", set, names[i]);
      ErosSqlStep *step = NULL;

      if (eros_step_files_get (files, id) != NULL)
        continue;
      step = load_step (files, id, only_looks, error);
      if (step == NULL)
        return NULL;
      g_ptr_array_add (steps, step);
    }
  return g_steal_pointer (&steps);
}

/**
 * eros_sql_looks_load:
 * @files: the texts of a runbook's operations
 * @set: which: "monitoring"
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * Reads a set of steps that only look: verify.sql and step.json each.
 *
 * Returns: (transfer full) (element-type ErosSqlStep): them, in order; empty when there are none
 */
GPtrArray *
eros_sql_looks_load (ErosStepFiles *files, const char *set, GError **error)
{
  return load_folders (files, set, TRUE, error);
}

/**
 * eros_sql_steps_load:
 * @files: the texts of a runbook's operations
 * @set: which steps: "phase1"
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * Reads a set's steps, all or none.
 *
 * Returns: (transfer full) (element-type ErosSqlStep): them, in the order in which they are deployed
 */
GPtrArray *
eros_sql_steps_load (ErosStepFiles *files, const char *set, GError **error)
{
  g_autoptr (GPtrArray) steps = load_folders (files, set, FALSE, error);

  if (steps != NULL && steps->len == 0)
    {
      g_autofree char *shown = eros_step_files_describe (files, set);

      fail (error, shown, "*", _ ("There is no step here."));
      return NULL;
    }
  return g_steal_pointer (&steps);
}
