/* eros-cli-changes.c: eros-deploy changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-commands.h"
#include "eros-cli-private.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-deployment-list.h"
#include "eros-deployment-number.h"
#include "eros-timeline.h"

/* One row of the list; without texts: a number that nothing here has. */
typedef struct
{
  gint64 number;
  gint64 time; /* when it was deployed, or made */
  char *texts[9];
} Change;

static const char *const names[] = { "id",          "name",   "environment", "place", "lead", "deployed_from",
                                     "deployed_to", "result", "head" };
G_STATIC_ASSERT (G_N_ELEMENTS (names) == G_N_ELEMENTS (((Change *) NULL)->texts));

static void
change_free (gpointer data)
{
  Change *change = data;

  for (guint i = 0; i < G_N_ELEMENTS (change->texts); i++)
    g_free (change->texts[i]);
  g_free (change);
}

static Change *
read_change (ErosDeployment *deployment)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (deployment);
  g_autoptr (ErosEvent) created =
    g_list_model_get_item (G_LIST_MODEL (eros_deployment_get_journal (deployment)), 0);
  gint64 begun = eros_timeline_get_start (deployment);
  Change *change = g_new0 (Change, 1);
  char *texts[] = { g_strdup (eros_deployment_get_id (deployment)),
                    g_strdup (setup->name),
                    g_strdup (eros_cli_environment_text (setup->environment)),
                    g_strdup_printf ("%s.%s", setup->project, setup->dataset),
                    g_strdup (setup->lead_name),
                    eros_time_iso (begun),
                    eros_time_iso (eros_timeline_get_end (deployment)),
                    g_strdup (eros_cli_result_text (eros_deployment_get_result (deployment))),
                    g_strdup (eros_journal_get_head (eros_deployment_get_journal (deployment))) };

  change->number = eros_deployment_get_number (deployment);
  change->time = begun != 0 ? begun : eros_event_get_time (created);
  memcpy (change->texts, texts, sizeof texts);
  return change;
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const Change *first = *(Change *const *) a;
  const Change *second = *(Change *const *) b;

  if (first->number != second->number)
    return first->number < second->number ? -1 : 1;
  return first->time < second->time ? -1 : first->time > second->time;
}

/* All that are kept here, by number; those without one first. (element-type Change) (transfer full) */
static GPtrArray *
read_all (GError **error)
{
  g_autoptr (GFile) directory = eros_deployment_get_directory ();
  g_autoptr (GListModel) list = eros_deployment_list (directory, NULL, error);
  GPtrArray *all = g_ptr_array_new_with_free_func (change_free);

  for (guint i = 0; list != NULL && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (ErosDeploymentSummary) summary = g_list_model_get_item (list, i);
      g_autoptr (GError) problem = NULL;
      g_autoptr (ErosDeployment) deployment =
        eros_deployment_open (eros_deployment_summary_get_file (summary), EROS_JOURNAL_READ, &problem);

      if (deployment != NULL)
        g_ptr_array_add (all, read_change (deployment));
      else
        eros_cli_complain ("eros-deploy: %s\n", problem->message);
    }
  g_ptr_array_sort (all, compare_changes);
  if (list != NULL)
    return all;
  g_ptr_array_unref (all);
  return NULL;
}

/* The numbers from FIRST to before the END, which no deployment here has. */
static void
add_missing (GPtrArray *chosen, gint64 first, gint64 end)
{
  for (gint64 number = first; number < end; number++)
    {
      Change *gap = g_new0 (Change, 1);

      gap->number = number;
      g_ptr_array_add (chosen, gap);
    }
}

/* A number between two others that no deployment here has is one that was taken away, or cannot be read; so
 * is one that was given since the last. It is of the period if that lies between those beside it. */
static GPtrArray *
choose (GPtrArray *all, gint64 from, gint64 to)
{
  GPtrArray *chosen = g_ptr_array_new ();
  gint64 next = 1;
  gint64 before = G_MININT64;

  for (guint i = 0; i < all->len; i++)
    {
      Change *change = all->pdata[i];

      if (before < to && change->time >= from)
        add_missing (chosen, next, change->number);
      if (change->time >= from && change->time < to)
        g_ptr_array_add (chosen, change);
      if (change->number == 0)
        continue;
      next = change->number + 1;
      before = change->time;
    }
  if (before < to)
    add_missing (chosen, next, eros_numbering_get_last () + 1);
  return chosen;
}

static gboolean
is_gap (const Change *change)
{
  return change->texts[0] == NULL;
}

/* What a spreadsheet would take for a formula is made a text by an apostrophe before it. */
static char *
quote (const char *text)
{
  gboolean is_formula = *text != '\0' && strchr ("=+-@\t\r", *text) != NULL;
  GString *quoted;

  if (!is_formula && strpbrk (text, ",\"\r\n") == NULL)
    return g_strdup (text);
  quoted = g_string_new (text);
  if (is_formula)
    g_string_prepend_c (quoted, '\'');
  g_string_replace (quoted, "\"", "\"\"", 0);
  g_string_prepend_c (quoted, '"');
  g_string_append_c (quoted, '"');
  return g_string_free (quoted, FALSE);
}

