/* eros-deployment-setup.c: what is fixed when a deployment is made
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment-private.h"
#include "eros-text.h"
#include "eros-time-text.h"

#include <errno.h>
#include <string.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

static const char *const environments[] = { "rehearsal", "staging", "production" };

/* The members that are texts, under the name that they have in the journal, and what each may be. */
static const struct
{
  const char *name;
  gsize offset;
  ErosFieldType type;
  const char *label;
} texts[] = {
  { "name", G_STRUCT_OFFSET (ErosDeploymentSetup, name), EROS_FIELD_TEXT, N_ ("Name") },
  { "window_start", G_STRUCT_OFFSET (ErosDeploymentSetup, window_start), EROS_FIELD_TIMESTAMP,
    N_ ("Window start") },
  { "window_end", G_STRUCT_OFFSET (ErosDeploymentSetup, window_end), EROS_FIELD_TIMESTAMP,
    N_ ("Window end") },
  { "lead_name", G_STRUCT_OFFSET (ErosDeploymentSetup, lead_name), EROS_FIELD_TEXT, N_ ("Lead") },
  { "lead_email", G_STRUCT_OFFSET (ErosDeploymentSetup, lead_email), EROS_FIELD_EMAIL, N_ ("E-mail") },
  { "lead_phone", G_STRUCT_OFFSET (ErosDeploymentSetup, lead_phone), EROS_FIELD_PHONE, N_ ("Phone") },
  { "project", G_STRUCT_OFFSET (ErosDeploymentSetup, project), EROS_FIELD_PROJECT, N_ ("Project") },
  { "dataset", G_STRUCT_OFFSET (ErosDeploymentSetup, dataset), EROS_FIELD_DATASET, N_ ("Data set") },
  { "location", G_STRUCT_OFFSET (ErosDeploymentSetup, location), EROS_FIELD_LOCATION, N_ ("Location") },
  { "bucket", G_STRUCT_OFFSET (ErosDeploymentSetup, bucket), EROS_FIELD_BUCKET, N_ ("Bucket") },
  { "profile", G_STRUCT_OFFSET (ErosDeploymentSetup, profile), EROS_FIELD_TEXT, N_ ("Connection") },
};

#define TEXT(setup, i) (*(char **) G_STRUCT_MEMBER_P (setup, texts[i].offset))

/**
 * eros_deployment_setup_free:
 * @setup: (transfer full): what to free
 */
void
eros_deployment_setup_free (ErosDeploymentSetup *setup)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (TEXT (setup, i));
  g_free (setup);
}

JsonNode *
eros_deployment_setup_to_json (const ErosDeploymentSetup *setup)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text = TEXT (setup, i);

      json_object_set_string_member (object, texts[i].name, text != NULL ? text : "");
    }
  json_object_set_string_member (object, "environment", environments[setup->environment]);
  json_node_take_object (node, object);
  return node;
}

static gboolean
is_blank (const char *text)
{
  return text == NULL || *text == '\0';
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                          : NULL;
}

/* NULL when something is missing. */
ErosDeploymentSetup *
eros_deployment_setup_from_json (JsonObject *object)
{
  g_autoptr (ErosDeploymentSetup) setup = g_new0 (ErosDeploymentSetup, 1);
  const char *environment = get_text (object, "environment");
  guint at;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text = get_text (object, texts[i].name);

      if (text == NULL)
        return NULL;
      /* Each is one line, whoever has written it. */
      TEXT (setup, i) =
        is_blank (text) || eros_text_is_line (text) ? g_strdup (text) : eros_text_show_line (text);
    }
  for (at = 0; at < G_N_ELEMENTS (environments); at++)
    if (g_strcmp0 (environments[at], environment) == 0)
      break;
  if (at == G_N_ELEMENTS (environments))
    return NULL;
  setup->environment = at;
  return g_steal_pointer (&setup);
}

static gboolean
refuse (const char *message, GError **error)
{
  g_set_error_literal (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID, message);
  return FALSE;
}

/* (nullable) */
static GDateTime *
parse_time (const char *text)
{
  return g_date_time_new_from_iso8601 (text, NULL);
}

static gboolean
check_window (const ErosDeploymentSetup *setup, GError **error)
{
  g_autoptr (GDateTime) start = parse_time (setup->window_start);
  g_autoptr (GDateTime) end = parse_time (setup->window_end);

  if (start != NULL && end != NULL && g_date_time_compare (start, end) >= 0)
    return refuse (_ ("The window must end after it starts: change one of the two times."), error);
  return TRUE;
}

/**
 * eros_deployment_setup_check_text:
 * @member: a text of #ErosDeploymentSetup as docs/journal.md calls it: "project", "window_start" …
 * @text: what a person typed
 * @error: return location for %EROS_DEPLOYMENT_ERROR_INVALID: a sentence that says what is expected
 *
 * One rule for each, whoever asks: the one that a field of that type has in a runbook.
 *
 * Returns: (transfer full): @text as it is stored, or %NULL; an empty text is blank
 */
char *
eros_deployment_setup_check_text (const char *member, const char *text, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) problem = NULL;
      g_autofree char *normal = NULL;

      if (!g_str_equal (texts[i].name, member))
        continue;
      normal = eros_field_type_normalize (texts[i].type, text, &problem);
      if (normal == NULL)
        g_set_error_literal (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID, problem->message);
      return g_steal_pointer (&normal);
    }
  g_return_val_if_reached (NULL);
}

