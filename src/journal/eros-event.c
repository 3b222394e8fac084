/* eros-event.c: one entry of a journal, immutable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-event.h"

#include <string.h>
#include <openssl/evp.h>

#include "eros-canonical-json.h"
#include "eros-event-private.h"
#include "eros-text.h"

struct _ErosEvent
{
  GObject parent_instance;
  gint64 sequence;
  gint64 time;
  char *actor;
  char *kind;
  char *body_text;
  char *previous;
  char *hash;
  JsonNode *body;    /* parsed when it is first asked for */
  GHashTable *lines; /* (nullable): member → text, where it is not as in the body */
};

G_DEFINE_FINAL_TYPE (ErosEvent, eros_event, G_TYPE_OBJECT)

static void
eros_event_finalize (GObject *object)
{
  ErosEvent *self = EROS_EVENT (object);

  g_free (self->actor);
  g_free (self->kind);
  g_free (self->body_text);
  g_free (self->previous);
  g_free (self->hash);
  g_clear_pointer (&self->body, json_node_unref);
  g_clear_pointer (&self->lines, g_hash_table_unref);
  G_OBJECT_CLASS (eros_event_parent_class)->finalize (object);
}

static void
eros_event_class_init (ErosEventClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_event_finalize;
}

static void
eros_event_init (ErosEvent *self)
{
}

/* Looked up once: libcrypto would do it again for each event. */
static const EVP_MD *
get_sha256 (void)
{
  static gsize once = 0;
  static EVP_MD *sha256;

  if (g_once_init_enter (&once))
    {
      sha256 = EVP_MD_fetch (NULL, "SHA256", NULL);
      g_once_init_leave (&once, 1);
    }
  return sha256;
}

static void
hash_text (EVP_MD_CTX *context, const char *text, gsize length)
{
  char prefix[32];
  int n = g_snprintf (prefix, sizeof prefix, "%" G_GSIZE_FORMAT ":", length);

  EVP_DigestUpdate (context, prefix, n);
  EVP_DigestUpdate (context, text, length);
  EVP_DigestUpdate (context, ",", 1);
}

static void
hash_integer (EVP_MD_CTX *context, gint64 value)
{
  char digits[32];

  hash_text (context, digits, g_snprintf (digits, sizeof digits, "%" G_GINT64_FORMAT, value));
}

/* The form that is hashed: netstrings, so that no two contents share one (docs/journal.md, “The chain”).
 * libcrypto's SHA-256 takes a third of the time that GLib's takes. */
void
eros_event_content_hash (const ErosEventContent *content, char hash[65])
{
  static const char digits[] = "0123456789abcdef";
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guchar bytes[32];

  EVP_DigestInit_ex (context, get_sha256 (), NULL);
  hash_text (context, "eros-event-1", strlen ("eros-event-1"));
  hash_integer (context, content->sequence);
  hash_integer (context, content->time);
  hash_text (context, content->actor, content->actor_length);
  hash_text (context, content->kind, content->kind_length);
  hash_text (context, content->body, content->body_length);
  hash_text (context, content->previous, content->previous_length);
  if (EVP_DigestFinal_ex (context, bytes, NULL) != 1)
    g_error ("SHA-256 is not to be had");
  EVP_MD_CTX_free (context);
  for (guint i = 0; i < sizeof bytes; i++)
    {
      hash[2 * i] = digits[bytes[i] >> 4];
      hash[2 * i + 1] = digits[bytes[i] & 15];
    }
  hash[64] = '\0';
}

ErosEvent *
eros_event_new (const ErosEventContent *content, const char *hash)
{
  ErosEvent *self = g_object_new (EROS_TYPE_EVENT, NULL);

  self->sequence = content->sequence;
  self->time = content->time;
  self->actor = g_strndup (content->actor, content->actor_length);
  self->kind = g_strndup (content->kind, content->kind_length);
  self->body_text = g_strndup (content->body, content->body_length);
  self->previous = g_strndup (content->previous, content->previous_length);
  self->hash = g_strdup (hash);
  return self;
}

/**
 * eros_event_get_sequence:
 * @self: an event
 *
 * Returns: its place in the journal, from 1
 */
gint64
eros_event_get_sequence (ErosEvent *self)
{
  g_return_val_if_fail (EROS_IS_EVENT (self), 0);
  return self->sequence;
}

