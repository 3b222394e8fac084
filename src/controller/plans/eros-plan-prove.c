/* eros-plan-prove.c: the way back, proved beforehand: everything that a deployment and its rollback do, done
 * on a copy of the data set
 *
 * What runs on the copy is the work itself, planned by the same plans, with a record of its own: a proof of
 * anything else would prove that. The copy goes at the end, however that was.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-inventory-diff.h"
#include "eros-plan-copy.h"
#include "eros-plan-parts.h"
#include "eros-plan.h"
#include "eros-way-back.h"

#define STEP_ROLLBACK "rollback"

/* How often the rows of the tables that come back are read, beside the statements of the deployment: by each
 * inventory, each comparison, and by what restores them. */
#define READINGS_OF_COPY     1
#define READINGS_OF_BACKUP   3
#define READINGS_OF_DEPLOY   2
#define READINGS_OF_ROLLBACK 8
#define READINGS_OF_JUDGING  1

/* What the work keeps. */
typedef struct
{
  ErosCopy *copy;        /* (nullable) while there is one */
  ErosWork *inner;       /* (nullable) what runs on it */
  ErosWorkStep *step;    /* … and for which step */
  gint64 begun;          /* µs, monotonic */
  char *backup;          /* (nullable): "backup_20251031_143022" */
  ErosInventory *before; /* (nullable): the copy's, when it was backed up */
  GPtrArray *unlike; /* (nullable) (element-type utf8): what is not in the copy as it is in the data set */
  JsonObject *milliseconds;
} Proof;

static void
proof_reset (Proof *proof)
{
  g_clear_pointer (&proof->inner, eros_work_unref);
  g_clear_pointer (&proof->copy, eros_copy_free);
  g_clear_pointer (&proof->backup, g_free);
  g_clear_pointer (&proof->before, eros_inventory_unref);
  g_clear_pointer (&proof->unlike, g_ptr_array_unref);
  g_clear_pointer (&proof->milliseconds, json_object_unref);
}

static void
proof_free (gpointer data)
{
  proof_reset (data);
  g_free (data);
}

/* ---- a step that is other work, done on the copy ------------------------------------------------------- */

typedef struct
{
  Proof *proof;
  /* (transfer full) (nullable): an error */
  ErosWork *(*make) (ErosWork *work, ErosWorkStep *step, Proof *proof, GError **error);
  gboolean (*done) (ErosWork *work,
                    Proof *proof,
                    GError **error); /* (nullable): what it has found is looked at */
  char *kind;                        /* (nullable): of the operation */
} Part;

static void
part_free (gpointer data)
{
  g_free (((Part *) data)->kind);
  g_free (data);
}

typedef struct
{
  ErosWork *work;
  ErosWorkStep *step;
} Pending;

static Pending *
pending_new (ErosWork *work, ErosWorkStep *step)
{
  Pending *pending = g_new (Pending, 1);

  pending->work = work;
  pending->step = step;
  return pending;
}

/* For people: what it is doing. */
static void
say_cb (ErosOperation *operation, GParamSpec *pspec, gpointer step)
{
  GListModel *steps = eros_operation_get_steps (operation);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) one = g_list_model_get_item (steps, i);

      if (eros_step_get_state (one) == EROS_STATE_PLANNED || eros_step_get_state (one) == EROS_STATE_RUNNING)
        {
          eros_work_step_say (step, eros_step_get_title (one));
          return;
        }
    }
}

/* What its jobs have read, and not what they were expected to. */
static gint64
count_bytes (ErosWork *inner)
{
  GListModel *steps = eros_operation_get_steps (eros_work_get_operation (inner));
  gint64 bytes = 0;

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      bytes += MAX (eros_step_get_bytes_processed (step), 0);
    }
  return bytes;
}

static char *
summarize (ErosWork *inner, gint64 ms)
{
  ErosOperation *operation = eros_work_get_operation (inner);
  const char *message = eros_operation_get_message (operation);
  guint n = g_list_model_get_n_items (eros_operation_get_steps (operation));
  g_autofree char *text =
    /* Translators: how many steps; seconds */
    g_strdup_printf (ngettext ("%1$u step, %2$.1f s", "%1$u steps, %2$.1f s", n), n, ms / 1000.0);

  return g_strjoin (message != NULL ? "; " : NULL, text, message, NULL);
}