/* (transfer full): with each text as it is stored, or NULL */
ErosDeploymentSetup *
eros_deployment_setup_normalize (const ErosDeploymentSetup *setup, GError **error)
{
  g_autoptr (ErosDeploymentSetup) normal = g_new0 (ErosDeploymentSetup, 1);

  normal->environment = setup->environment;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text = TEXT (setup, i);

      TEXT (normal, i) = eros_deployment_setup_check_text (texts[i].name, text != NULL ? text : "", error);
      if (TEXT (normal, i) == NULL)
        {
          /* Translators: “Phone”, and a sentence */
          g_prefix_error (error, _ ("%s: "), _ (texts[i].label));
          return NULL;
        }
    }
  if (is_blank (normal->name))
    refuse (_ ("A deployment needs a name: enter one like “EROS 2.4”."), error);
  else if (check_window (normal, error))
    return g_steal_pointer (&normal);
  return NULL;
}

/* The two times of the window as they are stored. */
static gboolean
take_window (const ErosDeploymentSetup *setup, ErosDeploymentSetup *window, GError **error)
{
  const char *start = setup->window_start != NULL ? setup->window_start : "";
  const char *end = setup->window_end != NULL ? setup->window_end : "";

  window->window_start = eros_deployment_setup_check_text ("window_start", start, error);
  if (window->window_start != NULL)
    window->window_end = eros_deployment_setup_check_text ("window_end", end, error);
  return window->window_end != NULL;
}

/**
 * eros_deployment_setup_check_ahead:
 * @setup: what a new deployment is to be made with
 * @error: return location for %EROS_DEPLOYMENT_ERROR_INVALID
 *
 * Whether there is still time for it: a window that is open may be entered, one that is over may not.
 *
 * Returns: whether the window is one, and not in the past
 */
gboolean
eros_deployment_setup_check_ahead (const ErosDeploymentSetup *setup, GError **error)
{
  g_autoptr (ErosDeploymentSetup) window = g_new0 (ErosDeploymentSetup, 1);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (now, -1);
  g_autoptr (GDateTime) start = NULL;
  g_autoptr (GDateTime) end = NULL;

  if (!take_window (setup, window, error) || !check_window (window, error))
    return FALSE;
  start = parse_time (window->window_start);
  end = parse_time (window->window_end);
  if (end != NULL && g_date_time_compare (end, now) <= 0)
    return refuse (_ ("The window’s end is in the past. Please enter the time that is meant, in UTC."),
                   error);
  if (start != NULL && g_date_time_compare (start, yesterday) < 0)
    return refuse (_ ("The window’s start is in the past, by more than a day. Please enter the time that is "
                      "meant, in UTC."),
                   error);
  return TRUE;
}

/**
 * eros_deployment_get_directory:
 *
 * Returns: (transfer full): where this user’s deployments are kept:
 *   `$XDG_DATA_HOME/eros-deploy`, made when it is missing, and this user's alone (0700)
 */
GFile *
eros_deployment_get_directory (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "eros-deploy", NULL);
  GStatBuf about;

  /* If it cannot be made, whoever writes into it gets an error that says why. */
  g_mkdir_with_parents (path, 0700);
  /* It is this program's, so it is this person's alone, also when it was made in another way. */
  if (g_stat (path, &about) == 0 && (about.st_mode & 077) != 0 && g_chmod (path, 0700) != 0)
    g_debug ("Could not keep %s from others: %s", path, g_strerror (errno));
  return g_file_new_for_path (path);
}

static char *
make_slug (const char *name)
{
  g_autofree char *ascii = g_str_to_ascii (name, NULL);
  GString *slug = g_string_new (NULL);

  for (const char *at = ascii; *at != '\0' && slug->len < 60; at++)
    if (g_ascii_isalnum (*at))
      g_string_append_c (slug, g_ascii_tolower (*at));
    else if (slug->len > 0 && slug->str[slug->len - 1] != '-')
      g_string_append_c (slug, '-');
  while (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);
  if (slug->len == 0)
    g_string_append (slug, "deployment");
  return g_string_free (slug, FALSE);
}

/**
 * eros_deployment_new_file:
 * @name: a deployment’s name
 *
 * Returns: (transfer full): a file in eros_deployment_get_directory() that
 *   does not exist, named after today (UTC) and @name:
 *   `2026-11-24-eros-2-4.erosdeploy`
 */
GFile *
eros_deployment_new_file (const char *name)
{
  g_autoptr (GFile) directory = eros_deployment_get_directory ();
  g_autofree char *date = eros_time_format (g_get_real_time (), EROS_TIME_DAY);
  g_autofree char *slug = make_slug (name);

  for (guint i = 1;; i++)
    {
      g_autofree char *number = i > 1 ? g_strdup_printf ("-%u", i) : g_strdup ("");
      g_autofree char *file_name = g_strdup_printf ("%s-%s%s.erosdeploy", date, slug, number);
      g_autoptr (GFile) file = g_file_get_child (directory, file_name);

      /* In a folder that must not be searched every name would seem to be taken; who makes the file is told
       * why. */
      if (g_access (g_file_peek_path (file), F_OK) != 0)
        return g_steal_pointer (&file);
    }
}
