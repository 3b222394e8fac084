/* eros-inventory-read.c: a data set's inventory: few queries and lists, all at the same time
 *
 * INFORMATION_SCHEMA gives each object's whole DDL; only row access policies have to be asked for table by
 * table. What may not be read is named in the inventory; what does not answer at all ends the reading, unless
 * it is a service beside BigQuery.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-inventory-read.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-controller-error.h"
#include "eros-inventory-lists.h"
#include "eros-sql-text.h"

/* TO_JSON_STRING is the same text for equal rows, and FARM_FINGERPRINT a good hash of it. XOR alone would
 * miss pairs of equal rows, and a sum alone may cancel out; together with the count they do not. */
char *
eros_fingerprint_sql (const char *reference, const char *as_of)
{
  return g_strdup_printf ("SELECT\n"
                          "  COUNT(*) AS n_rows,\n"
                          "  IFNULL(BIT_XOR(FARM_FINGERPRINT(TO_JSON_STRING(t))), 0) AS checksum,\n"
                          "  IFNULL(SUM(MOD(FARM_FINGERPRINT(TO_JSON_STRING(t)), 1000000007)), 0) AS total\n"
                          "FROM %s AS t%s%s%s",
                          reference, as_of != NULL ? " FOR SYSTEM_TIME AS OF TIMESTAMP '" : "",
                          as_of != NULL ? as_of : "", as_of != NULL ? "'" : "");
}

/* A table or view, until its policy tags are known. */
typedef struct
{
  char *kind;
  char *name;
  char *ddl;
} Relation;

typedef struct
{
  ErosBigQuery *big_query;
  ErosInventory *inventory;
  GStrv tables;
  GPtrArray *relations;      /* of Relation */
  GHashTable *tags;          /* table → GString: a line for each column */
  GHashTable *sizes;         /* table → its bytes, as text */
  GCancellable *cancellable; /* own: cancelled with the caller's, or when a part has failed */
  guint n_parts;             /* under way */
  GError *error;             /* the first one */
} Reading;

/* One query of it. */
typedef struct _Part Part;
struct _Part
{
  GTask *task;
  const char *gap;
  gboolean may_lack; /* an old server may not know the view */
  void (*take) (Reading *reading, Part *part, ErosPage *page, guint row);
  void (*done) (GTask *task); /* (nullable) when all rows are there */
  char *table;
  ErosJobRequest *request;
  ErosJob *job;
  ErosSchema *schema;
};

static void
relation_free (Relation *relation)
{
  g_free (relation->kind);
  g_free (relation->name);
  g_free (relation->ddl);
  g_free (relation);
}

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->big_query);
  eros_inventory_unref (reading->inventory);
  g_strfreev (reading->tables);
  g_ptr_array_unref (reading->relations);
  g_hash_table_unref (reading->tags);
  g_hash_table_unref (reading->sizes);
  g_object_unref (reading->cancellable);
  g_clear_error (&reading->error);
  g_free (reading);
}

static void
part_free (Part *part)
{
  g_object_unref (part->task);
  g_free (part->table);
  g_clear_object (&part->request);
  g_clear_object (&part->job);
  g_clear_pointer (&part->schema, eros_schema_unref);
  g_free (part);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Part, part_free)

/* ---- the end ------------------------------------------------------------------------------------------- */

static void
add_relations (Reading *reading)
{
  for (guint i = 0; i < reading->relations->len; i++)
    {
      const Relation *relation = reading->relations->pdata[i];
      const GString *tags = g_hash_table_lookup (reading->tags, relation->name);
      g_autofree char *text = tags != NULL ? g_strconcat (relation->ddl, tags->str, NULL) : NULL;

      eros_inventory_add (reading->inventory, relation->kind, relation->name,
                          text != NULL ? text : relation->ddl);
    }
}

static void
part_ended (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);

  if (--reading->n_parts > 0)
    return;
  if (reading->error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&reading->error));
      return;
    }
  add_relations (reading);
  eros_inventory_complete (reading->inventory);
  g_task_return_pointer (task, eros_inventory_ref (reading->inventory),
                         (GDestroyNotify) eros_inventory_unref);
}

