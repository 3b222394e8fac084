/* eros-mail.c: an e-mail that is begun here and sent by whoever reads it over
 *
 * The desktop’s portal opens the person’s own mail program with the file attached
 * (org.freedesktop.portal.Email). Where there is none, a mailto: address does, which can attach nothing: its
 * text then says which file is to be attached.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-mail.h"

#include <fcntl.h>
#include <unistd.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>

#include "eros-compat.h"

/* A portal that is there but hangs must not keep the person waiting. */
#define PORTAL_MS 5000

typedef struct
{
  GtkWidget *widget;
  char *subject;
  char *body;
  char *path; /* of what is attached */
} Mail;

static void
mail_free (Mail *mail)
{
  g_object_unref (mail->widget);
  g_free (mail->subject);
  g_free (mail->body);
  g_free (mail->path);
  g_free (mail);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mail, mail_free)

static void
open_mailto (const Mail *mail)
{
  /* Translators: the text of an e-mail; the path of a file */
  g_autofree char *text = g_strdup_printf (_ ("%s\n\n[Please attach %s here.]"), mail->body, mail->path);
  g_autofree char *subject = g_uri_escape_string (mail->subject, NULL, FALSE);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *crlf = g_strjoinv ("\r\n", lines); /* RFC 6068 */
  g_autofree char *body = g_uri_escape_string (crlf, NULL, FALSE);
  g_autofree char *uri = g_strdup_printf ("mailto:?subject=%s&body=%s", subject, body);

  eros_compat_show_uri (mail->widget, uri);
}

static void
composed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Mail) mail = user_data;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), NULL, result, NULL);

  if (answer == NULL)
    open_mailto (mail);
}

/* (transfer full) (nullable) */
static GUnixFDList *
attach (const char *path, GVariantBuilder *options)
{
  GUnixFDList *list = g_unix_fd_list_new ();
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  int index = fd >= 0 ? g_unix_fd_list_append (list, fd, NULL) : -1;

  if (fd >= 0)
    close (fd);
  if (index < 0)
    {
      g_object_unref (list);
      return NULL;
    }
  g_variant_builder_add (options, "{sv}", "attachment_fds",
                         g_variant_new_fixed_array (G_VARIANT_TYPE_HANDLE, &index, 1, sizeof index));
  return list;
}

/**
 * eros_mail_compose:
 * @widget: where it is asked for
 * @subject: what it is about
 * @body: what it says
 * @attachment: a file
 *
 * Begins an e-mail in the person’s own mail program, who says to whom it goes and sends it.
 */
void
eros_mail_compose (GtkWidget *widget, const char *subject, const char *body, GFile *attachment)
{
  GDBusConnection *bus = g_application_get_default () != NULL
                           ? g_application_get_dbus_connection (g_application_get_default ())
                           : NULL;
  g_autoptr (GDBusConnection) session =
    bus != NULL ? g_object_ref (bus) : g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GUnixFDList) list = NULL;
  g_autoptr (Mail) mail = g_new0 (Mail, 1);
  GVariantBuilder options;

  mail->widget = g_object_ref (widget);
  mail->subject = g_strdup (subject);
  mail->body = g_strdup (body);
  mail->path = g_file_get_path (attachment);
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "subject", g_variant_new_string (subject));
  g_variant_builder_add (&options, "{sv}", "body", g_variant_new_string (body));
  list = mail->path != NULL ? attach (mail->path, &options) : NULL;
  if (session == NULL || list == NULL)
    {
      g_variant_builder_clear (&options);
      open_mailto (mail);
      return;
    }
  g_dbus_connection_call_with_unix_fd_list (session, "org.freedesktop.portal.Desktop",
                                            "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Email",
                                            "ComposeEmail", g_variant_new ("(sa{sv})", "", &options),
                                            G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, PORTAL_MS, list,
                                            NULL, composed_cb, g_steal_pointer (&mail));
}