static void
inner_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Pending *pending = user_data;
  Part *part = pending->step->data;
  Proof *proof = part->proof;
  g_autoptr (ErosWork) inner = g_steal_pointer (&proof->inner);
  gint64 ms = (g_get_monotonic_time () - proof->begun) / 1000;
  g_autofree char *summary = NULL;
  GError *error = NULL;

  g_signal_handlers_disconnect_by_func (eros_work_get_operation (inner), say_cb, pending->step);
  proof->inner = inner; /* for done () */
  if (eros_work_run_finish (inner, result, &error) && part->done != NULL)
    part->done (pending->work, proof, &error);
  proof->inner = NULL;
  if (error != NULL)
    {
      eros_work_step_failed (pending->work, pending->step, error);
      return;
    }
  json_object_set_int_member (proof->milliseconds, pending->step->id, ms);
  eros_work_step_count (pending->step, count_bytes (inner));
  summary = summarize (inner, ms);
  eros_work_step_done (pending->work, pending->step, summary);
}

static void
run_part (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  Part *part = step->data;
  Proof *proof = part->proof;
  GError *error = NULL;

  proof->inner = part->make (work, step, proof, &error);
  if (proof->inner == NULL)
    {
      eros_work_step_failed (work, step, error);
      return;
    }
  proof->begun = g_get_monotonic_time ();
  g_signal_connect (eros_work_get_operation (proof->inner), "notify::progress", G_CALLBACK (say_cb), step);
  eros_work_run_async (proof->inner, cancellable, inner_cb, pending_new (work, step));
}

static ErosWorkStep *
add_part (ErosWork *work,
          Proof *proof,
          guint group,
          const char *id,
          const char *title,
          ErosWork *(*make) (ErosWork *, ErosWorkStep *, Proof *, GError **) )
{
  ErosWorkStep *step = eros_work_add (work, group, id, title);
  Part *part = g_new0 (Part, 1);

  part->proof = proof;
  part->make = make;
  step->call = run_part;
  step->data = part;
  step->data_free = part_free;
  step->always = TRUE; /* on another copy each time */
  return step;
}

/* ---- the copy ------------------------------------------------------------------------------------------ */

static char *
name_of_copy (ErosWork *work)
{
  ErosConnection *connection = eros_big_query_get_connection (eros_work_get_big_query (work));

  return g_strdup_printf ("%s_proof_%s", eros_connection_get_dataset (connection),
                          eros_work_get_value (work, "clock.stamp"));
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Pending *pending = user_data;
  g_autofree char *name = name_of_copy (pending->work);
  GError *error = NULL;

  if (eros_copy_create_finish (result, &error))
    eros_work_step_done (pending->work, pending->step, name);
  else
    eros_work_step_failed (pending->work, pending->step, error);
}

static void
cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Pending *pending = user_data;
  ErosWork *work = pending->work;
  Proof *proof = pending->step->data;
  g_autoptr (ErosInventory) inventory = eros_plan_get_inventory (work, EROS_PLAN_INVENTORY_BEFORE);
  g_autofree char *name = name_of_copy (work);
  guint n_removed;
  GError *error = NULL;

  if (eros_copy_remove_all_finish (result, &n_removed, &error))
    {
      proof_reset (proof);
      proof->milliseconds = json_object_new ();
      proof->copy = eros_copy_new (work, name, &error);
    }
  if (proof->copy != NULL)
    eros_work_set_value (work, pending->step, "dataset", name);
  if (error != NULL || !eros_work_note_values (work, pending->step, &error))
    {
      eros_work_step_failed (work, pending->step, error);
      g_free (pending);
      return;
    }
  eros_copy_create_async (eros_work_get_big_query (work), inventory, name,
                          eros_operation_get_id (eros_work_get_operation (work)), NULL, created_cb, pending);
}

/* What an earlier one may have left goes first. */
static void
create_copy (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  eros_copy_remove_all_async (eros_work_get_deployment (work), eros_work_get_big_query (work), cancellable,
                              cleared_cb, pending_new (work, step));
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Pending *pending = user_data;
  guint n_removed;
  GError *error = NULL;

  if (eros_copy_remove_all_finish (result, &n_removed, &error))
    eros_work_step_done (pending->work, pending->step, NULL);
  else
    eros_work_step_failed (pending->work, pending->step, error);
}

