/* main.c: eros-deploy-search-provider, which finds deployments for the desktop's search
 *
 * Speaks org.gnome.Shell.SearchProvider2. It is started by the session bus and ends when it has not been
 * asked for a while; what was found is opened by the program itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <locale.h>
#include <string.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "eros-deployment-list.h"
#include "eros-text.h"

#define OBJECT_PATH EROS_RESOURCE_BASE "/SearchProvider"
#define PROVIDER_ID EROS_APPLICATION_ID ".SearchProvider"
#define IDLE_MS     30000
#define MAX_RESULTS 20
/* While somebody types, the folder is not read for every letter. */
#define FRESH_FOR_US (5 * G_USEC_PER_SEC)

static const char interface_xml[] = "<node><interface name='org.gnome.Shell.SearchProvider2'>"
                                    "<method name='GetInitialResultSet'><arg type='as' direction='in'/>"
                                    "<arg type='as' direction='out'/></method>"
                                    "<method name='GetSubsearchResultSet'><arg type='as' direction='in'/>"
                                    "<arg type='as' direction='in'/><arg type='as' direction='out'/></method>"
                                    "<method name='GetResultMetas'><arg type='as' direction='in'/>"
                                    "<arg type='aa{sv}' direction='out'/></method>"
                                    "<method name='ActivateResult'><arg type='s' direction='in'/>"
                                    "<arg type='as' direction='in'/><arg type='u' direction='in'/></method>"
                                    "<method name='LaunchSearch'><arg type='as' direction='in'/>"
                                    "<arg type='u' direction='in'/></method></interface></node>";

/* One question, while the folder is read. */
typedef struct
{
  GDBusMethodInvocation *invocation;
  GApplication *application;
} Question;

G_DECLARE_FINAL_TYPE (ErosSearchProvider, eros_search_provider, EROS, SEARCH_PROVIDER, GApplication)

struct _ErosSearchProvider
{
  GApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (ErosSearchProvider, eros_search_provider, G_TYPE_APPLICATION)

static GListModel *deployments;
static gint64 read_at;

static char **
fold_all (const char *const *terms)
{
  g_autoptr (GStrvBuilder) folded = g_strv_builder_new ();

  for (guint i = 0; terms[i] != NULL; i++)
    {
      g_autofree char *term = g_utf8_casefold (terms[i], -1);

      g_strv_builder_add (folded, term);
    }
  return g_strv_builder_end (folded);
}

/* Every term stands somewhere in its name, its id or its phase. */
static gboolean
matches (ErosDeploymentSummary *summary, char **terms)
{
  const char *phase = eros_deployment_summary_get_phase (summary);
  g_autofree char *words =
    g_strjoin ("\n", eros_deployment_summary_get_name (summary), eros_deployment_summary_get_id (summary),
               phase != NULL ? phase : "", NULL);
  g_autofree char *folded = g_utf8_casefold (words, -1);

  for (guint i = 0; terms[i] != NULL; i++)
    if (strstr (folded, terms[i]) == NULL)
      return FALSE;
  return terms[0] != NULL;
}

static GVariant *
find (const char *const *terms, const char *const *among)
{
  g_auto (GStrv) folded = fold_all (terms);
  g_auto (GVariantBuilder) ids = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("as"));
  guint n = 0;

  for (guint i = 0; n < MAX_RESULTS && i < g_list_model_get_n_items (deployments); i++)
    {
      g_autoptr (ErosDeploymentSummary) summary = g_list_model_get_item (deployments, i);
      const char *id = eros_deployment_summary_get_id (summary);

      if ((among != NULL && !g_strv_contains (among, id)) || !g_utf8_validate (id, -1, NULL) ||
          !matches (summary, folded))
        continue;
      g_variant_builder_add (&ids, "s", id);
      n++;
    }
  return g_variant_new ("(as)", &ids);
}

/* (transfer full) (nullable) */
static ErosDeploymentSummary *
find_summary (const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (deployments); i++)
    {
      g_autoptr (ErosDeploymentSummary) summary = g_list_model_get_item (deployments, i);

      if (g_str_equal (eros_deployment_summary_get_id (summary), id))
        return g_steal_pointer (&summary);
    }
  return NULL;
}

/* “Backup, 12 of 114 done” (transfer full) */
static char *
describe (ErosDeploymentSummary *summary)
{
  const char *problem = eros_deployment_summary_get_error (summary);
  const char *phase = eros_deployment_summary_get_phase (summary);

  if (problem != NULL)
    return eros_text_show_line (problem);
  /* Translators: the phase that a deployment has reached, and how many of its boxes are ticked */
  return eros_text_format (_ ("%s: %u of %u done"), phase != NULL ? phase : _ ("Deployment"),
                           eros_deployment_summary_get_done (summary),
                           eros_deployment_summary_get_total (summary));
}

