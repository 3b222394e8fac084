/* eros-handle-objects.c: the Cloud Storage JSON API: objects that are there: told, listed, described, deleted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-glob.h"
#include "eros-json-reader.h"
#include "eros-storage.h"

#define MAX_LISTED 1000

void
eros_handle_objects_get (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) object = eros_storage_find_object (call, "generation", "if");

  if (object == NULL)
    return;
  if (g_strcmp0 (eros_call_query (call, "alt"), "media") == 0 || g_str_has_prefix (call->path, "/download/"))
    eros_storage_send_contents (call, object);
  else
    eros_storage_reply_object (call, object);
}

/**
 * eros_handle_objects_xml:
 * @call: GET `/BUCKET/OBJECT`
 *
 * Answers with contents as the XML API does. What no bucket has the name of is no object.
 */
void
eros_handle_objects_xml (ErosCall *call)
{
  const char *bucket = eros_call_param (call, "bucket");
  const char *name = eros_call_param (call, "object");
  g_autoptr (ErosStoreDocument) object = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (!eros_bucket_exists (call->service->store, bucket))
    {
      eros_call_fail (call, 404, "notFound", "The requested URL %s was not found on this server.",
                      call->path);
      return;
    }
  object = eros_object_get (call->service->store, bucket, name, NULL);
  if (object != NULL)
    {
      eros_storage_send_contents (call, object);
      return;
    }
  escaped = g_markup_escape_text (name, -1);
  text = g_strdup_printf (
    "<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code><Message>The "
    "specified key does not exist.</Message><Details>No such object: %s/%s</Details></Error>",
    bucket, escaped);
  bytes = g_bytes_new (text, strlen (text));
  eros_call_reply_bytes (call, 404, "application/xml; charset=UTF-8", bytes);
}

/* ---- description --------------------------------------------------------------------------------------- */

static void
change (ErosCall *call, gboolean replace)
{
  JsonObject *given = eros_call_body (call);
  g_autoptr (ErosStoreDocument) object = NULL;
  g_autoptr (JsonObject) kept = NULL;
  g_autoptr (JsonObject) body = NULL;

  if (given == NULL || !eros_storage_check_description (call, given))
    return;
  eros_storage_lock ();
  object = eros_storage_find_object (call, "generation", "if");
  if (object != NULL)
    {
      kept = eros_object_keep (given);
      body = eros_storage_body (object);
      if (replace)
        eros_object_forget (body);
      eros_json_merge (body, kept);
      if (eros_storage_change (call, object, body))
        eros_storage_reply_object (call, object);
    }
  eros_storage_unlock ();
}

void
eros_handle_objects_patch (ErosCall *call)
{
  change (call, FALSE);
}

void
eros_handle_objects_update (ErosCall *call)
{
  change (call, TRUE);
}

void
eros_handle_objects_delete (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) object = NULL;
  g_autoptr (GError) error = NULL;

  eros_storage_lock ();
  object = eros_storage_find_object (call, "generation", "if");
  if (object != NULL)
    {
      if (eros_object_delete (call->service->store, eros_storage_bucket_of (object), object->name,
                              object->generation, &error))
        eros_call_reply_nothing (call);
      else
        eros_call_fail_error (call, error);
    }
  eros_storage_unlock ();
}

/* ---- listing ------------------------------------------------------------------------------------------- */

typedef struct
{
  const char *prefix;
  const char *delimiter; /* NULL: none */
  const char *start;     /* (nullable): names before it are left out */
  const char *end;       /* (nullable): and from it on */
  GRegex *glob;          /* (nullable): they must match it */
  gboolean whole_prefix; /* an object whose name ends with the delimiter is told as such, too */
  char *after;           /* (nullable): the last name or prefix of the page before */
  gint64 limit;
} Listing;