static void
remove_copy (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  proof_reset (step->data);
  eros_copy_remove_all_async (eros_work_get_deployment (work), eros_work_get_big_query (work), cancellable,
                              removed_cb, pending_new (work, step));
}

static ErosWork *
make_tables (ErosWork *work, ErosWorkStep *step, Proof *proof, GError **error)
{
  g_autoptr (ErosInventory) inventory = eros_plan_get_inventory (work, EROS_PLAN_INVENTORY_BEFORE);

  return eros_copy_make_tables (proof->copy, eros_big_query_get_connection (eros_work_get_big_query (work)),
                                inventory, eros_work_get_value (work, "clock.now"));
}

static ErosWork *
make_objects (ErosWork *work, ErosWorkStep *step, Proof *proof, GError **error)
{
  g_autoptr (ErosInventory) inventory = eros_plan_get_inventory (work, EROS_PLAN_INVENTORY_BEFORE);

  return eros_copy_make_objects (proof->copy, inventory);
}

/* ---- the work ------------------------------------------------------------------------------------------ */

static ErosWork *
make_backup (ErosWork *work, ErosWorkStep *step, Proof *proof, GError **error)
{
  g_autoptr (JsonObject) arguments = json_object_new ();
  g_autoptr (ErosWork) inner =
    eros_work_new (proof->copy->deployment, proof->copy->big_query, NULL,
                   eros_operation_kind_get_name (EROS_OPERATION_KIND_BACKUP), step->title, arguments);

  return eros_plan_snapshots (inner, error) ? g_steal_pointer (&inner) : NULL;
}

/* What others have is what the deployment will meet there: an object that is missing is no copy. */
static gboolean
backup_done (ErosWork *work, Proof *proof, GError **error)
{
  g_autoptr (ErosInventory) source = eros_plan_get_inventory (work, EROS_PLAN_INVENTORY_BEFORE);

  proof->backup = g_strdup_printf ("backup_%s", eros_work_get_value (proof->inner, "clock.stamp"));
  proof->before = eros_plan_get_inventory (proof->inner, EROS_PLAN_INVENTORY);
  proof->unlike = eros_copy_list_differences (source, proof->before);
  return TRUE;
}

static const char *
sql_of (ErosWork *work)
{
  return eros_work_get_argument (work, "sql");
}

static ErosWork *
make_deploy (ErosWork *work, ErosWorkStep *step, Proof *proof, GError **error)
{
  g_autoptr (JsonObject) arguments = json_object_new ();

  if (*sql_of (work) != '\0')
    json_object_set_string_member (arguments, "sql", sql_of (work));
  return eros_plan_make (proof->copy->deployment, proof->copy->big_query, NULL, ((Part *) step->data)->kind,
                         arguments, error);
}

static ErosWork *
make_rollback (ErosWork *work, ErosWorkStep *step, Proof *proof, GError **error)
{
  g_autoptr (JsonObject) arguments = json_object_new ();

  if (*sql_of (work) != '\0')
    json_object_set_string_member (arguments, "sql", sql_of (work));
  json_object_set_string_member (arguments, "backup", proof->backup);
  json_object_set_string_member (arguments, "reason",
                                 eros_operation_kind_get_title (EROS_OPERATION_KIND_PROVE));
  json_object_set_string_member (arguments, "authority",
                                 eros_deployment_get_actor (eros_work_get_deployment (work)));
  json_object_set_string_member (arguments, "confirm", "ROLLBACK");
  json_object_set_string_member (arguments, EROS_PLAN_ON_COPY, "true");
  return eros_plan_make (proof->copy->deployment, proof->copy->big_query, NULL, ((Part *) step->data)->kind,
                         arguments, error);
}

/* ---- the verdict --------------------------------------------------------------------------------------- */

static JsonObject *
list_digests (ErosWork *work)
{
  JsonObject *sql = json_object_new ();
  ErosWorkStep *step;

  for (guint i = 0; (step = eros_work_get_step (work, i)) != NULL; i++)
    if (step->forecast != NULL)
      json_object_set_string_member (sql, ((Part *) step->data)->kind,
                                     eros_work_get_argument (step->forecast, "sql_sha256"));
  return sql;
}

