/* eros-import-identify.c: ids, made of the words, and kept when an edited checklist is imported again
 *
 * What has the same words keeps its id; then what has nearly the same words below the same heading. A new id
 * is none that the earlier runbook had: there it means something else.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-import-private.h"

#include <string.h>

/* How much of their words two texts share, of 1, to be one that was edited. */
#define ALIKE 0.7

/* Longest part of an id that comes from words. */
#define MAX_SLUG 40

typedef struct
{
  JsonObject *object;
  JsonObject *parent; /* (nullable) */
  const char *kind;   /* “phase”, “section”, “field”, or an element’s */
  const char *text;
  JsonObject *match; /* (nullable): in the other runbook */
} Part;

typedef struct
{
  GPtrArray *parts;    /* of Part, what contains before what is contained */
  GHashTable *matches; /* JsonObject → Part */
} Parts;

static void
add_part (Parts *self, JsonObject *object, JsonObject *parent, const char *kind, const char *text)
{
  Part *part = g_new0 (Part, 1);

  *part = (Part){ .object = object, .parent = parent, .kind = kind, .text = text };
  g_ptr_array_add (self->parts, part);
  g_hash_table_insert (self->matches, object, part);
}

static JsonArray *
get_array (JsonObject *object, const char *member)
{
  return json_object_has_member (object, member) ? json_object_get_array_member (object, member) : NULL;
}

static void
add_fields (Parts *self, JsonObject *parent, const char *member)
{
  JsonArray *fields = get_array (parent, member);

  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      JsonObject *field = json_array_get_object_element (fields, i);

      add_part (self, field, parent, "field", json_object_get_string_member (field, "label"));
    }
}

static void
add_sections (Parts *self, JsonObject *parent, const char *member)
{
  JsonArray *sections = get_array (parent, member);

  for (guint i = 0; sections != NULL && i < json_array_get_length (sections); i++)
    {
      JsonObject *section = json_array_get_object_element (sections, i);
      JsonArray *elements = json_object_get_array_member (section, "elements");

      add_part (self, section, parent, "section", json_object_get_string_member (section, "title"));
      for (guint k = 0; k < json_array_get_length (elements); k++)
        {
          JsonObject *element = json_array_get_object_element (elements, k);

          add_part (self, element, section, json_object_get_string_member (element, "kind"),
                    json_object_get_string_member (element, "text"));
          add_fields (self, element, "fields");
        }
    }
}

static void
parts_init (Parts *self, JsonObject *runbook)
{
  JsonArray *phases = json_object_get_array_member (runbook, "phases");

  self->parts = g_ptr_array_new_with_free_func (g_free);
  self->matches = g_hash_table_new (NULL, NULL);
  add_fields (self, runbook, "details");
  for (guint i = 0; i < json_array_get_length (phases); i++)
    {
      JsonObject *phase = json_array_get_object_element (phases, i);

      add_part (self, phase, NULL, "phase", json_object_get_string_member (phase, "title"));
      add_sections (self, phase, "sections");
    }
  add_sections (self, runbook, "appendix");
}

static void
parts_clear (Parts *self)
{
  g_ptr_array_unref (self->parts);
  g_hash_table_unref (self->matches);
}

/* The words of a heading without its number, which changes when another is put before it. */
static const char *
skip_number (const char *text)
{
  const char *p = text + strspn (text, "0123456789.) ");

  return *p != '\0' ? p : text;
}

/* (transfer full): its words, in small letters */
static char **
get_words (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return g_regex_split_simple ("[\\s_`:;,.()/–-]+", folded, 0, 0);
}

/* Twice the words that they share, of all their words. */
static double
compare (const char *a, const char *b)
{
  g_auto (GStrv) words = get_words (skip_number (a));
  g_auto (GStrv) others = get_words (skip_number (b));
  guint n_shared = 0, n = g_strv_length (words) + g_strv_length (others);

  for (guint i = 0; words[i] != NULL; i++)
    for (guint k = 0; others[k] != NULL; k++)
      if (*others[k] != '\001' && g_str_equal (words[i], others[k]))
        {
          *others[k] = '\001';
          n_shared++;
          break;
        }
  return n > 0 ? 2.0 * n_shared / n : 0;
}

typedef enum
{
  SAME_PLACE,  /* the same words below the same heading */
  SAME_WORDS,  /* … anywhere; but a field stays with its element */
  NEARLY_SAME, /* nearly the same words below the same heading */
} Likeness;

static gboolean
is_same_place (Parts *parts, const Part *part, const Part *old)
{
  Part *parent = part->parent != NULL ? g_hash_table_lookup (parts->matches, part->parent) : NULL;

  /* The details and the appendix are of the runbook itself, which is no part. */
  return parent == NULL || parent->match == old->parent;
}

static double
rate (Parts *parts, const Part *part, const Part *old, Likeness likeness)
{
  if (old->match != NULL || !g_str_equal (part->kind, old->kind) ||
      (part->parent == NULL) != (old->parent == NULL))
    return 0;
  if (likeness != SAME_WORDS && !is_same_place (parts, part, old))
    return 0;
  if (likeness == SAME_WORDS && g_str_equal (part->kind, "field") && !is_same_place (parts, part, old))
    return 0;
  if (likeness == NEARLY_SAME)
    return compare (part->text, old->text);
  return g_str_equal (part->text, old->text) ? 1 : 0;
}

static void
match_one (Parts *parts, Part *part, Parts *earlier, Likeness likeness)
{
  double best = ALIKE;
  Part *found = NULL;

  for (guint i = 0; part->match == NULL && i < earlier->parts->len; i++)
    {
      Part *old = earlier->parts->pdata[i];
      double rating = rate (parts, part, old, likeness);

      if (rating >= best && (found == NULL || rating > best))
        {
          best = rating;
          found = old;
        }
    }
  if (found == NULL)
    return;
  part->match = found->object;
  found->match = part->object;
}

