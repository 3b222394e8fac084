/* eros-refusal.c: an answer that says no, whatever its form
 *
 * BigQuery and Cloud Storage answer with {"error":{"errors":[{"reason":…}]}}, the newer services with
 * {"error":{"status":…, "details":[{"reason":…}]}}, Cloud Storage's media with XML or a line of text, and
 * whatever stands before them with a web page.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "eros-error-kind-private.h"
#include "eros-json.h"
#include "eros-sentences.h"

#define LONGEST_LINE  500
#define LONGEST_TITLE 100

/* The first of an array of objects that has it. (nullable) */
static const char *
find_reason (JsonArray *array, gboolean must_be_known)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      const char *reason =
        JSON_NODE_HOLDS_OBJECT (element) ? eros_json_string (json_node_get_object (element), "reason") : NULL;

      if (reason != NULL && (!must_be_known || eros_error_kind_knows (reason)))
        return reason;
    }
  return NULL;
}

/* The most telling word: “forbidden” may come with a detail that says what it is that is missing. */
static const char *
choose_reason (JsonObject *error)
{
  JsonArray *details = eros_json_array (error, "details");
  JsonArray *errors = eros_json_array (error, "errors");
  const char *reason = find_reason (details, TRUE);

  if (reason == NULL)
    reason = find_reason (errors, FALSE);
  if (reason == NULL)
    reason = find_reason (details, FALSE);
  return reason != NULL ? reason : eros_json_string (error, "status");
}

static GError *
read_object (guint status, const char *authenticate, JsonObject *error, const char *otherwise)
{
  const char *message = eros_json_string (error, "message");
  const char *reason = choose_reason (error);

  /* RFC 6750, 3.1 */
  if (status == 403 && authenticate != NULL && strstr (authenticate, "insufficient_scope") != NULL)
    reason = "insufficient_scope";
  return eros_big_query_error_new (status, reason, message != NULL && *message != '\0' ? message : otherwise);
}

/* (nullable) (transfer full): what stands between a tag and its end, on one line */
static char *
text_between (const char *text, const char *tag)
{
  g_autofree char *pattern = g_strdup_printf ("<%s\\b[^>]*>\\s*([^<]*?)\\s*</%s>", tag, tag);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *found = NULL;

  if (!g_regex_match (regex, text, 0, &match))
    return NULL;
  found = g_match_info_fetch (match, 1);
  return *found != '\0' ? g_strdelimit (g_steal_pointer (&found), "\r\n\t", ' ') : NULL;
}

/* https://cloud.google.com/storage/docs/xml-api/reference-status */
static GError *
read_xml (guint status, const char *text, const char *otherwise)
{
  g_autofree char *code = text_between (text, "Code");
  g_autofree char *message = text_between (text, "Message");
  g_autofree char *details = text_between (text, "Details");
  g_autofree char *all = eros_sentences_join (message != NULL ? message : otherwise, details);

  return eros_big_query_error_new (status, code, all);
}

static GError *
read_page (guint status, const char *text, const char *otherwise)
{
  g_autofree char *title = text_between (text, "title");
  g_autofree char *message = NULL;

  /* Translators: %1$s: “the server answered 403 Forbidden”, %2$s: the title of the page */
  if (title != NULL && g_utf8_strlen (title, -1) <= LONGEST_TITLE)
    message = g_strdup_printf (_ ("%1$s with a web page, “%2$s”"), otherwise, title);
  else
    message = g_strdup_printf (_ ("%s with a web page"), otherwise);
  return eros_big_query_error_new (status, EROS_REASON_PAGE, message);
}

/* (transfer none): what comes after blanks, an XML declaration and comments */
static const char *
skip_prologue (const char *text)
{
  static const struct
  {
    const char *begin, *end;
  } parts[] = { { "<?xml", ">" }, { "<!--", "-->" } };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      text += strspn (text, " \t\r\n");
      while (g_ascii_strncasecmp (text, parts[i].begin, strlen (parts[i].begin)) == 0)
        {
          const char *end = strstr (text, parts[i].end);

          if (end == NULL)
            return text;
          text = end + strlen (parts[i].end);
          text += strspn (text, " \t\r\n");
        }
    }
  return text;
}

/* A comment that does not end in what is here is no service's either. */
static gboolean
is_page (const char *text)
{
  return g_regex_match_simple ("^<(?:!--|!doctype\\s+html\\b|(?:html|head|body|title)\\b)",
                               skip_prologue (text), G_REGEX_CASELESS, 0);
}

/* OAuth's own: {"error": "invalid_grant", "error_description": "…"} */
static GError *
read_words (guint status, JsonObject *object, const char *otherwise)
{
  const char *reason = eros_json_string (object, "error");
  const char *said = eros_json_string (object, "error_description");

  if (said == NULL)
    said = reason != NULL ? reason : eros_json_string (object, "message");
  return eros_big_query_error_new (status, reason, said != NULL ? said : otherwise);
}

/* libsoup's list of phrases is not complete. */
static char *
describe_status (guint status)
{
  const char *phrase = status == 429 ? "Too Many Requests" : soup_status_get_phrase (status);

  if (g_str_equal (phrase, soup_status_get_phrase (999)))
    return g_strdup_printf (_ ("the server answered %u"), status);
  /* Translators: %1$u: a number, %2$s: its meaning: “403 Forbidden” */
  return g_strdup_printf (_ ("the server answered %1$u %2$s"), status, phrase);
}

/**
 * eros_big_query_error_of_answer:
 * @status: the HTTP status
 * @authenticate: (nullable): the header WWW-Authenticate
 * @body: the answer's body, of any kind
 * @length: its length
 *
 * Returns: (transfer full): an %EROS_BIG_QUERY_ERROR
 */
GError *
eros_big_query_error_of_answer (guint status, const char *authenticate, const char *body, gsize length)
{
  g_autofree char *text = g_utf8_make_valid (length > 0 ? body : "", length);
  g_autofree char *otherwise = describe_status (status);
  g_autoptr (JsonNode) root = eros_json_parse (text, -1, NULL);
  JsonObject *object = root != NULL ? json_node_get_object (root) : NULL;

  if (object != NULL && eros_json_object (object, "error") != NULL)
    return read_object (status, authenticate, eros_json_object (object, "error"), otherwise);
  if (object != NULL)
    return read_words (status, object, otherwise);
  if (is_page (text))
    return read_page (status, text, otherwise);
  g_strstrip (text);
  if (strstr (text, "<Error>") != NULL)
    return read_xml (status, text, otherwise);
  if (*text != '\0' && *text != '<' && *text != '{' && *text != '[' && strlen (text) <= LONGEST_LINE)
    return eros_big_query_error_new (status, NULL, text);
  return eros_big_query_error_new (status, NULL, otherwise);
}