/* RFC 4180. */
static void
print_csv (GPtrArray *changes)
{
  g_autofree char *header = g_strjoin (",", names[0], names[1], names[2], names[3], names[4], names[5],
                                       names[6], names[7], names[8], NULL);

  eros_cli_print ("number,%s\r\n", header);
  for (guint i = 0; i < changes->len; i++)
    {
      const Change *change = changes->pdata[i];
      g_autoptr (GString) line = g_string_new (NULL);

      if (change->number != 0)
        g_string_append_printf (line, "%" G_GINT64_FORMAT, change->number);
      for (guint k = 0; k < G_N_ELEMENTS (change->texts); k++)
        {
          g_autofree char *text = quote (change->texts[k] != NULL    ? change->texts[k]
                                         : is_gap (change) && k == 7 ? "missing"
                                                                     : "");

          g_string_append_printf (line, ",%s", text);
        }
      eros_cli_print ("%s\r\n", line->str);
    }
}

static void
print_json (GPtrArray *changes)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < changes->len; i++)
    {
      const Change *change = changes->pdata[i];
      JsonObject *object = json_object_new ();

      if (change->number != 0)
        json_object_set_int_member (object, "number", change->number);
      else
        json_object_set_null_member (object, "number");
      json_object_set_boolean_member (object, "missing", is_gap (change));
      for (guint k = 0; !is_gap (change) && k < G_N_ELEMENTS (change->texts); k++)
        eros_cli_set_text (object, names[k], change->texts[k]);
      json_array_add_object_element (array, object);
    }
  json_node_take_array (node, array);
  eros_cli_print_json (node);
}

static void
print_lines (GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const Change *change = changes->pdata[i];
      g_autofree char *number =
        change->number != 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, change->number) : g_strdup ("–");

      if (is_gap (change))
        /* Translators: the number of a deployment */
        eros_cli_print (_ ("%4s  missing: no deployment with this number is here\n"), number);
      else
        eros_cli_print ("%4s  %s  %s  %s  %s  %s\n", number,
                        change->texts[5] != NULL ? change->texts[5] : _ ("not deployed"), change->texts[2],
                        change->texts[3], change->texts[7], change->texts[1]);
    }
}

/* A day, as the start of it, in microseconds since 1970. */
static gboolean
read_day (const char *option, const char *text, gint64 *time, GError **error)
{
  g_autofree char *normal = eros_field_type_normalize (EROS_FIELD_DATE, text, NULL);
  g_autofree char *start = normal != NULL ? g_strconcat (normal, "T00:00:00Z", NULL) : NULL;
  g_autoptr (GDateTime) day = start != NULL ? g_date_time_new_from_iso8601 (start, NULL) : NULL;

  if (day != NULL)
    *time = g_date_time_to_unix (day) * G_USEC_PER_SEC;
  else
    g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                 /* Translators: an option; what was given */
                 _ ("--%s is a day, such as 2025-10-31, and not “%s”."), option, text);
  return day != NULL;
}

int
eros_cli_changes (int argc, char **argv, GError **error)
{
  g_autofree char *from_text = NULL;
  g_autofree char *to_text = NULL;
  gboolean json = FALSE;
  gboolean csv = FALSE;
  const GOptionEntry entries[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING, &from_text, N_ ("The first day, in UTC: “2025-10-01”"), N_ ("DAY") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to_text, N_ ("The last day"), N_ ("DAY") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON"), NULL },
    { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, N_ ("Print a table for other programs"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  gint64 from = G_MININT64;
  gint64 to = G_MAXINT64;

  if (!eros_cli_parse (
        &argc, &argv, entries, NULL,
        _ ("Lists this user’s deployments of a period by their numbers. A number that no deployment "
           "here has is listed as missing."),
        0, 0, error))
    return EROS_EXIT_USAGE;
  if ((from_text != NULL && !read_day ("from", from_text, &from, error)) ||
      (to_text != NULL && !read_day ("to", to_text, &to, error)))
    return EROS_EXIT_USAGE;
  if (from > to)
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                   _ ("The period ends before it begins: --from %s, --to %s."), from_text, to_text);
      return EROS_EXIT_USAGE;
    }
  if (to_text != NULL)
    to += G_TIME_SPAN_DAY;
  all = read_all (error);
  if (all == NULL)
    return EROS_EXIT_FAILED;
  changes = choose (all, from, to);
  if (json)
    print_json (changes);
  else if (csv)
    print_csv (changes);
  else
    print_lines (changes);
  for (guint i = 0; i < changes->len; i++)
    if (is_gap (changes->pdata[i]))
      change_free (changes->pdata[i]);
  return EROS_EXIT_DONE;
}