static gboolean
read_listing (ErosCall *call, Listing *listing)
{
  const char *token = eros_call_query (call, "pageToken");
  const char *glob = eros_call_query (call, "matchGlob");
  const char *delimiter = eros_call_query (call, "delimiter");
  g_autoptr (GError) error = NULL;

  listing->prefix = eros_call_query (call, "prefix") != NULL ? eros_call_query (call, "prefix") : "";
  listing->delimiter = delimiter != NULL && *delimiter != '\0' ? delimiter : NULL;
  listing->start = eros_call_query (call, "startOffset");
  listing->end = eros_call_query (call, "endOffset");
  listing->whole_prefix = eros_call_query_bool (call, "includeTrailingDelimiter");
  if (!eros_call_query_int (call, "maxResults", MAX_LISTED, &listing->limit))
    return FALSE;
  listing->limit = listing->limit > 0 ? MIN (listing->limit, MAX_LISTED) : MAX_LISTED;
  if (token != NULL && *token != '\0')
    {
      gsize size;
      g_autofree guchar *bytes = g_base64_decode (token, &size);

      listing->after = g_strndup ((const char *) bytes, size);
    }
  if (glob == NULL || *glob == '\0')
    return TRUE;
  listing->glob = eros_glob_compile (glob, &error);
  if (listing->glob != NULL)
    return TRUE;
  eros_call_fail (call, 400, "invalid", "Invalid value for matchGlob: %s: %s", glob, error->message);
  return FALSE;
}

static gboolean
is_wanted (Listing *listing, const char *name)
{
  return (listing->start == NULL || *listing->start == '\0' || strcmp (name, listing->start) >= 0) &&
         (listing->end == NULL || *listing->end == '\0' || strcmp (name, listing->end) < 0) &&
         (listing->glob == NULL || g_regex_match (listing->glob, name, 0, NULL));
}

/* Names that go on after the delimiter are told once, as what they begin with. */
static char *
common_prefix (Listing *listing, const char *name)
{
  const char *rest = name + strlen (listing->prefix);
  const char *found = listing->delimiter != NULL ? strstr (rest, listing->delimiter) : NULL;

  return found != NULL ? g_strndup (name, found - name + strlen (listing->delimiter)) : NULL;
}

static void
write_prefixes (GPtrArray *prefixes, ErosJsonWriter *writer)
{
  if (prefixes->len == 0)
    return;
  eros_json_open (writer, "prefixes", '[');
  for (guint k = 0; k < prefixes->len; k++)
    eros_json_string (writer, NULL, g_ptr_array_index (prefixes, k));
  eros_json_close (writer, ']');
}

static void
write_items (ErosCall *call, GPtrArray *items, ErosJsonWriter *writer)
{
  if (items->len == 0)
    return;
  eros_json_open (writer, "items", '[');
  for (guint i = 0; i < items->len; i++)
    eros_storage_write_object (call, NULL, g_ptr_array_index (items, i), writer);
  eros_json_close (writer, ']');
}

static void
write_listing (ErosCall *call, GPtrArray *objects, Listing *listing)
{
  g_autoptr (GPtrArray) prefixes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_autofree char *last = g_strdup (listing->after);
  g_autofree char *token = NULL;
  ErosJsonWriter *writer = eros_call_reply (call);

  for (guint i = 0; i < objects->len && token == NULL; i++)
    {
      ErosStoreDocument *object = g_ptr_array_index (objects, i);
      g_autofree char *common = common_prefix (listing, object->name);
      gboolean is_prefix = common != NULL && strcmp (common, object->name) == 0;
      gboolean known = common != NULL && g_strcmp0 (common, last) == 0;

      if (!is_wanted (listing, object->name) || (known && !(is_prefix && listing->whole_prefix)))
        continue;
      if (items->len + prefixes->len >= (guint) listing->limit)
        token = g_base64_encode ((const guchar *) last, strlen (last));
      else
        {
          if (common == NULL || (is_prefix && listing->whole_prefix))
            g_ptr_array_add (items, object);
          g_free (last);
          last = g_strdup (common != NULL ? common : object->name);
          if (common != NULL && !known)
            g_ptr_array_add (prefixes, g_steal_pointer (&common));
        }
    }
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "storage#objects");
  eros_json_string (writer, "nextPageToken", token);
  write_prefixes (prefixes, writer);
  write_items (call, items, writer);
  eros_json_close (writer, '}');
}

void
eros_handle_objects_list (ErosCall *call)
{
  Listing listing = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  gboolean plain;

  if (read_listing (call, &listing))
    {
      plain = listing.delimiter == NULL && listing.glob == NULL && listing.start == NULL;
      objects = eros_object_list (call->service->store, eros_call_param (call, "bucket"), listing.prefix,
                                  listing.after, plain ? listing.limit + 1 : G_MAXINT, &error);
      if (objects == NULL)
        eros_call_fail_error (call, error);
      else
        write_listing (call, objects, &listing);
    }
  g_clear_pointer (&listing.glob, g_regex_unref);
  g_free (listing.after);
}