static gboolean
record_proof (ErosWork *work, Proof *proof, GError **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *body = json_object_new ();
  JsonArray *unlike = json_array_new ();
  g_autofree char *name = name_of_copy (work);

  json_node_take_object (node, body);
  for (guint i = 0; i < proof->unlike->len; i++)
    json_array_add_string_element (unlike, proof->unlike->pdata[i]);
  json_object_set_string_member (body, EROS_MEMBER_ID,
                                 eros_operation_get_id (eros_work_get_operation (work)));
  json_object_set_string_member (body, EROS_MEMBER_DATASET, name);
  json_object_set_string_member (body, EROS_MEMBER_INVENTORY_DIGEST,
                                 eros_work_get_value (work, EROS_PLAN_INVENTORY_BEFORE ".digest"));
  json_object_set_object_member (body, EROS_MEMBER_SQL, list_digests (work));
  json_object_set_object_member (body, EROS_MEMBER_MILLISECONDS, json_object_ref (proof->milliseconds));
  json_object_set_array_member (body, EROS_MEMBER_UNLIKE, unlike);
  return eros_deployment_record (eros_work_get_deployment (work), EROS_EVENT_WAY_BACK_PROVED, node, error) !=
         NULL;
}

static gboolean
has_the_same_rows (const ErosInventory *before, const ErosInventory *after)
{
  for (guint i = 0; i < eros_inventory_get_n_rows (before); i++)
    {
      const ErosInventoryRows *rows = eros_inventory_get_rows (before, i);
      const ErosInventoryRows *others = eros_inventory_find_rows (after, rows->table);

      if (others == NULL || rows->n_rows != others->n_rows ||
          !g_str_equal (rows->checksum, others->checksum) || !g_str_equal (rows->total, others->total))
        return FALSE;
    }
  return TRUE;
}

/* Nobody else works with a copy: it must be what it was to the last object. */
static gboolean
judge (ErosWork *work, Proof *proof, const ErosInventory *after, GError **error)
{
  g_autoptr (GPtrArray) changes = eros_inventory_diff (proof->before, after);
  g_autoptr (GPtrArray) unknown = eros_inventory_list_unknown (proof->before, after);
  g_autofree char *differences = eros_inventory_summarize_changes (changes);

  if (changes->len > 0)
    g_set_error (
      error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
      /* Translators: “2 added: view a, function b” */
      _ ("After the way back the copy was not what it was before: %s. The way back does not hold."),
      differences);
  else if (unknown->len > 0)
    g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                 _ ("Whether the copy is what it was before cannot be said: not read: %s."),
                 (const char *) unknown->pdata[0]);
  else if (!has_the_same_rows (proof->before, after))
    g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                         _ ("After the way back the tables had other rows than before. The way back does not "
                            "hold."));
  else
    return record_proof (work, proof, error);
  return FALSE;
}

/* (transfer full) */
static char *
say_verdict (Proof *proof)
{
  g_autofree char *list = NULL;

  if (proof->unlike->len == 0)
    return g_strdup (_ ("the copy is what it was before, object by object"));
  g_ptr_array_add (proof->unlike, NULL);
  list = g_strjoinv (", ", (char **) proof->unlike->pdata);
  /* Translators: a list of objects */
  return g_strdup_printf (_ ("the copy is what it was before, object by object; in the copy these were not "
                             "quite what they are in the data set: %s"),
                          list);
}

static void
judged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Pending *pending = user_data;
  Proof *proof = pending->step->data;
  GError *error = NULL;
  g_autoptr (ErosInventory) after = eros_inventory_read_finish (result, &error);
  g_autofree char *verdict = NULL;

  if (after == NULL || !judge (pending->work, proof, after, &error))
    {
      eros_work_step_failed (pending->work, pending->step, error);
      return;
    }
  verdict = say_verdict (proof);
  eros_operation_set_message (eros_work_get_operation (pending->work), verdict);
  eros_work_step_done (pending->work, pending->step, verdict);
}

static const char *const *
list_tables (ErosWork *work)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (eros_work_get_deployment (work));
  ErosElement *element =
    eros_runbook_find_operation (runbook, eros_operation_kind_get_name (EROS_OPERATION_KIND_BACKUP));

  return element != NULL ? eros_element_get_tables (element) : NULL;
}

