/* test-whole-file.c: a file that people rely on is never half there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "eros-whole-file.h"

typedef struct
{
  char *folder;
  char *path;
  GFile *file;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("eros-whole-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "report.pdf", NULL);
  fixture->file = g_file_new_for_path (fixture->path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0); /* nothing else was left in it */
  g_object_unref (fixture->file);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static GBytes *
make_content (char letter, gsize size)
{
  char *text = g_malloc (size);

  memset (text, letter, size);
  return g_bytes_new_take (text, size);
}

static void
write_file (Fixture *fixture, GBytes *content)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (eros_whole_file_write (fixture->file, content, NULL, &error));
  g_assert_no_error (error);
}

/* What is there is all of @content. */
static void
assert_content (Fixture *fixture, char letter, gsize size)
{
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (fixture->path, &text, &length, NULL));
  g_assert_cmpuint (length, ==, size);
  for (gsize i = 0; i < size; i++)
    g_assert_true (text[i] == letter);
}

static void
test_replaces (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) first = make_content ('a', 100000);
  g_autoptr (GBytes) second = make_content ('b', 3000);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);

  write_file (fixture, first);
  assert_content (fixture, 'a', 100000);
  write_file (fixture, second);
  assert_content (fixture, 'b', 3000);
  write_file (fixture, nothing);
  assert_content (fixture, 'x', 0);
}

/* In a process of its own, whose files may not grow further than that: writing ends in an error in the
 * middle. */
static gboolean
write_with_room_for (Fixture *fixture, GBytes *content, gsize room)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      struct rlimit limit = { room, room };

      signal (SIGXFSZ, SIG_IGN);
      setrlimit (RLIMIT_FSIZE, &limit);
      _exit (eros_whole_file_write (fixture->file, content, NULL, NULL) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status) == 0;
}

static void
test_no_room (Fixture *fixture, gconstpointer data)
{
  const gsize size = 3 << 20;
  g_autoptr (GBytes) before = make_content ('a', 50000);
  g_autoptr (GBytes) content = make_content ('b', size);

  for (gsize room = 0; room < size; room += size / 7)
    {
      g_assert_false (write_with_room_for (fixture, content, room));
      g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
    }
  write_file (fixture, before);
  for (gsize room = 0; room < size; room += size / 7)
    {
      g_assert_false (write_with_room_for (fixture, content, room));
      assert_content (fixture, 'a', 50000);
    }
  g_assert_true (write_with_room_for (fixture, content, size));
  assert_content (fixture, 'b', size);
}

static void
test_killed (Fixture *fixture, gconstpointer data)
{
  const gsize size = 4 << 20;
  g_autoptr (GBytes) before = make_content ('a', 4096);
  g_autoptr (GBytes) content = make_content ('b', size);

  for (guint i = 0; i < 40; i++)
    {
      struct stat info;
      int status;
      pid_t child;

      if (i % 2 == 0)
        write_file (fixture, before);
      else
        g_unlink (fixture->path);
      child = fork ();
      if (child == 0)
        _exit (eros_whole_file_write (fixture->file, content, NULL, NULL) ? 0 : 1);
      g_usleep (g_test_rand_int_range (100, 15000));
      kill (child, SIGKILL);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      if (stat (fixture->path, &info) == 0 && info.st_size == (off_t) size)
        assert_content (fixture, 'b', size);
      else if (i % 2 == 0)
        assert_content (fixture, 'a', 4096);
      else
        g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
    }
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) content = make_content ('b', 4096);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancelled);
  g_assert_false (eros_whole_file_write (fixture->file, content, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_device (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) full = g_file_new_for_path ("/dev/full");
  g_autoptr (GFile) null = g_file_new_for_path ("/dev/null");
  g_autoptr (GBytes) content = make_content ('b', 4096);
  g_autoptr (GError) error = NULL;

  g_assert_true (eros_whole_file_write (null, content, NULL, &error));
  g_assert_false (eros_whole_file_write (full, content, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

#define add(path, function) g_test_add ("/whole-file/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("what-was-there-is-replaced", test_replaces);
  add ("without-room-all-is-as-before", test_no_room);
  add ("after-a-kill-it-is-the-old-or-the-new", test_killed);
  add ("cancelled-it-was-never-there", test_cancelled);
  add ("a-device-is-written-to", test_device);
  return g_test_run ();
}
