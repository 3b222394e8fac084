/* test-idle.c: what is kept of connections when nobody uses them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <sqlite3.h>

#include "eros-store.h"

/* What many at once have needed is not kept for ever: each connection holds pages in memory. */
static void
test_idle_connections (void)
{
  ErosStore *store = eros_store_open (NULL, NULL, NULL, NULL);
  ErosStoreConnection *connections[8];
  gint64 before = sqlite3_memory_used ();
  gint64 busy;

  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    {
      connections[i] = eros_store_acquire (store, NULL);
      g_assert_true (eros_store_begin (connections[i], EROS_STORE_READ, NULL, NULL));
    }
  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    eros_store_release (connections[i]);
  busy = sqlite3_memory_used ();
  g_assert_cmpint (busy, >, before);
  eros_store_close_idle (store, 3600);
  g_assert_cmpint (sqlite3_memory_used (), ==, busy);
  eros_store_close_idle (store, 0);
  g_assert_cmpint (sqlite3_memory_used () - before, <, (busy - before) / 4);
  eros_store_close (store);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/idle-connections-are-closed", test_idle_connections);

  return g_test_run ();
}
