/* bench-decoder.c: how many bytes of an answer are decoded in a second
 *
 * Pages as BigQuery sends them, of 5,000 rows with a column of each common type, in pieces of 64 KiB as they
 * come from the network. The bar: 300 MB/s on one core.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>
#include <sys/resource.h>

#include "eros-page.h"

#define ROWS  5000
#define CHUNK (64 * 1024)
#define BAR   300.0

static char *
make_page (void)
{
  GString *page = g_string_new (
    "{\"kind\":\"bigquery#getQueryResultsResponse\",\"schema\":{\"fields\":["
    "{\"name\":\"caption_id\",\"type\":\"INTEGER\"},{\"name\":\"caption_text\",\"type\":\"STRING\"},"
    "{\"name\":\"score\",\"type\":\"FLOAT\"},{\"name\":\"active\",\"type\":\"BOOLEAN\"},"
    "{\"name\":\"last_updated\",\"type\":\"TIMESTAMP\"},{\"name\":\"views\",\"type\":\"INTEGER\"}]},"
    "\"jobComplete\":true,\"totalRows\":\"5000\",\"rows\":[");

  for (guint i = 0; i < ROWS; i++)
    g_string_append_printf (
      page,
      "%s{\"f\":[{\"v\":\"%u\"},{\"v\":\"Only today: caption number %u, \\u00e9\\n\"},{\"v\":\"0.%06u\"},"
      "{\"v\":\"%s\"},{\"v\":\"17356896%05u000000\"},{\"v\":\"%u\"}]}",
      i > 0 ? "," : "", i, i * 7919, (i * 7919) % 1000000, i % 3 ? "true" : "false", i, i * i);
  g_string_append (page, "]}");
  return g_string_free (page, FALSE);
}

static double
cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
decode (const char *text, gsize length)
{
  g_autoptr (ErosPageDecoder) decoder = eros_page_decoder_new (NULL);
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (JsonNode) head = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize at = 0; at < length; at += CHUNK)
    if (!eros_page_decoder_push (decoder, text + at, MIN (CHUNK, length - at), &error))
      g_error ("%s", error->message);
  if (!eros_page_decoder_finish (decoder, &page, &head, &error))
    g_error ("%s", error->message);
  g_assert_cmpuint (eros_page_get_n_rows (page), ==, ROWS);
}

int
main (void)
{
  g_autofree char *text = make_page ();
  gsize length = strlen (text);
  guint n = 0;
  double begun, used, rate;

  decode (text, length);
  begun = cpu_seconds ();
  do
    {
      decode (text, length);
      n++;
    }
  while ((used = cpu_seconds () - begun) < 2);
  rate = n * length / used / 1e6;
  g_print ("decoder: %.0f MB/s of JSON, %.2f million rows/s (bar: %.0f MB/s)\n", rate,
           n * (ROWS / 1e6) / used, BAR);
  return rate >= BAR ? 0 : 1;
}
