/* eros-threads.h: whether there is room for the threads that the work takes, asked before there is any
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#define EROS_THREADS_AT_ONCE 8

static inline gpointer
eros_threads_wait (gpointer gate)
{
  g_mutex_lock (gate);
  g_mutex_unlock (gate);
  return NULL;
}

/* GLib ends a program whose thread cannot be started, and keeps work for ever for which none could be. */
static inline gboolean
eros_threads_can_start (GError **error)
{
  GThread *threads[EROS_THREADS_AT_ONCE];
  g_autoptr (GError) problem = NULL;
  guint  n_threads = 0;
  GMutex gate;

  g_mutex_init (&gate);
  g_mutex_lock (&gate);
  while (n_threads < EROS_THREADS_AT_ONCE &&
         (threads[n_threads] = g_thread_try_new ("probe", eros_threads_wait, &gate, &problem)) != NULL)
    n_threads++;
  g_mutex_unlock (&gate);
  while (n_threads > 0)
    g_thread_join (threads[--n_threads]);
  g_mutex_clear (&gate);
  if (problem == NULL)
    return TRUE;
  g_set_error (
    error, G_IO_ERROR, G_IO_ERROR_FAILED,
    _ ("No further thread can be started on this computer: %s. Nothing was done. End other programs, or raise "
       "the limit on this user’s processes (ulimit -u), and try again."),
    problem->message);
  return FALSE;
}
