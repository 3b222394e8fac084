/* fuzz-client.c: any bytes as a server's answer: a page, a job, a schema
 *
 * The first byte says in which pieces the rest arrives, and whether the page's columns are known before.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-big-query-error.h"
#include "eros-job.h"
#include "eros-json.h"
#include "eros-page.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Every cell in every way, and what lies in it. */
static void
read_page (ErosPage *page, guint depth)
{
  guint n_columns = eros_schema_get_n_columns (eros_page_get_schema (page));

  for (guint row = 0; row < MIN (eros_page_get_n_rows (page), 50); row++)
    for (guint column = 0; column < n_columns; column++)
      {
        g_autofree char *text = eros_page_dup_text (page, row, column);
        g_autoptr (ErosPage) nested = depth < 20 ? eros_page_dup_nested (page, row, column, NULL) : NULL;

        g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
        g_assert_true ((text == NULL) == eros_page_is_null (page, row, column));
        eros_page_get_int64 (page, row, column);
        eros_page_get_double (page, row, column);
        eros_page_get_text (page, row, column);
        if (nested != NULL)
          read_page (nested, depth + 1);
      }
}

static gboolean
decode (ErosPageDecoder *decoder,
        const char *text,
        gsize length,
        gsize piece,
        ErosPage **page,
        JsonNode **head)
{
  for (gsize at = 0; at < length; at += piece)
    if (!eros_page_decoder_push (decoder, text + at, MIN (piece, length - at), NULL))
      return FALSE;
  return eros_page_decoder_finish (decoder, page, head, NULL);
}

static void
read_as_page (guint8 how, const char *text, gsize length)
{
  g_autoptr (ErosPageDecoder) decoder = eros_page_decoder_new (NULL);
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (ErosPage) again = NULL;
  g_autoptr (JsonNode) head = NULL;
  g_autoptr (JsonNode) head_again = NULL;

  if (!decode (decoder, text, length, 1 + (how & 0x7f), &page, &head) || page == NULL)
    return;
  read_page (page, 0);
  /* In one piece, and with columns that are known, it must be the same. */
  if ((how & 0x80) != 0)
    {
      g_autoptr (ErosPageDecoder) other = eros_page_decoder_new (eros_page_get_schema (page));

      g_assert_true (decode (other, text, length, length + 1, &again, &head_again));
      g_assert_cmpuint (eros_page_get_n_rows (again), ==, eros_page_get_n_rows (page));
    }
}

static void
read_as_object (const char *text, gsize length)
{
  g_autoptr (JsonNode) node = eros_json_parse (text, length, NULL);
  g_autoptr (ErosJob) job = node != NULL ? eros_job_new_from_json (node, NULL) : NULL;
  g_autoptr (GError) failure = job != NULL ? eros_job_dup_error (job) : NULL;
  guint line, column;

  if (job == NULL)
    return;
  eros_job_get_position (job, &line, &column);
  eros_job_get_created (job);
  eros_job_get_started (job);
  eros_job_get_bytes_billed (job);
  eros_job_get_n_children (job);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (size == 0)
    return 0;
  read_as_page (data[0], (const char *) data + 1, size - 1);
  read_as_object ((const char *) data + 1, size - 1);
  return 0;
}
