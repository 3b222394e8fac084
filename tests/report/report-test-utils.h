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
/* (transfer full) (nullable): what this program says of the signatures of a file */
GPtrArray *test_verify (GBytes *pdf, GError **error);
/* So do poppler's pdfsig, qpdf and mutool, those of them that are here. */
void test_assert_others_agree (GBytes *pdf, guint n_signatures);
/* By zlib, as an attachment is. */
GBytes *test_pack (const char *text);
