/* eros-named-pipe.h: files that somebody names are not waited for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdlib.h>
#include <sys/stat.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>

/* Opening a named pipe waits for somebody at its other end, and nothing can be interrupted meanwhile. What is
 * open already, such as /dev/stdin or a shell's <(…), does not: it has no place in the file system. */
static inline gboolean
eros_named_pipe_refuse (GFile *file, GError **error)
{
  char       *path = g_file_peek_path (file) != NULL ? realpath (g_file_peek_path (file), NULL) : NULL;
  struct stat info;
  gboolean    is_pipe = path != NULL && lstat (path, &info) == 0 && S_ISFIFO (info.st_mode);

  free (path);
  if (is_pipe)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                 _ ("%s is a named pipe, for whose other end nobody waits here. Give a file."),
                 g_file_peek_path (file));
  return !is_pipe;
}
