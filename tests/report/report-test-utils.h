/* report-test-utils.h: a small PDF, other people's verifiers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <cairo-pdf.h>

#include "eros-signer.h"

/* A key takes a second to make: each test program makes one. */
ErosSigner *test_signer (void);
GBytes     *test_pdf (guint n_pages);
char       *test_write (GBytes *bytes); /* into a temporary file, whose path is returned */
void        test_remove (char *path);   /* removes the file and frees the path */
gboolean    test_has_program (const char *name);
/* Standard output of a program that must succeed. */
char *test_run (const char *first, ...) G_GNUC_NULL_TERMINATED;
/* By zlib, as an attachment is. */
GBytes *test_pack (const char *text);