static GVariant *
describe_all (const char *const *ids)
{
  g_auto (GVariantBuilder) metas = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autoptr (ErosDeploymentSummary) summary = find_summary (ids[i]);
      g_autofree char *name = NULL, *description = NULL;

      if (summary == NULL)
        continue;
      name = eros_text_show_line (eros_deployment_summary_get_name (summary));
      description = describe (summary);
      g_variant_builder_open (&metas, G_VARIANT_TYPE ("a{sv}"));
      g_variant_builder_add (&metas, "{sv}", "id", g_variant_new_string (ids[i]));
      g_variant_builder_add (&metas, "{sv}", "name", g_variant_new_string (name));
      g_variant_builder_add (&metas, "{sv}", "description", g_variant_new_string (description));
      g_variant_builder_add (&metas, "{sv}", "gicon", g_variant_new_string (EROS_APPLICATION_ID));
      g_variant_builder_close (&metas);
    }
  return g_variant_new ("(aa{sv})", &metas);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GDBusMethodInvocation) invocation = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer != NULL)
    g_dbus_method_invocation_return_value (g_steal_pointer (&invocation), NULL);
  else
    g_dbus_method_invocation_return_gerror (g_steal_pointer (&invocation), error);
}

/* FILE: (nullable): without one the program only comes to the front */
static void
open_program (GDBusMethodInvocation *invocation, GFile *file)
{
  g_auto (GVariantBuilder) uris = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("as"));
  g_autofree char *uri = file != NULL ? g_file_get_uri (file) : NULL;
  GVariant *none = g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0);

  if (uri != NULL)
    g_variant_builder_add (&uris, "s", uri);
  g_dbus_connection_call (
    g_dbus_method_invocation_get_connection (invocation), EROS_APPLICATION_ID, EROS_RESOURCE_BASE,
    "org.freedesktop.Application", uri != NULL ? "Open" : "Activate",
    uri != NULL ? g_variant_new ("(as@a{sv})", &uris, none) : g_variant_new ("(@a{sv})", none), NULL,
    G_DBUS_CALL_FLAGS_NONE, -1, NULL, opened_cb, g_object_ref (invocation));
}

static void
answer (GDBusMethodInvocation *invocation)
{
  const char *method = g_dbus_method_invocation_get_method_name (invocation);
  GVariant *parameters = g_dbus_method_invocation_get_parameters (invocation);
  g_autofree const char **terms = NULL;
  g_autofree const char **among = NULL;

  if (g_str_equal (method, "GetInitialResultSet"))
    {
      g_variant_get (parameters, "(^a&s)", &terms);
      g_dbus_method_invocation_return_value (invocation, find (terms, NULL));
    }
  else if (g_str_equal (method, "GetSubsearchResultSet"))
    {
      g_variant_get (parameters, "(^a&s^a&s)", &among, &terms);
      g_dbus_method_invocation_return_value (invocation, find (terms, among));
    }
  else if (g_str_equal (method, "GetResultMetas"))
    {
      g_variant_get (parameters, "(^a&s)", &terms);
      g_dbus_method_invocation_return_value (invocation, describe_all (terms));
    }
  else if (g_str_equal (method, "ActivateResult"))
    {
      const char *id;
      g_autoptr (ErosDeploymentSummary) summary = NULL;

      g_variant_get (parameters, "(&s^a&su)", &id, &terms, NULL);
      summary = find_summary (id);
      open_program (invocation, summary != NULL ? eros_deployment_summary_get_file (summary) : NULL);
      g_object_unref (invocation);
    }
  else
    {
      open_program (invocation, NULL);
      g_object_unref (invocation);
    }
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (GError) error = NULL;
  GListModel *found = eros_deployment_list_finish (result, &error);

  if (found != NULL)
    {
      g_clear_object (&deployments);
      deployments = found;
      read_at = g_get_monotonic_time ();
      answer (question->invocation);
    }
  else
    g_dbus_method_invocation_return_gerror (question->invocation, error);
  g_application_release (question->application);
}

static void
call_cb (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer application)
{
  g_autoptr (GFile) directory = NULL;
  Question *question;

  /* Each question puts off the end. */
  g_application_hold (application);
  if (deployments != NULL && g_get_monotonic_time () - read_at < FRESH_FOR_US)
    {
      answer (invocation);
      g_application_release (application);
      return;
    }
  question = g_new0 (Question, 1);
  *question = (Question){ .invocation = invocation, .application = application };
  directory = eros_deployment_get_directory ();
  eros_deployment_list_async (directory, NULL, listed_cb, question);
}

/* Before the name is there, so that whoever has waited for the name finds the object. */
static gboolean
eros_search_provider_dbus_register (GApplication *application,
                                    GDBusConnection *connection,
                                    const char *object_path,
                                    GError **error)
{
  static const GDBusInterfaceVTable vtable = { .method_call = call_cb };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interface_xml, NULL);

  return G_APPLICATION_CLASS (eros_search_provider_parent_class)
           ->dbus_register (application, connection, object_path, error) &&
         g_dbus_connection_register_object (connection, OBJECT_PATH, node->interfaces[0], &vtable,
                                            application, NULL, error) != 0;
}

static void
eros_search_provider_class_init (ErosSearchProviderClass *klass)
{
  G_APPLICATION_CLASS (klass)->dbus_register = eros_search_provider_dbus_register;
}

static void
eros_search_provider_init (ErosSearchProvider *self)
{
}

int
main (int argc, char **argv)
{
  g_autoptr (GApplication) application = NULL;
  int status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, EROS_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  application = g_object_new (eros_search_provider_get_type (), "application-id", PROVIDER_ID, "flags",
                              G_APPLICATION_IS_SERVICE, "inactivity-timeout", IDLE_MS, NULL);
  status = g_application_run (application, argc, argv);
  g_clear_object (&deployments);
  return status;
}