/* Level by level, since what a heading became says where to look for what stands below it. */
static void
match_all (Parts *parts, Parts *earlier)
{
  static const char *const levels[] = { "phase", "section", NULL, "field" };

  for (guint level = 0; level < G_N_ELEMENTS (levels); level++)
    for (Likeness likeness = SAME_PLACE; likeness <= NEARLY_SAME; likeness++)
      for (guint i = 0; i < parts->parts->len; i++)
        {
          Part *part = parts->parts->pdata[i];
          gboolean is_element = !g_str_equal (part->kind, "phase") && !g_str_equal (part->kind, "section") &&
                                !g_str_equal (part->kind, "field");

          if (levels[level] != NULL ? g_str_equal (part->kind, levels[level]) : is_element)
            match_one (parts, part, earlier, likeness);
        }
}

/* “Row counts match” → “row-counts-match”; (transfer full) */
static char *
make_slug (const char *text, const char *fallback)
{
  g_autofree char *ascii = g_str_to_ascii (text, NULL);
  GString *slug = g_string_new (NULL);

  for (const char *p = ascii; *p != '\0' && slug->len < MAX_SLUG; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (slug, g_ascii_tolower (*p));
    else if (slug->len > 0 && slug->str[slug->len - 1] != '-' && *p != '?')
      g_string_append_c (slug, '-');
  while (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);
  if (slug->len == 0)
    g_string_append (slug, fallback);
  return g_string_free (slug, FALSE);
}

/* Takes an id that nothing has: BASE, or BASE with a number. */
static void
set_id (JsonObject *object, GHashTable *taken, const char *base)
{
  g_autofree char *id = g_strdup (base);

  for (guint n = 2; g_hash_table_contains (taken, id); n++)
    {
      g_free (id);
      id = g_strdup_printf ("%s-%u", base, n);
    }
  json_object_set_string_member (object, "id", id);
  g_hash_table_add (taken, g_steal_pointer (&id));
}

/* What is named but not recorded, a check or a row of a comparison, has an id of its element’s. */
static void
identify_inner (JsonObject *element, GHashTable *taken)
{
  const char *id = json_object_get_string_member (element, "id");
  JsonArray *metrics = get_array (element, "metrics");
  JsonArray *fields = get_array (element, "fields");

  if (json_object_has_member (element, "check"))
    {
      g_autofree char *base = g_strconcat (id, ".check", NULL);

      set_id (json_object_get_object_member (element, "check"), taken, base);
    }
  for (guint i = 0; metrics != NULL && i < json_array_get_length (metrics); i++)
    {
      JsonObject *metric = json_array_get_object_element (metrics, i);
      JsonObject *before = json_array_get_object_element (fields, 2 * i);
      JsonObject *after = json_array_get_object_element (fields, 2 * i + 1);
      g_autofree char *slug = make_slug (json_object_get_string_member (metric, "title"), "metric");
      g_autofree char *base = g_strdup_printf ("%s.%s", id, slug);

      set_id (metric, taken, base);
      json_object_set_string_member (metric, "before", json_object_get_string_member (before, "id"));
      json_object_set_string_member (metric, "after", json_object_get_string_member (after, "id"));
    }
}

static void
set_new_id (Part *part, GHashTable *taken)
{
  const char *above =
    part->parent != NULL ? json_object_get_string_member_with_default (part->parent, "id", "") : "";
  const char *label = json_object_get_string_member_with_default (part->object, "label", part->text);
  gboolean is_top = part->parent == NULL || !json_object_has_member (part->parent, "id") ||
                    json_object_has_member (part->parent, "format");
  g_autofree char *slug = make_slug (skip_number (label), part->kind);
  g_autofree char *base = NULL;

  if (is_top)
    base = g_str_equal (part->kind, "field") ? g_strconcat ("details.", slug, NULL) : g_strdup (slug);
  else
    base = g_strdup_printf ("%s.%s", above, slug);
  set_id (part->object, taken, base);
}

/* In the order of the runbook: an id begins with that of what contains it. */
static void
set_ids (Parts *parts, Parts *earlier, ErosImport *counts)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; earlier != NULL && i < earlier->parts->len; i++)
    {
      const Part *old = earlier->parts->pdata[i];

      g_hash_table_add (taken, g_strdup (json_object_get_string_member (old->object, "id")));
      counts->n_gone += old->match == NULL ? 1 : 0;
    }
  for (guint i = 0; i < parts->parts->len; i++)
    {
      Part *part = parts->parts->pdata[i];

      if (part->match != NULL)
        json_object_set_string_member (part->object, "id", json_object_get_string_member (part->match, "id"));
      else
        set_new_id (part, taken);
      counts->n_kept += part->match != NULL ? 1 : 0;
      counts->n_new += part->match == NULL ? 1 : 0;
    }
  for (guint i = 0; i < parts->parts->len; i++)
    identify_inner (((Part *) parts->parts->pdata[i])->object, taken);
}

void
eros_import_identify (JsonObject *runbook, JsonObject *earlier, ErosImport *counts)
{
  g_autofree char *id = make_slug (json_object_get_string_member (runbook, "title"), "checklist");
  Parts parts, old;

  json_object_set_string_member (runbook, "id",
                                 earlier != NULL ? json_object_get_string_member (earlier, "id") : id);
  parts_init (&parts, runbook);
  if (earlier != NULL)
    {
      parts_init (&old, earlier);
      match_all (&parts, &old);
    }
  set_ids (&parts, earlier != NULL ? &old : NULL, counts);
  if (earlier != NULL)
    parts_clear (&old);
  parts_clear (&parts);
}