/* Takes error. A permission that is missing is a gap; anything else leaves nothing to rely on. */
static void
part_failed (GTask *task, const char *gap, gboolean may_lack, GError *error)
{
  Reading *reading = g_task_get_task_data (task);
  gboolean is_cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_DENIED) ||
      (may_lack && !is_cancelled))
    {
      eros_inventory_add_gap (reading->inventory, gap, error->message);
      g_error_free (error);
    }
  else if (reading->error == NULL)
    {
      reading->error = error;
      g_cancellable_cancel (reading->cancellable);
    }
  else
    g_error_free (error);
  part_ended (task);
}

/* ---- queries ------------------------------------------------------------------------------------------- */

static void
take_rows (Reading *reading, Part *part, ErosPage *page)
{
  for (guint i = 0; page != NULL && i < eros_page_get_n_rows (page); i++)
    part->take (reading, part, page, i);
}

static void
part_done (Part *part)
{
  Reading *reading = g_task_get_task_data (part->task);

  if (part->done != NULL && reading->error == NULL)
    part->done (part->task);
  part_ended (part->task);
}

static void page_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
read_page (Part *part, const char *token)
{
  Reading *reading = g_task_get_task_data (part->task);

  eros_big_query_read_page_async (reading->big_query, part->job, token, part->schema, 0, reading->cancellable,
                                  page_cb, part);
}

static void
page_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Part) part = user_data;
  Reading *reading = g_task_get_task_data (part->task);
  GError *error = NULL;
  g_autofree char *token = NULL;
  g_autoptr (ErosPage) page =
    eros_big_query_read_page_finish (EROS_BIG_QUERY (source), result, &token, NULL, &error);

  if (error != NULL)
    {
      part_failed (part->task, part->gap, part->may_lack, error);
      return;
    }
  take_rows (reading, part, page);
  if (token != NULL)
    {
      if (part->schema == NULL)
        part->schema = eros_schema_ref (eros_page_get_schema (page));
      read_page (g_steal_pointer (&part), token);
      return;
    }
  part_done (part);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Part) part = user_data;
  GError *error = NULL;

  part->job = eros_big_query_run_finish (EROS_BIG_QUERY (source), result, &error);
  if (part->job != NULL)
    error = eros_job_dup_error (part->job);
  if (error != NULL)
    part_failed (part->task, part->gap, part->may_lack, error);
  else
    read_page (g_steal_pointer (&part), NULL);
}

static Part *
part_new (GTask *task, const char *gap, void (*take) (Reading *, Part *, ErosPage *, guint))
{
  Part *part = g_new0 (Part, 1);

  part->task = g_object_ref (task);
  part->gap = gap;
  part->take = take;
  return part;
}

/* One request is enough, unless the answer is larger than a page: then the query runs again as a job, whose
 * pages can be asked for. */
static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Part) part = user_data;
  Reading *reading = g_task_get_task_data (part->task);
  GError *error = NULL;
  g_autofree char *token = NULL;
  g_autoptr (ErosPage) page =
    eros_big_query_query_finish (EROS_BIG_QUERY (source), result, &token, NULL, &error);

  if (error != NULL)
    {
      part_failed (part->task, part->gap, part->may_lack, error);
      return;
    }
  if (token != NULL)
    {
      Part *again = g_steal_pointer (&part);

      eros_big_query_run_async (reading->big_query, again->request, reading->cancellable, ran_cb, again);
      return;
    }
  take_rows (reading, part, page);
  part_done (part);
}

/* Takes part. */
static void
ask (Part *part, const char *sql)
{
  Reading *reading = g_task_get_task_data (part->task);
  g_autofree char *id = eros_job_request_make_id ("eros-inventory");
  GError *error = NULL;
  g_autofree char *filled =
    eros_sql_text_fill (sql, "inventory", eros_big_query_get_connection (reading->big_query), &error);

  reading->n_parts++;
  if (filled == NULL)
    {
      part_failed (part->task, part->gap, FALSE, error);
      part_free (part);
      return;
    }
  part->request = eros_job_request_new_query (id, filled);
  eros_job_request_set_use_cache (part->request, FALSE);
  eros_big_query_query_async (reading->big_query, part->request, 0, reading->cancellable, answered_cb, part);
}

/* ---- the rows of critical tables ----------------------------------------------------------------------- */

