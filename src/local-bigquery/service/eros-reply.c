/* eros-reply.c: what is done to every call, whoever handles it: compression, partial answers, ETags
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-service-private.h"

#define MAX_DECODED (1024 * 1024 * 1024)
#define MIN_ENCODED 1400 /* what fits into a packet gains nothing */

/* ---- compression --------------------------------------------------------------------------------------- */

/**
 * eros_bytes_convert:
 * @bytes: data
 * @converter: packs or unpacks it
 *
 * Returns: (transfer full) (nullable): the result; %NULL when it cannot be done, or is too large
 */
GBytes *
eros_bytes_convert (GBytes *bytes, GConverter *converter)
{
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (memory, converter);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autofree guint8 *chunk = g_malloc (65536);
  gssize n;

  while ((n = g_input_stream_read (stream, chunk, 65536, NULL, NULL)) > 0)
    {
      if (all->len + (gsize) n > MAX_DECODED)
        return NULL;
      g_byte_array_append (all, chunk, n);
    }
  return n == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&all)) : NULL;
}

/**
 * eros_call_decode:
 * @call: a call that nobody has handled yet
 *
 * Unpacks a body that was packed for its way.
 *
 * Returns: whether it can be read; if not, the call has failed
 */
gboolean
eros_call_decode (ErosCall *call)
{
  const char *encoding = eros_call_header (call, "Content-Encoding");
  g_autoptr (GConverter) converter = NULL;
  GBytes *plain;

  if (encoding == NULL || g_ascii_strcasecmp (encoding, "identity") == 0)
    return TRUE;
  if (g_ascii_strcasecmp (encoding, "gzip") != 0 && g_ascii_strcasecmp (encoding, "x-gzip") != 0)
    {
      eros_call_fail (call, 415, "unsupportedMediaType",
                      "The Content-Encoding %s is not taken here; gzip is.", encoding);
      return FALSE;
    }
  converter = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  plain = eros_bytes_convert (call->body, converter);
  if (plain == NULL)
    {
      eros_call_fail (call, 400, "badContent", "The body is said to be gzip, and is not, or is too large.");
      return FALSE;
    }
  g_bytes_unref (call->body);
  call->body = plain;
  return TRUE;
}

/* Google packs answers for those who say so twice: https://cloud.google.com/bigquery/docs/api-performance */
static gboolean
wants_gzip (ErosCall *call)
{
  const char *accepted = eros_call_header (call, "Accept-Encoding");
  const char *agent = eros_call_header (call, "User-Agent");

  return accepted != NULL && agent != NULL && strstr (accepted, "gzip") != NULL &&
         strstr (agent, "gzip") != NULL;
}

static void
encode (ErosCall *call)
{
  g_autoptr (GConverter) converter = NULL;
  g_autoptr (GBytes) plain = NULL;

  if (call->text == NULL || call->bytes != NULL || call->text->len < MIN_ENCODED || !wants_gzip (call))
    return;
  converter = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1));
  plain = g_string_free_to_bytes (g_steal_pointer (&call->text));
  call->bytes = eros_bytes_convert (plain, converter);
  eros_call_add_header (call, "Content-Encoding", "gzip");
}

/* ---- ETags --------------------------------------------------------------------------------------------- */

/* A list is told from another by all that is in it. */
static void
fill_etag (ErosCall *call)
{
  static const char mark[] = "\"etag\":\"" EROS_ETAG_OF_ALL "\"";
  g_autoptr (GChecksum) checksum = NULL;
  g_autofree char *text = NULL;
  g_autofree char *member = NULL;
  guint8 digest[20];
  gsize size = sizeof digest;

  if (call->text == NULL || strstr (call->text->str, mark) == NULL)
    return;
  checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_checksum_update (checksum, (const guchar *) call->text->str, call->text->len);
  g_checksum_get_digest (checksum, digest, &size);
  text = g_base64_encode (digest, 16);
  member = g_strdup_printf ("\"etag\":\"%s\"", text);
  g_string_replace (call->text, mark, member, 1);
  eros_call_set_etag (call, text);
}

static gboolean
is_among (const char *list, const char *etag)
{
  g_auto (GStrv) parts = g_strsplit (list, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *part = g_strstrip (parts[i]);
      gsize length = strlen (part);

      if (strcmp (part, "*") == 0 || strcmp (part, etag) == 0 ||
          (length >= 2 && part[0] == '"' && strlen (etag) == length - 2 &&
           strncmp (part + 1, etag, length - 2) == 0))
        return TRUE;
    }
  return FALSE;
}

static void
compare_etag (ErosCall *call)
{
  const char *known = eros_call_header (call, "If-None-Match");

  if (call->etag == NULL)
    return;
  eros_call_add_header (call, "ETag", call->etag);
  if (known == NULL || !is_among (known, call->etag))
    return;
  call->status = 304;
  g_clear_pointer (&call->bytes, g_bytes_unref);
  if (call->text != NULL)
    g_string_truncate (call->text, 0);
}