/**
 * eros_event_get_time:
 * @self: an event
 *
 * Returns: when it was stored, in microseconds since 1970 UTC; never less than
 *   the time of the event before
 */
gint64
eros_event_get_time (ErosEvent *self)
{
  g_return_val_if_fail (EROS_IS_EVENT (self), 0);
  return self->time;
}

/**
 * eros_event_get_actor:
 * @self: an event
 *
 * Returns: who did it: a person’s name and address, or the machine
 */
const char *
eros_event_get_actor (ErosEvent *self)
{
  g_return_val_if_fail (EROS_IS_EVENT (self), NULL);
  return self->actor;
}

/**
 * eros_event_get_kind:
 * @self: an event
 *
 * Returns: what happened, as one of the kinds in docs/journal.md or one that a
 *   newer version has added
 */
const char *
eros_event_get_kind (ErosEvent *self)
{
  g_return_val_if_fail (EROS_IS_EVENT (self), NULL);
  return self->kind;
}

/**
 * eros_event_get_body:
 * @self: an event
 *
 * Returns: (transfer none): the details
 */
JsonObject *
eros_event_get_body (ErosEvent *self)
{
  g_return_val_if_fail (EROS_IS_EVENT (self), NULL);

  /* The journal has parsed the text before it made the event. */
  if (self->body == NULL)
    self->body = eros_canonical_json_parse (self->body_text, strlen (self->body_text), NULL);
  return json_node_get_object (self->body);
}

/**
 * eros_event_get_body_text:
 * @self: an event
 *
 * Returns: the details as the canonical JSON text that was hashed
 */
const char *
eros_event_get_body_text (ErosEvent *self)
{
  g_return_val_if_fail (EROS_IS_EVENT (self), NULL);
  return self->body_text;
}

/**
 * eros_event_get_previous:
 * @self: an event
 *
 * Returns: the hash of the event before, 64 zeros for the first
 */
const char *
eros_event_get_previous (ErosEvent *self)
{
  g_return_val_if_fail (EROS_IS_EVENT (self), NULL);
  return self->previous;
}

/**
 * eros_event_get_hash:
 * @self: an event
 *
 * Returns: its SHA-256, 64 lower-case hex digits
 */
const char *
eros_event_get_hash (ErosEvent *self)
{
  g_return_val_if_fail (EROS_IS_EVENT (self), NULL);
  return self->hash;
}

static JsonNode *
find_value (ErosEvent *self, const char *member, GType type)
{
  JsonObject *body = eros_event_get_body (self);
  JsonNode *node = json_object_get_member (body, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type ? node
                                                                                                 : NULL;
}

/**
 * eros_event_get_string:
 * @self: an event
 * @member: a name in its body
 *
 * Returns: (nullable): the text of that name; %NULL when it is missing or
 *   something else than a text
 */
const char *
eros_event_get_string (ErosEvent *self, const char *member)
{
  JsonNode *node;

  g_return_val_if_fail (EROS_IS_EVENT (self), NULL);
  g_return_val_if_fail (member != NULL, NULL);

  node = find_value (self, member, G_TYPE_STRING);
  return node != NULL ? json_node_get_string (node) : NULL;
}

/**
 * eros_event_get_line:
 * @self: an event
 * @member: a name in its body
 *
 * Returns: (nullable): as eros_event_get_string(), for texts that are one line: in one that is not, whatever
 *   breaks the line is shown as eros_text_show_line() does
 */
const char *
eros_event_get_line (ErosEvent *self, const char *member)
{
  const char *text = eros_event_get_string (self, member);
  g_autofree char *shown = NULL;
  char *known;

  if (text == NULL || eros_text_is_line (text))
    return text;
  if (self->lines == NULL)
    self->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  known = g_hash_table_lookup (self->lines, member);
  if (known == NULL)
    {
      known = eros_text_show_line (text);
      g_hash_table_insert (self->lines, g_strdup (member), known);
    }
  return known;
}

/**
 * eros_event_get_int:
 * @self: an event
 * @member: a name in its body
 *
 * Returns: the integer of that name; 0 when it is missing or something else
 *   than an integer
 */
gint64
eros_event_get_int (ErosEvent *self, const char *member)
{
  JsonNode *node;

  g_return_val_if_fail (EROS_IS_EVENT (self), 0);
  g_return_val_if_fail (member != NULL, 0);

  node = find_value (self, member, G_TYPE_INT64);
  return node != NULL ? json_node_get_int (node) : 0;
}
