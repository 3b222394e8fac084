/* eros-csv.h: comma-separated values, record by record
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char     delimiter;
  char     quote;           /* 0: none */
  gboolean quoted_newlines; /* a line break may stand between quotes */
} ErosCsvFormat;

typedef struct
{
  GString *text;
  gboolean quoted;
} ErosCsvField;

/* The fields of a record, used again for the next one. */
typedef struct
{
  GPtrArray *fields; /* of ErosCsvField; only the first n are of this record */
  guint      n;
} ErosCsvRecord;

#define EROS_CSV_NO_DELIMITER                                                                                          \
  "Invalid value for fieldDelimiter: the local server takes a single character of ASCII, no quote and no line break"

/* Whether @text, a character or its name, can be what stands between fields; NULL or nothing: a comma. */
gboolean eros_csv_read_delimiter (const char *text, char *delimiter) G_GNUC_WARN_UNUSED_RESULT;

void eros_csv_record_init (ErosCsvRecord *record);
void eros_csv_record_clear (ErosCsvRecord *record);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ErosCsvRecord, eros_csv_record_clear)

/* Reads from *@text on and moves it; *@n_lines grows by the lines that were read. NULL, or what is wrong with the
 * record.
 */
const char *eros_csv_read (const ErosCsvFormat *format,
                           const char         **text,
                           const char          *end,
                           gint64              *n_lines,
                           ErosCsvRecord       *record) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
