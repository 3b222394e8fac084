/* journal-test.h: a folder for journals, and entries to put in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-journal.h"

G_BEGIN_DECLS

typedef struct
{
  char  *folder; /* removed with what is in it */
  char  *path;   /* of a journal in it, not yet there */
  GFile *file;
} JournalTest;

void journal_test_set_up (JournalTest *test, gconstpointer data);
void journal_test_tear_down (JournalTest *test, gconstpointer data);
#define journal_test_add(path, function)                                                                               \
  g_test_add (path, JournalTest, NULL, journal_test_set_up, function, journal_test_tear_down)

JsonNode *journal_test_body (const char *text); /* JSON */
void      journal_test_append (ErosJournal *journal, const char *body);
/* A closed journal with N events of different sizes. */
void journal_test_fill (JournalTest *test, guint n);
/* What is in the folder: names, separated by blanks, sorted. */
char   *journal_test_list (JournalTest *test);
GBytes *journal_test_read (const char *path);
void    journal_test_write (const char *path, GBytes *bytes);
/* Runs SQL as another program would, with the triggers there or dropped. */
int journal_test_sql (const char *path, const char *sql);

G_END_DECLS