/* ---- fields=items(name,size),nextPageToken ------------------------------------------------------------- */

typedef struct
{
  const char *at;
  gboolean wrong;
} Mask;

/* Which members of @from are kept, and what of them; NULL when all is. */
static JsonNode *read_mask (Mask *mask, guint depth);

/* a/b,a/c is a(b,c); a without more is all of it. */
static void
add_to_mask (JsonObject *mask, const char *name, JsonNode *inner)
{
  JsonNode *old = json_object_get_member (mask, name);
  g_autoptr (JsonNode) owned = inner;
  JsonObjectIter iter;
  const char *member;
  JsonNode *node;

  if (old == NULL || inner == NULL || !JSON_NODE_HOLDS_OBJECT (old))
    {
      if (old == NULL || inner == NULL)
        json_object_set_member (mask, name,
                                inner != NULL ? g_steal_pointer (&owned) : json_node_new (JSON_NODE_NULL));
      return;
    }
  json_object_iter_init (&iter, json_node_get_object (inner));
  while (json_object_iter_next (&iter, &member, &node))
    add_to_mask (json_node_get_object (old), member,
                 JSON_NODE_HOLDS_OBJECT (node) ? json_node_copy (node) : NULL);
}

static JsonNode *
read_selector (Mask *mask, char **name, guint depth)
{
  const char *begin = mask->at;
  JsonNode *inner = NULL;

  mask->at += strcspn (begin, ",/()");
  *name = g_strndup (begin, mask->at - begin);
  g_strstrip (*name);
  mask->wrong = mask->wrong || **name == '\0' || depth > 20;
  if (mask->wrong)
    return NULL;
  if (*mask->at == '/')
    {
      g_autofree char *next = NULL;
      JsonNode *rest;

      mask->at++;
      rest = read_selector (mask, &next, depth + 1);
      inner = json_node_init_object (json_node_alloc (), NULL);
      json_node_take_object (inner, json_object_new ());
      add_to_mask (json_node_get_object (inner), next != NULL ? next : "", rest);
    }
  else if (*mask->at == '(')
    {
      mask->at++;
      inner = read_mask (mask, depth + 1);
      mask->wrong = mask->wrong || *mask->at != ')';
      mask->at += *mask->at == ')';
    }
  return inner;
}

static JsonNode *
read_mask (Mask *mask, guint depth)
{
  JsonNode *node = json_node_init_object (json_node_alloc (), NULL);

  json_node_take_object (node, json_object_new ());
  do
    {
      g_autofree char *name = NULL;
      JsonNode *inner = read_selector (mask, &name, depth);

      add_to_mask (json_node_get_object (node), name != NULL ? name : "", inner);
    }
  while (!mask->wrong && *mask->at == ',' && mask->at++);
  return node;
}

static void apply_mask (JsonNode *node, JsonObject *mask);

static void
apply_to_object (JsonObject *object, JsonObject *mask)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *l = names; l != NULL; l = l->next)
    {
      const char *name = json_object_has_member (mask, l->data) ? l->data : "*";
      JsonNode *inner = json_object_get_member (mask, name);

      if (inner == NULL)
        json_object_remove_member (object, l->data);
      else if (JSON_NODE_HOLDS_OBJECT (inner))
        apply_mask (json_object_get_member (object, l->data), json_node_get_object (inner));
    }
}

static void
apply_mask (JsonNode *node, JsonObject *mask)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    apply_to_object (json_node_get_object (node), mask);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      apply_mask (json_array_get_element (json_node_get_array (node), i), mask);
}

static void
select_fields (ErosCall *call)
{
  const char *fields = eros_call_query (call, "fields");
  Mask mask = { fields, FALSE };
  g_autoptr (JsonNode) selected = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (fields == NULL || *fields == '\0' || strcmp (fields, "*") == 0 || call->status != 200 ||
      call->text == NULL || call->bytes != NULL || call->text->len == 0)
    return;
  selected = read_mask (&mask, 0);
  if (mask.wrong || *mask.at != '\0')
    {
      eros_call_fail (call, 400, "invalidParameter", "Invalid field selection %s", fields);
      return;
    }
  node = json_from_string (call->text->str, NULL);
  if (node == NULL)
    return;
  apply_mask (node, json_node_get_object (selected));
  text = json_to_string (node, FALSE);
  g_string_assign (call->text, text);
}

/**
 * eros_call_finish:
 * @call: a call that has been handled
 *
 * Gives its answer the form that was asked for.
 */
void
eros_call_finish (ErosCall *call)
{
  if (call->status == 0)
    eros_call_fail (call, 500, "internalError", "The local server did not answer this call.");
  if (call->status == 200)
    {
      fill_etag (call);
      select_fields (call);
    }
  if (call->status == 200 && (strcmp (call->method, "GET") == 0 || strcmp (call->method, "HEAD") == 0))
    compare_etag (call);
  encode (call);
}
