/* eros-cli-inventory.c: eros-deploy inventory, eros-deploy diff
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <inttypes.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-cli-commands.h"
#include "eros-cli-inventory.h"
#include "eros-cli-service.h"
#include "eros-inventory.h"
#include "eros-inventory-diff.h"
#include "eros-inventory-read.h"
#include "eros-time-text.h"

/* ---- reading ------------------------------------------------------------------------------------------- */

ErosInventory *
eros_cli_read_inventory_over (ErosConnection *connection, const char *const *tables, GError **error)
{
  g_autoptr (ErosBigQuery) big_query = eros_big_query_new (connection);
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  eros_inventory_read_async (big_query, tables, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  return eros_inventory_read_finish (result, error);
}

static ErosInventory *
read_inventory (ErosController *controller, GError **error)
{
  ErosElement *element = eros_runbook_find_operation (
    eros_deployment_get_runbook (eros_controller_get_deployment (controller)), "backup");

  return eros_cli_read_inventory_over (eros_controller_get_connection (controller),
                                       element != NULL ? eros_element_get_tables (element) : NULL, error);
}

/* A file that begins as JSON does is an inventory; a deployment's file is SQLite. */
static gboolean
is_inventory (const char *text, gsize length)
{
  while (length > 0 && g_ascii_isspace (*text))
    text++, length--;
  return length > 0 && *text == '{';
}

ErosInventory *
eros_cli_read_inventory (ErosCliService *service, const char *what, GError **error)
{
  g_autoptr (GFile) deployment = NULL;
  g_autofree char *text = NULL;
  gsize length;
  ErosInventory *inventory;

  /* A pipe is not waited for. */
  if (g_file_test (what, G_FILE_TEST_IS_REGULAR) && g_file_get_contents (what, &text, &length, NULL) &&
      is_inventory (text, length))
    {
      inventory = eros_inventory_new_from_text (text, length, error);
      if (inventory == NULL)
        g_prefix_error (error, "%s: ", what);
      return inventory;
    }
  deployment = eros_cli_find_file (what, error);
  if (deployment == NULL)
    {
      if (!g_file_test (what, G_FILE_TEST_EXISTS))
        g_prefix_error (error, _ ("There is no file “%s”. "), what);
      return NULL;
    }
  return eros_cli_service_open (service, what, EROS_JOURNAL_READ, error)
           ? read_inventory (service->controller, error)
           : NULL;
}

/* ---- eros-deploy inventory ----------------------------------------------------------------------------- */

static void
print_gaps (GPtrArray *gaps)
{
  for (guint i = 0; i < gaps->len; i++)
    /* Translators: what could not be read, and why */
    eros_cli_print (_ ("  not read: %s\n"), (const char *) gaps->pdata[i]);
}

static void
print_inventory (const ErosInventory *inventory)
{
  g_autofree char *time = eros_time_text (eros_inventory_get_time (inventory));
  g_autoptr (GPtrArray) gaps = eros_inventory_list_unknown (inventory, inventory);

  eros_cli_print ("%s.%s, %s\n%s\n", eros_inventory_get_project (inventory),
                  eros_inventory_get_dataset (inventory), time, eros_inventory_get_digest (inventory));
  for (guint i = 0; i < eros_inventory_get_n_objects (inventory); i++)
    {
      const ErosInventoryObject *object = eros_inventory_get_object (inventory, i);

      eros_cli_print ("  %.12s  %s %s%s\n", object->digest, object->kind, object->name,
                      object->is_ours ? _ (" (a backup’s, made by this program)") : "");
    }
  for (guint i = 0; i < eros_inventory_get_n_rows (inventory); i++)
    {
      const ErosInventoryRows *rows = eros_inventory_get_rows (inventory, i);
      g_autofree char *size = g_format_size (MAX (0, rows->bytes));

      eros_cli_print (_ ("  %s: %" PRId64 " rows, %s, fingerprint %s\n"), rows->table, rows->n_rows, size,
                      rows->checksum);
    }
  print_gaps (gaps);
}

int
eros_cli_inventory (int argc, char **argv, GError **error)
{
  g_auto (ErosCliService) service = { 0 };
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (service),
    { "json", 0, 0, G_OPTION_ARG_NONE, &service.json,
      N_ ("Print all of it as JSON, which “eros-deploy diff” reads"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ErosInventory) inventory = NULL;

  if (!eros_cli_parse (&argc, &argv, entries, "ID",
                       _ ("Says what the data set is: every object with a digest of its definition, the rows "
                          "of the critical tables with their fingerprints. Changes nothing."),
                       1, 1, error))
    return EROS_EXIT_USAGE;
  if (!eros_cli_service_open (&service, argv[1], EROS_JOURNAL_READ, error))
    return EROS_EXIT_FAILED;
  inventory = read_inventory (service.controller, error);
  if (inventory == NULL)
    return EROS_EXIT_FAILED;
  if (service.json)
    eros_cli_print_json (eros_inventory_to_json (inventory));
  else
    print_inventory (inventory);
  return EROS_EXIT_DONE;
}

/* ---- eros-deploy diff ---------------------------------------------------------------------------------- */

static void
print_lines (const char *before, const char *after)
{
  g_autoptr (GArray) lines = eros_diff_lines (before, after);

  for (guint i = 0; i < lines->len; i++)
    {
      const ErosDiffLine *line = &g_array_index (lines, ErosDiffLine, i);
      g_autofree char *text = g_strndup (line->text, line->length);

      eros_cli_print ("    %c %s\n", line->mark, text);
    }
}

/* Rows are the same when their number and their fingerprint are. (transfer full) (element-type utf8) */
static GPtrArray *
list_other_rows (const ErosInventory *before, const ErosInventory *after)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < eros_inventory_get_n_rows (before); i++)
    {
      const ErosInventoryRows *rows = eros_inventory_get_rows (before, i);
      const ErosInventoryRows *others = eros_inventory_find_rows (after, rows->table);

      if (others == NULL)
        continue;
      if (rows->n_rows != others->n_rows)
        g_ptr_array_add (list, g_strdup_printf (_ ("%s: %" PRId64 " rows, then %" PRId64), rows->table,
                                                rows->n_rows, others->n_rows));
      else if (!g_str_equal (rows->checksum, others->checksum) || !g_str_equal (rows->total, others->total))
        g_ptr_array_add (list, g_strdup_printf (_ ("%s: %" PRId64 " rows, but not the same ones"),
                                                rows->table, rows->n_rows));
    }
  return list;
}

