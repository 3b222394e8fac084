/* eros-cli-changes.c: what has changed in the data set, on the terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-changes.h"

#include <glib/gi18n-lib.h>

#include "eros-changes.h"
#include "eros-cli-private.h"
#include "eros-time-text.h"

static void
print_change (const ErosObjectChange *change)
{
  g_autofree char *time = eros_time_text (change->time);

  /* Translators: “added”; a kind of object and its name; an operation; a time */
  eros_cli_print (change->by_others ? _ ("  %1$s by others: %2$s %3$s (found by %4$s, %5$s)\n")
                                    : _ ("  %1$s: %2$s %3$s (%4$s, %5$s)\n"),
                  eros_changes_get_word (change), change->kind, change->name, change->operation, time);
}

void
eros_cli_print_changes (ErosDeployment *deployment)
{
  g_autoptr (GPtrArray) list = eros_changes_list (deployment);

  if (list->len > 0)
    eros_cli_print (_ ("\nWhat has changed in the data set\n"));
  for (guint i = 0; i < list->len; i++)
    print_change (list->pdata[i]);
}

JsonArray *
eros_cli_changes_to_json (ErosDeployment *deployment)
{
  g_autoptr (GPtrArray) list = eros_changes_list (deployment);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < list->len; i++)
    {
      const ErosObjectChange *change = list->pdata[i];
      g_autofree char *time = eros_time_iso (change->time);
      JsonObject *entry = json_object_new ();
      JsonArray *lines = json_array_new ();

      for (guint k = 0; change->lines[k] != NULL; k++)
        json_array_add_string_element (lines, change->lines[k]);
      eros_cli_set_text (entry, "time", time);
      eros_cli_set_text (entry, "operation", change->operation);
      eros_cli_set_text (entry, "change", change->change);
      eros_cli_set_text (entry, "kind", change->kind);
      eros_cli_set_text (entry, "name", change->name);
      json_object_set_boolean_member (entry, "by_others", change->by_others);
      json_object_set_array_member (entry, "lines", lines);
      json_array_add_object_element (array, entry);
    }
  return array;
}
