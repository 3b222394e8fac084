/* test-page-decoder.c: answers taken apart while they arrive
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>
#include <string.h>

#include "eros-big-query-error.h"
#include "eros-page.h"

#define SCHEMA                                                                                               \
  "\"schema\":{\"fields\":["                                                                                 \
  "{\"name\":\"i\",\"type\":\"INTEGER\"},{\"name\":\"f\",\"type\":\"FLOAT\"},{\"name\":\"b\",\"type\":"      \
  "\"BOOLEAN\"},"                                                                                            \
  "{\"name\":\"s\",\"type\":\"STRING\"},{\"name\":\"t\",\"type\":\"TIMESTAMP\"},{\"name\":\"n\",\"type\":"   \
  "\"NUMERIC\"},"                                                                                            \
  "{\"name\":\"a\",\"type\":\"STRING\",\"mode\":\"REPEATED\"},"                                              \
  "{\"name\":\"r\",\"type\":\"RECORD\",\"fields\":[{\"name\":\"x\",\"type\":\"INTEGER\"}]}]}"

#define ROW_1                                                                                                \
  "{\"f\":[{\"v\":\"-9223372036854775808\"},{\"v\":\"0.1\"},{\"v\":\"true\"},{\"v\":\"caf\\u00e9 \\\"\\\\ "  \
  "\\ud83d\\ude00\"},"                                                                                       \
  "{\"v\":\"1735689600123456\"},{\"v\":\"0.000000001\"},{\"v\":[{\"v\":\"p]\"},{\"v\":\"q}\"}]},"            \
  "{\"v\":{\"f\":[{\"v\":\"7\"}]}}]}"
#define ROW_2                                                                                                \
  " {\n \"f\" : [ {\"v\":null}, {\"v\":\"-Infinity\"}, {\"v\" : \"false\" }, {\"v\":\"\"}, "                 \
  "{\"v\":\"1.7356896001234E9\"},"                                                                           \
  "{\"v\":null},{\"v\":[]},{\"v\":null} ] }"

#define ANSWER                                                                                               \
  "{\"kind\":\"bigquery#getQueryResultsResponse\"," SCHEMA ",\"totalRows\":\"2\",\"rows\":[" ROW_1 "," ROW_2 \
  "],\"jobComplete\":true,\"pageToken\":\"next\"}"

#define LATE_SCHEMA "{\"rows\":[" ROW_1 "," ROW_2 "]," SCHEMA ",\"totalRows\":\"2\",\"pageToken\":\"next\"}"

static gboolean
decode (const char *text, gsize piece, ErosPage **page, JsonNode **head, GError **error)
{
  g_autoptr (ErosPageDecoder) decoder = eros_page_decoder_new (NULL);
  gsize length = strlen (text);

  for (gsize at = 0; at < length; at += piece)
    if (!eros_page_decoder_push (decoder, text + at, MIN (piece, length - at), error))
      return FALSE;
  return eros_page_decoder_finish (decoder, page, head, error);
}

static void
assert_sample (ErosPage *page, JsonNode *head)
{
  g_autofree char *first = NULL;
  g_autofree char *time = NULL;
  g_autofree char *real = NULL;

  g_assert_nonnull (page);
  g_assert_cmpuint (eros_page_get_n_rows (page), ==, 2);
  g_assert_cmpint (eros_page_get_int64 (page, 0, 0), ==, G_MININT64);
  g_assert_cmpfloat (eros_page_get_double (page, 0, 1), ==, 0.1);
  g_assert_cmpint (eros_page_get_int64 (page, 0, 2), ==, TRUE);
  g_assert_cmpstr (eros_page_get_text (page, 0, 3), ==, "café \"\\ 😀");
  g_assert_cmpint (eros_page_get_int64 (page, 0, 4), ==, 1735689600123456);
  g_assert_cmpstr (eros_page_get_text (page, 0, 5), ==, "0.000000001");
  g_assert_cmpstr (eros_page_get_text (page, 0, 6), ==, "[{\"v\":\"p]\"},{\"v\":\"q}\"}]");
  g_assert_cmpstr (eros_page_get_text (page, 0, 7), ==, "{\"f\":[{\"v\":\"7\"}]}");
  g_assert_true (eros_page_is_null (page, 1, 0));
  g_assert_true (isinf (eros_page_get_double (page, 1, 1)));
  g_assert_cmpstr (eros_page_get_text (page, 1, 3), ==, "");
  g_assert_cmpint (eros_page_get_int64 (page, 1, 4), ==, 1735689600123400);
  g_assert_true (eros_page_is_null (page, 1, 7));
  time = eros_page_dup_text (page, 0, 4);
  g_assert_cmpstr (time, ==, "2025-01-01 00:00:00.123456 UTC");
  real = eros_page_dup_text (page, 0, 1);
  g_assert_cmpstr (real, ==, "0.1");
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (head), "pageToken"), ==, "next");
  g_assert_cmpuint (
    json_array_get_length (json_object_get_array_member (json_node_get_object (head), "rows")), ==, 0);
}

/* tabledata.list says no schema: it is the table's. Its times are seconds, with and without an exponent; of a
 * streaming buffer it counts no rows. */
