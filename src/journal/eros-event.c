/* eros-event.c: one entry of a journal, immutable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE /* memmem () */
#include "eros-config.h"

#include "eros-event.h"

#include <string.h>
#include <openssl/evp.h>

#include "eros-canonical-json.h"
#include "eros-canonical-scan.h"
#include "eros-event-hash.h"
#include "eros-event-private.h"
#include "eros-text.h"

/* What only some events are asked for. A report is written by a thread of its own, of the same events. */
static GMutex extra_lock;

typedef struct
{
  JsonNode *body;    /* (nullable) */
  GHashTable *lines; /* (nullable): member → text, where it is not as in the body */
} Extra;

/* A journal may have very many of them. */
struct _ErosEvent
{
  GObject parent_instance;
  gint64 sequence;
  gint64 time;
  GRefString *actor; /* one for all events of that actor, and so the kind */
  GRefString *kind;
  char *body;   /* its text; where a member was handed out, its closing quotation mark is a NUL */
  Extra *extra; /* (nullable) */
  guint32 length;
  guint8 hash[32];
};

G_DEFINE_FINAL_TYPE (ErosEvent, eros_event, G_TYPE_OBJECT)

static void
extra_free (Extra *extra)
{
  g_clear_pointer (&extra->body, json_node_unref);
  g_clear_pointer (&extra->lines, g_hash_table_unref);
  g_free (extra);
}

static Extra *
get_extra (ErosEvent *self)
{
  if (self->extra == NULL)
    self->extra = g_new0 (Extra, 1);
  return self->extra;
}