static void
read_again (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  Proof *proof = step->data;

  eros_inventory_read_async (proof->copy->big_query, list_tables (work), cancellable, judged_cb,
                             pending_new (work, step));
}

/* ---- before anything is made --------------------------------------------------------------------------- */

/* Outside of comments, as a word. */
static gboolean
names_data_set (const char *text, const char *dataset)
{
  g_autoptr (GRegex) comments = g_regex_new ("--[^\\n]*|/\\*.*?\\*/", G_REGEX_RAW | G_REGEX_DOTALL, 0, NULL);
  g_autofree char *rest = g_regex_replace_literal (comments, text, -1, 0, " ", 0, NULL);
  g_autofree char *escaped = g_regex_escape_string (dataset, -1);
  g_autofree char *pattern = g_strdup_printf ("(?<![A-Za-z0-9_])%s(?![A-Za-z0-9_])", escaped);

  return g_regex_match_simple (pattern, rest, G_REGEX_RAW, 0);
}

static gboolean
refuse_naming (const char *what, const char *dataset, GError **error)
{
  g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED,
               /* Translators: %1$s: a file or an object, %2$s: a data set */
               _ ("%1$s has the name of the data set %2$s in it in a way that cannot be led to a copy: run "
                  "there, it would change the data set itself. ${dataset} stands for it in the steps; a "
                  "routine can name its tables without a data set put together from texts."),
               what, dataset);
  return FALSE;
}

static gboolean
check_definitions (ErosWork *work, ErosWorkStep *step, const ErosInventory *inventory, GError **error)
{
  static const char *const kinds[] = { EROS_INVENTORY_FUNCTION, EROS_INVENTORY_TABLE_FUNCTION,
                                       EROS_INVENTORY_PROCEDURE, NULL };

  for (guint i = 0; i < eros_inventory_get_n_objects (inventory); i++)
    {
      const ErosInventoryObject *object = eros_inventory_get_object (inventory, i);
      g_autofree char *what = g_strdup_printf ("%s %s", object->kind, object->name);

      if (g_strv_contains (kinds, object->kind) &&
          names_data_set (object->definition, eros_inventory_get_dataset (inventory)))
        return refuse_naming (what, eros_inventory_get_dataset (inventory), error);
    }
  if (eros_inventory_knows (inventory, EROS_INVENTORY_TABLE) &&
      eros_inventory_knows (inventory, EROS_INVENTORY_PROCEDURE))
    return TRUE;
  g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED,
               _ ("The data set cannot be copied: %s could not be read: %s"),
               eros_inventory_get_gap (inventory, 0)->what, eros_inventory_get_gap (inventory, 0)->why);
  return FALSE;
}

static gboolean
check_texts (ErosWork *work, const char *set, GError **error)
{
  ErosConnection *connection = eros_big_query_get_connection (eros_work_get_big_query (work));
  const char *dataset = eros_connection_get_dataset (connection);
  g_autoptr (GPtrArray) steps = eros_plan_load_steps (work, set, error);

  for (guint i = 0; steps != NULL && i < steps->len; i++)
    {
      const ErosSqlStep *step = steps->pdata[i];
      const char *const texts[] = { step->deploy, step->revert, step->restored };

      for (guint k = 0; k < G_N_ELEMENTS (texts); k++)
        if (texts[k] != NULL && names_data_set (texts[k], dataset))
          return refuse_naming (step->id, dataset, error);
    }
  return steps != NULL;
}

/* ---- the plan ------------------------------------------------------------------------------------------ */

static char *
make_readings (ErosWork *work)
{
  const char *const *tables = list_tables (work);
  g_autoptr (GString) sql = g_string_new (NULL);

  for (guint i = 0; tables != NULL && tables[i] != NULL; i++)
    {
      g_autofree char *reference = g_strdup_printf ("`${project}.${dataset}.%s`", tables[i]);
      g_autofree char *one = eros_fingerprint_sql (reference, NULL);

      g_string_append_printf (sql, "%s%s", i > 0 ? "\nUNION ALL\n" : "", one);
    }
  return sql->len > 0 ? g_string_free (g_steal_pointer (&sql), FALSE) : NULL;
}

