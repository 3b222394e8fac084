/* eros-journal-beside.c: the files that lie beside a journal, and what kind of files they may be
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-journal-beside.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* SQLite's: what was written last, an index to that, what is taken back after a crash; and ours. */
static const char *const suffixes[] = { "-wal", "-shm", "-journal", "-lock" };

static char *
name_beside (const char *path, const char *suffix)
{
  g_autofree char *beside = g_strconcat (path, suffix, NULL);

  return g_filename_display_basename (beside);
}

/* A link counts as itself: SQLite would follow it to anywhere. */
static gboolean
look_beside (const char *path, const char *suffix, struct stat *info)
{
  g_autofree char *beside = g_strconcat (path, suffix, NULL);

  return lstat (beside, info) == 0;
}

char *
eros_journal_beside_resolve (GFile *file)
{
  g_autofree char *given = g_file_get_path (file);
  char *real = given != NULL ? realpath (given, NULL) : NULL;
  char *path = g_strdup (real != NULL ? real : given);

  free (real);
  return path;
}

gboolean
eros_journal_beside_has (const char *path, const char *suffix)
{
  struct stat info;

  return look_beside (path, suffix, &info);
}

static gboolean
check_one (const char *path, const char *suffix, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *beside = name_beside (path, suffix);
  struct stat info;

  if (!look_beside (path, suffix, &info))
    return TRUE;
  if (!S_ISREG (info.st_mode))
    g_set_error (
      error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED,
      /* Translators: file, file */
      _ ("%s was not opened: %s, which lies beside it, is not a plain file, so this program has not "
         "made it. Move it away."),
      name, beside);
  /* One that has just been deleted has none. */
  else if (info.st_nlink > 1)
    g_set_error (
      error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED,
      /* Translators: file, file */
      _ ("%s was not opened: %s, which lies beside it, has a second name (a hard link): whatever was under "
         "that would be overwritten. Move it away."),
      name, beside);
  else if (g_str_equal (suffix, "-journal"))
    g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED,
                 _ ("%s was not opened: %s, which lies beside it, would change it, and this program makes no "
                    "such file. Move it away."),
                 name, beside);
  else
    return TRUE;
  return FALSE;
}

gboolean
eros_journal_beside_check (const char *path, GError **error)
{
  struct stat info;

  if (lstat (path, &info) == 0 && !S_ISREG (info.st_mode))
    {
      g_autofree char *name = g_filename_display_name (path);

      g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_NOT_A_JOURNAL,
                   S_ISDIR (info.st_mode) ? _ ("%s is a folder, not a deployment.") : _ ("%s is not a file."),
                   name);
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (!check_one (path, suffixes[i], error))
      return FALSE;
  return TRUE;
}

static void
narrow (const char *path)
{
  struct stat info;

  /* Not ours to change: then it stays as wide as its owner wants it. */
  if (lstat (path, &info) == 0 && S_ISREG (info.st_mode) && (info.st_mode & 077) != 0 &&
      g_chmod (path, info.st_mode & 0700) != 0)
    g_debug ("Could not keep %s from others: %s", path, g_strerror (errno));
}

void
eros_journal_beside_narrow (const char *path)
{
  narrow (path);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *beside = g_strconcat (path, suffixes[i], NULL);

      narrow (beside);
    }
}

/**
 * eros_journal_find_beside:
 * @file: a journal
 *
 * What is in the files beside a journal belongs to it: the newest events may stand in a -wal only, and
 * whoever copies or hides one of the two gets another record. A -shm or -lock without a -wal is what a writer
 * that was killed leaves, or what is left when its -wal was taken away.
 *
 * Returns: (transfer full): the names of the files beside it, %NULL-terminated
 */
char **
eros_journal_find_beside (GFile *file)
{
  GStrvBuilder *builder = g_strv_builder_new ();
  g_autofree char *path = NULL;
  char **names;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  path = eros_journal_beside_resolve (file);
  for (guint i = 0; path != NULL && i < G_N_ELEMENTS (suffixes); i++)
    if (eros_journal_beside_has (path, suffixes[i]))
      {
        g_autofree char *name = name_beside (path, suffixes[i]);

        g_strv_builder_add (builder, name);
      }
  names = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return names;
}
