/* eros-connections.c: connections that are kept between two requests, and given back
 *
 * libsoup before 3.3 never closes a connection that the client has closed between two requests. Here such a
 * one loses its file descriptor; the two kilobytes that libsoup keeps of it are lost.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE /* POLLRDHUP */
#include "eros-connections.h"

#include <glib-unix.h>
#include <poll.h>

#define WATCHED "eros-watched"
#define BUSY    "eros-busy"
#define GONE    "eros-gone"

/* The peer sends nothing more; it may still wait for an answer. */
static gboolean
peer_gone_cb (int fd, GIOCondition condition, gpointer user_data)
{
  GSocket *socket = user_data;

  if (g_object_get_data (user_data, BUSY) != NULL)
    g_object_set_data (user_data, GONE, socket);
  else
    g_socket_close (socket, NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
close_cb (gpointer user_data)
{
  g_socket_close (user_data, NULL);
  return G_SOURCE_REMOVE;
}

/* libsoup waits for the next request first, and finds the end. */
static void
finished_cb (SoupServerMessage *message, gpointer user_data)
{
  g_autoptr (GSource) source = NULL;

  g_object_set_data (user_data, BUSY, NULL);
  if (g_object_get_data (user_data, GONE) == NULL)
    return;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_LOW);
  g_source_set_callback (source, close_cb, g_object_ref (user_data), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

/**
 * eros_connection_watch:
 * @message: a request that has arrived
 *
 * Lets the connection be closed when its peer has, and every answer has been sent.
 */
void
eros_connection_watch (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);
  g_autoptr (GSource) source = NULL;

  if (socket == NULL || soup_check_version (3, 3, 0))
    return;
  g_object_set_data (G_OBJECT (socket), BUSY, socket);
  g_signal_connect_data (message, "finished", G_CALLBACK (finished_cb), g_object_ref (socket),
                         (GClosureNotify) G_CALLBACK (g_object_unref), 0);
  if (g_object_get_data (G_OBJECT (socket), WATCHED) != NULL)
    return;
  g_object_set_data (G_OBJECT (socket), WATCHED, socket);
  source = g_unix_fd_source_new (g_socket_get_fd (socket), (GIOCondition) POLLRDHUP);
  /* What has been sent before the end is read before it. */
  g_source_set_priority (source, G_PRIORITY_LOW);
  g_source_set_callback (source, G_SOURCE_FUNC (peer_gone_cb), g_object_ref (socket), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}