static void
take_size (Reading *reading, Part *part, ErosPage *page, guint row)
{
  g_hash_table_insert (reading->sizes, eros_page_dup_text (page, row, 0), eros_page_dup_text (page, row, 1));
}

static void
take_fingerprint (Reading *reading, Part *part, ErosPage *page, guint row)
{
  const char *bytes = g_hash_table_lookup (reading->sizes, part->table);
  g_autofree char *checksum = eros_page_dup_text (page, row, 1);
  g_autofree char *total = eros_page_dup_text (page, row, 2);

  eros_inventory_add_rows (reading->inventory, part->table, eros_page_get_int64 (page, row, 0),
                           bytes != NULL ? g_ascii_strtoll (bytes, NULL, 10) : -1, checksum, total);
}

static gboolean
has_table (Reading *reading, const char *name)
{
  for (guint i = 0; i < reading->relations->len; i++)
    {
      const Relation *relation = reading->relations->pdata[i];

      if (g_str_equal (relation->name, name) && g_str_equal (relation->kind, EROS_INVENTORY_TABLE))
        return TRUE;
    }
  return FALSE;
}

static void
ask_for_fingerprints (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);

  for (guint i = 0; reading->tables[i] != NULL; i++)
    {
      const char *table = reading->tables[i];
      g_autofree char *reference = g_strdup_printf ("`${project}.${dataset}.%s`", table);
      g_autofree char *sql = eros_fingerprint_sql (reference, NULL);
      g_autofree char *gap = g_strdup_printf ("rows of %s", table);
      Part *part;

      if (!has_table (reading, table))
        continue;
      part = part_new (task, g_intern_string (gap), take_fingerprint);
      part->table = g_strdup (table);
      ask (part, sql);
    }
}

static void
ask_for_sizes (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);
  g_autofree char *list = NULL;
  g_autofree char *sql = NULL;
  Part *part;

  if (reading->tables == NULL || reading->tables[0] == NULL)
    return;
  list = g_strjoinv ("', '", reading->tables);
  sql = g_strdup_printf ("SELECT table_id, size_bytes FROM `${project}.${dataset}.__TABLES__`\n"
                         "WHERE table_id IN ('%s')",
                         list);
  part = part_new (task, "sizes", take_size);
  part->done = ask_for_fingerprints;
  ask (part, sql);
}

/* ---- tables, views and routines ------------------------------------------------------------------------ */

static char *
kind_of_relation (const char *type)
{
  if (g_strcmp0 (type, "BASE TABLE") == 0 || g_strcmp0 (type, "CLONE") == 0)
    return g_strdup (EROS_INVENTORY_TABLE);
  return g_ascii_strdown (type != NULL ? type : "", -1);
}

static void
take_relation (Reading *reading, Part *part, ErosPage *page, guint row)
{
  Relation *relation = g_new0 (Relation, 1);
  const char *ddl = eros_page_get_text (page, row, 2);

  relation->name = g_strdup (eros_page_get_text (page, row, 0));
  relation->kind = kind_of_relation (eros_page_get_text (page, row, 1));
  relation->ddl = g_strdup (ddl != NULL ? ddl : "");
  eros_inventory_set_time (reading->inventory, eros_page_get_int64 (page, row, 3));
  g_ptr_array_add (reading->relations, relation);
}

static void
take_routine (Reading *reading, Part *part, ErosPage *page, guint row)
{
  const char *type = eros_page_get_text (page, row, 1);
  const char *ddl = eros_page_get_text (page, row, 2);
  g_autofree char *kind = g_ascii_strdown (type != NULL ? type : "", -1);

  eros_inventory_add (reading->inventory, kind, eros_page_get_text (page, row, 0), ddl != NULL ? ddl : "");
}

static void
take_tags (Reading *reading, Part *part, ErosPage *page, guint row)
{
  const char *table = eros_page_get_text (page, row, 0);
  GString *lines = g_hash_table_lookup (reading->tags, table);

  if (lines == NULL)
    {
      lines = g_string_new (NULL);
      g_hash_table_insert (reading->tags, g_strdup (table), lines);
    }
  g_string_append_printf (lines, "\n-- policy tag of %s: %s", eros_page_get_text (page, row, 1),
                          eros_page_get_text (page, row, 2));
}

