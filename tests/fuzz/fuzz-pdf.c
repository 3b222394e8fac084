/* fuzz-pdf.c: any bytes as a report that somebody hands over: verified, explained, its record and boxes read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE /* memfd_create () */
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "eros-report-boxes.h"
#include "eros-report-record.h"
#include "eros-file-verdict.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define MAX_SIZE (1024 * 1024)

/* In memory, and a file all the same. (transfer full) */
static GFile *
make_file (const uint8_t *data, size_t size, int *fd)
{
  g_autofree char *path = NULL;

  *fd = memfd_create ("pdf", MFD_CLOEXEC);
  g_assert_cmpint (*fd, >=, 0);
  g_assert_cmpint (write (*fd, data, size), ==, size);
  path = g_strdup_printf ("/proc/self/fd/%d", *fd);
  return g_file_new_for_path (path);
}

/* Every answer is one or the other, and can be said. */
static void
judge (GFile *file)
{
  g_autoptr (ErosFileVerdict) verdict = eros_file_verdict_new ("file", file, NULL, NULL);
  g_autoptr (GPtrArray) lines = eros_file_verdict_describe (verdict);

  g_assert_cmpuint (lines->len, >, 0);
  g_assert_true (verdict->good || verdict->problem != NULL || verdict->is_foreign);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GPtrArray) boxes = NULL;
  g_autoptr (ErosReportRecord) record = NULL;
  int fd;

  if (size < 5 || size > MAX_SIZE || memcmp (data, "%PDF-", 5) != 0)
    return 0;
  bytes = g_bytes_new_static (data, size);
  file = make_file (data, size, &fd);
  judge (file);
  boxes = eros_pdf_list_boxes (bytes, NULL);
  record = eros_report_record_read (file, NULL);
  close (fd);
  return 0;
}