static void
eros_event_finalize (GObject *object)
{
  ErosEvent *self = EROS_EVENT (object);

  g_ref_string_release (self->actor);
  g_ref_string_release (self->kind);
  g_free (self->body);
  g_clear_pointer (&self->extra, extra_free);
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

/* So that it ends before END; printf () would take longer than the hash. Returns: where it begins */
static char *
write_integer (gint64 value, char *end)
{
  guint64 rest = value < 0 ? -(guint64) value : (guint64) value;

  do
    *--end = (char) ('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (value < 0)
    *--end = '-';
  return end;
}

static void
hash_text (EVP_MD_CTX *context, const char *text, gsize length)
{
  char digits[32];
  char *prefix = write_integer ((gint64) length, digits + sizeof digits - 1);

  digits[sizeof digits - 1] = ':';
  EVP_DigestUpdate (context, prefix, (gsize) (digits + sizeof digits - prefix));
  EVP_DigestUpdate (context, text, length);
  EVP_DigestUpdate (context, ",", 1);
}

static void
hash_integer (EVP_MD_CTX *context, gint64 value)
{
  char digits[32];
  char *text = write_integer (value, digits + sizeof digits);

  hash_text (context, text, (gsize) (digits + sizeof digits - text));
}

/* Of a digit that write_hex () has written */
static int
hex_value (char digit)
{
  return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

static void
write_hex (const guint8 bytes[32], char text[65])
{
  static const char digits[] = "0123456789abcdef";

  for (guint i = 0; i < 32; i++)
    {
      text[2 * i] = digits[bytes[i] >> 4];
      text[2 * i + 1] = digits[bytes[i] & 15];
    }
  text[64] = '\0';
}

/* The form that is hashed: netstrings, so that no two contents share one (docs/journal.md, “The chain”).
 * libcrypto's SHA-256 takes a third of the time that GLib's takes. */
void
eros_event_content_hash (const ErosEventContent *content, char hash[65])
{
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
  write_hex (bytes, hash);
}

static GRefString *
intern (const char *text, gsize length)
{
  g_autofree char *whole = g_strndup (text, length);

  return g_ref_string_new_intern (whole);
}

ErosEvent *
eros_event_new (const ErosEventContent *content, const char *hash)
{
  ErosEvent *self = g_object_new (EROS_TYPE_EVENT, NULL);

  self->sequence = content->sequence;
  self->time = content->time;
  self->actor = intern (content->actor, content->actor_length);
  self->kind = intern (content->kind, content->kind_length);
  self->body = g_strndup (content->body, content->body_length);
  self->length = (guint32) content->body_length;
  for (guint i = 0; i < sizeof self->hash; i++)
    self->hash[i] = (guint8) (hex_value (hash[2 * i]) << 4 | hex_value (hash[2 * i + 1]));
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
 * eros_event_is:
 * @self: an event
 * @kind: one of the kinds in eros-event-words.h
 *
 * Returns: whether it is of that kind
 */
gboolean
eros_event_is (ErosEvent *self, const char *kind)
{
  return g_str_equal (eros_event_get_kind (self), kind);
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
  g_autoptr (GMutexLocker) locker = NULL;
  Extra *extra;

  g_return_val_if_fail (EROS_IS_EVENT (self), NULL);

  /* The journal has looked over the text before it made the event. */
  locker = g_mutex_locker_new (&extra_lock);
  extra = get_extra (self);
  if (extra->body == NULL)
    {
      g_autofree char *text = eros_event_dup_body_text (self);

      extra->body = eros_canonical_json_parse (text, self->length, NULL);
    }
  return json_node_get_object (extra->body);
}

/**
 * eros_event_dup_body_text:
 * @self: an event
 *
 * Returns: (transfer full): the details as the canonical JSON text that was hashed
 */
char *
eros_event_dup_body_text (ErosEvent *self)
{
  char *text;

  g_return_val_if_fail (EROS_IS_EVENT (self), NULL);

  text = g_malloc (self->length + 1);
  memcpy (text, self->body, self->length);
  for (char *at = text; (at = memchr (at, '\0', self->length - (gsize) (at - text))) != NULL;)
    *at = '"';
  text[self->length] = '\0';
  return text;
}

/**
 * eros_event_dup_hash:
 * @self: an event
 *
 * Returns: (transfer full): its SHA-256, 64 lower-case hex digits
 */
char *
eros_event_dup_hash (ErosEvent *self)
{
  char *text;

  g_return_val_if_fail (EROS_IS_EVENT (self), NULL);

  text = g_malloc (65);
  write_hex (self->hash, text);
  return text;
}

static const char *
find_value (ErosEvent *self, const char *member, gsize *length)
{
  return eros_canonical_scan_find (self->body, self->length, member, length);
}

/**
 * eros_event_mentions:
 * @self: an event
 * @word: a name without characters that are escaped
 *
 * Returns: whether @word stands anywhere in its body: otherwise it is no name of a member there
 */
gboolean
eros_event_mentions (ErosEvent *self, const char *word)
{
  g_return_val_if_fail (EROS_IS_EVENT (self), FALSE);
  g_return_val_if_fail (word != NULL, FALSE);
  return memmem (self->body, self->length, word, strlen (word)) != NULL;
}

/**
 * eros_event_has:
 * @self: an event
 * @member: a name in its body
 *
 * Returns: whether there is something of that name
 */
gboolean
eros_event_has (ErosEvent *self, const char *member)
{
  gsize length;

  g_return_val_if_fail (EROS_IS_EVENT (self), FALSE);
  g_return_val_if_fail (member != NULL, FALSE);
  return find_value (self, member, &length) != NULL;
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
  const char *value;
  gsize length;

  g_return_val_if_fail (EROS_IS_EVENT (self), NULL);
  g_return_val_if_fail (member != NULL, NULL);

  value = find_value (self, member, &length);
  if (value == NULL || *value != '"')
    return NULL;
  if (memchr (value, '\\', length) != NULL)
    return json_object_get_string_member (eros_event_get_body (self), member);
  /* Most texts are as they stand, and need no more room than that. */
  self->body[value - self->body + (gssize) length - 1] = '\0';
  return value + 1;
}

/**
 * eros_event_dup_object:
 * @self: an event
 * @member: a name in its body
 *
 * Nothing of it is kept: for what reads very many events.
 *
 * Returns: (transfer full) (nullable): the object of that name; %NULL when it is missing or something else
 */
JsonObject *
eros_event_dup_object (ErosEvent *self, const char *member)
{
  g_autoptr (JsonNode) node = NULL;
  const char *value;
  gsize length;

  g_return_val_if_fail (EROS_IS_EVENT (self), NULL);
  g_return_val_if_fail (member != NULL, NULL);

  value = find_value (self, member, &length);
  if (value != NULL && *value == '{')
    node = eros_canonical_json_parse (value, length, NULL);
  return node != NULL ? json_node_dup_object (node) : NULL;
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
  g_autoptr (GMutexLocker) locker = NULL;
  Extra *extra;
  char *known;

  if (text == NULL || eros_text_is_line (text))
    return text;
  locker = g_mutex_locker_new (&extra_lock);
  extra = get_extra (self);
  if (extra->lines == NULL)
    extra->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  known = g_hash_table_lookup (extra->lines, member);
  if (known == NULL)
    {
      known = eros_text_show_line (text);
      g_hash_table_insert (extra->lines, g_strdup (member), known);
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
  const char *value;
  gsize length;

  g_return_val_if_fail (EROS_IS_EVENT (self), 0);
  g_return_val_if_fail (member != NULL, 0);

  value = find_value (self, member, &length);
  return value != NULL && (*value == '-' || g_ascii_isdigit (*value)) ? g_ascii_strtoll (value, NULL, 10) : 0;
}

/**
 * eros_event_says:
 * @self: an event
 * @member: a name in its body
 * @text: (nullable): a text
 *
 * Returns: whether the text of that name is @text; %NULL is no text at all
 */
gboolean
eros_event_says (ErosEvent *self, const char *member, const char *text)
{
  return g_strcmp0 (eros_event_get_string (self, member), text) == 0;
}

/**
 * eros_event_has_passed:
 * @self: the end of a step, a job, a check or an operation
 *
 * Returns: whether that has gone well
 */
gboolean
eros_event_has_passed (ErosEvent *self)
{
  return eros_event_says (self, EROS_MEMBER_OUTCOME, "pass");
}

/**
 * eros_event_get_happened:
 * @self: an event
 *
 * What somebody else has seen, or what was read from a history, goes on record later than it was: its body
 * then says when that was.
 *
 * Returns: when what @self tells of happened, in microseconds since 1970; never later than its own time
 */
gint64
eros_event_get_happened (ErosEvent *self)
{
  gint64 happened = eros_event_get_int (self, EROS_MEMBER_HAPPENED);

  return happened > 0 ? MIN (happened, self->time) : self->time;
}

/**
 * eros_event_hash:
 * @sequence: number of the event
 * @time: when, in microseconds since 1970
 * @actor: who
 * @kind: what
 * @body: its canonical text
 * @previous: hash of the event before
 * @hash: (out): 64 lower-case hex digits and a NUL
 *
 * Computes the hash of an event that stands elsewhere than in a journal.
 */
void
eros_event_hash (gint64 sequence,
                 gint64 time,
                 const char *actor,
                 const char *kind,
                 const char *body,
                 const char *previous,
                 char hash[65])
{
  const ErosEventContent content = { sequence,      time, actor,         strlen (actor), kind,
                                     strlen (kind), body, strlen (body), previous,       strlen (previous) };

  eros_event_content_hash (&content, hash);
}