static void
free_lines (gpointer lines)
{
  g_string_free (lines, TRUE);
}

/* ---- what is no query ---------------------------------------------------------------------------------- */

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const char *gap = NULL;
  GError *error = NULL;

  if (eros_inventory_list_finish (result, &gap, &error))
    part_ended (task);
  else
    /* Only the data set's own resource must be there: the rest are services beside, or may not be known. */
    part_failed (task, gap, !g_str_equal (gap, EROS_INVENTORY_GAP_DATASET), error);
}

static void
relations_read (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < reading->relations->len; i++)
    {
      Relation *relation = reading->relations->pdata[i];

      if (g_str_equal (relation->kind, EROS_INVENTORY_TABLE))
        g_ptr_array_add (names, relation->name);
    }
  reading->n_parts++;
  eros_inventory_list_policies_async (reading->big_query, reading->inventory, names, reading->cancellable,
                                      listed_cb, g_object_ref (task));
  ask_for_sizes (task);
}

static void
ask_for_everything (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);
  Part *part = part_new (task, EROS_INVENTORY_GAP_TABLES, take_relation);

  part->done = relations_read;
  ask (part, "SELECT table_name, table_type, ddl, CURRENT_TIMESTAMP() AS taken_at\n"
             "FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES`\n"
             "ORDER BY table_name");
  ask (part_new (task, EROS_INVENTORY_GAP_ROUTINES, take_routine),
       "SELECT routine_name, routine_type, ddl\n"
       "FROM `${project}.${dataset}.INFORMATION_SCHEMA.ROUTINES`\n"
       "ORDER BY routine_name");
  part = part_new (task, EROS_INVENTORY_GAP_TAGS, take_tags);
  part->may_lack = TRUE;
  ask (part, "SELECT table_name, field_path, ARRAY_TO_STRING(policy_tags, ', ') AS tags\n"
             "FROM `${project}.${dataset}.INFORMATION_SCHEMA.COLUMN_FIELD_PATHS`\n"
             "WHERE ARRAY_LENGTH(policy_tags) > 0\n"
             "ORDER BY table_name, field_path");
  reading->n_parts++;
  eros_inventory_list_dataset_async (reading->big_query, reading->inventory, reading->cancellable, listed_cb,
                                     g_object_ref (task));
  reading->n_parts++;
  eros_inventory_list_schedules_async (reading->big_query, reading->inventory, reading->cancellable,
                                       listed_cb, g_object_ref (task));
}

static void
cancelled_cb (GCancellable *callers, GCancellable *own)
{
  g_cancellable_cancel (own);
}

/**
 * eros_inventory_read_async:
 * @big_query: a client; its connection's data set
 * @tables: (nullable) (array zero-terminated=1): the critical tables
 * @cancellable: (nullable): a cancellable
 * @callback: called when the inventory is complete
 * @user_data: for @callback
 *
 * Reads what the data set is. Errors are %EROS_BIG_QUERY_ERROR and %EROS_CONTROLLER_ERROR: a data set that is
 * not there, a server that does not answer. A permission that is missing is none: it is named in the
 * inventory.
 */
void
eros_inventory_read_async (ErosBigQuery *big_query,
                           const char *const *tables,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  ErosConnection *connection = eros_big_query_get_connection (big_query);
  Reading *reading = g_new0 (Reading, 1);

  g_task_set_source_tag (task, eros_inventory_read_async);
  reading->big_query = g_object_ref (big_query);
  reading->inventory = eros_inventory_new (eros_connection_get_project (connection),
                                           eros_connection_get_dataset (connection), g_get_real_time ());
  reading->tables = g_strdupv ((char **) tables);
  reading->relations = g_ptr_array_new_with_free_func ((GDestroyNotify) relation_free);
  reading->tags = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_lines);
  reading->sizes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  reading->cancellable = g_cancellable_new ();
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  if (cancellable != NULL)
    g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), g_object_ref (reading->cancellable),
                           g_object_unref);
  reading->n_parts = 1; /* until all are under way */
  ask_for_everything (task);
  part_ended (task);
}

ErosInventory *
eros_inventory_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_inventory_read_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
