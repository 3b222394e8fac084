/* eros-cli-message.c: eros-deploy message
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-commands.h"
#include "eros-cli-private.h"
#include "eros-message.h"
#include "eros-time-text.h"
#include "eros-timeline.h"

typedef struct
{
  char *to;
  char *actor;
  gboolean sent;
  gboolean json;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->to);
  g_free (options->actor);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static char *
describe (const ErosMessage *message)
{
  g_autofree char *due = eros_time_text (message->due);
  g_autofree char *sent = eros_time_text (message->sent);

  if (message->is_due)
    /* Translators: a time */
    return g_strdup_printf (_ ("due since %s"), due);
  if (message->sent != 0)
    /* Translators: a time */
    return g_strdup_printf (_ ("sent %s"), sent);
  /* Translators: a time */
  return message->due != 0 ? g_strdup_printf (_ ("due %s"), due) : g_strdup (_ ("not due"));
}

static JsonObject *
to_json (ErosDeployment *deployment, const ErosMessage *message)
{
  JsonObject *object = json_object_new ();
  g_autofree char *due = message->due != 0 ? eros_time_iso (message->due) : NULL;
  g_autofree char *sent = message->sent != 0 ? eros_time_iso (message->sent) : NULL;
  g_autofree char *recipients = eros_message_list_recipients (deployment, message->element);

  eros_cli_set_text (object, "id", eros_element_get_id (message->element));
  eros_cli_set_text (object, "label", eros_element_get_label (message->element));
  eros_cli_set_text (object, "due", due);
  json_object_set_boolean_member (object, "is_due", message->is_due);
  eros_cli_set_text (object, "sent", sent);
  eros_cli_set_text (object, "to", message->to);
  eros_cli_set_text (object, "recipients", recipients);
  return object;
}

static int
list (ErosDeployment *deployment, gboolean json)
{
  g_autoptr (GPtrArray) messages = eros_message_list (deployment, eros_timeline_get_now (deployment));
  JsonArray *array = json ? json_array_new () : NULL;

  for (guint i = 0; i < messages->len; i++)
    {
      const ErosMessage *message = messages->pdata[i];
      g_autofree char *state = describe (message);

      if (json)
        json_array_add_object_element (array, to_json (deployment, message));
      else
        eros_cli_print ("%s %s: %s\n    %s\n",
                        message->is_due      ? "⚠"
                        : message->sent != 0 ? "✔"
                                             : "○",
                        eros_element_get_label (message->element), state,
                        eros_element_get_id (message->element));
    }
  if (json)
    eros_cli_print_json (json_node_init_array (json_node_alloc (), array));
  g_clear_pointer (&array, json_array_unref);
  return EROS_EXIT_DONE;
}

static void
print_json (const char *recipients, const char *subject, const char *text, GStrv unfilled)
{
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();
  g_autofree char *uri = eros_message_make_uri (recipients, subject, text);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  eros_cli_set_text (object, "to", recipients);
  eros_cli_set_text (object, "subject", subject);
  eros_cli_set_text (object, "text", text);
  eros_cli_set_text (object, "mailto", uri);
  for (guint i = 0; unfilled[i] != NULL; i++)
    json_array_add_string_element (array, unfilled[i]);
  json_object_set_array_member (object, "unfilled", array);
  json_node_take_object (node, object);
  eros_cli_print_json (node);
}