/* The statements are asked for as they are, where they will be run for real; nothing of it is run. */
static gboolean
add_deploy (ErosWork *work, Proof *proof, guint group, const char *kind, GError **error)
{
  const char *set = eros_operation_kind_get_set (kind);
  g_autoptr (JsonObject) arguments = json_object_new ();
  g_autoptr (ErosWork) forecast = NULL;
  ErosWorkStep *step;

  if (!check_texts (work, set, error))
    return FALSE;
  if (*sql_of (work) != '\0')
    json_object_set_string_member (arguments, "sql", sql_of (work));
  forecast = eros_plan_make (eros_work_get_deployment (work), eros_work_get_big_query (work), NULL, kind,
                             arguments, error);
  if (forecast == NULL)
    return FALSE;
  step = add_part (work, proof, group, kind, eros_operation_get_title (eros_work_get_operation (forecast)),
                   make_deploy);
  ((Part *) step->data)->kind = g_strdup (kind);
  step->forecast = g_steal_pointer (&forecast);
  return TRUE;
}

static void
add_copying (ErosWork *work, Proof *proof, guint *group)
{
  ErosWorkStep *step;

  eros_plan_add_inventory (work, (*group)++, EROS_PLAN_INVENTORY_BEFORE, _ ("Note what the data set is"),
                           check_definitions, NULL)
    ->always = TRUE;
  eros_plan_add_clock (work, *group);
  eros_work_get_step (work, 1)->always = TRUE;
  step = eros_work_add (work, ++*group, EROS_PLAN_COPY_CREATE, _ ("Make a data set for the copy"));
  step->call = create_copy;
  step->data = proof;
  step->always = TRUE;
  add_part (work, proof, ++*group, "copy/tables", _ ("Clone the tables"), make_tables);
  add_part (work, proof, ++*group, "copy/objects", _ ("Make views and routines again"), make_objects);
  step = add_part (work, proof, ++*group, "backup", _ ("Back up the copy"), make_backup);
  ((Part *) step->data)->done = backup_done;
}

static void
add_way_back (ErosWork *work, Proof *proof, guint group, guint n_deployments)
{
  ErosWorkStep *step = add_part (work, proof, group, STEP_ROLLBACK, _ ("Roll the copy back"), make_rollback);

  ((Part *) step->data)->kind = g_strdup (eros_operation_kind_get_name (EROS_OPERATION_KIND_ROLLBACK));
  step->reads = make_readings (work);
  step->n_readings = READINGS_OF_COPY + READINGS_OF_BACKUP + n_deployments * READINGS_OF_DEPLOY +
                     READINGS_OF_ROLLBACK + READINGS_OF_JUDGING;
  step = eros_work_add (work, group + 1, EROS_PLAN_INVENTORY_AFTER, _ ("Compare the copy with what it was"));
  step->call = read_again;
  step->data = proof;
  step->always = TRUE;
  step = eros_work_add (work, group + 2, EROS_PLAN_COPY_REMOVE, _ ("Remove the copy"));
  step->call = remove_copy;
  step->data = proof;
  step->at_end = TRUE;
}

/**
 * eros_plan_prove:
 * @work: an operation without steps. Argument: "sql", the folder of the steps if it is not the program's own
 * @error: return location for %EROS_CONTROLLER_ERROR or an I/O error
 *
 * Copies the data set, deploys every set of steps on the copy, rolls back, compares, and removes the copy.
 * When it ends well the way back is on record as proved.
 *
 * Returns: whether there is a way back to prove, and the steps could be read
 */
gboolean
eros_plan_prove (ErosWork *work, GError **error)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (eros_work_get_deployment (work));
  g_auto (GStrv) deployments = eros_runbook_list_deployments (runbook);
  guint n = g_strv_length (deployments);
  Proof *proof = g_new0 (Proof, 1);
  guint group = 0;

  eros_work_keep (work, proof, proof_free);
  if (n == 0 ||
      eros_runbook_find_operation (runbook, eros_operation_kind_get_name (EROS_OPERATION_KIND_ROLLBACK)) ==
        NULL ||
      list_tables (work) == NULL)
    {
      g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED,
                           _ ("The runbook has no deployment, no backup with tables or no rollback: there is "
                              "no way back to prove."));
      return FALSE;
    }
  add_copying (work, proof, &group);
  for (guint i = 0; i < n; i++)
    if (!add_deploy (work, proof, ++group, deployments[i], error))
      return FALSE;
  add_way_back (work, proof, ++group, n);
  return TRUE;
}