static void
print_diff (GPtrArray *changes, GPtrArray *rows, GPtrArray *unknown)
{
  static const char *const words[] = { N_ ("added"), N_ ("changed"), N_ ("removed") };

  for (guint i = 0; i < changes->len; i++)
    {
      const ErosInventoryChange *change = changes->pdata[i];

      eros_cli_print ("%s: %s %s\n", _ (words[change->change]), change->kind, change->name);
      print_lines (change->before != NULL ? change->before->definition : "",
                   change->after != NULL ? change->after->definition : "");
    }
  for (guint i = 0; i < rows->len; i++)
    eros_cli_print ("%s\n", (const char *) rows->pdata[i]);
  if (changes->len + rows->len == 0)
    eros_cli_print (unknown->len == 0 ? _ ("There is no difference.\n")
                                      : _ ("There is no difference in what could be read.\n"));
  print_gaps (unknown);
}

static JsonArray *
lines_to_json (const ErosInventoryChange *change)
{
  g_autoptr (GArray) lines = eros_diff_lines (change->before != NULL ? change->before->definition : "",
                                              change->after != NULL ? change->after->definition : "");
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < lines->len; i++)
    {
      const ErosDiffLine *line = &g_array_index (lines, ErosDiffLine, i);
      g_autofree char *text = g_strdup_printf ("%c%.*s", line->mark, (int) line->length, line->text);

      json_array_add_string_element (array, text);
    }
  return array;
}

static JsonArray *
texts_to_json (GPtrArray *texts)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < texts->len; i++)
    json_array_add_string_element (array, texts->pdata[i]);
  return array;
}

static void
print_diff_json (GPtrArray *changes, GPtrArray *rows, GPtrArray *unknown)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < changes->len; i++)
    {
      const ErosInventoryChange *change = changes->pdata[i];
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "change", eros_change_kind_get_word (change->change));
      json_object_set_string_member (entry, "kind", change->kind);
      json_object_set_string_member (entry, "name", change->name);
      json_object_set_array_member (entry, "lines", lines_to_json (change));
      json_array_add_object_element (array, entry);
    }
  json_object_set_array_member (object, "changes", array);
  json_object_set_array_member (object, "rows", texts_to_json (rows));
  json_object_set_array_member (object, "not_read", texts_to_json (unknown));
  json_node_take_object (node, object);
  eros_cli_print_json (node);
}

typedef struct
{
  ErosCliService services[2];
  ErosCliService options;
} Diff;

static void
diff_clear (Diff *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->services); i++)
    eros_cli_service_clear (&self->services[i]);
  eros_cli_service_clear (&self->options);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Diff, diff_clear)

/* Each side has a deployment of its own, and both are reached as the options say. */
static void
take_options (ErosCliService *service, const ErosCliService *options)
{
  service->endpoint = g_strdup (options->endpoint);
  service->sign_in = g_strdup (options->sign_in);
  for (guint i = 0; i < G_N_ELEMENTS (service->limits); i++)
    service->limits[i] = g_strdup (options->limits[i]);
  service->captions = options->captions;
}

static ErosInventory *
read_side (Diff *self, guint side, const char *what, GError **error)
{
  take_options (&self->services[side], &self->options);
  return eros_cli_read_inventory (&self->services[side], what, error);
}

int
eros_cli_diff (int argc, char **argv, GError **error)
{
  g_auto (Diff) self = { 0 };
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (self.options),
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.options.json, N_ ("Print JSON"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ErosInventory) before = NULL;
  g_autoptr (ErosInventory) after = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) unknown = NULL;

  if (!eros_cli_parse (&argc, &argv, entries, "ID|FILE ID|FILE",
                       _ ("Compares two data sets, or one with an inventory that “eros-deploy inventory "
                          "--json” has written or a backup has beside it: object by object, line by line."),
                       2, 2, error))
    return EROS_EXIT_USAGE;
  before = read_side (&self, 0, argv[1], error);
  after = before != NULL ? read_side (&self, 1, argv[2], error) : NULL;
  if (after == NULL)
    return EROS_EXIT_FAILED;
  changes = eros_inventory_diff (before, after);
  rows = list_other_rows (before, after);
  unknown = eros_inventory_list_unknown (before, after);
  if (self.options.json)
    print_diff_json (changes, rows, unknown);
  else
    print_diff (changes, rows, unknown);
  return changes->len + rows->len > 0 ? EROS_EXIT_FAILED : EROS_EXIT_DONE;
}