/* What is not known stands in its brackets, and is named apart from the text. */
static int
show (ErosDeployment *deployment, const char *id, gboolean json, GError **error)
{
  ErosElement *element = eros_runbook_find_element (eros_deployment_get_runbook (deployment), id);
  g_autofree char *subject = NULL;
  g_auto (GStrv) unfilled = NULL;
  g_autofree char *text = eros_deployment_fill_template (deployment, id, &subject, &unfilled);
  g_autofree char *recipients = NULL;
  g_autofree char *missing = NULL;

  if (text == NULL)
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                   _ ("The runbook has no message “%s”. “eros-deploy message ID” lists them."), id);
      return EROS_EXIT_USAGE;
    }
  recipients = eros_message_list_recipients (deployment, element);
  if (json)
    {
      print_json (recipients, subject, text, unfilled);
      return EROS_EXIT_DONE;
    }
  eros_cli_print (_ ("To: %s\nSubject: %s\n\n"), recipients, subject != NULL ? subject : "");
  eros_cli_print_lines (text);
  eros_cli_print ("\n");
  missing = g_strjoinv (", ", unfilled);
  if (*missing != '\0')
    /* Translators: a list of what stands in brackets in a message */
    eros_cli_complain (_ ("To be filled in by hand: %s\n"), missing);
  return EROS_EXIT_DONE;
}

/* Whether there is nothing at all that it would be about. */
static gboolean
is_about_nothing (ErosDeployment *deployment, ErosElement *element)
{
  g_autoptr (GPtrArray) messages = eros_message_list (deployment, eros_timeline_get_now (deployment));

  for (guint i = 0; i < messages->len; i++)
    {
      const ErosMessage *message = messages->pdata[i];

      if (message->element == element)
        return message->due == 0 && eros_element_get_moment (element) != EROS_MOMENT_NONE;
    }
  return FALSE;
}

static int
record_sent (ErosDeployment *deployment, const char *id, const Options *options, GError **error)
{
  ErosElement *element = eros_runbook_find_element (eros_deployment_get_runbook (deployment), id);
  g_autofree char *recipients = options->to != NULL ? g_strdup (options->to)
                                : element != NULL   ? eros_message_list_recipients (deployment, element)
                                                    : g_strdup ("");

  g_autofree char *subject = NULL;
  g_autofree char *text = eros_deployment_fill_template (deployment, id, &subject, NULL);
  gboolean about_nothing = is_about_nothing (deployment, element);

  if (options->actor != NULL)
    eros_deployment_set_actor (deployment, options->actor);
  if (!eros_deployment_record_message (deployment, id, recipients, subject, error))
    return EROS_EXIT_FAILED;
  eros_cli_print (_ ("On record: “%s” was sent to %s.\n"), eros_element_get_label (element), recipients);
  if (about_nothing)
    eros_cli_complain ("⚠ %s: %s\n", eros_element_get_label (element), _ ("not due"));
  return EROS_EXIT_DONE;
}

int
eros_cli_message (int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "sent", 0, 0, G_OPTION_ARG_NONE, &options.sent, N_ ("Put on record that it was sent just now"), NULL },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options.to,
      N_ ("With --sent: to whom, if not to those whom the runbook names"), N_ ("ADDRESSES") },
    { "actor", 'a', 0, G_OPTION_ARG_STRING, &options.actor,
      N_ ("Who has sent it: “Ada <ada@example.com>”, if not you"), N_ ("WHO") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print JSON"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ErosDeployment) deployment = NULL;

  if (!eros_cli_parse (
        &argc, &argv, entries, "ID [MESSAGE]",
        _ ("Lists the runbook’s messages and which of them are due, or prints one with everything "
           "filled in that is known."),
        1, 2, error))
    return EROS_EXIT_USAGE;
  if ((options.sent && argc < 3) || (options.to != NULL && !options.sent))
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                   options.sent ? _ ("Say which message was sent: “eros-deploy message ID” lists them.")
                                : _ ("--to goes with --sent."));
      return EROS_EXIT_USAGE;
    }
  deployment = eros_cli_open (argv[1], options.sent ? EROS_JOURNAL_WRITE : EROS_JOURNAL_READ, error);
  if (deployment == NULL)
    return EROS_EXIT_FAILED;
  if (options.sent)
    return record_sent (deployment, argv[2], &options, error);
  return argc < 3 ? list (deployment, options.json) : show (deployment, argv[2], options.json, error);
}