static void
test_rows_of_a_table_fit_its_schema (void)
{
  static const char *const answer =
    "{\"kind\":\"bigquery#tableDataList\",\"totalRows\":\"0\",\"rows\":["
    "{\"f\":[{\"v\":\"one\"},{\"v\":\"1500000000.000007\"},{\"v\":[{\"v\":\"1.5E9\"},{\"v\":\"0.0\"}]},"
    "{\"v\":{\"f\":[{\"v\":\"true\"},{\"v\":[{\"v\":{\"f\":[{\"v\":\"3\"}]}}]}]}}]},"
    "{\"f\":[{\"v\":null},{\"v\":null},{\"v\":[]},{\"v\":null}]}]}";
  g_autoptr (JsonNode) fields = json_from_string (
    "{\"fields\":[{\"name\":\"s\",\"type\":\"STRING\"},{\"name\":\"t\",\"type\":\"TIMESTAMP\"},"
    "{\"name\":\"ts\",\"type\":\"TIMESTAMP\",\"mode\":\"REPEATED\"},"
    "{\"name\":\"r\",\"type\":\"RECORD\",\"fields\":[{\"name\":\"b\",\"type\":\"BOOLEAN\"},"
    "{\"name\":\"n\",\"type\":\"RECORD\",\"mode\":\"REPEATED\",\"fields\":[{\"name\":\"i\",\"type\":"
    "\"INTEGER\"}]"
    "}]}]}",
    NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosSchema) schema = eros_schema_new_from_json (json_node_get_object (fields), &error);
  g_autoptr (ErosPageDecoder) decoder = eros_page_decoder_new (schema);
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (JsonNode) head = NULL;
  g_autoptr (ErosPage) times = NULL;
  g_autoptr (ErosPage) record = NULL;
  g_autoptr (ErosPage) nested = NULL;

  g_assert_true (eros_page_decoder_push (decoder, answer, strlen (answer), &error) &&
                 eros_page_decoder_finish (decoder, &page, &head, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (eros_page_get_n_rows (page), ==, 2);
  g_assert_cmpint (eros_page_get_int64 (page, 0, 1), ==, 1500000000000007);
  times = eros_page_dup_nested (page, 0, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpint (eros_page_get_int64 (times, 0, 0), ==, 1500000000000000);
  g_assert_cmpint (eros_page_get_int64 (times, 1, 0), ==, 0);
  record = eros_page_dup_nested (page, 0, 3, &error);
  g_assert_no_error (error);
  nested = eros_page_dup_nested (record, 0, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (eros_page_get_int64 (nested, 0, 0), ==, 3);
  for (guint column = 0; column < 4; column++)
    g_assert_cmpint (eros_page_is_null (page, 1, column), ==, column != 2);
}

static void
test_every_split_gives_the_same_page (gconstpointer text)
{
  for (gsize piece = 1; piece <= strlen (text); piece++)
    {
      g_autoptr (ErosPage) page = NULL;
      g_autoptr (JsonNode) head = NULL;
      g_autoptr (GError) error = NULL;

      decode (text, piece, &page, &head, &error);
      g_assert_no_error (error);
      assert_sample (page, head);
    }
}

static void
test_arrays_and_structs_are_pages (void)
{
  static const char text[] =
    "{\"schema\":{\"fields\":["
    "{\"name\":\"tags\",\"type\":\"STRING\",\"mode\":\"REPEATED\"},"
    "{\"name\":\"counts\",\"type\":\"INTEGER\",\"mode\":\"REPEATED\"},"
    "{\"name\":\"people\",\"type\":\"RECORD\",\"mode\":\"REPEATED\",\"fields\":["
    "{\"name\":\"name\",\"type\":\"STRING\"},{\"name\":\"ages\",\"type\":\"INTEGER\",\"mode\":\"REPEATED\"}]}"
    ","
    "{\"name\":\"place\",\"type\":\"RECORD\",\"fields\":[{\"name\":\"x\",\"type\":\"FLOAT\"},"
    "{\"name\":\"in\",\"type\":\"RECORD\",\"fields\":[{\"name\":\"y\",\"type\":\"TIMESTAMP\"}]}]}]},"
    "\"rows\":[{\"f\":[{\"v\":[{\"v\":\"a \\\"b\\\"\"},{\"v\":null}]},{\"v\":[]},"
    "{\"v\":[{\"v\":{\"f\":[{\"v\":\"Ada\"},{\"v\":[{\"v\":\"36\"}]}]}},{\"v\":{\"f\":[{\"v\":null},{\"v\":[]"
    "}]}}]},"
    "{\"v\":{\"f\":[{\"v\":\"0.5\"},{\"v\":{\"f\":[{\"v\":\"17\"}]}}]}}]},"
    "{\"f\":[{\"v\":[]},{\"v\":[{\"v\":\"1\"},{\"v\":\"2\"}]},{\"v\":[]},{\"v\":null}]}]}";
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (JsonNode) head = NULL;
  g_autoptr (ErosPage) tags = NULL;
  g_autoptr (ErosPage) none = NULL;
  g_autoptr (ErosPage) counts = NULL;
  g_autoptr (ErosPage) people = NULL;
  g_autoptr (ErosPage) ages = NULL;
  g_autoptr (ErosPage) place = NULL;
  g_autoptr (ErosPage) inner = NULL;
  g_autoptr (GError) error = NULL;

  decode (text, 1000, &page, &head, &error);
  g_assert_no_error (error);
  tags = eros_page_dup_nested (page, 0, 0, &error);
  g_assert_cmpuint (eros_page_get_n_rows (tags), ==, 2);
  g_assert_cmpstr (eros_page_get_text (tags, 0, 0), ==, "a \"b\"");
  g_assert_true (eros_page_is_null (tags, 1, 0));
  none = eros_page_dup_nested (page, 0, 1, &error);
  g_assert_cmpuint (eros_page_get_n_rows (none), ==, 0);
  counts = eros_page_dup_nested (page, 1, 1, &error);
  g_assert_cmpint (eros_page_get_int64 (counts, 1, 0), ==, 2);
  people = eros_page_dup_nested (page, 0, 2, &error);
  g_assert_cmpuint (eros_page_get_n_rows (people), ==, 2);
  g_assert_cmpstr (eros_page_get_text (people, 0, 0), ==, "Ada");
  ages = eros_page_dup_nested (people, 0, 1, &error);
  g_assert_cmpint (eros_page_get_int64 (ages, 0, 0), ==, 36);
  place = eros_page_dup_nested (page, 0, 3, &error);
  g_assert_cmpfloat (eros_page_get_double (place, 0, 0), ==, 0.5);
  inner = eros_page_dup_nested (place, 0, 1, &error);
  g_assert_cmpint (eros_page_get_int64 (inner, 0, 0), ==, 17);
  g_assert_null (eros_page_dup_nested (page, 1, 3, &error));
  g_assert_no_error (error);
}

static void
test_broken_arrays_are_named (void)
{
  static const char *values[] = { "{\"f\":[]}",
                                  "[7]",
                                  "[{\"v\":\"x\"}]",
                                  "[{\"w\":\"1\"}]",
                                  "[{\"v\":\"1\"}{\"v\":\"1\"}]",
                                  "[{\"v\":[{\"v\":\"1\"}]}]" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *text =
        g_strdup_printf ("{\"schema\":{\"fields\":[{\"name\":\"c\",\"type\":\"INTEGER\",\"mode\":"
                         "\"REPEATED\"}]},\"rows\":[{\"f\":[{\"v\":%s}]}]}",
                         values[i]);
      g_autoptr (ErosPage) page = NULL;
      g_autoptr (JsonNode) head = NULL;
      g_autoptr (GError) error = NULL;

      decode (text, 1000, &page, &head, &error);
      g_assert_no_error (error);
      g_assert_null (eros_page_dup_nested (page, 0, 0, &error));
      g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED);
    }
}

/* Rows without end, in an answer that never stops. */
static void
test_an_endless_page_is_refused (void)
{
  g_autoptr (ErosPageDecoder) decoder = eros_page_decoder_new (NULL);
  g_autoptr (GString) rows = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  static const char head[] =
    "{\"schema\":{\"fields\":[{\"name\":\"c\",\"type\":\"STRING\"}]},\"rows\":[{\"f\":[{\"v\":null}]}";
  guint pieces = 0;

  for (guint i = 0; i < 1000; i++)
    g_string_append (rows, ",{\"f\":[{\"v\":\"0123456789012345678901234567890123456789\"}]}");
  g_assert_true (eros_page_decoder_push (decoder, head, strlen (head), &error));
  while (eros_page_decoder_push (decoder, rows->str, rows->len, &error))
    g_assert_cmpuint (pieces++, <, 10000);
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED);
}

static void
test_an_answer_without_rows (void)
{
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (JsonNode) head = NULL;
  g_autoptr (ErosPage) none = NULL;
  g_autoptr (JsonNode) ddl = NULL;
  g_autoptr (GError) error = NULL;

  decode ("{" SCHEMA ",\"totalRows\":\"0\"}", 7, &page, &head, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eros_page_get_n_rows (page), ==, 0);
  decode ("{\"jobComplete\":true}", 7, &none, &ddl, &error);
  g_assert_no_error (error);
  g_assert_null (none);
}

static void
test_broken_answers_are_named (void)
{
#define ONE(type, value)                                                                                     \
  "{\"schema\":{\"fields\":[{\"name\":\"c\",\"type\":\"" type "\"}]},\"rows\":[{\"f\":[{\"v\":" value "}]}]" \
  "}"
  static const char *broken[] = {
    "",
    "nonsense",
    "[]",
    "{\"rows\":[",
    "{\"rows\":[]",
    "{\"rows\":[{\"f\":[]}]}",
    ONE ("INTEGER", "\"12a\""),
    ONE ("INTEGER", "\"9223372036854775808\""),
    ONE ("INTEGER", "\"\""),
    ONE ("INTEGER", "{\"f\":[]}"),
    ONE ("FLOAT", "\"1,5\""),
    ONE ("BOOLEAN", "\"yes\""),
    ONE ("STRING", "\"\\ud800\""),
    ONE ("STRING", "\"\\q\""),
    ONE ("STRING", "\"\xff\""),
    ONE ("STRING", "\"a\"},{\"v\":\"b\""),
    ONE ("RECORD", "\"text\""),
    "{\"schema\":{\"fields\":[{\"name\":\"c\"}]},\"rows\":[]}",
    "{\"schema\":{\"fields\":[{\"name\":{},\"type\":[]}]},\"rows\":[]}",
    "{\"schema\":{\"fields\":[{\"name\":\"c\",\"type\":\"STRING\"}]},\"rows\":[{\"g\":1}]}",
    "{\"schema\":{\"fields\":[{\"name\":\"c\",\"type\":\"STRING\"}]},\"rows\":[{\"f\":[{\"v\":\"a\"}]} "
    "{\"f\":[]}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    for (gsize piece = 1; piece < 200; piece += 66)
      {
        g_autoptr (ErosPage) page = NULL;
        g_autoptr (JsonNode) head = NULL;
        g_autoptr (GError) error = NULL;

        g_assert_false (decode (broken[i], piece, &page, &head, &error));
        g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED);
      }
}

static void
test_deep_nesting_is_refused (void)
{
  g_autoptr (GString) text = g_string_new ("{\"x\":");
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (JsonNode) head = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 1000000; i++)
    g_string_append_c (text, '[');
  g_assert_false (decode (text->str, 65536, &page, &head, &error));
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED);
}

/* Every double that is printed with 17 digits reads back as itself, by whichever of the two ways. */
static void
test_reals_are_exact (void)
{
  guint32 seed = g_random_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 20000; i++)
    {
      double value = g_rand_double_range (random, -1e6, 1e6) * pow (10, g_rand_int_range (random, -12, 12));
      char printed[G_ASCII_DTOSTR_BUF_SIZE];
      g_autofree char *text = NULL;
      g_autofree char *back = NULL;
      g_autoptr (ErosPage) page = NULL;
      g_autoptr (JsonNode) head = NULL;
      g_autoptr (GError) error = NULL;

      if (i % 2 == 0)
        value = (double) g_rand_int (random) / pow (10, g_rand_int_range (random, 0, 6));
      text = g_strdup_printf (
        "{\"schema\":{\"fields\":[{\"name\":\"c\",\"type\":\"FLOAT\"}]},\"rows\":[{\"f\":[{\"v\":"
        "\"%s\"}]}]}",
        g_ascii_dtostr (printed, sizeof printed, value));
      decode (text, 65536, &page, &head, &error);
      g_assert_no_error (error);
      g_assert_cmpfloat (eros_page_get_double (page, 0, 0), ==, g_ascii_strtod (printed, NULL));
      back = eros_page_dup_text (page, 0, 0);
      g_assert_cmpfloat (g_ascii_strtod (back, NULL), ==, value);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/bigquery/page/every-split-gives-the-same-page", ANSWER,
                        test_every_split_gives_the_same_page);
  g_test_add_data_func ("/bigquery/page/rows-may-come-before-their-schema", LATE_SCHEMA,
                        test_every_split_gives_the_same_page);
  g_test_add_func ("/bigquery/page/rows-of-a-table-fit-its-schema", test_rows_of_a_table_fit_its_schema);
  g_test_add_func ("/bigquery/page/arrays-and-structs-are-pages", test_arrays_and_structs_are_pages);
  g_test_add_func ("/bigquery/page/broken-arrays-are-named", test_broken_arrays_are_named);
  g_test_add_func ("/bigquery/page/an-endless-page-is-refused", test_an_endless_page_is_refused);
  g_test_add_func ("/bigquery/page/an-answer-without-rows", test_an_answer_without_rows);
  g_test_add_func ("/bigquery/page/broken-answers-are-named", test_broken_answers_are_named);
  g_test_add_func ("/bigquery/page/deep-nesting-is-refused", test_deep_nesting_is_refused);
  g_test_add_func ("/bigquery/page/reals-are-exact", test_reals_are_exact);
  return g_test_run ();
}
